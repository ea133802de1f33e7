// Proof of work: what a guest spends so that admitting guests by the thousand costs more than it is worth.
//
// The work is cut into PUZZLES small puzzles, so that its time varies little (by 18 %, a single one's by 100 %) and its progress
// can be shown. Each is to find a nonce for which SHA-256(seed || puzzle || nonce), 40 bytes and so one block, begins with enough
// zero bits. The seed binds network, node, signer, hour and difficulty: a solution is of use once, for one node, at one signer.
import { concat, readU32BE } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Crypto, NetworkId, NodeId } from './types.ts';

/** Puzzles of one proof. */
export const PUZZLES = 32;
/** Bits of work that cutting it up takes off each puzzle: log2(PUZZLES). */
const PUZZLES_BITS = 5;
/** Bytes of a solution: a nonce of four bytes for each puzzle. */
export const SOLUTION_BYTES = 4 * PUZZLES;
/** A proof takes 2^difficulty hashes on average. Up to here a puzzle's nonces run out with a chance of e^-128. */
export const DIFFICULTY_MAX = 30;
export const DIFFICULTY_MIN = 8;
/** 33 million hashes: 5 to 20 s on one core of the machines of today, which hash 2 to 6 million times a second in Solver. */
export const DIFFICULTY_DEFAULT = 25;

const HOUR_S = 3600;
const PURPOSE = encodeUtf8('mcc guest proof of work\0');

/** What a proof is for. */
export interface Work {
  readonly networkId: NetworkId;
  /** Who is to be admitted. */
  readonly nodeId: NodeId;
  /** The Level-0 key that shall admit it, 32 bytes. */
  readonly signer: Uint8Array;
  /** Hours of Unix time, by the signer's clock. */
  readonly hour: number;
  /** DIFFICULTY_MIN .. DIFFICULTY_MAX */
  readonly difficulty: number;
}

export function hourOf(nowS: number): number {
  return Math.floor(nowS / HOUR_S);
}

/** Whether a proof of that hour is taken now: in the hour itself and the next. */
export function isHourInForce(hour: number, nowS: number): boolean {
  const current = hourOf(nowS);
  return hour === current || hour === current - 1;
}

/** 32 bytes. RangeError for a difficulty or an hour that cannot be. */
export function workSeed(crypto: Crypto, work: Work): Uint8Array {
  const { hour, difficulty } = work;
  if (!Number.isInteger(difficulty) || difficulty < DIFFICULTY_MIN || difficulty > DIFFICULTY_MAX)
    throw new RangeError(`difficulty ${difficulty}`);
  if (!Number.isInteger(hour) || hour < 0 || hour > 0xffffffff) throw new RangeError(`hour ${hour}`);
  const numbers = Uint8Array.of(difficulty, hour >>> 24, hour >>> 16, hour >>> 8, hour);
  return crypto.sha256(concat(PURPOSE, work.networkId, work.nodeId, work.signer, numbers));
}

/**
 * Whether the solution is one of exactly this work. A forged one costs two hashes nearly always, a right one PUZZLES + 1: some
 * 50 us. Whether hour and difficulty are welcome is the caller's to judge, before. `first`: the puzzle that is looked at first; who
 * forges with most of the work done cannot know which.
 */
export function checkWork(crypto: Crypto, work: Work, solution: Uint8Array, first = 0): boolean {
  if (solution.length !== SOLUTION_BYTES) return false;
  const shift = 32 - (work.difficulty - PUZZLES_BITS);
  const input = new Uint8Array(40);
  input.set(workSeed(crypto, work));
  for (let i = 0; i < PUZZLES; i++) {
    const puzzle = (first + i) % PUZZLES;
    input[35] = puzzle;
    input.set(solution.subarray(4 * puzzle, 4 * puzzle + 4), 36);
    if (readU32BE(crypto.sha256(input), 0) >>> shift !== 0) return false;
  }
  return true;
}

/** Works at the puzzles bit by bit: whoever calls says how long, and may stop at any time. */
export class Solver {
  /** Puzzles that are solved, 0 .. PUZZLES. */
  solved = 0;
  /** Hashes so far. */
  hashes = 0;
  readonly solution = new Uint8Array(SOLUTION_BYTES);
  private readonly seed: Uint8Array;
  private readonly shift: number;
  /** The next nonce to try. */
  private nonce = 0;

  constructor(crypto: Crypto, work: Work) {
    this.seed = workSeed(crypto, work);
    this.shift = 32 - (work.difficulty - PUZZLES_BITS);
  }

  /** At most so many hashes more. True: all is done, `solution` is one. */
  run(hashes: number): boolean {
    let left = hashes;
    while (left > 0 && this.solved < PUZZLES) {
      const tries = Math.min(left, 0x100000000 - this.nonce);
      const found = search(this.seed, this.solved, this.nonce, tries, this.shift);
      const spent = found < 0 ? tries : found - this.nonce + 1;
      left -= spent;
      this.hashes += spent;
      this.nonce += spent;
      if (found >= 0) this.take(found);
      else if (this.nonce >= 0x100000000) throw new RangeError('no nonce solves the puzzle');
    }
    return this.solved === PUZZLES;
  }

  private take(nonce: number): void {
    const bytes = [nonce >>> 24, nonce >>> 16, nonce >>> 8, nonce].map((byte) => byte & 255);
    this.solution.set(bytes, 4 * this.solved);
    this.solved++;
    this.nonce = 0;
  }
}

// FIPS 180-4 section 4.2.2 and 5.3.3.
// biome-ignore format: a table
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);
// biome-ignore format: a table
const H = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);
/** Words of the block that do not change from nonce to nonce: those before the nonce's. */
const NONCE_WORD = 9;

/**
 * The first nonce of `from` .. `from + tries - 1` whose hash begins with 32 - shift zero bits; -1: none. The block is hashed in place, from
 * the nonce's word on: three times as fast as a library's SHA-256 of 40 bytes, which counts where guests pay and forgers have better tools.
 */
function search(seed: Uint8Array, puzzle: number, from: number, tries: number, shift: number): number {
  const w = new Int32Array(64);
  for (let i = 0; i < 8; i++) w[i] = readU32BE(seed, 4 * i);
  w[8] = puzzle;
  w[10] = 0x80000000;
  w[15] = 320;
  const start = new Int32Array(8);
  start.set(H);
  rounds(w, start, 0, NONCE_WORD);
  const state = new Int32Array(8);
  for (let i = 0; i < tries; i++) {
    const nonce = from + i;
    w[NONCE_WORD] = nonce;
    extend(w);
    for (let j = 0; j < 8; j++) state[j] = start[j];
    rounds(w, state, NONCE_WORD, 64);
    if ((state[0] + H[0]) >>> shift === 0) return nonce;
  }
  return -1;
}

/** FIPS 180-4 section 6.2.2, step 1. */
function extend(w: Int32Array): void {
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (small1 + w[t - 7] + small0 + w[t - 16]) | 0;
  }
}

/** FIPS 180-4 section 6.2.2, step 3, for t from `begin` to `end` - 1. */
function rounds(w: Int32Array, state: Int32Array, begin: number, end: number): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = begin; t < end; t++) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + big1 + (g ^ (e & (f ^ g))) + K[t] + w[t]) | 0;
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (big0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
  state[5] = f;
  state[6] = g;
  state[7] = h;
}
