// From a node's name or ID to the node: what sessions told, else the DHT; and addresses of nodes for whoever dials.
import { BoundedMap } from '../base/bounded-map.ts';
import { EMPTY, toHex } from '../base/bytes.ts';
import { MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { NodeId, OrganisationId } from '../identity/types.ts';
import type { DhtRecord, NodeBody } from '../wire/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import { isComplete, isHeard, type Lookup, type Lookups, type Subject, type Waiter } from './lookups.ts';
import { CLAIMS_MAX, type Claim, NameClaims } from './node-names.ts';
import { nameKeyOf } from './peers.ts';
import { GRACE_MS, NEGATIVE_MS } from './services.ts';
import type { DiscoveryDrop, DiscoveryEvent, DiscoveryInput, ResolveResult } from './types.ts';
import { foundNode } from './views.ts';

const NAMES_MAX = 1024;
/** What was found is not looked for again for so long; after it, it is, behind an answer from the cache. */
export const NAME_FRESH_MS = MINUTE_MS;
/** While several unproven nodes claim a name, an answer waits so long for a session that proves one. */
export const PROOF_MS = SECOND_MS;
/** Claimants that are asked at once. */
const PROOFS_AT_ONCE = 3;
/** The same node's addresses are not looked up again for so long. */
export const NODE_AGAIN_MS = 5 * SECOND_MS;
/** Where none were found, or no relay, or none that works: a node that just came says them a little later, or others. */
export const NODE_MISSED_MS = SECOND_MS;
const NODES_MAX = 2048;
/** IDs of strangers per second on average, and at once: telling whether one is a key takes 0.6 ms. */
const STRANGERS_PER_S = 50;
const STRANGERS_BURST = 100;
/** The same session is not asked for more often, by queries. */
const WARM_AGAIN_MS = SECOND_MS;

type Found = Extract<DiscoveryInput, { kind: 'found' }>;
type NodeEvent = Extract<DiscoveryEvent, { kind: 'node' }>;
type NameSubject = Extract<Subject, { kind: 'nodeName' }>;
type NodeSubject = Extract<Subject, { kind: 'node' }>;

/** What the DHT said of a node last. */
interface NodeLookup {
  /** ms */
  readonly at: number;
  readonly sequence: number;
  readonly event: NodeEvent;
}

export class Nodes {
  /** By NameClaims.key, only names that somebody claims. */
  private readonly names = new BoundedMap<string, NameClaims>(NAMES_MAX);
  /** Names that nobody claims: ms until which that is believed. */
  private readonly negatives = new BoundedMap<string, number>(NAMES_MAX);
  /** By node ID in hex. */
  private readonly nodes = new BoundedMap<string, NodeLookup>(NODES_MAX);
  /** ms by node ID in hex: when a query last asked for a session. */
  private readonly warmed = new BoundedMap<string, number>(NODES_MAX);
  private readonly strangers = new TokenBucket(STRANGERS_PER_S, STRANGERS_BURST);
  private readonly context: DiscoveryContext;
  private readonly lookups: Lookups;

  constructor(context: DiscoveryContext, lookups: Lookups) {
    this.context = context;
    this.lookups = lookups;
  }

  /** Nothing that is remembered leads to these nodes any more. `nodes`: in hex. */
  revoke(nodes: ReadonlySet<string>, isWide: boolean): void {
    for (const node of nodes) this.nodes.delete(node);
    for (const [key, claims] of this.names) {
      for (const node of claims.claims.keys()) {
        const isVouched = this.context.peers.get(node)?.member !== undefined;
        if (nodes.has(node) || (isWide && !isVouched)) claims.claims.delete(node);
      }
      if (claims.claims.size === 0) this.names.delete(key);
    }
  }

  /** By name. */
  resolve(
    organisation: OrganisationId,
    name: string,
    waiter: Waiter,
    now: number,
    out: DiscoveryOutbox,
  ): void {
    const { member, keys, peers } = this.context;
    const key = nameKeyOf(organisation, name);
    if (member !== undefined && nameKeyOf(member.organisation, member.name) === key)
      return answer(waiter, foundNode(this.context, keys.nodeId), out);
    const peer = peers.named(organisation, name).at(0);
    if (peer !== undefined && (peer.state === 'up' || peer.state === 'idle'))
      return this.answerNode([waiter], peer.nodeId, undefined, now, out);
    const known = this.names.get(key);
    const claim = known && this.choose(known, now);
    if (claim !== undefined) {
      this.answerNode([waiter], claim.nodeId, claim.body, now, out);
      if (known !== undefined && now - known.lookedUpAt >= NAME_FRESH_MS) this.lookUpName(known, now, out);
      return;
    }
    const isUnknown = peer === undefined && (this.negatives.peek(key) ?? 0) > now;
    if (isUnknown) return answer(waiter, { kind: 'notFound' }, out);
    const lookup = this.lookUpName(known ?? new NameClaims(this.context, organisation, name), now, out);
    if (lookup !== undefined && this.lookups.wait(lookup, waiter)) return;
    if (peer !== undefined) return this.answerNode([waiter], peer.nodeId, undefined, now, out);
    answer(waiter, { kind: 'unavailable' }, out);
  }

  /** By ID: its address is computed, and whether it exists shows when packets go there. */
  resolveId(nodeId: NodeId, waiter: Waiter, now: number, out: DiscoveryOutbox): void {
    const node = toHex(nodeId);
    const { organisation } = this.context.peers.get(node)?.member ?? {};
    if (this.context.isRevoked(nodeId, organisation)) return answer(waiter, { kind: 'notFound' }, out);
    const isKnown = node === this.context.self || this.context.peers.get(node) !== undefined;
    if (!isKnown && !this.strangers.take(now)) return answer(waiter, { kind: 'unavailable' }, out);
    if (!isKnown && !this.context.crypto.ed25519.isValidPublicKey(nodeId))
      return answer(waiter, { kind: 'notFound' }, out);
    if (!isKnown) this.context.remember(nodeId);
    this.answerNode([waiter], nodeId, undefined, now, out);
    if (!isKnown) this.want(nodeId, now, out, false);
  }

  /** Looks its record up; one that was looked up a moment ago is told again, if `isTold`. */
  want(nodeId: NodeId, now: number, out: DiscoveryOutbox, isTold = true, isUrgent = false): void {
    const node = toHex(nodeId);
    if (node === this.context.self) return;
    const last = this.nodes.peek(node);
    const isReached = last !== undefined && (last.event.isCore || last.event.relays.length > 0);
    const againMs = isReached && !isUrgent ? NODE_AGAIN_MS : NODE_MISSED_MS;
    if (last !== undefined && now - last.at < againMs) {
      if (isTold) out.emit(last.event);
      return;
    }
    const key = this.lookups.keyOf({ kind: 'node', nodeId });
    if (this.lookups.under(toHex(key)) !== undefined) return;
    const subject: NodeSubject = { kind: 'node', nodeId, isFound: false };
    if (this.lookups.start(key, subject, 1, now, out) === undefined && isTold)
      out.emit(this.nodeEvent(nodeId, undefined));
  }

  onFoundNode(lookup: Lookup, subject: NodeSubject, found: Found, now: number, out: DiscoveryOutbox): void {
    for (const record of found.records) this.takeNode(subject, record, now, out);
    if (found.isComplete) this.onNodeEnd(lookup, subject, now, out);
  }

  private takeNode(subject: NodeSubject, record: DhtRecord, now: number, out: DiscoveryOutbox): void {
    const node = toHex(subject.nodeId);
    const last = this.nodes.peek(node);
    const drop = (reason: DiscoveryDrop) => out.emit({ kind: 'dropped', reason });
    if (record.kind !== 'node' || toHex(record.publisher) !== node) return drop('recordUnexpected');
    if (record.expires * SECOND_MS <= this.context.wallMs(now)) return drop('recordExpired');
    if (last !== undefined && record.sequence < last.sequence) return drop('recordReplayed');
    if (subject.isFound && record.sequence === last?.sequence) return;
    subject.isFound = true;
    const event = this.nodeEvent(subject.nodeId, record.body);
    this.nodes.set(node, { at: now, sequence: record.sequence, event });
    out.emit(event);
  }

  onNodeEnd(lookup: Lookup, subject: NodeSubject, now: number, out: DiscoveryOutbox): void {
    this.lookups.end(lookup, out);
    if (subject.isFound) return;
    const event = this.nodeEvent(subject.nodeId, undefined);
    const sequence = this.nodes.peek(toHex(subject.nodeId))?.sequence ?? 0;
    this.nodes.set(toHex(subject.nodeId), { at: now, sequence, event });
    out.emit(event);
  }

  private nodeEvent(nodeId: NodeId, body: NodeBody | undefined): NodeEvent {
    const member = this.context.peers.get(toHex(nodeId))?.member;
    return {
      kind: 'node',
      nodeId,
      name: member?.name ?? '',
      organisation: member?.organisation ?? EMPTY,
      addresses: body?.addresses ?? [],
      relays: body?.relays ?? [],
      isCore: body?.core ?? false,
    };
  }

  private lookUpName(claims: NameClaims, now: number, out: DiscoveryOutbox): Lookup | undefined {
    const { organisation, name } = claims;
    const key = this.lookups.keyOf({ kind: 'nodeName', organisation, name });
    const active = this.lookups.under(toHex(key));
    if (active !== undefined) return active;
    const lookup = this.lookups.start(key, { kind: 'nodeName', claims }, CLAIMS_MAX, now, out);
    if (lookup !== undefined) claims.lookedUpAt = now;
    return lookup;
  }

  onFoundName(lookup: Lookup, subject: NameSubject, found: Found, now: number, out: DiscoveryOutbox): void {
    const { claims } = subject;
    claims.merge(found.records, this.context.wallMs(now), (reason) => out.emit({ kind: 'dropped', reason }));
    if (claims.claims.size > 0) this.names.set(claims.key, claims);
    if (!found.isComplete) {
      if (claims.claims.size > 0 && lookup.waiters.length > 0) this.lookups.wake(lookup, now + GRACE_MS);
      return;
    }
    const isAnswered = isHeard(lookup) || this.context.isCore;
    if (isAnswered) claims.keepOnly(new Set(found.records.map(({ publisher }) => toHex(publisher))));
    if (claims.claims.size === 0) this.names.delete(claims.key);
    this.settle(lookup, subject, now, out);
  }

  onTimerName(
    lookup: Lookup,
    subject: NameSubject,
    isOver: boolean,
    now: number,
    out: DiscoveryOutbox,
  ): void {
    if (isOver || isComplete(lookup)) return this.finish(lookup, subject, now, out);
    const claim = this.choose(subject.claims, now);
    if (claim === undefined) return this.askClaimants(subject.claims, now, out);
    this.answerNode(lookup.waiters, claim.nodeId, claim.body, now, out);
    lookup.waiters = [];
  }

  /** A chain is known now that may prove or refute a claim. */
  onPeer(node: string, now: number, out: DiscoveryOutbox): void {
    for (const lookup of [...this.lookups.values()]) {
      const { subject } = lookup;
      if (subject.kind !== 'nodeName' || !isComplete(lookup) || !subject.claims.claims.has(node)) continue;
      this.settle(lookup, subject, now, out);
    }
  }

  /** The DHT has said all: the answer is known, or a proof decides it within PROOF_MS. */
  private settle(lookup: Lookup, subject: NameSubject, now: number, out: DiscoveryOutbox): void {
    const { claims } = subject;
    const current = claims.current(this.context.wallMs(now));
    const isOpen = current.length > 1 && !current[0].isProven && lookup.waiters.length > 0;
    if (!isOpen) return this.finish(lookup, subject, now, out);
    this.askClaimants(claims, now, out);
    this.lookups.wake(lookup, lookup.startedAt + PROOF_MS);
  }

  private askClaimants(claims: NameClaims, now: number, out: DiscoveryOutbox): void {
    const current = claims.current(this.context.wallMs(now)).slice(0, PROOFS_AT_ONCE);
    for (const { claim } of current) this.warm(claim.nodeId, claim.body, now, out);
  }

  private finish(lookup: Lookup, subject: NameSubject, now: number, out: DiscoveryOutbox): void {
    const { claims } = subject;
    this.lookups.end(lookup, out);
    const isAnswered = isComplete(lookup) && (isHeard(lookup) || this.context.isCore);
    const peer = this.context.peers.named(claims.organisation, claims.name).at(0);
    // Nothing was proven in time: the first of those that claim it.
    const claim = claims.current(this.context.wallMs(now)).at(0)?.claim;
    const nodeId = claim?.nodeId ?? peer?.nodeId;
    if (nodeId !== undefined) return this.answerNode(lookup.waiters, nodeId, claim?.body, now, out);
    if (isAnswered) this.negatives.set(claims.key, now + NEGATIVE_MS);
    const result: ResolveResult = { kind: isAnswered ? 'notFound' : 'unavailable' };
    for (const waiter of lookup.waiters) answer(waiter, result, out);
  }

  /** Undefined: nobody claims the name, or several do and nothing proves one of them. */
  private choose(claims: NameClaims, now: number): Claim | undefined {
    const current = claims.current(this.context.wallMs(now));
    return current.length === 1 || current.at(0)?.isProven ? current[0].claim : undefined;
  }

  /** `body`: what its record says of where it is; undefined: not known. */
  private answerNode(
    waiters: readonly Waiter[],
    nodeId: NodeId,
    body: NodeBody | undefined,
    now: number,
    out: DiscoveryOutbox,
  ): void {
    if (waiters.length === 0) return;
    const result = foundNode(this.context, nodeId);
    for (const waiter of waiters) answer(waiter, result, out);
    this.warm(nodeId, body, now, out);
  }

  private warm(nodeId: NodeId, body: NodeBody | undefined, now: number, out: DiscoveryOutbox): void {
    const node = toHex(nodeId);
    const isWarm = node === this.context.self || this.context.peers.get(node)?.state === 'up';
    if (isWarm || now - (this.warmed.peek(node) ?? Number.NEGATIVE_INFINITY) < WARM_AGAIN_MS) return;
    this.warmed.set(node, now);
    out.emit({ kind: 'warm', nodeId, addresses: body?.addresses ?? [], relays: body?.relays ?? [] });
  }
}

function answer(waiter: Waiter, result: ResolveResult, out: DiscoveryOutbox): void {
  if (waiter.kind === 'resolve') out.emit({ kind: 'resolved', id: waiter.id, result });
}
