// What a remote's path machine wants: datagrams sent somewhere, the session told, the tables changed.
import { REMOTE_MTU_KNOWN } from '../../addressing/types.ts';
import { circuitOf, isCircuit } from '../../base/circuit.ts';
import { equalSocketAddress, ipToWords, isDiscardOnly, portWord, type SocketAddress } from '../../base/ip.ts';
import { isLeftToPunching } from '../../path/path.ts';
import type { PathEvent } from '../../path/types.ts';
import { type NodeContext, toPath, toPunch, toSession } from '../context.ts';
import { sayUnsaid } from '../control.ts';
import { sendInitiation } from '../initiations.ts';
import { directAddress } from '../known.ts';
import { SAVE_TRAFFIC_MS, watch } from '../liveness.ts';
import { sendChallenge } from '../path-tests.ts';
import { noteScope } from '../reach.ts';
import { keepReachable } from '../relaying.ts';
import { needsPunch, type Remote } from '../remotes.ts';
import { pathOf } from './session.ts';
import { noteAsked, noteWay } from './streams.ts';

/** So many initiations without an answer, and a remote with relays is tried where it says that it is, too. */
const OPENING_INITIATIONS = 2;
const words = new Uint32Array(4);

/** `datagram`: the initiation that the machine was asked about. */
export function onPathEvent(
  c: NodeContext,
  remote: Remote,
  event: PathEvent,
  datagram: Uint8Array | undefined,
  now: number,
): void {
  switch (event.kind) {
    case 'sendTo': {
      if (datagram === undefined) return;
      const addresses = event.addresses.filter((to) => !isLeft(c, remote, to));
      remote.unanswered++;
      noteAsked(c, remote, addresses, now);
      sendInitiation(c, addresses, datagram, now);
      if (remote.unanswered > 1) for (const to of addresses) checkRelay(c, to);
      return;
    }
    case 'refused':
      c.drops.count('pathAddress');
      return;
    case 'unexpected':
      c.drops.count('controlUnexpected');
      return;
    case 'challenge':
      sendChallenge(c, remote, event);
      return;
    case 'repeat':
      if (remote.session?.isConnecting) toSession(c, remote, { kind: 'repeat' });
      return;
    case 'rekey':
      // Programs had a session to use; now they wait for one.
      remote.isWanted = true;
      toSession(c, remote, { kind: remote.session?.isConnecting ? 'repeat' : 'rekey' });
      return;
    case 'path': {
      const { slot } = remote;
      const wasKnown = c.tables.remotes.path[slot] >= 0;
      const isNarrower = event.maxPlaintext < c.tables.remotes.maxPlaintext[slot];
      c.tables.remotes.maxPlaintext[slot] = event.maxPlaintext;
      if (event.isMtuKnown) c.tables.remotes.flags[slot] |= REMOTE_MTU_KNOWN;
      else c.tables.remotes.flags[slot] &= ~REMOTE_MTU_KNOWN;
      if (!event.isNewAddress) {
        if (isNarrower) c.engine.onNarrower(slot, now);
        return;
      }
      // What went unanswered over another way says nothing of this one.
      remote.silentSince = -1;
      c.tables.activity.heardOnPathMs[slot] = Number.NEGATIVE_INFINITY;
      c.tables.activity.dataOnPathMs[slot] = Number.NEGATIVE_INFINITY;
      ipToWords(event.address.ip, words, 0);
      c.tables.paths.set(slot, words, 0, portWord(event.address));
      c.tables.remotes.path[slot] = slot;
      c.out.commands.push({ kind: 'setPath', slot, to: event.address });
      c.engine.onPath(slot, now);
      noteWay(c, remote, event.address, now);
      // A relay passes on nothing from where it did not know this node.
      if (wasKnown && c.relayUse.isUsed(slot)) ping(c, remote, now);
      if (!isDiscardOnly(event.address.ip)) {
        c.out.events.push({ kind: 'askRouteMtu', to: event.address, path: slot });
        if (remote.introduced === 'member') noteScope(c, remote);
      }
      const { nodeId, name } = remote;
      if (wasKnown) c.out.events.push({ kind: 'pathChanged', nodeId, name, path: pathOf(c, remote) });
      if (!wasKnown) sayUnsaid(c, remote);
      if (isCircuit(event.address.ip)) keepReachable(c, now);
      else toPunch(c, { kind: 'direct', slot });
      if (remote.chain.length > 0) noteChange(c, remote, now);
      return;
    }
    case 'probe': {
      remote.probedAt = now;
      const to = directAddress(remote);
      if (to !== undefined) c.out.events.push({ kind: 'askRouteMtu', to, path: remote.slot });
      ping(c, remote, now);
      if (remote.path.current !== undefined) checkRelay(c, remote.path.current);
      return;
    }
  }
}

function ping(c: NodeContext, remote: Remote, now: number): void {
  const { id } = c.pings.begin(remote, undefined, now, true);
  c.work.push({ kind: 'say', remote, message: { kind: 'ping', id }, isDurable: false });
}

/** A relay passes on nothing from where it does not know this node: perhaps it has to learn where that is now. */
function checkRelay(c: NodeContext, way: SocketAddress): void {
  const relay = isCircuit(way.ip) ? c.remotes.at(circuitOf(way).slot) : undefined;
  if (relay?.isEstablished) toPath(c, relay, { kind: 'localChange', isRecent: true });
}

/** The first initiations to a remote behind a NAT go through its relays alone: others would spoil the opening of a direct way. */
function isLeft(c: NodeContext, remote: Remote, to: SocketAddress): boolean {
  if (!needsPunch(remote) || remote.isCalled || remote.unanswered >= OPENING_INITIATIONS) return false;
  const way = remote.path.candidates.find((known) => equalSocketAddress(known.address, to));
  return way !== undefined && isLeftToPunching(way, c.paths.isNear);
}

/** A remote may change its address with every datagram; the disk is told now and then. */
function noteChange(c: NodeContext, remote: Remote, now: number): void {
  if (now - remote.savedAt >= SAVE_TRAFFIC_MS) {
    c.toSave.add(remote);
  } else {
    remote.isStale = true;
    watch(c, now);
  }
}
