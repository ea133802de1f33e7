// When a signer makes the next epoch of its organisation: where there is none, when the current one is old, and because of revocations.
import { EMPTY, equalBytes } from '../base/bytes.ts';
import { uniform } from '../base/rng.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { OwnEpoch } from '../identity/identity.ts';
import type { EpochWorld } from './epoch-types.ts';

/** An epoch is followed by another one after so long, by whichever signer is the first ... */
export const ROTATE_MS = 30 * DAY_MS;
/** ... since each waits as much longer as it draws. */
export const ROTATE_JITTER_MS = 2 * DAY_MS;
/** Others are heard before: a signer that was off may have missed a later one. */
export const LISTEN_MS = MINUTE_MS;
/** Between two that the schedule makes: whatever the clock does. */
export const SCHEDULED_GAP_MS = HOUR_MS;
/** Between two because of revocations: those that come meanwhile are served by one. */
export const CAUSED_GAP_MS = 10 * SECOND_MS;
/** A signer that hears of another one's revocation gives that one so long, at most, to make the epoch itself. */
export const OTHERS_FIRST_MS = 10 * SECOND_MS;
/** A signer that has none and knows others of its organisation waits as long, and up to twice, for theirs. */
export const FIRST_WAIT_MS = 10 * SECOND_MS;

/** Of members that are no signers it only knows whether the current epoch is still the right one. */
export class EpochRotation {
  private readonly world: EpochWorld;
  private startedAt = NEVER;
  /** When the first one is made, or one because of `cause`. */
  private makeAt = NEVER;
  /** Hash of the latest revocation that no epoch has served yet; empty: there is none. */
  private cause: Uint8Array = EMPTY;
  private madeAt = Number.NEGATIVE_INFINITY;
  private current: OwnEpoch | undefined;
  /** ms by which the current one gets older than ROTATE_MS. */
  private jitterMs = 0;

  constructor(world: EpochWorld) {
    this.world = world;
  }

  /** A revocation asks for another epoch than the current one. */
  get isOverdue(): boolean {
    return this.cause.length > 0;
  }

  wakeAt(wallOffsetMs: number): number {
    const { signer } = this.world;
    if (signer === undefined || this.startedAt === NEVER) return NEVER;
    if (this.current === undefined) return this.makeAt;
    const at = this.current.created * SECOND_MS + ROTATE_MS + this.jitterMs - wallOffsetMs;
    return Math.min(this.makeAt, Math.max(at, this.startedAt + LISTEN_MS, this.madeAt + SCHEDULED_GAP_MS));
  }

  start(isAlone: boolean, now: number): void {
    this.startedAt = now;
    if (this.current !== undefined || this.world.signer === undefined) return;
    this.makeAt = isAlone ? now : now + FIRST_WAIT_MS + uniform(this.world.rng, FIRST_WAIT_MS);
  }

  /** The current one is another. */
  onCurrent(current: OwnEpoch | undefined): void {
    if (current === this.current) return;
    this.current = current;
    if (current === undefined) return;
    if (this.isServed(this.cause, current)) this.cause = EMPTY;
    if (this.cause.length === 0) this.makeAt = NEVER;
    if (this.world.signer !== undefined) this.jitterMs = uniform(this.world.rng, ROTATE_JITTER_MS);
  }

  /** Whether another epoch is needed because of it. */
  onRevoked(hash: Uint8Array, issued: number, isOwn: boolean, now: number): boolean {
    if (this.current !== undefined && this.isServed(hash, this.current)) return false;
    const before = this.cause.length === 0 ? undefined : this.world.issuedOf(this.cause);
    if (before === undefined || before <= issued) this.cause = hash;
    if (this.world.signer === undefined) return true;
    const at = isOwn ? now : now + uniform(this.world.rng, OTHERS_FIRST_MS);
    this.makeAt = Math.min(this.makeAt, Math.max(at, this.madeAt + CAUSED_GAP_MS));
    return true;
  }

  /** One is made now: gives its cause. One that the schedule makes spreads no further than the one before it: it has the same cause. */
  onMake(now: number): Uint8Array {
    this.makeAt = NEVER;
    // Even if it fails: not again at once.
    this.madeAt = now;
    const { cause, current } = this;
    this.cause = EMPTY;
    if (cause.length > 0 || current === undefined) return cause;
    return this.world.issuedOf(current.cause) === undefined ? EMPTY : current.cause;
  }

  /** Whoever made the epoch knew of the revocation, as far as that can be told. */
  private isServed(hash: Uint8Array, { cause }: OwnEpoch): boolean {
    if (hash.length === 0 || equalBytes(hash, cause)) return true;
    const issued = this.world.issuedOf(hash);
    const known = this.world.issuedOf(cause);
    return issued === undefined || (known !== undefined && known >= issued);
  }
}
