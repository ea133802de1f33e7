// The wire between simulated hosts: datagrams are lost, doubled, delayed and overtake one another, by a seed.

import { IndexedHeap } from '../core/base/heap.ts';
import { formatSocketAddress, isIpv4, type SocketAddress } from '../core/base/ip.ts';
import { fraction, type Rng } from '../core/base/rng.ts';

/** How a datagram fares. Shares are 0 .. 1, times ms. */
export interface Link {
  readonly lossShare: number;
  readonly duplicateShare: number;
  /** Of datagrams that wait for `reorderMs` more and are overtaken. */
  readonly reorderShare: number;
  readonly reorderMs: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Bytes of the largest IP packet. */
  readonly mtu: number;
}

export const CLEAN_LINK: Link = {
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
  reorderMs: 20,
  delayMs: 5,
  jitterMs: 0,
  mtu: 1500,
};

export interface Flight {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly bytes: Uint8Array;
  /** ms; when it was sent. */
  readonly at: number;
}

export type Receiver = (from: SocketAddress, bytes: Uint8Array, now: number) => void;

export interface NetworkCounts {
  sent: number;
  lost: number;
  duplicated: number;
  delivered: number;
  /** Arrived where nobody listens. */
  unreachable: number;
}

/** An IPv4 address and port fit a number, which costs less than their text. */
function keyOf({ ip, port }: SocketAddress): number | string {
  if (!isIpv4(ip)) return formatSocketAddress({ ip, port });
  return (((ip[12] << 24) | (ip[13] << 16) | (ip[14] << 8) | ip[15]) >>> 0) * 65536 + port;
}

/** All links alike, unless `linkOf` says otherwise. */
export class Network {
  link: Link;
  /** Link of one direction; undefined: `link`. */
  linkOf: (from: SocketAddress, to: SocketAddress) => Link | undefined = () => undefined;
  /** Sees every datagram that is sent, lost ones included. */
  tap: ((flight: Flight) => void) | undefined;
  readonly counts: NetworkCounts = { sent: 0, lost: 0, duplicated: 0, delivered: 0, unreachable: 0 };
  private readonly rng: Rng;
  private readonly sockets = new Map<number | string, Receiver>();
  private readonly due = new IndexedHeap<number>();
  private readonly flights = new Map<number, Flight>();
  private nextFlight = 0;

  constructor(rng: Rng, link: Link) {
    this.rng = rng;
    this.link = link;
  }

  bind(address: SocketAddress, receiver: Receiver): void {
    this.sockets.set(keyOf(address), receiver);
  }

  unbind(address: SocketAddress): void {
    this.sockets.delete(keyOf(address));
  }

  /** Bytes of UDP payload that fit the way there. */
  routeMtu(from: SocketAddress, to: SocketAddress): number {
    return (this.linkOf(from, to) ?? this.link).mtu;
  }

  /** False: too big. */
  send(from: SocketAddress, to: SocketAddress, bytes: Uint8Array, now: number): boolean {
    const link = this.linkOf(from, to) ?? this.link;
    if (bytes.length + (isIpv4(to.ip) ? 28 : 48) > link.mtu) return false;
    const flight = { from, to, bytes: bytes.slice(), at: now };
    this.tap?.(flight);
    this.counts.sent++;
    if (fraction(this.rng) < link.lossShare) {
      this.counts.lost++;
      return true;
    }
    const copies = fraction(this.rng) < link.duplicateShare ? 2 : 1;
    this.counts.duplicated += copies - 1;
    for (let i = 0; i < copies; i++) this.launch(flight, link, now);
    return true;
  }

  /** Sends somebody's bytes, as anybody on the way can. No loss, no delay beyond the turn. */
  inject(flight: Flight, now: number): void {
    this.due.set(this.nextFlight, now);
    this.flights.set(this.nextFlight++, flight);
  }

  /** ms; when the next datagram arrives. */
  get nextAt(): number {
    return this.due.next;
  }

  /** Delivers what arrives until `now`. */
  deliver(now: number): void {
    const arrived: { readonly id: number; readonly at: number }[] = [];
    for (let at = this.due.next, id = this.due.popUntil(now); id !== undefined; ) {
      arrived.push({ id, at });
      at = this.due.next;
      id = this.due.popUntil(now);
    }
    // The heap has no order among equals, but a clean wire does.
    arrived.sort((a, b) => a.at - b.at || a.id - b.id);
    for (const { id } of arrived) {
      const flight = this.flights.get(id) as Flight;
      this.flights.delete(id);
      const receiver = this.sockets.get(keyOf(flight.to));
      if (receiver === undefined) this.counts.unreachable++;
      else {
        this.counts.delivered++;
        receiver(flight.from, flight.bytes, now);
      }
    }
  }

  private launch(flight: Flight, link: Link, now: number): void {
    const isLate = fraction(this.rng) < link.reorderShare;
    const delay = link.delayMs + fraction(this.rng) * link.jitterMs + (isLate ? link.reorderMs : 0);
    this.due.set(this.nextFlight, now + delay);
    this.flights.set(this.nextFlight++, flight);
  }
}
