// Verifying a chain: everything that must hold before anybody believes it. Nothing in here throws on remote input.
import { BoundedMap } from '../base/bounded-map.ts';
import { concat, equalBytes, toHex } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { isName, isNamePattern } from '../base/name.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { Chain, MemberCertificate, OrganisationCertificate } from '../wire/types.ts';
import {
  decodeChain,
  decodeMemberCertificate,
  decodeOrganisationCertificate,
  WireError,
} from '../wire/wire.ts';
import { signatureInput } from './certificate.ts';
import { extensionsAllow, type Network } from './genesis.ts';
import type { Crypto, NodeId, OrganisationId } from './types.ts';

/** A member, as its chain proves it. Times: seconds of Unix time. */
export interface VerifiedChain {
  readonly nodeId: NodeId;
  readonly name: string;
  readonly organisation: OrganisationId;
  readonly organisationName: string;
  /** The Level-0 key that admitted it. */
  readonly signer: Uint8Array;
  /** Patterns of service names that it may offer; none: all. */
  readonly provides: readonly string[];
  readonly tags: readonly string[];
  /** The issuer's, which places it in the DHT. */
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
  /** Fewer root signatures than the network asks for, or not in order. */
  | 'threshold'
  /** Forged, of another network, or made for another purpose. */
  | 'signature';

export type ChainResult =
  | { readonly ok: true; readonly chain: VerifiedChain }
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
  threshold: 'certificateSignature',
  signature: 'certificateSignature',
};

export function chainDropReason(refusal: ChainRefusal): DropReason {
  return DROP_REASONS[refusal];
}

// Organisation certificates whose signatures were checked: few per network, and every chain repeats one.
const KNOWN_ORGANISATIONS_MAX = 256;

/** Verifies the chains of one network. */
export class ChainVerifier {
  private readonly crypto: Crypto;
  private readonly network: Network;
  // SHA-256 of certificate and signatures -> certificate. Dates are not part of what is remembered.
  private readonly organisations = new BoundedMap<string, OrganisationCertificate>(KNOWN_ORGANISATIONS_MAX);

  constructor(crypto: Crypto, network: Network) {
    this.crypto = crypto;
    this.network = network;
  }

  /** `now` is Unix time in seconds. */
  verify(bytes: Uint8Array, now: number): ChainResult {
    try {
      return this.verifyDecoded(decodeChain(bytes), bytes, now);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { ok: false, reason: error.fault === 'notCanonical' ? 'notCanonical' : 'malformed' };
    }
  }

  private verifyDecoded(chain: Chain, bytes: Uint8Array, now: number): ChainResult {
    const refuse = (reason: ChainRefusal): ChainResult => ({ ok: false, reason });
    const organisation = this.organisation(chain.organisation);
    if (typeof organisation === 'string') return refuse(organisation);
    const member = decodeMemberCertificate(chain.member.certificate);
    const reason =
      judgeMember(member, organisation) ?? judgeTime(organisation, now) ?? judgeTime(member, now);
    if (reason !== undefined) return refuse(reason);
    const input = signatureInput('member', this.network.id, chain.member.certificate);
    if (!this.crypto.ed25519.verify(organisation.signer, input, chain.member.signature))
      return refuse('signature');
    if (!this.crypto.ed25519.isValidPublicKey(member.nodeId)) return refuse('key');
    return {
      ok: true,
      chain: {
        nodeId: member.nodeId,
        name: member.name,
        organisation: member.organisation,
        organisationName: organisation.name,
        signer: member.issuer,
        provides: member.provides,
        tags: member.tags,
        nonce: member.nonce,
        notBefore: member.notBefore,
        notAfter: member.notAfter,
        bytes: bytes.slice(),
      },
    };
  }

  // Everything but the dates.
  private organisation(signed: Chain['organisation']): OrganisationCertificate | ChainRefusal {
    const id = toHex(
      this.crypto.sha256(
        concat(signed.certificate, ...signed.signatures.flatMap((s) => [Uint8Array.of(s.root), s.signature])),
      ),
    );
    const known = this.organisations.get(id);
    if (known !== undefined) return known;
    const certificate = decodeOrganisationCertificate(signed.certificate);
    // Judging a key costs ten times a signature check, so only keys that the roots signed are judged.
    const reason = judgeOrganisation(certificate) ?? this.judgeRoots(signed) ?? this.judgeKeys(certificate);
    if (reason !== undefined) return reason;
    this.organisations.set(id, certificate);
    return certificate;
  }

  private judgeKeys({ organisation, signer }: OrganisationCertificate): ChainRefusal | undefined {
    const { isValidPublicKey } = this.crypto.ed25519;
    return isValidPublicKey(organisation) && isValidPublicKey(signer) ? undefined : 'key';
  }

  // Every signature must hold, also those beyond the threshold, and they stand in the order of the roots.
  private judgeRoots(signed: Chain['organisation']): ChainRefusal | undefined {
    const { rootKeys, threshold } = this.network.genesis;
    const { signatures } = signed;
    if (signatures.length < threshold) return 'threshold';
    for (let i = 0; i < signatures.length; i++) {
      if (signatures[i].root >= rootKeys.length) return 'threshold';
      if (i > 0 && signatures[i].root <= signatures[i - 1].root) return 'threshold';
    }
    const input = signatureInput('organisation', this.network.id, signed.certificate);
    const { verify } = this.crypto.ed25519;
    const allHold = signatures.every(({ root, signature }) => verify(rootKeys[root], input, signature));
    return allHold ? undefined : 'signature';
  }
}

function judgeOrganisation(certificate: OrganisationCertificate): ChainRefusal | undefined {
  if (!isName(certificate.name)) return 'name';
  if (certificate.notBefore >= certificate.notAfter) return 'dates';
  return extensionsAllow(certificate.extensions) ? undefined : 'critical';
}

function judgeMember(
  member: MemberCertificate,
  organisation: OrganisationCertificate,
): ChainRefusal | undefined {
  if (!isName(member.name) || !member.provides.every(isNamePattern) || !member.tags.every(isName))
    return 'name';
  if (!equalBytes(member.organisation, organisation.organisation)) return 'issuer';
  if (!equalBytes(member.issuer, organisation.signer)) return 'issuer';
  if (member.notBefore >= member.notAfter) return 'dates';
  if (member.notBefore < organisation.notBefore || member.notAfter > organisation.notAfter) return 'dates';
  return extensionsAllow(member.extensions) ? undefined : 'critical';
}

function judgeTime(
  certificate: { readonly notBefore: number; readonly notAfter: number },
  now: number,
): ChainRefusal | undefined {
  if (now + CLOCK_SKEW_S < certificate.notBefore) return 'notYetValid';
  return now - CLOCK_SKEW_S > certificate.notAfter ? 'expired' : undefined;
}
