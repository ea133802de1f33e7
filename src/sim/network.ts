// The wire between simulated hosts: datagrams are lost, doubled, delayed and overtake one another, by a seed.

import { IndexedHeap } from '../core/base/heap.ts';
import {
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  type SocketAddress,
} from '../core/base/ip.ts';
import { fraction, type Rng } from '../core/base/rng.ts';
import { ECN_CE, ECN_NONE } from './ecn.ts';

/** How a datagram fares. Shares are 0 .. 1, times ms. */
export interface Link {
  readonly lossShare: number;
  readonly duplicateShare: number;
  /** Of datagrams that wait for `reorderMs` more and are overtaken. */
  readonly reorderShare: number;
  readonly reorderMs: number;
  /** Of datagrams whose senders know of such marks, that are marked as having met congestion; absent: none. */
  readonly markShare?: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Bytes of the largest IP packet. */
  readonly mtu: number;
  /** Larger IP packets are lost on the way, and nobody is told; absent: none are. */
  readonly silentMtu?: number;
  /** Routers on the way: what starts with a lower TTL dies there. */
  readonly hops: number;
}

export const CLEAN_LINK: Link = {
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
  reorderMs: 20,
  delayMs: 5,
  jitterMs: 0,
  mtu: 1500,
  hops: 8,
};

/** What systems put into an IP header. */
export const TTL = 64;

export interface Flight {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly bytes: Uint8Array;
  /** ms; when it was sent. */
  readonly at: number;
  /** When it was sent; absent: as usual. */
  readonly ttl?: number;
  /** ECN field of its header; absent: 0. */
  readonly ecn?: number;
}

export type Receiver = (from: SocketAddress, bytes: Uint8Array, now: number, ecn?: number) => void;

/** Takes what arrives at an address, whatever the port, with what is left of its TTL. */
export type Gateway = (flight: Flight, ttl: number, now: number) => void;

/** What hosts and routers are plugged into: the public network, or the LAN of a router. */
export interface Wire {
  bind(address: SocketAddress, receiver: Receiver): void;
  unbind(address: SocketAddress): void;
  /** Bytes of the largest IP packet that fits the way there. */
  routeMtu(from: SocketAddress, to: SocketAddress): number;
  /** False: too big. `ecn`: field of its header. */
  send(
    from: SocketAddress,
    to: SocketAddress,
    bytes: Uint8Array,
    now: number,
    ttl?: number,
    ecn?: number,
  ): boolean;
  /** Everything for an address that no socket is bound to goes to a router. */
  attach(ip: IpAddress, gateway: Gateway): void;
  /** Calls `arrive` after `delayMs`. */
  schedule(delayMs: number, now: number, arrive: (now: number) => void): void;
}

/** Who listens on one wire. */
export class Sockets {
  private readonly receivers = new Map<number | string, Receiver>();
  private readonly gateways = new Map<string, Gateway>();

  bind(address: SocketAddress, receiver: Receiver): void {
    this.receivers.set(keyOf(address), receiver);
  }

  unbind(address: SocketAddress): void {
    this.receivers.delete(keyOf(address));
  }

  attach(ip: IpAddress, gateway: Gateway): void {
    this.gateways.set(formatIp(ip), gateway);
  }

  /** False: nobody is there. */
  deliver(flight: Flight, ttl: number, now: number): boolean {
    const receiver = this.receivers.get(keyOf(flight.to));
    if (receiver !== undefined) {
      receiver(flight.from, flight.bytes, now, flight.ecn);
      return true;
    }
    const gateway = this.gateways.size === 0 ? undefined : this.gateways.get(formatIp(flight.to.ip));
    gateway?.(flight, ttl, now);
    return gateway !== undefined;
  }
}

export interface NetworkCounts {
  sent: number;
  lost: number;
  duplicated: number;
  delivered: number;
  /** Their TTL was used up. */
  expired: number;
  /** Arrived where nobody listens. */
  unreachable: number;
}

/** An IPv4 address and port fit a number, which costs less than their text. */
function keyOf({ ip, port }: SocketAddress): number | string {
  if (!isIpv4(ip)) return formatSocketAddress({ ip, port });
  return (((ip[12] << 24) | (ip[13] << 16) | (ip[14] << 8) | ip[15]) >>> 0) * 65536 + port;
}

/** All links alike, unless `linkOf` says otherwise. */
export class Network implements Wire {
  link: Link;
  /** Link of one direction; undefined: `link`. */
  linkOf: (from: SocketAddress, to: SocketAddress) => Link | undefined = () => undefined;
  /** Sees every datagram that is sent, lost ones included. */
  tap: ((flight: Flight) => void) | undefined;
  readonly counts: NetworkCounts = {
    sent: 0,
    lost: 0,
    duplicated: 0,
    delivered: 0,
    expired: 0,
    unreachable: 0,
  };
  private readonly rng: Rng;
  private readonly sockets = new Sockets();
  private readonly due = new IndexedHeap<number>();
  private readonly flights = new Map<number, (now: number) => void>();
  private nextFlight = 0;

  constructor(rng: Rng, link: Link) {
    this.rng = rng;
    this.link = link;
  }

  bind(address: SocketAddress, receiver: Receiver): void {
    this.sockets.bind(address, receiver);
  }

  unbind(address: SocketAddress): void {
    this.sockets.unbind(address);
  }

  attach(ip: IpAddress, gateway: Gateway): void {
    this.sockets.attach(ip, gateway);
  }

  routeMtu(from: SocketAddress, to: SocketAddress): number {
    return (this.linkOf(from, to) ?? this.link).mtu;
  }

  send(
    from: SocketAddress,
    to: SocketAddress,
    bytes: Uint8Array,
    now: number,
    ttl = TTL,
    ecn = ECN_NONE,
  ): boolean {
    const link = this.linkOf(from, to) ?? this.link;
    if (bytes.length + (isIpv4(to.ip) ? 28 : 48) > link.mtu) return false;
    const flight = { from, to, bytes: bytes.slice(), at: now, ttl, ecn: this.marked(link, ecn) };
    this.tap?.(flight);
    this.counts.sent++;
    const isSwallowed = bytes.length + (isIpv4(to.ip) ? 28 : 48) > (link.silentMtu ?? link.mtu);
    if (fraction(this.rng) < link.lossShare || isSwallowed) {
      this.counts.lost++;
      return true;
    }
    const copies = fraction(this.rng) < link.duplicateShare ? 2 : 1;
    this.counts.duplicated += copies - 1;
    for (let i = 0; i < copies; i++) this.launch(flight, link, now);
    return true;
  }

  private marked({ markShare = 0 }: Link, ecn: number): number {
    if (ecn === ECN_NONE || markShare === 0) return ecn;
    return fraction(this.rng) < markShare ? ECN_CE : ecn;
  }

  schedule(delayMs: number, now: number, arrive: (now: number) => void): void {
    this.due.set(this.nextFlight, now + delayMs);
    this.flights.set(this.nextFlight++, arrive);
  }

  /** Sends somebody's bytes, as anybody on the way can. No loss, no delay beyond the turn. */
  inject(flight: Flight, now: number): void {
    this.schedule(0, now, (at) => this.arrive(flight, flight.ttl ?? TTL, at));
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
      const arrive = this.flights.get(id) as (now: number) => void;
      this.flights.delete(id);
      arrive(now);
    }
  }

  private arrive(flight: Flight, ttl: number, now: number): void {
    if (this.sockets.deliver(flight, ttl, now)) this.counts.delivered++;
    else this.counts.unreachable++;
  }

  private launch(flight: Flight, link: Link, now: number): void {
    const ttl = (flight.ttl ?? TTL) - link.hops;
    const isLate = fraction(this.rng) < link.reorderShare;
    const delay = link.delayMs + fraction(this.rng) * link.jitterMs + (isLate ? link.reorderMs : 0);
    if (ttl < 1) this.counts.expired++;
    else this.schedule(delay, now, (at) => this.arrive(flight, ttl, at));
  }
}
