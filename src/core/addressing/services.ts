import { capacityFor, grown } from './columns.ts';
import type { ServiceColumns, ServiceEndpoint } from './types.ts';
import { ENDPOINTS_PER_SERVICE, NONE, OWN_REMOTE, SERVICE_SLOTS } from './types.ts';

/** The endpoint was healthy when it was last written here. */
export const ENDPOINT_UP = 1;
/** Its target answers IPv4, IPv6. */
export const ENDPOINT_IPV4 = 2;
export const ENDPOINT_IPV6 = 4;

const MAX_WEIGHT = 65535;

/**
 * Services that this host uses, by slot, and their endpoints, by place: slot * ENDPOINTS_PER_SERVICE + index, the first
 * `count` of a slot in use. Bounded by SERVICE_SLOTS; empty until the first is set. Written through Tables, read by the engine
 * for packets to a service. What the columns mean: ServiceColumns.
 */
export class ServiceTable implements ServiceColumns {
  isSet: Uint8Array = new Uint8Array(0);
  count: Uint8Array = new Uint8Array(0);
  generation: Uint16Array = new Uint16Array(0);
  address6: Uint32Array = new Uint32Array(0);
  alias: Uint32Array = new Uint32Array(0);
  lastUsedMs: Float64Array = new Float64Array(0);
  remote: Int32Array = new Int32Array(0);
  remoteGeneration: Uint16Array = new Uint16Array(0);
  selector: Uint16Array = new Uint16Array(0);
  weight: Uint16Array = new Uint16Array(0);
  flags: Uint8Array = new Uint8Array(0);
  protocol: Uint8Array = new Uint8Array(0);
  port: Uint16Array = new Uint16Array(0);
  load: Uint32Array = new Uint32Array(0);
  toldMs: Float64Array = new Float64Array(0);

  /** The lowest slot that is not set; NONE: all are. Not for the packet's way. */
  freeSlot(): number {
    const free = this.isSet.indexOf(0);
    if (free >= 0) return free;
    return this.isSet.length < SERVICE_SLOTS ? this.isSet.length : NONE;
  }

  has(slot: number): boolean {
    return slot >= 0 && slot < this.isSet.length && this.isSet[slot] === 1;
  }

  /** Place of an endpoint of a service, or NONE. `remote`: remote slot or OWN_REMOTE. */
  find(slot: number, remote: number, selector: number): number {
    const first = slot * ENDPOINTS_PER_SERVICE;
    for (let place = first; place < first + this.count[slot]; place++) {
      if (this.remote[place] === remote && this.selector[place] === selector) return place;
    }
    return NONE;
  }

  /** Only through Tables.setService, which keeps the routes. */
  set(slot: number, words: Uint32Array, alias: number): void {
    if (slot >= this.isSet.length) this.grow(capacityFor(this.isSet.length, slot, SERVICE_SLOTS));
    if (this.isSet[slot] === 0) {
      this.lastUsedMs[slot] = Number.NEGATIVE_INFINITY;
      this.toldMs[slot] = Number.NEGATIVE_INFINITY;
    }
    this.isSet[slot] = 1;
    this.address6.set(words.subarray(0, 4), 4 * slot);
    this.alias[slot] = alias;
  }

  /** Only through Tables.clearService. */
  clear(slot: number): void {
    this.isSet[slot] = 0;
    this.count[slot] = 0;
    this.generation[slot]++;
  }

  /** Only through Tables.setServiceEndpoints. Endpoints that were there before keep their load. */
  setEndpoints(slot: number, endpoints: readonly ServiceEndpoint[], generations: Uint16Array): void {
    const count = Math.min(endpoints.length, ENDPOINTS_PER_SERVICE);
    const loads = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const { remote, selector } = endpoints[i];
      const before = this.find(slot, remote, selector);
      if (before === NONE || this.remoteGeneration[before] !== generationOf(remote, generations)) continue;
      loads[i] = this.load[before];
    }
    this.count[slot] = count;
    for (let i = 0; i < count; i++) {
      const endpoint = endpoints[i];
      const place = slot * ENDPOINTS_PER_SERVICE + i;
      this.remote[place] = endpoint.remote;
      this.remoteGeneration[place] = generationOf(endpoint.remote, generations);
      this.selector[place] = endpoint.selector;
      this.weight[place] = Math.max(0, Math.min(MAX_WEIGHT, endpoint.weight));
      this.flags[place] =
        (endpoint.isUp ? ENDPOINT_UP : 0) |
        (endpoint.ipv4 ? ENDPOINT_IPV4 : 0) |
        (endpoint.ipv6 ? ENDPOINT_IPV6 : 0);
      this.protocol[place] = endpoint.protocol;
      this.port[place] = endpoint.port;
      this.load[place] = loads[i];
    }
  }

  private grow(slots: number): void {
    const places = slots * ENDPOINTS_PER_SERVICE;
    this.isSet = grown(this.isSet, slots, 0);
    this.count = grown(this.count, slots, 0);
    this.generation = grown(this.generation, slots, 0);
    this.address6 = grown(this.address6, 4 * slots, 0);
    this.alias = grown(this.alias, slots, 0);
    this.toldMs = grown(this.toldMs, slots, Number.NEGATIVE_INFINITY);
    this.lastUsedMs = grown(this.lastUsedMs, slots, Number.NEGATIVE_INFINITY);
    this.remote = grown(this.remote, places, NONE);
    this.remoteGeneration = grown(this.remoteGeneration, places, 0);
    this.selector = grown(this.selector, places, 0);
    this.weight = grown(this.weight, places, 0);
    this.flags = grown(this.flags, places, 0);
    this.protocol = grown(this.protocol, places, 0);
    this.port = grown(this.port, places, 0);
    this.load = grown(this.load, places, 0);
  }
}

function generationOf(remote: number, generations: Uint16Array): number {
  return remote === OWN_REMOTE ? 0 : (generations[remote] ?? 0);
}
