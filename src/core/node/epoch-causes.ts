// Which revocations make another epoch of the own organisation necessary: whoever is put out of it knows the current one's secret.
import { equalBytes } from '../base/bytes.ts';
import type { VerifiedRevocation } from '../identity/identity.ts';
import type { Revocation } from '../wire/types.ts';
import { decodeChain, decodeOrganisationCertificate, WireError } from '../wire/wire.ts';
import { type NodeContext, toEpochs } from './context.ts';

/** New statements are in force here. `isOwn`: made by this node's command. */
export function tellEpochs(c: NodeContext, added: readonly VerifiedRevocation[], isOwn: boolean): void {
  if (c.epochs === undefined) return;
  toEpochs(c, { kind: 'standing', isMember: c.revoking.own === undefined });
  for (const { hash, revocation } of added)
    if (concernsOwn(c, revocation)) toEpochs(c, { kind: 'revoked', hash, issued: revocation.issued, isOwn });
  if (added.some(({ revocation }) => revocation.kind === 'signer')) c.work.push({ kind: 'signersRevoked' });
}

/** Whether it puts somebody out of the own organisation, or may do so. */
export function concernsOwn(c: NodeContext, { kind, target, organisation }: Revocation): boolean {
  if (kind === 'organisation') return false;
  if (kind === 'signer') return isOwnSigner(c, target);
  if (organisation.length > 0) return c.organisations.isOwn(organisation);
  // The roots took it back altogether, wherever it belongs.
  const known = c.remotes.get(target)?.organisation ?? organisation;
  return known.length === 0 || c.organisations.isOwn(known);
}

/** As certificates say that are known here. */
function isOwnSigner(c: NodeContext, key: Uint8Array): boolean {
  const { chain } = c.self;
  if (chain !== undefined && equalBytes(chain.signer, key)) return true;
  const current = c.epochs?.store.current;
  if (current !== undefined && equalBytes(current.signer, key)) return true;
  for (const remote of c.remotes.values())
    if (c.organisations.isOwn(remote.organisation) && isSignedBy(remote.chain, key)) return true;
  return false;
}

function isSignedBy(chain: Uint8Array, key: Uint8Array): boolean {
  if (chain.length === 0) return false;
  try {
    const { organisation } = decodeChain(chain);
    return equalBytes(decodeOrganisationCertificate(organisation.certificate).signer, key);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
