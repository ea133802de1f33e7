// Where an organisation's signers are: each publishes a notice as its node's value under a name that users cannot take.
import { concat } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Chain } from '../wire/types.ts';
import { decodeSignerNotice, encodeSignerNotice, WireError } from '../wire/wire.ts';
import type { ChainVerifier } from './chain.ts';
import type { Crypto, NetworkId, NodeId, OrganisationId } from './types.ts';

/** Names of values that begin so are mcc's own. */
export const RESERVED_PREFIX = 'mcc:';
/** Name of the value, in the signer's organisation. */
export const SIGNER_NOTICE_NAME = `${RESERVED_PREFIX}signer`;

const PURPOSE = encodeUtf8('mcc signer notice\0');

/** Says that the node holds the key that `organisation` names; `signerSeed` is that key's. */
export function signNotice(
  crypto: Crypto,
  networkId: NetworkId,
  nodeId: NodeId,
  organisation: Chain['organisation'],
  signerSeed: Uint8Array,
): Uint8Array {
  const signature = crypto.ed25519.sign(signerSeed, concat(PURPOSE, networkId, nodeId));
  return encodeSignerNotice({ organisation, signature });
}

/** The organisation that a node signs for, if its notice holds at `now` (Unix seconds). */
export function readNotice(
  crypto: Crypto,
  networkId: NetworkId,
  verifier: Pick<ChainVerifier, 'verifyOrganisation'>,
  nodeId: NodeId,
  bytes: Uint8Array,
  now: number,
): OrganisationId | undefined {
  try {
    const { organisation, signature } = decodeSignerNotice(bytes);
    const certificate = verifier.verifyOrganisation(organisation, now);
    if (certificate === undefined) return undefined;
    const holds = crypto.ed25519.verify(certificate.signer, concat(PURPOSE, networkId, nodeId), signature);
    return holds ? certificate.organisation : undefined;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return undefined;
  }
}
