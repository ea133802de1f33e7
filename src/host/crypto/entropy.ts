// The kernel's randomness as the core's Rng.
import { randomFillSync } from 'node:crypto';
import type { Rng } from '../../core/base/rng.ts';

export const systemRng: Rng = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  u32: () => randomFillSync(new Uint32Array(1))[0],
};
