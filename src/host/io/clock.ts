import { statSync } from 'node:fs';

/** Milliseconds with fractions, monotonic, from an arbitrary start: the `now` of every machine. */
export function nowMs(): number {
  return performance.now();
}

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
  /** How far the system clock lies behind what is certainly past, ms; 0: it does not. */
  readonly behindMs: number;

  constructor(savedTimeMs: number) {
    const floorMs = Math.max(savedTimeMs, buildTimeMs());
    this.behindMs = Math.max(0, floorMs - Date.now());
    this.offsetMs = Math.max(Date.now(), floorMs) - nowMs();
  }

  /** Unix ms. */
  now(): number {
    return nowMs() + this.offsetMs;
  }

  /** Follows a system clock that was set; true when the offset moved by more than a second. */
  follow(): boolean {
    const ahead = Date.now() - this.now();
    const isLate = ahead < 0 && this.behindMs > 0;
    if (Math.abs(ahead) < 1000 || isLate) return false;
    this.offsetMs += ahead;
    return true;
  }
}
