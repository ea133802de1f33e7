// What people carry between machines: requests to the holders of root keys, and what these signed. Decoding accepts exactly
// what encoding gives.
import { extension, signerFromProto, signerToProto } from './certificate.ts';
import type { RootStatement, SignedDocument, SigningRequest, WantedSigner } from './document-types.ts';
import { CERTIFICATE_MAX, DOCUMENT_MAX, REQUEST_MAX, TOKEN_ADDRESSES_MAX } from './limits.ts';
import { decodeCanonical, decodeMessage, encodeMessage, mcc, own } from './protobuf.ts';
import { SIGNED_DOCUMENT, SIGNING_REQUEST, WANTED_SIGNER } from './rules.ts';
import type { RootSignature } from './types.ts';
import { WireError } from './wire-error.ts';

export function encodeWantedSigner(wanted: WantedSigner): Uint8Array {
  const message = { ...wanted, extensions: [...wanted.extensions] };
  return encodeMessage(mcc.WantedSigner, WANTED_SIGNER, message, CERTIFICATE_MAX);
}

/** Throws WireError, as all decoders here. */
export function decodeWantedSigner(bytes: Uint8Array): WantedSigner {
  return decodeCanonical(bytes, WANTED_SIGNER, encodeWantedSigner, () => {
    const wanted = decodeMessage(mcc.WantedSigner, WANTED_SIGNER, bytes, CERTIFICATE_MAX);
    return {
      networkId: own(wanted.networkId),
      organisation: own(wanted.organisation),
      signer: own(wanted.signer),
      name: wanted.name,
      created: wanted.created,
      extensions: wanted.extensions.map(extension),
    };
  });
}

export function encodeSigningRequest(request: SigningRequest): Uint8Array {
  if (request.kind === 'revocation') {
    const { networkId, statement } = request;
    const asked = { revocation: { networkId, statement } };
    return encodeMessage(mcc.SigningRequest, SIGNING_REQUEST, asked, REQUEST_MAX);
  }
  const { wanted, proof, sponsor, approval } = request;
  const approved =
    sponsor === undefined ? {} : { sponsor: { ...sponsor, signatures: [...sponsor.signatures] } };
  const message = { organisation: { wanted, proof, approval, ...approved } };
  return encodeMessage(mcc.SigningRequest, SIGNING_REQUEST, message, REQUEST_MAX);
}

export function decodeSigningRequest(bytes: Uint8Array): SigningRequest {
  return decodeCanonical(bytes, SIGNING_REQUEST, encodeSigningRequest, () => {
    const decoded = decodeMessage(mcc.SigningRequest, SIGNING_REQUEST, bytes, REQUEST_MAX);
    const { organisation, revocation } = decoded;
    if (revocation) {
      const { networkId, statement } = revocation;
      return { kind: 'revocation', networkId: own(networkId), statement: own(statement) };
    }
    if (!organisation) throw new WireError('malformed', 'SigningRequest: asks for nothing');
    const { wanted, proof, sponsor, approval } = organisation;
    return {
      kind: 'organisation',
      wanted: own(wanted),
      proof: own(proof),
      sponsor: sponsor
        ? { certificate: own(sponsor.certificate), signatures: signaturesFromProto(sponsor.signatures) }
        : undefined,
      approval: own(approval),
    };
  });
}

/** RangeError when a list is too long. */
export function encodeSignedDocument(document: SignedDocument): Uint8Array {
  const { statement, signatures, contacts, extensions } = document;
  for (const { addresses, hosts } of contacts)
    if (addresses.length + hosts.length > TOKEN_ADDRESSES_MAX)
      throw new RangeError(`a node has at most ${TOKEN_ADDRESSES_MAX} addresses`);
  const stated = statement === undefined ? {} : { [statement.kind]: statement.bytes };
  const message = {
    genesis: document.genesis,
    request: document.request,
    signatures: [...signatures],
    contacts: contacts.map(signerToProto),
    extensions: [...extensions],
    ...stated,
  };
  return encodeMessage(mcc.SignedDocument, SIGNED_DOCUMENT, message, DOCUMENT_MAX);
}

export function decodeSignedDocument(bytes: Uint8Array): SignedDocument {
  return decodeCanonical(bytes, SIGNED_DOCUMENT, encodeSignedDocument, () => {
    const document = decodeMessage(mcc.SignedDocument, SIGNED_DOCUMENT, bytes, DOCUMENT_MAX);
    return {
      genesis: own(document.genesis),
      signatures: signaturesFromProto(document.signatures),
      contacts: document.contacts.map(signerFromProto),
      request: own(document.request),
      statement: statementOf(document.organisation, document.revocation),
      extensions: document.extensions.map(extension),
    };
  });
}

function statementOf(
  organisation: Uint8Array | null | undefined,
  revocation: Uint8Array | null | undefined,
): RootStatement | undefined {
  if (revocation && revocation.length > 0) return { kind: 'revocation', bytes: own(revocation) };
  return organisation && organisation.length > 0
    ? { kind: 'organisation', bytes: own(organisation) }
    : undefined;
}

function signaturesFromProto(
  signatures: readonly mcc.RootSignature.$Properties[] | null | undefined,
): RootSignature[] {
  return (signatures ?? []).map(({ root, signature }) => ({ root: root ?? 0, signature: own(signature) }));
}
