// DNS over TCP (RFC 7766) for the programs of this host. The resolver's address has no TCP of its own: the host's packet
// filter redirects connections to its port 53 to the ports here. It does so for locally generated packets alone, and these
// ports are bound to the loopback addresses, so no other host reaches them. Other local users do: hence the bounds.
import { createServer, type Server, type Socket } from 'node:net';
import { BoundedMap } from '../../core/base/bounded-map.ts';

/** Connections at once; one more closes the one that has been without a query for longest. */
export const CONNECTIONS_MAX = 64;
/** Bytes of one query: a name of 255, and EDNS options. Who announces more speaks something else, HTTP for example. */
export const QUERY_BYTES_MAX = 4096;
/** Queries of one connection that wait for an answer; more are not read until one is answered. */
export const PIPELINE_MAX = 8;
/** Bytes of answers that a connection has not taken; until it does, its queries are not read. */
const UNREAD_BYTES_MAX = 131_072;
/** From the last whole query or answer on; single bytes buy no time. */
const IDLE_MS = 10_000;
const LENGTH_BYTES = 2;

export interface DnsTcpOptions {
  /**
   * The answer to a query; undefined: it gets none, and the connection is closed. The bytes are the callee's to keep. Never
   * rejects, and settles within seconds.
   */
  ask(query: Uint8Array): Promise<Uint8Array | undefined>;
  /** ms; default 10 s. */
  readonly idleMs?: number;
}

/** One listener for each address family, on ports that the kernel chooses. */
export class DnsTcpServer {
  readonly #options: DnsTcpOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new BoundedMap<Socket, Connection>(CONNECTIONS_MAX, (socket) => socket.destroy());
  #port4 = 0;
  #port6 = 0;

  private constructor(options: DnsTcpOptions) {
    this.#options = options;
  }

  /** A family that this host does not have is left out; other errors of listening reject. */
  static async listen(options: DnsTcpOptions): Promise<DnsTcpServer> {
    const server = new DnsTcpServer(options);
    try {
      server.#port4 = await server.#listen('127.0.0.1');
      server.#port6 = await server.#listen('::1');
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** On 127.0.0.1; 0: not there. */
  get port4(): number {
    return this.#port4;
  }

  /** On ::1; 0: not there. */
  get port6(): number {
    return this.#port6;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Closes everything at once; answers under way are lost. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#connections.keys()) socket.destroy();
    await Promise.all(closed);
  }

  async #listen(host: string): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port: 0, ipv6Only: true }, resolve);
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return 0;
      throw error;
    }
    // After listening, an error is one of accept: out of file descriptors. The next one may succeed.
    server.on('error', () => {});
    this.#servers.push(server);
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  #accept(socket: Socket): void {
    const { ask, idleMs = IDLE_MS } = this.#options;
    // get() makes it the connection that was used last.
    const used = () => void this.#connections.get(socket);
    this.#connections.set(socket, new Connection(socket, ask, idleMs, used));
    socket.once('close', () => this.#connections.delete(socket));
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #ask: DnsTcpOptions['ask'];
  readonly #used: () => void;
  readonly #idle: NodeJS.Timeout;
  /** What came of a query that is not whole yet, or may not be asked yet: at most one read's worth more than a query. */
  #received: Buffer = Buffer.alloc(0);
  #waiting = 0;
  #hasEnded = false;

  constructor(socket: Socket, ask: DnsTcpOptions['ask'], idleMs: number, used: () => void) {
    this.#socket = socket;
    this.#ask = ask;
    this.#used = used;
    this.#idle = setTimeout(() => socket.destroy(), idleMs);
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    socket.on('drain', () => this.#read());
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#read();
    });
    // A connection that breaks is closed by that; there is nobody to tell.
    socket.on('error', () => {});
    socket.once('close', () => clearTimeout(this.#idle));
  }

  /** Takes up whole queries, as many as may wait at once. */
  #read(): void {
    for (;;) {
      const { length } = this.#received;
      const queryBytes = length < LENGTH_BYTES ? 0 : this.#received.readUInt16BE(0);
      if (queryBytes > QUERY_BYTES_MAX) return void this.#socket.destroy();
      if (length < LENGTH_BYTES || length < LENGTH_BYTES + queryBytes) break;
      if (this.#waiting >= PIPELINE_MAX || this.#socket.writableLength > UNREAD_BYTES_MAX) {
        this.#socket.pause();
        return;
      }
      const query = Uint8Array.from(this.#received.subarray(LENGTH_BYTES, LENGTH_BYTES + queryBytes));
      this.#received = this.#received.subarray(LENGTH_BYTES + queryBytes);
      this.#take(query);
    }
    if (this.#hasEnded && this.#waiting === 0) this.#socket.end();
    else this.#socket.resume();
  }

  #take(query: Uint8Array): void {
    this.#waiting++;
    this.#idle.refresh();
    this.#used();
    const give = (answer: Uint8Array | undefined) => this.#give(answer);
    // What is thrown here would end the daemon.
    const ask = async () => this.#ask(query);
    ask().then(give, () => give(undefined));
  }

  #give(answer: Uint8Array | undefined): void {
    this.#waiting--;
    if (this.#socket.destroyed) return;
    if (answer === undefined) return void this.#socket.destroy();
    const framed = Buffer.allocUnsafe(LENGTH_BYTES + answer.length);
    framed.writeUInt16BE(answer.length, 0);
    framed.set(answer, LENGTH_BYTES);
    this.#socket.write(framed);
    this.#idle.refresh();
    this.#read();
  }
}
