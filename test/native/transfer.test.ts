import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t from 'tap';
import { SLAB_SLOTS, Suite } from '../../src/core/base/batch-layout.generated.ts';
import { parseIp } from '../../src/core/base/ip.ts';
import { counted, privateNamespace, Twin, type TwinOptions, until } from './twin.ts';

privateNamespace(import.meta.filename);

const MEGABYTES = 24;
const BLOCK = randomBytes(1 << 20);
const HASH = (() => {
  const hash = createHash('sha256');
  for (let i = 0; i < MEGABYTES; i++) hash.update(BLOCK);
  return hash.digest('hex');
})();

async function hashOf(socket: Socket): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of socket) hash.update(chunk);
  return hash.digest('hex');
}

async function pour(socket: Socket): Promise<void> {
  for (let i = 0; i < MEGABYTES; i++) if (!socket.write(BLOCK)) await once(socket, 'drain');
  socket.end();
}

/** MEGABYTES each way, at once. */
async function bothWays(listenAt: string, target: string): Promise<[string, string]> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, listenAt);
  await once(server, 'listening');
  const client = connect({ host: target, port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const [, , up, down] = await Promise.all([pour(client), pour(accepted), hashOf(accepted), hashOf(client)]);
  server.close();
  return [up, down];
}

async function datagrams(
  family: 'udp4' | 'udp6',
  listenAt: string,
  target: string,
  sizes: number[],
): Promise<number> {
  const server = createSocket({ type: family, recvBufferSize: 4 << 20 });
  server.bind(0, listenAt);
  await once(server, 'listening');
  server.on('message', (message, from) => server.send(message, from.port, from.address));
  const client = createSocket(family);
  let right = 0;
  let expected = Buffer.alloc(0);
  let answered = false;
  client.on('message', (message) => {
    answered = true;
    if (message.equals(expected)) right++;
  });
  for (const size of sizes) {
    expected = randomBytes(size);
    answered = false;
    client.send(expected, server.address().port, target);
    await until(() => answered, `the echo of ${size} bytes`);
  }
  client.close();
  server.close();
  return right;
}

const cases: [string, TwinOptions][] = [
  ['AES-256-GCM by the fast library, if any', {}],
  ['AES-256-GCM by OpenSSL', { port: { crypto: 'openssl' } }],
  ['ChaCha20-Poly1305', { suite: Suite.chacha20Poly1305 }],
  ['outside over IPv6', { outer: parseIp('::1') }],
  ['plaintexts of at most 1100 bytes', { plaintext: 1100 }],
];
for (const [name, options] of cases) {
  t.test(name, async (t) => {
    const twin = new Twin(options);
    t.teardown(() => twin.close());
    t.same(await bothWays('10.79.0.1', '10.78.0.2'), [HASH, HASH], 'TCP over IPv4');
    t.same(await bothWays('fd00:1::1', 'fd00:0::2'), [HASH, HASH], 'TCP over IPv6');
    const sizes = [
      1, 2, 7, 8, 9, 63, 64, 500, 1000, 1388, 1389, 1392, 1393, 1400, 1472, 2000, 9000, 30000, 65000, 65507,
    ];
    t.equal(await datagrams('udp4', '10.79.0.1', '10.78.0.2', sizes), sizes.length, 'UDP over IPv4');
    t.equal(await datagrams('udp6', 'fd00:1::1', 'fd00:0::2', sizes), sizes.length, 'UDP over IPv6');
    for (const side of twin.sides) {
      const drops = Object.keys(counted(side.port)).filter((counter) => counter.startsWith('drop'));
      t.same(drops, [], 'nothing was dropped');
      t.equal(side.port.info().freeSlots, SLAB_SLOTS, 'every slot is free again');
    }
  });
}
