import { REPLAY_WINDOW } from '../../src/core/wire/limits.ts';

/** Runs of what is in the set among the last REPLAY_WINDOW counters, newest first, by looking at each: [first, last]. */
export function seenRanges(seen: ReadonlySet<number>, highest: number): [number, number][] {
  const runs: [number, number][] = [];
  for (let counter = highest; counter >= Math.max(0, highest - REPLAY_WINDOW + 1); counter--) {
    if (!seen.has(counter)) continue;
    const oldest = runs.at(-1);
    if (oldest?.[0] === counter + 1) oldest[0] = counter;
    else runs.push([counter, counter]);
  }
  return runs;
}
