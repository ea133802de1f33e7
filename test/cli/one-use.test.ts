// One token with one use, and fifty who want it at once: daemons in this process and programs as a user starts them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import type { InviteResult, JoinResult, Status } from '../../src/host/api/types.ts';
import { Daemon } from '../../src/host/daemon/daemon.ts';
import { createLog } from '../../src/host/daemon/log.ts';
import { readOptions } from '../../src/host/daemon/options.ts';
import { nowMs } from '../../src/host/io/io.ts';
import { Storage } from '../../src/host/storage/storage.ts';
import { privateNamespace } from '../native/twin.ts';
import { daemon, ended, errorOf, folder, mcc, PROGRAM } from './run.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const PROGRAMS = 6;
const DAEMONS = 44;

interface Outcome {
  /** undefined: it joined. */
  readonly code: string | undefined;
  readonly message: string;
  readonly state: string;
  readonly name: string;
}

function json<T>(args: string[], input = ''): T {
  const done = mcc([...args, '--json'], { input });
  if (done.status !== 0) throw new Error(`mcc ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

interface Joiner {
  readonly state: string;
  ask(token: string): Promise<Outcome>;
  stop(): Promise<void>;
}

/** `mcc join -`: it asks when it is given the token. */
function program(state: string, name: string): Joiner {
  const child = spawn(process.execPath, [PROGRAM, 'join', '-', '--json', '--name', name, '--state', state]);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const ask = async (token: string): Promise<Outcome> => {
    child.stdin.end(token);
    await closed;
    if (child.exitCode === 0) return { code: undefined, message: '', state, name };
    return { ...errorOf({ status: 1, stdout, stderr: '' }), state, name };
  };
  return { state, ask, stop: async () => undefined };
}

/** A daemon as `mcc join` starts it. */
async function inProcess(state: string, name: string): Promise<Joiner> {
  const options = await readOptions(['--for-command', '--state', state]);
  const joiner = new Daemon(options, Storage.open(state), createLog('silent', nowMs));
  await joiner.start();
  const ask = async (token: string): Promise<Outcome> => {
    try {
      await joiner.join({ token, name });
      return { code: undefined, message: '', state, name };
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return { code, message, state, name };
    }
  };
  return { state, ask, stop: () => joiner.stop() };
}

/** Resolves when a daemon's socket appears in that folder. */
function listens(state: string): Promise<void> {
  mkdirSync(state, { mode: 0o700 });
  return new Promise((resolve) => {
    const watcher = watch(state, (_, name) => {
      if (name !== 'mcc.sock') return;
      watcher.close();
      resolve();
    });
  });
}

/** How often the signer's disk says that tokens were used. */
function admitted(state: string): number {
  const database = new DatabaseSync(join(state, 'state.db'));
  const { count } = database.prepare('SELECT count(*) AS count FROM admitted').get() as { count: number };
  database.close();
  return count;
}

t.test('exactly one of fifty wins, the others are told why, and the winner may repeat', async (t) => {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  const home = folder(t);
  const a = join(home, 'a');
  json(['init', '--name', 'alpha', '--state', a]);
  const signer = await daemon(t, ['--state', a, '--listen', '127.0.0.1:0', '--interface', 'mcca']);
  const [listen] = json<Status>(['status', '--state', a]).listen;
  const { token } = json<InviteResult>(['invite', '--address', listen, '--state', a]);

  const daemons: Joiner[] = [];
  for (let i = 0; i < DAEMONS; i++) daemons.push(await inProcess(join(home, `d${i}`), `daemon-${i}`));
  const programs = Array.from({ length: PROGRAMS }, (_, i) => program(join(home, `p${i}`), `program-${i}`));
  // The signer takes a breath until all of them stand before it.
  signer.kill('SIGSTOP');
  const listening = programs.map(({ state }) => listens(state));
  const asked = programs.map(({ ask }) => ask(token));
  await Promise.all(listening);
  asked.push(...daemons.map(({ ask }) => ask(token)));
  signer.kill('SIGCONT');
  const outcomes = await Promise.all(asked);

  const [winner, ...others] = outcomes.filter(({ code }) => code === undefined);
  if (winner === undefined) throw new Error('nobody won');
  t.equal(others.length, 0);
  const losers = outcomes.filter(({ code }) => code !== undefined);
  t.strictSame([...new Set(losers.map(({ code }) => code))], ['TOKEN_USED_UP']);
  t.match(losers[0].message, /used as often as it allows.*mcc invite/);

  await Promise.all(daemons.map(({ stop }) => stop()));
  for (const name of ['the-same', 'another-name'])
    t.match(json<JoinResult>(['join', '-', '--name', name, '--state', winner.state], token), {
      name: winner.name,
      admittedBy: 'alpha',
      peer: { lost: 0 },
    });
  const late = mcc(['join', '-', '--json', '--state', losers[0].state], { input: token });
  t.equal(errorOf(late).code, 'TOKEN_USED_UP');
  const { token: second } = json<InviteResult>(['invite', '--address', listen, '--state', a]);
  const member = mcc(['join', '-', '--json', '--state', winner.state], { input: second });
  t.equal(errorOf(member).code, 'ALREADY_INITIALISED', 'a token that made it no member');
  signer.kill('SIGTERM');
  t.equal(await ended(signer), 0);
  t.equal(admitted(a), 1);
});
