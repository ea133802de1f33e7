// The REST client: one request per connection over the daemon's unix socket.
import { CodedError } from '../core/base/errors.ts';
import type { Problem } from '../host/api/types.ts';
import { RemoteError } from './errors.ts';

// Importing it would load all that it exports, a WebSocket client of 12 MB and 40 ms among it.
const { request } = process.getBuiltinModule('node:http');

const ANSWER_BYTES_MAX = 64 * 1_048_576;

/** No daemon listens on the socket. */
export class DaemonAbsent extends CodedError {
  constructor(socket: string) {
    super('DAEMON_UNREACHABLE', `nothing listens on ${socket}`);
  }
}

export class Client {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.call<T>('POST', path, body);
  }

  /** Throws DaemonAbsent, a CodedError or, when the daemon refused, a RemoteError. */
  call<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const sent = request(
      {
        socketPath: this.#socket,
        method,
        path,
        agent: false,
        headers: text === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) response.destroy(new Error('the answer is too long'));
        });
        response.on('error', (error) => reject(this.#failure(error)));
        response.on('end', () => {
          try {
            resolve(answer<T>(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    sent.on('error', (error) => reject(this.#failure(error)));
    sent.end(text);
    return promise;
  }

  #failure(error: NodeJS.ErrnoException): Error {
    switch (error.code) {
      case 'ENOENT':
      case 'ECONNREFUSED':
      case 'ENOTDIR':
        return new DaemonAbsent(this.#socket);
      case 'EACCES':
      case 'EPERM':
        return new CodedError('PERMISSION_DENIED', `no access to ${this.#socket}`);
      default:
        return new CodedError('DAEMON_UNREACHABLE', `${this.#socket}: ${error.message}`);
    }
  }
}

function answer<T>(status: number, text: string): T {
  if (status === 204) return undefined as T;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new CodedError('DAEMON_UNREACHABLE', `the answer (HTTP ${status}) is not JSON`);
  }
  if (status < 400) return body as T;
  const { error } = body as Partial<Problem>;
  throw new RemoteError(error ?? { code: 'INTERNAL', message: `HTTP ${status}` });
}
