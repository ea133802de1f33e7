// NAT Port Mapping Protocol, RFC 6886: what came before PCP, on the same port.
import {
  equalSocketAddress,
  formatIp,
  type IpAddress,
  ipFromBytes,
  type SocketAddress,
} from '../../core/base/ip.ts';
import { Epoch } from './epoch.ts';
import { exchange } from './exchange.ts';
import type { Grant, Link, Mapper, Timing } from './types.ts';

const VERSION = 0;
const ADDRESS = 0;
const MAP_UDP = 1;
const ANSWER = 0x80;
const LIFETIME_S = 7200;
const LIFETIME_MAX_S = 86_400;

/** RFC 6886 section 3.5. */
const RESULTS = [
  'SUCCESS',
  'UNSUPP_VERSION',
  'NOT_AUTHORIZED',
  'NETWORK_FAILURE',
  'NO_RESOURCES',
  'UNSUPP_OPCODE',
];

export interface NatPmpAnswer {
  readonly result: number;
  /** Seconds since the gateway began to keep its mappings. */
  readonly epochS: number;
}

export interface AddressAnswer extends NatPmpAnswer {
  readonly ip: IpAddress;
}

export interface NatPmpMapAnswer extends NatPmpAnswer {
  readonly externalPort: number;
  readonly lifetimeS: number;
}

export function addressRequest(): Buffer {
  return Buffer.of(VERSION, ADDRESS);
}

/** `lifetimeS` 0 deletes. */
export function natPmpMapRequest(internalPort: number, externalPort: number, lifetimeS: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes[1] = MAP_UDP;
  bytes.writeUInt16BE(internalPort, 4);
  bytes.writeUInt16BE(externalPort, 6);
  bytes.writeUInt32BE(lifetimeS, 8);
  return bytes;
}

/** undefined: no answer to this question. Throws what the gateway refuses with. */
export function readAddressAnswer(bytes: Uint8Array): AddressAnswer | undefined {
  const answer = readHeader(bytes, ADDRESS, 12);
  const ip = answer === undefined ? undefined : ipFromBytes(bytes.subarray(8, 12));
  return answer === undefined || ip === undefined ? undefined : { ...answer, ip };
}

/** Likewise. */
export function readNatPmpMapAnswer(bytes: Uint8Array, internalPort: number): NatPmpMapAnswer | undefined {
  const answer = readHeader(bytes, MAP_UDP, 16);
  if (answer === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(8) !== internalPort) return undefined;
  return { ...answer, externalPort: view.getUint16(10), lifetimeS: view.getUint32(12) };
}

function readHeader(bytes: Uint8Array, opcode: number, size: number): NatPmpAnswer | undefined {
  if (bytes.length < 8 || bytes[0] !== VERSION || bytes[1] !== (ANSWER | opcode)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result = view.getUint16(2);
  if (result !== 0) throw new Error(RESULTS[result] ?? `result ${result}`);
  return bytes.length === size ? { result, epochS: view.getUint32(4) } : undefined;
}

export interface NatPmpOptions {
  readonly link: Link;
  readonly internalPort: number;
  readonly timing: Timing;
  readonly port: number;
}

export class NatPmpMapper implements Mapper {
  readonly protocol = 'nat-pmp';
  readonly #options: NatPmpOptions;
  readonly #epoch = new Epoch('nat-pmp');
  #external: SocketAddress | undefined;

  constructor(options: NatPmpOptions) {
    this.#options = options;
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#address(signal);
  }

  async map(signal: AbortSignal): Promise<Grant> {
    const { internalPort } = this.#options;
    const { lifetimeS, externalPort, epochS } = await this.#map(
      this.#external?.port ?? internalPort,
      LIFETIME_S,
      signal,
    );
    if (lifetimeS === 0) throw new Error('the gateway deletes instead of mapping');
    this.#epoch.isReset(epochS, performance.now());
    const { ip } = await this.#address(signal);
    this.#external = { ip, port: externalPort };
    return { external: this.#external, lifetimeS: Math.min(lifetimeS, LIFETIME_MAX_S) };
  }

  async isKept(signal: AbortSignal): Promise<boolean> {
    const { ip, epochS } = await this.#address(signal);
    const { port } = this.#external ?? { port: 0 };
    const isSame = this.#external !== undefined && equalSocketAddress({ ip, port }, this.#external);
    return !this.#epoch.isReset(epochS, performance.now()) && isSame;
  }

  async unmap(signal: AbortSignal): Promise<void> {
    // Section 3.4: the external port of a deletion is 0.
    await this.#map(0, 0, signal);
  }

  #address(signal: AbortSignal): Promise<AddressAnswer> {
    return this.#ask(addressRequest(), readAddressAnswer, signal);
  }

  #map(externalPort: number, lifetimeS: number, signal: AbortSignal): Promise<NatPmpMapAnswer> {
    const { internalPort } = this.#options;
    const bytes = natPmpMapRequest(internalPort, externalPort, lifetimeS);
    return this.#ask(bytes, (answer) => readNatPmpMapAnswer(answer, internalPort), signal);
  }

  #ask<T>(bytes: Uint8Array, read: (answer: Uint8Array) => T | undefined, signal: AbortSignal): Promise<T> {
    const { link, timing, port } = this.#options;
    const [local, host] = [formatIp(link.local), formatIp(link.gateway)];
    return exchange({ local, host, port, bytes, read, waitsMs: timing.waitsMs, signal });
  }
}
