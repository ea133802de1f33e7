// What congestion control asks of a row: how much it is on the wire, whose it is, whether somebody waits for it.
import { INFO_PROTOCOL_SHIFT, OutRow } from '../base/batch-layout.generated.ts';
import { TCP } from '../base/ip.ts';
import { OVERHEAD } from './sender.ts';

/** Bytes that a row's datagrams are on the wire, about: headers are repeated in each. */
export function wireBytes(rows: Uint32Array, at: number, datagrams: number): number {
  return rows[at + OutRow.length] + (datagrams - 1) * rows[at + OutRow.headerBytes] + datagrams * OVERHEAD;
}

/** TCP with payload: who waits for what comes behind it. */
export function isRepairable(rows: Uint32Array, at: number): boolean {
  const protocol = (rows[at + OutRow.info] >>> INFO_PROTOCOL_SHIFT) & 0xff;
  return protocol === TCP && rows[at + OutRow.length] > rows[at + OutRow.headerBytes];
}

/** Tells flows apart; who makes two of his own flows look like one shares their turn. */
export function flowHash(rows: Uint32Array, at: number): number {
  const protocol = (rows[at + OutRow.info] >>> INFO_PROTOCOL_SHIFT) & 0xff;
  let hash = Math.imul(rows[at + OutRow.ports] ^ (protocol << 8), 0x9e3779b1);
  hash = Math.imul((hash ^ (hash >>> 15)) + rows[at + OutRow.selectors], 0x85ebca77);
  return (hash ^ (hash >>> 13)) >>> 0;
}
