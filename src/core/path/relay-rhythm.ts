// How often a node behind a NAT or firewall says something to its relay, so that the way back stays open.
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';

/** Between two datagrams that keep a NAT's mapping: those that keep one for 30 s only are common (RFC 4787 asks for 2 minutes). */
export const KEEPALIVE_MS = 25 * SECOND_MS;
/** The same where nobody sees a NAT: what firewalls forget sooner is not known. */
export const PLAIN_KEEPALIVE_MS = 10 * MINUTE_MS;
/** The one in use where it is known how long mappings live: between these, and shorter than they live by this share, at least so much. */
export const KEEPALIVE_MIN_MS = 15 * SECOND_MS;
export const KEEPALIVE_MAX_MS = 115 * SECOND_MS;
const MARGIN_SHARE = 0.05;
const MARGIN_MS = 1500;
/** After a question without an answer, what was measured is not relied on for so long. */
export const DISTRUST_MS = HOUR_MS;

/** One per node. */
export class RelayRhythm {
  /** Some peer sees this node at an address that is not its own. */
  isBehindNat = false;
  private isSeen = false;
  /** ms that mappings live; undefined: not known. */
  private lifetimeMs: number | undefined;
  /** ms; until then it is not relied on. */
  private distrustedUntil = Number.NEGATIVE_INFINITY;

  /** A peer sees this node at an address of its own, or not: one word for a NAT holds until reset(). */
  seenAs(isPlain: boolean): void {
    this.isSeen = true;
    this.isBehindNat ||= !isPlain;
  }

  /** This host's addresses changed. */
  reset(): void {
    this.isBehindNat = false;
    this.isSeen = false;
    this.lifetimeMs = undefined;
    this.distrustedUntil = Number.NEGATIVE_INFINITY;
  }

  /** So long mappings live, as was measured just now. */
  measured(lifetimeMs: number | undefined): void {
    this.lifetimeMs = lifetimeMs;
    this.distrustedUntil = Number.NEGATIVE_INFINITY;
  }

  /** A mapping may have been forgotten sooner than was measured. */
  distrust(now: number): void {
    this.distrustedUntil = now + DISTRUST_MS;
  }

  /** ms between two keepalives. */
  intervalMs(now: number): number {
    const { lifetimeMs } = this;
    const usualMs = this.isSeen && !this.isBehindNat ? PLAIN_KEEPALIVE_MS : KEEPALIVE_MS;
    if (lifetimeMs === undefined) return usualMs;
    if (now < this.distrustedUntil) return KEEPALIVE_MS;
    const ms = lifetimeMs - Math.max(MARGIN_MS, MARGIN_SHARE * lifetimeMs);
    return Math.min(KEEPALIVE_MAX_MS, Math.max(KEEPALIVE_MIN_MS, ms));
  }
}
