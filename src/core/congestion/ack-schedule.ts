// When the receiver acknowledges: often enough for the sender's congestion control, seldom enough to cost little of the path. Acknowledgements
// follow the data: there is no timer without any.
import { REPLAY_WINDOW } from '../base/batch-layout.generated.ts';
import { NEVER } from '../base/time.ts';
import { UNGOVERNED_RTT_MS } from './rtt.ts';

/** ms that a datagram waits at most for its acknowledgement. */
export const ACK_DELAY_MS = 100;
/** Bytes of one acknowledgement on the wire, headers included, about. */
export const ACK_WIRE_BYTES = 80;
/** Bytes that one acknowledgement is for, at least, while more come: what the budget allows. */
export const ACK_EVERY_BYTES = 2700;
/** ms between acknowledgements of bulk data: a share of the round trip, within bounds. */
const RTT_SHARE = 1 / 8;
const SPACING_MIN_MS = 1;
const SPACING_MAX_MS = 10;
/** ms that datagrams wait where acknowledgements serve no control: as long as the sender does not wonder where they are, with time to spare. */
const UNGOVERNED_MS = 80;
/** Counters after which one is due at once if any of them is missing: what came before that is soon not remembered any more. */
const COUNTERS_MOST = REPLAY_WINDOW / 2;
/** ms after which the end of a burst is acknowledged, if the budget allows. */
export const ACK_TAIL_MS = 25;
/** ms between answers to a remote that asks. */
const ASKED_MS = 10;
/** ms, round trips and acknowledgements after which what was told is known there, and not told again. */
const TOLD_MS = 1000;
const TOLD_RTTS = 4;
const TOLD_TIMES = 8;
/** Of what arrives, for acknowledgements that are not put off to the last; and bytes that may be saved up for them. */
export const BUDGET_SHARE = 0.03;
export const BUDGET_MAX = 16 * ACK_WIRE_BYTES;

/** One remote's. */
export class AckSchedule {
  /** ms; when one is due at the latest; NEVER: none is. */
  wakeAt = NEVER;
  /** Receive key slot that is to be acknowledged; meaningful while `wakeAt` is not NEVER. */
  key = -1;
  /** ms of the path's round trip; 0 unknown. Written by the owner. */
  rttMs = 0;
  /** Counters of `key` below it need not be told any more: they were, again and again. */
  from = 0;
  /** `from` as it will be next: the highest counter that was told at `at`, ms, and how often since. */
  private readonly told = { counter: 0, at: 0, times: 0 };
  /** Highest counter that came with `key`; -1: none. */
  private highest = -1;
  /** Of the acknowledgement before: the highest counter then, and when it was sent, ms. */
  private readonly before = { counter: -1, at: Number.NEGATIVE_INFINITY };
  /** Datagrams, and bytes on the wire, unacknowledged; and when the first and the newest of them came, ms. */
  private datagrams = 0;
  private bytes = 0;
  private firstAt = NEVER;
  private newestAt = 0;
  /** Something seems to be missing among what is unacknowledged. */
  private isGap = false;
  /** ms at which the remote is to be answered; NEVER: it did not ask. */
  private answerAt = NEVER;
  private answeredAt = Number.NEGATIVE_INFINITY;
  /** Bytes of acknowledgements that may be sent before they must be. */
  private budget = BUDGET_MAX / 4;

  /** Whether what came with another key is to be acknowledged, and said() to be called, before data of this one is told. */
  needsFirst(key: number): boolean {
    return this.firstAt < NEVER && key !== this.key;
  }

  /**
   * Datagrams with data came: the highest of their counters, how many, and their bytes on the wire. True: an acknowledgement is due now.
   * Throws where needsFirst(key) holds.
   */
  onData(key: number, highestCounter: number, datagrams: number, bytes: number, now: number): boolean {
    if (key !== this.key) {
      if (this.firstAt < NEVER) throw new RangeError(`key ${this.key} waits for its acknowledgement`);
      this.key = key;
      this.highest = highestCounter;
      this.before.counter = highestCounter - datagrams;
      this.from = 0;
      this.told.counter = 0;
    }
    // Control messages take counters too: a hint, no more.
    if (highestCounter - this.highest > datagrams) this.isGap = true;
    this.highest = Math.max(this.highest, highestCounter);
    this.datagrams += datagrams;
    this.bytes += bytes;
    this.budget = Math.min(BUDGET_MAX, this.budget + BUDGET_SHARE * bytes);
    this.newestAt = now;
    if (this.firstAt === NEVER) this.firstAt = now;
    this.arm();
    return this.wakeAt <= now;
  }

  /** A datagram without data came under a key: nothing to acknowledge, but its counter is none that is missing. */
  onOther(key: number): void {
    if (key === this.key && this.firstAt < NEVER) this.datagrams++;
  }

  /** The remote asks for one at once: perhaps the last one was lost. Without any data there is none. True: it is due now. */
  onAsked(now: number): boolean {
    if (this.key < 0) return false;
    this.answerAt = Math.min(this.answerAt, Math.max(now, this.answeredAt + ASKED_MS));
    this.arm();
    return this.wakeAt <= now;
  }

  isDue(now: number): boolean {
    return this.wakeAt <= now;
  }

  /** One was sent, of all that came with `key`. Gives for how long the newest datagram waited, ms. */
  said(now: number): number {
    if (this.answerAt <= now) this.answeredAt = now;
    this.answerAt = NEVER;
    this.datagrams = 0;
    this.bytes = 0;
    this.firstAt = NEVER;
    this.isGap = false;
    this.before.counter = this.highest;
    this.before.at = now;
    this.budget = Math.max(0, this.budget - ACK_WIRE_BYTES);
    this.tell(now);
    this.wakeAt = NEVER;
    return now - this.newestAt;
  }

  private tell(now: number): void {
    const { told } = this;
    told.times++;
    if (told.times < TOLD_TIMES || now - told.at < Math.max(TOLD_MS, TOLD_RTTS * this.rttMs)) return;
    this.from = told.counter;
    told.counter = this.highest;
    told.at = now;
    told.times = 0;
  }

  /** Nobody waits for acknowledgements: they say how long the way is and what it loses, no more. */
  private get isUngoverned(): boolean {
    return this.rttMs > 0 && this.rttMs < UNGOVERNED_RTT_MS;
  }

  private arm(): void {
    const { firstAt, before } = this;
    const isAffordable = this.budget >= ACK_WIRE_BYTES;
    let at = this.answerAt;
    if (firstAt < NEVER && this.isUngoverned) {
      const counters = this.highest - before.counter;
      const waitMs = counters >= COUNTERS_MOST && counters > this.datagrams ? 0 : UNGOVERNED_MS;
      at = Math.min(at, firstAt + (isAffordable ? waitMs : ACK_DELAY_MS));
    } else if (firstAt < NEVER) {
      const spacingMs = Math.min(SPACING_MAX_MS, Math.max(SPACING_MIN_MS, RTT_SHARE * this.rttMs));
      at = Math.min(at, firstAt + ACK_DELAY_MS);
      if (isAffordable && this.bytes >= ACK_EVERY_BYTES) at = Math.min(at, before.at + spacingMs);
      else if (isAffordable) at = Math.min(at, firstAt + ACK_TAIL_MS);
      if (isAffordable && this.isGap) at = Math.min(at, before.at + spacingMs / 2);
    }
    this.wakeAt = at;
  }
}
