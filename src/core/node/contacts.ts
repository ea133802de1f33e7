// Nodes that this one turns to for the network's sake: contacts of the DHT, providers of services. They are named by others, so
// nothing about them is proven before a session stands.
import { equalBytes } from '../base/bytes.ts';
import type { SocketAddress } from '../base/ip.ts';
import { EARLY_MAX } from '../wire/limits.ts';
import type { DhtContact, DhtMessage, ReachMessage } from '../wire/types.ts';
import { encodeControlBody } from '../wire/wire.ts';
import { type NodeContext, say, toDht, toSession } from './context.ts';
import { evict } from './evict.ts';
import { addCandidate, addRoute, TOLD_MAX } from './known.ts';
import type { Remote } from './remotes.ts';
import { isPutOut } from './revoking.ts';

/**
 * The remote of a node that somebody named; undefined: its ID is no key, or there is no room. `source`: whether the addresses are
 * from a record that the node signed, or what others say.
 */
export function remoteOf(
  c: NodeContext,
  nodeId: Uint8Array,
  addresses: readonly SocketAddress[],
  source: 'own' | 'record',
  now: number,
): Remote | undefined {
  let remote = c.remotes.get(nodeId);
  if (remote === undefined) {
    if (isPutOut(c, nodeId, undefined)) return undefined;
    if (!c.crypto.ed25519.isValidPublicKey(nodeId)) {
      c.drops.count('controlMalformed');
      return undefined;
    }
    if (!makeRoom(c, now)) return undefined;
    remote = c.remotes.add(nodeId, 'told', now);
    if (remote === undefined) return undefined;
    addRoute(c, remote, now);
  }
  for (const address of addresses) addCandidate(c, remote, address, source, now);
  return remote;
}

function makeRoom(c: NodeContext, now: number): boolean {
  const full = c.remotes.countOf('told') >= TOLD_MAX ? c.remotes.idleTold(now) : undefined;
  const inTheWay = full ?? c.remotes.inTheWay('told', now);
  if (inTheWay !== undefined && inTheWay !== 'full') evict(c, inTheWay);
  return inTheWay !== 'full';
}

/** A node says on a link of this host that it is there: a handshake proves it, and through one neighbour all others are found. */
export function onHeard(c: NodeContext, nodeId: Uint8Array, address: SocketAddress, now: number): void {
  if (c.self.chain === undefined || equalBytes(nodeId, c.self.keys.nodeId)) return;
  const remote = remoteOf(c, nodeId, [address], 'record', now);
  if (remote !== undefined && !remote.isEstablished) toSession(c, remote, { kind: 'connect' });
}

/** Says it in the session that stands, or in the one that is made for it: a question rides in the first message. */
export function sendToContact(c: NodeContext, to: DhtContact, message: DhtMessage, now: number): void {
  const remote = remoteOf(c, to.nodeId, to.addresses, 'record', now);
  if (remote === undefined) {
    toDht(c, { kind: 'unreachable', nodeId: to.nodeId });
    return;
  }
  if (remote.isEstablished && remote.introduced === 'member') {
    say(c, remote, message);
    return;
  }
  if (c.waiting.add(remote.key, message) !== 1) return;
  const early = message.kind === 'dhtQuestion' ? encodeControlBody(message) : undefined;
  if (early === undefined || early.length > EARLY_MAX) toSession(c, remote, { kind: 'connect' });
  else toSession(c, remote, { kind: 'connect', early });
}

/** Says it in the session that stands, or as soon as one does. */
export function sayOrConnect(c: NodeContext, remote: Remote, message: ReachMessage): void {
  if (remote.isEstablished && remote.introduced === 'member') say(c, remote, message);
  else if (c.waiting.add(remote.key, message) > 0) toSession(c, remote, { kind: 'connect' });
}

/** The session stands: what waited for it is said, but for what the handshake answered. */
export function sendWaiting(c: NodeContext, remote: Remote, answered: number | undefined): void {
  for (const message of c.waiting.take(remote.key)) {
    if (message.kind !== 'dhtQuestion' || message.id !== answered) say(c, remote, message);
  }
}

/** No session could be made. */
export function giveUpWaiting(c: NodeContext, remote: Remote): void {
  c.waiting.take(remote.key);
  toDht(c, { kind: 'unreachable', nodeId: remote.nodeId });
}
