// What the DHT is told, what it says, and what is kept of it on disk. Times: ms of the turn's clock, unless said otherwise.
import type { DropReason } from '../base/drop-reason.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import type { Rng } from '../base/rng.ts';
import type { ChainVerifier } from '../identity/identity.ts';
import type { Crypto, NetworkId, NodeId, OrganisationId } from '../identity/types.ts';
import type { DhtContact, DhtMessage, DhtQuestion, DhtRecord } from '../wire/types.ts';

/** A member as its chain proves it. */
export interface DhtIdentity {
  readonly nodeId: NodeId;
  /** Of its certificate: places it. */
  readonly nonce: Uint8Array;
  readonly organisation: OrganisationId;
  readonly name: string;
  /** Patterns of service names that it may offer; none: all. */
  readonly provides: readonly string[];
  /** Encoded, verified. */
  readonly chain: Uint8Array;
  /** Unix s; the end of its certificate. */
  readonly notAfter: number;
}

/** A node that a session stands with: what it says of itself is certified. */
export interface CertifiedPeer extends DhtIdentity {
  /** Where it is reached, the proven one first. */
  readonly addresses: readonly SocketAddress[];
  /** It serves the DHT. */
  readonly isCore: boolean;
  /** Of its path, where measured. */
  readonly rttMs?: number;
}

/** A node of the routing table, as persisted: it was seen with its certificate. */
export interface KeptContact extends DhtContact {
  readonly organisation: OrganisationId;
}

/** DEFAULT_DHT_LIMITS has the defaults; a simulation may set others. */
export interface DhtLimits {
  /** Nodes closest to a key that are to hold its records; contacts of one bucket. */
  readonly k: number;
  /** Questions under way on one path of a lookup. */
  readonly alpha: number;
  readonly paths: number;
  /** Nodes that a publisher stores at itself. */
  readonly copies: number;
  /** Records of one key at one node; of one key and organisation. */
  readonly recordsPerKey: number;
  readonly recordsPerPublisher: number;
  /** Records brought from one public /24 or /48. */
  readonly recordsPerPrefix: number;
  /** Bytes of all records with their publishers' chains; of one organisation at most half, its sealed ones a quarter. */
  readonly storeBytes: number;
  /** Estimated bytes per day for refreshing and replicating, all headers and handshakes counted. */
  readonly upkeepBytesPerDay: number;
}

export interface DhtOptions {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly networkId: NetworkId;
  readonly verifier: Pick<ChainVerifier, 'verify' | 'verifyPseudonym' | 'isRevoked'>;
  readonly self: DhtIdentity;
  /** Kept from earlier: where lookups begin until others were seen. */
  readonly contacts: readonly KeptContact[];
  /** Unix ms minus `now`. */
  readonly wallOffsetMs: number;
  readonly isCore?: boolean;
  readonly limits?: Partial<DhtLimits>;
}

export type DhtInput =
  /** Whether this node serves: stores, and stands in routing tables. */
  | { readonly kind: 'mode'; readonly isCore: boolean }
  /** The own certificate was renewed. */
  | { readonly kind: 'renewed'; readonly self: DhtIdentity }
  /** The system clock was set: the new DhtOptions.wallOffsetMs. */
  | { readonly kind: 'wallClock'; readonly wallOffsetMs: number }
  /** The verifier refuses chains that it accepted before: whatever they vouched for goes. */
  | { readonly kind: 'revoked' }
  /** A session with a member stands, or what it says of itself changed. Before its first message. */
  | { readonly kind: 'seen'; readonly peer: CertifiedPeer }
  /** The session is no more. */
  | { readonly kind: 'gone'; readonly nodeId: NodeId }
  /** No session could be made for what was sent. */
  | { readonly kind: 'unreachable'; readonly nodeId: NodeId }
  /** `address`: where it came from, for bounds by prefix. */
  | {
      readonly kind: 'message';
      readonly from: NodeId;
      readonly message: DhtMessage;
      readonly address?: SocketAddress;
    }
  /**
   * Looks a key up. `limit`: records wanted of a key with many (an even sample of them), at most FIND_LIMIT_MAX; 32 unless
   * told. `id` is the caller's, and not in use.
   */
  | {
      readonly kind: 'find';
      readonly id: number;
      readonly key: Uint8Array;
      readonly records: boolean;
      readonly limit?: number;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  /**
   * Own record (an encoded SignedRecord) under its root key: brought to the nodes closest to it, and again until it has copies.
   * It replaces the one published before under the key; a withdrawn one is brought to all and then forgotten. `publisher`: of a sealed
   * record the pseudonym of this node, of its own organisation.
   */
  | {
      readonly kind: 'publish';
      readonly key: Uint8Array;
      readonly record: Uint8Array;
      readonly publisher?: OwnPseudonym;
    };

/** Under which this node publishes sealed records. */
export interface OwnPseudonym {
  readonly key: Uint8Array;
  /** Encoded. */
  readonly chain: Uint8Array;
  /** Unix s. */
  readonly notAfter: number;
}

/** A session is opened where there is none; a question may ride in its first message. */
export interface DhtSend {
  readonly to: DhtContact;
  readonly message: DhtMessage;
}

export type DhtEvent =
  | FoundEvent
  /** Nodes that said they hold it; with 0 it is tried again later. */
  | { readonly kind: 'published'; readonly key: Uint8Array; readonly copies: number }
  /** Misbehaviour of a remote, counted. */
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** Of one find: any number with `isComplete` false as answers come in, then one with true. Each has all that is known so far. */
export interface FoundEvent {
  readonly kind: 'found';
  readonly id: number;
  /**
   * Signature, publisher's rights, key and expiry checked; the newest of each publisher, withdrawn ones left out. Not more than
   * the limit: then an even sample of all.
   */
  readonly records: readonly DhtRecord[];
  /** Checked likewise: what publishers took back, as far as it was met under the key itself. At most the limit. */
  readonly withdrawn: readonly DhtRecord[];
  /** Records under the key, estimated where it is spread. */
  readonly total: number;
  /** Nodes closest to the key that answered, closest first. */
  readonly contacts: readonly DhtContact[];
  /** Longest chain of answers that led to one of them; 0: known before. */
  readonly hops: number;
  readonly isComplete: boolean;
}

export type DhtPersist =
  | { readonly kind: 'contact'; readonly contact: KeptContact }
  | { readonly kind: 'forgetContact'; readonly nodeId: NodeId };

export type DhtOutbox = Outbox<DhtSend, DhtEvent, DhtPersist>;

/** For `status` and metrics. */
/** One that lies here for the network. */
export interface KeptRecord {
  /** Of 32 bytes: where it lies. */
  readonly key: Uint8Array;
  readonly record: DhtRecord;
  /** Encoded SignedRecord. */
  readonly bytes: Uint8Array;
  /** By which its publisher may: encoded chain, and the organisation that it names. */
  readonly chain: Uint8Array;
  readonly organisation: OrganisationId;
  /** Seconds of Unix time; then it is dropped. */
  readonly expires: number;
  readonly isWithdrawn: boolean;
}

export interface KeptPage {
  readonly records: readonly KeptRecord[];
  /** Where the next page begins; undefined: this was the last. */
  readonly next: number | undefined;
}

export interface DhtStatus {
  readonly isCore: boolean;
  readonly contacts: number;
  readonly keys: number;
  readonly records: number;
  readonly storedBytes: number;
  readonly lookups: number;
  /** Core nodes in the network, as the density of known places suggests. */
  readonly estimatedNodes: number;
}

export type { DhtContact, DhtMessage, DhtQuestion, DhtRecord };
