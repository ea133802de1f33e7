// Marks of congestion in the virtual world: the addon's rules (RFC 6040), between two ports and over links that mark.
import t from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { type IpAddress, ipToWords, ipv4, parseIp } from '../../src/core/base/ip.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { ecnOf, setEcn } from '../../src/sim/ecn.ts';
import type { Datagram } from '../../src/sim/inlet.ts';
import { SimPort } from '../../src/sim/port.ts';
import { relayHeader } from '../../src/sim/relay.ts';
import { isConnected, pair } from '../../src/sim/scenarios.ts';
import { checksumsHold, udpPacket } from './packets.ts';
import { makeWorld, numbered, numbersReceived } from './traffic.ts';

const HERE = { ip: ipv4(192, 0, 2, 1), port: 9376 };
const THERE = { ip: ipv4(192, 0, 2, 2), port: 9376 };
const INDEX = 0x0007_0000;
const KEY = new Uint8Array(32).fill(5);
const [NONE, ECT1, ECT0, CE] = [0, 1, 2, 3];
const PAIRS = [
  [ipv4(10, 0, 0, 1), ipv4(10, 0, 0, 2)],
  [parseIp('fd00::1') as IpAddress, parseIp('fd00::2') as IpAddress],
] as const;

/** What the first port sends waits in `sent`; `take` hands all of it to the second, with the fields that the test gives. */
function scene() {
  const delivered: Uint8Array[] = [];
  const sent: { bytes: Uint8Array; ecn: number }[] = [];
  const world = {
    now: () => 0,
    writeInside: (packet: Uint8Array) => delivered.push(packet.slice()),
    openSocket: () => 'EMFILE',
    closeSocket: () => undefined,
    routeMtu: () => 1500,
  };
  const b = new SimPort(fakeCrypto, { ...world, sendDatagram: () => true });
  const a = new SimPort(fakeCrypto, {
    ...world,
    sendDatagram: (_to, bytes, _ttl, ecn) => sent.push({ bytes, ecn }) > 0,
  });
  a.setSendKey(0, L.Suite.aes256Gcm, KEY, INDEX);
  a.setPath(0, THERE);
  b.setReceiveKey(0, L.Suite.aes256Gcm, KEY, INDEX, 0);
  let counter = 0;
  let repair = 0;
  a.onInside((rows) => {
    const [words] = [a.outRows];
    const fragmentAt = 700;
    const shorter = words[L.OutRow.length] > 1000 ? 2 : 1;
    words[L.OutRow.action] = L.Action.send;
    words[L.OutRow.counterLow] = counter;
    words[L.OutRow.datagrams] = shorter;
    words[L.OutRow.fragmentAt] = fragmentAt;
    words[L.OutRow.repair] = repair;
    counter += shorter;
    a.send(rows);
  });
  const told: number[] = [];
  b.onOutside((rows) => {
    const isV4 = (b.inRows[L.InRow.info] & L.INFO_FAMILY) === 4;
    told.push(b.inRows[L.InRow.trafficClass]);
    b.inRows[L.InRow.action] = L.Action.send;
    for (const i of [0, 1]) ipToWords(PAIRS[isV4 ? 0 : 1][i], b.inRows, L.InRow.source + 4 * i);
    b.deliver(rows);
  });
  return {
    a,
    b,
    told,
    /** Datagrams of a packet with that field. */
    send(packet: Uint8Array, mark = false) {
      repair = mark ? L.REPAIR_MARK_CE : 0;
      a.readInside([packet]);
      return sent.splice(0);
    },
    /** What comes out, of datagrams that came with these fields. */
    take(datagrams: readonly { readonly bytes: Uint8Array }[], ecns: readonly number[]) {
      b.readOutside(datagrams.map(({ bytes }, i): Datagram => ({ from: HERE, bytes, ecn: ecns[i] })));
      return delivered.splice(0);
    },
  };
}

function packetOf(six: number, size: number, ecn: number): Uint8Array {
  const [source, destination] = PAIRS[six];
  const packet = udpPacket(source, 1, destination, 2, new Uint8Array(size).fill(size));
  setEcn(packet, ecn);
  if (six === 0) {
    // The header's checksum changes with it (RFC 1624).
    packet[10] = packet[11] = 0;
    let sum = 0;
    for (let i = 0; i < 20; i += 2) sum += (packet[i] << 8) | packet[i + 1];
    sum = 0xffff - ((sum & 0xffff) + (sum >>> 16));
    packet[10] = sum >>> 8;
    packet[11] = sum & 0xff;
  }
  return packet;
}

/** By outer and inner field (RFC 6040, figure 4); undefined: dropped. */
const TAKEN = [
  [NONE, ECT1, ECT0, CE],
  [NONE, ECT1, ECT1, CE],
  [NONE, ECT1, ECT0, CE],
  [undefined, CE, CE, CE],
];

for (const six of [0, 1]) {
  t.test(`IPv${six ? 6 : 4}: out and in again`, (t) => {
    const { b, told, send, take } = scene();
    let marks = 0;
    let dropped = 0;
    for (const inner of [NONE, ECT1, ECT0, CE]) {
      for (const size of [100, 1200]) {
        for (const outer of [NONE, ECT1, ECT0, CE]) {
          const datagrams = send(packetOf(six, size, inner));
          t.ok(datagrams.every((each) => each.ecn === inner));
          t.equal(datagrams.length, size > 700 ? 2 : 1);
          // Of fragments, one mark is enough.
          const [packet] = take(
            datagrams,
            datagrams.length > 1 && outer === CE ? [CE, inner] : [outer, outer],
          );
          const expected = TAKEN[outer][inner];
          if (outer === CE && inner !== CE) marks++;
          if (expected === undefined) dropped++;
          t.equal(packet === undefined ? undefined : ecnOf(packet), expected);
          if (packet === undefined) continue;
          t.ok(checksumsHold(packet));
          t.equal(told.pop(), expected);
        }
      }
    }
    t.equal(b.ceCount(0), marks);
    t.equal(b.counters[L.Counter.congested], marks);
    t.equal(b.counters[L.Counter.dropEcn], dropped);
    t.end();
  });
}

t.test('marked by the sender', (t) => {
  const { b, send, take } = scene();
  for (const six of [0, 1]) {
    for (const [inner, expected] of [
      [NONE, NONE],
      [ECT1, CE],
      [ECT0, CE],
    ]) {
      const datagrams = send(packetOf(six, 100, inner), true);
      t.same(
        datagrams.map(({ ecn }) => ecn),
        [expected],
      );
      const [packet] = take(datagrams, [expected]);
      t.equal(ecnOf(packet), expected);
      t.ok(checksumsHold(packet));
    }
  }
  t.equal(b.ceCount(0), 0);
  t.equal(b.ceCount(1), 0);
  t.throws(() => b.ceCount(-1), TypeError);
  t.end();
});

t.test('a relay sends on with the field that came', (t) => {
  const { a } = scene();
  const sent: number[] = [];
  const relay = new SimPort(fakeCrypto, {
    now: () => 0,
    writeInside: () => undefined,
    openSocket: () => 'EMFILE',
    closeSocket: () => undefined,
    routeMtu: () => 1500,
    sendDatagram: (_to, _bytes, _ttl, ecn) => sent.push(ecn) > 0,
  });
  relay.setPath(1, HERE);
  relay.setPath(2, THERE);
  relay.setForward(1, 7, 2, 9, 8);
  const bytes = new Uint8Array([...relayHeader(1, 7), ...new Uint8Array(40).fill(4)]);
  for (const ecn of [undefined, ECT1, ECT0, CE]) relay.readOutside([{ from: HERE, bytes, ecn }]);
  t.same(sent, [NONE, ECT1, ECT0, CE]);
  t.equal(a.counters[L.Counter.congested], 0);
  t.end();
});

t.test('between nodes, over a link that marks whatever may be marked', (t) => {
  const world = makeWorld({ seed: 'marks' });
  const [alpha, bravo] = pair(world);
  t.ok(world.runUntil(() => isConnected(alpha, bravo) && isConnected(bravo, alpha), 1000));
  world.wire.link = { ...world.wire.link, markShare: 1 };
  for (const [number, ecn] of [NONE, ECT1, ECT0].entries()) {
    const packet = numbered(alpha, bravo, number);
    setEcn(packet, ecn);
    alpha.sendInside(world.now, packet);
  }
  world.run(20);
  t.same(numbersReceived(bravo), [0, 1, 2]);
  t.same(bravo.received.map(ecnOf), [NONE, CE, CE]);
  t.equal(bravo.port.counters[L.Counter.congested], 2);
  t.end();
});
