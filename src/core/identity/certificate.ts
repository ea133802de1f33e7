// Signing: who makes a certificate, over what.
import { concat } from '../base/bytes.ts';
import { DAY_S } from '../base/time.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import {
  CERTIFICATE_MAX,
  CERTIFICATE_NONCE_BYTES,
  CHAIN_MAX,
  CLOCK_SKEW_S,
  KEY_BYTES,
  NAME_MAX,
  SIGNATURE_BYTES,
} from '../wire/limits.ts';
import type {
  Chain,
  GuestCertificate,
  GuestChain,
  MemberCertificate,
  OrganisationCertificate,
} from '../wire/types.ts';
import {
  decodeOrganisationCertificate,
  encodeChain,
  encodeGuestCertificate,
  encodeMemberCertificate,
  encodeOrganisationCertificate,
} from '../wire/wire.ts';
import type { Network } from './genesis.ts';
import type { Crypto, NetworkId, NodeId } from './types.ts';

/** Seconds that a member certificate lives. */
export const MEMBER_LIFETIME_S = 30 * DAY_S;
/** Seconds that a guest certificate lives. */
export const GUEST_LIFETIME_S = DAY_S;
/** Seconds after its end for which a member's certificate still suffices to ask a signer for a new one, and for nothing else. */
export const RENEWAL_GRACE_S = 30 * DAY_S;
/** Seconds that an organisation certificate lives: renewing it takes the root key off its shelf. */
export const ORGANISATION_LIFETIME_S = 3650 * DAY_S;

/** Seconds of Unix time far ahead, so that dates take as many bytes as any will. */
const LATEST_S = 2 ** 34;

// Purpose strings end in a zero byte, so that none is the beginning of another: a signature means one thing.
const PURPOSES = {
  organisation: encodeUtf8('mcc organisation certificate\0'),
  member: encodeUtf8('mcc member certificate\0'),
  guest: encodeUtf8('mcc guest certificate\0'),
  request: encodeUtf8('mcc signing request\0'),
  approval: encodeUtf8('mcc approval of a signer\0'),
  epoch: encodeUtf8('mcc epoch\0'),
  pseudonym: encodeUtf8('mcc pseudonym\0'),
};

export type Purpose = keyof typeof PURPOSES;

/** Purpose string || network ID || certificate. */
export function signatureInput(purpose: Purpose, networkId: NetworkId, certificate: Uint8Array): Uint8Array {
  return networkInput(PURPOSES[purpose], networkId, certificate);
}

/** What is signed: for one purpose, in one network. `purpose` ends in a zero byte. */
export function networkInput(purpose: Uint8Array, networkId: NetworkId, content: Uint8Array): Uint8Array {
  return concat(purpose, networkId, content);
}

export interface RootSigner {
  /** Index into the genesis document's root keys. */
  readonly root: number;
  readonly seed: Uint8Array;
}

/** Signed by root keys, of which the network's threshold says how many are needed. */
export function signOrganisation(
  crypto: Crypto,
  network: Network,
  certificate: OrganisationCertificate,
  roots: readonly RootSigner[],
): Chain['organisation'] {
  const encoded = encodeOrganisationCertificate(certificate);
  const input = signatureInput('organisation', network.id, encoded);
  const signatures = [...roots]
    .sort((a, b) => a.root - b.root)
    .map(({ root, seed }) => ({ root, signature: crypto.ed25519.sign(seed, input) }));
  return { certificate: encoded, signatures };
}

/** Signed by a signer of its organisation. */
export function signMember(
  crypto: Crypto,
  network: Network,
  certificate: MemberCertificate,
  signerSeed: Uint8Array,
): Chain['member'] {
  const encoded = encodeMemberCertificate(certificate);
  const input = signatureInput('member', network.id, encoded);
  return { certificate: encoded, signature: crypto.ed25519.sign(signerSeed, input) };
}

/** Signed by a signer of the organisation that admits it. */
export function signGuest(
  crypto: Crypto,
  network: Network,
  certificate: GuestCertificate,
  signerSeed: Uint8Array,
): GuestChain['guest'] {
  const encoded = encodeGuestCertificate(certificate);
  const input = signatureInput('guest', network.id, encoded);
  return { certificate: encoded, signature: crypto.ed25519.sign(signerSeed, input) };
}

/**
 * The encoded chain of a guest: valid from a clock skew ago for GUEST_LIFETIME_S, within its issuer's dates. `now`: seconds of Unix
 * time. RangeError when that leaves no time.
 */
export function issueGuest(
  crypto: Crypto,
  network: Network,
  organisation: Chain['organisation'],
  signerSeed: Uint8Array,
  nodeId: NodeId,
  now: number,
): Uint8Array {
  const issuer = decodeOrganisationCertificate(organisation.certificate);
  const notBefore = Math.max(now - CLOCK_SKEW_S, issuer.notBefore);
  const notAfter = Math.min(now + GUEST_LIFETIME_S, issuer.notAfter);
  if (notBefore >= notAfter) throw new RangeError('the organisation certificate is not valid at this time');
  const certificate: GuestCertificate = {
    organisation: issuer.organisation,
    issuer: issuer.signer,
    nodeId,
    notBefore,
    notAfter,
    extensions: [],
  };
  return encodeChain({ organisation, guest: signGuest(crypto, network, certificate, signerSeed) });
}

export interface NewMember {
  readonly nodeId: NodeId;
  /** A valid name, unique at this signer. */
  readonly name: string;
  /** Unix time in seconds at which it is issued. */
  readonly now: number;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  /** Patterns of service names; none: all. */
  readonly provides?: readonly string[];
  readonly tags?: readonly string[];
}

/**
 * The encoded chain of a new member: valid from a clock skew ago for MEMBER_LIFETIME_S, within its organisation's dates.
 * RangeError when that leaves no time, or when the chain gets longer than CHAIN_MAX (too many patterns or tags).
 */
export function issueMember(
  crypto: Crypto,
  network: Network,
  organisation: Chain['organisation'],
  signerSeed: Uint8Array,
  member: NewMember,
): Uint8Array {
  const issuer = decodeOrganisationCertificate(organisation.certificate);
  const notBefore = Math.max(member.now - CLOCK_SKEW_S, issuer.notBefore);
  const notAfter = Math.min(member.now + MEMBER_LIFETIME_S, issuer.notAfter);
  if (notBefore >= notAfter) throw new RangeError('the organisation certificate is not valid at this time');
  const certificate: MemberCertificate = {
    organisation: issuer.organisation,
    issuer: issuer.signer,
    nodeId: member.nodeId,
    name: member.name,
    notBefore,
    notAfter,
    nonce: member.nonce,
    provides: member.provides ?? [],
    tags: member.tags ?? [],
    extensions: [],
  };
  return encodeChain({ organisation, member: signMember(crypto, network, certificate, signerSeed) });
}

/**
 * Bytes that are left for patterns and tags in a certificate of this organisation, of a member with the longest name: a chain has to fit
 * a handshake. `bytesOfList` says what some take.
 */
export function roomForMember(organisation: Chain['organisation']): number {
  const key = new Uint8Array(KEY_BYTES).fill(1);
  const bare = encodeMemberCertificate({
    organisation: key,
    issuer: key,
    nodeId: key,
    name: 'x'.repeat(NAME_MAX),
    notBefore: LATEST_S,
    notAfter: LATEST_S,
    nonce: new Uint8Array(CERTIFICATE_NONCE_BYTES),
    provides: [],
    tags: [],
    extensions: [],
  });
  const signature = new Uint8Array(SIGNATURE_BYTES);
  const chain = encodeChain({ organisation, member: { certificate: bare, signature } });
  return Math.min(CHAIN_MAX - chain.length, CERTIFICATE_MAX - bare.length);
}

/** Bytes that these patterns or tags take in a certificate. */
export function bytesOfList(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + 2 + encodeUtf8(text).length, 0);
}
