// Founding a network: the part that the daemon does with its own keys. The root key's part happens in the cli.
import { CodedError } from '../../core/base/errors.ts';
import {
  ChainVerifier,
  generateNodeKeys,
  issueMember,
  type Network,
  nodeKeysFromSeed,
  readGenesis,
  type VerifiedChain,
} from '../../core/identity/identity.ts';
import type { NodeKeys } from '../../core/identity/types.ts';
import type { InitInput } from '../api/types.ts';
import { nodeCrypto, systemRng } from '../crypto/crypto.ts';
import type { KeyName, Membership, Storage } from '../storage/storage.ts';

/** Keys of the state directory; made, and on disk before they are used, when there are none. */
export function ensureKeys(storage: Storage, name: KeyName): NodeKeys {
  const found = readKeys(storage, name);
  if (found !== undefined) return found;
  const keys = generateNodeKeys(nodeCrypto, systemRng);
  storage.writeSeed(name, keys.seed);
  return keys;
}

export function readKeys(storage: Storage, name: KeyName): NodeKeys | undefined {
  const seed = storage.readSeed(name);
  if (seed === undefined) return undefined;
  const keys = nodeKeysFromSeed(nodeCrypto, seed);
  if (keys === undefined) throw new CodedError('STATE_DAMAGED', `${name}.key holds no valid key`);
  return keys;
}

/** The founder's membership: its organisation's certificate from the root key, its own from its signer key. */
export function foundMembership(storage: Storage, input: InitInput, name: string, nowMs: number): Membership {
  const network = readGenesis(nodeCrypto, bytes(input.genesis));
  if (!network.ok)
    throw new CodedError('REQUEST_INVALID', `the genesis document is refused (${network.reason})`);
  const organisation = {
    certificate: bytes(input.organisation.certificate),
    signatures: input.organisation.signatures.map(({ root, signature }) => ({
      root,
      signature: bytes(signature),
    })),
  };
  let chain: Uint8Array;
  try {
    chain = issueMember(nodeCrypto, network.network, organisation, ensureKeys(storage, 'signer').seed, {
      nodeId: ensureKeys(storage, 'node').nodeId,
      name,
      now: Math.floor(nowMs / 1000),
      nonce: systemRng.bytes(16),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodedError('REQUEST_INVALID', `the organisation certificate is refused (${reason})`);
  }
  const verified = new ChainVerifier(nodeCrypto, network.network).verify(chain, Math.floor(nowMs / 1000));
  if (!verified.ok) {
    throw new CodedError('REQUEST_INVALID', `the organisation certificate is refused (${verified.reason})`);
  }
  return { genesis: network.network.bytes, chain };
}

export interface Standing {
  readonly network: Network;
  readonly chain: VerifiedChain;
}

/**
 * What the stored membership proves now. Throws a CodedError when it proves nothing, telling a clock that is far off
 * from a certificate that is too old.
 */
export function verifyMembership(membership: Membership, nowMs: number): Standing {
  const genesis = readGenesis(nodeCrypto, membership.genesis);
  if (!genesis.ok)
    throw new CodedError('STATE_DAMAGED', `the genesis document is refused (${genesis.reason})`);
  const result = new ChainVerifier(nodeCrypto, genesis.network).verify(
    membership.chain,
    Math.floor(nowMs / 1000),
  );
  if (result.ok) return { network: genesis.network, chain: result.chain };
  const here = new Date(nowMs).toISOString().slice(0, 10);
  if (result.reason === 'notYetValid') {
    throw new CodedError('CLOCK_WRONG', `it is ${here} here, before the certificate of this node begins`);
  }
  if (result.reason === 'expired') {
    throw new CodedError('CERTIFICATE_EXPIRED', `it is ${here} here (if that is wrong, set the clock)`);
  }
  throw new CodedError('CERTIFICATE_INVALID', result.reason);
}

function bytes(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}
