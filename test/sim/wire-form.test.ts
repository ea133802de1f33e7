import t from 'tap';
import {
  OutRow,
  REPAIR_REPAIRABLE,
  REPAIR_RESENT,
  ROW_WORDS,
} from '../../src/core/base/batch-layout.generated.ts';
import { concat, equalBytes } from '../../src/core/base/bytes.ts';
import { type IpAddress, ipToBytes, ipv4, isIpv4, parseIp } from '../../src/core/base/ip.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import { parsePacket } from '../../src/sim/packet.ts';
import { plaintextsOf, Reassembly } from '../../src/sim/segment.ts';
import { finishPacket, fromWireForm, toWireForm } from '../../src/sim/wire-form.ts';
import { checksumsHold, echoPacket, ipPacket, tcpPacket, udpPacket, unreachablePacket } from './packets.ts';

const A4 = ipv4(100, 64, 1, 1);
const B4 = ipv4(100, 64, 9, 9);
const A6 = parseIp('fd12:3456:789a::1') as IpAddress;
const B6 = parseIp('fd12:3456:789a:77::2') as IpAddress;
// What the other host calls them.
const A4_THERE = ipv4(10, 7, 0, 3);
const B4_THERE = ipv4(10, 7, 44, 5);
const SELECTORS = (5 << 16) | 6;
const rng = seededRng('wire form');

const raw = (ip: IpAddress) => (isIpv4(ip) ? ipToBytes(ip) : ip);
const PAIRS: [IpAddress, IpAddress, IpAddress, IpAddress][] = [
  [A4, B4, A4_THERE, B4_THERE],
  [A6, B6, A6, B6],
];

function kinds(a: IpAddress, b: IpAddress): Record<string, Uint8Array> {
  const payload = rng.bytes(rng.u32() % 1200);
  return {
    udp: udpPacket(a, 1000, b, 53, payload),
    tcp: tcpPacket(a, 2000, b, 80, payload, { flags: 2 }),
    echo: echoPacket(a, b, 77),
    error: unreachablePacket(a, b, udpPacket(b, 53, a, 1000, rng.bytes(99))),
    'error about tcp': unreachablePacket(a, b, tcpPacket(b, 80, a, 2000, rng.bytes(700))),
    'error about echo': unreachablePacket(a, b, echoPacket(b, a, 3)),
    other: ipPacket(a, b, 132, payload),
  };
}

t.test('a packet travels without its addresses and arrives with those of the other host', async (t) => {
  for (let round = 0; round < 50; round++) {
    for (const [a, b, aThere, bThere] of PAIRS) {
      for (const [kind, packet] of Object.entries(kinds(a, b))) {
        const facts = parsePacket(packet);
        if (facts === undefined) throw new Error(`${kind} does not parse`);
        const wire = toWireForm(packet, facts, SELECTORS);
        const opened = fromWireForm(wire);
        if (opened === undefined) throw new Error(`${kind} does not open`);
        t.equal(opened.sourceSelector, 5);
        t.equal(opened.destinationSelector, 6);
        t.equal(wire.length, packet.length - (isIpv4(a) ? 0 : 24));
        const arrived = finishPacket(opened, concat(raw(aThere), raw(bThere)));
        t.equal(arrived.length, packet.length);
        if (kind !== 'other' && !checksumsHold(arrived)) throw new Error(`${kind}: wrong checksum`);
      }
    }
  }
});

t.test('the receiver computes the very packet that the sender would have sent there', async (t) => {
  for (const [a, b, aThere, bThere] of PAIRS) {
    const quoted = (x: IpAddress, y: IpAddress) => udpPacket(y, 53, x, 1000, new Uint8Array(64).fill(3));
    const pairs: [Uint8Array, Uint8Array][] = [
      [unreachablePacket(a, b, quoted(a, b)), unreachablePacket(aThere, bThere, quoted(aThere, bThere))],
      [tcpPacket(a, 1, b, 2, rng.bytes(0)), tcpPacket(aThere, 1, bThere, 2, rng.bytes(0))],
      [echoPacket(a, b, 9), echoPacket(aThere, bThere, 9)],
    ];
    for (const [here, there] of pairs) {
      const facts = parsePacket(here);
      const opened = facts && fromWireForm(toWireForm(here, facts, SELECTORS));
      t.ok(opened && equalBytes(finishPacket(opened, concat(raw(aThere), raw(bThere))), there));
    }
  }
});

t.test('a packet too large for a datagram is cut and put together in any order', async (t) => {
  const packet = udpPacket(A4, 1, B4, 2, rng.bytes(9000));
  const facts = parsePacket(packet);
  if (facts === undefined) throw new Error();
  const row = new Uint32Array(ROW_WORDS);
  row[OutRow.fragmentAt] = 1400;
  row[OutRow.selectors] = SELECTORS;
  row[OutRow.counterLow] = 65534;
  const plaintexts = plaintextsOf(packet, facts, row);
  t.equal(plaintexts.length, Math.ceil(packet.length / 1392));
  const reassembly = new Reassembly();
  const numbered = plaintexts.map((plaintext, i) => ({ plaintext, counter: 65534 + i }));
  const shuffled = numbered.sort((x, y) => ((x.counter * 7) % 13) - ((y.counter * 7) % 13));
  const results = shuffled.map(({ plaintext, counter }) => reassembly.add(1, counter, plaintext, 0));
  t.ok(results.slice(0, -1).every((result) => result === 'pending'));
  const whole = results.at(-1);
  const opened = whole instanceof Uint8Array ? fromWireForm(whole) : undefined;
  t.ok(opened && equalBytes(finishPacket(opened, concat(raw(A4), raw(B4))), packet));
});

t.test('a TCP packet too large is re-cut into packets of its own', async (t) => {
  for (const [a, b] of PAIRS) {
    const payload = rng.bytes(5000);
    const packet = tcpPacket(a, 1, b, 2, payload, { flags: 0x19, sequence: 0xffff_fff0 });
    const facts = parsePacket(packet);
    if (facts === undefined) throw new Error();
    const row = new Uint32Array(ROW_WORDS);
    row[OutRow.fragmentAt] = 1400;
    row[OutRow.recut] = 1300;
    const pieces = plaintextsOf(packet, facts, row).map((wire) => {
      const opened = fromWireForm(wire);
      return opened && finishPacket(opened, concat(raw(a), raw(b)));
    });
    t.equal(pieces.length, 4);
    t.ok(pieces.every((piece) => piece && checksumsHold(piece)));
    const header = isIpv4(a) ? 40 : 60;
    t.ok(equalBytes(concat(...pieces.map((piece) => (piece as Uint8Array).subarray(header))), payload));
    t.strictSame(
      pieces.map((piece) => (piece as Uint8Array)[header - 7] & 9),
      [0, 0, 0, 9],
    );
  }
});

t.test('repairs name the counter of each datagram, and only whole TCP segments are repaired', async (t) => {
  for (const [a, b] of PAIRS) {
    const row = new Uint32Array(ROW_WORDS);
    row[OutRow.fragmentAt] = 1400;
    row[OutRow.recut] = 1300;
    const blocks = (packet: Uint8Array) => {
      const facts = parsePacket(packet);
      if (facts === undefined) throw new Error();
      return plaintextsOf(packet, facts, row).map((wire) => {
        const { isRepairable, original } = fromWireForm(wire) ?? {};
        return [isRepairable, original];
      });
    };
    const packet = tcpPacket(a, 1, b, 2, rng.bytes(5000));
    row[OutRow.repair] = REPAIR_REPAIRABLE;
    t.strictSame(blocks(packet), new Array(4).fill([true, undefined]));
    row[OutRow.repair] = (REPAIR_RESENT | 0xffffff) >>> 0;
    row[OutRow.firstSegment] = 2;
    row[OutRow.segmentCount] = 2;
    t.strictSame(blocks(packet), [
      [false, 0xffffff],
      [false, 0],
    ]);
    row[OutRow.firstSegment] = 0;
    row[OutRow.segmentCount] = 0;
    t.strictSame(blocks(udpPacket(a, 1, b, 2, rng.bytes(50))), []);
    t.strictSame(blocks(tcpPacket(a, 1, b, 2, rng.bytes(1500), { flags: 2 })), []);
    row[OutRow.repair] = 0;
    t.strictSame(blocks(tcpPacket(a, 1, b, 2, rng.bytes(50), { flags: 2 })), [[false, undefined]]);
  }
});

t.test('garbage never throws', async (t) => {
  for (let i = 0; i < 20_000; i++) {
    const bytes = rng.bytes(rng.u32() % 120);
    if (bytes.length > 0) bytes[0] = rng.u32() % 2 === 0 ? 0x45 : 0x60;
    parsePacket(bytes);
    fromWireForm(bytes);
  }
  t.pass();
});
