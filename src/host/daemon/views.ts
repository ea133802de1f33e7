// The node's views as the REST contract shows them.
import { Counter } from '../../core/base/batch-layout.generated.ts';
import type { FlowView } from '../../core/engine/types.ts';
import { idToText } from '../../core/identity/identity.ts';
import type {
  ServiceHealth as NodeHealth,
  PathView as NodePath,
  PeerView as NodePeer,
  RefusalView as NodeRefusal,
  RelayedReason,
  ServiceDetail,
  ServiceRequest,
} from '../../core/node/types.ts';
import type {
  Addresses,
  PathView,
  PeerFlowView,
  PeerPathView,
  PeerView,
  RefusalView,
  ServiceHealth,
  ServiceInput,
  ServiceView,
} from '../api/types.ts';

export function peerView(peer: NodePeer): PeerView {
  return {
    nodeId: peer.nodeId,
    name: peer.name,
    organisation: peer.organisation,
    state: peer.state,
    addresses: peer.addresses,
    path: peerPathView(peer),
    rttMs: peer.rttMs,
    flow: peer.flow === null ? null : flowView(peer.flow),
    txBytes: peer.txBytes,
    rxBytes: peer.rxBytes,
    lastSeen: peer.lastSeenMs === null ? null : new Date(peer.lastSeenMs).toISOString(),
  };
}

function flowView(flow: FlowView): PeerFlowView {
  const tenth = (value: number) => Math.round(10 * value) / 10;
  return {
    state: flow.state,
    governed: flow.isGoverned,
    mbps: tenth((8 * flow.rate) / 1e6),
    shortestRttMs: tenth(flow.shortestMs),
    rttMs: tenth(flow.smoothedMs),
    queueMs: tenth(flow.queuedMs),
    sent: flow.sent,
    lost: flow.lost,
    resent: flow.resent,
    unrepaired: flow.unrepaired,
  };
}

const WHY_RELAYED: Readonly<Record<RelayedReason, string>> = {
  trying: 'a direct way is being looked for',
  unused: 'no program uses it at the moment, so no direct way is looked for',
  udpBlocked: 'UDP does not leave the network of this host, so it goes over TCP to the relay',
  unpredictablePorts: 'both are behind NATs that give every remote another port, and nobody can tell which',
  notOpened: 'the NATs or firewalls between did not let in what both sides sent',
  noAnswer: 'the other node does not take part in looking for a direct way',
  noAddress: 'no address is known at which one of the two could be reached',
  untried: 'a direct way is looked for soon',
};

function peerPathView({ path, relayed }: NodePeer): PeerPathView {
  const view = pathView(path ?? undefined, relayed?.relay || null);
  if (relayed === null) return { ...view, code: null, reason: null, nextTryMs: null };
  const { reason, nextTryMs } = relayed;
  return {
    ...view,
    code: reason,
    reason: WHY_RELAYED[reason],
    nextTryMs: nextTryMs === null ? null : Math.round(nextTryMs),
  };
}

/** `relay`: its name, where the path leads through one. */
export function pathView(path: NodePath | undefined, relay: string | null = null): PathView {
  return {
    kind: path?.kind ?? null,
    remote: path?.remote ?? null,
    transport: path?.transport ?? null,
    relay,
  };
}

export function serviceView(record: ServiceDetail): ServiceView {
  const { check, health, endpointId, endpoint, service } = record;
  return {
    name: record.name,
    protocol: record.protocol,
    port: record.port,
    target: record.target === '' ? null : record.target,
    weight: record.weight,
    share: record.share === '' ? [] : record.share.split(','),
    check,
    health: healthView(health),
    endpointId,
    addresses: { endpoint: addressesView(endpoint), service: addressesView(service) },
  };
}

export function refusalView(refusal: NodeRefusal): RefusalView {
  const { nodeId, service, port, lastMs, ...same } = refusal;
  return {
    ...same,
    nodeId: idToText(nodeId),
    service: service || null,
    port: port || null,
    last: new Date(lastMs).toISOString(),
  };
}

function healthView(health: NodeHealth | undefined): ServiceHealth {
  if (health === undefined) return { state: 'unknown', reason: 'not tested yet', ipv4: true, ipv6: true };
  const { isHealthy, reason, ipv4, ipv6 } = health;
  return { state: isHealthy ? 'healthy' : 'unhealthy', reason: reason || null, ipv4, ipv6 };
}

function addressesView({ ipv4, ipv6 }: { readonly ipv4: string; readonly ipv6: string }): Addresses {
  return { ipv4: ipv4 || null, ipv6: ipv6 || null };
}

export function serviceRequest(name: string, input: ServiceInput): ServiceRequest {
  return {
    name,
    port: input.port,
    protocol: input.protocol ?? 'tcp',
    target: input.target ?? '',
    check: input.check ?? (input.protocol === 'udp' ? 'none' : 'tcp'),
    weight: input.weight ?? 100,
    share: (input.share ?? []).join(','),
  };
}

/** Counters of the port that count drops, by the names that people see. */
const PORT_DROPS: Record<string, number> = {
  truncated: Counter.dropTruncated,
  unknownType: Counter.dropUnknownType,
  unknownIndex: Counter.dropUnknownIndex,
  authentication: Counter.dropAuthentication,
  replayed: Counter.dropReplayed,
  tooOld: Counter.dropTooOld,
  counterLimit: Counter.dropCounterLimit,
  innerMalformed: Counter.dropInnerMalformed,
  insideMalformed: Counter.dropInsideMalformed,
  fragment: Counter.dropFragment,
  busy: Counter.dropBusy,
  noSlot: Counter.dropNoSlot,
  sendTooBig: Counter.dropSendTooBig,
  sendBuffer: Counter.dropSendBuffer,
  sendOther: Counter.dropSendOther,
  insideWrite: Counter.dropInsideWrite,
  badRow: Counter.dropBadRow,
  relay: Counter.dropRelay,
  relayLimit: Counter.dropRelayLimit,
  stream: Counter.dropStream,
  ecn: Counter.dropEcn,
  duplicate: Counter.dropDuplicate,
  parity: Counter.dropParity,
  held: Counter.dropHeld,
};

/** What was dropped since the start, without the reasons that never happened. */
export function drops(
  byNode: Readonly<Record<string, number>>,
  counters: Float64Array | undefined,
): Record<string, number> {
  const counted = Object.entries(byNode);
  if (counters !== undefined) {
    for (const [reason, index] of Object.entries(PORT_DROPS)) counted.push([reason, counters[index]]);
  }
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}
