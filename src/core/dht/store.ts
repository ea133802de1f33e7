// The records that this node keeps for the network. What comes in was verified (serve.ts); here are its bounds and versions.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { DAY_S } from '../base/time.ts';
import type { DhtRecord } from '../wire/types.ts';
import { Crowd, spreadFor } from './crowd.ts';
import { KEYS_MAX, SPREAD_KEPT_MS, SPREADS } from './limits.ts';
import { type Place, placeOf } from './place.ts';
import type { EpochMark, Publisher } from './rights.ts';
import type { DhtLimits } from './types.ts';

export interface StoredRecord {
  /** Encoded SignedRecord. */
  readonly bytes: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly owner: Owner;
  readonly sequence: number;
  /** Seconds of Unix time: its own, or the end of the chain that came with it, whichever is earlier. */
  expires: number;
  readonly isWithdrawn: boolean;
  /** Public prefix of who brought it; '': unknown. */
  readonly prefix: string;
  /** ms; when somebody brought it last. */
  heardAt: number;
}

export interface StoredKey {
  /** Hex. */
  readonly id: string;
  readonly key: Uint8Array;
  readonly place: Place;
  /** As DhtStore has it: 0 under the root key, else 1 + shard number. */
  readonly shard: number;
  /** By publisher; at most recordsPerKey. */
  readonly records: BoundedMap<string, StoredRecord>;
  /** Publishers of records that are to be passed on; all of them are in `records`, or were. */
  readonly fresh: Set<string>;
  /** 0: all records lie here. */
  spread: number;
  /** A spread that one node spoke of. */
  hint: { readonly by: string; readonly spread: number } | undefined;
  /** Who came while it was full, in this day and the one before; root keys only. */
  crowd: Crowd | undefined;
  formerCrowd: Crowd | undefined;
  /** ms; when `crowd` began. */
  crowdSince: number;
  /** ms; when somebody was sent to its shards last. */
  fullAt: number;
}

/** One record that was verified, and where it is to lie. */
export interface Arrival {
  readonly key: Uint8Array;
  readonly shard: number;
  readonly record: DhtRecord;
  readonly bytes: Uint8Array;
  readonly publisher: Publisher;
  readonly prefix: string;
  /** Another holder brought it. */
  readonly isReplica: boolean;
}

/** same: this very version was here. full: `spread` of the key says where to go. busy: a bound of this node. */
export type StoreVerdict = 'done' | 'same' | 'old' | 'full' | 'busy';

/** Organisations whose latest epoch is remembered. */
const EPOCHS_MAX = 1024;
/** Seconds after the beginning of an epoch for which those before are published under: members read them for two days, give or take. */
const SUPERSEDED_S = 3 * DAY_S;

/** What an organisation's sealed records are counted by. */
function sealedId(organisation: string): string {
  return `sealed ${organisation}`;
}

/** Bytes that one record takes beside its own. */
const OVERHEAD_BYTES = 200;

/** A publisher of records that are here. */
export interface Owner {
  /** With the chain that came last. */
  publisher: Publisher;
  records: number;
}

/**
 * Bounded by bytes, keys, and records per key, publisher and prefix; no organisation has more than half of the bytes. What
 * exceeds a bound is refused: what is there stays until it expires. Sealed records, which any member publishes under any number of
 * pseudonyms, have a quarter of the bytes per organisation; those of an epoch that is not its latest find room up to an eighth, so that
 * who was put out and knows only an earlier secret cannot take the room of the others.
 */
export class RecordStore {
  private readonly limits: DhtLimits;
  private readonly keys = new BoundedMap<string, StoredKey>(KEYS_MAX);
  /** Bounded by the records there are. */
  private readonly publishers = new BoundedMap<string, Owner>(Number.MAX_SAFE_INTEGER);
  private readonly prefixes = new BoundedMap<string, number>(Number.MAX_SAFE_INTEGER);
  /** Bytes by organisation in hex; those of its sealed records once more by sealedId. */
  private readonly organisations = new BoundedMap<string, number>(Number.MAX_SAFE_INTEGER);
  /** The latest epoch that was seen, by organisation in hex. */
  private readonly epochs = new BoundedMap<string, EpochMark>(EPOCHS_MAX);
  private bytesHeld = 0;
  private recordsHeld = 0;

  constructor(limits: DhtLimits) {
    this.limits = limits;
  }

  get bytes(): number {
    return this.bytesHeld;
  }

  get records(): number {
    return this.recordsHeld;
  }

  get size(): number {
    return this.keys.size;
  }

  get(id: string): StoredKey | undefined {
    return this.keys.peek(id);
  }

  values(): MapIterator<StoredKey> {
    return this.keys.values();
  }

  /** Whose records are here; undefined: nobody's of that node ID. */
  publisher(id: string): Publisher | undefined {
    return this.publishers.peek(id)?.publisher;
  }

  put(arrival: Arrival, now: number): StoreVerdict {
    const { record, bytes, publisher } = arrival;
    const id = toHex(arrival.key);
    const entry = this.keys.peek(id);
    const held = entry?.records.peek(publisher.id);
    if (held !== undefined) {
      if (record.sequence < held.sequence) return 'old';
      if (record.sequence === held.sequence) {
        if (!equalBytes(bytes, held.bytes)) return 'old';
        held.heardAt = now;
        held.expires = Math.max(held.expires, endOf(arrival));
        return 'same';
      }
    } else if (entry !== undefined && this.isFull(entry, arrival.isReplica)) {
      // A replica comes once more from every holder, and from those that know less.
      if (entry.shard === 0 && !arrival.isReplica) this.noteFull(entry, record.publisher, now);
      return 'full';
    }
    if (!this.hasRoom(arrival, held)) return 'busy';
    const target = entry ?? this.add(id, arrival);
    if (held !== undefined) this.drop(target, held);
    this.insert(target, arrival, now);
    return 'done';
  }

  // A key that is spread takes nobody new even where there is room again: they are in shards. What other holders of the key
  // have is another thing.
  private isFull(entry: StoredKey, isReplica: boolean): boolean {
    return entry.records.size >= this.limits.recordsPerKey || (entry.spread > 0 && !isReplica);
  }

  private hasRoom({ publisher, bytes, prefix }: Arrival, held: StoredRecord | undefined): boolean {
    const { recordsPerPublisher, recordsPerPrefix, storeBytes } = this.limits;
    const owner = this.publishers.peek(publisher.id);
    const isNew = held === undefined;
    if (isNew && (owner?.records ?? 0) >= recordsPerPublisher) return false;
    if (prefix !== held?.prefix && prefix !== '' && (this.prefixes.peek(prefix) ?? 0) >= recordsPerPrefix)
      return false;
    if (isNew && this.keys.size >= KEYS_MAX) return false;
    const chain = owner === undefined ? publisher.chain.length : 0;
    const more = costOf(bytes) + chain - (held === undefined ? 0 : costOf(held.bytes));
    const id = toHex(publisher.organisation);
    const organisation = this.organisations.peek(id) ?? 0;
    if (this.bytesHeld + more > storeBytes || organisation + more > storeBytes >> 1) return false;
    if (publisher.epoch === undefined) return true;
    const sealed = this.organisations.peek(sealedId(id)) ?? 0;
    return sealed + more <= (this.isOfLatest(publisher) ? storeBytes >> 2 : storeBytes >> 3);
  }

  private isOfLatest({ organisation, epoch }: Publisher): boolean {
    const latest = this.epochs.peek(toHex(organisation));
    return epoch === undefined || latest === undefined || epoch.number >= latest.number;
  }

  /** An epoch was seen that somebody vouched under. */
  noteEpoch(publisher: Publisher): void {
    const { epoch, organisation } = publisher;
    if (epoch !== undefined && this.isOfLatest(publisher)) this.epochs.set(toHex(organisation), epoch);
  }

  /** Whether a pseudonym is of an epoch that a later one followed so long ago that nobody reads what is published under it. */
  isSuperseded(publisher: Publisher, nowS: number): boolean {
    const latest = this.epochs.peek(toHex(publisher.organisation));
    return latest !== undefined && !this.isOfLatest(publisher) && nowS > latest.created + SUPERSEDED_S;
  }

  private add(id: string, { key, shard }: Arrival): StoredKey {
    const entry: StoredKey = {
      id,
      key,
      place: placeOf(key),
      shard,
      records: new BoundedMap(this.limits.recordsPerKey),
      fresh: new Set(),
      spread: 0,
      hint: undefined,
      crowd: undefined,
      formerCrowd: undefined,
      crowdSince: 0,
      fullAt: Number.NEGATIVE_INFINITY,
    };
    this.keys.set(id, entry);
    return entry;
  }

  private insert(entry: StoredKey, arrival: Arrival, now: number): void {
    const { record, bytes, publisher, prefix } = arrival;
    const owner = this.publishers.peek(publisher.id) ?? { publisher, records: 0 };
    this.count(publisher, publisher.chain.length - (owner.records === 0 ? 0 : owner.publisher.chain.length));
    owner.publisher = publisher;
    owner.records++;
    this.publishers.set(publisher.id, owner);
    if (prefix !== '') this.prefixes.set(prefix, (this.prefixes.peek(prefix) ?? 0) + 1);
    entry.records.set(publisher.id, {
      bytes,
      nodeId: record.publisher,
      owner,
      sequence: record.sequence,
      expires: endOf(arrival),
      isWithdrawn: record.body === undefined,
      prefix,
      heardAt: now,
    });
    this.recordsHeld++;
    this.count(publisher, costOf(bytes));
  }

  /** Takes a record out; the entry stays, even if empty. */
  private drop(entry: StoredKey, held: StoredRecord): void {
    const { prefix, bytes } = held;
    const { publisher } = held.owner;
    entry.records.delete(publisher.id);
    this.recordsHeld--;
    const prefixCount = (this.prefixes.peek(prefix) ?? 1) - 1;
    if (prefixCount > 0) this.prefixes.set(prefix, prefixCount);
    else this.prefixes.delete(prefix);
    const owner = this.publishers.peek(publisher.id) as Owner;
    owner.records--;
    if (owner.records === 0) this.publishers.delete(publisher.id);
    this.count(publisher, -costOf(bytes) - (owner.records === 0 ? owner.publisher.chain.length : 0));
  }

  private count(publisher: Publisher, bytes: number): void {
    const organisation = toHex(publisher.organisation);
    this.bytesHeld += bytes;
    this.countFor(organisation, bytes);
    if (publisher.epoch !== undefined) this.countFor(sealedId(organisation), bytes);
  }

  private countFor(id: string, bytes: number): void {
    const sum = (this.organisations.peek(id) ?? 0) + bytes;
    if (sum > 0) this.organisations.set(id, sum);
    else this.organisations.delete(id);
  }

  private noteFull(entry: StoredKey, publisher: Uint8Array, now: number): void {
    if (entry.crowd === undefined || now - entry.crowdSince > SPREAD_KEPT_MS) {
      entry.formerCrowd = entry.crowd;
      entry.crowd = new Crowd();
      entry.crowdSince = now;
      for (const record of entry.records.values()) entry.crowd.add(record.nodeId);
    }
    entry.crowd.add(publisher);
    entry.fullAt = now;
    entry.spread = Math.max(entry.spread, spreadFor(crowdOf(entry)));
  }

  /** Another holder says that the key is spread: believed of a key that is crowded here too, and beyond the first step of two. */
  hearSpread(entry: StoredKey, spread: number, by: string, now: number): void {
    if (entry.shard !== 0 || spread <= entry.spread || entry.records.size < this.limits.recordsPerKey >> 1)
      return;
    const { hint } = entry;
    const isSure = spread <= SPREADS[0] || (hint !== undefined && hint.by !== by && hint.spread >= spread);
    if (!isSure) {
      entry.hint = { by, spread };
      return;
    }
    entry.spread = spread;
    entry.fullAt = now;
  }

  /** Records that are not expired at `nowS` (Unix time). */
  live(entry: StoredKey, nowS: number): StoredRecord[] {
    return [...entry.records.values()].filter((record) => record.expires > nowS);
  }

  /** Drops what is expired at `nowS` (Unix time), and gives the keys that nothing is left of. */
  sweep(nowS: number, now: number): string[] {
    const emptied: string[] = [];
    for (const entry of this.keys.values()) {
      for (const record of [...entry.records.values()]) if (record.expires <= nowS) this.drop(entry, record);
      const isSpread = entry.spread > 0 && now - entry.fullAt < SPREAD_KEPT_MS;
      if (!isSpread && entry.spread > 0) {
        entry.spread = 0;
        entry.crowd = undefined;
        entry.formerCrowd = undefined;
      }
      if (entry.records.size > 0 || isSpread) continue;
      this.keys.delete(entry.id);
      emptied.push(entry.id);
    }
    return emptied;
  }

  /** Drops all of publishers that are certified no longer, and gives the keys that nothing is left of. */
  revoke(isGone: (publisher: Publisher) => boolean): string[] {
    const gone = new Set<string>();
    for (const [id, { publisher }] of this.publishers) if (isGone(publisher)) gone.add(id);
    const emptied: string[] = [];
    if (gone.size === 0) return emptied;
    for (const entry of this.keys.values()) {
      for (const [publisher, record] of [...entry.records]) {
        if (!gone.has(publisher)) continue;
        entry.fresh.delete(publisher);
        this.drop(entry, record);
      }
      if (entry.records.size > 0 || entry.spread > 0) continue;
      this.keys.delete(entry.id);
      emptied.push(entry.id);
    }
    return emptied;
  }

  clear(): void {
    this.keys.clear();
    this.publishers.clear();
    this.prefixes.clear();
    this.organisations.clear();
    this.bytesHeld = 0;
    this.recordsHeld = 0;
  }
}

/** Publishers of a key, those in its shards included; as many as are here where it never was full. */
export function crowdOf({ crowd, formerCrowd, records }: StoredKey): number {
  return Math.max(crowd?.size ?? 0, formerCrowd?.size ?? 0, records.size);
}

/** Who is not certified any more has said nothing. */
function endOf({ record, publisher }: Arrival): number {
  return Math.min(record.expires, publisher.lapses);
}

function costOf(bytes: Uint8Array): number {
  return bytes.length + OVERHEAD_BYTES;
}
