import { DAY_MS } from '../base/time.ts';

/** Bytes per day, at most half a day's at once; half of that at first. */
export class Budget {
  private readonly bytesPerDay: number;
  private left: number;
  /** ms; undefined: never asked. */
  private countedAt: number | undefined;

  constructor(bytesPerDay: number) {
    this.bytesPerDay = bytesPerDay;
    this.left = bytesPerDay / 4;
  }

  /** Whether so many may be spent now; if so, they are. */
  take(bytes: number, now: number): boolean {
    const passed = Math.max(0, now - (this.countedAt ?? now));
    this.left = Math.min(this.bytesPerDay / 2, this.left + (passed * this.bytesPerDay) / DAY_MS);
    this.countedAt = now;
    if (this.left < bytes) return false;
    this.left -= bytes;
    return true;
  }
}
