// Daemons that end, as kill -9 ends them, just before a step on their way to the disk that a test chose. See dies.cc.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Test } from 'tap';
import { Client } from '../../src/cli/client.ts';
import { type Rng, seededRng } from '../../src/core/base/rng.ts';
import type { InviteResult } from '../../src/host/api/types.ts';
import { Storage } from '../../src/host/storage/storage.ts';
import { compiled } from '../netns/link.ts';
import { folder, mcc, PROGRAM } from './run.ts';

const ADDRESS = '192.0.2.1';
const SIGNER = `${ADDRESS}:9376`;
const DAEMON = join(PROGRAM, '../daemon.js');
const preload = compiled(join(import.meta.dirname, 'dies.cc'), ['-shared', '-fPIC']);

/** What is asked of the daemon while it dies is not answered. */
export type Answer<T> = { readonly ok: T } | { readonly code: string };

/** A daemon as the cli starts it for one command, on a state folder of its own. */
export class Mortal {
  readonly state: string;
  readonly #options: readonly string[];
  readonly #order: string;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(state: string, ...options: string[]) {
    this.state = state;
    this.#options = options;
    this.#order = `${state}.dies`;
    mkdirSync(state, { mode: 0o700 });
  }

  /** False: it died on the way. */
  async start(): Promise<boolean> {
    const args = [DAEMON, '--for-command', '--state', this.state, ...this.#options];
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, LD_PRELOAD: preload, MCC_DIES_IN: this.state, MCC_DIES_FILE: this.#order },
    });
    this.#child = child;
    child.stdin?.on('error', () => undefined);
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    await Promise.race([new Promise((resolve) => child.stdout?.once('data', resolve)), this.#ended]);
    if (text.startsWith('ready')) return true;
    child.stdin?.end();
    await this.#ended;
    if (child.signalCode === 'SIGKILL') return false;
    throw new Error(`the daemon does not start: ${text}`);
  }

  /** Steps count from now on, or from the start of the next process; 0: it does not die. Not the same number twice for one process. */
  diesAt(step: number): void {
    rmSync(`${this.#order}.steps`, { force: true });
    writeFileSync(this.#order, String(step));
  }

  livesOn(): void {
    for (const name of ['', '.steps']) rmSync(`${this.#order}${name}`, { force: true });
  }

  /** Taken since diesAt(). */
  get steps(): number {
    try {
      return Number(readFileSync(`${this.#order}.steps`, 'utf8'));
    } catch {
      return 0;
    }
  }

  get isDead(): boolean {
    return this.#child === undefined || this.#child.signalCode === 'SIGKILL';
  }

  async ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    try {
      return { ok: await new Client(join(this.state, 'mcc.sock')).call<T>(method, path, body) };
    } catch (error) {
      const code = (error as { code?: string }).code ?? String(error);
      if (code === 'DAEMON_UNREACHABLE') await this.#ended;
      return { code };
    }
  }

  async must<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask<T>(method, path, body);
    if ('code' in answer) throw new Error(`${path}: ${answer.code}`);
    return answer.ok;
  }

  /** Resolves when it has ended by itself. */
  ended(): Promise<void> {
    return this.#ended;
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.#child?.stdin?.end();
    await this.#ended;
  }
}

/** A signer that runs, in the network namespace of the test; `rng` is the same in every run. */
export interface World {
  readonly signer: Mortal;
  readonly rng: Rng;
  invite(): Promise<string>;
  /** On any port, unless told. */
  joiner(name: string, port?: number): Mortal;
}

export async function setUp(t: Test, seed: string): Promise<World> {
  for (const words of [
    'link set lo up',
    'link add outer type veth peer name other',
    `address replace ${ADDRESS}/24 dev outer`,
    'link set outer up',
    'link set other up',
  ])
    spawnSync('ip', words.split(' '));
  const home = folder(t);
  const signer = new Mortal(join(home, 'a'), '--listen', SIGNER, '--advertise', SIGNER);
  t.teardown(() => signer.kill());
  const { status, stderr } = mcc(['init', '--name', 'alpha', '--state', signer.state]);
  if (status !== 0) throw new Error(stderr);
  await signer.start();
  return {
    signer,
    rng: seededRng(seed),
    invite: async () => {
      const input = { uses: 1, addresses: [SIGNER] };
      return (await signer.must<InviteResult>('POST', '/v1/invitations', input)).token;
    },
    joiner: (name, port = 0) => {
      const joiner = new Mortal(join(home, name), '--listen', `${ADDRESS}:${port}`);
      t.teardown(() => joiner.kill());
      return joiner;
    },
  };
}

/** A state that no daemon holds. Damage would throw. */
export function onDisk<T>({ state }: Mortal, look: (storage: Storage) => T): T {
  const database = new DatabaseSync(join(state, 'state.db'));
  const [check] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
  database.close();
  if (check.integrity_check !== 'ok') throw new Error(check.integrity_check);
  const storage = Storage.open(state);
  try {
    storage.loadState();
    return look(storage);
  } finally {
    storage.close();
  }
}
