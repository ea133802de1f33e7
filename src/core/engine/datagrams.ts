// How many datagrams a row becomes on a path. The addon computes the same and refuses a row that needs more counters
// than were reserved.

import {
  FRAGMENT_HEADER,
  INFO_FAMILY,
  INFO_FIRST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_NO_RECUT,
  INFO_PROTOCOL_SHIFT,
  OutRow,
} from '../base/batch-layout.generated.ts';
import { TCP } from '../base/ip.ts';

/** Packets that stay in one piece, whatever protocol they carry. */
const KEEPS_SHAPE = INFO_NO_RECUT | INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT | INFO_NO_PORTS;
/** Bytes by which an IPv6 packet is shorter on the wire: 32 of addresses, less a block of 8. IPv4's block takes their place. */
export const SHORTER6 = 24;

/**
 * Datagrams that the row at `at` needs when one carries `fragmentAt` bytes of plaintext; writes OutRow.recut. 0: a TCP packet whose
 * headers alone are too large.
 */
export function planDatagrams(rows: Uint32Array, at: number, fragmentAt: number): number {
  const info = rows[at + OutRow.info];
  const segment = rows[at + OutRow.segmentBytes];
  const payload = rows[at + OutRow.length] - rows[at + OutRow.headerBytes];
  const headerWire = rows[at + OutRow.headerBytes] - ((info & INFO_FAMILY) === 6 ? SHORTER6 : 0);
  const wire = headerWire + payload;
  rows[at + OutRow.recut] = 0;
  if (segment === 0 && wire <= fragmentAt) return 1;

  if (((info >>> INFO_PROTOCOL_SHIFT) & 0xff) === TCP && (info & KEEPS_SHAPE) === 0) {
    const room = fragmentAt - headerWire;
    if (room <= 0) return 0;
    const wanted = segment === 0 ? payload : segment;
    if (wanted <= room) return Math.ceil(payload / wanted);
    rows[at + OutRow.recut] = room;
    return Math.ceil(payload / room);
  }

  if (segment === 0) return Math.ceil(wire / (fragmentAt - FRAGMENT_HEADER));
  const whole = Math.floor(payload / segment);
  const rest = payload - whole * segment;
  const ofWhole = whole * pieces(headerWire + segment, fragmentAt);
  return rest === 0 ? ofWhole : ofWhole + pieces(headerWire + rest, fragmentAt);
}

function pieces(wire: number, fragmentAt: number): number {
  return wire <= fragmentAt ? 1 : Math.ceil(wire / (fragmentAt - FRAGMENT_HEADER));
}

/**
 * Whether inner packets of this row travel as tunnel fragments, so that their sender had better be told: TCP is recut instead, and
 * what may be fragmented on its way asked for it.
 */
export function isFragmented(rows: Uint32Array, at: number, fragmentAt: number, datagrams: number): boolean {
  const segment = rows[at + OutRow.segmentBytes];
  if (rows[at + OutRow.recut] !== 0) return false;
  if (segment === 0) return datagrams > 1;
  const shorter = (rows[at + OutRow.info] & INFO_FAMILY) === 6 ? SHORTER6 : 0;
  return rows[at + OutRow.headerBytes] - shorter + segment > fragmentAt;
}
