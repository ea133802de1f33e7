// A path with one bottleneck and a sender that always has something to send, or as much as it is told: for tests of congestion control.
import { fraction, type Rng, seededRng } from '../../../src/core/base/rng.ts';
import { Bbr } from '../../../src/core/congestion/bbr.ts';
import type { BbrPhase } from '../../../src/core/congestion/bbr-state.ts';
import { Delivery } from '../../../src/core/congestion/delivery.ts';
import type { LossSettings } from '../../../src/core/congestion/loss-rule.ts';
import type { CongestionControl } from '../../../src/core/congestion/types.ts';

export const DATAGRAM = 1400;

export interface LinkOptions {
  /** Bytes per second. */
  rate: number;
  /** ms, both ways together. */
  rttMs: number;
  /** Bytes. */
  queue: number;
  /** Share of datagrams lost at random, each way. */
  loss?: number;
  /** Datagrams that are lost together, on average. */
  burst?: number;
  /** Token bucket in bytes: what exceeds `rate` is dropped instead of queued. */
  policer?: number;
  /** ms by which a datagram may come later than others. */
  jitterMs?: number;
  /** ms of queue from which on datagrams are marked (ECN). */
  markMs?: number;
  /** Acknowledgements arrive at multiples of it only, ms. */
  aggregateMs?: number;
  /** ms by which an acknowledgement may be taken later than it came. */
  ackLateMs?: number;
  /** Bytes per second of each span of so many ms, again and again: in place of `rate`. */
  trace?: { readonly stepMs: number; readonly rates: readonly number[] };
}

interface Event {
  at: number;
  order: number;
  run(): void;
}

/** Events in order of time. */
class Events {
  private readonly list: Event[] = [];
  private order = 0;

  add(at: number, run: () => void): void {
    const { list } = this;
    const event = { at, order: this.order++, run };
    let i = list.length;
    list.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(event, list[parent])) break;
      list[i] = list[parent];
      i = parent;
    }
    list[i] = event;
  }

  take(): Event | undefined {
    const { list } = this;
    const top = list[0];
    const last = list.pop();
    if (last === undefined || list.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= list.length) break;
      if (child + 1 < list.length && isBefore(list[child + 1], list[child])) child++;
      if (!isBefore(list[child], last)) break;
      list[i] = list[child];
      i = child;
    }
    list[i] = last;
    return top;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** What a flow knew right after an acknowledgement. */
export interface Point {
  readonly at: number;
  /** Empty: another control than BBR. */
  readonly phase: BbrPhase | '';
  readonly bw: number;
  readonly pacingRate: number;
  readonly inflight: number;
  readonly queueMs: number;
  /** Of the newest datagram acknowledged. */
  readonly rttMs: number;
  /** Bytes, since the flow began. */
  readonly arrived: number;
}

/** The bottleneck; flows of several senders may share it. */
export class Link {
  readonly options: LinkOptions;
  readonly events = new Events();
  now = 0;
  dropped = 0;
  /** The last one that was carried is marked. */
  isMarked = false;
  private busyUntil = 0;
  /** With a trace: the bytes that wait, and when each datagram of them leaves, in order. */
  private waiting = 0;
  private departures: { readonly at: number; readonly bytes: number }[] = [];
  private tokens: number;
  private tokensAt = 0;
  private isBad = false;
  private readonly rng: Rng;

  constructor(options: LinkOptions, seed: number) {
    this.options = options;
    this.rng = seededRng(seed);
    this.tokens = options.policer ?? 0;
  }

  get queueMs(): number {
    return Math.max(0, this.busyUntil - this.now);
  }

  isLost(): boolean {
    const { loss = 0, burst = 1 } = this.options;
    if (loss === 0) return false;
    if (burst === 1) return fraction(this.rng) < loss;
    // Gilbert and Elliott: all is lost in the bad state.
    const leaves = 1 / burst;
    const enters = (leaves * loss) / (1 - loss);
    this.isBad = this.isBad ? fraction(this.rng) >= leaves : fraction(this.rng) < enters;
    return this.isBad;
  }

  /** Undefined: dropped. Else the ms at which it arrives. */
  carry(bytes: number): number | undefined {
    const { rate, rttMs, queue, policer, jitterMs = 0 } = this.options;
    const { now } = this;
    if (policer !== undefined) {
      this.tokens = Math.min(policer, this.tokens + ((now - this.tokensAt) * rate) / 1000);
      this.tokensAt = now;
      if (this.tokens < bytes) return this.drop();
      this.tokens -= bytes;
    } else if (this.options.trace !== undefined) {
      if (this.waitingBytes() > queue) return this.drop();
      this.busyUntil = this.departure(Math.max(now, this.busyUntil), bytes);
      this.waiting += bytes;
      this.departures.push({ at: this.busyUntil, bytes });
    } else {
      if ((this.queueMs * rate) / 1000 > queue) return this.drop();
      this.isMarked = this.queueMs > (this.options.markMs ?? Number.POSITIVE_INFINITY);
      this.busyUntil = Math.max(now, this.busyUntil) + (bytes * 1000) / rate;
    }
    if (this.isLost()) return this.drop();
    const leaves = policer === undefined ? this.busyUntil : now;
    return leaves + rttMs / 2 + fraction(this.rng) * jitterMs;
  }

  private waitingBytes(): number {
    const { departures, now } = this;
    let gone = 0;
    while (gone < departures.length && departures[gone].at <= now) this.waiting -= departures[gone++].bytes;
    departures.splice(0, gone);
    return this.waiting;
  }

  /** ms at which the last of so many bytes is out that begin to leave at `from`. */
  private departure(from: number, bytes: number): number {
    const { stepMs, rates } = this.options.trace ?? { stepMs: 1, rates: [] };
    let at = from;
    let left = bytes;
    for (let step = Math.floor(at / stepMs); ; step++) {
      const rate = rates[step % rates.length];
      const room = (rate * ((step + 1) * stepMs - at)) / 1000;
      if (room >= left) return at + (left * 1000) / rate;
      left -= room;
      at = (step + 1) * stepMs;
    }
  }

  private drop(): undefined {
    this.dropped++;
    return undefined;
  }

  run(untilMs: number): void {
    for (let event = this.events.take(); event !== undefined; event = this.events.take()) {
      if (event.at > untilMs) {
        this.events.add(event.at, event.run);
        break;
      }
      this.now = Math.max(this.now, event.at);
      event.run();
    }
    this.now = untilMs;
  }
}

/** Datagrams that the receiver takes before it acknowledges, and ms after which it does at the latest. */
const ACK_EVERY = 4;
const ACK_DELAY_MS = 5;
const RANGES_MAX = 32;

export class Flow {
  readonly delivery: Delivery;
  readonly control: CongestionControl;
  readonly points: Point[] = [];
  /** Bytes that arrived. */
  arrived = 0;
  /** Bytes per second that there are to send; Infinity: always enough. */
  appRate = Number.POSITIVE_INFINITY;
  /** ms between two points at least, unless the phase changes. */
  pointsMs = 0;
  private readonly link: Link;
  private sequence = 0;
  private nextSendAt = 0;
  private isWoken = false;
  private timerAt = Number.POSITIVE_INFINITY;
  private credit = 0;
  private creditAt = 0;
  /** Bytes that connections inside may have under way; Infinity: as many as there is room for. */
  private window = Number.POSITIVE_INFINITY;
  private windowMost = Number.POSITIVE_INFINITY;
  private innerDelivered = 0;
  private innerLost = 0;
  /** Of the receiver: ranges of sequences, oldest first. */
  private ranges: [number, number][] = [];
  private unacked = 0;
  private marked = 0;
  private isAckDue = false;
  private largestAt = 0;
  private readonly ackRng: Rng;

  constructor(
    link: Link,
    seed: number,
    control?: (delivery: Delivery) => CongestionControl,
    losses?: LossSettings,
  ) {
    this.link = link;
    this.ackRng = seededRng(seed + 0.5);
    this.delivery = new Delivery(DATAGRAM, 10 * DATAGRAM, ACK_DELAY_MS, { onProbe: () => this.send(1) });
    this.control =
      control?.(this.delivery) ?? new Bbr(this.delivery.transport, seededRng(seed), link.now, { losses });
  }

  get bbr(): Bbr {
    if (!(this.control instanceof Bbr)) throw new TypeError('another control');
    return this.control;
  }

  start(): void {
    this.creditAt = this.link.now;
    this.trace();
    this.wake(this.link.now);
  }

  /** As if the program slept or woke. */
  setRate(rate: number): void {
    this.appRate = rate;
    this.credit = 0;
    this.creditAt = this.link.now;
    this.wake(this.link.now);
  }

  /** There is to be sent what connections inside let leave, which begin with so many bytes and double them each round trip. */
  setInner(window: number, most: number): void {
    this.window = window;
    this.windowMost = most;
    this.credit = window;
    this.wake(this.link.now);
  }

  /** What is lost is sent again, of which those connections do not know. */
  private growInner(): void {
    const { delivered, lost } = this.delivery.transport;
    const grown = Math.min(delivered - this.innerDelivered, this.windowMost - this.window);
    this.window += grown;
    this.credit += delivered + lost - this.innerDelivered - this.innerLost + grown;
    this.innerDelivered = delivered;
    this.innerLost = lost;
  }

  private wake(at: number): void {
    if (this.isWoken) return;
    this.isWoken = true;
    this.link.events.add(at, () => {
      this.isWoken = false;
      this.pump();
    });
  }

  private pump(): void {
    const { link, delivery } = this;
    const { control } = this.control;
    const { transport } = delivery;
    if (this.window < Number.POSITIVE_INFINITY) this.growInner();
    if (this.appRate < Number.POSITIVE_INFINITY) {
      this.credit += ((link.now - this.creditAt) * this.appRate) / 1000;
      this.creditAt = link.now;
    }
    for (;;) {
      if (link.now < this.nextSendAt) return this.wake(this.nextSendAt);
      const isHeld = this.window < Number.POSITIVE_INFINITY || this.appRate < Number.POSITIVE_INFINITY;
      if (isHeld && this.credit < DATAGRAM) {
        delivery.markAppLimited();
        const isSlow = this.appRate < Number.POSITIVE_INFINITY;
        if (isSlow && this.appRate > 0)
          this.wake(link.now + 0.01 + ((DATAGRAM - this.credit) * 1000) / this.appRate);
        return;
      }
      const room = control.cwnd - transport.inflight;
      if (room < DATAGRAM) {
        delivery.markCwndLimited();
        return;
      }
      const has = isHeld ? this.credit : Number.POSITIVE_INFINITY;
      const bytes = Math.min(control.sendQuantum, room, has);
      this.control.onTransmit(link.now);
      const datagrams = Math.min(40, Math.max(1, Math.floor(bytes / DATAGRAM)));
      this.send(datagrams);
      this.credit -= datagrams * DATAGRAM;
      this.nextSendAt =
        Math.max(link.now, this.nextSendAt) + (datagrams * DATAGRAM * 1000) / control.pacingRate;
    }
  }

  private send(datagrams: number): void {
    const { link, delivery } = this;
    const first = this.sequence;
    if (!delivery.sent(first, datagrams, datagrams * DATAGRAM, link.now)) return;
    this.sequence += datagrams;
    for (let sequence = first; sequence < first + datagrams; sequence++) {
      const at = link.carry(DATAGRAM);
      const { isMarked } = link;
      if (at !== undefined) link.events.add(at, () => this.receive(sequence, isMarked));
    }
    this.arm();
  }

  private receive(sequence: number, isMarked: boolean): void {
    const { link } = this;
    if (isMarked) this.marked++;
    this.arrived += DATAGRAM;
    this.largestAt = link.now;
    this.note(sequence);
    if (++this.unacked >= ACK_EVERY) this.acknowledge();
    else if (!this.isAckDue) {
      this.isAckDue = true;
      link.events.add(link.now + ACK_DELAY_MS, () => {
        if (this.isAckDue) this.acknowledge();
      });
    }
  }

  private note(sequence: number): void {
    const { ranges } = this;
    let i = ranges.length;
    while (i > 0 && ranges[i - 1][0] > sequence) i--;
    const before = ranges[i - 1];
    const after = ranges[i];
    if (before !== undefined && before[1] === sequence - 1) before[1] = sequence;
    else if (after !== undefined && after[0] === sequence + 1) {
      after[0] = sequence;
      return;
    } else ranges.splice(i, 0, [sequence, sequence]);
    const at = before !== undefined && before[1] === sequence ? i - 1 : i;
    const next = ranges[at + 1];
    if (next !== undefined && next[0] === ranges[at][1] + 1) {
      ranges[at][1] = next[1];
      ranges.splice(at + 1, 1);
    }
    if (ranges.length > RANGES_MAX) ranges.splice(0, ranges.length - RANGES_MAX);
  }

  private acknowledge(): void {
    const { link } = this;
    this.unacked = 0;
    this.isAckDue = false;
    if (link.isLost()) return;
    const ranges = this.ranges.flatMap((range) => [...range]);
    const newestFirst: number[] = [];
    for (let i = ranges.length - 2; i >= 0; i -= 2) newestFirst.push(ranges[i], ranges[i + 1]);
    const delayMs = link.now - this.largestAt;
    const { aggregateMs, ackLateMs = 0 } = link.options;
    const { marked } = this;
    this.marked = 0;
    const at = link.now + link.options.rttMs / 2 + (ackLateMs > 0 ? fraction(this.ackRng) * ackLateMs : 0);
    const arrives = aggregateMs === undefined ? at : Math.ceil(at / aggregateMs) * aggregateMs;
    link.events.add(arrives, () => {
      this.delivery.onAck(newestFirst, newestFirst.length / 2, delayMs, this.control, link.now, marked);
      this.trace();
      this.pump();
      this.arm();
    });
  }

  private trace(): void {
    const { link, delivery, points, control } = this;
    const phase = control instanceof Bbr ? control.state.phase : '';
    const last = points.at(-1);
    if (last !== undefined && last.phase === phase && link.now < last.at + this.pointsMs) return;
    points.push({
      at: link.now,
      phase,
      bw: control instanceof Bbr ? control.state.bw : 0,
      pacingRate: control.control.pacingRate,
      inflight: delivery.transport.inflight,
      queueMs: link.queueMs,
      rttMs: delivery.rtt.latestMs,
      arrived: this.arrived,
    });
  }

  private arm(): void {
    const { link, delivery } = this;
    if (delivery.wakeAt >= this.timerAt || delivery.wakeAt === Number.POSITIVE_INFINITY) return;
    const at = delivery.wakeAt;
    this.timerAt = at;
    link.events.add(Math.max(at, link.now), () => {
      this.timerAt = Number.POSITIVE_INFINITY;
      delivery.onTimer(this.control, link.now);
      this.pump();
      this.arm();
    });
  }
}

/** Bits per second. */
export function mbit(value: number): number {
  return (value * 1e6) / 8;
}

export function bdp(options: LinkOptions): number {
  return (options.rate * options.rttMs) / 1000;
}
