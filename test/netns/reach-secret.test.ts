/** What a relay, or whoever is on the way to it, can learn and do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Host, Lab, needsLab, until } from './lab.ts';
import { curl, serve } from './members.ts';
import type { NatBox } from './nat.ts';
import { relayed, wayBetween } from './relayed.ts';

needsLab(t);

const HARD = { kind: 'symmetric-random' } as const;
const program = join(import.meta.dirname, 'programs/replay.py');
/** Bytes of the inner datagram, and between which a datagram that holds it is alone on the wire. */
const TEXT = 'nobody between the two is to read or to change this. '.repeat(20);
const [LEAST, MOST] = [TEXT.length + 60, TEXT.length + 130];

t.test('between two nodes that are relayed', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const { hubs, ends, address } = await relayed(lab, { hubs: 1, ends: [HARD, HARD] });
  const [alpha, bravo] = ends.map(({ node }) => node);
  const [hub] = hubs;
  t.equal(wayBetween(alpha, 'bravo')?.kind, 'relayed');

  await t.test('a capture at the relay holds none of the text', async (t) => {
    await serve(bravo.host, 8000, TEXT);
    const capture = async (host: Host, device: string): Promise<() => Promise<Buffer>> => {
      const file = join(lab.folder, `${device}.pcap`);
      const words = ['-Z', 'root', '-U', '--immediate-mode', '-i', device, '-w', file];
      const running = host.start(['tcpdump', ...words]);
      await running.waitFor(/listening on/);
      return async () => {
        await running.stop('SIGINT');
        return readFileSync(file);
      };
    };
    const [inside, outside] = [await capture(bravo.host, 'mcc0'), await capture(hub.site.host, 'any')];
    t.equal(curl(alpha.host, `http://${address}:8000/`), TEXT.trim());
    const [clear, sealed] = [await inside(), await outside()];
    t.ok(clear.includes('nobody between'), 'it is in what bravo gets');
    t.ok(sealed.length > TEXT.length, 'it went through the relay');
    for (let at = 0; at + 8 <= TEXT.length / 20; at++)
      t.notOk(sealed.includes(TEXT.slice(at, at + 8)), `"${TEXT.slice(at, at + 8)}"`);
  });

  for (const { name, host, box } of [
    { name: 'to the relay', host: alpha.host, box: ends[0].box as NatBox },
    { name: 'from the relay', host: hub.site.host, box: ends[1].box as NatBox },
  ]) {
    await t.test(`with any byte changed, a datagram on its way ${name} reaches no TUN`, async (t) => {
      const listener = bravo.host.start(['socat', '-u', 'udp4-recv:7000', '-']);
      await until('bravo listens', () => /:7000/.test(bravo.host.run(['ss', '-lun']).stdout));
      // The router in front loses the one that was sent, so that it is still new when it comes again.
      const hold = `table inet hold { chain pre { type filter hook prerouting priority -400
        meta l4proto udp udp length ${LEAST + 8}-${MOST + 8} counter drop; }; }`;
      box.host.must(['nft', '-f', '-'], { input: hold });
      const replay = host.start(['python3', program, String(LEAST), String(MOST)]);
      await replay.waitFor(/waiting/);
      alpha.host.must(['socat', '-u', '-', `udp4:${address}:7000`], { input: TEXT });
      await replay.waitFor(/kept/);
      box.host.must(['nft', 'delete', 'table', 'inet', 'hold']);
      const arrived = (): number[] => [alpha.host, bravo.host, hub.site.host].map(written);
      const before = arrived();
      const refused = (): number => bravo.status().drops.authentication ?? 0;
      const refusedBefore = refused();
      replay.process.stdin?.write('flip\n');
      const [, count] = await replay.waitFor(/flipped (\d+)/, 60_000);
      t.ok(Number(count) > 3 * TEXT.length, `${count} datagrams`);
      t.equal(alpha.try(['ping', 'bravo', '-c', '1']).status, 0, 'the way works still');
      t.same(arrived(), before, 'packets that a TUN got');
      t.equal(listener.output(), '');
      t.ok(refused() - refusedBefore > 2 * TEXT.length, 'for bravo got and refused them');
      replay.process.stdin?.write('whole\n');
      await listener.waitFor(/nobody between/);
      t.equal(listener.output(), TEXT, 'and as it was, it arrives');
      await listener.stop();
      await replay.stop();
    });
  }
});

/** Packets that the daemon gave to its host's TUN. */
function written(host: Host): number {
  return Number(host.must(['cat', '/sys/class/net/mcc0/statistics/rx_packets']));
}
