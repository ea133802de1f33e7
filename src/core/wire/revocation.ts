// Statements that take keys back, and the messages that spread them, as bytes.
import { extension, rootSignature, signedOrganisation } from './certificate.ts';
import {
  HASH_BYTES,
  KEY_BYTES,
  REVOCATION_MAX,
  REVOCATION_STATEMENT_MAX,
  SIGNATURE_BYTES,
} from './limits.ts';
import { decodeCanonical, decodeMessage, encodeMessage, mcc, own } from './protobuf.ts';
import { REVOCATION, SIGNED_REVOCATION } from './rules.ts';
import { REVOCATION_KINDS, type Revocation, type RevocationMessage, type SignedRevocation } from './types.ts';
import { WireError } from './wire-error.ts';

/** RangeError when a field exceeds its limit. */
export function encodeRevocation(revocation: Revocation): Uint8Array {
  const kind = REVOCATION_KINDS.indexOf(revocation.kind);
  return encodeMessage(
    mcc.Revocation,
    REVOCATION,
    { ...revocation, kind, extensions: [...revocation.extensions] },
    REVOCATION_STATEMENT_MAX,
  );
}

/** Throws WireError, as all decoders here. */
export function decodeRevocation(bytes: Uint8Array): Revocation {
  return decodeCanonical(bytes, REVOCATION, encodeRevocation, () => {
    const decoded = decodeMessage(mcc.Revocation, REVOCATION, bytes, REVOCATION_STATEMENT_MAX);
    return {
      kind: REVOCATION_KINDS[decoded.kind ?? 0],
      target: own(decoded.target),
      since: decoded.since,
      issued: decoded.issued,
      reason: decoded.reason,
      organisation: exactly(KEY_BYTES, decoded.organisation),
      issuer: exactly(KEY_BYTES, decoded.issuer),
      extensions: decoded.extensions.map(extension),
    };
  });
}

export function encodeSignedRevocation(signed: SignedRevocation): Uint8Array {
  const { statement, signature, authority, signatures } = signed;
  const organisation = authority && { ...authority, signatures: [...authority.signatures] };
  return encodeMessage(
    mcc.SignedRevocation,
    SIGNED_REVOCATION,
    { statement, signature, authority: organisation, signatures: [...signatures] },
    REVOCATION_MAX,
  );
}

export function decodeSignedRevocation(bytes: Uint8Array): SignedRevocation {
  return decodeCanonical(bytes, SIGNED_REVOCATION, encodeSignedRevocation, () => {
    const decoded = decodeMessage(mcc.SignedRevocation, SIGNED_REVOCATION, bytes, REVOCATION_MAX);
    return {
      statement: own(decoded.statement),
      signature: exactly(SIGNATURE_BYTES, decoded.signature),
      authority: decoded.authority ? signedOrganisation(decoded.authority) : undefined,
      signatures: decoded.signatures.map(rootSignature),
    };
  });
}

/** Bytes that one encoded statement takes within a message. */
export function revocationBytes(signed: Uint8Array): number {
  return signed.length + (signed.length < 128 ? 2 : 3);
}

export function revocationToProto(message: RevocationMessage): mcc.Control.$Properties {
  switch (message.kind) {
    case 'revocationHead':
      return { revocationHead: { digest: message.digest } };
    case 'revocationQuery': {
      const { lower, upper, digest, wanted } = message;
      return { revocationQuery: { lower, upper, digest, wanted: [...wanted] } };
    }
    case 'revocationAnswer': {
      const { lower, upper, hashes, parts } = message;
      return { revocationAnswer: { lower, upper, hashes: [...hashes], parts: [...parts] } };
    }
    case 'revocations':
      return { revocations: { statements: [...message.statements] } };
  }
}

/** Undefined: the control message is none of these. */
export function revocationFromProto(control: mcc.Control.$Properties): RevocationMessage | undefined {
  if (control.revocationHead)
    return { kind: 'revocationHead', digest: exactly(HASH_BYTES, control.revocationHead.digest) };
  if (control.revocationQuery) {
    const { lower, upper, digest, wanted } = control.revocationQuery;
    return {
      kind: 'revocationQuery',
      lower: exactly(HASH_BYTES, lower),
      upper: exactly(HASH_BYTES, upper),
      digest: exactly(HASH_BYTES, digest),
      wanted: (wanted ?? []).map(own),
    };
  }
  if (control.revocationAnswer) {
    const { lower, upper, hashes, parts } = control.revocationAnswer;
    return {
      kind: 'revocationAnswer',
      lower: exactly(HASH_BYTES, lower),
      upper: exactly(HASH_BYTES, upper),
      hashes: (hashes ?? []).map(own),
      parts: (parts ?? []).map((part) => ({
        upper: exactly(HASH_BYTES, part.upper),
        digest: exactly(HASH_BYTES, part.digest),
      })),
    };
  }
  if (control.revocations)
    return { kind: 'revocations', statements: (control.revocations.statements ?? []).map(own) };
  return undefined;
}

/** So many bytes, or none. */
function exactly(length: number, bytes: Uint8Array | null | undefined): Uint8Array {
  const copy = own(bytes);
  if (copy.length !== 0 && copy.length !== length)
    throw new WireError('malformed', `${copy.length} bytes where ${length} or none are`);
  return copy;
}
