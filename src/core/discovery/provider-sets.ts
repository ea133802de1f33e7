// The services whose providers are kept: a bounded cache, refreshed while in use.
import { toHex } from '../base/bytes.ts';
import { IndexedHeap } from '../base/heap.ts';
import { uniform } from '../base/rng.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import { nameKeyOf } from './peers.ts';
import { type ProviderSet, RANK_TENTATIVE } from './provider-set.ts';
import { type SetView, viewOfSet } from './views.ts';

export const SETS_MAX = 1024;
/** A set used so lately may have flows: it is never evicted. */
export const IN_USE_MS = MINUTE_MS;
/** A set without endpoints is forgotten so long after its last use; until then packets to its address can ask for it. */
export const EMPTY_KEPT_MS = 5 * MINUTE_MS;
/** Sessions that one query asks for. */
const WARM_AT_ONCE = 3;
/** Providers with a session: more are not asked for. */
const WARM_ENOUGH = 8;
/** Between two rounds of asking for a set's sessions, and for the same session. */
const WARM_EVERY_MS = SECOND_MS;
const WARM_AGAIN_MS = 10 * SECOND_MS;

export class ProviderSets {
  /** In order of use. */
  private readonly sets = new Map<string, ProviderSet>();
  private readonly views = new Map<ProviderSet, SetView>();
  /** What the node was told last, by set: a signature. */
  private readonly told = new Map<ProviderSet, string>();
  private readonly dirty = new Set<ProviderSet>();
  /** When a set needs care: its key. */
  private readonly timers = new IndexedHeap<string>();
  private readonly context: DiscoveryContext;

  constructor(context: DiscoveryContext) {
    this.context = context;
  }

  get size(): number {
    return this.sets.size;
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  find(organisation: OrganisationId, name: string): ProviderSet | undefined {
    return this.sets.get(nameKeyOf(organisation, name));
  }

  get(key: string): ProviderSet | undefined {
    return this.sets.get(key);
  }

  has(set: ProviderSet): boolean {
    return this.sets.get(set.key) === set;
  }

  /** Keeps a set. False: all kept ones are in use. Those of this host's services come on top of the bound. */
  adopt(set: ProviderSet, now: number, out: DiscoveryOutbox): boolean {
    if (this.has(set)) return true;
    if (!set.hasOwn && this.sets.size >= SETS_MAX && !this.evict(now, out)) return false;
    this.sets.set(set.key, set);
    this.context.addresses.set(toHex(set.address), { kind: 'service', set: set.key, endpoint: undefined });
    this.changed(set);
    return true;
  }

  private evict(now: number, out: DiscoveryOutbox): boolean {
    for (const set of this.sets.values()) {
      if (set.hasOwn || now - set.usedAt < IN_USE_MS) continue;
      this.forget(set, out);
      return true;
    }
    return false;
  }

  private forget(set: ProviderSet, out: DiscoveryOutbox): void {
    this.sets.delete(set.key);
    this.views.delete(set);
    this.dirty.delete(set);
    this.timers.delete(set.key);
    if (this.told.delete(set)) out.emit({ kind: 'serviceGone', key: set.key });
  }

  touch(set: ProviderSet, now: number): void {
    set.usedAt = now;
    if (!this.sets.delete(set.key)) return;
    this.sets.set(set.key, set);
  }

  /** Its endpoints, or what is known of them, are others than before. */
  changed(set: ProviderSet): void {
    this.views.delete(set);
    if (this.has(set)) this.dirty.add(set);
  }

  /** What a node's session says now. */
  onPeer(node: string, out: DiscoveryOutbox): ProviderSet[] {
    const concerned: ProviderSet[] = [];
    for (const set of this.sets.values()) {
      if (!set.onPeer(node, (reason) => out.emit({ kind: 'dropped', reason }))) continue;
      this.changed(set);
      concerned.push(set);
    }
    return concerned;
  }

  /** Sets that lost endpoints; their next use looks them up. */
  revoke(nodes: ReadonlySet<string>, isWide: boolean): void {
    for (const set of this.sets.values()) {
      if (!set.revoke(nodes, isWide)) continue;
      set.lookedUpAt = Number.NEGATIVE_INFINITY;
      this.changed(set);
      this.schedule(set);
    }
  }

  /** These are looked up with their next use, however new what is known of them is. */
  forgetAge(isConcerned: (set: ProviderSet) => boolean): void {
    for (const set of this.sets.values()) if (isConcerned(set)) set.lookedUpAt = Number.NEGATIVE_INFINITY;
  }

  /** Names of organisations have changed, and with them what endpoints are called. */
  renamed(): void {
    for (const set of this.sets.values())
      if (!this.context.organisations.isOwn(set.organisation)) this.changed(set);
  }

  view(set: ProviderSet): SetView {
    let view = this.views.get(set);
    if (view === undefined) {
      view = viewOfSet(this.context, set);
      // A set that is not kept is looked at once.
      if (this.has(set)) this.views.set(set, view);
    }
    return view;
  }

  /** Sets the set's timer by what it has now. */
  schedule(set: ProviderSet): void {
    if (!this.has(set)) return;
    const emptyAt = set.endpoints.size === 0 ? idleSince(set) + EMPTY_KEPT_MS : NEVER;
    const expiryAt = set.expiresMs - this.context.wallOffsetMs;
    this.timers.set(set.key, Math.min(set.refreshAt, emptyAt, expiryAt));
  }

  /** Takes out what expired, forgets what is empty. The sets that are to be looked up again. */
  onTimer(now: number, out: DiscoveryOutbox): ProviderSet[] {
    const toRefresh: ProviderSet[] = [];
    for (let key = this.timers.popUntil(now); key !== undefined; key = this.timers.popUntil(now)) {
      const set = this.sets.get(key);
      if (set === undefined) continue;
      if (set.expire(this.context.wallMs(now))) this.changed(set);
      // The same sum as in schedule(): what rounds otherwise would be due for ever.
      if (set.endpoints.size === 0 && now >= idleSince(set) + EMPTY_KEPT_MS) {
        this.forget(set, out);
        continue;
      }
      if (set.refreshAt <= now) {
        toRefresh.push(set);
        set.refreshAt = NEVER;
      }
      this.schedule(set);
    }
    return toRefresh;
  }

  onWallClock(): void {
    for (const set of this.sets.values()) this.schedule(set);
  }

  /** Tells what changed. */
  flush(out: DiscoveryOutbox): void {
    for (const set of this.dirty) {
      const { endpoints, signature } = this.view(set);
      if (this.told.get(set) === signature) continue;
      this.told.set(set, signature);
      for (const [node, { address }] of set.endpoints)
        this.context.addresses.set(toHex(address), { kind: 'service', set: set.key, endpoint: node });
      const { key, organisation, name, address } = set;
      out.emit({ kind: 'service', key, organisation, name, address, endpoints });
    }
    this.dirty.clear();
  }

  /** Asks for sessions with a few providers, so that they stand before the first packet, and after failures again. */
  warm(set: ProviderSet, now: number, out: DiscoveryOutbox): void {
    if (now - set.warmedAt < WARM_EVERY_MS) return;
    set.warmedAt = now;
    let standing = 0;
    const cold: { readonly endpoint: Endpoint; readonly rank: number; readonly chance: number }[] = [];
    for (const [node, endpoint] of set.endpoints) {
      if (endpoint.isOwn) continue;
      const rank = set.rankOf(node, endpoint);
      if (this.context.peers.get(node)?.state === 'up') standing += rank <= RANK_TENTATIVE ? 1 : 0;
      else if (now - endpoint.warmedAt >= WARM_AGAIN_MS)
        cold.push({ endpoint, rank, chance: uniform(this.context.rng, 1 << 16) });
    }
    cold.sort((a, b) => a.rank - b.rank || a.chance - b.chance);
    for (const { endpoint } of cold.slice(0, Math.max(0, Math.min(WARM_AT_ONCE, WARM_ENOUGH - standing)))) {
      endpoint.warmedAt = now;
      out.emit({
        kind: 'warm',
        nodeId: endpoint.nodeId,
        addresses: endpoint.body.addresses,
        relays: endpoint.body.relays,
      });
    }
  }
}

/** ms */
function idleSince(set: ProviderSet): number {
  return Math.max(set.usedAt, set.lookedUpAt);
}
