// How this node looks from outside: what its peers say, and what becomes of it.

import { equalBytes, toHex } from '../base/bytes.ts';
import { formatIp, formatSocketAddress, isDialable, isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';
import type { Family, NatView } from '../path/path.ts';
import type { NatBehaviour } from '../wire/types.ts';
import { type NodeContext, say, TIMER_NAT, TIMER_PINGS, toPunch } from './context.ts';
import { directAddress } from './known.ts';
import { tellRole } from './reach.ts';
import { keepReachable } from './relaying.ts';
import type { Remote } from './remotes.ts';
import type { NatKind, NatStatus } from './types.ts';

/** Peers that are asked at once. */
const ASKED_MAX = 8;
/** Known nodes are called for it only while so few have a session. */
const ASKED_MIN = 4;
/** They are asked all at once only so often because one of them says something new. */
const ASK_AROUND_MS = 30 * SECOND_MS;

/** A peer says where this node's question came from. */
export function onObserved(
  c: NodeContext,
  remote: Remote,
  from: SocketAddress,
  observed: SocketAddress,
  now: number,
): void {
  // A further socket has mappings of its own.
  if (isDiscardOnly(from.ip) || (from.via ?? 0) !== 0) return;
  if (remote.introduced !== 'member' || !isDialable(observed)) return;
  const organisation = c.organisations.isOwn(remote.organisation) ? '' : toHex(remote.organisation);
  if (c.nat.sample({ remote: remote.key, organisation, from, observed }, now)) askAround(c, now);
  c.timers.set(TIMER_NAT, c.nat.wakeAt);
  const isPlain =
    observed.port === c.config.listenPort && c.self.localAddresses.some((ip) => equalBytes(ip, observed.ip));
  c.relayUse.rhythm.seenAs(isPlain);
}

/** Peers say anew how they see this node: a NAT that forgot one mapping forgot all of them. */
export function askAround(c: NodeContext, now: number): void {
  if (now - c.askedAroundAt < ASK_AROUND_MS) return;
  c.askedAroundAt = now;
  for (const remote of observers(c)) {
    if (!remote.isEstablished) continue;
    const ping = c.pings.begin(remote, undefined, now, true);
    say(c, remote, { kind: 'ping', id: ping.id });
  }
  c.timers.set(TIMER_PINGS, c.pings.wakeAt);
}

/** What held for a while is told: the public address to peers, all of it to the host. */
export function settleNat(c: NodeContext, now: number): void {
  const before = c.nat.mapped.map(formatSocketAddress).join();
  c.nat.settle(now);
  c.timers.set(TIMER_NAT, c.nat.wakeAt);
  if (c.nat.mapped.map(formatSocketAddress).join() !== before) tellRole(c);
  const status = natStatus(c);
  keepReachable(c, now);
  const { natTold } = c;
  const isNews =
    natTold?.kind !== status.kind ||
    natTold.mapping !== status.mapping ||
    natTold.filtering !== status.filtering ||
    natTold.publicAddress !== status.publicAddress;
  if (!isNews || status.mapping === 'unknown') return;
  c.natTold = status;
  toPunch(c, { kind: 'changed' });
  c.out.events.push({ kind: 'natChanged', nat: status });
}

/** Members to be asked: with a direct path, of different addresses first; where they are few, others that are known. */
export function observers(c: NodeContext): Remote[] {
  const isPeer = (remote: Remote) => remote.isEstablished && remote.introduced === 'member';
  const members = [...c.remotes.values()].filter(({ kind }) => kind === 'member');
  const direct = members.filter((remote) => isPeer(remote) && directAddress(remote) !== undefined);
  const byIp = new Map(direct.map((remote) => [formatIp((remote.path.current as SocketAddress).ip), remote]));
  const chosen = [...byIp.values()].slice(0, ASKED_MAX);
  const others = members.filter((remote) => !isPeer(remote) && !remote.hasFailed);
  return [...chosen, ...others.slice(0, Math.max(0, ASKED_MIN - chosen.length))];
}

/** Of one family; else of IPv4, where NATs are, unless only IPv6 is known. */
export function natStatus(c: NodeContext, family?: Family): NatStatus {
  const { nat } = c;
  const chosen = family ?? (nat.view('ipv4').samples === 0 && nat.view('ipv6').samples > 0 ? 'ipv6' : 'ipv4');
  const view = nat.view(chosen);
  const filtering = filteringOf(c, view, chosen);
  return {
    kind: kindOf(view, filtering),
    mapping: view.mapping,
    filtering,
    publicAddress: publicAddress(view),
    portPreserving: view.isPortPreserving ?? null,
    portStep: view.prediction?.step ?? null,
    hairpin: view.isHairpin ? true : null,
    mappingLifetimeS: c.lifetime.found?.family === chosen ? c.lifetime.found.seconds : null,
    samples: view.samples,
  };
}

function filteringOf(c: NodeContext, view: NatView, family: Family): NatBehaviour {
  if (c.reach.families[family] || (c.reach.isLocal && !c.hasMetGlobal)) return 'endpointIndependent';
  if (view.isOwn || view.mapping === 'unknown') return 'unknown';
  if (c.reach.isPortOpen) return 'addressDependent';
  return c.nat.hadTimeForCalls ? 'addressAndPortDependent' : 'unknown';
}

function kindOf(view: NatView, filtering: NatBehaviour): NatKind {
  if (view.isOwn && view.mapping === 'endpointIndependent') return 'open';
  switch (view.mapping) {
    case 'unknown':
      return 'unknown';
    case 'endpointIndependent':
      if (filtering === 'endpointIndependent') return 'fullCone';
      if (filtering === 'unknown') return 'unknown';
      return filtering === 'addressDependent' ? 'addressRestricted' : 'portRestricted';
    default:
      return view.prediction === undefined ? 'symmetric' : 'symmetricPredictable';
  }
}

function publicAddress({ mapped, publicIp }: NatView): string | null {
  if (mapped !== undefined) return formatSocketAddress(mapped);
  return publicIp === undefined ? null : formatIp(publicIp);
}
