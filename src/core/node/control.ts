// Saying something to a remote: counters reserved here, sealed by the port.
import { NONE } from '../addressing/types.ts';
import { EMPTY } from '../base/bytes.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { PortCommand } from '../engine/types.ts';
import type { ControlMessage } from '../wire/types.ts';
import { encodeControl } from '../wire/wire.ts';
import { type NodeContext, say } from './context.ts';
import { noteSent } from './reach.ts';
import { REMOTES_MAX, type Remote } from './remotes.ts';

/** Path slots from REMOTES_MAX on that are used by turns for single datagrams. */
const SPARE_PATHS = 256;

/** Messages that wait for the way of one remote; further ones are lost, as datagrams may be. */
const UNSAID_MAX = 8;

/** False: there is no session to say it in. `isDurable`: only when this turn's records are on disk. */
export function sendControl(
  c: NodeContext,
  remote: Remote,
  message: ControlMessage,
  isDurable: boolean,
): boolean {
  const isKept = remote.isEstablished && c.tables.remotes.path[remote.slot] < 0;
  if (!isKept) return sendPlaintext(c, remote, encodeControl(message), isDurable);
  if (remote.unsaid.length >= UNSAID_MAX) return false;
  remote.unsaid.push({ message, isDurable });
  return true;
}

/** A way is known: what waited for it leaves. */
export function sayUnsaid(c: NodeContext, remote: Remote): void {
  c.toRelease.add(remote);
  for (const { message, isDurable } of remote.unsaid.splice(0)) say(c, remote, message, isDurable);
}

/** Over a path slot of no remote, so that what goes to the remote's path is not held up. */
export function sendTo(
  c: NodeContext,
  remote: Remote,
  plaintext: Uint8Array,
  to: SocketAddress,
  ttl: number | undefined,
): boolean {
  const slot = REMOTES_MAX + c.nextSparePath;
  c.nextSparePath = (c.nextSparePath + 1) % SPARE_PATHS;
  return sendPlaintext(c, remote, plaintext, false, { slot, to, ttl });
}

/** Proof that this side has the keys, and of where it receives while that is in question; otherwise empty. */
export function sendEmpty(c: NodeContext, remote: Remote): boolean {
  const { wayToken } = remote;
  if (wayToken.length > 0) return sendControl(c, remote, { kind: 'confirmation', wayToken }, false);
  return sendPlaintext(c, remote, EMPTY, false);
}

/** What arrived under a receive key slot of it, as EngineVoice.acknowledge has it; NONE: it is to say the same at once. */
export function sendAck(c: NodeContext, remote: Remote, receiveKey: number, delayMs = 0, from = 0): void {
  const path = c.tables.remotes.path[remote.slot];
  const sealed = reserve(c, remote, path, false);
  if (sealed === undefined) return;
  const index = receiveKey === NONE ? 0 : c.tables.receiveKeys.index[receiveKey];
  const { key, counter, queue } = sealed;
  queue.push({ kind: 'ack', key, counter, path, receiveKey, index, delayMs, from });
}

/** As many parities of the group under way of the key in use. The counter of the first; -1: there is no session to send them in. */
export function sendParity(c: NodeContext, remote: Remote, parities: number): number {
  const path = c.tables.remotes.path[remote.slot];
  const sealed = reserve(c, remote, path, false, parities);
  if (sealed === undefined) return -1;
  const { key, counter, queue } = sealed;
  queue.push({ kind: 'sendParity', key, counter, path, parities });
  return counter;
}

function sendPlaintext(
  c: NodeContext,
  remote: Remote,
  plaintext: Uint8Array,
  isDurable: boolean,
  elsewhere?: { readonly slot: number; readonly to: SocketAddress; readonly ttl: number | undefined },
): boolean {
  const path = elsewhere?.slot ?? c.tables.remotes.path[remote.slot];
  const sealed = reserve(c, remote, path, isDurable);
  if (sealed === undefined) return false;
  const { key, counter, queue } = sealed;
  if (elsewhere !== undefined) queue.push({ kind: 'setPath', slot: path, to: elsewhere.to });
  noteSent(c, elsewhere?.to ?? remote.path.current);
  const ttl = elsewhere?.ttl;
  queue.push({ kind: 'control', key, counter, path, plaintext, ...(ttl === undefined ? {} : { ttl }) });
  return true;
}

/** The next counters of a remote's key, and where a command that seals under them belongs; undefined: there is no session or no path. */
function reserve(
  c: NodeContext,
  { slot, isEstablished }: Remote,
  path: number,
  isDurable: boolean,
  counters = 1,
) {
  const { remotes } = c.tables;
  const key = remotes.sendKey[slot];
  const counter = remotes.nextCounter[slot];
  if (!isEstablished || key < 0 || path < 0 || counter + counters > remotes.counterLimit[slot]) {
    c.drops.count('outboundNoSession');
    return undefined;
  }
  remotes.nextCounter[slot] = counter + counters;
  // Counters of one key leave in order: behind a message that waits for the disk, the next one waits too.
  const waits = isDurable || c.out.afterPersist.some((command) => isSealedUnder(command, key));
  return { key, counter, queue: waits ? c.out.afterPersist : c.out.commands };
}

function isSealedUnder(command: PortCommand, key: number): boolean {
  const isSealed = command.kind === 'control' || command.kind === 'ack' || command.kind === 'sendParity';
  return isSealed && command.key === key;
}
