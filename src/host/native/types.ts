import type { SocketAddress } from '../../core/base/ip.ts';
import type { PacketPort } from '../../core/engine/types.ts';
import type { System } from './system.ts';

export type { LinkInfo, System, Watch } from './system.ts';

export interface PortOptions {
  /** Name of the TUN; it is made, or adopted when it is there. Absent: no inside (a node without an interface). */
  readonly interface?: string;
  /** At most one per family. Port 0: any; for the second family the one that the first was given. */
  readonly listen: readonly SocketAddress[];
  /** `openssl`: AES-GCM by OpenSSL even where libipsec-mb is installed. Default: the faster one. */
  readonly crypto?: 'auto' | 'openssl';
  /**
   * `keep`: the outer header has the differentiated services field of the inner packet, so that networks on the way that heed it do.
   * Default: `none`, so that nobody on the way learns it. The ECN field is copied in either case.
   */
  readonly dscp?: 'keep' | 'none';
  /** Bytes asked of the kernel for each socket in each direction. Default: 4 MiB. */
  readonly bufferBytes?: number;
}

/** What the kernel and the machine offered, and what is in use. */
export interface PortInfo {
  /** Empty: no TUN. */
  readonly interface: string;
  readonly inside: {
    /** Partial checksums, both ways. */
    readonly checksum: boolean;
    /** The TUN hands over TCP super-packets. */
    readonly tcp: boolean;
    /** The TUN hands over UDP super-packets. */
    readonly udp: boolean;
    /** TCP packets are merged before they are written to the TUN. */
    readonly mergeTcp: boolean;
    readonly mergeUdp: boolean;
  };
  readonly udp4?: SocketInfo;
  readonly udp6?: SocketInfo;
  /** Further sockets that are open, each of one family. */
  readonly furtherSockets: number;
  /** Library that seals and opens AES-256-GCM: "ipsec-mb 1.3.0" or "openssl". */
  readonly aesGcm: string;
  /** Why it is not libipsec-mb; empty when it is. */
  readonly aesGcmRemark: string;
  /** Slab slots that nothing refers to. */
  readonly freeSlots: number;
  /** Receive keys under which parity came of late, so that copies of what comes are kept. */
  readonly correcting: number;
}

export interface SocketInfo {
  readonly port: number;
  /** UDP_SEGMENT: one system call sends a train of datagrams. */
  readonly segmentation: boolean;
  /** UDP_GRO: one system call receives a train. */
  readonly coalescing: boolean;
}

/** A packet port with what only the host uses. */
export interface NativePort extends PacketPort {
  info(): PortInfo;
  /**
   * Takes over a connection: a copy of the file, so that the caller closes its own. From then on datagrams go to and come from
   * streamAddress() of the number returned. It ends by closeStream, or with PortEvent `streamClosed`. Throws where it is no file, and
   * where STREAMS are open.
   */
  addStream(fd: number): number;
  /** The same with a connection whose other end is given to the caller, who closes it: what it reads and writes is the stream's bytes. */
  pairStream(): { readonly number: number; readonly fd: number };
  /** Told whenever a stream has ended, whoever ended it. */
  onStreamEnd(callback: (stream: number) => void): void;
  /** Frees everything. `removeInterface`: the TUN goes as well (a clean stop); otherwise it stays, so that nothing leaks. */
  close(removeInterface: boolean): void;
}

/** What the addon exports. Addresses go down as 16 bytes and a port. */
export interface Addon {
  readonly Port: new (options: PortOptions) => AddonPort;
  readonly system: System;
  readonly hasAes: boolean;
}

type Plain = Pick<
  NativePort,
  | 'outRows'
  | 'outBytes'
  | 'heldRows'
  | 'inRows'
  | 'inBytes'
  | 'counters'
  | 'relayed'
  | 'onInside'
  | 'onOutside'
  | 'send'
  | 'sendHeld'
  | 'retain'
  | 'release'
  | 'deliver'
  | 'setSendKey'
  | 'setReceiveKey'
  | 'clearSendKey'
  | 'clearReceiveKey'
  | 'received'
  | 'setHold'
  | 'ceCount'
  | 'clearPath'
  | 'setCircuit'
  | 'setForward'
  | 'clearCircuit'
  | 'setRelayLimit'
  | 'keepalive'
  | 'addStream'
  | 'pairStream'
  | 'closeStream'
  | 'openSocket'
  | 'closeSocket'
  | 'sendControl'
  | 'setParity'
  | 'sendParity'
  | 'inject'
  | 'info'
  | 'close'
>;

export interface AddonPort extends Plain {
  /** `of`: a path slot, a stream, or a socket whose local `port` or `error` follows. */
  onEvent(
    callback: (
      kind: 'tooBig' | 'interfaceGone' | 'streamClosed' | 'socket',
      of: number,
      port: number,
      error: string,
    ) => void,
  ): void;
  setPath(slot: number, ip: Uint8Array, port: number, via?: number): void;
  sendRaw(ip: Uint8Array, port: number, datagram: Uint8Array, ttl?: number, via?: number): void;
  routeMtu(ip: Uint8Array, port: number): number;
}
