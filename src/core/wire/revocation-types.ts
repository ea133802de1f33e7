// What two nodes tell each other of revocations (proto/revocation.proto), as plain values.

export type RevocationMessage =
  /** REVOCATION_HEAD_BYTES, or empty: the sender has no statement. */
  | { readonly kind: 'revocationHead'; readonly digest: Uint8Array }
  | RevocationQuery
  | RevocationAnswer
  /** Encoded SignedRevocations, not verified. At most REVOCATIONS_MAX. */
  | { readonly kind: 'revocations'; readonly statements: readonly Uint8Array[] };

/** Hashes from `lower` (empty: the first) up to and without `upper` (empty: the last and all). */
export interface HashRange {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
}

export interface RevocationQuery extends HashRange {
  readonly kind: 'revocationQuery';
  /** Of what the asker has within the range; empty: nothing. */
  readonly digest: Uint8Array;
  /** Hashes, at most REVOCATION_HASHES_MAX. */
  readonly wanted: readonly Uint8Array[];
}

export interface RevocationAnswer extends HashRange {
  readonly kind: 'revocationAnswer';
  /** At most REVOCATION_HASHES_MAX. */
  readonly hashes: readonly Uint8Array[];
  /** At most REVOCATION_PARTS_MAX. */
  readonly parts: readonly { readonly upper: Uint8Array; readonly digest: Uint8Array }[];
}
