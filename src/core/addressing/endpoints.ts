import { grown } from './columns.ts';
import { type HashKey, hashWords } from './hash.ts';
import { NONE } from './types.ts';

const FIRST_CAPACITY = 64;
const FREE = 0xffffffff;

/**
 * (Remote slot, endpoint selector) -> the addresses by which this host knows that endpoint. Open addressing as in RouteTable.
 * Bounded by `max` endpoints. Written by Tables alone, read by the engine for every inbound packet.
 */
export class EndpointTable {
  readonly max: number;
  size = 0;
  /** Four words of the virtual IPv6 address by place. */
  address6: Uint32Array = new Uint32Array(4 * FIRST_CAPACITY);
  /** IPv4 alias by place, 0: none. */
  alias: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  /** remote << 16 | selector by place. REMOTE_SLOTS leaves 0xffff_ffff free to mean free. */
  private keys = new Uint32Array(FIRST_CAPACITY).fill(FREE);
  private mask = FIRST_CAPACITY - 1;
  private readonly hash: HashKey;

  constructor(hash: HashKey, max: number) {
    this.hash = hash;
    this.max = max;
  }

  /** Place of the endpoint, or NONE. */
  find(remote: number, selector: number): number {
    const key = ((remote << 16) | selector) >>> 0;
    for (let place = this.home(key); ; place = (place + 1) & this.mask) {
      if (this.keys[place] === key) return place;
      if (this.keys[place] === FREE) return NONE;
    }
  }

  /** Place of the endpoint, made if it is new; NONE: the table is full. */
  add(remote: number, selector: number): number {
    const known = this.find(remote, selector);
    if (known !== NONE) return known;
    if (this.size >= this.max) return NONE;
    if (2 * (this.size + 1) > this.mask + 1) this.grow();
    this.size++;
    return this.insert(((remote << 16) | selector) >>> 0);
  }

  delete(remote: number, selector: number): boolean {
    const found = this.find(remote, selector);
    if (found === NONE) return false;
    let hole = found;
    for (let place = (hole + 1) & this.mask; this.keys[place] !== FREE; place = (place + 1) & this.mask) {
      const home = this.home(this.keys[place]);
      if (((place - home) & this.mask) < ((place - hole) & this.mask)) continue;
      this.keys[hole] = this.keys[place];
      this.alias[hole] = this.alias[place];
      this.address6.copyWithin(4 * hole, 4 * place, 4 * place + 4);
      hole = place;
    }
    this.keys[hole] = FREE;
    this.size--;
    return true;
  }

  /** Selectors of a remote, by a walk of the whole table: not for the packet's way. */
  selectorsOf(remote: number): number[] {
    const found: number[] = [];
    for (const key of this.keys) if (key !== FREE && key >>> 16 === remote) found.push(key & 0xffff);
    return found;
  }

  private home(key: number): number {
    return hashWords(this.hash, key, 0, 0, 0) & this.mask;
  }

  private insert(key: number): number {
    let place = this.home(key);
    while (this.keys[place] !== FREE) place = (place + 1) & this.mask;
    this.keys[place] = key;
    this.alias[place] = 0;
    this.address6.fill(0, 4 * place, 4 * place + 4);
    return place;
  }

  private grow(): void {
    const { keys, alias, address6 } = this;
    const capacity = 2 * keys.length;
    this.mask = capacity - 1;
    this.keys = grown(new Uint32Array(0), capacity, FREE);
    this.alias = new Uint32Array(capacity);
    this.address6 = new Uint32Array(4 * capacity);
    for (let old = 0; old < keys.length; old++) {
      if (keys[old] === FREE) continue;
      const place = this.insert(keys[old]);
      this.alias[place] = alias[old];
      this.address6.set(address6.subarray(4 * old, 4 * old + 4), 4 * place);
    }
  }
}
