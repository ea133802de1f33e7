// Records of the DHT: where they lie, and who signed them.
import { concat } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { type DhtRecord, RECORD_KINDS, type SignedRecord } from '../wire/types.ts';
import {
  decodeRecord,
  decodeSignedRecord,
  encodeRecord,
  encodeSignedRecord,
  WireError,
} from '../wire/wire.ts';
import type { Crypto, NetworkId, NodeId, OrganisationId } from './types.ts';

const RECORD_PURPOSE = encodeUtf8('mcc record\0');
const INNER_PURPOSE = encodeUtf8('mcc sealed record\0');
const SHARD_PURPOSE = encodeUtf8('mcc shard\0');
const PLACE_PURPOSE = encodeUtf8('mcc place\0');

/** What a key is made of. */
export type RecordAddress =
  | { readonly kind: 'node'; readonly nodeId: NodeId }
  | {
      readonly kind: 'nodeName' | 'service' | 'user';
      readonly organisation: OrganisationId;
      readonly name: string;
    }
  | { readonly kind: 'immutable'; readonly hash: Uint8Array }
  /** Of one epoch of the publisher's organisation, so that nobody has a say under the key who does not know its secret. */
  | { readonly kind: 'sealed'; readonly epoch: Uint8Array; readonly place: Uint8Array };

/** 32 bytes. */
export function recordKey(crypto: Crypto, networkId: NetworkId, address: RecordAddress): Uint8Array {
  const kind = Uint8Array.of(RECORD_KINDS.indexOf(address.kind));
  return crypto.sha256(concat(RECORD_PURPOSE, networkId, kind, ownerOf(address), nameOf(address)));
}

function ownerOf(address: RecordAddress): Uint8Array {
  if (address.kind === 'node') return address.nodeId;
  if (address.kind === 'sealed') return concat(address.epoch, address.place);
  return address.kind === 'immutable' ? address.hash : address.organisation;
}

function nameOf(address: RecordAddress): Uint8Array {
  return encodeUtf8('name' in address ? address.name : '');
}

/** Where a record lies whose publisher belongs to that organisation. A withdrawn immutable record has no place: undefined. */
export function addressOfRecord(
  crypto: Crypto,
  record: DhtRecord,
  organisation: OrganisationId,
): RecordAddress | undefined {
  switch (record.kind) {
    case 'node':
      return { kind: 'node', nodeId: record.publisher };
    case 'immutable':
      return record.body === undefined ? undefined : { kind: 'immutable', hash: crypto.sha256(record.body) };
    case 'sealed':
      return { kind: 'sealed', epoch: record.epoch, place: record.place };
    default:
      return { kind: record.kind, organisation, name: record.name };
  }
}

/** Key of one of the shards of a key with many records. */
export function shardKey(crypto: Crypto, key: Uint8Array, shard: number): Uint8Array {
  return crypto.sha256(concat(SHARD_PURPOSE, key, Uint8Array.of(shard >>> 8, shard & 255)));
}

/** Where a node stands in the DHT: its issuer chose the nonce, so that nobody chooses a place. */
export function dhtPlace(
  crypto: Crypto,
  networkId: NetworkId,
  nodeId: NodeId,
  nonce: Uint8Array,
): Uint8Array {
  return crypto.sha256(concat(PLACE_PURPOSE, networkId, nodeId, nonce));
}

/** An encoded SignedRecord. `seed`: of the publisher's node key. RangeError when it exceeds a limit. */
export function signRecord(
  crypto: Crypto,
  networkId: NetworkId,
  seed: Uint8Array,
  record: DhtRecord,
): Uint8Array {
  return signFor(RECORD_PURPOSE, crypto, networkId, seed, record);
}

/** As signRecord, of what goes into a sealed one: whoever can open that cannot publish it for all to see. */
export function signInner(
  crypto: Crypto,
  networkId: NetworkId,
  seed: Uint8Array,
  record: DhtRecord,
): Uint8Array {
  return signFor(INNER_PURPOSE, crypto, networkId, seed, record);
}

function signFor(
  purpose: Uint8Array,
  crypto: Crypto,
  networkId: NetworkId,
  seed: Uint8Array,
  record: DhtRecord,
): Uint8Array {
  const encoded = encodeRecord(record);
  const signature = crypto.ed25519.sign(seed, concat(purpose, networkId, encoded));
  return encodeSignedRecord({ record: encoded, signature });
}

/** Shape and signature of an encoded SignedRecord; undefined: one of them is wrong. Neither dates nor rights are judged. */
export function readRecord(crypto: Crypto, networkId: NetworkId, bytes: Uint8Array): DhtRecord | undefined {
  return readFor(RECORD_PURPOSE, crypto, networkId, bytes);
}

/** As readRecord, of what was in a sealed one. */
export function readInner(crypto: Crypto, networkId: NetworkId, bytes: Uint8Array): DhtRecord | undefined {
  return readFor(INNER_PURPOSE, crypto, networkId, bytes);
}

function readFor(
  purpose: Uint8Array,
  crypto: Crypto,
  networkId: NetworkId,
  bytes: Uint8Array,
): DhtRecord | undefined {
  let signed: SignedRecord;
  let record: DhtRecord;
  try {
    signed = decodeSignedRecord(bytes);
    record = decodeRecord(signed.record);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
  const input = concat(purpose, networkId, signed.record);
  return crypto.ed25519.verify(record.publisher, input, signed.signature) ? record : undefined;
}
