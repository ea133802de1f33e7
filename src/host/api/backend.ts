import type {
  InitInput,
  InitResult,
  InviteInput,
  InviteResult,
  JoinInput,
  JoinResult,
  Keys,
  PeerView,
  PingInput,
  PingResult,
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
  addService(name: string, service: ServiceInput, replace: boolean): boolean;
  removeService(name: string): void;
  ping(input: PingInput): Promise<PingResult>;
  /** Makes the node's and the organisation's keys unless they exist. */
  keys(): Keys;
  init(input: InitInput): Promise<InitResult>;
  invite(input: InviteInput): Promise<InviteResult>;
  join(input: JoinInput): Promise<JoinResult>;
  metrics(): Metrics;
  readonly events: EventSource;
}

/** What /metrics shows beside the status. */
export interface Metrics {
  version: string;
  sentBytes: number;
  receivedBytes: number;
  /** By reason; names as in Status.dropped. */
  dropped: Record<string, number>;
  peers: PeerView[];
  /** Unix seconds; undefined: no certificate. */
  certificateExpiry: number | undefined;
  warnings: number;
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
