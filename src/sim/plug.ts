// Where a simulated host is plugged in: its addresses on a wire, its main socket and further ones.
import { SOCKETS_MAX } from '../core/base/batch-layout.generated.ts';
import { isIpv4, type SocketAddress, withoutVia } from '../core/base/ip.ts';
import type { Datagram } from './inlet.ts';
import type { Wire } from './network.ts';

/** Local ports of further sockets: where systems have them. */
const FIRST_PORT = 32_768;
const LAST_PORT = 60_999;

export class Plug {
  network: Wire;
  /** Of the main socket, at most one per family. */
  addresses: readonly SocketAddress[];
  private readonly receive: (datagram: Datagram, now: number) => void;
  /** Local ports of further sockets, by number. */
  private readonly ports = new Map<number, number>();
  private readonly socketsMax: number;
  private nextPort = FIRST_PORT;

  constructor(
    network: Wire,
    addresses: readonly SocketAddress[],
    socketsMax: number | undefined,
    receive: (datagram: Datagram, now: number) => void,
  ) {
    this.network = network;
    this.addresses = addresses;
    this.socketsMax = socketsMax ?? SOCKETS_MAX;
    this.receive = receive;
  }

  bind(): void {
    this.bindSocket(0, undefined);
    for (const [socket, port] of this.ports) this.bindSocket(socket, port);
  }

  /** Further sockets stay open: they are bound again by bind(). */
  unbind(): void {
    this.unbindSocket(undefined);
    for (const port of this.ports.values()) this.unbindSocket(port);
  }

  /** The local port, or why there is none. */
  open(socket: number): number | string {
    if (this.ports.size >= this.socketsMax) return 'EMFILE';
    const port = this.nextPort;
    this.nextPort = port === LAST_PORT ? FIRST_PORT : port + 1;
    this.ports.set(socket, port);
    this.bindSocket(socket, port);
    return port;
  }

  close(socket: number): void {
    this.unbindSocket(this.ports.get(socket));
    this.ports.delete(socket);
  }

  closeAll(): void {
    for (const socket of [...this.ports.keys()]) this.close(socket);
  }

  send(to: SocketAddress, bytes: Uint8Array, now: number, ttl?: number, ecn?: number): boolean {
    return this.network.send(this.sourceFor(to), withoutVia(to), bytes, now, ttl, ecn);
  }

  routeMtu(to: SocketAddress): number {
    return this.network.routeMtu(this.sourceFor(to), to);
  }

  /** The own address of the family of `to`, if there is one, with the port of the socket over which one gets there. */
  private sourceFor(to: SocketAddress): SocketAddress {
    const { addresses } = this;
    const own = addresses.length === 1 ? undefined : addresses.find(({ ip }) => isIpv4(ip) === isIpv4(to.ip));
    const main = own ?? (addresses[0] as SocketAddress);
    const port = to.via === undefined ? undefined : this.ports.get(to.via);
    return port === undefined ? main : { ip: main.ip, port };
  }

  /** `port` undefined: the main socket, whose addresses have their own. */
  private bindSocket(via: number, port: number | undefined): void {
    for (const address of this.addresses)
      this.network.bind({ ip: address.ip, port: port ?? address.port }, (from, bytes, now, ecn) =>
        this.receive({ from: via === 0 ? from : { ...from, via }, bytes, ecn }, now),
      );
  }

  private unbindSocket(port: number | undefined): void {
    for (const address of this.addresses) this.network.unbind({ ip: address.ip, port: port ?? address.port });
  }
}
