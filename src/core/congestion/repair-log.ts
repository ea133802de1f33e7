// What is needed to send lost datagrams again: where the datagrams of each record come from, and which of them wait for their turn. Records
// have the numbers that SentLog gives them; those of which nothing can be sent again are not known here.
import { RECORD_DATAGRAMS, RECORDS_MAX } from './sent-log.ts';

/** Times that a datagram is sent again at most. */
export const RESENDS_MAX = 4;
const MASK_WORDS = RECORD_DATAGRAMS / 32;
const FIRST_RECORDS = 64;
const NONE = -1;

/** What take() gives: filled in again and again. */
export interface Resend {
  handle: number;
  /** Of the row that `handle` stands for. */
  firstSegment: number;
  segments: number;
  /** Sequence under which the first of them was sent first; that of the others follow. */
  original: number;
  /** 1: it is sent again for the first time. */
  attempt: number;
}

/**
 * One path's. The caller counts references to its handles: each add() that gave true holds one, which release(handle) gives back, exactly
 * once, in settle() or clear(). What take() gave is held by the record that was lost until the next settle() or clear(), so that the caller
 * can add() it as a record of its own, or leave it.
 */
export class RepairLog {
  readonly next: Resend = { handle: 0, firstSegment: 0, segments: 0, original: 0, attempt: 0 };
  /** Segments that wait to be sent again. */
  waiting = 0;
  /** References that are held. */
  held = 0;
  private size = FIRST_RECORDS;
  /** Records below are settled; those below `end` were added. */
  private open = 0;
  private end = 0;
  private slots = new Slots(FIRST_RECORDS);
  /** Slots with waiting segments, in order of their first loss. */
  private head = NONE;
  private tail = NONE;
  /** Slots of settled records of which nothing waits any more. */
  private done = NONE;

  /**
   * A record whose datagrams can be sent again: they are segments of the caller's row `handle`, from `firstSegment` on. `original`: sequence
   * under which the first was sent first; `attempt`: 0 the first time, else that of take(). Records are added in order. False: no room (a
   * record of long ago still waits), and no reference is held.
   */
  add(record: number, handle: number, firstSegment: number, original: number, attempt: number): boolean {
    const least = Math.max(this.open, this.end);
    if (record < least) throw new RangeError(`record ${record} comes after ${least - 1}`);
    while (this.slots.record[record % this.size] !== NONE) {
      if (this.size >= RECORDS_MAX) return false;
      this.grow();
    }
    const at = record % this.size;
    this.slots.set(at, record, handle, firstSegment, original, attempt);
    this.end = record + 1;
    this.held++;
    return true;
  }

  /** That datagram is lost, and waits to be sent again from now on. False: it is not, since it was sent too often, or cannot be. */
  onLost(record: number, datagram: number): boolean {
    const { slots } = this;
    const at = this.slot(record);
    if (at === NONE || slots.isSettled[at] === 1 || slots.attempt[at] >= RESENDS_MAX) return false;
    if (slots.isWaiting(at, datagram)) return true;
    slots.masks[at * MASK_WORDS + (datagram >>> 5)] |= 1 << (datagram & 31);
    this.waiting++;
    if (slots.waiting[at]++ === 0) this.link(at);
    return true;
  }

  /** That datagram was acknowledged after it was taken for lost: if it still waits, it no longer does. */
  onLate(record: number, datagram: number): void {
    const at = this.slot(record);
    if (at === NONE || !this.slots.isWaiting(at, datagram)) return;
    this.forget(at, datagram);
    if (this.slots.waiting[at] === 0) this.unlink(at);
  }

  /**
   * To be called after each acknowledgement or timeout: records below `open` (of SentLog) are settled. Those of which nothing waits are let
   * go. `release` must not call this log.
   */
  settle(open: number, release: (handle: number) => void): void {
    const { slots, size } = this;
    while (this.done !== NONE) {
      const at = this.done;
      this.done = slots.next[at];
      this.drop(at, release);
    }
    const upTo = Math.min(open, this.end);
    const from = Math.max(this.open, upTo - size);
    if (this.held > 0)
      for (let record = from; record < upTo; record++) this.settleSlot(record % size, upTo, release);
    this.open = Math.max(this.open, open);
  }

  /** What take() would give first: the record and the datagram of it that were lost. False: nothing. */
  peek(found: { record: number; datagram: number }): boolean {
    const { slots, head } = this;
    if (head === NONE) return false;
    let datagram = 0;
    while (!slots.isWaiting(head, datagram)) datagram++;
    found.record = slots.record[head];
    found.datagram = datagram;
    return true;
  }

  /** The next segments to be sent again, at most `maxSegments`, all of one row; they stand in `next`. False: none. */
  take(maxSegments: number): boolean {
    const { slots, head, next } = this;
    if (head === NONE || maxSegments < 1) return false;
    let first = 0;
    while (!slots.isWaiting(head, first)) first++;
    let end = first;
    while (end < RECORD_DATAGRAMS && end - first < maxSegments && slots.isWaiting(head, end)) {
      this.forget(head, end);
      end++;
    }
    next.handle = slots.handle[head];
    next.firstSegment = slots.firstSegment[head] + first;
    next.segments = end - first;
    next.original = slots.original[head] + first;
    next.attempt = slots.attempt[head] + 1;
    if (slots.waiting[head] === 0) this.unlink(head);
    return true;
  }

  /** All is forgotten: what was sent before is not sent again. Records may begin anew. */
  clear(release: (handle: number) => void): void {
    for (let at = 0; at < this.size; at++) if (this.slots.record[at] !== NONE) this.drop(at, release);
    this.slots = new Slots(FIRST_RECORDS);
    this.size = FIRST_RECORDS;
    this.waiting = 0;
    this.open = 0;
    this.end = 0;
    this.head = NONE;
    this.tail = NONE;
    this.done = NONE;
  }

  private slot(record: number): number {
    const at = record % this.size;
    return this.slots.record[at] === record ? at : NONE;
  }

  /** `at` is visited once for each record that may have it. */
  private settleSlot(at: number, open: number, release: (handle: number) => void): void {
    const { slots } = this;
    if (slots.record[at] === NONE || slots.record[at] >= open || slots.isSettled[at] === 1) return;
    if (slots.waiting[at] === 0) this.drop(at, release);
    else slots.isSettled[at] = 1;
  }

  private drop(at: number, release: (handle: number) => void): void {
    const { slots } = this;
    slots.record[at] = NONE;
    this.held--;
    release(slots.handle[at]);
  }

  private forget(at: number, datagram: number): void {
    const { slots } = this;
    slots.masks[at * MASK_WORDS + (datagram >>> 5)] &= ~(1 << (datagram & 31));
    slots.waiting[at]--;
    this.waiting--;
  }

  private link(at: number): void {
    const { slots, tail } = this;
    slots.next[at] = NONE;
    slots.before[at] = tail;
    if (tail === NONE) this.head = at;
    else slots.next[tail] = at;
    this.tail = at;
  }

  /** Of a slot of which nothing waits any more. */
  private unlink(at: number): void {
    const { slots } = this;
    const before = slots.before[at];
    const next = slots.next[at];
    if (before === NONE) this.head = next;
    else slots.next[before] = next;
    if (next === NONE) this.tail = before;
    else slots.before[next] = before;
    if (slots.isSettled[at] === 0) return;
    slots.next[at] = this.done;
    this.done = at;
  }

  private grow(): void {
    const { slots, size } = this;
    const wider = new Slots(2 * size);
    for (let at = 0; at < size; at++)
      if (slots.record[at] !== NONE) wider.copy(slots.record[at] % (2 * size), slots, at);
    let { head, done } = this;
    this.slots = wider;
    this.size = 2 * size;
    this.head = NONE;
    this.tail = NONE;
    this.done = NONE;
    for (; head !== NONE; head = slots.next[head]) this.link(this.slot(slots.record[head]));
    for (; done !== NONE; done = slots.next[done]) {
      const at = this.slot(slots.record[done]);
      wider.next[at] = this.done;
      this.done = at;
    }
  }
}

/** Records, each at its number modulo the size. */
class Slots {
  /** NONE: free. */
  readonly record: Float64Array;
  readonly handle: Float64Array;
  readonly firstSegment: Uint16Array;
  readonly original: Float64Array;
  readonly attempt: Uint8Array;
  /** A bit for each datagram that waits, and how many do. */
  readonly masks: Uint32Array;
  readonly waiting: Uint16Array;
  readonly isSettled: Uint8Array;
  readonly next: Int32Array;
  readonly before: Int32Array;

  constructor(size: number) {
    this.record = new Float64Array(size).fill(NONE);
    this.handle = new Float64Array(size);
    this.firstSegment = new Uint16Array(size);
    this.original = new Float64Array(size);
    this.attempt = new Uint8Array(size);
    this.masks = new Uint32Array(size * MASK_WORDS);
    this.waiting = new Uint16Array(size);
    this.isSettled = new Uint8Array(size);
    this.next = new Int32Array(size);
    this.before = new Int32Array(size);
  }

  set(
    at: number,
    record: number,
    handle: number,
    firstSegment: number,
    original: number,
    attempt: number,
  ): void {
    this.record[at] = record;
    this.handle[at] = handle;
    this.firstSegment[at] = firstSegment;
    this.original[at] = original;
    this.attempt[at] = attempt;
    this.masks.fill(0, at * MASK_WORDS, (at + 1) * MASK_WORDS);
    this.waiting[at] = 0;
    this.isSettled[at] = 0;
  }

  copy(at: number, from: Slots, of: number): void {
    this.set(
      at,
      from.record[of],
      from.handle[of],
      from.firstSegment[of],
      from.original[of],
      from.attempt[of],
    );
    this.masks.set(from.masks.subarray(of * MASK_WORDS, (of + 1) * MASK_WORDS), at * MASK_WORDS);
    this.waiting[at] = from.waiting[of];
    this.isSettled[at] = from.isSettled[of];
  }

  isWaiting(at: number, datagram: number): boolean {
    return (this.masks[at * MASK_WORDS + (datagram >>> 5)] & (1 << (datagram & 31))) !== 0;
  }
}
