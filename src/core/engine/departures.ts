// What leaves next of what waits for a remote, and under which counters: a turn of its queue, or what was lost once more.
import type { Tables } from '../addressing/addressing.ts';
import {
  Action,
  OutRow,
  REPAIR_COUNTER,
  REPAIR_MARK_CE,
  REPAIR_REPAIRABLE,
  REPAIR_RESENT,
  ROW_WORDS,
  SLAB_SLOTS,
} from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID, type DropCounters } from '../base/drop-reason.ts';
import { RECORD_DATAGRAMS, type Resend } from '../congestion/congestion.ts';
import type { LeavingRows } from './leaving.ts';
import type { ParityDesk } from './parity.ts';
import { RowPool } from './row-pool.ts';
import { sealRow } from './sealing.ts';
import { OVERHEAD, type PathSender, type Sender } from './sender.ts';

const DROP_QUEUE_STANDS = DROP_REASON_ID.outboundQueueStands;

/** Rows that wait or may be sent again: the rest of the slab is for what is read. */
const ROWS_MAX = (SLAB_SLOTS * 3) / 4;
/** Rows from which on no more are kept to be sent again: the rest is for what comes. */
const KEPT_MAX = (ROWS_MAX * 5) / 6;
/** Times that a datagram is sent again from which on it is sent twice at once. */
const TWICE_FROM = 2;

/** One per engine. */
export class Departures {
  readonly pool = new RowPool(ROWS_MAX);
  private readonly tables: Tables;
  private readonly drops: DropCounters;
  private readonly leaving: LeavingRows;
  private readonly parity: ParityDesk;
  private readonly condemned: number[] = [];

  constructor(tables: Tables, drops: DropCounters, leaving: LeavingRows, parity: ParityDesk) {
    this.tables = tables;
    this.drops = drops;
    this.leaving = leaving;
    this.parity = parity;
  }

  /** A row gave way, perhaps while its batch was decided upon: its slot is held only when that was sent. */
  readonly condemn = (handle: number): void => {
    this.condemned.push(handle);
  };

  /** releaseCondemned() is to be called. */
  get isDue(): boolean {
    return this.condemned.length > 0;
  }

  releaseCondemned(): void {
    for (let handle = this.condemned.pop(); handle !== undefined; handle = this.condemned.pop())
      this.release(handle);
  }

  /** Seals what is next, `budget` bytes at most but one segment at least. Gives its bytes; -1: nothing may leave. */
  next(sender: Sender, budget: number, releaseAt: number, now: number): number {
    const { remotes } = this.tables;
    const { remote } = sender;
    if (remotes.nextCounter[remote] + 3 * RECORD_DATAGRAMS > remotes.counterLimit[remote]) return -1;
    const { repairing } = sender;
    if (repairing !== undefined) return this.resend(sender, repairing, budget, releaseAt, now);
    const { queue } = sender;
    const verdict = queue.take(budget, now);
    const { handle, segments, isLast, bytes } = queue.taken;
    if (verdict === 'none') return -1;
    if (verdict === 'drop') {
      this.drops.counts[DROP_QUEUE_STANDS] += segments;
      if (isLast) this.release(handle);
      return 0;
    }
    const at = this.leaving.add(this.pool.rows, handle * ROW_WORDS);
    const { rows } = this.leaving;
    const isWhole = rows[at + OutRow.segmentCount] === 0;
    if (!isWhole) {
      rows[at + OutRow.firstSegment] = queue.taken.firstSegment;
      rows[at + OutRow.segmentCount] = segments;
      rows[at + OutRow.datagrams] = segments;
    }
    if (queue.taken.isMarked) rows[at + OutRow.repair] |= REPAIR_MARK_CE;
    if (this.pool.count > KEPT_MAX) rows[at + OutRow.repair] &= ~REPAIR_REPAIRABLE;
    const isKept = (rows[at + OutRow.repair] & REPAIR_REPAIRABLE) !== 0;
    // Segments of it that left before may have to be sent again.
    const isDone = isLast && !isKept && this.pool.isUsedOnce(handle);
    rows[at + OutRow.action] = isDone ? Action.send : Action.sendKeep;
    const sequence = this.seal(sender, at, bytes, releaseAt, now);
    if (isKept && sender.path.keep(handle, rows[at + OutRow.firstSegment], sequence, 0))
      this.pool.use(handle);
    if (isDone) this.pool.release(handle);
    else if (isLast) this.condemn(handle);
    return bytes + this.parity.add(sender, at, sequence, releaseAt, now);
  }

  /** Sends again what was lost. Bytes as in next(). */
  private resend(sender: Sender, from: PathSender, budget: number, releaseAt: number, now: number): number {
    const { rows: pooled } = this.pool;
    const { next } = from.repairs;
    from.repairs.take(Math.max(1, Math.floor(budget / from.delivery.transport.smss)));
    const counter = sender.counter(next.original);
    const of = next.handle * ROW_WORDS;
    // The remote tells by the counter what it has already: under other keys there is none. And the path may carry less than it did.
    if (counter < 0 || pooled[of + OutRow.fragmentAt] > this.tables.remotes.maxPlaintext[sender.remote]) {
      from.tally.givenUp += next.segments;
      return 0;
    }
    const bytes = this.sendAgain(sender, next, counter, true, releaseAt, now);
    // What was lost before that as well is late: there is hardly time for another.
    return next.attempt < TWICE_FROM
      ? bytes
      : bytes + this.sendAgain(sender, next, counter, false, releaseAt, now);
  }

  /** `counter`: under which it was sent first; `isKept`: it can be sent once more. */
  private sendAgain(
    sender: Sender,
    next: Readonly<Resend>,
    counter: number,
    isKept: boolean,
    releaseAt: number,
    now: number,
  ): number {
    const at = this.leaving.add(this.pool.rows, next.handle * ROW_WORDS);
    const { rows } = this.leaving;
    const payload = rows[at + OutRow.length] - rows[at + OutRow.headerBytes];
    const share = (payload * next.segments) / rows[at + OutRow.datagrams];
    const bytes = share + next.segments * (rows[at + OutRow.headerBytes] + OVERHEAD);
    rows[at + OutRow.firstSegment] = next.firstSegment;
    rows[at + OutRow.segmentCount] = next.segments;
    rows[at + OutRow.datagrams] = next.segments;
    rows[at + OutRow.repair] = REPAIR_REPAIRABLE | REPAIR_RESENT | (counter & REPAIR_COUNTER);
    rows[at + OutRow.action] = Action.sendKeep;
    const sequence = this.seal(sender, at, bytes, releaseAt, now);
    if (isKept && sender.path.keep(next.handle, next.firstSegment, next.original, next.attempt))
      this.pool.use(next.handle);
    sender.path.tally.resent += next.segments;
    return bytes + this.parity.add(sender, at, sequence, releaseAt, now);
  }

  /** Gives a leaving row its key, path and counters; gives the sequence of the first. */
  private seal(sender: Sender, at: number, bytes: number, releaseAt: number, now: number): number {
    const { activity } = this.tables;
    const { rows } = this.leaving;
    const { remote } = sender;
    const datagrams = rows[at + OutRow.datagrams];
    const isTimed = releaseAt > now;
    const counter = sealRow(this.tables, rows, at, remote, isTimed ? releaseAt : 0);
    activity.lastSealedMs[remote] = now;
    activity.txBytes[remote] += Math.max(0, bytes - datagrams * OVERHEAD);
    activity.txPackets[remote] += datagrams;
    this.leaving.isSealed = true;
    const key = rows[at + OutRow.key];
    const sequence = sender.sequence(key, this.tables.sendKeys.index[key], counter);
    sender.path.delivery.sent(sequence, datagrams, bytes, isTimed ? releaseAt : now);
    sender.activeAt = now;
    return sequence;
  }

  /** One use of a row less; the slot of one that is used no more is let go. */
  private release(handle: number): void {
    if (!this.pool.release(handle)) return;
    const at = this.leaving.add(this.pool.rows, handle * ROW_WORDS);
    this.leaving.rows[at + OutRow.action] = Action.drop;
  }
}
