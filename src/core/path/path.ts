// The door of path: which address a remote's datagrams go to, and all that finds ways there.
export { CalledLog, SAVE_CALLED_MS, SAVED_MAX } from './called-log.ts';
export { CANDIDATES_MAX, CIRCUITS_MAX, isLeftToPunching, TOLD_PORTS_MAX } from './candidates.ts';
export { LIFETIME_MAX_S, LIFETIME_MIN_S, LifetimeSearch } from './lifetime-search.ts';
export { PathMachine } from './machine.ts';
export { MTU_BASE, MTU_CONFIRM_MS, MTU_MOST, MTU_RAISE_MS, MTU_TRIES } from './mtu-search.ts';
export { type Family, NatObserver, type NatView } from './nat.ts';
export { overhead, SEAL_BYTES } from './overhead.ts';
export { PortSamples, SAMPLE_FRESH_MS } from './port-samples.ts';
export { PROBES_PER_SECOND_ALL, SILENT_PROBES } from './probe-budget.ts';
export { isNeighbour, LOW_TTL, PROBES_MAX, type PunchPlan, planOpening, planPunch } from './punch.ts';
export { PunchRounds } from './punch-rounds.ts';
export { OPENED_MS, RENEW_MS, Reachability } from './reachability.ts';
export { DEFAULT_RELAY_LIMITS, RelayDesk } from './relay-desk.ts';
export { RelayTrials } from './relay-trial.ts';
export { RelayUse } from './relay-use.ts';
export { HEAD_START_MS, ROUND_ADDRESSES } from './rounds.ts';
export { FRESH_MS, WINS_NEEDED } from './select.ts';
export { ASK_EVERY_MS, ASK_MS, PROBE_WAIT_MS, SILENCE_MS } from './silence.ts';
export { SILENT_MS, StreamUse, UDP_AGAIN_MS, UNUSED_STREAM_MS } from './stream-use.ts';
export {
  CallBudget,
  TOLD_BURST,
  TOLD_PER_SECOND,
  TOLD_TESTS,
  TOLD_TRIES,
  TOLD_WINDOW_MS,
  ToldBudget,
} from './told.ts';
