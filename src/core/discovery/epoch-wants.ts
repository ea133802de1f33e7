// Which other organisations' epochs this node has to know, as it shares services with them or looks theirs up.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import { IndexedHeap } from '../base/heap.ts';
import { MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { FOREIGN_MAX } from '../consortium/consortium.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { Places } from './places.ts';
import type { DiscoveryOutbox } from './types.ts';

/** Those of an organisation that a service is shared with are asked for again after so long while there are none; doubles ... */
export const MISSING_AGAIN_MS = 2 * SECOND_MS;
/** ... up to this; and as often, in case there are new ones, once there are some. */
export const KNOWN_AGAIN_MS = 10 * MINUTE_MS;
/** Lookups ask at most so often whether there are new ones. */
const LOOKED_UP_AGAIN_MS = MINUTE_MS;

interface Need {
  readonly organisation: OrganisationId;
  gapMs: number;
}

export class EpochWants {
  /** By organisation in hex: those that services are shared with. */
  private readonly needs = new BoundedMap<string, Need>(FOREIGN_MAX);
  private readonly timers = new IndexedHeap<string>();
  /** By organisation in hex: ms when a lookup last asked. */
  private readonly lookedUp = new BoundedMap<string, number>(FOREIGN_MAX);
  private readonly places: Places;

  constructor(places: Places) {
    this.places = places;
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  /** Those that services are shared with now, in place of those before. */
  setNeeds(organisations: readonly OrganisationId[], now: number): void {
    const wanted = new Map(organisations.map((organisation) => [toHex(organisation), organisation]));
    for (const key of [...this.needs.keys()]) {
      if (wanted.has(key)) continue;
      this.needs.delete(key);
      this.timers.delete(key);
    }
    for (const [key, organisation] of wanted) {
      if (this.needs.has(key) || this.needs.size >= FOREIGN_MAX) continue;
      this.needs.set(key, { organisation, gapMs: MISSING_AGAIN_MS });
      this.timers.set(key, now);
    }
  }

  tick(now: number, out: DiscoveryOutbox): void {
    for (let key = this.timers.popUntil(now); key !== undefined; key = this.timers.popUntil(now)) {
      const need = this.needs.get(key);
      if (need === undefined) continue;
      const { organisation, gapMs } = need;
      const isKnown = this.places.hasForeign(organisation);
      out.emit({ kind: 'wantEpochs', organisation, isUrgent: !isKnown });
      this.timers.set(key, now + (isKnown ? KNOWN_AGAIN_MS : gapMs));
      need.gapMs = isKnown ? MISSING_AGAIN_MS : Math.min(2 * gapMs, KNOWN_AGAIN_MS);
    }
  }

  /** A lookup goes to an organisation's services. `isUrgent`: without them nothing was found. */
  onLookup(organisation: OrganisationId, isUrgent: boolean, now: number, out: DiscoveryOutbox): void {
    const key = toHex(organisation);
    const last = this.lookedUp.get(key) ?? Number.NEGATIVE_INFINITY;
    if (!isUrgent && now - last < LOOKED_UP_AGAIN_MS) return;
    this.lookedUp.set(key, now);
    out.emit({ kind: 'wantEpochs', organisation, isUrgent });
  }
}
