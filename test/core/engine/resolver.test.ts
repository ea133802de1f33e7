import fc from 'fast-check';
import t from 'tap';
import {
  INFO_FIRST_FRAGMENT,
  INFO_PROTOCOL_SHIFT,
  OutRow,
  ROW_WORDS,
  SLOT_HEADROOM,
} from '../../../src/core/base/batch-layout.generated.ts';
import { internetChecksum } from '../../../src/core/base/checksum.ts';
import { ipToWords, parseIp } from '../../../src/core/base/ip.ts';
import { readUdp, udpPacket } from '../../../src/core/engine/engine.ts';
import { parsePacket } from '../../../src/sim/packet.ts';
import { ALIAS_PREFIX, address, ICMP, ICMP6, icmp, ports, TCP, UDP, World } from './world.ts';

const RESOLVER6 = 'fd01:203:405::35';
const RESOLVER4 = '100.64.0.53';

function ip(text: string): Uint8Array {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function host(): World {
  const made = new World();
  made.tables.setResolver(ip(RESOLVER6), ALIAS_PREFIX + 53);
  return made;
}

/** Both checksums of a UDP packet are right. */
function isComplete(packet: Uint8Array): boolean {
  const is6 = packet[0] >> 4 === 6;
  const network = is6 ? 40 : 20;
  const bytes = packet.length - network;
  const udp = internetChecksum(packet, is6 ? 8 : 12, packet.length, bytes + 17);
  return udp === 0 && (is6 || internetChecksum(packet, 0, 20) === 0);
}

t.test('queries to the resolver go up, by both families', async (t) => {
  const made = host();
  const query = { protocol: UDP, ports: ports(5353, 53) };
  t.equal(made.out(RESOLVER6, query).action, 'drop');
  t.equal(made.out(RESOLVER4, { ...query, family: 4 }).action, 'drop');
  t.same(made.told, ['dns 0', 'dns 0']);
  t.same(made.dropped(), {});
  t.same(made.injected, []);
});

t.test('nothing else goes up, and nobody is told', async (t) => {
  const made = host();
  made.out(RESOLVER6, { protocol: UDP, ports: ports(5353, 54) });
  made.out(RESOLVER6, { protocol: TCP, ports: ports(5353, 53) });
  made.out(RESOLVER6, { protocol: UDP, ports: ports(5353, 53), info: INFO_FIRST_FRAGMENT });
  made.out(RESOLVER6, { protocol: UDP, ports: ports(5353, 53), segmentBytes: 50, length: 200 });
  made.out(RESOLVER6, { protocol: UDP, ports: ports(5353, 53) }, 0, 'fd01:203:405::bad');
  t.same(made.told, []);
  t.same(made.injected, []);
  t.same(made.dropped(), { outboundSource: 1, outboundResolver: 4 });
});

t.test('without a resolver its address is nobody', async (t) => {
  const made = new World();
  made.out(RESOLVER6, { protocol: UDP, ports: ports(5353, 53) });
  made.out(RESOLVER4, { family: 4, protocol: UDP, ports: ports(5353, 53) });
  t.same(made.told, []);
  t.equal(made.injected.length, 2, 'unreachable');
});

t.test('the resolver answers pings', async (t) => {
  const made = host();
  for (const [family, protocol, type, to] of [
    [6, ICMP6, 128, RESOLVER6],
    [4, ICMP, 8, RESOLVER4],
  ] as const) {
    const header = family === 6 ? 40 : 20;
    made.bytes.fill(0, 0, SLOT_HEADROOM + 100);
    const rows = made.outRow(to, {
      family,
      protocol,
      ports: icmp(type, 0, 77),
      length: 100,
      headerBytes: header,
    });
    const packet = made.bytes.subarray(SLOT_HEADROOM, SLOT_HEADROOM + 100);
    packet[family === 6 ? 6 : 9] = protocol;
    packet.set([type, 0, 0, 0, 0, 77, 0, 1, 9, 8, 7], header);
    made.engine.outbound(rows, made.bytes, 1, 0, made.sink);
    const reply = made.injected.pop() as Uint8Array;
    const facts = parsePacket(reply);
    t.match(facts, { family, length: 100, ports: icmp(family === 6 ? 129 : 0, 0, 77) });
    t.same(reply.subarray(header + 4), packet.subarray(header + 4));
    const sum = family === 6 ? internetChecksum(reply, 8, 100, 60 + 58) : internetChecksum(reply, 20, 100);
    t.equal(sum, 0, 'its checksum is right');
    const size = family === 6 ? 16 : 4;
    const at = family === 6 ? 8 : 12;
    t.same(reply.subarray(at, at + size), packet.subarray(at + size, at + 2 * size));
    t.same(reply.subarray(at + size, at + 2 * size), packet.subarray(at, at + size));
  }
  t.same(made.told, []);
  t.same(made.dropped(), {});
});

t.test('a datagram is read as it was built, with right checksums', async () => {
  const bytes = new Uint8Array(66048);
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.nat(65535),
      fc.nat(65535),
      fc.uint8Array({ maxLength: 1300 }),
      (is6, fromPort, toPort, payload) => {
        const from = ip(is6 ? RESOLVER6 : RESOLVER4);
        const to = ip(address(-1, is6 ? 6 : 4));
        const packet = udpPacket(from, fromPort, to, toPort, payload);
        if (!isComplete(packet)) return false;
        bytes.set(packet, SLOT_HEADROOM);
        const row = new Uint32Array(ROW_WORDS);
        row[OutRow.length] = packet.length;
        row[OutRow.headerBytes] = (is6 ? 40 : 20) + 8;
        row[OutRow.info] = (is6 ? 6 : 4) | (UDP << INFO_PROTOCOL_SHIFT);
        row[OutRow.ports] = ports(fromPort, toPort);
        ipToWords(from, row, OutRow.source);
        ipToWords(to, row, OutRow.destination);
        const read = readUdp(row, bytes, 0);
        return (
          read !== undefined &&
          Buffer.from(read.payload).equals(payload) &&
          read.fromPort === fromPort &&
          read.toPort === toPort &&
          Buffer.from(read.from).equals(from) &&
          Buffer.from(read.to).equals(to)
        );
      },
    ),
  );
});

t.test('what cannot be a packet throws', async (t) => {
  const from = ip(RESOLVER4);
  t.throws(() => udpPacket(from, 53, ip(RESOLVER6), 1, new Uint8Array(0)), RangeError);
  t.throws(() => udpPacket(from, 53, from, 1, new Uint8Array(65508)), RangeError);
  t.equal(udpPacket(from, 53, from, 1, new Uint8Array(65507)).length, 65535);
});
