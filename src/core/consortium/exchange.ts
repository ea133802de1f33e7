// Two nodes whose revocations differ: each asks the other for what it lacks, one question at a time.
import { BoundedMap } from '../base/bounded-map.ts';
import { compareBytes, EMPTY, equalBytes, fromHex, toHex } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import type { Outbox } from '../base/outbox.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { CONTROL_MAX, REVOCATION_HASHES_MAX, REVOCATION_PARTS_MAX, REVOCATIONS_MAX } from '../wire/limits.ts';
import type { HashRange, RevocationAnswer, RevocationMessage, RevocationQuery } from '../wire/types.ts';
import { revocationBytes } from '../wire/wire.ts';
import type { Revocations } from './revocations.ts';

/** Remotes asked at a time; further ones are asked at the next occasion. */
export const PULLS_MAX = 16;
/** Without an answer a question is repeated, at most so often. */
export const PULL_REPEAT_MS = 2 * SECOND_MS;
export const PULL_TRIES = 4;
/** Statements wanted at a time, and how long the next ones wait: within what a node takes of one remote (messages per second). */
export const WANTED_MAX = 16;
export const PACE_MS = 200;
/** Questions to one remote in a row: enough for two sets that have nothing in common; whoever leads on for longer is left. */
export const QUESTIONS_MAX = 4096;
/** Bytes of a message around its statements. */
const FRAME_BYTES = 8;

export type ExchangeInput =
  /** This remote's digest is another. `peer`: its key in maps. */
  | { readonly kind: 'differs'; readonly peer: string }
  | { readonly kind: 'answer'; readonly peer: string; readonly answer: RevocationAnswer }
  /** These statements came from it, taken up or refused. */
  | { readonly kind: 'came'; readonly peer: string; readonly hashes: readonly Uint8Array[] }
  /** Nothing can be said to it. */
  | { readonly kind: 'gone'; readonly peer: string };

export interface ExchangeSend {
  readonly to: string;
  readonly message: RevocationQuery;
}

export type ExchangeOutbox = Pick<
  Outbox<ExchangeSend, { readonly kind: 'dropped'; readonly reason: DropReason }>,
  'send' | 'emit'
>;

interface Pull {
  /** Ranges that differ, as far as is known; at most a few times REVOCATION_PARTS_MAX for each halving of what is asked about. */
  readonly ranges: HashRange[];
  /** Hashes in hex of statements to ask for. */
  readonly wanted: Set<string>;
  /** What was asked last: a range, or these of `wanted`. */
  asked: HashRange | readonly string[];
  tries: number;
  questions: number;
  /** ms */
  nextAt: number;
}

/** A remote is not asked again so soon: two sets of which one has no room for the other's stay different. */
export const PULL_AGAIN_MS = 15 * SECOND_MS;
const ASKED_MAX = 1024;
/** Ranges that one remote may make this node remember. */
const RANGES_MAX = 256;
const WHOLE: HashRange = { lower: EMPTY, upper: EMPTY };

/**
 * Never more than one question to a remote is under way, and what answers it is the only thing that is believed. A remote that leads
 * nowhere costs QUESTIONS_MAX questions at most, PACE_MS or a round trip apart.
 */
export class RevocationExchange {
  /** ms */
  wakeAt = NEVER;
  private readonly set: Revocations;
  private readonly pulls: BoundedMap<string, Pull>;
  /** ms; when a remote was last begun to be asked. */
  private readonly asked = new BoundedMap<string, number>(ASKED_MAX);

  constructor(set: Revocations) {
    this.set = set;
    this.pulls = new BoundedMap(PULLS_MAX);
  }

  get size(): number {
    return this.pulls.size;
  }

  handle(input: ExchangeInput, now: number, out: ExchangeOutbox): void {
    const pull = this.pulls.peek(input.peer);
    switch (input.kind) {
      case 'differs':
        if (pull === undefined && this.pulls.size < PULLS_MAX && this.mayAsk(input.peer, now))
          this.begin(input.peer, now, out);
        break;
      case 'answer':
        if (pull === undefined || !isAnswerTo(pull.asked, input.answer))
          out.emit({ kind: 'dropped', reason: 'revocationUnexpected' });
        else this.onAnswer(input.peer, pull, input.answer, now, out);
        break;
      case 'came':
        if (pull !== undefined) this.onCame(input.peer, pull, input.hashes, now);
        break;
      case 'gone':
        this.pulls.delete(input.peer);
        break;
    }
    this.arm();
  }

  onTimer(now: number, out: ExchangeOutbox): void {
    for (const [peer, pull] of [...this.pulls]) {
      if (now < pull.nextAt) continue;
      if (pull.tries >= PULL_TRIES) this.pulls.delete(peer);
      else this.ask(peer, pull, now, out);
    }
    this.arm();
  }

  private mayAsk(peer: string, now: number): boolean {
    return now - (this.asked.peek(peer) ?? Number.NEGATIVE_INFINITY) >= PULL_AGAIN_MS;
  }

  private begin(peer: string, now: number, out: ExchangeOutbox): void {
    const pull: Pull = {
      ranges: [WHOLE],
      wanted: new Set(),
      asked: WHOLE,
      tries: 0,
      questions: 0,
      nextAt: now,
    };
    this.pulls.set(peer, pull);
    this.asked.set(peer, now);
    this.ask(peer, pull, now, out);
  }

  private onAnswer(
    peer: string,
    pull: Pull,
    answer: RevocationAnswer,
    now: number,
    out: ExchangeOutbox,
  ): void {
    const parts = partsOf(answer);
    if (parts === undefined) {
      out.emit({ kind: 'dropped', reason: 'revocationMalformed' });
      this.pulls.delete(peer);
      return;
    }
    pull.ranges.pop();
    for (const hash of answer.hashes)
      if (this.set.get(hash) === undefined && isWithin(answer, hash)) pull.wanted.add(toHex(hash));
    for (const { lower, upper, digest } of parts.reverse()) {
      const isOther = !equalBytes(this.set.digestWithin({ lower, upper }), digest);
      if (isOther && digest.length > 0 && pull.ranges.length < RANGES_MAX) pull.ranges.push({ lower, upper });
    }
    pull.tries = 0;
    this.ask(peer, pull, now, out);
  }

  private onCame(peer: string, pull: Pull, hashes: readonly Uint8Array[], now: number): void {
    for (const hash of hashes) pull.wanted.delete(toHex(hash));
    if (!Array.isArray(pull.asked) || pull.asked.some((id) => pull.wanted.has(id))) return;
    pull.tries = 0;
    // A burst of them would exceed what is taken of one remote.
    pull.nextAt = now + PACE_MS;
    if (pull.wanted.size === 0 && pull.ranges.length === 0) this.pulls.delete(peer);
  }

  /** Statements before further ranges: what is remembered stays small. */
  private ask(peer: string, pull: Pull, now: number, out: ExchangeOutbox): void {
    for (const id of pull.wanted) if (this.isHere(id)) pull.wanted.delete(id);
    const range = pull.ranges.at(-1);
    if ((pull.wanted.size === 0 && range === undefined) || pull.questions >= QUESTIONS_MAX) {
      this.pulls.delete(peer);
      return;
    }
    pull.questions++;
    pull.tries++;
    pull.nextAt = now + PULL_REPEAT_MS;
    if (pull.wanted.size > 0) {
      const asked = [...pull.wanted].slice(0, WANTED_MAX);
      pull.asked = asked;
      out.send({ to: peer, message: { ...question(WHOLE, EMPTY), wanted: asked.map(bytesOf) } });
    } else if (range !== undefined) {
      pull.asked = range;
      out.send({ to: peer, message: question(range, this.set.digestWithin(range)) });
    }
  }

  private isHere(id: string): boolean {
    return this.set.get(bytesOf(id)) !== undefined;
  }

  private arm(): void {
    this.wakeAt = NEVER;
    for (const { nextAt } of this.pulls.values()) this.wakeAt = Math.min(this.wakeAt, nextAt);
  }
}

/** What a question gets: at most one message about a range, or the statements that are here, as many to a message as fit. */
export function answerQuery(set: Revocations, query: RevocationQuery): RevocationMessage[] {
  if (query.wanted.length > 0) {
    const found = query.wanted.slice(0, WANTED_MAX).flatMap((hash) => set.get(hash)?.bytes ?? []);
    return bundle(found);
  }
  const { lower, upper } = query;
  const answer = { kind: 'revocationAnswer' as const, lower, upper };
  if (equalBytes(set.digestWithin(query), query.digest)) return [{ ...answer, hashes: [], parts: [] }];
  if (set.countWithin(query) <= REVOCATION_HASHES_MAX)
    return [{ ...answer, hashes: set.hashesWithin(query), parts: [] }];
  return [{ ...answer, hashes: [], parts: set.cut(query, REVOCATION_PARTS_MAX) }];
}

/** Statements in as few messages as they fit. */
export function bundle(statements: readonly Uint8Array[]): RevocationMessage[] {
  const bundles: Uint8Array[][] = [];
  let room = 0;
  for (const statement of statements) {
    room -= revocationBytes(statement);
    const last = bundles.at(-1);
    if (last === undefined || room < 0 || last.length >= REVOCATIONS_MAX) {
      bundles.push([statement]);
      room = CONTROL_MAX - FRAME_BYTES - revocationBytes(statement);
    } else last.push(statement);
  }
  return bundles.map((bundled) => ({ kind: 'revocations', statements: bundled }));
}

function question(range: HashRange, digest: Uint8Array): RevocationQuery {
  return { kind: 'revocationQuery', lower: range.lower, upper: range.upper, digest, wanted: [] };
}

function isAnswerTo(asked: Pull['asked'], { lower, upper }: RevocationAnswer): boolean {
  if (!('lower' in asked)) return false;
  return equalBytes(asked.lower, lower) && equalBytes(asked.upper, upper);
}

function isWithin({ lower, upper }: HashRange, hash: Uint8Array): boolean {
  return (
    (lower.length === 0 || compareBytes(lower, hash) <= 0) &&
    (upper.length === 0 || compareBytes(hash, upper) < 0)
  );
}

/** The parts of a range with both ends; undefined: together they are not the range, or they are all of it again. */
function partsOf(answer: RevocationAnswer): (HashRange & { readonly digest: Uint8Array })[] | undefined {
  const { parts, upper: end } = answer;
  if (parts.length === 1) return undefined;
  const ranges: (HashRange & { readonly digest: Uint8Array })[] = [];
  let { lower } = answer;
  for (const [i, { upper, digest }] of parts.entries()) {
    const isLast = i === parts.length - 1;
    const isInOrder = isLast ? equalBytes(upper, end) : upper.length > 0 && isInside(answer, lower, upper);
    if (!isInOrder) return undefined;
    ranges.push({ lower, upper, digest });
    lower = upper;
  }
  return ranges;
}

function isInside({ upper: end }: HashRange, lower: Uint8Array, upper: Uint8Array): boolean {
  return compareBytes(lower, upper) < 0 && (end.length === 0 || compareBytes(upper, end) < 0);
}

function bytesOf(id: string): Uint8Array {
  return fromHex(id) as Uint8Array;
}
