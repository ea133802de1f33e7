// Brings one record to the nodes closest to its key, or to a shard where that is full.
import { EMPTY, readU32BE, toHex } from '../base/bytes.ts';
import { CHAIN_MAX, SPREAD_MAX } from '../wire/limits.ts';
import type { DhtAnswer, DhtRecord, DhtStoreAnswer } from '../wire/types.ts';
import { believed, type Claim, nearest } from './claims.ts';
import type { Env } from './env.ts';
import { keep } from './keep.ts';
import { SHARD_TRIES, SPREADS, WIDTH_NEAR } from './limits.ts';
import { type Candidate, Lookup, type LookupOwner } from './lookup.ts';
import { compareDistance, mix, placeOf } from './place.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';
import { keyOfShard, type Publisher } from './rights.ts';

export interface PlacementOwner {
  /** Once. `copies`: nodes that hold it now. */
  onPlaced(placement: Placement, copies: number, turn: Turn): void;
}

/**
 * first: it is new. contested: it was placed a moment ago, and goes to a shard if most refuse it now. settled: it was placed before,
 * and where there is no room for it now, it stays where it is.
 */
export type PlacementRound = 'first' | 'contested' | 'settled';

export interface PlacementTask {
  readonly rootKey: Uint8Array;
  readonly record: DhtRecord;
  /** Encoded SignedRecord. */
  readonly bytes: Uint8Array;
  readonly publisher: Publisher;
  /** Where it lay before, as DhtStore has it. */
  readonly formerShard: number;
  readonly round: PlacementRound;
  /** A client's: its places are looked for as cheaply as can be, since one node may do so for many clients. */
  readonly isForClient: boolean;
}

/** A record and a chain fit into one message if they are no longer together. */
const TOGETHER_MAX = 1000;
/** Of the nodes asked one after the other, so many say where it goes. */
const MAJORITY = 2;

/**
 * The nodes closest to the key are asked one after the other until it is clear whether the record lies under its own key or in a
 * shard, so that it does not end up in both. Then the rest get it at once.
 */
export class Placement implements LookupOwner, Asker {
  readonly task: PlacementTask;
  /** Where it lies now. */
  shard = 0;
  private readonly env: Env;
  private readonly owner: PlacementOwner;
  private lookup: Lookup | undefined;
  /** Undefined: this node itself. In the order in which they are asked. */
  private queue: (Candidate | undefined)[] = [];
  /** Of this shard: who was asked. */
  private readonly tried = new Set<Candidate | undefined>();
  private accepted = 0;
  private full = 0;
  /** Of those who answered under the root key. */
  private readonly claims: Claim[] = [];
  private isDecided = false;
  private isDone = false;
  /** Requests that are waited for. */
  private readonly waiting = new Set<number>();
  private shardTries = 0;
  /** Shards that a withdrawal still has to visit. */
  private withdrawFrom: number[] | undefined;

  constructor(env: Env, owner: PlacementOwner, task: PlacementTask) {
    this.env = env;
    this.owner = owner;
    this.task = task;
  }

  start(turn: Turn): void {
    this.begin(0, turn);
  }

  cancel(): void {
    this.isDone = true;
    this.lookup?.cancel();
    this.env.requests.forget(this);
  }

  private get isWithdrawal(): boolean {
    return this.task.record.body === undefined;
  }

  /** Many publish under the same key. */
  get isCrowded(): boolean {
    return this.shard > 0 || this.spread > 0;
  }

  /** It lies under its own key, where others that came at the same moment may have been faster with some of the nodes. */
  get isContested(): boolean {
    const { kind } = this.task.record;
    return this.shard === 0 && !this.isWithdrawal && (kind === 'service' || kind === 'sealed');
  }

  private get key(): Uint8Array {
    return keyOfShard(this.env.crypto, this.task.rootKey, this.shard);
  }

  private begin(shard: number, turn: Turn): void {
    this.shard = shard;
    this.full = 0;
    this.tried.clear();
    this.isDecided = this.isWithdrawal;
    const width = this.isWithdrawal ? this.env.limits.k : WIDTH_NEAR;
    this.lookup = new Lookup(this.env, this, {
      key: this.key,
      records: false,
      seed: 0,
      width,
      isPatient: this.task.isForClient,
    });
    this.lookup.start(turn);
  }

  onLookupAnswer(_lookup: Lookup, { hi, lo }: Candidate, { total, spread }: DhtAnswer): void {
    if (this.shard === 0) this.claims.push({ hi, lo, total, spread });
  }

  /** It is to lie under the root key, where there is little room left. */
  private get isFilling(): boolean {
    return !this.isWithdrawal && this.shard === 0 && this.spread > 0;
  }

  /** What those near the root key say of its spread; 0: that nothing is. */
  private get spread(): number {
    const { env, task } = this;
    const own = env.store.get(toHex(task.rootKey));
    const claims = [...this.claims];
    if (own !== undefined) claims.push({ ...env.place, total: own.records.size, spread: own.spread });
    const near = nearest(placeOf(task.rootKey), claims);
    const spread = believed(near.map((claim) => claim.spread));
    // The first that comes too late hears it before others do.
    const isFull = believed(near.map((claim) => claim.total)) >= env.limits.recordsPerKey >> 1;
    return Math.min(SPREAD_MAX, spread === 0 && isFull ? SPREADS[0] : spread);
  }

  /** Whoever looks for the record need not wait until it is clear that those who are silent are gone. */
  onLookupLate(lookup: Lookup, turn: Turn): void {
    this.onLookupDone(lookup, turn);
  }

  onLookupDone(lookup: Lookup, turn: Turn): void {
    if (lookup !== this.lookup) return;
    const order = this.inOrder(lookup.answered(this.env.limits.k));
    // What comes while a key fills up is to lie with most of those who are asked for it, or else in a shard: so they all are asked.
    const asked = this.isFilling ? order.slice(0, WIDTH_NEAR) : order;
    this.queue = asked.filter((target) => !this.tried.has(target));
    this.proceed(turn);
  }

  /** Closest first, but so that the first few are of different organisations where there are such among the near. */
  private inOrder(answered: readonly Candidate[]): (Candidate | undefined)[] {
    const { env } = this;
    const near = [...answered];
    const first: Candidate[] = [];
    const organisations = new Set<string>();
    for (const candidate of answered.slice(0, WIDTH_NEAR)) {
      if (first.length >= env.limits.copies || organisations.has(candidate.organisation)) continue;
      organisations.add(candidate.organisation);
      first.push(candidate);
      near.splice(near.indexOf(candidate), 1);
    }
    const order: (Candidate | undefined)[] = [...first, ...near];
    if (!env.isCore) return order;
    const place = placeOf(this.key);
    const closer = answered.filter((candidate) => compareDistance(place, candidate, env.place) < 0).length;
    if (closer < WIDTH_NEAR) order.splice(Math.min(closer, order.length), 0, undefined);
    return order;
  }

  private proceed(turn: Turn): void {
    if (this.isDone) return;
    const { k, copies } = this.env.limits;
    const wanted = this.isWithdrawal || this.isFilling ? k + 1 : copies;
    this.decide();
    while (this.queue.length > 0) {
      const parallel = this.isDecided ? wanted : 1;
      if (this.waiting.size >= parallel || this.accepted + this.waiting.size >= wanted) break;
      const target = this.queue.shift();
      this.tried.add(target);
      if (target === undefined) this.keepHere(turn);
      else this.store(target, EMPTY, this.task.bytes, turn);
      this.decide();
    }
    const isEnough = this.accepted >= wanted;
    if (this.waiting.size === 0 && (isEnough || this.lookup?.isDone === true)) this.conclude(turn);
  }

  private decide(): void {
    if (this.isDecided) return;
    if (this.accepted >= MAJORITY || (this.accepted > 0 && this.full === 0)) this.isDecided = true;
    else if (this.full >= MAJORITY) this.queue = [];
  }

  private conclude(turn: Turn): void {
    if (this.isWithdrawal) {
      this.withdrawFrom ??= this.formerShards();
      const next = this.withdrawFrom.shift();
      if (next !== undefined) return this.begin(next, turn);
    } else if (this.full > this.accepted && this.shardTries < SHARD_TRIES && this.task.round !== 'settled') {
      this.accepted = 0;
      return this.begin(this.nextShard(), turn);
    }
    this.isDone = true;
    this.owner.onPlaced(this, this.accepted, turn);
  }

  private nextShard(): number {
    const { formerShard, rootKey, record } = this.task;
    const attempt = this.shardTries++;
    if (attempt === 0 && formerShard > 0) return formerShard;
    const shards = 2 ** Math.max(SPREADS[0], this.spread);
    return 1 + (mix(readU32BE(rootKey, 0) + attempt, record.publisher) & (shards - 1));
  }

  /** Where it may lie: what is remembered, else what was tried first at any spread up to the present one. */
  private formerShards(): number[] {
    const { formerShard, rootKey, record } = this.task;
    if (formerShard > 0) return [formerShard];
    const shards = new Set<number>();
    const drawn = mix(readU32BE(rootKey, 0), record.publisher);
    for (const spread of SPREADS) if (spread <= this.spread) shards.add(1 + (drawn & (2 ** spread - 1)));
    return [...shards];
  }

  private keepHere(turn: Turn): void {
    const { record, bytes, publisher } = this.task;
    const { shard, key } = this;
    const verdict = keep(
      this.env,
      { key, shard, record, bytes, publisher, prefix: '', isReplica: false },
      turn,
    );
    if (verdict === 'done' || verdict === 'same') this.accepted++;
    if (verdict === 'full') this.full++;
  }

  private store(to: Candidate, chain: Uint8Array, record: Uint8Array, turn: Turn): void {
    const token = to.token ?? EMPTY;
    const message = {
      kind: 'dhtStore' as const,
      token,
      record,
      chain,
      shard: this.shard,
      replica: false,
      spread: 0,
    };
    this.waiting.add(this.env.requests.send(to.id, to.contact, message, this, turn));
  }

  onReply(request: Request, reply: Reply, turn: Turn): void {
    if (reply.kind !== 'dhtStoreAnswer' || request.message.kind !== 'dhtStore') return;
    this.waiting.delete(request.id);
    const { message } = request;
    // What a late answer says of where it went before tells nothing of where it goes now.
    if (this.isDone || message.shard !== this.shard) return;
    const isChainAlone = message.record.length === 0;
    const target = this.lookup?.answeredBy(request.to);
    if (target !== undefined && reply.code === 'chain' && !target.isToldChain) this.bringChain(target, turn);
    else if (target !== undefined && reply.code === 'done' && isChainAlone)
      this.store(target, EMPTY, this.task.bytes, turn);
    else this.count(reply);
    this.proceed(turn);
  }

  private bringChain(target: Candidate, turn: Turn): void {
    const { chain } = this.task.publisher;
    const { bytes } = this.task;
    if (chain.length > CHAIN_MAX) return;
    target.isToldChain = true;
    this.store(target, chain, chain.length + bytes.length <= TOGETHER_MAX ? bytes : EMPTY, turn);
  }

  private count({ code }: DhtStoreAnswer): void {
    if (code === 'done') this.accepted++;
    // Who says so alone counts like one that does not answer.
    if (code === 'full' && (this.shard > 0 || this.spread > 0)) this.full++;
  }

  /** The next one is asked; its answer still counts. */
  onSlow(request: Request, turn: Turn): void {
    if (request.stage === 'slow') return;
    this.waiting.delete(request.id);
    this.proceed(turn);
  }

  onFailed(request: Request, turn: Turn): void {
    this.waiting.delete(request.id);
    this.proceed(turn);
  }
}
