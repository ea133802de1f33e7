// ICMP messages of the engine for local programs (RFC 792, RFC 1191, RFC 4443). They speak in the name of the packet's
// destination: it lies behind the interface, so no reverse path filter objects.
import { writeU16BE, writeU32BE } from '../base/bytes.ts';
import { internetChecksum } from '../base/checksum.ts';
import { SECOND_MS } from '../base/time.ts';

/** RFC 1812 section 4.3.2.3: as much of the packet as 576 bytes hold. */
const QUOTE4_MAX = 576 - 28;
/** RFC 4443 section 2.4 (c): as much of the packet as the smallest MTU holds. */
const QUOTE6_MAX = 1280 - 48;
const MIN_MTU6 = 1280;
const HOPS = 64;

/** The host is not there: host unreachable, or address unreachable. `bytes` holds the refused packet at `at`. */
export function unreachable(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return bytes[at] >>> 4 === 6 ? build6(bytes, at, length, 1, 3, 0) : build4(bytes, at, length, 3, 1, 0);
}

/** Whoever decides does not want it: communication administratively prohibited. */
export function prohibited(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return bytes[at] >>> 4 === 6 ? build6(bytes, at, length, 1, 1, 0) : build4(bytes, at, length, 3, 13, 0);
}

/** Packet Too Big, or fragmentation needed, with the largest inner packet that the path carries whole. */
export function tooBig(bytes: Uint8Array, at: number, length: number, mtu: number): Uint8Array {
  return bytes[at] >>> 4 === 6
    ? build6(bytes, at, length, 2, 0, reportedMtu(6, mtu))
    : build4(bytes, at, length, 3, 4, mtu);
}

/** What a Packet Too Big may say: IPv6 knows nothing below 1,280 bytes. */
export function reportedMtu(family: number, mtu: number): number {
  return family === 6 && mtu < MIN_MTU6 ? MIN_MTU6 : mtu;
}

/** The answer to the whole echo request at `at`. `message`: bytes in front of its ICMP header, 40 in IPv6 (no extension headers). */
export function echoReply(bytes: Uint8Array, at: number, length: number, message: number): Uint8Array {
  const packet = bytes.slice(at, at + length);
  const is6 = packet[0] >>> 4 === 6;
  const first = is6 ? 8 : 12;
  const size = is6 ? 16 : 4;
  packet.copyWithin(first, first + size, first + 2 * size);
  packet.set(bytes.subarray(at + first, at + first + size), first + size);
  packet[message] = is6 ? 129 : 0;
  writeU16BE(packet, message + 2, 0);
  const start = is6 ? first : message;
  const sum = internetChecksum(packet, start, length, is6 ? length - message + 58 : 0);
  writeU16BE(packet, message + 2, sum);
  return packet;
}

function build4(
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
  code: number,
  mtu: number,
): Uint8Array {
  const quoted = Math.min(length, QUOTE4_MAX);
  const packet = new Uint8Array(28 + quoted);
  packet[0] = 0x45;
  packet[1] = 0xc0; // RFC 1812 section 4.3.2.5: internetwork control
  writeU16BE(packet, 2, packet.length);
  packet[8] = HOPS;
  packet[9] = 1;
  packet.set(bytes.subarray(at + 16, at + 20), 12);
  packet.set(bytes.subarray(at + 12, at + 16), 16);
  writeU16BE(packet, 10, internetChecksum(packet, 0, 20, 0));
  packet[20] = type;
  packet[21] = code;
  writeU16BE(packet, 26, mtu);
  packet.set(bytes.subarray(at, at + quoted), 28);
  writeU16BE(packet, 22, internetChecksum(packet, 20, packet.length, 0));
  return packet;
}

function build6(
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
  code: number,
  mtu: number,
): Uint8Array {
  const quoted = Math.min(length, QUOTE6_MAX);
  const packet = new Uint8Array(48 + quoted);
  packet[0] = 0x60;
  writeU16BE(packet, 4, 8 + quoted);
  packet[6] = 58;
  packet[7] = HOPS;
  packet.set(bytes.subarray(at + 24, at + 40), 8);
  packet.set(bytes.subarray(at + 8, at + 24), 24);
  packet[40] = type;
  packet[41] = code;
  writeU32BE(packet, 44, mtu);
  packet.set(bytes.subarray(at, at + quoted), 48);
  // RFC 8200 section 8.1: the addresses, the length and the protocol are summed too.
  writeU16BE(packet, 42, internetChecksum(packet, 8, packet.length, 8 + quoted + 58));
  return packet;
}

/** Rate of ICMP messages: a bucket of `burst` that fills at `perSecond`. */
export class IcmpLimit {
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  /** ms; when `tokens` was counted. */
  private countedMs = 0;

  constructor(perSecond: number, burst: number) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
  }

  allows(now: number): boolean {
    const earned = (Math.max(0, now - this.countedMs) * this.perSecond) / SECOND_MS;
    this.tokens = Math.min(this.burst, this.tokens + earned);
    this.countedMs = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
