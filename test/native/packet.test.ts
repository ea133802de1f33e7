// The packet functions against the kernel's own results. MCC_TEST_SEED takes another seed than the day-to-day one.
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { buildPrograms, runProgram } from './binary.ts';
import { firstDifference, play, wrong } from './ordering.ts';

const SEED = process.env.MCC_TEST_SEED ?? '1';
const ROOT = process.getuid?.() === 0;
const needsRoot = ROOT ? {} : { skip: 'needs root: a network namespace with two TUN devices' };

t.setTimeout(180_000);
const folder = await buildPrograms(['rules', 'ordering', 'agree', 'lying', 'correction'], false);

t.test('Bounds, order and refusals hold', async (t) => {
  for (const program of ['rules', 'ordering']) {
    const lines = (await runProgram(join(folder, program))).split('\n');
    for (const line of lines.filter((line) => !line.startsWith('1..'))) {
      t.match(line, /^ok/, line.replace(/^(not )?ok \d+ - /, ''));
    }
  }
});

const share = (max: number) => fc.integer({ min: 0, max });
const weather = fc.record({
  seed: fc.nat(),
  flows: fc.integer({ min: 1, max: 6 }),
  packets: fc.constantFrom(20, 100, 600),
  lost: share(40),
  reordered: share(30),
  doubled: share(10),
  queueDrops: share(10),
  holdMs: fc.constantFrom(5, 60, 1000),
  isWild: fc.boolean(),
});

t.test(
  'Through loss, reordering and repairs every flow keeps its order, and none waits for another',
  async (t) => {
    fc.assert(
      fc.property(weather, (weather) => {
        const found = wrong(weather, play(weather));
        if (found !== undefined) throw new Error(found);
      }),
      { numRuns: 300, seed: Number(SEED) },
    );
    t.pass();
  },
);

t.test('The addon orders as its twin does', async (t) => {
  for (const each of fc.sample(weather, { numRuns: 60, seed: Number(SEED) })) {
    const steps = play(each);
    t.equal(await firstDifference(join(folder, 'ordering'), steps), undefined, `${steps.length} steps`);
  }
});

t.test('Parity makes up for every loss that it can, byte for byte and once', async (t) => {
  t.comment(await runProgram(join(folder, 'correction'), SEED, '10000'));
});

t.test(
  "Segment, coalesce, rewrite and fragment agree with the kernel's own results on 100,000 random packets",
  needsRoot,
  async (t) => {
    t.comment(await runProgram(join(folder, 'agree'), SEED, '100000'));
  },
);

t.test(
  'Whatever is accepted in spite of lying lengths and headers is sound for the kernel',
  needsRoot,
  async (t) => {
    t.comment(await runProgram(join(folder, 'lying'), SEED, '100000'));
  },
);
