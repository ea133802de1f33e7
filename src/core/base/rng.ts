// Where chance comes from: the host hands in the kernel's, tests and simulator a seeded one.

export interface Rng {
  /** `length` unpredictable bytes in a new array. */
  bytes(length: number): Uint8Array;
  /** 0 .. 2^32 - 1, evenly. */
  u32(): number;
}

/** 0 .. bound - 1, evenly (by rejection); `bound` is 1 .. 2^32. */
export function uniform(rng: Rng, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 0x1_0000_0000)
    throw new RangeError(`no range: ${bound}`);
  const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
  for (;;) {
    const drawn = rng.u32();
    if (drawn < limit) return drawn % bound;
  }
}

/** 0 <= x < 1 in steps of 2^-32. */
export function fraction(rng: Rng): number {
  return rng.u32() / 0x1_0000_0000;
}

/** In place, every order as likely (Fisher and Yates). */
export function shuffle<T>(rng: Rng, list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const other = uniform(rng, i + 1);
    [list[i], list[other]] = [list[other], list[i]];
  }
  return list;
}

/**
 * A reproducible Rng: xoshiro128** (Blackman and Vigna), seeded through splitmix32. Predictable, so never for keys
 * that protect anything.
 */
export function seededRng(seed: number | string): Rng {
  const state = new Uint32Array(4);
  let mix = typeof seed === 'number' ? seed >>> 0 : hashText(seed);
  for (let i = 0; i < 4; i++) {
    mix = (mix + 0x9e3779b9) >>> 0;
    let word = mix;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    state[i] = word ^ (word >>> 15);
  }
  const u32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotateLeft(state[3], 11);
    return result;
  };
  const bytes = (length: number): Uint8Array => {
    const drawn = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = u32();
      for (let j = 0; j < 4 && i + j < length; j++) drawn[i + j] = word >>> (8 * j);
    }
    return drawn;
  };
  return { bytes, u32 };
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
