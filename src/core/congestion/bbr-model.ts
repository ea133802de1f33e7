// "Updating Network Path Model Parameters": what acknowledgements and losses say about the path.
import { NEVER, SECOND_MS } from '../base/time.ts';
import {
  BETA,
  EXTRA_ACKED_FILTER_ROUNDS,
  FULL_BW_GROWTH,
  FULL_BW_ROUNDS,
  MAX_BW_FILTER_CYCLES,
  MIN_RTT_FILTER_MS,
  PROBE_RTT_DURATION_MS,
  PROBE_RTT_INTERVAL_MS,
  PROBE_RTT_NEAR,
  PROBE_RTT_ROUNDS,
} from './bbr-constants.ts';
import { startProbeBwDown, startProbeBwRefill } from './bbr-cycle.ts';
import { type BbrState, inflightAtLoss } from './bbr-state.ts';
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
  if (b.phase === 'ProbeBW_CRUISE') b.losses.onCruiseRound(b.lostInRound, b.lostInRound + b.inflightLatest);
  // Losses of which this round shows that they are none of ours: what they led to is taken back.
  const isNoCongestion = b.losses.onRound(b.now);
  if (isNoCongestion && b.markedInRound === 0) {
    b.resetShortTermModel();
    b.inflightLongterm = NEVER;
    if (b.isInProbeBw && !b.isProbingBw) startProbeBwRefill(b);
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
  const lost = b.lostInRound;
  if (lost <= b.losses.allowedInRound(lost + b.inflightLatest) && b.markedInRound === 0) return;
  b.queue.onCongestion();
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
  // Beyond the draft, a queue tells as well that there is no more.
  const { queue } = b;
  const isQueued = b.phase === 'Startup' ? queue.isHeldInQueue : b.phase === 'ProbeBW_UP' && queue.isGrown;
  b.isFullBwNow = b.fullBwCount >= (isQueued ? FULL_BW_ROUNDS - 1 : FULL_BW_ROUNDS);
  if (b.isFullBwNow) b.isFullBwReached = true;
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
  b.queue.onTooHigh();
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
