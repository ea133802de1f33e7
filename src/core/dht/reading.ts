// Reads the records under one key: a lookup, then further pages where there are more, and the chains of unknown publishers.
import type { DhtAnswer } from '../wire/types.ts';
import { type Env, knownPublisher, questionOf, unixSeconds } from './env.ts';
import { Gather, type Gathered, type Holder } from './gather.ts';
import { CHAIN_QUESTIONS, CHAIN_TRIES, WIDTH_NEAR } from './limits.ts';
import { type Candidate, Lookup, type LookupOwner } from './lookup.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';
import { publisherFrom } from './rights.ts';

export interface ReadingOwner {
  /** More is known. */
  onReadingNews(reading: Reading, turn: Turn): void;
  /** Once. */
  onReadingDone(reading: Reading, turn: Turn): void;
}

export interface ReadingTask {
  readonly rootKey: Uint8Array;
  /** The root key, or a shard's. */
  readonly key: Uint8Array;
  readonly records: boolean;
  readonly seed: number;
  /** Records wanted. */
  readonly limit: number;
  readonly width: number;
  /** Only records with a smaller priority are wanted. */
  readonly upTo?: number;
}

/** Part of the order of records that one holder is asked for. */
interface Segment {
  readonly holder: Holder;
  next: number;
  readonly end: number;
}

/** Holders that pages are asked of at a time, and times that what is missing is asked of others. */
const SEGMENTS = 4;
const PAGE_ROUNDS = 3;

/** Bounded by its lookup, PAGE_ROUNDS times SEGMENTS pages in sequence, and CHAIN_TRIES per record. */
export class Reading implements LookupOwner, Asker {
  readonly task: ReadingTask;
  readonly gather: Gather;
  readonly lookup: Lookup;
  private readonly env: Env;
  private readonly owner: ReadingOwner;
  /** By request. */
  private readonly pages = new Map<number, Segment>();
  private readonly chains = new Map<number, Gathered>();
  /** Paths that brought records. */
  private paths = 0;
  private rounds = 0;
  private isDone = false;

  constructor(env: Env, owner: ReadingOwner, task: ReadingTask) {
    const { key, records, seed, width } = task;
    this.env = env;
    this.owner = owner;
    this.task = task;
    this.gather = new Gather(env, task.rootKey, key, seed);
    this.lookup = new Lookup(env, this, { key, records, seed, width });
  }

  start(turn: Turn): void {
    this.lookup.start(turn);
  }

  cancel(): void {
    this.isDone = true;
    this.lookup.cancel();
    this.env.requests.forget(this);
  }

  onLookupAnswer(lookup: Lookup, candidate: Candidate, answer: DhtAnswer, turn: Turn): void {
    if (!this.task.records) return;
    this.take(candidate, answer, 0, turn);
    if (answer.records.length > 0) this.paths |= candidate.paths;
    // Two paths that do not meet brought records: the nearest will know the rest.
    if ((this.paths & (this.paths - 1)) !== 0) lookup.width = Math.min(lookup.width, WIDTH_NEAR);
  }

  onLookupDone(_lookup: Lookup, turn: Turn): void {
    this.proceed(turn);
  }

  onReply(request: Request, reply: Reply, turn: Turn): void {
    if (this.isDone || reply.kind !== 'dhtAnswer') return;
    const segment = this.pages.get(request.id);
    const gathered = this.chains.get(request.id);
    this.pages.delete(request.id);
    this.chains.delete(request.id);
    if (segment !== undefined) this.takePage(segment, reply, turn);
    else if (gathered !== undefined) this.takeChain(gathered, reply, turn);
    this.owner.onReadingNews(this, turn);
    this.proceed(turn);
  }

  /** Others are asked instead. */
  onSlow(request: Request, turn: Turn): void {
    if (this.pages.delete(request.id) || this.chains.delete(request.id)) this.proceed(turn);
  }

  onFailed(request: Request, turn: Turn): void {
    this.onSlow(request, turn);
  }

  private take(from: Candidate | Holder, answer: DhtAnswer, offset: number, turn: Turn): void {
    const faults = this.gather.add(from, answer, offset, unixSeconds(this.env, turn.now));
    if (faults > 0) turn.out.emit({ kind: 'dropped', reason: 'dhtRecord' });
    this.askChains(turn);
    this.owner.onReadingNews(this, turn);
  }

  private proceed(turn: Turn): void {
    if (this.isDone || !this.lookup.isDone) return;
    this.askChains(turn);
    if (this.pages.size === 0) this.askPages(turn);
    if (this.pages.size > 0 || this.chains.size > 0) return;
    this.isDone = true;
    this.owner.onReadingDone(this, turn);
  }

  private askPages(turn: Turn): void {
    const { gather, task } = this;
    const wanted = Math.min(task.limit, gather.total);
    if (!task.records || this.rounds >= PAGE_ROUNDS || gather.chosen(wanted).length >= wanted) return;
    const holders = gather.holders.filter(
      (holder) => holder.total > 0 && holder.id !== this.env.selfId && !gather.faulty.has(holder.id),
    );
    const { upTo } = task;
    const ahead = holders.filter(({ frontier }) => upTo !== undefined && frontier >= upTo);
    if (upTo !== undefined && ahead.length >= Math.min(2, holders.length)) return;
    const given = Math.max(0, ...holders.map((holder) => holder.given));
    // What somebody gave already is there; where that was not enough, they hold different ones, and all is asked for.
    const from = this.rounds === 0 && given < wanted ? given : 0;
    const count = Math.min(SEGMENTS, holders.length);
    const size = Math.ceil((wanted - from) / Math.max(1, count));
    for (let i = 0; i < count; i++) {
      const holder = holders[(i + this.rounds) % holders.length];
      const next = from + i * size;
      if (next < wanted) this.askPage({ holder, next, end: Math.min(next + size, wanted) }, turn);
    }
    this.rounds++;
  }

  private askPage(segment: Segment, turn: Turn): void {
    const { key, seed } = this.task;
    const { holder, next } = segment;
    const question = questionOf(this.env, key, { records: true, seed, offset: next });
    this.pages.set(this.env.requests.send(holder.id, holder.contact, question, this, turn), segment);
  }

  private takePage(segment: Segment, answer: DhtAnswer, turn: Turn): void {
    const { holder, next } = segment;
    this.take(holder, answer, next, turn);
    segment.next += answer.records.length;
    if (answer.records.length > 0 && segment.next < segment.end) this.askPage(segment, turn);
  }

  private askChains(turn: Turn): void {
    if (this.chains.size >= CHAIN_QUESTIONS) return;
    const asked = new Set(this.chains.values());
    for (const gathered of this.gather.chosen(this.task.limit)) {
      this.gather.judge(gathered);
      if (gathered.rights !== 'unknown' || asked.has(gathered)) continue;
      const holder = gathered.holders[gathered.chainAsked];
      if (holder === undefined) {
        // Who else brings it can be asked as long as the lookup runs.
        if (this.lookup.isDone) gathered.chainAsked = CHAIN_TRIES;
        continue;
      }
      gathered.chainAsked++;
      const publisher = gathered.record.publisher;
      const question = questionOf(this.env, this.task.key, { records: false, publisher });
      this.chains.set(this.env.requests.send(holder.id, holder.contact, question, this, turn), gathered);
      if (this.chains.size >= CHAIN_QUESTIONS) return;
    }
  }

  private takeChain(gathered: Gathered, answer: DhtAnswer, turn: Turn): void {
    if (knownPublisher(this.env, gathered.id) === undefined && answer.chain.length > 0) {
      const { publisher } = gathered.record;
      const nowS = unixSeconds(this.env, turn.now);
      const found = publisherFrom(this.env.verifier, answer.chain, publisher, nowS);
      if (found !== undefined) this.env.chains.set(gathered.id, found);
      else turn.out.emit({ kind: 'dropped', reason: 'dhtPublisher' });
    }
    this.gather.judge(gathered);
  }
}
