import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t from 'tap';
import { Counter } from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import { openPort } from '../../src/host/native/native.ts';
import { counted, LOCALHOST, loopbackUp, privateNamespace, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();
// A device slower than TCP inside the tunnel could be, with a queue that holds all that a socket may have in flight.
execFileSync('tc', [
  'qdisc',
  'add',
  'dev',
  'lo',
  'root',
  'tbf',
  'rate',
  '300mbit',
  'burst',
  '128kb',
  'latency',
  '2s',
]);

t.test('a full socket holds the TUN back and loses nothing', async (t) => {
  const twin = new Twin({ bufferBytes: [96 * 1024, 8 << 20] });
  t.teardown(() => twin.close());
  const server = createServer();
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const clients = Array.from({ length: 4 }, () =>
    connect((server.address() as AddressInfo).port, '10.78.0.2'),
  );
  const bytes = randomBytes(6 << 20);
  const expected = createHash('sha256').update(bytes).digest('hex');
  const hashes: string[] = [];
  server.on('connection', async (socket: Socket) => {
    t.teardown(() => socket.destroy());
    const hash = createHash('sha256');
    for await (const chunk of socket) hash.update(chunk);
    hashes.push(hash.digest('hex'));
  });
  for (const client of clients) {
    t.teardown(() => client.destroy());
    client.end(bytes);
  }
  await until(() => hashes.length === clients.length, 'all the bytes', 20_000);
  t.same(new Set(hashes), new Set([expected]));
  const counts = counted(twin.a.port);
  t.notOk(counts.dropSendBuffer, 'nothing was dropped by the sender');
  t.equal(counts.datagramsSent, twin.b.port.counters[Counter.datagramsReceived], 'or on the way');
  server.close();
});

t.test('what waits for a full socket is bounded', async (t) => {
  const twin = new Twin({ bufferBytes: [16 * 1024, 8 << 20] });
  t.teardown(() => twin.close());
  const { port } = twin.a;
  port.setPath(7, { ip: LOCALHOST, port: 9 });
  const message = new Uint8Array(60_000);
  for (let i = 0; i < 100; i++) port.sendControl(0, i, 7, message);
  const dropped = counted(port).dropSendBuffer ?? 0;
  t.ok(dropped > 40 && dropped < 80, `2 MB wait, the rest of 6 MB is dropped and counted: ${dropped}`);
  await until(() => counted(port).datagramsSent === 100 - dropped, 'what waited to leave');
  port.sendControl(0, 1000, 0, Uint8Array.of(0));
  await until(() => counted(twin.b.port).datagramsReceived === 1, 'a datagram after the jam');
});

t.test('what is sent on for others waits for a full socket within bounds too', async (t) => {
  const twin = new Twin({ bufferBytes: [8 << 20, 8 << 20] });
  // A socket that has room for little, in the queue of a device behind all that the host sends to it.
  const relay = openPort({ listen: [{ ip: LOCALHOST, port: 0 }], bufferBytes: 16 * 1024 });
  t.teardown(() => {
    twin.close();
    relay.close(true);
  });
  relay.setPath(1, { ip: LOCALHOST, port: twin.a.udpPort });
  relay.setPath(2, { ip: LOCALHOST, port: twin.b.udpPort });
  relay.setForward(1, 5, 2, 6, 7);
  const { port } = twin.a;
  port.setPath(7, { ip: LOCALHOST, port: relay.info().udp4?.port ?? 0 });
  port.setCircuit(7, 5, 1);
  port.setPath(8, circuitAddress(7, 5));
  const message = new Uint8Array(60_000);
  let counter = 0;
  let mostWaiting = 0;
  await until(
    () => {
      // As fast as the host can, so that it fills the queue of the device ahead of the relay.
      if ((counted(port).datagramsSent ?? 0) === counter) port.sendControl(0, counter++, 8, message);
      const { relayedDatagrams = 0, datagramsSent = 0, dropSendBuffer = 0 } = counted(relay);
      mostWaiting = Math.max(mostWaiting, relayedDatagrams - datagramsSent - dropSendBuffer);
      return dropSendBuffer >= 20;
    },
    'the relay to drop',
    30_000,
  );
  t.ok(mostWaiting > 10 && mostWaiting < 20, `1 MB waits: ${mostWaiting} of 60 kB`);
  await until(
    () => {
      const { relayedDatagrams = 0, datagramsSent = 0, dropSendBuffer = 0 } = counted(relay);
      return datagramsSent + dropSendBuffer === relayedDatagrams;
    },
    'what waits to leave',
    30_000,
  );
});
