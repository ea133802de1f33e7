// Who may say what: the rights that a publisher's certificate gives, and the key that a record belongs under.
import { toHex } from '../base/bytes.ts';
import { matchesPattern } from '../base/name.ts';
import {
  addressOfRecord,
  type ChainRefusal,
  recordKey,
  shardKey,
  type VerifiedPseudonym,
} from '../identity/identity.ts';
import type { Crypto, NetworkId } from '../identity/types.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { DhtRecord } from '../wire/types.ts';
import { RECORD_LIFETIME_S } from './limits.ts';
import type { DhtIdentity, DhtOptions } from './types.ts';

/** What a record's publisher is certified as: a node, or a pseudonym of some node of an organisation. */
export interface Publisher {
  /** Of a node its ID in hex; of a pseudonym another text, so that none is ever taken for a node. */
  readonly id: string;
  readonly organisation: Uint8Array;
  /** Of a node. */
  readonly name: string;
  /** Of a node. */
  readonly provides: readonly string[];
  /** Encoded, verified. */
  readonly chain: Uint8Array;
  /** Unix s; from then on nothing that it says counts: the end of its certificate, and what clocks may differ. */
  readonly lapses: number;
  /** Of a pseudonym; undefined: it is a node. */
  readonly epoch: EpochMark | undefined;
}

/** Which epoch of its organisation a pseudonym is of. */
export interface EpochMark {
  readonly number: number;
  /** Unix s. */
  readonly created: number;
}

export function publisherOf(identity: DhtIdentity): Publisher {
  const { nodeId, organisation, name, provides, chain, notAfter } = identity;
  const lapses = notAfter + CLOCK_SKEW_S;
  return { id: toHex(nodeId), organisation, name, provides, chain, lapses, epoch: undefined };
}

export function publisherOfPseudonym(pseudonym: Omit<VerifiedPseudonym, 'signer'>): Publisher {
  const { key, organisation, number, notBefore: created, notAfter, bytes: chain } = pseudonym;
  const epoch = { number, created };
  const id = pseudonymId(pseudonym.epoch, key);
  const lapses = notAfter + CLOCK_SKEW_S;
  return { id, organisation, name: '', provides: [], chain, lapses, epoch };
}

/**
 * What a pseudonym is known by: Publisher.id. Any member of any organisation can vouch for any key, but only under an epoch of its own:
 * so what others say of a key tells nothing of this one.
 */
function pseudonymId(epoch: Uint8Array, key: Uint8Array): string {
  return `pseudonym ${toHex(epoch)} ${toHex(key)}`;
}

/** What a record's publisher is known by: Publisher.id. */
export function publisherIdOf(record: DhtRecord): string {
  return record.kind === 'sealed' ? pseudonymId(record.epoch, record.publisher) : toHex(record.publisher);
}

/**
 * Whoever a chain certifies at `nowS` (Unix time), or why nobody. Only holders and readers of records ask so, and what a pseudonym may
 * publish is another thing than what nodes may: mayPublish.
 */
export function certified(
  verifier: DhtOptions['verifier'],
  bytes: Uint8Array,
  nowS: number,
): Publisher | ChainRefusal {
  const result = verifier.verify(bytes, nowS);
  if (result.ok) return publisherOf({ ...result.chain, chain: result.chain.bytes });
  if (result.reason !== 'pseudonym') return result.reason;
  const other = verifier.verifyPseudonym(bytes, nowS);
  return other.ok ? publisherOfPseudonym(other.pseudonym) : other.reason;
}

/** Whether the certificate allows the record at all: of pseudonyms sealed records and nothing else, and those of nobody else. */
export function mayPublish(publisher: Publisher, record: DhtRecord): boolean {
  if ((publisher.epoch !== undefined) !== (record.kind === 'sealed')) return false;
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

/** Kinds whose key says by itself whether a record belongs under it: who its publisher belongs to need not be known for that. */
export function isBound(record: DhtRecord): boolean {
  return record.kind === 'sealed' || isSelfCertifying(record);
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
