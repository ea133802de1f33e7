import t from 'tap';
import { toHex } from '../../src/core/base/bytes.ts';
import { fakeHash } from '../../src/sim/crypto.ts';
import { admit } from '../../src/sim/scenarios.ts';
import { World } from '../../src/sim/world.ts';
import { stream } from './traffic.ts';

/** Everything that went over the wire, in one hash. */
function transcript(seed: string): string {
  const world = new World({ seed, link: { lossShare: 0.1, duplicateShare: 0.1, jitterMs: 10 } });
  let hash = '';
  world.wire.tap = ({ bytes, at }) => {
    hash = toHex(fakeHash(Math.round(at * 1000), bytes)) + hash.slice(0, 64);
  };
  const alpha = world.member('alpha', world.organisation('acme'), true);
  const bravo = world.stranger('bravo');
  admit(world, alpha, bravo);
  world.run(1000);
  stream(world, alpha, bravo, 500, 10);
  return hash;
}

t.test('the same seed gives the same world, another seed another', async (t) => {
  t.equal(transcript('one'), transcript('one'));
  t.not(transcript('one'), transcript('two'));
});

t.test('time jumps: a day without events costs nothing', async (t) => {
  const world = new World({ seed: 'day' });
  const before = performance.now();
  world.run(86_400_000);
  t.equal(world.now, 86_400_000);
  t.ok(performance.now() - before < 1000);
});
