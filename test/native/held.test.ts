import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { Listener, open } from './datagrams.ts';
import {
  counted,
  datagramsOf,
  INDEX,
  KEYS,
  LOCALHOST,
  PLAINTEXT,
  privateNamespace,
  sendRow,
  Twin,
  until,
} from './twin.ts';

privateNamespace(import.meta.filename);

interface Held {
  slot: number;
  row: Uint32Array;
  datagrams: number;
}

/** A port whose outbound super-packets of one TCP connection are held; what it sends goes to a listener. */
async function scene(t: Test) {
  const twin = new Twin();
  const listener = await Listener.open();
  const { port } = twin.a;
  const held: Held[] = [];
  t.teardown(() => {
    twin.close();
    listener.close();
  });
  // A connection that has found its speed, so that its super-packets are large.
  let arrived = 0;
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy());
    socket.on('data', (chunk) => {
      arrived += chunk.length;
    });
  });
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '10.78.0.2');
  await once(client, 'connect');
  t.teardown(() => {
    client.destroy();
    server.close();
  });
  client.write(randomBytes(8 << 20));
  await until(() => arrived === 8 << 20, 'the connection to find its speed');
  const usual = twin.a.decideOut;
  twin.a.decideOut = (rows, at, counter) => {
    if (rows[at + L.OutRow.segmentBytes] === 0) return usual(rows, at, counter);
    rows[at + L.OutRow.action] = L.Action.hold;
    const row = rows.slice(at, at + L.ROW_WORDS);
    held.push({ slot: row[L.OutRow.slot], row, datagrams: datagramsOf(row, 0, PLAINTEXT) });
    return 0;
  };
  client.write(randomBytes(256 * 1024));
  await until(() => held.some((each) => each.datagrams >= 8), 'a held super-packet of eight segments');
  // What TCP tries again from here on would take slots that are counted.
  twin.a.decideOut = (rows, at) => {
    rows[at + L.OutRow.action] = L.Action.drop;
    return 0;
  };
  port.setPath(1, { ip: LOCALHOST, port: listener.port });
  /** Sends segments first .. first + count - 1 of the held packet under counters from base on. */
  const sendRange = (
    each: Held,
    action: number,
    base: number,
    first: number,
    count: number,
    datagrams: number,
    releaseNs = 0n,
  ) => {
    port.heldRows.set(each.row, 0);
    const set = (word: number, value: number) => {
      port.heldRows[word] = value;
    };
    set(L.OutRow.action, action);
    set(L.OutRow.key, 0);
    set(L.OutRow.path, 1);
    set(L.OutRow.counterLow, base);
    set(L.OutRow.counterHigh, 0);
    set(L.OutRow.datagrams, datagrams);
    set(L.OutRow.recut, 0);
    set(L.OutRow.fragmentAt, PLAINTEXT);
    set(L.OutRow.firstSegment, first);
    set(L.OutRow.segmentCount, count);
    set(L.OutRow.releaseLow, Number(releaseNs & 0xffff_ffffn));
    set(L.OutRow.releaseHigh, Number(releaseNs >> 32n));
    port.sendHeld(1);
  };
  const received = async (count: number) => {
    await until(() => listener.datagrams.length >= count, `${count} datagrams`);
    return listener.take().map((datagram) => open(L.Suite.aes256Gcm, KEYS[0], datagram));
  };
  const big = held.reduce((best, each) => (each.datagrams > best.datagrams ? each : best));
  return { twin, port, listener, held, big, sendRange, received };
}

t.test(
  'a held packet is sent in ranges, again, under other counters, with the same plaintexts',
  async (t) => {
    const { port, big, held, sendRange, received } = await scene(t);
    const n = big.datagrams;
    // The second reference lets the packet outlive the first sendHeld.
    port.retain(big.slot);
    port.retain(big.slot);
    port.retain(big.slot);
    const slab = Buffer.from(port.outBytes.subarray(big.slot * L.SLOT_BYTES, (big.slot + 1) * L.SLOT_BYTES));
    sendRange(big, L.Action.send, 100_000, 0, 0, n);
    const whole = await received(n);
    t.same(
      whole.map((each) => each.counter),
      whole.map((_, i) => BigInt(100_000 + i)),
      'counters follow each other',
    );
    t.ok(
      whole.every((each) => each.index === INDEX[1]),
      'the header names the remote',
    );
    const payloads = whole.map((each) => each.plaintext);
    sendRange(big, L.Action.send, 200_000, 0, 3, 3);
    sendRange(big, L.Action.send, 300_000, 3, n - 3, n - 3);
    const parts = await received(n);
    t.same(
      parts.map((each) => each.plaintext.toString('hex')),
      payloads.map((each) => each.toString('hex')),
      'two ranges are the whole',
    );
    t.same(parts.map((each) => each.counter).slice(0, 4), [200_000n, 200_001n, 200_002n, 300_000n]);
    const after = Buffer.from(port.outBytes.subarray(big.slot * L.SLOT_BYTES, (big.slot + 1) * L.SLOT_BYTES));
    t.ok(
      slab.subarray(L.SLOT_HEADROOM).equals(after.subarray(L.SLOT_HEADROOM)),
      'the slot is as it was read',
    );
    const free = port.info().freeSlots;
    sendRange(big, L.Action.send, 400_000, n - 1, 1, 1);
    const [last] = await received(1);
    t.same(last.plaintext, payloads[n - 1], 'the last segment by itself');
    t.equal(port.info().freeSlots, free + 1, 'the last reference is gone');
    for (const each of held) if (each !== big) port.release(each.slot);
    t.equal(port.info().freeSlots, L.SLAB_SLOTS, 'every slot is free');
    t.notOk(counted(port).dropBadRow, 'no row was refused');
  },
);

t.test('a kept slot is sent from again and again, each time sealed anew, until it is dropped', async (t) => {
  const { port, big, sendRange, received, listener } = await scene(t);
  const n = big.datagrams;
  const free = port.info().freeSlots;
  // Two references: dropping takes one of them, sending none.
  port.retain(big.slot);
  sendRange(big, L.Action.sendKeep, 10_000, 0, 0, n);
  const whole = (await received(n)).map((each) => each.plaintext);
  const ranges = [
    [3, 2],
    [0, 1],
    [3, 2],
    [n - 1, 1],
    [2, 4],
  ];
  const again = new Set<string>();
  for (const [i, [first, count]] of ranges.entries()) {
    const base = 20_000 + 100 * i;
    sendRange(big, L.Action.sendKeep, base, first, count, count);
    await until(() => listener.datagrams.length >= count, `${count} datagrams`);
    for (const each of listener.datagrams) again.add(each.toString('hex'));
    const parts = await received(count);
    t.same(
      parts.map((each) => each.counter),
      parts.map((_, at) => BigInt(base + at)),
    );
    t.same(
      parts.map((each) => each.plaintext),
      whole.slice(first, first + count),
    );
  }
  t.equal(again.size, 10, 'no two datagrams are the same');
  sendRange(big, L.Action.sendKeep, 20_000, 0, 1, 1);
  sendRange(big, L.Action.sendKeep, 30_000, n, 1, 1);
  t.equal(counted(port).dropBadRow, 2, 'neither a counter that was used nor a range that is none');
  t.equal(port.info().freeSlots, free, 'the slot stays');
  sendRange(big, L.Action.drop, 0, 0, 0, 0);
  t.equal(port.info().freeSlots, free, 'the other reference keeps it');
  sendRange(big, L.Action.sendKeep, 40_000, 1, 1, 1);
  t.same((await received(1))[0].plaintext, whole[1]);
  sendRange(big, L.Action.drop, 0, 0, 0, 0);
  t.equal(port.info().freeSlots, free + 1);
  sendRange(big, L.Action.sendKeep, 50_000, 1, 1, 1);
  t.equal(counted(port).dropBadRow, 3, 'a free slot is not sent from');
});

t.test('what comes from the TUN may be sent and kept at once', async (t) => {
  const { twin, port, listener, received, sendRange } = await scene(t);
  const free = port.info().freeSlots;
  let kept: Held | undefined;
  twin.a.decideOut = (rows, at) => {
    rows[at + L.OutRow.action] = L.Action.drop;
    const isUdp = ((rows[at + L.OutRow.info] >>> L.INFO_PROTOCOL_SHIFT) & 0xff) === 17;
    if (!isUdp || kept !== undefined) return 0;
    kept = {
      slot: rows[at + L.OutRow.slot],
      row: rows.slice(at, at + L.ROW_WORDS),
      datagrams: sendRow(rows, at, 60_000, PLAINTEXT),
    };
    rows[at + L.OutRow.action] = L.Action.sendKeep;
    rows[at + L.OutRow.path] = 1;
    return 0;
  };
  const socket = createSocket('udp4');
  t.teardown(() => socket.close());
  socket.send(randomBytes(300), 9, '10.78.0.2');
  await until(() => listener.datagrams.length === 1, 'the datagram');
  const [first] = await received(1);
  t.equal(first.counter, 60_000n);
  t.equal(port.info().freeSlots, free - 1, 'its slot is held');
  const { slot } = kept as unknown as Held;
  sendRange(kept as unknown as Held, L.Action.send, 60_001, 0, 0, 1);
  const [second] = await received(1);
  t.same([second.counter, second.plaintext], [60_001n, first.plaintext]);
  t.equal(port.info().freeSlots, free);
  t.notOk(counted(port).dropBadRow);
  port.release(slot);
  t.equal(counted(port).dropBadRow, 1);
});

t.test('dropping, keeping, releasing too often, ranges that are none', async (t) => {
  const { port, big, sendRange, listener } = await scene(t);
  const free = port.info().freeSlots;
  sendRange(big, L.Action.hold, 0, 0, 0, 0);
  t.equal(port.info().freeSlots, free, 'hold does nothing');
  const bad: [number, number, number][] = [
    [big.datagrams, 1, 1],
    [0, big.datagrams + 1, big.datagrams + 1],
    [0, 2, 3],
    [0, 3, 2],
    [0xffff_ffff, 2, 2],
    [1, 0xffff_ffff, 5],
    [0, 0, 0],
  ];
  for (const [first, count, datagrams] of bad) {
    port.retain(big.slot);
    sendRange(big, L.Action.send, 500_000, first, count, datagrams);
  }
  t.equal(counted(port).dropBadRow, bad.length, 'each is refused');
  port.retain(big.slot);
  sendRange(big, L.Action.send, 500_000, 0, 1, 1);
  sendRange(big, L.Action.drop, 0, 0, 0, 0);
  t.equal(port.info().freeSlots, free + 1, 'drop takes the last reference');
  await until(() => listener.datagrams.length === 1, 'the one good range');
  sendRange(big, L.Action.send, 600_000, 0, 1, 1);
  port.release(big.slot);
  port.retain(big.slot);
  port.release(L.SLAB_SLOTS);
  port.retain(0xffff_ffff);
  t.equal(counted(port).dropBadRow, bad.length + 5, 'a free slot cannot be sent, released or retained');
  t.equal(port.info().freeSlots, free + 1);
});

t.test('timed release', async (t) => {
  const { port, big, sendRange, listener } = await scene(t);
  const at: bigint[] = [];
  const start = process.hrtime.bigint() + 20_000_000n;
  for (let i = 0; i < 8; i++) {
    port.retain(big.slot);
    at.push(start + BigInt(i) * 3_000_000n);
  }
  // Handed over in another order than they are to leave in.
  const order = [3, 0, 7, 1, 5, 2, 6, 4];
  for (const [step, i] of order.entries()) sendRange(big, L.Action.send, 700_000 + step, i, 1, 1, at[i]);
  await until(() => listener.datagrams.length === 8, 'all to leave');
  const late = listener.arrivedNs.map((ns, i) => Number(ns - at[i]) / 1e6);
  t.ok(
    late.every((ms) => ms >= 0),
    `none is early: ${late.map((ms) => ms.toFixed(3))} ms`,
  );
  // Precision is for a quiet machine to show; here it only must not be out of all proportion.
  t.ok(Math.min(...late) < 100, 'the most punctual of eight is less than 100 ms late');
  const left = listener
    .take()
    .map((datagram) => open(L.Suite.aes256Gcm, KEYS[0], datagram).counter - 700_000n);
  t.same(left.map(Number), [1, 3, 5, 0, 7, 4, 6, 2], 'in the order of their times');
  // A quantum and no more is sealed ahead.
  let accepted = 0;
  const refused = counted(port).dropBadRow ?? 0;
  const later = process.hrtime.bigint() + 50_000_000n;
  for (let i = 0; i < 100; i++) {
    port.retain(big.slot);
    sendRange(big, L.Action.send, 800_000 + i, 0, 1, 1, later);
    if ((counted(port).dropBadRow ?? 0) === refused + i - accepted) accepted++;
  }
  t.ok(
    accepted >= 40 && accepted <= 50,
    `64 KB are sealed ahead, then rows are refused: ${accepted} datagrams`,
  );
  await until(() => listener.datagrams.length === accepted, 'the quantum to leave');
  port.clearPath(1);
});
