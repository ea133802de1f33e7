import { type NodeContext, toSession } from './context.ts';
import { releaseAlias } from './known.ts';
import type { Remote } from './remotes.ts';

/** Gives a remote's place to another. On disk only colleagues stay: their number is the own signers' choice. */
export function evict(c: NodeContext, remote: Remote): void {
  const isOnDisk = remote.kind === 'member' || remote.kind === 'told';
  if (isOnDisk && !(remote.kind === 'member' && c.organisations.isOwn(remote.organisation)))
    c.out.persists.push({ kind: 'forgetNode', nodeId: remote.nodeId });
  releaseAlias(c, remote);
  if (remote.isEstablished) {
    c.work.push({ kind: 'say', remote, message: { kind: 'close', reason: 'evicted' }, isDurable: false });
  }
  toSession(c, remote, { kind: 'close' });
  c.work.push({ kind: 'forget', remote });
}
