// What the parts of the DHT share. Nothing in here acts.
import { BoundedMap } from '../base/bounded-map.ts';
import { EMPTY, equalBytes, toHex } from '../base/bytes.ts';
import { IndexedHeap } from '../base/heap.ts';
import type { Rng } from '../base/rng.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { dhtPlace } from '../identity/identity.ts';
import type { Crypto, NetworkId } from '../identity/types.ts';
import type { DhtContact, DhtQuestion, DhtRecord } from '../wire/types.ts';
import { RoutingTable } from './buckets.ts';
import {
  AGENT_BURST,
  AGENT_PER_SECOND,
  CHAINS_MAX,
  DEFAULT_DHT_LIMITS,
  HANDSHAKE_BYTES,
  MESSAGE_BYTES,
  PEERS_MAX,
  QUESTIONS_BURST,
  QUESTIONS_PER_SECOND,
  STORES_BURST,
  STORES_PER_SECOND,
} from './limits.ts';
import { type Place, placeOf } from './place.ts';
import { Requests } from './requests.ts';
import { type Publisher, publisherOf } from './rights.ts';
import { RecordStore } from './store.ts';
import { WriteTokens } from './tokens.ts';
import type { CertifiedPeer, DhtIdentity, DhtLimits, DhtOptions } from './types.ts';

/** A member that a session stood with. */
export interface Peer {
  readonly id: string;
  /** As certified in the last session. */
  readonly identity: CertifiedPeer;
  readonly place: Place;
  isConnected: boolean;
  /** It serves the DHT, as it said or showed. */
  isServing: boolean;
  questions: TokenBucket | undefined;
  stores: TokenBucket | undefined;
  agency: TokenBucket | undefined;
}

export interface Env {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly networkId: NetworkId;
  readonly verifier: DhtOptions['verifier'];
  readonly limits: DhtLimits;
  /** This node; all three change with its certificate. */
  self: DhtIdentity;
  selfId: string;
  place: Place;
  isCore: boolean;
  /** Unix ms minus `now`. */
  wallOffsetMs: number;
  /** ms; when any remote was heard last: those that do not answer while nobody does are not at fault. */
  heardAt: number;
  /** ms; when any remote was heard first; Infinity: none was. */
  firstHeardAt: number;
  table: RoutingTable;
  readonly store: RecordStore;
  readonly tokens: WriteTokens;
  readonly requests: Requests;
  /** Named timers of jobs: see dht.ts. */
  readonly timers: IndexedHeap<string>;
  readonly peers: BoundedMap<string, Peer>;
  /** Publishers whose chains finds asked for. */
  readonly chains: BoundedMap<string, Publisher>;
  /** Pseudonyms likewise, apart from those, as each member may make any number of them; by Publisher.id. */
  readonly pseudonyms: BoundedMap<string, Publisher>;
  /** Own records as published last, by key in hex. */
  readonly own: BoundedMap<string, OwnRecord>;
}

export interface OwnRecord {
  readonly key: Uint8Array;
  /** Encoded SignedRecord. */
  readonly bytes: Uint8Array;
  readonly record: DhtRecord;
  /** undefined: this node, as its certificate has it at the time. */
  readonly pseudonym: Publisher | undefined;
}

export function createEnv(options: DhtOptions, ownMax: number): Env {
  const { crypto, rng, networkId, verifier, self } = options;
  const limits = { ...DEFAULT_DHT_LIMITS, ...options.limits };
  const place = placeOf(dhtPlace(crypto, networkId, self.nodeId, self.nonce));
  return {
    crypto,
    rng,
    networkId,
    verifier,
    limits,
    self,
    selfId: toHex(self.nodeId),
    place,
    isCore: options.isCore ?? false,
    wallOffsetMs: options.wallOffsetMs,
    heardAt: Number.NEGATIVE_INFINITY,
    firstHeardAt: Number.POSITIVE_INFINITY,
    table: new RoutingTable(place, limits.k),
    store: new RecordStore(limits),
    tokens: new WriteTokens(crypto, rng),
    requests: new Requests(rng),
    timers: new IndexedHeap(),
    peers: new BoundedMap(PEERS_MAX),
    chains: new BoundedMap(CHAINS_MAX),
    pseudonyms: new BoundedMap(CHAINS_MAX),
    own: new BoundedMap(ownMax),
  };
}

export function unixSeconds(env: Env, now: number): number {
  return Math.floor((now + env.wallOffsetMs) / 1000);
}

export function placeOfNode(env: Env, nodeId: Uint8Array, nonce: Uint8Array): Place {
  return placeOf(dhtPlace(env.crypto, env.networkId, nodeId, nonce));
}

/** The place that a contact claims; not computed anew where it is certified. */
export function placeOfContact(env: Env, id: string, contact: DhtContact): Place {
  const known = env.table.get(id);
  if (known !== undefined && equalBytes(known.contact.nonce, contact.nonce)) return known;
  const peer = env.peers.peek(id);
  if (peer !== undefined && equalBytes(peer.identity.nonce, contact.nonce)) return peer.place;
  return placeOfNode(env, contact.nodeId, contact.nonce);
}

/** Who a publisher is certified as at `nowS` (Unix time), if this node knows. `id`: Publisher.id. */
export function knownPublisher(env: Env, id: string, nowS: number): Publisher | undefined {
  if (id === env.selfId) return publisherOf(env.self);
  const peer = env.peers.peek(id);
  const known = peer === undefined ? env.store.publisher(id) : publisherOf(peer.identity);
  if (known !== undefined && nowS < known.lapses) return known;
  const asked = env.chains.get(id) ?? env.pseudonyms.get(id);
  return asked !== undefined && nowS < asked.lapses ? asked : undefined;
}

/** Whoever a chain certified that somebody brought or was asked for. */
export function rememberPublisher(env: Env, publisher: Publisher): void {
  if (publisher.epoch === undefined) env.chains.set(publisher.id, publisher);
  else env.pseudonyms.set(publisher.id, publisher);
}

export function questionOf(
  env: Env,
  key: Uint8Array,
  wanted: {
    readonly records: boolean;
    readonly seed?: number;
    readonly offset?: number;
    readonly publisher?: Uint8Array;
  },
): Omit<DhtQuestion, 'id'> {
  return {
    kind: 'dhtQuestion',
    key,
    records: wanted.records,
    client: !env.isCore,
    seed: wanted.seed ?? 0,
    offset: wanted.offset ?? 0,
    publisher: wanted.publisher ?? EMPTY,
  };
}

/** Whether the peer may ask (or store) once more now; it is counted. */
export function mayAsk(peer: Peer, what: 'questions' | 'stores' | 'agency', now: number): boolean {
  peer[what] ??= newBucket(what);
  return (peer[what] as TokenBucket).take(now);
}

function newBucket(what: 'questions' | 'stores' | 'agency'): TokenBucket {
  if (what === 'questions') return new TokenBucket(QUESTIONS_PER_SECOND, QUESTIONS_BURST);
  if (what === 'stores') return new TokenBucket(STORES_PER_SECOND, STORES_BURST);
  return new TokenBucket(AGENT_PER_SECOND, AGENT_BURST);
}

/** Estimated bytes of a question to that node with its answer. */
export function costOfContact(env: Env, id: string): number {
  const isConnected = env.peers.peek(id)?.isConnected ?? false;
  return (isConnected ? 0 : HANDSHAKE_BYTES) + 4 * MESSAGE_BYTES;
}
