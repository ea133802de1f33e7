// How much error correction a path gets: parity datagrams by which lost ones are made up for without waiting for a resend. It costs its share of
// the path's rate always, so it is for where resends come too late (long round trips) or are lost themselves too often.
//
// The rule. Of a group of k data and r parity datagrams any r may be lost. Losses come one by one, or in runs of b on average; then the number N
// lost of n = k + r is a sum of geometric runs (Polya and Aeppli's distribution, Poisson's for b = 1) with n p lost on average, and the share
// E[N; N > r] / n stays lost. What is sent again is in groups as well, so with m resends in time the share f^(1 + m) never comes. An unmodified
// cubic stream has a window of 1.054 (T / s)^(3/4) datagrams where the share s never comes, T its round trip in seconds (RFC 9438 section 5.1), or,
// where it behaves as Reno does, 1.22 / sqrt(s). What waits for a resend makes T up to twice the path's: with W datagrams per round trip of the
// path, as often as 1 - exp(-f W). Of all k and r those are taken by which such a stream gets most: min(k / (k + r), its window / what T takes).
// None, where parity gains too little.

import { PARITY_MOST, PARITY_SPAN } from '../base/batch-layout.generated.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { RESENDS_MAX } from './repair-log.ts';

/** ms from which on resends are too late for the inner stream; below the other, they are in time again. */
const LONG_RTT_MS = 120;
const LONG_RTT_OFF_MS = 100;
/** Share of losses from which on resends are lost too often as well. */
const HEAVY = 0.05;
const HEAVY_OFF = 0.04;
/** Share of losses from which on there is anything to correct. */
const LEAST = 0.001;
const LEAST_OFF = 0.0005;
/** Part of a round trip, and ms, that a group takes to fill: so much later does its first datagram come, if it was lost. */
const FILL_RTTS = 0.25;
const FILL_MAX_MS = 130;
const FILL_MIN_MS = 10;
/** Datagrams of a group. */
const DATA_MIN = 4;
export const DATA_MAX = 112;
const DATA_STEP = 6;
/** A group that has fewer counters left is closed: what comes next may well not fit. */
const SPAN_SPARE = 8;
/** What a stream's window varies above what is needed on average. */
const MARGIN = 1.25;
/** What a stream that waits for resends all the time is worth less. */
const STALLED_COST = 0.1;
/** Gain below which there is no correction, and below which what there is stays as it is. */
const WORTH = 1.05;
const BETTER = 1.03;
/** RFC 9438 section 5.1, with its beta and C; Reno's. */
const CUBIC = 1.054;
const RENO = 1.22;
/** ms: the inner stream's shortest time of retransmission beyond a round trip, of which so much may pass. */
const RTO_MIN_MS = 200;
const RTO_SHARE = 0.8;
const HOLD_RTTS = 4;
/** Groups whose losses are watched, and how many with losses tell whether it helps. */
const WATCHED = 64;
const TELLING = 24;
/** Part of the groups with losses that must have been mended for it to be worth going on, and ms of rest else. */
const MENDED_LEAST = 0.25;
const REST_MS = 30_000;
/** ms between plans. */
const PLAN_EVERY_MS = 500;
/** Weight of one run of losses among those before. */
const RUN_WEIGHT = 1 / 16;
/** Longer ones are outages, which no parity mends and which say nothing of other losses. */
const RUN_MAX = 2 * PARITY_MOST;

export interface PathFacts {
  /** Smoothed. */
  readonly rttMs: number;
  /** Share of datagrams that are lost at any rate, as LossRule learns it: losses by congestion are none that parity could mend. */
  readonly lossShare: number;
  /** Datagrams per second that the path carries. */
  readonly rate: number;
  /** Datagrams that are lost together, on average; at least 1. */
  readonly burst: number;
}

export interface CorrectionPlan {
  /** Data datagrams of a full group. */
  readonly data: number;
  /** Parities of a full group; 0: no error correction. */
  readonly parities: number;
  /** ms after its first datagram at which a group gets its parity, full or not. */
  readonly waitMs: number;
}

export const NO_CORRECTION: CorrectionPlan = { data: 0, parities: 0, waitMs: 0 };

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

/** What the path gets; `current`: what it has, which stays where another is hardly better. */
export function planFor(facts: PathFacts, current: CorrectionPlan): CorrectionPlan {
  const isOn = current.parities > 0;
  const { rttMs, lossShare, rate } = facts;
  if (rttMs <= 0 || rate <= 0 || lossShare < (isOn ? LEAST_OFF : LEAST)) return NO_CORRECTION;
  const isLong = rttMs >= (isOn ? LONG_RTT_OFF_MS : LONG_RTT_MS);
  const isHeavy = lossShare >= (isOn ? HEAVY_OFF : HEAVY);
  if (!isLong && !isHeavy) return NO_CORRECTION;
  const without = streamShare(facts, 1, 0);
  const wait = waitMs(rttMs);
  const most = Math.min(DATA_MAX, Math.max(DATA_MIN, Math.floor((rate * wait) / SECOND_MS)));
  let best = NO_CORRECTION;
  let gets = isOn ? without : without * WORTH;
  const hasRoom = isOn && current.data <= 1.5 * most;
  const now = hasRoom ? streamShare(facts, current.data, current.parities) : 0;
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
  return hasRoom && now > without && gets < now * BETTER ? current : best;
}

interface Group {
  /** Sequences. */
  first: number;
  end: number;
  parities: number;
  lost: number;
}

/** One path's: the plan, the group under way, and whether it helps. Sequences are Delivery's, of one key after the other. */
export class Correction {
  plan: CorrectionPlan = NO_CORRECTION;
  /** ms: onTimer() is due then. */
  wakeAt = NEVER;
  /** Groups with losses: all that was lost could be recovered, or not. */
  readonly tally = { mended: 0, unmended: 0 };
  private readonly groups: Group[] = [];
  private nextGroup = 0;
  /** Data datagrams of the group under way, and the sequence of its first. */
  private filled = 0;
  private first = 0;
  /** Counters from its first to its last datagram. */
  private span = 0;
  /** Datagrams lost together, on average; the run under way. */
  private run = 1;
  private runLength = 0;
  private lastLost = -1;
  /** Of late, as in `tally`. */
  private recentMended = 0;
  private recent = 0;
  private restUntil = Number.NEGATIVE_INFINITY;
  private planAt = Number.NEGATIVE_INFINITY;

  /** Mean length of the runs of losses, beyond what falls together by chance. */
  burst(lossShare: number): number {
    return Math.max(1, this.run * (1 - lossShare));
  }

  /** What is known of the path; to be told as often as convenient. Whether the plan changed: the port is to be told of it. */
  update(facts: Omit<PathFacts, 'burst'>, now: number): boolean {
    const { plan } = this;
    if (now < this.planAt) return false;
    this.planAt = now + PLAN_EVERY_MS;
    this.plan =
      now < this.restUntil ? NO_CORRECTION : planFor({ ...facts, burst: this.burst(facts.lossShare) }, plan);
    if (this.plan === plan) return false;
    if (this.plan.parities === 0 || this.plan.parities !== plan.parities) this.restart();
    return true;
  }

  /** Data datagrams until the group under way is full; a range that ends there is best. */
  get room(): number {
    if (this.plan.parities === 0) return NEVER;
    return Math.max(1, Math.min(this.plan.data - this.filled, PARITY_SPAN - this.span));
  }

  /** So many data datagrams are sealed, `sequence` the first. Parities to be sent behind them, whose sequences follow theirs. */
  sent(sequence: number, datagrams: number, now: number): number {
    const { plan } = this;
    if (plan.parities === 0) return 0;
    if (this.filled === 0) {
      this.first = sequence;
      this.wakeAt = now + plan.waitMs;
    }
    this.filled += datagrams;
    this.span = sequence + datagrams - this.first;
    // Acknowledgements and messages take counters of the group as well.
    const isFull = this.filled >= plan.data || this.span > PARITY_SPAN - SPAN_SPARE;
    return isFull ? this.close(sequence + datagrams, now) : 0;
  }

  /** The group has waited long enough. Parities to be sent now, from `sequence` on. */
  onTimer(sequence: number, now: number): number {
    return now < this.wakeAt || this.filled === 0 ? 0 : this.close(sequence, now);
  }

  /** What was in the group under way is in none: keys or path changed, or the port was told of another number of parities. */
  restart(): void {
    this.filled = 0;
    this.span = 0;
    this.wakeAt = NEVER;
  }

  /** Taken for lost, data or parity; rising within an acknowledgement. */
  onLost(sequence: number): void {
    if (sequence === this.lastLost + 1) {
      this.runLength++;
    } else {
      if (this.runLength > 0 && this.runLength <= RUN_MAX)
        this.run += (this.runLength - this.run) * RUN_WEIGHT;
      this.runLength = 1;
    }
    this.lastLost = sequence;
    const group = this.groups.find((each) => sequence >= each.first && sequence < each.end);
    if (group !== undefined) group.lost++;
  }

  /** Whether what was lost of so many datagrams from this sequence on could be recovered, as far as is known: all of its group that is lost is no more than its parities. */
  isMended(sequence: number, datagrams = 1): boolean {
    for (let each = sequence; each < sequence + datagrams; ) {
      const group = this.groups.find(({ first, end }) => each >= first && each < end);
      if (group === undefined || group.lost > group.parities) return false;
      each = group.end;
    }
    return true;
  }

  private close(end: number, now: number): number {
    const { plan, filled } = this;
    const parities = Math.min(plan.parities, Math.ceil((plan.parities * filled) / plan.data));
    const at = this.nextGroup++ % WATCHED;
    const before = this.groups[at];
    if (before !== undefined && before.lost > 0) this.judge(before.lost <= before.parities, now);
    this.groups[at] = { first: this.first, end: end + parities, parities, lost: 0 };
    this.restart();
    return parities;
  }

  private judge(isMended: boolean, now: number): void {
    this.tally[isMended ? 'mended' : 'unmended']++;
    if (isMended) this.recentMended++;
    if (++this.recent < TELLING) return;
    if (this.recentMended < MENDED_LEAST * this.recent) this.restUntil = now + REST_MS;
    this.recent = 0;
    this.recentMended = 0;
  }
}
