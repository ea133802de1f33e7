// Packets that wait for a repair of what is missing before them, through the whole port.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { openPort } from '../../src/host/native/native.ts';
import { forge, TCP, tcp } from '../netns/forge.ts';
import { Listener, seal } from './datagrams.ts';
import { counted, KEYS, LOCALHOST, loopbackUp, privateNamespace, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

const INDEX = 0x0001_0000;
const LONG_MS = 10_000;

interface Row {
  readonly key: number;
  readonly counter: number;
  readonly outerPort: number;
  /** Bytes of payload: what packets are known by. */
  readonly payload: number;
  /** Bytes of the datagrams that it tells of. */
  readonly told: number;
}

/** A port, and a remote with a flow whose packets have as many bytes as their number says. */
async function scene(t: Test, holdMs: number) {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const [remote, elsewhere] = [await Listener.open(), await Listener.open()];
  t.teardown(() => {
    port.close(true);
    remote.close();
    elsewhere.close();
  });
  const rows: Row[] = [];
  /** Counter, datagrams and bytes of what came and waits. */
  const heard: number[][] = [];
  let onRows: () => void = () => undefined;
  port.onOutside((count) => {
    for (let at = 0; at < count * L.ROW_WORDS; at += L.ROW_WORDS) {
      const word = (offset: number) => port.inRows[at + offset];
      const counter = word(L.InRow.counterLow);
      if (word(L.InRow.kind) === L.Kind.heard) {
        heard.push([counter, word(L.InRow.datagrams), word(L.InRow.outerBytes)]);
        continue;
      }
      const payload = word(L.InRow.length) - 40;
      const [key, outerPort, told] = [L.InRow.key, L.InRow.outerPort, L.InRow.outerBytes].map(word);
      rows.push({ key, counter, outerPort, payload, told });
    }
    onRows();
    port.deliver(count);
  });
  for (const slot of [0, 1]) {
    port.setReceiveKey(slot, L.Suite.aes256Gcm, KEYS[1], INDEX + slot, 7);
    port.setHold(slot, holdMs);
  }
  let sent = 0;
  /** Packet number n of a flow, n bytes long, behind all with a lower number; `original`: it is a repair. */
  const send = async (
    n: number,
    counter: number,
    { original = -1, flow = 5, key = 0, from = remote } = {},
  ) => {
    const payload = tcp(flow, 6, 0x10, Buffer.alloc(n));
    payload.writeUInt32BE(((n * (n - 1)) / 2) >>> 0, 4);
    const flags = L.BLOCK_REPAIRABLE | (original < 0 ? 0 : L.BLOCK_RESENT);
    const wire = forge({ family: 4, protocol: TCP, payload, flags });
    if (original >= 0) wire.writeUIntLE(original, 17, 3);
    from.send(
      seal(L.Suite.aes256Gcm, KEYS[1], INDEX + key, BigInt(counter), wire),
      port.info().udp4?.port ?? 0,
    );
    sent++;
    await until(() => port.counters[L.Counter.datagramsReceived] === sent, 'the datagram', 20_000);
  };
  const numbers = () => rows.splice(0).map(({ payload }) => payload);
  return {
    port,
    remote,
    elsewhere,
    rows,
    heard,
    send,
    numbers,
    onRows: (body: () => void) => (onRows = body),
  };
}

t.test('what is behind a lost datagram waits for its repair, other flows do not', async (t) => {
  const { port, rows, heard, send, numbers, elsewhere, remote } = await scene(t, LONG_MS);
  await send(1, 0);
  const [{ told: bytesOfOne }] = rows;
  await send(3, 2);
  await send(4, 3);
  t.same(
    heard.splice(0),
    [
      [2, 1, bytesOfOne + 2],
      [3, 1, bytesOfOne + 3],
    ],
    'what waits is told of when it comes',
  );
  await send(1, 4, { flow: 9 });
  await send(2, 5, { flow: 9 });
  t.same(numbers(), [1, 1, 2]);
  await send(2, 6, { original: 1, from: elsewhere });
  await until(() => rows.length === 3, 'the rest');
  t.same(
    rows.map(({ counter, outerPort, told }) => [counter, outerPort, told > 0]),
    [
      [6, elsewhere.port, true],
      [2, remote.port, false],
      [3, remote.port, false],
    ],
    'each with its counter and where it came from, and none is told of twice',
  );
  t.same(numbers(), [2, 3, 4]);
  await send(2, 7, { original: 1 });
  await send(2, 1);
  await send(5, 8);
  t.same(numbers(), [5], 'nothing of it comes again');
  const { resequenced, holdExpired = 0, dropDuplicate } = counted(port);
  t.same([resequenced, holdExpired, dropDuplicate], [2, 0, 2]);
});

t.test('what no counter is missing for is not waited for', async (t) => {
  const { send, numbers } = await scene(t, LONG_MS);
  await send(1, 0);
  await send(4, 1);
  t.same(numbers(), [1, 4], "the sender's queue dropped 2 and 3");
  await send(6, 3);
  await send(8, 4);
  t.same(numbers(), []);
  await send(1, 2, { flow: 9 });
  t.same(numbers(), [1, 6, 8], 'the datagram that came late was of another flow');
});

t.test('a hold ends by its time', async (t) => {
  const { port, rows, send, numbers } = await scene(t, 30);
  await send(1, 0);
  const before = performance.now();
  await Promise.all([send(4, 3), send(3, 2)]);
  await until(() => rows.length === 3, 'the held ones', 20_000);
  t.ok(performance.now() - before >= 29, 'not before');
  t.same(numbers(), [1, 3, 4], 'in their order');
  t.same([counted(port).resequenced, counted(port).holdExpired], [2, 1]);
  await send(2, 4, { original: 1 });
  t.same(numbers(), [2], 'a repair that is late is taken');
});

t.test('nothing waits where nothing is to be held, and what does comes up when that is told', async (t) => {
  const { port, rows, send, numbers } = await scene(t, 0);
  await send(1, 0);
  await send(3, 2);
  t.same(numbers(), [1, 3]);
  port.setHold(0, LONG_MS);
  await send(4, 3);
  await send(6, 5);
  t.same(numbers(), [4]);
  port.setHold(0, 0);
  await until(() => rows.length === 1, 'the held one', 20_000);
  t.same(numbers(), [6]);
  port.setHold(2, 50);
  for (const [key, holdMs] of [
    [L.KEY_SLOTS, 0],
    [0, L.HOLD_MS_MAX + 1],
    [0, -1],
    [0, Number.NaN],
  ])
    t.throws(() => port.setHold(key, holdMs), TypeError);
});

t.test('a key that goes takes along what is held of it, and lets go what waited behind it', async (t) => {
  const { port, rows, send, numbers, onRows } = await scene(t, LONG_MS);
  await send(1, 0);
  await send(3, 2);
  await send(4, 0, { key: 1 });
  t.same(numbers(), [1]);
  port.clearReceiveKey(0);
  await until(() => rows.length === 1, 'what came under the other key', 20_000);
  t.same(numbers(), [4]);
  t.equal(counted(port).dropHeld, 1);

  // In the midst of a batch: what was let go and not yet brought up goes as well.
  port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], INDEX, 7);
  port.setHold(0, LONG_MS);
  await send(10, 1, { key: 0, flow: 11 });
  for (let n = 12; n < 12 + 300; n++) await send(n, n, { key: 0, flow: 11 });
  t.same(numbers(), [10]);
  onRows(() => port.clearReceiveKey(0));
  await send(11, 1000, { key: 0, flow: 11, original: 2 });
  t.equal(rows.length, L.INBOUND_ROWS, 'the batch that was under way');
  t.equal(counted(port).dropHeld, 1 + 301 - L.INBOUND_ROWS);
});

/**
 * A path of 40 ms there and back whose first half loses every `every`-th repairable datagram, about which the sender learns after 10 ms more and
 * sends it again from the slot that it kept.
 */
async function lossyPath(t: Test, twin: Twin, every: number) {
  const { a, b } = twin;
  const [there, back] = [await Listener.open(), await Listener.open()];
  a.port.setPath(0, { ip: LOCALHOST, port: there.port });
  b.port.setPath(0, { ip: LOCALHOST, port: back.port });
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, body: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      body();
    }, ms);
    timers.add(timer);
  };
  t.teardown(() => {
    for (const timer of timers) clearTimeout(timer);
    there.close();
    back.close();
  });
  const kept = new Map<number, { row: Uint32Array; base: number }>();
  const slots: number[] = [];
  let passed = 0;
  let lost = 0;
  const resend = (counter: number) => {
    const { row, base } = kept.get(counter) as { row: Uint32Array; base: number };
    a.port.heldRows.set(row);
    a.port.heldRows[L.OutRow.counterLow] = a.counter++;
    a.port.heldRows[L.OutRow.datagrams] = 1;
    a.port.heldRows[L.OutRow.firstSegment] = counter - base;
    a.port.heldRows[L.OutRow.segmentCount] = 1;
    a.port.heldRows[L.OutRow.repair] = (L.REPAIR_REPAIRABLE | L.REPAIR_RESENT | counter) >>> 0;
    a.port.sendHeld(1);
  };
  there.socket.on('message', (datagram) => {
    const counter = Number(datagram.readBigUInt64LE(8));
    const isLost = kept.has(counter) && ++passed % every === 0;
    if (isLost) lost++;
    after(isLost ? 30 : 20, () => (isLost ? resend(counter) : there.send(datagram, b.udpPort)));
  });
  back.socket.on('message', (datagram) => after(20, () => back.send(datagram, a.udpPort)));
  const usual = a.decideOut;
  a.decideOut = (rows, at, counter) => {
    const datagrams = usual(rows, at, counter);
    const info = rows[at + L.OutRow.info];
    const isTcp = ((info >>> L.INFO_PROTOCOL_SHIFT) & 0xff) === TCP && (info & L.INFO_NO_RECUT) === 0;
    if (!isTcp || rows[at + L.OutRow.length] === rows[at + L.OutRow.headerBytes]) return datagrams;
    rows[at + L.OutRow.repair] = L.REPAIR_REPAIRABLE;
    rows[at + L.OutRow.action] = L.Action.sendKeep;
    const row = rows.slice(at, at + L.ROW_WORDS);
    for (let i = 0; i < datagrams; i++) kept.set(counter + i, { row, base: counter });
    slots.push(row[L.OutRow.slot]);
    // By then it has arrived.
    if (slots.length > L.SLAB_SLOTS / 2) a.port.release(slots.shift() as number);
    return datagrams;
  };
  return () => lost;
}

/** Segments that TCP of this namespace has sent again so far. */
function retransmitted(): number {
  const [names, values] = readFileSync('/proc/net/snmp', 'latin1')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('RetransSegs')]);
}

t.test('a connection through a path with repaired loss arrives whole, in its order', async (t) => {
  const twin = new Twin();
  const lost = await lossyPath(t, twin, 40);
  twin.b.port.setHold(0, LONG_MS);
  const content = randomBytes(1 << 20);
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy());
    socket.on('data', (chunk) => received.push(chunk));
  });
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '10.78.0.2');
  t.teardown(() => {
    client.destroy();
    server.close();
    twin.close();
  });
  await once(client, 'connect');
  const before = retransmitted();
  client.write(content);
  const bytes = () => received.reduce((sum, chunk) => sum + chunk.length, 0);
  await until(() => bytes() === content.length, 'the content', 60_000);
  t.ok(Buffer.concat(received).equals(content));
  const { resequenced = 0, holdExpired = 0 } = counted(twin.b.port);
  t.ok(lost() > 10 && resequenced > lost(), `${lost()} lost, ${resequenced} waited`);
  t.equal(holdExpired, 0, 'every gap was filled');
  t.comment(`${retransmitted() - before} segments sent again by TCP itself`);
});

t.test('the port closes with packets held', async (t) => {
  const { port, send } = await scene(t, LONG_MS);
  await send(1, 0);
  for (let n = 3; n < 100; n++) await send(n, n);
  port.close(true);
  t.pass();
});
