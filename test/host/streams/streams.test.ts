import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import t, { type Test } from 'tap';
import { formatIp, ipv4, parseIp, type SocketAddress } from '../../../src/core/base/ip.ts';
import { streamAddress } from '../../../src/core/base/stream.ts';
import { openPort } from '../../../src/host/native/native.ts';
import type { NativePort } from '../../../src/host/native/types.ts';
import { bridge } from '../../../src/host/streams/bridge.ts';
import { selfSigned } from '../../../src/host/streams/certificate.ts';
import { GUESTS_MAX, GUESTS_PER_PLACE, Guests } from '../../../src/host/streams/guests.ts';
import { StreamHost } from '../../../src/host/streams/streams.ts';
import type { StreamOptions } from '../../../src/host/streams/types.ts';

const LOCALHOST = ipv4(127, 0, 0, 1);
type Up = Parameters<StreamOptions['onUp']>[0];

/** Waits for something that others do meanwhile. */
async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Where nobody listens: at an address of this host that other programs hardly use. */
async function freePlace(): Promise<SocketAddress> {
  const ip = ipv4(127, ...(randomBytes(3) as unknown as [number, number, number]));
  const server = createServer();
  server.listen(0, formatIp(ip));
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return { ip, port };
}

interface Scene {
  readonly port: NativePort;
  readonly host: StreamHost;
  readonly ups: Up[];
  readonly failed: number[];
  readonly at: SocketAddress;
}

async function scene(t: Test, options: Partial<StreamOptions> = {}): Promise<Scene> {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  port.onEvent(() => undefined);
  const at = await freePlace();
  const ups: Up[] = [];
  const failed: number[] = [];
  const host = new StreamHost({
    port,
    listen: [at],
    allowed: { tcp: true, tls: true },
    mayTakeTlsPort: () => false,
    onUp: (up) => ups.push(up),
    onFailed: (dial) => failed.push(dial),
    ...options,
  });
  t.teardown(() => {
    host.close();
    port.close(true);
  });
  return { port, host, ups, failed, at };
}

t.test('two hosts make and take a connection', async (t) => {
  const guest = await scene(t, { listen: [] });
  const { host, ups, at, port } = await scene(t);
  await until(() => host.status('tcp').isListening, 'the listener');
  t.same(host.status('tcp'), { isListening: true, reason: null });
  t.same(guest.host.status('tcp'), { isListening: false, reason: null });
  guest.host.dial({ dial: 7, to: at, transport: 'tcp' });
  await until(() => ups.length === 1 && guest.ups.length === 1, 'the connection');
  t.match(guest.ups, [{ dial: 7, transport: 'tcp', remote: at }]);
  t.match(ups, [{ dial: undefined, transport: 'tcp', remote: { ip: LOCALHOST } }]);
  const ended: number[] = [];
  guest.port.onStreamEnd((stream) => ended.push(stream));
  port.closeStream(ups[0].stream);
  await until(() => ended.length === 1, 'the other end');
  t.same(ended, [guest.ups[0].stream]);
  t.same(guest.failed, []);
});

t.test('what cannot be connected to fails once', async (t) => {
  const { host, failed, ups } = await scene(t, { listen: [] });
  const nobody = await freePlace();
  host.dial({ dial: 1, to: nobody, transport: 'tcp' });
  host.dial({ dial: 2, to: nobody, transport: 'tls' });
  const mute = createServer(() => undefined);
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  t.teardown(() => mute.close());
  const { port } = mute.address() as { port: number };
  host.dial({ dial: 3, to: { ip: LOCALHOST, port }, transport: 'tls' });
  await until(() => failed.length === 3, 'all of them');
  t.same(failed.sort(), [1, 2, 3], 'also where no TLS is spoken');
  const off = await scene(t, { listen: [], allowed: { tcp: false, tls: false } });
  off.host.dial({ dial: 4, to: nobody, transport: 'tcp' });
  t.same(off.failed, [], 'not before dial() returns');
  await until(() => off.failed.length === 1, 'the refusal');
  t.same(off.host.status('tcp'), { isListening: false, reason: 'switched off' });
  t.same([...ups, ...off.ups], []);
});

t.test('a port that is taken is no error', async (t) => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  const { host } = await scene(t, { listen: [{ ip: LOCALHOST, port }] });
  await until(() => host.status('tcp').reason !== null, 'the reason');
  t.same(host.status('tcp'), {
    isListening: false,
    reason: `127.0.0.1:${port}: another program has that port`,
  });
});

t.test('one place gets only so many connections, and others again when they end', async (t) => {
  const { host, ups, at, port } = await scene(t);
  await until(() => host.status('tcp').isListening, 'the listener');
  const sockets: Socket[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  let refused = 0;
  const open = () => {
    const socket = connect(at.port, formatIp(at.ip));
    socket.on('error', () => undefined);
    socket.on('close', () => refused++);
    socket.resume();
    sockets.push(socket);
  };
  for (let i = 0; i < GUESTS_PER_PLACE + 5; i++) open();
  await until(() => refused === 5, 'those too many to be closed');
  t.equal(ups.length, GUESTS_PER_PLACE);
  port.closeStream(ups[0].stream);
  await until(() => refused === 6, 'its end');
  open();
  await until(() => ups.length === GUESTS_PER_PLACE + 1, 'one more');
  sockets.at(-1)?.write('GET / HTTP/1.1\r\n\r\n');
  await until(() => refused === 7, 'what is no datagram to end it');
  open();
  await until(() => ups.length === GUESTS_PER_PLACE + 2, 'another');
  t.pass();
});

t.test('places are counted by address, and by network of IPv6', (t) => {
  const guests = new Guests();
  const v6 = (text: string) => parseIp(text) as Uint8Array;
  for (let i = 0; i < GUESTS_PER_PLACE; i++) t.ok(guests.enter(v6(`2001:db8::${i + 1}`)));
  t.notOk(guests.enter(v6('2001:db8::ffff')));
  t.ok(guests.enter(v6('2001:db8:0:1::1')));
  guests.leave(v6('2001:db8::1'));
  t.ok(guests.enter(v6('2001:db8::ffff')));
  let entered = GUESTS_PER_PLACE + 1;
  for (let i = 0; i < GUESTS_MAX; i++) entered += Number(guests.enter(ipv4(10, 0, i >> 8, i & 255)));
  t.equal(entered, GUESTS_MAX);
  t.end();
});

t.test('TLS is the coat of a stream: what goes in at one end comes out at the other', async (t) => {
  const { port } = await scene(t, { listen: [] });
  const server = createTlsServer(selfSigned(Date.now()));
  t.teardown(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tls = connectTls({
    port: (server.address() as { port: number }).port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  const [[far]] = await Promise.all([once(server, 'secureConnection'), once(tls, 'secureConnect')]);
  const certificate = tls.getPeerX509Certificate();
  t.ok(certificate?.verify(certificate.publicKey), 'the certificate is sound');
  t.ok(Date.parse(certificate?.validFrom ?? '') < Date.now());
  t.ok(Date.parse(certificate?.validTo ?? '') > Date.now());
  const numbers = [bridge(port, far), bridge(port, tls)];
  const came: Buffer[] = [];
  port.onOutside((rows) => {
    for (let at = 0; at < rows * 32; at += 32) {
      const offset = port.inRows[at + 5];
      came.push(Buffer.from(port.inBytes.slice(offset, offset + port.inRows[at + 6])));
    }
  });
  const sent = Array.from({ length: 20 }, (_, i) => Buffer.alloc(1200, i).fill(1, 0, 1));
  for (const datagram of sent) port.sendRaw(streamAddress(numbers[0]), datagram);
  await until(() => came.length === sent.length, 'all datagrams');
  t.ok(came.every((datagram, i) => datagram.equals(sent[i])));
  const ended: number[] = [];
  port.onStreamEnd((stream) => ended.push(stream));
  port.closeStream(numbers[0]);
  await until(() => ended.length === 2, 'both ends');
  t.same(ended, numbers);
});
