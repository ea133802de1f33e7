// What an epoch and a pseudonym say, and what must hold before anybody believes it: shared by whoever reads epochs (epoch.ts) and
// whoever verifies the chains of pseudonyms (chain.ts). Times: seconds of Unix time.
import { equalBytes } from '../base/bytes.ts';
import { DAY_S } from '../base/time.ts';
import type { Epoch, Pseudonym } from '../wire/epoch-types.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { OrganisationCertificate } from '../wire/types.ts';
import { decodeEpoch, decodePseudonym } from '../wire/wire.ts';
import { signatureInput } from './certificate.ts';
import { extensionsAllow } from './genesis.ts';
import type { Crypto, NetworkId, OrganisationId } from './types.ts';

/** Seconds from an epoch's beginning for which pseudonyms under it may be good. */
export const EPOCH_LIFETIME_S = 35 * DAY_S;

export type EpochRefusal = 'issuer' | 'dates' | 'critical' | 'signature' | 'key';

/** A pseudonym as its chain proves it. */
export interface VerifiedPseudonym {
  readonly key: Uint8Array;
  readonly organisation: OrganisationId;
  /** The Level-0 key that signed the epoch. */
  readonly signer: Uint8Array;
  /** ID of the epoch. */
  readonly epoch: Uint8Array;
  /** Of the epoch. */
  readonly number: number;
  /** The beginning of the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The chain as it was verified. */
  readonly bytes: Uint8Array;
}

/** The epoch that a signer stated, judged but for what time it is; or why it is none. Throws WireError. */
export function judgeEpoch(
  crypto: Crypto,
  networkId: NetworkId,
  certificate: OrganisationCertificate,
  bytes: Uint8Array,
  signature: Uint8Array,
): Epoch | EpochRefusal {
  const epoch = decodeEpoch(bytes);
  if (!equalBytes(epoch.organisation, certificate.organisation)) return 'issuer';
  if (!equalBytes(epoch.signer, certificate.signer)) return 'issuer';
  if (epoch.created < certificate.notBefore - CLOCK_SKEW_S) return 'dates';
  if (epoch.created > certificate.notAfter) return 'dates';
  if (!extensionsAllow(epoch.extensions)) return 'critical';
  const input = signatureInput('epoch', networkId, bytes);
  return crypto.ed25519.verify(certificate.signer, input, signature) ? epoch : 'signature';
}

/** When the pseudonyms of an epoch end. */
export function endOfEpoch(created: number, certificate: OrganisationCertificate): number {
  return Math.min(created + EPOCH_LIFETIME_S, certificate.notAfter);
}

/** The pseudonym that somebody vouched for who knows the epoch's secret, or why it is none. Throws WireError. */
export function judgePseudonym(
  crypto: Crypto,
  networkId: NetworkId,
  epoch: Epoch,
  certificate: OrganisationCertificate,
  bytes: Uint8Array,
  signature: Uint8Array,
): Pseudonym | EpochRefusal {
  const pseudonym = decodePseudonym(bytes);
  const { key, notAfter } = pseudonym;
  // All of an epoch end with it, so that nobody vouches for another's but for a shorter time.
  if (notAfter !== endOfEpoch(epoch.created, certificate)) return 'dates';
  const { verify, isValidPublicKey } = crypto.ed25519;
  if (!verify(epoch.vouchingKey, signatureInput('pseudonym', networkId, bytes), signature))
    return 'signature';
  return isValidPublicKey(key) ? pseudonym : 'key';
}
