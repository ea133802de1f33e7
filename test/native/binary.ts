// Builds the stand-alone test programs of test/native/packet against the packet functions of native/, plain or with
// sanitizers, into native/build/. Objects are kept and rebuilt when a source or any header is newer.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const NATIVE = join(ROOT, 'native');
const TESTS = join(import.meta.dirname, 'packet');

const PURE = [
  'parse',
  'segment',
  'validate',
  'coalesce',
  'finish',
  'readdress',
  'reassembly',
  'galois',
  'parity',
  'resequence',
].map((name) => join(NATIVE, `${name}.cc`));
const SUPPORT = ['carry', 'generator', 'random_spec'].map((name) => join(TESTS, `${name}.cc`));
const KERNEL = [join(TESTS, 'kernel.cc'), join(NATIVE, 'netlink.cc')];

const FLAGS = ['-std=c++17', '-g1', '-Wall', '-Wextra', '-Werror'];
const PLAIN = ['-O2'];
const SANITIZED = [
  '-O1',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
  '-DMCC_SANITIZE',
];

/** Programs by name; those that ask the kernel need root. */
export const PROGRAMS = {
  rules: false,
  ordering: false,
  fuzz: false,
  correction: false,
  agree: true,
  lying: true,
} as const;
export type Program = keyof typeof PROGRAMS;

function newest(directory: string, suffix: string): number {
  const files = readdirSync(directory).filter((name) => name.endsWith(suffix));
  return Math.max(...files.map((name) => statSync(join(directory, name)).mtimeMs));
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Builds these programs and returns the folder that holds them. Throws with the compiler's words. */
export async function buildPrograms(names: readonly Program[], sanitize: boolean): Promise<string> {
  const folder = join(NATIVE, 'build', sanitize ? 'test-sanitized' : 'test');
  const flags = [...FLAGS, ...(sanitize ? SANITIZED : PLAIN)];
  mkdirSync(folder, { recursive: true });
  const headers = Math.max(newest(NATIVE, '.h'), newest(TESTS, '.h'));
  const object = (source: string) => join(folder, `${basename(source, '.cc')}.o`);
  const sources = [...PURE, ...SUPPORT, ...KERNEL, ...names.map((name) => join(TESTS, `${name}.cc`))];
  const stale = sources.filter((source) => modified(object(source)) < Math.max(modified(source), headers));
  const compile = async (): Promise<void> => {
    for (let source = stale.pop(); source !== undefined; source = stale.pop()) {
      await run('g++', [...flags, '-c', source, '-o', object(source)]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, compile));
  for (const name of names) {
    const parts = [join(TESTS, `${name}.cc`), ...PURE, ...SUPPORT, ...(PROGRAMS[name] ? KERNEL : [])];
    await run('g++', [...flags, ...parts.map(object), '-o', join(folder, name)]);
  }
  return folder;
}

/** Runs a program to its end; what it prints. Throws with what it said last when it fails. */
export async function runProgram(path: string, ...parameters: string[]): Promise<string> {
  const { stdout } = await run(path, parameters, {
    env: { ...process.env, ASAN_OPTIONS: 'abort_on_error=0', UBSAN_OPTIONS: 'print_stacktrace=1' },
    maxBuffer: 2 ** 26,
  });
  return stdout.trim();
}
