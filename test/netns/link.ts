/** A link with faults between two hosts: see link.cc for what it can do. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, type Lab, must, type Running } from './lab.ts';

/** Per direction: shares from 0 to 1, microseconds, bits per second, bytes. */
export interface LinkSettings {
  loss?: number;
  burst?: number;
  reorder?: number;
  reorderUs?: number;
  duplicate?: number;
  delayUs?: number;
  jitterUs?: number;
  rate?: number;
  queue?: number;
}

/** What became of the packets of one direction. */
export interface LinkCounts {
  received: number;
  lost: number;
  overflowed: number;
  reordered: number;
  duplicated: number;
  sent: number;
  refused: number;
}

const source = join(import.meta.dirname, 'link.cc');

/** Compiles a C++ program once per version of its source and returns where it is. */
export function compiled(file: string, flags: string[] = []): string {
  const text = readFileSync(file);
  const hash = createHash('sha256').update(text).update(flags.join(' ')).digest('hex').slice(0, 16);
  const program = join(tmpdir(), `mcc-test-${hash}`);
  if (!existsSync(program)) {
    const draft = `${program}.${process.pid}`;
    must(['g++', '-std=c++17', '-O2', '-Wall', '-o', draft, file, ...flags], { timeoutMs: 120_000 });
    renameSync(draft, program);
  }
  return program;
}

function words(settings: LinkSettings, direction = ''): string[] {
  return Object.entries(settings).map(([name, value]) => `${direction}${name}=${value}`);
}

/** Two hosts joined by the emulator; `device` is the interface name on both. */
export class Link {
  readonly device: string;
  readonly #running: Running;
  #answers = 0;

  private constructor(device: string, running: Running) {
    this.device = device;
    this.#running = running;
  }

  static async between(
    lab: Lab,
    a: Host,
    addressesA: string[],
    b: Host,
    addressesB: string[],
    settings: LinkSettings = {},
    options: { mtu?: number; seed?: number; device?: string } = {},
  ): Promise<Link> {
    const device = options.device ?? 'wan0';
    for (const [host, addresses] of [
      [a, addressesA],
      [b, addressesB],
    ] as const) {
      host.ip('tuntap', 'add', device, 'mode', 'tun');
      host.ip('link', 'set', device, 'mtu', String(options.mtu ?? 1500), 'txqueuelen', '10000', 'up');
      for (const address of addresses) {
        host.ip('address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
      }
    }
    const running = lab.start([
      compiled(source),
      String(options.seed ?? 1),
      a.namespace,
      device,
      b.namespace,
      device,
      ...words(settings),
    ]);
    await running.waitFor(/ready/);
    return new Link(device, running);
  }

  /** Changes both directions, or one of them: `ab` is from the first host to the second. */
  async set(settings: LinkSettings, direction: 'ab' | 'ba' | 'both' = 'both'): Promise<void> {
    this.#running.process.stdin?.write(
      `${words(settings, direction === 'both' ? '' : `${direction}.`).join(' ')}\n`,
    );
    this.#answers++;
    await this.#running.line('set', this.#answers);
  }

  async counts(): Promise<{ ab: LinkCounts; ba: LinkCounts }> {
    this.#running.process.stdin?.end();
    const done = await this.#running.ended();
    return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
  }
}
