// Opening a direct way to remotes that are reached through a relay: what the rounds of punching learn of this node, and what they want.
import { compareBytes, equalBytes } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import {
  addressScope,
  equalSocketAddress,
  type IpAddress,
  isDialable,
  isIpv4,
  type SocketAddress,
} from '../base/ip.ts';
import { OutboxBuffer } from '../base/outbox.ts';
import type { NatView } from '../path/path.ts';
import type {
  PunchEvent,
  PunchInput,
  PunchMessage,
  PunchOwn,
  PunchSend,
  PunchStatus,
} from '../path/types.ts';
import { PUNCH_ADDRESSES_MAX } from '../wire/limits.ts';
import { type NodeContext, say, TIMER_PUNCH, toPath, toPunch } from './context.ts';
import { natStatus } from './nat.ts';
import { closeSocket, openSocket } from './open-sockets.ts';
import { sendChallenge } from './path-tests.ts';
import { endSamples, observeSocket, samplePorts } from './port-samples.ts';
import type { Remote } from './remotes.ts';

/** Of a NAT that gives out ports in order, the next so many are told. */
const GUESSES_TOLD = 8;

/** `input` undefined: the timer is due. */
export function feedPunch(c: NodeContext, input: PunchInput | undefined, now: number): void {
  const out = new OutboxBuffer<PunchSend, PunchEvent>();
  endSamples(c, now);
  if (input === undefined) c.punch.onTimer(now, out);
  else c.punch.handle(input, now, out);
  for (const send of out.sends) onSend(c, send, now);
  for (const event of out.events) onEvent(c, event, input);
  c.timers.set(TIMER_PUNCH, c.punch.wakeAt);
}

function onSend(c: NodeContext, send: PunchSend, now: number): void {
  if (send.kind === 'sample') {
    samplePorts(c, now);
    return;
  }
  if (send.kind === 'close') {
    closeSocket(c, send.number);
    return;
  }
  const remote = c.remotes.at(send.slot);
  if (remote === undefined) return;
  if (send.kind === 'say') {
    say(c, remote, send.message);
    return;
  }
  if (send.kind === 'observe') {
    observeSocket(c, send.slot, send.socket);
    return;
  }
  if (send.kind === 'open') {
    const sockets = Array.from({ length: send.count }, () => openSocket(c, 'punch')?.number);
    const numbers = sockets.filter((number) => number !== undefined);
    toPunch(c, { kind: 'sockets', slot: send.slot, numbers });
    return;
  }
  const { address, token, ttl } = send;
  sendChallenge(c, remote, {
    address,
    token,
    bytes: 0,
    isFull: false,
    ...(ttl === undefined ? {} : { ttl }),
  });
}

function onEvent(c: NodeContext, event: PunchEvent, input: PunchInput | undefined): void {
  if (event.kind === 'drop') {
    c.drops.count(event.reason);
    return;
  }
  if (event.kind === 'opened') {
    const remote = c.remotes.at(event.slot);
    const { address, isPunched } = event;
    if (remote !== undefined) toPath(c, remote, { kind: 'opened', address, isPunched });
    return;
  }
  if (input?.kind !== 'answered') return;
  const remote = c.remotes.at(input.slot);
  const { address, token } = input;
  if (remote !== undefined) toPath(c, remote, { kind: 'answered', address, token });
}

/** A program uses the remote: where its datagrams go through a relay, a direct way is looked for. */
export function considerPunch(c: NodeContext, remote: Remote): void {
  const { current, isTesting } = remote.path;
  if (current === undefined || !isCircuit(current.ip) || !isTesting || c.streams.isBlocked) return;
  if (!remote.isEstablished || remote.introduced !== 'member' || c.self.chain?.tier !== 'member') return;
  toPunch(c, { kind: 'wanted', slot: remote.slot });
}

export function onPunchMessage(c: NodeContext, remote: Remote, message: PunchMessage): void {
  const isLarger = compareBytes(c.self.keys.nodeId, remote.nodeId) > 0;
  // Its programs use this node, whose own have not said anything yet: what comes directly is to be looked at from now on.
  if (!remote.path.isTesting) toPath(c, remote, { kind: 'test' });
  toPunch(c, { kind: 'message', slot: remote.slot, message, isLarger });
}

/** For tests, and for whoever wants to know why a path goes through a relay. */
export function punchStatus(c: NodeContext, remote: Remote, now: number): PunchStatus {
  return c.punch.status(remote.slot, now);
}

/** Where no UDP comes through, no NAT is to be opened, neither here nor there. */
const NOWHERE: PunchOwn = {
  addresses: [],
  mapping: 'unknown',
  filtering: 'unknown',
  local: [],
  publicIps: [],
  isMoved: false,
};

/** How this node looks for a remote that wants to open a way to it. */
export function punchOwn(c: NodeContext, slot: number, now: number): PunchOwn {
  if (c.streams.isBlocked) return NOWHERE;
  const { nat, self } = c;
  const remote = c.remotes.at(slot);
  const isColleague = remote !== undefined && c.organisations.isOwn(remote.organisation);
  const views = [nat.view('ipv4'), nat.view('ipv6')];
  const { mapping, filtering } = natStatus(c, 'ipv4');
  const sampled = isHardNat(c) ? c.samples.prediction(now) : undefined;
  const next = sampled === undefined ? [] : nextPorts(sampled.last.ip, sampled.last.port, sampled.step);
  const outside = views.flatMap((view, i) => {
    const told = i === 0 && next.length > 0 ? next : outsideOf(view);
    return [...told, ...nat.seen(i === 0 ? 'ipv4' : 'ipv6')];
  });
  const port = c.config.listenPort;
  const local = self.localAddresses.map((ip): SocketAddress => ({ ip, port }));
  const publicIps = outside.map(({ ip }) => ip);
  // How this host's networks look inside is nobody's business but of those who may be in there too.
  const isInside = isColleague || isBehindSame(remote, publicIps);
  const shown = local.filter(({ ip }) => addressScope(ip) === 'global' || isInside);
  const mapped = self.mapped === undefined ? [] : [self.mapped];
  const all = [...c.config.advertise, ...mapped, ...outside, ...shown].filter(isDialable);
  const addresses = all
    .filter((address, i) => all.findIndex((other) => equalSocketAddress(other, address)) === i)
    .slice(0, PUNCH_ADDRESSES_MAX);
  const { isMoved } = nat.view('ipv4');
  return { addresses, mapping, filtering, local: self.localAddresses, publicIps, isMoved };
}

/** What a view says of where datagrams of this node come from, or will come from next. */
function outsideOf({ mapped, publicIp, prediction }: NatView): SocketAddress[] {
  if (mapped !== undefined) return [mapped];
  if (publicIp === undefined || prediction === undefined) return [];
  return nextPorts(publicIp, prediction.port, prediction.step);
}

function nextPorts(ip: IpAddress, last: number, step: number): SocketAddress[] {
  const ports = Array.from({ length: GUESSES_TOLD }, (_, i) => last + (i + 1) * step);
  return ports.filter((port) => port > 0 && port < 65_536).map((port) => ({ ip, port }));
}

/** Whether this host's NAT gives another port to each remote. */
export function isHardNat(c: NodeContext): boolean {
  const { mapping } = c.nat.view('ipv4');
  return mapping === 'addressDependent' || mapping === 'addressAndPortDependent';
}

/** The remote was heard of at an address that is this node's too. */
function isBehindSame(remote: Remote | undefined, publicIps: readonly IpAddress[]): boolean {
  const known = remote?.path.candidates ?? [];
  return known.some(
    ({ address }) => isIpv4(address.ip) && publicIps.some((ip) => equalBytes(ip, address.ip)),
  );
}

/** Whether a way to the remote leads over that further socket. */
export function isWayOver(c: NodeContext, slot: number, socket: number): boolean {
  const path = c.remotes.at(slot)?.path;
  if (path?.current?.via === socket) return true;
  return path?.candidates.some(({ address, state }) => address.via === socket && state !== 'dead') ?? false;
}

/** Whether the remote proved to be at that IP address, to this node or to a relay. */
export function isHeardFrom(c: NodeContext, slot: number, { ip }: SocketAddress): boolean {
  const remote = c.remotes.at(slot);
  if (remote?.seenIp !== undefined && equalBytes(remote.seenIp, ip)) return true;
  const known = remote?.path.candidates ?? [];
  return known.some((way) => equalBytes(way.address.ip, ip) && way.source === 'proven');
}
