// One find of the caller: the records under a key, or an even sample of them where they are many.
import { toHex } from '../base/bytes.ts';
import { uniform } from '../base/rng.ts';
import type { DhtContact, DhtRecord } from '../wire/types.ts';
import { type Env, unixSeconds } from './env.ts';
import type { Gathered } from './gather.ts';
import {
  FIND_LIMIT,
  FIND_LIMIT_MAX,
  SAMPLE_MIN,
  SHARD_ROUNDS,
  SHARDS_READ_MAX,
  SHARDS_READ_MIN,
  WIDTH_SHARD,
} from './limits.ts';
import { Reading, type ReadingOwner } from './reading.ts';
import type { Turn } from './requests.ts';
import { keyOfShard, publisherOf } from './rights.ts';
import type { DhtInput } from './types.ts';

type FindInput = Extract<DhtInput, { kind: 'find' }>;

/**
 * Of a key that is spread, a random set of shards is read, and of each the same part of what it holds: so every record has the
 * same chance, and a find costs the same however many there are.
 */
export class Find implements ReadingOwner {
  readonly id: number;
  isDone = false;
  private readonly env: Env;
  private readonly limit: number;
  private readonly seed: number;
  private readonly root: Reading;
  private readonly shards: Reading[] = [];
  /** Numbers of the shards that were read. */
  private readonly drawn = new Set<number>();
  private rounds = 0;
  private running = 0;
  /** What was drawn from shards, by publisher. */
  private readonly picked = new Map<string, Gathered>();
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
        root.gather.addStored(entry, unixSeconds(env, turn.now));
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
    this.pick(reading, this.plan.part);
    this.running--;
    if (this.running === 0) this.readShards(turn);
  }

  private rootRecords(): DhtRecord[] {
    return this.root.gather.chosen(this.limit).filter(isGood).map(recordOf);
  }

  /** Reads further shards, unless something was drawn or nothing is left to read. */
  private readShards(turn: Turn): void {
    const shards = 2 ** this.root.gather.spread;
    if (this.picked.size > 0 || this.rounds >= SHARD_ROUNDS || this.drawn.size >= shards) {
      this.finishShards(turn);
      return;
    }
    this.rounds++;
    const { count, part } = this.plan;
    const fresh: Reading[] = [];
    while (fresh.length < count && this.drawn.size < shards) {
      let shard = uniform(this.env.rng, shards);
      while (this.drawn.has(shard)) shard = uniform(this.env.rng, shards);
      this.drawn.add(shard);
      fresh.push(this.readingOf(shard, part, turn));
    }
    this.shards.push(...fresh);
    this.running = fresh.length;
    for (const reading of fresh) reading.start(turn);
  }

  /**
   * How many shards are read, and which part of their records is taken: the same for all of them, whatever they hold, so that
   * every record has the same chance.
   */
  private get plan(): { readonly count: number; readonly part: number } {
    const { spread, crowd } = this.root.gather;
    const wanted = Math.max(this.limit, SAMPLE_MIN) / Math.max(1, crowd / 2 ** spread);
    const count = Math.max(SHARDS_READ_MIN, Math.min(SHARDS_READ_MAX, Math.ceil(wanted)));
    return { count, part: Math.min(1, wanted / count) };
  }

  private readingOf(shard: number, part: number, turn: Turn): Reading {
    const { env, seed } = this;
    const { rootKey } = this.root.task;
    const key = keyOfShard(env.crypto, rootKey, 1 + shard);
    const limit = env.limits.recordsPerKey;
    const upTo = part * 2 ** 32;
    const task = { rootKey, key, records: true, seed, limit, width: WIDTH_SHARD, upTo };
    const reading = new Reading(env, this, task);
    const entry = env.store.get(toHex(key));
    if (entry !== undefined) reading.gather.addStored(entry, unixSeconds(env, turn.now));
    return reading;
  }

  /** Takes the part of a key's records that comes first in the order of this find. */
  private pick({ gather }: Reading, part: number): void {
    for (const gathered of gather.agreed()) {
      if (gathered.rights !== 'good' || gathered.priority >= part * 2 ** 32) continue;
      const known = this.picked.get(gathered.id);
      if (known === undefined || known.record.sequence < gathered.record.sequence)
        this.picked.set(gathered.id, gathered);
    }
  }

  private finishShards(turn: Turn): void {
    const { gather } = this.root;
    const isFoundInShards = this.picked.size > 0;
    // The root key keeps what came first: that has the same chance as what is in shards, read or not.
    this.pick(this.root, (this.plan.part * this.drawn.size) / 2 ** gather.spread);
    // Nothing in any shard: it is not spread, whatever was said.
    if (!isFoundInShards) {
      this.finish(this.rootRecords(), gather.total, turn);
      return;
    }
    const picked = [...this.picked.values()];
    while (picked.length > this.limit) picked.splice(uniform(this.env.rng, picked.length), 1);
    this.finish(picked.map(recordOf), Math.max(gather.crowd, picked.length), turn);
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
