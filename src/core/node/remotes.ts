// Other nodes, each in a numbered slot: those that this node knows, and strangers that are about to prove themselves.
import type { Tables } from '../addressing/addressing.ts';
import { NONE } from '../addressing/types.ts';
import { EMPTY, toHex } from '../base/bytes.ts';
import type { IpAddress } from '../base/ip.ts';
import { MINUTE_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { PeerState } from '../discovery/types.ts';
import type { VerifiedChain } from '../identity/identity.ts';
import type { PathMachine } from '../path/path.ts';
import type { Session } from '../session/session.ts';
import type { ControlMessage, RelayHint } from '../wire/types.ts';
import { LossWatch } from './loss-watch.ts';

/** Remotes in all. */
export const REMOTES_MAX = 16_384;
/** Of these, nodes that proved nothing yet: an initiation was answered, but nothing came under its keys. */
export const PENDING_MAX = 256;
/** Of these, joiners that no signer admitted yet. */
export const JOINERS_MAX = 64;
/** Guests, of all remotes: they push out nobody but each other. */
export const GUEST_REMOTES_MAX = 512;
/** A remote with inside traffic within this time is never evicted. */
export const KEPT_MS = MINUTE_MS;
/**
 * How often a remote may say anew where it is, by addresses each of which gets initiations. At once: a node that joins and starts says so
 * again as it finds out how it is seen and who relays for it.
 */
const OWN_RECORDS_PER_SECOND = 0.1;
const OWN_RECORDS_BURST = 8;
/** How many nodes a remote may make known. At once: as many as a signer tells of. */
const NEW_NODE_IDS_PER_SECOND = 64;
const NEW_NODE_IDS_BURST = 256;
/** How many calls to others a remote may ask for: all that are told share one budget of initiations. */
const DIALS_PER_SECOND = 1;
const DIALS_BURST = 16;
/** New revocations that a remote may bring: each costs up to a millisecond. At once: what an exchange asks for in half a second. */
const STATEMENTS_PER_SECOND = 100;
const STATEMENTS_BURST = 64;
/** How often it may ask for some. */
const REVOCATION_QUERIES_PER_SECOND = 20;
const REVOCATION_QUERIES_BURST = 100;

/** How many calls to itself through relays a remote may ask for. */
const RELAY_CALLS_PER_SECOND = 0.1;
const RELAY_CALLS_BURST = 8;

/** What a verified handshake says of the other side. */
export type Introduction =
  | { readonly kind: 'member'; readonly chain: VerifiedChain; readonly revocationHead: Uint8Array }
  | { readonly kind: 'guest'; readonly chain: VerifiedChain; readonly revocationHead: Uint8Array }
  /** `revoked`: a member that was put out while it was off; it is told why, and nothing else. */
  | { readonly kind: 'joiner'; readonly revoked?: true }
  /** A member whose certificate has ended, at a signer: it may ask for a new one. */
  | { readonly kind: 'renewing'; readonly chain: VerifiedChain };

/**
 * pending: nothing proven; has a session only. joiner: proven to hold its node ID. told: others, a token or the disk name
 * it. member: its chain was verified in a handshake of this run or an earlier one. guest: its chain was, in one of this run.
 */
export type RemoteKind = 'pending' | 'joiner' | 'told' | 'member' | 'guest';

/** Everything about one remote. Written by reactions and known.ts. */
export interface Remote {
  /** Slot in the tables; also its path slot and its reassembly group. */
  readonly slot: number;
  readonly nodeId: Uint8Array;
  /** Node ID in hex: the key of maps. */
  readonly key: string;
  kind: RemoteKind;
  /** Label, '' while unknown. Verified when kind is member. */
  name: string;
  /** Organisation ID, empty while unknown. */
  organisation: Uint8Array;
  organisationName: string;
  /** The verified chain of the last handshake, encoded; empty before. */
  chain: Uint8Array;
  /** Made when first needed. */
  session: Session<Introduction> | undefined;
  readonly path: PathMachine;
  /** The session's keys as last reported: there is something to send under. */
  isEstablished: boolean;
  /** What the session in use says of the other side; undefined without one. */
  introduced: Introduction['kind'] | undefined;
  /** Of a session that is introduced as renewing. */
  lapsed: VerifiedChain | undefined;
  /** Of the response to this node's handshake, until something came under its keys; empty otherwise. */
  wayToken: Uint8Array;
  /** To be said in the session in use as soon as a way is known; at most UNSAID_MAX. */
  readonly unsaid: { readonly message: ControlMessage; readonly isDurable: boolean }[];
  /** Of the session in use: proofs are bound to it. */
  handshakeHash: Uint8Array;
  /** ms of round trip: the shortest lately, from which it grows slowly; undefined: never measured. */
  rttMs: number | undefined;
  /** ms; last measured as a provider in use. */
  measuredAt: number;
  /** ms; since when data was sent without an answer; -1: all is answered. Written by liveness. */
  silentSince: number;
  /** What its path had carried at the last look, and when that was: LossWatch. */
  readonly losses: LossWatch;
  /** What its chain says, of the last handshake in this run. */
  verified: VerifiedChain | undefined;
  /** Endpoints of services in use that are at it. */
  endpoints: number;
  /** How discovery was told that it is. */
  toldState: PeerState;
  /** Initiations since it last gave a sign of life. */
  unanswered: number;
  /** The last attempt to reach it ended without an answer. */
  hasFailed: boolean;
  /** A program or a person wants to reach it. */
  isWanted: boolean;
  /** What is done to reach it is a call that another remote asked for, and nothing else. */
  isCalled: boolean;
  /** It serves the DHT, as it said itself. */
  isCore: boolean;
  /** It was told what this node is, since the newest keys. */
  isTold: boolean;
  /** Through whom it says that it is reached, at most RELAYS_MAX. */
  relays: readonly RelayHint[];
  /** IPv4 address that it proved to a relay of this node's choice; undefined: none said so. */
  seenIp: IpAddress | undefined;
  /** ms; when another node was last asked to call it. */
  calledAt: number;
  /** ms; when the path last asked for a sign of life. */
  probedAt: number;
  /** Unix ms of the last traffic that is on disk. */
  savedTrafficMs: number;
  /** ms; when its record was last written to disk. */
  savedAt: number;
  /** The record on disk is behind, and is written when SAVE_TRAFFIC_MS are over. */
  isStale: boolean;
  /** ms; since when it is in the table. */
  readonly since: number;
  /** Control messages that it may still send at once, and when that was counted (token bucket). */
  controlTokens: number;
  controlAt: number;
  /** Records of itself that are taken up. */
  readonly ownRecords: TokenBucket;
  /** Node IDs that it names and that were not known: each costs a check of half a millisecond. */
  readonly newNodeIds: TokenBucket;
  /** Calls to others that it asks for. */
  readonly dials: TokenBucket;
  /** Digest of the revocations that it knows, as it said last. */
  revocationHead: Uint8Array;
  /** New statements of its that are looked at, and questions about them. */
  readonly statements: TokenBucket;
  readonly revocationQueries: TokenBucket;
  /** Calls to itself through relays that it asks for. */
  readonly relayCalls: TokenBucket;
}

/** It is reached through relays, so that a NAT or a firewall of its own has to be opened for any other way. */
export function needsPunch(remote: Remote): boolean {
  return remote.relays.length > 0 && !remote.isCore;
}

/**
 * Remotes by node ID and by slot. When the table is full, or its share for strangers, somebody gives way: strangers first, then
 * whoever was idle longest, never one with traffic within KEPT_MS.
 */
export class Remotes {
  private readonly tables: Tables;
  private readonly makePath: () => PathMachine;
  /** It relays for this node, or this node for it: it keeps its place. */
  private readonly isHeld: (slot: number) => boolean;
  /** Insertion order is age; bounded by claim(). */
  private readonly byKey = new Map<string, Remote>();
  private readonly bySlot: (Remote | undefined)[] = [];
  private readonly counts: Record<RemoteKind, number> = {
    pending: 0,
    joiner: 0,
    told: 0,
    member: 0,
    guest: 0,
  };

  constructor(tables: Tables, makePath: () => PathMachine, isHeld: (slot: number) => boolean = () => false) {
    this.tables = tables;
    this.makePath = makePath;
    this.isHeld = isHeld;
  }

  get size(): number {
    return this.byKey.size;
  }

  countOf(kind: RemoteKind): number {
    return this.counts[kind];
  }

  get(nodeId: Uint8Array): Remote | undefined {
    return this.byKey.get(toHex(nodeId));
  }

  /** `key`: node ID in hex. */
  find(key: string): Remote | undefined {
    return this.byKey.get(key);
  }

  at(slot: number): Remote | undefined {
    return this.bySlot[slot];
  }

  values(): MapIterator<Remote> {
    return this.byKey.values();
  }

  /** Whoever must go so that one more of this kind fits; undefined: nobody must. 'full': nobody may. */
  inTheWay(kind: RemoteKind, now: number): Remote | 'full' | undefined {
    if (kind === 'pending' && this.counts.pending >= PENDING_MAX) return this.oldest('pending') ?? 'full';
    if (kind === 'joiner' && this.counts.joiner >= JOINERS_MAX) return this.oldest('joiner') ?? 'full';
    if (this.byKey.size < REMOTES_MAX) return undefined;
    return (
      this.oldest('pending') ??
      this.oldest('joiner') ??
      this.idleGuest(now) ??
      this.longestIdle(now) ??
      'full'
    );
  }

  /** Whoever must go so that one more guest fits; undefined: nobody must. 'full': all have traffic. */
  guestInTheWay(now: number): Remote | 'full' | undefined {
    return this.counts.guest < GUEST_REMOTES_MAX ? undefined : (this.idleGuest(now) ?? 'full');
  }

  /** A new remote; undefined: the table is full (ask inTheWay before). */
  add(nodeId: Uint8Array, kind: RemoteKind, now: number): Remote | undefined {
    if (this.byKey.size >= REMOTES_MAX) return undefined;
    const slot = this.tables.claimRemote();
    if (slot === NONE) return undefined;
    const remote: Remote = {
      slot,
      nodeId: nodeId.slice(),
      key: toHex(nodeId),
      kind,
      name: '',
      organisation: new Uint8Array(0),
      organisationName: '',
      chain: new Uint8Array(0),
      session: undefined,
      path: this.makePath(),
      isEstablished: false,
      introduced: undefined,
      lapsed: undefined,
      handshakeHash: new Uint8Array(0),
      rttMs: undefined,
      measuredAt: Number.NEGATIVE_INFINITY,
      silentSince: -1,
      verified: undefined,
      endpoints: 0,
      toldState: 'idle',
      unanswered: 0,
      hasFailed: false,
      isWanted: false,
      isCalled: false,
      wayToken: EMPTY,
      unsaid: [],
      isCore: false,
      isTold: false,
      relays: [],
      seenIp: undefined,
      calledAt: Number.NEGATIVE_INFINITY,
      probedAt: Number.NEGATIVE_INFINITY,
      savedTrafficMs: 0,
      savedAt: Number.NEGATIVE_INFINITY,
      losses: new LossWatch(),
      isStale: false,
      since: now,
      controlTokens: 0,
      controlAt: Number.NEGATIVE_INFINITY,
      ownRecords: new TokenBucket(OWN_RECORDS_PER_SECOND, OWN_RECORDS_BURST),
      newNodeIds: new TokenBucket(NEW_NODE_IDS_PER_SECOND, NEW_NODE_IDS_BURST),
      dials: new TokenBucket(DIALS_PER_SECOND, DIALS_BURST),
      revocationHead: EMPTY,
      statements: new TokenBucket(STATEMENTS_PER_SECOND, STATEMENTS_BURST),
      revocationQueries: new TokenBucket(REVOCATION_QUERIES_PER_SECOND, REVOCATION_QUERIES_BURST),
      relayCalls: new TokenBucket(RELAY_CALLS_PER_SECOND, RELAY_CALLS_BURST),
    };
    this.byKey.set(remote.key, remote);
    this.bySlot[slot] = remote;
    this.counts[kind]++;
    return remote;
  }

  setKind(remote: Remote, kind: RemoteKind): void {
    this.counts[remote.kind]--;
    this.counts[kind]++;
    remote.kind = kind;
  }

  /** Only when its session is closed and its path cleared: see reactions. */
  remove(remote: Remote): void {
    this.byKey.delete(remote.key);
    this.bySlot[remote.slot] = undefined;
    this.counts[remote.kind]--;
    this.tables.releaseRemote(remote.slot);
  }

  /** ms of the last inside traffic in either direction; -Infinity: none. */
  lastTraffic(remote: Remote): number {
    const { lastSentMs, lastReceivedMs } = this.tables.activity;
    return Math.max(lastSentMs[remote.slot], lastReceivedMs[remote.slot]);
  }

  /** The node longest known only by hearsay that nothing depends on; one that proved itself in an earlier run only for want of others. */
  idleTold(now: number): Remote | undefined {
    let wanted: Remote | undefined;
    let proven: Remote | undefined;
    for (const remote of this.byKey.values()) {
      const isIdle =
        remote.endpoints === 0 && !this.isHeld(remote.slot) && this.lastTraffic(remote) < now - KEPT_MS;
      if (remote.kind !== 'told' || !isIdle) continue;
      if (remote.chain.length > 0) proven ??= remote;
      else if (remote.isWanted) wanted ??= remote;
      else return remote;
    }
    return wanted ?? proven;
  }

  /** The guest without traffic for longest. */
  private idleGuest(now: number): Remote | undefined {
    let found: Remote | undefined;
    let foundAt = now - KEPT_MS;
    for (const remote of this.byKey.values()) {
      if (remote.kind !== 'guest') continue;
      const at = Math.max(this.lastTraffic(remote), remote.since);
      if (at >= foundAt) continue;
      found = remote;
      foundAt = at;
    }
    return found;
  }

  private oldest(kind: RemoteKind): Remote | undefined {
    for (const remote of this.byKey.values()) if (remote.kind === kind) return remote;
    return undefined;
  }

  private longestIdle(now: number): Remote | undefined {
    let found: Remote | undefined;
    let foundAt = now - KEPT_MS;
    for (const remote of this.byKey.values()) {
      const at = Math.max(this.lastTraffic(remote), remote.since);
      const isBetter = remote.kind === 'told' && found?.kind === 'member' && at < now - KEPT_MS;
      if ((at >= foundAt && !isBetter) || remote.endpoints > 0 || this.isHeld(remote.slot)) continue;
      if (found?.kind === 'told' && remote.kind === 'member') continue;
      found = remote;
      foundAt = at;
    }
    return found;
  }
}
