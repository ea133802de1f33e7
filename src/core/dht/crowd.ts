// Counts the distinct publishers that come to a full key, in 256 bytes (linear counting, Whang et al. 1990).
import { SPREAD_MAX } from '../wire/limits.ts';
import { SHARD_LOAD, SPREADS } from './limits.ts';
import { mix } from './place.ts';

const BITS = 2048;
const SEED = 0x6d636364;

export class Crowd {
  private readonly bits = new Uint32Array(BITS / 32);
  private zeros = BITS;

  add(publisher: Uint8Array): void {
    const at = mix(SEED, publisher) % BITS;
    const mask = 1 << (at & 31);
    if ((this.bits[at >> 5] & mask) !== 0) return;
    this.bits[at >> 5] |= mask;
    this.zeros--;
  }

  /** Good to a few percent up to ten thousand; what is more looks like fifteen thousand. */
  get size(): number {
    return Math.round(BITS * Math.log(BITS / Math.max(1, this.zeros)));
  }
}

/**
 * Of few spreads the smallest at which a shard has SHARD_LOAD records on average. Few, since whoever publishes again at another
 * spread may leave a second copy behind until that expires.
 */
export function spreadFor(records: number): number {
  const spread = SPREADS.find((some) => records <= SHARD_LOAD * 2 ** some);
  return spread ?? SPREAD_MAX;
}
