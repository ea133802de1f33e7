// Programs without a cache of their own ask the same question thousands of times a second.
import { BoundedMap } from '../base/bounded-map.ts';

/** An answer is given again for so long: much less than its TTL, and than a program notices of a change. */
export const REPEAT_MS = 50;
const QUESTIONS_MAX = 256;
/** Bytes of a query: a name, EDNS and a cookie. */
const QUERY_MAX = 320;
/** Of the message, in front of all that makes it a question. */
const ID_BYTES = 2;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

interface Kept {
  /** Whole, as it came. */
  readonly query: Uint8Array;
  readonly answer: Uint8Array;
  /** ms */
  readonly at: number;
}

/** Answers by the bytes of the query, its ID apart, since whatever is in them may matter for the answer. */
export class Repeats {
  /** By hash; of two that share one the newer stays. */
  private readonly kept = new BoundedMap<number, Kept>(QUESTIONS_MAX);

  /** The answer to the same question a moment ago, a copy with this query's ID. */
  find(query: Uint8Array, now: number): Uint8Array | undefined {
    if (query.length > QUERY_MAX) return undefined;
    const kept = this.kept.peek(hash(query));
    if (kept === undefined || now - kept.at >= REPEAT_MS || !isSame(kept.query, query)) return undefined;
    const answer = kept.answer.slice();
    answer[0] = query[0];
    answer[1] = query[1];
    return answer;
  }

  /** `query`: kept, so it must be the caller's own. */
  keep(query: Uint8Array, answer: Uint8Array, now: number): void {
    if (query.length <= QUERY_MAX) this.kept.set(hash(query), { query, answer, at: now });
  }
}

function hash(query: Uint8Array): number {
  let sum = FNV_START;
  for (let i = ID_BYTES; i < query.length; i++) sum = Math.imul(sum ^ query[i], FNV_PRIME);
  return sum;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = ID_BYTES; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
