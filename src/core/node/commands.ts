// What the host asks for. A refusal is a CodedError and changes nothing.

import { compareBytes, equalBytes, toHex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { isDialable, isIpv4, parseIp, type SocketAddress } from '../base/ip.ts';
import { isName, isNamePattern } from '../base/name.ts';
import { JoinMachine, TOKEN_USES_MAX } from '../consortium/consortium.ts';
import type { JoinAsk, MemberRights, Replaced } from '../consortium/types.ts';
import {
  bytesOfList,
  decodeInvitation,
  decodeToken,
  encodeToken,
  type Network,
  nodeIdFromText,
  roomForMember,
} from '../identity/identity.ts';
import { PROVIDES_MAX, TAGS_MAX, TOKEN_ADDRESSES_MAX } from '../wire/limits.ts';
import { type NodeContext, say, TIMER_PINGS, toSession, wallMs } from './context.ts';
import { addCandidate, addRoute, hostAddress, ownAddresses } from './known.ts';
import { shownBy } from './members.ts';
import type { Remote } from './remotes.ts';
import type { InviteRequest, InviteResult, JoinRequest } from './types.ts';

const ZONE = '.mcc';

export function invite(c: NodeContext, request: InviteRequest, now: number): InviteResult {
  const { desk, self } = c;
  if (desk === undefined || self.chain === undefined) throw new CodedError('NOT_A_SIGNER');
  const { uses, expiresMs } = request;
  const { provides, tags, replaces } = rightsFor(c, request);
  if (!Number.isInteger(uses) || uses < 1 || uses > TOKEN_USES_MAX)
    throw new CodedError('NUMBER_INVALID', `${uses} uses`);
  if (!(expiresMs > wallMs(c, now)))
    throw new CodedError('DURATION_INVALID', 'the token would have expired already');
  if (provides.length > PROVIDES_MAX || !provides.every(isNamePattern))
    throw new CodedError('NAME_INVALID', 'a pattern');
  if (tags.length > TAGS_MAX || !tags.every(isName)) throw new CodedError('NAME_INVALID', 'a tag');
  const patterns = [...new Set(provides)];
  const labels = [...new Set(tags)];
  const room = roomForMember(desk.signer.organisation);
  const bytes = bytesOfList(patterns) + bytesOfList(labels);
  if (bytes > room)
    throw new CodedError(
      'CERTIFICATE_TOO_LONG',
      `patterns and tags take ${bytes} bytes, and ${room} are left`,
    );
  const addresses = inviteAddresses(c, request);
  for (const tokenId of desk.expire(wallMs(c, now))) c.out.persists.push({ kind: 'forgetToken', tokenId });
  const invitation = desk.invite(uses, expiresMs, patterns, labels, replaces);
  if (invitation === undefined) throw new CodedError('NUMBER_INVALID', 'too many invitations are open');
  c.out.persists.push({ kind: 'token', token: invitation.token });
  const token = encodeToken(c.crypto, {
    genesis: self.network.bytes,
    organisation: self.chain.organisation,
    secret: invitation.secret,
    expires: Math.floor(expiresMs / 1000),
    signers: [{ nodeId: self.keys.nodeId, addresses, hosts: [] }],
    extensions: [],
  });
  return { token, tokenId: invitation.token.tokenId, addresses };
}

/** What the certificates of a token say: of one that replaces a node what that one's says, unless something else is wanted. */
function rightsFor(
  c: NodeContext,
  { provides, tags = [], replaces, uses }: InviteRequest,
): MemberRights & { readonly replaces: Replaced | undefined } {
  if (replaces === undefined) return { provides, tags, replaces };
  if (uses !== 1) throw new CodedError('NUMBER_INVALID', 'one node takes the place of one node');
  if (equalBytes(replaces, c.self.keys.nodeId)) throw new CodedError('REVOKE_SELF', c.self.chain?.name);
  const shown = shownBy(c, c.remotes.get(replaces));
  const rights = c.desk?.changes.rightsOf(shown) ?? shown;
  return {
    provides: provides.length > 0 ? provides : rights.provides,
    tags: tags.length > 0 ? tags : rights.tags,
    replaces: { nodeId: shown.nodeId, name: shown.name },
  };
}

/** Where joiners find this signer: as the caller says, else what others can call. */
export function inviteAddresses(c: NodeContext, request: Pick<InviteRequest, 'addresses'>): SocketAddress[] {
  const wanted = request.addresses.length > 0 ? request.addresses : callable(c);
  if (wanted.length === 0)
    throw new CodedError('ADDRESS_INVALID', 'this host has no address that others could reach');
  return wanted.slice(0, TOKEN_ADDRESSES_MAX);
}

/** What others see of a NAT that lets in nobody unasked helps those who are told by a relay, not joiners. */
export function callable(c: NodeContext): SocketAddress[] {
  const isSeen = (address: SocketAddress) => c.nat.mapped.includes(address);
  return ownAddresses(c).filter((address) => isDialable(address) && (c.reach.isGlobal || !isSeen(address)));
}

export function join(c: NodeContext, request: JoinRequest, requestId: number, now: number): void {
  const { self } = c;
  if (self.chain !== undefined) throw new CodedError('ALREADY_INITIALISED');
  if (c.join !== undefined) throw new CodedError('ALREADY_INITIALISED', 'an attempt to join is under way');
  const { ask, network } = request.guest === undefined ? tokenAsk(c, request, now) : guestAsk(c, request);
  if (!equalBytes(network.id, self.network.id)) throw new CodedError('TOKEN_OTHER_NETWORK');
  const remotes = ask.token.signers.map((signer) => {
    const resolved =
      request.resolved?.find(({ nodeId }) => equalBytes(nodeId, signer.nodeId))?.addresses ?? [];
    return signerRemote(c, signer.nodeId, [...signer.addresses, ...resolved], now);
  });
  const tier = ask.kind === 'token' ? 'member' : 'guest';
  const verify = (chain: Uint8Array) => {
    const verified = c.verifier.verifyAny(chain, wallMs(c, now) / 1000, [tier]);
    return verified.ok ? verified.chain : undefined;
  };
  const machine = new JoinMachine(c.crypto, ask, self.keys.nodeId, verify);
  c.join = { requestId, machine, signers: remotes.map((remote) => remote.key), epoch: undefined };
  c.work.push({ kind: 'join', input: { kind: 'start' } });
}

interface Asking {
  readonly ask: JoinAsk;
  readonly network: Network;
}

function tokenAsk(c: NodeContext, request: JoinRequest, now: number): Asking {
  const { name } = request;
  if (!isName(name)) throw new CodedError('NAME_INVALID', `"${name}"`);
  const result = decodeToken(c.crypto, request.token);
  if (!result.ok) throw new CodedError(result.code);
  if (wallMs(c, now) >= result.token.expires * 1000) throw new CodedError('TOKEN_EXPIRED');
  return { ask: { kind: 'token', token: result.token, name }, network: result.network };
}

/** A proof of work is for one signer: only that one is asked. */
function guestAsk(c: NodeContext, { token: text, guest }: JoinRequest): Asking {
  const result = decodeInvitation(c.crypto, text);
  if (!result.ok) throw new CodedError(result.code);
  const { invitation: token, network } = result;
  if (guest === undefined || guest === 'question') return { ask: { kind: 'guestTerms', token }, network };
  const { nodeId, hour, difficulty, solution } = guest;
  const signers = token.signers.filter((signer) => equalBytes(signer.nodeId, nodeId));
  if (signers.length === 0) throw new CodedError('REQUEST_INVALID', 'the work is for another signer');
  const request = { kind: 'guestRequest' as const, hour, difficulty, solution };
  return { ask: { kind: 'guest', token: { ...token, signers }, request }, network };
}

function signerRemote(
  c: NodeContext,
  nodeId: Uint8Array,
  addresses: readonly SocketAddress[],
  now: number,
): Remote {
  const remote = c.remotes.get(nodeId) ?? c.remotes.add(nodeId, 'told', now);
  if (remote === undefined) throw new CodedError('INTERNAL', 'no room for a signer');
  for (const address of addresses) {
    addCandidate(c, remote, address, 'configured', now);
  }
  return remote;
}

export function ping(c: NodeContext, nodeId: Uint8Array, requestId: number, now: number): void {
  if (equalBytes(nodeId, c.self.keys.nodeId)) {
    c.out.events.push({ kind: 'pingReply', requestId, result: { nodeId, rttMs: 0, path: undefined } });
    return;
  }
  const remote = c.remotes.get(nodeId);
  if (remote === undefined) throw new CodedError('PEER_UNKNOWN');
  addRoute(c, remote, now);
  remote.isWanted = true;
  const isUp = remote.isEstablished && remote.introduced === 'member';
  const pending = c.pings.begin(remote, requestId, now, isUp);
  if (isUp) say(c, remote, { kind: 'ping', id: pending.id });
  toSession(c, remote, { kind: 'connect' });
  c.timers.set(TIMER_PINGS, c.pings.wakeAt);
}

/** Node ID, name (`NAME`, `NAME.node`, `NAME.node.ORG`, with or without the zone) or virtual address of a known node. */
export function find(c: NodeContext, target: string): Uint8Array | undefined {
  const text = target.trim().toLowerCase().replace(/\.$/, '');
  const bare = text.endsWith(ZONE) ? text.slice(0, -ZONE.length) : text;
  const address = parseIp(bare);
  if (address !== undefined) return findAddress(c, address);
  const [label, node, organisation, ...rest] = bare.split('.');
  if (rest.length > 0 || (node !== undefined && node !== 'node')) return undefined;
  const nodeId = nodeIdFromText(c.crypto, label);
  if (nodeId !== undefined) return isHere(c, nodeId) ? nodeId : undefined;
  return findName(c, label, organisation);
}

function isHere(c: NodeContext, nodeId: Uint8Array): boolean {
  return equalBytes(nodeId, c.self.keys.nodeId) || c.remotes.get(nodeId) !== undefined;
}

function findAddress(c: NodeContext, address: Uint8Array): Uint8Array | undefined {
  const own = c.self.keys.nodeId;
  if (isIpv4(address)) {
    const alias = ((address[12] << 24) | (address[13] << 16) | (address[14] << 8) | address[15]) >>> 0;
    if (alias === c.self.alias) return own;
  } else if (toHex(address) === toHex(hostAddress(c, own))) {
    return own;
  }
  const slot = c.tables.remoteOf(address);
  return slot < 0 ? undefined : c.remotes.at(slot)?.nodeId;
}

/**
 * Of the own organisation unless one is named; a session goes before none, and a verified name before one that was only told. Of
 * namesakes, whom signers admitted that knew nothing of each other, everybody finds the same one.
 */
function findName(c: NodeContext, name: string, organisation: string | undefined): Uint8Array | undefined {
  const { chain, keys } = c.self;
  if (chain?.name === name && (organisation === undefined || organisation === chain.organisationName))
    return keys.nodeId;
  let found: Remote | undefined;
  for (const remote of c.remotes.values()) {
    if (remote.name !== name) continue;
    const isWanted =
      organisation === undefined
        ? c.organisations.isOwn(remote.organisation)
        : remote.organisationName === organisation;
    if (isWanted && (found === undefined || compareNamesakes(remote, found) < 0)) found = remote;
  }
  return found?.nodeId;
}

function compareNamesakes(a: Remote, b: Remote): number {
  const rank = ({ isEstablished, chain }: Remote) => (isEstablished ? 2 : chain.length > 0 ? 1 : 0);
  return rank(b) - rank(a) || compareBytes(a.nodeId, b.nodeId);
}
