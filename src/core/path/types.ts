import type { IpAddress, SocketAddress } from '../base/ip.ts';
import type { Budget, ToldBudget } from './told.ts';

export type { CalledChange, CalledHost } from './called-log.ts';
export type { PunchOwn, PunchSide, PunchTerms } from './punch.ts';
export type {
  PunchEvent,
  PunchInput,
  PunchMessage,
  PunchReason,
  PunchSend,
  PunchStatus,
} from './punch-types.ts';
export type { ReachProof } from './reachability.ts';
export type {
  RelayChoice,
  RelayDeskInput,
  RelayLimits,
  RelaySend,
  RelayTrialEvent,
  RelayTrialInput,
  RelayTrialSend,
  RelayUseEvent,
  RelayUseInput,
  RelayVerdict,
  TrialPeers,
  TrialWitness,
} from './relay-types.ts';

export type {
  StreamEvent,
  StreamInput,
  StreamSend,
  StreamTransport,
  StreamView,
  StreamWorld,
} from './stream-use.ts';

export type PathKind = 'direct' | 'punched' | 'relayed';

/**
 * Who told us of an address, the most trustworthy first: `circuit`: this node's own way through a relay; `stream`: a connection to the remote; `proven`: an authenticated datagram came from it;
 * `configured`: a token or the operator; `own`: the node itself, in its session or in a record that it signed; `punched`: as own, but NATs on the way have to be
 * opened, or it was seen to come from there; `record`: a third node.
 */
export type CandidateSource = 'circuit' | 'stream' | 'proven' | 'configured' | 'own' | 'punched' | 'record';

/** unproven: no test yet. testing: it is being tested. up: it answered, at data size too. dead: it did not answer. */
export type WayState = 'unproven' | 'testing' | 'up' | 'dead';

export interface Candidate {
  readonly address: SocketAddress;
  source: CandidateSource;
  /** ms; when a session last ran over it. -Infinity: never. */
  provenAt: number;
  /** NATs on the way were opened for it. */
  isPunched: boolean;
  state: WayState;
  /** ms of round trip: the shortest of its tests, from which it grows slowly. NaN: never measured. */
  rttMs: number;
  /** Of its tests lately, 0 .. 1, that had no answer. */
  lossShare: number;
  /** ms; when a test was last answered from there. */
  answeredAt: number;
  /** A test at data size was answered, both ways, since it was last dead. */
  isWide: boolean;
  /** Tests in a row that say that it is better than the path in use. */
  wins: number;
  /** Bytes of the outer IP packet found to pass; 0: never searched. */
  mtu: number;
  /** `mtu` is the largest that passes. */
  isMtuKnown: boolean;
}

/**
 * idle: nothing is tried; `current` is what worked last, if anything did. connecting: an initiation is under way without a path
 * that is known to work. up: a session runs over `current`. suspect: as up, but a sign of life is awaited.
 */
export type PathPhase = 'idle' | 'connecting' | 'up' | 'suspect';

/** What one remote's path machine is told. */
export type PathInput =
  | { readonly kind: 'candidate'; readonly address: SocketAddress; readonly source: CandidateSource }
  /** A circuit or a stream is closed, or its relay is gone. */
  | { readonly kind: 'candidateGone'; readonly address: SocketAddress }
  /** A test of a path came from there. `isFull`: at data size. `isPunched` false: no NAT had to be opened for it. */
  | {
      readonly kind: 'challenged';
      readonly address: SocketAddress;
      readonly isFull: boolean;
      readonly isPunched?: boolean;
    }
  /** A test was answered from there. */
  | { readonly kind: 'answered'; readonly address: SocketAddress; readonly token: Uint8Array }
  /** A datagram that was to open the way there was answered from there. `isPunched`: NATs on the way had to be opened. */
  | { readonly kind: 'opened'; readonly address: SocketAddress; readonly isPunched: boolean }
  /** Programs have packets for this remote again. */
  | { readonly kind: 'busy' }
  /** All ways are to be tested now, and again soon. */
  | { readonly kind: 'test' }
  /** The session has an initiation to send, or to send again: answered by `sendTo`. Budgets are named for purposes. */
  | { readonly kind: 'initiation'; readonly purpose: 'told' | 'wanted' | 'calls' }
  /** The session gave up an attempt. `hasKeys`: an older session still stands. */
  | { readonly kind: 'failed'; readonly hasKeys: boolean }
  /** A session was confirmed, and the remote received at this address what led to it. */
  | { readonly kind: 'established'; readonly address: SocketAddress }
  /** A session was confirmed by a datagram from this address, which anybody's may be. */
  | { readonly kind: 'confirmed'; readonly address: SocketAddress }
  /** The session is gone (expired, closed, evicted). */
  | { readonly kind: 'lost' }
  /** An authenticated datagram with the highest counter so far came from this address, which is not the path's. */
  | { readonly kind: 'roamed'; readonly address: SocketAddress }
  /** Checked while data flows: when the first datagram was sent that nothing came back for. */
  | { readonly kind: 'silence'; readonly sinceMs: number }
  /** Most of what was sent over the path in use of late did not arrive. */
  | { readonly kind: 'lossy' }
  /** Anything authenticated arrived while the machine waited for a sign of life. */
  | { readonly kind: 'heard' }
  /** Addresses of this host changed. `isRecent`: the remote had traffic within the last minute. */
  | { readonly kind: 'localChange'; readonly isRecent: boolean }
  /** Bytes of the largest outer IP packet on the way to the path's address. */
  | { readonly kind: 'routeMtu'; readonly mtu: number };

export type PathEvent =
  /** The initiation at hand goes to these addresses, the same bytes to each. */
  | { readonly kind: 'sendTo'; readonly addresses: readonly SocketAddress[] }
  /** Other addresses are to get the initiation under way too: ask the session for it. */
  | { readonly kind: 'repeat' }
  /** The remote does not answer: new keys, whatever the old ones are worth. */
  | { readonly kind: 'rekey' }
  /** From now on datagrams go here, each with at most `maxPlaintext` bytes of plaintext. */
  | {
      readonly kind: 'path';
      readonly address: SocketAddress;
      readonly maxPlaintext: number;
      readonly isNewAddress: boolean;
      /** No larger datagrams are being tried. */
      readonly isMtuKnown: boolean;
    }
  /** A test goes to this address: `bytes` of outer IP packet; 0: as short as can be. `isFull`: the answer is to be as long. */
  | {
      readonly kind: 'challenge';
      readonly address: SocketAddress;
      readonly token: Uint8Array;
      readonly bytes: number;
      readonly isFull: boolean;
    }
  /** Ask the remote for a sign of life over the current path. */
  | { readonly kind: 'probe' }
  /** An answer that nobody waited for. */
  | { readonly kind: 'unexpected' }
  /** An address was not taken up: no path may have it. */
  | { readonly kind: 'refused' };

/** What all paths of a node have in common. */
export interface PathRules {
  /** Whether datagrams may ever go there; false for the overlay's own addresses, over which a node would meet itself. */
  isOuter(address: SocketAddress): boolean;
  /** Whether an address is in a network of this host's own. */
  isNear(ip: IpAddress): boolean;
  /** For initiations to told addresses, at the wish of whoever names nodes: peers, the DHT, the link. */
  readonly told: ToldBudget;
  /** For those that programs and people of this host want, so that talk of nodes cannot keep them waiting. */
  readonly wanted: Budget;
  /** For calls to nodes that a remote asks for, and nobody else. */
  readonly calls: Budget;
  /** For tests of told addresses. */
  readonly tests: Budget;
  /** PATH_TOKEN_BYTES of randomness. */
  token(): Uint8Array;
}

/** What the node knows of a remote's traffic: told before every input. */
export interface PathTraffic {
  /** ms; the last packet of or for a program; -Infinity: never. */
  readonly usedAt: number;
  /** ms; the last authenticated datagram that came from the address in use; -Infinity: never. */
  readonly heardAt: number;
  /** ms; the last packet of a program that came from the address in use; -Infinity: never. */
  readonly dataAt: number;
  /** It is reached through relays: what it says of where it is on the Internet is of use only once a NAT is opened. */
  readonly needsPunch?: boolean;
}

export const NO_TRAFFIC: PathTraffic = {
  usedAt: Number.NEGATIVE_INFINITY,
  heardAt: Number.NEGATIVE_INFINITY,
  dataAt: Number.NEGATIVE_INFINITY,
};

export interface PathOutbox {
  emit(event: PathEvent): void;
}
