// Rows of the port double: what they say of a packet, and what their actions mean.
import {
  Action,
  InRow,
  Kind,
  OutRow,
  Plaintext,
  ROW_WORDS,
  SOCKETS_MAX,
} from '../core/base/batch-layout.generated.ts';
import { writeU32BE } from '../core/base/bytes.ts';
import { ipToWords, isDiscardOnly, type SocketAddress } from '../core/base/ip.ts';
import { ECN_CE, ecnOf } from './ecn.ts';
import type { PacketFacts } from './packet.ts';
import type { ZeroedPacket } from './wire-form.ts';

/** An outbound row at word `at`, as the addon fills it. */
export function describeOut(
  words: Uint32Array,
  at: number,
  slot: number,
  packet: Uint8Array,
  facts: PacketFacts,
): void {
  words.fill(0, at, at + ROW_WORDS);
  words[at + OutRow.slot] = slot;
  words[at + OutRow.length] = facts.length;
  words[at + OutRow.headerBytes] = (facts.info & 0x100000) !== 0 ? facts.networkBytes : facts.headerBytes;
  words[at + OutRow.info] = facts.info;
  words[at + OutRow.trafficClass] = facts.trafficClass;
  words[at + OutRow.ports] = facts.ports;
  words[at + OutRow.fragmentId] = facts.fragmentId;
  words[at + OutRow.quoteInfo] = facts.quoteInfo;
  words[at + OutRow.quotePorts] = facts.quotePorts;
  addressWords(packet, facts.family, 0, words, at + OutRow.source);
  addressWords(packet, facts.family, 1, words, at + OutRow.destination);
}

/** What the packet decides of an inbound row at word `at`. */
export function describeIn(words: Uint32Array, at: number, zeroed: ZeroedPacket): void {
  const { facts } = zeroed;
  words[at + InRow.kind] = Kind.data;
  words[at + InRow.length] = facts.length;
  words[at + InRow.info] = facts.info;
  words[at + InRow.trafficClass] = (facts.trafficClass & ~ECN_CE) | ecnOf(zeroed.bytes);
  words[at + InRow.ports] = facts.ports;
  words[at + InRow.fragmentId] = facts.fragmentId;
  words[at + InRow.selectors] = ((zeroed.sourceSelector << 16) | zeroed.destinationSelector) >>> 0;
  words[at + InRow.quoteInfo] = facts.quoteInfo;
  words[at + InRow.quotePorts] = facts.quotePorts;
}

export function isSent(words: Uint32Array): boolean {
  return words[OutRow.action] === Action.send || words[OutRow.action] === Action.sendKeep;
}

export function keepsSlot(words: Uint32Array): boolean {
  return words[OutRow.action] === Action.hold || words[OutRow.action] === Action.sendKeep;
}

export function isControl(plaintext: Uint8Array): boolean {
  return plaintext.length === 0 || plaintext[0] === Plaintext.control || plaintext[0] === Plaintext.ack;
}

export function isSocketNumber(socket: number): boolean {
  return Number.isInteger(socket) && socket >= 1 && socket <= SOCKETS_MAX;
}

export function checkVia({ ip, via = 0 }: SocketAddress): void {
  if (via !== 0 && (!isSocketNumber(via) || isDiscardOnly(ip)))
    throw new TypeError('no local socket has that number, or leads there');
}

/** Source and destination, as they stand in a header, from the eight words at `at`. */
export function addressesOf(isV4: boolean, words: Uint32Array, at: number): Uint8Array {
  const addresses = new Uint8Array(isV4 ? 8 : 32);
  for (let i = isV4 ? 3 : 0, to = 0; i < 4; i++, to += 4) {
    writeU32BE(addresses, to, words[at + i]);
    writeU32BE(addresses, to + addresses.length / 2, words[at + 4 + i]);
  }
  return addresses;
}

function addressWords(packet: Uint8Array, family: 4 | 6, which: 0 | 1, words: Uint32Array, at: number): void {
  const ip = new Uint8Array(16);
  if (family === 4) {
    ip[10] = 0xff;
    ip[11] = 0xff;
    ip.set(packet.subarray(12 + 4 * which, 16 + 4 * which), 12);
  } else {
    ip.set(packet.subarray(8 + 16 * which, 24 + 16 * which));
  }
  ipToWords(ip, words, at);
}
