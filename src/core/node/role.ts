import { HOUR_MS, NEVER } from '../base/time.ts';
import type { NodeContext } from './context.ts';

/** Who was not called unasked for so long may have a firewall that nobody noticed: it takes a relay as well. */
export const PROVEN_MS = 6 * HOUR_MS;

/** Whether others reach this node by themselves, as far as is known: unasked, or its operator says that they do. */
export function isReached(c: NodeContext): boolean {
  if (c.config.advertise.length > 0 || c.reach.isGlobal) return true;
  // Where every node has a private address, being reached from one is all there is.
  return c.reach.isLocal && !c.hasMetGlobal;
}

/** Whether this node serves the DHT: a member that is reached, and may. */
export function isCore(c: NodeContext): boolean {
  return c.self.chain?.tier === 'member' && c.config.client !== true && isReached(c);
}

/**
 * ms; until then this node needs no relay to be reached, NEVER: for good. A NAT forgets an idle node, whomever it lets in: there the
 * keepalives of a relay are needed in any case, unless a gateway was asked to pass on what comes.
 */
export function reachedUntil(c: NodeContext): number {
  if (c.streams.isBlocked || !isReached(c)) return Number.NEGATIVE_INFINITY;
  if (c.config.advertise.length > 0) return NEVER;
  if (isBehindNat(c) && c.self.mapped === undefined) return Number.NEGATIVE_INFINITY;
  return (c.reach.isGlobal ? c.reach.globalAt : c.reach.localAt) + PROVEN_MS;
}

/** Others see this node at an address that is none of its own; while they do not agree on it, some do. */
export function isBehindNat(c: NodeContext): boolean {
  const known = [c.nat.view('ipv4'), c.nat.view('ipv6')].filter(({ publicIp }) => publicIp !== undefined);
  return known.length > 0 ? known.some(({ isOwn }) => !isOwn) : c.relayUse.rhythm.isBehindNat;
}
