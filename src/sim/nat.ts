// Routers with a NAT between simulated hosts and the rest of the world, in the words of RFC 4787. Hosts bind and send on a
// router as they would on the public network; a router may stand behind another one.
import { BoundedMap } from '../core/base/bounded-map.ts';
import { equalBytes } from '../core/base/bytes.ts';
import {
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  type Prefix,
  prefixContains,
  type SocketAddress,
} from '../core/base/ip.ts';
import { type Rng, uniform } from '../core/base/rng.ts';
import { type Flight, type Gateway, type Receiver, Sockets, TTL, type Wire } from './network.ts';

/** What a mapping depends on beside the inner address and port, or what is let in: anybody, a known address, a known address and port. */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** How the outer port is chosen: the inner one where it is free, the one after the last, or any. */
export type PortAllocation = 'preserving' | 'sequential' | 'random';

export interface NatTraits {
  readonly mapping: Dependence;
  readonly filtering: Dependence;
  readonly ports: PortAllocation;
  /**
   * An unsolicited datagram from outside is taken for the router's own, which keeps that port from a flow that goes there later. As in
   * Linux, the next flows from the same inner address and port then leave from the port that was found instead.
   */
  readonly isPoisoned: boolean;
}

export interface NatOptions extends NatTraits {
  /** Outer address. */
  readonly address: IpAddress;
  /** What is routed inside. IPv6 addresses are never translated; only answers are let in to them. */
  readonly inside: Prefix;
  /** What is sent from inside to an outer address and port comes back in, with the sender's outer address, unfiltered. */
  readonly hairpin?: boolean;
  /** Between consecutive ports. Default 1. */
  readonly step?: number;
  /** A mapping lives so long after the last datagram out, ms: before an answer came (default 30,000) and afterwards (300,000). */
  readonly initialMs?: number;
  readonly streamMs?: number;
  /** What comes in refreshes too, as it does in Linux. Default: no. */
  readonly refreshesInbound?: boolean;
  readonly isUdpBlocked?: boolean;
}

/** What became of datagrams. */
export interface NatCounts {
  sent: number;
  received: number;
  /** From outside, let in by nothing. */
  filtered: number;
  /** Their TTL was used up here. */
  expired: number;
  /** UDP is blocked. */
  blocked: number;
  /** No port was free. */
  exhausted: number;
}

interface Mapping {
  readonly key: string;
  readonly inner: SocketAddress;
  readonly outer: SocketAddress;
  /** Remotes that were sent to, and until when (ms) what they send is let in; their addresses likewise. */
  readonly remotes: BoundedMap<string, number>;
  until: number;
  isAnswered: boolean;
}

const MAPPINGS_MAX = 65_536;
const REMOTES_MAX = 4096;
const FIRST_PORT = 1024;
const FIRST_SEQUENTIAL_PORT = 20_000;
const LAN_DELAY_MS = 0.5;
/** Draws of a random port before giving up. */
const DRAWS_MAX = 1000;

export class NatBox implements Wire {
  readonly address: IpAddress;
  readonly counts: NatCounts = { sent: 0, received: 0, filtered: 0, expired: 0, blocked: 0, exhausted: 0 };
  isUdpBlocked: boolean;
  private readonly outer: Wire;
  private readonly rng: Rng;
  private readonly options: NatOptions;
  private readonly sockets = new Sockets();
  private readonly byPort = new Map<number, Mapping>();
  /** By inner address and port, and as much of the remote's as the mapping depends on. */
  private readonly mappings = new BoundedMap<string, Mapping>(MAPPINGS_MAX, (_, mapping) =>
    this.free(mapping),
  );
  /** By inner address and port, of a router that takes ports for its own: the mapping of the newest flow first. */
  private readonly flowing = new BoundedMap<string, readonly Mapping[]>(MAPPINGS_MAX);
  /** Own port and remote of what was taken for the router's own, and until when (ms). */
  private readonly own = new BoundedMap<string, number>(MAPPINGS_MAX);
  /** IPv6 addresses behind this router. */
  private readonly untranslated = new Set<string>();
  private nextPort = FIRST_SEQUENTIAL_PORT;
  private flows = 0;
  private hosts = 1;

  constructor(outer: Wire, rng: Rng, options: NatOptions) {
    this.outer = outer;
    this.rng = rng;
    this.options = options;
    this.address = options.address;
    this.isUdpBlocked = options.isUdpBlocked === true;
    outer.attach(this.address, (flight, ttl, now) => this.fromOutside(flight, ttl, now));
  }

  /** Another address inside: .2, .3 and so on. */
  freshAddress(port: number): SocketAddress {
    const ip = this.options.inside.ip.slice();
    ip[15] = ++this.hosts;
    if (this.hosts > 254 || !this.isInside(ip)) throw new RangeError('the LAN is full');
    return { ip, port };
  }

  bind(address: SocketAddress, receiver: Receiver): void {
    this.sockets.bind(address, receiver);
    this.announce(address.ip);
  }

  unbind(address: SocketAddress): void {
    this.sockets.unbind(address);
  }

  attach(ip: IpAddress, gateway: Gateway): void {
    this.sockets.attach(ip, gateway);
    this.announce(ip);
  }

  schedule(delayMs: number, now: number, arrive: (now: number) => void): void {
    this.outer.schedule(delayMs, now, arrive);
  }

  routeMtu(from: SocketAddress, to: SocketAddress): number {
    return this.outer.routeMtu(from, to);
  }

  send(
    from: SocketAddress,
    to: SocketAddress,
    bytes: Uint8Array,
    now: number,
    ttl = TTL,
    ecn?: number,
  ): boolean {
    if (this.isInside(to.ip)) {
      const flight = { from, to, bytes: bytes.slice(), at: now, ecn };
      this.schedule(LAN_DELAY_MS, now, (at) => this.sockets.deliver(flight, ttl, at));
      return true;
    }
    if (ttl <= 1) this.counts.expired++;
    else if (this.isUdpBlocked) this.counts.blocked++;
    else return this.translate(from, to, bytes, now, ttl - 1, ecn);
    return true;
  }

  /** Off and on again: every table is empty. */
  reboot(): void {
    this.mappings.clear();
    this.byPort.clear();
    this.own.clear();
    this.flowing.clear();
    this.nextPort = FIRST_SEQUENTIAL_PORT;
  }

  /** Living mappings. */
  mappingsAt(now: number): { readonly inner: SocketAddress; readonly outer: SocketAddress }[] {
    return [...this.mappings.values()]
      .filter(({ until }) => now < until)
      .map(({ inner, outer }) => ({ inner, outer }));
  }

  private isInside(ip: IpAddress): boolean {
    return isIpv4(ip) ? prefixContains(this.options.inside, ip) : this.untranslated.has(formatIp(ip));
  }

  /** Addresses that are not translated are reached through this router. */
  private announce(ip: IpAddress): void {
    if (isIpv4(ip)) return;
    this.untranslated.add(formatIp(ip));
    this.outer.attach(ip, (flight, ttl, now) => this.fromOutside(flight, ttl, now));
  }

  private translate(
    from: SocketAddress,
    to: SocketAddress,
    bytes: Uint8Array,
    now: number,
    ttl: number,
    ecn: number | undefined,
  ): boolean {
    const mapping = this.mappingFor(from, to, now);
    if (mapping === undefined) {
      this.counts.exhausted++;
      return true;
    }
    const isHairpin = equalBytes(to.ip, this.address);
    this.keep(mapping, to, now);
    if (isHairpin) {
      if (this.options.hairpin === true)
        this.turnBack({ from: mapping.outer, to, bytes: bytes.slice(), at: now, ecn }, ttl, now);
      return true;
    }
    this.counts.sent++;
    return this.outer.send(mapping.outer, to, bytes, now, ttl, ecn);
  }

  private turnBack(flight: Flight, ttl: number, now: number): void {
    const mapping = this.byPort.get(flight.to.port);
    if (mapping === undefined || mapping.until <= now) return;
    this.schedule(LAN_DELAY_MS, now, (at) => this.sockets.deliver({ ...flight, to: mapping.inner }, ttl, at));
  }

  private mappingFor(from: SocketAddress, to: SocketAddress, now: number): Mapping | undefined {
    if (this.options.isPoisoned && isIpv4(from.ip)) return this.flowFor(from, to, now);
    const key = `${formatSocketAddress(from)}${this.dependence(isIpv4(from.ip), to)}`;
    return this.living(key, now) ?? this.map(key, from, now);
  }

  /** A flow keeps its port. A new one takes that of the newest flow from there, else the inner one, else any. */
  private flowFor(from: SocketAddress, to: SocketAddress, now: number): Mapping | undefined {
    const key = formatSocketAddress(from);
    const remote = formatSocketAddress(to);
    const known = (this.flowing.get(key) ?? []).filter((one) => this.living(one.key, now) === one);
    const same = known.find(({ remotes }) => now < (remotes.peek(remote) ?? Number.NEGATIVE_INFINITY));
    if (same !== undefined) return same;
    const usual = [known[0], known.find(({ outer }) => outer.port === from.port)];
    const isOwn = this.isOwn(from.port, to, now);
    const mapping =
      usual.find((one) => one !== undefined && !this.isOwn(one.outer.port, to, now)) ??
      this.map(`${key}#${this.flows++}`, from, now, isOwn ? 'random' : 'preserving');
    if (mapping !== undefined) this.flowing.set(key, [mapping, ...known.filter((one) => one !== mapping)]);
    return mapping;
  }

  private dependence(isTranslated: boolean, to: SocketAddress): string {
    if (!isTranslated) return '';
    switch (this.options.mapping) {
      case 'endpoint-independent':
        return '';
      case 'address-dependent':
        return `>${formatIp(to.ip)}`;
      case 'address-and-port-dependent':
        return `>${formatSocketAddress(to)}`;
    }
  }

  private living(key: string, now: number): Mapping | undefined {
    const mapping = this.mappings.get(key);
    if (mapping === undefined || now < mapping.until) return mapping;
    this.mappings.delete(key);
    this.free(mapping);
    return undefined;
  }

  private map(
    key: string,
    inner: SocketAddress,
    now: number,
    ports = this.options.ports,
  ): Mapping | undefined {
    let outer = inner;
    if (isIpv4(inner.ip)) {
      const port = this.choosePort(inner.port, ports, now);
      if (port === undefined) return undefined;
      outer = { ip: this.address, port };
    }
    const remotes = new BoundedMap<string, number>(REMOTES_MAX);
    const mapping = { key, inner, outer, remotes, until: now, isAnswered: false };
    this.mappings.set(key, mapping);
    if (isIpv4(inner.ip)) this.byPort.set(outer.port, mapping);
    return mapping;
  }

  private choosePort(wished: number, ports: PortAllocation, now: number): number | undefined {
    const { step = 1 } = this.options;
    if (ports === 'preserving' && this.isFree(wished, now)) return wished;
    for (let draw = 0; draw < DRAWS_MAX; draw++) {
      const port =
        ports === 'sequential' ? this.nextPort : FIRST_PORT + uniform(this.rng, 65_536 - FIRST_PORT);
      if (ports === 'sequential') {
        this.nextPort += step;
        if (this.nextPort > 65_535) this.nextPort = FIRST_SEQUENTIAL_PORT;
      }
      if (this.isFree(port, now)) return port;
    }
    return undefined;
  }

  private isFree(port: number, now: number): boolean {
    const mapping = this.byPort.get(port);
    if (mapping === undefined) return true;
    if (now < mapping.until) return false;
    this.mappings.delete(mapping.key);
    this.free(mapping);
    return true;
  }

  private free(mapping: Mapping): void {
    if (this.byPort.get(mapping.outer.port) === mapping) this.byPort.delete(mapping.outer.port);
  }

  private isOwn(port: number, remote: SocketAddress, now: number): boolean {
    return now < (this.own.peek(`${port}<${formatSocketAddress(remote)}`) ?? Number.NEGATIVE_INFINITY);
  }

  /** A datagram goes out. */
  private keep(mapping: Mapping, to: SocketAddress, now: number): void {
    const { initialMs = 30_000, streamMs = 300_000 } = this.options;
    const until = now + (mapping.isAnswered ? streamMs : initialMs);
    mapping.until = Math.max(mapping.until, until);
    for (const remote of [formatIp(to.ip), formatSocketAddress(to)]) mapping.remotes.set(remote, until);
  }

  private fromOutside(flight: Flight, ttl: number, now: number): void {
    const { from, to } = flight;
    if (this.isUdpBlocked) {
      this.counts.blocked++;
      return;
    }
    const mapping = isIpv4(to.ip) ? this.byPort.get(to.port) : this.mappings.peek(formatSocketAddress(to));
    if (mapping === undefined || !this.letsIn(mapping, from, now)) {
      this.refuse(from, to, now);
      return;
    }
    if (ttl <= 1) {
      this.counts.expired++;
      return;
    }
    this.counts.received++;
    mapping.isAnswered = true;
    if (this.options.refreshesInbound === true) this.keep(mapping, from, now);
    this.sockets.deliver({ ...flight, to: mapping.inner }, ttl - 1, now);
  }

  private refuse(from: SocketAddress, to: SocketAddress, now: number): void {
    this.counts.filtered++;
    const { isPoisoned, initialMs = 30_000 } = this.options;
    if (isPoisoned && isIpv4(to.ip)) this.own.set(`${to.port}<${formatSocketAddress(from)}`, now + initialMs);
  }

  private letsIn(mapping: Mapping, from: SocketAddress, now: number): boolean {
    if (mapping.until <= now) return false;
    const isTranslated = isIpv4(mapping.inner.ip);
    const filtering = isTranslated ? this.options.filtering : 'address-and-port-dependent';
    if (filtering === 'endpoint-independent') return true;
    const remote = filtering === 'address-dependent' ? formatIp(from.ip) : formatSocketAddress(from);
    return now < (mapping.remotes.peek(remote) ?? Number.NEGATIVE_INFINITY);
  }
}
