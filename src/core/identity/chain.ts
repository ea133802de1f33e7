// Verifying a chain: everything that must hold before anybody believes it. Nothing in here throws on remote input.
import { BoundedMap } from '../base/bounded-map.ts';
import { concat, EMPTY, equalBytes, toHex } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { isName, isNamePattern } from '../base/name.ts';
import type { Epoch, PseudonymChain } from '../wire/epoch-types.ts';
import { CERTIFICATE_NONCE_BYTES, CLOCK_SKEW_S } from '../wire/limits.ts';
import type {
  Chain,
  GuestCertificate,
  GuestChain,
  MemberCertificate,
  OrganisationCertificate,
  RootSignature,
} from '../wire/types.ts';
import {
  decodeChain,
  decodeEpoch,
  decodeGuestCertificate,
  decodeMemberCertificate,
  decodeOrganisationCertificate,
  decodePseudonym,
  WireError,
} from '../wire/wire.ts';
import { RENEWAL_GRACE_S, signatureInput } from './certificate.ts';
import { judgeEpoch, judgePseudonym, type VerifiedPseudonym } from './epoch-statement.ts';
import { extensionsAllow, type Network } from './genesis.ts';
import { nodeIdToText } from './node-id.ts';
import type { Crypto, NodeId, OrganisationId } from './types.ts';

/**
 * member: of an organisation, and whatever it may. guest: of none; it may look up, and use what is shared with guests. It provides,
 * stores, routes and relays nothing, and signs nothing.
 */
export type Tier = 'member' | 'guest';

/** A member or a guest, as its chain proves it. Times: seconds of Unix time. */
export interface VerifiedChain {
  readonly tier: Tier;
  readonly nodeId: NodeId;
  /** Of a guest: made of its node ID, for people to read; nobody finds it by that. */
  readonly name: string;
  /** The organisation that it belongs to; empty for a guest. */
  readonly organisation: OrganisationId;
  /** '' for a guest. */
  readonly organisationName: string;
  /** The organisation whose signer admitted it: of a member its own. */
  readonly admittedBy: { readonly id: OrganisationId; readonly name: string };
  /** The Level-0 key that admitted it. */
  readonly signer: Uint8Array;
  /** Patterns of service names that it may offer; none: all (of a guest: none at all, as its tier says). */
  readonly provides: readonly string[];
  readonly tags: readonly string[];
  /** The issuer's, which places it in the DHT; all zero for a guest, which has no place there. */
  readonly nonce: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  /** The chain as it was verified: what this node may show to others. */
  readonly bytes: Uint8Array;
}

export type ChainRefusal =
  /** Not protobuf of the expected shape, too long, cut short, unknown fields. */
  | 'malformed'
  /** Decodes, but is not what encoding the result gives. */
  | 'notCanonical'
  /** A name, pattern or tag breaks the grammar. */
  | 'name'
  /** A key that may not be one. */
  | 'key'
  /** The tiers do not fit: another organisation, or an issuer that is not this signer. */
  | 'issuer'
  /** Empty span of time, or outside the issuer's. */
  | 'dates'
  | 'notYetValid'
  | 'expired'
  /** A critical extension that this version does not know. */
  | 'critical'
  /** A guest, where only a member will do. */
  | 'guest'
  /** A pseudonym, where only somebody will do; or somebody, where only a pseudonym will do. */
  | 'pseudonym'
  /** Fewer root signatures than the network asks for, or not in order. */
  | 'threshold'
  /** Forged, of another network, or made for another purpose. */
  | 'signature'
  /** Its node, its signer or its organisation was taken back. */
  | 'revoked';

export type ChainResult =
  | { readonly ok: true; readonly chain: VerifiedChain }
  | { readonly ok: false; readonly reason: ChainRefusal };

export type PseudonymResult =
  | { readonly ok: true; readonly pseudonym: VerifiedPseudonym }
  | { readonly ok: false; readonly reason: ChainRefusal };

const DROP_REASONS: Readonly<Record<ChainRefusal, DropReason>> = {
  malformed: 'certificateMalformed',
  notCanonical: 'certificateMalformed',
  name: 'certificateMalformed',
  key: 'certificateMalformed',
  issuer: 'certificateMalformed',
  dates: 'certificateMalformed',
  notYetValid: 'certificateNotYetValid',
  expired: 'certificateExpired',
  critical: 'certificateMalformed',
  guest: 'certificateGuest',
  pseudonym: 'certificatePseudonym',
  threshold: 'certificateSignature',
  signature: 'certificateSignature',
  revoked: 'certificateRevoked',
};

export function chainDropReason(refusal: ChainRefusal): DropReason {
  return DROP_REASONS[refusal];
}

// Organisation certificates whose signatures were checked: few per network, and every chain repeats one.
const KNOWN_ORGANISATIONS_MAX = 256;
// Epochs likewise, which every pseudonym of theirs repeats.
const KNOWN_EPOCHS_MAX = 512;

/** What revocations are asked about a chain. */
export interface CertifiedKeys {
  readonly nodeId: NodeId;
  /** Whose signer admitted it, as member or guest. */
  readonly organisation: OrganisationId;
  readonly signer: Uint8Array;
  readonly notBefore: number;
}

/** Verifies the chains of one network. */
export class ChainVerifier {
  private readonly crypto: Crypto;
  private readonly network: Network;
  private readonly revoked: (keys: CertifiedKeys) => boolean;
  // SHA-256 of certificate and signatures -> certificate. Dates are not part of what is remembered.
  private readonly organisations = new BoundedMap<string, OrganisationCertificate>(KNOWN_ORGANISATIONS_MAX);
  // SHA-256 of organisation certificate, epoch and signature -> epoch. No dates either.
  private readonly epochs = new BoundedMap<string, Epoch>(KNOWN_EPOCHS_MAX);

  /** `revoked`: whether any of these keys was taken back; asked every time. Default: nothing is known of that. */
  constructor(crypto: Crypto, network: Network, revoked: (keys: CertifiedKeys) => boolean = () => false) {
    this.crypto = crypto;
    this.network = network;
    this.revoked = revoked;
  }

  /** Whether a chain that was verified before has been taken back since. What is no chain is not. */
  isRevoked(bytes: Uint8Array): boolean {
    try {
      return this.revoked(keysOf(decodeChain(bytes)));
    } catch (error) {
      if (error instanceof WireError) return false;
      throw error;
    }
  }

  /** Whether what a signer signed for its organisation at `at` (Unix seconds) is void. */
  isSignerRevoked(organisation: OrganisationId, signer: Uint8Array, at: number): boolean {
    return this.revoked(keysOfSigner(organisation, signer, at));
  }

  /** A member's chain: a guest's is refused. `now` is Unix time in seconds. */
  verify(bytes: Uint8Array, now: number): ChainResult {
    return this.verifyAny(bytes, now, ['member']);
  }

  /** A member's chain that is good, or was until RENEWAL_GRACE_S ago at most. */
  verifyLapsed(bytes: Uint8Array, now: number): ChainResult {
    return this.verifyAny(bytes, now, ['member'], RENEWAL_GRACE_S);
  }

  /** A chain of one of these tiers: for the few who take guests. */
  verifyAny(
    bytes: Uint8Array,
    now: number,
    tiers: readonly Tier[] = ['member', 'guest'],
    graceS = 0,
  ): ChainResult {
    try {
      const chain = decodeChain(bytes);
      if ('pseudonym' in chain) return { ok: false, reason: 'pseudonym' };
      if (!tiers.includes('guest' in chain ? 'guest' : 'member')) return { ok: false, reason: 'guest' };
      return this.verifyDecoded(chain, bytes, now, graceS);
    } catch (error) {
      return { ok: false, reason: faultOf(error) };
    }
  }

  /** A pseudonym's chain: for whoever keeps or reads sealed records, and nobody else. */
  verifyPseudonym(bytes: Uint8Array, now: number): PseudonymResult {
    try {
      const chain = decodeChain(bytes);
      if (!('pseudonym' in chain)) return { ok: false, reason: 'pseudonym' };
      const pseudonym = this.judgedPseudonym(chain, bytes, now);
      return typeof pseudonym === 'string' ? { ok: false, reason: pseudonym } : { ok: true, pseudonym };
    } catch (error) {
      return { ok: false, reason: faultOf(error) };
    }
  }

  /** An organisation's certificate by itself; undefined: it is none of this network, or not good at `now` (Unix seconds). */
  verifyOrganisation(signed: Chain['organisation'], now: number): OrganisationCertificate | undefined {
    try {
      const certificate = this.organisation(signed);
      if (typeof certificate === 'string') return undefined;
      return judgeTime(certificate, now) === undefined ? certificate : undefined;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return undefined;
    }
  }

  private verifyDecoded(
    chain: Chain | GuestChain,
    bytes: Uint8Array,
    now: number,
    graceS: number,
  ): ChainResult {
    const refuse = (reason: ChainRefusal): ChainResult => ({ ok: false, reason });
    const organisation = this.organisation(chain.organisation);
    if (typeof organisation === 'string') return refuse(organisation);
    const [purpose, signed] =
      'guest' in chain ? (['guest', chain.guest] as const) : (['member', chain.member] as const);
    const leaf =
      purpose === 'guest'
        ? judgedGuest(decodeGuestCertificate(signed.certificate), organisation)
        : judgedMember(decodeMemberCertificate(signed.certificate), organisation);
    if (typeof leaf === 'string') return refuse(leaf);
    const reason = judgeTime(organisation, now) ?? judgeTime(leaf, now, graceS);
    if (reason !== undefined) return refuse(reason);
    const { verify, isValidPublicKey } = this.crypto.ed25519;
    const input = signatureInput(purpose, this.network.id, signed.certificate);
    if (!verify(organisation.signer, input, signed.signature)) return refuse('signature');
    // Cheaper than a look at the key.
    if (this.revoked({ ...leaf, organisation: organisation.organisation })) return refuse('revoked');
    if (!isValidPublicKey(leaf.nodeId)) return refuse('key');
    const admittedBy = { id: organisation.organisation, name: organisation.name };
    return { ok: true, chain: { ...leaf, admittedBy, bytes: bytes.slice() } };
  }

  private judgedPseudonym(
    chain: PseudonymChain,
    bytes: Uint8Array,
    now: number,
  ): VerifiedPseudonym | ChainRefusal {
    const { crypto, network } = this;
    const certificate = this.organisation(chain.organisation);
    if (typeof certificate === 'string') return certificate;
    const epoch = this.judgedEpoch(chain, certificate);
    if (typeof epoch === 'string') return epoch;
    const { pseudonym: encoded, signature } = chain.pseudonym;
    const pseudonym = judgePseudonym(crypto, network.id, epoch, certificate, encoded, signature);
    if (typeof pseudonym === 'string') return pseudonym;
    const { organisation, signer, number, created: notBefore } = epoch;
    const { key, notAfter } = pseudonym;
    const id = crypto.sha256(chain.pseudonym.epoch);
    const dates = { notBefore, notAfter };
    const verified = { key, organisation, signer, epoch: id, number, ...dates, bytes: bytes.slice() };
    const reason = judgeTime(certificate, now) ?? judgeTime(verified, now);
    if (reason !== undefined) return reason;
    return this.revoked(keysOf(chain)) ? 'revoked' : verified;
  }

  private judgedEpoch(
    { organisation, pseudonym: { epoch: bytes, epochSignature } }: PseudonymChain,
    certificate: OrganisationCertificate,
  ): Epoch | ChainRefusal {
    const { crypto, network, epochs } = this;
    const id = toHex(crypto.sha256(concat(crypto.sha256(organisation.certificate), epochSignature, bytes)));
    const known = epochs.get(id);
    if (known !== undefined) return known;
    const epoch = judgeEpoch(crypto, network.id, certificate, bytes, epochSignature);
    if (typeof epoch !== 'string') epochs.set(id, epoch);
    return epoch;
  }

  /** The certificate of an organisation, judged but for its dates, or why it is none. Throws WireError. */
  organisation(signed: Chain['organisation']): OrganisationCertificate | ChainRefusal {
    const id = toHex(
      this.crypto.sha256(
        concat(signed.certificate, ...signed.signatures.flatMap((s) => [Uint8Array.of(s.root), s.signature])),
      ),
    );
    const known = this.organisations.get(id);
    if (known !== undefined) return known;
    const certificate = decodeOrganisationCertificate(signed.certificate);
    // Judging a key costs ten times a signature check, so only keys that the roots signed are judged.
    const reason =
      judgeOrganisation(certificate) ?? this.judgeSignatures(signed) ?? this.judgeKeys(certificate);
    if (reason !== undefined) return reason;
    this.organisations.set(id, certificate);
    return certificate;
  }

  private judgeKeys({ organisation, signer }: OrganisationCertificate): ChainRefusal | undefined {
    const { isValidPublicKey } = this.crypto.ed25519;
    return isValidPublicKey(organisation) && isValidPublicKey(signer) ? undefined : 'key';
  }

  private judgeSignatures({ certificate, signatures }: Chain['organisation']): ChainRefusal | undefined {
    const input = signatureInput('organisation', this.network.id, certificate);
    return judgeRoots(this.crypto, this.network, signatures, input);
  }
}

function faultOf(error: unknown): 'notCanonical' | 'malformed' {
  if (!(error instanceof WireError)) throw error;
  return error.fault === 'notCanonical' ? 'notCanonical' : 'malformed';
}

/** Throws WireError. */
function keysOf(chain: Chain | GuestChain | PseudonymChain): CertifiedKeys {
  if ('pseudonym' in chain) {
    const { organisation, signer, created } = decodeEpoch(chain.pseudonym.epoch);
    const { key: nodeId } = decodePseudonym(chain.pseudonym.pseudonym);
    return { ...keysOfSigner(organisation, signer, created), nodeId };
  }
  const leaf =
    'guest' in chain
      ? decodeGuestCertificate(chain.guest.certificate)
      : decodeMemberCertificate(chain.member.certificate);
  return { ...leaf, signer: leaf.issuer };
}

function keysOfSigner(organisation: OrganisationId, signer: Uint8Array, at: number): CertifiedKeys {
  // Certificates begin to be valid CLOCK_SKEW_S before they are issued, and that is what is compared.
  return { nodeId: EMPTY, organisation, signer, notBefore: at - CLOCK_SKEW_S };
}

/** `needed`: fewer than the threshold on the way to it. Every signature must hold, also those beyond that, and they stand in the order of the roots. */
export function judgeRoots(
  crypto: Crypto,
  { genesis: { rootKeys, threshold } }: Network,
  signatures: readonly RootSignature[],
  input: Uint8Array,
  needed = threshold,
): 'threshold' | 'signature' | undefined {
  if (signatures.length < needed) return 'threshold';
  for (let i = 0; i < signatures.length; i++) {
    if (signatures[i].root >= rootKeys.length) return 'threshold';
    if (i > 0 && signatures[i].root <= signatures[i - 1].root) return 'threshold';
  }
  const { verify } = crypto.ed25519;
  const allHold = signatures.every(({ root, signature }) => verify(rootKeys[root], input, signature));
  return allHold ? undefined : 'signature';
}

/** What an organisation certificate says by itself, but for its keys. */
export function judgeOrganisation(certificate: OrganisationCertificate): ChainRefusal | undefined {
  if (!isName(certificate.name)) return 'name';
  if (certificate.notBefore >= certificate.notAfter) return 'dates';
  return extensionsAllow(certificate.extensions) ? undefined : 'critical';
}

/** All that a leaf's certificate says by itself. */
type Leaf = Omit<VerifiedChain, 'admittedBy' | 'bytes'>;

function judgedMember(member: MemberCertificate, organisation: OrganisationCertificate): Leaf | ChainRefusal {
  const { nodeId, name, provides, tags, nonce, notBefore, notAfter } = member;
  if (!isName(name) || !provides.every(isNamePattern) || !tags.every(isName)) return 'name';
  const reason = judgeLeaf(member, organisation);
  if (reason !== undefined) return reason;
  return {
    tier: 'member',
    nodeId,
    name,
    organisation: member.organisation,
    organisationName: organisation.name,
    signer: member.issuer,
    provides,
    tags,
    nonce,
    notBefore,
    notAfter,
  };
}

/** Characters of a node ID that tell one guest from another in what people read. */
const GUEST_NAME_CHARACTERS = 10;

function judgedGuest(guest: GuestCertificate, organisation: OrganisationCertificate): Leaf | ChainRefusal {
  const { nodeId, notBefore, notAfter } = guest;
  const reason = judgeLeaf(guest, organisation);
  if (reason !== undefined) return reason;
  return {
    tier: 'guest',
    nodeId,
    name: `guest-${nodeIdToText(nodeId).slice(0, GUEST_NAME_CHARACTERS)}`,
    organisation: EMPTY,
    organisationName: '',
    signer: guest.issuer,
    provides: [],
    tags: [],
    nonce: new Uint8Array(CERTIFICATE_NONCE_BYTES),
    notBefore,
    notAfter,
  };
}

function judgeLeaf(
  leaf: MemberCertificate | GuestCertificate,
  organisation: OrganisationCertificate,
): ChainRefusal | undefined {
  if (!equalBytes(leaf.organisation, organisation.organisation)) return 'issuer';
  if (!equalBytes(leaf.issuer, organisation.signer)) return 'issuer';
  if (leaf.notBefore >= leaf.notAfter) return 'dates';
  if (leaf.notBefore < organisation.notBefore || leaf.notAfter > organisation.notAfter) return 'dates';
  return extensionsAllow(leaf.extensions) ? undefined : 'critical';
}

function judgeTime(
  certificate: { readonly notBefore: number; readonly notAfter: number },
  now: number,
  graceS = 0,
): ChainRefusal | undefined {
  if (now + CLOCK_SKEW_S < certificate.notBefore) return 'notYetValid';
  return now - CLOCK_SKEW_S > certificate.notAfter + graceS ? 'expired' : undefined;
}
