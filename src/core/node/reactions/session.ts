// What the session with a remote wants of the port, and what its events mean to the others.

import { NONE, REMOTE_ESTABLISHED, REMOTE_GUEST, REMOTE_MEMBER } from '../../addressing/types.ts';
import { EMPTY } from '../../base/bytes.ts';
import { circuitOf, isCircuit } from '../../base/circuit.ts';
import { formatSocketAddress, type SocketAddress } from '../../base/ip.ts';
import { isStream, streamOf } from '../../base/stream.ts';
import { NEVER } from '../../base/time.ts';
import type { StreamView } from '../../path/types.ts';
import { addressed } from '../../session/session.ts';
import type { SessionCommand, SessionEvent, SessionInput } from '../../session/types.ts';
import { REJECT_AFTER_MESSAGES, REKEY_AFTER_MESSAGES } from '../../wire/limits.ts';
import { decodeControlBody, WireError } from '../../wire/wire.ts';
import { giveUpWaiting, sendWaiting } from '../contacts.ts';
import {
  type NodeContext,
  say,
  toDht,
  toPath,
  toRelayDesk,
  toRelayUse,
  toRenewal,
  toSession,
} from '../context.ts';
import { becomeGuest } from '../guests.ts';
import { sendInitiation } from '../initiations.ts';
import { becomeMember, directAddress } from '../known.ts';
import { noteScope, noteSent, tellRecord } from '../reach.ts';
import { callCircuit, repeatCall } from '../relay-calls.ts';
import { feedRelayTrials } from '../relay-trials.ts';
import { keepReachable, reachThroughRelays, seekAgain } from '../relaying.ts';
import { type Introduction, JOINERS_MAX, type Remote } from '../remotes.ts';
import { tellWhy } from '../revoking.ts';
import type { PathView } from '../types.ts';
import { onDhtMessage, seen } from './dht.ts';
import { tellPeer } from './discovery.ts';

export function onSessionCommand(c: NodeContext, remote: Remote, command: SessionCommand, now: number): void {
  const { remotes, receiveKeys, sendKeys } = c.tables;
  const { slot } = remote;
  switch (command.kind) {
    case 'datagram':
      if (command.to === undefined) {
        const circuit = callCircuit(c, remote, now);
        if (circuit !== undefined) {
          sendInitiation(c, [circuit], command.bytes, now);
          repeatCall(c, remote);
          return;
        }
        const purpose = remote.isWanted ? 'wanted' : 'told';
        toPath(
          c,
          remote,
          { kind: 'initiation', purpose: remote.isCalled ? 'calls' : purpose },
          command.bytes,
        );
        // Whether it is reached without a relay is what a call is to show.
        if (remote.isCalled) return;
        reachThroughRelays(c, remote, now);
        seekAgain(c, remote, now);
      } else {
        noteSent(c, command.to);
        const datagram = addressed(command.bytes, c.wayTokens.of(command.to, now));
        c.out.commands.push({ kind: 'raw', to: command.to, datagram });
      }
      return;
    case 'setReceiveKey':
      receiveKeys.set(command.slot, slot, false, command.index);
      c.out.commands.push({ ...command, group: slot });
      return;
    case 'clearReceiveKey':
      receiveKeys.clear(command.slot);
      if (remotes.receiveKey[slot] === command.slot) remotes.receiveKey[slot] = NONE;
      c.out.commands.push(command);
      return;
    case 'setSendKey':
      sendKeys.set(command.slot, command.index);
      c.out.commands.push(command);
      return;
    case 'clearSendKey':
      c.out.commands.push(command);
      return;
    case 'useSendKey':
      remotes.sendKey[slot] = command.slot;
      remotes.nextCounter[slot] = 0;
      remotes.counterLimit[slot] = REJECT_AFTER_MESSAGES;
      remotes.rekeyAtCounter[slot] = c.config.rekeyAfterMessages ?? REKEY_AFTER_MESSAGES;
      remotes.rekeyAtMs[slot] = NEVER;
      remotes.refuseAtMs[slot] = now + c.sessions.limits.refuseAfterMs;
      remotes.flags[slot] |= REMOTE_ESTABLISHED;
      remote.isEstablished = true;
      return;
    case 'stopSending':
      remotes.clearSession(slot);
      remote.unsaid.length = 0;
      remote.isEstablished = false;
      return;
    case 'empty':
      c.work.push({ kind: 'empty', remote });
      return;
  }
}

/** `input`: what the session was told when it said this; `from`: where that came from, or where the remote proved to receive. */
export function onSessionEvent(
  c: NodeContext,
  remote: Remote,
  event: SessionEvent<Introduction>,
  input: SessionInput<Introduction> | undefined,
  from: SocketAddress | undefined,
  now: number,
): void {
  switch (event.kind) {
    case 'established':
      onEstablished(c, remote, event, from, now);
      feedRelayTrials(
        c,
        event.role === 'responder' ? { kind: 'confirmed', caller: remote.slot } : { kind: 'met' },
        now,
      );
      return;
    case 'confirmed':
      if (input?.kind === 'confirmed') c.tables.remotes.receiveKey[remote.slot] = input.receiveSlot;
      return;
    case 'rekeyDue':
      c.tables.remotes.rekeyAtMs[remote.slot] = now;
      return;
    case 'failed':
      onFailed(c, remote, event, now);
      return;
    case 'expired':
      remote.introduced = undefined;
      toPath(c, remote, { kind: 'lost' });
      tellDown(c, remote, 'idle');
      return;
    case 'dropped':
      c.drops.count(event.reason);
      return;
  }
}

function onEstablished(
  c: NodeContext,
  remote: Remote,
  event: Extract<SessionEvent<Introduction>, { kind: 'established' }>,
  from: SocketAddress | undefined,
  now: number,
): void {
  const { introduction } = event;
  const isNewIntroduction = remote.introduced !== introduction.kind;
  remote.introduced = introduction.kind;
  remote.lapsed = introduction.kind === 'renewing' ? introduction.chain : undefined;
  remote.isTold = false;
  remote.handshakeHash = event.handshakeHash;
  if (introduction.kind === 'member') {
    becomeMember(c, remote, introduction.chain, now);
    seen(c, remote);
    tellPeer(c, remote);
    sendWaiting(c, remote, answeredEarly(c, remote, event.early));
    toRelayUse(c, { kind: 'up', slot: remote.slot });
    toRenewal(c, { kind: 'established', nodeId: remote.nodeId });
  } else if (introduction.kind === 'guest') {
    if (!becomeGuest(c, remote, introduction.chain, now)) {
      c.drops.count('sessionTableFull');
      closeSession(c, remote, 'full');
      return;
    }
  } else {
    c.tables.remotes.flags[remote.slot] &= ~(REMOTE_MEMBER | REMOTE_GUEST);
    // Where joiners have no place left it stays among the pending, with less time to be admitted, and pushes out nobody.
    if (remote.kind === 'pending' && c.remotes.countOf('joiner') < JOINERS_MAX)
      c.remotes.setKind(remote, 'joiner');
  }
  if (introduction.kind === 'member' || introduction.kind === 'guest')
    c.work.push({ kind: 'introduced', remote, head: introduction.revocationHead });
  c.toRelease.add(remote);
  if (introduction.kind === 'joiner' && introduction.revoked) {
    tellWhy(c, remote);
    return;
  }
  const current = directAddress(remote);
  if (current !== undefined) c.out.events.push({ kind: 'askRouteMtu', to: current, path: remote.slot });
  const { handshakeHash } = event;
  if (c.join !== undefined) {
    c.work.push({ kind: 'join', input: { kind: 'established', nodeId: remote.nodeId, handshakeHash } });
  }
  const isRekey = !event.first && !isNewIntroduction;
  const { nodeId, name } = remote;
  // The path is about to be told that it leads there.
  const path = from === undefined ? pathOf(c, remote) : viewOf(c, remote, from);
  c.out.events.push({ kind: 'peerUp', nodeId, name, path, rekey: isRekey });
  if (!isRekey) {
    if (c.self.chain !== undefined && introduction.kind === 'member') introduce(c, remote, now);
    // What it has to know of this node: whether it serves, and relays.
    if (introduction.kind === 'guest') tellRecord(c, remote);
  }
  for (const ping of c.pings.unsent(remote, now)) say(c, remote, { kind: 'ping', id: ping.id });
}

/** Takes up what the handshake itself answered; the ID of that question. */
function answeredEarly(c: NodeContext, remote: Remote, early: Uint8Array): number | undefined {
  if (early.length === 0) return undefined;
  try {
    const message = decodeControlBody(early);
    if (message.kind === 'dhtAnswer') {
      onDhtMessage(c, remote, message);
      return message.id;
    }
    c.drops.count('controlUnexpected');
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    c.drops.count('controlMalformed');
  }
  return undefined;
}

/** What two members tell each other first: how far they are apart, where they are reached. */
function introduce(c: NodeContext, remote: Remote, now: number): void {
  c.pings.begin(remote, undefined, now, false);
  noteScope(c, remote);
  tellRecord(c, remote);
  keepReachable(c, now);
}

function onFailed(
  c: NodeContext,
  remote: Remote,
  event: Extract<SessionEvent<Introduction>, { kind: 'failed' }>,
  now: number,
): void {
  remote.hasFailed = true;
  toPath(c, remote, { kind: 'failed', hasKeys: event.rekey });
  if (event.reason !== 'timeout') {
    if (event.reason !== 'unconfirmed' && event.reason !== 'noSlot') c.drops.count(event.reason);
    c.out.events.push({ kind: 'handshakeFailed', nodeId: remote.nodeId, reason: event.reason });
  }
  if (event.rekey) {
    // The keys in use are in doubt: the next data to be sent asks for others.
    if (event.reason === 'unconfirmed') c.tables.remotes.rekeyAtMs[remote.slot] = now;
    return;
  }
  giveUpWaiting(c, remote);
  toRenewal(c, { kind: 'refused', nodeId: remote.nodeId });
  if (c.relayUse.knows(remote.slot)) toRelayUse(c, { kind: 'gone', slot: remote.slot });
  c.engine.forget(remote.slot);
  for (const ping of c.pings.lost(now, remote)) {
    if (ping.requestId === undefined) continue;
    const result = { nodeId: remote.nodeId, rttMs: undefined, path: undefined };
    c.out.events.push({ kind: 'pingReply', requestId: ping.requestId, result });
  }
  if (c.join !== undefined)
    c.work.push({ kind: 'join', input: { kind: 'unreachable', nodeId: remote.nodeId } });
  if (remote.kind === 'pending') c.work.push({ kind: 'forget', remote });
}

/** All keys are given up, by a message of the remote or by this node. */
export function closeSession(c: NodeContext, remote: Remote, reason: string): void {
  if (remote.session === undefined) return;
  if (remote.isEstablished) tellDown(c, remote, reason);
  remote.hasFailed = true;
  remote.introduced = undefined;
  remote.handshakeHash = EMPTY;
  toSession(c, remote, { kind: 'close' });
  toPath(c, remote, { kind: 'lost' });
  if (remote.kind === 'pending' || remote.kind === 'joiner') c.work.push({ kind: 'forget', remote });
}

function tellDown(c: NodeContext, remote: Remote, reason: string): void {
  toDht(c, { kind: 'gone', nodeId: remote.nodeId });
  if (reason !== 'idle') dropRelays(c, remote);
  c.out.events.push({ kind: 'peerDown', nodeId: remote.nodeId, name: remote.name, reason });
}

/** A node that closed its session relays no longer, and is relayed no longer. */
function dropRelays(c: NodeContext, { slot }: Remote): void {
  toRelayDesk(c, { kind: 'gone', slot });
  toRelayUse(c, { kind: 'gone', slot });
}

export function pathOf(c: NodeContext, remote: Remote): PathView {
  const { current } = remote.path;
  return current === undefined
    ? { kind: 'direct', remote: '', transport: 'udp' }
    : viewOf(c, remote, current);
}

function viewOf(c: NodeContext, { path }: Remote, address: SocketAddress): PathView {
  const stream = streamAt(c, address);
  const carrier = isCircuit(address.ip) ? c.remotes.at(circuitOf(address).slot)?.path.current : undefined;
  const { transport = 'udp' } = stream ?? (carrier === undefined ? {} : (streamAt(c, carrier) ?? {}));
  return { kind: path.kindAt(address), remote: formatSocketAddress(stream?.remote ?? address), transport };
}

/** undefined: it is the address of no stream that is open. */
function streamAt(c: NodeContext, address: SocketAddress): StreamView | undefined {
  return isStream(address.ip) ? c.streams.view(streamOf(address)) : undefined;
}
