// UDP packets for and from local programs (RFC 768), as the resolver exchanges them.
import {
  INFO_FIRST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_PROTOCOL_SHIFT,
  OutRow,
  ROW_WORDS,
  SLOT_BYTES,
  SLOT_HEADROOM,
} from '../base/batch-layout.generated.ts';
import { writeU16BE } from '../base/bytes.ts';
import { internetChecksum } from '../base/checksum.ts';
import { type IpAddress, ipFromWords, isIpv4, UDP } from '../base/ip.ts';

const UDP_HEADER = 8;
const HOPS = 64;
const MAX_PACKET = 65535;

export interface UdpDatagram {
  readonly from: IpAddress;
  readonly fromPort: number;
  readonly to: IpAddress;
  readonly toPort: number;
  /** A view of the slab: copy what outlives the callback. */
  readonly payload: Uint8Array;
}

/** The datagram of an outbound row, undefined for anything but a whole UDP packet. `bytes`: PacketPort.outBytes. */
export function readUdp(rows: Uint32Array, bytes: Uint8Array, row: number): UdpDatagram | undefined {
  const at = row * ROW_WORDS;
  const info = rows[at + OutRow.info];
  const header = rows[at + OutRow.headerBytes];
  const length = rows[at + OutRow.length];
  if (((info >>> INFO_PROTOCOL_SHIFT) & 0xff) !== UDP || rows[at + OutRow.segmentBytes] !== 0)
    return undefined;
  if ((info & (INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT)) !== 0) return undefined;
  const start = rows[at + OutRow.slot] * SLOT_BYTES + SLOT_HEADROOM;
  const ports = rows[at + OutRow.ports];
  return {
    from: ipFromWords(rows, at + OutRow.source),
    fromPort: ports >>> 16,
    to: ipFromWords(rows, at + OutRow.destination),
    toPort: ports & 0xffff,
    payload: bytes.subarray(start + header, start + length),
  };
}

/**
 * An IP packet with one UDP datagram, all checksums complete, for 'inject'. Throws RangeError when the addresses are of two
 * families or the packet would exceed 65,535 bytes.
 */
export function udpPacket(
  from: IpAddress,
  fromPort: number,
  to: IpAddress,
  toPort: number,
  payload: Uint8Array,
): Uint8Array {
  const is4 = isIpv4(from);
  if (is4 !== isIpv4(to)) throw new RangeError('addresses of two families');
  const network = is4 ? 20 : 40;
  const length = network + UDP_HEADER + payload.length;
  if (length > MAX_PACKET) throw new RangeError(`${payload.length} bytes do not fit a packet`);
  const packet = new Uint8Array(length);
  if (is4) writeHeader4(packet, from, to);
  else writeHeader6(packet, from, to);
  const bytes = UDP_HEADER + payload.length;
  writeU16BE(packet, network, fromPort);
  writeU16BE(packet, network + 2, toPort);
  writeU16BE(packet, network + 4, bytes);
  packet.set(payload, network + UDP_HEADER);
  // The addresses, in front of the UDP header in both families, the length and the protocol are summed too.
  const sum = internetChecksum(packet, is4 ? 12 : 8, length, bytes + UDP);
  writeU16BE(packet, network + 6, sum === 0 ? 0xffff : sum);
  return packet;
}

function writeHeader4(packet: Uint8Array, from: IpAddress, to: IpAddress): void {
  packet[0] = 0x45;
  writeU16BE(packet, 2, packet.length);
  packet[8] = HOPS;
  packet[9] = UDP;
  packet.set(from.subarray(12), 12);
  packet.set(to.subarray(12), 16);
  writeU16BE(packet, 10, internetChecksum(packet, 0, 20));
}

function writeHeader6(packet: Uint8Array, from: IpAddress, to: IpAddress): void {
  packet[0] = 0x60;
  writeU16BE(packet, 4, packet.length - 40);
  packet[6] = UDP;
  packet[7] = HOPS;
  packet.set(from, 8);
  packet.set(to, 24);
}
