/**
 * Inner packets in wire form, written by hand: what goes into a session when nobody asks the engine. Addresses are selectors, and checksums
 * are those of packets whose addresses are all zero.
 */

/** Beyond what `payload` says; all of it has a harmless default. */
export interface Forgery {
  family: 4 | 6;
  protocol: number;
  payload: Buffer;
  /** Selectors of source and destination; 0 is a node's host. */
  source?: number;
  destination?: number;
  /** Byte 4 of the address block. */
  flags?: number;
  /** IPv4 options, a multiple of 4 bytes. */
  options?: Buffer;
  /** IPv6 extension headers: type and body; their length bytes are written here. */
  extensions?: { type: number; body: Buffer }[];
  /** Offset and length in bytes. */
  fragment?: { id: number; offset: number; more: boolean };
}

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMP6 = 58;

const FRAGMENT_HEADER = 44;

function checksum(...parts: Buffer[]): number {
  const all = Buffer.concat(parts);
  const even = all.length % 2 === 0 ? all : Buffer.concat([all, Buffer.alloc(1)]);
  let sum = 0;
  for (let at = 0; at < even.length; at += 2) sum += even.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The part of the pseudo-header that is not addresses. */
function pseudo(protocol: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(protocol, 4);
  return bytes;
}

export function udp(from: number, to: number, data: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(8), data]);
  bytes.writeUInt16BE(from, 0);
  bytes.writeUInt16BE(to, 2);
  bytes.writeUInt16BE(bytes.length, 4);
  bytes.writeUInt16BE(checksum(pseudo(UDP, bytes.length), bytes) || 0xffff, 6);
  return bytes;
}

export function tcp(from: number, to: number, flags: number, data = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(20), data]);
  bytes.writeUInt16BE(from, 0);
  bytes.writeUInt16BE(to, 2);
  bytes.writeUInt32BE(1, 4);
  bytes[12] = 5 << 4;
  bytes[13] = flags;
  bytes.writeUInt16BE(64_240, 14);
  bytes.writeUInt16BE(checksum(pseudo(TCP, bytes.length), bytes), 16);
  return bytes;
}

export const SYN = 0x02;

/** Echo request. */
export function echo(family: 4 | 6, id: number, data = Buffer.from('who is there')): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(8), data]);
  bytes[0] = family === 6 ? 128 : 8;
  bytes.writeUInt16BE(id, 4);
  bytes.writeUInt16BE(1, 6);
  bytes.writeUInt16BE(family === 6 ? checksum(pseudo(ICMP6, bytes.length), bytes) : checksum(bytes), 2);
  return bytes;
}

function block(forgery: Forgery): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(forgery.source ?? 0, 0);
  bytes.writeUInt16BE(forgery.destination ?? 0, 2);
  bytes[4] = forgery.flags ?? 0;
  return bytes;
}

function wire4(forgery: Forgery): Buffer {
  const { payload, fragment, options = Buffer.alloc(0) } = forgery;
  const head = Buffer.alloc(12);
  head[0] = 0x45 + options.length / 4;
  head.writeUInt16BE(20 + options.length + payload.length, 2);
  head.writeUInt16BE(fragment?.id ?? 0, 4);
  head.writeUInt16BE(fragment === undefined ? 0 : (fragment.more ? 0x2000 : 0) | (fragment.offset / 8), 6);
  head[8] = 64;
  head[9] = forgery.protocol;
  return Buffer.concat([head, block(forgery), options, payload]);
}

function wire6(forgery: Forgery): Buffer {
  const chain = (forgery.extensions ?? []).map(({ type, body }) => {
    const length = Math.ceil((body.length + 2) / 8) * 8;
    const bytes = Buffer.alloc(length);
    bytes[1] = length / 8 - 1;
    body.copy(bytes, 2);
    return { type, bytes };
  });
  if (forgery.fragment !== undefined) {
    const { id, offset, more } = forgery.fragment;
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16BE(offset | (more ? 1 : 0), 2);
    bytes.writeUInt32BE(id, 4);
    chain.push({ type: FRAGMENT_HEADER, bytes });
  }
  chain.forEach(({ bytes }, i) => {
    bytes[0] = chain[i + 1]?.type ?? forgery.protocol;
  });
  const rest = Buffer.concat([...chain.map(({ bytes }) => bytes), forgery.payload]);
  const head = Buffer.alloc(8);
  head[0] = 0x60;
  head.writeUInt16BE(rest.length, 4);
  head[6] = chain[0]?.type ?? forgery.protocol;
  head[7] = 64;
  return Buffer.concat([head, block(forgery), rest]);
}

/** The plaintext of one datagram. */
export function forge(forgery: Forgery): Buffer {
  return forgery.family === 6 ? wire6(forgery) : wire4(forgery);
}
