import t from 'tap';
import { parsePrefix } from '../../../src/core/base/ip.ts';
import { reverseZone } from '../../../src/host/dns/dns.ts';

t.test('the zone of a prefix', async (t) => {
  t.equal(reverseZone(parsePrefix('fd12:3456:789a::/48')!), 'a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa');
  t.equal(reverseZone(parsePrefix('100.64.0.0/16')!), '64.100.in-addr.arpa');
  t.equal(reverseZone(parsePrefix('fd00::/8')!), 'd.f.ip6.arpa');
  t.throws(() => reverseZone(parsePrefix('100.64.0.0/10')!), RangeError);
});
