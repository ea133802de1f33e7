import { randomBytes, randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { counted, INDEX, PLAINTEXT, privateNamespace, sendRow, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);

const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 9, 20, 28, 40, 255, 256, 257, 1399, 1400, 65535, 65536, 0x7fff_ffff, 0x8000_0000,
  0xffff_ffff,
];

function edge(): number {
  return randomInt(3) === 0 ? randomInt(2 ** 32) : EDGES[randomInt(EDGES.length)];
}

/** Sends `count` datagrams of varied sizes into TUN A and waits until all were read from it. */
async function feed(twin: Twin, count: number, bytes = 3000, between?: () => void): Promise<void> {
  const socket = createSocket({ type: 'udp4', sendBufferSize: 4 << 20 });
  socket.bind(0, '10.78.0.1');
  await once(socket, 'listening');
  const before = twin.a.port.counters[L.Counter.insideReadPackets];
  let sent = 0;
  while (sent < count) {
    for (let i = 0; i < 40 && sent < count; i++, sent++)
      socket.send(Buffer.alloc(randomInt(bytes)), 9, '10.78.0.2');
    await until(
      () => twin.a.port.counters[L.Counter.insideReadPackets] - before >= sent,
      'the datagrams to be read',
    );
    between?.();
  }
  socket.close();
}

async function echoes(twin: Twin): Promise<boolean> {
  const server = createSocket('udp4');
  server.bind(0, '10.79.0.1');
  await once(server, 'listening');
  const client = createSocket('udp4');
  let answered = false;
  server.on('message', (message, from) => server.send(message, from.port, from.address));
  client.on('message', () => {
    answered = true;
  });
  // The receive buffer of a socket may still be full of what was sent before.
  const asking = setInterval(() => client.send('hello', server.address().port, '10.78.0.2'), 20);
  await until(() => answered, 'an echo through the port that saw bad rows').finally(() =>
    clearInterval(asking),
  );
  client.close();
  server.close();
  return twin.a.port.info().freeSlots === L.SLAB_SLOTS;
}

t.test('outbound rows with one or more wrong words', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const { a } = twin;
  let rows = 0;
  const held: number[] = [];
  const fresh = () => {
    const key = randomBytes(32);
    a.port.setSendKey(0, L.Suite.aes256Gcm, key, INDEX[1]);
    twin.b.port.setReceiveKey(0, L.Suite.aes256Gcm, key, INDEX[1], 0);
    a.counter = 0;
  };
  a.decideOut = (words, at, counter) => {
    rows++;
    const slot = words[at + L.OutRow.slot];
    const taken = sendRow(words, at, counter, PLAINTEXT);
    if (rows % 3 === 0) return taken;
    for (let n = randomInt(4); n >= 0; n--) words[at + randomInt(L.ROW_WORDS)] = edge();
    const action = words[at + L.OutRow.action];
    const keeps = action === L.Action.hold || action === L.Action.sendKeep;
    if (words[at + L.OutRow.slot] === slot && keeps) held.push(slot);
    // Whatever the row became, the counters it may have taken are not given out again.
    const low = words[at + L.OutRow.counterLow];
    if (words[at + L.OutRow.counterHigh] !== 0 || low >= 2 ** 28) return taken;
    return Math.max(0, low - counter) + Math.max(taken, Math.min(words[at + L.OutRow.datagrams], 65536));
  };
  await feed(twin, 6000, 3000, () => {
    if (a.counter > 0) fresh();
  });
  const { dropBadRow, datagramsSent } = counted(a.port);
  t.ok(
    rows >= 6000 && dropBadRow > 1500 && datagramsSent > 2000,
    `${rows} rows: ${dropBadRow} refused, ${datagramsSent} datagrams`,
  );
  for (const slot of held) a.port.release(slot);
  // A new key begins a new range of counters.
  fresh();
  a.decideOut = (words, at, counter) => sendRow(words, at, counter, PLAINTEXT);
  t.ok(await echoes(twin), 'the port goes on, and every slot is free');
});

t.test('held rows of noise', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const { a } = twin;
  a.decideOut = (words, at) => {
    words[at + L.OutRow.action] = L.Action.hold;
    return 0;
  };
  await feed(twin, 200);
  t.ok(a.port.info().freeSlots <= L.SLAB_SLOTS - 196, 'many slots are held');
  for (let round = 0; round < 3000; round++) {
    const count = 1 + randomInt(8);
    for (let word = 0; word < count * L.ROW_WORDS; word++) a.port.heldRows[word] = edge();
    for (let i = 0; i < count; i++) {
      a.port.heldRows[i * L.ROW_WORDS + L.OutRow.slot] =
        randomInt(9) > 0 ? randomInt(300) : randomInt(2 * L.SLAB_SLOTS);
      a.port.heldRows[i * L.ROW_WORDS + L.OutRow.action] = randomInt(20) === 0 ? randomInt(5) : L.Action.hold;
    }
    a.port.sendHeld(count);
    if (round % 10 === 0) a.port.retain(randomInt(300));
  }
  a.port.sendHeld(2 ** 31);
  a.port.sendHeld(-1);
  a.port.sendHeld(Number.NaN);
  for (let slot = 0; slot < L.SLAB_SLOTS; slot++) for (let i = 0; i < 100; i++) a.port.release(slot);
  t.equal(a.port.info().freeSlots, L.SLAB_SLOTS);
});

t.test(
  'when every slot is held, packets are dropped and counted, and later ones come through again',
  async (t) => {
    const twin = new Twin();
    t.teardown(() => twin.close());
    const { a } = twin;
    const slots: number[] = [];
    a.decideOut = (words, at) => {
      slots.push(words[at + L.OutRow.slot]);
      words[at + L.OutRow.action] = L.Action.hold;
      return 0;
    };
    const many = L.SLAB_SLOTS + 150;
    await feed(twin, many, 1000);
    t.equal(slots.length, L.SLAB_SLOTS);
    t.equal(counted(a.port).dropNoSlot, many - L.SLAB_SLOTS);
    for (const slot of slots) a.port.release(slot);
    a.decideOut = (words, at, counter) => sendRow(words, at, counter, PLAINTEXT);
    t.ok(await echoes(twin));
  },
);

t.test('inbound rows of noise', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const usual = twin.b.decideIn;
  twin.b.decideIn = (words, at) => {
    usual(words, at);
    for (let n = randomInt(4); n >= 0; n--) words[at + randomInt(L.ROW_WORDS)] = edge();
  };
  await feed(twin, 4000);
  await until(() => counted(twin.b.port).datagramsReceived >= 4000, 'the datagrams');
  twin.b.decideIn = usual;
  t.ok(await echoes(twin));
});

t.test('a batch that is not handed back, handed back twice, or not wholly', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const { a } = twin;
  const usual = a.decideOut;
  for (const times of [0, 2]) {
    a.port.onInside((rows) => {
      for (let i = 0; i < rows; i++) a.counter += usual(a.port.outRows, i * L.ROW_WORDS, a.counter);
      for (let i = 0; i < times; i++) a.port.send(rows);
    });
    await feed(twin, 200);
    t.equal(a.port.info().freeSlots, L.SLAB_SLOTS);
  }
  a.port.onInside((rows) => {
    for (let i = 0; i < rows; i++) a.counter += usual(a.port.outRows, i * L.ROW_WORDS, a.counter);
    a.port.send(2 ** 31);
    a.port.deliver(2 ** 31);
    a.port.send(-5);
  });
  await feed(twin, 200);
  a.port.send(32);
  a.port.deliver(32);
  t.ok(await echoes(twin));
});

t.test('wrong arguments throw and change nothing', (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const port = twin.a.port;
  const bytes = new Uint8Array(32);
  const wrong: (() => void)[] = [
    () => port.setSendKey(0, 3, bytes, 0),
    () => port.setSendKey(0, 1, bytes.subarray(1), 0),
    () => port.setSendKey(65536, 1, bytes, 0),
    () => port.setSendKey(-1, 1, bytes, 0),
    () => port.setReceiveKey(1, 1, bytes, 2, 0),
    () => port.setReceiveKey(65536, 1, bytes, 65536, 0),
    () => port.setPath(65536, { ip: bytes.subarray(16), port: 1 }),
    () => port.setPath(0, { ip: bytes, port: 1 }),
    () => port.setPath(0, { ip: bytes.subarray(16), port: 70000 }),
    () => port.setPath(0, { ip: bytes.subarray(16), port: Number.NaN }),
    () => port.sendRaw({ ip: bytes.subarray(16), port: 1 }, new Uint8Array(0)),
    () => port.sendRaw({ ip: bytes.subarray(16), port: 1 }, new Uint8Array(65508)),
    () => port.sendControl(0, Number.NaN, 0, undefined as unknown as Uint8Array),
    () => port.inject(new Uint8Array(0)),
    () => port.inject('packet' as unknown as Uint8Array),
    () => port.onInside(undefined as unknown as () => void),
    () => port.received(65536, new Float64Array(2), 1),
    () => port.received(-1, new Float64Array(2), 1),
    () => port.received(0, new Float64Array(3), 2),
    () => port.received(0, new Float64Array(2), -1),
    () => port.received(0, new Uint32Array(4) as unknown as Float64Array, 1),
    () => port.received(0, undefined as unknown as Float64Array, 0),
    () => port.routeMtu({ ip: bytes, port: 0 }),
  ];
  for (const call of wrong) t.throws(call, TypeError, String(call));
  // Not wrong by type, but nothing that can be done: counted, and quiet.
  port.sendControl(0, Number.NaN, 0, new Uint8Array(1));
  port.sendControl(0, -1, 0, new Uint8Array(1));
  port.sendControl(0, 2 ** 53, 0, new Uint8Array(1));
  port.sendControl(77, 0, 0, new Uint8Array(1));
  port.sendControl(0, 0, 77, new Uint8Array(1));
  port.sendControl(2 ** 40, 0, 2 ** 40, new Uint8Array(1));
  t.equal(counted(port).dropBadRow, 6);
  port.clearPath(2 ** 40);
  port.clearSendKey(-7);
  port.clearReceiveKey(65536);
  t.end();
});
