// Packets that the port of the virtual world keeps and sends from again, and what it says has arrived: the addon's contract.
import t from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { SimPort } from '../../src/sim/port.ts';
import { tcpPacket } from './packets.ts';

const HERE = { ip: ipv4(192, 0, 2, 1), port: 9376 };
const INDEX = 0x0007_0000;
const KEY = new Uint8Array(32).fill(5);

/** Two ports: what the first sends over path 0, the second receives unless it is lost. */
function scene() {
  const delivered: Uint8Array[] = [];
  const lost = new Set<number>();
  let sent = 0;
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
    sendDatagram: (_, bytes) => {
      if (!lost.has(sent++)) b.readOutside([{ from: HERE, bytes }]);
      return true;
    },
  });
  a.setSendKey(0, L.Suite.aes256Gcm, KEY, INDEX);
  a.setPath(0, HERE);
  b.setReceiveKey(0, L.Suite.aes256Gcm, KEY, INDEX, 0);
  const control: Uint8Array[] = [];
  b.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      const start = b.inRows[at + L.InRow.offset];
      if (b.inRows[at + L.InRow.kind] === L.Kind.control)
        control.push(b.inBytes.slice(start, start + b.inRows[at + L.InRow.length]));
      b.inRows[at + L.InRow.action] = L.Action.send;
      b.inRows.set([0, 0, 0xffff, 0x0a00_0001, 0, 0, 0xffff, 0x0a00_0002], at + L.InRow.source);
    }
    b.deliver(rows);
  });
  const into = new Float64Array(64);
  const arrived = () => [...into.subarray(0, 2 * b.received(0, into, 32))];
  return { a, b, delivered, lost, control, arrived };
}

t.test('ranges of a kept packet, sent again under other counters, until it is dropped', (t) => {
  const { a, delivered, lost, arrived } = scene();
  const payload = Uint8Array.from({ length: 900 }, (_, i) => i);
  const packet = tcpPacket(ipv4(10, 0, 0, 1), 1, ipv4(10, 0, 0, 2), 2, payload, { flags: 0x18 });
  let row = new Uint32Array();
  a.onInside((rows) => {
    row = a.outRows.slice(0, L.ROW_WORDS);
    a.outRows[L.OutRow.action] = L.Action.hold;
    a.send(rows);
  });
  a.readInside([packet]);
  const sendRange = (action: number, counter: number, first: number, count: number, datagrams: number) => {
    a.heldRows.set(row);
    a.heldRows[L.OutRow.action] = action;
    a.heldRows[L.OutRow.counterLow] = counter;
    a.heldRows[L.OutRow.datagrams] = datagrams;
    a.heldRows[L.OutRow.recut] = 200;
    a.heldRows[L.OutRow.fragmentAt] = 1000;
    a.heldRows[L.OutRow.firstSegment] = first;
    a.heldRows[L.OutRow.segmentCount] = count;
    a.sendHeld(1);
    return delivered.splice(0).map((each) => Buffer.from(each.subarray(40)));
  };
  const cut = [0, 200, 400, 600, 800].map((from) => Buffer.from(payload.subarray(from, from + 200)));
  lost.add(1).add(2);
  t.same(sendRange(L.Action.sendKeep, 10, 0, 0, 5), [cut[0], cut[3], cut[4]], 'two are lost');
  t.same(arrived(), [13, 14, 10, 10]);
  t.same(sendRange(L.Action.sendKeep, 15, 1, 2, 2), [cut[1], cut[2]]);
  t.same(arrived(), [13, 16, 10, 10], 'their old counters stay missing');
  t.same(sendRange(L.Action.sendKeep, 20, 1, 2, 2), [cut[1], cut[2]], 'as often as is asked for');
  t.same(sendRange(L.Action.sendKeep, 21, 1, 1, 1), [], 'but never under a counter that was used');
  t.same(sendRange(L.Action.sendKeep, 30, 4, 2, 2), [], 'nor what it does not have');
  t.same(sendRange(L.Action.sendKeep, 30, 5, 0, 0), []);
  t.equal(a.counters[L.Counter.dropBadRow], 3);
  t.equal(a.slotsInUse, 1);
  sendRange(L.Action.drop, 0, 0, 0, 0);
  t.equal(a.slotsInUse, 0);
  t.end();
});

t.test('a packet may be sent and kept at once', (t) => {
  const { a, delivered } = scene();
  const packet = tcpPacket(ipv4(10, 0, 0, 1), 1, ipv4(10, 0, 0, 2), 2, new Uint8Array(9));
  let slot = -1;
  a.onInside((rows) => {
    slot = a.outRows[L.OutRow.slot];
    a.outRows[L.OutRow.action] = L.Action.sendKeep;
    a.outRows[L.OutRow.datagrams] = 1;
    a.outRows[L.OutRow.fragmentAt] = 1000;
    a.send(rows);
  });
  a.readInside([packet]);
  t.equal(delivered.length, 1);
  t.equal(a.slotsInUse, 1);
  a.release(slot);
  t.equal(a.slotsInUse, 0);
  t.end();
});

t.test('acknowledgements travel as control messages do; other plaintexts are not sent so', (t) => {
  const { a, b, control, arrived } = scene();
  const plaintext = Uint8Array.of(L.Plaintext.ack, 1, 2, 3);
  a.sendControl(0, 4, 0, plaintext);
  t.same(control, [plaintext]);
  t.same(arrived(), [4, 4]);
  t.throws(() => a.sendControl(0, 5, 0, Uint8Array.of(L.Plaintext.fragment)), RangeError);
  t.equal(b.received(1, new Float64Array(2), 1), 0, 'no key');
  for (const [key, size, ranges] of [
    [L.KEY_SLOTS, 2, 1],
    [-1, 2, 1],
    [0, 3, 2],
    [0, 2, 0.5],
  ])
    t.throws(() => b.received(key, new Float64Array(size), ranges), TypeError);
  t.end();
});
