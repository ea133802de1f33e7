// When nothing comes back from a remote that data goes to: how long that is borne.
import { SECOND_MS } from '../base/time.ts';

/** Data went out and nothing came back for so long, as after the last word of a flow: the remote is asked for a sign of life ... */
export const ASK_MS = 250;
/**
 * ... and once more after so long, when it may be gone, and new flows had better go elsewhere. TCP repeats what was lost after 0.2 to
 * 0.3, 0.6 to 0.9, 1.4 to 2.1 and 3 to 4.5 s: the second time another way should be there, and the third time it must be.
 */
export const SILENCE_MS = 350;
/** Such a probe is unanswered for so long: another way that answers, or a new handshake over all candidates. */
export const PROBE_WAIT_MS = 300;
/** The same where another way has answered in the meantime: it takes over sooner. */
export const OUTRUN_MS = 60;
/** A remote that has nothing to say, as when data goes one way only, is asked so often. */
export const ASK_EVERY_MS = SECOND_MS;
/** All are longer where an answer takes long: so many round trips are waited for, but no longer than so many ms. */
const RTTS = 3;
const RTTS_MAX_MS = 2 * SECOND_MS;

/** One per remote. */
export class Silence {
  /** ms; when a sign of life was last asked for. */
  private askedAt = Number.NEGATIVE_INFINITY;

  /** What is to be done about a silence since then. `ask`: told once per silence. `rttMs`: NaN where it is not known. */
  judge(sinceMs: number, now: number, rttMs: number): 'bear' | 'ask' | 'suspect' {
    if (sinceMs <= this.askedAt)
      return now - this.askedAt >= longer(SILENCE_MS - ASK_MS, rttMs) ? 'suspect' : 'bear';
    const from = Math.max(sinceMs, this.askedAt + ASK_EVERY_MS - ASK_MS);
    if (now - from < longer(ASK_MS, rttMs)) return 'bear';
    this.askedAt = now;
    return 'ask';
  }
}

/** At least so many ms, more on a way that is long. */
export function longer(ms: number, rttMs: number): number {
  return rttMs > 0 ? Math.max(ms, Math.min(RTTS_MAX_MS, RTTS * rttMs)) : ms;
}
