// What a node remembers of revocations.
import { CodedError } from '../base/errors.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { RevocationExchange, Revocations } from '../consortium/consortium.ts';
import {
  type ChainVerifier,
  type Network,
  RevocationVerifier,
  readRevocation,
  type VerifiedRevocation,
} from '../identity/identity.ts';
import type { Crypto } from '../identity/types.ts';

/** Statements per second that are told at once to all who listen, and how many at a time; of further ones only the digest is told. */
const PUSHED_PER_SECOND = 5;
const PUSHED_BURST = 32;
/** Nodes that were put out while they were off and are told so; further handshakes of theirs are dropped like before. */
const TOLD_PER_SECOND = 0.2;
const TOLD_BURST = 4;
export interface Revoking {
  readonly set: Revocations;
  readonly verifier: RevocationVerifier;
  readonly exchange: RevocationExchange;
  readonly pushed: TokenBucket;
  /** How often those who were put out are told why. */
  readonly told: TokenBucket;
  /** ms; rounds that are still to come, the next one first. */
  rounds: readonly number[];
  /** By which this node itself is no member any more. */
  own: VerifiedRevocation | undefined;
  /** Made here in the turn under way: they take effect when that turn is on disk. */
  readonly made: VerifiedRevocation[];
  /** Statements in force that the disk refused to know, by hash in hex; at most as many as there are. */
  readonly unsaved: Set<string>;
}

/** CodedError when what was kept cannot be read. */
export function revokingOf(
  crypto: Crypto,
  network: Network,
  chains: ChainVerifier,
  set: Revocations,
): Revoking {
  return {
    set,
    verifier: new RevocationVerifier(crypto, network, chains),
    exchange: new RevocationExchange(set),
    pushed: new TokenBucket(PUSHED_PER_SECOND, PUSHED_BURST),
    told: new TokenBucket(TOLD_PER_SECOND, TOLD_BURST),
    rounds: [],
    own: undefined,
    made: [],
    unsaved: new Set(),
  };
}

/** The set that was kept. CodedError when it cannot be read. */
export function restoreRevocations(crypto: Crypto, kept: readonly Uint8Array[]): Revocations {
  const set = new Revocations(crypto);
  for (const bytes of kept) {
    const verified = readRevocation(crypto, bytes);
    if (verified === undefined) throw new CodedError('REVOCATIONS_DAMAGED');
    set.add(verified);
  }
  return set;
}
