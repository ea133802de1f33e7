// Hashing under a secret per process: remotes choose some of what lands in these tables, and must not be able to
// choose where (HashDoS).

/** Four random words, as odd multipliers and offsets. */
export class HashKey {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;

  /** `words`: at least four random 32-bit numbers. */
  constructor(words: ArrayLike<number>) {
    this.a = words[0] | 1;
    this.b = words[1] | 0;
    this.c = words[2] | 1;
    this.d = words[3] | 0;
  }
}

/** A 32-bit signed hash of four words. */
export function hashWords(key: HashKey, w0: number, w1: number, w2: number, w3: number): number {
  let h = Math.imul(w0 ^ key.b, key.a);
  h ^= h >>> 15;
  h = Math.imul((h + w1) ^ key.d, key.c);
  h ^= h >>> 13;
  h = Math.imul((h ^ w2) + key.b, key.a);
  h ^= h >>> 16;
  h = Math.imul((h + w3) ^ key.d, key.c);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
