// One find of the caller: the records under a key, or an even sample of them where they are many.
import { toHex } from '../base/bytes.ts';
import { fraction, uniform } from '../base/rng.ts';
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
import { estimateTotal, shareOut } from './sample.ts';
import type { DhtInput } from './types.ts';

type FindInput = Extract<DhtInput, { kind: 'find' }>;

/**
 * Of a key that is spread, a random set of shards is asked how many records they hold, and then of each the first of a common
 * order are taken, in proportion to what it holds: so every record has the same chance, wherever it lies, and a find costs the
 * same however many there are.
 */
export class Find implements ReadingOwner {
  readonly id: number;
  isDone = false;
  private readonly env: Env;
  private readonly limit: number;
  private readonly seed: number;
  private readonly root: Reading;
  /** In the order in which they were drawn. */
  private readonly shards: Reading[] = [];
  /** Their numbers. */
  private readonly drawn = new Set<number>();
  private rounds = 0;
  private running = 0;
  /** counting: how many records the shards hold. taking: some of them. unspread: there was nothing in any shard. */
  private phase: 'root' | 'counting' | 'taking' | 'unspread' = 'root';
  /** Records as they were taken, by publisher. */
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
      if (own !== undefined)
        root.gather.addOwn(own.record, own.bytes, own.pseudonym ?? publisherOf(env.self));
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
    const text = [...records, ...this.withdrawn]
      .map(({ publisher, sequence }) => `${toHex(publisher)}${sequence}`)
      .join();
    if (text === this.said) return;
    this.said = text;
    this.say(records, this.root.gather.total, false, turn);
  }

  onReadingDone(reading: Reading, turn: Turn): void {
    if (this.isDone) return;
    switch (this.phase) {
      case 'root':
        if (reading.gather.spread === 0) this.finishRoot(turn);
        else this.countShards(turn);
        return;
      case 'unspread':
        this.finishRoot(turn);
        return;
      default:
        this.running--;
        if (this.running > 0) return;
        if (this.phase === 'counting') this.onCounted(turn);
        else this.finishShards(turn);
    }
  }

  private finishRoot(turn: Turn): void {
    this.finish(this.rootRecords(), this.root.gather.total, turn);
  }

  private get withdrawn(): DhtRecord[] {
    return this.root.gather.withdrawn.slice(0, this.limit).map(recordOf);
  }

  private rootRecords(): DhtRecord[] {
    return this.root.gather.chosen(this.limit).filter(isGood).map(recordOf);
  }

  private get shardsInAll(): number {
    return 2 ** this.root.gather.spread;
  }

  /** Asks some shards more how many records they hold. */
  private countShards(turn: Turn): void {
    this.phase = 'counting';
    this.rounds++;
    const inAll = this.shardsInAll;
    const count = Math.max(SHARDS_READ_MIN, Math.min(SHARDS_READ_MAX, this.limit));
    const fresh: Reading[] = [];
    while (fresh.length < count && this.drawn.size < inAll) {
      let shard = uniform(this.env.rng, inAll);
      while (this.drawn.has(shard)) shard = uniform(this.env.rng, inAll);
      this.drawn.add(shard);
      fresh.push(this.readingOf(shard, turn));
    }
    this.shards.push(...fresh);
    this.running = fresh.length;
    for (const reading of fresh) reading.start(turn);
  }

  private readingOf(shard: number, turn: Turn): Reading {
    const { env, seed } = this;
    const { rootKey } = this.root.task;
    const key = keyOfShard(env.crypto, rootKey, 1 + shard);
    const task = { rootKey, key, records: true, seed, limit: 0, width: WIDTH_SHARD };
    const reading = new Reading(env, this, task);
    const entry = env.store.get(toHex(key));
    if (entry !== undefined) reading.gather.addStored(entry, unixSeconds(env, turn.now));
    return reading;
  }

  private get held(): number[] {
    return this.shards.map(({ gather }) => gather.held);
  }

  /** Records under the root key: as many as fit, as long as it is spread. */
  private get atRoot(): number {
    return Math.min(this.env.limits.recordsPerKey, this.root.gather.total);
  }

  private onCounted(turn: Turn): void {
    const { held, root, env } = this;
    if (held.every((records) => records === 0)) {
      if (this.rounds < SHARD_ROUNDS && this.drawn.size < this.shardsInAll) this.countShards(turn);
      else {
        // It is not spread, whatever was said.
        this.phase = 'unspread';
        root.extend(this.limit, Number.POSITIVE_INFINITY, turn);
      }
      return;
    }
    // A little less than the limit, since chance decides how many of the root key's records there are.
    const wanted = Math.max(SAMPLE_MIN, this.limit - Math.ceil(Math.sqrt(this.limit) / 2));
    const { counts, rootPart } = shareOut(held, this.atRoot, this.shardsInAll, wanted, fraction(env.rng));
    this.phase = 'taking';
    this.running = this.shards.length + 1;
    root.extend(env.limits.recordsPerKey, rootPart * 2 ** 32, turn);
    this.shards.forEach((shard, i) => {
      shard.extend(counts[i], Number.POSITIVE_INFINITY, turn);
    });
  }

  private finishShards(turn: Turn): void {
    for (const reading of [this.root, ...this.shards])
      for (const gathered of reading.sample) {
        const known = this.picked.get(gathered.id);
        if (known === undefined || known.record.sequence < gathered.record.sequence)
          this.picked.set(gathered.id, gathered);
      }
    const picked = [...this.picked.values()];
    while (picked.length > this.limit) picked.splice(uniform(this.env.rng, picked.length), 1);
    const total = estimateTotal(this.root.gather.told, this.held, this.atRoot, this.shardsInAll);
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
    const { id, withdrawn } = this;
    turn.out.emit({ kind: 'found', id, records, withdrawn, total, contacts, hops, isComplete });
  }
}

function isGood(gathered: Gathered): boolean {
  return gathered.rights === 'good';
}

function recordOf(gathered: Gathered): DhtRecord {
  return gathered.record;
}
