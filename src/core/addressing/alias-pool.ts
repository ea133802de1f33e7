import { toHex } from '../base/bytes.ts';
import { DAY_MS } from '../base/time.ts';
import type { AliasOutcome, AliasRecord } from './types.ts';
import { RESOLVER_HOST } from './virtual.ts';

/** An alias is not given to another endpoint within this time of its last use. */
export const ALIAS_KEPT_MS = DAY_MS;
/** Uses are written down at most this often. */
const SAVE_USE_EVERY_MS = DAY_MS / 24;
/** Host parts 1 .. 65,534 of a /16. */
const POOL_SIZE = 65534;
/** The place of the resolver, which is nobody's alias. */
const RESERVED_PLACE = RESOLVER_HOST - 1;

interface Entry {
  readonly address: Uint8Array;
  readonly place: number;
  lastUsedMs: number;
  savedMs: number;
  /** Given away to nobody. */
  isHeld: boolean;
}

/**
 * IPv4 aliases of endpoints, out of one /16. An endpoint gets the place that its address (a hash) points at, else the
 * next free one, and keeps it; a place that was not used for 24 h may be given away when none is free. Bounded by
 * its places. Times are Unix ms, since they outlive the process.
 */
export class AliasPool {
  /** First address of the /16, as a 32-bit number. */
  readonly prefix: number;
  private readonly size: number;
  private readonly byAddress = new Map<string, Entry>();
  private readonly byPlace = new Map<number, Entry>();

  /** `records` of another prefix, malformed or contradictory ones are left out. `size`: places, fewer only in tests. */
  constructor(prefix: number, records: readonly AliasRecord[] = [], size = POOL_SIZE) {
    if (prefix % 0x10000 !== 0) throw new RangeError(`not a /16: ${prefix}`);
    if (size < 1 || size > POOL_SIZE) throw new RangeError(`a /16 has no ${size} places`);
    this.prefix = prefix;
    this.size = size;
    for (const record of records) this.restore(record);
  }

  get assigned(): number {
    return this.byAddress.size;
  }

  /** The alias of a virtual IPv6 address, assigned if it has none; counts as a use of it. */
  assign(address: Uint8Array, nowMs: number): AliasOutcome {
    const known = this.byAddress.get(toHex(address));
    if (known !== undefined) return this.used(known, nowMs);
    const wanted = this.wantedPlace(address);
    const free = this.freePlace(wanted);
    const place = free ?? this.longestUnused(nowMs);
    if (place === undefined) return { ok: false, reason: 'poolFull' };
    const evicted = this.byPlace.get(place);
    if (evicted !== undefined) this.byAddress.delete(toHex(evicted.address));
    const entry = { address: address.slice(), place, lastUsedMs: nowMs, savedMs: nowMs, isHeld: false };
    this.enter(entry);
    const record = this.recordOf(entry);
    return { ok: true, alias: record.alias, record, evicted: evicted?.address };
  }

  /** A use of an alias that is assigned; the record to be persisted, when it is time. */
  touch(address: Uint8Array, nowMs: number): AliasRecord | undefined {
    const entry = this.byAddress.get(toHex(address));
    if (entry === undefined) return undefined;
    const outcome = this.used(entry, nowMs);
    return outcome.ok ? outcome.record : undefined;
  }

  /** The alias of an address of this host's own stays with it, used or not; passed over when it has none. */
  hold(address: Uint8Array): void {
    const entry = this.byAddress.get(toHex(address));
    if (entry !== undefined) entry.isHeld = true;
  }

  /** From now on it is an alias like any other. */
  letGo(address: Uint8Array, nowMs: number): void {
    const entry = this.byAddress.get(toHex(address));
    if (entry === undefined) return;
    entry.isHeld = false;
    entry.lastUsedMs = Math.max(entry.lastUsedMs, nowMs);
  }

  /** Takes the alias of an address back, unless it was used after `usedMs`; false: it stays, or there is none. */
  release(address: Uint8Array, usedMs: number): boolean {
    const key = toHex(address);
    const entry = this.byAddress.get(key);
    if (entry === undefined || entry.lastUsedMs > usedMs) return false;
    this.byAddress.delete(key);
    this.byPlace.delete(entry.place);
    return true;
  }

  /** The alias of an address, 0: none. No use. */
  aliasOf(address: Uint8Array): number {
    const entry = this.byAddress.get(toHex(address));
    return entry === undefined ? 0 : this.aliasAt(entry.place);
  }

  /** The virtual address of an alias; undefined: it is nobody's. */
  addressOf(alias: number): Uint8Array | undefined {
    return this.byPlace.get(alias - this.prefix - 1)?.address;
  }

  records(): AliasRecord[] {
    return [...this.byAddress.values()].map((entry) => this.recordOf(entry));
  }

  private used(entry: Entry, nowMs: number): AliasOutcome {
    entry.lastUsedMs = Math.max(entry.lastUsedMs, nowMs);
    let record: AliasRecord | undefined;
    if (entry.lastUsedMs - entry.savedMs >= SAVE_USE_EVERY_MS) {
      entry.savedMs = entry.lastUsedMs;
      record = this.recordOf(entry);
    }
    return { ok: true, alias: this.aliasAt(entry.place), record, evicted: undefined };
  }

  private restore(record: AliasRecord): void {
    const place = record.alias - this.prefix - 1;
    if (record.address.length !== 16 || !Number.isInteger(place) || place < 0 || place >= this.size) return;
    if (place === RESERVED_PLACE) return;
    if (this.byPlace.has(place) || this.byAddress.has(toHex(record.address))) return;
    const { lastUsedMs } = record;
    this.enter({ address: record.address.slice(), place, lastUsedMs, savedMs: lastUsedMs, isHeld: false });
  }

  private enter(entry: Entry): void {
    this.byAddress.set(toHex(entry.address), entry);
    this.byPlace.set(entry.place, entry);
  }

  private wantedPlace(address: Uint8Array): number {
    let hash = 0;
    for (let i = 8; i < 16; i++) hash = (hash * 256 + address[i]) % this.size;
    return hash;
  }

  private freePlace(wanted: number): number | undefined {
    const usable = this.size > RESERVED_PLACE ? this.size - 1 : this.size;
    if (this.byAddress.size >= usable) return undefined;
    for (let i = 0; i < this.size; i++) {
      const place = (wanted + i) % this.size;
      if (place !== RESERVED_PLACE && !this.byPlace.has(place)) return place;
    }
    return undefined;
  }

  private longestUnused(nowMs: number): number | undefined {
    let oldest: Entry | undefined;
    for (const entry of this.byAddress.values()) {
      if (entry.isHeld) continue;
      if (oldest === undefined || entry.lastUsedMs < oldest.lastUsedMs) oldest = entry;
    }
    return oldest !== undefined && nowMs - oldest.lastUsedMs >= ALIAS_KEPT_MS ? oldest.place : undefined;
  }

  private aliasAt(place: number): number {
    return this.prefix + 1 + place;
  }

  private recordOf(entry: Entry): AliasRecord {
    return { address: entry.address, alias: this.aliasAt(entry.place), lastUsedMs: entry.lastUsedMs };
  }
}
