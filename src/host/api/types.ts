// The REST contract: what travels on the socket as JSON. The cli imports nothing of the daemon but this file.
// Field names are camelCase and stable. Times are RFC 3339 in UTC, durations and round trips milliseconds, volumes bytes. A field that is
// not known yet is null, never absent.

export type {
  GuestInviteInput,
  GuestInviteResult,
  GuestProof,
  GuestsInput,
  GuestsResult,
  GuestWork,
  GuestWorkInput,
  InviteInput,
  JoinInput,
  KeyChangeInput,
} from './admission-types.ts';
export type { DoctorCheck, DoctorReport } from './doctor-types.ts';
export type { PeerFlowView } from './flow-types.ts';
export type { ImportInput, ImportList, ImportView } from './import-types.ts';
export type { KeptRecordList, KeptRecordView } from './kept-types.ts';
export type { MemberInput, MemberList, MemberView } from './member-types.ts';
export type {
  DocumentInput,
  EpochView,
  InstallInput,
  NetworkView,
  OrganisationInput,
  OrganisationList,
  OrganisationView,
  RequestView,
  RetireInput,
  SignerInput,
  SignerView,
} from './organisation-types.ts';
export type { RevocationList, RevocationView, RevokeInput } from './revocation-types.ts';

import type { PeerFlowView } from './flow-types.ts';
import type { RefusalView } from './sharing-types.ts';

export type { AccessAnswer, RefusalView, ShareInput } from './sharing-types.ts';

/** Every refusal: an RFC 9457 body with our code as its extension; the cli's `--json` prints the extension alone. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  error: ErrorBody;
}

export interface ErrorBody {
  /** From the catalogue in core/base/errors.ts; docs/errors.md describes each. */
  code: string;
  /** One line: what, why, what to do. */
  message: string;
  /** What of the request was refused, and why; absent where nothing in it was malformed. */
  fields?: FieldError[];
}

export interface FieldError {
  /** Where: `body.port`, `body.share[2]`, `path.name`, `header.content-type`. */
  field: string;
  /** What is allowed there. */
  reason: string;
}

export interface Addresses {
  /** The alias by which programs of this host reach it; another host may use another. */
  ipv4: string | null;
  /** The same on every host. */
  ipv6: string | null;
}

export type PathKind = 'direct' | 'punched' | 'relayed';

export interface PathView {
  /** null while no path is proven. */
  kind: PathKind | null;
  /** ADDRESS:PORT or [ADDRESS]:PORT. */
  remote: string | null;
  /** What carries its datagrams, of a relayed path: those to the relay; tcp and tls only where UDP is blocked. */
  transport: 'udp' | 'tcp' | 'tls' | null;
  /** Name of the relay, or its node ID; null: the path leads through none. */
  relay: string | null;
}

/** Why a path leads through a relay; see answers.ts for what each means. */
export type RelayedCode =
  | 'trying'
  | 'unused'
  | 'udpBlocked'
  | 'unpredictablePorts'
  | 'notOpened'
  | 'noAnswer'
  | 'noAddress'
  | 'untried';

export interface PeerPathView extends PathView {
  code: RelayedCode | null;
  /** The same for people. */
  reason: string | null;
  /** Until a direct way is looked for again; null: that is under way, or waits until a program uses the peer. */
  nextTryMs: number | null;
}

export interface PeerView {
  nodeId: string;
  name: string;
  organisation: string;
  state: 'connected' | 'connecting' | 'idle';
  addresses: Addresses;
  path: PeerPathView;
  rttMs: number | null;
  flow: PeerFlowView | null;
  txBytes: number;
  rxBytes: number;
  /** Last authenticated datagram. */
  lastSeen: string | null;
}

export type Protocol = 'tcp' | 'udp';

/** How a provider finds out whether its target answers; `none` takes it to be healthy. */
export type HealthCheck = 'tcp' | 'none';

export interface ServiceHealth {
  /** `unknown`: not checked yet. */
  state: 'healthy' | 'unhealthy' | 'unknown';
  /** Why it is not healthy; null where there is nothing to say. */
  reason: string | null;
  /** The target answers this family; only those are published. */
  ipv4: boolean;
  ipv6: boolean;
}

/** A service that this node offers. */
export interface ServiceView {
  name: string;
  protocol: Protocol;
  port: number;
  /** null: this host's own port. */
  target: string | null;
  weight: number;
  /**
   * Who reaches it beside the own organisation: IDs of organisations, or `all`, or `guests`. With `tag:NAME` the own organisation is
   * narrowed to those whose certificates bear one of the tags.
   */
  share: string[];
  check: HealthCheck;
  health: ServiceHealth;
  /** Of the one instance at this node; null until the node runs. */
  endpointId: string | null;
  addresses: {
    /** Of this instance. */
    endpoint: Addresses;
    /** Of the service: whichever provider answers. */
    service: Addresses;
  };
}

export interface ServiceInput {
  port: number;
  protocol?: Protocol;
  /** HOST:PORT; null: this host's own port. */
  target?: string | null;
  weight?: number;
  share?: string[];
  /** Default: `tcp` for TCP, `none` for UDP, which allows nothing else. */
  check?: HealthCheck;
}

/** Who a name stands for. */
export interface Resolution {
  /** As it was asked, with the zone. */
  name: string;
  /** What a program connects to: of a service its own addresses, of a node the host's; IPv6 first. */
  addresses: string[];
  /** Healthy ones first. Of a node: the host itself, without port and protocol. */
  endpoints: EndpointView[];
  /** IDs of all nodes of the own organisation that have this node's name, where there are several. */
  namesakes: string[];
  /** What those who offer it refused this node by their policy within the last hour. */
  refused: RefusalView[];
}

export interface EndpointView {
  endpointId: string;
  nodeId: string;
  /** Empty while unknown. */
  nodeName: string;
  /** One of the two below by which this host reaches it. */
  address: string;
  ipv4: string | null;
  ipv6: string | null;
  /** null: a host, with every port that is open to this node. */
  port: number | null;
  protocol: Protocol | null;
  weight: number | null;
  healthy: boolean;
}

/** Either, not both; at most 820 bytes. */
export interface RecordInput {
  /** Text, stored as UTF-8. */
  value?: string;
  /** Any bytes. */
  valueBase64url?: string;
}

/** What was stored. */
export interface RecordResult {
  /** As it was given; of an immutable record its hash, 52 characters of base32. */
  key: string;
  /** Rises with every value of this node under the key. */
  sequence: number;
  expires: string;
  /** Nodes that hold it. */
  copies: number;
}

export interface RecordSet {
  key: string;
  /** One per node that stored a value under the key, newest first. */
  records: RecordView[];
}

export interface RecordView {
  /** null: not UTF-8. */
  value: string | null;
  valueBase64url: string;
  /** Who stored it. */
  nodeId: string;
  sequence: number;
  expires: string;
}

export interface Warning {
  code: string;
  message: string;
}

export interface Status {
  version: string;
  /** `unconfigured`: neither init nor join happened yet. */
  state: 'unconfigured' | 'running';
  nodeId: string | null;
  networkId: string | null;
  network: string | null;
  organisation: string | null;
  organisationId: string | null;
  /** Name of the organisation whose guest this node is; null: it is a member, or nobody yet. */
  guestOf: string | null;
  name: string | null;
  /** This node signs for its organisation: it may invite. */
  signer: boolean;
  addresses: Addresses;
  /** null where no TUN is open: unconfigured, or a daemon that the cli started for one command. */
  interface: string | null;
  mtu: number | null;
  /** Local addresses of the UDP sockets. */
  listen: string[];
  nat: StatusNatView;
  /** Library that seals AES-256-GCM, such as `ipsec-mb 1.3.0` or `openssl`; null while unconfigured. */
  aesGcm: string | null;
  certificateExpires: string | null;
  uptimeMs: number;
  peers: PeerView[];
  services: ServiceView[];
  dns: DnsView;
  dht: DhtView;
  relaying: RelayingView;
  streams: StreamsView;
  /** What policy refused, here and by others, the latest first: at most 64 pairs of a node and a service. */
  refusals: RefusalView[];
  /** Datagrams and packets that were dropped since start, by reason. */
  drops: Record<string, number>;
  warnings: Warning[];
}

/** In RFC 4787's words. */
export type NatBehaviour = 'unknown' | 'endpointIndependent' | 'addressDependent' | 'addressAndPortDependent';

export type NatKind =
  | 'unknown'
  | 'open'
  | 'fullCone'
  | 'addressRestricted'
  | 'portRestricted'
  | 'symmetric'
  | 'symmetricPredictable';

/** What stands between this node and the others, as they see it. */
export interface NatView {
  /** In one word; open: no NAT. Null while unconfigured. */
  kind: NatKind | null;
  mapping: NatBehaviour | null;
  /** The strictest until somebody comes unasked. */
  filtering: NatBehaviour | null;
  /** ADDRESS:PORT, or ADDRESS alone where the port depends on who is asked; null: not known. */
  publicAddress: string | null;
  /** The port seen outside is the one listened on; null: not known. */
  portPreserving: boolean | null;
  /** Between two ports that a predictable NAT gives. */
  portStep: number | null;
  /** This node was seen to reach its own public address; null: it was not. */
  hairpin: boolean | null;
  /** Seconds that the NAT or firewall remembers an idle way, at least; 118: perhaps longer, 15: perhaps shorter; null: not measured. */
  mappingLifetimeS: number | null;
  /** Nodes that said how they see this one. */
  samples: number;
}

export interface StatusNatView extends NatView {
  /** What a gateway passes on to this node; null: nothing, or nobody is asked. */
  portMapping: PortMappingView | null;
}

/** What other nodes said when they were asked anew, and what follows from it. */
export interface NetCheck {
  /** Nodes. */
  asked: number;
  answered: number;
  ipv4: NatView;
  ipv6: NatView;
  /** A node of the Internet came here unasked. */
  reachedUnasked: boolean;
  /** Nothing comes by UDP: other nodes are reached by TCP or TLS. */
  udpBlocked: boolean;
  portMapping: PortMappingView | null;
  /** Those that keep this node reachable. */
  relays: { nodeId: string; name: string; rttMs: number | null }[];
  /** ADDRESS:PORT that the network is told. */
  told: string[];
  /** For people: what it means for connecting, and what they could change. */
  meaning: string;
  advice: string[];
}

export interface PortMappingView {
  protocol: 'pcp' | 'nat-pmp' | 'upnp';
  /** ADDRESS:PORT. */
  external: string;
  /** It is renewed before; null: it stays until it is taken back. */
  expiresAt: string | null;
  /** False: the gateway is itself behind a NAT, so that the Internet does not get here by it. */
  public: boolean;
}

/** How names of the zone come to be answered on this host. */
export interface DnsView {
  /** `none`: programs of this host do not resolve them; null while unconfigured. */
  mode: 'resolved' | 'dnsmasq' | 'resolvconf' | 'file' | 'none' | null;
  /** Why this mode and not a better one. */
  reason: string | null;
  /** Without dots at its ends. */
  zone: string | null;
  /** Where the resolver answers. */
  addresses: string[];
}

export interface DhtView {
  /** `core`: routes and stores for others; null while unconfigured. */
  mode: 'core' | 'client' | null;
  /** Nodes in the routing table. */
  contacts: number;
  /** Records held, own ones included. */
  records: number;
}

/** Relays, from both sides. */
/** Connections that carry datagrams where UDP is blocked. */
export interface StreamsView {
  /** Nothing comes by UDP, and other nodes are reached by TCP or TLS. */
  udpBlocked: boolean;
  /** Now, those that others made included. */
  open: number;
  /** On the node's own port; on port 443. */
  tcp: ListenView;
  tls443: ListenView;
}

export interface ListenView {
  listening: boolean;
  /** Why not; null while it listens, or is to listen once others reach this node. */
  reason: string | null;
}

export interface RelayingView {
  /** Nodes that this node keeps reachable, and pairs that it relays for. */
  nodes: number;
  circuits: number;
  /** Node IDs of those that keep this node reachable; empty where none has to, or none does. */
  relays: string[];
}

/** `nextCursor`: there are no more than these. */
export interface PeerList {
  peers: PeerView[];
  nextCursor: null;
}

export interface ServiceList {
  services: ServiceView[];
  nextCursor: null;
}

export interface PingInput {
  /** Node name, node ID or virtual address. */
  target: string;
  /** Echoes, 1 to 1,000; default 4. */
  count?: number;
}

export interface PingResult {
  nodeId: string;
  name: string;
  /** The virtual address by which this host reaches the target. */
  address: string;
  path: PathView;
  rttMs: number[];
  lost: number;
}

/** What `mcc init` needs to sign with the root key, which the daemon never sees. */
export interface Keys {
  nodeId: string;
  /** Public signing key of the organisation, base64url. */
  signerKey: string;
}

export interface InitInput {
  /** Genesis document, base64url. */
  genesis: string;
  /** The organisation's certificate for Keys.signerKey. */
  organisation: {
    /** base64url. */
    certificate: string;
    signatures: {
      /** Index among the root keys of the genesis document. */
      root: number;
      /** base64url. */
      signature: string;
    }[];
  };
  /** Name of this node; default: the host's name. */
  name?: string;
}

export interface InitResult {
  nodeId: string;
  networkId: string;
  network: string;
  organisation: string;
  organisationId: string;
  name: string;
  addresses: Addresses;
}

export interface InviteResult {
  token: string;
  uses: number;
  expires: string;
  addresses: string[];
  /** Of each address, in the same order, whether it answers from outside; null: not known. */
  reachable: (boolean | null)[];
  warnings: Warning[];
}

export interface JoinResult extends InitResult {
  /** Name of the signer that admitted this node. */
  admittedBy: string;
  /** Whether the signer answered an echo after admission. */
  peer: PingResult | null;
}

/** Of `mcc organisation install`. */
export interface InstallResult extends InitResult {
  /** How a node of the network was reached; null: none is known, or none answered. */
  peer: PingResult | null;
  warnings: Warning[];
}
