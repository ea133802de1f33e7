// One find of the caller: the records under a key, or an even sample of them where they are many.
import { toHex } from '../base/bytes.ts';
import { fraction, uniform } from '../base/rng.ts';
import type { DhtContact, DhtRecord } from '../wire/types.ts';
import { type Env, unixSeconds } from './env.ts';
import type { Gathered } from './gather.ts';
import {
  FIND_LIMIT,
  FIND_LIMIT_MAX,
  SHARD_RECORDS,
  SHARD_ROUNDS,
  SHARDS_READ,
  WIDTH_SHARD,
} from './limits.ts';
import { Reading, type ReadingOwner } from './reading.ts';
import type { Turn } from './requests.ts';
import { keyOfShard, publisherOf } from './rights.ts';
import type { DhtInput } from './types.ts';

type FindInput = Extract<DhtInput, { kind: 'find' }>;

/**
 * Of a key that is spread, a random set of shards is read, the root key counting as one, and of each a part in proportion to
 * what it holds: so every record has the same chance, and a find costs the same however many there are.
 */
export class Find implements ReadingOwner {
  readonly id: number;
  isDone = false;
  private readonly env: Env;
  private readonly limit: number;
  private readonly seed: number;
  private readonly root: Reading;
  private readonly shards: Reading[] = [];
  /** Shards not read yet: numbers below `unread`, but those in `drawn`. The last stands for the root key. */
  private readonly drawn = new Set<number>();
  private rounds = 0;
  private running = 0;
  /** What was drawn from shards, by publisher. */
  private readonly picked = new Map<string, Gathered>();
  /** Records of the shards that were read, and how many those were. */
  private seenRecords = 0;
  private seenShards = 0;
  /** What was said last, so that it is not said again. */
  private said = '';

  constructor(env: Env, { id, key, records, limit }: FindInput) {
    this.env = env;
    this.id = id;
    this.limit = Math.max(1, Math.min(limit ?? FIND_LIMIT, FIND_LIMIT_MAX));
    this.seed = env.rng.u32();
    const width = env.limits.k;
    this.root = new Reading(env, this, {
      rootKey: key,
      key,
      records,
      seed: this.seed,
      limit: this.limit,
      width,
    });
  }

  start(turn: Turn): void {
    const { env, root } = this;
    const { key, records } = root.task;
    if (records) {
      const id = toHex(key);
      const own = env.own.peek(id);
      if (own !== undefined) root.gather.addOwn(own.record, own.bytes, publisherOf(env.self));
      const entry = env.store.get(id);
      if (entry !== undefined) {
        root.gather.addStored(env.store.live(entry, unixSeconds(env, turn.now)), entry.spread);
      }
      this.onReadingNews(root, turn);
    }
    root.start(turn);
  }

  cancel(): void {
    this.isDone = true;
    this.root.cancel();
    for (const shard of this.shards) shard.cancel();
  }

  onReadingNews(reading: Reading, turn: Turn): void {
    if (this.isDone || reading !== this.root || this.root.gather.spread > 0) return;
    const records = this.rootRecords();
    const text = records.map(({ publisher, sequence }) => `${toHex(publisher)}${sequence}`).join();
    if (text === this.said) return;
    this.said = text;
    this.say(records, this.root.gather.total, false, turn);
  }

  onReadingDone(reading: Reading, turn: Turn): void {
    if (this.isDone) return;
    if (reading === this.root) {
      if (reading.gather.spread === 0) this.finish(this.rootRecords(), reading.gather.total, turn);
      else this.readShards(turn);
      return;
    }
    this.pick(reading);
    this.running--;
    if (this.running === 0) this.readShards(turn);
  }

  private rootRecords(): DhtRecord[] {
    return this.root.gather.chosen(this.limit).filter(isGood).map(recordOf);
  }

  private get units(): number {
    return 2 ** this.root.gather.spread + 1;
  }

  private readShards(turn: Turn): void {
    const perRound = Math.max(1, Math.ceil((SHARDS_READ * this.limit) / FIND_LIMIT));
    const isEnough = this.picked.size >= Math.max(1, this.limit >> 2);
    const roundsMax = this.picked.size > 0 ? SHARD_ROUNDS : 4 * SHARD_ROUNDS;
    if (isEnough || this.rounds >= roundsMax || this.drawn.size >= this.units) {
      this.finishShards(turn);
      return;
    }
    this.rounds++;
    const fresh: Reading[] = [];
    for (let i = 0; i < perRound && this.drawn.size < this.units; i++) {
      let unit = uniform(this.env.rng, this.units);
      while (this.drawn.has(unit)) unit = uniform(this.env.rng, this.units);
      this.drawn.add(unit);
      if (unit === this.units - 1) this.pick(this.root);
      else fresh.push(this.readingOf(unit));
    }
    this.shards.push(...fresh);
    this.running = fresh.length;
    if (fresh.length === 0) this.readShards(turn);
    for (const reading of fresh) reading.start(turn);
  }

  private readingOf(unit: number): Reading {
    const { env, seed } = this;
    const { rootKey } = this.root.task;
    const key = keyOfShard(env.crypto, rootKey, 1 + unit);
    const limit = Math.min(SHARD_RECORDS, this.limit);
    const reading = new Reading(env, this, { rootKey, key, records: true, seed, limit, width: WIDTH_SHARD });
    const entry = env.store.get(toHex(key));
    if (entry !== undefined) reading.gather.addStored([...entry.records.values()], 0);
    return reading;
  }

  /** Its part of the sample: as many as fall to it by its number of records, and chance for what is left of a whole one. */
  private pick({ gather }: Reading): void {
    const { recordsPerKey } = this.env.limits;
    const total = Math.min(gather.total, recordsPerKey);
    this.seenRecords += total;
    this.seenShards++;
    const share = (Math.min(SHARD_RECORDS, this.limit) * total) / recordsPerKey;
    const count = Math.floor(share + fraction(this.env.rng));
    for (const gathered of gather.agreed(count).filter(isGood)) {
      const known = this.picked.get(gathered.id);
      if (known === undefined || known.record.sequence < gathered.record.sequence)
        this.picked.set(gathered.id, gathered);
    }
  }

  private finishShards(turn: Turn): void {
    const picked = [...this.picked.values()];
    while (picked.length > this.limit) picked.splice(uniform(this.env.rng, picked.length), 1);
    const total = Math.round((this.seenRecords / Math.max(1, this.seenShards)) * this.units);
    this.finish(picked.map(recordOf), Math.max(total, picked.length), turn);
  }

  private finish(records: readonly DhtRecord[], total: number, turn: Turn): void {
    this.isDone = true;
    this.say(records, total, true, turn);
  }

  private say(records: readonly DhtRecord[], total: number, isComplete: boolean, turn: Turn): void {
    const answered = this.root.lookup.answered(this.env.limits.k);
    const contacts: DhtContact[] = answered.map(({ contact }) => contact);
    const hops = answered[0]?.hops ?? 0;
    turn.out.emit({ kind: 'found', id: this.id, records, total, contacts, hops, isComplete });
  }
}

function isGood(gathered: Gathered): boolean {
  return gathered.rights === 'good';
}

function recordOf(gathered: Gathered): DhtRecord {
  return gathered.record;
}
