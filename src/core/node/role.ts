import type { NodeContext } from './context.ts';

/** Whether this node serves the DHT: a member that is reached unasked, or whose operator says that it is. */
export function isCore(c: NodeContext): boolean {
  if (c.self.chain === undefined || c.config.client === true) return false;
  if (c.config.advertise.length > 0 || c.reach.isGlobal) return true;
  // Where every node has a private address, being reached from one is all there is.
  return c.reach.isLocal && !c.hasMetGlobal;
}
