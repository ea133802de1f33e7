// What this node answers: questions, and records that others want kept.
import { EMPTY, equalBytes, toHex } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import type { SocketAddress } from '../base/ip.ts';
import { readRecord } from '../identity/identity.ts';
import type { NodeId } from '../identity/types.ts';
import { ANSWER_RECORDS_MAX, CONTACTS_MAX, CONTROL_MAX } from '../wire/limits.ts';
import type { DhtAnswer, DhtContact, DhtQuestion, DhtRecord, DhtStore, DhtStoreCode } from '../wire/types.ts';
import { decodeRecord, decodeSignedRecord, WireError } from '../wire/wire.ts';
import { prefixOf } from './buckets.ts';
import { type Env, knownPublisher, mayAsk, type Peer, rememberPublisher, unixSeconds } from './env.ts';
import { keep } from './keep.ts';
import { mix, placeOf } from './place.ts';
import type { Turn } from './requests.ts';
import {
  certified,
  isInDate,
  keyOfShard,
  mayPublish,
  type Publisher,
  publisherIdOf,
  rootKeyOf,
} from './rights.ts';
import { type Arrival, crowdOf, type StoredKey, type StoredRecord } from './store.ts';

/** Control message around an answer, its ID, total, token and spread. */
const ANSWER_BYTES = 40;
/** Field header and length of one record. */
const RECORD_HEADER = 3;
/** Part of the room that records take where contacts are wanted too. */
const RECORDS_SHARE = 0.55;
/** Bytes of that part in the longest answer. */
const LARGEST_SHARE = Math.floor((CONTROL_MAX - 1 - ANSWER_BYTES) * RECORDS_SHARE);
/** A node keeps a record if fewer than so many times k nodes that it knows are closer to its key. */
const KEEPERS = 2;

/** Changes nothing. Undefined: this node does not serve. `roomBytes`: of the encoded Control message. */
export function answerTo(
  env: Env,
  question: DhtQuestion,
  asker: NodeId,
  roomBytes: number,
  now: number,
): DhtAnswer | undefined {
  if (!env.isCore || roomBytes < ANSWER_BYTES) return undefined;
  const { id, key } = question;
  const room = roomBytes - ANSWER_BYTES;
  const nothing = {
    kind: 'dhtAnswer' as const,
    id,
    contacts: [],
    records: [],
    total: 0,
    token: EMPTY,
    spread: 0,
  };
  if (question.publisher.length > 0) {
    const chain = chainFor(env, question, unixSeconds(env, now));
    return { ...nothing, chain: chain.length + RECORD_HEADER <= room ? chain : EMPTY };
  }
  const entry = env.store.get(toHex(key));
  const live = entry === undefined ? [] : env.store.live(entry, unixSeconds(env, now));
  const share = question.offset > 0 ? room : Math.floor(room * RECORDS_SHARE);
  const records = question.records ? drawRecords(live, question, share, room) : [];
  const used = records.reduce((sum, record) => sum + record.length + RECORD_HEADER, 0);
  const contacts = question.offset > 0 ? [] : contactsFor(env, key, asker, room - used);
  const here = live.filter((record) => !record.isWithdrawn).length;
  const total = entry !== undefined && entry.spread > 0 ? crowdOf(entry) : here;
  const token = env.tokens.make(asker, key);
  return { ...nothing, contacts, records, total, token, spread: entry?.spread ?? 0, chain: EMPTY };
}

/** Of the publisher that the question names: a pseudonym where there is a record of one under the key. */
function chainFor(env: Env, { key, publisher }: DhtQuestion, nowS: number): Uint8Array {
  for (const { nodeId, owner } of env.store.get(toHex(key))?.records.values() ?? []) {
    const { epoch, lapses, chain } = owner.publisher;
    if (epoch !== undefined && lapses > nowS && equalBytes(nodeId, publisher)) return chain;
  }
  return knownPublisher(env, toHex(publisher), nowS)?.chain ?? EMPTY;
}

/**
 * In the order that the seed makes; withdrawn ones behind all others. One that is too long for the part of any message that records
 * share with contacts may take `wholeBytes`.
 */
function drawRecords(
  live: readonly StoredRecord[],
  { seed, offset }: DhtQuestion,
  roomBytes: number,
  wholeBytes: number,
): Uint8Array[] {
  const ordered = live
    .map((record) => ({ record, priority: mix(seed, record.nodeId) + (record.isWithdrawn ? 2 ** 32 : 0) }))
    .sort((a, b) => a.priority - b.priority);
  const drawn: Uint8Array[] = [];
  let room = roomBytes;
  for (const { record } of ordered.slice(offset, offset + ANSWER_RECORDS_MAX)) {
    const bytes = record.bytes.length + RECORD_HEADER;
    room -= bytes;
    const isAlone = drawn.length === 0 && bytes > LARGEST_SHARE && bytes <= wholeBytes;
    if (room < 0 && !isAlone) break;
    drawn.push(record.bytes);
  }
  return drawn;
}

function contactsFor(env: Env, key: Uint8Array, asker: NodeId, roomBytes: number): DhtContact[] {
  const contacts: DhtContact[] = [];
  let room = roomBytes;
  for (const { contact, bytes, heardAt } of env.table.closest(placeOf(key), CONTACTS_MAX + 1)) {
    // Those kept from an earlier run prove themselves first.
    if (heardAt === Number.NEGATIVE_INFINITY || equalBytes(contact.nodeId, asker)) continue;
    room -= bytes;
    if (room < 0 || contacts.length >= CONTACTS_MAX) break;
    contacts.push(contact);
  }
  return contacts;
}

export interface StoreOutcome {
  readonly code: DhtStoreCode;
  readonly spread: number;
  readonly dropped?: DropReason;
  /** Its publisher, a client, asks this node to bring it to its place. */
  readonly forClient?: Arrival;
}

/** Judges what somebody wants kept, cheap tests first, and keeps it. */
export function takeStore(
  env: Env,
  peer: Peer,
  store: DhtStore,
  address: SocketAddress | undefined,
  turn: Turn,
): StoreOutcome {
  const refuse = (dropped: DropReason): StoreOutcome => ({ code: 'refused', spread: 0, dropped });
  if (!env.isCore) return refuse('dhtNotServing');
  if (!mayAsk(peer, 'stores', turn.now)) return { code: 'busy', spread: 0, dropped: 'dhtRateLimited' };
  const nowS = unixSeconds(env, turn.now);
  if (store.chain.length > 0 && !learnChain(env, peer, store, nowS)) return refuse('dhtPublisher');
  if (store.record.length === 0) {
    return store.chain.length > 0 ? { code: 'done', spread: 0 } : refuse('dhtRecord');
  }
  const record = peek(store.record);
  if (record === undefined || !isInDate(record, nowS)) return refuse('dhtRecord');
  const publisher = knownPublisher(env, publisherIdOf(record), nowS);
  if (publisher === undefined) return { code: 'chain', spread: 0 };
  if (!mayPublish(publisher, record) || env.store.isSuperseded(publisher, nowS))
    return refuse('dhtPublisher');
  const root = rootKeyOf(env.crypto, env.networkId, record, publisher.organisation);
  if (root === undefined) return refuse('dhtRecord');
  const key = keyOfShard(env.crypto, root, store.shard);
  if (!env.tokens.isGood(store.token, peer.identity.nodeId, key)) return { code: 'token', spread: 0 };
  if (readRecord(env.crypto, env.networkId, store.record) === undefined) return refuse('dhtRecord');
  // Nothing is to be found at a holder that leads from a sealed record to a node: its organisation's bound has to do.
  const isKnown = address !== undefined && publisher.epoch === undefined;
  const prefix = isKnown ? prefixOf(address) : '';
  const arrival: Arrival = {
    key,
    shard: store.shard,
    record,
    bytes: store.record,
    publisher,
    prefix,
    isReplica: store.replica,
  };
  if (isForClient(peer, publisher, store)) {
    const isAllowed = mayAsk(peer, 'agency', turn.now);
    return isAllowed ? { code: 'done', spread: 0, forClient: arrival } : { code: 'busy', spread: 0 };
  }
  if (!env.table.isAmongClosest(placeOf(key), KEEPERS * env.limits.k)) return { code: 'refused', spread: 0 };
  return keepFor(env, arrival, store, peer.id, turn);
}

function keepFor(env: Env, arrival: Arrival, store: DhtStore, by: string, turn: Turn): StoreOutcome {
  const verdict = keep(env, arrival, turn);
  const entry = env.store.get(toHex(arrival.key));
  if (entry !== undefined && store.replica) env.store.hearSpread(entry, store.spread, by, turn.now);
  const spread = verdict === 'full' ? spreadOf(entry) : 0;
  return { code: verdict === 'same' ? 'done' : verdict, spread };
}

function spreadOf(entry: StoredKey | undefined): number {
  return entry?.spread ?? 0;
}

function isForClient(peer: Peer, publisher: Publisher, store: DhtStore): boolean {
  if (peer.isServing || store.shard !== 0 || store.replica) return false;
  // Whose a pseudonym is nobody knows, but a client brings nobody else's.
  return publisher.epoch === undefined
    ? publisher.id === peer.id
    : equalBytes(publisher.organisation, peer.identity.organisation);
}

/** Checking a chain takes longer than all else here: a known one is not checked again, and whoever forges one has to wait. */
function learnChain(env: Env, peer: Peer, { chain: bytes, record }: DhtStore, nowS: number): boolean {
  const said = record.length === 0 ? undefined : peek(record);
  const known = said === undefined ? undefined : knownPublisher(env, publisherIdOf(said), nowS);
  if (known !== undefined && equalBytes(known.chain, bytes)) return true;
  const publisher = certified(env.verifier, bytes, nowS);
  if (typeof publisher === 'string') {
    if (publisher === 'signature') peer.stores?.drain();
    return false;
  }
  // What a node says is never vouched for by a pseudonym, nor the other way round.
  if (said !== undefined && (publisher.epoch !== undefined) !== (said.kind === 'sealed')) return false;
  rememberPublisher(env, publisher);
  env.store.noteEpoch(publisher);
  return true;
}

/** What it says, its signature not looked at. */
function peek(bytes: Uint8Array): DhtRecord | undefined {
  try {
    return decodeRecord(decodeSignedRecord(bytes).record);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
