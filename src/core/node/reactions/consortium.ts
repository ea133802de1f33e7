// Joining, at both ends: what the joiner's machine wants, and what a signer answers.
import { CodedError, type ErrorCode } from '../../base/errors.ts';
import type { AdmissionDecision, Applicant, JoinEvent, TokenChange } from '../../consortium/types.ts';
import type { AdmissionRequestMessage, RefusalCode } from '../../wire/types.ts';
import { type NodeContext, say, toSession, wallMs } from '../context.ts';
import { keepDelivered } from '../epochs.ts';
import { firstNodes } from '../known.ts';
import type { Remote } from '../remotes.ts';
import { revokeReplaced } from '../revoke.ts';
import { keepSigners } from '../signers.ts';

const JOIN_ERRORS: Readonly<Record<RefusalCode | 'unreachable', ErrorCode>> = {
  other: 'ADMISSION_REFUSED',
  expired: 'TOKEN_EXPIRED',
  used: 'TOKEN_USED_UP',
  unknown: 'TOKEN_UNKNOWN',
  proof: 'ADMISSION_REFUSED',
  nameTaken: 'NAME_TAKEN',
  nameInvalid: 'NAME_INVALID',
  notSigner: 'ADMISSION_REFUSED',
  busy: 'ADMISSION_RATE_LIMITED',
  closed: 'GUESTS_CLOSED',
  full: 'GUESTS_FULL',
  work: 'ADMISSION_REFUSED',
  stale: 'WORK_STALE',
  revoked: 'NODE_REVOKED',
  unreachable: 'SIGNER_UNREACHABLE',
};

export function onJoinEvent(c: NodeContext, event: JoinEvent, now: number): void {
  const { join } = c;
  if (join === undefined) return;
  const { requestId } = join;
  switch (event.kind) {
    case 'connect': {
      const signer = c.remotes.find(join.signers[event.signer]);
      if (signer === undefined) return;
      c.out.events.push({ kind: 'joinProgress', requestId, step: 'connecting', detail: signer.key });
      if (signer.isEstablished) {
        const { nodeId, handshakeHash } = signer;
        c.work.push({ kind: 'join', input: { kind: 'established', nodeId, handshakeHash } });
      }
      toSession(c, signer, { kind: 'connect' });
      return;
    }
    case 'request': {
      const signer = c.remotes.get(event.nodeId);
      if (signer === undefined) return;
      c.out.events.push({ kind: 'joinProgress', requestId, step: 'requested', detail: signer.key });
      say(c, signer, event.message);
      return;
    }
    case 'newKeys': {
      const signer = c.remotes.get(event.nodeId);
      if (signer !== undefined) toSession(c, signer, { kind: 'rekey' });
      return;
    }
    case 'terms': {
      c.join = undefined;
      const { nodeId, hour, difficulty, signer } = event;
      c.out.events.push({
        kind: 'joined',
        requestId,
        result: { ok: true, terms: { nodeId, hour, difficulty, signer } },
      });
      return;
    }
    case 'admitted':
      onAdmitted(c, requestId, event.chain, now);
      return;
    case 'failed':
      c.join = undefined;
      c.out.events.push({ kind: 'joined', requestId, result: { ok: false, code: JOIN_ERRORS[event.code] } });
      return;
  }
}

function onAdmitted(c: NodeContext, requestId: number, chain: Uint8Array, now: number): void {
  const verified = c.verifier.verifyAny(chain, wallMs(c, now) / 1000);
  if (!verified.ok) throw new CodedError('INTERNAL', 'the chain was verified a moment ago');
  const signers = c.join?.signers ?? [];
  keepDelivered(c, c.join, verified.chain, now);
  c.join = undefined;
  c.out.persists.push({ kind: 'membership', chain });
  keepSigners(
    c,
    signers.flatMap((key) => c.remotes.find(key)?.nodeId ?? []),
  );
  const { name, organisationName } = verified.chain;
  const network = c.self.network.genesis.network;
  c.out.events.push({ kind: 'joinProgress', requestId, step: 'admitted', detail: name });
  c.out.events.push({
    kind: 'joined',
    requestId,
    result: { ok: true, name, organisation: organisationName, network },
  });
}

/** At the signer. The admission is on disk before its answer leaves, and taken back when it cannot be. */
export function onAdmissionRequest(
  c: NodeContext,
  remote: Remote,
  request: AdmissionRequestMessage,
  now: number,
): void {
  const applicant = { nodeId: remote.nodeId, handshakeHashes: remote.session?.handshakeHashes ?? [] };
  const owner = ownerOf(c, c.desk?.nameFor(request) ?? '');
  const decision = judged(c, request, applicant, owner, now);
  if (decision === undefined || decision.kind === 'refuse') {
    c.drops.count('admissionRefused');
    say(c, remote, { kind: 'admissionRefusal', code: decision?.code ?? 'notSigner' });
    return;
  }
  const { token, chain, name, repeated, replaced } = decision;
  if (!repeated) {
    c.out.persists.push({ kind: 'token', token, admits: remote.nodeId, replaced });
    c.out.events.push({ kind: 'admitted', nodeId: remote.nodeId, name, tokenId: token.tokenId });
  }
  // Ahead of the answer, with which the joiner's session ends.
  const epoch = c.epochs?.store.delivery(now);
  if (epoch !== undefined) say(c, remote, epoch, true);
  say(c, remote, { kind: 'admissionAnswer', chain, nodes: firstNodes(c, remote, chain.length, true) }, true);
}

/** Whoever takes another node's place is admitted in the same transaction in which that one's key is revoked, or not at all. */
function judged(
  c: NodeContext,
  request: AdmissionRequestMessage,
  applicant: Applicant,
  owner: Uint8Array | undefined,
  now: number,
): AdmissionDecision | undefined {
  const decision = c.desk?.decide(request, applicant, owner, wallMs(c, now));
  if (decision?.kind !== 'admit' || decision.repeated || decision.token.replaces === undefined)
    return decision;
  const { token, replaced } = decision;
  if (revokeReplaced(c, decision.token.replaces.nodeId, applicant.nodeId, now)) return decision;
  c.desk?.undo(token.tokenId, applicant.nodeId, replaced);
  return { kind: 'refuse', code: 'busy' };
}

/** Node of the own organisation that has this name; undefined: nobody. */
function ownerOf(c: NodeContext, name: string): Uint8Array | undefined {
  if (c.self.chain?.name === name) return c.self.keys.nodeId;
  for (const remote of c.remotes.values()) {
    if (remote.name !== name || remote.chain.length === 0) continue;
    if (c.organisations.isOwn(remote.organisation)) return remote.nodeId;
  }
  return undefined;
}

/** A token did not reach the disk: what it admitted never happened, and the joiner asks again; a new one is not there. */
export function takeBackAdmission(c: NodeContext, { token, admits, replaced }: TokenChange): void {
  if (admits === undefined) c.desk?.withdraw(token.tokenId);
  else c.desk?.undo(token.tokenId, admits, replaced);
}
