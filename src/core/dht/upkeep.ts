// Keeps the routing table good, seldom and within a budget: the own neighbourhood first, then buckets that nothing is heard of.
import { fraction } from '../base/rng.ts';
import { dhtPlace } from '../identity/identity.ts';
import type { Budget } from './budget.ts';
import type { Env } from './env.ts';
import {
  BUCKET_STALE_MS,
  CLIENT_ASKED,
  CLIENT_ASKED_AGAIN,
  CLIENT_CONTACTS,
  CLIENT_CONTACTS_LEAST,
  CLIENT_REFRESH_MAX_MS,
  CLIENT_REFRESH_MS,
  HANDSHAKE_BYTES,
  REFRESH_MS,
  WIDTH_NEAR,
} from './limits.ts';
import { Lookup, type LookupOwner } from './lookup.ts';
import type { Turn } from './requests.ts';

export const TIMER_REFRESH = 'refresh';
export const TIMER_BUCKETS = 'buckets';

/** ms; the first lookup of the own place follows the first contact within this. */
const FIRST_MS = 300;
/** ms between lookups of buckets, plus as much by chance. */
const BUCKETS_MS = 2000;
/** Buckets looked up after one look at the neighbourhood. */
const BUCKETS_PER_REFRESH = 16;

/** One lookup at a time. */
export class Upkeep implements LookupOwner {
  private readonly env: Env;
  private readonly budget: Budget;
  private lookup: Lookup | undefined;
  /** Place in REFRESH_MS. */
  private round = 0;
  /** Buckets that may still be looked up before the next look at the neighbourhood. */
  private bucketsLeft = 0;
  /** Of a client: ms until it looks for contacts again, and how many it had when it looked last. */
  private clientMs = CLIENT_REFRESH_MS;
  private contacts = 0;
  /** At first all buckets are visited: the next of them. */
  private nextBucket = 0;

  constructor(env: Env, budget: Budget) {
    this.env = env;
    this.budget = budget;
  }

  /** Somebody can be asked, or this node serves from now on: others are to know it soon. */
  hurry(now: number): void {
    this.round = 0;
    const at = now + fraction(this.env.rng) * FIRST_MS;
    this.env.timers.set(TIMER_REFRESH, Math.min(at, this.env.timers.get(TIMER_REFRESH) ?? at));
  }

  onRefreshTimer(turn: Turn): void {
    const { env } = this;
    const waitMs = this.nextWaitMs();
    env.timers.set(TIMER_REFRESH, turn.now + waitMs * (0.75 + fraction(env.rng) / 2));
    if (env.table.size === 0) return;
    const own = dhtPlace(env.crypto, env.networkId, env.self.nodeId, env.self.nonce);
    if (!env.isCore) {
      const isFirst = this.round === 1;
      const wanted = isFirst ? CLIENT_CONTACTS : CLIENT_CONTACTS_LEAST;
      if (env.table.size < wanted)
        this.look(own, CLIENT_CONTACTS, turn, isFirst ? CLIENT_ASKED : CLIENT_ASKED_AGAIN);
      return;
    }
    this.nextBucket = 0;
    this.bucketsLeft = BUCKETS_PER_REFRESH;
    this.look(own, env.limits.k, turn);
  }

  private nextWaitMs(): number {
    const { env } = this;
    this.round++;
    if (env.isCore || this.round === 1) return REFRESH_MS[Math.min(this.round, REFRESH_MS.length) - 1];
    const isInVain = env.table.size === this.contacts && this.round > 2;
    this.clientMs = isInVain ? Math.min(CLIENT_REFRESH_MAX_MS, 2 * this.clientMs) : CLIENT_REFRESH_MS;
    this.contacts = env.table.size;
    return this.clientMs;
  }

  onBucketsTimer(turn: Turn): void {
    const { env } = this;
    if (this.bucketsLeft-- <= 0 || !env.isCore) return;
    const index = this.round <= 1 ? this.nextPoor() : env.table.stalest(turn.now - BUCKET_STALE_MS);
    if (index !== undefined) this.look(this.keyInBucket(index), WIDTH_NEAR, turn);
  }

  /** A young node knows its neighbours; further away it is to know more. */
  private nextPoor(): number | undefined {
    const { table, limits } = this.env;
    while (this.nextBucket < table.depth) {
      const index = this.nextBucket++;
      if (table.countIn(index) < limits.k >> 1) return index;
    }
    return undefined;
  }

  onLookupAnswer(): void {}

  onLookupDone(_lookup: Lookup, turn: Turn): void {
    this.lookup = undefined;
    if (this.bucketsLeft <= 0) return;
    this.env.timers.set(TIMER_BUCKETS, turn.now + BUCKETS_MS * (1 + fraction(this.env.rng)));
  }

  private look(key: Uint8Array, width: number, turn: Turn, askedMax?: number): void {
    const known = Math.min(width, this.env.table.size);
    if (this.lookup !== undefined || !this.budget.take(known * HANDSHAKE_BYTES, turn.now)) return;
    this.lookup = new Lookup(this.env, this, { key, records: false, seed: 0, width, askedMax });
    this.lookup.start(turn);
  }

  /** A key that shares exactly `index` leading bits with the own place. */
  private keyInBucket(index: number): Uint8Array {
    const { env } = this;
    const own = dhtPlace(env.crypto, env.networkId, env.self.nodeId, env.self.nonce);
    const key = env.rng.bytes(own.length);
    const byte = index >> 3;
    key.set(own.subarray(0, byte));
    const mask = (0xff00 >> (index & 7)) & 0xff;
    const bit = 0x80 >> (index & 7);
    key[byte] = (own[byte] & mask) | (~own[byte] & bit) | (key[byte] & ~mask & ~bit);
    return key;
  }
}
