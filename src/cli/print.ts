// What people see: data on standard output, talk on standard error.
import type { NatKind, PathView } from '../host/api/types.ts';

export function data(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function json(value: unknown): void {
  data(JSON.stringify(value, undefined, 2));
}

export function talk(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The next useful command; only for people who watch. */
export function next(line: string): void {
  if (process.stderr.isTTY) talk(line);
}

/** Text of remotes: no control, bidirectional or invisible character reaches the terminal; at most 64 characters, or `longest`. */
export function safe(text: string, longest = 64): string {
  const visible = text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
  return visible.length > longest ? `${visible.slice(0, longest - 1)}…` : visible;
}

/** Columns by the widest cell; the last one is not padded. `right` columns are aligned to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        if (right.includes(column)) return cell.padStart(widths[column]);
        return column === row.length - 1 ? cell : cell.padEnd(widths[column]);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** 950, 1.2 K, 310 M, 1.2 G: powers of 1,000. */
export function volume(bytes: number): string {
  const units = ['', ' K', ' M', ' G', ' T'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value).toString();
  return digits + units[unit];
}

/** 0.14 ms, 8 ms, 1.2 s. */
export function roundTrip(ms: number | null): string {
  if (ms === null) return '-';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 12 s, 5 min, 3 h, 4 d. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export function ago(time: string | null, nowMs: number): string {
  if (time === null) return 'never';
  const ms = nowMs - Date.parse(time);
  return ms < 10_000 ? 'now' : `${span(ms)} ago`;
}

export function path(view: PathView): string {
  if (view.kind === null) return '-';
  const { kind, remote, relay, transport } = view;
  const over = transport === 'tcp' || transport === 'tls' ? ` over ${transport.toUpperCase()}` : '';
  const to = kind === 'relayed' && relay ? safe(relay) : (remote ?? '');
  return `${kind} ${to}`.trimEnd() + over;
}

const NAT_NAMES: Readonly<Record<NatKind, string>> = {
  unknown: 'NAT, not known how strict',
  open: 'no NAT',
  fullCone: 'NAT that lets in everybody (full cone)',
  addressRestricted: 'NAT that lets in whom this host called (address-restricted)',
  portRestricted: 'NAT that lets in answers only (port-restricted)',
  symmetric: 'NAT with another port for every remote (symmetric)',
  symmetricPredictable: 'NAT with the next port for every remote (symmetric, predictable)',
};

export function natName(kind: NatKind | null): string {
  return NAT_NAMES[kind ?? 'unknown'];
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
