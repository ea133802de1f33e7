// The constants of BBR, named after draft-ietf-ccwg-bbr (version of 2026-08-03); sections by their titles there.
import { SECOND_MS } from '../base/time.ts';

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
/** "Exiting Startup Based on Packet Loss" [BBRStartupFullLossCnt] */
export const STARTUP_LOSS_EVENTS = 6;
/** "Drain": rounds after which it ends at the latest. */
export const DRAIN_ROUNDS = 3;
/** "Send Quantum" */
export const SEND_QUANTUM_MAX = 65_536;
