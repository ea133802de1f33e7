// Join tokens: their text form, and the proof that a joiner holds one.
import { decodeBase32, encodeBase32 } from '../base/base32.ts';
import { concat, equalBytes } from '../base/bytes.ts';
import type { ErrorCode } from '../base/errors.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { TOKEN_MAX } from '../wire/limits.ts';
import type { GuestInvitation, JoinToken, TokenSigner } from '../wire/types.ts';
import {
  decodeGuestInvitation,
  decodeJoinToken,
  encodeGuestInvitation,
  encodeJoinToken,
  WireError,
} from '../wire/wire.ts';
import { extensionsAllow, type Network, readGenesis } from './genesis.ts';
import type { Crypto, NodeId } from './types.ts';

const PREFIX = 'mcc1';
/** Of an invitation for guests; as people read it: g for guest. */
const GUEST_PREFIX = 'mccg1';
const CHECKSUM_BYTES = 4;
const CHECKSUM_PURPOSE = encodeUtf8('mcc token checksum\0');
const VERIFIER_PURPOSE = encodeUtf8('mcc join token');
// Characters of the longest token, and as many again for spaces and line breaks of whoever passed it on.
const TEXT_MAX = 2 * (PREFIX.length + Math.ceil(((TOKEN_MAX + CHECKSUM_BYTES) * 8) / 5));

export type TokenFault = Extract<ErrorCode, 'TOKEN_MALFORMED' | 'TOKEN_MISTYPED'>;

export type TokenResult =
  | { readonly ok: true; readonly token: JoinToken; readonly network: Network }
  | { readonly ok: false; readonly code: TokenFault };

export type InvitationResult =
  | { readonly ok: true; readonly invitation: GuestInvitation; readonly network: Network }
  | { readonly ok: false; readonly code: TokenFault };

/** "mcc1" and base32 of the token with its checksum. RangeError when a list is too long. */
export function encodeToken(crypto: Crypto, token: JoinToken): string {
  const bytes = encodeJoinToken(token);
  return PREFIX + encodeBase32(concat(bytes, checksum(crypto, bytes)));
}

/**
 * Tolerates white space anywhere and either case. What begins like a token but fails its checksum was mistyped or cut;
 * anything else is no token. Expiry is not judged here.
 */
export function decodeToken(crypto: Crypto, text: string): TokenResult {
  const read = readText(crypto, text, /^mcc[1il]/, PREFIX, decodeJoinToken);
  return typeof read === 'string' ? { ok: false, code: read } : { ok: true, ...read };
}

/** Of an invitation for guests: "mccg1" and base32 of it with its checksum. RangeError when a list is too long. */
export function encodeInvitation(crypto: Crypto, invitation: GuestInvitation): string {
  const bytes = encodeGuestInvitation(invitation);
  return GUEST_PREFIX + encodeBase32(concat(bytes, checksum(crypto, bytes)));
}

/** A join token leads to the same signers, so it is taken for an invitation as well: nothing in it is then used up. */
export function decodeInvitation(crypto: Crypto, text: string): InvitationResult {
  const invitation = readText(crypto, text, /^mccg[1il]/, GUEST_PREFIX, decodeGuestInvitation);
  if (typeof invitation !== 'string')
    return { ok: true, invitation: invitation.token, network: invitation.network };
  if (invitation !== 'TOKEN_MALFORMED') return { ok: false, code: invitation };
  const result = decodeToken(crypto, text);
  if (!result.ok) return result;
  const { genesis, organisation, signers, extensions } = result.token;
  return { ok: true, invitation: { genesis, organisation, signers, extensions }, network: result.network };
}

/** Whether the text means to be an invitation for guests. */
export function isInvitation(text: string): boolean {
  return /^\s*mccg[1il]/i.test(text);
}

function readText<T extends GuestInvitation>(
  crypto: Crypto,
  text: string,
  pattern: RegExp,
  prefix: string,
  decode: (bytes: Uint8Array) => T,
): { readonly token: T; readonly network: Network } | TokenFault {
  if (text.length > TEXT_MAX) return 'TOKEN_MALFORMED';
  const bare = text.replace(/\s+/g, '').toLowerCase();
  if (!pattern.test(bare)) return 'TOKEN_MALFORMED';
  const decoded = decodeBase32(bare.slice(prefix.length));
  if (decoded === undefined || decoded.length <= CHECKSUM_BYTES) return 'TOKEN_MISTYPED';
  const bytes = decoded.subarray(0, -CHECKSUM_BYTES);
  if (!equalBytes(checksum(crypto, bytes), decoded.subarray(-CHECKSUM_BYTES))) return 'TOKEN_MISTYPED';
  try {
    const token = decode(bytes);
    const genesis = readGenesis(crypto, token.genesis);
    return genesis.ok && isPlausible(crypto, token) ? { token, network: genesis.network } : 'TOKEN_MALFORMED';
  } catch (error) {
    if (error instanceof WireError) return 'TOKEN_MALFORMED';
    throw error;
  }
}

function checksum(crypto: Crypto, bytes: Uint8Array): Uint8Array {
  return crypto.sha256(concat(CHECKSUM_PURPOSE, bytes)).subarray(0, CHECKSUM_BYTES);
}

function isPlausible(crypto: Crypto, token: GuestInvitation): boolean {
  const { isValidPublicKey } = crypto.ed25519;
  if (!isValidPublicKey(token.organisation) || !extensionsAllow(token.extensions)) return false;
  return token.signers.length > 0 && arePlausible(crypto, token.signers);
}

/** Whether these may be nodes with ways to reach them: valid keys, each with an address or a host name, and ports. */
export function arePlausible(crypto: Crypto, nodes: readonly TokenSigner[]): boolean {
  return nodes.every(
    ({ nodeId, addresses, hosts }) =>
      crypto.ed25519.isValidPublicKey(nodeId) &&
      addresses.length + hosts.length > 0 &&
      addresses.every(({ port }) => port > 0) &&
      hosts.every(({ host, port }) => port > 0 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host)),
  );
}

/** What the issuer keeps instead of the secret: K = SHA-256("mcc join token" || secret). */
export function tokenVerifier(crypto: Crypto, secret: Uint8Array): Uint8Array {
  return crypto.sha256(concat(VERIFIER_PURPOSE, secret));
}

/** By what a request names its token: SHA-256(K). */
export function tokenId(crypto: Crypto, verifier: Uint8Array): Uint8Array {
  return crypto.sha256(verifier);
}

/** HMAC-SHA-256(K, handshake hash || node ID): of use in this session and to this node only. */
export function admissionProof(
  crypto: Crypto,
  verifier: Uint8Array,
  handshakeHash: Uint8Array,
  nodeId: NodeId,
): Uint8Array {
  return crypto.hmacSha256(verifier, concat(handshakeHash, nodeId));
}
