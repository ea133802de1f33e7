// The daemon's socket. It listens from the start; HTTP and the routes are loaded with the first connection, so that
// a daemon that nobody asks stays small.
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import type { ApiBackend } from './backend.ts';

export type { ApiBackend, DhtMetrics, Directory, DnsMetrics, Metrics } from './backend.ts';
export { EventRing } from './events.ts';
export type { ApiOptions } from './server.ts';

/** Linux: sun_path has 108 bytes, one of them the terminator. */
const SOCKET_PATH_MAX = 107;
const CONNECTIONS_MAX = 32;
const REQUEST_TIMEOUT_MS = 30_000;
/** Owner and group read and write. */
const SOCKET_UMASK = 0o117;

export class ApiSocket {
  readonly path: string;
  readonly #server: Server;
  readonly #backend: ApiBackend;
  readonly #onDefect: (error: unknown) => void;
  readonly #sockets = new Set<Socket>();
  readonly #requestTimeoutMs: number;
  #http: Promise<HttpServer> | undefined;

  private constructor(
    path: string,
    backend: ApiBackend,
    onDefect: (error: unknown) => void,
    requestTimeoutMs: number,
  ) {
    this.#requestTimeoutMs = requestTimeoutMs;
    this.path = path;
    this.#backend = backend;
    this.#onDefect = onDefect;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      this.#accept(socket),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  /** The caller holds the lock of the state, so a socket that lies there belongs to a daemon that is gone. */
  static async listen(
    path: string,
    backend: ApiBackend,
    onDefect: (error: unknown) => void,
    requestTimeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<ApiSocket> {
    if (Buffer.byteLength(path) > SOCKET_PATH_MAX) {
      throw new CodedError(
        'SOCKET_FAILED',
        `${path} is longer than the ${SOCKET_PATH_MAX} bytes of a socket's path`,
      );
    }
    const api = new ApiSocket(path, backend, onDefect, requestTimeoutMs);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
    } catch (error) {
      throw new CodedError('SOCKET_FAILED', `${path}: ${message(error)}`);
    }
    const umask = process.umask(SOCKET_UMASK);
    try {
      await new Promise<void>((resolve, reject) => {
        api.#server.once('error', reject);
        api.#server.listen(path, resolve);
      });
    } catch (error) {
      throw new CodedError('SOCKET_FAILED', `${path}: ${message(error)}`);
    } finally {
      process.umask(umask);
    }
    return api;
  }

  /** Ends all conversations and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroySoon();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, 500);
    await closed;
    clearTimeout(timer);
    rmSync(this.path, { force: true });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    // A server that does not listen itself does not look for requests that never come to an end.
    socket.setTimeout(this.#requestTimeoutMs, () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    this.#http ??= this.#load();
    this.#http.then(
      (server) => {
        if (socket.destroyed) return;
        server.emit('connection', socket);
        socket.resume();
      },
      (error) => {
        this.#onDefect(error);
        socket.destroy();
      },
    );
  }

  async #load(): Promise<HttpServer> {
    const { buildApi } = await import('./server.ts');
    // Importing it would load all that it exports, a WebSocket client of 12 MB among it.
    const http = process.getBuiltinModule('node:http');
    let server: HttpServer | undefined;
    await buildApi(this.#backend, {
      onDefect: this.#onDefect,
      server: (listener: RequestListener) => {
        server = http.createServer((request, response) => {
          awaitBody(request);
          listener(request, response);
        });
        return server;
      },
    });
    if (server === undefined) throw new Error('fastify asked for no server');
    return server;
  }
}

/** From here on the answer may take its time; the body may not. */
function awaitBody(request: IncomingMessage): void {
  const { socket } = request;
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody) socket.setTimeout(0);
  else request.once('end', () => socket.setTimeout(0));
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
