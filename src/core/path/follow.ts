// Whom to follow: a remote says something from elsewhere than where this side sends to.
import { equalBytes } from '../base/bytes.ts';
import { copySocketAddress, equalSocketAddress, isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { isSameKind, isUsable, rankOf } from './select.ts';
import { DOUBT_MS, LEFT_MS } from './timing.ts';
import type { Candidate, PathTraffic } from './types.ts';

/** follow: whatever this side's way is like; doubt: the same, and that way is tested; test: that one; testBoth: this side's as well. */
export type Verdict = 'follow' | 'doubt' | 'test' | 'testBoth';

/** One per remote. */
export class Follow {
  /** ms; when this side last left a path for another by its own choice. */
  choseAt = Number.NEGATIVE_INFINITY;
  /** Where the remote seems to have gone: data goes there once it answers from there. */
  private sought: SocketAddress | undefined;

  /**
   * Each side chooses its own way, so one of another kind than this side's, or known to work, is tested instead of followed: unless
   * the remote just gave up this side's for one that is no better.
   */
  judge(
    used: Candidate,
    known: Candidate | undefined,
    address: SocketAddress,
    { heardAt, dataAt }: PathTraffic,
    now: number,
  ): Verdict {
    const to = known ?? { address, isPunched: false };
    // A way that failed is not taken again while this side's works, as where somebody drops most of what goes there, but not all.
    const hasFailed = known?.state === 'dead' && isUsable(used, now);
    if (isSameKind(to, used) && !hasFailed && (known === undefined || !isUsable(known, now))) return 'follow';
    // It used this side's until just now, so it has its reasons; of ways that are alike this side may have made its own choice. Right after
    // a choice the remote may not have come yet, unless its data has: what else was heard may be tests.
    const rank = rankOf(to) - rankOf(used);
    const hasCome = rank < 0 && dataAt > this.choseAt;
    const hasSettled = now - this.choseAt >= (rank < 0 ? DOUBT_MS : LEFT_MS);
    const hasLeft = now - heardAt < LEFT_MS && (hasCome || hasSettled);
    if (hasLeft && rank <= 0) return 'doubt';
    return now - Math.max(heardAt, used.answeredAt) >= DOUBT_MS ? 'testBoth' : 'test';
  }

  /** It is asked there. */
  seek(address: SocketAddress): void {
    this.sought = copySocketAddress(address);
  }

  /** An answer came from there. Whether it was sought there. */
  isFound(address: SocketAddress): boolean {
    return this.sought !== undefined && equalSocketAddress(this.sought, address);
  }

  /** Data goes elsewhere now. */
  moved(): void {
    this.sought = undefined;
  }
}

/**
 * Whether data may go there at once. Whatever a remote says could have been sent in the name of any address, so only to those from which
 * it answered, or where it proved to receive in a handshake; to the host that data goes to already, whatever its router made of its port; and to what this
 * node made itself.
 */
export function isSafe(
  known: Candidate | undefined,
  address: SocketAddress,
  current: SocketAddress | undefined,
): boolean {
  if (isDiscardOnly(address.ip) || (current !== undefined && equalBytes(address.ip, current.ip))) return true;
  return known !== undefined && Math.max(known.provenAt, known.answeredAt) > Number.NEGATIVE_INFINITY;
}
