// Bounded memory of what was refused by policy.
import { BoundedMap } from '../base/bounded-map.ts';
import { TokenBuckets } from '../base/token-bucket.ts';

/**
 * Why a packet was refused. notShared: the service is not shared with that organisation; tag: the certificate bears no tag that it asks
 * for; closed: nothing is offered there; policy: the other side says no more than that.
 */
export type RefusalReason = 'notShared' | 'tag' | 'closed' | 'policy';

/** What policy refused one node, or one node refused this one, of late. */
export interface RefusalView {
  /** here: this node refused; there: it was refused. */
  readonly direction: 'here' | 'there';
  /** The other node. */
  readonly nodeId: Uint8Array;
  readonly name: string;
  readonly organisation: string;
  /** '': none, or not known. */
  readonly service: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Of the last packet; 0: it had none. */
  readonly port: number;
  readonly reason: RefusalReason;
  readonly count: number;
  /** Unix ms. */
  readonly lastMs: number;
}

/** Pairs of a remote and a service (or closed ports) that are kept, the latest. */
export const REFUSALS_MAX = 64;
/** Refusals that one remote is told, and that are heard of one remote. */
const TOLD_PER_SECOND = 10;
const TOLD_BURST = 20;
/** Remotes whose refusals are counted at a time. */
const REMOTES_MAX = 256;
interface Kept {
  view: RefusalView;
  /** Unix ms. */
  loggedMs: number;
}

/** Bounded lists of what was refused, and how often it is told. */
export class Refusals {
  /** By direction, remote, service and reason. */
  readonly kept = new BoundedMap<string, Kept>(REFUSALS_MAX);
  /** By direction and remote. */
  private readonly buckets = new TokenBuckets(2 * REMOTES_MAX, TOLD_PER_SECOND, TOLD_BURST);

  mayTell(direction: RefusalView['direction'], remote: string, now: number): boolean {
    return this.buckets.take(`${direction} ${remote}`, now);
  }
}
