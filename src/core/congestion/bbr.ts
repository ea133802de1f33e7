// BBR as draft-ietf-ccwg-bbr has it, with a rule of its own for what counts as congestion (loss-rule.ts).
import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import {
  DEFAULT_CWND_GAIN,
  DRAIN_PACING_GAIN,
  DRAIN_ROUNDS,
  FULL_BW_GROWTH,
  FULL_BW_ROUNDS,
  PROBE_RTT_CWND_GAIN,
  PROBE_RTT_DURATION_MS,
  SEND_QUANTUM_MAX,
  STARTUP_APP_LIMITED_GAIN,
  STARTUP_LOSS_EVENTS,
  STARTUP_PACING_GAIN,
} from './bbr-constants.ts';
import {
  startProbeBwCruise,
  startProbeBwDown,
  startProbeBwRefill,
  updateProbeBwCyclePhase,
} from './bbr-cycle.ts';
import {
  advanceLatestDeliverySignals,
  checkFullBwReached,
  handleLost,
  handleMarked,
  updateAckAggregation,
  updateCongestionSignals,
  updateLatestDeliverySignals,
  updateMinRtt,
} from './bbr-model.ts';
import { BbrState } from './bbr-state.ts';
import { DEFAULT_LOSSES, LossRule, type LossSettings } from './loss-rule.ts';
import {
  type CongestionControl,
  type Control,
  type LostBatch,
  NO_SAMPLE,
  type RateSample,
  type Transport,
} from './types.ts';

export interface BbrOptions {
  readonly losses?: LossSettings;
  /** ms of the path's round trip, as a handshake or a probe measured it; 0, the default: not known. */
  readonly initialRttMs?: number;
}

/** One path's; it keeps `transport` and the samples as they are handed in. */
export class Bbr implements CongestionControl {
  readonly state: BbrState;

  constructor(transport: Transport, rng: Rng, now: number, options: BbrOptions = {}) {
    const { losses = DEFAULT_LOSSES, initialRttMs = 0 } = options;
    this.state = new BbrState(transport, rng, new LossRule(losses, transport.smss, now), NO_SAMPLE, now);
    initPacingRate(this.state, initialRttMs);
  }

  get control(): Control {
    return this.state;
  }

  /** [OnTransmit]: [HandleRestartFromIdle] */
  onTransmit(now: number): void {
    const b = this.state;
    const { transport } = b;
    if (transport.inflight !== 0 || transport.appLimited === 0) return;
    b.now = now;
    b.isIdleRestart = true;
    b.extraAckedSince = now;
    if (b.isInProbeBw) setPacingRate(b, 1);
    else if (b.phase === 'ProbeRTT') checkProbeRttDone(b);
  }

  onLost(lost: LostBatch, now: number): void {
    this.state.now = now;
    handleLost(this.state, lost);
  }

  /** [UpdateOnACK] */
  onAck(sample: RateSample, now: number): void {
    const b = this.state;
    b.now = now;
    b.sample = sample;
    if (sample.priorDelivered >= 0) {
      if (b.isTimedOut) b.restoreCwnd();
      b.isTimedOut = false;
      if (sample.newlyMarked > 0) handleMarked(b);
      b.queue.onSample();
      // Whoever held back: what stood in a queue says how fast the bottleneck is.
      if (b.queue.isHeldInQueue) sample.isAppLimited = false;
      updateModelAndState(b);
    }
    setPacingRate(b, startupGain(b) ?? b.pacingGain);
    setSendQuantum(b);
    setCwnd(b);
  }

  /** [OnEnterRTO] */
  onTimeout(now: number): void {
    const b = this.state;
    const { transport } = b;
    b.now = now;
    b.saveCwnd();
    b.isTimedOut = true;
    b.cwnd = Math.max(transport.inflight + transport.smss, b.minPipeCwnd);
  }

  /** [HandleSpuriousLossDetection] */
  onSpurious(bytes: number, now: number): void {
    const b = this.state;
    b.now = now;
    b.losses.onLate(bytes);
    b.restoreCwnd();
    b.isLossInRound = false;
    b.resetFullBw();
    b.bwShortterm = Math.max(b.bwShortterm, b.undoBwShortterm);
    b.inflightShortterm = Math.max(b.inflightShortterm, b.undoInflightShortterm);
    b.inflightLongterm = Math.max(b.inflightLongterm, b.undoInflightLongterm);
    const { undoPhase } = b;
    b.undoPhase = undefined;
    if (undoPhase === 'Startup') b.isFullBwReached = false;
    if (undoPhase === undefined || b.phase === undoPhase || b.phase === 'ProbeRTT') return;
    if (undoPhase === 'Startup') enterStartup(b);
    else startProbeBwRefill(b);
  }
}

/** [UpdateModelAndState] */
function updateModelAndState(b: BbrState): void {
  updateLatestDeliverySignals(b);
  checkStartupHighLoss(b);
  updateCongestionSignals(b);
  updateAckAggregation(b);
  checkFullBwReached(b);
  if (b.queue.endsStartup()) {
    b.isFullBwNow = true;
    b.isFullBwReached = true;
  }
  if (b.phase === 'Startup' && b.isFullBwReached) enterDrain(b);
  checkDrainDone(b);
  updateProbeBwCyclePhase(b);
  updateMinRtt(b);
  checkProbeRtt(b);
  advanceLatestDeliverySignals(b);
  b.bw = Math.min(b.maxBw, b.bwShortterm);
}

function enterStartup(b: BbrState): void {
  b.enter('Startup', STARTUP_PACING_GAIN, DEFAULT_CWND_GAIN);
}

/**
 * [CheckStartupHighLoss], at the end of a round with losses. While faster sending still delivers more, and no share of losses is known yet,
 * loss alone does not say that the path is full: that is what random loss looks like.
 */
function checkStartupHighLoss(b: BbrState): void {
  const { losses, lostInRound: lost } = b;
  if (b.phase !== 'Startup' || !b.isLossRoundStart) return;
  const isLossHigh =
    b.lossEventsInRound >= STARTUP_LOSS_EVENTS && lost > losses.allowed(lost + b.inflightLatest);
  const isMarkedHigh = b.markedInRound > losses.settings.threshold * b.inflightLatest;
  countLossyRound(b, isLossHigh);
  if (!isMarkedHigh && (!isLossHigh || mayBeRandom(b))) return;
  b.undoPhase = 'Startup';
  b.isFullBwNow = true;
  b.isFullBwReached = true;
  b.inflightLongterm = Math.max(b.bdpMultiple(1, b.maxBw), b.inflightLatest);
}

function countLossyRound(b: BbrState, isLossHigh: boolean): void {
  const { lossyRounds, maxBw } = b;
  const isAsBefore = isLossHigh && maxBw < FULL_BW_GROWTH * lossyRounds.bw;
  lossyRounds.count = isAsBefore ? lossyRounds.count + 1 : 0;
  if (!isAsBefore) lossyRounds.bw = maxBw;
}

/** Losses may be no congestion: sending faster delivers more, or has not been tried. */
function mayBeRandom(b: BbrState): boolean {
  const { losses, sample } = b;
  if (losses.isOverflowing) return false;
  // Who sends little and loses a share of it has not found out what the path takes, unless it stays at that.
  if (sample.isAppLimited) return b.lossyRounds.count < FULL_BW_ROUNDS;
  return losses.settings.randomMax > 0 && sample.deliveryRate >= b.fullBw && b.fullBwCount === 0;
}

/** [EnterDrain] */
function enterDrain(b: BbrState): void {
  b.enter('Drain', DRAIN_PACING_GAIN, DEFAULT_CWND_GAIN);
  b.drainStartRound = b.roundCount;
}

/** [CheckDrainDone] */
function checkDrainDone(b: BbrState): void {
  if (b.phase !== 'Drain') return;
  const isDrained = b.transport.inflight <= b.inflight(1);
  if (isDrained || b.roundCount > b.drainStartRound + DRAIN_ROUNDS) startProbeBwDown(b);
}

/** [CheckProbeRTT] */
function checkProbeRtt(b: BbrState): void {
  if (b.phase !== 'ProbeRTT' && b.isProbeRttExpired && !b.isIdleRestart) {
    b.saveCwnd();
    b.enter('ProbeRTT', 1, PROBE_RTT_CWND_GAIN);
    b.probeRttDoneAt = 0;
    b.ackPhase = 'probeStopping';
    b.startRound();
  }
  if (b.phase === 'ProbeRTT') handleProbeRtt(b);
  if (b.sample.delivered > 0) b.isIdleRestart = false;
}

/** [HandleProbeRTT] */
function handleProbeRtt(b: BbrState): void {
  const { transport } = b;
  transport.appLimited = Math.max(transport.delivered + transport.inflight, 1);
  if (b.probeRttDoneAt === 0) {
    if (transport.inflight > probeRttCwnd(b)) return;
    b.probeRttDoneAt = b.now + PROBE_RTT_DURATION_MS;
    b.isProbeRttRoundDone = false;
    b.startRound();
    return;
  }
  if (b.isRoundStart) b.isProbeRttRoundDone = true;
  if (b.isProbeRttRoundDone) checkProbeRttDone(b);
}

/** [CheckProbeRTTDone], [ExitProbeRTT] */
function checkProbeRttDone(b: BbrState): void {
  if (b.probeRttDoneAt === 0 || b.now <= b.probeRttDoneAt) return;
  b.probeRttMinAt = b.now;
  b.probeRttMinRound = b.roundCount;
  b.restoreCwnd();
  b.resetShortTermModel();
  if (!b.isFullBwReached) return enterStartup(b);
  startProbeBwDown(b);
  startProbeBwCruise(b);
}

/** [ProbeRTTCwnd] */
function probeRttCwnd(b: BbrState): number {
  return Math.max(b.bdpMultiple(PROBE_RTT_CWND_GAIN), b.minPipeCwnd);
}

/** [InitPacingRate] */
function initPacingRate(b: BbrState, initialRttMs: number): void {
  const { srttMs } = b.transport;
  const rttMs = srttMs === 0 ? initialRttMs : srttMs;
  b.pacingRate = initialRate(b, rttMs === 0 ? 1 : rttMs);
}

/** Bytes per second that the window of the beginning allows. */
function initialRate({ transport }: BbrState, rttMs: number): number {
  return (STARTUP_PACING_GAIN * transport.initialCwnd * SECOND_MS) / rttMs;
}

/** [SetPacingRateWithGain]; what is lost at any rate is sent on top, since `bw` is what arrives. */
function setPacingRate(b: BbrState, gain: number): void {
  const rate = (gain * b.bw * (1 - b.queue.pacingMargin)) / (1 - b.losses.share);
  // The round trip by which Startup began may have been that of hosts that were busy.
  b.pacingRate = b.isFullBwReached ? rate : Math.max(rate, b.pacingRate, initialRate(b, b.minRttMs));
}

/** Of rate and window, where Startup has another than the draft's. */
function startupGain(b: BbrState): number | undefined {
  return b.phase === 'Startup' && b.sample.isAppLimited ? STARTUP_APP_LIMITED_GAIN : undefined;
}

/** [SetSendQuantum] */
function setSendQuantum(b: BbrState): void {
  const ofOneMs = b.pacingRate / SECOND_MS;
  b.sendQuantum = Math.max(Math.min(ofOneMs, SEND_QUANTUM_MAX), 2 * b.transport.smss);
}

/** [SetCwnd] with [UpdateMaxInflight] and [BoundCwndForProbeRTT] */
function setCwnd(b: BbrState): void {
  const { transport, sample } = b;
  b.maxInflight = b.quantizationBudget(b.bdpMultiple(startupGain(b) ?? b.cwndGain) + b.extraAcked);
  if (b.isFullBwReached) b.cwnd = Math.min(b.cwnd + sample.newlyAcked, b.maxInflight);
  else if (b.cwnd < b.maxInflight || transport.delivered < transport.initialCwnd) b.cwnd += sample.newlyAcked;
  b.cwnd = Math.max(b.cwnd, b.minPipeCwnd);
  if (b.phase === 'ProbeRTT') b.cwnd = Math.min(b.cwnd, probeRttCwnd(b));
  boundCwndForModel(b);
}

/** [BoundCwndForModel] */
function boundCwndForModel(b: BbrState): void {
  let cap = NEVER;
  if (b.phase === 'ProbeRTT' || b.phase === 'ProbeBW_CRUISE') cap = b.inflightWithHeadroom;
  else if (b.isInProbeBw) cap = b.inflightLongterm;
  b.cwnd = Math.min(b.cwnd, Math.max(Math.min(cap, b.inflightShortterm), b.minPipeCwnd));
}
