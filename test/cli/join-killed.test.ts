// A join that is cut off by kill -9, wherever on its way to the disk, is repeated with the same token of one use.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { seededRng, uniform } from '../../src/core/base/rng.ts';
import type { InviteResult, JoinResult, Status } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { Mortal } from './mortal.ts';
import { folder, mcc } from './run.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const SIGNER = '127.0.0.1:9376';
const SEED = 'kill -9';
/** MCC_WHOLE=1: at every step. */
const KILLS = process.env.MCC_WHOLE === '1' ? Number.POSITIVE_INFINITY : 14;
const AT_ONCE = 2;

spawnSync('ip', ['link', 'set', 'lo', 'up']);

interface World {
  readonly home: string;
  readonly signer: Mortal;
  invite(): Promise<string>;
}

async function setUp(home: string): Promise<World> {
  const signer = new Mortal(join(home, 'a'), SIGNER);
  const { status, stderr } = mcc(['init', '--name', 'alpha', '--state', signer.state]);
  if (status !== 0) throw new Error(stderr);
  await signer.start();
  const invite = async () => {
    const input = { uses: 1, addresses: [SIGNER] };
    return (await signer.must<InviteResult>('POST', '/v1/invitations', input)).token;
  };
  return { home, signer, invite };
}

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
function uses(signer: Mortal): number[] {
  const database = new DatabaseSync(join(signer.state, 'state.db'));
  const sql = 'SELECT (SELECT count(*) FROM admitted a WHERE a.token_id = t.token_id) AS count FROM tokens t';
  const rows = database.prepare(sql).all() as { count: number }[];
  database.close();
  return rows.map(({ count }) => count);
}

t.test('at each step', async (t) => {
  const { home, signer, invite } = await setUp(folder(t));
  t.teardown(() => signer.kill());
  const whole = new Mortal(join(home, 'whole'), '127.0.0.1:0');
  t.teardown(() => whole.kill());
  whole.diesAt(0);
  await whole.start();
  t.match(await asksToJoin(whole, await invite(), 'whole'), { ok: { name: 'whole' } });
  await whole.stop();
  const { steps } = whole;
  t.ok(steps > 40, `${steps} steps`);

  const rng = seededRng(SEED);
  const kills = Math.min(KILLS, steps);
  // One in each part of the way, so that no part is left out by chance.
  const chosen = Array.from({ length: kills }, (_, i) => {
    const from = Math.floor((steps * i) / kills);
    return 1 + from + uniform(rng, Math.floor((steps * (i + 1)) / kills) - from);
  });
  let killed = 0;
  const repeat = async (step: number): Promise<void> => {
    const name = `node-${step}`;
    const joiner = new Mortal(join(home, name), '127.0.0.1:0');
    t.teardown(() => joiner.kill());
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
  const { home, signer, invite } = await setUp(folder(t));
  t.teardown(() => signer.kill());
  const rng = seededRng(`${SEED} again`);
  const joiner = new Mortal(join(home, 'restless'), '127.0.0.1:0');
  t.teardown(() => joiner.kill());
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
