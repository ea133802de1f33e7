// Error correction from one port to another through a wire that loses, delays and repeats what the test says; the virtual port's parity is held to
// the same bytes.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { seededRng, uniform } from '../../src/core/base/rng.ts';
import { openPort } from '../../src/host/native/native.ts';
import { ParityDecoder, ParityEncoder } from '../../src/sim/parity.ts';
import { forge, TCP, tcp } from '../netns/forge.ts';
import { Listener, open, seal } from './datagrams.ts';
import {
  counted,
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

const LONGEST = PLAINTEXT - L.PARITY_OVERHEAD;
const PATIENCE_MS = 30_000;

interface Seen {
  readonly counter: number;
  readonly plaintext: Buffer;
  readonly datagram: Buffer;
}

/** UDP datagrams go into TUN A; all that port A sends ends at a listener, which is the wire to port B. */
async function scene(t: Test) {
  const twin = new Twin();
  const wire = await Listener.open();
  const from = createSocket({ type: 'udp4', sendBufferSize: 4 << 20 });
  const to = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  t.teardown(() => {
    for (const socket of [wire, from, to, twin]) socket.close();
  });
  from.bind(0, '10.78.0.1');
  to.bind(0, '10.79.0.1');
  await Promise.all([once(from, 'listening'), once(to, 'listening')]);
  const arrived: string[] = [];
  to.on('message', (message) => arrived.push(message.toString('latin1')));
  const { a, b } = twin;
  a.port.setPath(0, { ip: LOCALHOST, port: wire.port });
  /** Parities behind the row that ends a group; told by the test. */
  let group = 0;
  let parities = 0;
  let inGroup = 0;
  a.decideOut = (rows, at, counter) => {
    const taken = sendRow(rows, at, counter, PLAINTEXT);
    inGroup += taken;
    if (parities === 0 || inGroup < group) return taken;
    inGroup = 0;
    rows[at + L.OutRow.repair] = (parities << L.REPAIR_PARITY_SHIFT) >>> 0;
    return taken + parities;
  };
  let handed = 0;
  /** What port A sends of these payloads, opened. */
  const sent = async (payloads: readonly Buffer[], datagrams: number): Promise<Seen[]> => {
    for (const payload of payloads) {
      from.send(payload, to.address().port, '10.78.0.2');
      handed++;
      await until(
        () => a.port.counters[L.Counter.insideReadPackets] >= handed,
        'the TUN to be read',
        PATIENCE_MS,
      );
    }
    await until(() => wire.datagrams.length >= datagrams, `${datagrams} datagrams`, PATIENCE_MS);
    return wire.take().map((datagram) => {
      const { counter, plaintext } = open(L.Suite.aes256Gcm, KEYS[0], datagram);
      return { counter: Number(counter), plaintext, datagram };
    });
  };
  let crossed = 0;
  /** Lets these arrive at port B, one after the other, and waits until it took them. */
  const carry = async (datagrams: readonly Buffer[]) => {
    for (const datagram of datagrams) {
      wire.send(datagram, b.udpPort);
      crossed++;
      await until(() => b.port.counters[L.Counter.datagramsReceived] >= crossed, 'port B', PATIENCE_MS);
    }
  };
  const correct = (of: number, by: number) => {
    group = of;
    parities = by;
    inGroup = 0;
    a.port.setParity(0, by, LONGEST);
  };
  const plain = (datagram: Buffer) => open(L.Suite.aes256Gcm, KEYS[0], datagram).plaintext;
  /** Sealed for port B as port A would. */
  const forge = (counter: number, plaintext: Uint8Array) =>
    seal(L.Suite.aes256Gcm, KEYS[0], INDEX[1], BigInt(counter), plaintext);
  return { twin, a, b, wire, arrived, sent, carry, correct, plain, forge };
}

function payload(i: number, bytes: number): Buffer {
  return Buffer.alloc(bytes, `${i} `);
}

t.test('Nothing is sent, kept or looked at where there is no error correction', async (t) => {
  const { a, b, sent, carry, correct } = await scene(t);
  correct(4, 0);
  const datagrams = await sent(
    Array.from({ length: 12 }, (_, i) => payload(i, 300)),
    12,
  );
  t.same(
    datagrams.map((each) => each.counter),
    Array.from({ length: 12 }, (_, i) => i),
    'no counter is taken by parity',
  );
  await carry(datagrams.map((each) => each.datagram));
  for (const port of [a.port, b.port]) {
    t.notOk(counted(port).paritySent ?? counted(port).parityReceived ?? counted(port).dropBadRow);
  }
});

t.test('What is lost of a group is recovered, and comes through once', async (t) => {
  const { b, arrived, sent, carry, correct, a } = await scene(t);
  const rng = seededRng(7);
  const expected: string[] = [];
  let parityDatagrams = 0;
  let lost = 0;
  for (let round = 0; round < 40; round++) {
    const data = 1 + uniform(rng, 24);
    const parities = 1 + uniform(rng, 6);
    correct(data, parities);
    const payloads = Array.from({ length: data }, (_, i) =>
      payload(1000 * round + i, 4 + uniform(rng, 1300)),
    );
    const group = await sent(payloads, data + parities);
    t.equal(group.length, data + parities);
    expected.push(...payloads.map((each) => each.toString('latin1')));
    // The first group's copies are not kept: nobody knew that parity would come.
    const losing = round === 0 ? 0 : Math.min(data, 1 + uniform(rng, parities));
    const gone = new Set<number>();
    while (gone.size < losing) gone.add(uniform(rng, data));
    const surviving = group.slice(0, data).filter((_, i) => !gone.has(i));
    const behind = group.slice(data, data + (round === 0 ? parities : losing));
    // Datagrams of a group may come behind its parity, and the lost ones when they were made up for.
    const late = surviving.filter(() => uniform(rng, 6) === 0);
    const inTime = surviving.filter((each) => !late.includes(each));
    const back = [...gone].filter(() => uniform(rng, 3) === 0).map((i) => group[i]);
    await carry([...inTime, ...behind, ...late, ...back].map((each) => each.datagram));
    parityDatagrams += behind.length;
    lost += losing;
  }
  await until(() => arrived.length >= expected.length, 'all that was sent', PATIENCE_MS);
  t.same([...arrived].sort(), [...expected].sort(), 'each payload, once');
  const { recovered = 0, dropDuplicate = 0, parityReceived = 0, dropParity = 0 } = counted(b.port);
  t.ok(recovered >= lost, `${lost} lost, ${recovered} recovered`);
  t.ok(dropDuplicate > 0, 'what came although it was made up for is a duplicate');
  t.equal(parityReceived, parityDatagrams);
  t.notOk(dropParity);
  t.notOk(counted(a.port).dropBadRow);
});

t.test('A tunnel fragment that is lost is recovered', async (t) => {
  const { a, b, arrived, sent, carry, correct } = await scene(t);
  correct(1000, 2);
  a.port.setParity(0, 2, 600);
  a.decideOut = (rows, at, counter) => sendRow(rows, at, counter, 600);
  const payloads = [payload(1, 1300), payload(2, 1300)];
  const first = await sent([payloads[0]], 3);
  a.port.sendParity(0, a.counter, 0, 1);
  a.counter += 1;
  const second = await sent([payloads[1]], 4);
  a.port.sendParity(0, a.counter, 0, 2);
  a.counter += 2;
  const all = [...first, ...second, ...(await sent([], 2))];
  // Of the second packet the first fragment and the last are lost, and the last comes late.
  await carry([...all.filter((_, i) => i !== 4 && i !== 6), all[6]].map((each) => each.datagram));
  await until(() => arrived.length === 2, 'both packets', PATIENCE_MS);
  t.same(
    arrived,
    payloads.map((each) => each.toString('latin1')),
  );
  t.equal(counted(b.port).recovered, 2);
  t.equal(counted(b.port).dropDuplicate, 1);
});

t.test('Recovered counters stay missing for acknowledgements', async (t) => {
  const { b, sent, carry, correct } = await scene(t);
  correct(4, 1);
  const first = await sent(
    Array.from({ length: 4 }, (_, i) => payload(i, 100)),
    5,
  );
  const second = await sent(
    Array.from({ length: 4 }, (_, i) => payload(i, 100)),
    5,
  );
  await carry([...first, ...second.filter((_, i) => i !== 2)].map((each) => each.datagram));
  t.equal(counted(b.port).recovered, 1);
  const ranges = new Float64Array(8);
  t.equal(b.port.received(0, ranges, 4), 2);
  t.same([...ranges.subarray(0, 4)], [8, 9, 0, 6]);
});

t.test('Parity by a call, when no row follows', async (t) => {
  const { a, b, arrived, sent, carry, correct } = await scene(t);
  correct(1000, 3);
  const first = await sent([payload(0, 50)], 1);
  a.port.sendParity(0, a.counter, 0, 1);
  a.counter += 1;
  const parity = await sent([payload(1, 700), payload(2, 20)], 3);
  a.port.sendParity(0, a.counter, 0, 2);
  a.counter += 2;
  const more = await sent([], 2);
  t.same(
    [...first, ...parity, ...more].map((each) => each.plaintext[0] >> 4),
    [4, 0, 4, 4, 0, 0],
  );
  const [one, , , ...both] = [...first, ...parity, ...more];
  await carry([one, ...parity.slice(0, 1), ...both.slice(1)].map((each) => each.datagram));
  await until(() => arrived.length === 3, 'both that were lost', PATIENCE_MS);
  t.equal(counted(b.port).recovered, 2);
  const refused = counted(a.port).dropBadRow ?? 0;
  a.port.sendParity(0, a.counter, 0, 4);
  a.port.sendParity(0, a.counter, 0, 0);
  a.port.sendParity(0, 0, 0, 1);
  a.port.sendParity(9, a.counter, 0, 1);
  a.port.sendParity(0, a.counter, 9, 1);
  a.port.setParity(9, 1, 100);
  t.equal((counted(a.port).dropBadRow ?? 0) - refused, 6, 'what cannot be is refused');
  for (const [parities, longest] of [
    [L.PARITY_MOST + 1, 100],
    [1, 0],
    [1, L.PARITY_BYTES + 1],
    [-1, 100],
  ])
    t.throws(() => a.port.setParity(0, parities, longest), TypeError);
});

t.test('The virtual port makes the same parity, and recovers from it', async (t) => {
  const { sent, correct } = await scene(t);
  correct(9, 5);
  const encoder = new ParityEncoder(5, LONGEST);
  const decoder = new ParityDecoder();
  for (let round = 0; round < 5; round++) {
    const group = await sent(
      Array.from({ length: 9 }, (_, i) => payload(100 * round + i, 1 + 150 * i)),
      14,
    );
    const data = group.slice(0, 9);
    for (const each of data) encoder.add(each.counter, each.plaintext);
    const parities = encoder.take(5, group[9].counter);
    t.same(
      parities.map((each) => Buffer.from(each).toString('hex')),
      group.slice(9).map((each) => each.plaintext.toString('hex')),
      'byte for byte',
    );
    const gone = [0, 3, 4, 8].map((i) => (i + round) % 9);
    const found = group.flatMap((each, i) => {
      if (i === 10 || gone.includes(i)) return [];
      return (
        (i < 9
          ? decoder.add(each.counter, each.plaintext)
          : decoder.addParity(each.counter, each.plaintext)) ?? []
      );
    });
    t.same(
      found.map((each) => [each.counter, Buffer.from(each.plaintext).toString('hex')]),
      [...gone].sort((x, y) => x - y).map((i) => [data[i].counter, data[i].plaintext.toString('hex')]),
    );
  }
});

t.test('Copies are kept while parity comes, of few keys, and given back when it does not', async (t) => {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const remote = await Listener.open();
  t.teardown(() => {
    port.close(true);
    remote.close();
  });
  const [parity] = new ParityEncoder(1, 100).take(1, 0);
  let sent = 0;
  const send = async (slot: number, plaintext: Uint8Array) => {
    const datagram = seal(L.Suite.aes256Gcm, KEYS[1], 0x0001_0000 + slot, BigInt(sent), plaintext);
    remote.send(datagram, port.info().udp4?.port ?? 0);
    sent++;
    await until(() => port.counters[L.Counter.datagramsReceived] === sent, 'the datagram', PATIENCE_MS);
  };
  for (let slot = 0; slot < 40; slot++)
    port.setReceiveKey(slot, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000 + slot, slot);
  await send(0, Buffer.alloc(50, 0x45));
  t.equal(port.info().correcting, 0, 'nobody needs them');
  await send(0, parity);
  t.equal(port.info().correcting, 1);
  port.clearReceiveKey(0);
  t.equal(port.info().correcting, 0, 'with its key they go');
  for (let slot = 1; slot < 40; slot++) await send(slot, parity);
  t.equal(counted(port).parityReceived, 40, 'what is not corrected is told of all the same');
  t.ok(port.info().correcting <= 16 && port.info().correcting > 0);
  await until(() => port.info().correcting === 0, 'the time to pass', PATIENCE_MS);
});

t.test(
  'What waits for a lost TCP packet goes up in order once parity makes up for it; its resend is a duplicate',
  async (t) => {
    const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
    const remote = await Listener.open();
    t.teardown(() => {
      port.close(true);
      remote.close();
    });
    const rows: number[][] = [];
    port.onOutside((count) => {
      for (let at = 0; at < count * L.ROW_WORDS; at += L.ROW_WORDS) {
        if (port.inRows[at + L.InRow.kind] === L.Kind.data)
          rows.push([port.inRows[at + L.InRow.counterLow], port.inRows[at + L.InRow.length] - 40]);
      }
      port.deliver(count);
    });
    port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, 7);
    port.setHold(0, 10_000);
    let sent = 0;
    const send = async (counter: number, plaintext: Uint8Array) => {
      remote.send(
        seal(L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, BigInt(counter), plaintext),
        port.info().udp4?.port ?? 0,
      );
      sent++;
      await until(() => port.counters[L.Counter.datagramsReceived] === sent, 'the datagram', PATIENCE_MS);
    };
    /** Packet number n of a flow, n bytes long, behind all with a lower number. */
    const packet = (n: number, original?: number) => {
      const payload = tcp(5, 6, 0x10, Buffer.alloc(n));
      payload.writeUInt32BE((n * (n - 1)) / 2, 4);
      const flags = L.BLOCK_REPAIRABLE | (original === undefined ? 0 : L.BLOCK_RESENT);
      const wire = forge({ family: 4, protocol: TCP, payload, flags });
      if (original !== undefined) wire.writeUIntLE(original, 17, 3);
      return wire;
    };
    const encoder = new ParityEncoder(2, LONGEST);
    const [first] = encoder.take(1, 0);
    await send(0, first);
    await send(1, packet(1));
    for (let n = 2; n <= 6; n++) encoder.add(n, packet(n));
    const parities = encoder.take(2, 7);
    for (const n of [2, 4, 6]) await send(n, packet(n));
    await send(7, parities[0]);
    t.same(rows.splice(0), [
      [1, 1],
      [2, 2],
    ]);
    await send(8, parities[1]);
    t.same(
      rows.splice(0),
      [3, 4, 5, 6].map((n) => [n, n]),
      'all in order, each under its own counter',
    );
    await send(9, packet(3, 3));
    await send(10, packet(5, 5));
    await send(3, packet(3));
    // A resend that is lost is made up for as well: here of what came, and of what did not.
    encoder.add(13, packet(7, 11));
    encoder.add(14, packet(3, 3));
    await send(12, packet(8));
    const more = encoder.take(2, 15);
    await send(15, more[0]);
    await send(16, more[1]);
    t.same(
      rows,
      [
        [13, 7],
        [12, 8],
      ],
      'what was held behind it follows',
    );
    const { recovered, dropDuplicate, dropParity = 0 } = counted(port);
    t.same([recovered, dropDuplicate, dropParity], [4, 4, 0]);
  },
);

t.test('Parity of a remote that lies is dropped and counted, and nothing of it comes through', async (t) => {
  const { b, arrived, sent, carry, correct, forge } = await scene(t);
  correct(3, 1);
  const group = await sent([payload(0, 40), payload(1, 40), payload(2, 40)], 4);
  const parity = group[3].plaintext;
  let counter = 1000;
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(parity);
    copy[at] = value;
    return copy;
  };
  // Of covered datagrams that begin so far below its counter, and of as many bytes.
  const made = (distance: number, bitmap: number[], symbol: Uint8Array, index = 0) => {
    const plaintext = Buffer.alloc(L.PARITY_HEADER + bitmap.length + symbol.length);
    plaintext.set([L.Plaintext.parity, index, bitmap.length, distance]);
    plaintext.set(bitmap, L.PARITY_HEADER);
    plaintext.set(symbol, L.PARITY_HEADER + bitmap.length);
    return plaintext;
  };
  const lies = [
    parity.subarray(0, L.PARITY_HEADER - 1),
    changed(1, L.PARITY_MOST),
    changed(2, 15),
    changed(2, 0),
    changed(3, 1),
    // A bitmap without its first, or whose last byte is empty.
    changed(L.PARITY_HEADER, 6),
    changed(L.PARITY_HEADER, 0),
    // It would cover itself, and what comes behind it.
    made(0, [1], Buffer.alloc(50)),
    made(4, [0x21], Buffer.alloc(50)),
    // Of nothing, and yet from somewhere.
    made(9, [], Buffer.alloc(0)),
    // No symbol, and one that is too long.
    made(10, [1], Buffer.alloc(2)),
    made(10, [1], Buffer.alloc(L.PARITY_BYTES + 3)),
  ];
  for (const lie of lies) await carry([forge(counter++, lie)]);
  t.equal(counted(b.port).dropParity, lies.length);
  // By itself each of these is in order, but what it gives is no data, or has a length that cannot be.
  const symbol = (length: number, first: number) => {
    const bytes = Buffer.alloc(60, 0x55);
    bytes.writeUInt16LE(length);
    bytes[2] = first;
    return bytes;
  };
  const dropped = counted(b.port).dropParity;
  await carry([forge(counter, made(2, [1], symbol(58, L.Plaintext.control)))]);
  counter += 10;
  await carry([forge(counter, made(2, [1], symbol(58, L.Plaintext.parity)))]);
  counter += 10;
  t.equal(counted(b.port).dropParity, dropped + 2, 'control and parity are not covered');
  await carry([forge(counter, made(2, [1], symbol(59, 0x45)))]);
  counter += 10;
  await carry([forge(counter, made(2, [1], symbol(0, 0x45)))]);
  counter += 10;
  const malformed = counted(b.port).dropInnerMalformed ?? 0;
  await carry([forge(counter, made(2, [1], symbol(58, 0x45)))]);
  t.equal(
    counted(b.port).dropInnerMalformed,
    malformed + 1,
    'what is recovered is looked at as what arrives',
  );
  counter += 10;
  // Groups that share counters, and the same parity under two counters.
  await carry([forge(counter + 20, made(20, [3], Buffer.alloc(60)))]);
  const before = counted(b.port).dropParity;
  await carry([forge(counter + 21, made(20, [3], Buffer.alloc(60)))]);
  await carry([forge(counter + 22, made(22, [3], Buffer.alloc(60)))]);
  t.equal(counted(b.port).dropParity, before + 2);
  t.equal(arrived.length, 0);
});
