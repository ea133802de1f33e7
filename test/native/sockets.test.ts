import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { parseIp, type SocketAddress, socketAddressFromWords } from '../../src/core/base/ip.ts';
import type { PortEvent } from '../../src/core/engine/types.ts';
import { openPort } from '../../src/host/native/native.ts';
import type { NativePort } from '../../src/host/native/types.ts';
import { playSockets } from '../vectors/sockets.ts';
import { counted, LOCALHOST, loopbackUp, PLAINTEXT, privateNamespace, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

const files = () => readdirSync('/proc/self/fd').length;

/** What a port says, oldest first. */
function listen(port: NativePort): PortEvent[] {
  const events: PortEvent[] = [];
  port.onEvent((event) => events.push(event));
  return events;
}

async function opened(port: NativePort, events: PortEvent[], socket: number): Promise<number> {
  port.openSocket(socket);
  await until(() => events.length > 0, 'the event');
  const event = events.shift() as PortEvent;
  if (event.kind !== 'socketOpened' || event.socket !== socket) throw new Error(JSON.stringify(event));
  return event.port;
}

t.test('what a port does with further sockets', async (t) => {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const neighbour = createSocket('udp4');
  t.teardown(() => {
    port.close(true);
    neighbour.close();
  });
  neighbour.bind(0, '127.0.0.1');
  await once(neighbour, 'listening');
  const got: { fromPort: number; bytes: Uint8Array }[] = [];
  neighbour.on('message', (bytes: Buffer, from: RemoteInfo) => got.push({ fromPort: from.port, bytes }));
  const events = listen(port);
  const taken = async <T>(list: T[], what: string): Promise<T> => {
    await until(() => list.length > 0, what);
    return list.shift() as T;
  };
  await playSockets(t, {
    port,
    mainPort: port.info().udp4?.port ?? 0,
    neighbour: { ip: LOCALHOST, port: neighbour.address().port },
    event: () => taken(events, 'the event'),
    next: () => taken(got, 'the datagram'),
    arrive: async (toPort, datagram) => {
      const before = port.counters[L.Counter.datagramsReceived];
      neighbour.send(datagram, toPort, '127.0.0.1');
      await until(() => port.counters[L.Counter.datagramsReceived] > before, 'the datagram');
    },
  });
  t.same(got, [], 'nothing else was sent');
});

/** A twin whose first side uses a further socket; `froms` is where what either side opened came from. */
async function overFurther(t: Test): Promise<{ twin: Twin; froms: Set<string>; local: number }> {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const [a, b] = twin.sides;
  const local = await opened(a.port, listen(a.port), 9);
  a.port.setPath(0, { ip: LOCALHOST, port: b.udpPort, via: 9 });
  b.port.setPath(0, { ip: LOCALHOST, port: local });
  const froms = new Set<string>();
  for (const side of twin.sides) {
    const usual = side.decideIn;
    side.decideIn = (rows, at) => {
      const { port, via } = socketAddressFromWords(rows, at + L.InRow.outerSource);
      froms.add(`${port} ${via ?? 0}`);
      usual(rows, at);
    };
  }
  return { twin, froms, local };
}

async function transfer(megabytes: number): Promise<boolean> {
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const client = connect({ host: '10.78.0.2', port: (server.address() as AddressInfo).port });
  const bytes = randomBytes(megabytes << 20);
  const back: Buffer[] = [];
  client.end(bytes);
  for await (const chunk of client) back.push(chunk);
  server.close();
  return Buffer.concat(back).equals(bytes);
}

t.test('a path over a further socket carries data both ways, in trains as the main one does', async (t) => {
  const { twin, froms, local } = await overFurther(t);
  t.ok(await transfer(16), '16 MB there and back');
  const [a, b] = twin.sides;
  t.same(froms, new Set([`${b.udpPort} 9`, `${local} 0`]));
  for (const { port } of twin.sides) {
    t.same(
      Object.keys(counted(port)).filter((name) => name.startsWith('drop')),
      [],
      'nothing was dropped',
    );
    const { datagramsSent = 0, sendCalls = 0 } = counted(port);
    t.ok(datagramsSent / sendCalls > 4, `${datagramsSent} datagrams in ${sendCalls} calls`);
    const { datagramsReceived = 0, receiveCalls = 0 } = counted(port);
    t.ok(datagramsReceived / receiveCalls > 2, `${datagramsReceived} in ${receiveCalls} calls`);
  }
  t.ok(a.port.info().udp4?.segmentation);
});

t.test('a socket that is closed while it carries data', async (t) => {
  const { twin } = await overFurther(t);
  const [a, b] = twin.sides;
  const receiver = createSocket('udp4');
  const sender = createSocket('udp4');
  t.teardown(() => {
    receiver.close();
    sender.close();
  });
  receiver.bind(0, '10.79.0.1');
  await once(receiver, 'listening');
  const size = 20_000;
  const say = () => sender.send(randomBytes(size), receiver.address().port, '10.78.0.2');
  let heard = 0;
  receiver.on('message', () => heard++);
  say();
  await until(() => heard === 1, 'the first packet');
  // In the midst of a batch that came in over it.
  const usual = b.decideIn;
  b.decideIn = (rows, at) => {
    a.port.closeSocket(9);
    usual(rows, at);
  };
  say();
  await until(() => heard === 2, 'the second');
  const lost = () => a.port.counters[L.Counter.dropSendOther];
  say();
  await until(() => lost() >= Math.ceil(size / PLAINTEXT), 'what is lost');
  t.equal(heard, 2);
  a.port.setPath(0, { ip: LOCALHOST, port: b.udpPort });
  say();
  await until(() => heard === 3, 'what leaves over the main one');
  t.equal(a.port.info().furtherSockets, 0);
});

t.test('a batch closes the socket that it came in on, and opens it anew', async (t) => {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const events = listen(port);
  const socket = createSocket('udp4');
  t.teardown(() => {
    port.close(true);
    socket.close();
  });
  const vias: (number | undefined)[] = [];
  port.onOutside((rows) => {
    for (let row = 0; row < rows; row++)
      vias.push(socketAddressFromWords(port.inRows, row * L.ROW_WORDS + L.InRow.outerSource).via);
    port.closeSocket(1);
    port.openSocket(1);
    port.deliver(rows);
  });
  let local = await opened(port, events, 1);
  for (let i = 1; i <= 5; i++) {
    socket.send(Buffer.alloc(64, 1), local, '127.0.0.1');
    await until(() => vias.length === i && events.length > 0, 'the row');
    const event = events.shift();
    local = event?.kind === 'socketOpened' ? event.port : 0;
  }
  t.same(vias, [1, 1, 1, 1, 1]);
  t.end();
});

t.test('256 sockets of both families are opened and closed, and cost nothing afterwards', async (t) => {
  const loopback6 = parseIp('::1') as Uint8Array;
  const port = openPort({
    listen: [
      { ip: LOCALHOST, port: 0 },
      { ip: loopback6, port: 0 },
    ],
  });
  t.teardown(() => port.close(true));
  const events = listen(port);
  const neighbours = await Promise.all(
    (['udp4', 'udp6'] as const).map(async (type) => {
      const socket = createSocket(type);
      socket.bind(0, type === 'udp4' ? '127.0.0.1' : '::1');
      await once(socket, 'listening');
      t.teardown(() => socket.close());
      return socket;
    }),
  );
  const before = files();
  for (const round of [1, 2]) {
    for (let n = 1; n <= 256; n++) port.openSocket(n);
    await until(() => events.length === 256, 'all of them');
    const ports = new Map<number, number>();
    for (const event of events.splice(0))
      if (event.kind === 'socketOpened') ports.set(event.socket, event.port);
    t.equal(new Set(ports.values()).size, 256, 'each has a port of its own, of both families');
    t.equal(files(), before + 512);
    t.equal(port.info().furtherSockets, 512);
    const vias: number[] = [];
    port.onOutside((rows) => {
      for (let row = 0; row < rows; row++)
        vias.push(socketAddressFromWords(port.inRows, row * L.ROW_WORDS + L.InRow.outerSource).via ?? 0);
    });
    for (const n of [1, 128, 256])
      for (const [i, socket] of neighbours.entries()) {
        const count = vias.length;
        socket.send(Buffer.alloc(64, 1), ports.get(n) ?? 0, i === 0 ? '127.0.0.1' : '::1');
        await until(() => vias.length > count, 'the row');
      }
    t.same(vias, [1, 1, 128, 128, 256, 256]);
    for (let n = 256; n >= 1; n--) port.closeSocket(n);
    await until(() => files() === before, 'the files');
    t.equal(port.info().furtherSockets, 0, `round ${round}`);
  }
});

t.test('a system that has no more files says so', async (t) => {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  t.teardown(() => port.close(true));
  const events = listen(port);
  const limit = (soft: number) =>
    execFileSync('prlimit', ['--pid', `${process.pid}`, `--nofile=${soft}:`], { stdio: 'ignore' });
  const usual = Number(
    execFileSync('prlimit', ['--pid', `${process.pid}`, '--nofile', '--noheadings', '-o', 'SOFT'], {
      encoding: 'utf8',
    }),
  );
  limit(files() + 20);
  for (let n = 1; n <= 60; n++) port.openSocket(n);
  await until(() => events.length === 60, 'all of them');
  const failed = events.filter((event) => event.kind === 'socketFailed');
  t.ok(failed.length > 20 && failed.length < 60, `${failed.length} of 60`);
  t.ok(failed.every((event) => event.kind === 'socketFailed' && event.error === 'EMFILE'));
  const to: SocketAddress = { ip: LOCALHOST, port: 9 };
  for (let n = 1; n <= 60; n++) {
    port.sendRaw({ ...to, via: n }, new Uint8Array(64));
    port.closeSocket(n);
  }
  t.equal(port.counters[L.Counter.dropSendOther], failed.length, 'what goes over those is lost');
  limit(usual);
  events.length = 0;
  t.ok((await opened(port, events, 60)) > 0, 'afterwards they are there again');
});

t.test('a port is closed with its further sockets', async (t) => {
  openPort({ listen: [{ ip: LOCALHOST, port: 0 }] }).close(true);
  const before = files();
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  port.onEvent(() => t.fail('nobody is told afterwards'));
  for (let n = 1; n <= 20; n++) port.openSocket(n);
  port.close(true);
  port.openSocket(30);
  port.closeSocket(1);
  await until(() => files() === before, 'the files');
});
