// What somebody may have meant. Only ever suggested, never taken.

const DISTANCE_MAX = 2;

/** The candidate that differs from the word by the fewest letters, two at most and fewer than its length. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = DISTANCE_MAX + 1;
  for (const candidate of candidates) {
    const letters = distance(candidate.toLowerCase(), word.toLowerCase());
    if (letters < Math.min(least, candidate.length)) {
      best = candidate;
      least = letters;
    }
  }
  return best;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
