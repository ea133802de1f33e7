import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { Link, type LinkCounts, type LinkSettings } from './link.ts';
import { type Arrival, type ProbeSocket, Probes } from './probe.ts';

needsLab(t);

const lab = new Lab();
t.teardown(() => lab.close());
const a = lab.host('a');
const b = lab.host('b');
// Neighbour discovery would be counted as well.
for (const host of [a, b]) host.must(['sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1']);
const link = await Link.between(
  lab,
  a,
  ['10.1.0.1/24'],
  b,
  ['10.1.0.2/24'],
  { delayUs: 20_000 },
  { seed: 7 },
);

function ping(...words: string[]): { received: number; averageMs: number } {
  const out = a.run(['ping', '-q', ...words, '10.1.0.2']).stdout;
  return {
    received: Number(out.match(/(\d+) received/)?.[1] ?? -1),
    averageMs: Number(out.match(/= [\d.]+\/([\d.]+)/)?.[1] ?? -1),
  };
}

t.test('delays each way', async (t) => {
  const { received, averageMs } = ping('-c', '20', '-i', '0.01');
  t.equal(received, 20);
  t.ok(averageMs >= 40 && averageMs < 60, `round trip of ${averageMs} ms`);
});

t.test('loses its share, in one direction only', async (t) => {
  await link.set({ delayUs: 0 });
  await link.set({ loss: 0.3 }, 'ab');
  const { received } = ping('-c', '1000', '-i', '0.001', '-W', '1');
  t.ok(received > 620 && received < 780, `${received} of 1000 came back`);
});

t.test('limits the rate', async (t) => {
  await link.set({ loss: 0, rate: 20_000_000, queue: 100_000 });
  const server = b.start(['iperf3', '-s', '-1', '--forceflush']);
  await server.waitFor(/listening/);
  const report = JSON.parse(a.must(['iperf3', '-c', '10.1.0.2', '-t', '2', '-J', '-C', 'cubic']));
  const mbits = report.end.sum_received.bits_per_second / 1e6;
  t.ok(mbits > 15 && mbits < 20.5, `${mbits} Mbit/s`);
});

const probes = await Probes.start(lab);
const sink = await probes.open(b, '10.1.0.2');
const source = await probes.open(a, '10.1.0.1');

/** Bytes of a datagram, its headers included, and the rate at which it takes 16.4 ms. */
const PACKET = 1028;
const RATE = 500_000;
const EACH_MS = (PACKET * 8000) / RATE;
const NOTHING = { loss: 0, burst: 1, rate: 0, trace: [], delayUs: 0, police: 0, jitterUs: 0, queue: 1 << 20 };

/** Of the last train. */
let counts: LinkCounts;

/** Sends so many datagrams at once, and returns the arrivals when all have come that the link does not drop. */
async function train(link: Link, settings: LinkSettings, count: number): Promise<Arrival[]> {
  await link.set({ ...NOTHING, ...settings }, 'ab');
  await link.reset();
  sink.arrived.length = 0;
  await burst(source, count);
  return settled(link);
}

async function burst(from: ProbeSocket, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await from.send(sink, `${i}`, { bytes: PACKET - 28 });
}

async function settled(link: Link): Promise<Arrival[]> {
  await until('all that is not dropped arrives', async () => {
    counts = (await link.stats()).ab;
    return counts.inside === 0;
  });
  await link.set({ ...NOTHING }, 'ab');
  await source.send(sink, 'end');
  await until('what came is told', () => sink.arrived.some(({ word }) => word === 'end'));
  return sink.arrived.filter(({ word }) => word !== 'end');
}

function spanMs(arrivals: readonly Arrival[]): number {
  return ((arrivals.at(-1)?.atUs ?? 0) - (arrivals[0]?.atUs ?? 0)) / 1000;
}

function numbers(arrivals: readonly Arrival[]): number[] {
  return arrivals.map(({ word }) => Number(word));
}

t.test('takes the time that the rate says', async (t) => {
  const arrivals = await train(link, { rate: RATE }, 20);
  t.same(
    numbers(arrivals),
    Array.from({ length: 20 }, (_, i) => i),
  );
  const wanted = 19 * EACH_MS;
  const took = spanMs(arrivals);
  t.ok(took > wanted - 10 && took < wanted + 60, `${took} ms for ${wanted}`);
  const ab = counts;
  t.ok(ab.queueMostMs > wanted * 0.9 && ab.queueMostMs < wanted * 1.2, `waited ${ab.queueMostMs} ms at most`);
  t.ok(
    ab.queueMedianMs > wanted * 0.35 && ab.queueMedianMs < wanted * 0.65,
    `${ab.queueMedianMs} ms at the median`,
  );
});

t.test('drops what does not fit into the queue', async (t) => {
  const arrivals = await train(link, { rate: RATE, queue: 10 * PACKET }, 30);
  // One is going through while ten wait; sending takes some time as well.
  t.ok(arrivals.length >= 11 && arrivals.length <= 15, `${arrivals.length} came`);
  const ab = counts;
  t.equal(ab.overflowed, 30 - arrivals.length);
  t.equal(ab.queueMostBytes, 10 * PACKET);
});

t.test('follows a trace of rates', async (t) => {
  const steps = [
    { ms: 100, rate: 0 },
    { ms: 100, rate: 1e6 },
  ];
  const arrivals = await train(link, { trace: steps }, 40);
  t.equal(arrivals.length, 40);
  const took = spanMs(arrivals);
  // 329 ms of it, and three or four pauses of 100 ms.
  t.ok(took > 600 && took < 850, `${took} ms`);
  const pauses = arrivals.filter(({ atUs }, i) => i > 0 && atUs - (arrivals[i - 1]?.atUs ?? 0) > 90_000);
  t.ok(pauses.length >= 3 && pauses.length <= 4, `${pauses.length} pauses`);
});

t.test('polices', async (t) => {
  const arrivals = await train(link, { police: 20_000, policeBurst: 5 * PACKET }, 30);
  t.ok(arrivals.length >= 5 && arrivals.length <= 7, `${arrivals.length} came`);
  t.same(numbers(arrivals.slice(0, 5)), [0, 1, 2, 3, 4]);
  t.equal(counts.policed, 30 - arrivals.length);
});

t.test('jitters, in order or not', async (t) => {
  const kept = numbers(await train(link, { jitterUs: 30_000, jitterFree: 0 }, 60));
  t.same(
    kept,
    kept.map((_, i) => i),
  );
  const free = numbers(await train(link, { jitterUs: 30_000, jitterFree: 1 }, 60));
  t.equal(free.length, 60);
  t.ok(free.some((number, i) => number < (free[i - 1] ?? 0)));
});

t.test('loses in bursts', async (t) => {
  const came = new Set(numbers(await train(link, { loss: 0.2, burst: 5 }, 3000)));
  const lost = 3000 - came.size;
  let bursts = 0;
  for (let i = 0; i < 3000; i++) if (!came.has(i) && (i === 0 || came.has(i - 1))) bursts++;
  t.ok(lost > 400 && lost < 800, `${lost} of 3000 lost`);
  t.ok(lost / bursts > 3.5 && lost / bursts < 6.5, `${lost / bursts} at a time`);
});

t.test('gives each flow its turn', async (t) => {
  const other = await probes.open(a, '10.1.0.1');
  await link.set({ ...NOTHING, rate: RATE, fair: 1 }, 'ab');
  await link.reset();
  sink.arrived.length = 0;
  await burst(source, 20);
  await burst(other, 3);
  const arrivals = await settled(link);
  const ofOther = arrivals.flatMap(({ from }, i) => (from.port === other.port ? [i] : []));
  t.equal(ofOther.length, 3);
  t.ok((ofOther[2] ?? 99) < 15, `places ${ofOther}`);
  await link.set({ fair: 0 }, 'ab');
});

t.test('reorders and duplicates', async (t) => {
  await link.set({ rate: 0, reorder: 0.2, reorderUs: 5000, duplicate: 0.1 }, 'both');
  a.run(['ping', '-q', '-f', '-c', '500', '10.1.0.2']);
  const { ab } = await link.counts();
  t.ok(ab.reordered > 50, `${ab.reordered} reordered`);
  t.ok(ab.duplicated > 20, `${ab.duplicated} duplicated`);
  t.ok(ab.sent > ab.received, `${ab.sent} of ${ab.received} sent`);
});
