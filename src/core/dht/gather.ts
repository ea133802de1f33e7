// What the holders of one key say its records are, put together.
import { BoundedMap } from '../base/bounded-map.ts';
import { EMPTY, equalBytes } from '../base/bytes.ts';
import { readRecord } from '../identity/identity.ts';
import type { DhtAnswer, DhtContact, DhtRecord } from '../wire/types.ts';
import { decodeRecord, decodeSignedRecord } from '../wire/wire.ts';
import { believed, keepers, middle, nearest } from './claims.ts';
import { type Env, knownPublisher } from './env.ts';
import { CHAIN_TRIES, GATHERED_MAX } from './limits.ts';
import { mix, type Place, placeOf } from './place.ts';
import {
  isBound,
  isInDate,
  isSelfCertifying,
  mayPublish,
  type Publisher,
  publisherIdOf,
  rootKeyOf,
} from './rights.ts';
import { crowdOf, type StoredKey } from './store.ts';

/** A node that answered. */
export interface Holder extends Place {
  /** Node ID in hex. */
  readonly id: string;
  readonly contact: DhtContact;
  /** Records that it says it has. */
  total: number;
  spread: number;
  /** Records that it gave, from the beginning of the order on. */
  given: number;
  /** Priority of the last of them: what comes before and was not given, it does not have. */
  frontier: number;
}

type Answerer = Pick<Holder, 'id' | 'contact' | 'hi' | 'lo'>;

export interface Gathered {
  /** Publisher.id. */
  readonly id: string;
  /** In the order in which records are drawn. */
  readonly priority: number;
  readonly holders: Holder[];
  record: DhtRecord;
  bytes: Uint8Array;
  /** unknown: the publisher's chain is needed. void: it may not say that. */
  rights: 'unknown' | 'good' | 'void';
  /** Holders that were asked for the chain. */
  chainAsked: number;
}

/**
 * Every holder draws in the same order, which the seed makes and no publisher can know before. So the first records in that
 * order, over all holders, are an even sample of all, however many holders each has.
 */
export class Gather {
  readonly key: Uint8Array;
  readonly holders: Holder[] = [];
  /** Of remotes that gave what no honest node gives. */
  readonly faulty = new Set<string>();
  private readonly env: Env;
  private readonly rootKey: Uint8Array;
  private readonly seed: number;
  private readonly records = new BoundedMap<string, Gathered>(GATHERED_MAX);

  constructor(env: Env, rootKey: Uint8Array, key: Uint8Array, seed: number) {
    this.env = env;
    this.rootKey = rootKey;
    this.key = key;
    this.seed = seed;
  }

  /** What an answer to a question with this offset says. Gives how many records were not those of an honest node. */
  add(from: Answerer, answer: DhtAnswer, offset: number, nowS: number): number {
    const { id } = from;
    if (this.faulty.has(id)) return 0;
    const holder = this.holderOf(from);
    holder.total = answer.total;
    holder.spread = answer.spread;
    let lives = 0;
    let last = holder.frontier;
    for (const bytes of answer.records) {
      const gathered = this.take(bytes, nowS);
      if (gathered === undefined) {
        this.faulty.add(id);
        return 1;
      }
      if (!gathered.holders.includes(holder)) gathered.holders.push(holder);
      if (gathered.record.body === undefined) continue;
      lives++;
      last = Math.max(last, gathered.priority);
    }
    if (offset === holder.given) {
      holder.given += lives;
      // The total of a spread key is of its shards as well; but a page behind the last record has nothing on it.
      const isAll = holder.given >= holder.total || (offset > 0 && answer.records.length === 0);
      holder.frontier = isAll ? Number.POSITIVE_INFINITY : last;
    }
    return 0;
  }

  /** This node is a holder as well. */
  addStored(entry: StoredKey, nowS: number): void {
    const { selfId, self, place } = this.env;
    const contact = { nodeId: self.nodeId, nonce: self.nonce, addresses: [] };
    const holder = this.holderOf({ id: selfId, contact, hi: place.hi, lo: place.lo });
    for (const { bytes, owner, expires } of entry.records.values()) {
      if (expires <= nowS) continue;
      const record = decodeRecord(decodeSignedRecord(bytes).record);
      this.addOwn(record, bytes, owner.publisher);
      const gathered = this.records.peek(owner.publisher.id);
      if (gathered !== undefined && !gathered.holders.includes(holder)) gathered.holders.push(holder);
      if (record.body !== undefined) holder.given++;
    }
    holder.total = entry.spread > 0 ? crowdOf(entry) : holder.given;
    holder.spread = entry.spread;
    holder.frontier = Number.POSITIVE_INFINITY;
  }

  /** A record that this node knows to be good but for its name. */
  addOwn(record: DhtRecord, bytes: Uint8Array, publisher: Publisher): void {
    const { id } = publisher;
    const known = this.records.peek(id);
    if (known !== undefined && known.record.sequence >= record.sequence) return;
    this.put(id, record, bytes).rights = mayPublish(publisher, record) ? 'good' : 'void';
  }

  private holderOf({ id, contact, hi, lo }: Answerer): Holder {
    const known = this.holders.find((holder) => holder.id === id);
    if (known !== undefined) return known;
    const holder: Holder = { id, contact, hi, lo, total: 0, spread: 0, given: 0, frontier: -1 };
    this.holders.push(holder);
    return holder;
  }

  /** Undefined: no record that belongs here. */
  private take(bytes: Uint8Array, nowS: number): Gathered | undefined {
    const same = this.find(bytes);
    if (same !== undefined) return same;
    const record = readRecord(this.env.crypto, this.env.networkId, bytes);
    if (record === undefined || !isInDate(record, nowS)) return undefined;
    if (isBound(record) && !this.belongsHere(record, EMPTY)) return undefined;
    const id = publisherIdOf(record);
    const known = this.records.peek(id);
    if (known !== undefined && known.record.sequence >= record.sequence) return known;
    if (known === undefined && this.records.size >= GATHERED_MAX) return undefined;
    const gathered = this.put(id, record, bytes);
    this.judge(gathered, nowS);
    return gathered;
  }

  // The same bytes come from many holders: their signature is checked once.
  private find(bytes: Uint8Array): Gathered | undefined {
    for (const gathered of this.records.values()) if (equalBytes(gathered.bytes, bytes)) return gathered;
    return undefined;
  }

  private put(id: string, record: DhtRecord, bytes: Uint8Array): Gathered {
    const priority = mix(this.seed, record.publisher);
    const holders = this.records.peek(id)?.holders ?? [];
    const gathered: Gathered = { id, priority, holders, record, bytes, rights: 'unknown', chainAsked: 0 };
    this.records.set(id, gathered);
    return gathered;
  }

  /** Judges what is not judged yet, if its publisher is known by now. */
  judge(gathered: Gathered, nowS: number): void {
    if (gathered.rights !== 'unknown') return;
    if (isSelfCertifying(gathered.record)) {
      gathered.rights = 'good';
      return;
    }
    const publisher = knownPublisher(this.env, gathered.id, nowS);
    if (publisher === undefined) return;
    const isGood =
      mayPublish(publisher, gathered.record) && this.belongsHere(gathered.record, publisher.organisation);
    gathered.rights = isGood ? 'good' : 'void';
  }

  private belongsHere(record: DhtRecord, organisation: Uint8Array): boolean {
    const { crypto, networkId } = this.env;
    const key = rootKeyOf(crypto, networkId, record, organisation);
    return key !== undefined && equalBytes(key, this.rootKey);
  }

  /** The first `limit` in the order that are, or may turn out to be, good. */
  chosen(limit: number): Gathered[] {
    const able = [...this.records.values()].filter(
      ({ record, rights, chainAsked }) =>
        record.body !== undefined &&
        (rights === 'good' || (rights === 'unknown' && chainAsked < CHAIN_TRIES)),
    );
    return able.sort((a, b) => a.priority - b.priority).slice(0, limit);
  }

  /** What its publishers took back, and nobody has a later version of. */
  get withdrawn(): Gathered[] {
    return [...this.records.values()].filter(
      ({ record, rights }) => record.body === undefined && rights === 'good',
    );
  }

  /** As `chosen`, but without what more of those that are to hold it lack than have it: copies of what lies elsewhere. */
  agreed(limit: number): Gathered[] {
    const { keepers } = this;
    const all = this.chosen(Number.POSITIVE_INFINITY).filter(({ priority, holders }) => {
      const past = keepers.filter((holder) => holder.frontier >= priority);
      return 2 * past.filter((holder) => holders.includes(holder)).length >= past.length;
    });
    return all.slice(0, limit);
  }

  /** Those that are to hold what is under the key, of those that answered. */
  get keepers(): Holder[] {
    return keepers(placeOf(this.key), this.holders);
  }

  private get near(): Holder[] {
    return nearest(placeOf(this.key), this.holders);
  }

  /** Records under the key, not less than are known. */
  get total(): number {
    const known = this.chosen(Number.POSITIVE_INFINITY).length;
    return Math.max(known, believed(this.told));
  }

  /** Records of a shard, as most of those say that are to hold them. */
  get held(): number {
    const totals = this.keepers.map((holder) => holder.total);
    return Math.min(this.env.limits.recordsPerKey, middle(totals));
  }

  /** Records that there are, says each of those nearest to the key. */
  get told(): number[] {
    return this.near.map((holder) => holder.total);
  }

  get spread(): number {
    return believed(this.near.map((holder) => holder.spread));
  }
}
