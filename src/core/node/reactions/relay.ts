// Relays at work: what the two relay machines want of sessions and port, and what their events mean to paths and records.
import { compareBytes, readU16LE } from '../../base/bytes.ts';
import { circuitAddress } from '../../base/circuit.ts';
import { equalSocketAddress, isDialable, isIpv4, type SocketAddress, withoutVia } from '../../base/ip.ts';
import { OutboxBuffer } from '../../base/outbox.ts';
import type { RelayDeskInput, RelaySend, RelayUseEvent, RelayUseInput } from '../../path/types.ts';
import { KEEPALIVE_ANSWER, KEEPALIVE_ASK, NUMBER_OF_LARGER, NUMBER_OF_RELAY } from '../../wire/limits.ts';
import type { ReachMessage } from '../../wire/types.ts';
import { sayOrConnect } from '../contacts.ts';
import {
  type NodeContext,
  say,
  TIMER_RELAY_DESK,
  TIMER_RELAY_USE,
  toPath,
  toRelayDesk,
  toRelayUse,
  toSession,
} from '../context.ts';
import { isGuest, mayBeRelayed } from '../guests.ts';
import { meetNode } from '../known.ts';
import { samplePorts } from '../port-samples.ts';
import { isHardNat } from '../punching.ts';
import { noteSent, tellRole } from '../reach.ts';
import { beginCall } from '../relay-calls.ts';
import { feedRelayTrials } from '../relay-trials.ts';
import type { Remote } from '../remotes.ts';

export type RelayMessage = Exclude<
  ReachMessage,
  { kind: 'pathChallenge' | 'pathResponse' | 'punch' | 'relayCall' }
>;

/** `input` undefined: its timer is due. */
export function feedRelayDesk(c: NodeContext, input: RelayDeskInput | undefined, now: number): void {
  const out = new OutboxBuffer<RelaySend, never>();
  if (input === undefined) c.relayDesk.onTimer(now, out);
  else c.relayDesk.handle(input, now, out);
  for (const send of out.sends) onSend(c, send);
  c.timers.set(TIMER_RELAY_DESK, c.relayDesk.wakeAt);
}

/** `input` undefined: its timer is due. */
export function feedRelayUse(c: NodeContext, input: RelayUseInput | undefined, now: number): void {
  const out = new OutboxBuffer<RelaySend, RelayUseEvent>();
  if (input === undefined) c.relayUse.onTimer(now, out);
  else c.relayUse.handle(input, now, out);
  for (const send of out.sends) onSend(c, send);
  for (const event of out.events) onEvent(c, event, now);
  c.timers.set(TIMER_RELAY_USE, c.relayUse.wakeAt);
}

function onSend(c: NodeContext, send: RelaySend): void {
  const { commands } = c.out;
  switch (send.kind) {
    case 'say': {
      const remote = c.remotes.at(send.slot);
      if (remote !== undefined) sayOrConnect(c, remote, send.message);
      return;
    }
    case 'forward': {
      const { slot, number, toSlot, toLeg, toNumber } = send;
      commands.push({ kind: 'setForward', slot, number, toSlot, toLeg, toNumber });
      return;
    }
    case 'circuit':
      commands.push({ kind: 'setCircuit', slot: send.slot, number: send.number, toLeg: send.toLeg });
      return;
    case 'ends':
      tellEnds(c, send.slots);
      return;
    case 'clear':
      commands.push({ kind: 'clearCircuit', slot: send.slot, number: send.number });
      return;
    case 'keepalive':
      noteSent(c, c.remotes.at(send.slot)?.path.current);
      commands.push(send);
      return;
  }
}

function onEvent(c: NodeContext, event: RelayUseEvent, now: number): void {
  if (event.kind === 'kept') {
    const isNews =
      event.slots.length !== c.relaysKept.length || event.slots.some((slot, i) => slot !== c.relaysKept[i]);
    c.relaysKept = event.slots;
    if (isNews) tellRole(c);
    feedRelayTrials(c, { kind: 'kept', slots: event.granted }, now);
    return;
  }
  if (event.kind === 'silent') {
    const relay = c.remotes.at(event.slot);
    // New keys, or it is gone: and it learns where this node is now.
    if (relay !== undefined) toSession(c, relay, { kind: 'rekey' });
    return;
  }
  const remote = c.remotes.at(event.remote);
  if (remote === undefined) return;
  const address = circuitAddress(event.slot, event.number);
  if (event.kind === 'wayGone') {
    toPath(c, remote, { kind: 'candidateGone', address });
    return;
  }
  toPath(c, remote, { kind: 'candidate', address, source: 'circuit' });
  if (!event.isOwn) feedRelayTrials(c, { kind: 'offered', relay: event.slot }, now);
  // Of a call that only tries the relay nothing follows.
  if (beginCall(c, remote, address) || c.relayTrials.isAsked(remote.slot)) return;
  // Both sides are about to be asked where they are.
  if (isHardNat(c)) samplePorts(c, now);
}

/**
 * Nothing of it is proven but that it came from the address of the session. It is answered with as many bytes, and an answer only
 * says that somebody still knows this node.
 */
export function onKeepalive(c: NodeContext, header: Uint8Array, from: SocketAddress, now: number): void {
  const slot = readU16LE(header, 1);
  const number = readU16LE(header, 3);
  const remote = c.remotes.at(slot);
  const isFrom = remote?.path.current !== undefined && equalSocketAddress(remote.path.current, from);
  if (!isFrom) {
    c.drops.count('pathAddress');
  } else if ((number & KEEPALIVE_ANSWER) !== 0) {
    feedRelayUse(c, { kind: 'answered', slot }, now);
  } else if ((number & KEEPALIVE_ASK) !== 0 && c.relayDesk.serves(slot)) {
    const leg = number & ~(KEEPALIVE_ASK | KEEPALIVE_ANSWER);
    c.out.commands.push({ kind: 'keepalive', slot, leg, number: KEEPALIVE_ANSWER | slot });
  }
}

/** A peer says that it relays. */
export function onRelayTold(c: NodeContext, { slot, nodeId, introduced }: Remote, leg: number): void {
  const isLarger = compareBytes(c.self.keys.nodeId, nodeId) > 0;
  if (introduced === 'member') toRelayUse(c, { kind: 'told', slot, leg, isLarger });
}

/** What a neighbour says about relaying, at either end. */
export function onRelayMessage(c: NodeContext, remote: Remote, message: RelayMessage, now: number): void {
  const { slot } = remote;
  const isLarger = compareBytes(c.self.keys.nodeId, remote.nodeId) > 0;
  switch (message.kind) {
    case 'relayRequest': {
      const isColleague = c.organisations.isOwn(remote.organisation);
      const { leg, inward } = message;
      // A guest relays nothing, and is let in to others, but not reached.
      if (isGuest(c) || (remote.introduced === 'guest' && !mayBeRelayed(c, remote, inward))) {
        c.drops.count('guestNotAllowed');
        say(c, remote, { kind: 'relayRefusal', code: 'notOffered' });
        return;
      }
      toRelayDesk(c, { kind: 'request', slot, leg, isInward: inward, isColleague, isLarger });
      return;
    }
    case 'circuitOpen': {
      const target = c.remotes.get(message.nodeId)?.slot;
      toRelayDesk(c, { kind: 'open', slot, nodeId: remote.nodeId, number: message.number, target });
      return;
    }
    case 'circuitClose': {
      const { number } = message;
      // Who chose the number tells whose circuit it is.
      const isMine = ((number & NUMBER_OF_LARGER) !== 0) === isLarger;
      const isOfRelay = (number & NUMBER_OF_RELAY) !== 0;
      if (isMine === isOfRelay) toRelayDesk(c, { kind: 'close', slot, number });
      else toRelayUse(c, { kind: 'closed', slot, number, isUngranted: message.code === 'noGrant' });
      return;
    }
    case 'circuitEnd':
      onCircuitEnd(c, remote, message.nodeId, message.address);
      return;
    case 'relayGrant': {
      const { leg, seconds, inward: isInward } = message;
      toRelayUse(c, { kind: 'granted', slot, leg, seconds, isInward, isLarger });
      return;
    }
    case 'relayRefusal':
      toRelayUse(c, { kind: 'refused', slot });
      return;
    case 'circuitOffer': {
      const opener = openerOf(c, remote, message.nodeId, now);
      if (opener !== undefined)
        toRelayUse(c, { kind: 'offered', slot, number: message.number, remote: opener.slot });
      return;
    }
  }
}

/** Where the ends of a circuit are, as they proved: what they then say of themselves can be believed. */
function tellEnds(c: NodeContext, slots: readonly [number, number]): void {
  const [one, other] = slots.map((slot) => c.remotes.at(slot));
  if (one === undefined || other === undefined) return;
  for (const [to, end] of [
    [one, other],
    [other, one],
  ]) {
    if (!to.isEstablished) continue;
    for (const address of provenOf(end)) say(c, to, { kind: 'circuitEnd', nodeId: end.nodeId, address });
  }
}

/** One of each family, the newest. */
function provenOf({ path }: Remote): SocketAddress[] {
  const proven = path.candidates
    .filter(({ source, address }) => source === 'proven' && isDialable(address))
    .sort((a, b) => b.provenAt - a.provenAt)
    .map(({ address }) => withoutVia(address));
  return [true, false].flatMap((isFour) => proven.find(({ ip }) => isIpv4(ip) === isFour) ?? []);
}

/** Only relays that this node asked are believed. */
function onCircuitEnd(c: NodeContext, relay: Remote, nodeId: Uint8Array, { ip }: SocketAddress): void {
  const end = c.remotes.get(nodeId);
  if (!c.relayUse.knows(relay.slot) || end === relay) c.drops.count('controlUnexpected');
  else if (end !== undefined && isIpv4(ip)) end.seenIp = ip;
}

/** Whoever a relay says wants to reach this node; undefined: a stranger for whom there is no room. */
function openerOf(c: NodeContext, relay: Remote, nodeId: Uint8Array, now: number): Remote | undefined {
  const opener = meetNode(c, relay, nodeId, now);
  if (opener === undefined || opener === relay) return undefined;
  return opener;
}
