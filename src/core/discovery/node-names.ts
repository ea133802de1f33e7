// Who claims a node's name: only a chain proves it, until then several may.
import { BoundedMap } from '../base/bounded-map.ts';
import { compareBytes, toHex } from '../base/bytes.ts';
import { SECOND_MS } from '../base/time.ts';
import type { NodeId, OrganisationId } from '../identity/types.ts';
import type { DhtRecord, NodeBody } from '../wire/types.ts';
import type { DiscoveryContext } from './context.ts';
import { nameKeyOf } from './peers.ts';
import type { DiscoveryDrop } from './types.ts';

export const CLAIMS_MAX = 8;

export interface Claim {
  readonly nodeId: NodeId;
  readonly sequence: number;
  /** Unix ms */
  readonly expiresMs: number;
  readonly body: NodeBody;
}

export class NameClaims {
  readonly key: string;
  readonly organisation: OrganisationId;
  readonly name: string;
  /** By node ID in hex: a name that nobody claims too often keeps its first claimants. */
  readonly claims = new Map<string, Claim>();
  /** ms; when the last lookup began. */
  lookedUpAt = Number.NEGATIVE_INFINITY;
  /** Sequences of withdrawals by node ID in hex. */
  private readonly withdrawn = new BoundedMap<string, number>(CLAIMS_MAX);
  private readonly context: DiscoveryContext;

  constructor(context: DiscoveryContext, organisation: OrganisationId, name: string) {
    this.context = context;
    this.organisation = organisation;
    this.name = name;
    this.key = nameKeyOf(organisation, name);
  }

  merge(records: readonly DhtRecord[], wallMs: number, drop: (reason: DiscoveryDrop) => void): void {
    for (const record of records) {
      const node = toHex(record.publisher);
      const refusal = this.refusal(record, node, wallMs);
      if (refusal !== undefined) drop(refusal);
      else if (record.body === undefined) this.withdraw(node, record.sequence);
      else if (this.claims.has(node) || this.claims.size < CLAIMS_MAX) {
        const { publisher: nodeId, sequence, expires } = record;
        this.claims.set(node, {
          nodeId,
          sequence,
          expiresMs: expires * SECOND_MS,
          body: record.body as NodeBody,
        });
      }
    }
  }

  /** After a lookup that was answered: what it did not bring is no more. */
  keepOnly(seen: ReadonlySet<string>): void {
    for (const node of this.claims.keys()) if (!seen.has(node)) this.claims.delete(node);
  }

  /** Claims in force, those that a chain proves first, those that it refutes left out; of namesakes everybody finds the same one first. */
  current(wallMs: number): { readonly claim: Claim; readonly isProven: boolean }[] {
    const found = [];
    for (const [node, claim] of this.claims) {
      if (claim.expiresMs <= wallMs) continue;
      const member = this.context.peers.get(node)?.member;
      if (member === undefined) found.push({ claim, isProven: false });
      else if (nameKeyOf(member.organisation, member.name) === this.key)
        found.push({ claim, isProven: true });
    }
    return found.sort(
      (a, b) => Number(b.isProven) - Number(a.isProven) || compareBytes(a.claim.nodeId, b.claim.nodeId),
    );
  }

  private withdraw(node: string, sequence: number): void {
    this.withdrawn.set(node, sequence);
    this.claims.delete(node);
  }

  private refusal(record: DhtRecord, node: string, wallMs: number): DiscoveryDrop | undefined {
    if (record.kind !== 'nodeName') return 'recordUnexpected';
    if (record.name !== this.name) return 'recordName';
    if (record.expires * SECOND_MS <= wallMs) return 'recordExpired';
    const known = this.claims.get(node)?.sequence ?? this.withdrawn.peek(node);
    if (known !== undefined && record.sequence < known) return 'recordReplayed';
    if (this.context.isRevoked(record.publisher, this.organisation)) return 'certificateRevoked';
    const member = this.context.peers.get(node)?.member;
    if (member === undefined) return undefined;
    if (toHex(member.organisation) !== toHex(this.organisation)) return 'recordOrganisation';
    return member.name === this.name ? undefined : 'recordName';
  }
}
