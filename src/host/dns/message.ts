// As much of a DNS message (RFC 1035, 4.1) as forwarding needs: the question, and where answers point to.
import { type IpAddress, ipFromBytes } from '../../core/base/ip.ts';

export const HEADER_BYTES = 12;
/** QR in the first flag byte, TC likewise. */
const FLAG_RESPONSE = 0x80;
const FLAG_TRUNCATED = 0x02;
const FLAG_RECURSION_AVAILABLE = 0x80;
const OPCODE = 0x78;
const KEPT_FLAGS = OPCODE | 0x01;

const TYPE_A = 1;
const TYPE_AAAA = 28;
const TYPE_SVCB = 64;
const TYPE_HTTPS = 65;
const SVC_IPV4HINT = 4;
const SVC_IPV6HINT = 6;

/** Response codes. */
export const SERVFAIL = 2;
export const REFUSED = 5;

const NAME_BYTES_MAX = 255;

export interface Question {
  /** Lower case, without the dot at the end. Bytes that are no letters, digits, hyphens or underscores are "?". */
  readonly name: string;
  /** Offset behind type and class. */
  readonly end: number;
}

/** The one question of a query of opcode 0; undefined: not such a query. */
export function questionOf(bytes: Uint8Array): Question | undefined {
  if (bytes.length < HEADER_BYTES || (bytes[2] & (FLAG_RESPONSE | OPCODE)) !== 0) return undefined;
  return question(bytes);
}

function question(bytes: Uint8Array): Question | undefined {
  if (u16(bytes, 4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = bytes[at++];
    // There is nothing before the question that a pointer could lead to.
    if (length === undefined || length > 63) return undefined;
    if (length === 0) break;
    const end = at + length;
    if (end > bytes.length || end - HEADER_BYTES > NAME_BYTES_MAX) return undefined;
    labels.push(label(bytes.subarray(at, end)));
    at = end;
  }
  if (at + 4 > bytes.length) return undefined;
  return { name: labels.join('.'), end: at + 4 };
}

/** Whether this answers that query: same ID and question, QR set. */
export function answers(response: Uint8Array, query: Uint8Array): boolean {
  if (response.length < HEADER_BYTES || (response[2] & FLAG_RESPONSE) === 0) return false;
  if (response[0] !== query[0] || response[1] !== query[1]) return false;
  const asked = question(query);
  const told = question(response);
  if (asked === undefined || told?.end !== asked.end || told.name !== asked.name) return false;
  return u16(query, asked.end - 4) === u16(response, told.end - 4);
}

export function isTruncated(bytes: Uint8Array): boolean {
  return (bytes[2] & FLAG_TRUNCATED) !== 0;
}

/** A response without records: only header and question. */
export function emptyResponse(query: Uint8Array, code: number, isCut = false): Uint8Array {
  const end = question(query)?.end ?? HEADER_BYTES;
  const response = Uint8Array.from(query.subarray(0, end));
  response[2] = FLAG_RESPONSE | (query[2] & KEPT_FLAGS) | (isCut ? FLAG_TRUNCATED : 0);
  response[3] = FLAG_RECURSION_AVAILABLE | code;
  response.fill(0, 6, HEADER_BYTES);
  if (end === HEADER_BYTES) response[5] = 0;
  return response;
}

/**
 * Calls `visit` with each address that records of a response carry: A, AAAA and the hints of SVCB and HTTPS. False: the
 * message is malformed.
 */
export function visitAddresses(bytes: Uint8Array, visit: (ip: IpAddress) => void): boolean {
  const asked = question(bytes);
  if (asked === undefined) return false;
  let at = asked.end;
  const records = u16(bytes, 6) + u16(bytes, 8) + u16(bytes, 10);
  for (let i = 0; i < records; i++) {
    const type = skipName(bytes, at);
    if (type === undefined || type + 10 > bytes.length) return false;
    const data = type + 10;
    const end = data + u16(bytes, type + 8);
    if (end > bytes.length) return false;
    if (!visitRecord(bytes.subarray(data, end), u16(bytes, type), visit)) return false;
    at = end;
  }
  return true;
}

function visitRecord(data: Uint8Array, type: number, visit: (ip: IpAddress) => void): boolean {
  switch (type) {
    case TYPE_A:
      return data.length === 4 && visitAll(data, 4, visit);
    case TYPE_AAAA:
      return data.length === 16 && visitAll(data, 16, visit);
    case TYPE_SVCB:
    case TYPE_HTTPS:
      return visitHints(data, visit);
    default:
      return true;
  }
}

/** SvcParams (RFC 9460, 2.2): priority, target, then key, length, value. */
function visitHints(data: Uint8Array, visit: (ip: IpAddress) => void): boolean {
  let at = skipName(data, 2);
  if (at === undefined) return false;
  while (at < data.length) {
    if (at + 4 > data.length) return false;
    const key = u16(data, at);
    const end: number = at + 4 + u16(data, at + 2);
    if (end > data.length) return false;
    const value = data.subarray(at + 4, end);
    if (key === SVC_IPV4HINT && !visitAll(value, 4, visit)) return false;
    if (key === SVC_IPV6HINT && !visitAll(value, 16, visit)) return false;
    at = end;
  }
  return true;
}

function visitAll(bytes: Uint8Array, size: number, visit: (ip: IpAddress) => void): boolean {
  if (bytes.length % size !== 0) return false;
  for (let at = 0; at < bytes.length; at += size) {
    const ip = ipFromBytes(bytes.subarray(at, at + size));
    if (ip === undefined) return false;
    visit(ip);
  }
  return true;
}

/** Offset behind a name, which may end in a pointer; undefined: it leaves the message. */
function skipName(bytes: Uint8Array, at: number): number | undefined {
  for (;;) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return at + 1;
    if ((length & 0xc0) === 0xc0) return at + 2;
    if (length > 63) return undefined;
    at += 1 + length;
  }
}

function label(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    text += /[A-Za-z0-9_-]/.test(char) ? char.toLowerCase() : '?';
  }
  return text;
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}
