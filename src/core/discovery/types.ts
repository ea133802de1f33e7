// What discovery is told and what it says. Times: `now` is ms of a clock that only goes forward; sequences are Unix ms,
// expiries seconds of Unix time.
import type { DropReason } from '../base/drop-reason.ts';
import type { ErrorCode } from '../base/errors.ts';
import type { IpAddress, SocketAddress } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import type { Rng } from '../base/rng.ts';
import type { DhtEvent, DhtInput } from '../dht/types.ts';
import type { OwnEpoch, VerifiedEpoch } from '../identity/identity.ts';
import type { Crypto, EndpointId, NetworkId, NodeId, NodeKeys, OrganisationId } from '../identity/types.ts';
import type { RelayHint } from '../wire/types.ts';

// --- Names ---

/**
 * What a name asks for. `organisation` is an organisation's name or, 52 characters, its ID as text; undefined: the own one.
 * All texts are lower case and valid labels.
 */
export type QueryName =
  | { readonly kind: 'service'; readonly name: string; readonly organisation: string | undefined }
  | { readonly kind: 'node'; readonly name: string; readonly organisation: string | undefined }
  /** 32 bytes; whether they are a key is not known yet. */
  | { readonly kind: 'nodeId'; readonly nodeId: NodeId }
  /** One endpoint of a service: what an SRV answer points to. */
  | {
      readonly kind: 'endpoint';
      readonly service: string;
      /** The provider's name, or its ID as text. */
      readonly node: string;
      readonly organisation: string | undefined;
    }
  /** A virtual IPv6 address, whose name is wanted. Whoever asks has turned an IPv4 alias into it. */
  | { readonly kind: 'address'; readonly address: IpAddress };

// --- Results ---

export type ResolveResult =
  | FoundName
  /** There is no such name: NXDOMAIN. Also a name that no one may have. */
  | { readonly kind: 'notFound' }
  /** No organisation of this name is known here: NXDOMAIN. */
  | { readonly kind: 'unknownOrganisation' }
  /** Several have this name: the one that is meant has to be named by its ID. For DNS as good as unknown. */
  | { readonly kind: 'ambiguousOrganisation'; readonly organisations: readonly OrganisationId[] }
  /** Nothing public has this name, and what is private cannot be found: this member knows no epoch of its organisation yet. SERVFAIL. */
  | { readonly kind: 'noEpoch' }
  /** Nobody can tell at the moment (no node of the DHT answers, too many questions): SERVFAIL, nothing to cache. */
  | { readonly kind: 'unavailable' };

export interface FoundName {
  readonly kind: 'found';
  readonly of: 'service' | 'endpoint' | 'node';
  /** In full but without the zone, as PTR gives it: `hello`, `hello.acme`, `box.node`. */
  readonly name: string;
  /** The service's, the endpoint's or the node's host: a virtual IPv6 address; its alias is assigned by node. */
  readonly address: IpAddress;
  /** Families that DNS answers: A, AAAA. At least one endpoint has them. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** The service's, those that new flows use first; of an endpoint just this one; of a node none. */
  readonly endpoints: readonly EndpointView[];
  /** Providers that the DHT knows; more than endpoints.length when only a sample is kept. */
  readonly total: number;
  /** Of a node; else undefined. */
  readonly node: NodeView | undefined;
  readonly organisation: OrganisationId;
  /** '' while unknown. */
  readonly organisationName: string;
}

export interface NodeView {
  readonly nodeId: NodeId;
  /** '' while unknown. */
  readonly name: string;
  readonly organisation: OrganisationId;
}

/** One instance of a service, as its provider's record and sessions tell. */
export interface EndpointView {
  readonly endpointId: EndpointId;
  /** Virtual IPv6 address of this endpoint. */
  readonly address: IpAddress;
  readonly nodeId: NodeId;
  /** Of the provider; '' before a session or its name record told. */
  readonly nodeName: string;
  /** Name of this endpoint without the zone (QueryName `endpoint`), e.g. `hello.box.node`: target of an SRV answer. */
  readonly target: string;
  /** In packets of and to the provider, 1 .. 65535. */
  readonly selector: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly weight: number;
  /** Families that the target answers. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** On this host. */
  readonly isOwn: boolean;
  /** The provider's chain is known, names this organisation and provides the name. */
  readonly isVerified: boolean;
  /** Its own test passes, and it is not known to be down. For people; the engine goes by isUp. */
  readonly healthy: boolean;
  /** New flows may go there: it is among the best that are left. At least one endpoint of a set is up. */
  readonly isUp: boolean;
  /** Where the provider's node may be reached, unproven: at most SERVICE_ADDRESSES_MAX. */
  readonly addresses: readonly SocketAddress[];
  readonly relays: readonly RelayHint[];
}

/** A user's record under a key; of one publisher. */
export interface StoredValue {
  readonly publisher: NodeId;
  /** '' while unknown. */
  readonly nodeName: string;
  readonly value: Uint8Array;
  /** Unix ms of the publisher's clock. */
  readonly sequence: number;
  /** Seconds of Unix time. */
  readonly expires: number;
  /** The publisher's chain is known and names the organisation; always true for an immutable value, which proves itself. */
  readonly isVerified: boolean;
}

// --- The machine ---

export interface DiscoveryOptions {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly networkId: NetworkId;
  readonly keys: NodeKeys;
  /** Who this node is, as its chain says; undefined: a joiner, who publishes nothing and finds nothing. */
  readonly member: Membership | undefined;
  /** Add it to `now` to get Unix ms. */
  readonly wallOffsetMs: number;
  readonly state: DiscoveryState;
  /** Whether a node's membership of an organisation was taken back; `organisation` undefined: of the own one, or all. */
  readonly isRevoked?: (nodeId: NodeId, organisation: OrganisationId | undefined) => boolean;
}

export interface Membership {
  readonly name: string;
  readonly organisation: OrganisationId;
  readonly organisationName: string;
  /** Patterns of service names that this node may offer; none: all. */
  readonly provides: readonly string[];
}

/** What was persisted earlier. */
export interface DiscoveryState {
  /** Highest sequence that was ever signed; 0: none. */
  readonly lastSequence: number;
  readonly values: readonly OwnValue[];
}

/** A value that this node's user put: kept and published again until it is taken back. */
export interface OwnValue {
  /** Key under the own organisation; '': immutable, under its hash. */
  readonly name: string;
  readonly value: Uint8Array;
}

/** A service that this host offers. */
export interface OwnService {
  readonly name: string;
  /** 1 .. 65535; not reused for another name. */
  readonly selector: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** 0 .. 65535 */
  readonly weight: number;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly healthy: boolean;
  /** Anybody may know of it: members of all organisations, and guests. */
  readonly isPublic: boolean;
  /** Other organisations whose members may know of it, where not everybody may. */
  readonly sharedWith: readonly OrganisationId[];
}

/**
 * up: a session stands and answers; suspect: it does not answer at the moment; down: it died, or none could be made;
 * idle: there is none, which says nothing.
 */
export type PeerState = 'up' | 'suspect' | 'down' | 'idle';

/** What is known of another node. The lower fields come of its verified chain: undefined until there is one. */
export interface PeerInput {
  readonly kind: 'peer';
  readonly nodeId: NodeId;
  readonly state: PeerState;
  readonly member: Membership | undefined;
}

export type DiscoveryInput =
  /** Where this node is reached, as it may be told to others. */
  | {
      readonly kind: 'self';
      readonly addresses: readonly SocketAddress[];
      readonly relays: readonly RelayHint[];
      readonly isCore: boolean;
    }
  | { readonly kind: 'wallClock'; readonly wallOffsetMs: number }
  /** A name of an organisation of this network, as a verified chain said. The own one is known. */
  | { readonly kind: 'organisation'; readonly name: string; readonly id: OrganisationId }
  | PeerInput
  /**
   * The own organisation's epochs that this node can read, the current one first; none: nobody gave it one yet. Until this was said once
   * the node belongs to nothing that has epochs.
   */
  | { readonly kind: 'epochs'; readonly own: readonly OwnEpoch[] }
  /** What is known of another organisation's epochs, newest first; none: nothing. Answers every `wantEpochs`. */
  | {
      readonly kind: 'foreignEpochs';
      readonly organisation: OrganisationId;
      readonly epochs: readonly VerifiedEpoch[];
    }
  /**
   * These nodes are members no longer: nothing leads to them any more. `isWide`: others may have gone with them, so that what no verified
   * chain vouches for is looked up anew.
   */
  | { readonly kind: 'revoked'; readonly nodeIds: readonly NodeId[]; readonly isWide: boolean }
  /**
   * Offers a service, or changes what is said of it. Throws CodedError, changing nothing: name invalid or reserved, or not
   * among what the own chain provides. Before a chain is there, nothing is published, and nothing checked.
   */
  | { readonly kind: 'offer'; readonly service: OwnService }
  | { readonly kind: 'unoffer'; readonly name: string }
  /** The node stops cleanly: its services are withdrawn (and come back with the next start). */
  | { readonly kind: 'stop' }
  /** Answered by exactly one `resolved`. `isWhole`: when the lookup has ended, not at the first usable answer. */
  | { readonly kind: 'resolve'; readonly id: number; readonly name: QueryName; readonly isWhole?: boolean }
  /**
   * A new flow or query uses the service: its set is kept for a minute at least and, at most every 2 s, looked up again.
   * `isQuiet`: flows go on; the set is kept, and that is all.
   */
  | {
      readonly kind: 'used';
      readonly organisation: OrganisationId;
      readonly service: string;
      readonly isQuiet?: boolean;
    }
  /** Addresses of a node are wanted: answered by `node`. `isUrgent`: those that were found a moment ago do not work. */
  | { readonly kind: 'wantNode'; readonly nodeId: NodeId; readonly isUrgent?: boolean }
  /**
   * Keeps a user's value in the DHT. `name` '': immutable, under its hash. Answered by one `stored`. Throws CodedError,
   * changing nothing: RECORD_KEY_INVALID, RECORD_TOO_LARGE, RECORDS_FULL.
   */
  | { readonly kind: 'put'; readonly id: number; readonly name: string; readonly value: Uint8Array }
  /** Takes a value back: `key` is its name, or the hash as text. Throws CodedError RECORD_UNKNOWN when it is not this node's. */
  | { readonly kind: 'unput'; readonly key: string }
  /** `key`: a name, or the hash of an immutable value as text. Answered by one `got`. */
  | {
      readonly kind: 'get';
      readonly id: number;
      readonly key: string;
      /** Name or ID as text; undefined: the own one. */
      readonly organisation: string | undefined;
    }
  /** Of the DHT, as it says them: answers to `find`, and own records that were stored. */
  | Extract<DhtEvent, { kind: 'found' | 'published' }>;

/** For the DHT. */
export type DiscoverySend = Extract<DhtInput, { kind: 'find' | 'cancel' | 'publish' }>;

export type DiscoveryEvent =
  /** What the packet's way needs of a service; whenever it changes. An empty set keeps its address. */
  | {
      readonly kind: 'service';
      /** Names the set until `serviceGone`. */
      readonly key: string;
      readonly organisation: OrganisationId;
      readonly name: string;
      /** Virtual IPv6 address of the service. */
      readonly address: IpAddress;
      readonly endpoints: readonly EndpointView[];
    }
  /** The set is forgotten. */
  | { readonly kind: 'serviceGone'; readonly key: string }
  /** What a lookup of a node found: candidates for paths, unproven; none: nothing is known. */
  | {
      readonly kind: 'node';
      readonly nodeId: NodeId;
      /** As its record says, unproven; '' when it says none. */
      readonly name: string;
      /** Empty: unknown. */
      readonly organisation: OrganisationId;
      readonly addresses: readonly SocketAddress[];
      readonly relays: readonly RelayHint[];
      readonly isCore: boolean;
    }
  /** Packets will probably go there: a session should stand. Without a way to the node, wantNode finds addresses. */
  | {
      readonly kind: 'warm';
      readonly nodeId: NodeId;
      readonly addresses: readonly SocketAddress[];
      readonly relays: readonly RelayHint[];
    }
  | { readonly kind: 'resolved'; readonly id: number; readonly result: ResolveResult }
  /**
   * The epochs of another organisation are of use: answered by `foreignEpochs`, with what is known. `isUrgent`: something is waiting, or
   * was not found, that newer ones might lead to.
   */
  | { readonly kind: 'wantEpochs'; readonly organisation: OrganisationId; readonly isUrgent: boolean }
  | {
      readonly kind: 'stored';
      readonly id: number;
      /** What `get` takes: the name, or the hash as text. */
      readonly key: string;
      readonly sequence: number;
      /** Seconds of Unix time. It is renewed before that. */
      readonly expires: number;
      /** Nodes that keep it; 0: none yet, it is tried again. */
      readonly copies: number;
    }
  | { readonly kind: 'got'; readonly id: number; readonly result: GetResult }
  | { readonly kind: 'dropped'; readonly reason: DiscoveryDrop };

export type GetResult =
  /** Newest first; none: nobody keeps a value there. */
  | { readonly ok: true; readonly values: readonly StoredValue[] }
  | { readonly ok: false; readonly code: ErrorCode };

/** Why a record does not count. */
export type DiscoveryDrop = Extract<
  DropReason,
  | 'recordOrganisation'
  | 'recordProvides'
  | 'recordName'
  | 'recordReplayed'
  | 'recordExpired'
  | 'recordUnexpected'
  | 'recordUnreadable'
  | 'certificateRevoked'
>;

export type DiscoveryPersist =
  | { readonly kind: 'sequence'; readonly sequence: number }
  | { readonly kind: 'value'; readonly value: OwnValue }
  | { readonly kind: 'forgetValue'; readonly value: OwnValue };

export type DiscoveryOutbox = Outbox<DiscoverySend, DiscoveryEvent, DiscoveryPersist>;
