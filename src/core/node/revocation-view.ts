// What the host is told of a statement.
import type { Revocation } from '../wire/types.ts';

/** A key that was taken back. IDs as text; times: seconds of Unix time. */
export interface RevocationView {
  readonly kind: Revocation['kind'];
  readonly target: string;
  /** Of a node: name or ID of the organisation that it was put out of; '': of all. */
  readonly organisation: string;
  /** Of a signer: what it signed from then on is void; 0: all. */
  readonly since: number;
  readonly issued: number;
  readonly reason: string;
  /** `roots`, or the signer's key. */
  readonly by: string;
  /** Hash of the statement. */
  readonly id: string;
}
