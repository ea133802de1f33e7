// The signer's side of joining: invitations, and what becomes of a request.
import { equalBytes, toHex } from '../base/bytes.ts';
import { isName } from '../base/name.ts';
import type { Rng } from '../base/rng.ts';
import { DAY_MS } from '../base/time.ts';
import {
  admissionProof,
  ChainVerifier,
  issueMember,
  type Network,
  type NewMember,
  tokenId,
  tokenVerifier,
  type VerifiedChain,
} from '../identity/identity.ts';
import type { Crypto } from '../identity/types.ts';
import { CERTIFICATE_NONCE_BYTES, TOKEN_SECRET_BYTES } from '../wire/limits.ts';
import type { Chain } from '../wire/types.ts';
import { isSame, issuedS, MemberChanges } from './member-changes.ts';
import type {
  AdmissionDecision,
  AdmittedNode,
  Applicant,
  MemberChange,
  MemberRights,
  Replaced,
  TokenRecord,
} from './types.ts';

/** Node IDs that one token may admit. */
export const TOKEN_USES_MAX = 1000;
/** Tokens kept at a time. */
export const TOKENS_MAX = 1000;
/** A token is kept for so long after it expired, so that a late joiner learns why it is refused. */
export const TOKEN_KEPT_MS = 7 * DAY_MS;

/** What makes a node a signer. */
export interface Signer {
  readonly network: Network;
  /** The signer's own Level-0 certificate. */
  readonly organisation: Chain['organisation'];
  /** Seed of the key that the certificate names. */
  readonly seed: Uint8Array;
}

export interface Request {
  readonly tokenId: Uint8Array;
  readonly proof: Uint8Array;
  readonly name: string;
}

/**
 * Tokens of one signer. A request that is refused changes nothing. An admission counts here at once and is undone with
 * `undo` when it could not be made durable. Times are Unix ms.
 */
export class AdmissionDesk {
  private readonly crypto: Crypto;
  private readonly rng: Rng;
  readonly signer: Signer;
  /** What was said of members since they were admitted. */
  readonly changes: MemberChanges;
  private readonly verifier: ChainVerifier;
  private readonly isRevoked: (nodeId: Uint8Array) => boolean;
  /** By token ID in hex; at most TOKENS_MAX, kept by invite() and expire(). */
  private readonly tokens = new Map<string, TokenRecord>();

  /** `isRevoked`: whether a node may never be a member of this organisation again. */
  constructor(
    crypto: Crypto,
    rng: Rng,
    signer: Signer,
    tokens: readonly TokenRecord[],
    isRevoked: (nodeId: Uint8Array) => boolean = () => false,
    changes: readonly MemberChange[] = [],
  ) {
    this.changes = new MemberChanges(changes);
    this.crypto = crypto;
    this.rng = rng;
    this.signer = signer;
    this.verifier = new ChainVerifier(crypto, signer.network);
    this.isRevoked = isRevoked;
    for (const token of tokens.slice(0, TOKENS_MAX)) this.tokens.set(toHex(token.tokenId), token);
  }

  get size(): number {
    return this.tokens.size;
  }

  /** A new token and its secret; undefined: there are TOKENS_MAX already. */
  invite(
    uses: number,
    expiresMs: number,
    provides: readonly string[],
    tags: readonly string[] = [],
    replaces?: Replaced,
  ): { readonly token: TokenRecord; readonly secret: Uint8Array } | undefined {
    if (!Number.isInteger(uses) || uses < 1 || uses > TOKEN_USES_MAX) throw new RangeError(`${uses} uses`);
    if (this.tokens.size >= TOKENS_MAX) return undefined;
    const secret = this.rng.bytes(TOKEN_SECRET_BYTES);
    const verifier = tokenVerifier(this.crypto, secret);
    const id = tokenId(this.crypto, verifier);
    const terms = { expiresMs, uses, provides, tags, ...(replaces === undefined ? {} : { replaces }) };
    const token: TokenRecord = { tokenId: id, verifier, admitted: [], ...terms };
    this.tokens.set(toHex(id), token);
    return { token, secret };
  }

  /** The name that a request is for: of a token that replaces a node that node's, whatever is wanted. */
  nameFor({ tokenId: id, name }: Request): string {
    return this.tokens.get(toHex(id))?.replaces?.name ?? name;
  }

  /** `nameOwner`: node ID that has the wanted name by what else the node knows; undefined: nobody. */
  decide(
    request: Request,
    applicant: Applicant,
    nameOwner: Uint8Array | undefined,
    wallMs: number,
  ): AdmissionDecision {
    const token = this.tokens.get(toHex(request.tokenId));
    if (token === undefined) return { kind: 'refuse', code: 'unknown' };
    const { nodeId } = applicant;
    const isProof = (hash: Uint8Array) =>
      this.crypto.timingSafeEqual(admissionProof(this.crypto, token.verifier, hash, nodeId), request.proof);
    if (!applicant.handshakeHashes.some(isProof)) return { kind: 'refuse', code: 'proof' };
    if (this.isRevoked(nodeId)) return { kind: 'refuse', code: 'revoked' };
    const known = token.admitted.find((node) => equalBytes(node.nodeId, nodeId));
    if (known !== undefined && this.verifier.verify(known.chain, wallMs / 1000).ok)
      return {
        kind: 'admit',
        token,
        chain: known.chain,
        name: known.name,
        repeated: true,
        replaced: undefined,
      };
    if (wallMs >= token.expiresMs) return { kind: 'refuse', code: 'expired' };
    if (known === undefined && token.admitted.length >= token.uses) return { kind: 'refuse', code: 'used' };
    const name = token.replaces?.name ?? request.name;
    if (!isName(name)) return { kind: 'refuse', code: 'nameInvalid' };
    const before = token.replaces?.nodeId;
    if (before !== undefined && equalBytes(before, nodeId)) return { kind: 'refuse', code: 'other' };
    if (this.isTaken(name, nodeId, nameOwner, before)) return { kind: 'refuse', code: 'nameTaken' };
    return this.admit(token, nodeId, name, known, wallMs);
  }

  /**
   * What the member is, with the rights that were said of it since, for another MEMBER_LIFETIME_S; undefined: this signer's own
   * certificate has ended.
   */
  renew(shown: VerifiedChain, wallMs: number): Uint8Array | undefined {
    return this.certify(shown, this.changes.rightsOf(shown), wallMs);
  }

  /** A certificate with these rights; where they are other ones, a later one than what was shown. undefined: as above, or they are too long. */
  certify(shown: VerifiedChain, { tags, provides }: MemberRights, wallMs: number): Uint8Array | undefined {
    const { nodeId, name, nonce } = shown;
    const nowS = Math.floor(wallMs / 1000);
    const change = this.changes.get(nodeId);
    const now = isSame(shown, { tags, provides })
      ? nowS
      : Math.max(nowS, issuedS(shown) + 1, change?.changedS ?? 0);
    return this.issue({ nodeId, name, nonce, provides, tags, now });
  }

  /** Takes an admission back; `replaced`, which the disk has still, counts again. */
  undo(id: Uint8Array, nodeId: Uint8Array, replaced: AdmittedNode | undefined): void {
    const token = this.tokens.get(toHex(id));
    if (token === undefined) return;
    const others = token.admitted.filter((node) => !equalBytes(node.nodeId, nodeId));
    const admitted = replaced === undefined ? others : [...others, replaced];
    this.tokens.set(toHex(id), { ...token, admitted });
  }

  /** Withdraws a token. False: there is none. */
  withdraw(id: Uint8Array): boolean {
    return this.tokens.delete(toHex(id));
  }

  /** IDs of tokens that are so old that nobody asks any more; they are gone. */
  expire(wallMs: number): Uint8Array[] {
    const gone = [...this.tokens.values()].filter((token) => wallMs >= token.expiresMs + TOKEN_KEPT_MS);
    for (const token of gone) this.tokens.delete(toHex(token.tokenId));
    return gone.map((token) => token.tokenId);
  }

  private admit(
    token: TokenRecord,
    nodeId: Uint8Array,
    name: string,
    replaced: AdmittedNode | undefined,
    wallMs: number,
  ): AdmissionDecision {
    const nonce = this.rng.bytes(CERTIFICATE_NONCE_BYTES);
    const now = Math.floor(wallMs / 1000);
    const { provides, tags } = token;
    const chain = this.issue({ nodeId, name, now, nonce, provides, tags });
    if (chain === undefined) return { kind: 'refuse', code: 'notSigner' };
    const others = token.admitted.filter((node) => !equalBytes(node.nodeId, nodeId));
    const updated: TokenRecord = { ...token, admitted: [...others, { nodeId: nodeId.slice(), name, chain }] };
    this.tokens.set(toHex(token.tokenId), updated);
    return { kind: 'admit', token: updated, chain, name, repeated: false, replaced };
  }

  private issue(member: NewMember): Uint8Array | undefined {
    const { network, organisation, seed } = this.signer;
    try {
      return issueMember(this.crypto, network, organisation, seed, member);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** `before`: a node that gives the name up. */
  private isTaken(
    name: string,
    nodeId: Uint8Array,
    nameOwner: Uint8Array | undefined,
    before: Uint8Array | undefined,
  ): boolean {
    const mayHave = (other: Uint8Array) =>
      equalBytes(other, nodeId) || (before !== undefined && equalBytes(other, before));
    if (nameOwner !== undefined && !mayHave(nameOwner)) return true;
    for (const token of this.tokens.values()) {
      for (const node of token.admitted) {
        if (node.name !== name || mayHave(node.nodeId)) continue;
        if (!this.isRevoked(node.nodeId)) return true;
      }
    }
    return false;
  }
}
