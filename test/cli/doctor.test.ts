// A list of revocations that was damaged on disk: the daemon does not start and says what to do, and doing that helps.
import { spawnSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { generateNodeKeys, idToText } from '../../src/core/identity/identity.ts';
import type { DoctorReport, RevocationList, Status } from '../../src/host/api/types.ts';
import { nodeCrypto, systemRng } from '../../src/host/crypto/crypto.ts';
import { privateNamespace } from '../native/twin.ts';
import { type Done, daemon, ended, errorOf, folder, mcc } from './run.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const REVOKED = 3;

function json<T>(...args: string[]): T {
  const done = mcc([...args, '--json']);
  if (done.status !== 0) throw new Error(`mcc ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

const revoked = (state: string) =>
  json<RevocationList>('revoke', '--list', '--state', state).revocations.length;

/** What `mcc run` and every other command print. */
function refusals(state: string): Done[] {
  return [
    mcc(['run', '--state', state, '--json', '--listen', '127.0.0.1:0', '--interface', 'mccd']),
    mcc(['status', '--state', state, '--json']),
  ];
}

const home = folder(t);
const sound = join(home, 'sound');
json('init', '--name', 'alpha', '--state', sound);
for (let i = 0; i < REVOKED; i++) {
  const { nodeId } = generateNodeKeys(nodeCrypto, systemRng);
  json('revoke', idToText(nodeId), '--reason', `sold ${i}`, '--state', sound);
}

function copy(name: string): string {
  const state = join(home, name);
  spawnSync('cp', ['-a', sound, state]);
  return state;
}

function change(state: string, sql: string): void {
  const database = new DatabaseSync(join(state, 'state.db'));
  database.exec(sql);
  database.close();
}

/** One bit of the first row. */
function flip(state: string): void {
  const database = new DatabaseSync(join(state, 'state.db'));
  const row = database.prepare('SELECT hash, statement FROM revocations LIMIT 1').get();
  const { hash, statement } = row as { hash: Uint8Array; statement: Uint8Array };
  statement[statement.length >> 1] ^= 1;
  database.prepare('UPDATE revocations SET statement = ? WHERE hash = ?').run(statement, hash);
  database.close();
}

const DAMAGES: readonly [name: string, damage: (state: string) => void, kept: number][] = [
  ['a bit of a row', flip, REVOKED - 1],
  ['rows that are gone', (state) => change(state, 'DELETE FROM revocations'), 0],
  ['a table that is gone', (state) => change(state, 'DROP TABLE revocations'), 0],
  ['a sum that is gone', (state) => change(state, "DELETE FROM meta WHERE key = 'revocationSum'"), REVOKED],
];

for (const [name, damage, kept] of DAMAGES) {
  t.test(name, async (t) => {
    const state = copy(name.replaceAll(' ', '-'));
    damage(state);
    for (const done of refusals(state)) {
      t.equal(done.status, 1);
      t.equal(errorOf(done).code, 'REVOCATIONS_DAMAGED');
      t.match(
        errorOf(done).message,
        'Mend it with `mcc doctor --repair`, or restore the state from a backup',
      );
    }
    const looked = mcc(['doctor', '--state', state]);
    t.equal(looked.status, 1);
    t.match(looked.stdout, /REVOCATIONS_DAMAGED/);
    const { repaired } = json<DoctorReport>('doctor', '--repair', '--state', state);
    t.equal(repaired?.kept, kept);
    t.equal(revoked(state), kept);
    t.match(mcc(['doctor', '--state', state]).stdout, new RegExp(`revocations +${kept}\n`));
  });
}

t.test('a database that was cut short, or overwritten', async (t) => {
  const cut = copy('cut');
  truncateSync(join(cut, 'state.db'), 8192 + 100);
  const noise = copy('noise');
  const bytes = readFileSync(join(noise, 'state.db'));
  writeFileSync(join(noise, 'state.db'), bytes.fill(0xa5, 4096));
  for (const state of [cut, noise]) {
    for (const done of refusals(state)) {
      t.equal(done.status, 1);
      t.equal(errorOf(done).code, 'STATE_DAMAGED');
      t.match(
        errorOf(done).message,
        /state\.db.*Restore it from a backup, or move the folder away and join again/,
      );
    }
    const looked = mcc(['doctor', '--repair', '--state', state]);
    t.equal(looked.status, 1);
    t.match(looked.stdout, /STATE_DAMAGED/);
  }
});

t.test('a database that was cut to nothing', async (t) => {
  const state = copy('nothing');
  truncateSync(join(state, 'state.db'), 0);
  const child = await daemon(t, ['--state', state, '--listen', '127.0.0.1:0', '--interface', 'mccd']);
  const status = json<Status>('status', '--state', state);
  t.match(
    status,
    { state: 'unconfigured', warnings: [{ code: 'STATE_DAMAGED' }] },
    'it is no member any more',
  );
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});

t.test('nothing is wrong, there is nothing, or a daemon runs', async (t) => {
  const well = mcc(['doctor', '--repair', '--state', sound]);
  t.equal(well.status, 0, well.stdout);
  t.match(well.stdout, /certificate +alpha of main, until 20\d\d-\d\d-\d\d/);
  t.equal(revoked(sound), REVOKED);
  t.equal(mcc(['doctor', '--state', join(home, 'none')]).status, 1);
  const child = await daemon(t, ['--state', sound, '--listen', '127.0.0.1:0', '--interface', 'mccd']);
  t.match(mcc(['doctor', '--state', sound]).stdout, /ALREADY_RUNNING/);
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});
