// Further UDP sockets of this host, beside the main one: whose they are.
import { SOCKETS_MAX } from '../base/batch-layout.generated.ts';
import { BoundedMap } from '../base/bounded-map.ts';

/** What a socket is for: who hears of it. */
export type SocketPurpose = 'lifetime' | 'punch';

export interface LocalSocket {
  readonly number: number;
  readonly purpose: SocketPurpose;
  /** Its local port; 0: it is being opened. */
  port: number;
}

/** At most SOCKETS_MAX. Numbers are used by turns, so that what comes late over a closed socket is not taken for another's. */
export class LocalSockets {
  private readonly byNumber = new BoundedMap<number, LocalSocket>(SOCKETS_MAX);
  private last = 0;

  /** Undefined: all numbers are taken. */
  claim(purpose: SocketPurpose): LocalSocket | undefined {
    if (this.byNumber.size >= SOCKETS_MAX) return undefined;
    do this.last = (this.last % SOCKETS_MAX) + 1;
    while (this.byNumber.peek(this.last) !== undefined);
    const socket: LocalSocket = { number: this.last, purpose, port: 0 };
    this.byNumber.set(this.last, socket);
    return socket;
  }

  get(number: number): LocalSocket | undefined {
    return this.byNumber.peek(number);
  }

  /** False: it was nobody's. */
  release(number: number): boolean {
    return this.byNumber.delete(number);
  }

  get size(): number {
    return this.byNumber.size;
  }
}
