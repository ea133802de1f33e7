// What was revoked, as the API tells of it. See types.ts.

/** A key that was taken back, for good. */
export interface RevocationView {
  kind: 'node' | 'signer' | 'organisation';
  /** Node ID, signer's key or organisation ID. */
  target: string;
  /** Of a node: name or ID of the organisation that it was put out of; null: of all. */
  organisation: string | null;
  /** Of a signer: what it signed from then on is void; null: all. */
  since: string | null;
  revoked: string;
  reason: string;
  /** The signer's key, or `roots`. */
  by: string;
  /** Hash of the statement. */
  id: string;
}

export interface RevocationList {
  /** The newest first. */
  revocations: RevocationView[];
  nextCursor: null;
}

/** A node, which this node revokes as a signer of its organisation, or a statement that was signed elsewhere. */
export interface RevokeInput {
  /** Name or ID. */
  node?: string;
  reason?: string;
  /** An encoded SignedRevocation in base64url. */
  statement?: string;
  /** Although it is this node. */
  confirmed?: boolean;
}
