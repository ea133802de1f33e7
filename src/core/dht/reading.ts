// Reads the records under one key: a lookup, then further pages where there are more, and the chains of unknown publishers.
import type { DhtAnswer } from '../wire/types.ts';
import { nearest } from './claims.ts';
import { type Env, knownPublisher, questionOf, rememberPublisher, unixSeconds } from './env.ts';
import { Gather, type Gathered, type Holder } from './gather.ts';
import { CHAIN_QUESTIONS, CHAIN_TRIES, VOUCHERS, WIDTH_NEAR } from './limits.ts';
import { type Candidate, Lookup, type LookupOwner } from './lookup.ts';
import { placeOf } from './place.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';
import { certified } from './rights.ts';

export interface ReadingOwner {
  /** More is known. */
  onReadingNews(reading: Reading, turn: Turn): void;
  /** Once, and once more after each `take`. */
  onReadingDone(reading: Reading, turn: Turn): void;
}

export interface ReadingTask {
  readonly rootKey: Uint8Array;
  /** The root key, or a shard's. */
  readonly key: Uint8Array;
  readonly records: boolean;
  readonly seed: number;
  /** Records wanted; 0: none yet, only how many there are. */
  readonly limit: number;
  readonly width: number;
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
/** Records by which a holder is asked for more than others gave, where those do not agree. */
const FURTHER = 8;

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
  private limit: number;
  /** Only records with a smaller priority are wanted. */
  private upTo = Number.POSITIVE_INFINITY;
  /** Wanted are the first of what the holders agree on, not all that anybody knows. */
  private isSample = false;

  constructor(env: Env, owner: ReadingOwner, task: ReadingTask) {
    const { key, records, seed, width } = task;
    this.env = env;
    this.owner = owner;
    this.task = task;
    this.limit = task.limit;
    this.gather = new Gather(env, task.rootKey, key, seed);
    this.lookup = new Lookup(env, this, { key, records, seed, width });
  }

  start(turn: Turn): void {
    this.lookup.start(turn);
  }

  /** After it is done: the first `limit` records in the order, of those with a priority below `upTo`, are wanted too. */
  extend(limit: number, upTo: number, turn: Turn): void {
    this.limit = limit;
    this.upTo = upTo;
    this.isSample = true;
    this.isDone = false;
    this.rounds = 0;
    this.proceed(turn);
  }

  /** As they are known by now: good ones first in the order, that the holders agree on. */
  get sample(): Gathered[] {
    return this.sampled().filter(({ rights }) => rights === 'good');
  }

  private sampled(): Gathered[] {
    return this.gather.agreed(this.limit).filter(({ priority }) => priority < this.upTo);
  }

  /** Of a key that is spread nothing is taken before it is known how much. */
  private get wanted(): Gathered[] {
    if (this.isSample) return this.sampled();
    return this.gather.spread > 0 ? [] : this.gather.chosen(this.limit);
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
    if (!this.task.records || this.rounds >= PAGE_ROUNDS) return;
    if (this.isSample) this.askAhead(turn);
    else if (this.gather.spread === 0) this.askApart(turn);
  }

  /** Everybody who can be asked for more, the nearest first. */
  private get able(): Holder[] {
    const { faulty, holders } = this.gather;
    const others = holders.filter(({ id, total }) => total > 0 && id !== this.env.selfId && !faulty.has(id));
    return nearest(placeOf(this.task.key), others);
  }

  /** Each of some holders tells another part of the order. */
  private askApart(turn: Turn): void {
    const { gather, able } = this;
    const wanted = Math.min(this.limit, gather.total);
    if (gather.chosen(wanted).length >= wanted) return;
    const given = Math.max(0, ...able.map((holder) => holder.given));
    // What somebody gave already is there; where that was not enough, they hold different ones, and all is asked for.
    const from = this.rounds === 0 && given < wanted ? given : 0;
    const count = Math.min(SEGMENTS, able.length);
    const size = Math.ceil((wanted - from) / Math.max(1, count));
    for (let i = 0; i < count; i++) {
      const holder = able[(i + this.rounds) % able.length];
      const next = from + i * size;
      if (next < wanted) this.askPage({ holder, next, end: Math.min(next + size, wanted) }, turn);
    }
    this.rounds++;
  }

  /** A few holders tell the order from its beginning, until what they agree on is enough. */
  private askAhead(turn: Turn): void {
    const { gather, limit, upTo } = this;
    if (limit === 0) return;
    const sampled = this.sampled();
    const end = sampled.length < limit ? upTo : sampled[limit - 1].priority;
    const isThere = ({ frontier }: Holder): boolean => frontier >= end;
    const { able } = this;
    const there = gather.keepers.filter((holder) => holder.total > 0 && isThere(holder)).length;
    if (there >= VOUCHERS) return;
    const behind = able.filter((holder) => !isThere(holder));
    // Who does not answer is not waited for.
    for (const holder of behind.slice(0, VOUCHERS - there + this.rounds)) {
      const next = holder.given;
      this.askPage({ holder, next, end: Math.max(limit, next + FURTHER) }, turn);
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
    const isMore = answer.records.length > 0 && segment.next < segment.end && holder.frontier < this.upTo;
    if (isMore) this.askPage(segment, turn);
  }

  private askChains(turn: Turn): void {
    if (this.chains.size >= CHAIN_QUESTIONS) return;
    const asked = new Set(this.chains.values());
    for (const gathered of this.wanted) {
      this.gather.judge(gathered, unixSeconds(this.env, turn.now));
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
    const nowS = unixSeconds(this.env, turn.now);
    if (knownPublisher(this.env, gathered.id, nowS) === undefined && answer.chain.length > 0) {
      const found = certified(this.env.verifier, answer.chain, nowS);
      if (typeof found !== 'string' && found.id === gathered.id) rememberPublisher(this.env, found);
      else turn.out.emit({ kind: 'dropped', reason: 'dhtPublisher' });
    }
    this.gather.judge(gathered, nowS);
  }
}
