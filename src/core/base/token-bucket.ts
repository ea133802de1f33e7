import { SECOND_MS } from './time.ts';

/** Lets `perSecond` things through on average, and at most `burst` at once. Full at first. */
export class TokenBucket {
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  /** ms; when `tokens` was counted. */
  private countedAt = 0;

  constructor(perSecond: number, burst: number) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
  }

  /** Whether one more may pass now; if so, it is counted. */
  take(now: number): boolean {
    const earned = (Math.max(0, now - this.countedAt) * this.perSecond) / SECOND_MS;
    this.tokens = Math.min(this.burst, this.tokens + earned);
    this.countedAt = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  /** From now on it has to fill again. */
  drain(): void {
    this.tokens = 0;
  }
}
