// Cutting inner packets into datagrams and putting tunnel fragments together again.

import {
  FRAGMENT_HEADER,
  INFO_NO_RECUT,
  INFO_TCP_GSO,
  OutRow,
  Plaintext,
  REPAIR_COUNTER,
  REPAIR_REPAIRABLE,
  REPAIR_RESENT,
} from '../core/base/batch-layout.generated.ts';
import { BoundedMap } from '../core/base/bounded-map.ts';
import { readU16BE, readU32BE, writeU16BE, writeU32BE } from '../core/base/bytes.ts';
import { TCP } from '../core/base/ip.ts';
import { completeChecksum, completeIpv4Header } from './checksum.ts';
import type { PacketFacts } from './packet.ts';
import { IPV6_SAVING, toWireForm } from './wire-form.ts';

const TCP_FIN_PSH = 0x09;
const TCP_CWR = 0x80;
/** Packets in reassembly; the oldest gives way. */
const REASSEMBLIES = 256;
const LIFETIME_MS = 3000;

/**
 * The plaintexts of the segment range of an outbound row, in order; number n is sealed under the row's counter + n. None: no such range, or
 * the row wants repairs of what does not go as one datagram per TCP segment.
 */
export function plaintextsOf(packet: Uint8Array, facts: PacketFacts, row: Uint32Array): Uint8Array[] {
  const fragmentAt = row[OutRow.fragmentAt];
  const selectors = row[OutRow.selectors];
  const repair = row[OutRow.repair];
  const pieces = rangeOf(cut(packet, facts, row), row).map((piece, i) =>
    toWireForm(piece.bytes, piece.facts, selectors, repairOf(repair, i)),
  );
  const isKept = (repair & (REPAIR_REPAIRABLE | REPAIR_RESENT)) !== 0;
  if (isKept && (facts.protocol !== TCP || pieces.some((wire) => wire.length > fragmentAt))) return [];
  const plaintexts: Uint8Array[] = [];
  for (const wire of pieces) {
    const id = (row[OutRow.counterLow] + plaintexts.length) & 0xffff;
    if (wire.length <= fragmentAt) plaintexts.push(wire);
    else plaintexts.push(...fragments(wire, fragmentAt, id));
  }
  return plaintexts;
}

/** OutRow.repair of datagram `i` of the range. */
function repairOf(repair: number, i: number): number {
  return ((repair & ~REPAIR_COUNTER) | ((repair + i) & REPAIR_COUNTER)) >>> 0;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly facts: PacketFacts;
}

function rangeOf(pieces: readonly Piece[], row: Uint32Array): readonly Piece[] {
  const first = row[OutRow.firstSegment];
  const count = row[OutRow.segmentCount];
  if (count > pieces.length - first) return [];
  return pieces.slice(first, count === 0 ? pieces.length : first + count);
}

function cut(packet: Uint8Array, facts: PacketFacts, row: Uint32Array): Piece[] {
  const whole = [{ bytes: packet, facts }];
  if (facts.protocol !== TCP || facts.headerBytes === facts.networkBytes) return whole;
  const headerWire = facts.headerBytes - (facts.family === 6 ? IPV6_SAVING : 0);
  const payload = facts.length - facts.headerBytes;
  const isSuper = (row[OutRow.info] & INFO_TCP_GSO) !== 0;
  const room = row[OutRow.fragmentAt] - headerWire;
  const isAsked = isSuper || row[OutRow.recut] !== 0 || payload > room;
  if (payload === 0 || room <= 0 || !isAsked || (facts.info & INFO_NO_RECUT) !== 0) return whole;
  const asked = row[OutRow.recut] !== 0 ? row[OutRow.recut] : row[OutRow.segmentBytes];
  const size = Math.min(room, asked === 0 ? payload : asked);
  const pieces: Piece[] = [];
  for (let offset = 0; offset < payload; offset += size) {
    const end = Math.min(payload, offset + size);
    pieces.push(tcpSegment(packet, facts, offset, end, end === payload, pieces.length));
  }
  return pieces;
}

function tcpSegment(
  packet: Uint8Array,
  facts: PacketFacts,
  from: number,
  to: number,
  isLast: boolean,
  index: number,
): Piece {
  const { headerBytes, networkBytes, family } = facts;
  const length = headerBytes + to - from;
  const bytes = new Uint8Array(length);
  bytes.set(packet.subarray(0, headerBytes));
  bytes.set(packet.subarray(headerBytes + from, headerBytes + to), headerBytes);
  if (family === 4) {
    writeU16BE(bytes, 2, length);
    writeU16BE(bytes, 4, (readU16BE(packet, 4) + index) & 0xffff);
    completeIpv4Header(bytes);
  } else {
    writeU16BE(bytes, 4, length - 40);
  }
  writeU32BE(bytes, networkBytes + 4, (readU32BE(packet, networkBytes + 4) + from) >>> 0);
  if (!isLast) bytes[networkBytes + 13] &= ~TCP_FIN_PSH;
  if (index > 0) bytes[networkBytes + 13] &= ~TCP_CWR;
  completeChecksum(bytes, family, TCP, networkBytes, networkBytes + 16, length);
  return { bytes, facts: { ...facts, length } };
}

function fragments(wire: Uint8Array, fragmentAt: number, id: number): Uint8Array[] {
  const size = fragmentAt - FRAGMENT_HEADER;
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < wire.length; offset += size) {
    const part = wire.subarray(offset, offset + size);
    const fragment = new Uint8Array(FRAGMENT_HEADER + part.length);
    fragment[0] = Plaintext.fragment;
    writeU16BE(fragment, 2, id);
    writeU16BE(fragment, 4, offset);
    writeU16BE(fragment, 6, wire.length);
    fragment.set(part, FRAGMENT_HEADER);
    parts.push(fragment);
  }
  return parts;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly seen: Set<number>;
  readonly since: number;
  /** Fragments that came marked as having met congestion. */
  marks: number;
}

/** Puts tunnel fragments together: (key, counter of the first fragment) names a packet. */
export class Reassembly {
  /** Of the packet that add() gave last: how many of its fragments came marked. */
  marks = 0;
  private readonly entries = new BoundedMap<string, Entry>(REASSEMBLIES);

  /** The whole packet once its last fragment came; 'pending' before; undefined: refused. */
  add(
    key: number,
    counter: number,
    fragment: Uint8Array,
    now: number,
    isMarked = false,
  ): Uint8Array | 'pending' | undefined {
    if (fragment.length <= FRAGMENT_HEADER || fragment[1] !== 0) return undefined;
    const index = (counter - readU16BE(fragment, 2)) & 0xffff;
    const offset = readU16BE(fragment, 4);
    const total = readU16BE(fragment, 6);
    const part = fragment.subarray(FRAGMENT_HEADER);
    const isLast = offset + part.length === total;
    const size = isLast && index > 0 ? offset / index : part.length;
    if (offset !== index * size || offset + part.length > total || size < 1 || total < 20) return undefined;
    const name = `${key}:${counter - index}`;
    let entry = this.entries.get(name);
    if (entry === undefined || now - entry.since > LIFETIME_MS) {
      entry = { bytes: new Uint8Array(total), size, seen: new Set(), since: now, marks: 0 };
      this.entries.set(name, entry);
    }
    if (entry.bytes.length !== total || entry.size !== size || entry.seen.has(index)) return undefined;
    entry.bytes.set(part, offset);
    entry.seen.add(index);
    if (isMarked) entry.marks++;
    if (entry.seen.size < Math.ceil(total / size)) return 'pending';
    this.entries.delete(name);
    this.marks = entry.marks;
    return entry.bytes;
  }
}
