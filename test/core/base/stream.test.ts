import t from 'tap';
import { circuitAddress, isCircuit } from '../../../src/core/base/circuit.ts';
import {
  addressScope,
  formatIp,
  type IpAddress,
  isDialable,
  isDiscardOnly,
  parseIp,
} from '../../../src/core/base/ip.ts';
import { isStream, streamAddress, streamOf } from '../../../src/core/base/stream.ts';

t.test('a stream has an address that is nobody else', (t) => {
  for (const number of [1, 77, 2 ** 32 - 1]) t.equal(streamOf(streamAddress(number)), number);
  const { ip } = streamAddress(0x12345);
  t.equal(formatIp(ip), '100::1:0:0:1:2345');
  t.ok(isStream(ip) && isDiscardOnly(ip) && !isCircuit(ip));
  t.notOk(isStream(circuitAddress(1, 2).ip));
  t.ok(isDiscardOnly(circuitAddress(1, 2).ip));
  t.notOk(isDialable(streamAddress(3)));
  t.equal(addressScope(ip), 'reserved');
  for (const text of ['100:0:0:2::1', '2001:db8::1', '::1']) {
    t.notOk(isStream(parseIp(text) as IpAddress), text);
    t.notOk(isDiscardOnly(parseIp(text) as IpAddress), text);
  }
  for (const number of [0, -1, 1.5, 2 ** 32]) t.throws(() => streamAddress(number), RangeError);
  t.throws(() => streamOf(circuitAddress(1, 2)), RangeError);
  t.end();
});
