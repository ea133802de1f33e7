// Brings records that this node holds to the others that are to hold them.
import { EMPTY } from '../base/bytes.ts';
import type { DhtStoreAnswer } from '../wire/types.ts';
import type { TableContact } from './buckets.ts';
import type { Budget } from './budget.ts';
import { costOfContact, type Env, questionOf, unixSeconds } from './env.ts';
import { lookAfter } from './keep.ts';
import { REPLICATE_MS, REPLICATE_PARALLEL } from './limits.ts';
import { commonPrefix, compareDistance } from './place.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';
import type { StoredKey, StoredRecord } from './store.ts';

/** Jobs that wait, and that run at a time. */
const JOBS_MAX = 4096;
const JOBS_RUNNING = 8;
/** A record and a chain fit into one message if they are no longer together. */
const TOGETHER_MAX = 1000;
/** Of the holders that see a new node come closer, so many bring it the records. */
const BRINGERS = 2;

interface Job {
  readonly key: string;
  /** Publishers; undefined: all records. */
  readonly publishers: readonly string[] | undefined;
  readonly targets: TableContact[];
  /** Only to those that have fewer than this node. */
  readonly isUpkeep: boolean;
}

/** Bounded by JOBS_MAX; what does not fit comes with the next round. */
export class Replicator {
  private readonly env: Env;
  private readonly budget: Budget;
  private readonly jobs: Job[] = [];
  private readonly running = new Set<Replication>();

  constructor(env: Env, budget: Budget) {
    this.env = env;
    this.budget = budget;
  }

  /** The timer of a key in the store: new records are passed on; else those that nobody brought for long. */
  onKeyTimer(id: string, turn: Turn): void {
    const { env } = this;
    const entry = env.store.get(id);
    if (entry === undefined) return;
    const isUpkeep = entry.fresh.size === 0;
    const publishers = isUpkeep ? undefined : [...entry.fresh];
    entry.fresh.clear();
    lookAfter(env, id, turn.now);
    if (!env.isCore) return;
    const targets = env.table.closest(entry.place, env.limits.k);
    if (isUpkeep) {
      const isForgotten = [...entry.records.values()].some(
        ({ heardAt }) => turn.now - heardAt > REPLICATE_MS / 2,
      );
      if (!isForgotten) return;
      const cost = targets.reduce((sum, target) => sum + costOfContact(env, target.id), 0);
      if (!this.budget.take(cost, turn.now)) return;
    }
    this.add({ key: id, publishers, targets, isUpkeep }, turn);
  }

  /** Nodes that are new in the table get what they are close to, if this node is one of the closest that has it. */
  onNewcomers(newcomers: readonly TableContact[], turn: Turn): void {
    const { env } = this;
    const { k } = env.limits;
    const bits = Math.floor(Math.log2(Math.max(1, env.table.estimateNodes() / k))) - 1;
    for (const entry of env.store.values()) {
      for (const newcomer of newcomers) {
        if (commonPrefix(newcomer, entry.place) < bits) continue;
        const closest = env.table.closest(entry.place, k);
        if (!closest.includes(newcomer)) continue;
        const closer = closest.filter(
          (other) => !newcomers.includes(other) && compareDistance(entry.place, other, env.place) < 0,
        );
        if (closer.length >= BRINGERS) continue;
        this.add({ key: entry.id, publishers: undefined, targets: [newcomer], isUpkeep: true }, turn);
      }
    }
  }

  private add(job: Job, turn: Turn): void {
    if (this.jobs.length < JOBS_MAX) this.jobs.push(job);
    this.start(turn);
  }

  private start(turn: Turn): void {
    while (this.running.size < JOBS_RUNNING) {
      const job = this.jobs.shift();
      if (job === undefined) return;
      const entry = this.env.store.get(job.key);
      if (entry === undefined) continue;
      const live = this.env.store.live(entry, unixSeconds(this.env, turn.now));
      const records = live.filter(({ owner }) => job.publishers?.includes(owner.publisher.id) ?? true);
      const replication = new Replication(this.env, entry, records, job, (ended) => {
        this.running.delete(ended);
      });
      this.running.add(replication);
      replication.start(turn);
    }
  }

  /** After any input: jobs that ended make room. */
  proceed(turn: Turn): void {
    if (this.jobs.length > 0) this.start(turn);
  }
}

/** What one target is still to get. */
interface Delivery {
  readonly target: TableContact;
  readonly queue: StoredRecord[];
  token: Uint8Array;
  /** Publisher.id of whose chain it got last. */
  toldChain: string;
}

/** One job: REPLICATE_PARALLEL targets at a time, each asked for a token and then brought one record after the other. */
class Replication implements Asker {
  private readonly env: Env;
  private readonly entry: StoredKey;
  private readonly records: readonly StoredRecord[];
  private readonly job: Job;
  private readonly targets: TableContact[];
  private readonly onEnd: (ended: Replication) => void;
  /** By node ID in hex. */
  private readonly deliveries = new Map<string, Delivery>();

  constructor(
    env: Env,
    entry: StoredKey,
    records: readonly StoredRecord[],
    job: Job,
    onEnd: (ended: Replication) => void,
  ) {
    this.env = env;
    this.entry = entry;
    this.records = records;
    this.job = job;
    this.targets = [...job.targets];
    this.onEnd = onEnd;
  }

  start(turn: Turn): void {
    while (this.records.length > 0 && this.deliveries.size < REPLICATE_PARALLEL) {
      const target = this.targets.shift();
      if (target === undefined) break;
      this.deliveries.set(target.id, { target, queue: [...this.records], token: EMPTY, toldChain: '' });
      const question = questionOf(this.env, this.entry.key, { records: false });
      this.env.requests.send(target.id, target.contact, question, this, turn);
    }
    if (this.deliveries.size === 0) this.onEnd(this);
  }

  onReply(request: Request, reply: Reply, turn: Turn): void {
    const delivery = this.deliveries.get(request.to);
    if (delivery === undefined) return;
    if (reply.kind === 'dhtAnswer') {
      delivery.token = reply.token;
      this.env.store.hearSpread(this.entry, reply.spread, request.to, turn.now);
      const lives = this.records.filter((record) => !record.isWithdrawn).length;
      if (this.job.isUpkeep && lives > 0 && reply.total >= lives) delivery.queue.length = 0;
      this.deliver(delivery, EMPTY, turn);
      return;
    }
    if (request.message.kind === 'dhtStore') this.onStored(delivery, request.message, reply, turn);
  }

  private onStored(
    delivery: Delivery,
    sent: { readonly record: Uint8Array; readonly chain: Uint8Array },
    { code }: DhtStoreAnswer,
    turn: Turn,
  ): void {
    const isChainAlone = sent.record.length === 0;
    const publisher = delivery.queue[0]?.owner.publisher;
    if (code === 'chain' && publisher !== undefined && delivery.toldChain !== publisher.id) {
      delivery.toldChain = publisher.id;
      this.deliver(delivery, publisher.chain, turn);
      return;
    }
    if (code === 'refused' || code === 'busy' || code === 'token') delivery.queue.length = 0;
    else if (!isChainAlone) delivery.queue.shift();
    this.deliver(delivery, EMPTY, turn);
  }

  private deliver(delivery: Delivery, chain: Uint8Array, turn: Turn): void {
    const { target, queue, token } = delivery;
    const next = queue[0];
    if (next === undefined) {
      this.deliveries.delete(target.id);
      this.start(turn);
      return;
    }
    const isTogether = chain.length + next.bytes.length <= TOGETHER_MAX || chain.length === 0;
    const record = isTogether ? next.bytes : EMPTY;
    const { shard, spread } = this.entry;
    const message = { kind: 'dhtStore' as const, token, record, chain, shard, replica: true, spread };
    this.env.requests.send(target.id, target.contact, message, this, turn);
  }

  onSlow(): void {}

  onFailed(request: Request, turn: Turn): void {
    this.deliveries.delete(request.to);
    this.start(turn);
  }
}
