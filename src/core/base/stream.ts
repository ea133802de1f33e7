// Stream addresses: what stands for a connection that carries datagrams, where UDP does not pass, wherever a socket address is expected.
import { CIRCUIT_PORT, CIRCUIT_PREFIX, STREAM_SUBNET } from './batch-layout.generated.ts';
import { readU32BE, writeU32BE } from './bytes.ts';
import type { IpAddress, SocketAddress } from './ip.ts';

/** The address of the stream that the packet port calls `number`, 1 .. 2^32 - 1, else RangeError. */
export function streamAddress(number: number): SocketAddress {
  if (!Number.isInteger(number) || number < 1 || number > 0xffffffff)
    throw new RangeError(`not a stream: ${number}`);
  const ip = new Uint8Array(16);
  writeU32BE(ip, 0, CIRCUIT_PREFIX);
  writeU32BE(ip, 4, STREAM_SUBNET);
  writeU32BE(ip, 12, number);
  return { ip, port: CIRCUIT_PORT };
}

/** Whether an address is that of a stream: it means something to this host alone. */
export function isStream(ip: IpAddress): boolean {
  return readU32BE(ip, 0) === CIRCUIT_PREFIX && readU32BE(ip, 4) === STREAM_SUBNET;
}

/** The number in a stream's address. RangeError where isStream says no. */
export function streamOf(address: SocketAddress): number {
  if (!isStream(address.ip)) throw new RangeError('not the address of a stream');
  return readU32BE(address.ip, 12);
}
