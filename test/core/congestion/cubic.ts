// A stream of TCP with CUBIC (RFC 9438) that always has something to send, through a FairQueue and a pacer: simple, without timeouts.
import type { FairQueue } from '../../../src/core/congestion/fair-queue.ts';

const SEGMENT = 1400;
/** RFC 9438 section 4.6, 4.1.2. */
const BETA = 0.7;
const C = 0.4;
const DUPLICATES = 3;
const STEP_MS = 0.25;

export interface Path {
  /** Bytes per second. */
  readonly rate: number;
  /** ms: of the stream. */
  readonly rttMs: number;
  /** ms of the round trip between the pacer's ends: each five seconds, half the rate is left for 200 ms and this. Undefined: never. */
  readonly dipsOfRttMs?: number;
}

export interface Outcome {
  /** Of what could have left. */
  readonly share: number;
  /** ms */
  readonly meanWait: number;
  readonly longestWait: number;
}

/** Segments are numbered as they are sent; one that is sent again has another number. */
class Cubic {
  next = 0;
  private readonly rttMs: number;
  private cwnd = 10;
  private slowStartUntil = Number.POSITIVE_INFINITY;
  private before = 0;
  private since = -1;
  /** s, after `since`. */
  private turnsAfter = 0;
  private reno = 0;
  private inflight = 0;
  private highest = -1;
  private oldest = 0;
  private readonly acked = new Set<number>();
  private recovery = -1;
  private atLoss = 1;
  private delivered = 0;
  private sent = 0;

  constructor(rttMs: number) {
    this.rttMs = rttMs;
  }

  /** Gives how many segments may leave now. */
  onAcked(segments: readonly number[], queuedMs: number, now: number): number {
    for (const segment of segments) {
      this.acked.add(segment);
      this.highest = Math.max(this.highest, segment);
    }
    this.inflight -= segments.length;
    this.delivered += segments.length;
    for (; this.oldest <= this.highest - DUPLICATES; this.oldest++) {
      if (this.acked.delete(this.oldest)) continue;
      this.inflight--;
      this.onLost(this.oldest);
    }
    if (this.highest <= this.recovery) return this.recover();
    this.grow(segments.length, queuedMs, now);
    return this.give(Math.floor(this.cwnd - this.inflight));
  }

  /** Nothing is under way any more: it begins again. */
  restart(): number {
    if (this.inflight > 0 || this.acked.size > 0) return 0;
    return this.give(10);
  }

  private give(segments: number): number {
    const count = Math.max(0, segments);
    this.next += count;
    this.inflight += count;
    return count;
  }

  private onLost(segment: number): void {
    if (segment <= this.recovery) return;
    this.recovery = this.next - 1;
    this.atLoss = this.inflight + 1;
    this.delivered = 0;
    this.sent = 0;
    this.before = this.cwnd < this.before ? (this.cwnd * (1 + BETA)) / 2 : this.cwnd;
    this.cwnd = Math.max(2, BETA * this.cwnd);
    this.slowStartUntil = this.cwnd;
    this.since = -1;
  }

  /** RFC 6937: what arrives lets out the window's new share of it. */
  private recover(): number {
    const room =
      this.inflight > this.cwnd
        ? Math.ceil((this.delivered * this.cwnd) / this.atLoss) - this.sent
        : Math.floor(this.cwnd - this.inflight);
    const count = this.give(room);
    this.sent += count;
    return count;
  }

  private grow(acked: number, queuedMs: number, now: number): void {
    if (this.cwnd < this.slowStartUntil) {
      this.cwnd += acked;
      // RFC 9406
      if (queuedMs > Math.max(4, Math.min(16, this.rttMs / 8))) this.slowStartUntil = this.cwnd;
      return;
    }
    if (this.since < 0) {
      this.since = now;
      this.before = Math.max(this.before, this.cwnd);
      this.reno = this.cwnd;
      this.turnsAfter = Math.cbrt((this.before - this.cwnd) / C);
    }
    const seconds = (now - this.since + this.rttMs) / 1000;
    const target = Math.min(C * (seconds - this.turnsAfter) ** 3 + this.before, 1.5 * this.cwnd);
    this.cwnd += acked * Math.max((target - this.cwnd) / this.cwnd, 0.01 / this.cwnd);
    this.reno += (acked * 3 * (1 - BETA)) / (1 + BETA) / this.cwnd;
    this.cwnd = Math.max(this.cwnd, this.reno);
  }
}

/** What the stream gets in so many ms, of which the first 5 s do not count. */
export function stream(queue: FairQueue, path: Path, ms: number): Outcome {
  const tcp = new Cubic(path.rttMs);
  const entries: { first: number; at: number }[] = [];
  const acks: { at: number; segment: number }[] = [];
  let head = 0;
  let credit = 0;
  let possible = 0;
  let left = 0;
  let waited = 0;
  let longestWait = 0;
  const add = (first: number, count: number, now: number): void => {
    for (let i = 0; i < count; i += 2) {
      const segments = Math.min(2, count - i);
      if (!queue.add(entries.length, 1, segments * SEGMENT, segments, false, now))
        throw new RangeError('full');
      entries.push({ first: first + i, at: now });
    }
  };
  for (let now = 0; now < ms; now += STEP_MS) {
    const { dipsOfRttMs } = path;
    const isDip = dipsOfRttMs !== undefined && now % 5000 > 4800 - dipsOfRttMs;
    const rate = isDip ? path.rate / 2 : path.rate;
    credit = Math.min(credit + (rate * STEP_MS) / 1000, Math.max(2 * SEGMENT, (rate * 2 * STEP_MS) / 1000));
    if (now > 5000) possible += (rate * STEP_MS) / 1000;
    while (credit > 0) {
      const verdict = queue.take(Math.max(SEGMENT, credit), now);
      if (verdict === 'none') break;
      if (verdict === 'drop') continue;
      const { handle, firstSegment, segments, bytes } = queue.taken;
      const { first, at } = entries[handle];
      for (let i = 0; i < segments; i++)
        acks.push({ at: now + path.rttMs, segment: first + firstSegment + i });
      credit -= bytes;
      if (now <= 5000) continue;
      left += bytes;
      waited += bytes * (now - at);
      longestWait = Math.max(longestWait, now - at);
    }
    const came: number[] = [];
    for (; head < acks.length && acks[head].at <= now; head++) came.push(acks[head].segment);
    const first = tcp.next;
    const queuedMs = (queue.bytes * 1000) / rate;
    const count = came.length > 0 ? tcp.onAcked(came, queuedMs, now) : tcp.restart();
    add(first, count, now);
  }
  return { share: left / possible, meanWait: waited / left, longestWait };
}
