// What acknowledgements say about a path: rates, losses, lateness, and bounds against remotes that lie.
import fc from 'fast-check';
import t from 'tap';
import { Delivery, REORDER_FIRST, REORDER_MAX, TIMEOUTS_MAX } from '../../../src/core/congestion/delivery.ts';
import { RECORD_DATAGRAMS, RECORDS_MAX, SentLog } from '../../../src/core/congestion/sent-log.ts';
import type { CongestionControl, LostBatch, RateSample } from '../../../src/core/congestion/types.ts';
import { WindowedMax } from '../../../src/core/congestion/windowed-max.ts';

const BYTES = 1000;

function setUp() {
  const samples: RateSample[] = [];
  const losses: LostBatch[] = [];
  const said: string[] = [];
  const lostSequences: number[] = [];
  const control: CongestionControl = {
    control: { cwnd: 0, pacingRate: 0, sendQuantum: 0 },
    onTransmit: () => undefined,
    onLost: (lost) => void losses.push({ ...lost }),
    onAck: (sample) => void samples.push({ ...sample }),
    onTimeout: () => void said.push('timeout'),
    onSpurious: (bytes) => void said.push(`spurious ${bytes}`),
  };
  const delivery = new Delivery(BYTES, 10 * BYTES, 5, {
    onProbe: () => void said.push('probe'),
    onLoss: (sequence) => void lostSequences.push(sequence),
  });
  const ack = (ranges: number[], now: number, ackDelayMs = 0) =>
    delivery.onAck(ranges, ranges.length / 2, ackDelayMs, control, now);
  return { delivery, control, samples, losses, said, lostSequences, ack };
}

t.test(
  'a rate is what was delivered over the longer of the times of sending and of acknowledging',
  async (t) => {
    const { delivery, samples, ack } = setUp();
    for (let i = 0; i < 10; i++) delivery.sent(i, 1, BYTES, i);
    ack([0, 0], 50);
    ack([0, 9], 60);
    const { deliveryRate, rttMs, newlyAcked, delivered } = samples[1];
    t.equal(rttMs, 51, 'of the newest');
    t.equal(newlyAcked, 9 * BYTES);
    t.equal(delivered, 10 * BYTES);
    t.ok(Math.abs(deliveryRate - (10 * BYTES * 1000) / 60) < 1);
    t.equal(delivery.transport.inflight, 0);
    t.equal(delivery.wakeAt, Number.POSITIVE_INFINITY);
  },
);

t.test('marks count in bytes, no more of them than what is acknowledged', async (t) => {
  const { delivery, control, samples } = setUp();
  for (let i = 0; i < 4; i++) delivery.sent(2 * i, 2, 2 * BYTES, i);
  delivery.onAck([0, 3], 1, 0, control, 50, 1);
  t.match(samples[0], { newlyMarked: BYTES, marked: BYTES });
  delivery.sent(8, 1, BYTES, 51);
  delivery.onAck([0, 5], 1, 0, control, 52);
  t.match(samples[1], { newlyMarked: 0, marked: BYTES }, 'since it was sent');
  delivery.onAck([0, 7], 1, 0, control, 53, 1000);
  t.match(samples[2], { newlyMarked: 2 * BYTES, marked: 3 * BYTES });
  delivery.onAck([0, 8], 1, 0, control, 100);
  t.match(samples[3], { newlyMarked: 0, marked: 2 * BYTES });
  delivery.onAck([0, 8], 1, 0, control, 101, 5);
  t.equal(delivery.transport.marked, 3 * BYTES, 'nothing new, nothing marked');
});

t.test('a sample that had nothing to send says so until what was in flight is there', async (t) => {
  const { delivery, samples, ack } = setUp();
  delivery.sent(0, 1, BYTES, 0);
  delivery.markAppLimited();
  delivery.sent(1, 1, BYTES, 10);
  ack([0, 1], 60);
  t.equal(samples[0].isAppLimited, true);
  delivery.sent(2, 1, BYTES, 60);
  ack([0, 2], 110);
  t.equal(samples[1].isAppLimited, false);
});

t.test(
  'what three others overtook is lost; what comes after that was late, and more are waited for',
  async (t) => {
    const { delivery, losses, said, lostSequences, ack } = setUp();
    delivery.sent(0, 8, 8 * BYTES, 0);
    ack([1, REORDER_FIRST - 1], 50);
    t.equal(losses.length, 0, 'not yet');
    ack([1, REORDER_FIRST], 50);
    t.same(lostSequences, [0]);
    t.equal(delivery.transport.lost, BYTES);
    ack([0, REORDER_FIRST], 51);
    t.same(said, [`spurious ${BYTES}`]);
    t.equal(delivery.transport.lost, 0);
    t.equal(delivery.tally.late, 1);
    t.equal(delivery.reorder, REORDER_FIRST + 1);
    delivery.sent(8, 8, 8 * BYTES, 60);
    ack([9, 11, 0, 7], 110);
    t.equal(lostSequences.length, 1, 'three no longer say anything');
  },
);

t.test('what was overtaken is lost after nine eighths of a round trip at the latest', async (t) => {
  const { delivery, control, lostSequences, ack } = setUp();
  delivery.sent(0, 1, BYTES, 0);
  ack([0, 0], 80);
  delivery.sent(1, 1, BYTES, 100);
  delivery.sent(2, 1, BYTES, 101);
  ack([2, 2], 180);
  t.same(lostSequences, []);
  t.ok(delivery.wakeAt > 180 && delivery.wakeAt <= 100 + 90 + 1);
  delivery.onTimer(control, delivery.wakeAt);
  t.same(lostSequences, [1]);
});

t.test('silence is probed, longer each time, and then all is lost', async (t) => {
  const { delivery, control, said } = setUp();
  delivery.sent(0, 4, 4 * BYTES, 0);
  const waits: number[] = [];
  for (let now = 0, i = 0; i < TIMEOUTS_MAX; i++) {
    waits.push(delivery.wakeAt - now);
    now = delivery.wakeAt;
    delivery.onTimer(control, now);
  }
  t.same(said, ['probe', 'probe', 'timeout']);
  t.ok(waits[1] >= 1.9 * waits[0] && waits[2] >= 1.9 * waits[1], waits.join(' '));
  t.equal(delivery.transport.inflight, 0);
  t.equal(delivery.transport.lost, 4 * BYTES);
});

t.test('what was never sent cannot be acknowledged', async (t) => {
  const { delivery, samples, ack } = setUp();
  ack([0, 1e9], 10);
  delivery.sent(100, 2, 2 * BYTES, 20);
  ack([0, 99, 102, 2 ** 40], 70);
  t.equal(samples.length, 0);
  t.equal(delivery.transport.inflight, 2 * BYTES);
});

t.test('records are bounded, whatever is never acknowledged', async (t) => {
  const { delivery } = setUp();
  let taken = 0;
  while (taken < 2 * RECORDS_MAX && delivery.sent(taken, 1, BYTES, taken)) taken++;
  t.equal(taken, RECORDS_MAX);
  t.notOk(delivery.sent(RECORDS_MAX, 1, BYTES, RECORDS_MAX), 'no room');
  t.equal(delivery.transport.inflight, RECORDS_MAX * BYTES, 'and nothing changed');
  const other = setUp().delivery;
  t.notOk(other.sent(0, RECORD_DATAGRAMS + 1, BYTES, 0));
});

t.test('whatever is sent, lost, late and acknowledged twice: the books balance', (t) => {
  const step = fc.oneof(
    fc.record({ send: fc.integer({ min: 1, max: RECORD_DATAGRAMS }) }),
    fc.record({ from: fc.nat(600), span: fc.nat(80) }),
    fc.record({ waitMs: fc.integer({ min: 1, max: 400 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { delivery, control, ack } = setUp();
      const { transport } = delivery;
      let now = 0;
      let sequence = 0;
      for (const one of steps) {
        now += 1;
        if ('send' in one) {
          if (delivery.sent(sequence, one.send, one.send * BYTES, now)) sequence += one.send;
        } else if ('from' in one) ack([one.from, one.from + one.span], now);
        else {
          now += one.waitMs;
          if (delivery.wakeAt <= now) delivery.onTimer(control, now);
        }
        const sum = transport.delivered + transport.lost + transport.inflight;
        if (Math.abs(sum - sequence * BYTES) > 1e-3) return false;
        if (transport.inflight < 0 || transport.lost < 0 || delivery.reorder > REORDER_MAX) return false;
        if (transport.inflight > 0 && delivery.wakeAt === Number.POSITIVE_INFINITY) return false;
      }
      return true;
    }),
    { numRuns: 500 },
  );
  t.pass('for all of them');
  t.end();
});

t.test('the log grows without forgetting', async (t) => {
  const log = new SentLog();
  for (let i = 0; i < 1000; i++) log.add(3 * i, 3, i % 2 === 0);
  t.equal(log.find(0), 0);
  t.equal(log.find(1501), 500);
  t.equal(log.find(3000), log.end, 'none');
  log.markAcked(500, 1);
  t.equal(log.outstanding(500), 2);
  t.equal(log.isAcked(500, 1) && !log.isAcked(500, 0) && !log.isAcked(499, 1), true);
  t.equal(log.isAppLimited(500) && !log.isAppLimited(501), true);
});

t.test('the windowed maximum agrees with a list of all samples, but for what lies near the edge', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (values, window) => {
        const filter = new WindowedMax();
        for (const [time, value] of values.entries()) {
          const best = filter.update(value, time, window);
          const inside = values.slice(Math.max(0, time - window), time + 1);
          if (best > Math.max(...inside) || best < value) return false;
        }
        return true;
      },
    ),
  );
  t.pass('for all of them');
  t.end();
});
