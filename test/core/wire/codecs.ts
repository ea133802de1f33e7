// Every codec of the wire with values for it: what property tests and the fuzzer run through.
import type fc from 'fast-check';
import {
  decodeChain,
  decodeControl,
  decodeEpoch,
  decodeGenesis,
  decodeGuestCertificate,
  decodeGuestInvitation,
  decodeHandshakePayload,
  decodeJoinToken,
  decodeMemberCertificate,
  decodeOrganisationCertificate,
  decodePseudonym,
  decodeRecord,
  decodeRevocation,
  decodeSignedDocument,
  decodeSignedEpoch,
  decodeSignedRecord,
  decodeSignedRevocation,
  decodeSigningRequest,
  decodeWantedSigner,
  encodeChain,
  encodeControl,
  encodeEpoch,
  encodeGenesis,
  encodeGuestCertificate,
  encodeGuestInvitation,
  encodeHandshakePayload,
  encodeJoinToken,
  encodeMemberCertificate,
  encodeOrganisationCertificate,
  encodePseudonym,
  encodeRecord,
  encodeRevocation,
  encodeSignedDocument,
  encodeSignedEpoch,
  encodeSignedRecord,
  encodeSignedRevocation,
  encodeSigningRequest,
  encodeWantedSigner,
} from '../../../src/core/wire/wire.ts';
import {
  chain,
  controlMessage,
  dhtRecord,
  genesis,
  guestCertificate,
  guestInvitation,
  handshakePayload,
  joinToken,
  memberCertificate,
  organisationCertificate,
  revocation,
  signedDocument,
  signedRecord,
  signedRevocation,
  signingRequest,
  wantedSigner,
} from './arbitraries.ts';
import { epoch, pseudonym, pseudonymChain, signedEpoch } from './epoch-arbitraries.ts';

export interface Codec<T> {
  readonly values: fc.Arbitrary<T>;
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Whether decoding refuses all but one encoding of a value. */
  readonly isCanonical: boolean;
}

function codec<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  isCanonical: boolean,
): Codec<unknown> {
  return { values, encode: encode as (value: unknown) => Uint8Array, decode, isCanonical };
}

/** By name. */
export const codecs: Readonly<Record<string, Codec<unknown>>> = {
  control: codec(controlMessage, encodeControl, decodeControl, false),
  handshake: codec(handshakePayload, encodeHandshakePayload, decodeHandshakePayload, false),
  genesis: codec(genesis, encodeGenesis, decodeGenesis, true),
  organisation: codec(
    organisationCertificate,
    encodeOrganisationCertificate,
    decodeOrganisationCertificate,
    true,
  ),
  member: codec(memberCertificate, encodeMemberCertificate, decodeMemberCertificate, true),
  chain: codec(chain, encodeChain, decodeChain, true),
  pseudonymChain: codec(pseudonymChain, encodeChain, decodeChain, true),
  guest: codec(guestCertificate, encodeGuestCertificate, decodeGuestCertificate, true),
  invitation: codec(guestInvitation, encodeGuestInvitation, decodeGuestInvitation, true),
  token: codec(joinToken, encodeJoinToken, decodeJoinToken, true),
  wanted: codec(wantedSigner, encodeWantedSigner, decodeWantedSigner, true),
  request: codec(signingRequest, encodeSigningRequest, decodeSigningRequest, true),
  document: codec(signedDocument, encodeSignedDocument, decodeSignedDocument, true),
  epoch: codec(epoch, encodeEpoch, decodeEpoch, true),
  signedEpoch: codec(signedEpoch, encodeSignedEpoch, decodeSignedEpoch, true),
  pseudonym: codec(pseudonym, encodePseudonym, decodePseudonym, true),
  record: codec(dhtRecord, encodeRecord, decodeRecord, true),
  signedRecord: codec(signedRecord, encodeSignedRecord, decodeSignedRecord, true),
  revocation: codec(revocation, encodeRevocation, decodeRevocation, true),
  signedRevocation: codec(signedRevocation, encodeSignedRevocation, decodeSignedRevocation, true),
};
