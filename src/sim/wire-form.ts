// Inner packets as they travel: an address block of selectors instead of addresses, transport checksums as if both
// addresses were zero. TypeScript twin of what the addon does, for one packet at a time.

import {
  ADDRESS_BLOCK,
  BLOCK_PARTIAL_CHECKSUM,
  BLOCK_REPAIRABLE,
  BLOCK_RESENT,
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  QUOTE_MATCHES,
  REPAIR_COUNTER,
  REPAIR_MARK_CE,
  REPAIR_REPAIRABLE,
  REPAIR_RESENT,
} from '../core/base/batch-layout.generated.ts';
import { readU16BE, writeU16BE } from '../core/base/bytes.ts';
import { ICMP, ICMP6, TCP, UDP } from '../core/base/ip.ts';
import {
  completeChecksum,
  completeIpv4Header,
  fold,
  sumWords,
  updateChecksum,
  updateUdpChecksum,
} from './checksum.ts';
import { ECN_CE, ECN_NONE, ecnOf, setEcn } from './ecn.ts';
import { type PacketFacts, parseNetwork, parsePacket } from './packet.ts';

const IPV6_ADDRESSES = 32;
const BLOCK_REPAIR = BLOCK_REPAIRABLE | BLOCK_RESENT;
/** Bytes that an IPv6 packet loses on the wire. */
export const IPV6_SAVING = IPV6_ADDRESSES - ADDRESS_BLOCK;

export interface WireForm {
  readonly plaintext: Uint8Array;
}

/** An opened packet: real length, both addresses zero. */
export interface ZeroedPacket {
  readonly bytes: Uint8Array;
  readonly facts: PacketFacts;
  readonly sourceSelector: number;
  readonly destinationSelector: number;
  /** The transport checksum is the receiver's to derive. */
  readonly isPartial: boolean;
  /** The sender keeps it, and may send it again. */
  readonly isRepairable: boolean;
  /** It was sent again: low 24 bits of the counter under which it was sent first. */
  readonly original: number | undefined;
}

/** `packet` is complete (all checksums right) and belongs to the caller. `repair`: as OutRow.repair, of this packet. */
export function toWireForm(
  packet: Uint8Array,
  facts: PacketFacts,
  selectors: number,
  repair = 0,
): Uint8Array {
  const zeroed = packet.slice(0, facts.length);
  if ((facts.info & INFO_ICMP_ERROR) !== 0) rewriteQuote(zeroed, facts, new Uint8Array(IPV6_ADDRESSES));
  replaceAddresses(zeroed, facts, new Uint8Array(IPV6_ADDRESSES));
  if ((repair & REPAIR_MARK_CE) !== 0 && ecnOf(zeroed) !== ECN_NONE) setEcn(zeroed, ECN_CE);
  const block = new Uint8Array(ADDRESS_BLOCK);
  writeU16BE(block, 0, selectors >>> 16);
  writeU16BE(block, 2, selectors & 0xffff);
  if ((repair & REPAIR_REPAIRABLE) !== 0) block[4] |= BLOCK_REPAIRABLE;
  if ((repair & REPAIR_RESENT) !== 0) {
    block[4] |= BLOCK_RESENT;
    for (let i = 0; i < 3; i++) block[5 + i] = ((repair & REPAIR_COUNTER) >> (8 * i)) & 0xff;
  }
  if (facts.family === 4) {
    writeU16BE(zeroed, 10, 0);
    zeroed.set(block, 12);
    return zeroed;
  }
  const wire = new Uint8Array(zeroed.length - IPV6_SAVING);
  wire.set(zeroed.subarray(0, 8));
  wire.set(block, 8);
  wire.set(zeroed.subarray(40), 8 + ADDRESS_BLOCK);
  return wire;
}

/** Undefined: malformed. */
export function fromWireForm(wire: Uint8Array): ZeroedPacket | undefined {
  const family = wire.length === 0 ? 0 : wire[0] >> 4;
  const blockAt = family === 4 ? 12 : 8;
  if ((family !== 4 && family !== 6) || wire.length < blockAt + ADDRESS_BLOCK) return undefined;
  const block = wire.subarray(blockAt, blockAt + ADDRESS_BLOCK);
  const flags = block[4];
  const original = block[5] | (block[6] << 8) | (block[7] << 16);
  const isResent = (flags & BLOCK_RESENT) !== 0;
  if ((flags & ~(BLOCK_PARTIAL_CHECKSUM | BLOCK_REPAIR)) !== 0 || (original !== 0 && !isResent))
    return undefined;
  let bytes: Uint8Array;
  if (family === 4) {
    bytes = wire.slice();
    if (readU16BE(bytes, 10) !== 0) return undefined;
    bytes.fill(0, 12, 20);
  } else {
    bytes = new Uint8Array(wire.length + IPV6_SAVING);
    bytes.set(wire.subarray(0, 8));
    bytes.set(wire.subarray(8 + ADDRESS_BLOCK), 40);
  }
  const facts = parsePacket(bytes);
  if (facts === undefined || facts.length !== bytes.length) return undefined;
  const isWholeTcp =
    facts.protocol === TCP && (facts.info & (INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT)) === 0;
  if ((flags & BLOCK_REPAIR) !== 0 && !isWholeTcp) return undefined;
  return {
    bytes,
    facts,
    sourceSelector: readU16BE(block, 0),
    destinationSelector: readU16BE(block, 2),
    isPartial: (flags & BLOCK_PARTIAL_CHECKSUM) !== 0,
    isRepairable: (flags & BLOCK_REPAIRABLE) !== 0,
    original: isResent ? original : undefined,
  };
}

/** The packet that is written to the TUN: `addresses` are source and destination as they stand in the header. */
export function finishPacket(zeroed: ZeroedPacket, addresses: Uint8Array): Uint8Array {
  const { facts } = zeroed;
  const packet = readdress(zeroed.bytes, facts, addresses);
  if (zeroed.isPartial && facts.pseudoChecksumAt > 0) {
    completeChecksum(
      packet,
      facts.family,
      facts.protocol,
      facts.networkBytes,
      facts.pseudoChecksumAt,
      facts.length,
    );
  }
  return packet;
}

/** A copy of the packet with other addresses, its checksums and an ICMP error's quote carried along. */
export function readdress(bytes: Uint8Array, facts: PacketFacts, addresses: Uint8Array): Uint8Array {
  const packet = bytes.slice(0, facts.length);
  if ((facts.info & INFO_ICMP_ERROR) !== 0) {
    const half = addresses.length / 2;
    const turned = new Uint8Array(addresses.length);
    turned.set(addresses.subarray(half));
    turned.set(addresses.subarray(0, half), half);
    rewriteQuote(packet, facts, turned);
  }
  replaceAddresses(packet, facts, addresses);
  if (facts.family === 4) completeIpv4Header(packet);
  return packet;
}

/** Writes addresses and moves the transport checksum along. The IPv4 header checksum is left to whoever completes it. */
function replaceAddresses(packet: Uint8Array, facts: PacketFacts, addresses: Uint8Array): void {
  const from = facts.family === 4 ? 12 : 8;
  const to = facts.family === 4 ? 20 : 40;
  const before = sumWords(packet, from, to);
  packet.set(addresses.subarray(0, to - from), from);
  const at = facts.pseudoChecksumAt;
  if (at === 0 || (facts.info & INFO_LATER_FRAGMENT) !== 0) return;
  const after = sumWords(packet, from, to);
  if (facts.protocol === UDP) updateUdpChecksum(packet, at, before, after);
  else updateChecksum(packet, at, before, after);
}

/** The same for the packet that an ICMP error quotes; the error's own checksum covers every byte that changes. */
function rewriteQuote(packet: Uint8Array, facts: PacketFacts, addresses: Uint8Array): void {
  if ((facts.quoteInfo & QUOTE_MATCHES) === 0) return;
  const at = facts.networkBytes + 8;
  const quote = packet.subarray(at, facts.length);
  const network = parseNetwork(quote, true);
  if (network === undefined) return;
  const whole = sumWords(quote, 0, quote.length);
  const from = network.family === 4 ? 12 : 8;
  const to = network.family === 4 ? 20 : 40;
  const before = sumWords(quote, from, to);
  quote.set(addresses.subarray(0, to - from), from);
  const after = sumWords(quote, from, to);
  if (network.family === 4) updateChecksum(quote, 10, before, after);
  const checksumAt = quotedChecksum(network.protocol, network.networkBytes, network.info, quote);
  if (checksumAt > 0) updateChecksum(quote, checksumAt, before, after);
  updateChecksum(packet, facts.networkBytes + 2, whole, fold(sumWords(quote, 0, quote.length)));
}

function quotedChecksum(protocol: number, networkBytes: number, info: number, quote: Uint8Array): number {
  if ((info & INFO_LATER_FRAGMENT) !== 0 || protocol === ICMP) return 0;
  const offset = protocol === TCP ? 16 : protocol === UDP ? 6 : protocol === ICMP6 ? 2 : -1;
  if (offset < 0 || networkBytes + offset + 2 > quote.length) return 0;
  const at = networkBytes + offset;
  return protocol === UDP && readU16BE(quote, at) === 0 ? 0 : at;
}
