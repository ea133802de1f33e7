// The framework around the routes. Loaded with the first connection to the socket: fastify costs 20 MB and a tenth of
// a second.
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify';
import { CodedError } from '../../core/base/errors.ts';
import { answers } from './answers.ts';
import type { ApiBackend } from './backend.ts';
import { parseBody } from './body.ts';
import { refuseHeaders } from './gate.ts';
import { PROBLEM_TYPE, problem, problemHeaders } from './problem.ts';
import { addRoutes } from './routes.ts';

const BODY_BYTES_MAX = 65_536;
/** Characters of one part of a path: a name of 255 characters, percent-encoded. */
const PARAMETER_LENGTH_MAX = 3 * 255;

export interface ApiOptions {
  /** Reports an error that no catalogue knows: a defect of ours. */
  onDefect(error: unknown): void;
  /** Hands requests to a server that somebody else listens with; absent: fastify's own (inject in tests). */
  server?: (listener: RequestListener) => Server;
  /** What came on a connection was no HTTP, or too much of it. */
  refuse?(error: Error, socket: Socket): void;
}

export async function buildApi(backend: ApiBackend, options: ApiOptions): Promise<FastifyInstance> {
  const app = bare(options);
  addAllRoutes(app, backend, options);
  await app.ready();
  return app;
}

function addAllRoutes(app: FastifyInstance, backend: ApiBackend, options: ApiOptions): void {
  addRoutes(app, backend);
  const response = { ...answers({}), 200: { description: 'OpenAPI 3.1', type: 'object' } };
  const schema = { operationId: 'describe', summary: 'This description', response };
  app.get('/openapi.json', { schema }, async () => {
    const { describeApi } = await import('./openapi.ts');
    return describeApi(bare({ onDefect: options.onDefect }), backend.status().version, (described) =>
      addAllRoutes(described, backend, options),
    );
  });
}

function bare(options: ApiOptions): FastifyInstance {
  const refuse = (error: unknown, reply: FastifyReply): FastifyReply => {
    const body = problem(error);
    if (body.status === 500) options.onDefect(error);
    reply.code(body.status).headers(problemHeaders(body.status)).type(PROBLEM_TYPE);
    // As bytes: to a text fastify would add a charset, which this type does not have.
    return reply.send(Buffer.from(JSON.stringify(body)));
  };
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, verbose: true } },
    schemaController: {
      compilersFactory: { buildValidator: lazyValidators, buildSerializer: () => () => JSON.stringify },
    },
    frameworkErrors: (error, _request, reply) => refuse(error, reply as FastifyReply),
    clientErrorHandler: (error, socket) => {
      if (options.refuse === undefined) socket.destroy();
      else options.refuse(error, socket);
    },
    ...(options.server === undefined ? {} : { serverFactory: options.server }),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onRequest', (request, _reply, done) => done(refuseHeaders(request.raw)));
  app.setErrorHandler((error, _request, reply) => refuse(error, reply));
  const methods = methodsByPath(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0];
    const known = [...methods.values()].find(({ pattern }) => pattern.test(path));
    if (known === undefined)
      throw new CodedError('NOT_FOUND', `${request.method} ${request.url.slice(0, 64)}`);
    reply.header('allow', [...known.methods].join(', '));
    throw new CodedError('METHOD_NOT_ALLOWED', `${request.method} ${request.url.slice(0, 64)}`);
  });
  return app;
}

/** Filled as routes are added: path -> what it looks like, and its methods. */
function methodsByPath(app: FastifyInstance): Map<string, { pattern: RegExp; methods: Set<string> }> {
  const byPath = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const parts = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')));
    const entry = byPath.get(url) ?? {
      pattern: new RegExp(`^${parts.join('/')}$`),
      methods: new Set<string>(),
    };
    byPath.set(url, entry);
    for (const one of [method].flat()) entry.methods.add(one);
  });
  return byPath;
}

type BuildValidator = NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>['buildValidator'];

/** Ajv costs 4 MB: it is loaded with the first request that has something to validate. */
const lazyValidators = ((schemas: never, options: never) => {
  let compiler: Promise<(route: object) => Validator> | undefined;
  return (route: object) => {
    let compiled: Validator | undefined;
    const validate: ValidateFunction = async (data) => {
      compiler ??= import('@fastify/ajv-compiler').then(
        ({ default: build }) => build()(schemas, options) as (route: object) => Validator,
      );
      compiled ??= (await compiler)(route);
      // At once: the next request's validation overwrites the errors of this one.
      if (!compiled(data)) throw Object.assign(new Error('invalid'), { validation: compiled.errors });
    };
    return validate;
  };
}) as unknown as BuildValidator;

type ValidateFunction = (data: unknown) => Promise<void>;
type Validator = ((data: unknown) => boolean) & { errors?: unknown };
