import { statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { ApiServer } from '../../../src/host/api/api.ts';
import { MemoryBackend } from './memory-backend.ts';
import { folder, get, raise } from './tools.ts';

t.test('the socket: its mode, its first connections at once, its end', async (t) => {
  const path = join(folder(t), 'run', 'mcc.sock');
  const api = await ApiServer.listen(new MemoryBackend(), { socket: path, onDefect: raise });
  t.equal(statSync(path).mode & 0o777, 0o660);
  const answers = await Promise.all(Array.from({ length: 8 }, () => get(path, '/v1/status')));
  for (const { status, text } of answers) {
    t.equal(status, 200);
    t.match(JSON.parse(text), { version: '1.2.3', name: 'alpha' });
  }
  const idle = createConnection(path);
  await new Promise((resolve) => idle.once('connect', resolve));
  const ended = new Promise((resolve) => idle.once('close', resolve));
  await api.close();
  await ended;
  t.throws(() => statSync(path), { code: 'ENOENT' });
});

t.test('a socket that a killed daemon left is replaced, another file is not', async (t) => {
  const directory = folder(t);
  const path = join(directory, 'mcc.sock');
  const first = await ApiServer.listen(new MemoryBackend(), { socket: path, onDefect: raise });
  const second = await ApiServer.listen(new MemoryBackend(), { socket: path, onDefect: raise });
  t.equal((await get(path, '/v1/status')).status, 200);
  await second.close();
  await first.close();
  writeFileSync(join(directory, 'file'), 'precious');
  await t.rejects(
    ApiServer.listen(new MemoryBackend(), { socket: join(directory, 'file'), onDefect: raise }),
    {
      code: 'SOCKET_FAILED',
    },
  );
  await t.rejects(
    ApiServer.listen(new MemoryBackend(), { socket: `/tmp/${'x'.repeat(120)}`, onDefect: raise }),
    {
      code: 'SOCKET_FAILED',
    },
  );
});

t.test('events: a snapshot, then what happens; a reader that comes back misses nothing', async (t) => {
  const backend = new MemoryBackend();
  const path = join(folder(t), 'mcc.sock');
  const api = await ApiServer.listen(backend, { socket: path, onDefect: raise });
  t.teardown(() => api.close());
  const listen = (lastId?: number) =>
    new Promise<{ read(pattern: RegExp): Promise<string>; close(): void }>((resolve, reject) => {
      const headers = lastId === undefined ? {} : { 'last-event-id': String(lastId) };
      const sent = request({ socketPath: path, path: '/v1/events', agent: false, headers }, (response) => {
        let text = '';
        let wake = () => {};
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
          wake();
        });
        const read = async (pattern: RegExp): Promise<string> => {
          while (!pattern.test(text)) {
            await new Promise<void>((next) => {
              wake = next;
            });
          }
          return text;
        };
        resolve({ read, close: () => sent.destroy() });
      });
      sent.on('error', reject).end();
    });
  const first = await listen();
  await first.read(/event: snapshot\ndata: .*alpha/);
  backend.events.publish('peerUp', { name: 'bravo' });
  await first.read(/id: 1\nevent: peerUp\ndata: {"name":"bravo"}\n\n/);
  first.close();
  backend.events.publish('peerDown', { name: 'bravo' });
  const second = await listen(1);
  const text = await second.read(/id: 2\nevent: peerDown/);
  t.notMatch(text, 'snapshot');
  second.close();
  for (let i = 0; i < 300; i++) backend.events.publish('peerUp', {});
  const third = await listen(2);
  await third.read(/event: reset[\s\S]*event: snapshot/);
  third.close();
});

t.test('half a request does not keep its place for ever', async (t) => {
  const path = join(folder(t), 'mcc.sock');
  const api = await ApiServer.listen(new MemoryBackend(), {
    socket: path,
    onDefect: raise,
    requestTimeoutMs: 200,
  });
  t.teardown(() => api.close());
  const halves = Array.from({ length: 32 }, () => createConnection(path));
  const ends = halves.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const [i, socket] of halves.entries()) {
    const post =
      'POST /v1/ping HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
    socket.on('error', () => undefined).write(i % 2 === 0 ? 'GET /v1/sta' : post);
    socket.resume();
  }
  await Promise.all(ends);
  t.equal((await get(path, '/v1/status')).status, 200);
});
