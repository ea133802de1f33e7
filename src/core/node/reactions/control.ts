// Control messages of remotes, one case each.
import { isDiscardOnly, type SocketAddress } from '../../base/ip.ts';
import type { DecodedControl } from '../../wire/types.ts';
import { decodeControl, WireError } from '../../wire/wire.ts';
import { type NodeContext, say, toPath, toRenewal } from '../context.ts';
import { onEpochMessage } from '../epochs.ts';
import { mayGuestSay, onGuestLookup, onGuestQuestion, onGuestRequest } from '../guests.ts';
import { learnRecords } from '../known.ts';
import { onLifetimeAnswer } from '../lifetime.ts';
import { onObserved } from '../nat.ts';
import { onPathChallenge, onPathResponse } from '../path-tests.ts';
import { takeSample } from '../port-samples.ts';
import { onConfirmation } from '../proofs.ts';
import { onPunchMessage } from '../punching.ts';
import { arrangeCalls, onDialRequest, tellRecord } from '../reach.ts';
import { onFlowRefusal } from '../refusals.ts';
import { onRelayCall } from '../relay-calls.ts';
import { keepReachable } from '../relaying.ts';
import type { Remote } from '../remotes.ts';
import { onAdmissionRequest } from './consortium.ts';
import { onDhtMessage, seen } from './dht.ts';
import { onRelayMessage, onRelayTold } from './relay.ts';
import { onRenewalRequest, onRenewed } from './renewal.ts';
import { onRevocationMessage } from './revocation.ts';
import { closeSession, pathOf } from './session.ts';
import { noteHeard } from './streams.ts';

/** Messages per second that a remote may send, and how many at once. Guests get a tenth; joiners a fiftieth, which joining does not use up. */
const MESSAGES_PER_SECOND = 100;
const MESSAGES_BURST = 400;
const GUEST_SHARE = 0.1;
const JOINER_SHARE = 0.02;
/**
 * Longer measurements count an eighth (RFC 6298 section 2), shorter ones wholly: what exceeds the way itself was other work of either
 * host.
 */
const RTT_GAIN = 1 / 8;

/** `plaintext`: opened, with its leading byte; empty: a confirmation. `from`: where it came from. */
export function onControl(
  c: NodeContext,
  remote: Remote,
  plaintext: Uint8Array,
  from: SocketAddress,
  now: number,
): void {
  if (plaintext.length === 0) return;
  if (!takeToken(remote, now)) {
    c.drops.count('controlRateLimited');
    return;
  }
  const message = decoded(c, plaintext);
  if (message === undefined) return;
  if (!isAllowed(c, remote, message.kind)) {
    c.drops.count(remote.introduced === 'guest' ? 'guestNotAllowed' : 'controlNotAllowed');
    return;
  }
  // Sooner than the next look: new flows go elsewhere until then.
  if (remote.path.phase === 'suspect' && c.tables.activity.lastHeardMs[remote.slot] >= remote.probedAt)
    toPath(c, remote, { kind: 'heard' });
  switch (message.kind) {
    case 'ping':
      say(c, remote, { kind: 'pong', id: message.id, observed: isDiscardOnly(from.ip) ? undefined : from });
      return;
    case 'pong':
      onPong(c, remote, message, from, now);
      return;
    case 'observedAddress':
      return;
    case 'admissionRequest':
      onAdmissionRequest(c, remote, message, now);
      return;
    case 'renewalRequest':
      onRenewalRequest(c, remote, now);
      return;
    case 'admissionAnswer':
      if (c.renewal !== undefined) {
        onRenewed(c, remote, message.chain, now);
        return;
      }
      c.work.push({ kind: 'join', input: { kind: 'answer', nodeId: remote.nodeId, chain: message.chain } });
      learnRecords(c, remote, message.nodes, now);
      return;
    case 'guestQuestion':
      onGuestQuestion(c, remote, now);
      return;
    case 'guestTerms': {
      const { nodeId } = remote;
      c.work.push({ kind: 'join', input: { ...message, kind: 'terms', nodeId } });
      return;
    }
    case 'guestRequest':
      onGuestRequest(c, remote, message, now);
      return;
    case 'admissionRefusal':
      toRenewal(c, { kind: 'refused', nodeId: remote.nodeId });
      c.work.push({ kind: 'join', input: { kind: 'refusal', nodeId: remote.nodeId, code: message.code } });
      return;
    case 'nodeRecords':
      if (message.leg !== undefined) onRelayTold(c, remote, message.leg);
      if (learnRecords(c, remote, message.nodes, now)) {
        seen(c, remote);
        // Who has started anew introduces itself in what are but new keys for this node.
        if (!remote.isTold) tellRecord(c, remote);
        arrangeCalls(c, remote, now);
        keepReachable(c, now);
      }
      return;
    case 'confirmation':
      onConfirmation(c, remote, message.wayToken, from, now);
      return;
    case 'flowRefusal':
      onFlowRefusal(c, remote, message, now);
      return;
    case 'dialRequest':
      onDialRequest(c, remote, message, plaintext.length, now);
      return;
    case 'pathChallenge':
      onPathChallenge(c, remote, message, plaintext.length, from, now);
      return;
    case 'pathResponse':
      noteHeard(c, from, now);
      if (c.sockets.get(from.via ?? 0)?.purpose === 'lifetime')
        onLifetimeAnswer(c, remote, message.token, from, now);
      else if (!takeSample(c, message.token, message.observed))
        onPathResponse(c, remote, message.token, from);
      return;
    case 'close':
      closeSession(c, remote, message.reason);
      return;
    case 'dhtQuestion':
      if (remote.introduced === 'guest') onGuestLookup(c, remote, message, now);
      else onDhtMessage(c, remote, message);
      return;
    case 'dhtAnswer':
    case 'dhtStore':
    case 'dhtStoreAnswer':
      onDhtMessage(c, remote, message);
      return;
    case 'relayRequest':
    case 'relayGrant':
    case 'relayRefusal':
    case 'circuitOpen':
    case 'circuitOffer':
    case 'circuitClose':
    case 'circuitEnd':
      onRelayMessage(c, remote, message, now);
      return;
    case 'relayCall':
      onRelayCall(c, remote, message, plaintext.length, now);
      return;
    case 'punch':
      onPunchMessage(c, remote, message);
      return;
    case 'revocationHead':
    case 'revocationQuery':
    case 'revocationAnswer':
    case 'revocations':
      onRevocationMessage(c, remote, message, now);
      return;
    case 'epochHeld':
    case 'epochDelivery':
      onEpochMessage(c, remote, message, now);
      return;
    case 'unknown':
      c.drops.count('controlUnknown');
      return;
  }
}

function decoded(c: NodeContext, plaintext: Uint8Array): DecodedControl | undefined {
  try {
    return decodeControl(plaintext);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    c.drops.count(error.fault === 'tooLong' ? 'controlTooLong' : 'controlMalformed');
    return undefined;
  }
}

/** Joiners may only ask to be admitted, guests only what guests may, and only signers that were asked may answer. */
function isAllowed(c: NodeContext, remote: Remote, kind: DecodedControl['kind']): boolean {
  if (kind === 'close' || kind === 'confirmation' || kind === 'unknown') return true;
  if (kind === 'admissionRequest' || kind === 'guestQuestion' || kind === 'guestRequest')
    return c.self.chain !== undefined;
  if (kind === 'guestTerms') return c.join?.signers.includes(remote.key) ?? false;
  if (kind === 'admissionAnswer' || kind === 'admissionRefusal')
    return c.join?.signers.includes(remote.key) ?? mayRenew(c, remote, kind);
  if (kind === 'epochDelivery' && c.join !== undefined) return c.join.signers.includes(remote.key);
  if (kind === 'renewalRequest' && remote.introduced === 'renewing') return true;
  if (remote.introduced === 'guest') return c.self.chain !== undefined && mayGuestSay(kind);
  return remote.introduced === 'member' && c.self.chain !== undefined;
}

/** Whoever was asked; and without being asked a node of the own organisation, as the certificate itself says who signed it. */
function mayRenew(c: NodeContext, remote: Remote, kind: DecodedControl['kind']): boolean {
  if (c.renewal?.isAsking(remote.nodeId)) return true;
  const isOwn = remote.introduced === 'member' && c.organisations.isOwn(remote.organisation);
  return kind === 'admissionAnswer' && isOwn && c.renewal !== undefined;
}

function onPong(
  c: NodeContext,
  remote: Remote,
  { id, observed }: Extract<DecodedControl, { kind: 'pong' }>,
  from: SocketAddress,
  now: number,
): void {
  const ping = c.pings.answered(remote, id);
  if (ping?.sentAt === undefined) {
    c.drops.count('controlUnexpected');
    return;
  }
  if (observed !== undefined) onObserved(c, remote, from, observed, now);
  const rttMs = Math.max(0, now - ping.sentAt);
  const before = Math.min(remote.rttMs ?? rttMs, rttMs);
  remote.rttMs = before + RTT_GAIN * (rttMs - before);
  c.tables.remotes.rttMs[remote.slot] = remote.rttMs;
  if (ping.requestId === undefined) return;
  const result = { nodeId: remote.nodeId, rttMs, path: pathOf(c, remote) };
  c.out.events.push({ kind: 'pingReply', requestId: ping.requestId, result });
}

function takeToken(remote: Remote, now: number): boolean {
  const share = shareOf(remote);
  const grown = remote.controlTokens + ((now - remote.controlAt) / 1000) * MESSAGES_PER_SECOND * share;
  remote.controlTokens = Math.min(MESSAGES_BURST * share, grown);
  remote.controlAt = now;
  if (remote.controlTokens < 1) return false;
  remote.controlTokens--;
  return true;
}

function shareOf({ introduced }: Remote): number {
  if (introduced === 'member') return 1;
  return introduced === 'joiner' ? JOINER_SHARE : GUEST_SHARE;
}
