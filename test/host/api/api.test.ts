import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ApiSocket } from '../../../src/host/api/api.ts';
import { buildApi } from '../../../src/host/api/server.ts';
import type { Problem } from '../../../src/host/api/types.ts';
import { MemoryBackend } from './memory-backend.ts';

const INIT = {
  genesis: 'AA',
  organisation: { certificate: 'AA', signatures: [{ root: 0, signature: 'AA' }] },
};

const raise = (error: unknown): never => {
  throw error;
};

/** tap's own folders have names too long for a socket. */
function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'mcc-test-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

t.test('routes answer, refusals are problems with our code', async (t) => {
  const defects: unknown[] = [];
  const app = await buildApi(new MemoryBackend(), { onDefect: (error) => defects.push(error) });
  t.teardown(() => app.close());

  t.match((await app.inject('/v1/status')).json(), { version: '1.2.3', name: 'alpha' });
  t.match((await app.inject('/v1/peers')).json(), { peers: [{ name: 'bravo' }], nextCursor: null });

  const cases: [
    method: 'POST' | 'GET' | 'PUT' | 'DELETE',
    url: string,
    body: unknown,
    status: number,
    code: string,
  ][] = [
    ['POST', '/v1/ping', { target: 'x' }, 404, 'PEER_UNKNOWN'],
    ['POST', '/v1/ping', {}, 400, 'REQUEST_INVALID'],
    ['POST', '/v1/ping', { target: 'x', count: '4' }, 400, 'REQUEST_INVALID'],
    ['POST', '/v1/ping', { target: 'x', counts: 4 }, 400, 'REQUEST_INVALID'],
    ['POST', '/v1/ping', { target: 'defect' }, 500, 'INTERNAL'],
    ['POST', '/v1/init', { ...INIT, name: 'taken' }, 409, 'ALREADY_INITIALISED'],
    ['POST', '/v1/init', { ...INIT, genesis: 'A A' }, 400, 'REQUEST_INVALID'],
    ['POST', '/v1/invitations', { organisation: 'other' }, 422, 'NOT_A_SIGNER'],
    ['POST', '/v1/join', { token: 'mcc1' }, 422, 'TOKEN_EXPIRED'],
    ['POST', '/v1/join', { token: 'x'.repeat(5000) }, 400, 'REQUEST_INVALID'],
    ['GET', '/v1/services/none', undefined, 404, 'SERVICE_UNKNOWN'],
    ['DELETE', '/v1/services/none', undefined, 404, 'SERVICE_UNKNOWN'],
    ['GET', '/v1/services/NONE', undefined, 400, 'REQUEST_INVALID'],
    ['PUT', '/v1/services/web', { port: 0 }, 400, 'REQUEST_INVALID'],
    ['GET', '/v1/nothing', undefined, 404, 'NOT_FOUND'],
  ];
  for (const [method, url, payload, status, code] of cases) {
    const response = await app.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
    const body = response.json<Problem>();
    t.equal(response.statusCode, status, `${method} ${url} ${JSON.stringify(payload)?.slice(0, 50)}`);
    t.equal(body.error.code, code);
    t.equal(body.status, status);
    t.match(response.headers['content-type'], 'application/problem+json');
  }
  t.equal(defects.length, 1, 'only the defect is reported as one');
});

t.test('other content types and large bodies are refused', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/ping',
      payload: '{}',
      headers: { 'content-type': type },
    });
    t.equal(response.json<Problem>().error.code, 'REQUEST_INVALID', type);
  }
  const large = await app.inject({
    method: 'POST',
    url: '/v1/ping',
    payload: { target: 'x'.repeat(70_000) },
  });
  t.equal(large.statusCode, 400);
});

t.test('a service is offered once, replaced on purpose, removed', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const url = '/v1/services/web';
  const once = { 'if-none-match': '*' };
  t.equal((await app.inject({ method: 'PUT', url, payload: { port: 80 }, headers: once })).statusCode, 201);
  t.equal((await app.inject({ method: 'PUT', url, payload: { port: 81 }, headers: once })).statusCode, 409);
  t.equal((await app.inject({ method: 'PUT', url, payload: { port: 82 } })).statusCode, 200);
  t.match((await app.inject(url)).json(), { name: 'web', port: 82, protocol: 'tcp' });
  t.equal((await app.inject({ method: 'DELETE', url })).statusCode, 204);
  t.equal((await app.inject(url)).statusCode, 404);
});

t.test('the description lists every route with its request', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const document = (await app.inject('/openapi.json')).json();
  t.equal(document.openapi, '3.1.0');
  t.same(Object.keys(document.paths).sort(), [
    '/metrics',
    '/v1/events',
    '/v1/init',
    '/v1/invitations',
    '/v1/join',
    '/v1/keys',
    '/v1/peers',
    '/v1/ping',
    '/v1/services',
    '/v1/services/{name}',
    '/v1/status',
  ]);
  t.ok(document.paths['/v1/ping'].post.requestBody);
});

t.test('metrics are Prometheus text', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const { body, headers } = await app.inject('/metrics');
  t.match(headers['content-type'], 'text/plain');
  t.match(body, 'mcc_build_info{version="1.2.3"} 1');
  t.match(body, 'mcc_dropped_packets_total{direction="in",reason="replayed"} 5');
  t.match(body, 'mcc_dropped_packets_total{direction="out",reason="outboundPolicy"} 6');
  t.match(body, 'mcc_received_bytes_total{path="relayed"} 4');
  t.match(body, 'mcc_certificate_expiry_timestamp_seconds 1800000000');
});

function get(socketPath: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

t.test('the socket: its mode, its first connections at once, its end', async (t) => {
  const path = join(folder(t), 'run', 'mcc.sock');
  const api = await ApiSocket.listen(path, new MemoryBackend(), raise);
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
  const first = await ApiSocket.listen(path, new MemoryBackend(), raise);
  const second = await ApiSocket.listen(path, new MemoryBackend(), raise);
  t.equal((await get(path, '/v1/status')).status, 200);
  await second.close();
  await first.close();
  writeFileSync(join(directory, 'file'), 'precious');
  await t.rejects(ApiSocket.listen(join(directory, 'file'), new MemoryBackend(), raise), {
    code: 'SOCKET_FAILED',
  });
  await t.rejects(ApiSocket.listen(`/tmp/${'x'.repeat(120)}`, new MemoryBackend(), raise), {
    code: 'SOCKET_FAILED',
  });
});

t.test('events: a snapshot, then what happens; a reader that comes back misses nothing', async (t) => {
  const backend = new MemoryBackend();
  const path = join(folder(t), 'mcc.sock');
  const api = await ApiSocket.listen(path, backend, raise);
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
  const api = await ApiSocket.listen(path, new MemoryBackend(), raise, 200);
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
