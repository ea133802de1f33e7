// Members with valid certificates that do harm, among the DHT machines of many.
import t from 'tap';
import { measureLookups, measureSurrounded, populate } from './dht-scenarios.ts';
import { HARMS } from './liars.ts';
import { Swarm } from './swarm.ts';

const LOSSY = { lossShare: 0.01, rttMs: 50 };

for (const harm of HARMS) {
  t.test(`a fifth of the nodes does harm: ${harm}`, (t) => {
    const field = new Swarm({ seed: `harm ${harm}`, ...LOSSY });
    const gang = populate(field, { cores: 80, hostileShare: 0.2, harms: [harm] });
    const liars = new Set<unknown>(gang.members);
    const honest = field.nodes.filter((node) => !liars.has(node));
    const figures = measureLookups(field, 100, { from: honest, targets: honest });
    t.ok(figures.rightShare >= 0.95, `${figures.rightShare} in general`);
    const surrounded = measureSurrounded(field, gang, 50);
    t.ok(
      surrounded.figures.rightShare >= 0.95,
      `${surrounded.figures.rightShare} of a key that they surround`,
    );
    t.end();
  });
}
