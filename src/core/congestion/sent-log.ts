// What was sent on a path and is not settled yet: one record per batch, in a ring of typed arrays, since there is one for every
// super-packet that leaves.

/** Datagrams that one record describes at most. */
export const RECORD_DATAGRAMS = 128;
const MASK_WORDS = RECORD_DATAGRAMS / 32;
const FIRST_RECORDS = 64;
/** Records of one path; with 64 KB each 1 GB in flight, with one datagram each 10 MB. */
export const RECORDS_MAX = 8192;

/**
 * Records have numbers that rise by one; `first` .. `end` - 1 are there, those before `open` are settled: all their datagrams are
 * acknowledged or lost. Kept are they to see what was only late.
 */
export class SentLog {
  first = 0;
  open = 0;
  end = 0;
  private size = FIRST_RECORDS;
  /** Sequence of the first datagram of a record: rises over all keys of a session. */
  private sequences = new Float64Array(FIRST_RECORDS);
  private counts = new Uint16Array(FIRST_RECORDS);
  private acked = new Uint16Array(FIRST_RECORDS);
  private lost = new Uint16Array(FIRST_RECORDS);
  private appLimited = new Uint8Array(FIRST_RECORDS);
  private masks = new Uint32Array(FIRST_RECORDS * 2 * MASK_WORDS);
  /** sentAt, bytes, delivered, deliveredAt, firstSentAt, lostBefore, txInFlight, markedBefore of a record. */
  private values = new Float64Array(FIRST_RECORDS * VALUES);

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
    const at = this.end % this.size;
    this.sequences[at] = sequence;
    this.counts[at] = datagrams;
    this.acked[at] = 0;
    this.lost[at] = 0;
    this.appLimited[at] = isAppLimited ? 1 : 0;
    this.masks.fill(0, at * 2 * MASK_WORDS, (at + 1) * 2 * MASK_WORDS);
    return this.end++;
  }

  set(record: number, value: SentValue, to: number): void {
    this.values[(record % this.size) * VALUES + value] = to;
  }

  get(record: number, value: SentValue): number {
    return this.values[(record % this.size) * VALUES + value];
  }

  sequence(record: number): number {
    return this.sequences[record % this.size];
  }

  datagrams(record: number): number {
    return this.counts[record % this.size];
  }

  isAppLimited(record: number): boolean {
    return this.appLimited[record % this.size] === 1;
  }

  /** Datagrams that are neither acknowledged nor lost. */
  outstanding(record: number): number {
    const at = record % this.size;
    return this.counts[at] - this.acked[at] - this.lost[at];
  }

  /** All its datagrams are acknowledged. */
  isWhole(record: number): boolean {
    const at = record % this.size;
    return this.acked[at] === this.counts[at];
  }

  isAcked(record: number, datagram: number): boolean {
    return (this.masks[this.word(record, datagram)] & (1 << (datagram & 31))) !== 0;
  }

  isLost(record: number, datagram: number): boolean {
    return (this.masks[this.word(record, datagram) + MASK_WORDS] & (1 << (datagram & 31))) !== 0;
  }

  /** Nothing of it is acknowledged or lost. */
  isUntouched(record: number): boolean {
    const at = record % this.size;
    return this.acked[at] === 0 && this.lost[at] === 0;
  }

  /** All of an untouched one at once. */
  markWhole(record: number): void {
    const count = this.counts[record % this.size];
    const word = this.word(record, 0);
    for (let first = 0; first < count; first += 32)
      this.masks[word + (first >>> 5)] = count - first >= 32 ? -1 : (1 << (count - first)) - 1;
    this.acked[record % this.size] = count;
  }

  /** Of a datagram that is not acknowledged yet; one that was taken for lost no longer is. */
  markAcked(record: number, datagram: number): void {
    const at = record % this.size;
    const bit = 1 << (datagram & 31);
    const word = this.word(record, datagram);
    if ((this.masks[word + MASK_WORDS] & bit) !== 0) {
      this.masks[word + MASK_WORDS] &= ~bit;
      this.lost[at]--;
    }
    this.masks[word] |= bit;
    this.acked[at]++;
  }

  /** Of an outstanding datagram. */
  markLost(record: number, datagram: number): void {
    this.masks[this.word(record, datagram) + MASK_WORDS] |= 1 << (datagram & 31);
    this.lost[record % this.size]++;
  }

  /** The first record that has a datagram from `sequence` on; `end`: none. */
  find(sequence: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const at = middle % this.size;
      if (this.sequences[at] + this.counts[at] <= sequence) low = middle + 1;
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

  private word(record: number, datagram: number): number {
    return (record % this.size) * 2 * MASK_WORDS + (datagram >>> 5);
  }

  private grow(): void {
    const before = this.size;
    const size = 2 * before;
    const { sequences, counts, acked, lost, appLimited, masks, values } = this;
    this.size = size;
    this.sequences = new Float64Array(size);
    this.counts = new Uint16Array(size);
    this.acked = new Uint16Array(size);
    this.lost = new Uint16Array(size);
    this.appLimited = new Uint8Array(size);
    this.masks = new Uint32Array(size * 2 * MASK_WORDS);
    this.values = new Float64Array(size * VALUES);
    for (let record = this.first; record < this.end; record++) {
      const from = record % before;
      const to = record % size;
      this.sequences[to] = sequences[from];
      this.counts[to] = counts[from];
      this.acked[to] = acked[from];
      this.lost[to] = lost[from];
      this.appLimited[to] = appLimited[from];
      this.masks.set(masks.subarray(from * 2 * MASK_WORDS, (from + 1) * 2 * MASK_WORDS), to * 2 * MASK_WORDS);
      this.values.set(values.subarray(from * VALUES, (from + 1) * VALUES), to * VALUES);
    }
  }
}

/** Places among the values of a record, [P.*] of the draft. */
export const SENT_AT = 0;
export const BYTES = 1;
export const DELIVERED = 2;
export const DELIVERED_AT = 3;
export const FIRST_SENT_AT = 4;
export const LOST_BEFORE = 5;
export const TX_IN_FLIGHT = 6;
export const MARKED_BEFORE = 7;
const VALUES = 8;
export type SentValue =
  | typeof SENT_AT
  | typeof BYTES
  | typeof DELIVERED
  | typeof DELIVERED_AT
  | typeof FIRST_SENT_AT
  | typeof LOST_BEFORE
  | typeof TX_IN_FLIGHT
  | typeof MARKED_BEFORE;
