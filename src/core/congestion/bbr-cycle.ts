// "State Machine Operation": the cycle of ProbeBW. Startup, Drain and ProbeRTT stand in bbr.ts.
import { fraction, uniform } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { DEFAULT_CWND_GAIN, PROBE_DOWN_PACING_GAIN, PROBE_UP_CWND_GAIN } from './bbr-constants.ts';
import type { BbrState } from './bbr-state.ts';

/** "A Dual-Time-Scale Approach for Coexistence": ms, and rounds, between two probes. */
const PROBE_WAIT_MS = 2 * SECOND_MS;
const PROBE_WAIT_JITTER_MS = SECOND_MS;
const RENO_ROUNDS_MAX = 63;
/** "ProbeBW Algorithm Details": doublings of the growth of inflight_longterm. */
const PROBE_UP_ROUNDS_MAX = 30;

/** [EnterProbeBW], [StartProbeBW_DOWN] with [PickProbeWait] */
export function startProbeBwDown(b: BbrState): void {
  if (b.phase === 'ProbeBW_UP') b.queue.onProbed();
  b.resetCongestionSignals();
  b.probeUpAckedPerIncrease = NEVER;
  b.roundsSinceProbeUp = uniform(b.rng, 2);
  b.bwProbeWaitMs = PROBE_WAIT_MS + fraction(b.rng) * PROBE_WAIT_JITTER_MS;
  b.cycleAt = b.now;
  b.ackPhase = 'probeStopping';
  b.startRound();
  b.enter('ProbeBW_DOWN', PROBE_DOWN_PACING_GAIN, DEFAULT_CWND_GAIN);
}

/** [StartProbeBW_CRUISE] */
export function startProbeBwCruise(b: BbrState): void {
  b.queue.onPhase();
  b.enter('ProbeBW_CRUISE', 1, DEFAULT_CWND_GAIN);
}

/** [StartProbeBW_REFILL] */
export function startProbeBwRefill(b: BbrState): void {
  b.resetShortTermModel();
  b.bwProbeUpRounds = 0;
  b.bwProbeUpAcked = 0;
  b.isPrevProbePrecautionary = false;
  b.ackPhase = 'refilling';
  b.startRound();
  b.enter('ProbeBW_REFILL', 1, DEFAULT_CWND_GAIN);
}

/** [StartProbeBW_UP] */
function startProbeBwUp(b: BbrState): void {
  b.ackPhase = 'probeStarting';
  b.startRound();
  b.resetFullBw();
  b.fullBw = b.sample.deliveryRate;
  b.queue.onPhase();
  b.enter('ProbeBW_UP', b.queue.probeGain, PROBE_UP_CWND_GAIN);
  raiseInflightLongtermSlope(b);
}

/** [UpdateProbeBWCyclePhase] */
export function updateProbeBwCyclePhase(b: BbrState): void {
  if (!b.isFullBwReached || adaptLongTermModel(b)) return;
  switch (b.phase) {
    case 'ProbeBW_DOWN':
      if (isTimeToProbeBw(b)) startProbeBwRefill(b);
      else if (isTimeToCruise(b)) startProbeBwCruise(b);
      return;
    case 'ProbeBW_CRUISE':
      b.queue.onCruise();
      if (isTimeToProbeBw(b)) startProbeBwRefill(b);
      return;
    case 'ProbeBW_REFILL':
      if (!b.isRoundStart) return;
      b.isBwProbeSample = true;
      startProbeBwUp(b);
      return;
    case 'ProbeBW_UP':
      b.queue.onProbe();
      if (isTimeToGoDown(b)) {
        b.isPrevProbeTooHigh = false;
        startProbeBwDown(b);
      } else paceProbe(b);
      return;
    default:
      return;
  }
}

/**
 * [IsTimeToProbeBW] with [IsRenoCoexistenceProbeTime]; beyond the draft, not before a round has told how the last probe ended: where a queue
 * makes rounds longer than the wait, cycles would never be counted, and a rate of long ago never forgotten.
 */
function isTimeToProbeBw(b: BbrState): boolean {
  if (b.ackPhase === 'probeStopping') return false;
  const renoRounds = Math.min(b.targetInflight / b.transport.smss, RENO_ROUNDS_MAX);
  return b.now > b.cycleAt + b.bwProbeWaitMs || b.roundsSinceProbeUp >= renoRounds;
}

/** [IsTimeToCruise] */
function isTimeToCruise(b: BbrState): boolean {
  const { inflight } = b.transport;
  return inflight <= b.inflightWithHeadroom && inflight <= b.inflight(1, b.maxBw);
}

/** [IsTimeToGoDown] */
function isTimeToGoDown(b: BbrState): boolean {
  const { transport } = b;
  if (b.isPrevProbeTooHigh && transport.inflight >= b.inflightLongterm) {
    b.isPrevProbePrecautionary = true;
    return true;
  }
  if (transport.isCwndLimited && b.cwnd >= b.inflightLongterm) {
    b.resetFullBw();
    b.fullBw = b.sample.deliveryRate;
    return false;
  }
  // A full window asks for no more than it did before.
  return b.isFullBwNow || (!transport.isCwndLimited && b.queue.hasFoundNothing);
}

function paceProbe(b: BbrState): void {
  const wasAwaiting = b.pacingGain === 1;
  b.pacingGain = b.queue.probeGain;
  if (!wasAwaiting || b.pacingGain === 1) return;
  // It found something, or asks others from now on, and begins anew.
  b.resetFullBw();
  b.fullBw = b.sample.deliveryRate;
}

/** [RaiseInflightLongtermSlope] */
function raiseInflightLongtermSlope(b: BbrState): void {
  const growth = 2 ** b.bwProbeUpRounds;
  b.bwProbeUpRounds = Math.min(b.bwProbeUpRounds + 1, PROBE_UP_ROUNDS_MAX);
  b.probeUpAckedPerIncrease = Math.max(b.cwnd / growth, b.transport.smss);
}

/** [ProbeInflightLongtermUpward] */
function probeInflightLongtermUpward(b: BbrState): void {
  const { transport } = b;
  if (!transport.isCwndLimited || b.cwnd < b.inflightLongterm) return;
  b.bwProbeUpAcked += b.sample.newlyAcked;
  if (b.bwProbeUpAcked >= b.probeUpAckedPerIncrease) {
    const steps = Math.floor(b.bwProbeUpAcked / b.probeUpAckedPerIncrease);
    b.bwProbeUpAcked -= steps * b.probeUpAckedPerIncrease;
    b.inflightLongterm += steps * transport.smss;
  }
  if (b.isRoundStart) raiseInflightLongtermSlope(b);
}

/** [AdaptLongTermModel] with [AdvanceMaxBwFilter]; true: it decided on a transition. */
function adaptLongTermModel(b: BbrState): boolean {
  const { sample } = b;
  if (b.ackPhase === 'probeStarting' && b.isRoundStart) b.ackPhase = 'probeFeedback';
  if (b.ackPhase === 'probeStopping' && b.isRoundStart) {
    b.isBwProbeSample = false;
    b.ackPhase = 'init';
    if (b.isInProbeBw && !sample.isAppLimited) b.cycleCount++;
    if (b.isInProbeBw && b.isPrevProbePrecautionary && !b.isPrevProbeTooHigh) {
      startProbeBwRefill(b);
      return true;
    }
  }
  if (b.isInflightTooHigh || b.inflightLongterm === NEVER) return false;
  b.inflightLongterm = Math.max(b.inflightLongterm, sample.txInFlight);
  if (b.phase === 'ProbeBW_UP') probeInflightLongtermUpward(b);
  return false;
}
