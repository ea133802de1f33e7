import t from 'tap';
import { Heartbeat } from './heartbeat.ts';
import { type Host, Lab, type Running } from './lab.ts';
import { pair } from './node.ts';

/** Records every packet on an interface that is not mcc's own, neighbour discovery aside. */
async function strangers(host: Host, device: string): Promise<Running> {
  const filter = 'not (udp port 9376) and not arp and not icmp6';
  const capture = host.start(['tcpdump', '-n', '-l', '-i', device, filter]);
  await capture.waitFor(/listening on/);
  return capture;
}

t.test('a daemon that is killed and started again', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  const [deviceA, deviceB] = lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  a.ip('route', 'add', 'default', 'via', '192.0.2.2');
  b.ip('route', 'add', 'default', 'via', '192.0.2.1');
  const both = await pair(lab, a, b, '192.0.2.1');
  for (const [who, node] of [
    ['the joiner', both.b],
    ['the founder', both.a],
  ] as const) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      await t.test(`${who}, over ${family}`, async (t) => {
        const captures = await Promise.all([strangers(a, deviceA), strangers(b, deviceB)]);
        const heart = await Heartbeat.between(b, a, both.toA[family]);
        await node.down('SIGKILL');
        t.match(node.host.ip('link', 'show', 'mcc0'), /mcc0/, 'its interface is still there');
        const began = performance.now();
        await node.up();
        await heart.goesOn();
        const tookMs = performance.now() - began;
        t.ok(tookMs < 3000, `the connection went on ${Math.round(tookMs)} ms after the start`);
        for (const capture of captures) {
          const { stdout } = await capture.stop();
          t.equal(stdout, '', 'no inner packet on the wire');
        }
      });
    }
  }
});
