// What a local program is told when a flow of its is refused: TCP learns it by a reset (RFC 9293 section 3.5.2), everything else by
// "communication administratively prohibited" (RFC 1812 section 5.2.7.1, RFC 4443 section 3.1).

import { readU32BE, writeU16BE, writeU32BE } from '../base/bytes.ts';
import { internetChecksum } from '../base/checksum.ts';
import { TCP } from '../base/ip.ts';
import { prohibited } from './icmp.ts';

const TCP_HEADER = 20;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const HOPS = 64;

/**
 * The answer to the packet of `length` bytes at `at`, whose headers, TCP or UDP included, take `header` bytes; undefined: to a reset
 * there is none.
 */
export function refusal(
  bytes: Uint8Array,
  at: number,
  length: number,
  header: number,
): Uint8Array | undefined {
  const is6 = bytes[at] >>> 4 === 6;
  const network = is6 ? 40 : 4 * (bytes[at] & 15);
  // Behind extension headers TCP is not looked for.
  if (bytes[at + (is6 ? 6 : 9)] !== TCP || length < network + TCP_HEADER)
    return prohibited(bytes, at, length);
  const tcp = at + network;
  const flags = bytes[tcp + 13];
  if ((flags & RST) !== 0) return undefined;
  const counted = length - header + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1);
  const hasAck = (flags & ACK) !== 0;
  const sequence = hasAck ? readU32BE(bytes, tcp + 8) : 0;
  const acknowledged = hasAck ? 0 : (readU32BE(bytes, tcp + 4) + counted) >>> 0;
  return reset(bytes, at, tcp, is6, sequence, acknowledged, hasAck ? RST : RST | ACK);
}

function reset(
  bytes: Uint8Array,
  at: number,
  tcp: number,
  is6: boolean,
  sequence: number,
  acknowledged: number,
  flags: number,
): Uint8Array {
  const network = is6 ? 40 : 20;
  const packet = new Uint8Array(network + TCP_HEADER);
  if (is6) {
    packet[0] = 0x60;
    writeU16BE(packet, 4, TCP_HEADER);
    packet[6] = TCP;
    packet[7] = HOPS;
    packet.set(bytes.subarray(at + 24, at + 40), 8);
    packet.set(bytes.subarray(at + 8, at + 24), 24);
  } else {
    packet[0] = 0x45;
    writeU16BE(packet, 2, packet.length);
    packet[8] = HOPS;
    packet[9] = TCP;
    packet.set(bytes.subarray(at + 16, at + 20), 12);
    packet.set(bytes.subarray(at + 12, at + 16), 16);
    writeU16BE(packet, 10, internetChecksum(packet, 0, 20, 0));
  }
  packet.set(bytes.subarray(tcp + 2, tcp + 4), network);
  packet.set(bytes.subarray(tcp, tcp + 2), network + 2);
  writeU32BE(packet, network + 4, sequence);
  writeU32BE(packet, network + 8, acknowledged);
  packet[network + 12] = (TCP_HEADER / 4) << 4;
  packet[network + 13] = flags;
  // The addresses, in front of the TCP header in both families, the length and the protocol are summed too.
  writeU16BE(packet, network + 16, internetChecksum(packet, is6 ? 8 : 12, packet.length, TCP_HEADER + TCP));
  return packet;
}
