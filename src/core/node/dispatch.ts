// The switchboard: datagrams to machines, and what machines say to the machines it concerns.

import { NONE } from '../addressing/types.ts';
import { DatagramType } from '../base/batch-layout.generated.ts';
import { EMPTY } from '../base/bytes.ts';
import { circuitOf, isCircuit } from '../base/circuit.ts';
import { isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { OutboxBuffer } from '../base/outbox.ts';
import { classifyAnswer, returnedTokenOf, Session, wayTokenOf } from '../session/session.ts';
import type { OpenedInitiation, SessionCommand, SessionEvent, SessionInput } from '../session/types.ts';
import {
  type NodeContext,
  pathTimer,
  sessionTimer,
  TIMER_JOIN,
  TIMER_SAY,
  TIMER_TIDY,
  toPath,
  toRelayUse,
  toSession,
  type Work,
} from './context.ts';
import { sendControl, sendEmpty, sendTo } from './control.ts';
import { feedEpochs, onEpochsFound, onSignersRevoked, wantEpochs } from './epochs.ts';
import { evict } from './evict.ts';
import { provenBy } from './proofs.ts';
import { considerPunch, feedPunch } from './punching.ts';
import { noteTalk, onInitiated } from './reach.ts';
import { onJoinEvent } from './reactions/consortium.ts';
import { feedDht } from './reactions/dht.ts';
import { feedDiscovery, tellState } from './reactions/discovery.ts';
import { feedDns } from './reactions/dns.ts';
import { onPathEvent } from './reactions/path.ts';
import { feedRelayDesk, feedRelayUse, onKeepalive } from './reactions/relay.ts';
import { feedRenewal } from './reactions/renewal.ts';
import { onIntroduced } from './reactions/revocation.ts';
import { closeSession, onSessionCommand, onSessionEvent } from './reactions/session.ts';
import { feedStreams, noteHeard } from './reactions/streams.ts';
import { endCall } from './relay-calls.ts';
import { feedRelayTrials } from './relay-trials.ts';
import { type Introduction, needsPunch, type Remote } from './remotes.ts';

/** ms after which strangers that proved nothing are looked for. */
export const TIDY_MS = 10_000;

/** A datagram without a key of ours: handshake, cookie, a keepalive with a question. */
export function onRaw(c: NodeContext, datagram: Uint8Array, from: SocketAddress, now: number): void {
  if (!isDiscardOnly(from.ip) && !c.paths.isOuter(from)) {
    c.drops.count('pathAddress');
    return;
  }
  if (datagram[0] === DatagramType.relayed) onKeepalive(c, datagram, from, now);
  else if (datagram[0] === DatagramType.initiation) onInitiation(c, datagram, from, now);
  else onAnswer(c, datagram, from);
}

function onInitiation(c: NodeContext, datagram: Uint8Array, from: SocketAddress, now: number): void {
  const verdict = c.gate.handle(datagram, from, now);
  switch (verdict.kind) {
    case 'drop':
      c.drops.count(verdict.reason);
      return;
    case 'challenge':
      c.out.commands.push({ kind: 'raw', to: from, datagram: verdict.datagram });
      return;
    case 'opened': {
      const remote = remoteFor(c, verdict.initiation, now);
      // Who is no member, or repeats what a member said, could say that it is anywhere.
      const { introduction, freshness } = verdict.initiation;
      if (freshness !== 'repeated') onInitiated(c, from, introduction.kind === 'member', now);
      if (remote !== undefined && introduction.kind === 'member' && freshness !== 'repeated') {
        takeOffered(c, remote, from);
        const relay = isCircuit(from.ip) ? circuitOf(from).slot : undefined;
        feedRelayTrials(c, { kind: 'arrived', caller: remote.slot, relay }, now);
      }
      if (remote === undefined) c.drops.count('sessionTableFull');
      else toSession(c, remote, { kind: 'initiation', initiation: verdict.initiation }, from);
      return;
    }
  }
}

/**
 * A relay that has to make new keys with this node before it can offer a circuit is overtaken by the initiation that comes through it,
 * which says as well whose the circuit is.
 */
function takeOffered(c: NodeContext, remote: Remote, from: SocketAddress): void {
  if (!isCircuit(from.ip)) return;
  const { slot, number } = circuitOf(from);
  if (c.relayUse.expects(slot, number)) toRelayUse(c, { kind: 'offered', slot, number, remote: remote.slot });
}

/** The remote that an initiation is of; a stranger gets a place among those that proved nothing, whatever it says it is. */
function remoteFor(
  c: NodeContext,
  initiation: OpenedInitiation<Introduction>,
  now: number,
): Remote | undefined {
  const known = c.remotes.get(initiation.nodeId);
  if (known !== undefined) return known;
  const inTheWay = c.remotes.inTheWay('pending', now);
  if (inTheWay === 'full') return undefined;
  if (inTheWay !== undefined) {
    evict(c, inTheWay);
    pump(c, now);
  }
  if (c.timers.get(TIMER_TIDY) === undefined) c.timers.set(TIMER_TIDY, now + TIDY_MS);
  return c.remotes.add(initiation.nodeId, 'pending', now);
}

function onAnswer(c: NodeContext, datagram: Uint8Array, from: SocketAddress): void {
  const verdict = classifyAnswer(datagram);
  if (verdict.kind === 'drop') {
    c.drops.count(verdict.reason);
    return;
  }
  const owner = c.receiveSlots.ownerOf(verdict.receiverIndex & 0xffff);
  const remote = owner === undefined ? undefined : c.remotes.find(owner);
  const token = verdict.kind === 'response' ? returnedTokenOf(datagram) : undefined;
  if (remote === undefined) c.drops.count('unknownReceiverIndex');
  else toSession(c, remote, { kind: verdict.kind, datagram }, from, token);
}

/** Does all work there is, and what follows from it. */
export function pump(c: NodeContext, now: number): void {
  for (let work = c.work.shift(); work !== undefined; work = c.work.shift()) step(c, work, now);
}

function step(c: NodeContext, work: Work, now: number): void {
  if (
    (c.isSealing || c.engine.isReleasing) &&
    (work.kind === 'say' || work.kind === 'sayTo' || work.kind === 'empty' || work.kind === 'relayUse')
  ) {
    // What opens a circuit is said before anything is sent through it.
    c.toSay.push(work);
    // In a turn of its own: while rows are to be released, a timer that is due now would fire before they are.
    c.timers.set(TIMER_SAY, c.isSealing ? now : now + 1);
    return;
  }
  switch (work.kind) {
    case 'session':
      feedSession(c, work.remote, work.input, work.from, work.token, now);
      return;
    case 'path':
      feedPath(c, work.remote, work.input, work.datagram, now);
      return;
    case 'join':
      c.join?.machine.handle(work.input, now, { emit: (event) => onJoinEvent(c, event, now) });
      c.timers.set(TIMER_JOIN, c.join?.machine.wakeAt ?? Number.POSITIVE_INFINITY);
      return;
    case 'renewal':
      feedRenewal(c, work.input, now);
      return;
    case 'epochs':
      feedEpochs(c, work.input, now);
      return;
    case 'epochsWanted':
      wantEpochs(c, work.organisation, work.isUrgent, now);
      return;
    case 'epochsFound':
      onEpochsFound(c, work.organisation, work.result, now);
      return;
    case 'signersRevoked':
      onSignersRevoked(c);
      return;
    case 'say':
      sendControl(c, work.remote, work.message, work.isDurable);
      return;
    case 'sayTo':
      sendTo(c, work.remote, work.plaintext, work.to, work.ttl);
      return;
    case 'introduced':
      onIntroduced(c, work.remote, work.head, now);
      return;
    case 'closed':
      closeSession(c, work.remote, work.reason);
      return;
    case 'empty':
      sendEmpty(c, work.remote);
      return;
    case 'dht':
      feedDht(c, work.input, now);
      return;
    case 'discovery':
      feedDiscovery(c, work.input, now);
      return;
    case 'dns':
      feedDns(c, work.input, now);
      return;
    case 'relayDesk':
      feedRelayDesk(c, work.input, now);
      return;
    case 'relayUse':
      feedRelayUse(c, work.input, now);
      return;
    case 'punch':
      feedPunch(c, work.input, now);
      return;
    case 'forget':
      forget(c, work.remote, now);
      return;
  }
}

type SessionOut = OutboxBuffer<SessionCommand, SessionEvent<Introduction>>;

function feedSession(
  c: NodeContext,
  remote: Remote,
  input: SessionInput<Introduction>,
  from: SocketAddress | undefined,
  token: Uint8Array | undefined,
  now: number,
): void {
  if (c.remotes.find(remote.key) !== remote) return;
  remote.session ??= new Session(c.sessions, remote.nodeId);
  const { session } = remote;
  const out: SessionOut = new OutboxBuffer();
  session.handle(input, now, out);
  // The path first: what the session says next goes over it.
  const isConfirmed = out.events.some(({ kind }) => kind === 'established' || kind === 'confirmed');
  const at = isConfirmed && from !== undefined ? takePath(c, remote, input, from, token, now) : from;
  drainSession(c, remote, session, out, input, at, now);
}

/** A session stands: gives where its datagrams go, unless that is not proven. */
function takePath(
  c: NodeContext,
  remote: Remote,
  input: SessionInput<Introduction>,
  from: SocketAddress,
  token: Uint8Array | undefined,
  now: number,
): SocketAddress {
  if (endCall(c, remote, from, now)) {
    // Data goes where it went before, and nothing is to come from there.
    remote.wayToken = EMPTY;
    return remote.path.current ?? from;
  }
  remote.wayToken = input.kind === 'response' ? wayTokenOf(input.datagram).slice() : EMPTY;
  const address = token === undefined ? undefined : provenBy(c, remote, token, from, now);
  if (address === undefined) toPath(c, remote, { kind: 'confirmed', address: from });
  else toPath(c, remote, { kind: 'established', address });
  noteHeard(c, from, now);
  return address ?? from;
}

export function onSessionTimer(c: NodeContext, remote: Remote, now: number): void {
  const { session } = remote;
  if (session === undefined) return;
  const out: SessionOut = new OutboxBuffer();
  session.onTimer(now, out);
  drainSession(c, remote, session, out, undefined, undefined, now);
}

function drainSession(
  c: NodeContext,
  remote: Remote,
  session: Session<Introduction>,
  out: SessionOut,
  input: SessionInput<Introduction> | undefined,
  from: SocketAddress | undefined,
  now: number,
): void {
  for (const command of out.sends) onSessionCommand(c, remote, command, now);
  for (const event of out.events) onSessionEvent(c, remote, event, input, from, now);
  c.timers.set(sessionTimer(remote.slot), session.wakeAt);
}

function feedPath(
  c: NodeContext,
  remote: Remote,
  input: Parameters<Remote['path']['handle']>[0],
  datagram: Uint8Array | undefined,
  now: number,
): void {
  if (c.remotes.find(remote.key) !== remote) return;
  if (input.kind === 'heard' || input.kind === 'established' || input.kind === 'confirmed') noteLife(remote);
  noteTraffic(c, remote);
  const { isTesting, current } = remote.path;
  remote.path.handle(input, now, { emit: (event) => onPathEvent(c, remote, event, datagram, now) });
  if (current !== remote.path.current) noteTalk(c, remote, now, undefined, current);
  if (!isTesting) considerPunch(c, remote);
  tellState(c, remote);
  c.timers.set(pathTimer(remote.slot), remote.path.wakeAt);
}

function noteTraffic(c: NodeContext, remote: Remote): void {
  const usedAt = c.remotes.lastTraffic(remote);
  const { heardOnPathMs, dataOnPathMs } = c.tables.activity;
  const heardAt = heardOnPathMs[remote.slot];
  const dataAt = dataOnPathMs[remote.slot];
  remote.path.note({ usedAt, heardAt, dataAt, needsPunch: needsPunch(remote) });
}

function noteLife(remote: Remote): void {
  remote.unanswered = 0;
  remote.hasFailed = false;
}

export function onPathTimer(c: NodeContext, remote: Remote, now: number): void {
  const { path, slot, probedAt } = remote;
  if (path.phase === 'suspect' && c.tables.activity.lastHeardMs[slot] >= probedAt) {
    toPath(c, remote, { kind: 'heard' });
    return;
  }
  noteTraffic(c, remote);
  const { current } = path;
  path.onTimer(now, { emit: (event) => onPathEvent(c, remote, event, undefined, now) });
  if (current !== path.current) noteTalk(c, remote, now, undefined, current);
  tellState(c, remote);
  c.timers.set(pathTimer(slot), path.wakeAt);
}

function forget(c: NodeContext, remote: Remote, now: number): void {
  if (c.remotes.find(remote.key) !== remote) return;
  noteTalk(c, remote, now);
  c.engine.forget(remote.slot);
  feedRelayDesk(c, { kind: 'gone', slot: remote.slot }, now);
  feedRelayUse(c, { kind: 'gone', slot: remote.slot }, now);
  feedRelayTrials(c, { kind: 'gone', slot: remote.slot }, now);
  c.relayCalls.forget(remote.slot);
  feedPunch(c, { kind: 'gone', slot: remote.slot }, now);
  feedStreams(c, { kind: 'gone', slot: remote.slot }, now);
  for (const ping of c.pings.drop(remote)) {
    if (ping.requestId === undefined) continue;
    const result = { nodeId: remote.nodeId, rttMs: undefined, path: undefined };
    c.out.events.push({ kind: 'pingReply', requestId: ping.requestId, result });
  }
  if (remote.session !== undefined) {
    const out: SessionOut = new OutboxBuffer();
    remote.session.handle({ kind: 'close' }, 0, out);
    for (const command of out.sends) onSessionCommand(c, remote, command, 0);
    remote.session = undefined;
  }
  if (c.tables.remotes.path[remote.slot] !== NONE)
    c.out.commands.push({ kind: 'clearPath', slot: remote.slot });
  c.timers.delete(sessionTimer(remote.slot));
  c.timers.delete(pathTimer(remote.slot));
  c.toRelease.delete(remote);
  c.toSave.delete(remote);
  c.waiting.take(remote.key);
  c.remotes.remove(remote);
}
