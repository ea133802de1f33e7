// Virtual IPv6 addresses: fd, 40 bits of the network ID, 80 bits of SHA-256(endpoint ID). The same everywhere,
// computed by everyone, registered by nobody.
import type { IpAddress, Prefix } from '../base/ip.ts';
import type { Sha256 } from './types.ts';

const NETWORK_BYTES = 5;
const HASH_BYTES = 10;
/** Where DNS is answered: the last word of the IPv6 address, and the host part of the IPv4 address in the alias /16. */
export const RESOLVER_HOST = 53;
const RESOLVER_LAST_WORD = 0x35;

/** The /48 in which a network's virtual addresses lie: what the kernel routes to the interface. */
export function networkPrefix(networkId: Uint8Array): Prefix {
  const ip = new Uint8Array(16);
  ip[0] = 0xfd;
  ip.set(networkId.subarray(0, NETWORK_BYTES), 1);
  return { ip, bits: 48 };
}

/** The resolver's IPv6 address, the same on every host: no hash of an endpoint has these 80 bits. */
export function resolverAddress(networkId: Uint8Array): IpAddress {
  const { ip } = networkPrefix(networkId);
  ip[15] = RESOLVER_LAST_WORD;
  return ip;
}

/** The resolver's IPv4 address, as a 32-bit number. `prefix`: first address of the alias /16. */
export function resolverAlias(prefix: number): number {
  return prefix + RESOLVER_HOST;
}

export function virtualAddress(networkId: Uint8Array, endpointId: Uint8Array, sha256: Sha256): IpAddress {
  const { ip } = networkPrefix(networkId);
  ip.set(sha256(endpointId).subarray(0, HASH_BYTES), 1 + NETWORK_BYTES);
  return ip;
}
