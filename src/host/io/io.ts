// The door of io: the turn, the clocks, the interface.
export { nowMs, WallClock } from './clock.ts';
export {
  configureInterface,
  type InterfacePlan,
  interfaceDiffers,
  localAddresses,
  usedPrefixes,
} from './interface.ts';
export { LanDiscovery, type LanOptions } from './lan.ts';
export { resolveAddresses } from './resolve.ts';
export { Turn, type TurnHooks } from './turn.ts';
