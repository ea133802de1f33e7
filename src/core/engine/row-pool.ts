import { NONE } from '../addressing/types.ts';
import { ROW_WORDS } from '../base/batch-layout.generated.ts';

const FIRST_ROWS = 16;

/**
 * Copies of rows whose slots are held while they wait for their turn, or may have to be sent again. A handle stands for the row until
 * its last use ends.
 */
export class RowPool {
  /** Whole rows, at handle * ROW_WORDS. */
  rows: Uint32Array = new Uint32Array(FIRST_ROWS * ROW_WORDS);
  /** Rows in use. */
  count = 0;
  private uses = new Uint16Array(FIRST_ROWS);
  private readonly free: number[] = [];
  private fresh = 0;
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  /** A copy of the row at `from`, with one use; NONE: no room. */
  add(rows: Uint32Array, from: number): number {
    if (this.count >= this.max) return NONE;
    const handle = this.free.pop() ?? this.fresh++;
    if (handle >= this.uses.length) this.grow();
    const at = handle * ROW_WORDS;
    for (let word = 0; word < ROW_WORDS; word++) this.rows[at + word] = rows[from + word];
    this.uses[handle] = 1;
    this.count++;
    return handle;
  }

  use(handle: number): void {
    this.uses[handle]++;
  }

  isUsedOnce(handle: number): boolean {
    return this.uses[handle] === 1;
  }

  /** One use less. True: it was the last, and the slot is to be let go; the row can be read until the next add(). */
  release(handle: number): boolean {
    if (--this.uses[handle] > 0) return false;
    this.free.push(handle);
    this.count--;
    return true;
  }

  private grow(): void {
    const rows = new Uint32Array(2 * this.rows.length);
    rows.set(this.rows);
    this.rows = rows;
    const uses = new Uint16Array(2 * this.uses.length);
    uses.set(this.uses);
    this.uses = uses;
  }
}
