// What the host tells a node about the world around it.
import { equalBytes } from '../base/bytes.ts';
import { onHeard } from './contacts.ts';
import {
  type NodeContext,
  toDht,
  toDiscovery,
  toEpochs,
  toPath,
  toPunch,
  toRenewal,
  toSession,
  wallMs,
} from './context.ts';
import { startEpochs } from './epochs.ts';
import { directAddress } from './known.ts';
import { forgetLifetime, onLifetimeSocket } from './lifetime.ts';
import { askAround } from './nat.ts';
import { onSocketFailed, onSocketOpened } from './open-sockets.ts';
import { tellRole } from './reach.ts';
import { recallProof } from './reach-memory.ts';
import { onForwarded } from './reactions/dns.ts';
import { startRenewing } from './reactions/renewal.ts';
import { feedStreams } from './reactions/streams.ts';
import { KEPT_MS, type Remote } from './remotes.ts';
import { onHealth } from './services.ts';
import type { HostEvent } from './types.ts';

/** Traffic this long before the stop counts as recent at the start: it is written down at most every 20 s. */
const RECENT_MS = KEPT_MS + 25_000;
/** Remotes that a starting node shakes hands with at once: all with recent traffic up to here ... */
const START_MAX = 256;
/** ... or, when there was none, so many that it knows. */
const GREET_MAX = 3;
/** Of the limit of what is relayed, at once: seconds, and at least so many bytes. */
const RELAY_BURST_S = 0.1;
const RELAY_BURST_MIN = 262_144;

/** A system clock that is set ahead by so much may have stood still. */
const SLEPT_MS = 5000;

export function onHostEvent(c: NodeContext, event: HostEvent, now: number): void {
  switch (event.kind) {
    case 'tooBig':
      askMtu(c, event.path);
      return;
    case 'socketOpened':
      if (onSocketOpened(c, event.socket, event.port)?.purpose === 'lifetime')
        onLifetimeSocket(c, event.socket, true, now);
      return;
    case 'socketFailed':
      if (onSocketFailed(c, event.socket)?.purpose === 'lifetime')
        onLifetimeSocket(c, event.socket, false, now);
      toPunch(c, { kind: 'socketFailed', number: event.socket });
      return;
    case 'interfaceGone':
      c.out.events.push({ kind: 'interfaceGone' });
      return;
    case 'routeMtu':
      onRouteMtu(c, event);
      return;
    case 'localAddresses':
      onLocalAddresses(c, event.addresses, now);
      return;
    case 'forwarding':
      if (c.dns !== undefined) c.dns.isForwarding = event.isOn;
      return;
    case 'forwarded':
      onForwarded(c, event.forwardId, event.bytes);
      return;
    case 'serviceHealth':
      onHealth(c, event.name, event.health);
      return;
    case 'heard':
      onHeard(c, event.nodeId, event.address, now);
      return;
    case 'mapped':
      c.self.mapped = event.address;
      tellRole(c);
      return;
    case 'streamUp':
      feedStreams(c, { ...event, kind: 'up' }, now);
      return;
    case 'dialFailed':
      feedStreams(c, { kind: 'failed', dial: event.dial }, now);
      return;
    case 'streamClosed':
      feedStreams(c, { kind: 'closed', stream: event.stream }, now);
      return;
    case 'wallClock':
      if (event.wallOffsetMs - c.wallOffsetMs >= SLEPT_MS) onWoken(c, now);
      c.wallOffsetMs = event.wallOffsetMs;
      toDht(c, event);
      toDiscovery(c, event);
      toRenewal(c, event);
      toEpochs(c, event);
      return;
  }
}

/** The wall clock ran ahead of the monotonic one: the host slept, most likely, and mappings of NATs on the way may be gone. */
function onWoken(c: NodeContext, now: number): void {
  for (const remote of c.remotes.values()) {
    if (remote.isEstablished) toPath(c, remote, { kind: 'localChange', isRecent: isInUse(c, remote, now) });
  }
  toPunch(c, { kind: 'changed' });
}

/** Whether the remote is to know at once where this node is now: a relay passes on nothing from where it did not know this node. */
function isInUse(c: NodeContext, remote: Remote, now: number): boolean {
  return now - c.remotes.lastTraffic(remote) < KEPT_MS || c.relayUse.isUsed(remote.slot);
}

function askMtu(c: NodeContext, path: number): void {
  const remote = c.remotes.at(path);
  const to = remote === undefined ? undefined : directAddress(remote);
  if (to !== undefined) c.out.events.push({ kind: 'askRouteMtu', to, path: undefined });
}

function onRouteMtu(c: NodeContext, { to, path, mtu }: Extract<HostEvent, { kind: 'routeMtu' }>): void {
  const tell = (remote: Remote): void => {
    const { current } = remote.path;
    if (current !== undefined && equalBytes(current.ip, to.ip)) toPath(c, remote, { kind: 'routeMtu', mtu });
  };
  if (path === undefined) {
    for (const remote of c.remotes.values()) tell(remote);
    return;
  }
  const remote = c.remotes.at(path);
  if (remote !== undefined) tell(remote);
}

function onLocalAddresses(c: NodeContext, addresses: readonly Uint8Array[], now: number): void {
  // Routers announce the same addresses again and again.
  const isOther = !c.isStarted || !isSameSet(c.self.localAddresses, addresses);
  if (isOther) {
    // One that is new takes nothing from those by which others came.
    const isKept = c.isStarted && includesAll(addresses, c.self.localAddresses);
    c.self.localAddresses = addresses;
    feedStreams(c, { kind: 'changed' }, now);
    c.roleChanged = true;
    if (isKept) {
      c.nat.extend(addresses);
    } else {
      c.reach.reset();
      c.nat.reset(addresses);
      c.relayUse.rhythm.reset();
      forgetLifetime(c);
      c.askedAroundAt = Number.NEGATIVE_INFINITY;
      c.hasMetGlobal = false;
    }
  }
  if (!c.isStarted) {
    c.isStarted = true;
    recallProof(c, now);
    limitRelaying(c);
    startRenewing(c);
    startEpochs(c, now);
    greet(c, now);
    return;
  }
  for (const remote of c.remotes.values()) {
    if (remote.session === undefined) continue;
    toPath(c, remote, { kind: 'localChange', isRecent: isInUse(c, remote, now) });
  }
  if (isOther) toPunch(c, { kind: 'changed' });
  if (isOther) askAround(c, now);
}

function limitRelaying(c: NodeContext): void {
  const bytesPerSecond = c.config.relayBytesPerSecond ?? 0;
  if (bytesPerSecond === 0) return;
  const burstBytes = Math.max(RELAY_BURST_MIN, bytesPerSecond * RELAY_BURST_S);
  c.out.commands.push({ kind: 'setRelayLimit', bytesPerSecond, burstBytes });
}

/** Hands are shaken with remotes that had traffic a moment ago. */
function greet(c: NodeContext, now: number): void {
  if (c.self.chain === undefined) return;
  const known = [...c.remotes.values()];
  const since = wallMs(c, now) - RECENT_MS;
  const recent = known.filter((remote) => remote.savedTrafficMs >= since);
  const greeted = recent.length > 0 ? recent.slice(0, START_MAX) : bestKnown(known);
  for (const remote of greeted) toSession(c, remote, { kind: 'connect' });
}

/** Those whose certificate is known first. */
function bestKnown(remotes: readonly Remote[]): Remote[] {
  return [...remotes].sort((a, b) => b.chain.length - a.chain.length).slice(0, GREET_MAX);
}

function isSameSet(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && includesAll(b, a);
}

function includesAll(all: readonly Uint8Array[], some: readonly Uint8Array[]): boolean {
  return some.every((ip) => all.some((other) => equalBytes(ip, other)));
}
