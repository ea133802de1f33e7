// Streams: connections that carry datagrams while UDP is blocked. Whether it is, whom to connect to then, and which connections are
// of no use any more, those of others included.
import { BoundedMap } from '../base/bounded-map.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';

/** Of initiations that left nothing was heard for so long: peers are asked whether UDP works at all ... */
const DOUBT_MS = SECOND_MS;
/** ... and after so long it counts as blocked. */
export const SILENT_MS = 2500;
/** What they said holds for so long: nodes that are gone are called again and again. */
const ASSURED_MS = 30 * SECOND_MS;
/** Connections that are being made at once, and that this node made. */
export const DIALS_MAX = 4;
export const OWN_STREAMS_MAX = 16;
/** Addresses of a node that are tried. */
const ADDRESSES_MAX = 3;
/** Streams in all, and nodes that wait for UDP to answer or have been tried before. */
const STREAMS_MAX = 1024;
const NODES_MAX = 256;
/** A node that could not be connected to is tried again after so long, twice as long each time. */
const AGAIN_MS = 5 * SECOND_MS;
const AGAIN_MAX_MS = 10 * MINUTE_MS;
/** A stream that no session uses ends after so long; so does that of a stranger who proves nothing. */
export const UNUSED_STREAM_MS = 10 * SECOND_MS;
const SWEEP_MS = 5 * SECOND_MS;
/** Between two attempts to leave streams for UDP; the last for ever. */
export const UDP_AGAIN_MS: readonly number[] = [5, 15, 60, 300, 600].map((seconds) => seconds * SECOND_MS);
/** Where nothing else is let through, this often is. */
export const TLS_PORT = 443;

/** tcp: to the node's own port. tls: in TLS, which proves nothing and keeps no secret: it only looks usual. */
export type StreamTransport = 'tcp' | 'tls';

export interface StreamView {
  readonly transport: StreamTransport;
  /** Where its other end is. */
  readonly remote: SocketAddress;
}

export type StreamInput =
  /**
   * An initiation went to this node. `isPublic`: over the Internet. `addresses`: where it may take connections, the likeliest first.
   */
  | {
      readonly kind: 'asked';
      readonly slot: number;
      readonly isPublic: boolean;
      readonly addresses: readonly SocketAddress[];
    }
  /** Something authenticated came by UDP. `isPublic`: over the Internet; what a neighbour says proves nothing of that. */
  | { readonly kind: 'heard'; readonly isPublic: boolean }
  /** Addresses of this host changed: nothing is known of what is let through. */
  | { readonly kind: 'changed' }
  /** A connection stands. `dial`: as in the wish for it; undefined: another node made it. */
  | ({ readonly kind: 'up'; readonly stream: number; readonly dial: number | undefined } & StreamView)
  /** A connection could not be made. */
  | { readonly kind: 'failed'; readonly dial: number }
  /** A stream ended. */
  | { readonly kind: 'closed'; readonly stream: number }
  /** The path of a remote leads over this stream. */
  | { readonly kind: 'taken'; readonly stream: number; readonly slot: number }
  /** The remote lost its place. */
  | { readonly kind: 'gone'; readonly slot: number };

export type StreamSend =
  /** A connection is wanted: to be answered with `up` or `failed`. */
  | {
      readonly kind: 'dial';
      readonly dial: number;
      readonly to: SocketAddress;
      readonly transport: StreamTransport;
    }
  | { readonly kind: 'close'; readonly stream: number };

export type StreamEvent =
  | { readonly kind: 'way'; readonly slot: number; readonly stream: number }
  | { readonly kind: 'wayGone'; readonly slot: number; readonly stream: number }
  /** Peers are to give a sign of life, over UDP. */
  | { readonly kind: 'doubt' }
  /** None did: sessions that this node depends on are to be made anew, however. */
  | { readonly kind: 'silent' }
  /** UDP to this node is to be tried once more. */
  | { readonly kind: 'tryUdp'; readonly slot: number }
  /** isBlocked is another. */
  | { readonly kind: 'changed' };

/** What the machine asks of the node. */
export interface StreamWorld {
  /** ms; when something authenticated last came by UDP, over the Internet or from anywhere; -Infinity: never. */
  heardAt(isPublic: boolean): number;
  /** Whether the remote's path leads over this stream, and somebody needs it. */
  isUsed(slot: number, stream: number): boolean;
}

interface Stream extends StreamView {
  /** Of the remote at the other end; undefined: nobody proved that he is there. */
  slot: number | undefined;
  readonly isOwn: boolean;
  /** ms; when it was last in use, or came. */
  usedAt: number;
}

/** A node that cannot be connected to by UDP, perhaps. */
interface Target {
  /** At most ADDRESSES_MAX. */
  addresses: readonly SocketAddress[];
  /** Of the attempts, what comes next or worked last: every address by TCP, then every one by TLS. */
  step: number;
  /** Rounds of attempts in vain. */
  failures: number;
  /** ms; not tried before. */
  nextAt: number;
}

type Out = Outbox<StreamSend, StreamEvent>;

/** One per node. */
export class StreamUse {
  /** ms; when onTimer() is to be called next. */
  wakeAt = NEVER;
  private readonly world: StreamWorld;
  /** By slot. */
  private readonly targets = new BoundedMap<number, Target>(NODES_MAX);
  /** Slots by dial: at most DIALS_MAX. */
  private readonly dials = new Map<number, number>();
  /** By number: at most STREAMS_MAX. */
  private readonly streams = new Map<number, Stream>();
  /** ms; since when initiations go out and nothing comes; NEVER: nothing is awaited. */
  private askedAt = NEVER;
  /** Of these some went over the Internet, and only what comes from there counts. */
  private isPublic = false;
  private isDoubted = false;
  /** ms; when peers last said, asked for it, that UDP works. */
  private assuredAt = Number.NEGATIVE_INFINITY;
  /** Nothing was heard by UDP although it was awaited. */
  private isSilent = false;
  private nextDial = 1;
  private sweepAt = NEVER;
  private udpAt = NEVER;
  /** Attempts to leave streams since UDP was blocked. */
  private udpTries = 0;
  private wasBlocked = false;

  constructor(world: StreamWorld) {
    this.world = world;
  }

  /** UDP gets no answer, and others are reached by streams. */
  get isBlocked(): boolean {
    if (!this.isSilent) return false;
    for (const { isOwn, slot } of this.streams.values()) if (isOwn && slot !== undefined) return true;
    return false;
  }

  get size(): number {
    return this.streams.size;
  }

  view(stream: number): StreamView | undefined {
    return this.streams.get(stream);
  }

  handle(input: StreamInput, now: number, out: Out): void {
    switch (input.kind) {
      case 'asked':
        this.onAsked(input, now, out);
        break;
      case 'heard':
        if (input.isPublic || !this.isPublic) this.onHeard(out);
        break;
      case 'changed':
        this.forgetSilence();
        this.assuredAt = Number.NEGATIVE_INFINITY;
        this.targets.clear();
        this.tryUdp(now, out);
        break;
      case 'up':
        this.onUp(input, now, out);
        break;
      case 'failed':
        this.onFailed(input.dial, now, out);
        break;
      case 'closed':
        this.remove(input.stream, out);
        break;
      case 'gone':
        this.forget(input.slot);
        break;
      case 'taken': {
        const stream = this.streams.get(input.stream);
        if (stream === undefined) break;
        stream.slot = input.slot;
        stream.usedAt = now;
        if (stream.isOwn && this.udpAt === NEVER) this.udpAt = now + UDP_AGAIN_MS[0];
        break;
      }
    }
    this.tell(out);
    this.arm();
  }

  private forget(slot: number): void {
    this.targets.delete(slot);
    for (const [dial, of] of this.dials) if (of === slot) this.dials.delete(dial);
    for (const stream of this.streams.values()) if (stream.slot === slot) stream.slot = undefined;
  }

  onTimer(now: number, out: Out): void {
    if (this.askedAt !== NEVER && !this.isSilent) this.judge(now, out);
    if (now >= this.sweepAt) this.sweep(now, out);
    if (now >= this.udpAt) this.tryUdp(now, out);
    this.tell(out);
    this.arm();
  }

  private onAsked(input: Extract<StreamInput, { kind: 'asked' }>, now: number, out: Out): void {
    const { slot, isPublic } = input;
    const addresses = input.addresses.slice(0, ADDRESSES_MAX);
    const known = this.targets.get(slot);
    if (known !== undefined) known.addresses = addresses;
    else if (addresses.length > 0)
      this.targets.set(slot, { addresses, step: 0, failures: 0, nextAt: Number.NEGATIVE_INFINITY });
    if (this.isSilent) {
      this.dial(slot, now, out);
    } else if (this.askedAt === NEVER || (isPublic && !this.isPublic)) {
      this.askedAt = now;
      this.isPublic = isPublic;
    }
  }

  private judge(now: number, out: Out): void {
    const isHeard = this.world.heardAt(this.isPublic) >= this.askedAt;
    if (isHeard && this.isDoubted) this.assuredAt = now;
    if (isHeard || now - this.assuredAt < ASSURED_MS) {
      this.forgetSilence();
    } else if (now >= this.askedAt + SILENT_MS) {
      this.isSilent = true;
      out.emit({ kind: 'silent' });
      for (const slot of [...this.targets.keys()]) this.dial(slot, now, out);
    } else if (!this.isDoubted && now >= this.askedAt + DOUBT_MS) {
      this.isDoubted = true;
      out.emit({ kind: 'doubt' });
    }
  }

  private onHeard(out: Out): void {
    const wasSilent = this.isSilent;
    this.forgetSilence();
    this.targets.clear();
    if (!wasSilent) return;
    // What works with one works with the others, most likely.
    for (const { slot, isOwn } of this.streams.values())
      if (isOwn && slot !== undefined) out.emit({ kind: 'tryUdp', slot });
  }

  private forgetSilence(): void {
    this.askedAt = NEVER;
    this.isPublic = false;
    this.isDoubted = false;
    this.isSilent = false;
    this.udpTries = 0;
  }

  private dial(slot: number, now: number, out: Out): void {
    const target = this.targets.get(slot);
    if (target === undefined || now < target.nextAt || this.dials.size >= DIALS_MAX) return;
    let own = this.dials.size;
    for (const stream of this.streams.values()) {
      if (stream.isOwn && stream.slot === slot) return;
      own += Number(stream.isOwn);
    }
    if (own >= OWN_STREAMS_MAX || [...this.dials.values()].includes(slot)) return;
    this.send(slot, target, out);
  }

  private send(slot: number, target: Target, out: Out): void {
    const { addresses, step } = target;
    if (addresses.length === 0) return;
    const dial = this.nextDial++;
    this.dials.set(dial, slot);
    const address = addresses[step % addresses.length];
    if (step < addresses.length) out.send({ kind: 'dial', dial, to: address, transport: 'tcp' });
    else out.send({ kind: 'dial', dial, to: { ip: address.ip, port: TLS_PORT }, transport: 'tls' });
  }

  private onFailed(dial: number, now: number, out: Out): void {
    const slot = this.dials.get(dial);
    if (slot === undefined) return;
    this.dials.delete(dial);
    const target = this.targets.get(slot);
    if (target === undefined) return;
    target.step++;
    if (target.step < 2 * target.addresses.length) {
      if (this.isSilent) this.send(slot, target, out);
      return;
    }
    target.step = 0;
    target.nextAt = now + Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** target.failures++);
  }

  private onUp(input: Extract<StreamInput, { kind: 'up' }>, now: number, out: Out): void {
    const { stream, dial, transport, remote } = input;
    const slot = dial === undefined ? undefined : this.dials.get(dial);
    if (dial !== undefined) this.dials.delete(dial);
    // UDP answered meanwhile.
    const isLate = dial !== undefined && (slot === undefined || !this.isSilent);
    if (isLate || this.streams.size >= STREAMS_MAX) {
      out.send({ kind: 'close', stream });
      return;
    }
    this.streams.set(stream, { slot, isOwn: dial !== undefined, transport, remote, usedAt: now });
    if (this.sweepAt === NEVER) this.sweepAt = now + SWEEP_MS;
    if (slot === undefined) return;
    const target = this.targets.get(slot);
    // One that lasts is good; one that ends at once is not to be made again and again.
    if (target !== undefined) target.nextAt = now + AGAIN_MS;
    if (this.udpAt === NEVER) this.udpAt = now + UDP_AGAIN_MS[0];
    out.emit({ kind: 'way', slot, stream });
  }

  private remove(number: number, out: Out): void {
    const stream = this.streams.get(number);
    if (stream === undefined) return;
    this.streams.delete(number);
    if (![...this.streams.values()].some(({ isOwn }) => isOwn)) this.udpAt = NEVER;
    if (stream.slot !== undefined) out.emit({ kind: 'wayGone', slot: stream.slot, stream: number });
  }

  private sweep(now: number, out: Out): void {
    for (const [number, stream] of this.streams) {
      if (stream.slot !== undefined && this.world.isUsed(stream.slot, number)) stream.usedAt = now;
      else if (now - stream.usedAt >= UNUSED_STREAM_MS) {
        out.send({ kind: 'close', stream: number });
        this.remove(number, out);
      }
    }
    this.sweepAt = this.streams.size === 0 ? NEVER : now + SWEEP_MS;
  }

  private tryUdp(now: number, out: Out): void {
    const slots: number[] = [];
    for (const { isOwn, slot } of this.streams.values()) if (isOwn && slot !== undefined) slots.push(slot);
    this.udpAt = NEVER;
    if (slots.length === 0) return;
    this.udpTries++;
    this.udpAt = now + UDP_AGAIN_MS[Math.min(this.udpTries, UDP_AGAIN_MS.length - 1)];
    for (const slot of slots) out.emit({ kind: 'tryUdp', slot });
  }

  private tell(out: Out): void {
    const { isBlocked } = this;
    if (isBlocked === this.wasBlocked) return;
    this.wasBlocked = isBlocked;
    out.emit({ kind: 'changed' });
  }

  private arm(): void {
    const isWaiting = this.askedAt !== NEVER && !this.isSilent;
    const judgeAt = isWaiting ? this.askedAt + (this.isDoubted ? SILENT_MS : DOUBT_MS) : NEVER;
    this.wakeAt = Math.min(judgeAt, this.sweepAt, this.udpAt);
  }
}
