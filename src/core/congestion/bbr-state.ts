// The state of BBR, named after draft-ietf-ccwg-bbr (version of 2026-08-03); sections by their titles there.
import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { DEFAULT_CWND_GAIN, HEADROOM, MIN_PIPE_DATAGRAMS, STARTUP_PACING_GAIN } from './bbr-constants.ts';
import { QueueView } from './bbr-queue.ts';
import type { LossRule } from './loss-rule.ts';
import type { Control, LostBatch, RateSample, Transport } from './types.ts';
import { WindowedMax } from './windowed-max.ts';

export type BbrPhase =
  | 'Startup'
  | 'Drain'
  | 'ProbeBW_DOWN'
  | 'ProbeBW_CRUISE'
  | 'ProbeBW_REFILL'
  | 'ProbeBW_UP'
  | 'ProbeRTT';

/** What acknowledgements mean with regard to the last probe for bandwidth [BBR.ack_phase]. */
export type AckPhase = 'init' | 'refilling' | 'probeStarting' | 'probeFeedback' | 'probeStopping';

/** Rates in bytes per second, volumes in bytes, times in ms; Infinity: no bound. */
export class BbrState implements Control {
  // Control parameters
  /** [C.cwnd] */
  cwnd: number;
  /** [C.pacing_rate] */
  pacingRate: number;
  /** [C.send_quantum] */
  sendQuantum: number;
  // General algorithm state
  phase: BbrPhase = 'Startup';
  roundCount = 0;
  isRoundStart = false;
  nextRoundDelivered = 0;
  isIdleRestart = false;
  drainStartRound = 0;
  pacingGain = STARTUP_PACING_GAIN;
  cwndGain = DEFAULT_CWND_GAIN;
  // Data rate
  maxBw = 0;
  readonly maxBwFilter = new WindowedMax();
  cycleCount = 0;
  bwShortterm = NEVER;
  bw = 0;
  // Data volume
  minRttMs = NEVER;
  minRttAt: number;
  extraAcked = 0;
  readonly extraAckedFilter = new WindowedMax();
  extraAckedSince: number;
  extraAckedDelivered = 0;
  maxInflight = 0;
  inflightLongterm = NEVER;
  inflightShortterm = NEVER;
  // Responding to congestion
  bwLatest = 0;
  inflightLatest = 0;
  isLossInRound = false;
  /** Batches with losses in this round. */
  lossEventsInRound = 0;
  lossRoundDelivered = 0;
  isLossRoundStart = false;
  /** `Transport.lost` and `Transport.marked` when the round of losses began. */
  lostAtRoundStart = 0;
  markedAtRoundStart = 0;
  // Startup
  isFullBwReached = false;
  isFullBwNow = false;
  fullBw = 0;
  fullBwCount = 0;
  /** Rounds in a row that lost more than may be while `maxBw` did not grow, and what it was before them. */
  readonly lossyRounds = { count: 0, bw: 0 };
  // ProbeBW
  ackPhase: AckPhase = 'init';
  isBwProbeSample = false;
  bwProbeUpAcked = 0;
  probeUpAckedPerIncrease = NEVER;
  bwProbeUpRounds = 0;
  roundsSinceProbeUp = 0;
  bwProbeWaitMs = 0;
  cycleAt = 0;
  isPrevProbeTooHigh = false;
  isPrevProbePrecautionary = false;
  // ProbeRTT
  probeRttMinMs = NEVER;
  probeRttMinAt: number;
  /** `roundCount` then. */
  probeRttMinRound = 0;
  isProbeRttExpired = false;
  /** 0: not set. */
  probeRttDoneAt = 0;
  isProbeRttRoundDone = false;
  priorCwnd = 0;
  /** Since a timeout nothing was delivered. */
  isTimedOut = false;
  // Undo
  undoPhase: BbrPhase | undefined;
  undoBwShortterm = NEVER;
  undoInflightShortterm = NEVER;
  undoInflightLongterm = NEVER;
  /** What the draft does not look at. */
  readonly queue: QueueView;
  // What the draft calls the connection
  readonly transport: Transport;
  readonly rng: Rng;
  /** Which losses are congestion: the draft's LossThresh, beyond what is lost at any rate. */
  readonly losses: LossRule;
  /** The acknowledgement being processed. */
  sample: Readonly<RateSample>;
  now: number;

  constructor(transport: Transport, rng: Rng, losses: LossRule, sample: Readonly<RateSample>, now: number) {
    this.transport = transport;
    this.rng = rng;
    this.losses = losses;
    this.sample = sample;
    this.now = now;
    this.minRttAt = now;
    this.probeRttMinAt = now;
    this.extraAckedSince = now;
    this.queue = new QueueView(this);
    this.cwnd = transport.initialCwnd;
    this.sendQuantum = 2 * transport.smss;
    this.pacingRate = 0;
  }

  get minPipeCwnd(): number {
    return MIN_PIPE_DATAGRAMS * this.transport.smss;
  }

  /** [IsInAProbeBWState] */
  get isInProbeBw(): boolean {
    return this.phase.startsWith('ProbeBW');
  }

  /** [IsProbingBW] */
  get isProbingBw(): boolean {
    return this.phase === 'Startup' || this.phase === 'ProbeBW_REFILL' || this.phase === 'ProbeBW_UP';
  }

  enter(phase: BbrPhase, pacingGain: number, cwndGain: number): void {
    this.phase = phase;
    this.pacingGain = pacingGain;
    this.cwndGain = cwndGain;
  }

  /** [StartRound] */
  startRound(): void {
    this.nextRoundDelivered = this.transport.delivered;
  }

  /** [ResetFullBW] */
  resetFullBw(): void {
    this.fullBw = 0;
    this.fullBwCount = 0;
    this.isFullBwNow = false;
  }

  /** [ResetCongestionSignals] */
  resetCongestionSignals(): void {
    this.isLossInRound = false;
    this.lossEventsInRound = 0;
    this.bwLatest = 0;
    this.inflightLatest = 0;
  }

  /** [ResetShortTermModel] */
  resetShortTermModel(): void {
    this.bwShortterm = NEVER;
    this.inflightShortterm = NEVER;
  }

  /** [SaveCwnd] */
  saveCwnd(): void {
    const isHeldBack = this.isLossInRound || this.phase === 'ProbeRTT';
    this.priorCwnd = isHeldBack ? Math.max(this.priorCwnd, this.cwnd) : this.cwnd;
  }

  /** [RestoreCwnd] */
  restoreCwnd(): void {
    this.cwnd = Math.max(this.cwnd, this.priorCwnd);
  }

  /** [BDPMultiple], of any rate */
  bdpMultiple(gain: number, bw = this.bw): number {
    if (this.minRttMs === NEVER) return this.transport.initialCwnd;
    return (gain * bw * this.minRttMs) / SECOND_MS;
  }

  /** [QuantizationBudget]: the offload budget of datagrams that are released ahead is one quantum, and one that waits for its acknowledgement. */
  quantizationBudget(inflightCap: number): number {
    const cap = Math.max(inflightCap, 2 * this.sendQuantum, this.minPipeCwnd);
    return this.phase === 'ProbeBW_UP' ? cap + 2 * this.transport.smss : cap;
  }

  /** [Inflight] */
  inflight(gain: number, bw = this.bw): number {
    return this.quantizationBudget(this.bdpMultiple(gain, bw));
  }

  /** [InflightWithHeadroom] */
  get inflightWithHeadroom(): number {
    if (this.inflightLongterm === NEVER) return NEVER;
    const headroom = Math.max(this.transport.smss, HEADROOM * this.inflightLongterm);
    return Math.max(this.inflightLongterm - headroom, this.minPipeCwnd);
  }

  /** [IsInflightTooHigh], by the sample of an acknowledgement */
  get isInflightTooHigh(): boolean {
    return this.sample.lost > this.losses.allowed(this.sample.txInFlight) || this.isMarkedTooMuch;
  }

  /** By the sample of an acknowledgement: as much as may be lost; no mark comes at random. */
  get isMarkedTooMuch(): boolean {
    return this.sample.marked > this.losses.settings.threshold * this.sample.txInFlight;
  }

  /** Bytes, in this round of losses. */
  get lostInRound(): number {
    return this.transport.lost - this.lostAtRoundStart;
  }

  /** The same of those that arrived marked. */
  get markedInRound(): number {
    return this.transport.marked - this.markedAtRoundStart;
  }

  /** [TargetInflight] */
  get targetInflight(): number {
    return Math.min(this.bdpMultiple(1), this.cwnd);
  }
}

/** [InflightAtLoss]: what was in flight when the losses of a batch went beyond what may be lost. */
export function inflightAtLoss(lost: LostBatch, lostSince: number, allowedShare: number): number {
  const before = lost.txInFlight - lost.bytes;
  const lostBefore = lostSince - lost.bytes;
  return before + (allowedShare * before - lostBefore) / (1 - allowedShare);
}
