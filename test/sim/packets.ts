// Inner packets for tests, as a kernel without offloads writes them: complete and correct.
import { concat, writeU16BE, writeU32BE } from '../../src/core/base/bytes.ts';
import { type IpAddress, ipToBytes, isIpv4 } from '../../src/core/base/ip.ts';
import { completeChecksum, completeIpv4Header, sumWords } from '../../src/sim/checksum.ts';

export function ipPacket(
  source: IpAddress,
  destination: IpAddress,
  protocol: number,
  body: Uint8Array,
): Uint8Array {
  if (isIpv4(source)) {
    const packet = concat(new Uint8Array(20), body);
    packet[0] = 0x45;
    writeU16BE(packet, 2, packet.length);
    writeU16BE(packet, 6, 0x4000);
    packet[8] = 64;
    packet[9] = protocol;
    packet.set(ipToBytes(source), 12);
    packet.set(ipToBytes(destination), 16);
    completeIpv4Header(packet);
    return packet;
  }
  const packet = concat(new Uint8Array(40), body);
  packet[0] = 0x60;
  writeU16BE(packet, 4, body.length);
  packet[6] = protocol;
  packet[7] = 64;
  packet.set(source, 8);
  packet.set(destination, 24);
  return packet;
}

function withChecksum(packet: Uint8Array, source: IpAddress, protocol: number, offset: number): Uint8Array {
  const network = isIpv4(source) ? 20 : 40;
  completeChecksum(packet, isIpv4(source) ? 4 : 6, protocol, network, network + offset, packet.length);
  return packet;
}

export function udpPacket(
  source: IpAddress,
  sourcePort: number,
  destination: IpAddress,
  destinationPort: number,
  payload: Uint8Array,
): Uint8Array {
  const header = new Uint8Array(8);
  writeU16BE(header, 0, sourcePort);
  writeU16BE(header, 2, destinationPort);
  writeU16BE(header, 4, 8 + payload.length);
  return withChecksum(ipPacket(source, destination, 17, concat(header, payload)), source, 17, 6);
}

export interface TcpFields {
  readonly sequence?: number;
  /** SYN 2, PSH 8, ACK 16, FIN 1, RST 4. */
  readonly flags?: number;
}

export function tcpPacket(
  source: IpAddress,
  sourcePort: number,
  destination: IpAddress,
  destinationPort: number,
  payload: Uint8Array,
  fields: TcpFields = {},
): Uint8Array {
  const header = new Uint8Array(20);
  writeU16BE(header, 0, sourcePort);
  writeU16BE(header, 2, destinationPort);
  writeU32BE(header, 4, fields.sequence ?? 1);
  header[12] = 0x50;
  header[13] = fields.flags ?? 16;
  writeU16BE(header, 14, 65535);
  return withChecksum(ipPacket(source, destination, 6, concat(header, payload)), source, 6, 16);
}

export function echoPacket(
  source: IpAddress,
  destination: IpAddress,
  id: number,
  isReply = false,
): Uint8Array {
  const v4 = isIpv4(source);
  const body = new Uint8Array(16);
  body[0] = v4 ? (isReply ? 0 : 8) : isReply ? 129 : 128;
  writeU16BE(body, 4, id);
  return withChecksum(ipPacket(source, destination, v4 ? 1 : 58, body), source, v4 ? 1 : 58, 2);
}

/** Port or host unreachable, as the receiver of `about` would say. */
export function unreachablePacket(from: IpAddress, to: IpAddress, about: Uint8Array): Uint8Array {
  const v4 = isIpv4(from);
  const body = concat(Uint8Array.of(v4 ? 3 : 1, v4 ? 3 : 4, 0, 0, 0, 0, 0, 0), about.subarray(0, 512));
  return withChecksum(ipPacket(from, to, v4 ? 1 : 58, body), from, v4 ? 1 : 58, 2);
}

/** Whether header and transport checksums of a complete packet are right. */
export function checksumsHold(packet: Uint8Array): boolean {
  const v4 = packet[0] >> 4 === 4;
  if (v4 && sumWords(packet, 0, 20) !== 0xffff) return false;
  const network = v4 ? 20 : 40;
  const protocol = v4 ? packet[9] : packet[6];
  const pseudo = protocol === 1 ? 0 : protocol + packet.length - network;
  const addresses = protocol === 1 ? 0 : v4 ? sumWords(packet, 12, 20) : sumWords(packet, 8, 40);
  return sumWords(packet, network, packet.length, pseudo + addresses) === 0xffff;
}
