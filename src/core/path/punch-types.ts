// What rounds of punching are told, what they want, and what is known of them. Remotes are named by their slot.
import type { SocketAddress } from '../base/ip.ts';
import type { ReachMessage } from '../wire/types.ts';

export type PunchMessage = Extract<ReachMessage, { kind: 'punch' }>;

export type PunchInput =
  /** A program uses the remote, and its datagrams go through a relay. To be said again and again while that is so. */
  | { readonly kind: 'wanted'; readonly slot: number }
  /** `isLarger`: this node's ID is the larger of the two. */
  | {
      readonly kind: 'message';
      readonly slot: number;
      readonly message: PunchMessage;
      readonly isLarger: boolean;
    }
  /** An answer to a test of a path came from there. */
  | {
      readonly kind: 'answered';
      readonly slot: number;
      readonly token: Uint8Array;
      readonly address: SocketAddress;
    }
  /** Its datagrams go through no relay any more. */
  | { readonly kind: 'direct'; readonly slot: number }
  /** Further sockets that were asked for: as many as there were, and being opened. */
  | { readonly kind: 'sockets'; readonly slot: number; readonly numbers: readonly number[] }
  /** Where a member saw that socket of a round; undefined: nobody could be asked. */
  | {
      readonly kind: 'observed';
      readonly slot: number;
      readonly socket: number;
      readonly address: SocketAddress | undefined;
    }
  /** What could be found out of this side's NAT is known now. */
  | { readonly kind: 'sampled' }
  /** It could not be opened. */
  | { readonly kind: 'socketFailed'; readonly number: number }
  /** This host's networks, or what is known of their NATs, changed. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone'; readonly slot: number };

export type PunchSend =
  | { readonly kind: 'say'; readonly slot: number; readonly message: PunchMessage }
  /** A challenge of a path to this address. `ttl` undefined: as usual. */
  | {
      readonly kind: 'probe';
      readonly slot: number;
      readonly address: SocketAddress;
      readonly token: Uint8Array;
      readonly ttl: number | undefined;
    }
  /** Answered by 'sampled', in time or never. */
  | { readonly kind: 'sample'; readonly slot: number }
  /** Answered by 'sockets'. */
  | { readonly kind: 'open'; readonly slot: number; readonly count: number }
  /** Answered by 'observed', in time or never. */
  | { readonly kind: 'observe'; readonly slot: number; readonly socket: number }
  | { readonly kind: 'close'; readonly number: number };

export type PunchEvent =
  /** A probe was answered from there. */
  | {
      readonly kind: 'opened';
      readonly slot: number;
      readonly address: SocketAddress;
      readonly isPunched: boolean;
    }
  /** The answer was to no probe of these rounds. */
  | { readonly kind: 'foreign' }
  /** What a remote did wrong. */
  | { readonly kind: 'drop'; readonly reason: 'punchUnexpected' | 'punchRateLimited' | 'punchAddress' };

/**
 * Why the last round opened no way. noAnswer: the remote did not answer the question to begin. noAddress: it named none that may be
 * tried. notOpened: nothing came through. bothHard: the NATs of both sides give another port to each remote, and nobody knows which.
 */
export type PunchReason = 'noAnswer' | 'noAddress' | 'notOpened' | 'bothHard';

export interface PunchStatus {
  /** idle: never tried. trying: a round is under way. waiting: for the next one, if the remote is in use then. */
  readonly state: 'idle' | 'trying' | 'waiting';
  /** Of the last round; null: none ended, or a way was found. */
  readonly reason: PunchReason | null;
  /** ms from now on; null: a round is under way, or none is planned. */
  readonly nextTryMs: number | null;
  /** Since the remote has its place. */
  readonly rounds: number;
  readonly probes: number;
}
