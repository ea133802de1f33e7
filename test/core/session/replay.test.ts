import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { type CounterVerdict, ReplayWindow, SendCounters } from '../../../src/core/session/session.ts';
import { REJECT_AFTER_MESSAGES, REPLAY_WINDOW } from '../../../src/core/wire/limits.ts';
import { seenRanges } from '../../vectors/ranges.ts';

interface Vectors {
  readonly window: number;
  readonly limit: number;
  readonly receive: readonly { readonly name: string; readonly steps: readonly [number, CounterVerdict][] }[];
  readonly repair: readonly {
    readonly name: string;
    readonly steps: readonly [number, number | null, 'fresh' | 'duplicate' | 'tooOld'][];
  }[];
  readonly send: readonly { readonly name: string; readonly steps: readonly [number, number, boolean][] }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../vectors/replay.json', import.meta.url), 'utf8'),
);

t.test('the vectors are about these limits', (t) => {
  t.equal(vectors.window, REPLAY_WINDOW);
  t.equal(vectors.limit, REJECT_AFTER_MESSAGES);
  t.end();
});

for (const { name, steps } of vectors.receive) {
  t.test(`window: ${name}`, (t) => {
    const window = new ReplayWindow();
    for (const [counter, verdict] of steps) {
      t.equal(window.check(counter), verdict, `counter ${counter}`);
      if (verdict === 'fresh') window.mark(counter);
    }
    t.end();
  });
}

for (const { name, steps } of vectors.repair) {
  t.test(`repairs: ${name}`, (t) => {
    const window = new ReplayWindow();
    for (const [counter, original, expected] of steps) {
      t.equal(window.check(counter), 'fresh', `${counter} itself`);
      window.mark(counter);
      const verdict = window.isRepaired(counter)
        ? 'seen'
        : original === null
          ? 'fresh'
          : window.repair(original);
      t.equal(verdict === 'seen' ? 'duplicate' : verdict, expected, `counter ${counter} of ${original}`);
      t.equal(window.check(counter), 'seen', 'a duplicate is seen as well');
      if (original !== null && expected === 'fresh')
        t.equal(window.check(original), 'fresh', 'what was lost stays unseen');
    }
    t.end();
  });
}

for (const { name, steps } of vectors.send) {
  t.test(`send counters: ${name}`, (t) => {
    const counters = new SendCounters();
    for (const [base, count, expected] of steps) {
      const before = counters.next;
      t.equal(counters.reserve(base, count), expected, `${base} + ${count}`);
      t.equal(counters.next, expected ? base + count : before);
    }
    t.end();
  });
}

t.test('the ranges are those of a set of all counters ever seen, whatever the window has moved over', (t) => {
  const step = fc.oneof(fc.nat(3), fc.nat(200), fc.integer({ min: 32_600, max: 32_900 }));
  const count = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 150 }) }, fc.constant(33_000));
  const burst = fc.tuple(step, fc.boolean(), count);
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 60 }), fc.integer({ min: 0, max: 20 }), (bursts, most) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      const inOrder = new Set<number>();
      let highest = 0;
      for (const [distance, forward, count] of bursts) {
        const from = Math.max(0, forward ? highest + distance : highest - distance);
        for (let counter = from; counter < from + count; counter++) {
          if (window.check(counter) !== 'fresh') continue;
          if (counter > 0 && window.next === counter) inOrder.add(counter);
          window.mark(counter);
          seen.add(counter);
          highest = Math.max(highest, counter);
        }
      }
      const into = new Float64Array(2 * most + 1).fill(-1);
      const found = window.ranges(into, most);
      const expected = seenRanges(seen, highest, inOrder).slice(0, most);
      t.equal(found, expected.length);
      t.same([...into.subarray(0, 2 * found)], expected.flat());
      t.ok(
        into.subarray(2 * found).every((each) => each === -1),
        'nothing is written behind them',
      );
    }),
    { numRuns: 200 },
  );
  t.end();
});

t.test('of a datagram and its repairs, in any order, exactly one is taken while the window holds it', (t) => {
  const sending = fc.record({ repairs: fc.nat(4) });
  fc.assert(
    fc.property(fc.array(sending, { maxLength: 60 }), fc.integer(), (datagrams, seed) => {
      const arrivals: { counter: number; original: number | undefined; of: number }[] = [];
      let next = 0;
      const originals = datagrams.map(() => next++);
      datagrams.forEach(({ repairs }, of) => {
        arrivals.push({ counter: originals[of], original: undefined, of });
        for (let i = 0; i < repairs; i++) arrivals.push({ counter: next++, original: originals[of], of });
      });
      // A shuffle that the seed decides.
      const order = arrivals.map((each, i) => ({ each, at: (Math.imul(i + 1, 0x9e3779b1) ^ seed) >>> 0 }));
      order.sort((a, b) => a.at - b.at);
      const window = new ReplayWindow();
      const taken = datagrams.map(() => 0);
      for (const { each } of order) {
        if (window.check(each.counter) !== 'fresh') return false;
        window.mark(each.counter);
        if (window.isRepaired(each.counter)) continue;
        if (each.original === undefined || window.repair(each.original) === 'fresh') taken[each.of]++;
      }
      return taken.every((count) => count === 1);
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test('the window agrees with a set of all counters ever seen', (t) => {
  const step = fc.oneof(fc.nat(40), fc.nat(70_000), fc.integer({ min: 32_700, max: 32_800 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 300 }), (steps) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = 0;
      for (const [distance, forward] of steps) {
        const counter = Math.max(0, forward ? highest + distance : highest - distance);
        const expected = seen.has(counter) ? 'seen' : 'fresh';
        const verdict = highest - counter >= REPLAY_WINDOW ? 'tooOld' : expected;
        if (window.check(counter) !== verdict) return false;
        if (verdict !== 'fresh') continue;
        window.mark(counter);
        seen.add(counter);
        highest = Math.max(highest, counter);
      }
      return true;
    }),
    { numRuns: 200 },
  );
  t.end();
});
