// The REST contract: what travels on the socket as JSON. The cli imports nothing of the daemon but this file.
// Field names are camelCase and stable. Times are RFC 3339 in UTC, durations and round trips milliseconds,
// volumes bytes. A field that is not known yet is null, never absent.

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
}

export interface PeerView {
  nodeId: string;
  name: string;
  organisation: string;
  state: 'connected' | 'connecting' | 'idle';
  addresses: Addresses;
  path: PathView;
  rttMs: number | null;
  txBytes: number;
  rxBytes: number;
  /** Last authenticated datagram. */
  lastSeen: string | null;
}

export type Protocol = 'tcp' | 'udp';

export interface ServiceView {
  name: string;
  protocol: Protocol;
  port: number;
  /** null: this host's own port. */
  target: string | null;
  weight: number;
  /** Organisations beside the own one that reach it: their IDs or names, or `all`. */
  share: string[];
}

export interface ServiceInput {
  port: number;
  protocol?: Protocol;
  /** HOST:PORT; null: this host's own port. */
  target?: string | null;
  weight?: number;
  share?: string[];
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
  name: string | null;
  /** This node signs for its organisation: it may invite. */
  signer: boolean;
  addresses: Addresses;
  /** null where no TUN is open: unconfigured, or a daemon that the cli started for one command. */
  interface: string | null;
  mtu: number | null;
  /** Local addresses of the UDP sockets. */
  listen: string[];
  nat: { mapping: string | null; filtering: string | null };
  /** Library that seals AES-256-GCM, such as `ipsec-mb 1.3.0` or `openssl`; null while unconfigured. */
  aesGcm: string | null;
  certificateExpires: string | null;
  uptimeMs: number;
  peers: PeerView[];
  services: ServiceView[];
  /** Datagrams and packets that were dropped since start, by reason. */
  drops: Record<string, number>;
  warnings: Warning[];
}

export interface PeerList {
  peers: PeerView[];
}

export interface ServiceList {
  services: ServiceView[];
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

export interface InviteInput {
  /** Name or ID; default: the own one. */
  organisation?: string;
  /** 1 to 1,000; default 1. */
  uses?: number;
  /** Default 24 h. */
  expiresMs?: number;
  /** HOST:PORT by which joiners reach this node; default: the advertised and the interfaces' addresses. */
  addresses?: string[];
  /** Service names that the admitted nodes may offer; default all. */
  provides?: string[];
}

export interface InviteResult {
  token: string;
  uses: number;
  expires: string;
  addresses: string[];
  warnings: Warning[];
}

export interface JoinInput {
  token: string;
  name?: string;
}

export interface JoinResult extends InitResult {
  /** Name of the signer that admitted this node. */
  admittedBy: string;
  /** Whether the signer answered an echo after admission. */
  peer: PingResult | null;
}
