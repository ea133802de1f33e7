// Flows share what the pacer lets out, sparse ones go first, and queues that stand are told so: RFC 8290, RFC 8289.
import fc from 'fast-check';
import t from 'tap';
import { FairQueue, INTERVAL_MS, QUANTUM, TARGET_MS } from '../../../src/core/congestion/fair-queue.ts';
import { stream } from './cubic.ts';

const LIMITS = { entries: 256, bytes: 4_000_000, flows: 64 };
const SEGMENT = 1400;

t.test('a packet of a sparse flow overtakes a long queue, and super-packets are cut for it', async (t) => {
  const queue = new FairQueue(LIMITS);
  for (let i = 0; i < 10; i++) queue.add(i, 1, 40 * SEGMENT, 40, false, 0);
  t.equal(queue.take(10 * SEGMENT, 0), 'send');
  t.match(queue.taken, { handle: 0, firstSegment: 0, segments: 10, isLast: false }, 'nobody else waits');
  queue.take(10 * SEGMENT, 0);
  queue.add(99, 2, 100, 1, false, 1);
  queue.take(10 * SEGMENT, 1);
  if (queue.taken.handle !== 99) t.match(queue.taken, { segments: 1 }, 'no more than its turn');
  const next = [queue.taken.handle];
  queue.take(10 * SEGMENT, 1);
  next.push(queue.taken.handle);
  t.ok(next.includes(99), 'at once, or after the turn that has begun');
});

t.test('it is known whether what is next is of a sparse flow', async (t) => {
  const queue = new FairQueue(LIMITS);
  t.notOk(queue.isSparseNext, 'nothing waits');
  for (let i = 0; i < 10; i++) queue.add(i, 1, 40 * SEGMENT, 40, false, 0);
  queue.take(10 * SEGMENT, 0);
  t.notOk(queue.isSparseNext, 'who had its first turn and goes on is not sparse');
  queue.add(99, 2, 100, 1, false, 1);
  while (queue.taken.handle !== 99) {
    if (queue.isSparseNext) t.equal(queue.take(SEGMENT, 1) === 'send' && queue.taken.handle, 99);
    else queue.take(SEGMENT, 1);
  }
  t.notOk(queue.isSparseNext, 'it has left');
});

t.test('flows get equal shares in bytes, whatever the sizes of their packets', async (t) => {
  const queue = new FairQueue(LIMITS);
  const sizes = [100, 600, 1400, 1400];
  const sent = [0, 0, 0, 0];
  const waiting = [0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    for (const [flow, size] of sizes.entries()) {
      while (waiting[flow] < 3) {
        queue.add(flow, flow, size * (flow === 3 ? 10 : 1), flow === 3 ? 10 : 1, false, 0);
        waiting[flow]++;
      }
    }
    if (queue.take(64_000, 0) === 'none') t.fail('something waits');
    sent[queue.taken.handle] += queue.taken.bytes;
    if (queue.taken.isLast) waiting[queue.taken.handle]--;
  }
  const mean = sent.reduce((sum, bytes) => sum + bytes, 0) / 4;
  for (const bytes of sent) t.ok(Math.abs(bytes - mean) < 0.02 * mean, `${bytes} of ${mean}`);
});

/** A flow that always has `backlog` packets; what becomes of them at a packet a ms. */
function stand(queue: FairQueue, backlog: number, mayMark: boolean, ms: number) {
  const signals: number[] = [];
  const since = new Map<number, number>();
  let handle = 0;
  let longest = 0;
  for (let now = 0; now < ms; now++) {
    while (queue.entries < backlog) {
      since.set(handle, now);
      queue.add(handle++, 5, SEGMENT, 1, mayMark, now);
    }
    for (;;) {
      const verdict = queue.take(SEGMENT, now);
      longest = Math.max(longest, now - (since.get(queue.taken.handle) as number));
      if (verdict === 'drop' || queue.taken.isMarked) signals.push(now);
      if (verdict !== 'drop') break;
    }
  }
  return { signals, longest };
}

t.test('a queue that stands longer than the interval is told so, ever more often', async (t) => {
  const { signals } = stand(new FairQueue(LIMITS), 20, false, 4000);
  t.ok(signals.length > 10);
  t.ok(signals[0] >= INTERVAL_MS, `first after ${signals[0]} ms`);
  t.ok(signals[0] <= INTERVAL_MS + 3 * TARGET_MS + 20);
  const gaps = signals.slice(1).map((at, i) => at - signals[i]);
  t.ok(gaps[0] >= 0.9 * INTERVAL_MS && (gaps.at(-1) as number) < 0.4 * INTERVAL_MS, gaps.join(' '));
});

t.test('packets that may be marked are marked, and none is dropped', async (t) => {
  const queue = new FairQueue(LIMITS);
  let drops = 0;
  const take = queue.take.bind(queue);
  queue.take = (bytes, now) => {
    const verdict = take(bytes, now);
    if (verdict === 'drop') drops++;
    return verdict;
  };
  t.ok(stand(queue, 20, true, 4000).signals.length > 10);
  t.equal(drops, 0);
});

t.test('short queues, and those of a long path, are left in peace', async (t) => {
  t.equal(stand(new FairQueue(LIMITS), 3, false, 4000).signals.length, 0);
  const far = new FairQueue(LIMITS);
  far.setRtt(600);
  t.equal(stand(far, 50, false, 4000).signals.length, 0, '50 ms are nothing where a round trip takes 600');
  const lossy = new FairQueue(LIMITS);
  lossy.setRtt(50);
  t.ok(stand(lossy, 60, false, 4000).signals.length > 0);
  const repaired = new FairQueue(LIMITS);
  repaired.setRtt(50, 50);
  t.equal(stand(repaired, 60, false, 4000).signals.length, 0, 'nor where acknowledgements stay away as long');
});

t.test('one stream of TCP fills the path, also when BBR lets less out for a while', async (t) => {
  for (const [megabits, rttMs, behindMs, least] of [
    [50, 50, 0, 0.96],
    [50, 30, 20, 0.95],
    [10, 50, 0, 0.97],
    [100, 5, 0, 0.97],
    [50, 100, 0, 0.92],
  ])
    for (const dips of [false, true]) {
      const queue = new FairQueue({ entries: 4096, bytes: 8_000_000, flows: 64 });
      queue.setRtt(rttMs);
      const path = {
        rate: (megabits * 1e6) / 8,
        rttMs: rttMs + behindMs,
        ...(dips && { dipsOfRttMs: rttMs }),
      };
      const { share, meanWait } = stream(queue, path, 30_000);
      const what = `${megabits} Mbit/s, ${rttMs} + ${behindMs} ms${dips ? ', with dips' : ''}`;
      t.ok(share > least, `${what}: ${share.toFixed(3)}, waiting ${meanWait.toFixed(1)} ms`);
      t.ok(meanWait < Math.max(2 * TARGET_MS, 0.43 * rttMs), 'for a queue shorter than the target');
    }
});

t.test('what exceeds a bound is refused, and room is made by the flow that has most', async (t) => {
  const queue = new FairQueue({ entries: 4, bytes: 10_000, flows: 4 });
  t.equal(queue.shed(), undefined);
  t.ok(queue.add(1, 1, 4000, 1, false, 0));
  t.ok(queue.add(2, 1, 4000, 1, false, 0));
  t.ok(queue.add(3, 2, 1000, 1, false, 0));
  t.notOk(queue.add(4, 2, 2000, 1, false, 0));
  t.equal(queue.shed(), 2, 'its last');
  t.ok(queue.add(4, 2, 2000, 1, false, 0));
  t.ok(queue.add(5, 2, 1, 1, false, 0));
  t.notOk(queue.add(6, 3, 1, 1, false, 0), 'four entries');
  t.equal(queue.bytes, 7001);
});

t.test('whatever comes and goes, all segments leave once and in order within a flow', (t) => {
  const step = fc.oneof(
    fc.record({
      flow: fc.nat(9),
      segments: fc.integer({ min: 1, max: 45 }),
      size: fc.integer({ min: 40, max: 1400 }),
    }),
    fc.record({ take: fc.integer({ min: 1, max: 60_000 }), afterMs: fc.nat(30) }),
    fc.constant('shed' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const queue = new FairQueue({ entries: 16, bytes: 300_000, flows: 4 });
      const left = new Map<number, { flow: number; next: number; segments: number }>();
      const order = new Map<number, number>();
      let handle = 0;
      let now = 0;
      const take = (bytes: number): boolean => {
        if (queue.take(bytes, now) === 'none') return true;
        const { taken } = queue;
        const entry = left.get(taken.handle);
        if (entry === undefined || entry.next !== taken.firstSegment) return false;
        if ((order.get(entry.flow & 3) ?? -1) > taken.handle) return false;
        order.set(entry.flow & 3, taken.handle);
        entry.next += taken.segments;
        if (taken.isLast !== (entry.next === entry.segments)) return false;
        if (taken.isLast) left.delete(taken.handle);
        return true;
      };
      for (const one of steps) {
        if (one === 'shed') {
          const shed = queue.shed();
          if (shed !== undefined) left.delete(shed);
        } else if ('take' in one) {
          now += one.afterMs;
          if (!take(one.take)) return false;
        } else if (
          queue.add(handle, one.flow, one.segments * one.size, one.segments, one.size % 2 === 0, now)
        ) {
          left.set(handle++, { flow: one.flow, next: 0, segments: one.segments });
        }
        if (queue.entries !== left.size) return false;
      }
      while (queue.entries > 0) if (!take(60_000)) return false;
      return left.size === 0 && queue.bytes === 0 && queue.take(QUANTUM, now) === 'none';
    }),
    { numRuns: 1000 },
  );
  t.pass('for all of them');
  t.end();
});
