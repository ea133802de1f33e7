// What stands between this node and the others, asked anew and said in words.
import { CodedError } from '../../core/base/errors.ts';
import { formatSocketAddress } from '../../core/base/ip.ts';
import { idToText, nodeIdToText } from '../../core/identity/identity.ts';
import type { NatView, NetCheck } from '../api/types.ts';
import { nowMs } from '../io/io.ts';
import type { NodeHost } from './node-host.ts';
import { portMappingView } from './status.ts';

const UDP_BLOCKED =
  'UDP is blocked: other nodes are reached by TCP, through a node that takes connections, and slower.';

/** Peers see this node in all they say; the node itself waits for silent ones (see PING_TIMEOUT_MS). */
export async function netCheck(host: NodeHost): Promise<NetCheck> {
  const { node, listen } = host.node();
  const listenPort = listen[0]?.split(':').at(-1) ?? '';
  const asked = node.observers();
  const replies = await Promise.all(
    asked.map((nodeId) => host.requests.ping(host.command((now) => node.ping(nodeId, now)))),
  );
  const answered = replies.filter(({ rttMs }) => rttMs !== undefined).length;
  if (answered === 0 && !node.isUdpBlocked)
    throw new CodedError('NOBODY_ANSWERED', asked.length === 0 ? 'no other node is known' : undefined);
  const [ipv4, ipv6] = [node.natOf('ipv4'), node.natOf('ipv6')];
  const { isGlobal } = node.reach();
  const peers = node.status(nowMs()).peers;
  const mapping = portMappingView(host.surroundings?.portMap?.best);
  const relays = node.relaying().relays.map((nodeId) => {
    const peer = peers.find((view) => view.nodeId === nodeIdToText(nodeId));
    return { nodeId: idToText(nodeId), name: peer?.name ?? '', rttMs: peer?.rttMs ?? null };
  });
  const reached = isGlobal || mapping?.public === true;
  return {
    asked: asked.length,
    answered,
    ipv4,
    ipv6,
    reachedUnasked: isGlobal,
    udpBlocked: node.isUdpBlocked,
    portMapping: mapping,
    relays,
    told: node.addresses().map(formatSocketAddress),
    meaning: node.isUdpBlocked ? UDP_BLOCKED : meaning(ipv4, reached),
    advice: node.isUdpBlocked ? [`Let UDP from port ${listenPort} pass.`] : advice(ipv4, reached, listenPort),
  };
}

function meaning(nat: NatView, isReached: boolean): string {
  if (isReached) return 'Other nodes reach this one by themselves.';
  switch (nat.kind) {
    case 'open':
      return 'This node has a public address, but nobody has come to it unasked yet: a firewall may be in the way.';
    case 'fullCone':
    case 'addressRestricted':
    case 'portRestricted':
      return 'Nodes behind most NATs can connect directly to this one; those behind symmetric NATs need a relay.';
    case 'symmetricPredictable':
      return 'Nodes with a public address connect directly; those behind a NAT may need a relay.';
    case 'symmetric':
      return 'Nodes with a public address connect directly; most of those behind a NAT need a relay.';
    default:
      if (nat.mapping !== 'unknown')
        return 'Whether others get in unasked is not known yet: ask again in a few seconds.';
      return 'Too few nodes answered to say what is in the way: three with different addresses are needed.';
  }
}

function advice(nat: NatView, isReached: boolean, listenPort: string): string[] {
  if (isReached) return [];
  if (nat.kind === 'open') return [`Let the firewall of this host pass UDP port ${listenPort}.`];
  if (nat.kind === 'unknown' || nat.kind === null) return [];
  return [
    `Forward UDP port ${listenPort} to this host on the router.`,
    "Or switch on the router's UPnP, NAT-PMP or PCP: mcc uses it by itself.",
  ];
}
