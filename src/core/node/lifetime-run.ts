// What a node knows of how long mappings of the NAT or firewall before it live, and the measurement under way.
import type { Family, LifetimeSearch } from '../path/path.ts';

export interface LifetimeRun {
  readonly search: LifetimeSearch;
  /** Key of the relay that answers. */
  readonly remote: string;
  /** Number of the socket that is idle meanwhile. */
  readonly socket: number;
  /**
   * opening: the socket. keys: those of the session would end before the answer comes. priming: the mapping is new, an answer makes
   * it an ordinary one. resting: NATs tell a stream by its length. testing: an answer is awaited after a while.
   */
  step: 'opening' | 'keys' | 'priming' | 'resting' | 'testing';
  /** Of the challenge under way. */
  token: Uint8Array;
  /** Tries of this step that came to nothing. */
  tries: number;
  family: Family;
  /** The mapping stands, as far as is known. */
  isAlive: boolean;
}

/** One per node. */
export class Lifetime {
  run: LifetimeRun | undefined;
  /** Seconds that mappings of a family live, LIFETIME_MIN_S .. LIFETIME_MAX_S; undefined: not known. */
  found: { readonly seconds: number; readonly family: Family } | undefined;
  /** ms; not measured before. */
  nextAt: number = Number.NEGATIVE_INFINITY;
}
