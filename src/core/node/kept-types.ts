// What a node leaves on disk of others, and of how it was reached.

import type { IpAddress, SocketAddress } from '../base/ip.ts';
import type { GuestPolicy, GuestRecord, MemberChange } from '../consortium/types.ts';

/** That others came unasked, and when this host had which addresses. ms are Unix ms; 0: never. */
export interface SavedReach {
  readonly globalAtMs: number;
  readonly localAtMs: number;
  readonly families: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Of this host's interfaces. */
  readonly addresses: readonly IpAddress[];
  readonly port: number;
}

/** A service of another organisation that has a name of its own on this node. */
export interface ImportRecord {
  readonly name: string;
  readonly service: string;
  /** ID, whatever the organisation is called. */
  readonly organisation: Uint8Array;
}

/** What must be on disk of imports. */
export type ImportChange = { readonly kind: 'import' | 'forgetImport'; readonly record: ImportRecord };

/** Another node that this one knows how to reach. At most KNOWN_NODES of them. */
export interface KnownNode {
  readonly nodeId: Uint8Array;
  /** Label of the node, certified by its organisation once `chain` is known; may be empty. */
  readonly name: string;
  /** Organisation ID (32 bytes), empty while unknown. */
  readonly organisation: Uint8Array;
  /** Encoded, verified chain; empty before the first handshake. */
  readonly chain: Uint8Array;
  /** At most CANDIDATES_MAX; the one that worked last stands first. */
  readonly addresses: readonly SocketAddress[];
  /** Unix ms of the last inside traffic; 0: never. Written at most every LAST_TRAFFIC_SAVE_MS. */
  readonly lastTrafficMs: number;
}

/** At a signer. `before`: what was kept of the same member, if anything. */
export type MemberPersist =
  | {
      readonly kind: 'memberChange';
      readonly change: MemberChange;
      readonly before: MemberChange | undefined;
    }
  | { readonly kind: 'forgetMemberChange'; readonly nodeId: Uint8Array };

export type GuestPersist =
  | { readonly kind: 'guestPolicy'; readonly policy: GuestPolicy }
  | { readonly kind: 'guest'; readonly guest: GuestRecord }
  | { readonly kind: 'forgetGuest'; readonly nodeId: Uint8Array };

/** `bytes`: a SignedRevocation. `isOwn`: made by this node's command. */
export type RevocationPersist =
  | {
      readonly kind: 'revocation';
      readonly hash: Uint8Array;
      readonly bytes: Uint8Array;
      readonly isOwn: boolean;
    }
  | { readonly kind: 'forgetRevocation'; readonly hash: Uint8Array };
