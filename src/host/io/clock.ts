import { statSync } from 'node:fs';

/** Milliseconds with fractions, monotonic, from an arbitrary start: the `now` of every machine. */
export function nowMs(): number {
  return performance.now();
}

/** Smaller steps of the system clock are its own adjustments. */
const FOLLOW_MS = 1000;

/** When this program was built, Unix ms: a time that the present cannot lie before. */
export function buildTimeMs(): number {
  try {
    return Math.floor(statSync(import.meta.filename).mtimeMs);
  } catch {
    return 0;
  }
}

/** Time for certificates is the latest of system clock, last saved time and build time (DESIGN 6). */
export class WallClock {
  /** Add it to nowMs() to get Unix ms. */
  offsetMs: number;
  /** Unix ms that have certainly passed. */
  readonly #floorMs: number;

  constructor(savedTimeMs: number) {
    this.#floorMs = Math.max(savedTimeMs, buildTimeMs());
    this.offsetMs = this.#trueMs() - nowMs();
  }

  /** Unix ms. */
  now(): number {
    return nowMs() + this.offsetMs;
  }

  /** How far the system clock lies behind what has certainly passed, ms; 0: it does not. */
  get behindMs(): number {
    return Math.max(0, this.#floorMs - Date.now());
  }

  /** Follows a system clock that was set; true when the offset moved by more than a second. */
  follow(): boolean {
    const offsetMs = this.#trueMs() - nowMs();
    if (Math.abs(offsetMs - this.offsetMs) < FOLLOW_MS) return false;
    this.offsetMs = offsetMs;
    return true;
  }

  #trueMs(): number {
    return Math.max(Date.now(), this.#floorMs);
  }
}
