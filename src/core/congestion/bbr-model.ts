// "Updating Network Path Model Parameters": what acknowledgements and losses say about the path.
import { NEVER, SECOND_MS } from '../base/time.ts';
import { startProbeBwDown } from './bbr-cycle.ts';
import {
  type BbrState,
  BETA,
  EXTRA_ACKED_FILTER_ROUNDS,
  FULL_BW_GROWTH,
  FULL_BW_ROUNDS,
  inflightAtLoss,
  MAX_BW_FILTER_CYCLES,
  MIN_RTT_FILTER_MS,
  PROBE_RTT_DURATION_MS,
  PROBE_RTT_INTERVAL_MS,
  PROBE_RTT_NEAR,
  PROBE_RTT_ROUNDS,
  QUEUED_GAIN,
  QUEUED_MS,
  STARTUP_QUEUE_GAIN,
  STARTUP_QUEUE_MS,
  STARTUP_QUEUED_ACKS,
  STARTUP_QUEUED_SHARE,
  STARTUP_STANDING_MS,
} from './bbr-state.ts';
import type { LostBatch } from './types.ts';

/** [UpdateLatestDeliverySignals] */
export function updateLatestDeliverySignals(b: BbrState): void {
  const { sample, transport } = b;
  b.isLossRoundStart = false;
  b.bwLatest = Math.max(b.bwLatest, sample.deliveryRate);
  b.inflightLatest = Math.max(b.inflightLatest, sample.delivered);
  if (sample.priorDelivered < b.lossRoundDelivered) return;
  b.lossRoundDelivered = transport.delivered;
  b.isLossRoundStart = true;
}

/** [AdvanceLatestDeliverySignals] */
export function advanceLatestDeliverySignals(b: BbrState): void {
  if (!b.isLossRoundStart) return;
  b.bwLatest = b.sample.deliveryRate;
  b.inflightLatest = b.sample.delivered;
}

/** [UpdateCongestionSignals] */
export function updateCongestionSignals(b: BbrState): void {
  updateMaxBw(b);
  b.losses.onAcked(b.sample.newlyAcked, b.sample.rttMs, b.minRttMs);
  if (!b.isLossRoundStart) return;
  // Losses of which this round shows that they are none of ours: what they led to is taken back.
  const isNoCongestion = b.losses.onRound(b.now);
  if (isNoCongestion && b.markedInRound === 0) {
    b.resetShortTermModel();
    b.inflightLongterm = NEVER;
  } else adaptLowerBoundsFromCongestion(b);
  b.isLossInRound = false;
  b.lossEventsInRound = 0;
  b.lostAtRoundStart = b.transport.lost;
  b.markedAtRoundStart = b.transport.marked;
}

/** [UpdateMaxBw] with [UpdateRound] */
function updateMaxBw(b: BbrState): void {
  const { sample } = b;
  b.isRoundStart = sample.priorDelivered >= b.nextRoundDelivered;
  if (b.isRoundStart) {
    b.startRound();
    b.roundCount++;
    b.roundsSinceProbeUp++;
  }
  if (sample.deliveryRate > 0 && (sample.deliveryRate >= b.maxBw || !sample.isAppLimited))
    b.maxBw = b.maxBwFilter.update(sample.deliveryRate, b.cycleCount, MAX_BW_FILTER_CYCLES);
}

/** [AdaptLowerBoundsFromCongestion], [InitLowerBounds], [LossLowerBounds]; what is lost at any rate is no reason, any mark is. */
function adaptLowerBoundsFromCongestion(b: BbrState): void {
  if (b.isProbingBw || !b.isLossInRound) return;
  const lost = b.transport.lost - b.lostAtRoundStart;
  if (lost <= b.losses.allowedInRound(lost + b.inflightLatest) && b.markedInRound === 0) return;
  // Before, what a probe or Startup sent too much may still be found lost.
  if (b.phase === 'ProbeBW_CRUISE' && b.roundCount > b.phaseRound + 1) b.congestedAt = b.now;
  if (b.bwShortterm === NEVER) b.bwShortterm = b.maxBw;
  if (b.inflightShortterm === NEVER) b.inflightShortterm = b.cwnd;
  b.bwShortterm = Math.max(b.bwLatest, BETA * b.bwShortterm);
  b.inflightShortterm = Math.max(b.inflightLatest, BETA * b.inflightShortterm);
}

/** [UpdateACKAggregation] */
export function updateAckAggregation(b: BbrState): void {
  let expected = (b.bw * (b.now - b.extraAckedSince)) / SECOND_MS;
  if (b.extraAckedDelivered <= expected) {
    b.extraAckedDelivered = 0;
    b.extraAckedSince = b.now;
    expected = 0;
  }
  b.extraAckedDelivered += b.sample.newlyAcked;
  const extra = Math.min(b.extraAckedDelivered - expected, b.cwnd);
  const rounds = b.isFullBwReached ? EXTRA_ACKED_FILTER_ROUNDS : 1;
  b.extraAcked = b.extraAckedFilter.update(extra, b.roundCount, rounds);
}

/** [CheckFullBWReached] */
export function checkFullBwReached(b: BbrState): void {
  const { sample } = b;
  if (b.isFullBwNow || !b.isRoundStart || sample.isAppLimited || sample.deliveryRate === 0) return;
  if (sample.deliveryRate >= b.fullBw * FULL_BW_GROWTH) {
    b.resetFullBw();
    b.fullBw = sample.deliveryRate;
    return;
  }
  b.fullBwCount++;
  const isQueued = b.phase === 'Startup' ? b.isHeldInQueue : isProbeQueued(b);
  b.isFullBwNow = b.fullBwCount >= (isQueued ? FULL_BW_ROUNDS - 1 : FULL_BW_ROUNDS);
  if (b.isFullBwNow) b.isFullBwReached = true;
}

/** Whether this ProbeBW_UP has made a queue: others' was there before, and jitter is in what it began with. */
function isProbeQueued(b: BbrState): boolean {
  return b.phase === 'ProbeBW_UP' && b.isQueuedAbove(b.phaseSrttMs, b.transport.srttMs);
}

/**
 * The newest datagram acknowledged left behind more than the path holds, and took longer than it does when empty: it waited at the bottleneck, which
 * was busy all that time. A sender that inner windows hold back fills the path all the same. Of a few datagrams jitter tells nothing.
 */
export function stoodInQueue(b: BbrState): boolean {
  const { sample, transport } = b;
  const held = Math.max((QUEUED_GAIN * b.maxBw * b.minRttMs) / SECOND_MS, transport.initialCwnd);
  return sample.rttMs > QUEUED_GAIN * b.minRttMs + QUEUED_MS && sample.txInFlight > held;
}

/** Ends Startup where the queue stands so long that rounds tell too late. */
export function checkStandingQueue(b: BbrState): void {
  const { sample, transport, now } = b;
  if (b.isFullBwReached || sample.rttMs < 0) return;
  const isQueued = sample.rttMs > STARTUP_QUEUE_GAIN * b.minRttMs + STARTUP_QUEUE_MS;
  if (!isQueued || !transport.isCwndLimited) b.standingSince = NEVER;
  else if (b.standingSince === NEVER) b.standingSince = now;
  if (now < b.standingSince + STARTUP_STANDING_MS) return;
  b.standingSince = NEVER;
  b.isFullBwNow = true;
  b.isFullBwReached = true;
}

/**
 * Ends Startup at the first sign of a queue where connections inside hold back by windows of their own: they are too large from then on, and what
 * waits does so here, where a call goes past it. The rate is learnt all the same: Drain goes on at the bottleneck's.
 */
export function checkInnerQueue(b: BbrState): void {
  const { sample, transport, startupQueued } = b;
  if (b.phase !== 'Startup' || sample.rttMs < 0) return;
  if (b.isRoundStart) b.noteJitter();
  if (!b.isQueuedAbove(b.minRttMs, sample.rttMs)) {
    startupQueued.acks = 0;
    return;
  }
  if (startupQueued.acks++ === 0) Object.assign(startupQueued, { at: b.now, delivered: transport.delivered });
  if (!b.isHeldBack || startupQueued.acks < STARTUP_QUEUED_ACKS) return;
  // The bottleneck is busy: what it delivers now is what it can. A burst makes a queue as well, and does not fill the path.
  const holds = ((transport.delivered - startupQueued.delivered) * sample.rttMs) / (b.now - startupQueued.at);
  if (!(sample.txInFlight >= STARTUP_QUEUED_SHARE * holds)) return;
  startupQueued.acks = 0;
  b.isFullBwNow = true;
  b.isFullBwReached = true;
}

/** [UpdateMinRTT] */
export function updateMinRtt(b: BbrState): void {
  const { sample, now } = b;
  b.isProbeRttExpired =
    now > b.probeRttMinAt + PROBE_RTT_INTERVAL_MS && b.roundCount >= b.probeRttMinRound + PROBE_RTT_ROUNDS;
  const near = b.probeRttMinMs > PROBE_RTT_DURATION_MS ? PROBE_RTT_NEAR : 1;
  const isNear = sample.rttMs >= 0 && sample.rttMs < b.probeRttMinMs * near;
  if (isNear || (sample.rttMs >= 0 && b.isProbeRttExpired)) {
    b.probeRttMinMs = isNear ? Math.min(b.probeRttMinMs, sample.rttMs) : sample.rttMs;
    b.probeRttMinAt = now;
    b.probeRttMinRound = b.roundCount;
  }
  const isExpired = now > b.minRttAt + MIN_RTT_FILTER_MS;
  if (b.probeRttMinMs < b.minRttMs || isExpired) {
    b.minRttMs = b.probeRttMinMs;
    b.minRttAt = b.probeRttMinAt;
  }
}

/** [NoteLoss] */
function noteLoss(b: BbrState): void {
  if (!b.isLossInRound) {
    b.lossRoundDelivered = b.transport.delivered;
    saveStateUponLoss(b);
  }
  b.isLossInRound = true;
}

/**
 * Datagrams arrived marked. The draft leaves open what that means; here, and in RFC 3168, what a loss does, except that it is always one of
 * congestion, and says nothing about how many are lost at random.
 */
export function handleMarked(b: BbrState): void {
  noteLoss(b);
  if (b.isBwProbeSample && b.isMarkedTooMuch)
    handleInflightTooHigh(b, b.sample.txInFlight, b.sample.isAppLimited);
}

/** [HandleLostPacket] */
export function handleLost(b: BbrState, lost: LostBatch): void {
  const { transport, losses } = b;
  noteLoss(b);
  b.lossEventsInRound++;
  losses.onLost(lost.bytes);
  if (!b.isBwProbeSample) return;
  const lostSince = transport.lost - lost.lostBefore;
  const allowed = losses.allowed(lost.txInFlight);
  if (lostSince <= allowed) return;
  const share = Math.min(0.5, allowed / lost.txInFlight);
  handleInflightTooHigh(b, inflightAtLoss(lost, lostSince, share), lost.isAppLimited);
}

/** [HandleInflightTooHigh] */
function handleInflightTooHigh(b: BbrState, txInFlight: number, isAppLimited: boolean): void {
  // A probe that began without a queue and made one overflowed it itself.
  if (b.isQueuedSincePhase || !b.isQueuedAbove(b.phaseSrttMs, b.transport.srttMs)) b.congestedAt = b.now;
  b.isPrevProbeTooHigh = true;
  b.isBwProbeSample = false;
  if (!isAppLimited) b.inflightLongterm = Math.max(txInFlight, b.targetInflight * BETA);
  if (b.phase !== 'ProbeBW_UP') return;
  b.undoPhase = 'ProbeBW_UP';
  startProbeBwDown(b);
}

/** [SaveStateUponLoss] */
function saveStateUponLoss(b: BbrState): void {
  b.saveCwnd();
  b.undoPhase = undefined;
  b.undoBwShortterm = b.bwShortterm;
  b.undoInflightShortterm = b.inflightShortterm;
  b.undoInflightLongterm = b.inflightLongterm;
}
