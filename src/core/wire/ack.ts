// Which datagrams of a session arrived: a plaintext of its own kind, not protobuf, since it is sent for every few of them. The form is that
// of the ACK frame of QUIC (RFC 9000 section 19.3, integers as in section 16), with the key in front, as counters begin anew with each.
//
//   type (Plaintext.ack), flags, receiver index of the key (u32 LE), largest counter, delay (units of 64 us), [CE count],
//   ranges - 1, length - 1 of the newest, then for each older one: missing counters before it - 1, length - 1
//
// One that only asks for an acknowledgement ends after the index.
import { Plaintext } from '../base/batch-layout.generated.ts';
import { ACK_RANGES_MAX } from './limits.ts';

const FLAG_CE = 1;
const FLAG_ASK = 2;
const FLAGS = FLAG_CE | FLAG_ASK;
const HEADER_BYTES = 6;
const DELAY_UNIT_MS = 0.064;
const DELAY_MAX = 2 ** 14 - 1;
/** Counters stay below 2^28; this is what four bytes of QUIC's integers hold. */
const INTEGER_MAX = 2 ** 30 - 1;

/** Made once by each side, and filled in again and again. */
export class AckFrame {
  /** Of the key that the datagrams were sealed with, as their headers name it. */
  index = 0;
  /** How long the newest one waited before this was said. */
  delayMs = 0;
  /** Datagrams with that key that came marked as having met congestion. */
  ceCount = 0;
  /** The remote is to acknowledge at once. */
  isAsking = false;
  /** Ranges; none only where it asks, and nothing else is said but the index. */
  count = 0;
  /** First and last counter of each range, newest first. */
  readonly ranges = new Float64Array(2 * ACK_RANGES_MAX);
}

/** Bytes that the longest one has. */
export const ACK_BYTES_MAX = HEADER_BYTES + 4 + 2 + 4 + 1 + 4 + (ACK_RANGES_MAX - 1) * 8;

/** Writes the plaintext, and gives its length. There must be room for ACK_BYTES_MAX, and a range unless it asks. */
export function encodeAck(frame: AckFrame, into: Uint8Array): number {
  const { ranges, count, isAsking } = frame;
  if (count === 0 && !isAsking) throw new RangeError('it says nothing');
  into[0] = Plaintext.ack;
  into[1] = (frame.ceCount > 0 && count > 0 ? FLAG_CE : 0) | (isAsking ? FLAG_ASK : 0);
  for (let i = 0; i < 4; i++) into[2 + i] = (frame.index >>> (8 * i)) & 0xff;
  if (count === 0) return HEADER_BYTES;
  let at = writeInteger(into, HEADER_BYTES, ranges[1]);
  at = writeInteger(into, at, Math.min(DELAY_MAX, Math.round(frame.delayMs / DELAY_UNIT_MS)));
  if (frame.ceCount > 0) at = writeInteger(into, at, Math.min(frame.ceCount, INTEGER_MAX));
  at = writeInteger(into, at, count - 1);
  at = writeInteger(into, at, ranges[1] - ranges[0]);
  for (let i = 1; i < count; i++) {
    at = writeInteger(into, at, ranges[2 * i - 2] - ranges[2 * i + 1] - 2);
    at = writeInteger(into, at, ranges[2 * i + 1] - ranges[2 * i]);
  }
  return at;
}

/** Whether the plaintext is one; else `frame` says nothing. Ranges descend and do not touch. */
export function decodeAck(bytes: Uint8Array, frame: AckFrame): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== Plaintext.ack || (bytes[1] & ~FLAGS) !== 0) return false;
  frame.index = (bytes[2] | (bytes[3] << 8) | (bytes[4] << 16) | (bytes[5] << 24)) >>> 0;
  frame.isAsking = (bytes[1] & FLAG_ASK) !== 0;
  if (bytes.length === HEADER_BYTES) {
    frame.delayMs = 0;
    frame.ceCount = 0;
    frame.count = 0;
    return bytes[1] === FLAG_ASK;
  }
  const reader = new IntegerReader(bytes, HEADER_BYTES);
  const largest = reader.next();
  frame.delayMs = reader.next() * DELAY_UNIT_MS;
  frame.ceCount = (bytes[1] & FLAG_CE) === 0 ? 0 : reader.next();
  frame.count = reader.next() + 1;
  if (reader.isShort || frame.count > ACK_RANGES_MAX) return false;
  let last = largest;
  for (let i = 0; i < frame.count; i++) {
    if (i > 0) last = frame.ranges[2 * i - 2] - reader.next() - 2;
    const first = last - reader.next();
    if (reader.isShort || first < 0) return false;
    frame.ranges[2 * i] = first;
    frame.ranges[2 * i + 1] = last;
  }
  return reader.at === bytes.length;
}

function writeInteger(into: Uint8Array, at: number, value: number): number {
  if (value < 64) {
    into[at] = value;
    return at + 1;
  }
  if (value < 2 ** 14) {
    into[at] = 0x40 | (value >>> 8);
    into[at + 1] = value & 0xff;
    return at + 2;
  }
  if (value > INTEGER_MAX) throw new RangeError(`${value} is too large`);
  into[at] = 0x80 | (value >>> 24);
  into[at + 1] = (value >>> 16) & 0xff;
  into[at + 2] = (value >>> 8) & 0xff;
  into[at + 3] = value & 0xff;
  return at + 4;
}

class IntegerReader {
  at: number;
  isShort = false;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  next(): number {
    const { bytes, at } = this;
    const size = at < bytes.length ? 1 << (bytes[at] >>> 6) : 0;
    // Eight bytes are more than anything here needs.
    if (size === 0 || size === 8 || at + size > bytes.length) {
      this.isShort = true;
      return 0;
    }
    let value = bytes[at] & 0x3f;
    for (let i = 1; i < size; i++) value = value * 256 + bytes[at + i];
    this.at += size;
    return value;
  }
}
