// Between the generated codec and the plain values of types.ts.
import { equalBytes } from '../base/bytes.ts';
import { ipFromBytes, ipToBytes, type SocketAddress } from '../base/ip.ts';
import { mcc } from './generated/proto.js';
import { type MessageRule, scan } from './scan.ts';
import { WireError } from './wire-error.ts';

interface Decoder<T> {
  readonly name: string;
  decode(bytes: Uint8Array): T;
}

interface Encoder<T> {
  encode(message: T): { finish(): Uint8Array };
}

/** Scans, then decodes. Throws WireError only. */
export function decodeMessage<T>(
  codec: Decoder<T>,
  rule: MessageRule,
  bytes: Uint8Array,
  maxBytes: number,
): T {
  scan(bytes, rule, maxBytes);
  try {
    return codec.decode(bytes);
  } catch (error) {
    // The scan lets nothing through that the decoder refuses, except what a new version of either may see differently.
    throw new WireError('malformed', `${rule.name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Accepts exactly what encoding gives: `decode` reads the same bytes. Throws WireError only. */
export function decodeCanonical<T>(
  bytes: Uint8Array,
  rule: MessageRule,
  encode: (value: T) => Uint8Array,
  decode: () => T,
): T {
  const value = decode();
  if (!equalBytes(encode(value), bytes)) throw new WireError('notCanonical', rule.name);
  return value;
}

/** Encodes and holds the result to the receiver's limits; what they refuse is the caller's mistake. */
export function encodeMessage<T>(
  codec: Encoder<T>,
  rule: MessageRule,
  message: T,
  maxBytes: number,
): Uint8Array {
  const encoded = codec.encode(message).finish();
  try {
    scan(encoded, rule, maxBytes);
  } catch (error) {
    if (error instanceof WireError) throw new RangeError(`cannot be encoded: ${error.message}`);
    throw error;
  }
  return encoded;
}

/** Bytes of their own: decoded ones are views of the datagram. */
export function own(bytes: Uint8Array | null | undefined): Uint8Array {
  return bytes === null || bytes === undefined ? new Uint8Array(0) : bytes.slice();
}

export function encodeAddress(address: SocketAddress): mcc.Address.$Properties {
  return { ip: ipToBytes(address.ip), port: address.port };
}

export function decodeAddress(address: mcc.Address.$Properties): SocketAddress {
  const ip = ipFromBytes(address.ip ?? new Uint8Array(0));
  if (ip === undefined) throw new WireError('malformed', 'Address: neither 4 nor 16 bytes');
  return { ip, port: address.port ?? 0 };
}

export { mcc };
