// The door of streams: connections for when UDP is blocked. They are taken on the node's own port by TCP and on 443 by TLS, and made
// when the node asks for it; what goes over them is the packet port's.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { uptime } from 'node:os';
import type { TLSSocket } from 'node:tls';
import {
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  parseIp,
  type SocketAddress,
} from '../../core/base/ip.ts';
import type { StreamTransport } from '../../core/path/types.ts';
import { bridge } from './bridge.ts';
import { selfSigned } from './certificate.ts';
import { Guests } from './guests.ts';
import type { Dial, ListenStatus, StreamOptions } from './types.ts';

const TLS_PORT = 443;
/** A connection that is made, its handshake included. */
const DIAL_MS = 2500;
/** A guest's handshake of TLS. */
const HANDSHAKE_MS = 5000;
/** How often it is looked at whether port 443 may be taken. */
const LOOK_MS = 2000;
/** So long after the host's start its own web servers have the choice. */
const BOOT_S = 180;
const BACKLOG = 128;

type State = Record<StreamTransport, { servers: Server[]; reason: string | null }>;

export class StreamHost {
  readonly #options: StreamOptions;
  readonly #guests = new Guests();
  /** Places of guests by stream, of those without TLS. */
  readonly #byStream = new Map<number, IpAddress>();
  readonly #state: State = {
    tcp: { servers: [], reason: null },
    tls: { servers: [], reason: null },
  };
  /** Connections that are being made, and what ends those that take too long. */
  readonly #dials = new Map<Socket, NodeJS.Timeout>();
  #looking: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    options.port.onStreamEnd((stream) => {
      const ip = this.#byStream.get(stream);
      if (ip !== undefined && this.#byStream.delete(stream)) this.#guests.leave(ip);
    });
    for (const transport of ['tcp', 'tls'] as const)
      if (!options.allowed[transport]) this.#state[transport].reason = 'switched off';
    if (options.listen.length === 0) return;
    if (options.allowed.tcp) this.#listen('tcp', options.listen, (socket) => this.#greet(socket));
    if (options.allowed.tls) this.#look();
  }

  status(transport: StreamTransport): ListenStatus {
    const { servers, reason } = this.#state[transport];
    return { isListening: servers.some((server) => server.listening), reason };
  }

  /** Answered by `onUp` or `onFailed`, not before it returns. */
  dial({ dial, to, transport }: Dial): void {
    if (!this.#options.allowed[transport]) {
      setImmediate(() => this.#fail(dial));
      return;
    }
    if (transport === 'tcp') this.#dialTcp(dial, to);
    else void this.#dialTls(dial, to);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#looking);
    for (const { servers } of Object.values(this.#state)) for (const server of servers) server.close();
    for (const socket of this.#dials.keys()) socket.destroy();
  }

  #fail(dial: number): void {
    if (!this.#isClosed) this.#options.onFailed(dial);
  }

  #dialTcp(dial: number, to: SocketAddress): void {
    const socket = connect({ host: formatIp(to.ip), port: to.port }).pause();
    this.#watch(socket, dial);
    socket.once('connect', () => {
      const stream = this.#handOver(socket);
      if (stream !== undefined) this.#up(stream, socket, dial, 'tcp', to);
    });
  }

  async #dialTls(dial: number, to: SocketAddress): Promise<void> {
    const tls = await import('node:tls');
    if (this.#isClosed) return;
    const socket = tls.connect({
      host: formatIp(to.ip),
      port: to.port,
      // Who is there is proven inside.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    this.#watch(socket, dial);
    socket.once('secureConnect', () => {
      const stream = this.#bridge(socket);
      if (stream !== undefined) this.#up(stream, socket, dial, 'tls', to);
    });
  }

  /** Answers when it closes before it is of use, and closes it in time. */
  #watch(socket: Socket, dial: number): void {
    const timer = setTimeout(() => socket.destroy(), DIAL_MS);
    this.#dials.set(socket, timer);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      if (this.#dials.delete(socket)) this.#fail(dial);
    });
  }

  #up(stream: number, socket: Socket, dial: number, transport: StreamTransport, remote: SocketAddress): void {
    clearTimeout(this.#dials.get(socket));
    this.#dials.delete(socket);
    this.#options.onUp({ stream, dial, transport, remote });
  }

  /** Gives the connection itself to the port; undefined: it takes no more. */
  #handOver(socket: Socket): number | undefined {
    try {
      return this.#options.port.addStream(fileOf(socket));
    } catch {
      return undefined;
    } finally {
      socket.destroy();
    }
  }

  #bridge(socket: TLSSocket): number | undefined {
    try {
      return bridge(this.#options.port, socket);
    } catch {
      return undefined;
    }
  }

  #greet(socket: Socket): void {
    const remote = remoteOf(socket);
    if (remote === undefined || !this.#guests.enter(remote.ip)) {
      socket.destroy();
      return;
    }
    const stream = this.#handOver(socket);
    if (stream === undefined) {
      this.#guests.leave(remote.ip);
      return;
    }
    this.#byStream.set(stream, remote.ip);
    this.#options.onUp({ stream, dial: undefined, transport: 'tcp', remote });
  }

  /** Port 443 is taken once others can reach this node there, for good or not at all. */
  #look(): void {
    this.#looking = setInterval(() => {
      if (uptime() < BOOT_S || !this.#options.mayTakeTlsPort()) return;
      clearInterval(this.#looking);
      void this.#listenTls();
    }, LOOK_MS).unref();
  }

  async #listenTls(): Promise<void> {
    const { createServer: createTlsServer } = await import('node:tls');
    if (this.#isClosed) return;
    const identity = selfSigned(Date.now());
    const server = createTlsServer({
      ...identity,
      handshakeTimeout: HANDSHAKE_MS,
      ALPNProtocols: ['http/1.1'],
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on('secureConnection', (socket) => {
      const remote = remoteOf(socket);
      socket.on('error', () => undefined);
      if (remote === undefined || this.#isClosed) {
        socket.destroy();
        return;
      }
      const stream = this.#bridge(socket);
      if (stream !== undefined) this.#options.onUp({ stream, dial: undefined, transport: 'tls', remote });
    });
    const addresses = this.#options.listen.map(({ ip }) => ({ ip, port: TLS_PORT }));
    this.#listen('tls', addresses, (socket) => {
      const remote = remoteOf(socket);
      if (remote === undefined || !this.#guests.enter(remote.ip)) {
        socket.destroy();
        return;
      }
      socket.once('close', () => this.#guests.leave(remote.ip));
      server.emit('connection', socket);
    });
  }

  #listen(
    transport: StreamTransport,
    addresses: readonly SocketAddress[],
    onConnection: (socket: Socket) => void,
  ): void {
    const state = this.#state[transport];
    for (const address of addresses) {
      // TLS reads by itself.
      const server = createServer({ pauseOnConnect: transport === 'tcp' }, (socket) => {
        socket.on('error', () => undefined);
        onConnection(socket);
      });
      state.servers.push(server);
      server.on('error', (error: NodeJS.ErrnoException) => {
        state.reason ??= `${formatSocketAddress(address)}: ${reasonOf(error)}`;
      });
      const host = formatIp(address.ip);
      server.listen({ host, port: address.port, ipv6Only: !isIpv4(address.ip), backlog: BACKLOG });
      // Whether the process lives on is for the packet port to say.
      server.unref();
    }
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'another program has that port';
  if (code === 'EACCES' || code === 'EPERM') return 'not permitted (CAP_NET_BIND_SERVICE)';
  return code ?? message;
}

/** Its file descriptor, which Node keeps to itself; -1: it is closed. */
function fileOf(socket: Socket): number {
  return (socket as Socket & { readonly _handle?: { readonly fd?: number } })._handle?.fd ?? -1;
}

/** undefined: it is gone already. */
function remoteOf({ remoteAddress, remotePort }: Socket): SocketAddress | undefined {
  const ip = parseIp(remoteAddress?.replace(/%.*$/, '') ?? '');
  return ip === undefined || remotePort === undefined ? undefined : { ip, port: remotePort };
}
