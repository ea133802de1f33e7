// DNS over TCP with real sockets on the loopback addresses.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import * as packet from 'dns-packet';
import t from 'tap';
import {
  CONNECTIONS_MAX,
  type DnsTcpOptions,
  DnsTcpServer,
  PIPELINE_MAX,
  QUERY_BYTES_MAX,
} from '../../../src/host/dns/tcp.ts';
import { directory, encodeQuery, endpoint, read, service, World } from '../../core/dns/world.ts';

/** Waits for something that another callback brings about. */
class Signal {
  #waiting: (() => void)[] = [];

  wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

async function listen(t: Tap, ask: DnsTcpOptions['ask'], idleMs?: number): Promise<DnsTcpServer> {
  const server = await DnsTcpServer.listen({ ask, idleMs });
  t.teardown(() => server.close());
  return server;
}
type Tap = Pick<typeof t, 'teardown'>;

/** One connection: sends frames, hands out answers in the order in which they come. */
class Client {
  readonly socket: Socket;
  /** The other side has ended or broken the connection. */
  readonly closed: Promise<unknown>;
  readonly #changed = new Signal();
  #received = Buffer.alloc(0);
  #hasEnded = false;

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.closed = closing(this.socket);
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#changed.wake();
    });
    for (const event of ['end', 'close']) {
      this.socket.on(event, () => {
        this.#hasEnded = true;
        this.socket.end();
        this.#changed.wake();
      });
    }
  }

  send(query: Uint8Array): void {
    this.socket.write(frame(query));
  }

  /** Undefined: the other side ended instead. */
  async answer(): Promise<Uint8Array | undefined> {
    const bytes = () => (this.#received.length < 2 ? 65_536 : this.#received.readUInt16BE(0));
    await this.#changed.until(() => this.#received.length >= 2 + bytes() || this.#hasEnded);
    if (this.#received.length < 2 + bytes()) return undefined;
    const end = 2 + bytes();
    const answer = Uint8Array.from(this.#received.subarray(2, end));
    this.#received = this.#received.subarray(end);
    return answer;
  }
}

/** However the connection ends, an error included. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function frame(query: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(query.length >> 8, query.length & 255), query]);
}

const echo = (query: Uint8Array) => Promise.resolve(query);

t.test('a responder behind it', async (t) => {
  const endpoints = Array.from({ length: 100 }, (_, i) => endpoint(`hello.box-${i}.node`, 1 + i));
  const world = new World(directory({ hello: service('hello', { endpoints }) }));
  const server = await listen(t, async (query) => world.query(query, true).sends[0]?.bytes);
  t.not(server.port4, 0);
  const client = new Client(server.port4);
  client.socket.write(packet.streamEncode({ id: 7, questions: [{ type: 'SRV', name: 'hello.mcc' }] }));
  const answer = read((await client.answer()) as Uint8Array);
  t.equal(answer.packet.id, 7);
  t.equal(answer.answers.length, 100, 'more than any datagram holds');
  client.send(encodeQuery('nothing.mcc', 'A'));
  t.equal(read((await client.answer()) as Uint8Array).rcode, 3, 'on the same connection');
  client.socket.end();
  t.equal(await client.answer(), undefined, 'which the client ends');
  await client.closed;
});

t.test('each family on its loopback address alone', async (t) => {
  const server = await listen(t, echo);
  if (server.port6 === 0) t.comment('this host has no IPv6');
  else {
    const client = new Client(server.port6, '::1');
    client.send(Uint8Array.of(1, 2, 3));
    t.strictSame(await client.answer(), Uint8Array.of(1, 2, 3));
    client.socket.destroy();
  }
  const elsewhere = connect({ port: server.port4, host: '127.0.0.2' });
  const [error] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException];
  t.equal(error.code, 'ECONNREFUSED');
});

t.test('queries that come in pieces, and several at once', async (t) => {
  const server = await listen(t, echo);
  const client = new Client(server.port4);
  client.socket.setNoDelay(true);
  const query = encodeQuery('hello.mcc', 'A');
  for (const byte of frame(query)) client.socket.write(Buffer.of(byte));
  t.strictSame(await client.answer(), query);
  const many = Array.from({ length: 50 }, (_, i) => encodeQuery(`x${i}.mcc`, 'A', { id: i }));
  client.socket.write(Buffer.concat(many.map(frame)));
  for (const sent of many) t.strictSame(await client.answer(), sent);
  client.socket.destroy();
});

t.test('answers go out as they are known', async (t) => {
  const waiting = new Map<number, (answer: Uint8Array) => void>();
  const asked = new Signal();
  const server = await listen(t, (query) => {
    return new Promise((resolve) => {
      waiting.set(query[0], resolve);
      asked.wake();
    });
  });
  const client = new Client(server.port4);
  for (const id of [1, 2, 3]) client.send(Uint8Array.of(id));
  await asked.until(() => waiting.size === 3);
  for (const id of [3, 1, 2]) {
    waiting.get(id)?.(Uint8Array.of(id, id));
    t.strictSame(await client.answer(), Uint8Array.of(id, id));
  }
  client.socket.destroy();
});

t.test('few queries of one connection wait at once', async (t) => {
  const waiting: ((answer: Uint8Array) => void)[] = [];
  const asked = new Signal();
  let most = 0;
  const server = await listen(t, (query) => {
    return new Promise((resolve) => {
      waiting.push(() => resolve(query));
      most = Math.max(most, waiting.length);
      asked.wake();
    });
  });
  const client = new Client(server.port4);
  const total = 5 * PIPELINE_MAX;
  client.socket.write(Buffer.concat(Array.from({ length: total }, (_, i) => frame(Uint8Array.of(i)))));
  client.socket.end();
  for (let i = 0; i < total; i++) {
    await asked.until(() => waiting.length > 0);
    waiting.shift()?.(new Uint8Array());
    t.strictSame(await client.answer(), Uint8Array.of(i));
  }
  t.equal(await client.answer(), undefined);
  t.equal(most, PIPELINE_MAX);
  await client.closed;
});

t.test('a client that has said all gets its answers before the end', async (t) => {
  const server = await listen(t, async (query) => {
    await new Promise(setImmediate);
    return query;
  });
  const client = new Client(server.port4);
  client.socket.end(frame(Uint8Array.of(9, 9)));
  t.strictSame(await client.answer(), Uint8Array.of(9, 9));
  t.equal(await client.answer(), undefined);
  const silent = new Client(server.port4);
  silent.socket.end();
  t.equal(await silent.answer(), undefined);
  const cut = new Client(server.port4);
  cut.socket.end(Buffer.of(0, 9, 1));
  t.equal(await cut.answer(), undefined);
});

t.test('a query that cannot even be asked costs its connection alone', async (t) => {
  const server = await listen(t, () => {
    throw new Error('the node is gone');
  });
  const client = new Client(server.port4);
  client.send(Uint8Array.of(1));
  t.equal(await client.answer(), undefined);
  await client.closed;
});

t.test('who does not speak DNS is cut off', async (t) => {
  let asked = 0;
  const server = await listen(t, async (query) => {
    asked++;
    if (query.length === 0) return undefined;
    throw new Error('a defect');
  });
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\nHost: hello.mcc\r\n\r\n'),
    Buffer.of((QUERY_BYTES_MAX + 1) >> 8, (QUERY_BYTES_MAX + 1) & 255),
    Buffer.of(0xff, 0xff),
  ]) {
    const client = new Client(server.port4);
    client.socket.write(bytes);
    await client.closed;
  }
  t.equal(asked, 0);
  const empty = new Client(server.port4);
  empty.send(new Uint8Array());
  await empty.closed;
  const defect = new Client(server.port4);
  defect.send(Uint8Array.of(1));
  await defect.closed;
  t.equal(asked, 2, 'without an answer there is nothing to wait for');
});

t.test('the longest query that is taken', async (t) => {
  const server = await listen(t, echo);
  const client = new Client(server.port4);
  client.send(new Uint8Array(QUERY_BYTES_MAX));
  t.equal((await client.answer())?.length, QUERY_BYTES_MAX);
  client.socket.destroy();
});

t.test('single bytes buy no time', async (t) => {
  const server = await listen(t, echo, 100);
  const slow = new Client(server.port4);
  slow.socket.write(Buffer.of(4, 0));
  const trickle = setInterval(() => slow.socket.write(Buffer.of(0)), 5);
  const silent = new Client(server.port4);
  await Promise.all([slow.closed, silent.closed]);
  clearInterval(trickle);
  t.equal(slow.socket.bytesRead + silent.socket.bytesRead, 0);
});

t.test('a client that reads nothing is asked nothing, and closed', async (t) => {
  let asked = 0;
  const server = await listen(
    t,
    async () => {
      asked++;
      return new Uint8Array(65_535);
    },
    200,
  );
  const socket = connect({ port: server.port4, host: '127.0.0.1' });
  socket.pause();
  // 2,000 answers are 131 MB and their queries 8 MB, more than the kernel keeps for both sides. So something is left to
  // write, and writing tells when the server has closed.
  const query = frame(new Uint8Array(QUERY_BYTES_MAX));
  socket.write(Buffer.concat(new Array(2000).fill(query)));
  await closing(socket);
  t.ok(asked > 0 && asked < 1000, `${asked} of 2000 asked`);
  socket.destroy();
});

t.test('connections are few, and the one in use for least goes', async (t) => {
  const server = await listen(t, echo);
  const clients: Client[] = [];
  for (let i = 0; i < CONNECTIONS_MAX; i++) {
    const client = new Client(server.port4);
    client.send(Uint8Array.of(i));
    await client.answer();
    clients.push(client);
  }
  t.equal(server.connections, CONNECTIONS_MAX);
  clients[0].send(Uint8Array.of(99));
  await clients[0].answer();
  const more = new Client(server.port4);
  more.send(Uint8Array.of(7));
  t.strictSame(await more.answer(), Uint8Array.of(7));
  await clients[1].closed;
  t.equal(server.connections, CONNECTIONS_MAX);
  clients[0].send(Uint8Array.of(98));
  t.strictSame(await clients[0].answer(), Uint8Array.of(98), 'the busy one stays');
  for (const { socket } of [...clients, more]) socket.destroy();
});

t.test('closing closes everything', async (t) => {
  const server = await DnsTcpServer.listen({ ask: () => new Promise(() => {}) });
  const client = new Client(server.port4);
  client.send(Uint8Array.of(1));
  await once(client.socket, 'connect');
  await server.close();
  await client.closed;
  const late = connect({ port: server.port4, host: '127.0.0.1' });
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  t.equal(error.code, 'ECONNREFUSED');
});
