/** A clock for daemons that a test moves (faketime): their own, and nobody else's. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import type { Node } from './node.ts';

const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;
export const DAY_MS = 86_400_000;

/** Ends the test as skipped where clocks cannot be moved. */
export function needsCalendar(): void {
  if (existsSync(LIBRARY)) return;
  console.log(`TAP version 14\n1..0 # SKIP needs ${LIBRARY}, of Debian's package libfaketime`);
  process.exit(0);
}

/** The time of day of all nodes of a laboratory, in days from now on; their monotonic clocks are the kernel's. */
export class Calendar {
  private readonly file: string;
  day = 0;

  constructor(lab: Lab) {
    this.file = join(lab.folder, 'calendar');
    this.set(0);
  }

  /** Words in front of a program that lives by it. */
  get words(): string[] {
    return [
      'env',
      `LD_PRELOAD=${LIBRARY}`,
      `FAKETIME_TIMESTAMP_FILE=${this.file}`,
      ...['FAKETIME_CACHE_DURATION=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'NO_FAKE_STAT=1'],
    ];
  }

  set(day: number): void {
    this.day = day;
    // Nobody ever reads half of it.
    writeFileSync(`${this.file}.new`, `+${day}d\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  /** Days until a node's certificate ends. */
  left(node: Node): number {
    const { certificateExpires } = node.json<{ certificateExpires: string | null }>('status');
    if (certificateExpires === null) throw new Error(`${node.name} has no certificate`);
    return (Date.parse(certificateExpires) - Date.now()) / DAY_MS - this.day;
  }
}
