// What others are shown of services, endpoints and nodes.

import { toHex } from '../base/bytes.ts';
import { NODE_LABEL } from '../base/name.ts';
import { idToText } from '../identity/identity.ts';
import type { NodeId } from '../identity/types.ts';
import type { DiscoveryContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import { formatName } from './names.ts';
import { type ProviderSet, RANK_TENTATIVE } from './provider-set.ts';
import type { EndpointView, FoundName } from './types.ts';

export interface SetView {
  readonly endpoints: readonly EndpointView[];
  readonly found: FoundName;
  /** Equal for views that say the same. */
  readonly signature: string;
}

export function viewOfSet(context: DiscoveryContext, set: ProviderSet): SetView {
  const ranked = [...set.endpoints].map(([node, endpoint]) => ({
    node,
    endpoint,
    rank: set.rankOf(node, endpoint),
  }));
  ranked.sort((a, b) => a.rank - b.rank);
  const best = ranked.at(0)?.rank;
  const organisation = context.organisations.labelOf(set.organisation);
  const endpoints = ranked.map(({ node, endpoint, rank }) =>
    viewOfEndpoint(context, set.name, organisation, node, endpoint, rank, rank === best),
  );
  const up = endpoints.filter(({ isUp }) => isUp);
  const found: FoundName = {
    kind: 'found',
    of: 'service',
    name: formatName({ kind: 'service', name: set.name, organisation }),
    address: set.address,
    ipv4: up.some(({ ipv4 }) => ipv4),
    ipv6: up.some(({ ipv6 }) => ipv6),
    endpoints,
    total: Math.max(set.total, endpoints.length),
    node: undefined,
    organisation: set.organisation,
    organisationName: context.organisations.nameOf(set.organisation),
  };
  return { endpoints, found, signature: endpoints.map(signatureOf).join('\n') };
}

function viewOfEndpoint(
  context: DiscoveryContext,
  service: string,
  organisation: string | undefined,
  node: string,
  endpoint: Endpoint,
  rank: number,
  isUp: boolean,
): EndpointView {
  const { nodeId, endpointId, address, isOwn, body } = endpoint;
  const member = isOwn ? context.member : context.peers.get(node)?.member;
  const nodeName = member?.name ?? '';
  // "hello.node.node" would be the node "hello" of an organisation "node".
  const label = nodeName === '' || nodeName === NODE_LABEL ? idToText(nodeId) : nodeName;
  return {
    endpointId,
    address,
    nodeId,
    nodeName,
    target: formatName({ kind: 'endpoint', service, node: label, organisation }),
    selector: body.selector,
    protocol: body.protocol,
    port: body.port,
    weight: body.weight,
    ipv4: body.ipv4,
    ipv6: body.ipv6,
    isOwn,
    isVerified: member !== undefined,
    healthy: rank <= RANK_TENTATIVE,
    isUp,
    addresses: body.addresses,
    relays: body.relays,
  };
}

function signatureOf(view: EndpointView): string {
  const { nodeId, selector, protocol, port, weight, ipv4, ipv6, isVerified, healthy, isUp, target } = view;
  const addresses = view.addresses.map(({ ip, port }) => `${toHex(ip)}:${port}`);
  const relays = view.relays.map((relay) => toHex(relay.nodeId));
  const flags = [ipv4, ipv6, isVerified, healthy, isUp].map(Number);
  return [toHex(nodeId), selector, protocol, port, weight, ...flags, target, ...addresses, ...relays].join(
    ' ',
  );
}

/** One endpoint as a name of its own. */
export function foundEndpoint(service: FoundName, endpoint: EndpointView): FoundName {
  const { address, ipv4, ipv6, target } = endpoint;
  return { ...service, of: 'endpoint', name: target, address, ipv4, ipv6, endpoints: [endpoint], total: 1 };
}

/** A node's host. */
export function foundNode(context: DiscoveryContext, nodeId: NodeId): FoundName {
  const node = toHex(nodeId);
  const member = node === context.self ? context.member : context.peers.get(node)?.member;
  const organisation = member?.organisation ?? new Uint8Array(0);
  const label = member && context.organisations.labelOf(organisation);
  const isNamed = member !== undefined && member.name !== '';
  return {
    kind: 'found',
    of: 'node',
    name: formatName(
      isNamed ? { kind: 'node', name: member.name, organisation: label } : { kind: 'nodeId', nodeId },
    ),
    address: context.hostAddress(nodeId),
    ipv4: true,
    ipv6: true,
    endpoints: [],
    total: 0,
    node: { nodeId, name: member?.name ?? '', organisation },
    organisation,
    organisationName: member?.organisationName ?? '',
  };
}
