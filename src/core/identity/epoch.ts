// Epochs of organisations, and what their secrets give: keys for audiences, pseudonyms, sealed records and where they lie. Whoever does
// not know a secret learns of a sealed record nothing but the organisation that it is of. Times: seconds of Unix time.
import { compareBytes, concat, EMPTY, equalBytes, readU16BE, writeU16BE, writeU64BE } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import {
  CLOCK_SKEW_S,
  EPOCH_SECRET_BYTES,
  SEALED_BYTES,
  SEALED_INNER_MAX,
  TAG_BYTES,
} from '../wire/limits.ts';
import type { Chain, DhtRecord } from '../wire/types.ts';
import {
  decodeOrganisationCertificate,
  decodeSignedEpoch,
  encodeChain,
  encodeEpoch,
  encodePseudonym,
  encodeSignedEpoch,
  WireError,
} from '../wire/wire.ts';
import { signatureInput } from './certificate.ts';
import type { ChainVerifier } from './chain.ts';
import { endOfEpoch, judgeEpoch } from './epoch-statement.ts';
import { readInner, signRecord } from './record.ts';
import type { Crypto, NetworkId, OrganisationId } from './types.ts';

const LABELS = {
  vouching: encodeUtf8('mcc vouching'),
  meeting: encodeUtf8('mcc meeting'),
  own: encodeUtf8('mcc own'),
  pair: encodeUtf8('mcc pair\0'),
  pseudonym: encodeUtf8('mcc pseudonym\0'),
  place: encodeUtf8('place\0'),
  seal: encodeUtf8('seal\0'),
  nonce: encodeUtf8('mcc sealing\0'),
  cover: encodeUtf8('mcc cover\0'),
};
const NONCE_BYTES = 24;

/** What a signer stated, as anybody may read it. */
export interface VerifiedEpoch {
  /** SHA-256 of the encoded Epoch, 32 bytes. */
  readonly id: Uint8Array;
  readonly organisation: OrganisationId;
  /** The Level-0 key that signed it. */
  readonly signer: Uint8Array;
  readonly number: number;
  readonly created: number;
  /** From then on nothing that is published under it counts. */
  readonly notAfter: number;
  /** Hash of the revocation that made it necessary, 32 bytes; empty: none did. */
  readonly cause: Uint8Array;
  /** Ed25519. */
  readonly vouchingKey: Uint8Array;
  /** X25519. */
  readonly meetingKey: Uint8Array;
  /** An encoded SignedEpoch, at most SIGNED_EPOCH_MAX. */
  readonly bytes: Uint8Array;
}

/** With what only members of its organisation know. */
export interface OwnEpoch extends VerifiedEpoch {
  /** EPOCH_SECRET_BYTES. Secret. */
  readonly secret: Uint8Array;
}

export interface NewEpoch {
  /** Of the signer, and good at `created`. */
  readonly organisation: Chain['organisation'];
  readonly signerSeed: Uint8Array;
  readonly number: number;
  readonly created: number;
  /** Hash of the revocation that makes it necessary; empty: none does. */
  readonly cause: Uint8Array;
  readonly random: (bytes: number) => Uint8Array;
}

/** RangeError when the signer's certificate does not allow it, or is too long. */
export function createEpoch(crypto: Crypto, networkId: NetworkId, wanted: NewEpoch): OwnEpoch {
  const { organisation, signerSeed, number, created, cause } = wanted;
  const certificate = decodeOrganisationCertificate(organisation.certificate);
  const secret = validSecret(crypto, wanted.random);
  const { vouchingKey, meetingKey } = keysOf(crypto, secret);
  const { organisation: id, signer } = certificate;
  const epoch = encodeEpoch({
    organisation: id,
    signer,
    number,
    created,
    vouchingKey,
    meetingKey,
    cause,
    extensions: [],
  });
  const signature = crypto.ed25519.sign(signerSeed, signatureInput('epoch', networkId, epoch));
  const judged = judgeEpoch(crypto, networkId, certificate, epoch, signature);
  if (typeof judged === 'string') throw new RangeError(`no epoch: ${judged}`);
  return {
    id: crypto.sha256(epoch),
    organisation: id,
    signer,
    number,
    created,
    notAfter: endOfEpoch(created, certificate),
    cause: cause.slice(),
    vouchingKey,
    meetingKey,
    bytes: encodeSignedEpoch({ organisation, epoch, signature }),
    secret,
  };
}

/**
 * Any organisation's epoch, if a signer of it stated it that is good at `nowS`, and it has begun and not ended by then. Undefined:
 * something of that is not so. An epoch that was read may be void later: isSignerRevoked of the verifier.
 */
export function readEpoch(
  crypto: Crypto,
  networkId: NetworkId,
  verifier: Pick<ChainVerifier, 'verifyOrganisation' | 'isSignerRevoked'>,
  bytes: Uint8Array,
  nowS: number,
): VerifiedEpoch | undefined {
  try {
    const { organisation, epoch: encoded, signature } = decodeSignedEpoch(bytes);
    const certificate = verifier.verifyOrganisation(organisation, nowS);
    if (certificate === undefined) return undefined;
    const epoch = judgeEpoch(crypto, networkId, certificate, encoded, signature);
    if (typeof epoch === 'string') return undefined;
    const { signer, number, created, vouchingKey, meetingKey, cause } = epoch;
    const notAfter = endOfEpoch(created, certificate);
    if (created > nowS + CLOCK_SKEW_S || notAfter < nowS - CLOCK_SKEW_S) return undefined;
    if (verifier.isSignerRevoked(epoch.organisation, signer, created)) return undefined;
    const { isValidPublicKey, fromX25519PublicKey } = crypto.ed25519;
    if (!isValidPublicKey(vouchingKey) || fromX25519PublicKey(meetingKey) === undefined) return undefined;
    const keys = { vouchingKey, meetingKey, bytes: bytes.slice() };
    const id = crypto.sha256(encoded);
    return { id, organisation: epoch.organisation, signer, number, created, notAfter, cause, ...keys };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** As readEpoch; undefined too when `secret` does not give its keys. */
export function readOwnEpoch(
  crypto: Crypto,
  networkId: NetworkId,
  verifier: Pick<ChainVerifier, 'verifyOrganisation' | 'isSignerRevoked'>,
  bytes: Uint8Array,
  secret: Uint8Array,
  nowS: number,
): OwnEpoch | undefined {
  if (secret.length !== EPOCH_SECRET_BYTES) return undefined;
  const epoch = readEpoch(crypto, networkId, verifier, bytes, nowS);
  if (epoch === undefined) return undefined;
  const { vouchingKey, meetingKey } = keysOf(crypto, secret);
  const isSecret = equalBytes(vouchingKey, epoch.vouchingKey) && equalBytes(meetingKey, epoch.meetingKey);
  return isSecret ? { ...epoch, secret: secret.slice() } : undefined;
}

function validSecret(crypto: Crypto, random: (bytes: number) => Uint8Array): Uint8Array {
  const { isValidPublicKey, fromX25519PublicKey } = crypto.ed25519;
  // One in two is valid.
  for (let attempt = 0; attempt < 256; attempt++) {
    const secret = random(EPOCH_SECRET_BYTES);
    const { vouchingKey, meetingKey } = keysOf(crypto, secret);
    if (isValidPublicKey(vouchingKey) && fromX25519PublicKey(meetingKey) !== undefined) return secret;
  }
  throw new RangeError('no randomness');
}

function keysOf(
  crypto: Crypto,
  secret: Uint8Array,
): { readonly vouchingKey: Uint8Array; readonly meetingKey: Uint8Array } {
  return {
    vouchingKey: crypto.ed25519.publicKey(crypto.hmacSha256(secret, LABELS.vouching)),
    meetingKey: crypto.x25519.publicKey(crypto.hmacSha256(secret, LABELS.meeting)),
  };
}

/** Those who can find and open a record. */
export interface Audience {
  /** 32 bytes. Secret. */
  readonly key: Uint8Array;
}

/** The members of the own organisation. */
export function ownAudience(crypto: Crypto, epoch: OwnEpoch): Audience {
  return { key: crypto.hmacSha256(epoch.secret, LABELS.own) };
}

/**
 * The members of both organisations; either side derives the same. Undefined: both are one, or the other's key agrees on nothing.
 */
export function pairAudience(crypto: Crypto, own: OwnEpoch, other: VerifiedEpoch): Audience | undefined {
  if (equalBytes(own.organisation, other.organisation)) return undefined;
  const secret = crypto.hmacSha256(own.secret, LABELS.meeting);
  const shared = crypto.x25519.sharedSecret(secret, other.meetingKey);
  if (shared === undefined) return undefined;
  const ids = compareBytes(own.id, other.id) < 0 ? [own.id, other.id] : [other.id, own.id];
  return { key: crypto.hmacSha256(shared, concat(LABELS.pair, ...ids)) };
}

/** The place of a service's sealed records, 32 bytes. `organisation`: the provider's. */
export function placeOfService(
  crypto: Crypto,
  audience: Audience,
  organisation: OrganisationId,
  name: string,
): Uint8Array {
  return crypto.hmacSha256(audience.key, concat(LABELS.place, organisation, encodeUtf8(name)));
}

/** Under which a node publishes in one epoch. Nobody but the node itself can tell whose it is. */
export interface Pseudonym {
  /** Ed25519 seed. Secret. */
  readonly seed: Uint8Array;
  /** The public key: what sealed records name as their publisher. */
  readonly key: Uint8Array;
  /** ID of the epoch. */
  readonly epoch: Uint8Array;
  /** What proves that a member vouched for it: ChainVerifier.verifyPseudonym. */
  readonly chain: Uint8Array;
  readonly notAfter: number;
}

/** The same for the same node and epoch. `nodeSeed`: of the node's own key. */
export function pseudonymOf(
  crypto: Crypto,
  networkId: NetworkId,
  nodeSeed: Uint8Array,
  epoch: OwnEpoch,
): Pseudonym {
  const { seed, key } = pseudonymKeys(crypto, nodeSeed, epoch.id);
  const { notAfter } = epoch;
  const pseudonym = encodePseudonym({ key, notAfter });
  const voucher = crypto.hmacSha256(epoch.secret, LABELS.vouching);
  const signature = crypto.ed25519.sign(voucher, signatureInput('pseudonym', networkId, pseudonym));
  const { organisation, epoch: encoded, signature: epochSignature } = decodeSignedEpoch(epoch.bytes);
  const chain = encodeChain({
    organisation,
    pseudonym: { epoch: encoded, epochSignature, pseudonym, signature },
  });
  return { seed, key, epoch: epoch.id, chain, notAfter };
}

function pseudonymKeys(
  crypto: Crypto,
  nodeSeed: Uint8Array,
  epochId: Uint8Array,
): { readonly seed: Uint8Array; readonly key: Uint8Array } {
  // One in two is valid.
  for (let attempt = 0; attempt < 256; attempt++) {
    const input = concat(LABELS.pseudonym, epochId, attempt === 0 ? EMPTY : Uint8Array.of(attempt));
    const seed = crypto.hmacSha256(nodeSeed, input);
    const key = crypto.ed25519.publicKey(seed);
    if (crypto.ed25519.isValidPublicKey(key)) return { seed, key };
  }
  throw new RangeError('no pseudonym');
}

export interface SealedContent {
  readonly place: Uint8Array;
  readonly pseudonym: Pseudonym;
  readonly sequence: number;
  readonly expires: number;
}

/**
 * An encoded SignedRecord that only the audience can open. `inner`: an encoded SignedRecord of a service by signInner, at most SEALED_INNER_MAX.
 * Undefined: the record is withdrawn, which anybody sees; whoever wants to hide that too seals the inner record as withdrawn, or
 * publishes a cover in its place. RangeError when something exceeds its limit.
 */
export function sealRecord(
  crypto: Crypto,
  networkId: NetworkId,
  content: SealedContent & { readonly audience: Audience; readonly inner: Uint8Array | undefined },
): Uint8Array {
  const { audience, place, pseudonym, sequence, expires, inner } = content;
  const body = inner === undefined ? undefined : sealed(crypto, content, audience, inner);
  const { seed, key: publisher, epoch } = pseudonym;
  return signRecord(crypto, networkId, seed, {
    kind: 'sealed',
    publisher,
    sequence,
    expires,
    name: '',
    place,
    epoch,
    body,
  });
}

function sealed(
  crypto: Crypto,
  { place, pseudonym, sequence }: SealedContent,
  audience: Audience,
  inner: Uint8Array,
): Uint8Array {
  if (inner.length === 0 || inner.length > SEALED_INNER_MAX)
    throw new RangeError(`a record of ${inner.length} bytes cannot be sealed`);
  const plaintext = new Uint8Array(2 + SEALED_INNER_MAX);
  writeU16BE(plaintext, 0, inner.length);
  plaintext.set(inner, 2);
  // All members seal with one key: a nonce is of its own by the secret of the node, and by all that it is used for.
  const own = crypto.hmacSha256(pseudonym.seed, LABELS.nonce);
  const binding = bindingOf(place, pseudonym.key, sequence);
  const nonce = crypto.hmacSha256(own, concat(audience.key, binding, inner)).subarray(0, NONCE_BYTES);
  const key = crypto.hmacSha256(audience.key, LABELS.seal);
  return concat(nonce, crypto.xchacha20Poly1305.seal(key, nonce, plaintext, binding));
}

/** What a sealed value belongs to: elsewhere, or in another version, it does not open. */
function bindingOf(place: Uint8Array, publisher: Uint8Array, sequence: number): Uint8Array {
  const number = new Uint8Array(8);
  writeU64BE(number, 0, sequence);
  return concat(place, publisher, number);
}

/** A record that looks as a sealed one and that nobody can open. */
export function coverRecord(
  crypto: Crypto,
  networkId: NetworkId,
  content: SealedContent & { readonly random: (bytes: number) => Uint8Array },
): Uint8Array {
  const { place, pseudonym, sequence, expires, random } = content;
  const { key: publisher, epoch } = pseudonym;
  const head = { publisher, sequence, expires, name: '', place, epoch };
  return signRecord(crypto, networkId, pseudonym.seed, {
    kind: 'sealed',
    ...head,
    body: random(SEALED_BYTES),
  });
}

/** The place of a cover: the same each time, and nobody but its publisher tells it from a service's. */
export function coverPlace(crypto: Crypto, pseudonym: Pseudonym, number: number): Uint8Array {
  const own = crypto.hmacSha256(pseudonym.seed, LABELS.cover);
  return crypto.hmacSha256(own, Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number));
}

/**
 * The record of a service inside a sealed one; its signature is verified, all else is the caller's to judge: name, dates, whether its
 * publisher belongs to the organisation. Undefined: it is none, withdrawn, a cover, or for somebody else.
 */
export function openRecord(
  crypto: Crypto,
  networkId: NetworkId,
  audience: Audience,
  record: DhtRecord,
): Extract<DhtRecord, { kind: 'service' }> | undefined {
  if (record.kind !== 'sealed' || record.body?.length !== SEALED_BYTES) return undefined;
  const { place, publisher, sequence, body } = record;
  const key = crypto.hmacSha256(audience.key, LABELS.seal);
  const nonce = body.subarray(0, NONCE_BYTES);
  const ciphertext = body.subarray(NONCE_BYTES);
  const binding = bindingOf(place, publisher, sequence);
  const plaintext = crypto.xchacha20Poly1305.open(key, nonce, ciphertext, binding);
  if (plaintext === undefined || plaintext.length !== SEALED_BYTES - NONCE_BYTES - TAG_BYTES)
    return undefined;
  const end = 2 + readU16BE(plaintext, 0);
  if (end > plaintext.length || plaintext.subarray(end).some((byte) => byte !== 0)) return undefined;
  const inner = readInner(crypto, networkId, plaintext.subarray(2, end));
  return inner?.kind === 'service' ? inner : undefined;
}
