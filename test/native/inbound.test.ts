import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { openPort } from '../../src/host/native/native.ts';
import type { NativePort } from '../../src/host/native/types.ts';
import { forge, SYN, TCP, tcp, UDP, udp } from '../netns/forge.ts';
import { seenRanges } from '../vectors/ranges.ts';
import { Listener, open, seal, sealByNoble } from './datagrams.ts';
import { counted, KEYS, LOCALHOST, loopbackUp, privateNamespace, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

interface Row {
  kind: number;
  key: number;
  counter: number;
  bytes: Buffer;
  outerPort: number;
}

interface Scene {
  port: NativePort;
  udpPort: number;
  remote: Listener;
  rows: Row[];
  received(count: number): Promise<void>;
}

/** A port without a TUN, and a remote that the test plays by hand. */
async function scene(t: Test, crypto: 'auto' | 'openssl' = 'auto'): Promise<Scene> {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }], crypto, bufferBytes: 4 << 20 });
  const remote = await Listener.open();
  t.teardown(() => {
    port.close(true);
    remote.close();
  });
  const rows: Row[] = [];
  port.onOutside((count) => {
    for (let i = 0; i < count; i++) {
      const at = i * L.ROW_WORDS;
      const word = (offset: number) => port.inRows[at + offset];
      const start = word(L.InRow.offset);
      rows.push({
        kind: word(L.InRow.kind),
        key: word(L.InRow.key),
        counter: word(L.InRow.counterLow) + word(L.InRow.counterHigh) * 2 ** 32,
        bytes: Buffer.from(port.inBytes.subarray(start, start + word(L.InRow.length))),
        outerPort: word(L.InRow.outerPort),
      });
    }
    port.deliver(count);
  });
  const received = (count: number) =>
    until(() => port.counters[L.Counter.datagramsReceived] >= count, `${count} datagrams`);
  return { port, udpPort: port.info().udp4?.port ?? 0, remote, rows, received };
}

const SUITES = [
  ['AES-256-GCM', L.Suite.aes256Gcm, 'auto'],
  ['AES-256-GCM by OpenSSL', L.Suite.aes256Gcm, 'openssl'],
  ['ChaCha20-Poly1305', L.Suite.chacha20Poly1305, 'auto'],
] as const;

for (const [name, suite, crypto] of SUITES) {
  t.test(`${name}: seals and opens what Node's own crypto opens and seals`, async (t) => {
    const { port, udpPort, remote, rows, received } = await scene(t, crypto);
    port.setSendKey(9, suite, KEYS[0], 0xdead_beef);
    port.setReceiveKey(5, suite, KEYS[1], 0x1234_0005, 0);
    port.setPath(3, { ip: LOCALHOST, port: remote.port });
    const sizes = [...Array(300).keys(), 511, 512, 1000, 1400, 1500, 4096, 9000, 16000, 65000];
    const plaintexts = sizes.map((size) => {
      const bytes = randomBytes(size);
      bytes[0] = 0;
      return bytes;
    });
    for (const [i, plaintext] of plaintexts.entries()) {
      port.sendControl(9, 3 * i, 3, plaintext);
      await until(() => remote.datagrams.length === 1, 'the sealed datagram');
      const [datagram] = remote.take();
      if (!datagram.equals(sealByNoble(suite, KEYS[0], 0xdead_beef, BigInt(3 * i), plaintext)))
        t.fail(`noble seals ${plaintext.length} bytes otherwise`);
      const opened = open(suite, KEYS[0], datagram);
      if (
        !opened.plaintext.equals(plaintext) ||
        opened.counter !== BigInt(3 * i) ||
        opened.index !== 0xdead_beef
      ) {
        t.fail(`sealed ${plaintext.length} bytes`);
      }
      remote.send(seal(suite, KEYS[1], 0x1234_0005, BigInt(i), plaintext), udpPort);
      await received(i + 1);
    }
    t.same(
      rows.map((row) => row.kind),
      sizes.map(() => L.Kind.control),
    );
    t.same(
      rows.map((row) => row.counter),
      sizes.map((_, i) => i),
    );
    t.ok(
      rows.every((row, i) => row.bytes.equals(plaintexts[i])),
      'every plaintext arrived',
    );
    t.ok(
      rows.every((row) => row.key === 5 && row.outerPort === remote.port),
      'with its key and its sender',
    );
    t.same(
      Object.keys(counted(port)).filter((each) => each.startsWith('drop')),
      [],
    );
  });

  t.test(`${name}: one flipped bit anywhere is refused and changes nothing`, async (t) => {
    const { port, udpPort, remote, rows, received } = await scene(t, crypto);
    port.setReceiveKey(5, suite, KEYS[1], 0x1234_0005, 0);
    const datagram = seal(suite, KEYS[1], 0x1234_0005, 77n, Buffer.concat([Buffer.of(0), randomBytes(60)]));
    const total = datagram.length * 8;
    for (let bit = 0; bit < total; bit++) {
      const forged = Buffer.from(datagram);
      forged[bit >> 3] ^= 1 << (bit & 7);
      remote.send(forged, udpPort);
      await received(bit + 1);
    }
    t.equal(rows.filter((row) => row.kind === L.Kind.control).length, 0, 'none is taken');
    remote.send(datagram, udpPort);
    await received(total + 1);
    t.equal(
      rows.filter((row) => row.kind === L.Kind.control).length,
      1,
      'the real one is: no forgery moved the window',
    );
    const counts = counted(port);
    t.equal(
      counts.dropAuthentication,
      total - (8 + 24 + 32) - 36,
      'wrong tags, but for the counters above the limit',
    );
    t.equal(counts.dropCounterLimit, 36);
    t.equal(counts.dropUnknownIndex, 32);
  });
}

t.test('a published answer: GCM test case 14, whose nonce is that of counter 0', async (t) => {
  const { aes256Gcm } = JSON.parse(readFileSync(new URL('../vectors/aead.json', import.meta.url), 'utf8'));
  const vector = aes256Gcm.find((each: { name: string }) => each.name === 'test case 14');
  for (const crypto of ['auto', 'openssl'] as const) {
    const { port, remote } = await scene(t, crypto);
    port.setSendKey(0, L.Suite.aes256Gcm, Buffer.from(vector.key, 'hex'), 0);
    port.setPath(0, { ip: LOCALHOST, port: remote.port });
    port.sendControl(0, 0, 0, Buffer.from(vector.plaintext, 'hex'));
    await until(() => remote.datagrams.length === 1, 'the datagram');
    // The tag covers our header besides, so that only the ciphertext can be the published one.
    t.equal(
      remote.take()[0].subarray(L.TRANSPORT_HEADER, -L.TAG_BYTES).toString('hex'),
      vector.ciphertext,
      crypto,
    );
  }
});

t.test('the replay window keeps to the vectors that its twin keeps to', async (t) => {
  const vectors = JSON.parse(readFileSync(new URL('../vectors/replay.json', import.meta.url), 'utf8'));
  const { port, udpPort, remote, rows, received } = await scene(t);
  let sent = 0;
  const verdict = async (counter: number) => {
    const before = counted(port);
    const rowsBefore = rows.length;
    remote.send(seal(L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, BigInt(counter), Buffer.of(0)), udpPort);
    await received(++sent);
    const after = counted(port);
    if (rows.length > rowsBefore) return 'fresh';
    if (after.dropReplayed !== before.dropReplayed) return 'seen';
    if (after.dropTooOld !== before.dropTooOld) return 'tooOld';
    return after.dropCounterLimit !== before.dropCounterLimit ? 'limit' : 'nothing';
  };
  t.equal(vectors.window, L.REPLAY_WINDOW);
  for (const { name, steps } of vectors.receive) {
    port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, 0);
    const verdicts: [number, string][] = [];
    for (const [counter] of steps) verdicts.push([counter, await verdict(counter)]);
    t.same(verdicts, steps, name);
  }
});

t.test('an acknowledgement comes up as control messages do, and goes out as they do', async (t) => {
  const { port, udpPort, remote, rows, received } = await scene(t);
  port.setSendKey(9, L.Suite.aes256Gcm, KEYS[0], 1);
  port.setReceiveKey(5, L.Suite.aes256Gcm, KEYS[1], 0x1234_0005, 0);
  port.setPath(3, { ip: LOCALHOST, port: remote.port });
  const plaintext = Buffer.concat([Buffer.of(L.Plaintext.ack), randomBytes(20)]);
  port.sendControl(9, 7, 3, plaintext);
  await until(() => remote.datagrams.length === 1, 'the sealed datagram');
  t.same(open(L.Suite.aes256Gcm, KEYS[0], remote.take()[0]).plaintext, plaintext);
  remote.send(seal(L.Suite.aes256Gcm, KEYS[1], 0x1234_0005, 3n, plaintext), udpPort);
  await received(1);
  const [row] = rows;
  t.equal(row.kind, L.Kind.control);
  t.same([row.key, row.counter, row.bytes], [5, 3, plaintext]);
});

t.test('the ranges that arrived are those of a set, whatever the window has moved over', async (t) => {
  const { port, udpPort, remote, received } = await scene(t);
  const slot = 3;
  const index = 0x0001_0000 + slot;
  const into = new Float64Array(2 * L.REPLAY_WINDOW);
  let sent = 0;
  t.equal(port.received(slot, into, 10), 0, 'no key');
  for (let round = 0; round < 12; round++) {
    port.setReceiveKey(slot, L.Suite.aes256Gcm, KEYS[1], index, 0);
    t.equal(port.received(slot, into, 10), 0, 'nothing yet');
    const seen = new Set<number>();
    let highest = 0;
    for (let burst = 0; burst < 12; burst++) {
      const jump = [randomInt(3), randomInt(200), 32_600 + randomInt(300), 64 * randomInt(520)][randomInt(4)];
      const from = Math.max(0, randomInt(4) === 0 ? highest - jump : highest + jump);
      const count = 1 + randomInt(100);
      for (let counter = from; counter < from + count; counter++) {
        remote.send(seal(L.Suite.aes256Gcm, KEYS[1], index, BigInt(counter), Buffer.of(0)), udpPort);
        // What is left of the window is not taken.
        if (highest - counter < L.REPLAY_WINDOW) seen.add(counter);
        highest = Math.max(highest, counter);
      }
      sent += count;
      await received(sent);
      const expected = seenRanges(seen, highest, new Set());
      const most = randomInt(2) === 0 ? randomInt(5) : L.REPLAY_WINDOW;
      const found = port.received(slot, into, most);
      t.same([...into.subarray(0, 2 * found)], expected.slice(0, most).flat());
    }
  }
  port.clearReceiveKey(slot);
  t.equal(port.received(slot, into, 10), 0, 'no key any more');
});

t.test(
  'what came in order is told of however long ago it came, what did not only from the window',
  async (t) => {
    const { port, udpPort, remote, received } = await scene(t);
    const into = new Float64Array(20);
    const index = 0x0001_0000;
    let sent = 0;
    const send = async (from: number, to: number) => {
      for (let counter = from; counter <= to; counter++) {
        remote.send(seal(L.Suite.aes256Gcm, KEYS[1], index, BigInt(counter), Buffer.of(0)), udpPort);
        if (++sent % 100 === 0) await received(sent);
      }
      await received(sent);
    };
    const ranges = () => [...into.subarray(0, 2 * port.received(0, into, 10))];
    port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], index, 0);
    const last = L.REPLAY_WINDOW + 500;
    await send(7, last);
    t.same(ranges(), [7, last]);
    await send(last + 2, last + 9);
    const oldest = last + 9 - L.REPLAY_WINDOW + 1;
    t.same(ranges(), [last + 2, last + 9, oldest, last]);
    await send(last + 1, last + 1);
    t.same(ranges(), [oldest, last + 9], 'late');
  },
);

/** A TCP packet in wire form; `original`: it is a repair. */
function tcpWire(family: 4 | 6, original: number | null): Buffer {
  const wire = forge({
    family,
    protocol: TCP,
    payload: tcp(5, 6, 0x10, Buffer.from('some bytes')),
    flags: original === null ? L.BLOCK_REPAIRABLE : L.BLOCK_RESENT | L.BLOCK_REPAIRABLE,
  });
  if (original !== null) wire.writeUIntLE(original % 2 ** 24, family === 4 ? 17 : 13, 3);
  return wire;
}

t.test('of a datagram and its repairs one is taken, by the vectors that the twin keeps to', async (t) => {
  const vectors = JSON.parse(readFileSync(new URL('../vectors/replay.json', import.meta.url), 'utf8'));
  const { port, udpPort, remote, rows, received } = await scene(t);
  let sent = 0;
  const verdict = async (counter: number, original: number | null) => {
    const before = counted(port);
    const rowsBefore = rows.length;
    const plaintext = tcpWire(sent % 2 === 0 ? 4 : 6, original);
    const datagram = seal(L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, BigInt(counter), plaintext);
    remote.send(datagram, udpPort);
    await received(++sent);
    const after = counted(port);
    const isTaken = rows.length > rowsBefore;
    // Whatever it was, its own counter is seen.
    remote.send(datagram, udpPort);
    await received(++sent);
    t.equal(counted(port).dropReplayed ?? 0, (after.dropReplayed ?? 0) + 1);
    if (isTaken) return 'fresh';
    if (after.dropDuplicate !== before.dropDuplicate) return 'duplicate';
    return after.dropTooOld !== before.dropTooOld ? 'tooOld' : 'nothing';
  };
  for (const { name, steps } of vectors.repair) {
    port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, 0);
    const verdicts: unknown[] = [];
    for (const [counter, original] of steps)
      verdicts.push([counter, original, await verdict(counter, original)]);
    t.same(verdicts, steps, name);
  }
});

t.test('repairs that cannot be are malformed', async (t) => {
  const { port, udpPort, remote, rows, received } = await scene(t);
  port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, 0);
  const flags = L.BLOCK_RESENT;
  const datagram = forge({ family: 4, protocol: UDP, payload: udp(5, 6, Buffer.from('x')), flags });
  const payload = tcp(5, 6, SYN);
  const piece = forge({
    family: 6,
    protocol: TCP,
    payload,
    flags,
    fragment: { id: 7, offset: 0, more: true },
  });
  const wrong: [number, Buffer][] = [
    [10, tcpWire(4, 10)],
    [11, tcpWire(6, 12)],
    [12, datagram],
    [13, piece],
  ];
  for (const [counter, plaintext] of wrong)
    remote.send(seal(L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, BigInt(counter), plaintext), udpPort);
  await received(wrong.length);
  t.equal(rows.length, 0);
  t.equal(counted(port).dropInnerMalformed, wrong.length);
});

t.test('garbage of every kind and length', async (t) => {
  const { port, udpPort, remote, rows } = await scene(t);
  port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, 0);
  let sent = 0;
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 100; i++) {
      const datagram = randomBytes(round < 20 ? (i % 50) + 1 : Math.floor(Math.random() * 1500) + 1);
      datagram[0] = i % 7;
      if (i % 3 === 0 && datagram.length >= 16) {
        datagram.fill(0, 1, 4);
        datagram.writeUInt32LE(0x0001_0000, 4);
        if (i % 2 === 0) datagram.writeBigUInt64LE(BigInt(sent), 8);
      }
      remote.send(datagram, udpPort);
      sent++;
    }
    await until(() => port.counters[L.Counter.datagramsReceived] === sent, 'the garbage');
  }
  const counts = counted(port);
  const raw = rows.filter((row) => row.kind === L.Kind.raw).length;
  t.equal(rows.length, raw, 'nothing but handshake types comes up');
  const drops = Object.entries(counts).filter(([name]) => name.startsWith('drop') || name === 'keepalives');
  t.equal(
    drops.reduce((sum, [, count]) => sum + count, 0) + raw,
    sent,
    `every datagram is accounted for: ${JSON.stringify(counts)}`,
  );
});

t.test('plaintexts that are no packets', async (t) => {
  const { port, udpPort, remote, rows, received } = await scene(t);
  port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, 0);
  const total = 4000;
  for (let i = 0; i < total; i++) {
    const plaintext = randomBytes((i % 200) + 1);
    const { control, ack, parity } = L.Plaintext;
    if ([control, ack, parity].includes(plaintext[0] as typeof control)) plaintext[0] = 0x45;
    if (i % 2 === 0) plaintext[0] = i % 4 === 0 ? 0x45 : 0x60;
    remote.send(seal(L.Suite.aes256Gcm, KEYS[1], 0x0001_0000, BigInt(i), plaintext), udpPort);
    if (i % 50 === 49) await received(i + 1);
  }
  const { dropInnerMalformed = 0, dropFragment = 0 } = counted(port);
  t.ok(dropInnerMalformed > total * 0.9, `${dropInnerMalformed} malformed, ${dropFragment} fragments`);
  t.ok(
    rows.every((row) => row.kind === L.Kind.data),
    'the few others look like packets',
  );
});

t.test('a flood of handshakes is bounded per batch', async (t) => {
  const { port, udpPort, remote } = await scene(t);
  let most = 0;
  port.onOutside((count) => {
    most = Math.max(most, count);
  });
  for (let i = 0; i < 2000; i++) remote.send(Buffer.alloc(64, 1), udpPort);
  await until(() => port.counters[L.Counter.datagramsReceived] >= 2000, 'the flood');
  t.ok(most <= 64, `${most} rows`);
});
