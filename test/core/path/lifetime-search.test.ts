import fc from 'fast-check';
import t from 'tap';
import { LIFETIME_MAX_S, LIFETIME_MIN_S, LifetimeSearch } from '../../../src/core/path/path.ts';
import { PATH_DELAY_MAX_S } from '../../../src/core/wire/limits.ts';

/** Plays a search against a NAT; `lost` says which answers are. */
function play(lifetimeS: number, isLost: (test: number) => boolean = () => false) {
  const search = new LifetimeSearch();
  const tests: number[] = [];
  for (let next = search.next; next !== undefined; next = search.next) {
    tests.push(next);
    search.tested(next < lifetimeS && !isLost(tests.length));
  }
  return { found: search.found, tests };
}

t.test('a mapping that lives two minutes takes one test, one of 30 s a few', async (t) => {
  t.same(play(120), { found: LIFETIME_MAX_S, tests: [LIFETIME_MAX_S] });
  const home = play(30);
  t.equal(home.found, 29);
  t.ok(home.tests.length <= 9, `${home.tests.length} tests`);
  t.ok(home.tests.reduce((a, b) => a + b) < 420, 'within minutes');
});

t.test('what is found is never more than it is, and little less', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (lifetimeS) => {
      const { found, tests } = play(lifetimeS);
      const real = Math.min(LIFETIME_MAX_S, Math.max(LIFETIME_MIN_S, lifetimeS - 1));
      t.ok(found <= real && found >= Math.floor(real * 0.97) - 1, `${found} of ${lifetimeS}`);
      t.ok(tests.length <= 24 && tests.every((s) => Number.isInteger(s) && s > 0 && s <= PATH_DELAY_MAX_S));
    }),
  );
});

t.test('lost answers never make it longer; one alone hardly shorter', async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 200 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      (lifetimeS, losses) => {
        const { found, tests } = play(lifetimeS, (test) => losses[test] === true);
        t.ok(found < lifetimeS && found >= LIFETIME_MIN_S && tests.length <= 24);
      },
    ),
  );
  for (let lost = 1; lost <= 8; lost++) {
    t.ok(play(120, (test) => test === lost).found >= 100, `test ${lost} of 120 s`);
    t.ok(play(30, (test) => test === lost).found >= 27, `test ${lost} of 30 s`);
  }
});
