// What is known of the rounds of punching with one remote.
import type { SocketAddress } from '../base/ip.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import {
  isFiltered,
  isHard,
  isUnforeseen,
  needsOpening,
  type Probe,
  type PunchOwn,
  type PunchPlan,
  type PunchSide,
  type PunchTerms,
} from './punch.ts';
import type { PunchReason, PunchStatus } from './punch-types.ts';

/** Rounds that a remote may ask for, with repetitions: more than anybody needs who keeps to RETRY_MS. */
const ASKED_PER_SECOND = 0.2;
const ASKED_BURST = 10;
/**
 * What should have worked, and got no answer within so many round trips to the remote, over the relay, and so many ms, is tried again
 * at once, from a fresh port. Where many rounds are under way, machines are busy, and answers late.
 */
const HURRY_RTTS = 4;
const HURRY_MIN_MS = SECOND_MS;

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
  /** ms; when this side last spoke to the other, and how long that took to answer. */
  saidAt: number;
  rttMs: number;
  /** ms; when the round is given up for one from a fresh port. */
  hurryAt: number;
  /** A probe of the round was answered. */
  isAnswered: boolean;
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
    saidAt: 0,
    rttMs: 0,
    hurryAt: NEVER,
    isAnswered: false,
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

/**
 * Whether this side is to use a port that nobody knows: what others sent to the one that they know may have spoilt it. It matters where
 * ports are searched, since the other side has to know from which one, and where it was seen to happen; and is worth a try when the
 * usual did not work.
 */
export function needsFresh({ remote, failures }: PunchState, own: PunchOwn): boolean {
  if (isHard(own) || !isFiltered(own)) return false;
  if (failures % 2 === 1) return true;
  return remote === undefined
    ? own.isMoved
    : freshFor(own, remote) || (isUnforeseen(remote) && isFiltered(remote));
}

/** Of a node that is moved: ports of a hard remote are searched as usual. */
function freshFor(own: PunchOwn, remote: PunchSide): boolean {
  return own.isMoved && !isHard(remote) && isFiltered(remote);
}

/** What is sent from the fresh port. */
export function freshUse({ fresh, failures, own, remote }: PunchState): PunchTerms['fresh'] {
  if (fresh === undefined) return 'none';
  const isMoved = own !== undefined && remote !== undefined && freshFor(own, remote);
  return failures % 2 === 1 || isMoved ? 'all' : 'search';
}

/** A probe that may be answered at once has left: how long that is waited for. */
export function hurry(state: PunchState, now: number): void {
  const { own, remote, isOwn, failures, kind, rttMs, isAnswered } = state;
  if (own === undefined || remote === undefined) return;
  const isEasy = kind === 'usual' && !isHard(own) && !isHard(remote) && needsOpening(own, remote);
  const isFirst = isOwn && failures === 0 && !isAnswered;
  if (isEasy && isFirst) state.hurryAt = now + Math.max(HURRY_MIN_MS, HURRY_RTTS * rttMs);
}

export function statusOf(state: PunchState | undefined, now: number): PunchStatus {
  if (state === undefined) return { state: 'idle', reason: null, nextTryMs: null, rounds: 0, probes: 0 };
  const { rounds, sent: probes, reason = null } = state;
  const isResting = state.phase === 'rest';
  const nextTryMs = isResting ? Math.max(0, state.at - now) : null;
  return { state: isResting ? 'waiting' : 'trying', reason, nextTryMs, rounds, probes };
}
