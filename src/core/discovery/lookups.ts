// Questions to the DHT under way, and who waits for their answers.
import { toHex } from '../base/bytes.ts';
import { IndexedHeap } from '../base/heap.ts';
import { SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { type RecordAddress, recordKey } from '../identity/identity.ts';
import type { NodeId } from '../identity/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import type { NameClaims } from './node-names.ts';
import type { ProviderSet } from './provider-set.ts';
import type { QueryName, StoredValue } from './types.ts';

const LOOKUPS_MAX = 128;
/** Waiters of one lookup. */
const WAITERS_MAX = 256;
/** Lookups per second on average, and at once: a flood of unknown names must not become one of the network. */
const LOOKUPS_PER_S = 50;
const LOOKUPS_BURST = 200;
/** Then a lookup ends with what it has. */
export const LOOKUP_MS = 10 * SECOND_MS;

export type Subject =
  | { readonly kind: 'service'; readonly set: ProviderSet; readonly seen: Set<string>; total: number }
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

export interface Lookup {
  readonly id: number;
  /** The key in the DHT, in hex. */
  readonly key: string;
  readonly subject: Subject;
  /** ms */
  readonly startedAt: number;
  waiters: Waiter[];
  /** A node of the DHT answered. */
  isHeard: boolean;
  /** The DHT has said all; something else is waited for. */
  isComplete: boolean;
}

export class Lookups {
  /** By ID. */
  private readonly active = new Map<number, Lookup>();
  private readonly byKey = new Map<string, Lookup>();
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

  get(id: number): Lookup | undefined {
    return this.active.get(id);
  }

  /** `key`: in the DHT, in hex. */
  under(key: string): Lookup | undefined {
    return this.byKey.get(key);
  }

  /** Undefined: too many at the moment. There must be none under the key. */
  start(
    key: Uint8Array,
    subject: Subject,
    limit: number,
    now: number,
    out: DiscoveryOutbox,
  ): Lookup | undefined {
    if (this.active.size >= LOOKUPS_MAX || !this.bucket.take(now)) return undefined;
    this.lastId = (this.lastId + 1) % 2 ** 31;
    const text = toHex(key);
    const state = { waiters: [], isHeard: false, isComplete: false };
    const lookup: Lookup = { id: this.lastId, key: text, subject, startedAt: now, ...state };
    this.active.set(lookup.id, lookup);
    this.byKey.set(text, lookup);
    this.timers.set(lookup.id, now + LOOKUP_MS);
    out.send({ kind: 'find', id: lookup.id, key, records: true, limit });
    return lookup;
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
    this.byKey.delete(lookup.key);
    this.timers.delete(lookup.id);
    if (!lookup.isComplete) out.send({ kind: 'cancel', id: lookup.id });
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
