import { join } from 'node:path';
import t from 'tap';
import { type Host, Lab, needsLab } from './lab.ts';
import { compiled } from './link.ts';
import { type Pair, pair } from './node.ts';

needsLab(t);

const REKEYS = 20;
const SIZE = 1200;
/** Datagrams a second each way. A lower rate is tried where this machine, busy otherwise, has queues of its own overflow. */
const RATES = [40_000, 20_000, 10_000];

const traffic = compiled(join(import.meta.dirname, 'traffic.cc'));

interface Received {
  received: number;
  repeated: number;
  late: number;
  overflowed: number;
}

interface Stream extends Received {
  /** Datagrams that the kernel put into the sender's TUN: fewer than were sent when its queue was full. */
  entered: number;
}

function enteredTun(host: Host): number {
  const [device] = JSON.parse(host.ip('-s', '-j', 'link', 'show', 'mcc0'));
  return device.stats64.tx.packets;
}

/** Datagrams, or trains of them, that sockets of a host had no room for: the daemon's own among them. */
function overflows(host: Host): number {
  const [names = [], values = []] = host
    .must(['grep', '^Udp:', '/proc/net/snmp'])
    .split('\n')
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('RcvbufErrors')]);
}

/** Numbered datagrams from one host to an address of another. */
async function stream(from: Host, to: Host, address: string, rate: number, seconds: number): Promise<Stream> {
  const receiver = to.start([traffic, 'receive', address.includes(':') ? '::' : '0.0.0.0']);
  const port = (await receiver.waitFor(/port (\d+)/))[1] ?? '';
  const before = enteredTun(from);
  await from.start([traffic, 'send', address, port, String(rate), String(seconds), String(SIZE)]).ended();
  const entered = enteredTun(from) - before;
  await new Promise((resolve) => setTimeout(resolve, 300));
  receiver.process.stdin?.end();
  return { entered, ...(JSON.parse((await receiver.ended()).stdout.split('\n')[1] ?? '') as Received) };
}

/** Streams in both directions at once, at the highest rate at which the kernel's own queues hold. */
async function bothWays({ a, b, toA, toB }: Pair, seconds: number): Promise<[Stream, Stream]> {
  let counts: [Stream, Stream] | undefined;
  for (const rate of RATES) {
    const before = overflows(a.host) + overflows(b.host);
    counts = await Promise.all([
      stream(a.host, b.host, toB.ipv4, rate, seconds),
      stream(b.host, a.host, toA.ipv6, rate, seconds),
    ]);
    if (overflows(a.host) + overflows(b.host) === before) break;
  }
  return counts as [Stream, Stream];
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
    const [there, back] = await bothWays(both, seconds);
    for (const [way, counts] of [
      ['from alpha to bravo', there],
      ['from bravo to alpha', back],
    ] as const) {
      t.equal(counts.entered - counts.received - counts.overflowed, 0, `lost ${way} of ${counts.entered}`);
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
