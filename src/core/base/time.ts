// Units of time. The protocol counts in milliseconds of a clock that only goes forward, certificates in seconds of
// the calendar's (Unix time); both come in as arguments.

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const MINUTE_S = 60;
export const HOUR_S = 60 * MINUTE_S;
export const DAY_S = 24 * HOUR_S;

/** What a machine's `wakeAt` says when it waits for nothing. */
export const NEVER = Number.POSITIVE_INFINITY;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** Milliseconds that "90s", "15m", "24h", "7d" or "1h30m" name; undefined for anything else, zero included. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,9}[smhdw])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g)) total += Number(amount) * UNIT_MS[unit];
  return total === 0 || !Number.isSafeInteger(total) ? undefined : total;
}

/** The two largest units of a span: "3d 4h", "59m 1s", "0s". */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / SECOND_MS));
  const parts: string[] = [];
  for (const [name, seconds] of [
    ['d', DAY_S],
    ['h', HOUR_S],
    ['m', MINUTE_S],
    ['s', 1],
  ] as const) {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0 || parts.length > 0) parts.push(`${amount}${name}`);
  }
  return (
    parts
      .slice(0, 2)
      .filter((part) => !part.startsWith('0'))
      .join(' ') || '0s'
  );
}
