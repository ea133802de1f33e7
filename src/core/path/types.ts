import type { SocketAddress } from '../base/ip.ts';

export type PathKind = 'direct' | 'punched' | 'relayed';

/**
 * Who told us of an address, the most trustworthy first: `proven`: an authenticated datagram came from it;
 * `configured`: a token or the operator; `record`: a third node.
 */
export type CandidateSource = 'proven' | 'configured' | 'record';

export interface Candidate {
  readonly address: SocketAddress;
  source: CandidateSource;
  /** ms; when a session last ran over it. -Infinity: never. */
  provenAt: number;
}

/** What one remote's path machine is told. */
export type PathInput =
  | { readonly kind: 'candidate'; readonly address: SocketAddress; readonly source: CandidateSource }
  /** Data waits, a ping or a join was asked for: a session is wanted. Idempotent; wanted for WANTED_MS from now. */
  | { readonly kind: 'connect' }
  /** A session was confirmed over this address. */
  | { readonly kind: 'established'; readonly address: SocketAddress }
  /** The session is gone (refused, expired, closed). */
  | { readonly kind: 'lost' }
  /** An authenticated datagram with the highest counter so far came from this address, which is not the path's. */
  | { readonly kind: 'roamed'; readonly address: SocketAddress }
  /** Checked while data flows: when the first datagram was sent that nothing came back for. */
  | { readonly kind: 'silence'; readonly sinceMs: number }
  /** Anything authenticated arrived while the machine waited for a sign of life. */
  | { readonly kind: 'heard' }
  /** Addresses of this host changed. `isRecent`: the remote had traffic within RECENT_MS. */
  | { readonly kind: 'localChange'; readonly isRecent: boolean }
  /** Bytes of the largest outer IP packet on the way to the path's address. */
  | { readonly kind: 'routeMtu'; readonly mtu: number };

export type PathEvent =
  /**
   * Send a handshake initiation to these addresses, the same bytes to each. Not fresh: the one that is under way, to
   * addresses that did not get it yet.
   */
  | { readonly kind: 'initiate'; readonly addresses: readonly SocketAddress[]; readonly isFresh: boolean }
  /** From now on datagrams go here, each with at most `maxPlaintext` bytes of plaintext. */
  | {
      readonly kind: 'path';
      readonly address: SocketAddress;
      readonly maxPlaintext: number;
      readonly isNewAddress: boolean;
    }
  /** Ask the remote for a sign of life over the current path. */
  | { readonly kind: 'probe' }
  /** Nobody answered while a session was wanted; nothing more is tried before the next `connect`. */
  | { readonly kind: 'unreachable'; readonly rounds: number };

export interface PathOutbox {
  emit(event: PathEvent): void;
}
