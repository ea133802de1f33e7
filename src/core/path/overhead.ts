// Bytes that a datagram has besides its plaintext, by the kind of way that it takes.
import { isCircuit } from '../base/circuit.ts';
import { isIpv4, type SocketAddress } from '../base/ip.ts';
import { isStream } from '../base/stream.ts';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
/** In front of every datagram on its way to or from a relay. */
const RELAY_HEADER = 5;
/** Transport header and tag of one datagram. */
export const SEAL_BYTES = 32;

/** Bytes of headers in front of a sealed datagram, the outer IP header first; undefined: of the usual way. */
export function overhead(to: SocketAddress | undefined): number {
  if (to === undefined) return IPV4_HEADER + UDP_HEADER;
  // Of which family the ways to and from a relay are is the relay's affair.
  if (isCircuit(to.ip)) return IPV6_HEADER + UDP_HEADER + RELAY_HEADER;
  // A stream's datagrams are cut up as the kernels like.
  if (isStream(to.ip)) return 0;
  return (isIpv4(to.ip) ? IPV4_HEADER : IPV6_HEADER) + UDP_HEADER;
}
