import { statSync } from 'node:fs';

/** CLOCK_MONOTONIC is so much more than the time since this program began, ms. */
const MONOTONIC_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** CLOCK_MONOTONIC in milliseconds with fractions: the `now` of every machine. */
export function nowMs(): number {
  return MONOTONIC_MS + performance.now();
}

/** Smaller steps of the system clock are its own adjustments. */
const FOLLOW_MS = 1000;
const JUMP_BELIEVED_MS = 86_400_000;
/** So long a host may have been off, as far as saving the time is concerned. */
const OFF_BELIEVED_MS = 31 * 86_400_000;
/** So old the program may be when the first time is saved. */
const AGE_BELIEVED_MS = 366 * 86_400_000;

/** When this program was built, Unix ms: a time that the present cannot lie before. */
export function buildTimeMs(): number {
  try {
    return Math.floor(statSync(import.meta.filename).mtimeMs);
  } catch {
    return 0;
  }
}

/** Time for certificates is the latest of system clock, last saved time and build time. */
export class WallClock {
  /** Add it to nowMs() to get Unix ms. */
  offsetMs: number;
  /** Unix ms that have certainly passed. */
  readonly #floorMs: number;
  /** Unix ms at the start, by the clock and as far as it may be saved. */
  readonly #startMs: number;
  readonly #startSavableMs: number;
  readonly #startedAt = nowMs();

  constructor(savedTimeMs: number) {
    const builtMs = buildTimeMs();
    this.#floorMs = Math.max(savedTimeMs, builtMs);
    this.offsetMs = this.#trueMs() - nowMs();
    this.#startMs = this.#trueMs();
    this.#startSavableMs = savedTimeMs > 0 ? this.#floorMs + OFF_BELIEVED_MS : builtMs + AGE_BELIEVED_MS;
  }

  /** Unix ms. */
  now(): number {
    return nowMs() + this.offsetMs;
  }

  /**
   * Unix ms that may be saved as certainly passed. A clock that is ahead, at the start or by a jump, may be wrong, and
   * what is saved is never taken back. Too early a time does no harm: it is a lower bound.
   */
  savable(): number {
    const passedMs = nowMs() - this.#startedAt;
    return Math.min(this.now(), passedMs + Math.min(this.#startMs + JUMP_BELIEVED_MS, this.#startSavableMs));
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
