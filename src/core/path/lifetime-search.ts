// How long an idle UDP mapping of a NAT lives (RFC 4787 section 4.3): by binary search over answers that come after a while.

/** Seconds: a mapping that does not live so long is not looked at more closely, and one that lives longer neither. */
export const LIFETIME_MIN_S = 15;
export const LIFETIME_MAX_S = 118;
/** The search ends when it is known that closely: s, and share. */
const PRECISION_S = 1;
const PRECISION_SHARE = 0.03;
/** Tests of one search. */
const TESTS_MAX = 24;

/** Which time to test next, and what came out. A test that failed may have been lost: the shortest of those is repeated in the end. */
export class LifetimeSearch {
  /** Seconds that a mapping is known to live; LIFETIME_MIN_S is assumed. */
  private low = LIFETIME_MIN_S;
  /** Seconds that none lived, as it seems, the shortest last. */
  private readonly failed: number[] = [];
  private isConfirmed = false;
  private tests = 0;

  /** Seconds to be tested next; undefined: the search has ended. */
  get next(): number | undefined {
    const high = this.failed.at(-1);
    if (this.tests >= TESTS_MAX || this.low >= LIFETIME_MAX_S) return undefined;
    if (high === undefined) return LIFETIME_MAX_S;
    const isNear = high - this.low <= Math.max(PRECISION_S, PRECISION_SHARE * this.low);
    if (isNear) return this.isConfirmed ? undefined : high;
    return Math.min(high - 1, Math.max(this.low + 1, Math.round(Math.sqrt(high * this.low))));
  }

  /** Seconds that a mapping lives at least; LIFETIME_MAX_S: perhaps much longer; LIFETIME_MIN_S: perhaps less. */
  get found(): number {
    return this.low;
  }

  /** The answer to a test of `next` came, or did not. */
  tested(isAlive: boolean): void {
    const { next, failed } = this;
    if (next === undefined) return;
    this.tests++;
    const isRepeated = next === failed.at(-1);
    if (isAlive) {
      this.low = next;
      if (isRepeated) failed.pop();
      this.isConfirmed = false;
    } else if (isRepeated) {
      this.isConfirmed = true;
    } else {
      failed.push(next);
      this.isConfirmed = false;
    }
  }
}
