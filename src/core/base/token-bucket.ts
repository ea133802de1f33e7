import { BoundedMap } from './bounded-map.ts';
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

/** One bucket for each key, all alike: of `max` of them at most; beyond it the key silent for longest starts anew with its burst. */
export class TokenBuckets {
  private readonly perSecond: number;
  private readonly burst: number;
  private readonly buckets: BoundedMap<string, TokenBucket>;

  constructor(max: number, perSecond: number, burst: number) {
    this.buckets = new BoundedMap(max);
    this.perSecond = perSecond;
    this.burst = burst;
  }

  /** Whether one more of `key` may pass now; if so, it is counted. */
  take(key: string, now: number): boolean {
    let bucket = this.buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.perSecond, this.burst);
      this.buckets.set(key, bucket);
    }
    return bucket.take(now);
  }
}
