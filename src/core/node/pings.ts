import { BoundedMap } from '../base/bounded-map.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import type { Remote } from './remotes.ts';

/** Pings under way; one more pushes out the oldest, which counts as lost. */
const PINGS_MAX = 1024;
/** An answer that takes longer counts as lost. */
export const PING_TIMEOUT_MS = 2 * SECOND_MS;
/** The same when a session has to be made first. */
export const PING_CONNECT_TIMEOUT_MS = 5 * SECOND_MS;

export interface PendingPing {
  readonly id: number;
  readonly remote: Remote;
  /** Of the host; undefined: the node's own measurement. */
  readonly requestId: number | undefined;
  /** ms; undefined: waits for a session. */
  sentAt: number | undefined;
  /** ms */
  timeoutAt: number;
}

/** Questions "are you there" that have no answer yet. */
export class Pings {
  private readonly pending: BoundedMap<number, PendingPing>;
  /** First ID; random, so that answers cannot be guessed across restarts. */
  private nextId: number;

  constructor(firstId: number, onLost: (ping: PendingPing) => void) {
    this.nextId = firstId;
    this.pending = new BoundedMap(PINGS_MAX, (_id, ping) => onLost(ping));
  }

  /** A ping that is to be sent now, or when there is a session. */
  begin(remote: Remote, requestId: number | undefined, now: number, isSent: boolean): PendingPing {
    const id = this.nextId;
    this.nextId = (this.nextId + 1) >>> 0;
    const timeoutAt = now + (isSent ? PING_TIMEOUT_MS : PING_CONNECT_TIMEOUT_MS);
    const ping: PendingPing = { id, remote, requestId, sentAt: isSent ? now : undefined, timeoutAt };
    this.pending.set(id, ping);
    return ping;
  }

  /** Pings of a remote that wait for its session; they count as sent from now on. */
  unsent(remote: Remote, now: number): PendingPing[] {
    const found: PendingPing[] = [];
    for (const ping of this.pending.values()) {
      if (ping.remote !== remote || ping.sentAt !== undefined) continue;
      ping.sentAt = now;
      ping.timeoutAt = Math.max(ping.timeoutAt, now + PING_TIMEOUT_MS);
      found.push(ping);
    }
    return found;
  }

  /** The ping that an answer belongs to; undefined: none was sent there. */
  answered(remote: Remote, id: number): PendingPing | undefined {
    const ping = this.pending.peek(id);
    if (ping === undefined || ping.remote !== remote || ping.sentAt === undefined) return undefined;
    this.pending.delete(id);
    return ping;
  }

  /** Takes out what nobody will answer any more: by time, or all of a remote. */
  lost(now: number, remote?: Remote): PendingPing[] {
    const found = [...this.pending.values()].filter((ping) =>
      remote === undefined ? now >= ping.timeoutAt : ping.remote === remote && ping.sentAt === undefined,
    );
    for (const ping of found) this.pending.delete(ping.id);
    return found;
  }

  /** Takes out all of a remote that is forgotten. */
  drop(remote: Remote): PendingPing[] {
    const found = [...this.pending.values()].filter((ping) => ping.remote === remote);
    for (const ping of found) this.pending.delete(ping.id);
    return found;
  }

  /** ms */
  get wakeAt(): number {
    let at = NEVER;
    for (const ping of this.pending.values()) at = Math.min(at, ping.timeoutAt);
    return at;
  }
}
