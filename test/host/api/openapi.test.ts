// The description: valid by the specification's own schema, and true of every answer.
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildApi } from '../../../src/host/api/server.ts';
import { type Description, describedBy, operationOf } from './described.ts';
import { MemoryBackend } from './memory-backend.ts';
import { raise } from './tools.ts';

async function described(app: FastifyInstance): Promise<Description> {
  return (await app.inject('/openapi.json')).json<Description>();
}

t.test('the description is valid, and names every route', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const document = await described(app);
  t.equal(document.openapi, '3.1.0');
  const { Validator } = createRequire(import.meta.url)('@seriousme/openapi-schema-validator');
  const verdict = await new Validator().validate(structuredClone(document));
  t.same(verdict, { valid: true });
  t.same(Object.keys(document.paths).sort(), [
    '/docs/errors.md',
    '/metrics',
    '/openapi.json',
    '/v1/access',
    '/v1/dht/records',
    '/v1/events',
    '/v1/guests',
    '/v1/guests/invitations',
    '/v1/guests/work',
    '/v1/imports',
    '/v1/imports/{name}',
    '/v1/init',
    '/v1/invitations',
    '/v1/join',
    '/v1/keys',
    '/v1/keys/change',
    '/v1/members',
    '/v1/members/{member}',
    '/v1/netcheck',
    '/v1/network',
    '/v1/organisations',
    '/v1/organisations/install',
    '/v1/organisations/signers/approve',
    '/v1/organisations/signers/request',
    '/v1/organisations/signers/retire',
    '/v1/peers',
    '/v1/ping',
    '/v1/records',
    '/v1/records/{key}',
    '/v1/resolve/{name}',
    '/v1/revocations',
    '/v1/services',
    '/v1/services/{name}',
    '/v1/services/{name}/share',
    '/v1/services/{name}/unshare',
    '/v1/status',
  ]);
  t.ok(document.paths['/v1/ping'].post.requestBody);
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map(({ operationId }) => operationId);
  t.equal(new Set(ids).size, operations.length, 'every operation has a name of its own');
  for (const { operationId, responses } of operations) {
    t.match(operationId, /^[a-z][A-Za-z]+$/);
    t.ok(responses.default.content?.['application/problem+json'], `${operationId} tells of problems`);
    t.ok(Object.keys(responses).some((status) => status.startsWith('2')));
  }
  const refs = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? [];
  for (const ref of new Set(refs)) t.match(ref, /^"\$ref":"#\/components\/schemas\/[A-Z][A-Za-z]+"$/);
});

const HASH = '0'.repeat(52);

/** method, path, body, status: every operation, every status that it answers. */
const CALLS: [
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  url: string,
  body: object | undefined,
  status: number,
][] = [
  ['GET', '/v1/status', undefined, 200],
  ['GET', '/v1/peers', undefined, 200],
  ['GET', '/v1/netcheck', undefined, 200],
  ['POST', '/v1/ping', { target: 'bravo', count: 1 }, 200],
  ['POST', '/v1/ping', { target: 'nobody' }, 404],
  ['POST', '/v1/ping', { target: 4 }, 400],
  ['POST', '/v1/keys', undefined, 200],
  ['POST', '/v1/init', init('alpha'), 200],
  ['POST', '/v1/init', init('taken'), 409],
  ['POST', '/v1/invitations', { addresses: ['192.0.2.9:1'] }, 200],
  ['POST', '/v1/invitations', { organisation: 'other' }, 422],
  ['POST', '/v1/join', { token: 'mcc1token' }, 200],
  ['POST', '/v1/join', { token: 'mcc1' }, 422],
  ['GET', '/v1/guests', undefined, 200],
  ['PUT', '/v1/guests', { open: true, difficulty: 8, max: 1 }, 200],
  ['POST', '/v1/guests/invitations', {}, 200],
  ['POST', '/v1/guests/work', { token: 'mccg1' }, 422],
  ['PUT', '/v1/services/web', { port: 80, share: ['all'] }, 201],
  ['PUT', '/v1/services/web', { port: 81, target: '127.0.0.1:81', check: 'none' }, 200],
  ['POST', '/v1/services/web/share', { share: ['all'] }, 200],
  ['POST', '/v1/services/web/unshare', {}, 200],
  ['GET', '/v1/services/web', undefined, 200],
  ['GET', '/v1/services', undefined, 200],
  ['POST', '/v1/access', { from: 'guests', to: 'web' }, 200],
  ['POST', '/v1/access', { from: 'nobody', to: 'web' }, 404],
  ['POST', '/v1/access', { from: 'nobody' }, 400],
  ['GET', '/v1/resolve/web.mcc', undefined, 200],
  ['GET', '/v1/resolve/alpha.node', undefined, 200],
  ['GET', '/v1/resolve/nobody', undefined, 404],
  ['POST', '/v1/revocations', { node: 'alpha', reason: 'sold' }, 200],
  ['POST', '/v1/revocations', { node: 'nobody' }, 404],
  ['GET', '/v1/revocations', undefined, 200],
  ['PUT', '/v1/imports/shop', { service: 'shop.globex' }, 200],
  ['PUT', '/v1/imports/web', { service: 'shop.globex' }, 409],
  ['PUT', '/v1/imports/shop', { service: 'shop.nobody' }, 422],
  ['PUT', '/v1/imports/Sh_op', { service: 'shop.globex' }, 400],
  ['PUT', '/v1/imports/shop', {}, 400],
  ['GET', '/v1/imports', undefined, 200],
  ['POST', '/v1/keys/change', { token: 'mcc1x' }, 422],
  ['POST', '/v1/keys/change', {}, 400],
  ['GET', '/v1/members', undefined, 200],
  ['PUT', '/v1/members/alpha', { tags: ['db'] }, 200],
  ['PUT', '/v1/members/alpha', { tags: [], provides: ['web-*'] }, 200],
  ['PUT', '/v1/members/nobody', { tags: [] }, 404],
  ['PUT', '/v1/members/alpha', {}, 400],
  ['PUT', '/v1/members/alpha', { tags: ['no name'] }, 400],
  ['DELETE', '/v1/imports/shop', undefined, 204],
  ['DELETE', '/v1/imports/shop', undefined, 404],
  ['GET', '/v1/status', undefined, 200],
  ['DELETE', '/v1/services/web', undefined, 204],
  ['DELETE', '/v1/services/web', undefined, 404],
  ['GET', '/v1/services/web', undefined, 404],
  ['PUT', '/v1/records/colour', { value: 'blue' }, 200],
  ['GET', '/v1/records/colour', undefined, 200],
  ['GET', '/v1/dht/records', undefined, 200],
  ['PUT', '/v1/records/bytes', { valueBase64url: '_wA' }, 200],
  ['GET', '/v1/records/bytes', undefined, 200],
  ['PUT', `/v1/records/${HASH}`, { value: 'blue' }, 400],
  ['PUT', '/v1/records/colour', { value: 'x'.repeat(821) }, 413],
  ['POST', '/v1/records', { value: 'blue' }, 201],
  ['POST', '/v1/records', {}, 400],
  ['GET', `/v1/records/${HASH}`, undefined, 404],
  ['DELETE', '/v1/records/colour', undefined, 204],
  ['DELETE', '/v1/records/colour', undefined, 404],
  ['GET', '/v1/network', undefined, 200],
  ['GET', '/v1/organisations', undefined, 200],
  ['POST', '/v1/organisations', { name: 'globex' }, 200],
  ['POST', '/v1/organisations', { name: 'Glob ex' }, 400],
  ['POST', '/v1/organisations/install', { document: 'mccs1abc', contacts: ['mcc1abc'] }, 200],
  ['POST', '/v1/organisations/signers/request', { newKey: true }, 200],
  ['POST', '/v1/organisations/signers/approve', { document: 'mccr1abc' }, 200],
  ['POST', '/v1/organisations/signers/approve', { document: 'mcc1abc' }, 422],
  ['POST', '/v1/organisations/signers/retire', {}, 409],
  ['POST', '/v1/organisations/signers/retire', { force: true }, 204],
  ['GET', '/metrics', undefined, 200],
  ['GET', '/docs/errors.md', undefined, 200],
  ['GET', '/openapi.json', undefined, 200],
];

function init(name: string): object {
  const signatures = [{ root: 0, signature: 'AA' }];
  return { genesis: 'AA', organisation: { certificate: 'AA', signatures }, name };
}

t.test('every answer is what the description says of it', async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const document = await described(app);
  const faultOf = describedBy(document);
  // The stream of events never ends: socket.test.ts reads it.
  const unseen = new Set(['watchEvents']);
  const answered = new Set(unseen);
  for (const [method, url, payload, status] of CALLS) {
    const response = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    const name = `${method} ${url} ${JSON.stringify(payload)?.slice(0, 40) ?? ''} ${status}`;
    t.equal(response.statusCode, status, name);
    answered.add(operationOf(document, method, url)?.operationId ?? '?');
    const [type] = String(response.headers['content-type'] ?? '').split(';');
    const fault = faultOf({ method, path: url, status, type, body: response.body });
    t.equal(fault, undefined, name, { body: response.body });
  }
  const all = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map((one) => one.operationId),
  );
  t.same([...answered].sort(), all.sort(), 'every operation was asked');
});
