// Statements of root keys: made in the cli's process only. The daemon never sees the keys.
import { equalBytes } from '../core/base/bytes.ts';
import { CodedError } from '../core/base/errors.ts';
import {
  type Network,
  nobleCrypto,
  nodeIdFromText,
  nodeKeysFromSeed,
  reasonFault,
  signRevocationByRoots,
} from '../core/identity/identity.ts';
import type { RevocationView } from '../host/api/types.ts';

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
  const target = nodeIdFromText(nobleCrypto, wanted.id);
  if (target === undefined) throw new CodedError('PEER_UNKNOWN', wanted.id.slice(0, 60));
  const fault = reasonFault(wanted.reason);
  if (fault !== undefined) throw new CodedError('REASON_INVALID', fault);
  const { kind, since, reason } = wanted;
  const issued = Math.floor(Date.now() / 1000);
  const none = new Uint8Array(0);
  const statement = { kind, target, since, issued, reason, organisation: none, issuer: none, extensions: [] };
  return Buffer.from(signRevocationByRoots(nobleCrypto, network, statement, roots)).toString('base64url');
}
