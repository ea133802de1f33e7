// Places in the space of keys, as their first 64 bits: enough to tell nodes and keys apart, and compared without arrays.
import { readU32BE } from '../base/bytes.ts';

/** The first 64 of the 256 bits of a key or of a node's place. */
export interface Place {
  readonly hi: number;
  readonly lo: number;
}

export function placeOf(key: Uint8Array): Place {
  return { hi: readU32BE(key, 0), lo: readU32BE(key, 4) };
}

/** Leading bits that both share, 0 .. 64. */
export function commonPrefix(a: Place, b: Place): number {
  const hi = (a.hi ^ b.hi) >>> 0;
  return hi !== 0 ? Math.clz32(hi) : 32 + Math.clz32((a.lo ^ b.lo) >>> 0);
}

/** Bit 0 .. 63, the highest first. */
export function bitOf({ hi, lo }: Place, index: number): number {
  return index < 32 ? (hi >>> (31 - index)) & 1 : (lo >>> (63 - index)) & 1;
}

/** Negative when `a` is closer to `key` by XOR than `b`. */
export function compareDistance(key: Place, a: Place, b: Place): number {
  const byHigh = ((a.hi ^ key.hi) >>> 0) - ((b.hi ^ key.hi) >>> 0);
  return byHigh !== 0 ? byHigh : ((a.lo ^ key.lo) >>> 0) - ((b.lo ^ key.lo) >>> 0);
}

/** XOR distance as a fraction of the whole space, 0 .. 1. */
export function distance(a: Place, b: Place): number {
  return ((a.hi ^ b.hi) >>> 0) / 2 ** 32 + ((a.lo ^ b.lo) >>> 0) / 2 ** 64;
}

/** A mixing function of 32 bits over an ID (MurmurHash3, x86, 32 bits): the order in which records are drawn. */
export function mix(seed: number, id: Uint8Array): number {
  let hash = seed | 0;
  for (let at = 0; at + 4 <= id.length; at += 4) {
    let word = Math.imul(readU32BE(id, at), 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= id.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
