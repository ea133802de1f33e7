// What became of what a path carried: delivery rates ("Delivery Rate Samples" of draft-ietf-ccwg-bbr), round-trip times and losses
// (RFC 9002 sections 5 and 6), from acknowledgements that name sequences.
import { NEVER, SECOND_MS } from '../base/time.ts';
import { ACK_TAIL_MS } from './ack-schedule.ts';
import { GRANULARITY_MS, Rtt } from './rtt.ts';
import {
  BYTES,
  DELIVERED,
  DELIVERED_AT,
  FIRST_SENT_AT,
  LOST_BEFORE,
  MARKED_BEFORE,
  RECORD_DATAGRAMS,
  SENT_AT,
  SentLog,
  TX_IN_FLIGHT,
} from './sent-log.ts';
import { type CongestionControl, NO_SAMPLE, type RateSample, type Transport } from './types.ts';

/** RFC 9002 section 6.1.1, in datagrams; rises with the reordering that is seen. */
export const REORDER_FIRST = 3;
export const REORDER_MAX = 256;
/** RFC 9002 section 6.1.2: share of a round trip after which what was overtaken is lost. */
const TIME_SHARE_FIRST = 9 / 8;
/** It rises with how late what was taken for lost arrives: links with jitter overtake for longer than the RFC waits. */
const TIME_SHARE_MAX = 2;
/** Timeouts in a row after which all that is outstanding is lost (RFC 9002 section 7.6.1). */
export const TIMEOUTS_MAX = 3;
/** Smoothed round trips for which what is settled is kept: to see what was only late. */
const KEPT_RTTS = 3;

export interface DeliveryOwner {
  /** That datagram of that record of the log is taken for lost. */
  onLoss?(sequence: number, record: number): void;
  /** It was acknowledged after that. */
  onLate?(sequence: number, record: number): void;
  /** An acknowledgement is to be asked for, by sending something. */
  onProbe(now: number): void;
}

/** One path's. Sequences rise with every datagram of the session; acknowledgements name ranges of them. */
export class Delivery {
  readonly transport: Transport;
  readonly rtt = new Rtt();
  readonly log = new SentLog();
  /** ms; onTimer is due then. */
  wakeAt = NEVER;
  /** Datagrams that may overtake one before it is lost. */
  reorder = REORDER_FIRST;
  /** Datagrams, since the path began; `late`: taken for lost, and acknowledged after that. */
  readonly tally = { sent: 0, acked: 0, lost: 0, late: 0 };
  private readonly owner: DeliveryOwner;
  private readonly ackDelayMs: number;
  private readonly sample: RateSample = { ...NO_SAMPLE };
  private largestAcked = -1;
  /**
   * ms at which something was last sent, or looked after; whether somebody waits for it that it is sent again; ms at which something was
   * last acknowledged, or sent when nothing was under way, or looked after.
   */
  private readonly lastSent = { at: 0, isUrgent: false, progressAt: 0 };
  /** ms at which the next outstanding datagram that was overtaken is lost; Infinity: none was. */
  private lossAt = NEVER;
  /** Of a round trip: after so long what was overtaken is lost. */
  private timeShare = TIME_SHARE_FIRST;
  private timeouts = 0;
  /** `Transport.delivered` until which the window counts as having been full. */
  private limitedUntil = -1;

  /** `ackDelayMs`: how long the remote may wait before it acknowledges. */
  constructor(smss: number, initialCwnd: number, ackDelayMs: number, owner: DeliveryOwner) {
    this.owner = owner;
    this.ackDelayMs = ackDelayMs;
    this.transport = {
      smss,
      initialCwnd,
      delivered: 0,
      deliveredAt: 0,
      firstSentAt: 0,
      lost: 0,
      marked: 0,
      inflight: 0,
      isCwndLimited: false,
      appLimited: 0,
      srttMs: 0,
      rttVarMs: 0,
    };
  }

  /** [OnPacketSent], of a batch that leaves at `at` (ms, perhaps later than now). At most RECORD_DATAGRAMS; false: no room, nothing changed. */
  sent(sequence: number, datagrams: number, bytes: number, at: number): boolean {
    const { transport, log } = this;
    if (log.isFull || datagrams > RECORD_DATAGRAMS) return false;
    if (transport.inflight === 0) {
      transport.firstSentAt = at;
      transport.deliveredAt = at;
      this.lastSent.progressAt = at;
    }
    transport.inflight += bytes;
    const record = log.add(sequence, datagrams, transport.appLimited !== 0);
    log.set(record, SENT_AT, at);
    log.set(record, BYTES, bytes);
    log.set(record, DELIVERED, transport.delivered);
    log.set(record, DELIVERED_AT, transport.deliveredAt);
    log.set(record, FIRST_SENT_AT, transport.firstSentAt);
    log.set(record, LOST_BEFORE, transport.lost);
    log.set(record, TX_IN_FLIGHT, transport.inflight);
    log.set(record, MARKED_BEFORE, transport.marked);
    this.tally.sent += datagrams;
    this.lastSent.at = at;
    this.lastSent.isUrgent = false;
    this.arm();
    return true;
  }

  /** What was sent last can be sent again, and somebody waits for it: if it seems lost, it is looked after soon. */
  hurry(): void {
    this.lastSent.isUrgent = true;
    this.arm();
  }

  /** [MarkConnectionAppLimited]: there is nothing to send though there might be. */
  markAppLimited(): void {
    const { transport } = this;
    transport.appLimited = Math.max(transport.delivered + transport.inflight, 1);
  }

  /** The window kept something back. */
  markCwndLimited(): void {
    const { transport } = this;
    transport.isCwndLimited = true;
    this.limitedUntil = transport.delivered + transport.inflight;
  }

  /**
   * `ranges`: pairs of first and last sequence, newest first, `count` pairs. Sequences that were never sent are ignored: who acknowledges
   * them lies, and gains nothing. `marked`: datagrams that the remote says arrived marked as having met congestion, beyond those that it
   * told of before.
   */
  onAck(
    ranges: ArrayLike<number>,
    count: number,
    ackDelayMs: number,
    control: CongestionControl,
    now: number,
    marked = 0,
  ): void {
    const { sample, transport } = this;
    Object.assign(this.sample, NO_SAMPLE);
    let newest = -1;
    let newestSequence = -1;
    const lostBefore = transport.lost;
    for (let i = 0; i < count; i++) {
      const to = ranges[2 * i + 1];
      for (let record = this.log.find(ranges[2 * i]); record < this.log.end; record++) {
        if (this.log.sequence(record) > to) break;
        if (this.log.isWhole(record)) continue;
        const last = this.ackRecord(record, ranges[2 * i], to, now);
        if (last < 0) continue;
        if (last > newestSequence) {
          newest = record;
          newestSequence = last;
        }
      }
    }
    const late = lostBefore - transport.lost;
    if (newest >= 0) {
      sample.newlyMarked = Math.min(marked * this.meanBytes(newest), sample.newlyAcked);
      transport.marked += sample.newlyMarked;
      this.takeNewest(newest, newestSequence, ackDelayMs, now);
    }
    this.detectLost(control, now);
    if (newest >= 0) {
      // What came late was counted as lost before: the sample judges by what is known now.
      sample.lost = transport.lost - this.log.get(newest, LOST_BEFORE);
      this.timeouts = 0;
      this.lastSent.progressAt = now;
    }
    if (late > 0) control.onSpurious(late, now);
    if (newest >= 0 || sample.newlyLost > 0) control.onAck(sample, now);
    if (transport.delivered > this.limitedUntil) transport.isCwndLimited = false;
    this.log.settle(now - KEPT_RTTS * this.rtt.timeoutMs(this.ackDelayMs));
    this.arm();
  }

  onTimer(control: CongestionControl, now: number): void {
    if (now < this.wakeAt) return;
    const { sample } = this;
    if (this.lossAt <= now) {
      Object.assign(this.sample, NO_SAMPLE);
      this.detectLost(control, now);
      if (sample.newlyLost > 0) control.onAck(sample, now);
    } else if (++this.timeouts < TIMEOUTS_MAX) {
      this.lastSent.at = now;
      this.lastSent.progressAt = now;
      this.owner.onProbe(now);
    } else {
      this.loseAll(control, now);
    }
    this.log.settle(now - KEPT_RTTS * this.rtt.timeoutMs(this.ackDelayMs));
    this.arm();
  }

  private meanBytes(record: number): number {
    return this.log.get(record, BYTES) / this.log.datagrams(record);
  }

  /** Marks those datagrams of a record that lie within the range. Gives the sequence of the last one that is news; -1: none. */
  private ackRecord(record: number, from: number, to: number, now: number): number {
    const { log, transport, sample } = this;
    const first = log.sequence(record);
    const datagrams = log.datagrams(record);
    const unit = this.meanBytes(record);
    const begin = Math.max(0, from - first);
    const end = Math.min(datagrams - 1, to - first);
    if (begin === 0 && end === datagrams - 1 && log.isUntouched(record)) {
      log.markWhole(record);
      const bytes = log.get(record, BYTES);
      transport.inflight = Math.max(0, transport.inflight - bytes);
      transport.delivered += bytes;
      transport.deliveredAt = now;
      sample.newlyAcked += bytes;
      this.tally.acked += datagrams;
      return first + end;
    }
    let last = -1;
    for (let datagram = begin; datagram <= end; datagram++) {
      if (log.isAcked(record, datagram)) continue;
      if (log.isLost(record, datagram)) {
        // It came after all: that much reordering there is.
        this.tally.late++;
        this.owner.onLate?.(first + datagram, record);
        transport.lost -= unit;
        this.reorder = Math.min(
          REORDER_MAX,
          Math.max(this.reorder, this.largestAcked - first - datagram + 1),
        );
        const share = (now - log.get(record, SENT_AT)) / Math.max(this.rtt.smoothedMs, this.rtt.latestMs);
        this.timeShare = Math.min(TIME_SHARE_MAX, Math.max(this.timeShare, share));
      } else {
        transport.inflight = Math.max(0, transport.inflight - unit);
      }
      log.markAcked(record, datagram);
      this.tally.acked++;
      transport.delivered += unit;
      sample.newlyAcked += unit;
      last = first + datagram;
    }
    if (last >= 0) transport.deliveredAt = now;
    return last;
  }

  /** [UpdateRateSample] of the newest record, and [GenerateRateSample]. */
  private takeNewest(record: number, sequence: number, ackDelayMs: number, now: number): void {
    const { log, sample, transport, rtt } = this;
    const sentAt = log.get(record, SENT_AT);
    if (sequence > this.largestAcked) {
      this.largestAcked = sequence;
      sample.rttMs = rtt.update(Math.max(now - sentAt, 0), ackDelayMs);
      transport.srttMs = rtt.smoothedMs;
      transport.rttVarMs = rtt.varianceMs;
    }
    sample.priorDelivered = log.get(record, DELIVERED);
    sample.isAppLimited = log.isAppLimited(record);
    sample.txInFlight = log.get(record, TX_IN_FLIGHT);
    sample.marked = transport.marked - log.get(record, MARKED_BEFORE);
    sample.delivered = transport.delivered - sample.priorDelivered;
    if (transport.appLimited !== 0 && transport.delivered > transport.appLimited) transport.appLimited = 0;
    const sendMs = sentAt - log.get(record, FIRST_SENT_AT);
    const ackMs = now - log.get(record, DELIVERED_AT);
    transport.firstSentAt = Math.max(transport.firstSentAt, sentAt);
    const intervalMs = Math.max(sendMs, ackMs);
    if (intervalMs < rtt.minMs || intervalMs === 0) return;
    sample.deliveryRate = (sample.delivered * SECOND_MS) / intervalMs;
  }

  /** RFC 9002 section 6.1: what was overtaken by too many, or too long ago. */
  private detectLost(control: CongestionControl, now: number): void {
    const { log, rtt, transport } = this;
    const lostBefore = transport.lost;
    const waitMs = Math.max(this.timeShare * Math.max(rtt.smoothedMs, rtt.latestMs), GRANULARITY_MS);
    this.lossAt = NEVER;
    for (let record = log.open; record < log.end; record++) {
      const first = log.sequence(record);
      if (first > this.largestAcked) break;
      if (log.outstanding(record) === 0) continue;
      const sentAt = log.get(record, SENT_AT);
      const isOld = sentAt + waitMs <= now;
      const upTo = isOld ? this.largestAcked : this.largestAcked - this.reorder + 1;
      const lost = this.loseUpTo(record, upTo);
      if (lost > 0) this.tellLost(record, lost, control, now);
      const isOvertaken = log.outstanding(record) > 0 && first < this.largestAcked && !isOld;
      if (isOvertaken) this.lossAt = Math.min(this.lossAt, sentAt + waitMs);
    }
    this.sample.newlyLost = transport.lost - lostBefore;
  }

  /** Outstanding datagrams of a record before that sequence are lost. Gives how many. */
  private loseUpTo(record: number, sequence: number): number {
    const { log } = this;
    const first = log.sequence(record);
    const end = Math.min(log.datagrams(record), sequence - first);
    let lost = 0;
    for (let datagram = 0; datagram < end; datagram++) {
      if (log.isAcked(record, datagram) || log.isLost(record, datagram)) continue;
      log.markLost(record, datagram);
      this.owner.onLoss?.(first + datagram, record);
      lost++;
    }
    return lost;
  }

  private tellLost(record: number, datagrams: number, control: CongestionControl, now: number): void {
    const { log, transport } = this;
    const bytes = datagrams * this.meanBytes(record);
    transport.lost += bytes;
    transport.inflight = Math.max(0, transport.inflight - bytes);
    this.tally.lost += datagrams;
    const lost = {
      bytes,
      txInFlight: log.get(record, TX_IN_FLIGHT),
      lostBefore: log.get(record, LOST_BEFORE),
      isAppLimited: log.isAppLimited(record),
    };
    control.onLost(lost, now);
  }

  /** What is outstanding will never be acknowledged, and says nothing of the path: whom it was for has gone. */
  abandon(): void {
    const { log, transport } = this;
    for (let record = log.open; record < log.end; record++) this.loseUpTo(record, NEVER);
    transport.inflight = 0;
    this.timeouts = 0;
    this.lossAt = NEVER;
    log.settle(NEVER);
    this.arm();
  }

  private loseAll(control: CongestionControl, now: number): void {
    const { log, transport } = this;
    for (let record = log.open; record < log.end; record++) {
      const lost = this.loseUpTo(record, NEVER);
      if (lost > 0) this.tellLost(record, lost, control, now);
    }
    transport.inflight = 0;
    this.timeouts = 0;
    control.onTimeout(now);
  }

  private arm(): void {
    const { transport, rtt } = this;
    if (transport.inflight <= 0 || this.log.open === this.log.end) this.wakeAt = NEVER;
    else if (this.lossAt < NEVER) this.wakeAt = this.lossAt;
    else if (this.lastSent.isUrgent && this.timeouts === 0)
      this.wakeAt = this.lastSent.at + rtt.tailMs(ACK_TAIL_MS);
    else {
      const timeoutMs = rtt.timeoutMs(this.ackDelayMs);
      // Whoever goes on sending shall notice as well that nothing comes back.
      const from = Math.min(this.lastSent.at, this.lastSent.progressAt + timeoutMs);
      this.wakeAt = from + timeoutMs * 2 ** this.timeouts;
    }
  }
}
