// Numbered segments of one TCP stream between simulated hosts.
import { readU32BE, writeU32BE } from '../../src/core/base/bytes.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { addressesAt } from '../../src/sim/scenarios.ts';
import { tcpPacket } from './packets.ts';
import { PORT } from './traffic.ts';

/** Of nodes that govern what they send. */
export const FLOW = { control: true, repair: true, correction: true };
/** Bytes of payload. */
export const SEGMENT = 1000;

export function segment(from: SimHost, to: SimHost, number: number): Uint8Array {
  const payload = new Uint8Array(SEGMENT);
  writeU32BE(payload, 0, number);
  const fields = { sequence: number * SEGMENT };
  return tcpPacket(from.address6, 1000, addressesAt(from, to).v6, PORT, payload, fields);
}

/** So many bytes of the stream from there on, in one packet. */
export function stretch(from: SimHost, to: SimHost, sequence: number, bytes: number): Uint8Array {
  const payload = new Uint8Array(bytes);
  return tcpPacket(from.address6, 1000, addressesAt(from, to).v6, PORT, payload, { sequence });
}

export function segmentsReceived(host: SimHost): number[] {
  return host.received.filter((packet) => packet[6] === 6).map((packet) => readU32BE(packet, 60));
}
