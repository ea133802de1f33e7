import type { SocketAddress } from '../../core/base/ip.ts';
import type { StreamTransport, StreamView } from '../../core/path/types.ts';

/** What of the packet port streams need. */
export interface StreamPort {
  addStream(fd: number): number;
  pairStream(): { readonly number: number; readonly fd: number };
  /** Told whenever a stream has ended, whoever ended it. */
  onStreamEnd(callback: (stream: number) => void): void;
}

export interface StreamOptions {
  readonly port: StreamPort;
  /** Where connections are taken, which is where UDP is: none, and they are only made. */
  readonly listen: readonly SocketAddress[];
  /** Connections to the node's port and port 443. */
  readonly allowed: Readonly<Record<StreamTransport, boolean>>;
  /** Whether port 443 may be taken now. */
  mayTakeTlsPort(): boolean;
  /** A connection stands. `dial`: as asked for; undefined: another host made it. */
  onUp(up: { readonly stream: number; readonly dial: number | undefined } & StreamView): void;
  onFailed(dial: number): void;
}

export interface ListenStatus {
  readonly isListening: boolean;
  /** Why not; null: it is, or is not to be yet. */
  readonly reason: string | null;
}

/** Wish for a connection: NodeEvent `dial`. */
export interface Dial {
  readonly dial: number;
  readonly to: SocketAddress;
  readonly transport: StreamTransport;
}
