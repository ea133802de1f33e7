// How an even sample is drawn from a key that is spread, when only some of its shards are read.

export interface Shares {
  /** Records to take from each of the shards read, in their order. */
  readonly counts: readonly number[];
  /** Part of the records under the root key that is to be taken. */
  readonly rootPart: number;
}

/**
 * Every record is to have the same chance, whatever else its shard holds. So which part of a shard is taken is measured by the
 * other shards that were read, while itself it weighs no more than any that was not read: else the records of a full shard would
 * be drawn more seldom than those of a thin one. Parts of records are settled by one throw for all shards, which keeps the
 * sample near `wanted`. `held`: records of the shards read, which were drawn evenly out of `shards`; `chance`: evenly from 0 .. 1.
 */
export function shareOut(
  held: readonly number[],
  atRoot: number,
  shards: number,
  wanted: number,
  chance: number,
): Shares {
  const read = held.length;
  const sum = held.reduce((all, records) => all + records, 0);
  // The root key's records take part as often as a shard is read.
  const readShare = read / shards;
  const ofRoot = atRoot * readShare;
  let passed = chance;
  const counts = held.map((records) => {
    const others = read > 1 ? (sum - records) / (read - 1) : records;
    const mean = (others * (shards - 1) + records) / shards;
    const before = Math.floor(passed);
    passed += records * partOf(wanted, mean * read + ofRoot);
    return Math.min(records, Math.floor(passed) - before);
  });
  return { counts, rootPart: readShare * partOf(wanted, sum + ofRoot) };
}

function partOf(wanted: number, records: number): number {
  return records <= wanted ? 1 : wanted / records;
}

/** Standard deviations of what the shards read tell of all, within which other figures are believed. */
const DOUBT = 3;

/**
 * Records under a key that is spread. `told`: figures of the root key's holders, of whom few saw all who came while it was full;
 * of those that the shards do not speak against, the second largest, since one may lie. `held`, `atRoot`, `shards`: as above.
 */
export function estimateTotal(
  told: readonly number[],
  held: readonly number[],
  atRoot: number,
  shards: number,
): number {
  const sum = held.reduce((all, records) => all + records, 0);
  const scale = shards / Math.max(1, held.length);
  const estimate = atRoot + sum * scale;
  // One record more, lest shards that happen to be empty speak against everything.
  const doubt = DOUBT * Math.sqrt(sum + 1) * scale;
  const plausible = told.filter((total) => Math.abs(total - estimate) <= doubt).sort((a, b) => b - a);
  return Math.max(atRoot, plausible[1] ?? plausible[0] ?? Math.round(estimate));
}
