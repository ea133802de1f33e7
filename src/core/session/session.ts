// The door of session: the gate that opens strangers' initiations, the machine per remote, and the simulator's twins of what
// keeps transport keys safe.
export { AddressSecret, SECRET_MS, WayTokens } from './address-secret.ts';
export { FRESHNESS_BLOCK, FreshnessCounter, Ledger } from './freshness.ts';
export { classifyAnswer, type GateOptions, HandshakeGate } from './gate.ts';
export { DEFAULT_LIMITS, Session } from './machine.ts';
export { addressed, returnedTokenOf, wayTokenOf } from './messages.ts';
export { type CounterVerdict, ReplayWindow, SendCounters } from './replay.ts';
