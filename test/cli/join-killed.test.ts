// A join that is cut off by kill -9, wherever on its way to the disk, is repeated with the same token of one use.
import t from 'tap';
import { uniform } from '../../src/core/base/rng.ts';
import type { JoinResult, Status } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { type Mortal, onDisk, setUp } from './mortal.ts';

privateNamespace(import.meta.filename);

const SEED = 'kill -9';
/** MCC_WHOLE=1: at every step. */
const KILLS = process.env.MCC_WHOLE === '1' ? Number.POSITIVE_INFINITY : 14;
const AT_ONCE = 2;

t.setTimeout(Number.isFinite(KILLS) ? 115_000 : 900_000);

const asksToJoin = (joiner: Mortal, token: string, name: string) =>
  joiner.ask<JoinResult>('POST', '/v1/join', { token, name });

/** Whether it is a member after it was started once more. */
async function isMember(joiner: Mortal, name: string): Promise<boolean> {
  await joiner.start();
  const status = await joiner.must<Status>('GET', '/v1/status');
  await joiner.stop();
  return status.state === 'running' && status.name === name;
}

/** Uses of each token, by the signer's disk. */
const uses = (signer: Mortal) =>
  onDisk(signer, (storage) => storage.loadState().tokens.map((token) => token.admitted.length));

t.test('at each step', async (t) => {
  const { signer, rng, invite, joiner: another } = await setUp(t, SEED);
  const whole = another('whole');
  whole.diesAt(0);
  await whole.start();
  t.match(await asksToJoin(whole, await invite(), 'whole'), { ok: { name: 'whole' } });
  await whole.stop();
  const { steps } = whole;
  t.ok(steps > 40, `${steps} steps`);

  const kills = Math.min(KILLS, steps);
  // One in each part of the way, so that no part is left out by chance.
  const chosen = Array.from({ length: kills }, (_, i) => {
    const from = Math.floor((steps * i) / kills);
    return 1 + from + uniform(rng, Math.floor((steps * (i + 1)) / kills) - from);
  });
  let killed = 0;
  const repeat = async (step: number): Promise<void> => {
    const name = `node-${step}`;
    const joiner = another(name);
    const token = await invite();
    joiner.diesAt(step);
    if (await joiner.start()) {
      await asksToJoin(joiner, token, name);
      // What is written as it ends is part of it.
      await joiner.stop();
    }
    if (joiner.isDead) killed++;
    joiner.livesOn();
    await joiner.start();
    t.match(
      await asksToJoin(joiner, token, name),
      { ok: { name } },
      `killed at step ${step} of ${steps}, and repeated`,
    );
    await joiner.stop();
    t.ok(await isMember(joiner, name));
  };
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let step = chosen.shift(); step !== undefined; step = chosen.shift()) await repeat(step);
  });
  await Promise.all(workers);
  // Not every join takes exactly as many steps.
  t.ok(killed >= kills - 3, `${killed} of ${kills} were killed`);
  await signer.stop();
  t.strictSame([...new Set(uses(signer))], [1], 'each token was used once');
});

t.test('again and again', async (t) => {
  const { signer, rng, invite, joiner: another } = await setUp(t, SEED);
  const joiner = another('restless');
  const token = await invite();
  for (let attempt = 0; attempt < 12; attempt++) {
    joiner.diesAt(1 + uniform(rng, 40));
    if (!(await joiner.start())) continue;
    const answer = await asksToJoin(joiner, token, 'restless');
    await joiner.stop();
    if (!joiner.isDead) t.match(answer, { ok: { name: 'restless' } });
  }
  joiner.livesOn();
  await joiner.start();
  t.match(await asksToJoin(joiner, token, 'restless'), { ok: { name: 'restless', admittedBy: 'alpha' } });
  await joiner.stop();
  await signer.stop();
  t.strictSame(uses(signer), [1]);
});
