// Where the API listens: the socket always, a loopback address if the configuration names one. HTTP and the routes are
// loaded with the first connection, so that a daemon that nobody asks stays small.
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { Server as HttpServer, RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import { formatIp, formatSocketAddress, parseIp, type SocketAddress } from '../../core/base/ip.ts';
import type { ApiBackend } from './backend.ts';
import type { Connection } from './connection.ts';
import type { Gate } from './gate.ts';

export type {
  ApiBackend,
  DhtMetrics,
  Directory,
  GuestBackend,
  ImportBackend,
  MemberBackend,
  Metrics,
  OrganisationBackend,
  RevocationBackend,
} from './backend.ts';
export { EventRing } from './events.ts';
export type { ApiOptions } from './server.ts';
export { readApiToken } from './token.ts';

/** Linux: sun_path has 108 bytes, one of them the terminator. */
const SOCKET_PATH_MAX = 107;
/** Of each listener. */
const CONNECTIONS_MAX = 32;
/** Beyond that many nobody is even told that the API is busy. */
const REFUSALS_MAX = 32;
const REFUSAL_MS = 1000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Owner and group read and write. */
const SOCKET_UMASK = 0o117;

export interface ListenOptions {
  /** Path of the unix socket. */
  readonly socket: string;
  /** A loopback address where whoever has the token may ask. */
  readonly tcp?: { readonly address: SocketAddress; readonly token: string };
  /** Reports an error that no catalogue knows: a defect of ours. */
  onDefect(error: unknown): void;
  /** How long a request may take to arrive, and its answer to be fetched. */
  readonly requestTimeoutMs?: number;
}

export class ApiServer {
  readonly #backend: ApiBackend;
  readonly #options: ListenOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new WeakMap<Socket, Connection>();
  readonly #sockets = new Set<Socket>();
  #http: Promise<HttpModule> | undefined;
  #tcp: SocketAddress | undefined;

  private constructor(backend: ApiBackend, options: ListenOptions) {
    this.#backend = backend;
    this.#options = options;
  }

  /** The caller holds the lock of the state, so a socket that lies there belongs to a daemon that is gone. */
  static async listen(backend: ApiBackend, options: ListenOptions): Promise<ApiServer> {
    const api = new ApiServer(backend, options);
    try {
      if (options.tcp !== undefined) await api.#listenTcp(options.tcp.address);
      await api.#listenSocket(options.socket);
    } catch (error) {
      await api.close();
      throw error;
    }
    return api;
  }

  /** ADDRESS:PORT where it listens beside the socket. */
  get tcp(): string | undefined {
    return this.#tcp === undefined ? undefined : formatSocketAddress(this.#tcp);
  }

  /** Ends all conversations and removes the socket. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroySoon();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, 500);
    await Promise.all(closed);
    clearTimeout(timer);
  }

  async #listenSocket(path: string): Promise<void> {
    if (Buffer.byteLength(path) > SOCKET_PATH_MAX) {
      throw new CodedError(
        'SOCKET_FAILED',
        `${path} is longer than the ${SOCKET_PATH_MAX} bytes of a socket's path`,
      );
    }
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
    } catch (error) {
      throw failure(path, error);
    }
    const umask = process.umask(SOCKET_UMASK);
    try {
      await this.#listen(path, { path });
    } finally {
      process.umask(umask);
    }
  }

  async #listenTcp({ ip, port }: SocketAddress): Promise<void> {
    const server = await this.#listen(formatSocketAddress({ ip, port }), { host: formatIp(ip), port });
    const bound = server.address() as AddressInfo;
    this.#tcp = { ip: parseIp(bound.address) ?? ip, port: bound.port };
  }

  async #listen(name: string, where: object): Promise<Server> {
    const connected = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      this.#sockets.add(socket);
      connected.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        connected.delete(socket);
      });
      this.#accept(socket, connected.size > CONNECTIONS_MAX);
    });
    server.maxConnections = CONNECTIONS_MAX + REFUSALS_MAX;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(where, resolve);
      });
    } catch (error) {
      throw failure(name, error);
    }
    this.#servers.push(server);
    return server;
  }

  #accept(socket: Socket, isTooMany: boolean): void {
    socket.on('error', () => socket.destroy());
    this.#http ??= this.#load();
    this.#http.then(
      (http) => {
        if (socket.destroyed) return;
        if (isTooMany) turnAway(socket, http.busy);
        else this.#converse(socket, http);
      },
      (error) => {
        this.#options.onDefect(error);
        socket.destroy();
      },
    );
  }

  #converse(socket: Socket, { server, Connection, gate }: HttpModule): void {
    // A unix socket has no port.
    const isTcp = socket.localPort !== undefined;
    const timeoutMs = this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.#connections.set(socket, new Connection(socket, isTcp ? gate : undefined, timeoutMs));
    server.emit('connection', socket);
    socket.resume();
  }

  async #load(): Promise<HttpModule> {
    const [{ buildApi }, { Connection }, { Gate }, { rawProblem }] = await Promise.all([
      import('./server.ts'),
      import('./connection.ts'),
      import('./gate.ts'),
      import('./problem.ts'),
    ]);
    const server = await this.#buildServer(buildApi);
    const token = this.#options.tcp?.token ?? '';
    return {
      server,
      Connection,
      gate: new Gate(this.#tcp?.port ?? 0, token),
      busy: rawProblem(new CodedError('TOO_BUSY', `${CONNECTIONS_MAX} connections`)),
    };
  }

  async #buildServer(buildApi: typeof import('./server.ts').buildApi): Promise<HttpServer> {
    // Importing it would load all that it exports, a WebSocket client of 12 MB among it.
    const http = process.getBuiltinModule('node:http');
    let server: HttpServer | undefined;
    await buildApi(this.#backend, {
      onDefect: this.#options.onDefect,
      server: (listener: RequestListener) => {
        const ask: RequestListener = (request, response) =>
          this.#connections.get(request.socket)?.ask(request, response, listener);
        server = http.createServer({ requireHostHeader: false }, ask);
        // Whatever a client expects, it gets an answer.
        server.on('checkExpectation', ask);
        return server;
      },
      refuse: (error, socket) => this.#connections.get(socket)?.refuse(error.message),
    });
    if (server === undefined) throw new Error('fastify asked for no server');
    return server;
  }
}

/** What is loaded with the first connection. */
interface HttpModule {
  readonly server: HttpServer;
  readonly Connection: typeof import('./connection.ts').Connection;
  readonly gate: Gate;
  /** The answer to one connection too many. */
  readonly busy: string;
}

function turnAway(socket: Socket, answer: string): void {
  const timer = setTimeout(() => socket.destroy(), REFUSAL_MS);
  socket.on('close', () => clearTimeout(timer));
  socket.on('end', () => socket.destroy());
  socket.resume().end(answer);
}

function failure(name: string, error: unknown): CodedError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CodedError('SOCKET_FAILED', `${name}: ${reason}`);
}
