// Epochs of organisations and the pseudonyms of their members (proto/certificate.proto). Times: seconds of Unix time.
import type { Chain, Extension } from './types.ts';

export interface Epoch {
  readonly organisation: Uint8Array;
  /** The Level-0 signer. */
  readonly signer: Uint8Array;
  /** Rises with every epoch of the organisation. */
  readonly number: number;
  readonly created: number;
  /** Ed25519. */
  readonly vouchingKey: Uint8Array;
  /** X25519. */
  readonly meetingKey: Uint8Array;
  /** SHA-256 of the Revocation that made it necessary; empty: none did. */
  readonly cause: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** As signed, with what proves the right to it. */
export interface SignedEpoch {
  readonly organisation: Chain['organisation'];
  /** An encoded Epoch. */
  readonly epoch: Uint8Array;
  readonly signature: Uint8Array;
}

/** A key under which some member publishes sealed records. */
export interface Pseudonym {
  readonly key: Uint8Array;
  readonly notAfter: number;
}

/** From the roots down to a pseudonym. */
export interface PseudonymChain {
  readonly organisation: Chain['organisation'];
  readonly pseudonym: {
    /** An encoded Epoch. */
    readonly epoch: Uint8Array;
    readonly epochSignature: Uint8Array;
    /** An encoded Pseudonym. */
    readonly pseudonym: Uint8Array;
    /** By the epoch's vouching key. */
    readonly signature: Uint8Array;
  };
}
