// Whether a path loses most of what it carries, by what congestion control knows: signs of life come over such a path as well.
import type { FlowView } from '../engine/types.ts';

/** Looks are at least so far apart, ms, or so many round trips where that is longer, ... */
const EVERY_MS = 500;
const EVERY_RTTS = 4;
/** ... and so many datagrams. */
const DATAGRAMS = 16;
/** Less than so much of them is acknowledged, ... */
const SHARE = 0.5;
/** ... at so many looks in a row: congestion control needs no longer to yield to a queue. */
const LOOKS = 2;

/** One remote's. */
export class LossWatch {
  private at = Number.NEGATIVE_INFINITY;
  /** Datagrams until the last look, and until the one before. */
  private sent = 0;
  private sentBefore = 0;
  private acked = 0;
  private looks = 0;

  /** `flow`: what its path carried so far; undefined: nothing of late. To be asked now and then. */
  isLossy(flow: Pick<FlowView, 'sent' | 'acked' | 'smoothedMs'> | undefined, now: number): boolean {
    // Some remotes never acknowledge: congestion control is switched off there.
    if (flow === undefined || flow.acked === 0) return false;
    const { sent, acked, smoothedMs } = flow;
    const isOther = sent < this.sent || acked < this.acked;
    if (
      !isOther &&
      (sent - this.sent < DATAGRAMS || now - this.at < Math.max(EVERY_MS, EVERY_RTTS * smoothedMs))
    )
      return false;
    // What was sent last may be on its way.
    const due = Math.min(sent - this.sent, this.sent - this.sentBefore);
    const isBad = due >= DATAGRAMS && acked - this.acked < SHARE * due;
    this.looks = isBad && !isOther ? this.looks + 1 : 0;
    this.at = now;
    this.sentBefore = isOther ? sent : this.sent;
    this.sent = sent;
    this.acked = acked;
    if (this.looks < LOOKS) return false;
    this.looks = 0;
    return true;
  }
}
