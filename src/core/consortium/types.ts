import type { OrganisationId } from '../identity/types.ts';
import type {
  AdmissionRequestMessage,
  GuestInvitation,
  GuestMessage,
  GuestRequestMessage,
  JoinToken,
  RefusalCode,
} from '../wire/types.ts';

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
  /** The member whose name the one node that is admitted gets, and whose key is revoked with that. */
  readonly replaces?: Replaced | undefined;
}

export interface Replaced {
  readonly nodeId: Uint8Array;
  readonly name: string;
}

export interface AdmittedNode {
  readonly nodeId: Uint8Array;
  readonly name: string;
  /** Encoded chain that was issued. */
  readonly chain: Uint8Array;
}

/** A token to be persisted. */
export interface TokenChange {
  readonly token: TokenRecord;
  /** Node that was admitted by it just now; undefined: the token is new. */
  readonly admits?: Uint8Array;
  /** What the token knew of that node before. */
  readonly replaced?: AdmittedNode;
}

/** What a certificate lets a member do. */
export interface MemberRights {
  /** At most TAGS_MAX. */
  readonly tags: readonly string[];
  /** Patterns of service names, at most PROVIDES_MAX; none: all. */
  readonly provides: readonly string[];
}

/** A member as its certificate shows it. */
export interface ShownMember extends MemberRights {
  readonly nodeId: Uint8Array;
  /** Seconds of Unix time. */
  readonly notBefore: number;
}

/** What a signer said of a member after it was admitted, as persisted. */
export interface MemberChange extends MemberRights {
  readonly nodeId: Uint8Array;
  /** Seconds of Unix time: certificates that were made before do not say it. */
  readonly changedS: number;
  /** The member was seen with a certificate that says it. */
  readonly isTaken: boolean;
}

/** Who asks to be admitted, as the session proves it. */
export interface Applicant {
  readonly nodeId: Uint8Array;
  /** Of the handshakes whose keys it may have said it under. */
  readonly handshakeHashes: readonly Uint8Array[];
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
      /** What the token knew of this node before: its certificate ended. */
      readonly replaced: AdmittedNode | undefined;
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

/** What a signer lets guests do, as persisted. Off until somebody opens it. */
export interface GuestPolicy {
  readonly isOpen: boolean;
  /** Of the proof of work while few come: it takes 2^difficulty hashes. DIFFICULTY_MIN .. DIFFICULTY_MAX. */
  readonly difficulty: number;
  /** Guests whose certificates are in force, at a time: 1 .. GUESTS_MAX. */
  readonly max: number;
}

/** A guest at the signer that admitted it, as persisted until its certificate has ended. */
export interface GuestRecord {
  readonly nodeId: Uint8Array;
  /** Encoded chain that was issued last. */
  readonly chain: Uint8Array;
  /** Unix ms at which it ends. */
  readonly expiresMs: number;
}

/** What a guest has to do at present. */
export type GuestTerms = Omit<Extract<GuestMessage, { kind: 'guestTerms' }>, 'kind'>;

/** `admit`: `guest` is to be persisted before the chain leaves (unchanged where `repeated`). `refuse`: no guest more. */
export type GuestDecision =
  | { readonly kind: 'admit'; readonly guest: GuestRecord; readonly repeated: boolean }
  | { readonly kind: 'refuse'; readonly code: RefusalCode };

/** An epoch of the own organisation, as persisted. */
export interface KeptEpoch {
  /** An encoded SignedEpoch. */
  readonly bytes: Uint8Array;
  /** Secret. */
  readonly secret: Uint8Array;
  /** Unix ms since when a later one is known here; 0: none is. */
  readonly supersededMs: number;
}

/** Of another organisation, as persisted: encoded SignedEpochs, the latest first; none: nothing is kept any more. */
export interface KeptForeignEpochs {
  readonly organisation: OrganisationId;
  readonly epochs: readonly Uint8Array[];
}

/** With what somebody asks its way in. `token.signers` are those that may be asked. */
export type JoinAsk =
  | { readonly kind: 'token'; readonly token: JoinToken; readonly name: string }
  | { readonly kind: 'guestTerms'; readonly token: GuestInvitation }
  | { readonly kind: 'guest'; readonly token: GuestInvitation; readonly request: GuestRequestMessage };

/** What the joiner's machine is told. `signer` counts in the token's list. */
export type JoinInput =
  | { readonly kind: 'start' }
  /** A session with a signer stands; every time it gets new keys. */
  | { readonly kind: 'established'; readonly nodeId: Uint8Array; readonly handshakeHash: Uint8Array }
  /** The handshake with a signer failed for good. */
  | { readonly kind: 'unreachable'; readonly nodeId: Uint8Array }
  | ({ readonly kind: 'terms'; readonly nodeId: Uint8Array } & GuestTerms)
  | { readonly kind: 'answer'; readonly nodeId: Uint8Array; readonly chain: Uint8Array }
  | { readonly kind: 'refusal'; readonly nodeId: Uint8Array; readonly code: RefusalCode };

export type JoinEvent =
  /** A session with this signer (place in the token's list) is wanted. */
  | { readonly kind: 'connect'; readonly signer: number }
  | {
      readonly kind: 'request';
      readonly nodeId: Uint8Array;
      readonly message: AdmissionRequestMessage | Exclude<GuestMessage, { kind: 'guestTerms' }>;
    }
  /** The session with this signer needs new keys: it does not answer under those in use. */
  | { readonly kind: 'newKeys'; readonly nodeId: Uint8Array }
  /** What the signer at this node asks of guests. */
  | ({ readonly kind: 'terms'; readonly nodeId: Uint8Array } & GuestTerms)
  /** The chain is verified and names this node: it is a member, or a guest. */
  | { readonly kind: 'admitted'; readonly nodeId: Uint8Array; readonly chain: Uint8Array }
  | { readonly kind: 'failed'; readonly code: RefusalCode | 'unreachable' };

export interface JoinOutbox {
  emit(event: JoinEvent): void;
}
