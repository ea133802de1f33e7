import { CodedError } from '../core/base/errors.ts';
import { parseSocketAddress } from '../core/base/ip.ts';

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** 90s, 30m, 24h, 7d -> ms. */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS_MS[unit] ?? Number.NaN);
  if (!(ms > 0)) throw new CodedError('DURATION_INVALID', text.slice(0, 32));
  return ms;
}

/** A whole number within bounds; `option` is named in the refusal. */
export function parseWhole(value: unknown, option: string, least: number, most: number): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
    throw new CodedError('NUMBER_INVALID', `${option} takes a whole number from ${least} to ${most}`);
  }
  return number;
}

/** HOST:PORT, ADDRESS:PORT, [ADDRESS]:PORT, or any of them without a port. The daemon resolves names. */
export function checkAddress(text: string): string {
  const [, digits] = /^[A-Za-z0-9-][A-Za-z0-9.-]{0,252}(?::(\d{1,5}))?$/.exec(text) ?? ['', '0'];
  const isName = Number(digits ?? 1) >= 1 && Number(digits ?? 1) <= 65_535;
  if (!isName && parseSocketAddress(text, 1) === undefined) {
    throw new CodedError('ADDRESS_INVALID', text.slice(0, 64));
  }
  return text;
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function checkName(name: string): string {
  if (!LABEL.test(name)) throw new CodedError('NAME_INVALID', name.slice(0, 64));
  return name;
}

/** A host's name as a node name: its first label, lower case, anything odd a hyphen. */
export function nameFromHost(hostname: string): string {
  const label = (hostname.toLowerCase().split('.')[0] ?? '')
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' ? 'node' : label;
}
