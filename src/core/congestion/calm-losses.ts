// What a path loses while no queue stands in it: a first guess, from the first loss on. Which losses are no congestion, LossRule learns only
// when many packets have passed, too late for a stream that begins.
import type { Delivery } from './delivery.ts';

/** Round trips that are longer than the shortest by more than this share of it, and so many ms, meet a queue. */
const QUEUE_SHARE = 0.15;
const QUEUE_MS = 2;
/** Of fewer datagrams one lost says little: it counts as if it were one of so many. */
const DATAGRAMS_LEAST = 20;
/** Beyond, what was before counts half. */
const DATAGRAMS_MOST = 2000;

/** So many tell what the path is like. */
const DATAGRAMS_TELLING = 1000;
/** Deviations by which it may have been luck that not more were lost. */
const LUCK = 2;

/** One path's. */
export class CalmLosses {
  private acked = 0;
  private lost = 0;
  private isKnown = false;
  /** Of the tally that was taken up so far. */
  private ackedBefore = 0;
  private lostBefore = 0;

  /** Nothing was lost, of few datagrams. */
  get isUnknown(): boolean {
    return this.lost === 0 && !this.isKnown;
  }

  /** 0: nothing was lost. */
  get share(): number {
    return this.lost / Math.max(DATAGRAMS_LEAST, this.acked + this.lost);
  }

  /** What it may well be, as far as so few tell. */
  get likelyMost(): number {
    return this.share * (1 + LUCK / Math.sqrt(Math.max(this.lost, 1)));
  }

  /** To be called after each acknowledgement. */
  update({ tally, rtt }: Pick<Delivery, 'tally' | 'rtt'>): void {
    const lost = tally.lost - tally.late;
    const isCalm = rtt.newestMs <= rtt.minMs * (1 + QUEUE_SHARE) + QUEUE_MS;
    if (isCalm) {
      this.acked += tally.acked - this.ackedBefore;
      this.lost = Math.max(0, this.lost + lost - this.lostBefore);
      if (this.acked + this.lost > DATAGRAMS_MOST) {
        this.acked /= 2;
        this.lost /= 2;
      }
    }
    if (tally.acked + lost >= DATAGRAMS_TELLING) this.isKnown = true;
    this.ackedBefore = tally.acked;
    this.lostBefore = lost;
  }
}
