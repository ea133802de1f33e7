// The Internet checksum (RFC 1071).
import { readU32BE } from './bytes.ts';

/** Over bytes[from..to), beginning with `sum`; an odd last byte is padded with zero. */
export function internetChecksum(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  let total = sum;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = readU32BE(bytes, at);
    total += (word >>> 16) + (word & 0xffff);
  }
  for (; at < to; at++) total += (at - from) % 2 === 0 ? bytes[at] << 8 : bytes[at];
  while (total > 0xffff) total = Math.floor(total / 0x10000) + (total % 0x10000);
  return ~total & 0xffff;
}
