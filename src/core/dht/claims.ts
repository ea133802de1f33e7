// What to believe of figures that remotes state: single ones lie.
import { WIDTH_NEAR, WIDTH_SHARD } from './limits.ts';
import { compareDistance, distance, type Place } from './place.ts';

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

/** The k closest reach about k / WIDTH_SHARD times as far as the closest WIDTH_SHARD; half of that is surely among them. */
const REACH = 2.5;

/** Of those that answered the ones that are to hold what is under the key, not those met on the way to it. */
export function keepers<T extends Place>(key: Place, claims: readonly T[]): T[] {
  const near = nearest(key, claims);
  const edge = near[Math.min(WIDTH_SHARD, near.length) - 1];
  if (edge === undefined) return [];
  const reach = REACH * distance(key, edge);
  return near.filter((claim) => distance(key, claim) <= reach);
}

/** What half of them do not exceed, and half of them reach. */
export function middle(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => b - a);
  return sorted[sorted.length >> 1] ?? 0;
}

/** The largest figure that VOICES reach; of fewer, all of them. */
export function believed(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => b - a);
  return sorted[Math.min(VOICES, sorted.length) - 1] ?? 0;
}
