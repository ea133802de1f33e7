// What the API answers. A route's name is its operationId in /openapi.json.
import type { FastifyInstance } from 'fastify';
import { decodeBase32 } from '../../core/base/base32.ts';
import { CodedError } from '../../core/base/errors.ts';
import { VALUE_MAX } from '../../core/wire/limits.ts';
import { about } from './about.ts';
import { textAnswer } from './answers.ts';
import type { ApiBackend } from './backend.ts';
import { streamEvents } from './events.ts';
import { addImportRoutes } from './import-routes.ts';
import { addMemberRoutes } from './member-routes.ts';
import { addOrganisationRoutes } from './organisation-routes.ts';
import { FieldRefusal } from './problem.ts';
import { addRevocationRoutes } from './revocation-routes.ts';
import {
  accessInput,
  guestInviteInput,
  guestsInput,
  guestWorkInput,
  initInput,
  inviteInput,
  joinInput,
  keptQuery,
  keyChangeInput,
  pingInput,
  recordInput,
  recordKey,
  resolveName,
  serviceInput,
  serviceName,
  shareInput,
} from './schemas.ts';

import type {
  GuestInviteInput,
  GuestsInput,
  GuestWorkInput,
  InitInput,
  InviteInput,
  JoinInput,
  KeyChangeInput,
  PingInput,
  RecordInput,
  ServiceInput,
  ShareInput,
} from './types.ts';

/** So that others find a connection free. */
const READERS_MAX = 16;
const KEY_BYTES_MAX = 63;
const HASH_TEXT_LENGTH = 52;

export function addRoutes(app: FastifyInstance, backend: ApiBackend): void {
  addNodeRoutes(app, backend);
  addGuestRoutes(app, backend);
  addServiceRoutes(app, backend);
  addDirectoryRoutes(app, backend);
  addOrganisationRoutes(app, backend);
  addRevocationRoutes(app, backend);
  addImportRoutes(app, backend);
  addMemberRoutes(app, backend);
  addWatchRoutes(app, backend);
}

function addNodeRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get('/v1/status', about('getStatus', 'This node, its peers and services', { 200: 'Status' }), () =>
    backend.status(),
  );
  app.get('/v1/peers', about('listPeers', 'Nodes with a session', { 200: 'PeerList' }), () => ({
    peers: backend.peers(),
    nextCursor: null,
  }));
  app.post<{ Body: PingInput }>(
    '/v1/ping',
    about('ping', 'Measure the way to a node', { 200: 'PingResult' }, { body: pingInput }),
    (request) => backend.ping(request.body),
  );
  app.get(
    '/v1/netcheck',
    about('checkNet', 'What stands between this node and the others, asked anew', { 200: 'NetCheck' }),
    () => backend.netCheck(),
  );
  app.post('/v1/keys', about('makeKeys', 'Make the keys that init signs', { 200: 'Keys' }), () =>
    backend.keys(),
  );
  app.post<{ Body: InitInput }>(
    '/v1/init',
    about('init', 'Found a network', { 200: 'InitResult' }, { body: initInput }),
    (request) => backend.init(request.body),
  );
  app.post<{ Body: InviteInput }>(
    '/v1/invitations',
    about(
      'invite',
      'Make a token with which another node joins',
      { 200: 'InviteResult' },
      { body: inviteInput },
    ),
    (request) => backend.invite(request.body),
  );
  app.post<{ Body: JoinInput }>(
    '/v1/join',
    about(
      'join',
      'Become a node of the network that a token names',
      { 200: 'JoinResult' },
      { body: joinInput },
    ),
    (request) => backend.join(request.body),
  );
  app.post<{ Body: KeyChangeInput }>(
    '/v1/keys/change',
    about(
      'changeKey',
      'Go on under another key, with a token that replaces this node',
      { 200: 'JoinResult' },
      { body: keyChangeInput },
    ),
    (request) => backend.changeKey(request.body),
  );
}

function addGuestRoutes(app: FastifyInstance, { guests }: ApiBackend): void {
  app.get('/v1/guests', about('getGuests', 'Whether and how guests are admitted', { 200: 'Guests' }), () =>
    guests.view(),
  );
  app.put<{ Body: GuestsInput }>(
    '/v1/guests',
    about('putGuests', 'Open or close the admission of guests', { 200: 'Guests' }, { body: guestsInput }),
    (request) => guests.set(request.body),
  );
  app.post<{ Body: GuestInviteInput }>(
    '/v1/guests/invitations',
    about(
      'inviteGuests',
      'Make an invitation for guests',
      { 200: 'GuestInviteResult' },
      { body: guestInviteInput },
    ),
    (request) => guests.invite(request.body),
  );
  app.post<{ Body: GuestWorkInput }>(
    '/v1/guests/work',
    about(
      'askForWork',
      'Ask what a guest has to do to be admitted',
      { 200: 'GuestWork' },
      { body: guestWorkInput },
    ),
    (request) => guests.work(request.body),
  );
}

function addServiceRoutes(app: FastifyInstance, backend: ApiBackend): void {
  const find = (name: string) => {
    const service = backend.services().find((candidate) => candidate.name === name);
    if (service === undefined) throw new CodedError('SERVICE_UNKNOWN', name);
    return service;
  };
  app.get('/v1/services', about('listServices', 'What this node offers', { 200: 'ServiceList' }), () => ({
    services: backend.services(),
    nextCursor: null,
  }));
  app.get<{ Params: { name: string } }>(
    '/v1/services/:name',
    about('getService', 'One service of this node', { 200: 'Service' }, { params: serviceName }),
    (request) => find(request.params.name),
  );
  app.put<{ Params: { name: string }; Body: ServiceInput }>(
    '/v1/services/:name',
    about(
      'putService',
      'Offer a service, or replace it; with If-None-Match: * only offer it',
      { 200: 'Service', 201: 'Service' },
      { params: serviceName, body: serviceInput },
    ),
    async (request, reply) => {
      const { name } = request.params;
      const { protocol, check } = request.body;
      if (protocol === 'udp' && check === 'tcp') {
        throw new FieldRefusal('REQUEST_INVALID', 'body.check', 'must be none, as UDP answers no connect');
      }
      const isNew = await backend.addService(name, request.body, request.headers['if-none-match'] !== '*');
      return reply.code(isNew ? 201 : 200).send(find(name));
    },
  );
  app.post<{ Body: { from: string; to: string } }>(
    '/v1/access',
    about(
      'access',
      'Whether somebody may use something of this node, and why',
      { 200: 'AccessAnswer' },
      { body: accessInput },
    ),
    (request) => backend.access(request.body.from, request.body.to),
  );
  for (const how of ['share', 'unshare'] as const) {
    const id = how === 'share' ? 'shareService' : 'unshareService';
    const what = how === 'share' ? 'Let more use a service' : 'Let fewer use a service, at once';
    app.post<{ Params: { name: string }; Body: ShareInput }>(
      `/v1/services/:name/${how}`,
      about(id, what, { 200: 'Service' }, { params: serviceName, body: shareInput }),
      (request) => {
        const { name } = request.params;
        backend.reshareService(name, how, request.body.share ?? []);
        return find(name);
      },
    );
  }
  app.delete<{ Params: { name: string } }>(
    '/v1/services/:name',
    about('deleteService', 'Offer a service no more', { 204: '' }, { params: serviceName }),
    (request, reply) => {
      backend.removeService(request.params.name);
      return reply.code(204).send();
    },
  );
}

function addDirectoryRoutes(app: FastifyInstance, { directory }: ApiBackend): void {
  app.get<{ Params: { name: string } }>(
    '/v1/resolve/:name',
    about('resolve', 'Who a name stands for', { 200: 'Resolution' }, { params: resolveName }),
    (request) => directory.resolve(request.params.name),
  );
  app.post<{ Body: RecordInput }>(
    '/v1/records',
    about(
      'putImmutableRecord',
      'Store a value under its hash',
      { 201: 'RecordResult' },
      { body: recordInput },
    ),
    async (request, reply) => {
      const result = await directory.putImmutable(valueBytes(request.body));
      reply.header('location', `/v1/records/${result.key}`);
      return reply.code(201).send(result);
    },
  );
  app.put<{ Params: { key: string }; Body: RecordInput }>(
    '/v1/records/:key',
    about(
      'putRecord',
      "Store this node's value under a key",
      { 200: 'RecordResult' },
      { params: recordKey, body: recordInput },
    ),
    (request) => directory.putRecord(ownKey(request.params.key), valueBytes(request.body)),
  );
  app.get<{ Querystring: { cursor?: string } }>(
    '/v1/dht/records',
    about(
      'listKeptRecords',
      "What of the network's records lies at this node, page by page",
      { 200: 'KeptRecordList' },
      { querystring: keptQuery },
    ),
    (request) => directory.kept(Number(request.query.cursor ?? 0)),
  );
  app.get<{ Params: { key: string } }>(
    '/v1/records/:key',
    about(
      'getRecord',
      'The values under a key, or the one under a hash',
      { 200: 'RecordSet' },
      { params: recordKey },
    ),
    (request) => {
      const hash = hashOf(request.params.key);
      if (hash !== undefined) return directory.getImmutable(hash);
      return directory.getRecord(ownKey(request.params.key));
    },
  );
  app.delete<{ Params: { key: string } }>(
    '/v1/records/:key',
    about(
      'deleteRecord',
      "Take this node's value under a key or a hash back",
      { 204: '' },
      { params: recordKey },
    ),
    async (request, reply) => {
      const { key } = request.params;
      await directory.deleteRecord(hashOf(key) === undefined ? ownKey(key) : key);
      return reply.code(204).send();
    },
  );
}

function addWatchRoutes(app: FastifyInstance, backend: ApiBackend): void {
  let readers = 0;
  app.get(
    '/v1/events',
    {
      ...about(
        'watchEvents',
        'What happens, as server-sent events',
        textAnswer('text/event-stream', 'events'),
      ),
      // Nothing but its endless body tells anything.
      exposeHeadRoute: false,
    },
    (request, reply) => {
      if (readers >= READERS_MAX) throw new CodedError('TOO_BUSY', `${READERS_MAX} readers of events`);
      readers++;
      reply.raw.once('close', () => readers--);
      reply.hijack();
      const last = request.headers['last-event-id'];
      const lastId = Array.isArray(last) ? last[0] : last;
      streamEvents(reply.raw, backend.events, lastId, () => backend.status());
    },
  );
  app.get(
    '/metrics',
    about('getMetrics', 'Metrics for Prometheus', textAnswer('text/plain', 'Prometheus text')),
    async (_request, reply) => {
      const { renderMetrics } = await import('./metrics.ts');
      const { type, text } = await renderMetrics(backend.metrics());
      return reply.type(type).send(text);
    },
  );
  app.get(
    '/docs/errors.md',
    about('getErrors', 'What every error code means', textAnswer('text/markdown', 'Markdown')),
    async (_request, reply) => {
      const { errorsPage } = await import('./errors-page.ts');
      return reply.type('text/markdown; charset=utf-8').send(errorsPage());
    },
  );
}

/** 52 characters of base32 name a value that cannot change. */
function hashOf(key: string): Uint8Array | undefined {
  return key.length === HASH_TEXT_LENGTH ? decodeBase32(key) : undefined;
}

function ownKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes === 0 || bytes > KEY_BYTES_MAX || /\p{Cc}/u.test(key)) {
    throw new FieldRefusal('RECORD_KEY_INVALID', 'path.key', `has ${bytes} bytes`);
  }
  if (hashOf(key) !== undefined) {
    throw new FieldRefusal('RECORD_KEY_INVALID', 'path.key', 'is the hash of a value that cannot change');
  }
  return key;
}

function valueBytes({ value, valueBase64url }: RecordInput): Uint8Array {
  if (value !== undefined && !value.isWellFormed()) {
    throw new FieldRefusal(
      'REQUEST_INVALID',
      'body.value',
      'has half a surrogate pair, which UTF-8 cannot say',
    );
  }
  const field = value === undefined ? 'body.valueBase64url' : 'body.value';
  const bytes = value === undefined ? Buffer.from(valueBase64url ?? '', 'base64url') : Buffer.from(value);
  if (bytes.length === 0 || bytes.length > VALUE_MAX) {
    throw new FieldRefusal('RECORD_TOO_LARGE', field, `has ${bytes.length} bytes`);
  }
  return new Uint8Array(bytes);
}
