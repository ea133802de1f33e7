// What becomes of what a path carries where nobody waits for an answer, as it is faster than the host: how long the way is and what it loses,
// by the counters that acknowledgements name. Nothing is written down of single datagrams: on such paths they are hundreds of thousands a second.
import type { Rtt } from './rtt.ts';

/** Batches whose time of leaving is remembered: as many as leave in some round trips. */
const BATCHES = 128;
/** Datagrams before the newest that is acknowledged which may still be late: what is missing there says nothing yet. */
export const SURVEY_LATE = 64;

/** One path's. Sequences as in Delivery. */
export class Survey {
  /** Datagrams, control messages between them included; lost are those of which acknowledgements could tell, and did not. */
  readonly tally = { sent: 0, acked: 0, lost: 0 };
  private readonly rtt: Rtt;
  /** The newest batches, a ring: the sequence behind the last of each, and ms at which it left. */
  private readonly ends = new Float64Array(BATCHES);
  private readonly times = new Float64Array(BATCHES);
  private batches = 0;
  /** The sequence behind the last that was sent; 0: nothing is surveyed. */
  private end = 0;
  /** That behind the newest which is acknowledged, and behind the last which is counted as acknowledged or lost. */
  private acked = 0;
  private counted = 0;

  /** `rtt`: is told of round trips. */
  constructor(rtt: Rtt) {
    this.rtt = rtt;
  }

  /** A batch left; `end`: the sequence behind its last. What was sent below `from`, under other keys, is not looked after any more. */
  sent(from: number, end: number, now: number): void {
    if (this.end <= from) {
      this.acked = end;
      this.counted = end;
    } else {
      this.tally.sent += end - this.end;
    }
    this.end = end;
    const at = this.batches++ % BATCHES;
    this.ends[at] = end;
    this.times[at] = now;
  }

  /** What was sent since the last batch, and is sent until the next, is somebody else's to look after. */
  stop(): void {
    this.end = 0;
  }

  /** `ranges`, `count` and `ackDelayMs` as in Delivery.onAck; `isAll`: what lies below them, as far as it was sent, did not arrive. */
  onAck(ranges: ArrayLike<number>, count: number, ackDelayMs: number, isAll: boolean, now: number): void {
    // Control messages that followed are acknowledged as well; what was never sent is a lie.
    const acked = Math.min(ranges[1] + 1, this.end);
    if (acked <= this.acked || acked <= ranges[0]) return;
    this.acked = acked;
    const leftAt = this.leftAt(acked);
    if (leftAt >= 0) this.rtt.update(Math.max(0, now - leftAt), ackDelayMs);
    const from = isAll ? this.counted : Math.max(this.counted, ranges[2 * count - 2]);
    this.count(ranges, count, from, acked - SURVEY_LATE);
  }

  /** All sequences from `from` on, up to that before `to`. */
  private count(ranges: ArrayLike<number>, count: number, from: number, to: number): void {
    if (to <= from) return;
    let acked = 0;
    for (let i = 0; i < count; i++)
      acked += Math.max(0, Math.min(ranges[2 * i + 1] + 1, to) - Math.max(ranges[2 * i], from));
    this.tally.acked += acked;
    this.tally.lost += to - from - acked;
    this.counted = to;
  }

  /** ms at which the sequence before `end` left; -1: that is not remembered. */
  private leftAt(end: number): number {
    let leftAt = -1;
    for (let i = 1; i <= Math.min(BATCHES, this.batches); i++) {
      const at = (this.batches - i) % BATCHES;
      if (this.ends[at] < end) return leftAt;
      leftAt = this.times[at];
    }
    return -1;
  }
}
