// Saying something to a remote: counters reserved here, sealed by the port.
import { EMPTY } from '../base/bytes.ts';
import type { PortCommand } from '../engine/types.ts';
import type { ControlMessage } from '../wire/types.ts';
import { encodeControl } from '../wire/wire.ts';
import type { NodeContext } from './context.ts';
import type { Remote } from './remotes.ts';

/** False: there is no session to say it in. `isDurable`: only when this turn's records are on disk. */
export function sendControl(
  c: NodeContext,
  remote: Remote,
  message: ControlMessage,
  isDurable: boolean,
): boolean {
  return sendPlaintext(c, remote, encodeControl(message), isDurable);
}

/** An empty datagram: proof that this side has the keys. */
export function sendEmpty(c: NodeContext, remote: Remote): boolean {
  return sendPlaintext(c, remote, EMPTY, false);
}

function sendPlaintext(c: NodeContext, remote: Remote, plaintext: Uint8Array, isDurable: boolean): boolean {
  const { remotes } = c.tables;
  const { slot } = remote;
  const key = remotes.sendKey[slot];
  const counter = remotes.nextCounter[slot];
  if (!remote.isEstablished || key < 0 || remotes.path[slot] < 0 || counter >= remotes.counterLimit[slot]) {
    c.drops.count('outboundNoSession');
    return false;
  }
  remotes.nextCounter[slot] = counter + 1;
  // Counters of one key leave in order: behind a message that waits for the disk, the next one waits too.
  const waits = isDurable || c.out.afterPersist.some((command) => isSealedUnder(command, key));
  const queue = waits ? c.out.afterPersist : c.out.commands;
  queue.push({ kind: 'control', key, counter, path: remotes.path[slot], plaintext });
  return true;
}

function isSealedUnder(command: PortCommand, key: number): boolean {
  return command.kind === 'control' && command.key === key;
}
