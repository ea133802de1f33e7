// Epochs and pseudonyms as bytes. Decoding accepts exactly what encoding gives.
import { extension, signedOrganisation } from './certificate.ts';
import type { Epoch, Pseudonym, SignedEpoch } from './epoch-types.ts';
import { EPOCH_MAX, HASH_BYTES, PSEUDONYM_MAX, SIGNED_EPOCH_MAX } from './limits.ts';
import { decodeCanonical, decodeMessage, encodeMessage, mcc, own } from './protobuf.ts';
import { EPOCH, PSEUDONYM, SIGNED_EPOCH } from './rules.ts';

import { WireError } from './wire-error.ts';

/** RangeError when a field exceeds its limit. */
export function encodeEpoch(epoch: Epoch): Uint8Array {
  return encodeMessage(mcc.Epoch, EPOCH, { ...epoch, extensions: [...epoch.extensions] }, EPOCH_MAX);
}

/** Throws WireError, as all decoders here. */
export function decodeEpoch(bytes: Uint8Array): Epoch {
  return decodeCanonical(bytes, EPOCH, encodeEpoch, () => {
    const decoded = decodeMessage(mcc.Epoch, EPOCH, bytes, EPOCH_MAX);
    const { length } = decoded.cause;
    if (length > 0 && length !== HASH_BYTES) throw new WireError('malformed', 'Epoch: cause');
    return {
      organisation: own(decoded.organisation),
      signer: own(decoded.signer),
      number: decoded.number,
      created: decoded.created,
      vouchingKey: own(decoded.vouchingKey),
      meetingKey: own(decoded.meetingKey),
      cause: own(decoded.cause),
      extensions: decoded.extensions.map(extension),
    };
  });
}

export function encodeSignedEpoch({ organisation, epoch, signature }: SignedEpoch): Uint8Array {
  return encodeMessage(
    mcc.SignedEpoch,
    SIGNED_EPOCH,
    { organisation: { ...organisation, signatures: [...organisation.signatures] }, epoch, signature },
    SIGNED_EPOCH_MAX,
  );
}

export function decodeSignedEpoch(bytes: Uint8Array): SignedEpoch {
  return decodeCanonical(bytes, SIGNED_EPOCH, encodeSignedEpoch, () => {
    const decoded = decodeMessage(mcc.SignedEpoch, SIGNED_EPOCH, bytes, SIGNED_EPOCH_MAX);
    return {
      organisation: signedOrganisation(decoded.organisation ?? {}),
      epoch: own(decoded.epoch),
      signature: own(decoded.signature),
    };
  });
}

export function encodePseudonym({ key, notAfter }: Pseudonym): Uint8Array {
  return encodeMessage(mcc.Pseudonym, PSEUDONYM, { key, notAfter }, PSEUDONYM_MAX);
}

export function decodePseudonym(bytes: Uint8Array): Pseudonym {
  return decodeCanonical(bytes, PSEUDONYM, encodePseudonym, () => {
    const decoded = decodeMessage(mcc.Pseudonym, PSEUDONYM, bytes, PSEUDONYM_MAX);
    return { key: own(decoded.key), notAfter: decoded.notAfter };
  });
}
