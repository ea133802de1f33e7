// The routing table: certified core nodes, up to k per bucket. Bucket i has those that share exactly i leading bits with the
// own place.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import { addressScope, isIpv4, type SocketAddress } from '../base/ip.ts';
import type { DhtContact } from '../wire/types.ts';
import { contactBytes } from '../wire/wire.ts';
import { FAILURES_MAX } from './limits.ts';
import { bitOf, commonPrefix, compareDistance, distance, type Place } from './place.ts';

const BUCKETS = 65;
/** Contacts of a bucket that share a public /24 or /48. */
const PER_PREFIX = 2;
/** From so many organisations in the table on, none has more than half of a bucket or of an answer. */
export const ORGANISATIONS_DIVERSE = 4;
/** Contacts that wait for a place in a full bucket. */
const SPARES = 4;

/** One node of the table; written by the table alone. */
export interface TableContact extends Place {
  /** Node ID in hex. */
  readonly id: string;
  contact: DhtContact;
  /** Organisation ID in hex. */
  readonly organisation: string;
  /** Bytes of the contact within an answer. */
  bytes: number;
  /** Of its addresses, as prefixOf() has them; none twice, none empty. */
  prefixes: readonly string[];
  /** ms; -Infinity: kept from an earlier run, not heard since. */
  heardAt: number;
  /** Questions without an answer since it was heard, at most FAILURES_MAX. */
  failures: number;
}

interface Bucket {
  /** At most k, heard longest ago first. */
  readonly contacts: TableContact[];
  /** At most SPARES, newest last. */
  spares: TableContact[];
}

export type Offer =
  /** `contact` is new in the table. */
  | { readonly kind: 'added'; readonly contact: TableContact }
  /** It was there; `isChanged`: with other addresses. */
  | { readonly kind: 'known'; readonly contact: TableContact; readonly isChanged: boolean }
  /** It waits; `oldest` decides by answering, or not. */
  | { readonly kind: 'full'; readonly oldest: TableContact }
  /** It would make the bucket uniform: too many of one prefix or organisation, or it is this node. */
  | { readonly kind: 'refused' };

/** Public /24 or /48 of an address in hex; '': one that says nothing of who is behind it. */
export function prefixOf(address: SocketAddress): string {
  if (addressScope(address.ip) !== 'global') return '';
  return isIpv4(address.ip) ? toHex(address.ip.subarray(12, 15)) : toHex(address.ip.subarray(0, 6));
}

function prefixesOf(contact: DhtContact): string[] {
  const prefixes: string[] = [];
  for (const address of contact.addresses) {
    const prefix = prefixOf(address);
    if (prefix !== '' && !prefixes.includes(prefix)) prefixes.push(prefix);
  }
  return prefixes;
}

/** Bounded by k contacts and a few spares per bucket, of which a network of n nodes fills log2(n / k) + 1. */
export class RoutingTable {
  private readonly own: Place;
  private readonly k: number;
  private readonly buckets: (Bucket | undefined)[] = [];
  private readonly byId: BoundedMap<string, TableContact>;
  /** Contacts by organisation. */
  private readonly organisations: BoundedMap<string, number>;

  constructor(own: Place, k: number) {
    this.own = own;
    this.k = k;
    this.byId = new BoundedMap(k * BUCKETS);
    this.organisations = new BoundedMap(k * BUCKETS);
  }

  get size(): number {
    return this.byId.size;
  }

  get(id: string): TableContact | undefined {
    return this.byId.peek(id);
  }

  values(): MapIterator<TableContact> {
    return this.byId.values();
  }

  get isDiverse(): boolean {
    return this.organisations.size >= ORGANISATIONS_DIVERSE;
  }

  /** A node with a certificate was heard. Its place is a certified one. */
  offer(id: string, place: Place, contact: DhtContact, organisation: string, heardAt: number): Offer {
    const known = this.byId.peek(id);
    if (known !== undefined && known.hi === place.hi && known.lo === place.lo)
      return this.hear(known, contact, heardAt);
    if (known !== undefined) this.remove(id);
    const bucket = this.bucketFor(place);
    const prefixes = prefixesOf(contact);
    if (bucket === undefined || !this.fits(bucket, prefixes, organisation)) return { kind: 'refused' };
    const bytes = contactBytes(contact);
    const { hi, lo } = place;
    const entry: TableContact = { id, hi, lo, contact, organisation, bytes, prefixes, heardAt, failures: 0 };
    if (bucket.contacts.length >= this.k) {
      bucket.spares = bucket.spares.filter((spare) => spare.id !== id);
      bucket.spares.push(entry);
      if (bucket.spares.length > SPARES) bucket.spares.shift();
      return { kind: 'full', oldest: bucket.contacts[0] };
    }
    this.insert(bucket, entry);
    return { kind: 'added', contact: entry };
  }

  private hear(known: TableContact, contact: DhtContact, heardAt: number): Offer {
    const isChanged = !sameAddresses(known.contact, contact);
    if (isChanged) {
      known.contact = contact;
      known.bytes = contactBytes(contact);
      known.prefixes = prefixesOf(contact);
    }
    known.heardAt = Math.max(known.heardAt, heardAt);
    known.failures = 0;
    const { contacts } = this.bucketFor(known) as Bucket;
    contacts.splice(contacts.indexOf(known), 1);
    contacts.push(known);
    return { kind: 'known', contact: known, isChanged };
  }

  private fits(bucket: Bucket, prefixes: readonly string[], organisation: string): boolean {
    for (const prefix of prefixes) {
      const same = bucket.contacts.filter((other) => other.prefixes.includes(prefix));
      if (same.length >= PER_PREFIX) return false;
    }
    const known = this.organisations.peek(organisation) ?? 0;
    const organisations = this.organisations.size + (known === 0 ? 1 : 0);
    if (organisations < ORGANISATIONS_DIVERSE) return true;
    const colleagues = bucket.contacts.filter((other) => other.organisation === organisation);
    return colleagues.length < Math.max(1, this.k >> 1);
  }

  /** A question to it was not answered. Gives the contact if that was once too often and it is gone, and who took its place. */
  fail(
    id: string,
  ): { readonly gone: TableContact; readonly successor: TableContact | undefined } | undefined {
    const contact = this.byId.peek(id);
    if (contact === undefined) return undefined;
    contact.failures++;
    if (contact.failures < FAILURES_MAX) return undefined;
    return { gone: contact, successor: this.remove(id) };
  }

  /** Takes it out; gives the spare that took its place. */
  remove(id: string): TableContact | undefined {
    const contact = this.byId.peek(id);
    if (contact === undefined) return undefined;
    this.byId.delete(id);
    this.countOrganisation(contact.organisation, -1);
    const bucket = this.bucketFor(contact) as Bucket;
    bucket.contacts.splice(bucket.contacts.indexOf(contact), 1);
    for (let spare = bucket.spares.pop(); spare !== undefined; spare = bucket.spares.pop()) {
      if (!this.fits(bucket, spare.prefixes, spare.organisation)) continue;
      this.insert(bucket, spare);
      return spare;
    }
    return undefined;
  }

  private insert(bucket: Bucket, entry: TableContact): void {
    const at = bucket.contacts.findIndex((other) => other.heardAt > entry.heardAt);
    bucket.contacts.splice(at < 0 ? bucket.contacts.length : at, 0, entry);
    this.byId.set(entry.id, entry);
    this.countOrganisation(entry.organisation, 1);
  }

  private countOrganisation(organisation: string, by: number): void {
    const count = (this.organisations.peek(organisation) ?? 0) + by;
    if (count > 0) this.organisations.set(organisation, count);
    else this.organisations.delete(organisation);
  }

  /** Undefined: the own place. */
  private bucketFor(place: Place): Bucket | undefined {
    const index = commonPrefix(this.own, place);
    if (index >= BUCKETS - 1) return undefined;
    this.buckets[index] ??= { contacts: [], spares: [] };
    return this.buckets[index];
  }

  /**
   * The closest to a key, closest first: of one organisation at most half, once there are several and others can fill the
   * rest. Those that failed lately come in only where others are missing.
   */
  closest(key: Place, count: number): TableContact[] {
    const chosen: TableContact[] = [];
    const left: TableContact[] = [];
    const share = this.isDiverse ? Math.max(1, count >> 1) : count;
    const shares = new Map<string, number>();
    for (const { contacts } of this.bucketsTowards(key)) {
      for (const contact of [...contacts].sort((a, b) => compareDistance(key, a, b))) {
        const taken = shares.get(contact.organisation) ?? 0;
        if (taken >= share || contact.failures > 0) {
          if (left.length < count) left.push(contact);
          continue;
        }
        shares.set(contact.organisation, taken + 1);
        chosen.push(contact);
        if (chosen.length >= count) return chosen;
      }
    }
    if (left.length === 0) return chosen;
    chosen.push(...left.slice(0, count - chosen.length));
    return chosen.sort((a, b) => compareDistance(key, a, b));
  }

  /** Those with contacts, each closer to the key than the next. */
  private bucketsTowards(key: Place): Bucket[] {
    const { buckets, own } = this;
    const index = commonPrefix(own, key);
    const order: Bucket[] = [];
    const add = (i: number): void => {
      const bucket = buckets[i];
      if (bucket !== undefined && bucket.contacts.length > 0) order.push(bucket);
    };
    add(index);
    // Deeper ones share as much with the key. Bucket i differs from the own place in bit i, all that are deeper do not.
    for (let i = index + 1; i < buckets.length; i++) if (bitOf(own, i) !== bitOf(key, i)) add(i);
    for (let i = buckets.length - 1; i > index; i--) if (bitOf(own, i) === bitOf(key, i)) add(i);
    for (let i = Math.min(index, buckets.length) - 1; i >= 0; i--) add(i);
    return order;
  }

  /** Whether fewer than `count` contacts are closer to the key than this node. */
  isAmongClosest(key: Place, count: number): boolean {
    let closer = 0;
    for (const { contacts } of this.bucketsTowards(key)) {
      // All that follow are further away than this node.
      if (commonPrefix(key, contacts[0]) < commonPrefix(key, this.own)) return true;
      for (const contact of contacts) if (compareDistance(key, contact, this.own) < 0) closer++;
      if (closer >= count) return false;
    }
    return true;
  }

  /** Nodes in the network, by how close the closest are to this one; 1: alone. */
  estimateNodes(): number {
    const near = this.closestToSelf();
    if (near.length < this.k) return this.size + 1;
    return Math.max(this.size + 1, Math.round((near.length - 1) / distance(this.own, near[near.length - 1])));
  }

  private closestToSelf(): TableContact[] {
    const near: TableContact[] = [];
    for (let i = this.buckets.length - 1; i >= 0 && near.length < this.k; i--)
      near.push(...(this.buckets[i]?.contacts ?? []));
    return near.sort((a, b) => compareDistance(this.own, a, b)).slice(0, this.k);
  }

  /** The deepest bucket that has a contact; -1: none. */
  get depth(): number {
    for (let i = this.buckets.length - 1; i >= 0; i--) if (this.buckets[i]?.contacts.length) return i;
    return -1;
  }

  /** Contacts of one bucket. */
  countIn(index: number): number {
    return this.buckets[index]?.contacts.length ?? 0;
  }

  /** The bucket, up to the deepest, of which nothing was heard for the longest time, if that is before `since`. */
  stalest(since: number): number | undefined {
    let oldest = since;
    let stalest: number | undefined;
    for (let i = 0; i <= this.depth; i++) {
      const contacts = this.buckets[i]?.contacts ?? [];
      const heardAt =
        contacts.length === 0 ? Number.NEGATIVE_INFINITY : contacts[contacts.length - 1].heardAt;
      if (heardAt < oldest) {
        oldest = heardAt;
        stalest = i;
      }
    }
    return stalest;
  }
}

function sameAddresses(a: DhtContact, b: DhtContact): boolean {
  if (a.addresses.length !== b.addresses.length) return false;
  return a.addresses.every((address, i) => {
    const other = b.addresses[i];
    return address.port === other.port && address.ip.every((byte, at) => byte === other.ip[at]);
  });
}
