import fc from 'fast-check';
import t from 'tap';
import {
  INFO_FIRST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_RECUT,
  INFO_PROTOCOL_SHIFT,
  INFO_TCP_GSO,
  INFO_UDP_GSO,
  OutRow,
  ROW_WORDS,
} from '../../../src/core/base/batch-layout.generated.ts';
import { planDatagrams } from '../../../src/core/engine/datagrams.ts';

interface Packet {
  family: number;
  protocol: number;
  flags: number;
  header: number;
  payload: number;
  segment: number;
  fragmentAt: number;
}

/** Plaintext lengths, one per datagram, cut piece by piece as the wire format says. */
function cut(packet: Packet, recut: number): number[] {
  const headerWire = packet.header - (packet.family === 6 ? 24 : 0);
  const size = recut || packet.segment || packet.payload;
  const plaintexts: number[] = [];
  let left = packet.payload;
  do {
    const segment = Math.min(left, size);
    left -= segment;
    let wire = headerWire + segment;
    if (wire <= packet.fragmentAt) plaintexts.push(wire);
    else {
      for (; wire > 0; wire -= packet.fragmentAt - 8)
        plaintexts.push(8 + Math.min(wire, packet.fragmentAt - 8));
    }
  } while (left > 0);
  return plaintexts;
}

function plan(packet: Packet): { datagrams: number; recut: number } {
  const rows = new Uint32Array(2 * ROW_WORDS);
  rows[ROW_WORDS + OutRow.info] = packet.family | (packet.protocol << INFO_PROTOCOL_SHIFT) | packet.flags;
  rows[ROW_WORDS + OutRow.length] = packet.header + packet.payload;
  rows[ROW_WORDS + OutRow.headerBytes] = packet.header;
  rows[ROW_WORDS + OutRow.segmentBytes] = packet.segment;
  rows[ROW_WORDS + OutRow.recut] = 999;
  const datagrams = planDatagrams(rows, ROW_WORDS, packet.fragmentAt);
  return { datagrams, recut: rows[ROW_WORDS + OutRow.recut] };
}

const packet = fc
  .record({
    family: fc.constantFrom(4, 6),
    protocol: fc.constantFrom(6, 17, 58, 132),
    flags: fc.constantFrom(0, 0, 0, INFO_NO_RECUT, INFO_FIRST_FRAGMENT, INFO_LATER_FRAGMENT),
    options: fc.integer({ min: 0, max: 40 }),
    payload: fc.oneof(fc.nat(3000), fc.nat(65_000)),
    segment: fc.integer({ min: 1, max: 1500 }),
    isSuper: fc.boolean(),
    fragmentAt: fc.integer({ min: 600, max: 9000 }),
  })
  .map((made): Packet => {
    const header = (made.family === 6 ? 40 : 20) + (made.protocol === 6 ? 20 : 8) + made.options;
    const isWhole = (made.flags & (INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT)) === 0;
    const isSuper =
      made.isSuper && isWhole && made.payload > made.segment && (made.protocol === 6 || made.protocol === 17);
    const gso = isSuper ? (made.protocol === 6 ? INFO_TCP_GSO : INFO_UDP_GSO) : 0;
    return {
      ...made,
      header,
      payload: Math.min(made.payload, 65_535 - header),
      flags: made.flags | gso,
      segment: isSuper ? made.segment : 0,
    };
  });

t.test('the plan is exact: as many datagrams as cutting piece by piece makes', async (t) => {
  fc.assert(
    fc.property(packet, (made) => {
      const { datagrams, recut } = plan(made);
      return datagrams === cut(made, recut).length;
    }),
    { numRuns: 5000 },
  );
  t.pass('exact');
});

t.test('TCP that may be recut never travels in fragments', async (t) => {
  fc.assert(
    fc.property(packet, (made) => {
      const mayBeCut =
        made.protocol === 6 &&
        (made.flags & (INFO_NO_RECUT | INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT)) === 0;
      fc.pre(mayBeCut);
      const headerWire = made.header - (made.family === 6 ? 24 : 0);
      const plaintexts = cut(made, plan(made).recut);
      const sum = plaintexts.reduce((total, plaintext) => total + plaintext, 0);
      return sum === made.payload + plaintexts.length * headerWire;
    }),
  );
  t.pass('no fragment among them');
});

t.test('headers alone too large for a datagram', async (t) => {
  const made = { family: 4, protocol: 6, flags: 0, header: 700, payload: 10, segment: 0, fragmentAt: 650 };
  t.equal(plan(made).datagrams, 0);
});
