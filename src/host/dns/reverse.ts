import { isIpv4, type Prefix } from '../../core/base/ip.ts';

const IPV4_OFFSET = 96;

/**
 * Name of the zone that maps a prefix's addresses to names: fd12:3456:789a::/48 -> "a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa",
 * 100.100.0.0/16 -> "100.100.in-addr.arpa". Throws for a prefix that ends within a nibble or, in IPv4, within a byte.
 */
export function reverseZone({ ip, bits }: Prefix): string {
  const isFour = isIpv4(ip) && bits >= IPV4_OFFSET;
  const step = isFour ? 8 : 4;
  if (bits % step !== 0) throw new RangeError(`no zone of its own for a prefix of ${bits} bits`);
  const labels: string[] = [];
  for (let bit = isFour ? IPV4_OFFSET : 0; bit < bits; bit += step) {
    const byte = ip[bit >> 3];
    if (isFour) labels.push(String(byte));
    else labels.push(((bit & 4) === 0 ? byte >> 4 : byte & 15).toString(16));
  }
  return `${labels.reverse().join('.')}.${isFour ? 'in-addr' : 'ip6'}.arpa`;
}
