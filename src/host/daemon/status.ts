import { formatIp, formatSocketAddress } from '../../core/base/ip.ts';
import { VERSION } from '../../core/base/version.ts';
import { idToText, nodeIdToText } from '../../core/identity/identity.ts';
import type { StreamTransport } from '../../core/path/types.ts';
import type { PortMappingView, Status, Warning } from '../api/types.ts';
import type { DnsStatus } from '../dns/types.ts';
import { nowMs } from '../io/io.ts';
import type { PortMapping } from '../portmap/types.ts';
import type { RunningNode } from './compose.ts';
import type { Standing } from './membership.ts';
import { namesakeWarnings } from './namesakes.ts';
import { drops, peerView, refusalView, serviceView } from './views.ts';

export interface StatusParts {
  readonly running: RunningNode | undefined;
  readonly standing: Standing | undefined;
  /** Of the key that waits for a network; null: there is none. */
  readonly nodeId: string | null;
  /** Bytes. */
  readonly mtu: number;
  /** By nowMs(). */
  readonly startedAt: number;
  readonly warnings: Warning[];
  readonly zone: string;
  /** undefined: no gateway passes anything on. */
  readonly portMapping: PortMapping | undefined;
  /** undefined: nothing of this host was wired. */
  readonly dns: DnsStatus | undefined;
}

const NO_NAT = {
  kind: null,
  mapping: null,
  filtering: null,
  publicAddress: null,
  portPreserving: null,
  portStep: null,
  hairpin: null,
  mappingLifetimeS: null,
  samples: 0,
};

export function statusView(parts: StatusParts): Status {
  const { running, standing } = parts;
  const view = running?.node.status(nowMs());
  const warnings = [...parts.warnings, ...(view === undefined ? [] : namesakeWarnings(view, view.peers))];
  const isMember = standing?.chain.tier === 'member';
  const end = standing === undefined ? null : new Date(standing.chain.notAfter * 1000).toISOString();
  return {
    version: VERSION,
    state: view === undefined ? 'unconfigured' : 'running',
    nodeId: view?.nodeId ?? parts.nodeId,
    networkId: view?.networkId ?? null,
    network: view?.network ?? null,
    organisation: view?.organisation || null,
    organisationId: isMember ? idToText(standing.chain.organisation) : null,
    guestOf: standing?.chain.tier === 'guest' ? standing.chain.admittedBy.name : null,
    name: view?.name ?? null,
    signer: view?.signer ?? false,
    addresses: view?.addresses ?? { ipv4: null, ipv6: null },
    interface: running?.interfaceName ?? null,
    mtu: running === undefined ? null : parts.mtu,
    listen: running?.listen ?? [],
    nat: {
      ...(view?.nat ?? NO_NAT),
      portMapping: portMappingView(parts.portMapping),
    },
    aesGcm: running?.port.info().aesGcm ?? null,
    certificateExpires: end,
    uptimeMs: Math.round(nowMs() - parts.startedAt),
    peers: view?.peers.map(peerView) ?? [],
    services: view?.services.map(serviceView) ?? [],
    dns: dnsView(parts),
    dht: dhtView(running),
    relaying: relayingView(running),
    streams: streamsView(running),
    refusals: view?.refusals.map(refusalView) ?? [],
    drops: drops(view?.drops ?? {}, running?.port.counters),
    warnings,
  };
}

export function portMappingView(mapping: PortMapping | undefined): PortMappingView | null {
  if (mapping === undefined) return null;
  const { protocol, external, expiresAt, isPublic } = mapping;
  const end = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  return { protocol, external: formatSocketAddress(external), expiresAt: end, public: isPublic };
}

function dnsView({ running, dns, zone }: StatusParts): Status['dns'] {
  if (running === undefined) return { mode: null, reason: null, zone: null, addresses: [] };
  const { ipv4, ipv6 } = running.node.needs.resolver();
  const addresses = running.lacksIpv6 ? [ipv4] : [ipv4, ipv6];
  const { mode, reason } = dns ?? { mode: 'none', reason: 'there is no interface' };
  return { mode, reason, zone, addresses: addresses.map(formatIp) };
}

function dhtView(running: RunningNode | undefined): Status['dht'] {
  const dht = running?.node.dhtStatus();
  if (dht === undefined) return { mode: null, contacts: 0, records: 0 };
  return { mode: dht.isCore ? 'core' : 'client', contacts: dht.contacts, records: dht.records };
}

function relayingView(running: RunningNode | undefined): Status['relaying'] {
  if (running === undefined) return { nodes: 0, circuits: 0, relays: [] };
  const { nodes, circuits, relays } = running.node.relaying();
  return { nodes, circuits, relays: relays.map(nodeIdToText) };
}

function streamsView(running: RunningNode | undefined): Status['streams'] {
  const view = (transport: StreamTransport) => {
    const { isListening, reason } = running?.streams.status(transport) ?? {
      isListening: false,
      reason: null,
    };
    return { listening: isListening, reason };
  };
  const { isUdpBlocked = false, streams = 0 } = running?.node ?? {};
  return { udpBlocked: isUdpBlocked, open: streams, tcp: view('tcp'), tls443: view('tls') };
}

/** One line for people: who this node is. */
export function summary(status: Status): string {
  if (status.state === 'unconfigured') {
    const [warning] = status.warnings;
    return warning?.message ?? 'no network yet: mcc init or mcc join TOKEN';
  }
  const parts = [
    `${status.name} (${status.organisation}) in ${status.network}`,
    `${status.addresses.ipv6} ${status.addresses.ipv4}`,
    `interface ${status.interface ?? 'none'}`,
    `UDP ${status.listen.join(' ')}`,
  ];
  return parts.join(', ');
}
