// Statements that take keys back: who may make one, how it is signed, and what must hold before anybody believes it. Nothing that
// verifies throws on remote input. Time plays no part in it: what was good once stays good.
import { equalBytes } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { CLOCK_SKEW_S, REVOCATION_REASON_MAX } from '../wire/limits.ts';
import type { Chain, Revocation, RootSignature, SignedRevocation } from '../wire/types.ts';
import {
  decodeRevocation,
  decodeSignedRevocation,
  encodeRevocation,
  encodeSignedRevocation,
  WireError,
} from '../wire/wire.ts';
import { networkInput, type RootSigner } from './certificate.ts';
import { type ChainVerifier, judgeRoots } from './chain.ts';
import { extensionsAllow, type Network } from './genesis.ts';
import type { Crypto, NetworkId } from './types.ts';

const PURPOSE = encodeUtf8('mcc revocation\0');
/** Control characters, and what makes text run backwards: reasons are shown to people. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A statement that was verified. */
export interface VerifiedRevocation {
  readonly revocation: Revocation;
  /** SHA-256 of the statement: what it is known by, 32 bytes. */
  readonly hash: Uint8Array;
  /** A SignedRevocation, as it travels. */
  readonly bytes: Uint8Array;
}

export type RevocationRefusal =
  | 'malformed'
  | 'notCanonical'
  /** A reason that is not fit to be shown. */
  | 'reason'
  /** A target that may be no key. */
  | 'key'
  /** Fields that this kind does not have, or this issuer may not set. */
  | 'kind'
  /** Issued outside the dates of the issuer's certificate. */
  | 'dates'
  | 'critical'
  /** Fewer root signatures than the network asks for, or not in order. */
  | 'threshold'
  /** Forged, of another network, made for another purpose, or by somebody without the right. */
  | 'signature';

export type RevocationResult =
  | { readonly ok: true; readonly verified: VerifiedRevocation }
  | { readonly ok: false; readonly reason: RevocationRefusal };

export function revocationDropReason(refusal: RevocationRefusal): DropReason {
  return refusal === 'signature' || refusal === 'threshold' ? 'revocationSignature' : 'revocationMalformed';
}

/** What signers and roots sign: purpose string || network ID || statement. */
export function revocationInput(networkId: NetworkId, statement: Uint8Array): Uint8Array {
  return networkInput(PURPOSE, networkId, statement);
}

/** Why a reason cannot be given, as half a sentence; undefined: it can. */
export function reasonFault(reason: string): string | undefined {
  if (encodeUtf8(reason).length > REVOCATION_REASON_MAX)
    return `a reason has at most ${REVOCATION_REASON_MAX} bytes`;
  return UNPRINTABLE.test(reason) ? 'a reason has no control characters' : undefined;
}

/** Of a node of its organisation, by a signer. `authority` makes it one. RangeError when a field exceeds its limit. */
export function signRevocation(
  crypto: Crypto,
  network: Network,
  revocation: Revocation,
  authority: Chain['organisation'],
  signerSeed: Uint8Array,
): Uint8Array {
  const statement = encodeRevocation(revocation);
  const signature = crypto.ed25519.sign(signerSeed, revocationInput(network.id, statement));
  return encodeSignedRevocation({ statement, signature, authority, signatures: [] });
}

/** By root keys, of which the network's threshold says how many are needed. */
export function signRevocationByRoots(
  crypto: Crypto,
  network: Network,
  revocation: Revocation,
  roots: readonly RootSigner[],
): Uint8Array {
  const statement = encodeRevocation(revocation);
  const input = revocationInput(network.id, statement);
  const signatures = [...roots]
    .sort((a, b) => a.root - b.root)
    .map(({ root, seed }) => ({ root, signature: crypto.ed25519.sign(seed, input) }));
  return revocationOfRoots(statement, signatures);
}

/** What signatures that were made one by one give together. */
export function revocationOfRoots(statement: Uint8Array, signatures: readonly RootSignature[]): Uint8Array {
  return encodeSignedRevocation({
    statement,
    signature: new Uint8Array(0),
    authority: undefined,
    signatures,
  });
}

/** What a statement says that this node has verified before, or wrote itself; undefined: it cannot be read. */
export function readRevocation(crypto: Crypto, bytes: Uint8Array): VerifiedRevocation | undefined {
  try {
    const { statement } = decodeSignedRevocation(bytes);
    return { revocation: decodeRevocation(statement), hash: crypto.sha256(statement), bytes: bytes.slice() };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** Verifies the statements of one network. */
export class RevocationVerifier {
  private readonly crypto: Crypto;
  private readonly network: Network;
  private readonly chains: Pick<ChainVerifier, 'organisation'>;

  constructor(crypto: Crypto, network: Network, chains: Pick<ChainVerifier, 'organisation'>) {
    this.crypto = crypto;
    this.network = network;
    this.chains = chains;
  }

  verify(bytes: Uint8Array): RevocationResult {
    try {
      const signed = decodeSignedRevocation(bytes);
      const revocation = decodeRevocation(signed.statement);
      const reason =
        judgeContent(revocation) ??
        (revocation.issuer.length === 0
          ? this.judgeRoots(signed, revocation)
          : this.judgeSigner(signed, revocation)) ??
        // Ten times as costly as a signature, so only of keys that somebody with the right named.
        (areKeys(this.crypto, revocation) ? undefined : 'key');
      if (reason !== undefined) return { ok: false, reason };
      const hash = this.crypto.sha256(signed.statement);
      return { ok: true, verified: { revocation, hash, bytes: bytes.slice() } };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { ok: false, reason: error.fault === 'notCanonical' ? 'notCanonical' : 'malformed' };
    }
  }

  private judgeRoots(signed: SignedRevocation, revocation: Revocation): RevocationRefusal | undefined {
    if (signed.signature.length > 0 || signed.authority !== undefined) return 'kind';
    if (!isForRoots(revocation)) return 'kind';
    const input = revocationInput(this.network.id, signed.statement);
    return judgeRoots(this.crypto, this.network, signed.signatures, input);
  }

  /** A signer takes back nodes of its own organisation, nothing else. */
  private judgeSigner(signed: SignedRevocation, revocation: Revocation): RevocationRefusal | undefined {
    const { authority, signatures, signature, statement } = signed;
    if (revocation.kind !== 'node' || revocation.since > 0) return 'kind';
    if (signatures.length > 0 || authority === undefined) return 'kind';
    const certificate = this.chains.organisation(authority);
    if (typeof certificate === 'string') return certificate === 'threshold' ? 'threshold' : 'signature';
    if (!equalBytes(certificate.signer, revocation.issuer)) return 'signature';
    if (!equalBytes(certificate.organisation, revocation.organisation)) return 'signature';
    if (revocation.issued < certificate.notBefore - CLOCK_SKEW_S) return 'dates';
    if (revocation.issued > certificate.notAfter + CLOCK_SKEW_S) return 'dates';
    const input = revocationInput(this.network.id, statement);
    return this.crypto.ed25519.verify(certificate.signer, input, signature) ? undefined : 'signature';
  }
}

/** With sign bit 0, so that a key and its X25519 form are taken back together. */
function areKeys(crypto: Crypto, { target, organisation }: Revocation): boolean {
  const { isValidPublicKey } = crypto.ed25519;
  return isValidPublicKey(target) && (organisation.length === 0 || isValidPublicKey(organisation));
}

/** Whether it has the fields that root keys may set, of its kind. */
function isForRoots({ kind, organisation, since, issuer }: Revocation): boolean {
  if (issuer.length > 0 || (kind !== 'node' && organisation.length > 0)) return false;
  return kind === 'signer' || since === 0;
}

/** Why a statement would not be believed even if the root keys signed it; undefined: it would. */
export function judgeRootStatement(crypto: Crypto, revocation: Revocation): RevocationRefusal | undefined {
  const reason = judgeContent(revocation) ?? (isForRoots(revocation) ? undefined : 'kind');
  return reason ?? (areKeys(crypto, revocation) ? undefined : 'key');
}

function judgeContent({ reason, extensions }: Revocation): RevocationRefusal | undefined {
  if (reasonFault(reason) !== undefined) return 'reason';
  return extensionsAllow(extensions) ? undefined : 'critical';
}
