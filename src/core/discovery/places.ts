// Where in the DHT something may lie, and for whom: what all may know at public places, all else sealed, at places that only those
// can tell who may open it.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import { FOREIGN_EPOCHS, FOREIGN_MAX } from '../consortium/consortium.ts';
import {
  type Audience,
  type OwnEpoch,
  openRecord,
  ownAudience,
  pairAudience,
  placeOfService,
  recordKey,
  type VerifiedEpoch,
} from '../identity/identity.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { DhtRecord } from '../wire/types.ts';
import type { DiscoveryOptions } from './types.ts';

/** Own epochs that pairs are made of, the newest: as many as the others know of this organisation. */
const PAIRED_MAX = FOREIGN_EPOCHS;
/** Places that one lookup asks at first: the public one and those of all pairs, or those of the own epochs. */
export const LOOKUP_PLACES_MAX = 1 + PAIRED_MAX * FOREIGN_EPOCHS;
const PAIRS_MAX = 1024;

export interface Place {
  /** The key in hex. */
  readonly id: string;
  /** In the DHT. */
  readonly key: Uint8Array;
  /** Who can open what lies there; undefined: it is public. */
  readonly audience: Audience | undefined;
}

/** A place that all know. */
export function placeOf(key: Uint8Array): Place {
  return { id: toHex(key), key, audience: undefined };
}

type PlacesOptions = Pick<DiscoveryOptions, 'crypto' | 'networkId' | 'member'>;

export class Places {
  private readonly options: PlacesOptions;
  private epochs: readonly OwnEpoch[] | undefined;
  /** By ID of the own epoch in hex. */
  private audiences = new Map<string, Audience>();
  /** By organisation in hex: newest first. */
  private readonly foreign = new BoundedMap<string, readonly VerifiedEpoch[]>(FOREIGN_MAX);
  /** By IDs of the two epochs: undefined where they agree on nothing. */
  private readonly pairs = new BoundedMap<string, Audience | undefined>(PAIRS_MAX);

  constructor(options: PlacesOptions) {
    this.options = options;
  }

  /** The own organisation's that this node can read, the current one first. */
  get own(): readonly OwnEpoch[] {
    return this.epochs ?? [];
  }

  /** Its organisation has epochs, as all have, but nobody gave this member one yet. */
  get lacksEpoch(): boolean {
    return this.options.member !== undefined && this.epochs?.length === 0;
  }

  /** Whether there are others than before. */
  setOwn(epochs: readonly OwnEpoch[]): boolean {
    const before = this.epochs;
    this.epochs = epochs;
    if (before !== undefined && isSame(before, epochs)) return false;
    const { crypto } = this.options;
    this.audiences = new Map(epochs.map((epoch) => [toHex(epoch.id), ownAudience(crypto, epoch)]));
    this.pairs.clear();
    return true;
  }

  /** Whether there are others than before. */
  setForeign(organisation: OrganisationId, epochs: readonly VerifiedEpoch[]): boolean {
    const key = toHex(organisation);
    const before = this.foreign.get(key) ?? [];
    const after = epochs.slice(0, FOREIGN_EPOCHS);
    if (after.length === 0) this.foreign.delete(key);
    else this.foreign.set(key, after);
    return !isSame(before, after);
  }

  hasForeign(organisation: OrganisationId): boolean {
    return this.foreign.peek(toHex(organisation)) !== undefined;
  }

  isOwn(organisation: OrganisationId): boolean {
    const { member } = this.options;
    return member !== undefined && toHex(member.organisation) === toHex(organisation);
  }

  /** Of what the own organisation alone can read. */
  ownAudience(epoch: OwnEpoch): Audience {
    return this.audiences.get(toHex(epoch.id)) ?? ownAudience(this.options.crypto, epoch);
  }

  /** Of what another organisation can read as well, under its newest epoch; undefined: none of it is known. */
  audienceWith(epoch: OwnEpoch, organisation: OrganisationId): Audience | undefined {
    const other = this.foreign.get(toHex(organisation))?.at(0);
    return other && this.pair(epoch, other);
  }

  /** Where providers of a service may have said so. One at least, at most LOOKUP_PLACES_MAX. */
  ofService(organisation: OrganisationId, name: string): Place[] {
    const { own } = this;
    if (own.length > 0 && this.isOwn(organisation))
      return own
        .slice(0, LOOKUP_PLACES_MAX)
        .map((epoch) => this.sealedPlace(this.ownAudience(epoch), epoch, name));
    const { crypto, networkId } = this.options;
    const places = [placeOf(recordKey(crypto, networkId, { kind: 'service', organisation, name }))];
    for (const other of this.foreign.get(toHex(organisation)) ?? []) {
      for (const epoch of own.slice(0, PAIRED_MAX)) {
        const audience = this.pair(epoch, other);
        if (audience !== undefined) places.push(this.sealedPlace(audience, other, name));
      }
    }
    return places;
  }

  private pair(own: OwnEpoch, other: VerifiedEpoch): Audience | undefined {
    const key = `${toHex(own.id)} ${toHex(other.id)}`;
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    const audience = pairAudience(this.options.crypto, own, other);
    this.pairs.set(key, audience);
    return audience;
  }

  /** `epoch`: of the provider's organisation. */
  private sealedPlace(audience: Audience, epoch: VerifiedEpoch, name: string): Place {
    const { crypto, networkId } = this.options;
    const place = placeOfService(crypto, audience, epoch.organisation, name);
    const key = recordKey(crypto, networkId, { kind: 'sealed', epoch: epoch.id, place });
    return { id: toHex(key), key, audience };
  }

  /** What lies there, as this node may read it; undefined: it cannot, or what is inside is not of this version of the record. */
  open({ audience }: Place, record: DhtRecord): DhtRecord | undefined {
    if (audience === undefined) return record.kind === 'sealed' ? undefined : record;
    const inner = openRecord(this.options.crypto, this.options.networkId, audience, record);
    const isOfVersion = inner?.sequence === record.sequence && inner.expires === record.expires;
    return isOfVersion ? inner : undefined;
  }
}

function isSame(a: readonly VerifiedEpoch[], b: readonly VerifiedEpoch[]): boolean {
  return a.length === b.length && a.every(({ id }, i) => toHex(id) === toHex(b[i].id));
}
