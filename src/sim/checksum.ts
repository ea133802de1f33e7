// The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
import { readU16BE, writeU16BE } from '../core/base/bytes.ts';

/** One's complement sum of 16-bit words, an odd last byte padded with zero. Folded. */
export function sumWords(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  for (let at = from; at + 1 < to; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  if (((to - from) & 1) !== 0) sum += bytes[to - 1] << 8;
  return fold(sum);
}

export function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** Changes the checksum at `at` as if words that sum to `before` had become words that sum to `after`. */
export function updateChecksum(bytes: Uint8Array, at: number, before: number, after: number): void {
  const sum = fold((~readU16BE(bytes, at) & 0xffff) + (~before & 0xffff) + after);
  writeU16BE(bytes, at, ~sum & 0xffff);
}

/** As updateChecksum; UDP writes 0 as 0xffff, since 0 means "none". */
export function updateUdpChecksum(bytes: Uint8Array, at: number, before: number, after: number): void {
  updateChecksum(bytes, at, before, after);
  if (readU16BE(bytes, at) === 0) writeU16BE(bytes, at, 0xffff);
}

/** Writes a complete transport checksum over the pseudo-header and everything from `from` to the packet's end. */
export function completeChecksum(
  packet: Uint8Array,
  family: 4 | 6,
  protocol: number,
  from: number,
  at: number,
  end: number,
): void {
  writeU16BE(packet, at, 0);
  const addresses = family === 4 ? sumWords(packet, 12, 20) : sumWords(packet, 8, 40);
  const withPseudo = protocol === 1 ? 0 : addresses + protocol + (end - from);
  const sum = sumWords(packet, from, end, withPseudo);
  const checksum = ~sum & 0xffff;
  writeU16BE(packet, at, checksum === 0 && protocol === 17 ? 0xffff : checksum);
}

export function completeIpv4Header(packet: Uint8Array): void {
  const bytes = (packet[0] & 15) * 4;
  writeU16BE(packet, 10, 0);
  writeU16BE(packet, 10, ~sumWords(packet, 0, bytes) & 0xffff);
}
