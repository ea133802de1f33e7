// Packets that wait for a repair in the virtual world: the addon's contract, by the world's clock.
import t from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { readU32BE } from '../../src/core/base/bytes.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { SimPort } from '../../src/sim/port.ts';
import { tcpPacket } from './packets.ts';

const HERE = { ip: ipv4(192, 0, 2, 1), port: 9376 };
const INDEX = 0x0007_0000;
const KEY = new Uint8Array(32).fill(5);

/** Two ports: each packet of the first is kept, and its counter is lost on the way where the test says so. */
function scene(holdMs: number) {
  const world = {
    now: () => clock.now,
    openSocket: () => 'EMFILE',
    closeSocket: () => undefined,
    routeMtu: () => 1500,
  };
  const clock = { now: 0 };
  const arrived: number[] = [];
  /** Counters of what came and waits. */
  const heard: number[] = [];
  const sequenceOf = (packet: Uint8Array) => readU32BE(packet, 24);
  const b = new SimPort(fakeCrypto, {
    ...world,
    sendDatagram: () => true,
    writeInside: (packet) => arrived.push(sequenceOf(packet)),
  });
  let isLost = false;
  const a = new SimPort(fakeCrypto, {
    ...world,
    writeInside: () => undefined,
    sendDatagram: (_, bytes) => {
      if (!isLost) b.readOutside([{ from: HERE, bytes }]);
      return true;
    },
  });
  a.setSendKey(0, L.Suite.aes256Gcm, KEY, INDEX);
  a.setPath(0, HERE);
  b.setReceiveKey(0, L.Suite.aes256Gcm, KEY, INDEX, 3);
  b.setHold(0, holdMs);
  b.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      if (b.inRows[at + L.InRow.kind] === L.Kind.heard) heard.push(b.inRows[at + L.InRow.counterLow]);
      b.inRows[at + L.InRow.action] = L.Action.send;
      b.inRows.set([0, 0, 0xffff, 0x0a00_0001, 0, 0, 0xffff, 0x0a00_0002], at + L.InRow.source);
    }
    b.deliver(rows);
  });
  let counter = 0;
  let repair = 0;
  a.onInside((rows) => {
    a.outRows[L.OutRow.action] = L.Action.send;
    a.outRows[L.OutRow.counterLow] = counter++;
    a.outRows[L.OutRow.datagrams] = 1;
    a.outRows[L.OutRow.fragmentAt] = 1000;
    a.outRows[L.OutRow.repair] = repair;
    a.send(rows);
  });
  /** `original`: the counter of what is sent again. Returns its counter. */
  const send = (sequence: number, { port = 1, lost = false, original = -1 } = {}) => {
    isLost = lost;
    repair = original < 0 ? L.REPAIR_REPAIRABLE : (L.REPAIR_REPAIRABLE | L.REPAIR_RESENT | original) >>> 0;
    const [from, to] = [ipv4(10, 0, 0, 1), ipv4(10, 0, 0, 2)];
    a.readInside([tcpPacket(from, port, to, 2, new Uint8Array(100), { flags: 0x10, sequence })]);
    return counter - 1;
  };
  return { b, clock, send, arrived, heard };
}

t.test('a flow waits for its repair, another does not, and nothing comes twice', (t) => {
  const { b, send, arrived, heard } = scene(50);
  send(100);
  const original = send(200, { lost: true });
  send(300);
  send(777, { port: 9 });
  send(400);
  t.strictSame(arrived.splice(0), [100, 777]);
  t.strictSame(heard, [original + 1, original + 3], 'what waits is told of when it comes');
  t.equal(b.wakeAt, 50);
  send(200, { original });
  send(200, { original });
  t.strictSame(arrived.splice(0), [200, 300, 400]);
  t.equal(b.wakeAt, Number.POSITIVE_INFINITY);
  const { counters } = b;
  t.strictSame(
    [counters[L.Counter.resequenced], counters[L.Counter.holdExpired], counters[L.Counter.dropDuplicate]],
    [2, 0, 1],
  );
  t.end();
});

t.test('what the inner sender sent again does not overtake what waits', (t) => {
  const { b, send, arrived } = scene(50);
  send(100);
  send(200);
  const original = send(300, { lost: true });
  send(400);
  send(200);
  send(500);
  t.strictSame(arrived.splice(0), [100, 200]);
  send(300, { original });
  t.strictSame(arrived.splice(0), [300, 400, 200, 500]);
  send(100);
  t.strictSame(arrived.splice(0), [100], 'nothing waits');
  const later = send(600, { lost: true });
  send(700);
  t.strictSame(arrived.splice(0), []);
  // It fills the gap itself: all that waited goes with it.
  send(600);
  t.strictSame(arrived.splice(0), [600, 700]);
  send(600, { original: later });
  t.equal(b.wakeAt, Number.POSITIVE_INFINITY);
  t.end();
});

t.test('a hold ends by the clock of the world, and when nothing is to be held any more', (t) => {
  const { b, clock, send, arrived } = scene(50);
  send(100);
  send(200, { lost: true });
  clock.now = 10;
  send(300);
  clock.now = 59;
  b.tick();
  t.strictSame(arrived.splice(0), [100]);
  clock.now = 60;
  b.tick();
  t.strictSame(arrived.splice(0), [300]);
  send(400, { lost: true });
  send(500);
  b.setHold(0, 0);
  t.ok(b.wakeAt <= clock.now);
  b.tick();
  t.strictSame(arrived.splice(0), [500]);
  t.throws(() => b.setHold(0, L.HOLD_MS_MAX + 1), TypeError);
  t.end();
});

t.test('a key that goes takes along what is held of it', (t) => {
  const { b, send, clock, arrived } = scene(50);
  send(100);
  send(200, { lost: true });
  send(300);
  b.clearReceiveKey(0);
  clock.now = 1000;
  b.tick();
  t.strictSame(arrived, [100]);
  t.equal(b.counters[L.Counter.dropHeld], 1);
  t.end();
});
