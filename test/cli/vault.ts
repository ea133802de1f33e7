// Machines for the tests of organisations: one with a network of its own, others without any, on which root keys are used.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { errorOf, folder, mcc } from './run.ts';

/** An address on which others could reach this namespace. */
export function addressed(): void {
  for (const words of [
    ['link', 'set', 'lo', 'up'],
    ['link', 'add', 'outer', 'type', 'veth', 'peer', 'name', 'other'],
    ['address', 'add', '192.0.2.1/24', 'dev', 'outer'],
    ['link', 'set', 'outer', 'up'],
    ['link', 'set', 'other', 'up'],
  ]) {
    if (spawnSync('ip', words).status !== 0) throw new Error(`ip ${words.join(' ')}`);
  }
}

export function json<T>(args: string[], input = ''): T {
  const done = mcc([...args, '--json'], { input });
  if (done.status !== 0) throw new Error(`mcc ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

/** A machine without a network and without a state of mcc, on which root keys are used. */
export class Vault {
  readonly folder: string;

  constructor(t: Test) {
    this.folder = folder(t);
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  run(words: readonly string[], input = '') {
    return mcc([...words, '--state', join(this.folder, 'none')], { input, launcher: ['unshare', '--net'] });
  }

  /** Returns the signed document. */
  sign(document: string, ...key: string[]): { document: string; complete: boolean } {
    const done = this.run(['certificate', 'sign', '-', ...key, '--json'], document);
    if (done.status !== 0) throw new Error(done.stdout + done.stderr);
    return JSON.parse(done.stdout);
  }

  refuses(document: string, ...key: string[]): string {
    return errorOf(this.run(['certificate', 'sign', '-', ...key, '--json'], document)).code;
  }
}

export const ACME = ['init', '--network', 'plant-net', '--organisation', 'acme', '--name', 'alpha'];
