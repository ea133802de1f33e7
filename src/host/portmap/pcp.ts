// Port Control Protocol, RFC 6887: mappings of NATs, and pinholes in IPv6 firewalls.
import { randomBytes } from 'node:crypto';
import { equalBytes } from '../../core/base/bytes.ts';
import { formatIp, type IpAddress, ipv4, isIpv4, type SocketAddress, UDP } from '../../core/base/ip.ts';
import { Epoch } from './epoch.ts';
import { exchange } from './exchange.ts';
import { gatewayHost } from './gateways.ts';
import type { Grant, Link, Mapper, Timing } from './types.ts';

export const PCP_PORT = 5351;
const VERSION = 2;
const ANNOUNCE = 0;
const MAP = 1;
const ANSWER = 0x80;
const HEADER = 24;
const MAP_SIZE = HEADER + 36;
const NONCE_SIZE = 12;
const LIFETIME_S = 7200;
/** RFC 6887 section 15 advises gateways to give no more. */
const LIFETIME_MAX_S = 86_400;

/** RFC 6887 section 7.4. */
const RESULTS = [
  'SUCCESS',
  'UNSUPP_VERSION',
  'NOT_AUTHORIZED',
  'MALFORMED_REQUEST',
  'UNSUPP_OPCODE',
  'UNSUPP_OPTION',
  'MALFORMED_OPTION',
  'NETWORK_FAILURE',
  'NO_RESOURCES',
  'UNSUPP_PROTOCOL',
  'USER_EX_QUOTA',
  'CANNOT_PROVIDE_EXTERNAL',
  'ADDRESS_MISMATCH',
  'EXCESSIVE_REMOTE_PEERS',
];

export interface MapRequest {
  /** Own address, as the gateway must see it. */
  readonly client: IpAddress;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly internalPort: number;
  /** What is wanted; port 0: any. */
  readonly external: SocketAddress;
  /** Seconds; 0 deletes. */
  readonly lifetimeS: number;
}

export interface PcpAnswer {
  readonly result: number;
  readonly lifetimeS: number;
  /** Seconds since the gateway began to keep its mappings. */
  readonly epochS: number;
}

export interface MapAnswer extends PcpAnswer {
  readonly external: SocketAddress;
}

export function announceRequest(client: IpAddress): Buffer {
  return header(ANNOUNCE, 0, client, HEADER);
}

export function mapRequest(request: MapRequest): Buffer {
  const bytes = header(MAP, request.lifetimeS, request.client, MAP_SIZE);
  bytes.set(request.nonce, 24);
  bytes[36] = UDP;
  bytes.writeUInt16BE(request.internalPort, 40);
  bytes.writeUInt16BE(request.external.port, 42);
  bytes.set(request.external.ip, 44);
  return bytes;
}

function header(opcode: number, lifetimeS: number, client: IpAddress, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes[0] = VERSION;
  bytes[1] = opcode;
  bytes.writeUInt32BE(lifetimeS, 4);
  bytes.set(client, 8);
  return bytes;
}

/** undefined: no answer to ANNOUNCE. Throws where the gateway speaks another version, or NAT-PMP alone. */
export function readAnnounceAnswer(bytes: Uint8Array): PcpAnswer | undefined {
  return readHeader(bytes, ANNOUNCE);
}

/** undefined: no answer to this request. Throws like readAnnounceAnswer. */
export function readMapAnswer(bytes: Uint8Array, request: MapRequest): MapAnswer | undefined {
  const answer = readHeader(bytes, MAP);
  if (answer === undefined || bytes.length < MAP_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMine =
    equalBytes(bytes.subarray(24, 24 + NONCE_SIZE), request.nonce) &&
    bytes[36] === UDP &&
    view.getUint16(40) === request.internalPort;
  if (!isMine) return undefined;
  return { ...answer, external: { ip: Uint8Array.from(bytes.subarray(44, 60)), port: view.getUint16(42) } };
}

function readHeader(bytes: Uint8Array, opcode: number): PcpAnswer | undefined {
  if (bytes.length < 4 || (bytes[1] & ANSWER) === 0) return undefined;
  // Section 9: so answers whoever knows this version not; NAT-PMP (RFC 6886) has its result at the same place.
  if (bytes[3] === 1 && (bytes[0] !== VERSION || bytes[1] === (ANSWER | opcode))) throw new Error(RESULTS[1]);
  if (bytes[0] !== VERSION || bytes[1] !== (ANSWER | opcode)) return undefined;
  if (bytes.length < HEADER || bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { result: bytes[3], lifetimeS: view.getUint32(4), epochS: view.getUint32(8) };
}

export interface PcpOptions {
  readonly link: Link;
  readonly internalPort: number;
  readonly timing: Timing;
  readonly port: number;
  /** 12 bytes that nobody guesses, the same for the same mapping. */
  readonly nonce?: Uint8Array;
}

export class PcpMapper implements Mapper {
  readonly protocol = 'pcp';
  readonly #options: PcpOptions;
  readonly #nonce: Uint8Array;
  readonly #epoch = new Epoch('pcp');
  /** No address of this family in particular. */
  readonly #anyIp: IpAddress;
  /** What the gateway gave last: asked for again. */
  #external: SocketAddress;

  constructor(options: PcpOptions) {
    this.#options = options;
    this.#nonce = options.nonce ?? randomBytes(NONCE_SIZE);
    this.#anyIp = isIpv4(options.link.local) ? ipv4(0, 0, 0, 0) : new Uint8Array(16);
    this.#external = { ip: this.#anyIp, port: options.internalPort };
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#announce(signal);
  }

  async map(signal: AbortSignal): Promise<Grant> {
    const { lifetimeS, external } = await this.#map(LIFETIME_S, this.#external, signal);
    if (lifetimeS === 0) throw new Error('the gateway deletes instead of mapping');
    this.#external = external;
    return { external, lifetimeS: Math.min(lifetimeS, LIFETIME_MAX_S) };
  }

  async isKept(signal: AbortSignal): Promise<boolean> {
    const { epochS } = await this.#announce(signal);
    return !this.#epoch.isReset(epochS, performance.now());
  }

  async unmap(signal: AbortSignal): Promise<void> {
    await this.#map(0, { ip: this.#anyIp, port: 0 }, signal);
  }

  #announce(signal: AbortSignal): Promise<PcpAnswer> {
    return this.#ask(announceRequest(this.#options.link.local), readAnnounceAnswer, signal);
  }

  async #map(lifetimeS: number, external: SocketAddress, signal: AbortSignal): Promise<MapAnswer> {
    const { internalPort, link } = this.#options;
    const request = { client: link.local, nonce: this.#nonce, internalPort, external, lifetimeS };
    const answer = await this.#ask(mapRequest(request), (bytes) => readMapAnswer(bytes, request), signal);
    if (answer.result !== 0) throw new Error(RESULTS[answer.result] ?? `result ${answer.result}`);
    // This answer made the mapping, so nothing is lost whatever the epoch says.
    this.#epoch.isReset(answer.epochS, performance.now());
    return answer;
  }

  #ask<T>(bytes: Uint8Array, read: (answer: Uint8Array) => T | undefined, signal: AbortSignal): Promise<T> {
    const { link, timing, port } = this.#options;
    const host = gatewayHost(link);
    return exchange({
      local: formatIp(link.local),
      host,
      port,
      bytes,
      read,
      waitsMs: timing.waitsMs,
      signal,
    });
  }
}
