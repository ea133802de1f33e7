// What a client may try: connections, requests and bodies that no honest one sends. Each gets a documented answer or
// its end, and the next one is served.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { isErrorCode } from '../../../src/core/base/errors.ts';
import { until } from '../../cli/run.ts';
import { codeOf, exchange, get, parseAnswer, serve } from './tools.ts';

const HEAD = 'host: x\r\ncontent-type: application/json\r\n';

function post(path: string, body: string | Uint8Array, headers = HEAD): Uint8Array {
  const head = `POST ${path} HTTP/1.1\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

function get1(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
}

/** An open connection; its end is awaited with `ended`. */
function open(t: Test, path: string): Socket & { ended: Promise<unknown> } {
  const socket = createConnection(path);
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  return Object.assign(socket, { ended });
}

t.test('bodies', async (t) => {
  const { socket } = await serve(t);
  const where = { path: socket };
  const deep = `{"target":${'['.repeat(32_000)}${']'.repeat(32_000)}}`;
  const CASES: [
    name: string,
    bytes: string | Uint8Array,
    status: number,
    code: string,
    field: string | undefined,
  ][] = [
    ['too large', post('/v1/ping', `"${'x'.repeat(66_000)}"`), 413, 'BODY_TOO_LARGE', undefined],
    ['far too large', post('/v1/ping', `"${'x'.repeat(1_000_000)}"`), 413, 'BODY_TOO_LARGE', undefined],
    ['too large in pieces', chunked(70_000), 413, 'BODY_TOO_LARGE', undefined],
    ['not JSON', post('/v1/ping', '{"target"'), 400, 'REQUEST_INVALID', 'body'],
    ['not UTF-8', post('/v1/ping', Uint8Array.of(0x22, 0xff, 0x22)), 400, 'REQUEST_INVALID', 'body'],
    ['no object', post('/v1/ping', '[]'), 400, 'REQUEST_INVALID', 'body'],
    ['deep', post('/v1/ping', deep), 400, 'REQUEST_INVALID', 'body.target'],
    ['none', post('/v1/ping', ''), 400, 'REQUEST_INVALID', 'body'],
    ['a key twice', post('/v1/ping', '{"target":"bravo","target":"x"}'), 400, 'REQUEST_INVALID', 'body'],
    [
      'a key twice, written differently',
      post('/v1/ping', '{"target":"bravo","\\u0074arget" :"x"}'),
      400,
      'REQUEST_INVALID',
      'body',
    ],
    [
      'a prototype',
      post('/v1/ping', '{"target":"bravo","__proto__":{"count":9}}'),
      400,
      'REQUEST_INVALID',
      'body.__proto__',
    ],
    [
      'a constructor',
      post('/v1/ping', '{"target":"bravo","constructor":{"prototype":{"count":9}}}'),
      400,
      'REQUEST_INVALID',
      'body.constructor',
    ],
    ['an inherited name', post('/v1/ping', '{"toString":"bravo"}'), 400, 'REQUEST_INVALID', 'body.target'],
    ['half a surrogate', post('/v1/records', '{"value":"\\ud800"}'), 400, 'REQUEST_INVALID', 'body.value'],
    [
      'another type',
      post('/v1/ping', 'target=bravo', 'host: x\r\ncontent-type: text/plain\r\n'),
      415,
      'CONTENT_TYPE_UNSUPPORTED',
      'header.content-type',
    ],
    [
      'another coding',
      post('/v1/ping', '{}', 'host: x\r\ncontent-type: application/json; charset=utf-16\r\n'),
      415,
      'CONTENT_TYPE_UNSUPPORTED',
      'header.content-type',
    ],
    [
      'no type',
      post('/v1/ping', '{}', 'host: x\r\n'),
      415,
      'CONTENT_TYPE_UNSUPPORTED',
      'header.content-type',
    ],
    [
      'two types',
      post('/v1/ping', '{"target":"bravo"}', `${HEAD}content-type: text/plain\r\n`),
      400,
      'REQUEST_INVALID',
      'header.content-type',
    ],
    [
      'two lengths',
      post('/v1/ping', '{"target":"bravo"}', `${HEAD}content-length: 3\r\n`),
      400,
      'REQUEST_INVALID',
      'request',
    ],
    [
      'length and pieces',
      post('/v1/ping', '{"target":"bravo"}', `${HEAD}transfer-encoding: chunked\r\n`),
      400,
      'REQUEST_INVALID',
      'request',
    ],
  ];
  for (const [name, bytes, status, code, field] of CASES) {
    const answer = await exchange(where, bytes);
    t.equal(answer.status, status, name);
    t.equal(codeOf(answer), code, name);
    t.equal(answer.headers.get('content-type'), 'application/problem+json', name);
    const fields = JSON.parse(answer.body).error.fields;
    t.equal(fields?.[0].field, field, name);
  }
  t.equal((Object.prototype as { count?: number }).count, undefined);
  t.equal((await exchange(where, post('/v1/ping', '{"target":"bravo"}'))).status, 200);
});

function chunked(bytes: number): string {
  const piece = `3e8\r\n${'x'.repeat(1000)}\r\n`;
  return `POST /v1/ping HTTP/1.1\r\n${HEAD}transfer-encoding: chunked\r\n\r\n${piece.repeat(bytes / 1000)}0\r\n\r\n`;
}

t.test('paths and methods', async (t) => {
  const { socket } = await serve(t);
  const CASES: [line: string, status: number, allow: string | undefined][] = [
    ['GET /nothing', 404, undefined],
    ['GET /v1/status/', 404, undefined],
    ['GET /V1/status', 404, undefined],
    ['GET //v1/status', 404, undefined],
    ['GET /v1/../v1/status', 404, undefined],
    ['GET *', 404, undefined],
    ['POST /v1/status', 405, 'GET, HEAD'],
    ['DELETE /v1/services', 405, 'GET, HEAD'],
    ['PATCH /v1/services/web', 405, 'GET, HEAD, PUT, DELETE'],
    ['PATCH /v1/services/web?x=1', 405, 'GET, HEAD, PUT, DELETE'],
    ['GET /v1/records', 405, 'POST'],
    ['POST /v1/records/x', 405, 'PUT, GET, HEAD, DELETE'],
    ['HEAD /v1/events', 405, 'GET'],
    ['OPTIONS /v1/ping', 405, 'POST'],
    ['PROPFIND /v1/status', 405, 'GET, HEAD'],
    ['GET /v1/services/%', 400, undefined],
    ['GET /v1/services/%ff', 400, undefined],
    ['GET /v1/services/UPPER', 400, undefined],
    ['GET /v1/services/a%2Fb', 400, undefined],
    [`GET /v1/resolve/${'a'.repeat(3000)}`, 400, undefined],
    [`GET /v1/resolve/${'a'.repeat(300)}`, 400, undefined],
    [`GET /v1/records/${'k'.repeat(64)}`, 400, undefined],
    ['GET /v1/records/%00', 400, undefined],
    ['PUT /v1/records/', 400, undefined],
  ];
  for (const [line, status, allow] of CASES) {
    const answer = await exchange({ path: socket }, `${line} HTTP/1.1\r\nhost: x\r\n\r\n`);
    t.equal(answer.status, status, line.slice(0, 60));
    t.equal(answer.headers.get('allow'), allow, line.slice(0, 60));
    t.equal(answer.headers.get('content-type'), 'application/problem+json', line.slice(0, 60));
    if (!line.startsWith('HEAD')) t.ok(isErrorCode(codeOf(answer)));
  }
});

t.test('what is no HTTP gets one answer and the end', async (t) => {
  const { socket } = await serve(t);
  for (const bytes of [
    'hello\r\n\r\n',
    'GET /v1/status HTTP/9.9\r\n\r\n',
    'GET /v1/status HTTP/1.1\r\nbad header\r\n\r\n',
    `GET /v1/status HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`,
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    'POST /v1/ping HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ]) {
    const answer = await exchange({ path: socket }, bytes);
    t.equal(answer.status, 400, JSON.stringify(bytes.slice(0, 40)));
    t.equal(codeOf(answer), 'REQUEST_INVALID');
  }
});

t.test('one request per connection: what follows in it gets nothing', async (t) => {
  const { socket } = await serve(t);
  const many = get1('/v1/peers').repeat(1000);
  const answer = await exchange({ path: socket }, many);
  t.equal(answer.status, 200);
  t.equal(answer.headers.get('connection'), 'close');
  t.equal(answer.body.split('HTTP/1.1').length, 1);
  const expecting = await exchange(
    { path: socket },
    get1('/v1/peers').replace('\r\n\r\n', '\r\nexpect: x\r\n\r\n'),
  );
  t.equal(expecting.status, 200, 'an expectation that nobody knows is nobody’s business');
});

t.test('the 33rd connection is told so; a free place is found again', async (t) => {
  const { socket } = await serve(t);
  const held = Array.from({ length: 32 }, () => open(t, socket));
  await Promise.all(held.map((one) => once(one, 'connect')));
  for (let i = 0; i < 40; i++) {
    const refused = await exchange({ path: socket }, get1('/v1/status'));
    t.equal(refused.status, 503);
    t.equal(codeOf(refused), 'TOO_BUSY');
    t.equal(refused.headers.get('retry-after'), '1');
  }
  held[0].destroy();
  await held[0].ended;
  // The server hears of it in its own turn.
  let status = 503;
  while (status === 503) ({ status } = await exchange({ path: socket }, get1('/v1/status')));
  t.equal(status, 200);
});

t.test('a request that drips has to be whole in time all the same', async (t) => {
  const { socket } = await serve(t, { requestTimeoutMs: 200 });
  const drips = [get1('/v1/status'), post('/v1/ping', '{"target":"bravo"}').toString()].map((text) => {
    const one = open(t, socket);
    let at = 0;
    const timer = setInterval(() => one.write(text.slice(at, ++at)), 20);
    one.once('close', () => clearInterval(timer));
    one.resume();
    return one.ended.then(() => at < text.length);
  });
  t.same(await Promise.all(drips), [true, true]);
});

t.test('whoever does not fetch the answer loses it', async (t) => {
  const { socket, backend } = await serve(t, { requestTimeoutMs: 200 });
  const [peer] = backend.peers();
  backend.peers = () => Array.from({ length: 20_000 }, () => peer);
  const one = open(t, socket);
  one.pause();
  await once(one, 'connect');
  one.write(get1('/v1/peers'));
  // Nothing is read until the other side hung up; what the kernel had taken is less than the answer.
  await until(() => connections(socket) === 0);
  let bytes = 0;
  one.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  one.resume();
  await one.ended;
  t.ok(bytes < JSON.stringify(backend.peers()).length, `${bytes} bytes`);
});

/** Connections that the server still holds open. */
function connections(path: string): number {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return lines.filter((line) => line.endsWith(` ${path}`) && line.includes(' 0001 03 ')).length;
}

t.test('a reader of events that falls behind is cut off, and others go on', async (t) => {
  const { socket, backend } = await serve(t);
  const slow = open(t, socket);
  slow.write(get1('/v1/events'));
  await once(slow, 'data');
  slow.pause();
  const quick = open(t, socket);
  let text = '';
  quick.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  quick.write(get1('/v1/events'));
  while (!text.includes('event: snapshot')) await once(quick, 'data');
  const filler = 'x'.repeat(100_000);
  for (let i = 1; i <= 50; i++) {
    backend.events.publish('filler', filler);
    while (!text.includes(`id: ${i}\n`)) await once(quick, 'data');
  }
  let bytes = 0;
  slow.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  slow.resume();
  await slow.ended;
  t.ok(bytes < 2_500_000, `${bytes} bytes were kept for it`);
  t.ok(text.length > 5_000_000);
});

t.test('readers of events leave places for others', async (t) => {
  const { socket } = await serve(t);
  const readers = Array.from({ length: 16 }, () => open(t, socket));
  for (const one of readers) {
    one.write(get1('/v1/events'));
    await once(one, 'data');
  }
  const refused = await exchange({ path: socket }, get1('/v1/events'));
  t.equal(refused.status, 503);
  t.equal(codeOf(refused), 'TOO_BUSY');
  t.equal((await get(socket, '/v1/status')).status, 200);
  for (const one of readers) one.destroy();
  let status = 503;
  while (status === 503) {
    const again = open(t, socket);
    again.write(get1('/v1/events'));
    const [chunk] = await once(again, 'data');
    ({ status } = parseAnswer(chunk.toString()));
    again.destroy();
  }
  t.equal(status, 200, 'places come free');
});
