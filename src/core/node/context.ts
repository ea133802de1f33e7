// What the parts of a node share. Made by node.ts, handed to every reaction; nothing in here acts.

import type { AliasPool, Tables } from '../addressing/addressing.ts';
import type { BoundedMap } from '../base/bounded-map.ts';
import type { DropCounters } from '../base/drop-reason.ts';
import type { IndexedHeap } from '../base/heap.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { Rng } from '../base/rng.ts';
import type {
  AdmissionDesk,
  EpochInput,
  EpochStore,
  ForeignEpochs,
  GuestDesk,
  JoinMachine,
  RenewalMachine,
} from '../consortium/consortium.ts';
import type { GuestPolicy, JoinInput, RenewalInput } from '../consortium/types.ts';
import type { Dht } from '../dht/dht.ts';
import type { DhtInput } from '../dht/types.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { DiscoveryInput, GetResult } from '../discovery/types.ts';
import type { DnsResponder } from '../dns/dns.ts';
import type { DnsInput } from '../dns/types.ts';
import type { Engine } from '../engine/engine.ts';
import type { ChainVerifier, Network, VerifiedChain } from '../identity/identity.ts';
import type { Crypto, NodeKeys } from '../identity/types.ts';
import type {
  CallBudget,
  CalledLog,
  NatObserver,
  PortSamples,
  PunchRounds,
  Reachability,
  RelayDesk,
  RelayTrials,
  RelayUse,
  StreamUse,
} from '../path/path.ts';
import type { PathInput, PathRules, PunchInput, RelayDeskInput, RelayUseInput } from '../path/types.ts';
import type { HandshakeGate, WayTokens } from '../session/session.ts';
import type { SessionContext, SessionInput } from '../session/types.ts';
import type { ControlMessage, EpochMessage } from '../wire/types.ts';
import type { DelayedAnswers } from './delayed-answers.ts';
import type { KnownOrganisations } from './known-organisations.ts';
import type { Lifetime } from './lifetime-run.ts';
import type { NodeOutboxBuffer } from './outbox.ts';
import type { Pings } from './pings.ts';
import type { DnsAsker, Questions } from './questions.ts';
import type { Refusals } from './refusal-log.ts';
import type { RelayCalls } from './relay-call-list.ts';
import type { Introduction, Remote, Remotes } from './remotes.ts';
import type { Revoking } from './revoking-state.ts';
import type { Slots } from './slots.ts';
import type { LocalSockets } from './sockets.ts';
import type { TagSlots } from './tags.ts';
import type {
  ImportRecord,
  NatStatus,
  NodeConfig,
  SavedReach,
  ServiceHealth,
  ServiceRecord,
} from './types.ts';
import type { WaitingMessages } from './waiting.ts';

/** Keys of the one heap of timers. Those of remotes: see sessionTimer and pathTimer. */
export const TIMER_ENGINE = -1;
export const TIMER_LIVENESS = -2;
export const TIMER_JOIN = -3;
export const TIMER_PINGS = -4;
export const TIMER_TIDY = -5;
export const TIMER_DHT = -6;
export const TIMER_DISCOVERY = -7;
export const TIMER_DNS = -8;
export const TIMER_SAY = -9;
export const TIMER_RELAY_DESK = -10;
export const TIMER_RELAY_USE = -11;
export const TIMER_KEEP = -12;
export const TIMER_NAT = -13;
export const TIMER_PUNCH = -14;
export const TIMER_SEEK = -15;
export const TIMER_LIFETIME = -16;
export const TIMER_DELAYED = -17;
export const TIMER_STREAMS = -18;
export const TIMER_RENEWAL = -19;
export const TIMER_REVOKING = -20;
export const TIMER_RELAY_TRIALS = -21;
export const TIMER_MEMBERS = -22;
export const TIMER_EPOCHS = -23;

export function sessionTimer(slot: number): number {
  return 2 * slot;
}

export function pathTimer(slot: number): number {
  return 2 * slot + 1;
}

/** Who this node is. */
export interface Self {
  readonly keys: NodeKeys;
  readonly network: Network;
  /** The own verified chain, the latest; undefined: a joiner. */
  chain: VerifiedChain | undefined;
  /** Own virtual IPv6 address. */
  readonly address: Uint8Array;
  /** Own IPv4 alias as a 32-bit number. */
  readonly alias: number;
  /** Usable addresses of this host's interfaces, as the host said last. */
  localAddresses: readonly Uint8Array[];
  /** A gateway's address and port that lead here, as the host said last. Others try it; alone it makes no core node. */
  mapped: SocketAddress | undefined;
}

/** An attempt to join under way. */
export interface ActiveJoin {
  readonly requestId: number;
  readonly machine: JoinMachine;
  /** Node IDs in hex of the token's signers, by place. */
  readonly signers: readonly string[];
  /** That a signer sent ahead of its answer. */
  epoch: Extract<EpochMessage, { kind: 'epochDelivery' }> | undefined;
}

/** Epochs of the own organisation, with their secrets, and what is known of others'. */
export interface NodeEpochs {
  readonly store: EpochStore;
  readonly foreign: ForeignEpochs;
  /** ID in hex of the one that this node publishes, as a signer or one of those who carry it; '': none. */
  published: string;
  /** It publishes it though it is no signer. */
  isCarried: boolean;
  /** ms; when it looks next whether it has to. */
  lookAt: number;
  /** By organisation in hex: ms until which an answer to what was asked about its epochs is awaited. */
  readonly asked: BoundedMap<string, number>;
}

/** A service that programs of this host may use. */
export interface ServiceSet {
  /** In the engine's tables. */
  readonly slot: number;
  readonly organisation: Uint8Array;
  readonly name: string;
  /** Remote endpoints by node and selector, each counted in Remote.endpoints. */
  places: readonly { readonly remote: Remote; readonly selector: number }[];
  /** ms; when discovery was last told that flows go on. */
  keptMs: number;
}

/**
 * What one machine's output means to another, in order. Done one after the other by pump() in dispatch.ts, so that no machine is
 * entered while it works.
 */
export type Work =
  /** `from`: where the datagram came from that caused it. */
  | {
      readonly kind: 'session';
      readonly remote: Remote;
      readonly input: SessionInput<Introduction>;
      readonly from: SocketAddress | undefined;
      /** That came back with it. */
      readonly token: Uint8Array | undefined;
    }
  /** `datagram`: the initiation at hand. */
  | {
      readonly kind: 'path';
      readonly remote: Remote;
      readonly input: PathInput;
      readonly datagram: Uint8Array | undefined;
    }
  | { readonly kind: 'join'; readonly input: JoinInput }
  | { readonly kind: 'renewal'; readonly input: RenewalInput }
  | { readonly kind: 'epochs'; readonly input: EpochInput }
  /** Discovery has use for an organisation's epochs. */
  | { readonly kind: 'epochsWanted'; readonly organisation: Uint8Array; readonly isUrgent: boolean }
  /** What signers of an organisation published. */
  | { readonly kind: 'epochsFound'; readonly organisation: Uint8Array; readonly result: GetResult }
  /** Signers were revoked: what they stated of other organisations' epochs is void. */
  | { readonly kind: 'signersRevoked' }
  /** `isDurable`: it may leave only when this turn's records are on disk. */
  | {
      readonly kind: 'say';
      readonly remote: Remote;
      readonly message: ControlMessage;
      readonly isDurable: boolean;
    }
  /** A plaintext for another address than the path's. `ttl` undefined: as usual. */
  | {
      readonly kind: 'sayTo';
      readonly remote: Remote;
      readonly plaintext: Uint8Array;
      readonly to: SocketAddress;
      readonly ttl: number | undefined;
    }
  /** A member's handshake, with the digest of the statements that it knows. */
  | { readonly kind: 'introduced'; readonly remote: Remote; readonly head: Uint8Array }
  /** This node closes the session, as it said. */
  | { readonly kind: 'closed'; readonly remote: Remote; readonly reason: string }
  /** An empty datagram: a confirmation. */
  | { readonly kind: 'empty'; readonly remote: Remote }
  | { readonly kind: 'dht'; readonly input: DhtInput }
  | { readonly kind: 'discovery'; readonly input: DiscoveryInput }
  | { readonly kind: 'dns'; readonly input: DnsInput<DnsAsker> }
  | { readonly kind: 'relayDesk'; readonly input: RelayDeskInput }
  | { readonly kind: 'relayUse'; readonly input: RelayUseInput }
  | { readonly kind: 'punch'; readonly input: PunchInput }
  /** The remote is taken out of all tables. */
  | { readonly kind: 'forget'; readonly remote: Remote };

export interface NodeContext {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly config: NodeConfig;
  readonly self: Self;
  /** Knows what was revoked. */
  readonly verifier: ChainVerifier;
  readonly revoking: Revoking;
  readonly tables: Tables;
  readonly engine: Engine;
  readonly drops: DropCounters;
  readonly aliases: AliasPool;
  readonly organisations: KnownOrganisations;
  readonly tags: TagSlots;
  /** By policy, of late. */
  readonly refusals: Refusals;
  readonly remotes: Remotes;
  readonly sessions: SessionContext<Introduction>;
  readonly gate: HandshakeGate<Introduction>;
  readonly wayTokens: WayTokens;
  readonly paths: PathRules;
  /** That remotes ask for: the paths' own. */
  readonly calls: CallBudget;
  readonly reach: Reachability;
  /** Whom this host called lately, as the disk has it. */
  readonly calledLog: CalledLog;
  /** What the disk has of `reach`. */
  savedReach: SavedReach | undefined;
  /** How others see this node. */
  readonly nat: NatObserver;
  /** What was last said of it in an event. */
  natTold: NatStatus | undefined;
  /** ms; when others were last asked all at once how they see this node. */
  askedAroundAt: number;
  /** What this node relays for others, and the relays that it uses itself. */
  readonly relayDesk: RelayDesk;
  readonly relayUse: RelayUse;
  /** Whether these carry what they say. */
  readonly relayTrials: RelayTrials;
  /** Calls through relays that others asked for. */
  readonly relayCalls: RelayCalls;
  /** Opens direct ways to remotes that are reached through relays. */
  readonly punch: PunchRounds;
  /** Connections that carry datagrams while UDP is blocked. */
  readonly streams: StreamUse;
  /** Which ports this host's NAT gives out. */
  readonly samples: PortSamples;
  /** Slots of the relays through which this node is reached, best first. */
  relaysKept: readonly number[];
  /** ms; since when this node needs a relay to be reached: NEVER while it does not. */
  unreachedAt: number;
  /** The host said which addresses it has. */
  isStarted: boolean;
  /** A session ran over a public address since the host's addresses changed last. */
  hasMetGlobal: boolean;
  /** Whether this node is a core node changed in the turn under way. */
  roleChanged: boolean;
  /** Also tells who may want an answer that is addressed to a slot. */
  readonly receiveSlots: Slots;
  readonly pings: Pings;
  readonly sockets: LocalSockets;
  /** How long mappings of the NAT before this node live. */
  readonly lifetime: Lifetime;
  readonly delayedAnswers: DelayedAnswers;
  /** Path slots for single datagrams to other addresses than the path's: the next one to be used. */
  nextSparePath: number;
  /** By name; at most SERVICES_MAX. */
  /** By their names here; at most IMPORTS_MAX. */
  readonly imports: Map<string, ImportRecord>;
  readonly services: Map<string, ServiceRecord>;
  /** By name of a service: what the host found. */
  readonly health: Map<string, ServiceHealth>;
  /** Tokens and admission; undefined: this node admits nobody. */
  readonly desk: AdmissionDesk | undefined;
  /** Nodes that signed for the own organisation when that was looked up last, or when this node joined. */
  signers: readonly Uint8Array[];
  /** Of the own certificate; undefined for joiners and guests. */
  readonly renewal: RenewalMachine | undefined;
  /** Members that are told of their new certificate, by node ID as text: how often yet. At most PROMPTED_MAX. */
  readonly prompts: Map<string, number>;
  /** undefined: this node is no member. */
  readonly epochs: NodeEpochs | undefined;
  /** undefined: this node is no signer. */
  readonly guests: GuestDesk | undefined;
  /** What is on disk, while another policy is about to be; undefined: the one in force is. */
  savedGuestPolicy: GuestPolicy | undefined;
  /** undefined: a joiner, who serves and finds nothing. */
  readonly dht: Dht | undefined;
  readonly discovery: Discovery | undefined;
  readonly dns: DnsResponder<DnsAsker> | undefined;
  /** Messages for nodes without a session yet. */
  readonly waiting: WaitingMessages;
  /** Sets of endpoints that the engine knows, by discovery's key. */
  readonly serviceSets: Map<string, ServiceSet>;
  readonly questions: Questions;
  readonly timers: IndexedHeap<number>;
  /** Emptied by pump(). */
  readonly work: Work[];
  /**
   * Rows of the batch at hand take counters, and leave behind the commands of their turn: what is said meanwhile would leave before
   * them with later counters. It waits in `toSay` until the batch is gone; so does what is said while held rows are to be released.
   */
  isSealing: boolean;
  readonly toSay: Work[];
  readonly out: NodeOutboxBuffer;
  /**
   * Remotes whose waiting packets leave at the end of the turn: they are sealed after its control messages, and counters of
   * one key must leave in order.
   */
  readonly toRelease: Set<Remote>;
  /** Remotes whose record on disk is behind; saved at the end of the turn. */
  readonly toSave: Set<Remote>;
  /** Services before the changes that wait to be saved. */
  savedServices: readonly ServiceRecord[];
  /** Freshness numbers below are reserved, but the disk refused to know: undefined when it knows. */
  unsavedFreshness: number | undefined;
  join: ActiveJoin | undefined;
  /** Added to `now` gives Unix ms. */
  wallOffsetMs: number;
  /** Unix ms of the turn under way. */
  wallNow: number;
}

export function wallMs(c: NodeContext, now: number): number {
  return now + c.wallOffsetMs;
}

export function toSession(
  c: NodeContext,
  remote: Remote,
  input: SessionInput<Introduction>,
  from?: SocketAddress,
  token?: Uint8Array,
): void {
  if (remote.isCalled && (input.kind === 'connect' || input.kind === 'rekey')) {
    // Not for a call alone any more: all addresses get the initiation under way.
    remote.isCalled = false;
    if (remote.session?.isConnecting) return toSession(c, remote, { kind: 'repeat' });
  }
  c.work.push({ kind: 'session', remote, input, from, token });
}

export function toPath(c: NodeContext, remote: Remote, input: PathInput, datagram?: Uint8Array): void {
  c.work.push({ kind: 'path', remote, input, datagram });
}

export function toDht(c: NodeContext, input: DhtInput): void {
  if (c.dht !== undefined) c.work.push({ kind: 'dht', input });
}

export function toRenewal(c: NodeContext, input: RenewalInput): void {
  if (c.renewal !== undefined) c.work.push({ kind: 'renewal', input });
}

export function toEpochs(c: NodeContext, input: EpochInput): void {
  if (c.epochs !== undefined) c.work.push({ kind: 'epochs', input });
}

export function toDiscovery(c: NodeContext, input: DiscoveryInput): void {
  if (c.discovery !== undefined) c.work.push({ kind: 'discovery', input });
}

export function toDns(c: NodeContext, input: DnsInput<DnsAsker>): void {
  c.work.push({ kind: 'dns', input });
}

export function toRelayDesk(c: NodeContext, input: RelayDeskInput): void {
  c.work.push({ kind: 'relayDesk', input });
}

export function toRelayUse(c: NodeContext, input: RelayUseInput): void {
  c.work.push({ kind: 'relayUse', input });
}

export function toPunch(c: NodeContext, input: PunchInput): void {
  c.work.push({ kind: 'punch', input });
}

export function say(c: NodeContext, remote: Remote, message: ControlMessage, isDurable = false): void {
  c.work.push({ kind: 'say', remote, message, isDurable });
}
