// What the wire's messages mean, as plain values. Bytes in them are copies of their own.
import type { SocketAddress } from '../base/ip.ts';
import type { EpochMessage } from './epoch-messages.ts';
import type { FlowRefusal } from './flow-refusal.ts';
import type { GuestMessage } from './guest-types.ts';
import type { RevocationMessage } from './revocation-types.ts';

export type { EpochHeld, EpochMessage } from './epoch-messages.ts';
export type { GuestMessage, GuestRequestMessage } from './guest-types.ts';
export type { HashRange, RevocationAnswer, RevocationMessage, RevocationQuery } from './revocation-types.ts';

// --- Inside a session (proto/control.proto) ---

export type ControlMessage =
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'pong'; readonly id: number; readonly observed: SocketAddress | undefined }
  | { readonly kind: 'observedAddress'; readonly address: SocketAddress }
  | AdmissionRequestMessage
  | { readonly kind: 'renewalRequest' }
  | {
      readonly kind: 'admissionAnswer';
      /** An encoded chain, not verified. */
      readonly chain: Uint8Array;
      readonly nodes: readonly NodeRecord[];
    }
  | { readonly kind: 'admissionRefusal'; readonly code: RefusalCode }
  /** `leg`: the sender's for what the receiver sends it through circuits; absent: it relays nothing. */
  | { readonly kind: 'nodeRecords'; readonly nodes: readonly NodeRecord[]; readonly leg?: number }
  | { readonly kind: 'close'; readonly reason: CloseReason }
  /** WAY_TOKEN_BYTES */
  | { readonly kind: 'confirmation'; readonly wayToken: Uint8Array }
  | {
      readonly kind: 'dialRequest';
      readonly nodeId: Uint8Array;
      readonly address: SocketAddress;
      /** Bytes; pays for what is sent to the address. */
      readonly padding: number;
    }
  | FlowRefusal
  | GuestMessage
  | ReachMessage
  | DhtMessage
  | RevocationMessage
  | EpochMessage;

/** What decoding gives: `unknown` is a well-formed message of a later version, to be counted and ignored. */
export type DecodedControl = ControlMessage | { readonly kind: 'unknown' };

export interface AdmissionRequestMessage {
  readonly kind: 'admissionRequest';
  /** SHA-256 of the verifier key, 32 bytes. */
  readonly tokenId: Uint8Array;
  /** HMAC-SHA-256(verifier key, handshake hash || node ID), 32 bytes. */
  readonly proof: Uint8Array;
  /** Name that the node would like to have, at most NAME_MAX bytes of any text: whoever decides validates it. */
  readonly name: string;
}

export const REFUSAL_CODES = [
  'other',
  'expired',
  'used',
  'unknown',
  'proof',
  'nameTaken',
  'nameInvalid',
  'notSigner',
  'busy',
  'closed',
  'full',
  'work',
  'stale',
  'revoked',
] as const;
/** Why a signer admits nobody; a code of a later version reads as `other`. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export const CLOSE_REASONS = ['other', 'shutdown', 'evicted', 'revoked', 'notMember', 'expired'] as const;
/** Why the sender forgets a session; a reason of a later version reads as `other`. */
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** What one node tells of another. Nothing in it is proven: the handshake with that node proves it. */
export interface NodeRecord {
  /** 32 bytes; whether it is a valid key is not checked here. */
  readonly nodeId: Uint8Array;
  /** A valid name, or empty while unknown. */
  readonly name: string;
  /** Organisation ID, 32 bytes, or empty while unknown. */
  readonly organisation: Uint8Array;
  /** At most RECORD_ADDRESSES_MAX. */
  readonly addresses: readonly SocketAddress[];
  /** It serves the DHT. */
  readonly core: boolean;
  /** At most RELAYS_MAX. */
  readonly relays: readonly RelayHint[];
}

// --- Reach (proto/reach.proto) ---

export type ReachMessage =
  | {
      readonly kind: 'relayRequest';
      /** The sender's, for what the relay sends it. */
      readonly leg: number;
      /** It wants to be reached through the relay too. */
      readonly inward: boolean;
    }
  /** `inward`: the receiver is reached through the relay too. */
  | {
      readonly kind: 'relayGrant';
      readonly leg: number;
      readonly seconds: number;
      readonly inward: boolean;
    }
  | { readonly kind: 'relayRefusal'; readonly code: RelayCode }
  | { readonly kind: 'circuitOpen' | 'circuitOffer'; readonly nodeId: Uint8Array; readonly number: number }
  | { readonly kind: 'circuitClose'; readonly number: number; readonly code: RelayCode }
  | { readonly kind: 'circuitEnd'; readonly nodeId: Uint8Array; readonly address: SocketAddress }
  | {
      readonly kind: 'relayCall';
      readonly relay: RelayHint;
      /** Bytes that make the message as long as it shall be. */
      readonly padding: number;
    }
  | {
      readonly kind: 'pathChallenge';
      /** PATH_TOKEN_BYTES */
      readonly token: Uint8Array;
      /** The response is to be as long. */
      readonly full: boolean;
      /** Bytes that make the plaintext as long as it shall be. */
      readonly padding: number;
      /** Seconds after which it is to be answered, at most PATH_DELAY_MAX_S. */
      readonly delayS: number;
    }
  | {
      readonly kind: 'pathResponse';
      readonly token: Uint8Array;
      readonly observed: SocketAddress | undefined;
      readonly padding: number;
    }
  | {
      readonly kind: 'punch';
      readonly round: number;
      readonly step: PunchStep;
      /** At most PUNCH_ADDRESSES_MAX. */
      readonly addresses: readonly SocketAddress[];
      readonly mapping: NatBehaviour;
      readonly filtering: NatBehaviour;
    };

export const RELAY_CODES = ['other', 'notOffered', 'full', 'noSuchNode', 'noGrant', 'ended'] as const;
/** Why a relay does not relay; a code of a later version reads as `other`. */
export type RelayCode = (typeof RELAY_CODES)[number];

export const PUNCH_STEPS = ['request', 'answer', 'go'] as const;
export type PunchStep = (typeof PUNCH_STEPS)[number];

export const NAT_BEHAVIOURS = [
  'unknown',
  'endpointIndependent',
  'addressDependent',
  'addressAndPortDependent',
] as const;
/** Of mapping and of filtering, in RFC 4787's words (sections 4.1 and 5). */
export type NatBehaviour = (typeof NAT_BEHAVIOURS)[number];

/** Through whom a node is reached that cannot be called; unproven. */
export interface RelayHint {
  readonly nodeId: Uint8Array;
  /** At most RELAY_ADDRESSES_MAX. */
  readonly addresses: readonly SocketAddress[];
}

// --- The DHT (proto/dht.proto) ---

export type DhtMessage = DhtQuestion | DhtAnswer | DhtStore | DhtStoreAnswer;

/** Changes nothing at the receiver. */
export interface DhtQuestion {
  readonly kind: 'dhtQuestion';
  /** Comes back with the answer; 32 bits. */
  readonly id: number;
  readonly key: Uint8Array;
  /** The records under the key too. */
  readonly records: boolean;
  /** The asker serves nothing and belongs in no routing table. */
  readonly client: boolean;
  /** Of the order in which records are drawn; 32 bits. */
  readonly seed: number;
  /** Records of that order to leave out. */
  readonly offset: number;
  /** Node ID whose chain is asked for instead of records; empty: none. */
  readonly publisher: Uint8Array;
}

export interface DhtAnswer {
  readonly kind: 'dhtAnswer';
  readonly id: number;
  /** Closest first, at most CONTACTS_MAX. */
  readonly contacts: readonly DhtContact[];
  /** Encoded SignedRecords, at most ANSWER_RECORDS_MAX: not verified. */
  readonly records: readonly Uint8Array[];
  /** Records that the answering node holds under the key; where they are spread, an estimate of all. */
  readonly total: number;
  /** To be shown with a store under this key; at most DHT_TOKEN_MAX bytes. */
  readonly token: Uint8Array;
  /** The key's records lie in 2^spread shards; 0: under the key itself. */
  readonly spread: number;
  /** The encoded chain that was asked for, or empty: not verified. */
  readonly chain: Uint8Array;
}

/** A node that serves the DHT; unproven. */
export interface DhtContact {
  readonly nodeId: Uint8Array;
  /** Of its certificate: places it. CERTIFICATE_NONCE_BYTES. */
  readonly nonce: Uint8Array;
  /** At most CONTACT_ADDRESSES_MAX. */
  readonly addresses: readonly SocketAddress[];
}

export interface DhtStore {
  readonly kind: 'dhtStore';
  readonly id: number;
  readonly token: Uint8Array;
  /** An encoded SignedRecord; empty: only the chain is brought. */
  readonly record: Uint8Array;
  /** The publisher's encoded chain, when somebody else stores for it and was asked for it; else empty. */
  readonly chain: Uint8Array;
  /** 0: under the record's own key; else 1 + shard number. */
  readonly shard: number;
  /** Brought by another holder: it is not passed on. */
  readonly replica: boolean;
  /** Of the key, as the bringer of a replica knows it. */
  readonly spread: number;
}

export const DHT_STORE_CODES = ['refused', 'done', 'full', 'old', 'token', 'chain', 'busy'] as const;
/**
 * full: store in one of 2^spread shards; old: a newer version is held; token: wrong or stale, ask anew; chain: bring the
 * publisher's chain first; busy: later. A code of a later version reads as `refused`.
 */
export type DhtStoreCode = (typeof DHT_STORE_CODES)[number];

export interface DhtStoreAnswer {
  readonly kind: 'dhtStoreAnswer';
  readonly id: number;
  readonly code: DhtStoreCode;
  readonly spread: number;
}

/** As signed, and the publisher's signature over it. */
export interface SignedRecord {
  readonly record: Uint8Array;
  readonly signature: Uint8Array;
}

interface RecordHead {
  /** Node ID; of a sealed record a pseudonym. */
  readonly publisher: Uint8Array;
  /** Rises with every version of the publisher's record under this key. */
  readonly sequence: number;
  /** Seconds of Unix time. */
  readonly expires: number;
  /** A name; of a user's key any text of 1 .. NAME_MAX bytes; '' where the kind has none. */
  readonly name: string;
}

/** What a record says. `body` undefined: the publisher takes it back. */
export type DhtRecord = RecordHead &
  (
    | { readonly kind: 'node' | 'nodeName'; readonly body: NodeBody | undefined }
    | { readonly kind: 'service'; readonly body: ServiceBody | undefined }
    | { readonly kind: 'user' | 'immutable'; readonly body: Uint8Array | undefined }
    | {
        readonly kind: 'sealed';
        /** HASH_BYTES: together with the epoch says where it lies. */
        readonly place: Uint8Array;
        /** ID of the epoch that the publisher is a pseudonym of. */
        readonly epoch: Uint8Array;
        /** SEALED_BYTES */
        readonly body: Uint8Array | undefined;
      }
  );

export const RECORD_KINDS = ['node', 'nodeName', 'service', 'user', 'immutable', 'sealed'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

export interface NodeBody {
  /** At most RECORD_ADDRESSES_MAX. */
  readonly addresses: readonly SocketAddress[];
  readonly core: boolean;
  /** At most RELAYS_MAX. */
  readonly relays: readonly RelayHint[];
}

export interface ServiceBody {
  /** Names the endpoint in packets of and to the publisher, 1 .. 65535. */
  readonly selector: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly weight: number;
  /** The target answers IPv4, IPv6. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly healthy: boolean;
  /** Of the publisher, at most SERVICE_ADDRESSES_MAX. */
  readonly addresses: readonly SocketAddress[];
  /** Of the publisher, at most RELAYS_MAX. */
  readonly relays: readonly RelayHint[];
}

// --- Inside the two Noise messages (proto/handshake.proto) ---

export const HANDSHAKE_KINDS = ['member', 'joiner', 'renewing', 'guest'] as const;
export type HandshakeKind = (typeof HANDSHAKE_KINDS)[number];

export interface HandshakePayload {
  readonly kind: HandshakeKind;
  /** An encoded chain, not verified; empty from a joiner. At most CHAIN_MAX bytes. */
  readonly chain: Uint8Array;
  /** Suite numbers, in order of preference; a response has the chosen one. At most SUITES_MAX. */
  readonly suites: readonly number[];
  /** Initiation: larger than any before by this node, a safe integer. Response: 0. */
  readonly freshness: number;
  /** Digest of the sender's revocation list, 32 bytes or none. */
  readonly revocationHead: Uint8Array;
  /**
   * An encoded Control without its leading byte, or none. Initiation: a question that changes nothing, at most EARLY_MAX
   * bytes. Response: its answer, at most EARLY_ANSWER_MAX bytes.
   */
  readonly early: Uint8Array;
}

// --- Certificates and tokens (proto/certificate.proto). Times: seconds of Unix time ---

export interface Extension {
  readonly id: number;
  readonly critical: boolean;
  /** At most EXTENSION_VALUE_MAX bytes. */
  readonly value: Uint8Array;
}

export interface Genesis {
  readonly network: string;
  /** Root signatures that an organisation needs, 1 .. number of root keys. */
  readonly threshold: number;
  readonly rootKeys: readonly Uint8Array[];
  readonly created: number;
  readonly random: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface OrganisationCertificate {
  /** Organisation ID. */
  readonly organisation: Uint8Array;
  readonly signer: Uint8Array;
  readonly name: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly nonce: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface MemberCertificate {
  readonly organisation: Uint8Array;
  readonly issuer: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly name: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly nonce: Uint8Array;
  /** Patterns of service names; none: all. */
  readonly provides: readonly string[];
  readonly tags: readonly string[];
  readonly extensions: readonly Extension[];
}

export interface GuestCertificate {
  /** Of the issuer. */
  readonly organisation: Uint8Array;
  readonly issuer: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Extension[];
}

export interface RootSignature {
  /** Index into Genesis.rootKeys. */
  readonly root: number;
  readonly signature: Uint8Array;
}

/** A member's certificates as they were signed, with their signatures. */
export interface Chain {
  readonly organisation: { readonly certificate: Uint8Array; readonly signatures: readonly RootSignature[] };
  readonly member: SignedCertificate;
}

/** A guest's. */
export interface GuestChain {
  readonly organisation: Chain['organisation'];
  readonly guest: SignedCertificate;
}

export interface SignedCertificate {
  readonly certificate: Uint8Array;
  readonly signature: Uint8Array;
}

/** Where a signer is: see proto/certificate.proto. */
export interface SignerNotice {
  readonly organisation: Chain['organisation'];
  readonly signature: Uint8Array;
}

export interface HostPort {
  /** A DNS name, lower case. */
  readonly host: string;
  readonly port: number;
}

export interface TokenSigner {
  readonly nodeId: Uint8Array;
  readonly addresses: readonly SocketAddress[];
  /** Names that the joiner resolves itself. Both lists together at most TOKEN_ADDRESSES_MAX. */
  readonly hosts: readonly HostPort[];
}

export interface JoinToken {
  /** An encoded Genesis. */
  readonly genesis: Uint8Array;
  readonly organisation: Uint8Array;
  readonly secret: Uint8Array;
  readonly expires: number;
  /** At least one. */
  readonly signers: readonly TokenSigner[];
  readonly extensions: readonly Extension[];
}

/** Where guests are admitted: no secret is in it. */
export interface GuestInvitation {
  /** An encoded Genesis. */
  readonly genesis: Uint8Array;
  readonly organisation: Uint8Array;
  /** At least one. */
  readonly signers: readonly TokenSigner[];
  readonly extensions: readonly Extension[];
}

// --- Statements that take keys back (proto/revocation.proto). Times: seconds of Unix time ---

export const REVOCATION_KINDS = ['node', 'signer', 'organisation'] as const;
export type RevocationKind = (typeof REVOCATION_KINDS)[number];

export interface Revocation {
  readonly kind: RevocationKind;
  /** Node ID, signer's key or organisation ID. */
  readonly target: Uint8Array;
  /** Of a signer: what it signed from then on; 0: all. */
  readonly since: number;
  readonly issued: number;
  /** At most REVOCATION_REASON_MAX bytes. */
  readonly reason: string;
  /** Of a node: which membership ends; empty: all. */
  readonly organisation: Uint8Array;
  /** A signer's key; empty: the roots. */
  readonly issuer: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** As signed, with the signatures: of a signer with its certificate, or of roots. */
export interface SignedRevocation {
  readonly statement: Uint8Array;
  /** Empty where the roots signed. */
  readonly signature: Uint8Array;
  readonly authority: Chain['organisation'] | undefined;
  readonly signatures: readonly RootSignature[];
}
