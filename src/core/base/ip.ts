// IP addresses of both families as 16 bytes, IPv4 as ::ffff:a.b.c.d; text forms, prefixes, what an address is for.
import { concat, equalBytes, readU32BE, writeU32BE } from './bytes.ts';

// Protocol numbers of IP (IANA).
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMP6 = 58;

/** 16 bytes in network order; an IPv4 address is ::ffff:a.b.c.d. */
export type IpAddress = Uint8Array;

export interface SocketAddress {
  readonly ip: IpAddress;
  /** 0 .. 65535 */
  readonly port: number;
  /**
   * Local socket over which one gets there, 1 .. SOCKETS_MAX; absent or 0: the main one. It makes another way of the same address, and
   * means nothing to anybody else: it is neither sent nor saved.
   */
  readonly via?: number;
}

export interface Prefix {
  readonly ip: IpAddress;
  /** Leading bits of the 16 bytes that count, 0 .. 128: an IPv4 /16 is 112. */
  readonly bits: number;
}

/** What an address is for (RFC 6890); `global` is everything else. */
export type AddressScope =
  | 'unspecified'
  | 'loopback'
  | 'linkLocal'
  | 'multicast'
  | 'broadcast'
  | 'thisNetwork'
  | 'shared'
  | 'private'
  | 'reserved'
  | 'global';

const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

export function ipv4(a: number, b: number, c: number, d: number): IpAddress {
  return concat(MAPPED, Uint8Array.of(a, b, c, d));
}

export function isIpv4(ip: IpAddress): boolean {
  for (let i = 0; i < 12; i++) if (ip[i] !== MAPPED[i]) return false;
  return true;
}

/** From 4 or 16 bytes as they travel; undefined for any other length. */
export function ipFromBytes(bytes: Uint8Array): IpAddress | undefined {
  if (bytes.length === 4) return concat(MAPPED, bytes);
  return bytes.length === 16 ? bytes.slice() : undefined;
}

/** 4 bytes for IPv4, else 16. */
export function ipToBytes(ip: IpAddress): Uint8Array {
  return isIpv4(ip) ? ip.slice(12) : ip.slice();
}

/** From four row words, most significant first. */
export function ipFromWords(words: Uint32Array, at: number): IpAddress {
  const ip = new Uint8Array(16);
  for (let i = 0; i < 4; i++) writeU32BE(ip, 4 * i, words[at + i]);
  return ip;
}

/** Into four row words, most significant first. */
export function ipToWords(ip: IpAddress, words: Uint32Array, at: number): void {
  for (let i = 0; i < 4; i++) words[at + i] = readU32BE(ip, 4 * i);
}

/** Whether four row words are this address. */
export function ipEqualsWords(ip: IpAddress, words: Uint32Array, at: number): boolean {
  for (let i = 0; i < 4; i++) if (words[at + i] !== readU32BE(ip, 4 * i)) return false;
  return true;
}

/** Whether it is the same way: address, port and local socket. */
export function equalSocketAddress(a: SocketAddress, b: SocketAddress): boolean {
  return a.port === b.port && (a.via ?? 0) === (b.via ?? 0) && equalBytes(a.ip, b.ip);
}

/** The address with bytes of its own, and its local socket unless that is the main one. */
export function copySocketAddress({ ip, port, via = 0 }: SocketAddress): SocketAddress {
  return via === 0 ? { ip: ip.slice(), port } : { ip: ip.slice(), port, via };
}

/** The address as others know it. */
export function withoutVia(address: SocketAddress): SocketAddress {
  return (address.via ?? 0) === 0 ? address : { ip: address.ip, port: address.port };
}

/** Port and local socket in one word of a row. */
export function portWord({ port, via = 0 }: SocketAddress): number {
  return port + via * 0x1_0000;
}

/** From four row words and the one of portWord() behind them. */
export function socketAddressFromWords(words: Uint32Array, at: number): SocketAddress {
  const ip = ipFromWords(words, at);
  const word = words[at + 4];
  return word < 0x1_0000 ? { ip, port: word } : { ip, port: word & 0xffff, via: word >>> 16 };
}

/** An IPv4 or IPv6 address without brackets, zone or prefix length; undefined for anything else. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > 45) return undefined;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    if (!/^(0|[1-9]\d{0,2})$/.test(parts[i]) || Number(parts[i]) > 255) return undefined;
    bytes[i] = Number(parts[i]);
  }
  return concat(MAPPED, bytes);
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = ipv6Groups(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? ipv6Groups(halves[1], true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const ip = new Uint8Array(16);
  [...head, ...new Array<number>(missing).fill(0), ...tail].forEach((group, i) => {
    ip[2 * i] = group >> 8;
    ip[2 * i + 1] = group;
  });
  return ip;
}

function ipv6Groups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    if (mayEndInIpv4 && i === parts.length - 1 && parts[i].includes('.')) {
      const v4 = parseIpv4(parts[i]);
      if (v4 === undefined) return undefined;
      groups.push((v4[12] << 8) | v4[13], (v4[14] << 8) | v4[15]);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(parts[i])) {
      groups.push(Number.parseInt(parts[i], 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** Dotted decimal for IPv4, else RFC 5952. */
export function formatIp(ip: IpAddress): string {
  if (isIpv4(ip)) return `${ip[12]}.${ip[13]}.${ip[14]}.${ip[15]}`;
  const groups = Array.from({ length: 8 }, (_, i) => (ip[2 * i] << 8) | ip[2 * i + 1]);
  let start = 0;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) {
      start = i;
      longest = end - i;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (longest === 1) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + longest).join(':')}`;
}

/** "192.0.2.1:9376" or "[2001:db8::1]:9376"; without a port only where `defaultPort` is given. */
export function parseSocketAddress(text: string, defaultPort?: number): SocketAddress | undefined {
  const bare = parseIp(text);
  if (bare !== undefined) return defaultPort === undefined ? undefined : { ip: bare, port: defaultPort };
  const [, bracketed, dotted, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const ip = parseIp(bracketed ?? dotted ?? '');
  const port = digits === undefined ? defaultPort : Number(digits);
  if (ip === undefined || port === undefined || port > 65535) return undefined;
  if (bracketed !== undefined && isIpv4(ip)) return undefined;
  return { ip, port };
}

export function formatSocketAddress(address: SocketAddress): string {
  const text = formatIp(address.ip);
  return isIpv4(address.ip) ? `${text}:${address.port}` : `[${text}]:${address.port}`;
}

/** "10.1.0.0/16" or "fd00::/8"; without a length the single address. Bits behind the prefix must be zero. */
export function parsePrefix(text: string): Prefix | undefined {
  const [, address, digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const ip = parseIp(address ?? '');
  if (ip === undefined) return undefined;
  const offset = isIpv4(ip) ? 96 : 0;
  const bits = digits === undefined ? 128 : Number(digits) + offset;
  if (bits > 128) return undefined;
  return equalBytes(maskIp(ip, bits), ip) ? { ip, bits } : undefined;
}

export function formatPrefix(prefix: Prefix): string {
  const isV4 = isIpv4(prefix.ip) && prefix.bits >= 96;
  return `${formatIp(prefix.ip)}/${isV4 ? prefix.bits - 96 : prefix.bits}`;
}

/** The address with everything behind `bits` leading bits zero. */
export function maskIp(ip: IpAddress, bits: number): IpAddress {
  const masked = ip.slice();
  for (let i = 0; i < 16; i++) {
    const kept = Math.min(8, Math.max(0, bits - 8 * i));
    masked[i] &= 0xff << (8 - kept);
  }
  return masked;
}

export function prefixContains(prefix: Prefix, ip: IpAddress): boolean {
  const whole = prefix.bits >> 3;
  for (let i = 0; i < whole; i++) if (prefix.ip[i] !== ip[i]) return false;
  const rest = prefix.bits & 7;
  return rest === 0 || ((prefix.ip[whole] ^ ip[whole]) & (0xff << (8 - rest)) & 0xff) === 0;
}

export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return a.bits <= b.bits ? prefixContains(a, b.ip) : prefixContains(b, a.ip);
}

export function addressScope(ip: IpAddress): AddressScope {
  return isIpv4(ip) ? ipv4Scope(ip[12], ip[13], ip[14], ip[15]) : ipv6Scope(ip);
}

function ipv4Scope(a: number, b: number, c: number, d: number): AddressScope {
  if (a === 0) return b === 0 && c === 0 && d === 0 ? 'unspecified' : 'thisNetwork';
  if (a === 127) return 'loopback';
  if (a === 169 && b === 254) return 'linkLocal';
  if (a >= 224 && a < 240) return 'multicast';
  if (a === 255 && b === 255 && c === 255 && d === 255) return 'broadcast';
  if (a >= 240) return 'reserved';
  if (a === 100 && b >= 64 && b < 128) return 'shared';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private';
  return 'global';
}

function ipv6Scope(ip: IpAddress): AddressScope {
  if (ip[0] === 0xff) return 'multicast';
  if (ip[0] === 0xfe && (ip[1] & 0xc0) === 0x80) return 'linkLocal';
  if ((ip[0] & 0xfe) === 0xfc) return 'private';
  if (isDiscardOnly(ip)) return 'reserved';
  for (let i = 0; i < 12; i++) if (ip[i] !== 0) return 'global';
  const low = readU32BE(ip, 12);
  if (low === 0) return 'unspecified';
  if (low === 1) return 'loopback';
  // ::a.b.c.d, "IPv4-compatible", deprecated by RFC 4291 and of no use but to get around checks.
  return 'reserved';
}

/**
 * Whether an address lies in 100::/64 (RFC 6666) or 100:0:0:1::/64 (RFC 9780), where nothing real is: circuits (circuit.ts) and streams
 * (stream.ts) have their addresses there, which mean something to this host alone.
 */
export function isDiscardOnly(ip: IpAddress): boolean {
  return readU32BE(ip, 0) === 0x1000000 && readU32BE(ip, 4) <= 1;
}

/** Whether a datagram may be sent there because somebody said so: one host's unicast address, not this host's own. */
export function isDialable(address: SocketAddress): boolean {
  if (address.port === 0) return false;
  const scope = addressScope(address.ip);
  return scope === 'global' || scope === 'private' || scope === 'shared';
}
