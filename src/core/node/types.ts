import type { AliasRecord, Prefix4 } from '../addressing/types.ts';
import type { ErrorCode } from '../base/errors.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { Rng } from '../base/rng.ts';
import type {
  GuestPolicy,
  GuestRecord,
  GuestTerms,
  KeptEpoch,
  KeptForeignEpochs,
  MemberChange,
  TokenChange,
  TokenRecord,
} from '../consortium/types.ts';
import type { KeptContact } from '../dht/types.ts';
import type { DiscoveryPersist, DiscoveryState, GetResult, ResolveResult } from '../discovery/types.ts';
import type { EngineLimits, FlowSettings, FlowView, PortCommand, PortEvent } from '../engine/types.ts';
import type { Crypto, NodeKeys } from '../identity/types.ts';
import type {
  CalledChange,
  CalledHost,
  PathKind,
  RelayLimits,
  StreamTransport,
  StreamView,
} from '../path/types.ts';
import type { NatBehaviour, Revocation } from '../wire/types.ts';
import type {
  GuestPersist,
  ImportChange,
  ImportRecord,
  KnownNode,
  MemberPersist,
  RevocationPersist,
  SavedReach,
} from './kept-types.ts';
import type { RefusalView } from './refusal-log.ts';
import type { RevocationView } from './revocation-view.ts';
import type { ServiceDetail, ServiceHealth, ServiceRecord } from './service-types.ts';

export type { AliasRecord, Prefix4 } from '../addressing/types.ts';
export type {
  GuestPolicy,
  GuestRecord,
  KeptEpoch,
  KeptForeignEpochs,
  MemberChange,
  TokenRecord,
} from '../consortium/types.ts';
export type { AccessView } from './access-view.ts';
export type { ImportRecord, KnownNode, SavedReach } from './kept-types.ts';
export type { RefusalReason, RefusalView } from './refusal-log.ts';
export type { FoundNode, GuestsView, InviteRequest, InviteResult, JoinRequest } from './request-types.ts';
export type {
  EndpointPlan,
  ServiceDetail,
  ServiceHealth,
  ServiceRecord,
  ServiceRequest,
} from './service-types.ts';

/** What a node is before it runs: keys, network, and what it kept from earlier. Everything comes from the host. */
export interface NodeOptions {
  readonly keys: NodeKeys;
  /** Encoded genesis document: the network. */
  readonly genesis: Uint8Array;
  /** The own certificate chain, encoded; undefined: a joiner that no signer has admitted yet. */
  readonly chain: Uint8Array | undefined;
  /** Seed of the organisation's signer key, 32 bytes; undefined: this node admits nobody. */
  readonly signerSeed: Uint8Array | undefined;
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly config: NodeConfig;
  readonly state: NodeState;
  /** IPv4 prefixes that this host uses otherwise; the alias /16 avoids them. */
  readonly hostPrefixes: readonly Prefix4[];
  /** Add it to `now` (ms, monotonic) to get Unix ms: the latest of system clock, last saved time and build time. */
  readonly wallOffsetMs: number;
}

export interface NodeConfig {
  /** Addresses that answer from outside, as the operator says (`run --advertise`); they go into tokens and node records. */
  readonly advertise: readonly SocketAddress[];
  /** Name of the zone without dots at its ends; default "mcc". */
  readonly zone?: string | undefined;
  /** This node serves nothing for others, however well it is reached: metered, or small. */
  readonly client?: boolean | undefined;
  /** UDP port that this node listens on: added to local interface addresses. */
  readonly listenPort: number;
  /** Bytes of the TUN's MTU. */
  readonly mtu: number;
  /** Suites (Suite.*) in order of preference. */
  readonly suites: readonly number[];
  /** Rekey by age and by count; tests lower them. Bound: the defaults of wire/limits.ts. */
  readonly rekeyAfterMs?: number;
  /** Sizes of the engine's tables; default: the daemon's. */
  readonly engineLimits?: EngineLimits;
  /** Default: DEFAULT_FLOW. */
  readonly flow?: FlowSettings;
  readonly rekeyAfterMessages?: number;
  /** What this node relays for others; default: DEFAULT_RELAY_LIMITS. */
  readonly relayLimits?: RelayLimits;
  /** Bytes per second of what it relays; 0 or undefined: no limit. */
  readonly relayBytesPerSecond?: number;
  /** `never`: no relay keeps this node reachable, so nothing is sent while it is idle. */
  readonly relayed?: 'auto' | 'never';
}

/** What the host loaded from its storage; all of it was handed out as PersistRecord before. */
export interface NodeState {
  readonly knownNodes: readonly KnownNode[];
  readonly aliases: readonly AliasRecord[];
  readonly tokens: readonly TokenRecord[];
  readonly guestPolicy: GuestPolicy;
  /** Admitted here. */
  readonly guests: readonly GuestRecord[];
  readonly memberChanges: readonly MemberChange[];
  readonly services: readonly ServiceRecord[];
  readonly imports: readonly ImportRecord[];
  /** Of the DHT's routing table. */
  readonly dhtContacts: readonly KeptContact[];
  /** As PersistRecord `signers` said last. */
  readonly signers: readonly Uint8Array[];
  readonly discovery: DiscoveryState;
  /** SignedRevocations in force. */
  readonly revocations: readonly Uint8Array[];
  /** Of the own organisation, with their secrets. */
  readonly epochs: readonly KeptEpoch[];
  readonly foreignEpochs: readonly KeptForeignEpochs[];
  /** Whom this host called lately; at most SAVED_MAX and one. */
  readonly called: readonly CalledHost[];
  /** undefined: nobody came unasked yet. */
  readonly reached: SavedReach | undefined;
  /** First freshness counter that was never reserved before. */
  readonly freshness: number;
}

/** What must be on disk. The host writes all of a turn's records in one transaction before it applies `afterPersist`. */
export type PersistRecord =
  | { readonly kind: 'knownNode'; readonly node: KnownNode }
  | { readonly kind: 'forgetNode'; readonly nodeId: Uint8Array }
  | { readonly kind: 'freshness'; readonly reservedTo: number }
  | ({ readonly kind: 'token' } & TokenChange)
  | { readonly kind: 'forgetToken'; readonly tokenId: Uint8Array }
  | GuestPersist
  | { readonly kind: 'alias'; readonly alias: AliasRecord }
  | { readonly kind: 'forgetAlias'; readonly address: Uint8Array }
  | { readonly kind: 'service'; readonly service: ServiceRecord }
  | { readonly kind: 'forgetService'; readonly name: string }
  | { readonly kind: 'dhtContact'; readonly contact: KeptContact }
  | { readonly kind: 'forgetDhtContact'; readonly nodeId: Uint8Array }
  | { readonly kind: 'discovery'; readonly record: DiscoveryPersist }
  | CalledChange
  | ImportChange
  | MemberPersist
  | { readonly kind: 'reached'; readonly reached: SavedReach }
  | RevocationPersist
  | { readonly kind: 'membership'; readonly chain: Uint8Array }
  /** All of the own organisation that are kept, at most EPOCHS_MAX; with secrets: nothing else of them stays. */
  | { readonly kind: 'epochs'; readonly epochs: readonly KeptEpoch[] }
  /** All that are kept of that organisation. */
  | ({ readonly kind: 'foreignEpochs' } & KeptForeignEpochs)
  /** Nodes that sign for the own organisation, at most SIGNERS_KEPT_MAX. */
  | { readonly kind: 'signers'; readonly nodeIds: readonly Uint8Array[] };

/**
 * What a call of the node produced. The host, after every call:
 *   1. commits all of `persists` in one transaction (synchronously);
 *   2. applies `commands` in order;
 *   3. applies `afterPersist` in order, if and only if the transaction committed; else calls `persistFailed(persists)`;
 *   4. handles `events`; 5. `clear()`.
 * So an admission is durable before its answer leaves, and an answer that could not be made durable never leaves.
 * A command with bytes shares no memory with any batch: it may be kept.
 */
export interface NodeOutbox {
  readonly persists: PersistRecord[];
  readonly commands: PortCommand[];
  readonly afterPersist: PortCommand[];
  readonly events: NodeEvent[];
  clear(): void;
}

/** What happened outside of batches. The first two kinds are the port's own. */
export type HostEvent =
  | PortEvent
  /** Answer to the event `askRouteMtu`, with its `path`: PacketPort.routeMtu, bytes of the outer IP packet; 0: unknown. */
  | {
      readonly kind: 'routeMtu';
      readonly to: SocketAddress;
      readonly path: number | undefined;
      readonly mtu: number;
    }
  /**
   * Addresses of this host's interfaces, once at the start and after every change: without loopback, link-local and
   * mcc's own. Also for a changed default route.
   */
  | { readonly kind: 'localAddresses'; readonly addresses: readonly Uint8Array[] }
  /** Whether this host asks here for all names, also those of other zones. */
  | { readonly kind: 'forwarding'; readonly isOn: boolean }
  /** Answers `foreignQuery`; undefined: there is no answer. */
  | { readonly kind: 'forwarded'; readonly forwardId: number; readonly bytes: Uint8Array | undefined }
  /** What the host found when it tested a service. */
  | { readonly kind: 'serviceHealth'; readonly name: string; readonly health: ServiceHealth }
  /** Somebody on a link of this host says that he is this node. Nothing of it is proven. */
  | { readonly kind: 'heard'; readonly nodeId: Uint8Array; readonly address: SocketAddress }
  /** Where a gateway of this host passes on what is for this node, as that gateway says; undefined: nowhere any more. */
  | { readonly kind: 'mapped'; readonly address: SocketAddress | undefined }
  /** A connection that another node made, or that was wished for (NodeEvent `dial`), was given to the packet port as `stream`. */
  | ({ readonly kind: 'streamUp'; readonly stream: number; readonly dial: number | undefined } & StreamView)
  /** What NodeEvent `dial` wished for could not be. */
  | { readonly kind: 'dialFailed'; readonly dial: number }
  /** The system clock was set: the new NodeOptions.wallOffsetMs. */
  | { readonly kind: 'wallClock'; readonly wallOffsetMs: number };

/** For logs, SSE and promises of the host. Names of remotes are validated labels. */
export type NodeEvent =
  | {
      readonly kind: 'peerUp';
      readonly nodeId: Uint8Array;
      readonly name: string;
      readonly path: PathView;
      readonly rekey: boolean;
    }
  | { readonly kind: 'peerDown'; readonly nodeId: Uint8Array; readonly name: string; readonly reason: string }
  | {
      readonly kind: 'pathChanged';
      readonly nodeId: Uint8Array;
      readonly name: string;
      readonly path: PathView;
    }
  /** Policy refused something, here or there: the first of its kind for a minute. */
  | ({ readonly kind: 'refused' } & RefusalView)
  | { readonly kind: 'handshakeFailed'; readonly nodeId: Uint8Array; readonly reason: string }
  | {
      readonly kind: 'admitted';
      readonly nodeId: Uint8Array;
      readonly name: string;
      readonly tokenId: Uint8Array;
    }
  /** The own certificate was replaced. `notAfter`: seconds of Unix time. */
  | { readonly kind: 'renewed'; readonly notAfter: number }
  /** No signer of the own organisation renewed it this time: it is tried again. */
  | { readonly kind: 'renewalFailed'; readonly failures: number }
  /** This signer renewed a member's certificate. */
  | { readonly kind: 'memberRenewed'; readonly nodeId: Uint8Array; readonly name: string }
  /** This signer made the next epoch of its organisation. */
  | { readonly kind: 'epochMade'; readonly number: number }
  /** `guests`: in force now, this one included. */
  | { readonly kind: 'guestAdmitted'; readonly nodeId: Uint8Array; readonly guests: number }
  | {
      readonly kind: 'joinProgress';
      readonly requestId: number;
      readonly step: JoinStep;
      readonly detail: string;
    }
  | { readonly kind: 'joined'; readonly requestId: number; readonly result: JoinResult }
  | { readonly kind: 'pingReply'; readonly requestId: number; readonly result: PingReply }
  /** What stands between this node and the others is known now, or is another. */
  | { readonly kind: 'natChanged'; readonly nat: NatStatus }
  /** To be answered with HostEvent `routeMtu`, in the same turn if possible. `path`: slot of the one it is for; undefined: all that lead there. */
  | { readonly kind: 'askRouteMtu'; readonly to: SocketAddress; readonly path: number | undefined }
  /** A statement that was not known here came into force. */
  | { readonly kind: 'revoked'; readonly statement: Revocation }
  /** And this node is no member any more. */
  | { readonly kind: 'selfRevoked'; readonly statement: Revocation }
  /** A member of the own organisation remembers handshakes of this node that its state knows nothing of. */
  | { readonly kind: 'olderState'; readonly name: string }
  /** Answers Node.resolve(). */
  | { readonly kind: 'resolved'; readonly requestId: number; readonly result: ResolveResult }
  /** Answers Node.put(). */
  | {
      readonly kind: 'stored';
      readonly requestId: number;
      readonly key: string;
      /** Unix ms. */
      readonly sequence: number;
      /** Seconds of Unix time. */
      readonly expires: number;
      readonly copies: number;
    }
  /** Answers Node.get(). */
  | { readonly kind: 'got'; readonly requestId: number; readonly result: GetResult }
  /** Answers Node.dns(); `bytes` undefined: the query gets no answer. */
  | { readonly kind: 'dnsAnswer'; readonly requestId: number; readonly bytes: Uint8Array | undefined }
  /** A DNS query for a name of another zone: answered with HostEvent `forwarded`. Only while HostEvent `forwarding` is on. */
  | {
      readonly kind: 'foreignQuery';
      readonly forwardId: number;
      readonly bytes: Uint8Array;
      /** The answer is no longer. */
      readonly maxBytes: number;
    }
  /** A connection is wanted, to be answered with HostEvent `streamUp` or `dialFailed`: nothing comes by UDP. */
  | {
      readonly kind: 'dial';
      readonly dial: number;
      readonly to: SocketAddress;
      readonly transport: StreamTransport;
    }
  /** UDP gets no answer, and others are reached by TCP; or UDP is back. */
  | { readonly kind: 'udpBlocked'; readonly isBlocked: boolean }
  /** HostNeeds.endpoints() gives others than before. */
  | { readonly kind: 'endpointsChanged' }
  /** The TUN was deleted under us (PortEvent). */
  | { readonly kind: 'interfaceGone' };

export type JoinStep = 'connecting' | 'requested' | 'admitted';

export type JoinResult =
  | { readonly ok: true; readonly name: string; readonly organisation: string; readonly network: string }
  /** Only asked for. `nodeId`: of the signer that said it. */
  | { readonly ok: true; readonly terms: GuestTerms & { readonly nodeId: Uint8Array } }
  | { readonly ok: false; readonly code: ErrorCode };

/** Outcome of one ping. `rttMs` is undefined when it was lost (no answer within PING_TIMEOUT_MS). */
export interface PingReply {
  readonly nodeId: Uint8Array;
  readonly rttMs: number | undefined;
  readonly path: PathView | undefined;
}

export interface PathView {
  readonly kind: PathKind;
  /** ADDRESS:PORT as text. */
  readonly remote: string;
  /** What carries its datagrams; of a relayed path: those to the relay. */
  readonly transport: 'udp' | StreamTransport;
}

/**
 * Why a path leads through a relay. trying: a direct way is looked for at the moment. unused: no program uses the remote, so none is.
 * udpBlocked: this host's UDP gets nowhere, a connection carries it. unpredictablePorts: both NATs give every remote another port, and nobody
 * can tell which. notOpened: what both sides sent did not get in. noAnswer: the remote did not say that it tries too. noAddress: nobody
 * knows an address of one of the two. untried: not tried yet.
 */
export type RelayedReason =
  | 'trying'
  | 'unused'
  | 'udpBlocked'
  | 'unpredictablePorts'
  | 'notOpened'
  | 'noAnswer'
  | 'noAddress'
  | 'untried';

export interface RelayedView {
  /** Name of the relay, or its node ID as text. */
  readonly relay: string;
  readonly reason: RelayedReason;
  /** ms from now on until a direct way is looked for again; null: that is under way, or waits for a program. */
  readonly nextTryMs: number | null;
}

/** Fits `status --json` as it is. */
export interface StatusView {
  readonly nodeId: string;
  readonly networkId: string;
  readonly network: string;
  readonly organisation: string;
  readonly name: string;
  readonly member: boolean;
  readonly addresses: { readonly ipv4: string; readonly ipv6: string };
  readonly nat: NatStatus;
  readonly peers: readonly PeerView[];
  readonly services: readonly ServiceDetail[];
  /** By what this node is no member any more. */
  readonly revoked: RevocationView | null;
  /** Counted by reason since start; the host adds the port's counters. */
  readonly drops: Readonly<Record<string, number>>;
  /** The latest first, at most REFUSALS_MAX. */
  readonly refusals: readonly RefusalView[];
  /** This node admits others: it holds a signing key of its organisation. */
  readonly signer: boolean;
  readonly organisationId: string;
  /** Unix ms; null: not a member. */
  readonly certificateExpiresMs: number | null;
}

/**
 * In one word. open: an own public address, or none of a NAT in a private network. firewalled is not told apart from it until
 * somebody comes unasked.
 */
export type NatKind =
  | 'unknown'
  | 'open'
  | 'fullCone'
  | 'addressRestricted'
  | 'portRestricted'
  | 'symmetric'
  | 'symmetricPredictable';

/** What stands between this node and the others, of the family that most of them use. */
export interface NatStatus {
  readonly kind: NatKind;
  readonly mapping: NatBehaviour;
  /** Until somebody comes unasked a NAT counts as the strictest. */
  readonly filtering: NatBehaviour;
  /** ADDRESS:PORT where all see the same, ADDRESS alone where the port depends on who is asked; null: not known. */
  readonly publicAddress: string | null;
  /** The port seen outside is the one listened on; null: not known. */
  readonly portPreserving: boolean | null;
  /** Between two ports that a predictable NAT gives; null: it is not, or has no need to be. */
  readonly portStep: number | null;
  /** This node was seen to reach its own public address; null: it was not. */
  readonly hairpin: boolean | null;
  /**
   * So many seconds the NAT or firewall remembers an idle way, at least: 118 stands for all that is longer, 15 for all that is shorter.
   * null: not measured yet, or of no interest, as others come unasked.
   */
  readonly mappingLifetimeS: number | null;
  /** Nodes that said how they see this one. */
  readonly samples: number;
}

export interface PeerView {
  readonly nodeId: string;
  readonly name: string;
  readonly organisation: string;
  readonly addresses: { readonly ipv4: string; readonly ipv6: string };
  readonly state: 'connected' | 'connecting' | 'idle';
  readonly path: PathView | null;
  /** null: it is not reached through a relay. */
  readonly relayed: RelayedView | null;
  readonly rttMs: number | null;
  /** null: nothing was sent there of late. */
  readonly flow: FlowView | null;
  readonly txBytes: number;
  readonly rxBytes: number;
  /** Unix ms of the last authenticated datagram; null: none since start. */
  readonly lastSeenMs: number | null;
}

/** What is known, since the host has its addresses, of how this node is reached; false proves nothing. */
export interface ReachView {
  /** Nodes of the Internet came here unasked. */
  readonly isGlobal: boolean;
  /** Nodes of a private network did. */
  readonly isLocal: boolean;
  /** A session ran over a public address: the network is not a private one. */
  readonly hasMetGlobal: boolean;
}
