// What people carry between a node and the holders of root keys: requests and signed documents, as text and as what they
// prove. Nothing in here throws on what others wrote.
import { decodeBase32, encodeBase32 } from '../base/base32.ts';
import { concat, EMPTY, equalBytes } from '../base/bytes.ts';
import type { ErrorCode } from '../base/errors.ts';
import { isName } from '../base/name.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type {
  OrganisationRequest,
  RevocationRequest,
  RootStatement,
  SignedDocument,
  SigningRequest,
  WantedSigner,
} from '../wire/document-types.ts';
import { CLOCK_SKEW_S, DOCUMENT_MAX, SIGNATURE_BYTES } from '../wire/limits.ts';
import type { Chain, OrganisationCertificate, Revocation, TokenSigner } from '../wire/types.ts';
import {
  decodeOrganisationCertificate,
  decodeRevocation,
  decodeSignedDocument,
  decodeSigningRequest,
  decodeWantedSigner,
  encodeOrganisationCertificate,
  encodeRevocation,
  encodeSignedDocument,
  encodeSigningRequest,
  encodeWantedSigner,
  WireError,
} from '../wire/wire.ts';
import { signatureInput } from './certificate.ts';
import { judgeOrganisation, judgeRoots } from './chain.ts';
import { extensionsAllow, type Network, readGenesis } from './genesis.ts';
import { judgeRootStatement, revocationInput, revocationOfRoots } from './revocation.ts';
import { arePlausible } from './token.ts';
import type { Crypto } from './types.ts';

const REQUEST_PREFIX = 'mccr1';
const SIGNED_PREFIX = 'mccs1';
const CHECKSUM_BYTES = 4;
const CHECKSUM_PURPOSE = encodeUtf8('mcc document checksum\0');
// Characters of the longest document, and as many again for what mail programs put between them.
const TEXT_MAX = 2 * Math.ceil(((DOCUMENT_MAX + CHECKSUM_BYTES) * 8) / 5);

export type DocumentFault = Extract<
  ErrorCode,
  | 'DOCUMENT_MALFORMED'
  | 'DOCUMENT_MISTYPED'
  | 'DOCUMENT_REFUSED'
  | 'DOCUMENT_OTHER_NETWORK'
  | 'DOCUMENT_UNAPPROVED'
>;
export type RootKeyFault = Extract<ErrorCode, 'ROOT_KEY_WRONG' | 'ROOT_KEY_USED'>;

/** A request that is sound in itself. */
export type ReadRequest = ReadSignerRequest | ReadRevocationRequest;

/** Its proofs of possession hold. */
export interface ReadSignerRequest {
  readonly kind: 'organisation';
  readonly request: OrganisationRequest;
  readonly wanted: WantedSigner;
  /** Who approves, as its certificate says; whether root keys signed that is judgeRequest's to say. */
  readonly sponsor: OrganisationCertificate | undefined;
}

/** Whoever asks proves nothing; what is asked would be believed if the root keys signed it. */
export interface ReadRevocationRequest {
  readonly kind: 'revocation';
  readonly request: RevocationRequest;
  readonly revocation: Revocation;
}

export type RequestResult =
  | { readonly ok: true; readonly read: ReadRequest }
  | { readonly ok: false; readonly code: DocumentFault };

/** A signed document whose parts fit each other and whose signatures hold, as many as there are. */
export interface ReadDocument {
  readonly document: SignedDocument;
  readonly network: Network;
  /** Of a statement that makes somebody a signer. Neither it nor `revocation`: it says what a network is and where it is found. */
  readonly organisation:
    | { readonly certificate: OrganisationCertificate; readonly asked: ReadSignerRequest }
    | undefined;
  /** Of a statement that takes a key back. */
  readonly revocation: Revocation | undefined;
  /** Signatures of root keys that it needs still. */
  readonly missing: number;
}

export type DocumentResult =
  | { readonly ok: true; readonly read: ReadDocument }
  | { readonly ok: false; readonly code: DocumentFault };

/** A request with the proof of its asker; `seed` is that of the wanted signer's key. RangeError when the name is none. */
export function makeRequest(crypto: Crypto, seed: Uint8Array, wanted: WantedSigner): OrganisationRequest {
  if (!isName(wanted.name)) throw new RangeError(`"${wanted.name}" is no name`);
  const encoded = encodeWantedSigner(wanted);
  const proof = crypto.ed25519.sign(seed, signatureInput('request', EMPTY, encoded));
  return { kind: 'organisation', wanted: encoded, proof, sponsor: undefined, approval: EMPTY };
}

/** The request with the approval of a signer that the organisation has; `seed` is of the key that `sponsor` names. */
export function approveRequest(
  crypto: Crypto,
  network: Network,
  request: OrganisationRequest,
  sponsor: Chain['organisation'],
  seed: Uint8Array,
): OrganisationRequest {
  const approval = crypto.ed25519.sign(seed, signatureInput('approval', network.id, request.wanted));
  return { ...request, sponsor, approval };
}

/** A request to the root keys of a network to take a key back. RangeError when a field exceeds its limit. */
export function makeRevocationRequest(network: Network, revocation: Revocation): RevocationRequest {
  return { kind: 'revocation', networkId: network.id, statement: encodeRevocation(revocation) };
}

export function encodeRequest(crypto: Crypto, request: SigningRequest): string {
  return textOf(crypto, REQUEST_PREFIX, encodeSigningRequest(request));
}

/** Tolerates white space anywhere and either case. */
export function decodeRequest(crypto: Crypto, text: string): RequestResult {
  const bytes = bytesOf(crypto, REQUEST_PREFIX, text);
  return typeof bytes === 'string' ? { ok: false, code: bytes } : readRequest(crypto, bytes);
}

function readRequest(crypto: Crypto, bytes: Uint8Array): RequestResult {
  try {
    const request = decodeSigningRequest(bytes);
    if (request.kind === 'revocation') {
      const revocation = decodeRevocation(request.statement);
      return judgeRootStatement(crypto, revocation) === undefined
        ? { ok: true, read: { kind: 'revocation', request, revocation } }
        : { ok: false, code: 'DOCUMENT_REFUSED' };
    }
    const { sponsor } = request;
    const wanted = decodeWantedSigner(request.wanted);
    const certificate =
      sponsor === undefined ? undefined : decodeOrganisationCertificate(sponsor.certificate);
    const read = { kind: 'organisation', request, wanted, sponsor: certificate } as const;
    return holds(crypto, read) ? { ok: true, read } : { ok: false, code: 'DOCUMENT_REFUSED' };
  } catch (error) {
    if (error instanceof WireError) return { ok: false, code: 'DOCUMENT_MALFORMED' };
    throw error;
  }
}

/** What a request proves by itself: that its asker holds the key, and what the key of its sponsor signed. */
function holds(crypto: Crypto, { request, wanted, sponsor }: ReadSignerRequest): boolean {
  const { verify, isValidPublicKey } = crypto.ed25519;
  if (!isName(wanted.name) || !extensionsAllow(wanted.extensions)) return false;
  if (wanted.networkId.length !== 0 && wanted.networkId.length !== 32) return false;
  if (!isValidPublicKey(wanted.organisation) || !isValidPublicKey(wanted.signer)) return false;
  if (!verify(wanted.signer, signatureInput('request', EMPTY, request.wanted), request.proof)) return false;
  if (sponsor === undefined) return request.approval.length === 0;
  if (!equalBytes(sponsor.organisation, wanted.organisation) || sponsor.name !== wanted.name) return false;
  if (request.approval.length !== SIGNATURE_BYTES || wanted.networkId.length === 0) return false;
  const input = signatureInput('approval', wanted.networkId, request.wanted);
  return isValidPublicKey(sponsor.signer) && verify(sponsor.signer, input, request.approval);
}

/**
 * Whether root keys of this network may sign what is asked: it is meant for it, and comes from a new organisation's own key
 * or with the approval of a signer that root keys made one; who may ask for a revocation, people judge. `now`: seconds of Unix time.
 */
export function judgeRequest(
  crypto: Crypto,
  network: Network,
  read: ReadRequest,
  now: number,
): DocumentFault | undefined {
  if (read.kind === 'revocation')
    return equalBytes(read.request.networkId, network.id) ? undefined : 'DOCUMENT_OTHER_NETWORK';
  const { request, wanted, sponsor } = read;
  const { networkId, organisation, signer } = wanted;
  if (networkId.length > 0 && !equalBytes(networkId, network.id)) return 'DOCUMENT_OTHER_NETWORK';
  if (request.sponsor === undefined || sponsor === undefined)
    return equalBytes(organisation, signer) ? undefined : 'DOCUMENT_UNAPPROVED';
  if (judgeOrganisation(sponsor) !== undefined) return 'DOCUMENT_REFUSED';
  const { certificate, signatures } = request.sponsor;
  const input = signatureInput('organisation', network.id, certificate);
  if (judgeRoots(crypto, network, signatures, input) !== undefined) return 'DOCUMENT_REFUSED';
  const isCurrent = now + CLOCK_SKEW_S >= sponsor.notBefore && now - CLOCK_SKEW_S <= sponsor.notAfter;
  return isCurrent ? undefined : 'DOCUMENT_REFUSED';
}

export interface DocumentTerms {
  /** Seconds of Unix time. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  readonly contacts: readonly TokenSigner[];
}

/** What root keys are to sign, without a signature yet. A revocation has no dates and names no nodes. */
export function prepareDocument(
  network: Network,
  read: ReadRequest,
  { notBefore, notAfter, nonce, contacts }: DocumentTerms,
): SignedDocument {
  const bare = { genesis: network.bytes, signatures: [], extensions: [] };
  if (read.kind === 'revocation') {
    const statement = { kind: 'revocation', bytes: read.request.statement } as const;
    return { ...bare, contacts: [], request: EMPTY, statement };
  }
  const { request, wanted } = read;
  const { organisation, signer, name } = wanted;
  const certificate = { organisation, signer, name, notBefore, notAfter, nonce, extensions: [] };
  return {
    ...bare,
    contacts,
    request: encodeSigningRequest(request),
    statement: { kind: 'organisation', bytes: encodeOrganisationCertificate(certificate) },
  };
}

/** The document with the signature of one more root key. */
export function addSignature(
  crypto: Crypto,
  network: Network,
  document: SignedDocument,
  seed: Uint8Array,
): SignedDocument | RootKeyFault {
  const { statement, signatures } = document;
  if (statement === undefined) throw new RangeError('there is nothing to sign');
  const publicKey = crypto.ed25519.publicKey(seed);
  const root = network.genesis.rootKeys.findIndex((key) => equalBytes(key, publicKey));
  if (root < 0) return 'ROOT_KEY_WRONG';
  if (signatures.some((signature) => signature.root === root)) return 'ROOT_KEY_USED';
  const signature = crypto.ed25519.sign(seed, statementInput(network, statement));
  const all = [...signatures, { root, signature }].sort((a, b) => a.root - b.root);
  return { ...document, signatures: all };
}

function statementInput(network: Network, { kind, bytes }: RootStatement): Uint8Array {
  return kind === 'revocation'
    ? revocationInput(network.id, bytes)
    : signatureInput('organisation', network.id, bytes);
}

/** A document without a statement: what a network is, and nodes by which it is found. */
export function networkDocument(network: Network, contacts: readonly TokenSigner[]): SignedDocument {
  return {
    genesis: network.bytes,
    signatures: [],
    contacts,
    request: EMPTY,
    statement: undefined,
    extensions: [],
  };
}

/** RangeError when a list is too long. */
export function encodeDocument(crypto: Crypto, document: SignedDocument): string {
  return textOf(crypto, SIGNED_PREFIX, encodeSignedDocument(document));
}

/** Tolerates white space anywhere and either case. Whether enough root keys signed is in `missing`; dates are not judged. */
export function decodeDocument(crypto: Crypto, text: string): DocumentResult {
  const bytes = bytesOf(crypto, SIGNED_PREFIX, text);
  if (typeof bytes === 'string') return { ok: false, code: bytes };
  try {
    const document = decodeSignedDocument(bytes);
    const genesis = readGenesis(crypto, document.genesis);
    if (!genesis.ok || !extensionsAllow(document.extensions)) return { ok: false, code: 'DOCUMENT_REFUSED' };
    if (!arePlausible(crypto, document.contacts)) return { ok: false, code: 'DOCUMENT_REFUSED' };
    return readStatement(crypto, document, genesis.network);
  } catch (error) {
    if (error instanceof WireError) return { ok: false, code: 'DOCUMENT_MALFORMED' };
    throw error;
  }
}

function readStatement(crypto: Crypto, document: SignedDocument, network: Network): DocumentResult {
  const { statement, request, signatures } = document;
  const refused: DocumentResult = { ok: false, code: 'DOCUMENT_REFUSED' };
  const nothing = { document, network, organisation: undefined, revocation: undefined, missing: 0 };
  if (statement === undefined) {
    if (request.length > 0 || signatures.length > 0) return refused;
    return { ok: true, read: nothing };
  }
  const stated =
    statement.kind === 'revocation'
      ? readRevocation(crypto, document, statement.bytes)
      : readOrganisation(crypto, document, network, statement.bytes);
  if (typeof stated === 'string') return { ok: false, code: stated };
  if (judgeRoots(crypto, network, signatures, statementInput(network, statement), 0) !== undefined)
    return refused;
  const missing = Math.max(0, network.genesis.threshold - signatures.length);
  return { ok: true, read: { ...nothing, ...stated, missing } };
}

/** Throws WireError. */
function readRevocation(
  crypto: Crypto,
  { request, contacts }: SignedDocument,
  bytes: Uint8Array,
): Pick<ReadDocument, 'revocation'> | DocumentFault {
  const revocation = decodeRevocation(bytes);
  const isBare = request.length === 0 && contacts.length === 0;
  return isBare && judgeRootStatement(crypto, revocation) === undefined ? { revocation } : 'DOCUMENT_REFUSED';
}

/** Throws WireError. */
function readOrganisation(
  crypto: Crypto,
  { request }: SignedDocument,
  network: Network,
  bytes: Uint8Array,
): Pick<ReadDocument, 'organisation'> | DocumentFault {
  const certificate = decodeOrganisationCertificate(bytes);
  const result = readRequest(crypto, request);
  if (!result.ok) return result.code;
  const asked = result.read;
  if (asked.kind !== 'organisation') return 'DOCUMENT_REFUSED';
  const { wanted } = asked;
  const isAsked =
    equalBytes(certificate.organisation, wanted.organisation) &&
    equalBytes(certificate.signer, wanted.signer) &&
    certificate.name === wanted.name;
  if (!isAsked || judgeOrganisation(certificate) !== undefined) return 'DOCUMENT_REFUSED';
  return judgeRequest(crypto, network, asked, wanted.created) ?? { organisation: { certificate, asked } };
}

/** A SignedRevocation, as nodes believe it, of a document that enough root keys signed. RangeError when it takes nothing back. */
export function revocationOf({ statement, signatures }: SignedDocument): Uint8Array {
  if (statement?.kind !== 'revocation') throw new RangeError('this takes nothing back');
  return revocationOfRoots(statement.bytes, signatures);
}

/** What a text means to be; undefined: no document of mcc. */
export function documentKind(text: string): 'request' | 'signed' | undefined {
  const start = text.slice(0, 100).replace(/\s+/g, '').toLowerCase();
  if (/^mccr[1il]/.test(start)) return 'request';
  return /^mccs[1il]/.test(start) ? 'signed' : undefined;
}

function textOf(crypto: Crypto, prefix: string, bytes: Uint8Array): string {
  return prefix + encodeBase32(concat(bytes, checksum(crypto, prefix, bytes)));
}

function bytesOf(
  crypto: Crypto,
  prefix: string,
  text: string,
): Uint8Array | 'DOCUMENT_MALFORMED' | 'DOCUMENT_MISTYPED' {
  if (text.length > TEXT_MAX) return 'DOCUMENT_MALFORMED';
  const bare = text.replace(/\s+/g, '').toLowerCase();
  // The digit is often taken for a letter that looks like it.
  const isMeant = bare.startsWith(prefix.slice(0, -1)) && /[1il]/.test(bare[prefix.length - 1] ?? '');
  if (!isMeant) return 'DOCUMENT_MALFORMED';
  const decoded = decodeBase32(bare.slice(prefix.length));
  if (decoded === undefined || decoded.length <= CHECKSUM_BYTES) return 'DOCUMENT_MISTYPED';
  const bytes = decoded.subarray(0, -CHECKSUM_BYTES);
  const isWhole = equalBytes(checksum(crypto, prefix, bytes), decoded.subarray(-CHECKSUM_BYTES));
  return isWhole ? bytes : 'DOCUMENT_MISTYPED';
}

function checksum(crypto: Crypto, prefix: string, bytes: Uint8Array): Uint8Array {
  return crypto.sha256(concat(CHECKSUM_PURPOSE, encodeUtf8(prefix), bytes)).subarray(0, CHECKSUM_BYTES);
}
