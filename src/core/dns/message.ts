// DNS messages as bytes (RFC 1035 section 4, RFC 6891): reading a query. Only what a server of one zone needs: a
// header, one question, and whether the asker speaks EDNS.
import { readU16BE, readU32BE } from '../base/bytes.ts';

export const HEADER_BYTES = 12;
/** Bytes of a name on the wire (RFC 1035 section 2.3.4). */
export const NAME_BYTES_MAX = 255;
const LABEL_BYTES_MAX = 63;
/** Records behind the question of a query. One is usual (OPT); nobody needs more than a few. */
const EXTRA_RECORDS_MAX = 8;

/** What an asker without EDNS takes over UDP (RFC 1035 section 2.3.4). */
export const UDP_BYTES_PLAIN = 512;
/** The most that is sent or accepted over UDP, so that nothing is ever fragmented (RFC 9715). */
export const UDP_BYTES_MAX = 1232;
/** Two bytes of length say no more over TCP (RFC 1035 section 4.2.2). */
export const TCP_BYTES_MAX = 65_535;

export const Type = {
  A: 1,
  NS: 2,
  SOA: 6,
  PTR: 12,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  /** 249 TKEY, 250 TSIG, 251 IXFR, 252 AXFR, 253 MAILB, 254 MAILA: no types of data. */
  FIRST_META: 249,
  LAST_META: 254,
  ANY: 255,
} as const;

export const CLASS_IN = 1;

/** RFC 1035 section 4.1.1; 16 is EDNS's (RFC 6891 section 9). */
export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;

/** Bits of the second header word. */
export const Flag = {
  QR: 0x8000,
  AA: 0x0400,
  TC: 0x0200,
  RD: 0x0100,
  CD: 0x0010,
} as const;
const OPCODE_MASK = 0x7800;

/** A query that can be answered. */
export interface Query {
  /** RFC 1035 names; lower case, one per label, each byte one character (Latin-1). */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
  /** Where the question ends in the message. */
  readonly questionEnd: number;
  /** Bytes that the asker takes over UDP, UDP_BYTES_PLAIN .. UDP_BYTES_MAX. */
  readonly udpBytes: number;
  /** EDNS version; -1: the query has no OPT record. */
  readonly ednsVersion: number;
}

/** What is wrong with a message: no answer at all for the first two, else the response code. */
export type QueryFault = 'noHeader' | 'isResponse' | typeof Rcode.FORMERR | typeof Rcode.NOTIMP;

/** Header flags of an answer to this query: opcode, RD and CD come back (RFC 1035 4.1.1, RFC 4035 3.2.2). */
export function answerFlags(bytes: Uint8Array): number {
  return Flag.QR | (readU16BE(bytes, 2) & (OPCODE_MASK | Flag.RD | Flag.CD));
}

/** Strict: what is not exactly a query of one question, with nothing behind it but additional records, is a fault. */
export function parseQuery(bytes: Uint8Array): Query | QueryFault {
  if (bytes.length < HEADER_BYTES || bytes.length > TCP_BYTES_MAX) return 'noHeader';
  const flags = readU16BE(bytes, 2);
  if ((flags & Flag.QR) !== 0) return 'isResponse';
  if ((flags & OPCODE_MASK) !== 0) return Rcode.NOTIMP;
  const extra = readU16BE(bytes, 10);
  // QDCOUNT 1, ANCOUNT 0, NSCOUNT 0.
  if (readU16BE(bytes, 4) !== 1 || readU32BE(bytes, 6) !== 0 || extra > EXTRA_RECORDS_MAX)
    return Rcode.FORMERR;
  const labels: string[] = [];
  const nameEnd = readQuestionName(bytes, labels);
  if (nameEnd < 0 || nameEnd + 4 > bytes.length) return Rcode.FORMERR;
  const edns = readExtra(bytes, nameEnd + 4, extra);
  if (edns === undefined) return Rcode.FORMERR;
  return {
    labels,
    type: readU16BE(bytes, nameEnd),
    class: readU16BE(bytes, nameEnd + 2),
    questionEnd: nameEnd + 4,
    udpBytes: edns.udpBytes,
    ednsVersion: edns.version,
  };
}

/** Offset behind the name, or -1. Nothing stands before the question that a pointer could name, so none is taken. */
function readQuestionName(bytes: Uint8Array, labels: string[]): number {
  let at = HEADER_BYTES;
  for (;;) {
    // Reading past the end gives undefined, which is no length.
    const length = bytes[at++];
    if (!(length <= LABEL_BYTES_MAX)) return -1;
    if (length === 0) return at;
    const end = at + length;
    // One byte more for the root's.
    if (end >= bytes.length || end + 1 - HEADER_BYTES > NAME_BYTES_MAX) return -1;
    labels.push(readLabel(bytes, at, end));
    at = end;
  }
}

/** Lower case in ASCII alone (RFC 4343). */
function readLabel(bytes: Uint8Array, start: number, end: number): string {
  let label = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    label += String.fromCharCode(byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
  }
  return label;
}

interface Edns {
  readonly udpBytes: number;
  readonly version: number;
}

const NO_EDNS: Edns = { udpBytes: UDP_BYTES_PLAIN, version: -1 };

/** Additional records: OPT at most once (RFC 6891 section 6.1.1), others are passed over; the last one ends the message. */
function readExtra(bytes: Uint8Array, start: number, count: number): Edns | undefined {
  let edns = NO_EDNS;
  let at = start;
  for (let i = 0; i < count; i++) {
    const owner = at;
    at = skipName(bytes, at);
    if (at < 0 || at + 10 > bytes.length) return undefined;
    const dataEnd = at + 10 + readU16BE(bytes, at + 8);
    if (dataEnd > bytes.length) return undefined;
    if (readU16BE(bytes, at) === Type.OPT) {
      const isRoot = at === owner + 1;
      if (edns !== NO_EDNS || !isRoot || !areOptions(bytes, at + 10, dataEnd)) return undefined;
      const udpBytes = Math.min(UDP_BYTES_MAX, Math.max(UDP_BYTES_PLAIN, readU16BE(bytes, at + 2)));
      edns = { udpBytes, version: bytes[at + 5] };
    }
    at = dataEnd;
  }
  return at === bytes.length ? edns : undefined;
}

function areOptions(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at + 4 <= end) at += 4 + readU16BE(bytes, at + 2);
  return at === end;
}

/** Offset behind a name that may be compressed, or -1. A pointer leads backwards, or it could lead in a circle. */
function skipName(bytes: Uint8Array, start: number): number {
  let at = start;
  let end = -1;
  let lowest = start;
  let nameBytes = 1;
  for (;;) {
    const length = bytes[at++];
    if (length === 0) return end < 0 ? at : end;
    if (length <= LABEL_BYTES_MAX) {
      nameBytes += 1 + length;
      at += length;
      if (nameBytes > NAME_BYTES_MAX) return -1;
    } else if (length >= 0xc0 && at < bytes.length) {
      const target = ((length & 0x3f) << 8) | bytes[at];
      if (end < 0) end = at + 1;
      if (target < HEADER_BYTES || target >= lowest) return -1;
      lowest = target;
      at = target;
    } else {
      return -1;
    }
  }
}
