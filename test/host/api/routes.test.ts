import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { buildApi } from '../../../src/host/api/server.ts';
import type { Problem } from '../../../src/host/api/types.ts';
import { MemoryBackend } from './memory-backend.ts';
import { raise } from './tools.ts';

const INIT = {
  genesis: 'AA',
  organisation: { certificate: 'AA', signatures: [{ root: 0, signature: 'AA' }] },
};

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
    ['POST', '/v1/services/none/share', { share: ['all'] }, 404, 'SERVICE_UNKNOWN'],
    ['POST', '/v1/services/none/unshare', { share: ['a,b'] }, 400, 'REQUEST_INVALID'],
    ['POST', '/v1/services/none/unshare', { shared: ['a'] }, 400, 'REQUEST_INVALID'],
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
    t.equal(response.statusCode, 415);
    t.equal(response.json<Problem>().error.code, 'CONTENT_TYPE_UNSUPPORTED', type);
  }
  const large = await app.inject({
    method: 'POST',
    url: '/v1/ping',
    payload: { target: 'x'.repeat(70_000) },
  });
  t.equal(large.statusCode, 413);
  t.equal(large.json<Problem>().error.code, 'BODY_TOO_LARGE');
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

t.test('what is kept for the network comes page by page', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  for (const name of ['a', 'b'])
    await app.inject({ method: 'PUT', url: `/v1/records/${name}`, payload: { value: name } });
  const first = (await app.inject('/v1/dht/records')).json();
  t.match(first, { records: [{ kind: 'user', name: 'a' }], nextCursor: 1 });
  const last = (await app.inject(`/v1/dht/records?cursor=${first.nextCursor}`)).json();
  t.match(last, { records: [{ name: 'b' }], nextCursor: null });
  for (const cursor of ['-1', 'x', '', '9999999999', '1&cursor=2'])
    t.equal((await app.inject(`/v1/dht/records?cursor=${cursor}`)).statusCode, 400, cursor);
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
  t.match(body, 'mcc_peers{path="direct"} 1');
  t.match(body, 'mcc_path_rtt_seconds{path="direct"} 0.008');
  t.match(body, 'mcc_health_warnings{severity="warning"} 1');
  t.match(body, 'mcc_dht_core 1');
  t.match(body, 'mcc_dht_contacts 7');
  t.match(body, 'mcc_dht_records 8');
  t.match(body, 'mcc_dht_stored_bytes 900');
  t.match(body, 'mcc_dht_lookups 1');
  t.match(body, 'mcc_dht_estimated_nodes 9');
  t.match(body, 'mcc_dns_info{mode="resolved"} 1');
  t.match(body, 'mcc_dns_queries_total{transport="udp"} 20');
  t.match(body, 'mcc_dns_answers_total{rcode="NOERROR"} 15');
  t.match(body, 'mcc_dns_cache_hits_total 14');
  t.match(body, 'mcc_dns_forwarded_total 4');
  t.match(body, 'mcc_dns_forward_failures_total 1');
  t.match(body, 'mcc_dns_forward_withheld_total 2');
  t.match(body, 'mcc_dns_forward_refused_total 0');
  t.match(body, 'mcc_certificate_expiry_timestamp_seconds 1800000000');
});

t.test('a refusal names the field and what is allowed there', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const CASES: [method: 'PUT' | 'POST' | 'GET', url: string, body: unknown, field: string, reason: RegExp][] =
    [
      ['PUT', '/v1/services/web', { port: 70_000 }, 'body.port', /^must be a port, 1 to 65535$/],
      ['PUT', '/v1/services/web', { port: '80' }, 'body.port', /^must be a port/],
      ['PUT', '/v1/services/web', {}, 'body.port', /^is missing$/],
      ['PUT', '/v1/services/web', { port: 1, prot: 'tcp' }, 'body.prot', /^is not known here$/],
      [
        'PUT',
        '/v1/services/web',
        { port: 1, protocol: 'sctp' },
        'body.protocol',
        /^must be one of tcp, udp$/,
      ],
      ['PUT', '/v1/services/web', { port: 1, share: ['all', 4] }, 'body.share[1]', /string/],
      ['PUT', '/v1/services/web', { port: 1, protocol: 'udp', check: 'tcp' }, 'body.check', /^must be none/],
      ['PUT', '/v1/services/-web', { port: 1 }, 'path.name', /^must be 1 to 63 lower-case letters/],
      ['PUT', '/v1/services/web', [], 'body', /object/],
      ['POST', '/v1/records', { value: 'a', valueBase64url: 'AA' }, 'body', /^must be either value or/],
      ['POST', '/v1/records', { valueBase64url: 'A=' }, 'body.valueBase64url', /^must be base64url/],
      ['POST', '/v1/records', { value: '' }, 'body.value', /^has 0 bytes$/],
      ['PUT', '/v1/records/a%01', { value: 'a' }, 'path.key', /bytes/],
      ['POST', '/v1/init', { ...INIT, organisation: {} }, 'body.organisation.certificate', /^is missing$/],
    ];
  for (const [method, url, payload, field, reason] of CASES) {
    const response = await app.inject({ method, url, payload: payload as object });
    const { error, detail } = response.json<Problem>();
    t.match(error.fields, [{ field, reason }], `${url} ${JSON.stringify(payload)}`);
    t.match(detail, `${field} ${error.fields?.[0].reason}. `);
    t.equal(error.message, detail);
  }
});

t.test('the page that problems point to has every code', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const { type, error } = (await app.inject('/nothing')).json<Problem>();
  const [path, anchor] = type.split('#');
  const page = (await app.inject(path)).body;
  t.match(page, `<a id="${anchor}"></a>\`${error.code}\` | 404 |`);
  t.equal(page, readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8'));
});
