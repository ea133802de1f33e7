import t from 'tap';
import { Lab, needsLab } from './lab.ts';
import { Link } from './link.ts';

needsLab(t);

const lab = new Lab();
t.teardown(() => lab.close());
const a = lab.host('a');
const b = lab.host('b');
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

t.test('reorders and duplicates', async (t) => {
  await link.set({ rate: 0, reorder: 0.2, reorderUs: 5000, duplicate: 0.1 }, 'both');
  a.run(['ping', '-q', '-f', '-c', '500', '10.1.0.2']);
  const { ab } = await link.counts();
  t.ok(ab.reordered > 50, `${ab.reordered} reordered`);
  t.ok(ab.duplicated > 20, `${ab.duplicated} duplicated`);
  t.ok(ab.lost > 200 && ab.lost < 400, `${ab.lost} lost`);
});
