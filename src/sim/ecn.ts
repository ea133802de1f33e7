// Explicit congestion notification through the tunnel (RFC 6040, normal mode), as in the addon: outside stands what stands inside, and a mark
// met on the way goes inside.
import { OutRow, REPAIR_MARK_CE } from '../core/base/batch-layout.generated.ts';

export const ECN_NONE = 0;
export const ECN_ECT1 = 1;
export const ECN_ECT0 = 2;
export const ECN_CE = 3;

/** Of a packet, real or in wire form; ECN_NONE where it is too short. */
export function ecnOf(packet: Uint8Array): number {
  if (packet.length < 2) return ECN_NONE;
  return (packet[1] >> ecnShift(packet)) & ECN_CE;
}

/** The checksum of an IPv4 header is left to whoever completes it. */
export function setEcn(packet: Uint8Array, ecn: number): void {
  const shift = ecnShift(packet);
  packet[1] = (packet[1] & ~(ECN_CE << shift)) | (ecn << shift);
}

/** What stands outside of the packets of an outbound row. */
export function outerEcn(row: Uint32Array): number {
  const ecn = row[OutRow.trafficClass] & ECN_CE;
  return ecn !== ECN_NONE && (row[OutRow.repair] & REPAIR_MARK_CE) !== 0 ? ECN_CE : ecn;
}

/** Gives a packet what its outer header came with. False: it is to be dropped, since it was marked and cannot tell. */
export function takeEcn(packet: Uint8Array, outer: number): boolean {
  const inner = ecnOf(packet);
  if (outer === ECN_CE && inner === ECN_NONE) return false;
  if (outer === ECN_CE || (outer === ECN_ECT1 && inner === ECN_ECT0)) setEcn(packet, outer);
  return true;
}

function ecnShift(packet: Uint8Array): number {
  return packet[0] >> 4 === 4 ? 0 : 4;
}
