import { REPLAY_WINDOW } from '../../src/core/wire/limits.ts';

/**
 * Runs of what is in the set among the last REPLAY_WINDOW counters, newest first, by looking at each: [first, last]. The newest goes on
 * below them as far as all of it is in `inOrder`: counters that came right behind the one below them.
 */
export function seenRanges(
  seen: ReadonlySet<number>,
  highest: number,
  inOrder: ReadonlySet<number>,
): [number, number][] {
  const runs: [number, number][] = [];
  const oldest = Math.max(0, highest - REPLAY_WINDOW + 1);
  for (let counter = highest; counter >= oldest; counter--) {
    if (!seen.has(counter)) continue;
    const last = runs.at(-1);
    if (last?.[0] === counter + 1) last[0] = counter;
    else runs.push([counter, counter]);
  }
  if (runs.length === 0 || runs[0][0] > oldest) return runs;
  let first = highest;
  while (inOrder.has(first)) first--;
  runs[0][0] = Math.min(oldest, first);
  return runs;
}
