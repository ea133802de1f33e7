import { type HashKey, hashWords, type ServiceTable } from '../addressing/addressing.ts';
import { ENDPOINTS_PER_SERVICE, NONE, OWN_REMOTE } from '../addressing/types.ts';
import { TCP, UDP } from '../base/ip.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';

/** A connection is forgotten when it was idle for this long ... */
export const TCP_PINNED_MS = DAY_MS;
/** ... and, after a FIN or RST from here, for this long: what the kernel's connection tracking gives a half-closed one. */
export const TCP_CLOSING_MS = 2 * MINUTE_MS;
/** As long as answers of a UDP flow may come in. */
export const UDP_PINNED_MS = 3 * MINUTE_MS;
export const ICMP_PINNED_MS = 30 * SECOND_MS;

const WAYS = 8;
/** Words per pin: its key, then where it leads. */
const WORDS = 4;
/** Places looked at for expired pins whenever one is added, so that endpoints' loads do not keep the dead for ever. */
const SWEPT_PER_ADD = 4;

/**
 * Which endpoint each flow to a service goes to. Sets of eight places, chosen by a keyed hash; a full set gives up the pin
 * unused for longest. A second table of sets finds the pin of what comes back. Only local programs cause
 * entries. Bound: `places`; nothing is allocated before the first pin. Written by the engine.
 *
 * A pin is four words: service slot << 16 | own selector, own port << 16 | the service's port (echo: identifier), service
 * generation << 16 | protocol << 8 | family, remote slot << 16 | its generation; and the endpoint's selector.
 */
export class PinTable {
  readonly places: number;
  private readonly key: HashKey;
  private readonly services: ServiceTable;
  private words = new Uint32Array(0);
  /** The remote's selector, by place. */
  private selectors = new Uint16Array(0);
  /** Index of the endpoint among the service's when it was last found there. */
  private hint = new Uint8Array(0);
  private closing = new Uint8Array(0);
  /** Which endpoint it is, whatever slot its remote has: Balancer.identityOf. */
  private identities = new Uint32Array(0);
  /** ms; -Infinity: free. */
  private lastMs = new Float64Array(0);
  /** Places, by the hash of what comes back; NONE: free. Twice as many as pins. */
  private back = new Int32Array(0);
  /** Pins added so far. */
  added = 0;
  /** Where the next sweep begins. */
  private hand = 0;

  /** `places`: a power of two, at least 8. */
  constructor(key: HashKey, places: number, services: ServiceTable) {
    if (places < WAYS || (places & (places - 1)) !== 0) throw new RangeError(`not a power of two: ${places}`);
    this.key = key;
    this.places = places;
    this.services = services;
  }

  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  /** Remote slot << 16 | generation that the pin leads to. */
  remoteWord(place: number): number {
    return this.words[WORDS * place + 3];
  }

  remoteSelector(place: number): number {
    return this.selectors[place];
  }

  identity(place: number): number {
    return this.identities[place];
  }

  serviceSlot(place: number): number {
    return this.words[WORDS * place] >>> 16;
  }

  ownSelector(place: number): number {
    return this.words[WORDS * place] & 0xffff;
  }

  /** Whether the pin is still one of this service and own endpoint. */
  isFrom(place: number, from: number): boolean {
    return this.words[WORDS * place] === from && this.words[WORDS * place + 2] !== 0;
  }

  /** Whether the pin still leads there. `selectors`: own << 16 | remote's. */
  isTo(place: number, remoteWord: number, selectors: number): boolean {
    const isLive = this.words[WORDS * place + 2] !== 0;
    return isLive && this.remoteWord(place) === remoteWord && this.backSelectors(place) === selectors;
  }

  /** Place of a flow's pin, or NONE. `from`: service slot << 16 | own selector; `kind`: the third word. */
  find(from: number, ports: number, kind: number, now: number): number {
    if (this.isEmpty) return NONE;
    const first = this.firstPlace(from, ports, kind);
    for (let place = first; place < first + WAYS; place++) {
      const at = WORDS * place;
      if (this.words[at + 1] !== ports || this.words[at] !== from || this.words[at + 2] !== kind) continue;
      return this.isExpired(place, now) ? NONE : place;
    }
    return NONE;
  }

  /**
   * Place of the pin that a packet answers, or NONE. `selectors`: own << 16 | remote's, the own half 0 for a flow that this host
   * serves itself; `kind`: protocol << 8 | family.
   */
  findBack(remoteWord: number, selectors: number, ports: number, kind: number, now: number): number {
    if (this.isEmpty) return NONE;
    const first = this.firstBack(remoteWord, selectors, ports, kind);
    for (let i = first; i < first + WAYS; i++) {
      const place = this.back[i];
      if (place === NONE) continue;
      const at = WORDS * place;
      if (this.words[at + 3] !== remoteWord || this.words[at + 1] !== ports) continue;
      if ((this.words[at + 2] & 0xffff) !== kind || this.backSelectors(place) !== selectors) continue;
      if (this.words[at + 2] >>> 16 !== this.services.generation[this.serviceSlot(place)]) return NONE;
      return this.isExpired(place, now) ? NONE : place;
    }
    return NONE;
  }

  /** Pins a flow that has no pin. `endpoint`: place in the service table; `identity`: what Balancer.identityOf says of it. */
  add(from: number, ports: number, kind: number, endpoint: number, identity: number, now: number): number {
    if (this.isEmpty) this.allocate();
    this.sweep(now);
    const first = this.firstPlace(from, ports, kind);
    let place = first;
    for (let i = first; i < first + WAYS; i++) {
      const at = WORDS * i;
      // The same flow, expired.
      if (this.words[at + 1] === ports && this.words[at] === from && this.words[at + 2] === kind) {
        place = i;
        break;
      }
      if (this.lastMs[i] < this.lastMs[place]) place = i;
    }
    this.remove(place);
    const at = WORDS * place;
    this.words[at] = from;
    this.words[at + 1] = ports;
    this.words[at + 2] = kind;
    this.words[at + 3] =
      ((this.services.remote[endpoint] << 16) | this.services.remoteGeneration[endpoint]) >>> 0;
    this.identities[place] = identity;
    this.selectors[place] = this.services.selector[endpoint];
    this.hint[place] = endpoint % ENDPOINTS_PER_SERVICE;
    this.closing[place] = 0;
    this.lastMs[place] = now;
    this.services.load[endpoint]++;
    this.added++;
    this.enterBack(place);
    return place;
  }

  /** The flow lives. */
  touch(place: number, now: number): void {
    this.lastMs[place] = now;
  }

  /** TCP: a FIN or RST left, or (false) the ports are used anew. */
  setClosing(place: number, isClosing: boolean): void {
    this.closing[place] = isClosing ? 1 : 0;
  }

  /** Place of the pin's endpoint in the service table, or NONE: it is not among the service's any more. */
  endpointOf(place: number): number {
    const { services } = this;
    const service = this.serviceSlot(place);
    const remote = this.remoteWord(place) >>> 16;
    const selector = this.selectors[place];
    const expected = service * ENDPOINTS_PER_SERVICE + this.hint[place];
    const isThere =
      this.hint[place] < services.count[service] &&
      services.remote[expected] === remote &&
      services.selector[expected] === selector;
    if (isThere) return expected;
    const found = services.find(service, remote, selector);
    if (found !== NONE) this.hint[place] = found % ENDPOINTS_PER_SERVICE;
    return found;
  }

  remove(place: number): void {
    if (this.lastMs[place] === Number.NEGATIVE_INFINITY) return;
    this.leaveBack(place);
    this.lastMs[place] = Number.NEGATIVE_INFINITY;
    const kind = this.words[WORDS * place + 2];
    if (kind >>> 16 === this.services.generation[this.serviceSlot(place)]) {
      const endpoint = this.endpointOf(place);
      const generation = this.remoteWord(place) & 0xffff;
      const isCounted = endpoint !== NONE && this.services.remoteGeneration[endpoint] === generation;
      if (isCounted && this.services.load[endpoint] > 0) this.services.load[endpoint]--;
    }
    this.words.fill(0, WORDS * place, WORDS * place + WORDS);
  }

  /** Pins alive, by a walk of the whole table. */
  count(now: number): number {
    let alive = 0;
    for (let place = 0; place < this.lastMs.length; place++) if (!this.isExpired(place, now)) alive++;
    return alive;
  }

  private isExpired(place: number, now: number): boolean {
    return now - this.lastMs[place] >= this.idleMs(place);
  }

  private idleMs(place: number): number {
    const protocol = (this.words[WORDS * place + 2] >>> 8) & 0xff;
    if (protocol === TCP) return this.closing[place] === 0 ? TCP_PINNED_MS : TCP_CLOSING_MS;
    return protocol === UDP ? UDP_PINNED_MS : ICMP_PINNED_MS;
  }

  private sweep(now: number): void {
    for (let i = 0; i < SWEPT_PER_ADD; i++) {
      if (this.isExpired(this.hand, now)) this.remove(this.hand);
      this.hand = (this.hand + 1) & (this.places - 1);
    }
  }

  private allocate(): void {
    this.words = new Uint32Array(WORDS * this.places);
    this.selectors = new Uint16Array(this.places);
    this.hint = new Uint8Array(this.places);
    this.closing = new Uint8Array(this.places);
    this.identities = new Uint32Array(this.places);
    this.lastMs = new Float64Array(this.places).fill(Number.NEGATIVE_INFINITY);
    this.back = new Int32Array(2 * this.places).fill(NONE);
  }

  private firstPlace(from: number, ports: number, kind: number): number {
    return (hashWords(this.key, from, ports, kind, 0) & (this.places / WAYS - 1)) * WAYS;
  }

  private firstBack(remoteWord: number, selectors: number, ports: number, kind: number): number {
    const sets = (2 * this.places) / WAYS;
    return (hashWords(this.key, remoteWord, selectors, ports, kind) & (sets - 1)) * WAYS;
  }

  /** What a packet that answers the pin carries: own << 16 | remote's. */
  private backSelectors(place: number): number {
    const isOwn = this.remoteWord(place) >>> 16 === OWN_REMOTE;
    return (((isOwn ? 0 : this.ownSelector(place)) << 16) | this.selectors[place]) >>> 0;
  }

  private firstBackOf(place: number): number {
    const at = WORDS * place;
    const { words } = this;
    return this.firstBack(words[at + 3], this.backSelectors(place), words[at + 1], words[at + 2] & 0xffff);
  }

  /** A full set gives up the pin unused for longest, whole: one that is found in one direction only would tear its flow. */
  private enterBack(place: number): void {
    const first = this.firstBackOf(place);
    let chosen = first;
    for (let i = first; i < first + WAYS && this.back[chosen] !== NONE; i++) {
      if (this.back[i] === NONE || this.lastMs[this.back[i]] < this.lastMs[this.back[chosen]]) chosen = i;
    }
    if (this.back[chosen] !== NONE) this.remove(this.back[chosen]);
    this.back[chosen] = place;
  }

  private leaveBack(place: number): void {
    const first = this.firstBackOf(place);
    for (let i = first; i < first + WAYS; i++) if (this.back[i] === place) this.back[i] = NONE;
  }
}
