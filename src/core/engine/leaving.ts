import { ROW_WORDS, SLAB_SLOTS } from '../base/batch-layout.generated.ts';

const FIRST_ROWS = 16;

/** Rows of held packets that are decided upon and wait for PacketPort.sendHeld, in order. At most SLAB_SLOTS. */
export class LeavingRows {
  /** Whole rows; the first `count` are in use. */
  rows: Uint32Array = new Uint32Array(FIRST_ROWS * ROW_WORDS);
  count = 0;
  /** Some have counters: nothing may be sealed for their remotes before they left. */
  isSealed = false;

  get room(): number {
    return SLAB_SLOTS - this.count;
  }

  /** Takes a copy of the row at `from`; gives where it stands in `rows`. There must be room. */
  add(rows: Uint32Array, from: number): number {
    const at = this.count * ROW_WORDS;
    if (at === this.rows.length) {
      const grown = new Uint32Array(2 * at);
      grown.set(this.rows);
      this.rows = grown;
    }
    for (let word = 0; word < ROW_WORDS; word++) this.rows[at + word] = rows[from + word];
    this.count++;
    return at;
  }

  /** Moves all to the beginning of `into` (PacketPort.heldRows); returns how many. */
  take(into: Uint32Array): number {
    const { count } = this;
    if (count > 0) into.set(this.rows.subarray(0, count * ROW_WORDS));
    this.count = 0;
    this.isSealed = false;
    return count;
  }
}
