// Statements on the keys of an identity world, with any of their content changed before they are signed.
import { EMPTY } from '../../../src/core/base/bytes.ts';
import {
  ChainVerifier,
  type Network,
  RevocationVerifier,
  signOrganisation,
  signRevocation,
  signRevocationByRoots,
  type VerifiedRevocation,
} from '../../../src/core/identity/identity.ts';
import type { OrganisationCertificate, Revocation } from '../../../src/core/wire/types.ts';
import { NOW, type World } from './world.ts';

export interface StatementChanges {
  readonly revocation?: Partial<Revocation>;
  readonly organisation?: Partial<OrganisationCertificate>;
  /** Of the statement; default: the first. */
  readonly roots?: readonly number[];
  readonly signerSeed?: Uint8Array;
  readonly network?: Network;
}

/** The signer of the world takes its member back. */
export function bySigner(world: World, changes: StatementChanges = {}): Uint8Array {
  const { crypto, roots, signer, member } = world;
  const network = changes.network ?? world.network;
  const organisation = { ...world.organisation, ...changes.organisation };
  const authority = signOrganisation(crypto, network, organisation, [{ root: 0, seed: roots[0].seed }]);
  const revocation: Revocation = {
    kind: 'node',
    target: member.nodeId,
    since: 0,
    issued: NOW,
    reason: 'stolen laptop',
    organisation: organisation.organisation,
    issuer: organisation.signer,
    extensions: [],
    ...changes.revocation,
  };
  return signRevocation(crypto, network, revocation, authority, changes.signerSeed ?? signer.seed);
}

/** The roots take the world's signer back. */
export function byRoots(world: World, changes: StatementChanges = {}): Uint8Array {
  const { crypto, roots, signer } = world;
  const signers = (changes.roots ?? [0]).map((root) => ({ root, seed: roots[root].seed }));
  const revocation: Revocation = {
    kind: 'signer',
    target: signer.nodeId,
    since: 0,
    issued: NOW,
    reason: '',
    organisation: EMPTY,
    issuer: EMPTY,
    extensions: [],
    ...changes.revocation,
  };
  return signRevocationByRoots(crypto, changes.network ?? world.network, revocation, signers);
}

export function revocationVerifier(world: World): RevocationVerifier {
  const chains = new ChainVerifier(world.crypto, world.network);
  return new RevocationVerifier(world.crypto, world.network, chains);
}

export function verified(world: World, bytes: Uint8Array): VerifiedRevocation {
  const result = revocationVerifier(world).verify(bytes);
  if (!result.ok) throw new Error(result.reason);
  return result.verified;
}
