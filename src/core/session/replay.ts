// Replay window and counter safety: the twin of native/replay.h and native/keys.h, for the simulator. Both are held to
// test/vectors/replay.json.
import { REJECT_AFTER_MESSAGES, REPLAY_WINDOW } from '../wire/limits.ts';

/** seen: this counter was accepted before. tooOld: left of the window. limit: no key may be used that often. */
export type CounterVerdict = 'fresh' | 'seen' | 'tooOld' | 'limit';

const WORDS = REPLAY_WINDOW / 32;
const FIRST_WORDS = 4;

/**
 * Which of the last REPLAY_WINDOW counters were seen: the window is the highest counter and the REPLAY_WINDOW - 1 before it.
 * `check` changes nothing; `mark` is for a counter that `check` calls fresh, once its datagram is authenticated. Its memory
 * grows with the counters: most sessions of a large simulation carry a few datagrams.
 */
export class ReplayWindow {
  /** One above the highest counter seen; 0: none seen. Exact below 2^53. */
  next = 0;
  /** From here on, each counter came right behind the one before it. */
  private run = 0;
  /** Bit `counter mod REPLAY_WINDOW` per counter in the window; what is behind its end is clear. */
  private bits = new Uint32Array(FIRST_WORDS);
  /** As `bits`, of counters whose datagram came by a repair; undefined until the first repair. */
  private repaired: Uint32Array | undefined;

  check(counter: number): CounterVerdict {
    if (counter >= REJECT_AFTER_MESSAGES) return 'limit';
    if (counter >= this.next) return 'fresh';
    if (this.next - counter > REPLAY_WINDOW) return 'tooOld';
    return (this.bits[wordOf(counter)] & bitOf(counter)) !== 0 ? 'seen' : 'fresh';
  }

  mark(counter: number): void {
    this.grow(Math.min(WORDS, Math.floor(counter / 32) + 1));
    if (counter >= this.next) {
      for (const bits of this.repaired === undefined ? [this.bits] : [this.bits, this.repaired]) {
        if (counter - this.next >= REPLAY_WINDOW) bits.fill(0);
        else forget(bits, this.next, counter);
      }
      if (counter !== this.next) this.run = counter;
      this.next = counter + 1;
    }
    this.bits[wordOf(counter)] |= bitOf(counter);
  }

  /**
   * The lowest counter of from .. to - 1, as far as the window reaches back, whose datagram came neither itself nor by a repair; `to`,
   * which is at most `next`, where there is none.
   */
  firstMissing(from: number, to: number): number {
    let at = Math.max(from, this.next - REPLAY_WINDOW);
    while (at < to) {
      const word = wordOf(at);
      const missing = ~((this.bits[word] ?? 0) | (this.repaired?.[word] ?? 0)) >>> (at % 32);
      if (missing !== 0) return Math.min(to, at + 31 - Math.clz32(missing & -missing));
      at += 32 - (at % 32);
    }
    return to;
  }

  /**
   * Writes first and last counter of the runs of counters seen, newest first, as far as the window reaches back, and the newest run as
   * far as nothing came out of its order; at most `most` pairs. Returns how many.
   */
  ranges(into: Float64Array, most: number): number {
    const oldest = Math.max(0, this.next - REPLAY_WINDOW);
    let count = 0;
    for (let above = this.next; count < most && above > oldest; count++) {
      const behindLast = this.below(above, oldest, true);
      if (behindLast === oldest) break;
      above = this.below(behindLast, oldest, false);
      into[2 * count] = above === oldest && count === 0 ? Math.min(oldest, this.run) : above;
      into[2 * count + 1] = behindLast - 1;
    }
    return count;
  }

  /** One above the highest counter of oldest .. above - 1 that was seen (or was not); `oldest` where there is none. */
  private below(above: number, oldest: number, seen: boolean): number {
    while (above > oldest) {
      const last = above - 1;
      // Memory may not have grown to there: nothing of it was seen.
      const word = this.bits[wordOf(last)] ?? 0;
      const bits = (seen ? word : ~word) & (0xffff_ffff >>> (31 - (last % 32)));
      const start = last - (last % 32);
      // The oldest word may hold newer counters as well, below the bits of those that are left.
      if (bits !== 0) return Math.max(start + 32 - Math.clz32(bits), oldest);
      above = start;
    }
    return oldest;
  }

  /** Whether what was sent first under this counter, which is in the window, came already by a repair. */
  isRepaired(counter: number): boolean {
    return this.repaired !== undefined && (this.repaired[wordOf(counter)] & bitOf(counter)) !== 0;
  }

  /**
   * A repair came of what was sent first under `original`, which is below `next`. fresh: the first that arrives of it, and marked as
   * that; seen: a duplicate; tooOld: nobody knows. `original` itself stays unseen.
   */
  repair(original: number): CounterVerdict {
    const verdict = this.check(original);
    if (verdict !== 'fresh') return verdict;
    if (this.isRepaired(original)) return 'seen';
    this.repaired ??= new Uint32Array(this.bits.length);
    this.repaired[wordOf(original)] |= bitOf(original);
    return 'fresh';
  }

  private grow(words: number): void {
    if (words <= this.bits.length) return;
    const length = Math.min(WORDS, Math.max(words, 4 * this.bits.length));
    this.bits = grown(this.bits, length);
    if (this.repaired !== undefined) this.repaired = grown(this.repaired, length);
  }
}

function grown(from: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(length);
  bits.set(from);
  return bits;
}

/** Clears the bits of counters `from` to `to`, which the window moves over. */
function forget(bits: Uint32Array, from: number, to: number): void {
  for (let counter = from; counter <= to; ) {
    if (counter % 32 === 0 && to - counter >= 31) {
      bits[wordOf(counter)] = 0;
      counter += 32;
    } else {
      bits[wordOf(counter)] &= ~bitOf(counter);
      counter++;
    }
  }
}

/** The send side: no counter of a key is used twice, and none at or above REJECT_AFTER_MESSAGES. */
export class SendCounters {
  /** Lowest counter that was never used. */
  next = 0;

  /** Takes `base` .. `base + count - 1` out of use. False, and nothing changes, when one of them was used or none may be. */
  reserve(base: number, count: number): boolean {
    if (base < this.next || base >= REJECT_AFTER_MESSAGES || count > REJECT_AFTER_MESSAGES - base)
      return false;
    this.next = base + count;
    return true;
  }
}

function wordOf(counter: number): number {
  return Math.floor(counter / 32) % WORDS;
}

function bitOf(counter: number): number {
  return 1 << (counter % 32);
}
