// Statements of root keys, and what is carried to their holders: made in the cli's process only. The daemon never sees the keys.
import { equalBytes } from '../core/base/bytes.ts';
import { CodedError } from '../core/base/errors.ts';
import {
  encodeRequest,
  idToText,
  makeRevocationRequest,
  type Network,
  nobleCrypto,
  nodeIdFromText,
  nodeKeysFromSeed,
  reasonFault,
  revocationOf,
  signRevocationByRoots,
} from '../core/identity/identity.ts';
import type { RevocationView } from '../host/api/types.ts';
import { documentOf } from './documents.ts';

export interface Wanted {
  readonly kind: RevocationView['kind'];
  /** Key as text. */
  readonly id: string;
  /** Seconds of Unix time; 0: altogether. */
  readonly since: number;
  readonly reason: string;
}

/** An encoded SignedRevocation in base64url. */
export function revokeByRoots(network: Network, wanted: Wanted, seeds: readonly Uint8Array[]): string {
  const { rootKeys, threshold } = network.genesis;
  const roots = seeds.map((seed) => {
    const key = nodeKeysFromSeed(nobleCrypto, seed)?.nodeId;
    const root = rootKeys.findIndex((one) => key !== undefined && equalBytes(one, key));
    if (root < 0) throw new CodedError('ROOT_KEY_WRONG', 'a key is not one of this network');
    return { root, seed };
  });
  if (new Set(roots.map(({ root }) => root)).size < threshold)
    throw new CodedError('REVOKE_REFUSED', `this network asks for ${threshold} different root keys`);
  return Buffer.from(signRevocationByRoots(nobleCrypto, network, statementOf(wanted), roots)).toString(
    'base64url',
  );
}

/** What is to be signed by root keys, as it is carried to them. */
export function revocationRequest(network: Network, wanted: Wanted): string {
  return encodeRequest(nobleCrypto, makeRevocationRequest(network, statementOf(wanted)));
}

function statementOf({ kind, id, since, reason }: Wanted) {
  const target = nodeIdFromText(nobleCrypto, id);
  if (target === undefined) throw new CodedError('PEER_UNKNOWN', id.slice(0, 60));
  const fault = reasonFault(reason);
  if (fault !== undefined) throw new CodedError('REASON_INVALID', fault);
  const issued = Math.floor(Date.now() / 1000);
  const none = new Uint8Array(0);
  return { kind, target, since, issued, reason, organisation: none, issuer: none, extensions: [] };
}

export interface Signed extends Pick<Wanted, 'kind' | 'id'> {
  /** An encoded SignedRevocation in base64url. */
  readonly statement: string;
}

/** Of a document that root keys signed for this network. Throws a CodedError when it is none, or not whole. */
export function signedRevocation(text: string, here: Network): Signed {
  const { document, network, revocation, missing } = documentOf(text);
  if (revocation === undefined) throw new CodedError('DOCUMENT_MALFORMED', 'this one takes no key back');
  if (network.idText !== here.idText) throw new CodedError('DOCUMENT_OTHER_NETWORK');
  if (missing > 0)
    throw new CodedError('DOCUMENT_UNFINISHED', `${missing} of ${network.genesis.threshold} are missing`);
  const statement = Buffer.from(revocationOf(document)).toString('base64url');
  return { kind: revocation.kind, id: idToText(revocation.target), statement };
}
