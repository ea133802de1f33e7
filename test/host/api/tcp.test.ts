// The API over TCP: who may ask. Whatever a web page in a browser of this host can send is refused.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseSocketAddress } from '../../../src/core/base/ip.ts';
import { ApiServer, readApiToken } from '../../../src/host/api/api.ts';
import { MemoryBackend } from './memory-backend.ts';
import { codeOf, exchange, folder, raise, serveTcp, TOKEN } from './tools.ts';

t.test('host, origin and token', async (t) => {
  const { port, backend } = await serveTcp(t);
  const own = `127.0.0.1:${port}`;
  const bearer = `Bearer ${TOKEN}`;
  const CASES: [name: string, headers: Record<string, string>, status: number, code: string][] = [
    ['all is right', { host: own, authorization: bearer }, 200, ''],
    ['by name', { host: `localhost:${port}`, authorization: bearer }, 200, ''],
    ['by its other address', { host: `[::1]:${port}`, authorization: bearer }, 200, ''],
    ['a page of its own', { host: own, authorization: bearer, origin: `http://${own}` }, 200, ''],
    ['no token', { host: own }, 401, 'TOKEN_REQUIRED'],
    ['another token', { host: own, authorization: `Bearer ${'u'.repeat(43)}` }, 401, 'TOKEN_REQUIRED'],
    ['a piece of the token', { host: own, authorization: `Bearer ${TOKEN.slice(1)}` }, 401, 'TOKEN_REQUIRED'],
    ['more than the token', { host: own, authorization: `${bearer}t` }, 401, 'TOKEN_REQUIRED'],
    ['a long token', { host: own, authorization: `Bearer ${'t'.repeat(9000)}` }, 401, 'TOKEN_REQUIRED'],
    ['another scheme', { host: own, authorization: `Basic ${TOKEN}` }, 401, 'TOKEN_REQUIRED'],
    ['a cookie', { host: own, cookie: `token=${TOKEN}` }, 401, 'TOKEN_REQUIRED'],
    ['DNS rebinding', { host: 'evil.example', authorization: bearer }, 421, 'HOST_REFUSED'],
    ['rebinding with the port', { host: `evil.example:${port}`, authorization: bearer }, 421, 'HOST_REFUSED'],
    ['a name below localhost', { host: `x.localhost:${port}`, authorization: bearer }, 421, 'HOST_REFUSED'],
    ['no port', { host: '127.0.0.1', authorization: bearer }, 421, 'HOST_REFUSED'],
    ['another port', { host: `127.0.0.1:${port + 1}`, authorization: bearer }, 421, 'HOST_REFUSED'],
    ['all addresses', { host: `0.0.0.0:${port}`, authorization: bearer }, 421, 'HOST_REFUSED'],
    ['a trailing dot', { host: `localhost.:${port}`, authorization: bearer }, 421, 'HOST_REFUSED'],
    ['no host', { authorization: bearer }, 421, 'HOST_REFUSED'],
    ['an empty host', { host: '', authorization: bearer }, 421, 'HOST_REFUSED'],
    [
      'a foreign page',
      { host: own, authorization: bearer, origin: 'https://evil.example' },
      403,
      'ORIGIN_REFUSED',
    ],
    ['a sandboxed page', { host: own, authorization: bearer, origin: 'null' }, 403, 'ORIGIN_REFUSED'],
    [
      'a page of another port',
      { host: own, authorization: bearer, origin: `http://127.0.0.1:${port + 1}` },
      403,
      'ORIGIN_REFUSED',
    ],
    [
      'a page of another of its names',
      { host: own, authorization: bearer, origin: `http://localhost:${port}` },
      403,
      'ORIGIN_REFUSED',
    ],
    [
      'another scheme of its own',
      { host: own, authorization: bearer, origin: `https://${own}` },
      403,
      'ORIGIN_REFUSED',
    ],
  ];
  const before = backend.services().length;
  for (const [name, headers, status, code] of CASES) {
    for (const [method, path, body] of [
      ['GET', '/v1/status', ''],
      ['PUT', '/v1/services/web', '{"port":80}'],
      ['GET', '/nothing', ''],
    ]) {
      const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
      const type = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
      const answer = await exchange(
        { port },
        `${method} ${path} HTTP/1.1\r\n${lines.join('')}${type}\r\n${body}`,
      );
      if (status === 200) {
        t.match(answer.status, method === 'PUT' ? /^20[01]$/ : path === '/nothing' ? /404/ : /200/, name);
        continue;
      }
      t.equal(answer.status, status, `${name}: ${method} ${path}`);
      t.equal(codeOf(answer), code, name);
      t.equal(answer.headers.get('content-type'), 'application/problem+json');
      if (status === 401) t.match(answer.headers.get('www-authenticate'), /^Bearer/);
    }
  }
  t.equal(backend.services().length, before + 1, 'only whoever may, did');
});

t.test('a target that is a whole URL is refused, whatever host it names', async (t) => {
  const { port } = await serveTcp(t);
  for (const host of ['evil.example', `127.0.0.1:${port}`]) {
    const headers = `host: 127.0.0.1:${port}\r\nauthorization: Bearer ${TOKEN}\r\n`;
    const answer = await exchange({ port }, `GET http://${host}/v1/status HTTP/1.1\r\n${headers}\r\n`);
    t.equal(codeOf(answer), 'HOST_REFUSED');
  }
});

t.test('no answer lets a page of another origin read it', async (t) => {
  const { port } = await serveTcp(t);
  const preflight = [
    'OPTIONS /v1/status HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'origin: https://evil.example',
    'access-control-request-method: PUT',
    'access-control-request-headers: authorization',
    '\r\n',
  ].join('\r\n');
  const refused = await exchange({ port }, preflight);
  t.equal(refused.status, 403);
  const own = `GET /v1/status HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`;
  const answer = await exchange({ port }, own);
  t.equal(answer.status, 200);
  for (const { headers } of [refused, answer]) {
    t.notOk([...headers.keys()].some((name) => name.startsWith('access-control')));
    t.notOk(headers.has('set-cookie'));
    t.equal(headers.get('x-content-type-options'), 'nosniff');
    t.equal(headers.get('cache-control'), 'no-store');
  }
});

t.test('two of a header that decides are one too many', async (t) => {
  const { port } = await serveTcp(t);
  const own = `127.0.0.1:${port}`;
  for (const [name, value] of [
    ['host', own],
    ['authorization', `Bearer ${TOKEN}`],
  ]) {
    const headers = `host: ${own}\r\nauthorization: Bearer ${TOKEN}\r\norigin: http://${own}\r\n${name}: ${value}\r\n`;
    const answer = await exchange({ port }, `GET /v1/status HTTP/1.1\r\n${headers}\r\n`);
    t.equal(answer.status, 400, name);
    t.match(JSON.parse(answer.body).error.fields, [{ field: `header.${name}`, reason: 'is given twice' }]);
  }
});

t.test('the socket asks for no token: its mode says who may', async (t) => {
  const { socket, port } = await serveTcp(t);
  t.equal((await exchange({ path: socket }, 'GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n')).status, 200);
  t.equal((await exchange({ port }, 'GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n')).status, 421);
});

t.test('a port that is taken is said, and nothing is left behind', async (t) => {
  const { port } = await serveTcp(t);
  const socket = join(folder(t), 'mcc.sock');
  const address = parseSocketAddress(`127.0.0.1:${port}`);
  if (address === undefined) throw new Error('not an address');
  const tcp = { address, token: TOKEN };
  await t.rejects(ApiServer.listen(new MemoryBackend(), { socket, onDefect: raise, tcp }), {
    code: 'SOCKET_FAILED',
    message: new RegExp(`127\\.0\\.0\\.1:${port}: .*EADDRINUSE`),
  });
  t.throws(() => statSync(socket), { code: 'ENOENT' });
});

t.test('the token: 256 bits that only the owner reads, kept', (t) => {
  const directory = mkdtempSync('/tmp/mcc-test-');
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'api.token');
  const token = readApiToken(path);
  t.equal(Buffer.from(token, 'base64url').length, 32);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(readFileSync(path, 'utf8'), `${token}\n`);
  t.equal(readApiToken(path), token);
  t.not(readApiToken(join(directory, 'other')), token);
  writeFileSync(path, 'short\n');
  t.throws(() => readApiToken(path), { code: 'CONFIG_INVALID' });
  writeFileSync(join(directory, 'open'), `${token}\n`, { mode: 0o644 });
  t.throws(() => readApiToken(join(directory, 'open')), { code: 'STATE_READABLE_BY_OTHERS' });
  t.end();
});
