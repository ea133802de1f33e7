import type { NodeContext } from './context.ts';

/** Whether others reach this node by themselves, as far as is known: unasked, or its operator says that they do. */
export function isReached(c: NodeContext): boolean {
  if (c.config.advertise.length > 0 || c.reach.isGlobal) return true;
  // Where every node has a private address, being reached from one is all there is.
  return c.reach.isLocal && !c.hasMetGlobal;
}

/** Whether this node serves the DHT: a member that is reached, and may. */
export function isCore(c: NodeContext): boolean {
  return c.self.chain !== undefined && c.config.client !== true && isReached(c);
}
