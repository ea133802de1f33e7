import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import { ipFromWords } from '../../src/core/base/ip.ts';
import { streamAddress } from '../../src/core/base/stream.ts';
import { openPort } from '../../src/host/native/native.ts';
import type { NativePort } from '../../src/host/native/types.ts';
import { counted, LOCALHOST, loopbackUp, privateNamespace, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

const QUEUE_BYTES = 256 << 10;
const UNPROVEN_BYTES = 32 << 10;

function framed(datagram: Uint8Array): Buffer {
  const front = Buffer.alloc(2);
  front.writeUInt16BE(datagram.length);
  return Buffer.concat([front, datagram]);
}

/** What a port shows of it as it is: a handshake's type in front. */
function handshake(bytes: number, seed = 0): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i === 0 ? 1 : (i * 7 + seed) & 0xff)));
}

interface Scene {
  readonly port: NativePort;
  /** Raw datagrams that came, from streams only. */
  readonly came: Buffer[];
  readonly ended: number[];
  /** A stream whose other end is played by hand. */
  stream(): { readonly number: number; readonly end: Socket };
}

function scene(t: Test): Scene {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const ends: Socket[] = [];
  const came: Buffer[] = [];
  const ended: number[] = [];
  t.teardown(() => {
    port.close(true);
    for (const end of ends) end.destroy();
  });
  port.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      const offset = port.inRows[at + L.InRow.offset];
      came.push(Buffer.from(port.inBytes.slice(offset, offset + port.inRows[at + L.InRow.length])));
    }
  });
  port.onEvent((event) => {
    if (event.kind === 'streamClosed') ended.push(event.stream);
  });
  const stream = () => {
    const { number, fd } = port.pairStream();
    const end = new Socket({ fd });
    end.on('error', () => undefined);
    ends.push(end);
    return { number, end };
  };
  return { port, came, ended, stream };
}

t.test('datagrams come out whole, wherever their bytes are cut', async (t) => {
  const { port, came, stream } = scene(t);
  const { number, end } = stream();
  let from = '';
  const rowsOf = (rows: number) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      const offset = port.inRows[at + L.InRow.offset];
      came.push(Buffer.from(port.inBytes.slice(offset, offset + port.inRows[at + L.InRow.length])));
      from = ipFromWords(port.inRows, at + L.InRow.outerSource).join();
    }
  };
  port.onOutside(rowsOf);
  port.setPath(0, streamAddress(number));
  const datagrams = [handshake(64), handshake(L.STREAM_DATAGRAM_BYTES), handshake(100, 3)];
  const bytes = Buffer.concat(datagrams.map(framed));
  const written = async (part: Buffer) => {
    const before = port.counters[L.Counter.receiveCalls];
    end.write(part);
    await until(() => port.counters[L.Counter.receiveCalls] > before, 'the bytes');
  };
  for (let cut = 1; cut < bytes.length; cut += cut < 80 || cut > bytes.length - 120 ? 1 : 61) {
    await written(bytes.subarray(0, cut));
    await written(bytes.subarray(cut));
    await until(() => came.length === 3, `the datagrams, cut at ${cut}`);
    if (!came.every((each, i) => each.equals(datagrams[i]))) t.fail(`cut at ${cut}`);
    came.length = 0;
  }
  for (const byte of Buffer.concat([framed(handshake(64)), framed(handshake(65))]))
    await written(Buffer.of(byte));
  await until(() => came.length === 2, 'two datagrams byte by byte');
  t.same(came, [handshake(64), handshake(65)]);
  t.equal(from, streamAddress(number).ip.join());
  came.length = 0;
  const many = Array.from({ length: 40 }, (_, i) => handshake(64 + i, i));
  end.write(Buffer.concat(many.map(framed)));
  await until(() => came.length === many.length, 'all of one read');
  t.same(came, many);
  t.equal(counted(port).dropStream ?? 0, 0);
});

t.test('what is no datagram ends a stream, behind the datagrams that are', async (t) => {
  const { port, came, ended, stream } = scene(t);
  const garbage = {
    'a length of nothing': Buffer.of(0, 0),
    'too long': Buffer.of((L.STREAM_DATAGRAM_BYTES + 1) >> 8, (L.STREAM_DATAGRAM_BYTES + 1) & 0xff),
    'a request of HTTP': Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  };
  let expected = 0;
  for (const [name, bytes] of Object.entries(garbage)) {
    const { number, end } = stream();
    const closed = once(end, 'close');
    end.resume();
    end.write(Buffer.concat([framed(handshake(70)), bytes]));
    await until(() => ended.length === 1, name);
    t.same(ended.splice(0), [number], name);
    t.same(came.splice(0), [handshake(70)], name);
    t.equal(port.counters[L.Counter.dropStream], ++expected);
    await closed;
  }
});

t.test('a stream ends with its other end, and half a datagram with it', async (t) => {
  const { port, came, ended, stream } = scene(t);
  const { number, end } = stream();
  end.end(Buffer.concat([framed(handshake(70)), framed(handshake(80)).subarray(0, 40)]));
  await until(() => ended.length === 1, 'the end');
  t.same(ended, [number]);
  t.same(came, [handshake(70)]);
  t.equal(port.counters[L.Counter.dropStream], 0);
  const lost = port.counters[L.Counter.dropSendOther];
  port.sendRaw(streamAddress(number), handshake(64));
  t.equal(port.counters[L.Counter.dropSendOther], lost + 1, 'nothing goes there any more');
  const { number: next, end: other } = stream();
  t.not(next, number, 'its number names no other');
  const closed = once(other, 'close');
  other.resume();
  port.closeStream(next);
  await closed;
  port.closeStream(next);
  t.same(ended, [number], 'who ends it needs no telling');
});

t.test('a stranger brings only so much', async (t) => {
  const { port, ended, stream } = scene(t);
  const stranger = stream();
  const known = stream();
  port.setPath(7, streamAddress(known.number));
  const datagram = framed(handshake(1000));
  for (let sent = 0; sent <= UNPROVEN_BYTES; sent += datagram.length) {
    stranger.end.write(datagram);
    known.end.write(datagram);
  }
  await until(() => ended.length === 1, 'the end');
  t.same(ended, [stranger.number]);
  t.equal(port.counters[L.Counter.dropStream], 1);
  const before = port.counters[L.Counter.datagramsReceived];
  known.end.write(datagram);
  await until(() => port.counters[L.Counter.datagramsReceived] > before, 'the other goes on');
});

/** Whole datagrams of what a peer has read. */
function unframe(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at);
    if (at + 2 + length > bytes.length) break;
    found.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return found;
}

t.test('a full stream loses whole datagrams, and goes on', async (t) => {
  const { port, stream } = scene(t);
  const { number, end } = stream();
  const lost = () => port.counters[L.Counter.dropSendBuffer];
  let sent = 0;
  const numbered = () => {
    const datagram = handshake(1200);
    datagram.writeUInt32BE(sent++, 1);
    return datagram;
  };
  while (lost() === 0) port.sendRaw(streamAddress(number), numbered());
  t.ok(sent * 1202 > QUEUE_BYTES, 'not before the queue is full');
  for (let i = 0; i < 50; i++) port.sendRaw(streamAddress(number), numbered());
  t.equal(lost(), 51);
  const expected = sent - lost();
  let read = Buffer.alloc(0);
  end.on('data', (chunk) => {
    read = Buffer.concat([read, chunk]);
  });
  await until(() => unframe(read).length === expected, 'what was taken');
  t.same(
    unframe(read).map((datagram) => datagram.readUInt32BE(1)),
    Array.from({ length: expected }, (_, i) => i),
  );
  const last = numbered();
  port.sendRaw(streamAddress(number), last);
  await until(() => unframe(read).length === expected + 1, 'one more');
  t.same(unframe(read).at(-1), last);
  const tooBig = port.counters[L.Counter.dropSendTooBig];
  port.sendRaw(streamAddress(number), handshake(L.STREAM_DATAGRAM_BYTES + 1));
  t.equal(port.counters[L.Counter.dropSendTooBig], tooBig + 1);
});

t.test('any bytes in any pieces: what a decoder written anew makes of them', async (t) => {
  const { port, came, ended, stream } = scene(t);
  const piece = fc.oneof(
    fc.integer({ min: 64, max: 300 }).map((bytes) => framed(handshake(bytes))),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map(framed),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(400)), async (pieces, cuts) => {
      came.length = 0;
      ended.length = 0;
      const { number, end } = stream();
      const bytes = Buffer.concat(pieces);
      let at = 0;
      for (const cut of cuts) {
        end.write(bytes.subarray(at, at + cut));
        at += cut;
      }
      end.end(bytes.subarray(at));
      await until(() => ended.length === 1, 'the end');
      const expected: Buffer[] = [];
      for (let i = 0; i + 2 <= bytes.length; ) {
        const length = bytes.readUInt16BE(i);
        if (length === 0 || length > L.STREAM_DATAGRAM_BYTES || i + 2 + length > bytes.length) break;
        expected.push(bytes.subarray(i + 2, i + 2 + length));
        i += 2 + length;
      }
      const shown = expected.filter(isShown);
      const isSame = came.length === shown.length && came.every((each, i) => each.equals(shown[i]));
      return isSame && ended[0] === number;
    }),
    { numRuns: 150 },
  );
  t.ok(port.counters[L.Counter.dropStream] > 0);
});

/** Handshakes, and a relay's header alone that has a number: a question, or its answer. */
function isShown(bytes: Buffer): boolean {
  const isQuestion = bytes.length === 5 && bytes[0] === 5 && (bytes[3] | bytes[4]) !== 0;
  return isQuestion || (bytes.length >= 64 && bytes[0] >= 1 && bytes[0] <= 3);
}

t.test('no datagram of a socket passes for one of a stream, and no address is half one', async (t) => {
  const { port } = scene(t);
  const { ip } = streamAddress(5);
  t.throws(() => port.setPath(0, { ip, port: 2 }), /address/);
  const odd = ip.slice();
  odd[8] = 1;
  t.throws(() => port.setPath(0, { ip: odd, port: 1 }), /address/);
  t.throws(() => port.addStream(-1), /file/);
  t.throws(() => port.addStream(123_456), /file/);
});

/** Bytes of a TCP connection through both hosts and back. */
async function echoed(bytes: Buffer): Promise<Buffer> {
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as { port: number }).port, '10.78.0.2');
  socket.end(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  server.close();
  return Buffer.concat(chunks);
}

/** A connection over the loopback device, each end given to one of the ports. */
async function joined(one: NativePort, other: NativePort): Promise<[number, number]> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as { port: number }).port, '127.0.0.1').pause();
  const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
  const numbers = [one, other].map((port, i) => {
    const socket = i === 0 ? near : far;
    const number = port.addStream(socket._handle.fd);
    socket.destroy();
    return number;
  });
  server.close();
  return numbers as [number, number];
}

t.test('two hosts talk over a stream alone', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const [at, from] = await joined(twin.a.port, twin.b.port);
  const udp = twin.a.port.counters[L.Counter.datagramsReceived];
  twin.a.port.setPath(0, streamAddress(at));
  twin.b.port.setPath(0, streamAddress(from));
  const bytes = randomBytes(5_000_000);
  t.ok((await echoed(bytes)).equals(bytes));
  t.ok(twin.a.port.counters[L.Counter.datagramsReceived] - udp > 3000);
  t.equal(counted(twin.a.port).dropStream ?? 0, 0);
  t.equal(counted(twin.b.port).dropAuthentication ?? 0, 0);
});

t.test('a relay hands on between a stream and a socket', async (t) => {
  const twin = new Twin();
  const relay = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  t.teardown(() => {
    twin.close();
    relay.close(true);
  });
  const [a, b] = twin.sides;
  const [at, from] = await joined(a.port, relay);
  relay.setPath(10, streamAddress(from));
  relay.setPath(20, { ip: LOCALHOST, port: b.udpPort });
  relay.setForward(10, 7, 20, 1, 9);
  relay.setForward(20, 9, 10, 1, 7);
  for (const [side, to, leg, number] of [
    [a, streamAddress(at), 10, 7],
    [b, { ip: LOCALHOST, port: relay.info().udp4?.port ?? 0 }, 20, 9],
  ] as const) {
    side.port.setPath(1, to);
    side.port.setCircuit(1, number, leg);
    side.port.setPath(0, circuitAddress(1, number));
  }
  const bytes = randomBytes(2_000_000);
  t.ok((await echoed(bytes)).equals(bytes));
  t.ok(relay.counters[L.Counter.relayedDatagrams] > 2000);
  t.equal(a.port.routeMtu(circuitAddress(1, 7)), 0, 'a stream has no route of its own');
});
