// What is thought of the relays that a node uses, and which of them it is therefore to use.
import { BoundedMap } from '../base/bounded-map.ts';
import { DAY_MS, MINUTE_MS } from '../base/time.ts';
import type { RelayVerdict } from './relay-types.ts';

/** One that failed its trial is left alone for so long, twice as long each time, at most for a day: a network may have been to blame. */
export const LEFT_MS = 10 * MINUTE_MS;
const LEFT_MAX_MS = DAY_MS;
/** Relays of which something is remembered. */
const KNOWN_MAX = 256;

interface Left {
  /** ms; until then it is used only where there is no other. */
  readonly until: number;
  readonly times: number;
}

/** One per node. Relays by slot. */
export class RelayStanding {
  /** The last word; none: it is on trial. */
  private readonly verdicts = new BoundedMap<number, Exclude<RelayVerdict, 'failed'>>(KNOWN_MAX);
  /** Who lost its place by closing its session is no better for it: this survives forget(). */
  private readonly left = new BoundedMap<number, Left>(KNOWN_MAX);

  judge(slot: number, verdict: RelayVerdict, now: number): void {
    if (verdict !== 'failed') {
      this.verdicts.set(slot, verdict);
      return;
    }
    this.verdicts.delete(slot);
    const times = (this.left.peek(slot)?.times ?? 0) + 1;
    this.left.set(slot, { until: now + Math.min(LEFT_MAX_MS, LEFT_MS * 2 ** (times - 1)), times });
  }

  /** It stood its trial, or nobody can say anything of it. */
  isSettled(slot: number): boolean {
    return this.verdicts.peek(slot) === 'settled';
  }

  /** It is in doubt, or failed lately. */
  isSuspect(slot: number, now: number): boolean {
    return this.verdicts.peek(slot) === 'doubted' || this.isLeft(slot, now);
  }

  private isLeft(slot: number, now: number): boolean {
    return now < (this.left.peek(slot)?.until ?? now);
  }

  /** What it does from now on says nothing of what it did. */
  forget(slot: number): void {
    this.verdicts.delete(slot);
  }

  /** Those that did not fail lately; all where all did: a relay that may work is better than none. */
  usable<T extends { readonly slot: number }>(choices: readonly T[], now: number): readonly T[] {
    const able = choices.filter(({ slot }) => !this.isLeft(slot, now));
    return able.length > 0 ? able : choices;
  }

  /**
   * The first `count` of those in `ordered`. While none of these has stood its trial, one of `kept` that has stays with them; where all
   * are in doubt, the next one that is not joins them.
   */
  pick(ordered: readonly number[], count: number, kept: readonly number[]): number[] {
    const picked = ordered.slice(0, count);
    if (picked.length === 0) return picked;
    const others = ordered.filter((slot) => !picked.includes(slot));
    const isSettled = (slot: number) => this.isSettled(slot);
    const isDoubted = (slot: number) => this.verdicts.peek(slot) === 'doubted';
    const before = picked.some(isSettled)
      ? undefined
      : kept.find((slot) => others.includes(slot) && isSettled(slot));
    if (before !== undefined) picked.push(before);
    const next = picked.every(isDoubted) ? others.find((slot) => !isDoubted(slot)) : undefined;
    if (next !== undefined) picked.push(next);
    return picked;
  }

  /** Those that stood their trial first, those in doubt last. */
  inOrder(slots: readonly number[]): number[] {
    return slots.toSorted((a, b) => this.rank(a) - this.rank(b));
  }

  /** Of relays in order those that are as good as the first. */
  best(ordered: readonly number[]): number[] {
    return ordered.filter((slot) => this.rank(slot) === this.rank(ordered[0]));
  }

  private rank(slot: number): number {
    return { settled: 0, none: 1, doubted: 2 }[this.verdicts.peek(slot) ?? 'none'];
  }
}
