// The packet functions against the kernel's own results. MCC_TEST_SEED takes another seed than the day-to-day one.
import { join } from 'node:path';
import t from 'tap';
import { buildPrograms, runProgram } from './binary.ts';

const SEED = process.env.MCC_TEST_SEED ?? '1';
const ROOT = process.getuid?.() === 0;
const needsRoot = ROOT ? {} : { skip: 'needs root: a network namespace with two TUN devices' };

t.setTimeout(180_000);
const folder = await buildPrograms(['rules', 'agree', 'lying', 'correction'], false);

t.test('Bounds, order and refusals hold', async (t) => {
  const lines = (await runProgram(join(folder, 'rules'))).split('\n');
  for (const line of lines.filter((line) => !line.startsWith('1..'))) {
    t.match(line, /^ok/, line.replace(/^(not )?ok \d+ - /, ''));
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
