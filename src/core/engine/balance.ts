// To which endpoint of a service a new flow goes.
import {
  ENDPOINT_IPV4,
  ENDPOINT_IPV6,
  ENDPOINT_UP,
  HashKey,
  hashWords,
  type Tables,
} from '../addressing/addressing.ts';
import { ENDPOINTS_PER_SERVICE, NONE, OWN_REMOTE } from '../addressing/types.ts';
import { type Rng, uniform } from '../base/rng.ts';

/** Round trips within either of these count as equal. */
const SAME_RTT_MS = 5;
const SAME_RTT_RATIO = 1.25;
/** In place of a port: whatever the endpoint serves. */
export const ANY_PORT = -1;
/** "Remote slot" of this host's endpoints in their table. */
const HERE = 0;

/**
 * No secret: after a restart a connection that nobody remembers must find the same endpoint again, on every restart. The
 * endpoints are told apart by their addresses, since slots change.
 */
const STABLE = new HashKey([0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f]);

/**
 * Chooses among the endpoints of a service that are up and answer the family. Those that serve another port are taken only if
 * none of the service's serves this one, those of weight 0 only if nothing else is left. All results are places in
 * the service table, or NONE.
 */
export class Balancer {
  private readonly tables: Tables;
  private readonly rng: Rng;
  /** The question under way: places of the service, ENDPOINT_IPV4 or ENDPOINT_IPV6, protocol, port or ANY_PORT. */
  private first = 0;
  private end = 0;
  private familyBit = 0;
  private protocol = 0;
  private port = 0;
  /** All candidates have weight 0 and count as 1. */
  private isSpare = false;

  constructor(tables: Tables, rng: Rng) {
    this.tables = tables;
    this.rng = rng;
  }

  /** For a new flow: two are drawn by weight, the better one gets it. */
  draw(service: number, family: number, protocol: number, port: number): number {
    const total = this.ask(service, family, protocol, port);
    if (total === 0) return NONE;
    const first = this.pick(uniform(this.rng, total), NONE);
    const rest = total - this.weightOf(first);
    if (rest === 0) return first;
    const second = this.pick(uniform(this.rng, rest), first);
    return this.isBetter(second, first) ? second : first;
  }

  /**
   * For a flow that is under way and has lost its pin: the endpoint of that identity (0: not known), whose remote has come back in
   * another slot; else always the same one as long as the same are up.
   */
  recall(service: number, family: number, protocol: number, ports: number, identity: number): number {
    if (this.ask(service, family, protocol, ports & 0xffff) === 0) return NONE;
    let best = NONE;
    let bestScore = -1;
    for (let place = this.first; place < this.end; place++) {
      if (!this.isCandidate(place)) continue;
      const own = this.identityOf(place);
      if (own === identity) return place;
      if (this.weightOf(place) === 0) continue;
      const score = hashWords(STABLE, own, ports, 0, 0) >>> 0;
      if (score <= bestScore) continue;
      best = place;
      bestScore = score;
    }
    return best;
  }

  /** Whether new flows may go there: it is up, and the remote is still whom the table means. */
  isUp(place: number): boolean {
    const { services, remotes } = this.tables;
    if ((services.flags[place] & ENDPOINT_UP) === 0) return false;
    const remote = services.remote[place];
    return remote === OWN_REMOTE || remotes.generation[remote] === services.remoteGeneration[place];
  }

  /** Sum of the candidates' weights; 0: there is none. */
  private ask(service: number, family: number, protocol: number, port: number): number {
    const { services } = this.tables;
    this.first = service * ENDPOINTS_PER_SERVICE;
    this.end = this.first + services.count[service];
    this.familyBit = family === 6 ? ENDPOINT_IPV6 : ENDPOINT_IPV4;
    this.protocol = protocol;
    this.port = ANY_PORT;
    for (let place = this.first; place < this.end && port !== ANY_PORT; place++) {
      const isServed = services.protocol[place] === protocol && services.port[place] === port;
      if (isServed && (services.flags[place] & this.familyBit) !== 0) this.port = port;
    }
    let total = 0;
    let spare = 0;
    for (let place = this.first; place < this.end; place++) {
      if (!this.isCandidate(place)) continue;
      total += services.weight[place];
      if (services.weight[place] === 0) spare++;
    }
    this.isSpare = total === 0;
    return this.isSpare ? spare : total;
  }

  private isCandidate(place: number): boolean {
    const { services, ownEndpoints } = this.tables;
    if ((services.flags[place] & this.familyBit) === 0 || !this.isUp(place)) return false;
    if (this.port !== ANY_PORT) {
      if (services.port[place] !== this.port || services.protocol[place] !== this.protocol) return false;
    }
    if (services.remote[place] !== OWN_REMOTE) return true;
    const own = ownEndpoints.find(HERE, services.selector[place]);
    return own !== NONE && (this.familyBit === ENDPOINT_IPV6 || ownEndpoints.alias[own] !== 0);
  }

  private weightOf(place: number): number {
    return this.isSpare ? 1 : this.tables.services.weight[place];
  }

  /** The candidate in whose share of the weights `drawn` falls, `without` left out. */
  private pick(drawn: number, without: number): number {
    let left = drawn;
    for (let place = this.first; place < this.end; place++) {
      if (place === without || !this.isCandidate(place)) continue;
      const weight = this.weightOf(place);
      if (left < weight) return place;
      left -= weight;
    }
    return without;
  }

  /**
   * Whether the flow goes to `a` instead of `b`, which was drawn first: its round trip is shorter, or as long and it has fewer
   * flows for its weight. What is unknown counts as equal, so that it gets known.
   */
  private isBetter(a: number, b: number): boolean {
    const rttA = this.rttOf(a);
    const rttB = this.rttOf(b);
    if (isShorter(rttA, rttB)) return true;
    if (isShorter(rttB, rttA)) return false;
    const { load } = this.tables.services;
    return load[a] * this.weightOf(b) < load[b] * this.weightOf(a);
  }

  /** ms; NaN: unknown. */
  private rttOf(place: number): number {
    const remote = this.tables.services.remote[place];
    if (remote === OWN_REMOTE) return 0;
    const rtt = this.tables.remotes.rttMs[remote];
    return rtt > 0 ? rtt : Number.NaN;
  }

  /** A hash of the endpoint's address, the same in every life of its remote and of this node; never 0. */
  identityOf(place: number): number {
    const { services, ownEndpoints, endpoints } = this.tables;
    const isOwn = services.remote[place] === OWN_REMOTE;
    const table = isOwn ? ownEndpoints : endpoints;
    const selector = services.selector[place];
    const endpoint = table.find(isOwn ? HERE : services.remote[place], selector);
    if (endpoint === NONE) return hashWords(STABLE, selector, 0, 0, 0) >>> 0 || 1;
    const { address6 } = table;
    const at = 4 * endpoint;
    return hashWords(STABLE, address6[at + 1], address6[at + 2], address6[at + 3], 0) >>> 0 || 1;
  }
}

function isShorter(a: number, b: number): boolean {
  return b - a > SAME_RTT_MS && b > a * SAME_RTT_RATIO;
}
