// Puts a verified record into the own store, and sees that the others that are to hold it get it.

import { toHex } from '../base/bytes.ts';
import { fraction } from '../base/rng.ts';
import type { Env } from './env.ts';
import { PASS_ON_MS, REPLICATE_MS, SWEEP_MS } from './limits.ts';
import type { Turn } from './requests.ts';
import type { Arrival, StoreVerdict } from './store.ts';

export const TIMER_SWEEP = 'sweep';

/** Of a key in the store: its records are to be passed on, or looked after. */
export function keyTimer(id: string): string {
  return `key ${id}`;
}

/** The key that a timer is of; undefined: it is another timer. */
export function keyOfTimer(timer: string): string | undefined {
  return timer.startsWith('key ') ? timer.slice(4) : undefined;
}

/** What another holder brought is passed on by that one. */
export function keep(env: Env, arrival: Arrival, turn: Turn): StoreVerdict {
  const verdict = env.store.put(arrival, turn.now);
  if (verdict !== 'done' && verdict !== 'same') return verdict;
  const id = toHex(arrival.key);
  const entry = env.store.get(id);
  if (entry === undefined) return verdict;
  const timer = keyTimer(id);
  if (arrival.isReplica) {
    entry.fresh.delete(arrival.publisher.id);
  } else if (verdict === 'done') {
    entry.fresh.add(arrival.publisher.id);
    const at = turn.now + fraction(env.rng) * PASS_ON_MS;
    env.timers.set(timer, Math.min(at, env.timers.get(timer) ?? at));
  }
  if (env.timers.get(timer) === undefined) lookAfter(env, id, turn.now);
  if (env.timers.get(TIMER_SWEEP) === undefined) env.timers.set(TIMER_SWEEP, turn.now + SWEEP_MS);
  return verdict;
}

/** The key is looked at again after REPLICATE_MS, give or take half. */
export function lookAfter(env: Env, id: string, now: number): void {
  env.timers.set(keyTimer(id), now + REPLICATE_MS * (0.5 + fraction(env.rng)));
}
