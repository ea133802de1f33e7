// What was sent on a path and is not settled yet: one record per super-packet that leaves, in a ring of one buffer. All of a record lies
// together: on fast paths it is out of the caches between being sent and being acknowledged.

/** Datagrams that one record describes at most: as many as two cache lines have room for, and a super-packet of datagrams of 400 bytes. */
export const RECORD_DATAGRAMS = 160;
const MASK_WORDS = RECORD_DATAGRAMS / 32;
const FIRST_RECORDS = 64;
/** Records of one path; with 64 KB each 512 MB in flight, with one datagram each 10 MB. */
export const RECORDS_MAX = 8192;

/** Places among the values of a record, [P.*] of the draft. */
export const SENT_AT = 0;
export const BYTES = 1;
export const DELIVERED = 2;
export const DELIVERED_AT = 3;
export const FIRST_SENT_AT = 4;
export const LOST_BEFORE = 5;
export const TX_IN_FLIGHT = 6;
export const MARKED_BEFORE = 7;
export type SentValue =
  | typeof SENT_AT
  | typeof BYTES
  | typeof DELIVERED
  | typeof DELIVERED_AT
  | typeof FIRST_SENT_AT
  | typeof LOST_BEFORE
  | typeof TX_IN_FLIGHT
  | typeof MARKED_BEFORE;

/** Two cache lines: the values above and the sequence of the first datagram as numbers of 64 bits, ... */
const RECORD_BYTES = 128;
const NUMBERS = RECORD_BYTES / 8;
const SEQUENCE = 8;
/** ... then in words of 32 bits: how many datagrams there are, are acknowledged and are lost, and a flag; masks of both, bit by bit. */
const WORDS = RECORD_BYTES / 4;
const COUNT = 2 * (SEQUENCE + 1);
const ACKED = COUNT + 1;
const LOST = COUNT + 2;
const APP_LIMITED = COUNT + 3;
const ACKED_MASK = COUNT + 4;
const LOST_MASK = ACKED_MASK + MASK_WORDS;

/**
 * Records have numbers that rise by one; `first` .. `end` - 1 are there, those before `open` are settled: all their datagrams are
 * acknowledged or lost. Kept are they to see what was only late.
 */
export class SentLog {
  first = 0;
  open = 0;
  end = 0;
  /** A power of two. */
  private size = FIRST_RECORDS;
  private numbers = new Float64Array(FIRST_RECORDS * NUMBERS);
  private words = new Uint32Array(this.numbers.buffer);

  /** As many as may be are not settled. */
  get isFull(): boolean {
    return this.end - this.open >= RECORDS_MAX;
  }

  /** Gives the number of the record, whose values are to be written. There must be room. */
  add(sequence: number, datagrams: number, isAppLimited: boolean): number {
    // Room for what is to come goes before what was late.
    if (this.end - this.first >= RECORDS_MAX)
      this.first = Math.min(this.open, this.first + (RECORDS_MAX >> 2));
    if (this.end - this.first >= this.size) this.grow();
    const { words } = this;
    const place = this.place(this.end);
    const at = place * WORDS;
    this.numbers[place * NUMBERS + SEQUENCE] = sequence;
    words[at + COUNT] = datagrams;
    words[at + ACKED] = 0;
    words[at + LOST] = 0;
    words[at + APP_LIMITED] = isAppLimited ? 1 : 0;
    for (let word = 0; word < 2 * MASK_WORDS; word++) words[at + ACKED_MASK + word] = 0;
    return this.end++;
  }

  set(record: number, value: SentValue, to: number): void {
    this.numbers[this.place(record) * NUMBERS + value] = to;
  }

  get(record: number, value: SentValue): number {
    return this.numbers[this.place(record) * NUMBERS + value];
  }

  sequence(record: number): number {
    return this.numbers[this.place(record) * NUMBERS + SEQUENCE];
  }

  datagrams(record: number): number {
    return this.words[this.place(record) * WORDS + COUNT];
  }

  isAppLimited(record: number): boolean {
    return this.words[this.place(record) * WORDS + APP_LIMITED] === 1;
  }

  /** Datagrams that are neither acknowledged nor lost. */
  outstanding(record: number): number {
    const at = this.place(record) * WORDS;
    return this.words[at + COUNT] - this.words[at + ACKED] - this.words[at + LOST];
  }

  /** All its datagrams are acknowledged. */
  isWhole(record: number): boolean {
    const at = this.place(record) * WORDS;
    return this.words[at + ACKED] === this.words[at + COUNT];
  }

  isAcked(record: number, datagram: number): boolean {
    return (this.words[this.mask(record, ACKED_MASK, datagram)] & (1 << (datagram & 31))) !== 0;
  }

  isLost(record: number, datagram: number): boolean {
    return (this.words[this.mask(record, LOST_MASK, datagram)] & (1 << (datagram & 31))) !== 0;
  }

  /** Nothing of it is acknowledged or lost. */
  isUntouched(record: number): boolean {
    const at = this.place(record) * WORDS;
    return this.words[at + ACKED] === 0 && this.words[at + LOST] === 0;
  }

  /** All of an untouched one at once. */
  markWhole(record: number): void {
    const at = this.place(record) * WORDS;
    const count = this.words[at + COUNT];
    for (let first = 0; first < count; first += 32)
      this.words[at + ACKED_MASK + (first >>> 5)] = count - first >= 32 ? -1 : (1 << (count - first)) - 1;
    this.words[at + ACKED] = count;
  }

  /** Of a datagram that is not acknowledged yet; one that was taken for lost no longer is. */
  markAcked(record: number, datagram: number): void {
    const at = this.place(record) * WORDS;
    const bit = 1 << (datagram & 31);
    const lost = this.mask(record, LOST_MASK, datagram);
    if ((this.words[lost] & bit) !== 0) {
      this.words[lost] &= ~bit;
      this.words[at + LOST]--;
    }
    this.words[this.mask(record, ACKED_MASK, datagram)] |= bit;
    this.words[at + ACKED]++;
  }

  /** Of an outstanding datagram. */
  markLost(record: number, datagram: number): void {
    this.words[this.mask(record, LOST_MASK, datagram)] |= 1 << (datagram & 31);
    this.words[this.place(record) * WORDS + LOST]++;
  }

  /** The first record that has a datagram from `sequence` on; `end`: none. */
  find(sequence: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.sequence(middle) + this.datagrams(middle) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves `open` over what is settled, and drops what was sent before `keepFrom` (ms) of it. */
  settle(keepFrom: number): void {
    while (this.open < this.end && this.outstanding(this.open) === 0) this.open++;
    // What has all arrived cannot come late: acknowledgements name it again and again, and need not look at it.
    while (this.first < this.open && (this.isWhole(this.first) || this.get(this.first, SENT_AT) < keepFrom))
      this.first++;
  }

  private place(record: number): number {
    return record & (this.size - 1);
  }

  private mask(record: number, mask: number, datagram: number): number {
    return this.place(record) * WORDS + mask + (datagram >>> 5);
  }

  private grow(): void {
    const { numbers: before, size } = this;
    this.size = 2 * size;
    this.numbers = new Float64Array(this.size * NUMBERS);
    this.words = new Uint32Array(this.numbers.buffer);
    for (let record = this.first; record < this.end; record++) {
      const from = (record & (size - 1)) * NUMBERS;
      this.numbers.set(before.subarray(from, from + NUMBERS), this.place(record) * NUMBERS);
    }
  }
}
