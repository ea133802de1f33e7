// Who may say what: the rights that a publisher's certificate gives, and the key that a record belongs under.
import { equalBytes, toHex } from '../base/bytes.ts';
import { matchesPattern } from '../base/name.ts';
import { addressOfRecord, type ChainVerifier, recordKey, shardKey } from '../identity/identity.ts';
import type { Crypto, NetworkId } from '../identity/types.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { DhtRecord } from '../wire/types.ts';
import { RECORD_LIFETIME_S } from './limits.ts';
import type { DhtIdentity } from './types.ts';

/** What a record's publisher is certified as. */
export interface Publisher {
  /** Node ID in hex. */
  readonly id: string;
  readonly organisation: Uint8Array;
  readonly name: string;
  readonly provides: readonly string[];
  /** Encoded, verified. */
  readonly chain: Uint8Array;
  /** Unix s; from then on nothing that it says counts: the end of its certificate, and what clocks may differ. */
  readonly lapses: number;
}

export function publisherOf(identity: DhtIdentity): Publisher {
  const { nodeId, organisation, name, provides, chain, notAfter } = identity;
  return { id: toHex(nodeId), organisation, name, provides, chain, lapses: notAfter + CLOCK_SKEW_S };
}

/** The publisher that a chain certifies; undefined: it does not verify at `nowS` (Unix time), or is somebody else's. */
export function publisherFrom(
  verifier: Pick<ChainVerifier, 'verify'>,
  bytes: Uint8Array,
  nodeId: Uint8Array,
  nowS: number,
): Publisher | undefined {
  const result = verifier.verify(bytes, nowS);
  if (!result.ok || !equalBytes(result.chain.nodeId, nodeId)) return undefined;
  return publisherOf({ ...result.chain, chain: result.chain.bytes });
}

/** Whether the certificate allows the record at all. */
export function mayPublish(publisher: Publisher, record: DhtRecord): boolean {
  switch (record.kind) {
    case 'nodeName':
      return record.name === publisher.name;
    case 'service':
      return (
        publisher.provides.length === 0 ||
        publisher.provides.some((pattern) => matchesPattern(pattern, record.name))
      );
    default:
      return true;
  }
}

/** Kinds whose key binds the publisher: who it belongs to need not be known. */
export function isSelfCertifying(record: DhtRecord): boolean {
  return record.kind === 'node' || record.kind === 'immutable';
}

/** The key that the record lies under unless that is spread; undefined: it has no place. */
export function rootKeyOf(
  crypto: Crypto,
  networkId: NetworkId,
  record: DhtRecord,
  organisation: Uint8Array,
): Uint8Array | undefined {
  const address = addressOfRecord(crypto, record, organisation);
  return address === undefined ? undefined : recordKey(crypto, networkId, address);
}

/** `shard` as DhtStore has it: 0, or 1 + number. */
export function keyOfShard(crypto: Crypto, rootKey: Uint8Array, shard: number): Uint8Array {
  return shard === 0 ? rootKey : shardKey(crypto, rootKey, shard - 1);
}

/** Whether the record is good at `nowS`: neither expired nor good for longer than any record may be. */
export function isInDate(record: DhtRecord, nowS: number): boolean {
  return record.expires > nowS && record.expires <= nowS + RECORD_LIFETIME_S + CLOCK_SKEW_S;
}
