import { BoundedMap } from '../base/bounded-map.ts';
import type { UdpDatagram } from '../engine/engine.ts';

/** Questions to discovery under way; one more pushes out the oldest, whose asker waits until its own time is up. */
const QUESTIONS_MAX = 4096;

const FORWARDED_MAX = 512;

/**
 * Who wants to know: a request of the host, the DNS responder under an ID of its own, the renewal of the own certificate, or whoever needs
 * an organisation's epoch.
 */
export type Asker =
  | { readonly kind: 'renewal' }
  | { readonly kind: 'epoch'; readonly organisation: Uint8Array }
  | { readonly kind: 'request'; readonly requestId: number }
  | { readonly kind: 'dns'; readonly id: number };

/** Who asked for a name: a program by a packet, or the host on somebody's behalf (queries over TCP). */
export type DnsAsker =
  | { readonly kind: 'packet'; readonly query: Omit<UdpDatagram, 'payload'> }
  | { readonly kind: 'request'; readonly requestId: number };

/** Numbers for questions, and whose they are. */
export class Questions {
  private readonly pending = new BoundedMap<number, Asker>(QUESTIONS_MAX);
  /** Queries for other zones that the host forwards: as many as its forwarder has. */
  private readonly forwarded = new BoundedMap<number, DnsAsker>(FORWARDED_MAX);
  private nextId = 1;

  ask(asker: Asker): number {
    const id = this.nextId++;
    this.pending.set(id, asker);
    return id;
  }

  /** undefined: nobody waits any more. */
  take(id: number): Asker | undefined {
    const asker = this.pending.peek(id);
    this.pending.delete(id);
    return asker;
  }

  forward(asker: DnsAsker): number {
    const id = this.nextId++;
    this.forwarded.set(id, asker);
    return id;
  }

  takeForward(id: number): DnsAsker | undefined {
    const asker = this.forwarded.peek(id);
    this.forwarded.delete(id);
    return asker;
  }
}
