// Circuit addresses: what stands for a way through a relay wherever a socket address is expected.
import { CIRCUIT_PORT, CIRCUIT_PREFIX } from './batch-layout.generated.ts';
import { readU16BE, readU32BE, writeU16BE, writeU32BE } from './bytes.ts';
import type { IpAddress, SocketAddress } from './ip.ts';

/** A circuit as its end knows it. */
export interface CircuitPlace {
  /** Path slot of the relay, 0 .. 65535. */
  readonly slot: number;
  /** Agreed with the relay, 0 .. 65535. */
  readonly number: number;
}

/** The address of the circuit `number` of the relay in path slot `relaySlot`. Both 0 .. 65535, else RangeError. */
export function circuitAddress(relaySlot: number, number: number): SocketAddress {
  for (const value of [relaySlot, number])
    if (!Number.isInteger(value) || value < 0 || value > 65535)
      throw new RangeError(`not a circuit: ${relaySlot}, ${number}`);
  const ip = new Uint8Array(16);
  writeU32BE(ip, 0, CIRCUIT_PREFIX);
  writeU16BE(ip, 12, relaySlot);
  writeU16BE(ip, 14, number);
  return { ip, port: CIRCUIT_PORT };
}

/** Whether an address is that of a circuit: no real datagram comes from there or goes there. */
export function isCircuit(ip: IpAddress): boolean {
  return readU32BE(ip, 0) === CIRCUIT_PREFIX && readU32BE(ip, 4) === 0;
}

/** The circuit of a circuit address. RangeError where isCircuit says no. */
export function circuitOf(address: SocketAddress): CircuitPlace {
  if (!isCircuit(address.ip)) throw new RangeError('not the address of a circuit');
  return { slot: readU16BE(address.ip, 12), number: readU16BE(address.ip, 14) };
}
