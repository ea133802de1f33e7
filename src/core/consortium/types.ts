import type { SocketAddress } from '../base/ip.ts';

/** A token at its issuing signer, as persisted. The secret itself is kept nowhere. */
export interface TokenRecord {
  /** SHA-256 of the verifier key: what the request names, so that no secret is compared to find it. */
  readonly tokenId: Uint8Array;
  /** K = SHA-256("mcc join token" || secret). */
  readonly verifier: Uint8Array;
  /** Unix ms. */
  readonly expiresMs: number;
  /** Node IDs that may be admitted in all. */
  readonly uses: number;
  /** Node IDs admitted so far, at most `uses`; a retry of one of them costs nothing. */
  readonly admitted: readonly AdmittedNode[];
  readonly provides: readonly string[];
}

export interface AdmittedNode {
  readonly nodeId: Uint8Array;
  readonly name: string;
  /** Encoded chain that was issued. */
  readonly chain: Uint8Array;
}

export type RefusalCode = 'expired' | 'used' | 'unknown' | 'proof' | 'nameTaken' | 'nameInvalid' | 'notSigner' | 'busy';

/** What the signer decides about one request. */
export type AdmissionDecision =
  | { readonly kind: 'admit'; readonly token: TokenRecord; readonly chain: Uint8Array; readonly name: string; readonly repeated: boolean }
  | { readonly kind: 'refuse'; readonly code: RefusalCode };

export interface AdmissionRequest {
  readonly tokenId: Uint8Array;
  readonly proof: Uint8Array;
  readonly name: string;
}

/** The joiner's side. */
export interface JoinTarget {
  readonly nodeId: Uint8Array;
  readonly addresses: readonly SocketAddress[];
}

export type JoinInput =
  | { readonly kind: 'established'; readonly nodeId: Uint8Array; readonly handshakeHash: Uint8Array }
  | { readonly kind: 'answer'; readonly nodeId: Uint8Array; readonly chain: Uint8Array }
  | { readonly kind: 'refusal'; readonly nodeId: Uint8Array; readonly code: RefusalCode };

export type JoinEvent =
  | { readonly kind: 'connect'; readonly target: JoinTarget }
  | { readonly kind: 'request'; readonly nodeId: Uint8Array; readonly request: AdmissionRequest }
  | { readonly kind: 'admitted'; readonly nodeId: Uint8Array; readonly chain: Uint8Array }
  | { readonly kind: 'failed'; readonly code: RefusalCode | 'unreachable' | 'badAnswer' };
