// What people carry between a node and the holders of root keys (proto/certificate.proto). Times: seconds of Unix time.
import type { Chain, Extension, RootSignature, TokenSigner } from './types.ts';

/** Who wants to be a signer, of which organisation. */
export interface WantedSigner {
  /** Empty: whoever asks is in no network yet. */
  readonly networkId: Uint8Array;
  /** Organisation ID. */
  readonly organisation: Uint8Array;
  readonly signer: Uint8Array;
  /** Of the organisation. */
  readonly name: string;
  readonly created: number;
  readonly extensions: readonly Extension[];
}

/** What is asked of root keys. */
export type SigningRequest = OrganisationRequest | RevocationRequest;

export interface OrganisationRequest {
  readonly kind: 'organisation';
  /** An encoded WantedSigner. */
  readonly wanted: Uint8Array;
  readonly proof: Uint8Array;
  /** Of the signer that approves; undefined: of a first signer. */
  readonly sponsor: Chain['organisation'] | undefined;
  /** Empty: not approved yet. */
  readonly approval: Uint8Array;
}

export interface RevocationRequest {
  readonly kind: 'revocation';
  readonly networkId: Uint8Array;
  /** An encoded Revocation without an issuer. */
  readonly statement: Uint8Array;
}

/** What root keys sign. */
export interface RootStatement {
  readonly kind: 'organisation' | 'revocation';
  /** An encoded OrganisationCertificate, or an encoded Revocation without an issuer. */
  readonly bytes: Uint8Array;
}

export interface SignedDocument {
  /** An encoded Genesis. */
  readonly genesis: Uint8Array;
  /** Of so many root keys as signed yet. */
  readonly signatures: readonly RootSignature[];
  /** At most DOCUMENT_CONTACTS_MAX. */
  readonly contacts: readonly TokenSigner[];
  /** An encoded SigningRequest; empty without a statement, and of a revocation. */
  readonly request: Uint8Array;
  /** undefined: the document says what a network is and where it is found. */
  readonly statement: RootStatement | undefined;
  readonly extensions: readonly Extension[];
}
