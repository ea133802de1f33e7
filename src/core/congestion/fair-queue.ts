// What waits ahead of the pacer: a queue for each flow, served in turn, and CoDel on each of them (RFC 8290, RFC 8289). Entries are
// super-packets, of which the segments leave one after the other, so that a long one holds nobody up. No object per packet.

export interface FairQueueLimits {
  /** Entries at most. */
  readonly entries: number;
  /** Bytes at most, in all. */
  readonly bytes: number;
  /** Flows told apart; a power of two. */
  readonly flows: number;
}

/** RFC 8290 section 5.2: bytes that a flow may send in its turn. */
export const QUANTUM = 1514;
/**
 * RFC 8289 section 4: ms that packets may wait on and on, and ms after which that is too long. Both are longer than there, since each flow has
 * a queue of its own, so that a long one delays nobody else. A stream of TCP that is alone shall fill the path:
 *
 * - CUBIC goes on with 0.7 of its window after a loss; what it then lacks must have waited here: 1 / 0.7 - 1 of a round trip.
 * - While BBR looks for the shortest round trip, half of what comes stays here for 200 ms and a round trip. If that were taken for a standing
 *   queue, the stream would lose packets every five seconds, for which it needs many seconds to recover on a long path. Streams with twice
 *   the round trip (their ends are behind the tunnel's) need some more.
 *
 * With 5 ms and 100 ms such a stream got 60 % of 50 Mbit/s at 50 ms, and 50 % of 200 Mbit/s; with these what an endless queue gives it.
 */
export const TARGET_MS = 5;
export const INTERVAL_MS = 300;
const TARGET_SHARE = 0.43;
const INTERVAL_SHARE = 2;
/** ms; for longer round trips nothing waits longer here. */
const RTT_MAX_MS = 1000;
/** ms, at least, after which what waits is of use to nobody. */
export const WAIT_MAX_MS = 2000;
/** No entry, no flow. */
const NONE = -1;

/** none: nothing may leave now. send: the segments named. drop: they are not to be sent, since the flow's queue stands, or they waited too long. */
export type TakeVerdict = 'none' | 'send' | 'drop';

/** What take() gives: filled in again and again. */
export interface Taken {
  /** As add() was told. */
  handle: number;
  firstSegment: number;
  segments: number;
  bytes: number;
  /** Nothing of the entry is left. */
  isLast: boolean;
  /** send: the packets are to carry CE (their entry said that they may). */
  isMarked: boolean;
}

/** One path's. Handles are the caller's; what add() refused is still the caller's. */
export class FairQueue {
  readonly taken: Taken = {
    handle: 0,
    firstSegment: 0,
    segments: 0,
    bytes: 0,
    isLast: false,
    isMarked: false,
  };
  /** Of all that waits. */
  bytes = 0;
  entries = 0;
  private readonly limits: FairQueueLimits;
  private readonly entry: Entries;
  private readonly flow: Flows;
  private readonly fresh = new Ring();
  private readonly old = new Ring();
  private targetMs = TARGET_MS;
  private intervalMs = INTERVAL_MS;

  constructor(limits: FairQueueLimits) {
    this.limits = limits;
    this.entry = new Entries(limits.entries);
    this.flow = new Flows(limits.flows);
  }

  /** Of the path as it is; 0: not known. `stallMs`: for so long a flow's acknowledgements may stay away while lost packets are sent again. */
  setRtt(rttMs: number, stallMs = 0): void {
    const boundedMs = Math.min(rttMs, RTT_MAX_MS);
    const boundedStallMs = Math.min(stallMs, RTT_MAX_MS);
    this.targetMs = Math.max(TARGET_MS, TARGET_SHARE * boundedMs + boundedStallMs);
    this.intervalMs = INTERVAL_MS + INTERVAL_SHARE * (boundedMs + boundedStallMs);
  }

  /**
   * `flowHash`: 32 bits, of what names the flow. `segments` of `segmentBytes` each (the last one shorter) leave in order. False: no room;
   * then the flow with the most bytes is to give some up (shed()).
   */
  add(
    handle: number,
    flowHash: number,
    bytes: number,
    segments: number,
    mayMark: boolean,
    now: number,
  ): boolean {
    const { limits, entry, flow } = this;
    if (this.entries >= limits.entries || this.bytes + bytes > limits.bytes) return false;
    const at = entry.take();
    const bucket = (flowHash >>> 0) & (limits.flows - 1);
    entry.set(at, handle, bytes, segments, mayMark, now);
    if (flow.tail[bucket] === NONE) flow.head[bucket] = at;
    else entry.next[flow.tail[bucket]] = at;
    flow.tail[bucket] = at;
    flow.bytes[bucket] += bytes;
    this.bytes += bytes;
    this.entries++;
    if (flow.isListed[bucket] === 0) {
      flow.isListed[bucket] = 1;
      flow.deficit[bucket] = QUANTUM;
      this.fresh.push(flow, bucket);
    }
    return true;
  }

  /** What is next is of a flow that sends so little that it does not queue (RFC 8290 section 3: a new one). */
  get isSparseNext(): boolean {
    const { flow, fresh } = this;
    return fresh.head !== NONE && flow.deficit[fresh.head] > 0 && flow.head[fresh.head] !== NONE;
  }

  /** The next segments of the flow whose turn it is, of `maxBytes` at most but one at least; they stand in `taken`. */
  take(maxBytes: number, now: number): TakeVerdict {
    const { flow, fresh, old } = this;
    for (;;) {
      const ring = fresh.head === NONE ? old : fresh;
      const bucket = ring.head;
      if (bucket === NONE) return 'none';
      if (flow.deficit[bucket] <= 0) {
        flow.deficit[bucket] += QUANTUM;
        ring.shift(flow);
        old.push(flow, bucket);
        continue;
      }
      if (flow.head[bucket] === NONE) {
        ring.shift(flow);
        // A flow that was fresh waits for the others once, so that nobody is fresh all the time.
        if (ring === fresh && old.head !== NONE) old.push(flow, bucket);
        else flow.isListed[bucket] = 0;
        continue;
      }
      return this.takeOf(bucket, maxBytes, now);
    }
  }

  /** Makes room: the last entry of the flow with the most bytes goes. Undefined: nothing waits. Gives its handle. */
  shed(): number | undefined {
    const { flow, entry } = this;
    let fattest = NONE;
    for (let bucket = 0; bucket < this.limits.flows; bucket++)
      if (flow.head[bucket] !== NONE && (fattest === NONE || flow.bytes[bucket] > flow.bytes[fattest]))
        fattest = bucket;
    if (fattest === NONE) return undefined;
    let at = flow.head[fattest];
    let before = NONE;
    while (entry.next[at] !== NONE) {
      before = at;
      at = entry.next[at];
    }
    this.forget(fattest, entry.bytes[at]);
    this.entries--;
    flow.tail[fattest] = before;
    if (before === NONE) flow.head[fattest] = NONE;
    else entry.next[before] = NONE;
    entry.release(at);
    return entry.handles[at];
  }

  private takeOf(bucket: number, maxBytes: number, now: number): TakeVerdict {
    const { flow, entry, taken } = this;
    const at = flow.head[bucket];
    const isBad = this.isToBeSignalled(bucket, now - entry.since[at], now);
    const mayMark = entry.mayMark[at] === 1;
    const isStale = now - entry.since[at] > Math.max(WAIT_MAX_MS, 2 * this.intervalMs);
    const isDrop = isStale || (isBad && !mayMark);
    const left = entry.segments[at] - entry.first[at];
    const each = entry.bytes[at] / left;
    // Turns are for those who share.
    const budget = flow.bytes[bucket] < this.bytes ? Math.min(maxBytes, flow.deficit[bucket]) : maxBytes;
    const count = isDrop ? (isStale ? left : 1) : Math.min(left, Math.max(1, Math.floor(budget / each)));
    taken.handle = entry.handles[at];
    taken.firstSegment = entry.first[at];
    taken.segments = count;
    taken.bytes = count * each;
    taken.isLast = count === left;
    taken.isMarked = isBad && mayMark;
    entry.first[at] += count;
    entry.bytes[at] -= taken.bytes;
    this.forget(bucket, taken.bytes);
    if (!isDrop) flow.deficit[bucket] -= taken.bytes;
    if (taken.isLast) {
      flow.head[bucket] = entry.next[at];
      if (flow.head[bucket] === NONE) flow.tail[bucket] = NONE;
      entry.release(at);
      this.entries--;
    }
    return isDrop ? 'drop' : 'send';
  }

  private forget(bucket: number, bytes: number): void {
    this.flow.bytes[bucket] = Math.max(0, this.flow.bytes[bucket] - bytes);
    this.bytes = this.entries === 0 ? 0 : Math.max(0, this.bytes - bytes);
  }

  /** RFC 8289 section 5: whether this is the packet by which the flow learns that its queue stands. */
  private isToBeSignalled(bucket: number, waitedMs: number, now: number): boolean {
    const { flow, intervalMs } = this;
    const isStanding = waitedMs >= this.targetMs && flow.bytes[bucket] > QUANTUM;
    if (!isStanding) {
      flow.firstAboveAt[bucket] = 0;
      flow.isDropping[bucket] = 0;
      return false;
    }
    if (flow.firstAboveAt[bucket] === 0) {
      flow.firstAboveAt[bucket] = now + intervalMs;
      return false;
    }
    if (flow.isDropping[bucket] === 0) {
      if (now < flow.firstAboveAt[bucket]) return false;
      flow.isDropping[bucket] = 1;
      // Where it stood a moment ago, the control goes on as fast as it was.
      const recent = flow.count[bucket] - flow.lastCount[bucket];
      const isRecent = now - flow.dropNextAt[bucket] < 16 * intervalMs && recent > 1;
      flow.count[bucket] = isRecent ? recent : 1;
      flow.lastCount[bucket] = flow.count[bucket];
      flow.dropNextAt[bucket] = now + intervalMs / Math.sqrt(flow.count[bucket]);
      return true;
    }
    if (now < flow.dropNextAt[bucket]) return false;
    flow.count[bucket]++;
    flow.dropNextAt[bucket] += intervalMs / Math.sqrt(flow.count[bucket]);
    return true;
  }
}

/** Entries, of which those in use hang together by `next`, and so do the free ones. */
class Entries {
  readonly next: Int32Array;
  readonly handles: Float64Array;
  /** Of the segments that are left. */
  readonly bytes: Float64Array;
  readonly segments: Uint16Array;
  /** The first one that is left. */
  readonly first: Uint16Array;
  readonly mayMark: Uint8Array;
  /** ms */
  readonly since: Float64Array;
  private free = 0;

  constructor(size: number) {
    this.next = Int32Array.from({ length: size }, (_, at) => (at + 1 < size ? at + 1 : NONE));
    this.handles = new Float64Array(size);
    this.bytes = new Float64Array(size);
    this.segments = new Uint16Array(size);
    this.first = new Uint16Array(size);
    this.mayMark = new Uint8Array(size);
    this.since = new Float64Array(size);
  }

  /** There must be a free one. */
  take(): number {
    const at = this.free;
    this.free = this.next[at];
    this.next[at] = NONE;
    return at;
  }

  set(at: number, handle: number, bytes: number, segments: number, mayMark: boolean, since: number): void {
    this.handles[at] = handle;
    this.bytes[at] = bytes;
    this.segments[at] = segments;
    this.first[at] = 0;
    this.mayMark[at] = mayMark ? 1 : 0;
    this.since[at] = since;
  }

  release(at: number): void {
    this.next[at] = this.free;
    this.free = at;
  }
}

/** What RFC 8290 and RFC 8289 keep of each flow. */
class Flows {
  readonly head: Int32Array;
  readonly tail: Int32Array;
  readonly bytes: Float64Array;
  readonly deficit: Float64Array;
  /** Stands in one of the rings. */
  readonly isListed: Uint8Array;
  /** The next in its ring. */
  readonly nextFlow: Int32Array;
  /** ms; 0: its packets do not wait too long. */
  readonly firstAboveAt: Float64Array;
  readonly isDropping: Uint8Array;
  readonly count: Float64Array;
  readonly lastCount: Float64Array;
  readonly dropNextAt: Float64Array;

  constructor(size: number) {
    this.head = new Int32Array(size).fill(NONE);
    this.tail = new Int32Array(size).fill(NONE);
    this.bytes = new Float64Array(size);
    this.deficit = new Float64Array(size);
    this.isListed = new Uint8Array(size);
    this.nextFlow = new Int32Array(size).fill(NONE);
    this.firstAboveAt = new Float64Array(size);
    this.isDropping = new Uint8Array(size);
    this.count = new Float64Array(size);
    this.lastCount = new Float64Array(size);
    this.dropNextAt = new Float64Array(size);
  }
}

/** Flows in the order of their turns. */
class Ring {
  head = NONE;
  private tail = NONE;

  push(flow: Flows, bucket: number): void {
    flow.nextFlow[bucket] = NONE;
    if (this.tail === NONE) this.head = bucket;
    else flow.nextFlow[this.tail] = bucket;
    this.tail = bucket;
  }

  shift(flow: Flows): void {
    this.head = flow.nextFlow[this.head];
    if (this.head === NONE) this.tail = NONE;
  }
}
