// What a member's store of epochs is told and says. Times: ms, unless their names say otherwise.
import type { DropReason } from '../base/drop-reason.ts';
import type { Outbox } from '../base/outbox.ts';
import type { Rng } from '../base/rng.ts';
import type { ChainVerifier, OwnEpoch, VerifiedEpoch } from '../identity/identity.ts';
import type { Crypto, NetworkId, NodeId, OrganisationId } from '../identity/types.ts';
import type { EpochMessage } from '../wire/types.ts';
import type { Signer } from './admission.ts';
import type { KeptEpoch } from './types.ts';

export interface EpochWorld {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly networkId: NetworkId;
  readonly verifier: Pick<ChainVerifier, 'verifyOrganisation' | 'isSignerRevoked'>;
  readonly organisation: OrganisationId;
  /** undefined: this node makes none. */
  readonly signer: Signer | undefined;
  /** Unix seconds when a revocation was issued; undefined: none of that hash is here. */
  issuedOf(hash: Uint8Array): number | undefined;
}

/**
 * start: `isAlone`: no other member is known here. met: a session with a colleague stands. revoked: a statement that puts somebody out of the
 * own organisation is known since now; `isOwn`: made here. wanted: something cannot be found without a later epoch. found: what signers
 * published, verified. standing: whether this node is a member itself. unsaved: the disk refused what was to be kept.
 */
export type EpochInput =
  | { readonly kind: 'start'; readonly isAlone: boolean }
  | { readonly kind: 'met'; readonly peer: string }
  | { readonly kind: 'said'; readonly peer: string; readonly message: EpochMessage }
  | { readonly kind: 'revoked'; readonly hash: Uint8Array; readonly issued: number; readonly isOwn: boolean }
  | { readonly kind: 'wallClock'; readonly wallOffsetMs: number }
  | { readonly kind: 'wanted' }
  | {
      readonly kind: 'found';
      readonly found: readonly { readonly publisher: NodeId; readonly epoch: VerifiedEpoch }[];
    }
  | { readonly kind: 'standing'; readonly isMember: boolean }
  | { readonly kind: 'unsaved' };

export type EpochEvent =
  /** What may be read is something else: the current one first. */
  | { readonly kind: 'changed'; readonly own: readonly OwnEpoch[] }
  /** The current one was made here. */
  | { readonly kind: 'made'; readonly number: number }
  /** Signers of the organisation are to be looked up: answered by `found`. */
  | { readonly kind: 'find' }
  | { readonly kind: 'connect'; readonly nodeId: NodeId }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

export interface EpochSend {
  /** Key in maps. */
  readonly to: string;
  readonly message: EpochMessage;
}

export type EpochOutbox = Outbox<EpochSend, EpochEvent, readonly KeptEpoch[]>;
