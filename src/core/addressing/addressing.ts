// The door of addressing: virtual addresses, aliases, and the tables that the engine reads.
import type { IpAddress } from '../base/ip.ts';
import { ipFromWords, ipToWords } from '../base/ip.ts';
import { EndpointTable } from './endpoints.ts';
import { HashKey } from './hash.ts';
import { OpenPorts } from './ports.ts';
import { ActivityTable, PathTable, ReceiveKeyTable, RemoteTable, SendKeyTable } from './remotes.ts';
import { RouteTable } from './routes.ts';
import { ServiceTable } from './services.ts';
import { NONE, SERVICE_BASE, SERVICE_SLOTS, type ServiceEndpoint } from './types.ts';
import { networkPrefix } from './virtual.ts';

export { ALIAS_KEPT_MS, AliasPool } from './alias-pool.ts';
export { chooseAliasPrefix } from './alias-prefix.ts';
export type { EndpointTable } from './endpoints.ts';
export { HashKey, hashWords } from './hash.ts';
export { MARK_NARROWED, MARK_TCP, MARK_UDP, type OpenPorts } from './ports.ts';
export type { ActivityTable, PathTable, ReceiveKeyTable, RemoteTable, SendKeyTable } from './remotes.ts';
export type { RouteTable } from './routes.ts';
export { ENDPOINT_IPV4, ENDPOINT_IPV6, ENDPOINT_UP, type ServiceTable } from './services.ts';
export {
  networkPrefix,
  RESOLVER_HOST,
  resolverAddress,
  resolverAlias,
  virtualAddress,
} from './virtual.ts';

/** Endpoints of all remotes together. */
const MAX_ENDPOINTS = 65536;
/** Endpoints of this host. */
const MAX_OWN_ENDPOINTS = 4096;
const scratch = new Uint32Array(4);
/** "Remote slot" of this host's own endpoints, in tables of their own. */
const OWN = 0;

/**
 * Everything that the engine knows of the world. Node constructs it, writes it through these methods (and the columns of
 * `remotes` directly) and hands it to the Engine.
 */
export class Tables {
  readonly remotes = new RemoteTable();
  readonly activity = new ActivityTable();
  readonly receiveKeys = new ReceiveKeyTable();
  readonly sendKeys = new SendKeyTable();
  readonly paths = new PathTable();
  /** Addresses of remote endpoints and of services. */
  readonly routes: RouteTable;
  readonly endpoints: EndpointTable;
  /** Addresses of this host's endpoints: `remote` is 0 in both. */
  readonly ownRoutes: RouteTable;
  readonly ownEndpoints: EndpointTable;
  readonly openPorts: OpenPorts;
  /** Services in use here, written through setService, setServiceEndpoints, clearService. */
  readonly services = new ServiceTable();
  /** Four words of the resolver's IPv6 address, then its IPv4 address as a 32-bit number; zeros: there is none. */
  readonly resolver = new Uint32Array(5);
  /** First two words of the network's /48; of the second the upper half counts. */
  readonly prefix6: Uint32Array;
  /** First address of the alias /16, as a 32-bit number. */
  readonly aliasPrefix: number;
  /** Secret of all hash tables. */
  readonly hashKey: HashKey;

  /** `seed`: at least four random 32-bit numbers. */
  constructor(networkId: Uint8Array, aliasPrefix: number, seed: ArrayLike<number>) {
    this.hashKey = new HashKey(seed);
    this.routes = new RouteTable(this.hashKey, 2 * MAX_ENDPOINTS);
    this.endpoints = new EndpointTable(this.hashKey, MAX_ENDPOINTS);
    this.ownRoutes = new RouteTable(this.hashKey, 2 * MAX_OWN_ENDPOINTS);
    this.ownEndpoints = new EndpointTable(this.hashKey, MAX_OWN_ENDPOINTS);
    this.openPorts = new OpenPorts(this.hashKey);
    this.prefix6 = new Uint32Array(4);
    ipToWords(networkPrefix(networkId).ip, this.prefix6, 0);
    this.aliasPrefix = aliasPrefix;
  }

  /** A remote slot with nothing in it; NONE: all are taken. */
  claimRemote(): number {
    const slot = this.remotes.claim();
    if (slot === NONE) return NONE;
    if (slot >= this.activity.lastSentMs.length) this.activity.grow(this.remotes.capacity);
    this.activity.reset(slot);
    return slot;
  }

  /** Frees a slot with its routes. Its keys and path are the caller's; Engine.forget lets go of held packets. */
  releaseRemote(remote: number): void {
    for (const selector of this.endpoints.selectorsOf(remote)) this.clearEndpoint(remote, selector);
    this.openPorts.setTags(remote, 0);
    this.remotes.release(remote);
  }

  /**
   * An endpoint of a remote: packets to its virtual address or alias (32-bit number, 0: none) go there, packets from it get
   * them as source. False, with nothing changed: the table is full or an address belongs to another endpoint.
   */
  setEndpoint(remote: number, selector: number, address: IpAddress, alias: number): boolean {
    return this.enter(this.routes, this.endpoints, remote, selector, address, alias);
  }

  clearEndpoint(remote: number, selector: number): void {
    this.leave(this.routes, this.endpoints, remote, selector);
  }

  /** An endpoint of this host; selector 0 is the host itself. */
  setOwnEndpoint(selector: number, address: IpAddress, alias: number): boolean {
    return this.enter(this.ownRoutes, this.ownEndpoints, OWN, selector, address, alias);
  }

  clearOwnEndpoint(selector: number): void {
    this.leave(this.ownRoutes, this.ownEndpoints, OWN, selector);
  }

  /**
   * The service's addresses on this host (`alias`: 32-bit number, 0: none). Setting a slot again with the same address keeps its
   * endpoints and pinned flows. False, with nothing changed: no such slot, the table is full, or an address belongs to another.
   */
  setService(slot: number, address: IpAddress, alias: number): boolean {
    if (!(slot >= 0 && slot < SERVICE_SLOTS)) return false;
    const { routes, services } = this;
    const words = wordsOf(address, alias);
    const target = SERVICE_BASE + slot;
    const isFree = (at: number): boolean => {
      const place = routes.find(words, at);
      return place === NONE || routes.remote[place] === target;
    };
    if (!isFree(0) || (alias !== 0 && !isFree(4))) return false;
    const isKnown = services.has(slot);
    if (!isKnown && routes.size + 2 > routes.max) return false;
    if (isKnown && routes.find(words, 0) === NONE) this.clearService(slot);
    else if (isKnown) this.unroute(services.address6, slot, services.alias[slot]);
    services.set(slot, words, alias);
    routes.set(words, 0, target, 0);
    if (alias !== 0) routes.set(words, 4, target, 0);
    return true;
  }

  /**
   * All endpoints of a service that was set, the first ENDPOINTS_PER_SERVICE of them. Flows pinned to an endpoint that is no longer
   * among them stay until they end; new ones go elsewhere.
   */
  setServiceEndpoints(slot: number, endpoints: readonly ServiceEndpoint[]): void {
    if (!this.services.has(slot)) throw new RangeError(`no service in slot ${slot}`);
    this.services.setEndpoints(slot, endpoints, this.remotes.generation);
  }

  clearService(slot: number): void {
    const { services } = this;
    if (!services.has(slot)) return;
    this.unroute(services.address6, slot, services.alias[slot]);
    services.clear(slot);
  }

  /** Where UDP queries are taken from the packets' way; 0: no IPv4 address. */
  setResolver(address: IpAddress, alias: number): void {
    ipToWords(address, this.resolver, 0);
    this.resolver[4] = alias;
  }

  /** Service slot that an inside address leads to, or NONE. Not for the packet's way. */
  serviceOf(address: IpAddress): number {
    const target = this.targetOf(address);
    return target < SERVICE_BASE ? NONE : target - SERVICE_BASE;
  }

  /** Remote slot that an inside address leads to, or NONE. Not for the packet's way. */
  remoteOf(address: IpAddress): number {
    const target = this.targetOf(address);
    return target < SERVICE_BASE ? target : NONE;
  }

  /** Addresses of a remote's endpoint; undefined: unknown. */
  endpointOf(remote: number, selector: number): { address: IpAddress; alias: number } | undefined {
    const place = this.endpoints.find(remote, selector);
    if (place === NONE) return undefined;
    return {
      address: ipFromWords(this.endpoints.address6, 4 * place),
      alias: this.endpoints.alias[place],
    };
  }

  /** Whatever has this virtual address loses its alias. True: it is an endpoint of this host. */
  dropAlias(address: IpAddress): boolean {
    const words = wordsOf(address, 0);
    const own = this.ownRoutes.find(words, 0);
    if (own !== NONE) return this.setOwnEndpoint(this.ownRoutes.selector[own], address, 0);
    const place = this.routes.find(words, 0);
    if (place === NONE) return false;
    const target = this.routes.remote[place];
    if (target >= SERVICE_BASE) this.setService(target - SERVICE_BASE, address, 0);
    else this.setEndpoint(target, this.routes.selector[place], address, 0);
    return false;
  }

  private targetOf(address: IpAddress): number {
    ipToWords(address, scratch, 0);
    const place = this.routes.find(scratch, 0);
    return place === NONE ? NONE : this.routes.remote[place];
  }

  private enter(
    routes: RouteTable,
    endpoints: EndpointTable,
    remote: number,
    selector: number,
    address: IpAddress,
    alias: number,
  ): boolean {
    const words = wordsOf(address, alias);
    const leadsHere = (at: number): boolean => {
      const place = routes.find(words, at);
      return place === NONE || (routes.remote[place] === remote && routes.selector[place] === selector);
    };
    if (!leadsHere(0) || (alias !== 0 && !leadsHere(4))) return false;
    const isNew = endpoints.find(remote, selector) === NONE;
    if (isNew && (endpoints.size >= endpoints.max || routes.size + 2 > routes.max)) return false;
    this.leave(routes, endpoints, remote, selector);
    const place = endpoints.add(remote, selector);
    endpoints.address6.set(words.subarray(0, 4), 4 * place);
    endpoints.alias[place] = alias;
    routes.set(words, 0, remote, selector);
    if (alias !== 0) routes.set(words, 4, remote, selector);
    return true;
  }

  private leave(routes: RouteTable, endpoints: EndpointTable, remote: number, selector: number): void {
    const place = endpoints.find(remote, selector);
    if (place === NONE) return;
    routes.delete(endpoints.address6, 4 * place);
    const alias = endpoints.alias[place];
    if (alias !== 0) routes.delete(Uint32Array.of(0, 0, 0xffff, alias), 0);
    endpoints.delete(remote, selector);
  }

  private unroute(address6: Uint32Array, slot: number, alias: number): void {
    this.routes.delete(address6, 4 * slot);
    if (alias !== 0) this.routes.delete(Uint32Array.of(0, 0, 0xffff, alias), 0);
  }
}

/** Eight words: the IPv6 address, and the alias as a mapped address. */
function wordsOf(address: IpAddress, alias: number): Uint32Array {
  const words = new Uint32Array(8);
  ipToWords(address, words, 0);
  words.set([0, 0, 0xffff, alias], 4);
  return words;
}
