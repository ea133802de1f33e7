// What to believe of figures that remotes state: single ones lie.
import { WIDTH_NEAR } from './limits.ts';
import { compareDistance, type Place } from './place.ts';

export interface Claim extends Place {
  /** Records under the key. */
  readonly total: number;
  readonly spread: number;
}

/** So many must say it. */
const VOICES = 3;

/** The claims of those nearest to a key, who are to know. */
export function nearest<T extends Place>(key: Place, claims: readonly T[]): T[] {
  return [...claims].sort((a, b) => compareDistance(key, a, b)).slice(0, WIDTH_NEAR);
}

/** The largest figure that VOICES reach; of fewer, all of them. */
export function believed(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => b - a);
  return sorted[Math.min(VOICES, sorted.length) - 1] ?? 0;
}
