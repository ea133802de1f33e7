// The clear part of datagrams. Every datagram begins with its type and three zero bytes.
import { DatagramType } from '../base/batch-layout.generated.ts';
import { readU32LE, readU64LE, writeU32LE, writeU64LE } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import {
  COOKIE_REPLY_BYTES,
  DATAGRAM_MAX,
  HANDSHAKE_MAX,
  INITIATION_MIN,
  RESPONSE_MIN,
  TRANSPORT_HEADER_BYTES,
  TRANSPORT_MIN,
} from './limits.ts';

export interface TransportHeader {
  /** Index that the receiver gave out, 0 .. 2^32 - 1. */
  readonly receiverIndex: number;
  /** 0 .. 2^53 - 1; which ones are accepted is the key's to say. */
  readonly counter: number;
}

// Smallest and largest datagram by type.
const SIZES: Readonly<Record<number, readonly [number, number]>> = {
  [DatagramType.initiation]: [INITIATION_MIN, HANDSHAKE_MAX],
  [DatagramType.response]: [RESPONSE_MIN, HANDSHAKE_MAX],
  [DatagramType.cookie]: [COOKIE_REPLY_BYTES, COOKIE_REPLY_BYTES],
  [DatagramType.transport]: [TRANSPORT_MIN, DATAGRAM_MAX],
};

/** The type of a datagram with a plausible size, or why it is dropped before any other work. */
export function classifyDatagram(datagram: Uint8Array): DatagramType | DropReason {
  if (datagram.length < 4) return 'datagramTooShort';
  const sizes = SIZES[datagram[0]];
  if (sizes === undefined) return 'datagramUnknownType';
  if ((datagram[1] | datagram[2] | datagram[3]) !== 0) return 'datagramReservedBits';
  if (datagram.length < sizes[0]) return 'datagramTooShort';
  if (datagram.length > sizes[1]) return 'datagramTooLong';
  return datagram[0] as DatagramType;
}

/** Writes type and zeros: the first four bytes of any datagram. */
export function writeDatagramType(datagram: Uint8Array, type: DatagramType): void {
  writeU32LE(datagram, 0, type);
}

export function encodeTransportHeader(header: TransportHeader): Uint8Array {
  const bytes = new Uint8Array(TRANSPORT_HEADER_BYTES);
  writeDatagramType(bytes, DatagramType.transport);
  writeU32LE(bytes, 4, header.receiverIndex);
  writeU64LE(bytes, 8, header.counter);
  return bytes;
}

/** Of a datagram that classifyDatagram calls transport; undefined when the counter is beyond exact numbers. */
export function decodeTransportHeader(datagram: Uint8Array): TransportHeader | undefined {
  const counter = readU64LE(datagram, 8);
  return counter > Number.MAX_SAFE_INTEGER ? undefined : { receiverIndex: readU32LE(datagram, 4), counter };
}
