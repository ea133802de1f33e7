// Finds the daemon, or starts one as a child for this command: socket and UDP, no interface.
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError } from '../core/base/errors.ts';
import type { ErrorBody } from '../host/api/types.ts';
import { Client, DaemonAbsent } from './client.ts';
import { RemoteError } from './errors.ts';
import { daemonProgram, type Place } from './paths.ts';

export interface Connection {
  readonly client: Client;
  /** The daemon runs for this command only. */
  readonly temporary: boolean;
}

export interface ConnectOptions {
  /** The command founds state: start a daemon although there is none yet. */
  readonly founds?: boolean;
}

/** Runs `body` with a client; a daemon that was started for it is stopped before this returns. */
export async function withDaemon<T>(
  place: Place,
  options: ConnectOptions,
  body: (connection: Connection) => Promise<T>,
): Promise<T> {
  const client = new Client(place.socket);
  try {
    await client.get('/v1/status');
  } catch (error) {
    if (!(error instanceof DaemonAbsent)) throw error;
    if (options.founds !== true && !existsSync(join(place.state, 'state.db'))) throw error;
    const child = await startChild(place);
    try {
      return await body({ client, temporary: true });
    } finally {
      await stopChild(child);
    }
  }
  return body({ client, temporary: false });
}

/** Starts the daemon's program; it says on its standard output, in one line, that it is ready or why not. */
async function startChild(place: Place): Promise<ChildProcess> {
  const state = place.option === undefined ? [] : ['--state', place.option];
  const child = spawn(
    process.execPath,
    ['--disable-sigusr1', fileURLToPath(daemonProgram()), '--for-command', ...state],
    { stdio: ['pipe', 'pipe', 'inherit'], ...ownerFor(place) },
  );
  const line = await firstLine(child);
  if (line === 'ready') return child;
  await stopChild(child);
  throw failure(line);
}

/**
 * On the installed service's state root works as the service's user, who could not read afterwards what root wrote. While the
 * service is stopped the folder of its socket is gone.
 */
function ownerFor(place: Place): { uid?: number; gid?: number } {
  if (place.option !== undefined || process.getuid?.() !== 0) return {};
  const state = statSync(place.state, { throwIfNoEntry: false });
  if (state === undefined || state.uid === 0) return {};
  const { uid, gid } = state;
  const folder = dirname(place.socket);
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o750 });
    chownSync(folder, uid, gid);
  }
  return { uid, gid };
}

function firstLine(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
  });
  child.on('error', reject);
  child.on('close', () => resolve(text));
  return promise;
}

/** The end of its standard input tells the child to stop, also when this process is killed. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await ended;
}

function failure(line: string): Error {
  try {
    const { error } = JSON.parse(line) as { error: ErrorBody };
    return new RemoteError(error);
  } catch {
    return new CodedError('DAEMON_FAILED', line.slice(0, 200) || undefined);
  }
}
