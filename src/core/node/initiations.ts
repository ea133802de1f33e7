// How initiations leave.
import type { SocketAddress } from '../base/ip.ts';
import { addressed } from '../session/session.ts';
import type { NodeContext } from './context.ts';
import { noteSent } from './reach.ts';

/** A freshness counter is used only when the block that it is from is on disk; a later block covers those before it. */
export function sendInitiation(
  c: NodeContext,
  addresses: readonly SocketAddress[],
  datagram: Uint8Array,
  now: number,
): void {
  let waits = c.out.persists.some((record) => record.kind === 'freshness');
  if (c.unsavedFreshness !== undefined && !waits) {
    c.out.persists.push({ kind: 'freshness', reservedTo: c.unsavedFreshness });
    waits = true;
  }
  c.unsavedFreshness = undefined;
  const queue = waits ? c.out.afterPersist : c.out.commands;
  for (const to of addresses) {
    noteSent(c, to);
    queue.push({ kind: 'raw', to, datagram: addressed(datagram, c.wayTokens.of(to, now)) });
  }
}
