// Guests, as the node meets them: what they may say, their place among the remotes, and how a signer admits them.
import { REMOTE_GUEST, REMOTE_MEMBER } from '../addressing/types.ts';
import { EMPTY, toHex } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import { CodedError } from '../base/errors.ts';
import { isIpv4, type SocketAddress } from '../base/ip.ts';
import { isStream, streamOf } from '../base/stream.ts';
import { GUESTS_MAX } from '../consortium/consortium.ts';
import type { GuestPolicy } from '../consortium/types.ts';
import {
  DIFFICULTY_DEFAULT,
  DIFFICULTY_MAX,
  DIFFICULTY_MIN,
  encodeInvitation,
  type VerifiedChain,
} from '../identity/identity.ts';
import { CONTROL_MAX } from '../wire/limits.ts';
import type { DecodedControl, DhtQuestion, GuestRequestMessage, RefusalCode } from '../wire/types.ts';
import { type NodeContext, say, toDht, wallMs } from './context.ts';
import { evict } from './evict.ts';
import { addRoute, firstNodes } from './known.ts';
import type { Remote } from './remotes.ts';
import type { GuestsView } from './types.ts';

/** What a guest may say to a member: it asks, keeps its paths alive, and comes in through relays. The rest is counted. */
const GUEST_MESSAGES: ReadonlySet<DecodedControl['kind']> = new Set([
  'ping',
  'pathChallenge',
  'pathResponse',
  'dhtQuestion',
  'guestRequest',
  'revocationHead',
  'revocationQuery',
  'relayRequest',
  'circuitOpen',
  'circuitClose',
]);
/** Guests that one node relays for at a time: members shall find room. */
const RELAYED_GUESTS_MAX = 32;
/** Bytes of a Control around the answer to a question. */
const ANSWER_OVERHEAD = 8;

export function mayGuestSay(kind: DecodedControl['kind']): boolean {
  return GUEST_MESSAGES.has(kind);
}

export function isGuest(c: Pick<NodeContext, 'self'>): boolean {
  return c.self.chain?.tier === 'guest';
}

/** Whoever offers something, or speaks for an organisation, has to be a member. */
export function refuseGuest(c: NodeContext): void {
  if (isGuest(c)) throw new CodedError('GUEST_NOT_ALLOWED');
}

/**
 * Takes up what a verified handshake says of a guest: its packets may come, and are judged as a guest's. Nothing of it is kept on disk,
 * told to others, or used for their sake. False: there are as many guests as may be, and all of them have traffic.
 */
export function becomeGuest(c: NodeContext, remote: Remote, chain: VerifiedChain, now: number): boolean {
  const inTheWay = remote.kind === 'guest' ? undefined : c.remotes.guestInTheWay(now);
  if (inTheWay === 'full') return false;
  if (inTheWay !== undefined) evict(c, inTheWay);
  if (remote.kind === 'member' || remote.kind === 'told')
    c.out.persists.push({ kind: 'forgetNode', nodeId: remote.nodeId });
  toDht(c, { kind: 'gone', nodeId: remote.nodeId });
  c.remotes.setKind(remote, 'guest');
  remote.name = chain.name;
  remote.organisation = EMPTY;
  remote.organisationName = '';
  remote.chain = EMPTY;
  remote.verified = chain;
  remote.isCore = false;
  remote.relays = [];
  c.toSave.delete(remote);
  c.tables.remotes.organisation[remote.slot] = c.organisations.slotOf(EMPTY);
  c.tables.remotes.flags[remote.slot] |= REMOTE_MEMBER | REMOTE_GUEST;
  addRoute(c, remote, now);
  return true;
}

/** Read only: a guest is in no routing table, and its question leaves no trace. */
export function onGuestLookup(c: NodeContext, remote: Remote, question: DhtQuestion, now: number): void {
  const answer = c.dht?.answer(question, remote.nodeId, CONTROL_MAX - ANSWER_OVERHEAD, now);
  if (answer !== undefined) say(c, remote, answer);
}

/** Whether a guest may use this node as a relay: it is let in to others, never reached through it. */
export function mayBeRelayed(c: NodeContext, remote: Remote, isInward: boolean): boolean {
  if (isInward) return false;
  if (c.relayDesk.serves(remote.slot)) return true;
  let served = 0;
  for (const other of c.remotes.values())
    if (other.kind === 'guest' && c.relayDesk.serves(other.slot)) served++;
  return served < RELAYED_GUESTS_MAX;
}

/** At the signer: what would a guest have to do? */
export function onGuestQuestion(c: NodeContext, remote: Remote, now: number): void {
  const terms = c.guests?.terms(placeOf(c, remote), wallMs(c, now)) ?? 'notSigner';
  if (typeof terms === 'string') refuse(c, remote, terms);
  else say(c, remote, { kind: 'guestTerms', ...terms });
}

/** At the signer. The admission is on disk before its answer leaves, and taken back when it cannot be. */
export function onGuestRequest(
  c: NodeContext,
  remote: Remote,
  request: GuestRequestMessage,
  now: number,
): void {
  const { nodeId, verified, introduced } = remote;
  const shown = introduced === 'guest' ? verified : undefined;
  const wall = wallMs(c, now);
  for (const gone of c.guests?.expire(wall) ?? []) c.out.persists.push({ kind: 'forgetGuest', nodeId: gone });
  const decision = c.guests?.decide(request, { nodeId, place: placeOf(c, remote), shown }, wall);
  if (decision === undefined || decision.kind === 'refuse') {
    refuse(c, remote, decision?.code ?? 'notSigner');
    return;
  }
  const { guest, repeated } = decision;
  if (!repeated) {
    c.out.persists.push({ kind: 'guest', guest });
    c.out.events.push({ kind: 'guestAdmitted', nodeId, guests: c.guests?.count(wall) ?? 0 });
  }
  const { chain } = guest;
  say(c, remote, { kind: 'admissionAnswer', chain, nodes: firstNodes(c, remote, chain.length, false) }, true);
}

function refuse(c: NodeContext, remote: Remote, code: RefusalCode): void {
  c.drops.count('admissionRefused');
  say(c, remote, { kind: 'admissionRefusal', code });
}

/** By what requests are counted: an IPv4 address, the /64 of an IPv6 address; through a relay, all of its together. */
function placeOf(c: NodeContext, { path }: Remote): string {
  const { current } = path;
  if (current === undefined) return '';
  return toHex(
    prefixOf(isStream(current.ip) ? (c.streams.view(streamOf(current))?.remote ?? current) : current),
  );
}

function prefixOf({ ip }: SocketAddress): Uint8Array {
  return isIpv4(ip) || isCircuit(ip) ? ip : ip.subarray(0, 8);
}

/** Opens automatic admission, or closes it: in force at once, and on disk before it is reported. */
export function setGuestPolicy(c: NodeContext, wanted: Partial<GuestPolicy>, now: number): GuestsView {
  const { guests } = c;
  if (guests === undefined) throw new CodedError('NOT_A_SIGNER');
  const before = guests.policy;
  const policy = { ...before, ...wanted };
  const { difficulty, max } = policy;
  if (!Number.isInteger(difficulty) || difficulty < DIFFICULTY_MIN || difficulty > DIFFICULTY_MAX) {
    const text = `difficulty ${difficulty}: ${DIFFICULTY_MIN} to ${DIFFICULTY_MAX}, usually ${DIFFICULTY_DEFAULT}`;
    throw new CodedError('NUMBER_INVALID', text);
  }
  if (!Number.isInteger(max) || max < 1 || max > GUESTS_MAX)
    throw new CodedError('NUMBER_INVALID', `${max} guests: 1 to ${GUESTS_MAX}`);
  guests.setPolicy(policy);
  c.savedGuestPolicy ??= before;
  c.out.persists.push({ kind: 'guestPolicy', policy });
  return guestsView(c, now);
}

/** The policy did not reach the disk: the one before stays in force, but nobody comes in who should not. */
export function takeBackGuestPolicy(c: NodeContext): void {
  const before = c.savedGuestPolicy;
  c.savedGuestPolicy = undefined;
  if (before !== undefined) c.guests?.setPolicy(c.guests.policy.isOpen ? before : c.guests.policy);
}

export function guestsView(c: NodeContext, now: number): GuestsView {
  const { guests } = c;
  if (guests === undefined) throw new CodedError('NOT_A_SIGNER');
  const wall = wallMs(c, now);
  const { isOpen, difficulty, max } = guests.policy;
  return { isOpen, difficulty, currentDifficulty: guests.difficulty(wall), max, guests: guests.count(wall) };
}

/** Text by which guests find this signer: it holds no secret. */
export function guestInvitation(c: NodeContext, addresses: readonly SocketAddress[]): string {
  const { chain, keys, network } = c.self;
  if (c.guests === undefined || chain === undefined) throw new CodedError('NOT_A_SIGNER');
  return encodeInvitation(c.crypto, {
    genesis: network.bytes,
    organisation: chain.organisation,
    signers: [{ nodeId: keys.nodeId, addresses, hosts: [] }],
    extensions: [],
  });
}
