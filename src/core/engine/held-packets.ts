import { Action, OutRow, ROW_WORDS } from '../base/batch-layout.generated.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { LeavingRows } from './leaving.ts';

/** A packet waits this long for a session at most; a handshake that was lost is repeated within it. */
export const HELD_MS = 5 * SECOND_MS;

/**
 * Packets that were held since their remote had no session, in order of arrival, so that the first ping or SYN is not lost; and
 * those that leave again. Each names a slab slot: bounded by `max` in all (waiting and leaving) and `maxPerRemote`.
 * Written by the engine.
 */
export class HeldPackets {
  private readonly max: number;
  private readonly maxPerRemote: number;
  /** Rows that were decided upon. */
  readonly leaving = new LeavingRows();
  /** Whole rows; the first `waiting` are in use. */
  readonly rows: Uint32Array;
  /** Remote slot and ms of arrival by row. */
  readonly remote: Int32Array;
  private readonly sinceMs: Float64Array;
  waiting = 0;

  constructor(max: number, maxPerRemote: number) {
    this.max = max;
    this.maxPerRemote = maxPerRemote;
    this.rows = new Uint32Array(max * ROW_WORDS);
    this.remote = new Int32Array(max);
    this.sinceMs = new Float64Array(max);
  }

  /** Takes a copy of the row at `at`; false: no room. */
  add(rows: Uint32Array, at: number, remote: number, now: number): boolean {
    if (this.waiting + this.leaving.count >= this.max) return false;
    let ofRemote = 0;
    for (let i = 0; i < this.waiting; i++) if (this.remote[i] === remote) ofRemote++;
    if (ofRemote >= this.maxPerRemote) return false;
    this.copy(rows, at, this.rows, this.waiting);
    this.remote[this.waiting] = remote;
    this.sinceMs[this.waiting] = now;
    this.waiting++;
    return true;
  }

  /**
   * Asks `decide` for an action on every waiting row of a remote, in order; rows that it does not hold on leave.
   * `decide` gets the place of the row in `rows`.
   */
  decide(remote: number, decide: (at: number) => Action): void {
    let kept = 0;
    for (let i = 0; i < this.waiting; i++) {
      const action = this.remote[i] === remote ? decide(i * ROW_WORDS) : Action.hold;
      if (action === Action.hold) this.keep(i, kept++);
      else this.leave(i, action);
    }
    this.waiting = kept;
  }

  /** Lets go of rows that waited too long; returns how many. */
  expire(now: number): number {
    let expired = 0;
    while (expired < this.waiting && this.sinceMs[expired] + HELD_MS <= now)
      this.leave(expired++, Action.drop);
    if (expired === 0) return 0;
    for (let i = expired; i < this.waiting; i++) this.keep(i, i - expired);
    this.waiting -= expired;
    return expired;
  }

  /** ms; when the next row expires. */
  get wakeAt(): number {
    return this.waiting === 0 ? NEVER : this.sinceMs[0] + HELD_MS;
  }

  private leave(i: number, action: Action): void {
    this.rows[i * ROW_WORDS + OutRow.action] = action;
    this.leaving.add(this.rows, i * ROW_WORDS);
    if (action === Action.send) this.leaving.isSealed = true;
  }

  private keep(from: number, to: number): void {
    if (from === to) return;
    this.copy(this.rows, from * ROW_WORDS, this.rows, to);
    this.remote[to] = this.remote[from];
    this.sinceMs[to] = this.sinceMs[from];
  }

  private copy(rows: Uint32Array, at: number, into: Uint32Array, row: number): void {
    into.set(rows.subarray(at, at + ROW_WORDS), row * ROW_WORDS);
  }
}
