import { join } from 'node:path';
import t from 'tap';
import { type Host, Lab } from './lab.ts';
import { compiled } from './link.ts';
import { pair } from './node.ts';

const REKEYS = 20;
const SIZE = 1200;
/** Datagrams a second each way: about what one core carries beside everything else that happens here. */
const RATE = 40_000;

const traffic = compiled(join(import.meta.dirname, 'traffic.cc'));

interface Received {
  received: number;
  repeated: number;
  late: number;
  overflowed: number;
}

/** Numbered datagrams from one host to an address of another: those that left, and what became of them. */
async function stream(
  from: Host,
  to: Host,
  address: string,
  seconds: number,
): Promise<Received & { sent: number }> {
  const receiver = to.start([traffic, 'receive', address.includes(':') ? '::' : '0.0.0.0']);
  const port = (await receiver.waitFor(/port (\d+)/))[1] ?? '';
  const sender = from.start([traffic, 'send', address, port, String(RATE), String(seconds), String(SIZE)]);
  const { sent } = JSON.parse((await sender.ended()).stdout) as { sent: number };
  await new Promise((resolve) => setTimeout(resolve, 300));
  receiver.process.stdin?.end();
  return { sent, ...(JSON.parse((await receiver.ended()).stdout.split('\n')[1] ?? '') as Received) };
}

/** Handshakes that renewed keys, as the daemon counts them. */
function rekeys(text: string): number {
  return text.split('"event":"rekeyed"').length - 1;
}

for (const [name, config, seconds] of [
  ['by time', 'rekeyAfterSeconds: 0.4\n', 10],
  ['by count', 'rekeyAfterMessages: 16000\n', 10],
] as const) {
  t.test(`${REKEYS} fresh keys ${name}, from both ends at once, at full rate lose no packet`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [a, b] = [lab.host('a'), lab.host('b')];
    lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
    const both = await pair(lab, a, b, '192.0.2.1', `logLevel: debug\n${config}`);
    const [there, back] = await Promise.all([
      stream(a, b, both.toB.ipv4, seconds),
      stream(b, a, both.toA.ipv6, seconds),
    ]);
    for (const [way, counts] of [
      ['from alpha to bravo', there],
      ['from bravo to alpha', back],
    ] as const) {
      t.equal(counts.sent - counts.received - counts.overflowed, 0, `lost ${way} of ${counts.sent}`);
      t.equal(counts.repeated, 0, `repeated ${way}`);
    }
    for (const node of [both.a, both.b]) {
      const count = rekeys(node.daemon.output());
      t.ok(count >= REKEYS, `${node.name} had ${count} rekeys in ${seconds} s`);
      const drops = Object.entries(node.status().drops);
      t.same(
        drops.filter(([reason]) => /key|index|replay|authentic|counter|tooOld|session/i.test(reason)),
        [],
        `${node.name} dropped nothing for its key`,
      );
    }
  });
}
