// The state of BBR, named after draft-ietf-ccwg-bbr (version of 2026-08-03); sections by their titles there.
import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import type { LossRule } from './loss-rule.ts';
import type { Control, LostBatch, RateSample, Transport } from './types.ts';
import { WindowedMax } from './windowed-max.ts';

/** "Pacing State and Parameters" [BBR.StartupPacingGain], 4 ln 2: doubles the rate each round. */
export const STARTUP_PACING_GAIN = 2.77;
/** [BBR.DrainPacingGain] */
export const DRAIN_PACING_GAIN = 0.5;
/** "Summary of Control Behavior": pacing gains of ProbeBW_DOWN and _UP, and the window's in _UP. */
export const PROBE_DOWN_PACING_GAIN = 0.9;
export const PROBE_UP_PACING_GAIN = 1.25;
export const PROBE_UP_CWND_GAIN = 2.25;
/** [BBR.PacingMarginPercent] */
export const PACING_MARGIN = 0.01;
/**
 * The same at most, while a queue grows between probes: the highest of many samples is some percent too high where their times jitter, and the queue
 * would grow and grow. Not in the draft.
 */
export const QUEUED_PACING_MARGIN = 0.08;
/** The most that is sent beyond it where round trips vary much. Not in the draft. */
export const UNSTEADY_PACING_MOST = 0.25;
/** "cwnd State and Parameters" [BBR.DefaultCwndGain] */
export const DEFAULT_CWND_GAIN = 2;
/**
 * Gain of rate and window in Startup while there is not always something to send: connections that begin double what they send each round trip,
 * which is measured a round trip later, and take it for the end of the path when they have to wait here. Not in the draft.
 */
export const STARTUP_APP_LIMITED_GAIN = 4;
/** "Parameters for Scheduling ProbeRTT" [BBR.ProbeRTTCwndGain], [BBR.ProbeRTTDuration], [BBR.ProbeRTTInterval] */
export const PROBE_RTT_CWND_GAIN = 0.5;
export const PROBE_RTT_DURATION_MS = 200;
export const PROBE_RTT_INTERVAL_MS = 5 * SECOND_MS;
/**
 * Rounds between two times of ProbeRTT at least, which the draft does not ask for. With round trips of a second or more, of the path or of a queue
 * that a fall of its rate made, ProbeRTT would interrupt every Startup and every cycle of ProbeBW, and the rate would never be learnt.
 */
export const PROBE_RTT_ROUNDS = 10;
/**
 * On paths where ProbeRTT takes longer than its duration, since a round does: a round trip that is longer than the shortest by no more met hardly any
 * queue, and nobody need make room to see that. The draft has 1.
 */
export const PROBE_RTT_NEAR = 1.03;
/** "Parameters for Estimating BBR.min_rtt" [BBR.MinRTTFilterLen] */
export const MIN_RTT_FILTER_MS = 10 * SECOND_MS;
/** "Core Algorithm Design Parameters" [BBR.Beta], [BBR.Headroom], [BBR.MinPipeCwnd] in datagrams */
export const BETA = 0.7;
export const HEADROOM = 0.15;
export const MIN_PIPE_DATAGRAMS = 4;
/** "Estimating BBR.max_bw" [BBR.MaxBwFilterLen]: this cycle of ProbeBW and the one before. */
export const MAX_BW_FILTER_CYCLES = 2;
/** "Estimating BBR.extra_acked" [BBR.ExtraAckedFilterLen] */
export const EXTRA_ACKED_FILTER_ROUNDS = 10;
/** "Exiting Acceleration Based on Bandwidth Plateau": growth that counts, and rounds without. */
export const FULL_BW_GROWTH = 1.25;
export const FULL_BW_ROUNDS = 3;
/**
 * A queue stands when round trips are longer by so much of the shortest, and so many ms. In ProbeBW_UP one round less is enough when it has grown as
 * much since it began: then the queue tells, too, that nothing is to be had, and it need not grow to a whole BDP each time. Not in the draft.
 */
const QUEUE_SHARE = 0.15;
export const QUEUE_MS = 1;
/** A longer queue, of the shortest round trip, when a phase begins is not one that its own probes left. */
const ALONE_SHARE = 0.2;
/** ms without congestion: a cycle or two. */
const ALONE_MS = 4 * SECOND_MS;
/** Deviation of the round trips of a steady path, in smoothed ones, and the weight of one acknowledgement in what is usual. */
const STEADY_SHARE = 0.07;
const USUAL_WEIGHT = 1 / 64;
/** Deviations of round trips that are no queue yet. */
export const JITTER_GAIN = 3;
/**
 * Where nobody else is, and so many probes found hardly anything, the next one asks for less, and goes on only if it found this part of what it
 * asked for when so much of its second round trip is over. Not in the draft.
 */
export const PROBE_UP_GENTLE_GAIN = 1.2;
export const PROBE_UP_ANSWERED = 0.5;
export const PROBE_UP_FOUND = 0.4;
export const VAIN_PROBES = 2;
/** "Exiting Startup Based on Packet Loss" [BBRStartupFullLossCnt] */
export const STARTUP_LOSS_EVENTS = 6;
/**
 * Startup also ends when no round trip was shorter than this for so long while the window was full: such a queue says that the path gives
 * no more, and where it is long, three rounds take longer than the time to the next ProbeRTT, after which Startup begins anew. Not in the
 * draft.
 */
export const STARTUP_QUEUE_GAIN = 2;
export const STARTUP_QUEUE_MS = 250;
export const STARTUP_STANDING_MS = SECOND_MS;
/** What is in flight, in products of rate and shortest round trip, and what a round trip takes, in shortest ones and ms, when a queue stands. */
export const QUEUED_GAIN = 1.1;
export const QUEUED_MS = 2;
/**
 * Acknowledgements in a row that met a queue, with which Startup ends where connections inside hold back, and what was in flight then, of what path and
 * queue hold, at least. Not in the draft.
 */
export const STARTUP_QUEUED_ACKS = 3;
export const STARTUP_QUEUED_SHARE = 0.75;
/** "Drain": rounds after which it ends at the latest. */
export const DRAIN_ROUNDS = 3;
/** "Send Quantum" */
export const SEND_QUANTUM_MAX = 65_536;

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
  /** There was not always something to send. */
  isHeldBack = false;
  /** Acknowledgements in a row that met a queue; ms and `Transport.delivered` at the first. */
  readonly startupQueued = { acks: 0, at: 0, delivered: 0 };
  isFullBwReached = false;
  isFullBwNow = false;
  fullBw = 0;
  fullBwCount = 0;
  /** ms; NEVER: no long queue stands. */
  standingSince = NEVER;
  // ProbeBW
  ackPhase: AckPhase = 'init';
  isBwProbeSample = false;
  bwProbeUpAcked = 0;
  probeUpAckedPerIncrease = NEVER;
  bwProbeUpRounds = 0;
  /** `roundCount` when ProbeBW_UP or ProbeBW_CRUISE began. */
  phaseRound = 0;
  /** Smoothed round trip when ProbeBW_UP began, the shortest since ProbeBW_CRUISE did. */
  phaseSrttMs = 0;
  /** How far round trips were off by chance then, ms. */
  jitterMs = 0;
  /** Deviation of round trips, in smoothed ones, as usual. */
  usualVariation = 0;
  /** ms; when losses or marks last were more than may be. */
  congestedAt = Number.NEGATIVE_INFINITY;
  /** There was not always something to send, and what was sent stood in a queue all the same. */
  isHeldInQueue = false;
  /** `maxBw` when ProbeBW_UP began, and when its first datagrams were answered, ms; NEVER: not yet. */
  probeUpBw = 0;
  probeUpAnsweredAt = NEVER;
  /** So many in a row found hardly anything. */
  vainProbes = VAIN_PROBES;
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

  /** Whether a round trip is longer than another by what only a queue adds, both in ms. */
  isQueuedAbove(fromMs: number, rttMs: number): boolean {
    return rttMs > fromMs + QUEUE_SHARE * this.minRttMs + QUEUE_MS + this.jitterMs;
  }

  /** ProbeBW_CRUISE or ProbeBW_UP begins. */
  notePhase(): void {
    this.phaseRound = this.roundCount;
    this.phaseSrttMs = this.transport.srttMs;
    this.noteJitter();
  }

  noteJitter(): void {
    this.jitterMs = JITTER_GAIN * this.transport.rttVarMs;
  }

  /** By how much more round trips vary than those of a steady path do, in smoothed ones; 0: they do not. */
  get unsteadiness(): number {
    return Math.max(0, this.usualVariation - STEADY_SHARE);
  }

  /** To be called with each acknowledgement between probes, whose own queues let round trips vary more than anything else. */
  noteVariation(): void {
    const { srttMs, rttVarMs } = this.transport;
    if (srttMs > 0) this.usualVariation += (rttVarMs / srttMs - this.usualVariation) * USUAL_WEIGHT;
  }

  /** A queue stood when this phase began. */
  get isQueuedSincePhase(): boolean {
    return this.phaseSrttMs > (1 + ALONE_SHARE) * this.minRttMs + QUEUE_MS + this.jitterMs;
  }

  /** Nobody else's queue stood when this phase began, and nothing was lost to others' either. Where round trips vary, they do not tell. */
  get isAlone(): boolean {
    return !this.isQueuedSincePhase && this.unsteadiness === 0 && this.now > this.congestedAt + ALONE_MS;
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
