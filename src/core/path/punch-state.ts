// What is known of the rounds of punching with one remote.
import type { SocketAddress } from '../base/ip.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { Probe, PunchOwn, PunchPlan, PunchSide } from './punch.ts';
import type { PunchReason } from './punch-types.ts';

/** Rounds that a remote may ask for, with repetitions: more than anybody needs who keeps to RETRY_MS. */
const ASKED_PER_SECOND = 0.2;
const ASKED_BURST = 10;

/**
 * rest: nothing is under way. sampling: this side looks which ports its NAT gives out. asking: the other side was asked. answering: it
 * asked, this side's NATs are being opened, and it will say when its own are. probing: they are.
 */
type Phase = 'rest' | 'sampling' | 'asking' | 'answering' | 'probing';

interface Awaited {
  readonly token: Uint8Array;
  readonly address: SocketAddress;
}

export interface PunchState {
  phase: Phase;
  /** Of the round under way: its asker's choice. */
  id: number;
  /** This side asked for it. */
  isOwn: boolean;
  asks: number;
  /** ms; when `phase` ends by itself; at rest: when this side may begin another round. */
  at: number;
  /** What the two sides said of themselves. */
  own: PunchOwn | undefined;
  remote: PunchSide | undefined;
  /** Of the plan or the opening under way, those that were not sent yet from `next` on; its begin, ms. */
  probes: readonly Probe[];
  next: number;
  beganAt: number;
  isPunched: boolean;
  kind: PunchPlan['kind'];
  /** A socket of the round that nobody was told of before, and where it is seen. */
  fresh: { readonly socket: number; address: SocketAddress | undefined } | undefined;
  /** Further sockets of this host that are open for it: the plan's first ones, and those over which a way leads. */
  sockets: number[];
  /** They are asked for. */
  isOpening: boolean;
  /** Ports would have been searched, had it not been another's turn. */
  isBusy: boolean;
  /** Whoever sent least lately is next. */
  turn: number;
  readonly awaited: Awaited[];
  /** Without success, in a row: which of RETRY_MS is next. */
  failures: number;
  rounds: number;
  sent: number;
  reason: PunchReason | undefined;
  readonly asked: TokenBucket;
}

export function newState(): PunchState {
  return {
    phase: 'rest',
    id: 0,
    isOwn: false,
    asks: 0,
    at: Number.NEGATIVE_INFINITY,
    own: undefined,
    remote: undefined,
    probes: [],
    next: 0,
    beganAt: 0,
    isPunched: true,
    kind: 'usual',
    fresh: undefined,
    sockets: [],
    isOpening: false,
    isBusy: false,
    turn: 0,
    awaited: [],
    failures: 0,
    rounds: 0,
    sent: 0,
    reason: undefined,
    asked: new TokenBucket(ASKED_PER_SECOND, ASKED_BURST),
  };
}
