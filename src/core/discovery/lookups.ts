// Questions to the DHT under way, and who waits for their answers.
import { IndexedHeap } from '../base/heap.ts';
import { SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { type RecordAddress, recordKey } from '../identity/identity.ts';
import type { NodeId } from '../identity/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import type { NameClaims } from './node-names.ts';
import { LOOKUP_PLACES_MAX, type Place, placeOf } from './places.ts';
import type { ProviderSet } from './provider-set.ts';
import type { QueryName, StoredValue } from './types.ts';

const LOOKUPS_MAX = 128;
/** Finds of one lookup. */
const FINDS_MAX = 2 * LOOKUP_PLACES_MAX;
/** Waiters of one lookup. */
const WAITERS_MAX = 256;
/** Lookups per second on average, and at once: a flood of unknown names must not become one of the network. */
const LOOKUPS_PER_S = 50;
const LOOKUPS_BURST = 200;
/** Then a lookup ends with what it has. */
export const LOOKUP_MS = 10 * SECOND_MS;

export type Subject =
  | {
      readonly kind: 'service';
      readonly set: ProviderSet;
      /** What the lookup goes by of another organisation's epochs: known ones, those that were asked for, or the answer to that. */
      epochs: 'known' | 'asked' | 'told';
    }
  | { readonly kind: 'nodeName'; readonly claims: NameClaims }
  | { readonly kind: 'node'; readonly nodeId: NodeId; isFound: boolean }
  /** Values by publisher in hex. `organisation` undefined: an immutable value. */
  | {
      readonly kind: 'value';
      readonly organisation: Uint8Array | undefined;
      readonly values: Map<string, StoredValue>;
    };

export type Waiter =
  | { readonly kind: 'resolve'; readonly id: number; readonly name: QueryName; readonly isWhole: boolean }
  | { readonly kind: 'get'; readonly id: number };

/** A question for what lies at one place. */
export interface Find {
  readonly id: number;
  readonly place: Place;
  /** Providers in hex that it found: those that count. */
  readonly seen: Set<string>;
  /** Records that it found, and that are said to be there. */
  records: number;
  total: number;
  /** A node of the DHT answered. */
  isHeard: boolean;
  /** The DHT has said all. */
  isComplete: boolean;
}

export interface Lookup {
  readonly id: number;
  /** What is looked up: a key in the DHT in hex, or what lies at several. */
  readonly name: string;
  readonly subject: Subject;
  /** One at least; more where it may lie at several places. */
  readonly finds: Find[];
  /** ms */
  readonly startedAt: number;
  waiters: Waiter[];
}

/** The DHT has said all; something else may be waited for. */
export function isComplete({ finds }: Lookup): boolean {
  return finds.every((find) => find.isComplete);
}

/** A node of the DHT answered wherever it was asked. */
export function isHeard({ finds }: Lookup): boolean {
  return finds.every((find) => find.isHeard);
}

export class Lookups {
  /** By ID. */
  private readonly active = new Map<number, Lookup>();
  private readonly byName = new Map<string, Lookup>();
  /** By ID of a find; at most FINDS_MAX of each lookup. */
  private readonly byFind = new Map<number, Lookup>();
  /** By ID: when something is to be done about a lookup. */
  private readonly timers = new IndexedHeap<number>();
  private readonly bucket = new TokenBucket(LOOKUPS_PER_S, LOOKUPS_BURST);
  private readonly context: DiscoveryContext;
  private lastId = 0;

  constructor(context: DiscoveryContext) {
    this.context = context;
  }

  keyOf(address: RecordAddress): Uint8Array {
    return recordKey(this.context.crypto, this.context.networkId, address);
  }

  /** Whose find that is, as long as it is waited for. */
  ofFind(id: number): { readonly lookup: Lookup; readonly find: Find } | undefined {
    const lookup = this.byFind.get(id);
    const find = lookup?.finds.find((one) => one.id === id);
    return lookup === undefined || find === undefined || find.isComplete ? undefined : { lookup, find };
  }

  /** By Lookup.name. */
  under(name: string): Lookup | undefined {
    return this.byName.get(name);
  }

  /** Of what lies under one key. Undefined: too many at the moment. There must be none under the key. */
  start(
    key: Uint8Array,
    subject: Subject,
    limit: number,
    now: number,
    out: DiscoveryOutbox,
  ): Lookup | undefined {
    const place = placeOf(key);
    return this.startAt(place.id, [place], subject, limit, now, out);
  }

  /** Of what may lie at several places (one to FINDS_MAX), which are asked at the same time. */
  startAt(
    name: string,
    places: readonly Place[],
    subject: Subject,
    limit: number,
    now: number,
    out: DiscoveryOutbox,
  ): Lookup | undefined {
    if (this.active.size >= LOOKUPS_MAX || !this.bucket.take(now)) return undefined;
    const id = this.nextId();
    const lookup: Lookup = { id, name, subject, finds: [], startedAt: now, waiters: [] };
    this.active.set(id, lookup);
    this.byName.set(name, lookup);
    this.timers.set(id, now + LOOKUP_MS);
    this.extend(lookup, places, limit, out);
    return lookup;
  }

  /** Asks those of the places, too, that are not asked yet. Whether there are any. */
  extend(lookup: Lookup, places: readonly Place[], limit: number, out: DiscoveryOutbox): boolean {
    const asked = new Set(lookup.finds.map(({ place }) => place.id));
    const further = places.filter(({ id }) => !asked.has(id)).slice(0, FINDS_MAX - asked.size);
    for (const place of further) {
      const find = { id: this.nextId(), place, seen: new Set<string>(), records: 0, total: 0 };
      lookup.finds.push({ ...find, isHeard: false, isComplete: false });
      this.byFind.set(find.id, lookup);
      out.send({ kind: 'find', id: find.id, key: place.key, records: true, limit });
    }
    return further.length > 0;
  }

  private nextId(): number {
    this.lastId = (this.lastId + 1) % 2 ** 31;
    return this.lastId;
  }

  /** False: too many wait already. */
  wait(lookup: Lookup, waiter: Waiter): boolean {
    if (lookup.waiters.length >= WAITERS_MAX) return false;
    lookup.waiters.push(waiter);
    return true;
  }

  /** Calls for it at `at`, unless it is due earlier. */
  wake(lookup: Lookup, at: number): void {
    this.timers.set(lookup.id, Math.min(at, this.timers.get(lookup.id) ?? at));
  }

  /** After a call: when it has to end. */
  rearm(lookup: Lookup): void {
    if (this.active.has(lookup.id)) this.timers.set(lookup.id, lookup.startedAt + LOOKUP_MS);
  }

  due(now: number): Lookup | undefined {
    const id = this.timers.popUntil(now);
    return id === undefined ? undefined : this.active.get(id);
  }

  end(lookup: Lookup, out: DiscoveryOutbox): void {
    if (!this.active.delete(lookup.id)) return;
    this.byName.delete(lookup.name);
    this.timers.delete(lookup.id);
    for (const { id, isComplete } of lookup.finds) {
      this.byFind.delete(id);
      if (!isComplete) out.send({ kind: 'cancel', id });
    }
  }

  values(): Iterable<Lookup> {
    return this.active.values();
  }

  get size(): number {
    return this.active.size;
  }

  get wakeAt(): number {
    return this.timers.next;
  }
}
