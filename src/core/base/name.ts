// Names of nodes, organisations, networks and services: one DNS label each, lower case (RFC 1035, RFC 1123).
import { decodeBase32 } from './base32.ts';

/** 1 to 63 lower-case letters, digits and hyphens, no hyphen at either end. */
export function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** A name in which "*" stands for any run of characters. */
export function isNamePattern(text: string): boolean {
  return /^[a-z0-9*-]{1,63}$/.test(text);
}

/** Whether a valid pattern covers a name. Linear in both lengths: a remote chooses both. */
export function matchesPattern(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  if (pieces.length === 1) return pattern === name;
  const first = pieces[0];
  const last = pieces[pieces.length - 1];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  const end = name.length - last.length;
  for (let i = 1; i < pieces.length - 1; i++) {
    const found = name.indexOf(pieces[i], at);
    if (found < 0 || found + pieces[i].length > end) return false;
    at = found + pieces[i].length;
  }
  return true;
}

/** The label under which names of nodes stand. */
export const NODE_LABEL = 'node';

// `mcc` is the zone; the others are names by which hosts trust whoever answers (RFC 6761, WPAD, RFC 5214).
const RESERVED: readonly string[] = [NODE_LABEL, 'mcc', 'localhost', 'wpad', 'isatap'];
/** Characters of a 32-byte ID as text. */
const ID_LENGTH = 52;

/** Why nobody may offer a service of this name, as half a sentence; undefined: it is a good one. */
export function serviceNameFault(name: string): string | undefined {
  if (name.startsWith('_')) return `"${name}" begins with "_", as names of protocols in DNS do`;
  if (!isName(name)) return `"${name}" is not a name`;
  if (RESERVED.includes(name)) return `"${name}" is reserved (so are ${RESERVED.join(', ')})`;
  if (/^\d+$/.test(name)) return `"${name}" has only digits, so that programs take it for an address`;
  if (name.length === ID_LENGTH && decodeBase32(name) !== undefined)
    return `"${name}" has the form of a node ID`;
  return undefined;
}
