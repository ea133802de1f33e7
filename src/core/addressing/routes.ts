import { grown } from './columns.ts';
import { type HashKey, hashWords } from './hash.ts';
import { NONE } from './types.ts';

const FIRST_CAPACITY = 64;

/**
 * Address (four words, IPv4 as ::ffff:a.b.c.d) -> remote slot and endpoint selector, or service. Open addressing with linear probing, at most
 * half full, deletion by shifting back, so that a miss costs as little as a hit. Bounded by `max` entries. Written by
 * Tables alone, read by the engine for every outbound packet.
 */
export class RouteTable {
  readonly max: number;
  size = 0;
  /** Remote slot, or SERVICE_BASE + service slot, by place; NONE: free. */
  remote: Int32Array = new Int32Array(FIRST_CAPACITY).fill(NONE);
  /** Endpoint selector by place. */
  selector: Uint16Array = new Uint16Array(FIRST_CAPACITY);
  private words = new Uint32Array(4 * FIRST_CAPACITY);
  private mask = FIRST_CAPACITY - 1;
  private readonly key: HashKey;

  constructor(key: HashKey, max: number) {
    this.key = key;
    this.max = max;
  }

  /** Place of the address whose words stand at `at`, or NONE. */
  find(words: Uint32Array, at: number): number {
    return this.findWords(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  findWords(w0: number, w1: number, w2: number, w3: number): number {
    const table = this.words;
    for (let place = hashWords(this.key, w0, w1, w2, w3) & this.mask; ; place = (place + 1) & this.mask) {
      if (this.remote[place] < 0) return NONE;
      const at = 4 * place;
      if (table[at + 3] === w3 && table[at + 2] === w2 && table[at + 1] === w1 && table[at] === w0)
        return place;
    }
  }

  /** False: the table is full. Replaces what the address led to before. */
  set(words: Uint32Array, at: number, remote: number, selector: number): boolean {
    const known = this.find(words, at);
    if (known !== NONE) {
      this.remote[known] = remote;
      this.selector[known] = selector;
      return true;
    }
    if (this.size >= this.max) return false;
    if (2 * (this.size + 1) > this.mask + 1) this.grow();
    this.insert(words, at, remote, selector);
    this.size++;
    return true;
  }

  delete(words: Uint32Array, at: number): boolean {
    const found = this.find(words, at);
    if (found === NONE) return false;
    let hole = found;
    for (let place = (hole + 1) & this.mask; this.remote[place] >= 0; place = (place + 1) & this.mask) {
      const home = this.home(this.words, 4 * place);
      if (((place - home) & this.mask) < ((place - hole) & this.mask)) continue;
      this.words.copyWithin(4 * hole, 4 * place, 4 * place + 4);
      this.remote[hole] = this.remote[place];
      this.selector[hole] = this.selector[place];
      hole = place;
    }
    this.remote[hole] = NONE;
    this.size--;
    return true;
  }

  private home(words: Uint32Array, at: number): number {
    return hashWords(this.key, words[at], words[at + 1], words[at + 2], words[at + 3]) & this.mask;
  }

  private insert(words: Uint32Array, at: number, remote: number, selector: number): void {
    let place = this.home(words, at);
    while (this.remote[place] >= 0) place = (place + 1) & this.mask;
    for (let i = 0; i < 4; i++) this.words[4 * place + i] = words[at + i];
    this.remote[place] = remote;
    this.selector[place] = selector;
  }

  private grow(): void {
    const { words, remote, selector } = this;
    const capacity = 2 * remote.length;
    this.mask = capacity - 1;
    this.words = new Uint32Array(4 * capacity);
    this.remote = grown(new Int32Array(0), capacity, NONE);
    this.selector = new Uint16Array(capacity);
    for (let place = 0; place < remote.length; place++) {
      if (remote[place] >= 0) this.insert(words, 4 * place, remote[place], selector[place]);
    }
  }
}
