// Where remotes proved to receive: by the way tokens of handshakes, which come back from there alone.
import type { SocketAddress } from '../base/ip.ts';
import { decodeControl, WireError } from '../wire/wire.ts';
import { type NodeContext, toPath } from './context.ts';
import type { Remote } from './remotes.ts';

/**
 * The address that a token was sent to, which is seldom another than that where it came back from: a remote that is sent to one of its
 * addresses may answer from another. undefined: nothing of the kind was sent to any address that it is known to have.
 */
export function provenBy(
  c: NodeContext,
  remote: Remote,
  token: Uint8Array,
  from: SocketAddress,
  now: number,
): SocketAddress | undefined {
  const { candidates, current = from } = remote.path;
  const known = [from, current, ...candidates.map(({ address }) => address)];
  return known.find((address) => c.wayTokens.proves(token, address, now));
}

/** The token that a first datagram under new keys brings back; undefined: it brings none. */
export function tokenIn(plaintext: Uint8Array): Uint8Array | undefined {
  if (plaintext.length === 0) return undefined;
  try {
    const message = decodeControl(plaintext);
    return message.kind === 'confirmation' ? message.wayToken : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** It counts where other datagrams came before the first confirmation, so that nothing was known of where they came from. */
export function onConfirmation(
  c: NodeContext,
  remote: Remote,
  token: Uint8Array,
  from: SocketAddress,
  now: number,
): void {
  if (remote.path.current !== undefined) return;
  const address = provenBy(c, remote, token, from, now);
  if (address === undefined) c.drops.count('controlUnexpected');
  else toPath(c, remote, { kind: 'established', address });
}
