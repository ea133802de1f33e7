// Figures of the DHT that are no limits on the wire. Their reasons stand beside them.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';
import type { DhtLimits } from './types.ts';

export const DEFAULT_DHT_LIMITS: DhtLimits = {
  k: 20,
  alpha: 3,
  paths: 3,
  copies: 3,
  recordsPerKey: 64,
  recordsPerPublisher: 256,
  recordsPerPrefix: 4096,
  storeBytes: 16 * 2 ** 20,
  upkeepBytesPerDay: 1.25 * 2 ** 20,
};

// --- Finds ---

/** Records of one find. */
export const FIND_LIMIT = 32;
export const FIND_LIMIT_MAX = 256;
/** Finds of the caller under way. */
export const FINDS_MAX = 512;
/** Closest nodes that must have answered where there are records, or where places to store are looked for ... */
export const WIDTH_NEAR = 8;
/** ... and of a shard, of which there are many. */
export const WIDTH_SHARD = 4;
/** Nodes that one lookup asks, whatever it is told. */
export const ASKED_MAX = 128;
/** Nodes that one lookup remembers. */
export const CANDIDATES_MAX = 512;
/** A node that named so many that did not answer, and none that did, is not listened to any further. */
export const FALSE_NAMES_MAX = 3;
/** Shards that one round of a find reads, and rounds while nothing is found in them. */
export const SHARDS_READ_MIN = 8;
export const SHARDS_READ_MAX = 12;
export const SHARD_ROUNDS = 2;
/** A sample of a spread key is drawn to be at least so large, and then cut to what is wanted. */
export const SAMPLE_MIN = 8;
/** Holders that must have told the beginning of a shard's order, so that the first of it can be taken. */
export const VOUCHERS = 2;
/** Questions for chains that one find has under way, and holders asked for one. */
export const CHAIN_QUESTIONS = 8;
export const CHAIN_TRIES = 3;
/** Records that one find looks at. */
export const GATHERED_MAX = 512;

// --- Requests ---

export const REQUESTS_MAX = 2048;
/** Another node is asked in place of one that takes longer than the p95 of the times measured: between these. */
export const HEDGE_MIN_MS = 50;
export const HEDGE_MAX_MS = 500;
/** Before anything was measured. */
export const HEDGE_FIRST_MS = 300;
/** The question is repeated after this (or twice as long as almost all take), and given up after that. */
export const REPEAT_MS = 250;
export const REQUEST_TIMEOUT_MS = 2500;

// --- What remotes may ask for ---

/** Per remote: questions and stores per second on average, and at once. */
export const QUESTIONS_PER_SECOND = 30;
export const QUESTIONS_BURST = 200;
export const STORES_PER_SECOND = 20;
export const STORES_BURST = 400;
/** Records that this node stores elsewhere for clients: under way, and per client. */
export const AGENT_JOBS_MAX = 128;
export const AGENT_PER_SECOND = 1 / 60;
export const AGENT_BURST = 128;
export const PEERS_MAX = 2048;
export const KEYS_MAX = 65_536;
/** Chains of publishers that were asked for by finds. */
export const CHAINS_MAX = 1024;

// --- Records ---

/** s; a record expires at most so far ahead, clocks' difference aside. */
export const RECORD_LIFETIME_S = DAY_MS / SECOND_MS;
/** The key of a write token changes so often; the one before is good as well. */
export const TOKEN_ROTATION_MS = 10 * MINUTE_MS;
export const TOKEN_BYTES = 8;
/** A full key spreads over 2^s shards, with s one of these, so that each has at most SHARD_LOAD records on average. */
export const SPREADS: readonly number[] = [6, 8, 10];
export const SHARD_LOAD = 24;
/** Other shards that a publisher tries when one is full. */
export const SHARD_TRIES = 6;
/** A key without records keeps its spread for so long after somebody was sent to its shards. */
export const SPREAD_KEPT_MS = DAY_MS;
export const SWEEP_MS = 10 * MINUTE_MS;

// --- Publishing and upkeep ---

/** Own records: of a node, its services and values, and sealed ones under the pseudonyms of several epochs. */
export const OWN_RECORDS_MAX = 2048;
/** Core nodes that a client hands a record to; they bring it to its place. */
export const AGENTS = 2;
/** First wait before a record without copies is tried again; doubles. */
export const PUBLISH_RETRY_MS = 5 * SECOND_MS;
export const PUBLISH_RETRY_MAX_MS = 30 * MINUTE_MS;
/** What was published within so long after the first contact is placed once more, after that and up to half as much later. */
export const PUBLISH_AGAIN_MS = 8 * MINUTE_MS;
/** A new record is passed on after a random part of this: whoever is first spares the others. */
export const PASS_ON_MS = 6 * SECOND_MS;
/** Records that nobody refreshed are brought to the closest again after so long, plus or minus a half. */
export const REPLICATE_MS = 8 * HOUR_MS;
/** Targets that one job brings records to at a time. */
export const REPLICATE_PARALLEL = 4;
/** The neighbourhood is looked up after the first, and so on, then every last. */
export const REFRESH_MS: readonly number[] = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS];
/** A bucket that nothing was heard of for so long is looked up. */
export const BUCKET_STALE_MS = 8 * HOUR_MS;
/** A client knows so many core nodes, or looks for some: it asks so few for that. */
export const CLIENT_CONTACTS = 5;
export const CLIENT_ASKED = 6;
/** Later it is content with fewer, asks fewer, and seldom; twice as seldom each time that there were none, up to so much. */
export const CLIENT_CONTACTS_LEAST = 3;
export const CLIENT_ASKED_AGAIN = 2;
export const CLIENT_REFRESH_MS = DAY_MS;
export const CLIENT_REFRESH_MAX_MS = 4 * DAY_MS;
/**
 * The oldest of a full bucket is asked for a sign of life when it was silent for so long: at first, and at most, as most pings are
 * for nothing where nodes stay ...
 */
export const PING_AFTER_MS = 15 * MINUTE_MS;
export const PING_AFTER_MAX_MS = 4 * DAY_MS;
/** ... times this after each that was for nothing, and again after each contact that was gone: balanced where one in seven is gone. */
export const PING_RELAX = 1.25;
export const PING_ALARM = 0.25;
/** Times in a row that a contact does not answer before it is forgotten. */
export const FAILURES_MAX = 2;
/** Estimates, bytes with all headers: a handshake, and what surrounds one message. */
export const HANDSHAKE_BYTES = 2500;
export const MESSAGE_BYTES = 110;
