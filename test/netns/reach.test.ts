/** Pairs of the matrix with real daemons: each gets as good a way as it can. `npm run bench -- reach` measures all of them. */
import t from 'tap';
import { meets, type Outcome } from '../reach/matrix.ts';
import { Lab, needsLab, until } from './lab.ts';
import { Matrix, pairsOf } from './matrix.ts';

const PATIENCE_MS = 60_000;
/** What is to stay at the relay is watched for so long. */
const STAYS_MS = 3_000;
const CHOSEN = [
  ['full-cone', 'cgnat'],
  ['address-restricted', 'symmetric-random'],
  ['port-restricted', 'ordinary'],
  ['port-restricted', 'badly-firewalled'],
  ['port-restricted', 'symmetric-random'],
  ['symmetric-random', 'symmetric-random'],
] as const;

needsLab(t);

const names = [...new Set(CHOSEN.flat())];
const pairs = pairsOf(names, ['same LAN']).filter(
  ({ a, b, nodes: [first] }) =>
    first.startsWith('near') ||
    CHOSEN.some((pair) => (a === pair[0] && b === pair[1]) || (a === pair[1] && b === pair[0])),
);
const lab = new Lab();
t.teardown(() => lab.close());
const matrix = await Matrix.begin(lab, pairs);
await matrix.ready();

for (const pair of pairs) {
  const { a, b, expected } = pair;
  t.test(`${a} - ${b}: ${expected}`, async (t) => {
    const result = await matrix.measure(pair, expected === 'relayed' ? STAYS_MS : PATIENCE_MS);
    t.type(result.firstMs, 'number', 'a packet arrives');
    for (const kind of result.kinds) t.ok(meets(expected, kind as Outcome), kind);
    if (expected !== 'relayed') return;
    const path = await until(
      'it says why',
      async () => {
        const path = await matrix.pathOf(pair);
        return path?.code === 'unpredictablePorts' && path;
      },
      PATIENCE_MS,
    );
    t.match(path, { kind: 'relayed', relay: 'hub', reason: /nobody can tell/ });
  });
}
