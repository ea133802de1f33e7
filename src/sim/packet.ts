// What the addon's parser finds out about an inner packet, for the port double: plain TypeScript, one packet at a time.

import {
  INFO_DONT_FRAGMENT,
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LAST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_NO_RECUT,
  INFO_PROTOCOL_SHIFT,
  INFO_SYN,
  INFO_TCP_END,
  QUOTE_MATCHES,
  QUOTE_PORTS_KNOWN,
} from '../core/base/batch-layout.generated.ts';
import { readU16BE, readU32BE } from '../core/base/bytes.ts';
import { ICMP, ICMP6, TCP, UDP } from '../core/base/ip.ts';

const EXTENSION_HEADERS: ReadonlySet<number> = new Set([0, 43, 60, 44, 51]);
const MAX_EXTENSIONS = 8;
const MAX_NETWORK_HEADER = 256;

/** All of one packet that rows carry. Offsets and lengths in bytes. */
export interface PacketFacts {
  readonly family: 4 | 6;
  readonly length: number;
  readonly protocol: number;
  /** IP header with its options or extensions. */
  readonly networkBytes: number;
  /** The same and the TCP or UDP header. */
  readonly headerBytes: number;
  readonly info: number;
  readonly trafficClass: number;
  readonly ports: number;
  readonly fragmentId: number;
  readonly quoteInfo: number;
  readonly quotePorts: number;
  /** Where the transport checksum stands that covers the addresses; 0: none. */
  readonly pseudoChecksumAt: number;
}

interface Network {
  readonly family: 4 | 6;
  readonly length: number;
  readonly protocol: number;
  readonly networkBytes: number;
  readonly trafficClass: number;
  readonly fragmentId: number;
  readonly info: number;
}

/** Facts of the packet at the beginning of `bytes`; undefined: it contradicts itself. */
export function parsePacket(bytes: Uint8Array): PacketFacts | undefined {
  const network = parseNetwork(bytes, false);
  if (network === undefined) return undefined;
  const { family, protocol, networkBytes, length } = network;
  let info = network.info | family | (protocol << INFO_PROTOCOL_SHIFT);
  const facts = {
    ...network,
    info,
    headerBytes: networkBytes,
    ports: 0,
    quoteInfo: 0,
    quotePorts: 0,
    pseudoChecksumAt: 0,
  };
  if ((info & INFO_LATER_FRAGMENT) !== 0) return facts;
  const left = length - networkBytes;
  if (protocol === TCP && left >= 20) {
    const tcpBytes = (bytes[networkBytes + 12] >> 4) * 4;
    if (tcpBytes < 20 || tcpBytes > left) return undefined;
    info |= tcpInfo(bytes, networkBytes, tcpBytes);
    const ports = readU32BE(bytes, networkBytes);
    return {
      ...facts,
      info,
      ports,
      headerBytes: networkBytes + tcpBytes,
      pseudoChecksumAt: networkBytes + 16,
    };
  }
  if (protocol === UDP && left >= 8) {
    const udpLength = readU16BE(bytes, networkBytes + 4);
    const isWhole = (info & INFO_FIRST_FRAGMENT) === 0;
    if (udpLength < 8 || (isWhole && udpLength > left)) return undefined;
    const hasChecksum = family === 6 || readU16BE(bytes, networkBytes + 6) !== 0;
    const pseudoChecksumAt = hasChecksum ? networkBytes + 6 : 0;
    return {
      ...facts,
      ports: readU32BE(bytes, networkBytes),
      headerBytes: networkBytes + 8,
      pseudoChecksumAt,
    };
  }
  if ((protocol === ICMP && family === 4) || (protocol === ICMP6 && family === 6)) {
    if (left < 8) return undefined;
    return icmpFacts(bytes, facts);
  }
  return { ...facts, info: info | INFO_NO_PORTS };
}

function icmpFacts<T extends PacketFacts>(bytes: Uint8Array, facts: T): PacketFacts {
  const { family, networkBytes, length } = facts;
  const type = bytes[networkBytes];
  const isEcho = family === 4 ? type === 8 || type === 0 : type === 128 || type === 129;
  const ports =
    ((type << 24) | (bytes[networkBytes + 1] << 16) | (isEcho ? readU16BE(bytes, networkBytes + 4) : 0)) >>>
    0;
  const pseudoChecksumAt = family === 6 ? networkBytes + 2 : 0;
  const isError = family === 4 ? [3, 4, 5, 11, 12].includes(type) : type < 128;
  if (!isError) return { ...facts, ports, pseudoChecksumAt };
  const info = facts.info | INFO_ICMP_ERROR;
  const quote = parseNetwork(bytes.subarray(networkBytes + 8, length), true);
  if (quote === undefined || quote.family !== family) return { ...facts, info, ports, pseudoChecksumAt };
  const at = networkBytes + 8;
  let quoteInfo = quote.protocol;
  let quotePorts = 0;
  if (matches(bytes, at, family)) quoteInfo |= QUOTE_MATCHES;
  const portsAt = at + quote.networkBytes;
  const hasPorts = quote.protocol === TCP || quote.protocol === UDP;
  const isIcmp = quote.protocol === ICMP || quote.protocol === ICMP6;
  if ((quote.info & INFO_LATER_FRAGMENT) === 0 && hasPorts && portsAt + 4 <= length) {
    quotePorts = readU32BE(bytes, portsAt);
    quoteInfo |= QUOTE_PORTS_KNOWN;
  } else if (isIcmp && portsAt + 6 <= length) {
    quotePorts = ((bytes[portsAt] << 24) | (bytes[portsAt + 1] << 16) | readU16BE(bytes, portsAt + 4)) >>> 0;
    quoteInfo |= QUOTE_PORTS_KNOWN;
  }
  return { ...facts, info, ports, quoteInfo, quotePorts, pseudoChecksumAt };
}

/** Quoted source = packet's destination, and the other way round. */
function matches(bytes: Uint8Array, quoteAt: number, family: 4 | 6): boolean {
  const size = family === 4 ? 4 : 16;
  const source = family === 4 ? 12 : 8;
  for (let i = 0; i < size; i++) {
    if (bytes[quoteAt + source + i] !== bytes[source + size + i]) return false;
    if (bytes[quoteAt + source + size + i] !== bytes[source + i]) return false;
  }
  return true;
}

function tcpInfo(bytes: Uint8Array, at: number, tcpBytes: number): number {
  const flags = bytes[at + 13];
  const syn = (flags & 0x02) !== 0;
  let info = syn && (flags & 0x10) === 0 ? INFO_SYN : 0;
  if ((flags & 0x05) !== 0) info |= INFO_TCP_END;
  if (syn || (flags & 0x24) !== 0) info |= INFO_NO_RECUT;
  for (let option = at + 20; option < at + tcpBytes; ) {
    const kind = bytes[option];
    if (kind === 0) break;
    if (kind === 19 || kind === 29) info |= INFO_NO_RECUT;
    option += kind === 1 ? 1 : Math.max(2, bytes[option + 1]);
  }
  return info;
}

/** `isQuote`: the packet may be cut short by whoever quoted it. */
export function parseNetwork(bytes: Uint8Array, isQuote: boolean): Network | undefined {
  if (bytes.length < 20) return undefined;
  if (bytes[0] >> 4 === 4) return parseIpv4(bytes, isQuote);
  return bytes[0] >> 4 === 6 && bytes.length >= 40 ? parseIpv6(bytes, isQuote) : undefined;
}

function parseIpv4(bytes: Uint8Array, isQuote: boolean): Network | undefined {
  const networkBytes = (bytes[0] & 15) * 4;
  const length = readU16BE(bytes, 2);
  if (networkBytes < 20 || length < networkBytes || networkBytes > bytes.length) return undefined;
  if (length > bytes.length && !isQuote) return undefined;
  const fragment = readU16BE(bytes, 6);
  const info =
    fragmentInfo((fragment & 0x1fff) * 8, (fragment & 0x2000) !== 0) |
    ((fragment & 0x4000) !== 0 ? INFO_DONT_FRAGMENT : 0);
  const isFragment = (fragment & 0x3fff) !== 0;
  const fragmentId = isFragment ? readU16BE(bytes, 4) : 0;
  return { family: 4, length, protocol: bytes[9], networkBytes, trafficClass: bytes[1], fragmentId, info };
}

function parseIpv6(bytes: Uint8Array, isQuote: boolean): Network | undefined {
  const length = 40 + readU16BE(bytes, 4);
  if (length > bytes.length && !isQuote) return undefined;
  const end = Math.min(length, bytes.length);
  const trafficClass = ((bytes[0] & 15) << 4) | (bytes[1] >> 4);
  let info = INFO_DONT_FRAGMENT;
  let fragmentId = 0;
  let protocol = bytes[6];
  let at = 40;
  for (let count = 0; EXTENSION_HEADERS.has(protocol); count++) {
    if (count >= MAX_EXTENSIONS || at + 8 > end) return undefined;
    const isFragment = protocol === 44;
    const size = isFragment ? 8 : protocol === 51 ? (bytes[at + 1] + 2) * 4 : (bytes[at + 1] + 1) * 8;
    if (isFragment) {
      const word = readU16BE(bytes, at + 2);
      info |= fragmentInfo(word & 0xfff8, (word & 1) !== 0);
      fragmentId = readU32BE(bytes, at + 4);
    }
    protocol = bytes[at];
    at += size;
    if (at > end || at > MAX_NETWORK_HEADER) return undefined;
    if ((info & INFO_LATER_FRAGMENT) !== 0) break;
  }
  return { family: 6, length, protocol, networkBytes: at, trafficClass, fragmentId, info };
}

function fragmentInfo(offset: number, hasMore: boolean): number {
  if (offset === 0) return hasMore ? INFO_FIRST_FRAGMENT : 0;
  return INFO_LATER_FRAGMENT | (hasMore ? 0 : INFO_LAST_FRAGMENT);
}
