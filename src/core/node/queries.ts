// What the host may know: snapshots, fit for `status --json` and `peers --json`.
import { virtualAddress } from '../addressing/addressing.ts';
import { EMPTY, toHex } from '../base/bytes.ts';
import { circuitOf, isCircuit } from '../base/circuit.ts';
import { formatIp } from '../base/ip.ts';
import { isStream } from '../base/stream.ts';
import { endpointId, idToText, nodeIdToText, serviceId } from '../identity/identity.ts';
import type { PunchStatus } from '../path/types.ts';
import { type NodeContext, wallMs } from './context.ts';
import { aliasAddress, hostAddress } from './known.ts';
import { natStatus } from './nat.ts';
import { punchStatus } from './punching.ts';
import { pathOf } from './reactions/session.ts';
import { refusals } from './refusals.ts';
import type { Remote } from './remotes.ts';
import { ownRevocation } from './revoke.ts';
import type {
  FoundNode,
  PeerView,
  RelayedReason,
  RelayedView,
  ServiceDetail,
  ServiceRecord,
  StatusView,
} from './types.ts';

const RELAYED_REASONS = {
  noAnswer: 'noAnswer',
  noAddress: 'noAddress',
  notOpened: 'notOpened',
  bothHard: 'unpredictablePorts',
} as const satisfies Record<NonNullable<PunchStatus['reason']>, RelayedReason>;

export function status(c: NodeContext, now: number): StatusView {
  const { chain, keys, network } = c.self;
  return {
    nodeId: nodeIdToText(keys.nodeId),
    networkId: network.idText,
    network: network.genesis.network,
    organisation: chain?.organisationName ?? '',
    organisationId: chain === undefined ? '' : idToText(chain.organisation),
    name: chain?.name ?? '',
    member: chain !== undefined,
    signer: c.desk !== undefined,
    certificateExpiresMs: chain === undefined ? null : chain.notAfter * 1000,
    addresses: { ipv4: aliasText(c.self.alias), ipv6: formatIp(c.self.address) },
    nat: natStatus(c),
    peers: peers(c, now),
    services: [...c.services.values()].map((service) => serviceDetail(c, service)),
    refusals: refusals(c),
    revoked: ownRevocation(c),
    drops: c.drops.toJSON() as Record<string, number>,
  };
}

/** Every known node, whether there is a session or not; strangers that proved nothing are left out. */
export function peers(c: NodeContext, now: number): PeerView[] {
  const views: PeerView[] = [];
  for (const remote of c.remotes.values()) {
    if (remote.kind === 'member' || remote.kind === 'told' || remote.kind === 'guest')
      views.push(peer(c, remote, now));
  }
  return views;
}

function peer(c: NodeContext, remote: Remote, now: number): PeerView {
  const { activity } = c.tables;
  const { slot } = remote;
  const heard = activity.lastHeardMs[slot];
  const isProven = remote.introduced === 'member' || remote.introduced === 'guest';
  const isConnected = remote.isEstablished && isProven;
  return {
    nodeId: nodeIdToText(remote.nodeId),
    name: remote.name,
    organisation: remote.organisationName || organisationText(c, remote),
    addresses: addressesOf(c, remote),
    state: isConnected ? 'connected' : remote.session?.isConnecting ? 'connecting' : 'idle',
    path: isConnected ? pathOf(c, remote) : null,
    relayed: isConnected ? relayedView(c, remote, now) : null,
    rttMs: isConnected && remote.rttMs !== undefined ? remote.rttMs : null,
    flow: (isConnected ? c.engine.flow(slot) : undefined) ?? null,
    txBytes: activity.txBytes[slot],
    rxBytes: activity.rxBytes[slot],
    lastSeenMs: Number.isFinite(heard) ? heard - now + wallMs(c, now) : null,
  };
}

/** Through whom, why, and when a better way is looked for. */
function relayedView(c: NodeContext, remote: Remote, now: number): RelayedView | null {
  const { current, isTesting } = remote.path;
  if (current === undefined || !isCircuit(current.ip)) return null;
  const relay = c.remotes.at(circuitOf(current).slot);
  const status = punchStatus(c, remote, now);
  const toRelay = relay?.path.current;
  const isBlocked = toRelay !== undefined && isStream(toRelay.ip);
  const { nextTryMs } = status;
  return {
    relay: relay === undefined ? '' : relay.name || nodeIdToText(relay.nodeId),
    reason: isBlocked ? 'udpBlocked' : relayedReason(status, isTesting),
    nextTryMs: isTesting && nextTryMs !== null && nextTryMs > 0 ? nextTryMs : null,
  };
}

function relayedReason({ state, reason }: PunchStatus, isUsed: boolean): RelayedReason {
  if (state === 'trying') return 'trying';
  if (reason !== null) return RELAYED_REASONS[reason];
  return isUsed ? 'untried' : 'unused';
}

function serviceDetail(c: NodeContext, service: ServiceRecord): ServiceDetail {
  const { crypto, self } = c;
  const id = endpointId(crypto, self.keys.nodeId, service.name);
  const organisation = self.chain?.organisation ?? EMPTY;
  return {
    ...service,
    health: c.health.get(service.name),
    endpointId: idToText(id),
    endpoint: virtualAddresses(c, id),
    service: virtualAddresses(c, serviceId(crypto, organisation, service.name)),
  };
}

function virtualAddresses(c: NodeContext, id: Uint8Array): { readonly ipv4: string; readonly ipv6: string } {
  const address = virtualAddress(c.self.network.id, id, c.crypto.sha256);
  return { ipv4: aliasText(c.aliases.aliasOf(address)), ipv6: formatIp(address) };
}

export function foundNode(c: NodeContext, nodeId: Uint8Array): FoundNode {
  const { chain, keys } = c.self;
  const remote = c.remotes.get(nodeId);
  if (remote !== undefined) return { nodeId, name: remote.name, addresses: addressesOf(c, remote) };
  const isSelf = toHex(nodeId) === toHex(keys.nodeId);
  const addresses = { ipv4: isSelf ? aliasText(c.self.alias) : '', ipv6: formatIp(hostAddress(c, nodeId)) };
  return { nodeId, name: isSelf ? (chain?.name ?? '') : '', addresses };
}

function organisationText(c: NodeContext, remote: Remote): string {
  if (c.organisations.isOwn(remote.organisation)) return c.self.chain?.organisationName ?? '';
  return remote.organisation.length === 0 ? '' : idToText(remote.organisation);
}

function addressesOf(c: NodeContext, remote: Remote): PeerView['addresses'] {
  const endpoint = c.tables.endpointOf(remote.slot, 0);
  const ipv6 = formatIp(endpoint?.address ?? hostAddress(c, remote.nodeId));
  return { ipv4: aliasText(endpoint?.alias ?? 0), ipv6 };
}

/** '' when there is none. */
function aliasText(alias: number): string {
  return alias === 0 ? '' : formatIp(aliasAddress(alias));
}
