import { type HashKey, hashWords } from '../addressing/addressing.ts';
import { NONE } from '../addressing/types.ts';
import { SECOND_MS } from '../base/time.ts';

/** How long later fragments may follow an admitted first one: the kernel's own reassembly time (ipfrag_time). */
export const FRAGMENTS_FOLLOW_MS = 30 * SECOND_MS;

const WAYS = 8;
const SETS_PER_REMOTE = 4;

/**
 * Virtual reassembly (RFC 4963's caution, RFC 1858's cure): which inner packets had their first fragment admitted, so that
 * the later ones, which carry no ports, may follow. Sets of eight places as in FlowCache; one remote reaches four sets, so it
 * holds at most 32 packets and cannot push out everybody else's. Bound: `places`. Written and read by the engine.
 *
 * A packet is four words: remote slot << 16 | its generation, IP identification, own selector << 16 | its selector, family.
 */
export class FragmentTable {
  private readonly key: HashKey;
  private readonly setMask: number;
  private readonly words: Uint32Array;
  /** What the first fragment left for the others. */
  private readonly values: Int32Array;
  /** ms */
  private readonly expiresMs: Float64Array;

  /** `places`: a power of two, at least 8. */
  constructor(key: HashKey, places: number) {
    if (places < WAYS || (places & (places - 1)) !== 0) throw new RangeError(`not a power of two: ${places}`);
    this.key = key;
    this.setMask = places / WAYS - 1;
    this.words = new Uint32Array(4 * places);
    this.values = new Int32Array(places);
    this.expiresMs = new Float64Array(places).fill(Number.NEGATIVE_INFINITY);
  }

  /** The first fragment of this packet was admitted. `value`: what valueOf says about the later ones. */
  admit(remote: number, id: number, selectors: number, family: number, now: number, value = 0): void {
    const first = this.firstPlace(remote, id);
    let place = first;
    for (let i = first; i < first + WAYS; i++) {
      if (this.isAt(i, remote, id, selectors, family)) {
        place = i;
        break;
      }
      if (this.expiresMs[i] < this.expiresMs[place]) place = i;
    }
    const at = 4 * place;
    this.words[at] = remote;
    this.words[at + 1] = id;
    this.words[at + 2] = selectors;
    this.words[at + 3] = family;
    this.values[place] = value;
    this.expiresMs[place] = now + FRAGMENTS_FOLLOW_MS;
  }

  /** Whether a later fragment follows an admitted first one. */
  follows(remote: number, id: number, selectors: number, family: number, now: number): boolean {
    return this.valueOf(remote, id, selectors, family, now) !== NONE;
  }

  /** The value with which the first fragment was admitted; NONE: none was. */
  valueOf(remote: number, id: number, selectors: number, family: number, now: number): number {
    const first = this.firstPlace(remote, id);
    for (let i = first; i < first + WAYS; i++) {
      if (this.isAt(i, remote, id, selectors, family)) return this.expiresMs[i] > now ? this.values[i] : NONE;
    }
    return NONE;
  }

  /** Packets that may be followed, by a walk of the whole table. */
  count(now: number): number {
    let alive = 0;
    for (const expires of this.expiresMs) if (expires > now) alive++;
    return alive;
  }

  private firstPlace(remote: number, id: number): number {
    return (hashWords(this.key, remote, id & (SETS_PER_REMOTE - 1), 0, 0) & this.setMask) * WAYS;
  }

  private isAt(place: number, remote: number, id: number, selectors: number, family: number): boolean {
    const at = 4 * place;
    return (
      this.words[at] === remote &&
      this.words[at + 1] === id &&
      this.words[at + 2] === selectors &&
      this.words[at + 3] === family
    );
  }
}
