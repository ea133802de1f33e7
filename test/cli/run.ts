// Runs the program as a user would: the bundle, which `npm test` brings up to date (`npm run build -- bundle` by hand).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

const PROGRAM = join(import.meta.dirname, '../../dist/mcc.js');

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
  const [command, ...words] = [...(options.launcher ?? []), process.execPath, PROGRAM, ...args];
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

/** A daemon in the foreground; killed at the end of the test if it still runs. */
export async function daemon(t: Test, args: readonly string[]): Promise<ChildProcess & { text(): string }> {
  const child = spawn(process.execPath, [PROGRAM, 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const seen = Promise.withResolvers<void>();
  const add = (chunk: Buffer): void => {
    text += chunk.toString();
    if (text.includes('mcc ready')) seen.resolve();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  child.once('exit', () => seen.reject(new Error(`the daemon ended: ${text}`)));
  t.teardown(() => child.kill('SIGKILL'));
  await seen.promise;
  return Object.assign(child, { text: () => text });
}

export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}
