// How nodes find out whether they are reached unasked, and so may serve the DHT.
import { equalBytes } from '../base/bytes.ts';
import { addressScope, isDialable, isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { DAY_MS } from '../base/time.ts';
import {
  AMPLIFICATION_MAX,
  DIAL_PADDING,
  HANDSHAKE_MAX,
  RECORD_ADDRESSES_MAX,
  TRANSPORT_MIN,
} from '../wire/limits.ts';
import type { ControlMessage } from '../wire/types.ts';
import { type NodeContext, say, toDht, toDiscovery, toSession } from './context.ts';
import { isGuest } from './guests.ts';
import {
  addCandidate,
  directAddress,
  isPublic,
  meetNode,
  ownAddresses,
  ownRecord,
  ownRelays,
} from './known.ts';
import { saveProof } from './reach-memory.ts';
import type { Remote } from './remotes.ts';
import { isCore, isReached } from './role.ts';

/** An initiation came in. Everybody learns at once when that makes this node a core node. */
export function onInitiated(c: NodeContext, from: SocketAddress, isMember: boolean, now: number): void {
  // Over a further socket only those come whom it called.
  if (isDiscardOnly(from.ip) || (from.via ?? 0) !== 0 || !c.reach.isOfUse(from, now)) return;
  for (const remote of c.remotes.values()) noteTalk(c, remote, now, from);
  if (!isMember) {
    c.reach.noted(from, now);
    return;
  }
  const before = isCore(c);
  const isNews = c.reach.initiated(from, now);
  saveProof(c, isNews);
  if (isCore(c) !== before) tellRole(c);
}

/**
 * Data goes out in batches, and through the port alone where this node relays: it is looked up when it matters. `from`: nothing is done
 * for remotes elsewhere. `way`: where the remote was until now.
 */
export function noteTalk(
  c: NodeContext,
  remote: Remote,
  now: number,
  from?: SocketAddress,
  way = remote.path.current,
): void {
  if (way === undefined || isDiscardOnly(way.ip) || (from !== undefined && !equalBytes(way.ip, from.ip)))
    return;
  const at = c.relayDesk.serves(remote.slot) ? now : c.tables.activity.lastSealedMs[remote.slot];
  if (at > Number.NEGATIVE_INFINITY) c.reach.sent(way, at);
}

/** A datagram goes there: its way back is open from now on, for the next run of this node too. */
export function noteSent(c: NodeContext, to: SocketAddress | undefined): void {
  if (to === undefined || isDiscardOnly(to.ip)) return;
  const now = c.wallNow - c.wallOffsetMs;
  c.reach.sent(to, now);
  c.out.persists.push(...c.calledLog.called(to.ip, c.wallNow, now));
}

/** DHT and discovery learn whether this node serves, and where it is reached. */
export function tellSelf(c: NodeContext): void {
  const core = isCore(c);
  toDht(c, { kind: 'mode', isCore: core });
  toDiscovery(c, { kind: 'self', addresses: publishedAddresses(c), relays: ownRelays(c), isCore: core });
}

/**
 * What the whole network may know: what is advertised and what is public; where there is nothing but private addresses, those, since
 * the network can only be there.
 */
export function publishedAddresses(c: NodeContext): SocketAddress[] {
  const own = ownAddresses(c).filter(isDialable);
  const open = own.filter((address) => isPublic(c, address));
  return (open.length > 0 || c.hasMetGlobal ? open : own).slice(0, RECORD_ADDRESSES_MAX);
}

/** Peers are told what this node is now. */
export function tellRole(c: NodeContext): void {
  c.roleChanged = true;
  for (const remote of c.remotes.values()) {
    if (!remote.isEstablished || (remote.introduced !== 'member' && remote.introduced !== 'guest')) continue;
    tellRecord(c, remote);
  }
}

/** A peer is told what this node is, and whether it relays: who is not reached itself is of no use as a relay. */
export function tellRecord(c: NodeContext, remote: Remote): void {
  const isColleague = c.organisations.isOwn(remote.organisation);
  const own = ownRecord(c, isColleague);
  // Nobody is to call a guest, or to tell of it.
  if (own === undefined || isGuest(c)) return;
  remote.isTold = true;
  const leg = isReached(c) && c.relayDesk.offers(isColleague) ? { leg: remote.slot } : {};
  say(c, remote, { kind: 'nodeRecords', nodes: [own], ...leg });
}

/**
 * A new peer that is no core node yet gets a call from another peer, and one of those that were here gets a call from it: so they
 * learn whether they are reached unasked. Once a day per node. Never two of them each other: who called does not come unasked.
 */
export function arrangeCalls(c: NodeContext, newcomer: Remote, now: number): void {
  if (!isCore(c)) return;
  const others = [...c.remotes.values()].filter(
    (remote) => remote !== newcomer && remote.isEstablished && remote.introduced === 'member',
  );
  const caller = others.find((remote) => remote.isCore) ?? others[c.rng.u32() % Math.max(others.length, 1)];
  const isCalled = caller !== undefined && !newcomer.isCore && arrange(c, caller, newcomer, now);
  const waiting = others.find(
    (remote) => !remote.isCore && now - remote.calledAt >= DAY_MS && !(isCalled && remote === caller),
  );
  if (waiting !== undefined) arrange(c, newcomer, waiting, now);
}

/** False: it was called a short while ago, or nobody knows where it is. */
function arrange(c: NodeContext, caller: Remote, called: Remote, now: number): boolean {
  const address = directAddress(called);
  if (address === undefined || now - called.calledAt < DAY_MS) return false;
  called.calledAt = now;
  say(c, caller, { kind: 'dialRequest', nodeId: called.nodeId, address, padding: DIAL_PADDING });
  return true;
}

/**
 * A peer asks for a call to another node, at an address that it may have made up: no more goes there than the request paid for. `bytes`: of
 * its plaintext.
 */
export function onDialRequest(
  c: NodeContext,
  teller: Remote,
  { nodeId, address }: Extract<ControlMessage, { kind: 'dialRequest' }>,
  bytes: number,
  now: number,
): void {
  const paid = Math.floor((AMPLIFICATION_MAX * (bytes + TRANSPORT_MIN)) / HANDSHAKE_MAX);
  if (paid < 1) {
    c.drops.count('dialTooShort');
    return;
  }
  if (!teller.dials.take(now)) {
    c.drops.count('controlRateLimited');
    return;
  }
  const remote = meetNode(c, teller, nodeId, now);
  if (remote === undefined || remote.isEstablished || isConnecting(remote)) return;
  addCandidate(c, remote, address, 'record', now);
  c.calls.pay(address, paid);
  toSession(c, remote, { kind: 'connect' });
  remote.isCalled = true;
}

/** For another reason, which is not to wait: what goes out for it is as good as a call. */
function isConnecting(remote: Remote): boolean {
  return !remote.isCalled && remote.session?.isConnecting === true;
}

/** A session runs over a public address: then private ones are not all there is. */
export function noteScope(c: NodeContext, remote: Remote): void {
  const { current } = remote.path;
  if (c.hasMetGlobal || current === undefined || addressScope(current.ip) !== 'global') return;
  const before = isCore(c);
  c.hasMetGlobal = true;
  c.roleChanged = true;
  if (isCore(c) !== before) tellRole(c);
}
