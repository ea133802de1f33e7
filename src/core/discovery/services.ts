// From the name of a service to its providers: the cache, lookups behind it, and who waits for them.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import { serviceNameFault } from '../base/name.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { idToText } from '../identity/identity.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { DhtRecord } from '../wire/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import {
  type Find,
  isComplete,
  isHeard,
  type Lookup,
  type Lookups,
  type Subject,
  type Waiter,
} from './lookups.ts';
import type { Peer } from './peers.ts';
import { ENDPOINTS_MAX, ProviderSet } from './provider-set.ts';
import { IN_USE_MS, ProviderSets } from './provider-sets.ts';
import type { DiscoveryDrop, DiscoveryInput, FoundName, OwnService, ResolveResult } from './types.ts';
import { foundEndpoint } from './views.ts';

/** A set in use is looked up again at most so often ... */
export const REFRESH_MS = 2 * SECOND_MS;
/** ... and uses so soon after a lookup began (its own connection, the other address family) ask for no further one. */
export const SAME_USE_MS = SECOND_MS;
/** An answer waits so long for further providers once one is usable. */
export const GRACE_MS = 30;
/** What was not found is not looked for again for so long. */
export const NEGATIVE_MS = 3 * SECOND_MS;
const NEGATIVES_MAX = 2048;
/** Before another organisation's services are said not to be there, its newest epochs are waited for so long. */
export const EPOCHS_MS = 3 * SECOND_MS;

type Found = Extract<DiscoveryInput, { kind: 'found' }>;
type ServiceSubject = Extract<Subject, { kind: 'service' }>;
type ResolveWaiter = Extract<Waiter, { kind: 'resolve' }>;

export class Services {
  readonly sets: ProviderSets;
  /** Names without providers, by ProviderSet.key: ms until which that is believed. */
  private readonly negatives = new BoundedMap<string, number>(NEGATIVES_MAX);
  private readonly context: DiscoveryContext;
  private readonly lookups: Lookups;

  constructor(context: DiscoveryContext, lookups: Lookups) {
    this.context = context;
    this.lookups = lookups;
    this.sets = new ProviderSets(context);
  }

  get wakeAt(): number {
    return this.sets.wakeAt;
  }

  /** Of this host; undefined: no longer offered. */
  setOwn(name: string, service: OwnService | undefined, now: number, out: DiscoveryOutbox): void {
    const organisation = this.context.member?.organisation;
    if (organisation === undefined) return;
    const set = this.setOf(organisation, name);
    if (service === undefined && !set.hasOwn) return;
    set.setOwn(service);
    if (!this.sets.adopt(set, now, out)) return;
    this.sets.changed(set);
    this.sets.schedule(set);
  }

  resolve(organisation: OrganisationId, waiter: ResolveWaiter, now: number, out: DiscoveryOutbox): void {
    const name = serviceOf(waiter);
    // Nobody can offer it, and the DHT is not bothered.
    if (serviceNameFault(name) !== undefined) return answer(waiter, { kind: 'notFound' }, out);
    const set = this.setOf(organisation, name);
    if (this.sets.has(set)) this.use(set, now, out);
    if (this.isAnswerable(set, waiter, now)) {
      this.sets.warm(set, now, out);
      return answer(waiter, this.resultOf(set, waiter), out);
    }
    const lookup = this.lookUp(set, now, out);
    if (lookup !== undefined && this.lookups.wait(lookup, waiter)) return;
    answer(waiter, set.endpoints.size === 0 ? { kind: 'unavailable' } : this.resultOf(set, waiter), out);
  }

  /** The set that is kept, else the one that is being looked up, else a new one. */
  private setOf(organisation: OrganisationId, name: string): ProviderSet {
    const kept = this.sets.find(organisation, name);
    if (kept !== undefined) return kept;
    const set = new ProviderSet(this.context, organisation, name);
    const subject = this.lookupOf(set)?.subject;
    return subject?.kind === 'service' ? subject.set : set;
  }

  /** Without waiting for a lookup. */
  private isAnswerable(set: ProviderSet, waiter: ResolveWaiter, now: number): boolean {
    if (set.endpoints.size === 0) return (this.negatives.peek(set.key) ?? 0) > now;
    if (!waiter.isWhole && this.isEnough(set, waiter)) return true;
    return now - set.lookedUpAt < REFRESH_MS && this.lookupOf(set) === undefined;
  }

  used(
    organisation: OrganisationId,
    name: string,
    isQuiet: boolean,
    now: number,
    out: DiscoveryOutbox,
  ): void {
    const set = this.sets.find(organisation, name);
    if (isQuiet) {
      if (set !== undefined) this.sets.touch(set, now);
      return;
    }
    if (set !== undefined) {
      this.use(set, now, out);
      this.sets.warm(set, now, out);
    } else if (serviceNameFault(name) === undefined) {
      const forgotten = this.setOf(organisation, name);
      if ((this.negatives.peek(forgotten.key) ?? 0) <= now) this.lookUp(forgotten, now, out);
    }
  }

  /** Looks it up behind the user's back when what is known is older than REFRESH_MS; else as soon as it will be. */
  private use(set: ProviderSet, now: number, out: DiscoveryOutbox): void {
    this.sets.touch(set, now);
    const age = now - set.lookedUpAt;
    if (age >= REFRESH_MS) this.lookUp(set, now, out);
    else if (age >= SAME_USE_MS) set.refreshAt = set.lookedUpAt + REFRESH_MS;
    this.sets.schedule(set);
  }

  private lookupOf(set: ProviderSet): Lookup | undefined {
    return this.lookups.under(set.key);
  }

  private lookUp(set: ProviderSet, now: number, out: DiscoveryOutbox): Lookup | undefined {
    const active = this.lookupOf(set);
    if (active !== undefined) return active;
    const { places, wants } = this.context;
    const { organisation, name } = set;
    const isPaired = this.isPaired(set);
    const isUrgent = isPaired && !places.hasForeign(organisation);
    const subject: ServiceSubject = { kind: 'service', set, epochs: isUrgent ? 'asked' : 'known' };
    const wanted = places.ofService(organisation, name);
    const lookup = this.lookups.startAt(set.key, wanted, subject, ENDPOINTS_MAX, now, out);
    if (lookup === undefined) return undefined;
    if (isPaired) wants.onLookup(organisation, isUrgent, now, out);
    set.lookedUpAt = now;
    set.refreshAt = NEVER;
    return lookup;
  }

  /** Its records may lie where only this node's organisation and the provider's can tell. */
  private isPaired({ organisation }: ProviderSet): boolean {
    const { places } = this.context;
    return places.own.length > 0 && !places.isOwn(organisation);
  }

  /** There are other epochs (of the own organisation: undefined), or `isChanged` not: what could not be found may be there. */
  onEpochs(
    organisation: OrganisationId | undefined,
    isChanged: boolean,
    now: number,
    out: DiscoveryOutbox,
  ): void {
    const of = organisation === undefined ? undefined : toHex(organisation);
    const isConcerned = (set: ProviderSet) => of === undefined || toHex(set.organisation) === of;
    if (isChanged) {
      this.negatives.clear();
      this.sets.forgetAge(isConcerned);
    }
    for (const lookup of [...this.lookups.values()]) {
      const { subject } = lookup;
      if (subject.kind !== 'service' || !isConcerned(subject.set)) continue;
      const { set } = subject;
      if (of !== undefined) subject.epochs = 'told';
      this.lookups.extend(
        lookup,
        this.context.places.ofService(set.organisation, set.name),
        ENDPOINTS_MAX,
        out,
      );
      if (isComplete(lookup) && !this.isOpen(lookup, subject, now, out)) this.finish(lookup, set, now, out);
    }
  }

  /** The DHT has said all that it was asked: whether epochs that are not known here may lead any further. */
  private isOpen(lookup: Lookup, subject: ServiceSubject, now: number, out: DiscoveryOutbox): boolean {
    const { set } = subject;
    if (lookup.waiters.length === 0 || !this.isPaired(set)) return false;
    if (set.endpoints.size > 0 && lookup.waiters.every(isHasty)) return false;
    if (subject.epochs === 'known' && set.endpoints.size === 0) {
      subject.epochs = 'asked';
      this.context.wants.onLookup(set.organisation, true, now, out);
    }
    if (subject.epochs !== 'asked') return false;
    this.lookups.wake(lookup, Math.max(now, lookup.startedAt + EPOCHS_MS));
    return now < lookup.startedAt + EPOCHS_MS;
  }

  onFound(
    lookup: Lookup,
    subject: ServiceSubject,
    find: Find,
    found: Found,
    now: number,
    out: DiscoveryOutbox,
  ): void {
    const { set } = subject;
    const drop = (reason: DiscoveryDrop) => out.emit({ kind: 'dropped', reason });
    const records = this.readable(find, found, drop);
    for (const { publisher, body } of records) if (body !== undefined) find.seen.add(toHex(publisher));
    find.records = Math.max(find.records, found.records.length);
    find.total = found.total;
    if (set.merge(find.place.id, records, this.context.wallMs(now), drop)) {
      if (set.endpoints.size > 0) this.sets.adopt(set, now, out);
      this.sets.changed(set);
    }
    if (isComplete(lookup) && !this.isOpen(lookup, subject, now, out))
      return this.finish(lookup, set, now, out);
    if (set.isUsable && lookup.waiters.some((waiter) => isHasty(waiter)))
      this.lookups.wake(lookup, now + GRACE_MS);
    this.sets.schedule(set);
  }

  /** What this node may read of it. Who withdrew a sealed record openly is told by its absence. */
  private readable({ place }: Find, found: Found, drop: (reason: DiscoveryDrop) => void): DhtRecord[] {
    if (place.audience === undefined) return [...found.records, ...found.withdrawn];
    const inner: DhtRecord[] = [];
    for (const record of found.records) {
      const opened = this.context.places.open(place, record);
      if (opened === undefined) drop('recordUnreadable');
      else inner.push(opened);
    }
    return inner;
  }

  /** Enough time has passed since there is something usable, or altogether: then the lookup ends. */
  onTimer(lookup: Lookup, subject: ServiceSubject, isOver: boolean, now: number, out: DiscoveryOutbox): void {
    const { set } = subject;
    const isDone = isComplete(lookup) && !this.isOpen(lookup, subject, now, out);
    if (isOver || isDone) return this.finish(lookup, set, now, out);
    const hasty = lookup.waiters.filter((waiter) => isHasty(waiter) && this.isEnough(set, waiter));
    lookup.waiters = lookup.waiters.filter((waiter) => !hasty.includes(waiter as ResolveWaiter));
    this.answerAll(hasty, set, now, out);
  }

  private finish(lookup: Lookup, set: ProviderSet, now: number, out: DiscoveryOutbox): void {
    this.lookups.end(lookup, out);
    const isAnswered = isComplete(lookup) && (isHeard(lookup) || this.context.isCore);
    const sightings = lookup.finds.map(({ place, ...found }) => ({ ...found, place: place.id }));
    if (isAnswered && set.onLookedUp(sightings)) this.sets.changed(set);
    if (isAnswered && set.endpoints.size === 0) this.negatives.set(set.key, now + NEGATIVE_MS);
    else this.negatives.delete(set.key);
    this.sets.schedule(set);
    if (set.endpoints.size > 0 || isAnswered) return this.answerAll(lookup.waiters, set, now, out);
    for (const waiter of lookup.waiters) answer(waiter, { kind: 'unavailable' }, out);
  }

  private answerAll(waiters: readonly Waiter[], set: ProviderSet, now: number, out: DiscoveryOutbox): void {
    if (waiters.length === 0) return;
    // Without room in the cache nothing would lead packets there.
    const isKept = set.endpoints.size === 0 || this.sets.has(set);
    if (isKept && this.sets.has(set)) {
      this.sets.touch(set, now);
      this.sets.warm(set, now, out);
    }
    for (const waiter of waiters)
      answer(waiter, isKept ? this.resultOf(set, waiter) : { kind: 'unavailable' }, out);
  }

  /** What a waiter asks for is there already. */
  private isEnough(set: ProviderSet, waiter: Waiter): boolean {
    return set.endpoints.size > 0 && this.resultOf(set, waiter).kind === 'found';
  }

  private resultOf(set: ProviderSet, waiter: Waiter): ResolveResult {
    if (set.endpoints.size === 0) return { kind: this.context.places.lacksEpoch ? 'noEpoch' : 'notFound' };
    const { found, endpoints } = this.sets.view(set);
    if (waiter.kind !== 'resolve' || waiter.name.kind !== 'endpoint') return found;
    const { node } = waiter.name;
    const endpoint = endpoints.find(({ nodeName, nodeId }) => nodeName === node || idToText(nodeId) === node);
    return endpoint === undefined ? { kind: 'notFound' } : foundEndpoint(found, endpoint);
  }

  /** An address of a set, as a name. */
  nameOf(key: string, endpoint: string | undefined): FoundName | undefined {
    const set = this.sets.get(key);
    if (set === undefined || set.endpoints.size === 0) return undefined;
    const { found, endpoints } = this.sets.view(set);
    if (endpoint === undefined) return found;
    const view = endpoints.find(({ nodeId }) => toHex(nodeId) === endpoint);
    return view && foundEndpoint(found, view);
  }

  onPeer(node: string, peer: Peer, now: number, out: DiscoveryOutbox): void {
    const isLost = peer.state === 'down' || peer.state === 'suspect';
    for (const set of this.sets.onPeer(node, out)) {
      // Others may have come meanwhile, and those that stand by are made ready.
      if (isLost && now - set.usedAt < IN_USE_MS) {
        this.sets.warm(set, now, out);
        set.refreshAt = Math.max(now, set.lookedUpAt + REFRESH_MS);
      }
      this.sets.schedule(set);
    }
  }

  tick(now: number, out: DiscoveryOutbox): void {
    for (const set of this.sets.onTimer(now, out)) this.lookUp(set, now, out);
  }
}

function serviceOf({ name }: ResolveWaiter): string {
  if (name.kind === 'service') return name.name;
  if (name.kind === 'endpoint') return name.service;
  throw new RangeError(`no service: ${name.kind}`);
}

function isHasty(waiter: Waiter): waiter is ResolveWaiter {
  return waiter.kind === 'resolve' && !waiter.isWhole;
}

function answer(waiter: Waiter, result: ResolveResult, out: DiscoveryOutbox): void {
  if (waiter.kind === 'resolve') out.emit({ kind: 'resolved', id: waiter.id, result });
}
