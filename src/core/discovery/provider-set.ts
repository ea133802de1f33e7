// The providers of one service: which records count, and which endpoints new flows may use.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import type { IpAddress } from '../base/ip.ts';
import { matchesPattern } from '../base/name.ts';
import { shuffle } from '../base/rng.ts';
import { SECOND_MS } from '../base/time.ts';
import { endpointId, recordKey } from '../identity/identity.ts';
import type { EndpointId, NodeId, OrganisationId } from '../identity/types.ts';
import type { DhtRecord, ServiceBody } from '../wire/types.ts';
import type { DiscoveryContext } from './context.ts';
import { nameKeyOf } from './peers.ts';
import type { DiscoveryDrop, Membership, OwnService } from './types.ts';

/** Of the even sample that the DHT gives; the own one comes on top. */
export const ENDPOINTS_MAX = 32;
/** Publishers whose last word is remembered, so that a holder that lags does not bring an earlier one back. */
const VOIDED_MAX = 64;
/** An endpoint that so improbably (natural logarithm) is missing from samples by chance is gone. */
const MISSING_LOG = Math.log(0.001);

export interface Endpoint {
  readonly nodeId: NodeId;
  readonly endpointId: EndpointId;
  readonly address: IpAddress;
  readonly isOwn: boolean;
  readonly body: ServiceBody;
  readonly sequence: number;
  /** Unix ms; Infinity: the own one. */
  readonly expiresMs: number;
  /** Probability, as a logarithm, that all samples since it was seen last left it out by chance. */
  missingLog: number;
  /** ms; when a session was last asked for. */
  warmedAt: number;
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
  /** Where its records lie in the DHT. */
  readonly place: Uint8Array;
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
  /** By node ID in hex: highest sequence that does not count any more, as it was withdrawn or a later one went missing. */
  private readonly voided = new BoundedMap<string, number>(VOIDED_MAX);
  private readonly context: DiscoveryContext;

  constructor(context: DiscoveryContext, organisation: OrganisationId, name: string) {
    this.context = context;
    this.organisation = organisation;
    this.name = name;
    this.key = nameKeyOf(organisation, name);
    this.place = recordKey(context.crypto, context.networkId, { kind: 'service', organisation, name });
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
    const expiresMs = Number.POSITIVE_INFINITY;
    this.endpoints.set(self, this.endpointOf(keys.nodeId, body, 0, expiresMs, undefined));
  }

  /** Takes up what counts. Whether anything changed; `drop` hears of what does not count. */
  merge(records: readonly DhtRecord[], wallMs: number, drop: (reason: DiscoveryDrop) => void): boolean {
    let isChanged = false;
    const fresh: DhtRecord[] = [];
    for (const record of records) {
      const publisher = toHex(record.publisher);
      // What this host offers is known here better than in the DHT.
      if (publisher === this.context.self) continue;
      const refusal = this.refusal(record, publisher, wallMs);
      if (refusal !== undefined) drop(refusal);
      else if (record.body === undefined) isChanged = this.withdraw(publisher, record.sequence) || isChanged;
      else if (this.endpoints.has(publisher)) isChanged = this.renew(publisher, record) || isChanged;
      else fresh.push(record);
    }
    return this.takeUp(fresh) || isChanged;
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

  /** After a lookup that was answered: `seen` are the providers that it found, node IDs in hex. */
  onLookedUp(seen: ReadonlySet<string>, total: number): boolean {
    let isChanged = false;
    this.total = total;
    const share = total <= seen.size ? 1 : seen.size / total;
    for (const [node, endpoint] of this.endpoints) {
      if (endpoint.isOwn) continue;
      endpoint.missingLog = seen.has(node) ? 0 : endpoint.missingLog + Math.log(1 - share);
      if (endpoint.missingLog >= MISSING_LOG) continue;
      // It may come back as it was, but not as it was before.
      this.voided.set(node, endpoint.sequence - 1);
      this.endpoints.delete(node);
      isChanged = true;
    }
    return isChanged;
  }

  /** Unix ms at which the next record expires. */
  get expiresMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { expiresMs } of this.endpoints.values()) next = Math.min(next, expiresMs);
    return next;
  }

  expire(wallMs: number): boolean {
    const before = this.endpoints.size;
    for (const [node, { expiresMs }] of this.endpoints) if (expiresMs <= wallMs) this.endpoints.delete(node);
    return this.endpoints.size !== before;
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

  private refusal(record: DhtRecord, publisher: string, wallMs: number): DiscoveryDrop | undefined {
    if (record.kind !== 'service') return 'recordUnexpected';
    if (record.name !== this.name) return 'recordName';
    if (record.expires * SECOND_MS <= wallMs) return 'recordExpired';
    const known = this.endpoints.get(publisher)?.sequence ?? this.voided.peek(publisher);
    if (known !== undefined && record.sequence < known) return 'recordReplayed';
    if (this.context.isRevoked(record.publisher, this.organisation)) return 'certificateRevoked';
    const member = this.context.peers.get(publisher)?.member;
    return member && refusalOf(member, this.organisation, this.name);
  }

  private withdraw(publisher: string, sequence: number): boolean {
    this.voided.set(publisher, sequence);
    return this.endpoints.delete(publisher);
  }

  private renew(publisher: string, record: DhtRecord): boolean {
    const known = this.endpoints.get(publisher) as Endpoint;
    if (record.sequence <= known.sequence) return false;
    this.endpoints.set(publisher, this.ofRecord(record, known));
    return true;
  }

  private takeUp(fresh: DhtRecord[]): boolean {
    let isChanged = false;
    // Chance decides who finds room: whoever answers first must not.
    shuffle(this.context.rng, fresh);
    for (const record of fresh) {
      const publisher = toHex(record.publisher);
      const voided = this.voided.peek(publisher);
      // Taken back within the same answer.
      if (voided !== undefined && record.sequence <= voided) continue;
      if (this.endpoints.has(publisher)) {
        this.renew(publisher, record);
        continue;
      }
      const endpoint = this.ofRecord(record, undefined);
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

  private ofRecord(record: DhtRecord, before: Endpoint | undefined): Endpoint {
    const { publisher, sequence, expires } = record;
    return this.endpointOf(publisher, record.body as ServiceBody, sequence, expires * SECOND_MS, before);
  }

  private endpointOf(
    nodeId: NodeId,
    body: ServiceBody,
    sequence: number,
    expiresMs: number,
    before: Endpoint | undefined,
  ): Endpoint {
    const id = before?.endpointId ?? endpointId(this.context.crypto, nodeId, this.name);
    return {
      nodeId,
      endpointId: id,
      address: before?.address ?? this.context.virtual(id),
      isOwn: nodeId === this.context.keys.nodeId,
      body,
      sequence,
      expiresMs,
      missingLog: 0,
      warmedAt: before?.warmedAt ?? Number.NEGATIVE_INFINITY,
    };
  }
}
