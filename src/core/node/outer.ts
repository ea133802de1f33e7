// Which addresses datagrams may be sent to.
import { networkPrefix } from '../addressing/addressing.ts';
import { writeU32BE } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import { type AddressScope, addressScope, ipv4, prefixContains, type SocketAddress } from '../base/ip.ts';

/** Leading bits of a v4-mapped address that a /16 fixes. */
const ALIAS_BITS = 112;
const UNICAST: ReadonlySet<AddressScope> = new Set(['global', 'private', 'shared', 'linkLocal', 'loopback']);

/**
 * For all addresses of whatever source. The kernel routes the network's own prefixes into the interface: a path over them would
 * send a node's datagrams to the node itself, which seals them again, for ever. Circuits are ways like others: nothing from outside
 * bears their addresses. `aliasPrefix`: the /16, as a 32-bit number.
 */
export function outerAddresses(
  networkId: Uint8Array,
  aliasPrefix: number,
): (address: SocketAddress) => boolean {
  const overlay6 = networkPrefix(networkId);
  const ip = ipv4(0, 0, 0, 0);
  writeU32BE(ip, 12, aliasPrefix);
  const overlay4 = { ip, bits: ALIAS_BITS };
  return (address) =>
    isCircuit(address.ip) ||
    (address.port !== 0 &&
      !prefixContains(overlay6, address.ip) &&
      !prefixContains(overlay4, address.ip) &&
      UNICAST.has(addressScope(address.ip)));
}
