import type { RefusalCode } from '../wire/types.ts';

/** A token at its issuing signer, as persisted. The secret itself is kept nowhere. */
export interface TokenRecord {
  /** SHA-256 of the verifier, 32 bytes: what a request names. */
  readonly tokenId: Uint8Array;
  /** K = SHA-256("mcc join token" || secret), 32 bytes. */
  readonly verifier: Uint8Array;
  /** Unix ms. */
  readonly expiresMs: number;
  /** Node IDs that may be admitted in all, 1 .. TOKEN_USES_MAX. */
  readonly uses: number;
  /** Admitted so far, at most `uses`; a retry of one of them costs nothing. */
  readonly admitted: readonly AdmittedNode[];
  /** Patterns of service names that go into the certificates; none: all. */
  readonly provides: readonly string[];
  /** Tags that go into the certificates. */
  readonly tags: readonly string[];
}

export interface AdmittedNode {
  readonly nodeId: Uint8Array;
  readonly name: string;
  /** Encoded chain that was issued. */
  readonly chain: Uint8Array;
}

/** Who asks to be admitted, as the session proves it. */
export interface Applicant {
  readonly nodeId: Uint8Array;
  readonly handshakeHash: Uint8Array;
}

/**
 * `admit`: `token` is to be persisted before the chain leaves (unchanged where `repeated`). `refuse`: nothing changed.
 */
export type AdmissionDecision =
  | {
      readonly kind: 'admit';
      readonly token: TokenRecord;
      readonly chain: Uint8Array;
      readonly name: string;
      readonly repeated: boolean;
    }
  | { readonly kind: 'refuse'; readonly code: RefusalCode };

/**
 * What the machine that renews is told. Times: seconds of Unix time. certificate: the own one, at the start and whenever it was renewed.
 * found: nodes that sign for the own organisation. established: a session with a node stands. refused: the signer that was asked will not,
 * or cannot be reached, or answered with what is no certificate. now: the user does not want to wait.
 */
export type RenewalInput =
  | { readonly kind: 'certificate'; readonly notBefore: number; readonly notAfter: number }
  | { readonly kind: 'wallClock'; readonly wallOffsetMs: number }
  | { readonly kind: 'found'; readonly signers: readonly Uint8Array[] }
  | { readonly kind: 'established' | 'refused'; readonly nodeId: Uint8Array }
  | { readonly kind: 'now' };

/** failed: no signer renewed it this time; it is tried again. */
export type RenewalEvent =
  | { readonly kind: 'find' }
  | { readonly kind: 'connect' | 'request'; readonly nodeId: Uint8Array }
  | { readonly kind: 'failed'; readonly failures: number };

export interface RenewalOutbox {
  emit(event: RenewalEvent): void;
}

/** What the joiner's machine is told. `signer` counts in the token's list. */
export type JoinInput =
  | { readonly kind: 'start' }
  /** A session with a signer stands; every time it gets new keys. */
  | { readonly kind: 'established'; readonly nodeId: Uint8Array; readonly handshakeHash: Uint8Array }
  /** The handshake with a signer failed for good. */
  | { readonly kind: 'unreachable'; readonly nodeId: Uint8Array }
  | { readonly kind: 'answer'; readonly nodeId: Uint8Array; readonly chain: Uint8Array }
  | { readonly kind: 'refusal'; readonly nodeId: Uint8Array; readonly code: RefusalCode };

export type JoinEvent =
  /** A session with this signer (place in the token's list) is wanted. */
  | { readonly kind: 'connect'; readonly signer: number }
  | {
      readonly kind: 'request';
      readonly nodeId: Uint8Array;
      readonly tokenId: Uint8Array;
      readonly proof: Uint8Array;
      readonly name: string;
    }
  /** The session with this signer needs new keys: it does not answer under those in use. */
  | { readonly kind: 'newKeys'; readonly nodeId: Uint8Array }
  /** The chain is verified and names this node: it is a member. */
  | { readonly kind: 'admitted'; readonly nodeId: Uint8Array; readonly chain: Uint8Array }
  | { readonly kind: 'failed'; readonly code: RefusalCode | 'unreachable' };

export interface JoinOutbox {
  emit(event: JoinEvent): void;
}
