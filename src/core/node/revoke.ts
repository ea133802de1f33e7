// What the host asks for about revocations. A refusal is a CodedError and changes nothing.
import { equalBytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { AdmissionDesk } from '../consortium/consortium.ts';
import {
  idToText,
  type RevocationRefusal,
  readRevocation,
  reasonFault,
  signRevocation,
} from '../identity/identity.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { Revocation } from '../wire/types.ts';
import { decodeOrganisationCertificate } from '../wire/wire.ts';
import type { NodeContext } from './context.ts';
import type { RevocationView } from './revocation-view.ts';
import { nowS, takeStatements } from './revoking.ts';

const REFUSALS: Readonly<Record<RevocationRefusal, string>> = {
  malformed: 'it cannot be read',
  notCanonical: 'it cannot be read',
  reason: 'its reason cannot be shown',
  key: 'what it names is no key',
  kind: 'its issuer has no right to say that',
  dates: 'its issuer was no signer at that time',
  critical: 'it needs a newer version',
  threshold: 'too few root keys signed it',
  signature: 'its signature is not of this network, or of somebody without the right',
};

/** Takes a node of the own organisation back, as its signer. `isMeant`: even if it is this one. */
export function revokeNode(
  c: NodeContext,
  target: Uint8Array,
  reason: string,
  isMeant: boolean,
  now: number,
): RevocationView {
  const { desk, self } = c;
  if (desk === undefined || self.chain === undefined) throw new CodedError('NOT_A_SIGNER');
  const fault = reasonFault(reason);
  if (fault !== undefined) throw new CodedError('REASON_INVALID', fault);
  const { organisation } = self.chain;
  if (c.revoking.set.covering('node', target, 0, organisation) !== undefined)
    throw new CodedError('ALREADY_REVOKED', idToText(target));
  const remote = c.remotes.get(target);
  if (remote?.verified !== undefined && !equalBytes(remote.verified.admittedBy.id, organisation))
    throw new CodedError('REVOKE_TARGET', remote.name);
  if (equalBytes(target, self.keys.nodeId) && !isMeant) throw new CodedError('REVOKE_SELF', self.chain.name);
  return takeOwn(c, statementOn(c, desk, target, reason, now), now);
}

/** By the own signer. */
function statementOn(
  c: NodeContext,
  { signer }: AdmissionDesk,
  target: Uint8Array,
  reason: string,
  now: number,
): Uint8Array {
  const { network, organisation: authority, seed } = signer;
  const certificate = decodeOrganisationCertificate(authority.certificate);
  const revocation: Revocation = {
    kind: 'node',
    target,
    since: 0,
    issued: Math.max(nowS(c, now), certificate.notBefore),
    reason,
    organisation: certificate.organisation,
    issuer: certificate.signer,
    extensions: [],
  };
  return signRevocation(c.crypto, network, revocation, authority, seed);
}

/** The key that another one takes the place of. Whether it is revoked, or was before. */
export function revokeReplaced(c: NodeContext, target: Uint8Array, by: Uint8Array, now: number): boolean {
  const { desk, self } = c;
  if (desk === undefined || self.chain === undefined) return false;
  if (c.revoking.set.covering('node', target, 0, self.chain.organisation) !== undefined) return true;
  const statement = statementOn(c, desk, target, `its key was changed to ${idToText(by)}`, now);
  return takeStatements(c, [statement], undefined, now) > 0;
}

/** Takes up a statement that was signed elsewhere, by root keys for instance. */
export function takeRevocation(
  c: NodeContext,
  bytes: Uint8Array,
  isMeant: boolean,
  now: number,
): RevocationView {
  const result = c.revoking.verifier.verify(bytes);
  if (!result.ok) throw new CodedError('REVOKE_REFUSED', REFUSALS[result.reason]);
  const { revocation, hash } = result.verified;
  if (c.revoking.set.get(hash) !== undefined)
    throw new CodedError('ALREADY_REVOKED', idToText(revocation.target));
  if (!isMeant && endsOwn(c, revocation)) throw new CodedError('REVOKE_SELF', c.self.chain?.name);
  return takeOwn(c, bytes, now);
}

/** Whether this node would be no member any more. */
function endsOwn({ self: { keys, chain } }: NodeContext, { kind, target, since }: Revocation): boolean {
  if (kind === 'node') return equalBytes(target, keys.nodeId);
  if (chain === undefined) return false;
  if (kind === 'organisation') return equalBytes(target, chain.organisation);
  return equalBytes(target, chain.signer) && chain.notBefore + CLOCK_SKEW_S >= since;
}

function takeOwn(c: NodeContext, bytes: Uint8Array, now: number): RevocationView {
  if (takeStatements(c, [bytes], undefined, now) === 0)
    throw new CodedError('REVOKE_REFUSED', 'there is no room for it, or its issuer was revoked itself');
  const { revocation, hash } = readRevocation(c.crypto, bytes) ?? {};
  if (revocation === undefined || hash === undefined) throw new CodedError('INTERNAL');
  return viewOf(c, revocation, hash);
}

/** What is revoked, the newest first. */
export function revocations(c: NodeContext): RevocationView[] {
  return c.revoking.set
    .values()
    .sort((a, b) => b.revocation.issued - a.revocation.issued)
    .map(({ revocation, hash }) => viewOf(c, revocation, hash));
}

/** By which this node is no member any more. */
export function ownRevocation(c: NodeContext): RevocationView | null {
  const { own } = c.revoking;
  return own === undefined ? null : viewOf(c, own.revocation, own.hash);
}

function viewOf(c: NodeContext, revocation: Revocation, hash: Uint8Array): RevocationView {
  const { kind, target, since, issued, reason, organisation, issuer } = revocation;
  return {
    kind,
    target: idToText(target),
    organisation: organisation.length === 0 ? '' : (nameOf(c, organisation) ?? idToText(organisation)),
    since,
    issued,
    reason,
    by: issuer.length === 0 ? 'roots' : idToText(issuer),
    id: idToText(hash),
  };
}

function nameOf(c: NodeContext, organisation: Uint8Array): string | undefined {
  const { chain } = c.self;
  if (chain !== undefined && equalBytes(organisation, chain.organisation)) return chain.organisationName;
  for (const remote of c.remotes.values())
    if (equalBytes(remote.organisation, organisation) && remote.organisationName !== '')
      return remote.organisationName;
  return undefined;
}
