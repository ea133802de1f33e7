// The providers of one service: which records count, and which endpoints new flows may use.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import type { IpAddress } from '../base/ip.ts';
import { matchesPattern } from '../base/name.ts';
import { shuffle } from '../base/rng.ts';
import { SECOND_MS } from '../base/time.ts';
import { endpointId } from '../identity/identity.ts';
import type { NodeId, OrganisationId } from '../identity/types.ts';
import type { DhtRecord, ServiceBody } from '../wire/types.ts';
import type { DiscoveryContext } from './context.ts';
import { Endpoint, type Source } from './endpoint.ts';
import { nameKeyOf } from './peers.ts';
import type { DiscoveryDrop, Membership, OwnService } from './types.ts';

/** Of the even sample that the DHT gives; the own one comes on top. */
export const ENDPOINTS_MAX = 32;
/** Publishers whose last word is remembered, so that a holder that lags does not bring an earlier one back. */
const VOIDED_MAX = 64;
/** An endpoint that so improbably (natural logarithm) is missing from samples by chance is gone. */
const MISSING_LOG = Math.log(0.001);

/** What one find of a lookup told. */
export interface Sighting {
  /** Place.id */
  readonly place: string;
  /** Providers that it found, node IDs in hex. */
  readonly seen: ReadonlySet<string>;
  /** Records that it found, and that are said to be there. */
  readonly records: number;
  readonly total: number;
}

/** Lower is better; new flows use the lowest that is there. */
export const RANK_VERIFIED = 0;
export const RANK_TENTATIVE = 1;
const RANK_UNHEALTHY = 2;
const RANK_DOWN = 3;
const RANK_DOWN_UNHEALTHY = 4;

/** Whether a chain lets its node offer a service of that name in that organisation. */
export function refusalOf(
  member: Membership,
  organisation: OrganisationId,
  name: string,
): DiscoveryDrop | undefined {
  if (toHex(member.organisation) !== toHex(organisation)) return 'recordOrganisation';
  const { provides } = member;
  const isProvided = provides.length === 0 || provides.some((pattern) => matchesPattern(pattern, name));
  return isProvided ? undefined : 'recordProvides';
}

export class ProviderSet {
  readonly key: string;
  readonly organisation: OrganisationId;
  readonly name: string;
  /** Virtual address of the service. */
  readonly address: IpAddress;
  /** By node ID in hex; at most ENDPOINTS_MAX and the own one. */
  readonly endpoints = new Map<string, Endpoint>();
  /** Providers that the DHT knows. */
  total = 0;
  /** ms; when the last lookup began. */
  lookedUpAt = Number.NEGATIVE_INFINITY;
  /** ms; last flow or query. */
  usedAt = Number.NEGATIVE_INFINITY;
  /** ms; a lookup is wanted then, Infinity: none. */
  refreshAt = Number.POSITIVE_INFINITY;
  /** ms; when sessions to its providers were last asked for. */
  warmedAt = Number.NEGATIVE_INFINITY;
  /** By place and node ID in hex: highest sequence that does not count any more, as it was withdrawn or a later one went missing. */
  private readonly voided = new BoundedMap<string, number>(VOIDED_MAX);
  private readonly context: DiscoveryContext;

  constructor(context: DiscoveryContext, organisation: OrganisationId, name: string) {
    this.context = context;
    this.organisation = organisation;
    this.name = name;
    this.key = nameKeyOf(organisation, name);
    this.address = context.serviceAddress(organisation, name);
  }

  get hasOwn(): boolean {
    return this.endpoints.has(this.context.self);
  }

  /** The instance on this host; undefined: there is none any more. */
  setOwn(service: OwnService | undefined): void {
    const { self, keys } = this.context;
    if (service === undefined) {
      this.endpoints.delete(self);
      return;
    }
    const body = { ...service, addresses: [], relays: [] };
    const endpoint = this.newEndpoint(keys.nodeId);
    endpoint.put('', { body, sequence: 0, expiresMs: Number.POSITIVE_INFINITY, missingLog: 0 });
    this.endpoints.set(self, endpoint);
  }

  /** Takes up what counts of what lies at a place. Whether anything changed; `drop` hears of what does not count. */
  merge(
    place: string,
    records: readonly DhtRecord[],
    wallMs: number,
    drop: (reason: DiscoveryDrop) => void,
  ): boolean {
    let isChanged = false;
    const fresh: DhtRecord[] = [];
    for (const record of records) {
      const publisher = toHex(record.publisher);
      // What this host offers is known here better than in the DHT.
      if (publisher === this.context.self) continue;
      const refusal = this.refusal(place, record, publisher, wallMs);
      if (refusal !== undefined) drop(refusal);
      else if (record.body === undefined)
        isChanged = this.withdraw(place, publisher, record.sequence) || isChanged;
      else if (this.endpoints.has(publisher)) isChanged = this.renew(place, publisher, record) || isChanged;
      else fresh.push(record);
    }
    return this.takeUp(place, fresh) || isChanged;
  }

  /** What a node's chain and session say now; true: something may look different. */
  onPeer(node: string, drop: (reason: DiscoveryDrop) => void): boolean {
    if (!this.endpoints.has(node)) return false;
    const member = this.context.peers.get(node)?.member;
    const refusal = member && refusalOf(member, this.organisation, this.name);
    if (refusal !== undefined) {
      this.endpoints.delete(node);
      drop(refusal);
    }
    return true;
  }

  /** After a lookup that was answered: what was found at each of its places. What lies elsewhere is known no longer. */
  onLookedUp(sightings: readonly Sighting[]): boolean {
    let isChanged = false;
    this.total = totalOf(sightings);
    const byPlace = new Map(sightings.map((sighting) => [sighting.place, sighting]));
    for (const [node, endpoint] of this.endpoints) {
      if (endpoint.isOwn) continue;
      for (const [place, source] of endpoint.places()) {
        const { seen, records, total } = byPlace.get(place) ?? NOTHING;
        const share = total <= records ? 1 : records / total;
        source.missingLog = seen.has(node) ? 0 : source.missingLog + Math.log(1 - share);
        if (source.missingLog >= MISSING_LOG) continue;
        // It may come back as it was, but not as it was before.
        this.voided.set(voidKey(place, node), source.sequence - 1);
        isChanged = this.forget(node, endpoint, place) || isChanged;
      }
    }
    return isChanged;
  }

  /** Unix ms at which the next record expires. */
  get expiresMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const endpoint of this.endpoints.values()) next = Math.min(next, endpoint.expiresMs);
    return next;
  }

  expire(wallMs: number): boolean {
    let isChanged = false;
    for (const [node, endpoint] of this.endpoints)
      for (const [place, { expiresMs }] of endpoint.places())
        if (expiresMs <= wallMs) isChanged = this.forget(node, endpoint, place) || isChanged;
    return isChanged;
  }

  /** What lay at a place counts no longer; without anything elsewhere the endpoint is gone. Whether anything looks different. */
  private forget(node: string, endpoint: Endpoint, place: string): boolean {
    const isChanged = endpoint.drop(place);
    return endpoint.isEmpty ? this.endpoints.delete(node) : isChanged;
  }

  /** Whatever of these nodes is here goes, and with `isWide` what no chain vouches for. Whether anything did. */
  revoke(nodes: ReadonlySet<string>, isWide: boolean): boolean {
    const before = this.endpoints.size;
    for (const [node, { isOwn }] of this.endpoints) {
      const isVouched = isOwn || this.context.peers.get(node)?.member !== undefined;
      if (nodes.has(node) || (isWide && !isVouched)) this.endpoints.delete(node);
    }
    return this.endpoints.size !== before;
  }

  rankOf(node: string, endpoint: Endpoint): number {
    const peer = this.context.peers.get(node);
    const isDown = !endpoint.isOwn && (peer?.state === 'down' || peer?.state === 'suspect');
    if (isDown) return endpoint.body.healthy ? RANK_DOWN : RANK_DOWN_UNHEALTHY;
    if (!endpoint.body.healthy) return RANK_UNHEALTHY;
    return endpoint.isOwn || peer?.member !== undefined ? RANK_VERIFIED : RANK_TENTATIVE;
  }

  /** There is an endpoint that a flow may well use. */
  get isUsable(): boolean {
    for (const [node, endpoint] of this.endpoints)
      if (this.rankOf(node, endpoint) <= RANK_TENTATIVE) return true;
    return false;
  }

  private refusal(
    place: string,
    record: DhtRecord,
    publisher: string,
    wallMs: number,
  ): DiscoveryDrop | undefined {
    if (record.kind !== 'service') return 'recordUnexpected';
    if (record.name !== this.name) return 'recordName';
    if (record.expires * SECOND_MS <= wallMs) return 'recordExpired';
    const last = this.endpoints.get(publisher)?.at(place);
    const known = last?.sequence ?? this.voided.peek(voidKey(place, publisher));
    if (known !== undefined && record.sequence < known) return 'recordReplayed';
    if (this.context.isRevoked(record.publisher, this.organisation)) return 'certificateRevoked';
    const member = this.context.peers.get(publisher)?.member;
    return member && refusalOf(member, this.organisation, this.name);
  }

  private withdraw(place: string, publisher: string, sequence: number): boolean {
    this.voided.set(voidKey(place, publisher), sequence);
    const endpoint = this.endpoints.get(publisher);
    return endpoint !== undefined && this.forget(publisher, endpoint, place);
  }

  private renew(place: string, publisher: string, record: DhtRecord): boolean {
    const endpoint = this.endpoints.get(publisher) as Endpoint;
    const last = endpoint.at(place);
    if (last !== undefined && record.sequence <= last.sequence) return false;
    return endpoint.put(place, sourceOf(record));
  }

  private takeUp(place: string, fresh: DhtRecord[]): boolean {
    let isChanged = false;
    // Chance decides who finds room: whoever answers first must not.
    shuffle(this.context.rng, fresh);
    for (const record of fresh) {
      const publisher = toHex(record.publisher);
      const voided = this.voided.peek(voidKey(place, publisher));
      // Taken back within the same answer.
      if (voided !== undefined && record.sequence <= voided) continue;
      if (this.endpoints.has(publisher)) {
        this.renew(place, publisher, record);
        continue;
      }
      const endpoint = this.newEndpoint(record.publisher);
      endpoint.put(place, sourceOf(record));
      if (!this.makeRoom(publisher, endpoint)) continue;
      this.endpoints.set(publisher, endpoint);
      isChanged = true;
    }
    return isChanged;
  }

  /** A full set keeps what it has, but for an endpoint that is of no use when the new one may be. */
  private makeRoom(publisher: string, endpoint: Endpoint): boolean {
    if (this.endpoints.size - (this.hasOwn ? 1 : 0) < ENDPOINTS_MAX) return true;
    const rank = this.rankOf(publisher, endpoint);
    if (rank > RANK_TENTATIVE) return false;
    for (const [node, other] of this.endpoints) {
      if (other.isOwn || this.rankOf(node, other) <= RANK_TENTATIVE) continue;
      this.endpoints.delete(node);
      return true;
    }
    return false;
  }

  private newEndpoint(nodeId: NodeId): Endpoint {
    const id = endpointId(this.context.crypto, nodeId, this.name);
    return new Endpoint(nodeId, id, this.context.virtual(id), nodeId === this.context.keys.nodeId);
  }
}

const NOTHING: Omit<Sighting, 'place'> = { seen: new Set(), records: 0, total: 0 };

function voidKey(place: string, node: string): string {
  return `${place} ${node}`;
}

function sourceOf({ body, sequence, expires }: DhtRecord): Source {
  return { body: body as ServiceBody, sequence, expiresMs: expires * SECOND_MS, missingLog: 0 };
}

/** Providers: who is found at several places counts once, and in the same proportion those that are not in the samples. */
function totalOf(sightings: readonly Sighting[]): number {
  const all = new Set(sightings.flatMap(({ seen }) => [...seen]));
  let found = 0;
  let total = 0;
  for (const sighting of sightings) {
    found += sighting.seen.size;
    total += Math.max(sighting.total, sighting.seen.size);
  }
  return found === 0 ? total : Math.round((total * all.size) / found);
}
