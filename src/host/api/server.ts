// The REST routes. Loaded with the first connection to the socket: fastify costs 20 MB and a tenth of a second.
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { CodedError } from '../../core/base/errors.ts';
import type { ApiBackend } from './backend.ts';
import { streamEvents } from './events.ts';
import { problem } from './problem.ts';
import { initInput, inviteInput, joinInput, pingInput, serviceInput, serviceName } from './schemas.ts';
import type { InitInput, InviteInput, JoinInput, PingInput, ServiceInput } from './types.ts';

const BODY_BYTES_MAX = 65_536;

export interface ApiOptions {
  /** Reports an error that no catalogue knows: a defect of ours. */
  onDefect(error: unknown): void;
  /** Hands requests to a server that somebody else listens with; absent: fastify's own (inject in tests). */
  server?: (listener: RequestListener) => Server;
}

export async function buildApi(backend: ApiBackend, options: ApiOptions): Promise<FastifyInstance> {
  const app = bare(options);
  addRoutes(app, backend);
  app.get('/openapi.json', { schema: { hide: true } as object }, () => describe(backend, options));
  await app.ready();
  return app;
}

function bare(options: ApiOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    schemaController: {
      compilersFactory: { buildValidator: lazyValidators, buildSerializer: refuseToSerialize },
    },
    ...(options.server === undefined ? {} : { serverFactory: options.server }),
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _request, reply) => {
    const body = problem(error);
    if (body.status === 500) options.onDefect(error);
    return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
  });
  app.setNotFoundHandler((request) => {
    throw new CodedError('NOT_FOUND', `${request.method} ${request.url.slice(0, 64)}`);
  });
  return app;
}

type BuildValidator = NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>['buildValidator'];

/** Ajv costs 4 MB: it is loaded with the first request that has something to validate. */
const lazyValidators = ((schemas: never, options: never) => {
  let compiler: Promise<(route: object) => ValidateFunction> | undefined;
  return (route: object) => {
    let compiled: ValidateFunction | undefined;
    const validate: ValidateFunction = async (data) => {
      compiler ??= import('@fastify/ajv-compiler').then(
        ({ default: build }) => build()(schemas, options) as (route: object) => ValidateFunction,
      );
      compiled ??= (await compiler)(route);
      const isValid = await compiled(data);
      validate.errors = compiled.errors;
      return isValid;
    };
    return validate;
  };
}) as unknown as BuildValidator;

type ValidateFunction = ((data: unknown) => boolean | Promise<boolean>) & { errors?: unknown };

/** No route has a schema for its answers; JSON.stringify is fast enough here. */
function refuseToSerialize(): never {
  throw new Error('answers have no schemas');
}

function addRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get('/v1/status', () => backend.status());
  app.get('/v1/peers', () => ({ peers: backend.peers(), nextCursor: null }));
  app.post<{ Body: PingInput }>('/v1/ping', { schema: { body: pingInput } }, (request) =>
    backend.ping(request.body),
  );
  app.post('/v1/keys', () => backend.keys());
  app.post<{ Body: InitInput }>('/v1/init', { schema: { body: initInput } }, (request) =>
    backend.init(request.body),
  );
  app.post<{ Body: InviteInput }>('/v1/invitations', { schema: { body: inviteInput } }, (request) =>
    backend.invite(request.body),
  );
  app.post<{ Body: JoinInput }>('/v1/join', { schema: { body: joinInput } }, (request) =>
    backend.join(request.body),
  );
  addServiceRoutes(app, backend);
  app.get('/v1/events', (request, reply) => {
    reply.hijack();
    const last = header(request.raw, 'last-event-id');
    streamEvents(reply.raw, backend.events, last, () => backend.status());
  });
  app.get('/metrics', async (_request, reply) => {
    const { renderMetrics } = await import('./metrics.ts');
    const { type, text } = await renderMetrics(backend.metrics());
    return reply.type(type).send(text);
  });
}

function addServiceRoutes(app: FastifyInstance, backend: ApiBackend): void {
  const find = (name: string) => {
    const service = backend.services().find((candidate) => candidate.name === name);
    if (service === undefined) throw new CodedError('SERVICE_UNKNOWN', name);
    return service;
  };
  app.get('/v1/services', () => ({ services: backend.services(), nextCursor: null }));
  app.get<{ Params: { name: string } }>(
    '/v1/services/:name',
    { schema: { params: serviceName } },
    (request) => find(request.params.name),
  );
  app.put<{ Params: { name: string }; Body: ServiceInput }>(
    '/v1/services/:name',
    { schema: { params: serviceName, body: serviceInput } },
    (request, reply) => {
      const replace = header(request.raw, 'if-none-match') !== '*';
      const isNew = backend.addService(request.params.name, request.body, replace);
      return reply.code(isNew ? 201 : 200).send(find(request.params.name));
    },
  );
  app.delete<{ Params: { name: string } }>(
    '/v1/services/:name',
    { schema: { params: serviceName } },
    (request, reply) => {
      backend.removeService(request.params.name);
      return reply.code(204).send();
    },
  );
}

/** The description is asked for rarely, so its plugin lives only in an instance made for the question. */
async function describe(backend: ApiBackend, options: ApiOptions): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = bare({ onDefect: options.onDefect });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'mcc', version: backend.status().version, description: 'The API of the mcc daemon.' },
    },
  });
  addRoutes(app, backend);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
