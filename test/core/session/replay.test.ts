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
  const burst = fc.tuple(step, fc.boolean(), fc.integer({ min: 1, max: 150 }));
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 60 }), fc.integer({ min: 0, max: 20 }), (bursts, most) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = 0;
      for (const [distance, forward, count] of bursts) {
        const from = Math.max(0, forward ? highest + distance : highest - distance);
        for (let counter = from; counter < from + count; counter++) {
          if (window.check(counter) !== 'fresh') continue;
          window.mark(counter);
          seen.add(counter);
          highest = Math.max(highest, counter);
        }
      }
      const into = new Float64Array(2 * most + 1).fill(-1);
      const found = window.ranges(into, most);
      const expected = seenRanges(seen, highest).slice(0, most);
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
