// What a signer said of members after it admitted them: other tags, other patterns of services. It goes into the certificate that the
// member gets next.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import { MEMBER_LIFETIME_S, RENEWAL_GRACE_S } from '../identity/identity.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { MemberChange, MemberRights, ShownMember } from './types.ts';

/** Members of one signer that may be changed within the life of a certificate. */
export const MEMBER_CHANGES_MAX = 8192;

/**
 * A change is kept until no certificate from before it can be shown any more: whoever shows one gets what the change says. One that was
 * made after it, by whichever signer, stands, once the member was seen with what the change says. Times: seconds of Unix time.
 */
export class MemberChanges {
  /** By node ID in hex. */
  private readonly changes: BoundedMap<string, MemberChange>;
  private readonly max: number;

  constructor(kept: readonly MemberChange[], max = MEMBER_CHANGES_MAX) {
    this.max = max;
    this.changes = new BoundedMap(max);
    for (const change of kept.slice(0, max)) this.put(change);
  }

  get(nodeId: Uint8Array): MemberChange | undefined {
    return this.changes.peek(toHex(nodeId));
  }

  /** `shown`: the member's certificate. undefined, with nothing changed: there are too many. */
  change(shown: ShownMember, rights: MemberRights, nowS: number): MemberChange | undefined {
    const id = toHex(shown.nodeId);
    if (this.changes.peek(id) === undefined && this.changes.size >= this.max) return undefined;
    const changedS = Math.max(nowS, issuedS(shown) + 1);
    const { tags, provides } = rights;
    const change = { nodeId: shown.nodeId.slice(), tags, provides, changedS, isTaken: false };
    this.put(change);
    return change;
  }

  /** Puts back what was before a change that did not reach the disk. */
  undo(nodeId: Uint8Array, before: MemberChange | undefined): void {
    if (before === undefined) this.changes.delete(toHex(nodeId));
    else this.put(before);
  }

  /** What the next certificate of this member says. */
  rightsOf(shown: ShownMember): MemberRights {
    const change = this.get(shown.nodeId);
    return change !== undefined && isBehind(change, shown) ? change : shown;
  }

  /** Whether the member should get another certificate before its time. */
  isDue(shown: ShownMember): boolean {
    const change = this.get(shown.nodeId);
    return change !== undefined && isBehind(change, shown) && !isSame(change, shown);
  }

  /** The change that this certificate shows to be done: to be persisted. undefined: nothing is new. */
  seen(shown: ShownMember): MemberChange | undefined {
    const change = this.get(shown.nodeId);
    if (change === undefined || change.isTaken || issuedS(shown) < change.changedS) return undefined;
    if (!isSame(change, shown)) return undefined;
    const taken = { ...change, isTaken: true };
    this.put(taken);
    return taken;
  }

  /** Node IDs of changes from before any certificate that could be shown; they are gone. */
  expire(nowS: number): Uint8Array[] {
    const kept = MEMBER_LIFETIME_S + RENEWAL_GRACE_S + CLOCK_SKEW_S;
    const gone = [...this.changes.values()].filter(
      ({ changedS, isTaken }) => isTaken && nowS > changedS + kept,
    );
    for (const { nodeId } of gone) this.changes.delete(toHex(nodeId));
    return gone.map(({ nodeId }) => nodeId);
  }

  private put(change: MemberChange): void {
    this.changes.set(toHex(change.nodeId), change);
  }
}

/** When a certificate was made: it is valid from a clock skew before. */
export function issuedS({ notBefore }: Pick<ShownMember, 'notBefore'>): number {
  return notBefore + CLOCK_SKEW_S;
}

export function isSame(a: MemberRights, b: MemberRights): boolean {
  return sorted(a.tags) === sorted(b.tags) && sorted(a.provides) === sorted(b.provides);
}

function isBehind({ changedS, isTaken }: MemberChange, shown: ShownMember): boolean {
  return !isTaken || issuedS(shown) < changedS;
}

function sorted(names: readonly string[]): string {
  return [...names].sort().join(' ');
}
