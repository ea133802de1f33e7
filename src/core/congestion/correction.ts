// Error correction on one path: the groups under way, which losses they mend, and whether that helps. How much there is, is planned in
// correction-plan.ts.
import { PARITY_MOST, PARITY_SPAN } from '../base/batch-layout.generated.ts';
import { NEVER } from '../base/time.ts';
import {
  type CorrectionPlan,
  firstPlan,
  idleParities,
  isBurst,
  NO_CORRECTION,
  type PathFacts,
  planFor,
} from './correction-plan.ts';

/** A group that has fewer counters left is closed: what comes next may well not fit. */
const SPAN_SPARE = 8;
/** Groups whose losses are watched, and how many with losses tell whether it helps. */
const WATCHED = 64;
const TELLING = 24;
/** Part of the groups with losses that must have been mended for it to be worth going on, and ms of rest else. */
const MENDED_LEAST = 0.25;
const REST_MS = 30_000;
/** ms between plans. */
const PLAN_EVERY_MS = 200;
/** Share of losses, of that for which the plan was made, from which on there is another at once. */
const WORSE = 1.5;
/** Weight of one run of losses among those before. */
const RUN_WEIGHT = 1 / 16;
/** Longer ones are outages, which no parity mends and which say nothing of other losses. */
const RUN_MAX = 2 * PARITY_MOST;

interface Group {
  /** Sequences. */
  first: number;
  end: number;
  parities: number;
  lost: number;
  /** Whether its losses are mended tells whether correction helps. */
  isTelling: boolean;
}

/** One path's: the plan, the group under way, and whether it helps. Sequences are Delivery's, of one key after the other. */
export class Correction {
  plan: CorrectionPlan = NO_CORRECTION;
  /** Holds once the group under way has ended, which it soon does. */
  private next: CorrectionPlan | undefined;
  /** ms: onTimer() is due then. */
  wakeAt = NEVER;
  /** Groups with losses: all that was lost could be recovered, or not. */
  readonly tally = { mended: 0, unmended: 0 };
  private readonly groups: Group[] = [];
  private nextGroup = 0;
  /** Data datagrams of the group under way, and the sequence of its first. */
  private filled = 0;
  private first = 0;
  /** The burst under way: how many of them came before it, and when it began, ms. */
  private readonly bursting = { from: 0, at: 0 };
  /** Counters from its first to its last datagram. */
  private span = 0;
  private readonly runs = new LossRuns();
  /** Of late, as in `tally`. */
  private recentMended = 0;
  private recent = 0;
  private restUntil = Number.NEGATIVE_INFINITY;
  private planAt = Number.NEGATIVE_INFINITY;

  /** Mean length of the runs of losses, beyond what falls together by chance. */
  burst(lossShare: number): number {
    return Math.max(1, this.runs.mean * (1 - lossShare));
  }

  /** What is known of the path, if anything; to be told as often as convenient. Where `plan.most` changes, the port is to be told of it. */
  update(facts: Omit<PathFacts, 'burst'>, isUnknown: boolean, now: number): void {
    const { plan } = this;
    // Far more is lost than the plan is for.
    const isWorse = now >= this.restUntil && facts.lossShare > WORSE * plan.lossShare;
    if (now < this.planAt && !isWorse) return;
    this.planAt = now + PLAN_EVERY_MS;
    const next = this.nextPlan(facts, isUnknown, now);
    if (next.most !== plan.most && this.filled > 0 && this.wakeAt < NEVER) {
      // The group under way gets its parity first.
      this.next = next;
      this.wakeAt = now;
      return;
    }
    this.next = undefined;
    this.plan = next;
    if (next.most !== plan.most) this.restart();
  }

  private nextPlan(facts: Omit<PathFacts, 'burst'>, isUnknown: boolean, now: number): CorrectionPlan {
    const { plan } = this;
    if (now < this.restUntil) return NO_CORRECTION;
    if (isUnknown) return plan.most > 0 && plan.lossShare === 0 ? plan : firstPlan(facts.rttMs);
    return planFor({ ...facts, burst: this.burst(facts.lossShare) }, plan);
  }

  /** Nothing more is covered, until the next plan. */
  stop(): void {
    if (this.plan.most > 0) this.restart();
    this.next = undefined;
    this.plan = NO_CORRECTION;
  }

  /** Data datagrams until the group under way is full; a range that ends there is best. */
  get room(): number {
    if (this.plan.most === 0) return NEVER;
    return Math.max(1, Math.min(this.plan.data - this.filled, PARITY_SPAN - this.span));
  }

  /**
   * So many data datagrams are sealed, `sequence` the first. Parities to be sent behind them, whose sequences follow theirs. `isPathFull`:
   * it has no room for more than the plan allows.
   */
  sent(sequence: number, datagrams: number, isPathFull: boolean, now: number): number {
    const { plan } = this;
    if (plan.most === 0) return 0;
    if (this.filled === 0) this.first = sequence;
    if (this.wakeAt === NEVER) {
      this.bursting.from = this.filled;
      this.bursting.at = now;
      this.wakeAt = now + plan.pauseMs;
    }
    this.filled += datagrams;
    this.span = sequence + datagrams - this.first;
    // Acknowledgements and messages take counters of the group as well.
    if (this.filled < plan.data && this.span <= PARITY_SPAN - SPAN_SPARE) return 0;
    return this.close(sequence + datagrams, isPathFull ? plan.parities : this.idle, now);
  }

  /** The group may have waited long enough. Parities to be sent now, from `sequence` on. `isMore`: data waits to be sent as well. */
  onTimer(sequence: number, isMore: boolean, now: number): number {
    const { plan, filled } = this;
    if (now < this.wakeAt || filled === 0) return 0;
    const { next } = this;
    const endAt = this.bursting.at + plan.waitMs;
    if (next === undefined && isMore && now < endAt) {
      this.wakeAt = Math.min(endAt, now + plan.pauseMs);
      return 0;
    }
    if (next !== undefined || isBurst(filled - this.bursting.from, plan)) {
      const parities = this.close(sequence, this.idle, now);
      // Not where a full group ends: the port has to be told before more is sealed.
      this.plan = next ?? plan;
      this.next = undefined;
      return parities;
    }
    this.wakeAt = NEVER;
    return 0;
  }

  /** What was in the group under way is in none: keys or path changed, or the port was told of another number of parities. */
  restart(): void {
    this.filled = 0;
    this.span = 0;
    this.wakeAt = NEVER;
  }

  /** Taken for lost, data or parity; rising within an acknowledgement. */
  onLost(sequence: number): void {
    this.runs.onLost(sequence);
    const group = this.groups.find((each) => sequence >= each.first && sequence < each.end);
    if (group !== undefined) group.lost++;
  }

  /**
   * Whether a lost datagram is made up for by the parity of its group: 'open' while that is not known. `settled`: what became of sequences
   * below is known.
   */
  judgeLost(sequence: number, settled: number): 'mended' | 'unmended' | 'open' {
    // Nobody waits for groups that take long to fill, or that get nothing before there is more.
    const isSlow = this.plan.waitMs === NEVER;
    if (this.filled > 0 && sequence >= this.first)
      return isSlow || this.wakeAt === NEVER ? 'unmended' : 'open';
    const group = this.groups.find(({ first, end }) => sequence >= first && sequence < end);
    if (group === undefined || group.lost > group.parities) return 'unmended';
    if (settled >= group.end) return 'mended';
    return isSlow ? 'unmended' : 'open';
  }

  /** Parities of the group so far, where the path has room. While nothing is known they are for the burst under way. */
  private get idle(): number {
    const { plan, filled } = this;
    return idleParities(plan.lossShare === 0 ? filled - this.bursting.from : filled, plan);
  }

  private close(end: number, parities: number, now: number): number {
    const at = this.nextGroup++ % WATCHED;
    const before = this.groups[at];
    if (before?.isTelling && before.lost > 0) this.judge(before.lost <= before.parities, now);
    this.groups[at] = {
      first: this.first,
      end: end + parities,
      parities,
      lost: 0,
      // Then nearly all losses would be mended, if they are what they seem.
      isTelling: parities >= this.idle,
    };
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

/** How many datagrams are lost together. */
class LossRuns {
  /** On average. */
  mean = 1;
  /** The run under way, and its last. */
  private length = 0;
  private last = -1;

  onLost(sequence: number): void {
    if (sequence === this.last + 1) {
      this.length++;
    } else {
      if (this.length > 0 && this.length <= RUN_MAX) this.mean += (this.length - this.mean) * RUN_WEIGHT;
      this.length = 1;
    }
    this.last = sequence;
  }
}
