/** A gateway whose interface carries less than the LAN behind it, where nobody hears of it by ICMP: TCP gets through nevertheless. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Capture } from './capture.ts';
import { type Host, Lab, needsLab, until } from './lab.ts';
import { pair } from './node.ts';
import { fetched, serve } from './transfers.ts';

needsLab(t);

const OVERLAY_MTU = 1280;
const MEGABYTES = 20;
const RECEIVER_PORT = 9000;
const SYN = 'tcp[tcpflags] & tcp-syn != 0';

function blockIcmp(host: Host): void {
  const rules = `table inet deaf {
    chain in { type filter hook input priority 0; meta l4proto icmp drop; }
    chain out { type filter hook output priority 0; meta l4proto icmp drop; }
  }`;
  host.must(['nft', '-f', '-'], { input: rules });
}

t.test('a device of a LAN behind a narrower overlay', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b, device] = [lab.host('a'), lab.host('b'), lab.host('device')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const [, inside] = lab.wire(b, ['192.168.9.1/24'], device, ['192.168.9.50/24']);
  device.ip('route', 'add', 'default', 'via', '192.168.9.1');
  const both = await pair(lab, a, b, '192.0.2.1');
  const [user, gateway] = [both.a, both.b];
  await gateway.down();
  gateway.configure(`mtu: ${OVERLAY_MTU}\n`);
  await gateway.up();
  for (const host of [b, device]) blockIcmp(host);
  const served = await serve(lab, device, MEGABYTES);
  const port = new URL(served.url('192.0.2.1')).port;
  gateway.mcc('service', 'add', 'files', '--port', port, '--target', `192.168.9.50:${port}`);
  gateway.mcc(
    'service',
    'add',
    'sink',
    '--port',
    `${RECEIVER_PORT}`,
    '--target',
    `192.168.9.50:${RECEIVER_PORT}`,
  );
  const addressOf = (name: string): Promise<string> =>
    until(`${name} is found`, () => {
      const done = user.try(['resolve', name, '--json']);
      if (done.status !== 0) return undefined;
      const { endpoints } = JSON.parse(done.stdout) as {
        endpoints: { ipv4: string | null; healthy: boolean }[];
      };
      return endpoints.find(({ healthy }) => healthy)?.ipv4 ?? undefined;
    });

  await t.test('is told of small segments, and tells the same', async (t) => {
    const there = await Capture.on(device, inside, `${SYN} and dst port ${port}`, 'in');
    const back = await Capture.on(a, 'mcc0', `${SYN} and src port ${port}`, 'in');
    t.equal(await fetched(a, served.url(await addressOf('files'))), served.hash, 'what it serves arrives');
    const small = new RegExp(`mss ${OVERLAY_MTU - 40},`);
    for (const [name, capture] of [
      ['to the device', there],
      ['to the user', back],
    ] as const) {
      const sizes = (await capture.lines()).flatMap((line) => /mss \d+,/.exec(line)?.[0] ?? []);
      t.ok(sizes.length > 0, `${name}: ${sizes}`);
      // The gateway's own look at the device's port is not forwarded.
      t.ok(
        sizes.some((size) => small.test(size)),
        name,
      );
    }
  });

  await t.test('gets what is sent to it', async (t) => {
    const file = join(lab.folder, 'up.bin');
    writeFileSync(file, randomBytes(MEGABYTES << 20));
    // Several connections: the first ones are the gateway's, which looks whether somebody listens.
    const script = `while :; do socat -u tcp-listen:${RECEIVER_PORT},reuseaddr - | openssl dgst -sha256 -r; done`;
    const sink = device.start(['sh', '-c', script]);
    const address = await addressOf('sink');
    a.must(['socat', '-u', `open:${file}`, `tcp:${address}:${RECEIVER_PORT},retry=20,interval=0.5`]);
    const hash = a.must(['openssl', 'dgst', '-sha256', '-r', file]).split(' ')[0];
    t.ok(await sink.waitFor(new RegExp(hash ?? '-')));
  });
});
