// What remotes say of revocations, and what handshakes tell of them.
import { equalBytes } from '../../base/bytes.ts';
import { answerQuery } from '../../consortium/consortium.ts';
import { readRevocation, type VerifiedRevocation } from '../../identity/identity.ts';
import type { RevocationMessage, RevocationQuery } from '../../wire/types.ts';
import { type NodeContext, say } from '../context.ts';
import { meetColleague } from '../epochs.ts';
import { seenMember } from '../members.ts';
import type { Remote } from '../remotes.ts';
import { arm, exchangeOut, isVoid, putOut, takeStatements } from '../revoking.ts';

export function onRevocationMessage(
  c: NodeContext,
  remote: Remote,
  message: RevocationMessage,
  now: number,
): void {
  switch (message.kind) {
    case 'revocationHead':
      onHead(c, remote, message.digest, now);
      return;
    case 'revocationQuery':
      onQuery(c, remote, message, now);
      return;
    case 'revocationAnswer':
      c.revoking.exchange.handle({ kind: 'answer', peer: remote.key, answer: message }, now, exchangeOut(c));
      arm(c, now);
      return;
    case 'revocations': {
      takeStatements(c, message.statements, remote, now);
      const hashes = message.statements.flatMap((bytes) => readRevocation(c.crypto, bytes)?.hash ?? []);
      c.revoking.exchange.handle({ kind: 'came', peer: remote.key, hashes }, now, exchangeOut(c));
      arm(c, now);
      return;
    }
  }
}

/** A member's handshake: `head` is the digest of what it knows. A statement may have come since its chain was verified. */
export function onIntroduced(c: NodeContext, remote: Remote, head: Uint8Array, now: number): void {
  if (c.remotes.find(remote.key) !== remote) return;
  if (isVoid(c, remote)) {
    c.drops.count('certificateRevoked');
    putOut(c, remote, voidingOf(c, remote));
    return;
  }
  onHead(c, remote, head, now);
  seenMember(c, remote, now);
  meetColleague(c, remote);
}

function voidingOf(c: NodeContext, remote: Remote): VerifiedRevocation[] {
  const { verified } = remote;
  if (verified === undefined) return [];
  const { nodeId, admittedBy, signer, notBefore } = verified;
  const statement = c.revoking.set.voiding({ nodeId, organisation: admittedBy.id, signer, notBefore });
  return statement === undefined ? [] : [statement];
}

function onHead(c: NodeContext, remote: Remote, digest: Uint8Array, now: number): void {
  remote.revocationHead = digest;
  const { set, exchange } = c.revoking;
  // Who has nothing has nothing to tell.
  if (digest.length === 0 || equalBytes(digest, set.digest)) return;
  exchange.handle({ kind: 'differs', peer: remote.key }, now, exchangeOut(c));
  arm(c, now);
}

function onQuery(c: NodeContext, remote: Remote, query: RevocationQuery, now: number): void {
  if (!remote.revocationQueries.take(now)) {
    c.drops.count('revocationRateLimited');
    return;
  }
  for (const message of answerQuery(c.revoking.set, query)) say(c, remote, message);
  const isWhole = query.lower.length === 0 && query.upper.length === 0 && query.wanted.length === 0;
  if (isWhole) onHead(c, remote, query.digest, now);
}
