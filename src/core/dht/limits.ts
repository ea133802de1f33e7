// Figures of the DHT that are no limits on the wire.
import type { DhtLimits } from './types.ts';

export const DEFAULT_DHT_LIMITS: DhtLimits = {
  k: 20,
  alpha: 3,
  paths: 3,
  copies: 3,
  recordsPerKey: 64,
  recordsPerPublisher: 256,
  recordsPerPrefix: 4096,
  storeBytes: 16 * 2 ** 20,
  upkeepBytesPerDay: 2 * 2 ** 20,
};

/** Records of one find. */
export const FIND_LIMIT = 32;
export const FIND_LIMIT_MAX = 256;
/** Finds of the caller under way. */
export const FINDS_MAX = 512;
