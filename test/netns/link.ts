/** A link with faults between two hosts: see link.cc for what it can do. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Host, type Lab, must, type Running } from './lab.ts';

/** Per direction, see link.cc: shares from 0 to 1, microseconds, bits per second, bytes. */
export interface LinkSettings {
  police?: number;
  policeBurst?: number;
  loss?: number;
  burst?: number;
  lossLast?: 0 | 1;
  duplicate?: number;
  rate?: number;
  /** Instead of `rate`, over and over from the moment it is set; empty: none. */
  trace?: readonly RateStep[];
  queue?: number;
  fair?: 0 | 1;
  delayUs?: number;
  jitterUs?: number;
  jitterFree?: 0 | 1;
  reorder?: number;
  reorderUs?: number;
}

/** For so many milliseconds so many bits per second. */
export interface RateStep {
  readonly ms: number;
  readonly rate: number;
}

/** What became of the packets of one direction. */
export interface LinkCounts {
  received: number;
  receivedBytes: number;
  policed: number;
  lost: number;
  /** By the queue. */
  overflowed: number;
  reordered: number;
  duplicated: number;
  sent: number;
  sentBytes: number;
  refused: number;
  /** Neither dropped nor sent yet. */
  inside: number;
  /** How long packets waited for the rate. */
  queueMedianMs: number;
  queueP95Ms: number;
  queueP99Ms: number;
  queueMostMs: number;
  queueMostBytes: number;
  /** How much later than they should packets left the emulator: what its own figures are worth. */
  lateP99Ms: number;
  lateMostMs: number;
}

export interface BothCounts {
  readonly ab: LinkCounts;
  readonly ba: LinkCounts;
}

const source = join(import.meta.dirname, 'link.cc');

/** Compiles a C++ program once per version of its source and of the headers beside it and returns where it is. */
export function compiled(file: string, flags: string[] = []): string {
  const text = readFileSync(file, 'utf8');
  const digest = createHash('sha256').update(text).update(flags.join(' '));
  for (const [, header = ''] of text.matchAll(/^#include "(.+)"/gm)) {
    digest.update(readFileSync(join(dirname(file), header)));
  }
  const hash = digest.digest('hex').slice(0, 16);
  const program = join(tmpdir(), `mcc-test-${hash}`);
  if (!existsSync(program)) {
    const draft = `${program}.${process.pid}`;
    must(['g++', '-std=c++17', '-O2', '-Wall', '-o', draft, file, ...flags], { timeoutMs: 120_000 });
    renameSync(draft, program);
  }
  return program;
}

function words(settings: LinkSettings, direction = ''): string[] {
  return Object.entries(settings).map(([name, value]) => {
    const text = typeof value === 'object' ? value.map(({ ms, rate }: RateStep) => `${ms}:${rate}`) : value;
    return `${direction}${name}=${text}`;
  });
}

/** Two hosts joined by the emulator; `device` is the interface name on both. */
export class Link {
  readonly device: string;
  readonly #running: Running;
  #answers = 0;
  #stats = 0;

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
    await this.#tell(words(settings, direction === 'both' ? '' : `${direction}.`).join(' '));
  }

  /** Counts from zero again. */
  reset(): Promise<void> {
    return this.#tell('reset');
  }

  /** Writes to a file, every so often, what came, left, waits and was dropped since the last reset; its first line names the columns. */
  log(file: string, everyMs = 100): Promise<void> {
    return this.#tell(`log ${file} ${everyMs}`);
  }

  /** What it did since the last reset. */
  async stats(): Promise<BothCounts> {
    this.#running.process.stdin?.write('stats\n');
    return JSON.parse(await this.#running.line('{', ++this.#stats));
  }

  /** How many packets of each size came since the last reset: bytes, count. */
  async sizes(): Promise<Record<'ab' | 'ba', readonly (readonly [number, number])[]>> {
    this.#running.process.stdin?.write('sizes\n');
    return JSON.parse(await this.#running.line('{', ++this.#stats));
  }

  /** Ends it, and returns what it did. */
  async counts(): Promise<BothCounts> {
    this.#running.process.stdin?.end();
    const done = await this.#running.ended();
    return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
  }

  async #tell(line: string): Promise<void> {
    this.#running.process.stdin?.write(`${line}\n`);
    await this.#running.line('set', ++this.#answers);
  }
}
