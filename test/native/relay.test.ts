import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import { formatSocketAddress, ipFromWords, parseIp, type SocketAddress } from '../../src/core/base/ip.ts';
import { openPort } from '../../src/host/native/native.ts';
import type { NativePort } from '../../src/host/native/types.ts';
import { relayHeader } from '../../src/sim/relay.ts';
import { playRelay } from '../vectors/relay.ts';
import { Listener, open, seal } from './datagrams.ts';
import {
  counted,
  INDEX,
  KEYS,
  LOCALHOST,
  loopbackUp,
  PLAINTEXT,
  privateNamespace,
  Twin,
  until,
} from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

interface Scene {
  readonly port: NativePort;
  readonly udpPort: number;
  /** Neighbours played by hand. */
  readonly neighbours: ReadonlyMap<string, Listener>;
  addressOf(neighbour: string): SocketAddress;
  arrive(neighbour: string, datagram: Uint8Array): Promise<void>;
}

/** A port without a TUN. */
async function scene(t: Test, names: readonly string[]): Promise<Scene> {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }], bufferBytes: 4 << 20 });
  const neighbours = new Map<string, Listener>();
  for (const name of names) neighbours.set(name, await Listener.open());
  t.teardown(() => {
    port.close(true);
    for (const neighbour of neighbours.values()) neighbour.close();
  });
  const udpPort = port.info().udp4?.port ?? 0;
  const at = (name: string) => neighbours.get(name) as Listener;
  return {
    port,
    udpPort,
    neighbours,
    addressOf: (name) => ({ ip: LOCALHOST, port: at(name).port }),
    arrive: async (name, datagram) => {
      const before = port.counters[L.Counter.datagramsReceived];
      at(name).send(datagram, udpPort);
      await until(() => port.counters[L.Counter.datagramsReceived] > before, 'the datagram');
    },
  };
}

t.test('the vectors of relayed datagrams', async (t) => {
  const { port, neighbours, addressOf, arrive } = await scene(t, ['a', 'b', 'stranger']);
  const waiting = () => [...neighbours.values()].reduce((sum, each) => sum + each.datagrams.length, 0);
  await playRelay(t, {
    port,
    addressOf,
    arrive,
    take: async (count) => {
      await until(() => waiting() >= count, 'what was sent');
      return [...neighbours].flatMap(([to, each]) => each.take().map((bytes) => ({ to, bytes })));
    },
  });
});

t.test('what comes behind a single larger datagram leaves apart from it', async (t) => {
  const { port, udpPort, neighbours, addressOf } = await scene(t, ['a', 'b']);
  const [a, b] = [...neighbours.values()];
  port.setPath(10, addressOf('a'));
  port.setPath(20, addressOf('b'));
  port.setForward(10, 7, 20, 1, 9);
  for (const size of [1300, 600]) a.send(Buffer.concat([relayHeader(10, 7), Buffer.alloc(size)]), udpPort);
  await until(() => b.datagrams.length === 2, 'both');
  t.equal(port.counters[L.Counter.sendCalls], 2, 'a router that loses the larger one takes nothing with it');
});

const PATHS = { direct: 0, relay: 1 };

/** Both hosts of a twin reach one another through a third port on the same machine, in whose path slots they are 10 and 20. */
function triangle(t: Test): { twin: Twin; relay: NativePort } {
  const twin = new Twin();
  const relay = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  t.teardown(() => {
    twin.close();
    relay.close(true);
  });
  const at = { ip: LOCALHOST, port: relay.info().udp4?.port ?? 0 };
  const [a, b] = twin.sides;
  relay.setPath(10, { ip: LOCALHOST, port: a.udpPort });
  relay.setPath(20, { ip: LOCALHOST, port: b.udpPort });
  relay.setForward(10, 7, 20, PATHS.relay, 9);
  relay.setForward(20, 9, 10, PATHS.relay, 7);
  for (const [side, leg, number] of [
    [a, 10, 7],
    [b, 20, 9],
  ] as const) {
    side.port.setPath(PATHS.relay, at);
    side.port.setCircuit(PATHS.relay, number, leg);
    side.port.setPath(PATHS.direct, circuitAddress(PATHS.relay, number));
  }
  return { twin, relay };
}

/** The same where only the first host says something, and only UDP: kernels repeat what earlier tests left unanswered. */
function oneWay(t: Test): { twin: Twin; relay: NativePort } {
  const scene = triangle(t);
  const { a, b } = scene.twin;
  const usual = a.decideOut;
  a.decideOut = (rows, at, counter) =>
    ((rows[at + L.OutRow.info] >>> L.INFO_PROTOCOL_SHIFT) & 0xff) === 17 ? usual(rows, at, counter) : 0;
  b.decideOut = () => 0;
  return scene;
}

const dropped = (port: NativePort) =>
  Object.entries(counted(port)).filter(([name]) => name.startsWith('drop') || name === 'keepalives');

t.test('two hosts reach one another through a third', async (t) => {
  const { twin, relay } = triangle(t);
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const client = connect({ host: '10.78.0.2', port: (server.address() as AddressInfo).port });
  const bytes = randomBytes(8 << 20);
  const back: Buffer[] = [];
  client.end(bytes);
  for await (const chunk of client) back.push(chunk);
  t.ok(Buffer.concat(back).equals(bytes), '8 MB there and back');
  server.close();
  for (const { port } of twin.sides) t.same(dropped(port), [], 'nothing was dropped');
  t.same(dropped(relay), [], 'nor by the relay');
  t.same(rowsSeen(twin), new Set(['[100::1:7]:1', '[100::1:9]:1']), 'what came, came from the circuit');
  const { relayedBytes, datagramBytesReceived } = counted(relay);
  t.equal(relay.relayed[10] + relay.relayed[20], relayedBytes, 'who sent how much is noted');
  t.equal(relayedBytes, datagramBytesReceived);
});

function rowsSeen(twin: Twin): Set<string> {
  return new Set(
    twin.sides.map(({ port }) =>
      formatSocketAddress({
        ip: ipFromWords(port.inRows, L.InRow.outerSource),
        port: port.inRows[L.InRow.outerPort],
      }),
    ),
  );
}

t.test('a train stays a train', async (t) => {
  const { twin, relay } = oneWay(t);
  const sockets = [createSocket('udp4'), createSocket('udp4')];
  const [sender, receiver] = sockets;
  t.teardown(() => {
    for (const socket of sockets) socket.close();
  });
  receiver.bind(0, '10.79.0.1');
  await once(receiver, 'listening');
  for (const size of [60_000, 25_000, 9_000, 3_000]) {
    const before = relay.counters.slice();
    const sentBefore = twin.a.port.counters[L.Counter.sendCalls];
    const bytes = randomBytes(size);
    sender.send(bytes, receiver.address().port, '10.78.0.2');
    const [message] = (await once(receiver, 'message')) as [Buffer];
    t.ok(message.equals(bytes), `${size} bytes in tunnel fragments`);
    const grown = (counter: number) => relay.counters[counter] - before[counter];
    const datagrams = Math.ceil(size / PLAINTEXT);
    t.ok(grown(L.Counter.relayedDatagrams) >= datagrams, `${grown(L.Counter.relayedDatagrams)} datagrams`);
    const trains = twin.a.port.counters[L.Counter.sendCalls] - sentBefore;
    t.ok(
      trains < 5 && grown(L.Counter.sendCalls) <= trains,
      'leave in as many calls as the host sent them in',
    );
  }
  t.same(dropped(relay), []);
});

t.test('a datagram with one wrong byte reaches nobody', async (t) => {
  const { port, neighbours, addressOf, arrive } = await scene(t, ['a', 'b']);
  port.setPath(10, addressOf('a'));
  port.setPath(20, addressOf('b'));
  port.setForward(10, 7, 20, 1, 9);
  const end = await scene(t, ['relay', 'other']);
  end.port.setPath(1, end.addressOf('relay'));
  end.port.setPath(2, end.addressOf('other'));
  end.port.setCircuit(1, 9, 20);
  end.port.setReceiveKey(0, L.Suite.aes256Gcm, KEYS[0], INDEX[0], 0);
  // A type that was made that of a handshake is for TypeScript to refuse.
  let opened = 0;
  end.port.onOutside((count) => {
    for (let row = 0; row < count; row++)
      if (end.port.inRows[row * L.ROW_WORDS + L.InRow.kind] !== L.Kind.raw) opened++;
  });
  const sealed = seal(
    L.Suite.aes256Gcm,
    KEYS[0],
    INDEX[0],
    5n,
    Buffer.concat([Buffer.of(0), randomBytes(40)]),
  );
  const whole = Buffer.concat([Buffer.from('050a000700', 'hex'), sealed]);
  const b = neighbours.get('b') as Listener;
  let passed = 0;
  for (let at = 0; at < whole.length; at++) {
    const wrong = Buffer.from(whole);
    wrong[at] ^= 1 << (at & 7);
    const before = port.counters[L.Counter.relayedDatagrams];
    await arrive('a', wrong);
    // The relay looks at its header and at one byte behind it.
    if (port.counters[L.Counter.relayedDatagrams] === before) continue;
    passed++;
    await until(() => b.datagrams.length > 0, 'what the relay sent on');
    await end.arrive('relay', b.take()[0]);
  }
  t.equal(passed, sealed.length, 'the relay stops those whose header is wrong');
  const { dropAuthentication = 0, dropUnknownIndex, dropUnknownType } = counted(end.port);
  t.ok(dropAuthentication >= sealed.length - 16, `${dropAuthentication} wrong tags`);
  t.same([dropUnknownIndex, dropUnknownType], [4, 4]);
  const sent = Buffer.concat([Buffer.from('0501000900', 'hex'), sealed]);
  for (let at = 0; at < L.RELAY_HEADER; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const wrong = Buffer.from(sent);
      wrong[at] ^= 1 << bit;
      await end.arrive('relay', wrong);
    }
  }
  await end.arrive('other', sent);
  t.equal(opened, 0, 'nothing came through');
  await end.arrive('relay', sent);
  t.equal(opened, 1, 'but for the right one');
});

t.test('neighbours of all kinds in one train, and what is not to be sent on among it', async (t) => {
  const { port, neighbours, addressOf, udpPort } = await scene(t, ['b', 'c']);
  // A port sends the train, since plain sockets have none.
  const sender = openPort({ listen: [{ ip: LOCALHOST, port: 0 }], interface: 'mcctrain' });
  t.teardown(() => sender.close(true));
  port.setPath(1, { ip: LOCALHOST, port: sender.info().udp4?.port ?? 0 });
  for (const [n, name] of ['b', 'c'].entries()) {
    port.setPath(2 + n, addressOf(name));
    port.setForward(1, n, 2 + n, 40, 50 + n);
  }
  sender.setPath(0, { ip: LOCALHOST, port: udpPort });
  sender.setPath(1, { ip: LOCALHOST, port: sender.info().udp4?.port ?? 0 });
  // What the relay is to send on passes through this port first, so that it gathers a train of mixed headers.
  const plain = await Listener.open();
  t.teardown(() => plain.close());
  sender.setPath(5, { ip: LOCALHOST, port: plain.port });
  for (let n = 0; n < 5; n++) sender.setForward(5, n, 0, 1, n);
  const kinds = [0, 0, 1, 0, 3, 1, 1, 0, 2, 0];
  port.setForward(1, 2, 9, 0, 0);
  const length = 700;
  for (const [i, number] of kinds.entries()) {
    const datagram = Buffer.alloc(length, i);
    Buffer.from([5, 5, 0, number, 0, 4]).copy(datagram);
    plain.send(datagram, sender.info().udp4?.port ?? 0);
  }
  await until(() => port.counters[L.Counter.datagramsReceived] === kinds.length, 'all of them');
  const got = (name: string) => (neighbours.get(name) as Listener).datagrams;
  await until(() => got('b').length + got('c').length === 8, 'what was sent on');
  for (const [n, name] of ['b', 'c'].entries()) {
    const expected = kinds.flatMap((kind, i) => (kind === n ? [i] : []));
    t.same(
      got(name).map((datagram) => datagram[length - 1]),
      expected,
      `${name} has its own, in order`,
    );
    t.ok(
      got(name).every((datagram) => datagram.subarray(0, 6).equals(Buffer.from([5, 40, 0, 50 + n, 0, 4]))),
    );
  }
  t.equal(counted(port).dropRelay, 2);
});

t.test('the rate of what is sent on is bounded, within a train too', async (t) => {
  const { twin, relay } = oneWay(t);
  const socket = createSocket('udp4');
  t.teardown(() => socket.close());
  const before = counted(relay).relayedDatagrams ?? 0;
  relay.setRelayLimit(0.001, 30_000);
  const size = 60_000;
  socket.send(Buffer.alloc(size), 9, '10.78.0.2');
  socket.send(Buffer.alloc(size), 9, '10.78.0.2');
  await until(() => relayedOf() >= 86, 'both packets');
  function relayedOf(): number {
    const { relayedDatagrams = 0, dropRelayLimit = 0 } = counted(relay);
    return relayedDatagrams - before + dropRelayLimit;
  }
  const { relayedBytes = 0, dropRelayLimit = 0 } = counted(relay);
  t.ok(relayedBytes > 28_000 && relayedBytes <= 30_000, `${relayedBytes} of 30,000 bytes`);
  t.ok(dropRelayLimit > 60, `${dropRelayLimit} datagrams were too many`);
  relay.setRelayLimit(0, 0);
  await through(t, twin);
});

/** A packet from one host of the twin to the other. */
async function through(t: Test, twin: Twin): Promise<void> {
  const [sender, receiver] = [createSocket('udp4'), createSocket('udp4')];
  receiver.bind(0, '10.79.0.1');
  await once(receiver, 'listening');
  const bytes = randomBytes(1000);
  const arrived = once(receiver, 'message');
  sender.send(bytes, receiver.address().port, '10.78.0.2');
  const [message] = (await arrived) as [Buffer];
  t.ok(message.equals(bytes), 'a packet comes through');
  t.equal(twin.a.port.info().freeSlots, L.SLAB_SLOTS);
  sender.close();
  receiver.close();
}

t.test('what is sealed ahead of its time goes through the circuit that is there then', async (t) => {
  const { twin, relay } = oneWay(t);
  const usual = twin.a.decideOut;
  let aheadNs = 0n;
  twin.a.decideOut = (rows, at, counter) => {
    const due = process.hrtime.bigint() + aheadNs;
    const taken = usual(rows, at, counter);
    if (taken === 0) return 0;
    rows[at + L.OutRow.releaseLow] = Number(due & 0xffff_ffffn);
    rows[at + L.OutRow.releaseHigh] = Number(due >> 32n);
    return taken;
  };
  aheadNs = 3_000_000n;
  await through(t, twin);
  aheadNs = 1_500_000_000n;
  const before = counted(relay).datagramsReceived;
  const socket = createSocket('udp4');
  t.teardown(() => socket.close());
  const readBefore = counted(twin.a.port).insideReadPackets;
  for (let i = 0; i < 3; i++) socket.send(Buffer.alloc(100), 9, '10.78.0.2');
  await until(() => counted(twin.a.port).insideReadPackets >= readBefore + 3, 'the packets to be sealed');
  twin.a.port.clearPath(PATHS.relay);
  await until(() => (counted(twin.a.port).dropRelay ?? 0) >= 3, 'their time');
  t.equal(counted(relay).datagramsReceived, before, 'and none of them left');
});

t.test('control messages go through a circuit, and nothing where it is not set', async (t) => {
  const { port, neighbours, addressOf } = await scene(t, ['relay', 'moved']);
  const relay = neighbours.get('relay') as Listener;
  const moved = neighbours.get('moved') as Listener;
  port.setSendKey(0, L.Suite.aes256Gcm, KEYS[0], INDEX[0]);
  port.setPath(4, circuitAddress(3, 8));
  let counter = 0;
  const say = (ttl?: number) => port.sendControl(0, counter++, 4, Uint8Array.of(0, 1, 2), ttl);
  say();
  port.setCircuit(3, 8, 0x0102);
  say();
  t.equal(counted(port).dropRelay, 2, 'no circuit, then no path of the relay');
  port.setPath(3, addressOf('relay'));
  say();
  say(1);
  await until(() => relay.datagrams.length === 2, 'the messages');
  for (const [i, datagram] of relay.take().entries()) {
    t.equal(datagram.subarray(0, 5).toString('hex'), '0502010800');
    const opened = open(L.Suite.aes256Gcm, KEYS[0], datagram.subarray(5));
    t.equal(opened.counter, BigInt(2 + i));
    t.ok(opened.plaintext.equals(Buffer.of(0, 1, 2)));
  }
  port.setPath(3, addressOf('moved'));
  say();
  await until(() => moved.datagrams.length === 1, 'a message where the relay is now');
  port.setPath(3, circuitAddress(5, 5));
  port.setCircuit(5, 5, 1);
  port.setPath(5, addressOf('relay'));
  say();
  t.equal(counted(port).dropRelay, 3, 'a relay behind a relay is refused');
  port.setPath(3, addressOf('moved'));
  port.clearCircuit(3, 8);
  say();
  t.equal(counted(port).dropRelay, 4);
  t.equal(counted(port).dropBadRow, undefined);
});

t.test('what opens a circuit and the first datagram through it may come at once', async (t) => {
  const { port, neighbours, addressOf, udpPort } = await scene(t, ['a', 'b']);
  const [a, b] = [neighbours.get('a'), neighbours.get('b')] as [Listener, Listener];
  const suite = L.Suite.aes256Gcm;
  port.setReceiveKey(0, suite, KEYS[1], 0x0001_0000, 0);
  port.setPath(1, addressOf('a'));
  port.setPath(2, addressOf('b'));
  const batches: number[] = [];
  port.onOutside((rows) => {
    batches.push(rows);
    if (batches.length === 1) port.setForward(1, 7, 2, 5, 9);
    port.deliver(rows);
  });
  const relayed = (number: number, text: string) =>
    Buffer.concat([Buffer.of(5, 1, 0, number, 0), Buffer.from(text)]);
  const sayOpen = (counter: bigint) => seal(suite, KEYS[1], 0x0001_0000, counter, Buffer.alloc(20));
  const before = port.counters[L.Counter.dropRelay];
  a.send(relayed(7, 'too early'), udpPort);
  a.send(sayOpen(0n), udpPort);
  a.send(relayed(7, 'in time'), udpPort);
  a.send(relayed(8, 'of no circuit'), udpPort);
  b.send(relayed(7, 'not his'), udpPort);
  await until(() => b.datagrams.length > 0, 'what was sent on');
  await until(() => port.counters[L.Counter.dropRelay] - before === 3, 'the others are dropped');
  t.same(
    b.take().map((bytes) => bytes.toString('latin1')),
    ['\x05\x05\x00\x09\x00in time'],
  );
});

t.test('nobody sends from the address of a circuit', async (t) => {
  execFileSync('ip', ['address', 'add', '100::1:1/128', 'dev', 'lo', 'nodad']);
  const six = parseIp('::1') as Uint8Array;
  const port = openPort({ listen: [{ ip: six, port: 0 }] });
  const liar = createSocket('udp6');
  t.teardown(() => {
    port.close(true);
    liar.close();
  });
  liar.bind(0, '100::1:1');
  await once(liar, 'listening');
  let rows = 0;
  port.onOutside((count) => {
    rows += count;
  });
  const udpPort = port.info().udp6?.port ?? 0;
  for (let i = 0; i < 3; i++) liar.send(Buffer.alloc(64, 1), udpPort, '::1');
  await until(() => counted(port).dropRelay === 3, 'three lies');
  t.equal(rows, 0);
});

t.test('a TTL is that of one datagram', async (t) => {
  const { port, neighbours, addressOf } = await scene(t, ['a']);
  const a = neighbours.get('a') as Listener;
  const six = createSocket('udp6');
  six.bind(0, '::1');
  await once(six, 'listening');
  const port6 = openPort({ listen: [{ ip: parseIp('::1') as Uint8Array, port: 0 }] });
  t.teardown(() => {
    six.close();
    port6.close(true);
  });
  const rules = `table inet ttl { chain in { type filter hook input priority 0
    udp dport ${a.port} ip ttl != 3 drop
    udp dport ${six.address().port} ip6 hoplimit != 4 drop
  }
  }`;
  execFileSync('nft', ['-f', '-'], { input: rules });
  const got6: Buffer[] = [];
  six.on('message', (message) => got6.push(message));
  const raw = (n: number) => new Uint8Array(64).fill(n);
  const at6 = { ip: parseIp('::1') as Uint8Array, port: six.address().port };
  for (const [n, ttl] of [undefined, 3, 0, 2, 3, 255].entries()) port.sendRaw(addressOf('a'), raw(n), ttl);
  for (const [n, ttl] of [undefined, 4, 0, 2, 4, 255].entries()) port6.sendRaw(at6, raw(n), ttl);
  port.setSendKey(0, L.Suite.aes256Gcm, KEYS[0], INDEX[0]);
  port.setPath(1, addressOf('a'));
  for (const [counter, ttl] of [undefined, 3, 1].entries())
    port.sendControl(0, counter, 1, Uint8Array.of(0), ttl);
  await until(() => a.datagrams.length === 3 && got6.length === 2, 'those with the right TTL');
  t.same(
    a.datagrams.map((datagram) => datagram[datagram[0] === 4 ? 8 : 0]),
    [1, 4, 1],
  );
  t.same(
    got6.map(([n]) => n),
    [1, 4],
  );
  t.throws(() => port.sendRaw(addressOf('a'), raw(1), 256), TypeError);
  t.throws(() => port.sendRaw(addressOf('a'), raw(1), -1), TypeError);
  execFileSync('nft', ['delete', 'table', 'inet', 'ttl']);
});

t.test('circuits are bounded, and wrong arguments throw', async (t) => {
  const { port, addressOf } = await scene(t, ['a']);
  for (let n = 0; n < L.CIRCUITS; n++) port.setCircuit(n % 7, n, 0);
  t.throws(() => port.setForward(8, 1, 1, 1, 1), RangeError);
  t.throws(() => port.setCircuit(8, 1, 1), RangeError);
  port.setForward(0, 0, 1, 1, 1);
  port.clearPath(3);
  port.setForward(8, 1, 1, 1, 1);
  const odd = { ip: circuitAddress(1, 1).ip, port: 2 };
  const wrong: (() => void)[] = [
    () => port.setCircuit(65536, 0, 0),
    () => port.setCircuit(0, -1, 0),
    () => port.setForward(0, 0, 0, 0, Number.NaN),
    () => port.clearCircuit(0, 65536),
    () => port.setRelayLimit(-1, 0),
    () => port.setRelayLimit(0, Number.NaN),
    () => port.keepalive(0, 0, 65536),
    () => port.setPath(0, odd),
    () => port.sendRaw(odd, new Uint8Array(1)),
  ];
  for (const call of wrong) t.throws(call, TypeError, String(call));
  t.equal(port.routeMtu(circuitAddress(1, 1)), 0);
  port.setPath(1, addressOf('a'));
  t.ok(port.routeMtu(circuitAddress(1, 1)) > 1000, 'the route to a circuit is that to its relay');
});
