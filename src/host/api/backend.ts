import type { ImportView } from './import-types.ts';
import type { KeptRecordList } from './kept-types.ts';
import type { MemberInput, MemberView } from './member-types.ts';
import type { RevocationView, RevokeInput } from './revocation-types.ts';
import type {
  AccessAnswer,
  DnsView,
  GuestInviteInput,
  GuestInviteResult,
  GuestsInput,
  GuestsResult,
  GuestWork,
  GuestWorkInput,
  InitInput,
  InitResult,
  InstallInput,
  InstallResult,
  InviteInput,
  InviteResult,
  JoinInput,
  JoinResult,
  KeyChangeInput,
  Keys,
  NetCheck,
  NetworkView,
  OrganisationView,
  PathKind,
  PeerView,
  PingInput,
  PingResult,
  RecordResult,
  RecordSet,
  RequestView,
  Resolution,
  ServiceInput,
  ServiceView,
  Status,
} from './types.ts';

/** What the routes ask of the daemon. Refusals are CodedErrors. */
export interface ApiBackend {
  status(): Status;
  peers(): PeerView[];
  services(): ServiceView[];
  /** Offers a service under a name, or replaces it when `replace`. True: there was none of this name. */
  addService(name: string, service: ServiceInput, replace: boolean): Promise<boolean>;
  removeService(name: string): void;
  /** Whether somebody may use something of this node. */
  access(from: string, to: string): AccessAnswer;
  /** Lets more use a service, or fewer; what runs and is not allowed any more ends. */
  reshareService(name: string, how: 'share' | 'unshare', share: readonly string[]): void;
  ping(input: PingInput): Promise<PingResult>;
  /** Asks other nodes how they see this one. NOBODY_ANSWERED: they are silent, or there are none. */
  netCheck(): Promise<NetCheck>;
  /** Makes the node's and the organisation's keys unless they exist. */
  keys(): Keys;
  init(input: InitInput): Promise<InitResult>;
  invite(input: InviteInput): Promise<InviteResult>;
  join(input: JoinInput): Promise<JoinResult>;
  /** Goes on under another key, which a signer admits in the old one's place. KEY_CHANGE: that was not confirmed. */
  changeKey(input: KeyChangeInput): Promise<JoinResult>;
  metrics(): Metrics;
  readonly events: EventSource;
  readonly directory: Directory;
  readonly guests: GuestBackend;
  readonly organisations: OrganisationBackend;
  readonly revocations: RevocationBackend;
  readonly imports: ImportBackend;
  readonly members: MemberBackend;
}

/** Nodes of the own organisation. */
export interface MemberBackend {
  /** The own node first, then by name. */
  list(): MemberView[];
  /** `member`: name or node ID. On disk when it returns; a member that is there has it a moment later. */
  change(member: string, input: MemberInput): MemberView;
}

/** Services of other organisations that have a name of their own on this node. */
export interface ImportBackend {
  /** By name. */
  list(): ImportView[];
  /** `service`: SERVICE.ORGANISATION. The same once more changes nothing. */
  add(name: string, service: string): Promise<ImportView>;
  remove(name: string): void;
}

/** What was taken back for good. */
export interface RevocationBackend {
  /** The newest first. */
  list(): RevocationView[];
  revoke(input: RevokeInput): Promise<RevocationView>;
}

/** Organisations of the network, and what root keys are asked and have signed. */
export interface OrganisationBackend {
  /** The own one first. */
  list(): OrganisationView[];
  network(): NetworkView;
  /** Asks for an organisation of this name, whose first signer this node will be. */
  create(name: string): RequestView;
  /** Asks for this node to be a signer of its organisation, or to go on as one, with another key if `newKey`. */
  requestSigner(newKey: boolean): RequestView;
  /** Approves another node's request, as a signer of its organisation. */
  approve(document: string): RequestView;
  /** Destroys the own signing key. */
  retire(force: boolean): Promise<void>;
  /** Takes up what root keys signed for this node. */
  install(input: InstallInput): Promise<InstallResult>;
}

/** Guests: at the signer that admits them, and on the way in. */
export interface GuestBackend {
  view(): GuestsResult;
  /** In force, and on disk, when it returns. */
  set(input: GuestsInput): GuestsResult;
  invite(input: GuestInviteInput): Promise<GuestInviteResult>;
  /** Asks the signers of an invitation what is to be done. GUESTS_CLOSED: nobody is admitted. */
  work(input: GuestWorkInput): Promise<GuestWork>;
}

/** Names and records of the network. */
export interface Directory {
  /** NAME_UNKNOWN: nobody answers to it. TIMED_OUT: the network could not be asked. */
  resolve(name: string): Promise<Resolution>;
  /** Stores this node's value under a text that people chose; 1 to VALUE_MAX bytes. */
  putRecord(key: string, value: Uint8Array): Promise<RecordResult>;
  /** Stores a value under its hash. */
  putImmutable(value: Uint8Array): Promise<RecordResult>;
  /** RECORD_UNKNOWN: there is none. */
  getRecord(key: string): Promise<RecordSet>;
  /** `hash`: 32 bytes. RECORD_UNKNOWN: there is none. */
  getImmutable(hash: Uint8Array): Promise<RecordSet>;
  /** Takes this node's value back. RECORD_UNKNOWN: it stored none. */
  deleteRecord(key: string): Promise<void>;
  /** A page of what lies here for the network. */
  kept(cursor: number): KeptRecordList;
}

/** What /metrics shows beside the status. */
export interface Metrics {
  version: string;
  /** UDP payload by the kind of path that carried it. */
  sentBytes: Partial<Record<PathKind, number>>;
  receivedBytes: Partial<Record<PathKind, number>>;
  /** By reason; names as in Status.drops. */
  dropped: Record<string, number>;
  peers: PeerView[];
  /** Unix seconds; undefined: no certificate. */
  certificateExpiry: number | undefined;
  warnings: number;
  /** undefined: no node runs. */
  dht: DhtMetrics | undefined;
  /** How names come to be answered on this host; null: no node runs. */
  dnsMode: DnsView['mode'];
  /** undefined: no node runs. */
  dns: DnsMetrics | undefined;
}

/** Since the node's start. */
export interface DnsMetrics {
  /** By transport. */
  queries: Readonly<Record<string, number>>;
  /** By response code, as RFC 6895 calls it; answers of other servers are not among them. */
  answers: Readonly<Record<string, number>>;
  /** Names of the network that were known already. */
  cacheHits: number;
  /** Queries for other zones; undefined: no interface. */
  forwarded: ForwardMetrics | undefined;
}

export interface ForwardMetrics {
  /** Passed on to the host's servers. */
  asked: number;
  /** Of these, no server answered in time. */
  failed: number;
  /** Of these, the answer was withheld, since it pointed into the overlay or at this host. */
  stripped: number;
  /** Not passed on: too many under way, malformed, or of an own zone. */
  refused: number;
}

export interface DhtMetrics {
  /** It routes and stores for others. */
  isCore: boolean;
  /** Nodes in the routing table. */
  contacts: number;
  /** Held, own ones included. */
  records: number;
  /** Bytes of the records. */
  storedBytes: number;
  /** Lookups under way. */
  lookups: number;
  /** Core nodes of the network, guessed from the places of those that are known. */
  estimatedNodes: number;
}

export interface ApiEvent {
  /** Rises by one; the ring keeps the last of them. */
  readonly id: number;
  readonly name: string;
  readonly data: unknown;
}

export interface EventSource {
  /** Events behind `id` that are still kept; undefined: some of them are gone. */
  since(id: number): ApiEvent[] | undefined;
  readonly lastId: number;
  subscribe(listener: (event: ApiEvent) => void): () => void;
}
