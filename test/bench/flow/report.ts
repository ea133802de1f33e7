/** Figures as a table, and whether they are as wanted. */
import type { Taken } from './kinds.ts';
import type { Bound } from './scenarios.ts';

export interface Verdict {
  readonly text: string;
  readonly isMet: boolean;
}

/** Rows are contenders, columns figures; below it who was left out, and why. */
export function table(name: string, results: ReadonlyMap<string, Taken | string>): string {
  const taken = [...results].flatMap(([contender, result]) =>
    typeof result === 'string' ? [] : [{ contender, figures: result.figures }],
  );
  const columns = [...new Set(taken.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = [
    [name, ...columns],
    ...taken.map(({ contender, figures }) => [contender, ...columns.map((column) => shown(figures[column]))]),
  ];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0))) ?? [];
  const rows = lines.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
  const missing = [...results].flatMap(([contender, result]) =>
    typeof result === 'string' ? [`${contender} is left out: ${result}`] : [],
  );
  return [...rows, ...missing].join('\n');
}

function shown(value: number | undefined): string {
  if (value === undefined) return '-';
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** What is wanted of who took part; of who was left out nothing is said. */
export function judged(
  name: string,
  bounds: readonly Bound[],
  results: ReadonlyMap<string, Taken | string>,
): Verdict[] {
  return bounds.flatMap(({ figure, of = 'mcc', least = -Infinity, most = Infinity }) => {
    const result = results.get(of);
    if (result === undefined || typeof result === 'string') return [];
    const value = result.figures[figure] ?? Number.NaN;
    const isMet = value >= least && value <= most;
    const bound = least > -Infinity ? `at least ${least}` : `at most ${most}`;
    const text = `${isMet ? 'met    ' : 'NOT MET'} ${name}: ${of}, ${figure}: ${shown(value)}, wanted ${bound}`;
    return [{ text, isMet }];
  });
}
