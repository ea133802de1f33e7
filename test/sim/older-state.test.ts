// A node whose state was restored from a backup hears of it from those who remember its later handshakes.
import t from 'tap';
import type { SimHost } from '../../src/sim/host.ts';
import { meet, pair, pingOnce } from '../../src/sim/scenarios.ts';
import { defects, makeWorld } from './traffic.ts';

const told = (host: SimHost) => host.events.filter(({ kind }) => kind === 'olderState');

t.test('by a colleague, and never without a reason', async (t) => {
  const world = makeWorld({ seed: 'older state' });
  const [bravo, alpha] = pair(world);
  t.type(pingOnce(world, alpha, bravo), 'number');
  const backup = alpha.disk.freshness;
  for (let i = 0; i < 5; i++) {
    alpha.restart(world.now);
    t.type(pingOnce(world, alpha, bravo), 'number');
    world.run(200_000);
  }
  t.strictSame([...told(alpha), ...told(bravo)], [], 'a node that starts again goes on counting');
  t.ok(alpha.disk.freshness > backup);

  alpha.disk.freshness = backup;
  alpha.restart(world.now);
  t.type(pingOnce(world, alpha, bravo), 'number', 'it is let in all the same');
  t.match(told(alpha), [{ kind: 'olderState', name: bravo.name }]);
  t.strictSame(told(bravo), []);
});

t.test('members of other organisations are not believed', async (t) => {
  const world = makeWorld({ seed: 'older says a stranger' });
  const alpha = world.member('alpha', world.organisation('acme'));
  const stranger = world.member('stranger', world.organisation('beta'));
  meet(world, alpha, stranger);
  const backup = alpha.disk.freshness;
  for (let i = 0; i < 2; i++) {
    alpha.restart(world.now);
    t.type(pingOnce(world, alpha, stranger), 'number');
  }
  alpha.disk.freshness = backup;
  alpha.restart(world.now);
  t.type(pingOnce(world, alpha, stranger), 'number');
  t.strictSame(told(alpha), []);
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
