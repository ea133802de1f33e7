// How a few shards of many are drawn from, so that every record has the same chance.
import fc from 'fast-check';
import t from 'tap';
import { fraction, seededRng, uniform } from '../../../src/core/base/rng.ts';
import { estimateTotal, shareOut } from '../../../src/core/dht/sample.ts';

const SHARDS = 64;
const READ = 12;

function drawOf<T>(from: readonly T[], count: number, below: (max: number) => number): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0]);
}

t.test('no shard gives more than it holds, and where there are few records all are taken', async () => {
  const held = fc.array(fc.nat(64), { minLength: 2, maxLength: 24 });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      held,
      fc.nat(64),
      fc.integer({ min: 8, max: 250 }),
      chance,
      (held, atRoot, wanted, chance) => {
        const { counts, rootPart } = shareOut(held, atRoot, SHARDS, wanted, chance);
        const isWithin = counts.every((count, i) => count >= 0 && count <= held[i]);
        const most = Math.max(...held) * held.length + (atRoot * held.length) / SHARDS;
        const isEnough = most > wanted || counts.every((count, i) => count === held[i]);
        return isWithin && isEnough && rootPart <= held.length / SHARDS;
      },
    ),
  );
});

t.test(
  'every record has the same chance, in a full shard as in a thin one, and under the root key',
  async (t) => {
    const rng = seededRng('sample');
    const below = (max: number): number => uniform(rng, max);
    // One shard in four holds three times as much as the others.
    const shards = Array.from({ length: SHARDS }, (_, i) => ({ held: i % 4 === 0 ? 24 : 8, taken: 0 }));
    const rounds = 20_000;
    let atRoot = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = 0; i < rounds; i++) {
      const read = drawOf(shards, READ, below);
      const held = read.map((shard) => shard.held);
      const { counts, rootPart } = shareOut(held, 64, SHARDS, 30, fraction(rng));
      counts.forEach((count, j) => {
        read[j].taken += count;
      });
      const size = counts.reduce((sum, count) => sum + count, 0);
      least = Math.min(least, size);
      most = Math.max(most, size);
      atRoot += rootPart;
    }
    const perRecord = (some: typeof shards): number =>
      some.reduce((sum, { held, taken }) => sum + taken / held, 0) / some.length / rounds;
    const full = perRecord(shards.filter(({ held }) => held === 24));
    const thin = perRecord(shards.filter(({ held }) => held === 8));
    t.ok(Math.abs(full / thin - 1) < 0.015, `${full} in a full shard, ${thin} in a thin one`);
    t.ok(
      Math.abs(atRoot / rounds / thin - 1) < 0.015,
      `${atRoot / rounds} under the root key, ${thin} in a thin one`,
    );
    t.ok(least >= 20 && most <= 31, `${least} to ${most} of 30 from shards`);
  },
);

t.test('the total is what two say, unless the shards speak against it', async (t) => {
  const held = Array.from({ length: READ }, (_, i) => 14 + (i % 4));
  // 64 + 15.5 * 64 = 1056.
  t.equal(estimateTotal([1003, 1001, 142, 68, 64], held, 64, SHARDS), 1001);
  t.equal(estimateTotal([15_000, 15_000, 15_000, 1001, 64], held, 64, SHARDS), 1001);
  t.equal(estimateTotal([15_000, 15_000, 68, 64], held, 64, SHARDS), 1056);
  t.equal(estimateTotal([], held, 64, SHARDS), 1056);
  t.equal(estimateTotal([70, 70], new Array(READ).fill(0), 64, SHARDS), 70);
});
