// By acknowledgements of a receiver's window alone: what was lost, and how long the way is.
import fc from 'fast-check';
import t from 'tap';
import { Rtt } from '../../../src/core/congestion/rtt.ts';
import { SURVEY_LATE, Survey } from '../../../src/core/congestion/survey.ts';
import { ReplayWindow } from '../../../src/core/session/session.ts';
import { ACK_RANGES_MAX, REPLAY_WINDOW } from '../../../src/core/wire/limits.ts';

const BASE = 2 ** 29;

/** A path and who is at its end; sequences from BASE on are counters of one key. */
class Way {
  readonly rtt = new Rtt();
  readonly survey = new Survey(this.rtt);
  readonly window = new ReplayWindow();
  next = 0;

  /** Sends so many, of which some come: those of which `comes` is true, in an order that `late` says, by places that they fall back. */
  send(
    datagrams: number,
    at: number,
    comes: (counter: number) => boolean = () => true,
    late: (counter: number) => number = () => 0,
  ) {
    const first = this.next;
    this.next += datagrams;
    this.survey.sent(BASE, BASE + this.next, at);
    return Array.from({ length: datagrams }, (_, i) => first + i)
      .filter(comes)
      .map((counter) => ({ counter, place: counter + late(counter) }));
  }

  /** Sends so many that come at once. */
  carry(datagrams: number, at: number, comes?: (counter: number) => boolean): void {
    this.arrive(this.send(datagrams, at, comes).map(({ counter }) => counter));
  }

  arrive(counters: readonly number[]): void {
    for (const counter of counters) if (this.window.check(counter) === 'fresh') this.window.mark(counter);
  }

  ack(delayMs: number, now: number): void {
    const ranges = new Float64Array(2 * ACK_RANGES_MAX);
    const count = this.window.ranges(ranges, ACK_RANGES_MAX);
    if (count === 0) return;
    this.survey.onAck(
      ranges.map((counter) => counter + BASE),
      count,
      delayMs,
      count < ACK_RANGES_MAX,
      now,
    );
  }
}

t.test('what was lost is counted, whatever comes late, and nothing else', (t) => {
  const batch = fc.record({
    datagrams: fc.integer({ min: 1, max: 400 }),
    isLossy: fc.boolean(),
    isAcknowledged: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 80 }), fc.nat(), (batches, seed) => {
      const way = new Way();
      const hash = (n: number) => Math.imul(n ^ seed, 0x9e3779b1) >>> 0;
      const isLost = new Set<number>();
      let flying: { counter: number; place: number }[] = [];
      batches.forEach(({ datagrams, isLossy, isAcknowledged }, i) => {
        const comes = (counter: number) => {
          if (i > 0 && isLossy && hash(counter) % 200 === 0) isLost.add(counter);
          return !isLost.has(counter);
        };
        flying.push(...way.send(datagrams, i, comes, (counter) => hash(counter + 1) % (SURVEY_LATE / 2)));
        flying.sort((a, b) => a.place - b.place);
        const isHere = ({ place }: { place: number }) => place < way.next;
        way.arrive(flying.filter(isHere).map(({ counter }) => counter));
        flying = flying.filter((each) => !isHere(each));
        if (isAcknowledged) way.ack(0, i + 0.2);
      });
      const { tally } = way.survey;
      const first = batches[0].datagrams;
      const counted = first + tally.acked + tally.lost;
      t.equal(tally.sent, way.next - first, 'from the second batch on');
      t.equal(tally.lost, [...isLost].filter((counter) => counter < counted).length);
      t.ok(counted <= way.next);
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test('round trips are those of the newest that arrived, without its wait', async (t) => {
  const way = new Way();
  for (let i = 0; i < 100; i++) way.carry(44, i);
  way.ack(0.5, 99.8);
  t.equal(way.rtt.samples, 1);
  t.ok(Math.abs(way.rtt.latestMs - 0.8) < 1e-9, `${way.rtt.latestMs} ms`);
  t.ok(Math.abs(way.rtt.leastMs - 0.3) < 1e-9, `${way.rtt.leastMs} ms`);
  way.ack(0.5, 110);
  t.equal(way.rtt.samples, 1, 'what is said again is no news');
  // The newest that came is not of the newest batch.
  way.carry(10, 200);
  way.send(10, 201, () => false);
  way.ack(0, 202);
  t.equal(way.rtt.latestMs, 2);
  // Too long ago to know.
  way.arrive([way.next - 10]);
  for (let i = 0; i < 1000; i++) way.send(1, 300, () => false);
  way.ack(0, 301);
  t.equal(way.rtt.samples, 2);
});

t.test('without a gap nothing is forgotten, however much came since', async (t) => {
  const way = new Way();
  way.carry(1, 0);
  const many = 3 * REPLAY_WINDOW;
  way.carry(many, 1);
  way.ack(0, 2);
  t.same(way.survey.tally, { sent: many, acked: many - SURVEY_LATE, lost: 0 });
});

t.test('who acknowledges what was never sent gains nothing', async (t) => {
  const way = new Way();
  way.send(10, 0, () => false);
  way.send(1000, 1, () => false);
  way.survey.onAck([BASE + 2000, BASE + 3000], 1, 0, true, 2);
  t.same(way.survey.tally, { sent: 1000, acked: 0, lost: 0 });
  t.equal(way.rtt.samples, 0);
  way.survey.onAck([BASE, BASE + 1e6], 1, 0, true, 2);
  t.same(way.survey.tally, { sent: 1000, acked: 1000 - SURVEY_LATE, lost: 0 });
});

t.test('of more gaps than an acknowledgement names only what it names is counted', async (t) => {
  const way = new Way();
  way.send(1, 0);
  // One of ten is lost: thirty-two ranges are 320 counters.
  way.carry(10_000, 1, (counter) => counter % 10 !== 0);
  way.ack(0, 2);
  const { acked, lost } = way.survey.tally;
  t.ok(acked + lost > 200 && acked + lost < 330, `${acked} and ${lost}`);
  t.ok(Math.abs(lost / (acked + lost) - 0.1) < 0.02, `${lost} of ${acked + lost}`);
  way.ack(0, 3);
  t.equal(way.survey.tally.acked, acked);
});

t.test('what lies below all that is named is lost, unless more might have been named', async (t) => {
  for (const [isAll, lost] of [
    [true, 590],
    [false, 0],
  ] as const) {
    const way = new Way();
    way.send(10, 0);
    way.send(990, 1);
    way.survey.onAck([BASE + 600, BASE + 999], 1, 0, isAll, 2);
    t.same(way.survey.tally, { sent: 990, acked: 400 - SURVEY_LATE, lost });
  }
});

t.test('other keys, and what others looked after, are left out', async (t) => {
  const rtt = new Rtt();
  const survey = new Survey(rtt);
  survey.sent(BASE, BASE + 100, 0);
  survey.sent(BASE, BASE + 1100, 1);
  // Another key: what is under way of the one before is forgotten, and the hole between them is no loss.
  survey.sent(2 * BASE, 2 * BASE + 100, 2);
  survey.onAck([BASE, BASE + 1099], 1, 0, true, 3);
  t.equal(survey.tally.acked, 0);
  survey.sent(2 * BASE, 2 * BASE + 1100, 4);
  survey.onAck([2 * BASE, 2 * BASE + 1099], 1, 0, true, 5);
  t.same(survey.tally, { sent: 2000, acked: 1000 - SURVEY_LATE, lost: 0 });
  survey.stop();
  survey.onAck([2 * BASE, 2 * BASE + 5000], 1, 0, true, 6);
  t.equal(rtt.samples, 1);
  survey.sent(2 * BASE, 2 * BASE + 9000, 7);
  survey.onAck([2 * BASE + 8000, 2 * BASE + 8999], 1, 0, true, 8);
  t.same(survey.tally, { sent: 2000, acked: 1000 - SURVEY_LATE, lost: 0 }, 'begins anew');
});

t.test('whatever a remote says, no more is counted than was sent', (t) => {
  const spans = fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { minLength: 1, maxLength: ACK_RANGES_MAX });
  const step = fc.oneof(
    fc.record({ datagrams: fc.integer({ min: 1, max: 500 }) }),
    fc.record({ newest: fc.nat(5000), spans, isAll: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const way = new Way();
      const { tally } = way.survey;
      steps.forEach((one, now) => {
        if ('datagrams' in one) way.send(one.datagrams, now);
        else {
          // Ranges descend and do not touch, as decodeAck() has them.
          const ranges: number[] = [];
          let last = BASE + one.newest;
          for (const [length, gap] of one.spans) {
            ranges.push(last - length, last);
            last -= length + gap + 2;
          }
          way.survey.onAck(ranges, one.spans.length, 0, one.isAll, now);
        }
        t.ok(tally.acked >= 0 && tally.lost >= 0 && tally.acked + tally.lost <= tally.sent);
      });
    }),
    { numRuns: 300 },
  );
  t.end();
});
