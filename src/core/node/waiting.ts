import { BoundedMap } from '../base/bounded-map.ts';
import type { DhtMessage, ReachMessage } from '../wire/types.ts';

export type WaitingMessage = DhtMessage | ReachMessage;

/** Messages that wait for one remote's session; further ones are lost, as datagrams may be. */
const PER_REMOTE = 8;
/** Remotes with such messages. */
const REMOTES = 1024;

/** Messages for nodes that there is no session with yet. */
export class WaitingMessages {
  /** By node ID in hex. */
  private readonly byRemote = new BoundedMap<string, WaitingMessage[]>(REMOTES);

  /** How many wait for this remote now; 0: this one is lost. */
  add(remote: string, message: WaitingMessage): number {
    const waiting = this.byRemote.get(remote) ?? [];
    if (waiting.length >= PER_REMOTE) return 0;
    this.byRemote.set(remote, waiting);
    return waiting.push(message);
  }

  take(remote: string): readonly WaitingMessage[] {
    const waiting = this.byRemote.peek(remote) ?? [];
    this.byRemote.delete(remote);
    return waiting;
  }
}
