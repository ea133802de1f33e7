// Whom this host called lately, as the disk knows it: what a NAT let in for the run before, it lets in for the next one too.
import { BoundedMap } from '../base/bounded-map.ts';
import { formatIp, type IpAddress } from '../base/ip.ts';
import { MINUTE_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { OPENED_MS } from './reachability.ts';

/** An address that is called again and again is written down so often. */
export const SAVE_CALLED_MS = 10 * MINUTE_MS;
/** More at a time, or faster ones, are written down as one: everybody. */
export const SAVED_MAX = 512;
const SAVES_PER_SECOND = 0.2;
const SAVES_BURST = 128;
/** In the place of all addresses. */
const ANYBODY = new Uint8Array(16);

/** An address that was called, on disk. */
export interface CalledHost {
  /** All zero: anybody may have been called. */
  readonly ip: IpAddress;
  /** Unix ms of a call; later ones up to SAVE_CALLED_MS after it are not told. */
  readonly atMs: number;
}

export type CalledChange =
  | { readonly kind: 'called'; readonly called: CalledHost }
  | { readonly kind: 'forgetCalled'; readonly ip: IpAddress };

/** One per node. What it returns is to be on disk before the call goes out. */
export class CalledLog {
  /** By address as text, the oldest first: what the disk has. */
  private readonly saved = new BoundedMap<string, CalledHost>(SAVED_MAX + 1);
  private readonly saves = new TokenBucket(SAVES_PER_SECOND, SAVES_BURST);

  /** What a clock that was ahead wrote counts as written now. */
  constructor(saved: readonly CalledHost[], wallMs: number) {
    for (const { ip, atMs } of [...saved].sort((a, b) => a.atMs - b.atMs))
      this.saved.set(formatIp(ip), { ip, atMs: Math.min(atMs, wallMs) });
  }

  /** Bounds when the latest call of a run before may have been: Unix ms, by address. Those that no NAT remembers are left out. */
  recent(wallMs: number): { readonly ip: IpAddress | undefined; readonly latestMs: number }[] {
    return [...this.saved.values()]
      .map(({ ip, atMs }) => ({
        ip: isAnybody(ip) ? undefined : ip,
        latestMs: Math.min(wallMs, atMs + SAVE_CALLED_MS),
      }))
      .filter(({ latestMs }) => wallMs - latestMs < OPENED_MS);
  }

  /** A datagram is about to go there. */
  called(ip: IpAddress, wallMs: number, now: number): CalledChange[] {
    if (this.isFresh(ip, wallMs) || this.isFresh(ANYBODY, wallMs)) return [];
    const changes = this.forgetOld(wallMs);
    const isRoom = this.saved.size < SAVED_MAX || this.saved.has(formatIp(ip));
    const called = { ip: isRoom && this.saves.take(now) ? ip : ANYBODY, atMs: Math.floor(wallMs) };
    this.saved.set(formatIp(called.ip), called);
    changes.push({ kind: 'called', called });
    return changes;
  }

  private isFresh(ip: IpAddress, wallMs: number): boolean {
    const saved = this.saved.peek(formatIp(ip));
    return saved !== undefined && wallMs - saved.atMs < SAVE_CALLED_MS;
  }

  private forgetOld(wallMs: number): CalledChange[] {
    const old: CalledChange[] = [];
    for (const [key, { ip, atMs }] of this.saved) {
      if (wallMs - atMs < SAVE_CALLED_MS + OPENED_MS) break;
      this.saved.delete(key);
      old.push({ kind: 'forgetCalled', ip });
    }
    return old;
  }
}

function isAnybody(ip: IpAddress): boolean {
  return ip.every((byte) => byte === 0);
}
