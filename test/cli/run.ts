// Runs the program as a user would: the bundle, which `npm test` brings up to date (`npm run build -- bundle` by hand).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

const CHECKOUT = join(import.meta.dirname, '../..');
export const PROGRAM = join(CHECKOUT, 'dist/mcc.js');

export interface Done {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  env?: NodeJS.ProcessEnv;
  /** Words in front of the program. */
  launcher?: string[];
}

export function mcc(args: readonly string[], options: RunOptions = {}): Done {
  return execute([...(options.launcher ?? []), process.execPath, PROGRAM, ...args], options);
}

/** The same as the user nobody, who may not even enter the folder that the checkout lies in: it is bound to another place. */
export function mccAsNobody(args: readonly string[]): Done {
  const place = '/mnt';
  // NODE_OPTIONS: the test runner puts hooks there that lie in the checkout as well.
  const script = `unset NODE_OPTIONS; mount --bind "$0" ${place} && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"`;
  const program = [process.execPath, PROGRAM].map((path) => path.replace(CHECKOUT, place));
  return execute(['unshare', '--mount', 'sh', '-c', script, CHECKOUT, ...program, ...args], {});
}

function execute([command, ...words]: string[], options: RunOptions): Done {
  const { status, stdout, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    input: options.input ?? '',
    env: { ...process.env, ...options.env },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** The error that `--json` printed. */
export function errorOf(done: Done): { code: string; message: string } {
  return JSON.parse(done.stdout).error;
}

/** A folder with a short path: sockets lie in it. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'mcc-test-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface Running extends ChildProcess {
  /** What it printed so far, on both streams. */
  text(): string;
  /** Resolves when what it printed matches. */
  says(pattern: RegExp): Promise<void>;
}

/** A daemon in the foreground; killed at the end of the test if it still runs. */
export async function daemon(t: Test, args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [PROGRAM, 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let text = '';
  let wake = (): void => {};
  const add = (chunk: Buffer): void => {
    text += chunk.toString();
    wake();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  child.once('exit', () => wake());
  const says = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) {
      if (child.exitCode !== null) throw new Error(`the daemon ended without ${pattern}: ${text}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await says(/mcc ready/);
  return Object.assign(child, { text: () => text, says });
}

export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Looks, turn by turn of the event loop, until it is so. */
export function until(isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isSo()) resolve();
      else setImmediate(look);
    };
    look();
  });
}
