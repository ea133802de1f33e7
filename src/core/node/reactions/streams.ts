// Streams at work: what their machine wants of host and port, and what its events mean to paths.
import {
  addressScope,
  equalSocketAddress,
  isDialable,
  isDiscardOnly,
  type SocketAddress,
} from '../../base/ip.ts';
import { OutboxBuffer } from '../../base/outbox.ts';
import { isStream, streamAddress, streamOf } from '../../base/stream.ts';
import { MINUTE_MS } from '../../base/time.ts';
import type { StreamEvent, StreamInput, StreamSend, StreamWorld } from '../../path/types.ts';
import { type NodeContext, say, TIMER_PINGS, TIMER_STREAMS, toPath, toPunch, toSession } from '../context.ts';
import { directAddress } from '../known.ts';
import type { Remote } from '../remotes.ts';

/** Peers that are asked for a sign of life when it is in doubt whether UDP works. */
const ASKED_MAX = 3;

/** `input` undefined: its timer is due. */
export function feedStreams(c: NodeContext, input: StreamInput | undefined, now: number): void {
  const out = new OutboxBuffer<StreamSend, StreamEvent>();
  if (input === undefined) c.streams.onTimer(now, out);
  else c.streams.handle(input, now, out);
  for (const send of out.sends) {
    if (send.kind === 'dial') c.out.events.push(send);
    else c.out.commands.push({ kind: 'closeStream', stream: send.stream });
  }
  for (const event of out.events) onEvent(c, event, now);
  c.timers.set(TIMER_STREAMS, c.streams.wakeAt);
}

function onEvent(c: NodeContext, event: StreamEvent, now: number): void {
  if (event.kind === 'doubt') {
    askPeers(c, now);
    return;
  }
  if (event.kind === 'silent') {
    for (const remote of c.remotes.values()) {
      if (remote.isEstablished && directAddress(remote) !== undefined && c.relayUse.isUsed(remote.slot))
        toSession(c, remote, { kind: 'rekey' });
    }
    return;
  }
  if (event.kind === 'changed') {
    c.roleChanged = true;
    toPunch(c, { kind: 'changed' });
    c.out.events.push({ kind: 'udpBlocked', isBlocked: c.streams.isBlocked });
    return;
  }
  const remote = c.remotes.at(event.slot);
  if (remote === undefined) return;
  switch (event.kind) {
    case 'way':
      toPath(c, remote, { kind: 'candidate', address: streamAddress(event.stream), source: 'stream' });
      if (!remote.isEstablished) toSession(c, remote, { kind: 'connect' });
      return;
    case 'wayGone': {
      const isInUse = isOver(remote, event.stream) && remote.isEstablished;
      toPath(c, remote, { kind: 'candidateGone', address: streamAddress(event.stream) });
      // Who is reached through it is to be reached again at once.
      const { slot } = remote;
      if (isInUse && (c.relayUse.isUsed(slot) || c.relayDesk.serves(slot)))
        toSession(c, remote, { kind: 'rekey' });
      return;
    }
    case 'tryUdp':
      if (remote.path.current !== undefined && isStream(remote.path.current.ip))
        toPath(c, remote, { kind: 'test' });
      return;
  }
}

/** Those with a direct path say whether anything comes through. */
function askPeers(c: NodeContext, now: number): void {
  let asked = 0;
  for (const remote of c.remotes.values()) {
    if (!remote.isEstablished || remote.introduced !== 'member') continue;
    if (directAddress(remote) === undefined || ++asked > ASKED_MAX) continue;
    const ping = c.pings.begin(remote, undefined, now, true);
    say(c, remote, { kind: 'ping', id: ping.id });
  }
  c.timers.set(TIMER_PINGS, c.pings.wakeAt);
}

/** An initiation went to these addresses of the remote. */
export function noteAsked(c: NodeContext, remote: Remote, to: readonly SocketAddress[], now: number): void {
  const ways = to.filter(({ ip }) => !isDiscardOnly(ip));
  if (ways.length === 0) return;
  // Who is reached through relays is behind a NAT, as it says.
  const isHidden = remote.relays.length > 0 && !remote.isCore;
  const addresses = isHidden ? [] : remote.path.candidates.map(({ address }) => address).filter(isDialable);
  feedStreams(c, { kind: 'asked', slot: remote.slot, isPublic: ways.some(isPublic), addresses }, now);
}

/** The path of a remote leads to another address. */
export function noteWay(c: NodeContext, remote: Remote, to: SocketAddress, now: number): void {
  if (isStream(to.ip)) feedStreams(c, { kind: 'taken', stream: streamOf(to), slot: remote.slot }, now);
}

/** Something authenticated came from there, as an answer. */
export function noteHeard(c: NodeContext, from: SocketAddress, now: number): void {
  if (!isDiscardOnly(from.ip)) feedStreams(c, { kind: 'heard', isPublic: isPublic(from) }, now);
}

function isPublic({ ip }: SocketAddress): boolean {
  return addressScope(ip) === 'global';
}

/** What the machine asks of the node. `context`: not asked before there is one. */
export function streamWorld(context: () => NodeContext): StreamWorld {
  return {
    heardAt(isOnlyPublic) {
      const c = context();
      let at = Number.NEGATIVE_INFINITY;
      for (const remote of c.remotes.values()) {
        const address = remote.isEstablished ? directAddress(remote) : undefined;
        if (address !== undefined && (isPublic(address) || !isOnlyPublic))
          at = Math.max(at, c.tables.activity.heardOnPathMs[remote.slot]);
      }
      return at;
    },
    isUsed(slot, stream) {
      const c = context();
      const remote = c.remotes.at(slot);
      if (remote === undefined || !remote.isEstablished || !isOver(remote, stream)) return false;
      if (c.relayUse.isUsed(slot) || c.relayDesk.serves(slot)) return true;
      const now = c.wallNow - c.wallOffsetMs;
      return now - Math.max(c.remotes.lastTraffic(remote), c.tables.activity.lastHeardMs[slot]) < MINUTE_MS;
    },
  };
}

function isOver({ path }: Remote, stream: number): boolean {
  return path.current !== undefined && equalSocketAddress(path.current, streamAddress(stream));
}
