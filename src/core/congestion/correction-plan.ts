// How much error correction a path gets: parity datagrams by which lost ones are made up for without waiting for a resend.
//
// Where the path has room, it costs nothing, and there is as much as leaves hardly anything lost: a young stream takes the wait for a resend for
// a queue, HyStart ends its slow start at a few datagrams, and from there cubic takes ten seconds (measured at 50 Mbit/s, 50 ms, 1 %: 26 Mbit/s
// with resends alone, 41 with this).
//
// Where the path is full, it costs its share of the path, and is for where resends come too late (long round trips) or are lost themselves too
// often. Of a group of k data and r parity datagrams any r may be lost. Losses come one by one, or in runs of b on average; then the number N
// lost of n = k + r is a sum of geometric runs (Polya and Aeppli's distribution, Poisson's for b = 1) with n p lost on average, and the share
// f = E[N; N > r] / n stays lost. What is sent again is in groups as well, so with m resends in time the share f^(1 + m) never comes. An unmodified
// cubic stream has a window of 1.054 (T / s)^(3/4) datagrams where the share s never comes, T its round trip in seconds (RFC 9438 section 5.1), or,
// where it behaves as Reno does, 1.22 / sqrt(s). What waits for a resend makes T up to twice the path's: with W datagrams per round trip of the
// path, as often as 1 - exp(-f W). Of all k and r those are taken by which such a stream gets most: min(k / (k + r), its window / what T takes);
// where hardly any parity does as well, there is hardly any.

import { PARITY_MOST } from '../base/batch-layout.generated.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { RESENDS_MAX } from './repair-log.ts';

/** Share of losses from which on there is anything to correct. */
const LEAST = 0.001;
const LEAST_OFF = 0.0005;
/** Part of a round trip, and ms, that a group takes to fill: so much later does its first datagram come, if it was lost. */
const FILL_RTTS = 0.3;
const FILL_MAX_MS = 130;
const FILL_MIN_MS = 10;
/** The same where nothing more waits to be sent: HyStart takes an eighth of a round trip, 4 to 16 ms, for a queue (RFC 9406). */
const PAUSE_RTTS = 0.1;
const PAUSE_MAX_MS = 16;
const PAUSE_MIN_MS = 3;
/** Part of the losses that may stay where parity costs nothing, since the path is not full. */
const IDLE_LEFT = 1 / 30;
/** Parities for each datagram there, at most: so many, or so many times the share that is lost, ... */
const IDLE_MOST = 0.2;
const IDLE_MOST_SHARES = 2.5;
/** ... and so many times that share more: few datagrams need a larger part. */
const IDLE_MORE_SHARES = 10;
/** Datagrams of a group. */
const DATA_MIN = 4;
export const DATA_MAX = 100;
const DATA_STEP = 6;
/** What a stream's window varies above what is needed on average. */
const MARGIN = 1.25;
/** What a stream that waits for resends all the time is worth less. */
const STALLED_COST = 0.02;
/** Gain below which what there is stays as it is. */
const BETTER = 1.03;
const MOST_SPARE = 2;
/** While nothing is known: groups of so many datagrams, for bursts of at least so many; two parities from so many on. */
const FIRST_DATA = 100;
const FIRST_LEAST = 2;
const FIRST_TWO = 12;
/** RFC 9438 section 5.1, with its beta and C; Reno's. */
const CUBIC = 1.054;
const RENO = 1.22;
/** ms: the inner stream's shortest time of retransmission beyond a round trip, of which so much may pass. */
const RTO_MIN_MS = 200;
const RTO_SHARE = 0.8;
const HOLD_RTTS = 4;

export interface PathFacts {
  /** The shortest. */
  readonly rttMs: number;
  /** Share of datagrams that are lost at any rate, as LossRule learns it, or CalmLosses before: losses by congestion are none that parity could mend. */
  readonly lossShare: number;
  /** Datagrams per second that the path carries. */
  readonly rate: number;
  /** Datagrams that are lost together, on average; at least 1. */
  readonly burst: number;
}

export interface CorrectionPlan {
  /** Data datagrams of a full group. */
  readonly data: number;
  /** Parities of a full group. */
  readonly parities: number;
  /** Parities of any group at most, at least as many; 0: no error correction. */
  readonly most: number;
  /**
   * ms after its first datagram at which a group gets its parity, full or not (NEVER: when it is full); the other where nothing more waits
   * to be sent.
   */
  readonly waitMs: number;
  readonly pauseMs: number;
  /** Of the path, as PathFacts has it. */
  readonly lossShare: number;
  readonly burst: number;
}

type Groups = Pick<CorrectionPlan, 'data' | 'parities' | 'waitMs'>;

/** Where resends do it. */
const HARDLY_ANY: Groups = { data: DATA_MAX, parities: 1, waitMs: NEVER };

export const NO_CORRECTION: CorrectionPlan = {
  data: 0,
  parities: 0,
  most: 0,
  waitMs: 0,
  pauseMs: 0,
  lossShare: 0,
  burst: 1,
};

/** How long what waits for its order may be held by the receiver. */
export function holdMs(rttMs: number): number {
  return Math.min(HOLD_RTTS * rttMs, RTO_SHARE * (rttMs + RTO_MIN_MS));
}

/** Resends that arrive in time, one after the other; none above half a second. */
export function resendsInTime(rttMs: number): number {
  if (rttMs <= 0) return 0;
  // A loss is noticed when it was overtaken for an eighth of a round trip, and acknowledgements wait a little.
  return Math.min(RESENDS_MAX, Math.floor(holdMs(rttMs) / (rttMs + Math.max(rttMs / 8, 10))));
}

/** Share of a group's datagrams that stays lost: E[N; N > parities] / n. */
export function residualShare(datagrams: number, parities: number, lossShare: number, burst: number): number {
  const mean = datagrams * lossShare;
  if (mean === 0) return 0;
  if (burst <= 1) return binomialTail(datagrams, parities, lossShare);
  const again = 1 - 1 / burst;
  const runs = mean / burst;
  // x p(x) = (runs (1 - again) + 2 again (x - 1)) p(x - 1) - again^2 (x - 2) p(x - 2)
  let before = 0;
  let now = Math.exp(-runs);
  let within = 0;
  for (let x = 1; x <= parities; x++) {
    const next = ((runs * (1 - again) + 2 * again * (x - 1)) * now - again ** 2 * (x - 2) * before) / x;
    before = now;
    now = next;
    within += x * now;
  }
  return Math.max(0, mean - within) / datagrams;
}

function binomialTail(datagrams: number, parities: number, lossShare: number): number {
  let now = (1 - lossShare) ** datagrams;
  let within = 0;
  for (let x = 1; x <= Math.min(parities, datagrams); x++) {
    now *= ((datagrams - x + 1) * lossShare) / (x * (1 - lossShare));
    within += x * now;
  }
  return Math.max(0, datagrams * lossShare - within) / datagrams;
}

/**
 * Share of the path's rate that one unmodified cubic stream gets with that much correction (0 parities: with none), a little less where it
 * waits for resends.
 */
export function streamShare(facts: PathFacts, data: number, parities: number): number {
  const { rttMs, lossShare, rate, burst } = facts;
  const uncorrected = residualShare(data + parities, parities, lossShare, burst);
  const resends = resendsInTime(rttMs);
  const left = uncorrected ** (1 + resends);
  const perRtt = (rate * rttMs) / SECOND_MS;
  const stalled = resends === 0 ? 0 : 1 - Math.exp(-uncorrected * perRtt);
  const seconds = (rttMs / SECOND_MS) * (1 + stalled);
  const window = Math.max(CUBIC * (seconds / left) ** 0.75, RENO / Math.sqrt(left));
  const filled = left === 0 ? 1 : window / (MARGIN * Math.max(rate * seconds, 1));
  return Math.min(data / (data + parities), filled) * (1 - STALLED_COST * stalled);
}

function waitMs(rttMs: number): number {
  return Math.min(FILL_MAX_MS, Math.max(FILL_MIN_MS, rttMs * FILL_RTTS));
}

function pauseMs(rttMs: number): number {
  return Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, rttMs * PAUSE_RTTS));
}

/**
 * While nothing is known of what a path loses: a stream's slow start is over before that is learnt, and one loss may end it, or the wait until it is
 * sent again. It is for bursts alone: what comes one by one gets no parity. The first round trips of a stream are bursts of two, since there is an
 * acknowledgement for two, or since the host paces them.
 */
export function firstPlan(rttMs: number): CorrectionPlan {
  const times = { waitMs: waitMs(rttMs), pauseMs: pauseMs(rttMs) };
  return { ...NO_CORRECTION, data: FIRST_DATA, parities: 1, most: 2, ...times };
}

/** Whether so many datagrams in a row are to get their parity before there are more. */
export function isBurst(datagrams: number, { lossShare }: CorrectionPlan): boolean {
  return lossShare > 0 || datagrams >= FIRST_LEAST;
}

/** Parities of a group of so many datagrams that is all there is to be sent, so that the path has room for more than its plan allows. */
export function idleParities(datagrams: number, plan: CorrectionPlan): number {
  const { data, parities, most, lossShare, burst } = plan;
  if (lossShare === 0) return Math.min(most, datagrams >= FIRST_TWO ? 2 : 1);
  const least = Math.max(1, Math.ceil((parities * datagrams) / data));
  const part = Math.max(IDLE_MOST, IDLE_MOST_SHARES * lossShare);
  const bound = Math.min(most, Math.floor(datagrams * part) + Math.round(IDLE_MORE_SHARES * lossShare));
  let count = Math.min(least, most);
  while (count < bound && residualShare(datagrams + count, count, lossShare, burst) > IDLE_LEFT * lossShare)
    count++;
  return count;
}

/** What the path gets; `current`: what it has, which stays where another is hardly better. */
export function planFor(facts: PathFacts, current: CorrectionPlan): CorrectionPlan {
  const isOn = current.lossShare > 0;
  const { rttMs, lossShare, rate, burst } = facts;
  if (rttMs <= 0 || rate <= 0 || lossShare < (isOn ? LEAST_OFF : LEAST)) return NO_CORRECTION;
  const { data, parities, waitMs } = groupsFor(facts, isOn ? current : HARDLY_ANY);
  const plan = { data, parities, waitMs, pauseMs: pauseMs(rttMs), most: PARITY_MOST, lossShare, burst };
  // What the port was told of stays while that is enough.
  const most = Math.max(parities, idleParities(data, plan));
  return { ...plan, most: current.most >= most && current.most <= MOST_SPARE * most ? current.most : most };
}

/** The groups of a path that is full. */
function groupsFor(facts: PathFacts, current: Groups): Groups {
  const { rttMs, rate } = facts;
  const wait = waitMs(rttMs);
  const most = Math.min(DATA_MAX, Math.max(DATA_MIN, Math.floor((rate * wait) / SECOND_MS)));
  const without = streamShare(facts, 1, 0);
  let best = HARDLY_ANY;
  let gets = without;
  for (let data = most; data >= DATA_MIN; data -= DATA_STEP) {
    // More than as many parities as data is more than sending all twice.
    for (let parities = 1; parities <= Math.min(PARITY_MOST, data); parities++) {
      if (data / (data + parities) <= gets) break;
      const share = streamShare(facts, data, parities);
      if (share <= gets) continue;
      gets = share;
      best = { data, parities, waitMs: wait };
    }
  }
  const isHardly = current.waitMs === NEVER;
  const now = isHardly ? without : streamShare(facts, current.data, current.parities);
  const fits = isHardly || current.data <= 1.5 * most;
  return fits && gets < now * BETTER ? current : best;
}
