// Puts TCP packets that waited for a repair back into their order: the twin of native/resequence.h, whose rules it has. What is tried on one
// in test/native/resequence.test.ts is tried on the other.
import { BoundedMap } from '../core/base/bounded-map.ts';
import type { ReplayWindow } from '../core/session/session.ts';

/** Flows known at a time, and how long one is known of which nothing comes. */
const FLOWS = 4096;
const IDLE_MS = 60_000;
/** Held: bytes in all and per remote, packets per remote, flows that hold any. */
const MAX_BYTES = 32 * 2 ** 20;
const MAX_BYTES_PER_REMOTE = 8 * 2 ** 20;
const MAX_PACKETS_PER_REMOTE = 8192;
const MAX_HOLDING = 512;
const MAX_HOLDING_PER_REMOTE = 128;
/** What is noted of a held packet, bytes. */
const NOTED_BYTES = 256;
/** No window of TCP is larger; what is further ahead belongs to something that the flow's state is not about. */
const REACH = 2 ** 30;
const FIN = 1;
const SYN = 2;
const RST = 4;

/** An opened packet of TCP in one piece. */
export interface Arrival<T> {
  readonly remote: number;
  /** Receive key slot, and its window. */
  readonly key: number;
  readonly window: ReplayWindow;
  readonly holdMs: number;
  /** The counter under which it was sent first. */
  readonly position: number;
  /** Names the flow among those of its remote: selectors, ports, family. */
  readonly flow: string;
  readonly sequence: number;
  readonly flags: number;
  /** Bytes of payload, and of the whole packet. */
  readonly payload: number;
  readonly length: number;
  /** The sender keeps it, or sent it again. */
  readonly isKept: boolean;
  readonly what: T;
}

interface Held<T> {
  readonly arrival: Arrival<T>;
  readonly end: number;
  readonly endMs: number;
}

interface Share {
  bytes: number;
  packets: number;
  flows: number;
}

interface Flow<T> {
  readonly remote: number;
  readonly name: string;
  /** Sequence number expected; key and position of what came last before it. */
  next: number;
  key: number;
  position: number;
  lastMs: number;
  waitsKey: number;
  waitsFor: number;
  /** In the order of sending. */
  readonly held: Held<T>[];
  /** The same in the order of arrival. */
  readonly arrived: Held<T>[];
}

/** What it did, since the start: packets held, gaps waited for no longer, held packets whose key went. */
export interface ResequencerCounts {
  held: number;
  expired: number;
  dropped: number;
}

export class Resequencer<T> {
  readonly counts: ResequencerCounts = { held: 0, expired: 0, dropped: 0 };
  private readonly flows = new BoundedMap<string, Flow<T>>(FLOWS, (_, flow) => this.letGo(flow));
  /** Those that hold packets. */
  private readonly holding = new Set<Flow<T>>();
  /** What is held of each remote of which anything is. */
  private readonly shares = new Map<number, Share>();
  private ready: Arrival<T>[] = [];
  private bytes = 0;

  /** True: it goes up now, and what it let go behind it (take). False: it comes from take, at once or later. When nothing is ready. */
  add(arrival: Arrival<T>, now: number): boolean {
    const name = `${arrival.remote} ${arrival.flow}`;
    const isNew = (arrival.flags & (SYN | RST)) !== 0;
    const end = (arrival.sequence + arrival.payload + ((arrival.flags & FIN) !== 0 ? 1 : 0)) >>> 0;
    let flow = this.flows.get(name);
    if (flow !== undefined && now - flow.lastMs >= IDLE_MS && flow.held.length === 0) flow = undefined;
    if (flow === undefined) {
      if (arrival.isKept && arrival.payload > 0 && !isNew)
        this.flows.set(name, openFlow(name, arrival, end, now));
      return true;
    }
    flow.lastMs = now;
    return this.admit(flow, arrival, end, now);
  }

  private admit(flow: Flow<T>, arrival: Arrival<T>, end: number, now: number): boolean {
    const isNew = (arrival.flags & (SYN | RST)) !== 0;
    let ahead = distance(flow.next, arrival.sequence);
    if (isNew || ahead > REACH) {
      const isBehind = flow.held.length > 0;
      this.letGo(flow);
      if (isNew) this.flows.delete(flow.name);
      else advance(flow, arrival, end);
      return isBehind ? this.follow(arrival) : true;
    }
    if (end === arrival.sequence) return true;
    // What the inner sender sent again must not overtake what waits: of that it would take all for lost that it sent before.
    const overtakes = () => ahead < 0 && flow.held.length > 0 && isBefore(flow.held[0].arrival, arrival);
    while (ahead > 0 || overtakes()) {
      const isKept = arrival.isKept && arrival.payload > 0;
      if (flow.held.length === 0 && (!isKept || missingBefore(flow, arrival) === arrival.position)) break;
      if (!this.makeRoom(flow, NOTED_BYTES + arrival.length)) return this.hold(flow, arrival, end, now);
      ahead = distance(flow.next, arrival.sequence);
    }
    const isBehind = this.ready.length > 0;
    advance(flow, arrival, end);
    if (isBehind) return this.follow(arrival);
    this.settle(flow, Number.NEGATIVE_INFINITY);
    return true;
  }

  /** A counter of a key that was missing has come, itself or by a repair, and was handled. */
  filled(key: number, counter: number): void {
    for (const flow of this.byTime())
      if (flow.waitsFor === counter && flow.waitsKey === key) this.settle(flow, Number.NEGATIVE_INFINITY);
  }

  /** Lets go what has waited long enough. */
  expire(now: number): void {
    for (const flow of this.byTime()) if (endOf(flow) <= now) this.settle(flow, now);
  }

  /** ms at which something is to go up. */
  get wakeAt(): number {
    if (this.ready.length > 0) return Number.NEGATIVE_INFINITY;
    let first = Number.POSITIVE_INFINITY;
    for (const flow of this.holding) first = Math.min(first, endOf(flow));
    return first;
  }

  /** The next that goes up. */
  take(): T | undefined {
    return this.ready.shift()?.what;
  }

  get hasReady(): boolean {
    return this.ready.length > 0;
  }

  /** A key slot is cleared or set anew. */
  forgetKey(key: number): void {
    const isOther = (arrival: Arrival<T>) => arrival.key !== key;
    const before = this.ready.length;
    this.ready = this.ready.filter(isOther);
    this.counts.dropped += before - this.ready.length;
    for (const flow of this.flows.values()) if (flow.key === key) flow.key = -1;
    for (const flow of this.byTime()) {
      const gone = flow.held.filter(({ arrival }) => !isOther(arrival));
      for (const held of gone) this.leave(flow, held);
      this.counts.dropped += gone.length;
      if (gone.length > 0 || flow.waitsKey === key) this.settle(flow, Number.NEGATIVE_INFINITY);
    }
  }

  /** Nothing is to be held of that remote any more. */
  releaseRemote(remote: number): void {
    for (const flow of this.byTime()) if (flow.remote === remote) this.letGo(flow);
  }

  /** Flows that hold, the one whose time is over first before the others. */
  private byTime(): Flow<T>[] {
    return [...this.holding].sort((a, b) => endOf(a) - endOf(b));
  }

  private follow(arrival: Arrival<T>): boolean {
    this.ready.push(arrival);
    return false;
  }

  private hold(flow: Flow<T>, arrival: Arrival<T>, end: number, now: number): boolean {
    const held = { arrival, end, endMs: now + arrival.holdMs };
    const { length } = flow.held;
    let at = length;
    while (at > 0 && !isBefore(flow.held[at - 1].arrival, arrival)) at--;
    flow.held.splice(at, 0, held);
    flow.arrived.push(held);
    this.count(flow, 1, arrival);
    this.counts.held++;
    if (at === 0) this.settle(flow, Number.NEGATIVE_INFINITY);
    return false;
  }

  /** Lets flows go until the bounds leave room for one more packet. True: this one was among them. */
  private makeRoom(flow: Flow<T>, cost: number): boolean {
    let isLetGo = false;
    const give = (victim: Flow<T>) => {
      isLetGo ||= victim === flow;
      this.letGo(victim);
    };
    const isNew = () => flow.held.length === 0;
    for (let share = this.shareOf(flow); share.flows > 0; share = this.shareOf(flow)) {
      const { bytes, packets, flows } = share;
      const hasFlow = !isNew() || flows < MAX_HOLDING_PER_REMOTE;
      if (bytes + cost <= MAX_BYTES_PER_REMOTE && packets < MAX_PACKETS_PER_REMOTE && hasFlow) break;
      give(this.byTime().find(({ remote }) => remote === flow.remote) as Flow<T>);
    }
    const isFull = () => this.bytes + cost > MAX_BYTES || (isNew() && this.holding.size === MAX_HOLDING);
    while (this.holding.size > 0 && isFull()) give(this.byTime()[0]);
    return isLetGo;
  }

  /** Lets go from the front what nothing is missing before; what has waited until `until` goes with all that is before it. */
  private settle(flow: Flow<T>, until: number): void {
    while (flow.held.length > 0) {
      const { arrival } = flow.held[0];
      const isForced = endOf(flow) <= until;
      if (!isForced && distance(flow.next, arrival.sequence) > 0) {
        const missing = missingBefore(flow, arrival);
        if (missing !== arrival.position) {
          flow.waitsKey = arrival.key;
          flow.waitsFor = missing;
          return;
        }
      }
      this.deliver(flow, isForced);
    }
  }

  private letGo(flow: Flow<T>): void {
    while (flow.held.length > 0) this.deliver(flow, true);
  }

  private deliver(flow: Flow<T>, isForced: boolean): void {
    const held = flow.held[0];
    if (isForced && distance(flow.next, held.arrival.sequence) > 0) this.counts.expired++;
    this.leave(flow, held);
    advance(flow, held.arrival, held.end);
    this.ready.push(held.arrival);
  }

  private leave(flow: Flow<T>, held: Held<T>): void {
    flow.held.splice(flow.held.indexOf(held), 1);
    flow.arrived.splice(flow.arrived.indexOf(held), 1);
    this.count(flow, -1, held.arrival);
  }

  /** A packet is held (1), or no longer (-1). */
  private count(flow: Flow<T>, by: 1 | -1, { length }: Arrival<T>): void {
    const share = this.shareOf(flow);
    share.packets += by;
    share.bytes += by * (NOTED_BYTES + length);
    this.bytes += by * (NOTED_BYTES + length);
    const holds = flow.held.length > 0;
    if (holds !== this.holding.has(flow)) share.flows += by;
    if (holds) this.holding.add(flow);
    else this.holding.delete(flow);
    if (share.packets > 0) this.shares.set(flow.remote, share);
    else this.shares.delete(flow.remote);
  }

  private shareOf({ remote }: Flow<T>): Share {
    return this.shares.get(remote) ?? { bytes: 0, packets: 0, flows: 0 };
  }
}

function openFlow<T>(name: string, arrival: Arrival<T>, end: number, now: number): Flow<T> {
  const { remote, key, position } = arrival;
  const nothing = { waitsKey: -1, waitsFor: -1, held: [], arrived: [] };
  return { remote, name, next: end, key, position, lastMs: now, ...nothing };
}

function advance<T>(flow: Flow<T>, { key, position }: Arrival<T>, end: number): void {
  if (distance(flow.next, end) <= 0) return;
  flow.next = end;
  flow.key = key;
  flow.position = position;
}

/** A counter that is missing between what came last in order and this one; its position: none. */
function missingBefore<T>(flow: Flow<T>, { key, position, window }: Arrival<T>): number {
  return window.firstMissing(flow.key === key ? flow.position + 1 : 0, position);
}

/** Sent before it; of what came under different keys, what came before. */
function isBefore<T>(known: Arrival<T>, arrival: Arrival<T>): boolean {
  return known.key !== arrival.key || known.position < arrival.position;
}

function endOf<T>(flow: Flow<T>): number {
  return flow.arrived[0].endMs;
}

/** How far `to` is ahead of `from` in sequence numbers, which wrap. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}
