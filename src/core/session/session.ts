export { type CounterVerdict, ReplayWindow, SendCounters } from './replay.ts';
