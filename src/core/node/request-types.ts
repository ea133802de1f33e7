// What the host asks of a node, and what it gets.
import type { SocketAddress } from '../base/ip.ts';
import type { GuestTerms } from '../consortium/types.ts';

export interface InviteRequest {
  readonly uses: number;
  /** Unix ms. */
  readonly expiresMs: number;
  /** Where joiners find this signer; empty: the advertised, else the local addresses. */
  readonly addresses: readonly SocketAddress[];
  /** Patterns of service names that joiners may provide; empty: all. */
  readonly provides: readonly string[];
  /** Go into the joiners' certificates, as what services of the own organisation may ask for. */
  readonly tags?: readonly string[];
  /** Whoever is admitted gets the name of this node, and its rights where no others are named; this one's key is revoked with that. */
  readonly replaces?: Uint8Array | undefined;
}

export interface JoinRequest {
  /** As `mcc invite` printed it. */
  readonly token: string;
  readonly name: string;
  /** Instead of a token's secret; the name is not told then. `question`: what is there to be done? */
  readonly guest?: 'question' | (GuestTerms & { readonly nodeId: Uint8Array; readonly solution: Uint8Array });
  /** What the host found for the token's DNS names; tried like the token's own addresses. */
  readonly resolved?: readonly {
    readonly nodeId: Uint8Array;
    readonly addresses: readonly SocketAddress[];
  }[];
}

/** Automatic admission at this signer. */
export interface GuestsView {
  readonly isOpen: boolean;
  /** Of the proof of work while few come, and now. */
  readonly difficulty: number;
  readonly currentDifficulty: number;
  readonly max: number;
  /** Admitted here, and their certificates are in force. */
  readonly guests: number;
}

/** What `find` knows of a target. */
export interface FoundNode {
  readonly nodeId: Uint8Array;
  readonly name: string;
  readonly addresses: { readonly ipv4: string; readonly ipv6: string };
}

export interface InviteResult {
  readonly token: string;
  readonly tokenId: Uint8Array;
  readonly addresses: readonly SocketAddress[];
}
