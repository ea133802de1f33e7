// The addon's relayed datagrams in TypeScript: circuits, forwards, their limit.
import {
  CIRCUITS,
  Counter,
  DatagramType,
  PATH_SLOTS,
  RELAY_HEADER,
} from '../core/base/batch-layout.generated.ts';
import { concat, readU16LE, writeU16LE } from '../core/base/bytes.ts';
import { circuitAddress, circuitOf, isCircuit } from '../core/base/circuit.ts';
import { equalSocketAddress, type SocketAddress } from '../core/base/ip.ts';
import { NUMBER_OF_RELAY } from '../core/wire/limits.ts';

/** Handshake datagrams are at least as long. */
const HANDSHAKE_MIN = 64;

/** `toSlot`: the next neighbour's; of an end the relay's, from which it also comes. */
interface Circuit {
  readonly isEnd: boolean;
  readonly toSlot: number;
  readonly toLeg: number;
  readonly toNumber: number;
}

/** What stands behind the relay header of this host's own, and where it came from. */
export interface Unwrapped {
  readonly from: SocketAddress;
  readonly bytes: Uint8Array;
}

/** Where a datagram leaves to, as it leaves. */
export interface Wrapped {
  readonly to: SocketAddress;
  readonly bytes: Uint8Array;
}

export function relayHeader(leg: number, number: number): Uint8Array {
  const header = new Uint8Array(RELAY_HEADER);
  header[0] = DatagramType.relayed;
  writeU16LE(header, 1, leg);
  writeU16LE(header, 3, number);
  return header;
}

export class SimRelay {
  private readonly circuits = new Map<number, Circuit>();
  private readonly paths: ReadonlyMap<number, SocketAddress>;
  private readonly counters: Float64Array;
  private bytesPerSecond = 0;
  private burstBytes = 0;
  private tokens = 0;
  /** ms; when `tokens` was counted. */
  private countedAt: number | undefined;
  private bytes: Float64Array | undefined;

  constructor(paths: ReadonlyMap<number, SocketAddress>, counters: Float64Array) {
    this.paths = paths;
    this.counters = counters;
  }

  /** By path slot. Made at first use: most of a thousand hosts relay for nobody. */
  get relayed(): Float64Array {
    this.bytes ??= new Float64Array(PATH_SLOTS);
    return this.bytes;
  }

  setCircuit(slot: number, number: number, toLeg: number): void {
    this.set(slot, number, { isEnd: true, toSlot: slot, toLeg, toNumber: number });
  }

  setForward(slot: number, number: number, toSlot: number, toLeg: number, toNumber: number): void {
    this.set(slot, number, { isEnd: false, toSlot, toLeg, toNumber });
  }

  private set(slot: number, number: number, circuit: Circuit): void {
    for (const value of [slot, number, circuit.toSlot, circuit.toLeg, circuit.toNumber])
      if (!Number.isInteger(value) || value < 0 || value > 65535)
        throw new TypeError('slots, legs and numbers have 16 bits');
    const key = slot * 65536 + number;
    if (this.circuits.size >= CIRCUITS && !this.circuits.has(key))
      throw new RangeError('as many circuits as may be are set');
    this.circuits.set(key, circuit);
  }

  clearCircuit(slot: number, number: number): void {
    this.circuits.delete(slot * 65536 + number);
  }

  clearSlot(slot: number): void {
    for (const [key, circuit] of this.circuits)
      if (Math.floor(key / 65536) === slot || circuit.toSlot === slot) this.circuits.delete(key);
    if (this.bytes !== undefined) this.bytes[slot] = 0;
  }

  setLimit(bytesPerSecond: number, burstBytes: number): void {
    if (!(bytesPerSecond >= 0 && burstBytes >= 0)) throw new TypeError('bytes per second, bytes at once');
    this.bytesPerSecond = bytesPerSecond;
    this.burstBytes = burstBytes;
    this.tokens = burstBytes;
    this.countedAt = undefined;
  }

  /** A datagram as it leaves for an address; undefined: through no circuit that is set, counted. */
  wrap(to: SocketAddress, bytes: Uint8Array): Wrapped | undefined {
    if (!isCircuit(to.ip)) return { to, bytes };
    const { slot, number } = circuitOf(to);
    const circuit = this.circuits.get(slot * 65536 + number);
    const relay = this.directPath(slot);
    if (relay !== undefined && circuit?.isEnd === true)
      return { to: relay, bytes: concat(relayHeader(circuit.toLeg, number), bytes) };
    return this.drop(Counter.dropRelay);
  }

  /** Address of a path that leads through no relay. */
  directPath(slot: number): SocketAddress | undefined {
    const to = this.paths.get(slot);
    return to === undefined || isCircuit(to.ip) ? undefined : to;
  }

  /** A relayed datagram from the network: this host's own, or sent on, or (undefined) dropped and counted. */
  receive(
    from: SocketAddress,
    bytes: Uint8Array,
    now: number,
    sendOn: (to: SocketAddress, bytes: Uint8Array) => void,
  ): Unwrapped | undefined {
    if (bytes.length < RELAY_HEADER) return this.drop(Counter.dropTruncated);
    const leg = readU16LE(bytes, 1);
    const number = readU16LE(bytes, 3);
    if (bytes.length === RELAY_HEADER) {
      if (number !== 0) return { from, bytes };
      return this.drop(Counter.keepalives);
    }
    const neighbour = this.paths.get(leg);
    const isFrom = neighbour !== undefined && equalSocketAddress(neighbour, from);
    const circuit = isFrom ? this.circuits.get(leg * 65536 + number) : undefined;
    const inner = bytes.subarray(RELAY_HEADER);
    const mayBeOffered = inner[0] === DatagramType.initiation && inner.length >= HANDSHAKE_MIN;
    if (isFrom && circuit === undefined && mayBeOffered && (number & NUMBER_OF_RELAY) !== 0)
      return { from: circuitAddress(leg, number), bytes: inner };
    if (circuit === undefined || inner[0] === DatagramType.relayed) return this.drop(Counter.dropRelay);
    if (circuit.isEnd) return { from: circuitAddress(leg, number), bytes: inner };
    const to = this.directPath(circuit.toSlot);
    if (to === undefined) return this.drop(Counter.dropRelay);
    if (!this.isWithinLimit(bytes.length, now)) return this.drop(Counter.dropRelayLimit);
    this.relayed[leg] += bytes.length;
    this.counters[Counter.relayedDatagrams]++;
    this.counters[Counter.relayedBytes] += bytes.length;
    sendOn(to, concat(relayHeader(circuit.toLeg, circuit.toNumber), inner));
    return undefined;
  }

  private isWithinLimit(bytes: number, now: number): boolean {
    if (this.bytesPerSecond === 0) return true;
    const passed = Math.max(0, now - (this.countedAt ?? now));
    this.tokens = Math.min(this.burstBytes, this.tokens + (passed * this.bytesPerSecond) / 1000);
    this.countedAt = now;
    if (this.tokens < bytes) return false;
    this.tokens -= bytes;
    return true;
  }

  private drop(counter: number): undefined {
    this.counters[counter]++;
    return undefined;
  }
}
