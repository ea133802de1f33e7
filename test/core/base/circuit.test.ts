import t from 'tap';
import { circuitAddress, circuitOf, isCircuit } from '../../../src/core/base/circuit.ts';
import { formatSocketAddress, ipv4, isDialable, parseIp } from '../../../src/core/base/ip.ts';

t.test('a circuit has an address, and the address its circuit', (t) => {
  for (const slot of [0, 1, 255, 256, 65535])
    for (const number of [0, 7, 256, 65535])
      t.same(circuitOf(circuitAddress(slot, number)), { slot, number });
  t.equal(formatSocketAddress(circuitAddress(0x1234, 0x5678)), '[100::1234:5678]:1');
  for (const [slot, number] of [
    [-1, 0],
    [0, 65536],
    [0.5, 0],
    [0, Number.NaN],
  ])
    t.throws(() => circuitAddress(slot, number), RangeError);
  t.end();
});

t.test('no other address is one, and nobody is told to dial one', (t) => {
  for (const text of ['::', '::1', '2001:db8::1', '100:0:0:1::', '64:ff9b::1'])
    t.notOk(isCircuit(parseIp(text) as Uint8Array), text);
  t.notOk(isCircuit(ipv4(1, 0, 0, 0)));
  t.throws(() => circuitOf({ ip: ipv4(1, 0, 0, 0), port: 1 }), RangeError);
  t.ok(isCircuit(circuitAddress(3, 4).ip));
  t.notOk(isDialable(circuitAddress(3, 4)));
  t.end();
});
