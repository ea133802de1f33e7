import type { DropReason } from '../base/drop-reason.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import type { Rng } from '../base/rng.ts';
import type { Crypto, NetworkId, NodeId, NodeKeys } from '../identity/types.ts';
import type { HandshakePayload } from '../wire/types.ts';

/** Numbered slots of the addon's key tables. A slot is free again after `release`. */
export interface SlotAllocator {
  /**
   * A free slot, 0 .. 65535, for this remote; undefined when all are taken. A receive slot is the low half of the index by
   * which responses and cookies are addressed (classifyAnswer): whoever allocates remembers whose it is.
   */
  allocate(owner: NodeId): number | undefined;
  release(slot: number): void;
}

/** The own keys and network, as handshakes need them. */
export interface LocalIdentity {
  readonly keys: NodeKeys;
  readonly networkId: NetworkId;
}

/** The part of the own handshake payload that says who this node is. Asked anew for every handshake. */
export type OwnIntroduction = Pick<HandshakePayload, 'kind' | 'chain' | 'revocationHead'>;

/**
 * Judges what the other side says it is: chain, dates, revocation, whether its kind is welcome. Pure, and called only with a
 * payload that the holder of `nodeId` authenticated. Gives what the node wants to keep of it, or why it is refused.
 */
export type Verify<I> = (payload: HandshakePayload, nodeId: NodeId) => Verified<I>;
export type Verified<I> =
  | { readonly ok: true; readonly introduction: I }
  | { readonly ok: false; readonly reason: DropReason };

/**
 * Answers the question (an encoded Control body) in an initiation whose sender is authentic and passed Verify; the initiation
 * may be a replay and its address is not proven. So it reads and changes nothing. Empty: no answer. At most `roomBytes`; an
 * answer that is longer is left out.
 */
export type AnswerEarly<I> = (
  early: Uint8Array,
  nodeId: NodeId,
  introduction: I,
  roomBytes: number,
) => Uint8Array;

/** Times in ms; DEFAULT_LIMITS has the defaults. A configuration may lower the ages of keys, not raise them. */
export interface SessionLimits {
  /** Age of a key at which the initiator's side wants another, once data is to be sent. */
  readonly rekeyAfterMs: number;
  /** Age of a key from which nothing is sent under it. */
  readonly refuseAfterMs: number;
  /** First wait for an answer; doubles with every repetition, plus up to a quarter by chance. */
  readonly retryMs: number;
  /** Initiations sent in one attempt before it has failed. */
  readonly tries: number;
  /** How long after the first datagram under a newer key one under an older key may still arrive. */
  readonly graceMs: number;
  /** Keys that one session may hold for receiving. Further handshakes are refused until one is retired. */
  readonly generations: number;
}

/** What all sessions of a node share. */
export interface SessionContext<I> {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly local: LocalIdentity;
  readonly limits: SessionLimits;
  /** Suites (Suite.*) that this host can do, best first. */
  readonly suites: readonly number[];
  readonly sendSlots: SlotAllocator;
  readonly receiveSlots: SlotAllocator;
  /** The same one that the gate has. */
  readonly ledger: InitiationLedger;
  /** The next freshness counter: never given out before, not even before a crash. */
  readonly nextFreshness: () => number;
  /** A responder, authentic and let in, answered a counter of this node before that was not older than the last one; none is 0. */
  readonly wasSeen?: (counter: number, introduction: I) => void;
  readonly introduce: () => OwnIntroduction;
  readonly verify: Verify<I>;
  readonly answerEarly: AnswerEarly<I>;
}

export type Role = 'initiator' | 'responder';

export type Freshness = 'new' | 'repeated' | 'proven';

/** Which initiations were answered, by remote. Bounded; a remote that is forgotten counts as never seen. */
export interface InitiationLedger {
  /** Undefined: not newer than one that was answered, and not that one itself. */
  judge(nodeId: NodeId, counter: number, ephemeral: Uint8Array): 'new' | 'repeated' | undefined;
  /** The highest counter that was answered; 0: none that is remembered. */
  highest(nodeId: NodeId): number;
  /** The session answered it. */
  record(nodeId: NodeId, counter: number, ephemeral: Uint8Array): void;
}

/** An initiation that passed the gate: authentic, from a member (or joiner), not a replay. */
export interface OpenedInitiation<I> {
  readonly nodeId: NodeId;
  readonly introduction: I;
  readonly payload: HandshakePayload;
  /** Where the answer goes, and nothing else. */
  readonly from: SocketAddress;
  /**
   * new: its counter is higher than any before. repeated: the very initiation seen last. proven: an old counter, but the
   * sender answered a cookie challenge.
   */
  readonly freshness: Freshness;
  /** The initiator's receiver index. */
  readonly senderIndex: number;
  /** Number that the initiator proposes for the key generation, 1 .. GENERATION_MAX. */
  readonly generation: number;
  /** Bytes of the datagram: the answer is never longer. */
  readonly length: number;
  /** The initiator's ephemeral public key: tells one initiation from another. */
  readonly ephemeral: Uint8Array;
  /** Comes back in the answer, and says where this copy of the initiation was sent. */
  readonly wayToken: Uint8Array;
  /** Opaque: the Noise state after the first message. */
  readonly noise: ResponderNoise;
}

/** Noise SymmetricState (section 5.2) as a value: every operation gives a new one. */
export interface SymmetricState {
  /** Chaining key ck. */
  readonly chainingKey: Uint8Array;
  /** Handshake hash h. */
  readonly hash: Uint8Array;
  /** CipherState k; empty before the first MixKey. */
  readonly key: Uint8Array;
  /** CipherState n. */
  readonly nonce: number;
}

export interface ResponderNoise {
  readonly symmetric: SymmetricState;
  /** re */
  readonly remoteEphemeral: Uint8Array;
  /** rs */
  readonly remoteStatic: Uint8Array;
}

export type GateVerdict<I> =
  | { readonly kind: 'drop'; readonly reason: DropReason }
  /** Send this cookie reply to where the datagram came from. Shorter than what it answers. */
  | { readonly kind: 'challenge'; readonly datagram: Uint8Array }
  | { readonly kind: 'opened'; readonly initiation: OpenedInitiation<I> };

/** A datagram of type response or cookie, addressed by index: who may want it? */
export type AnswerVerdict =
  | { readonly kind: 'drop'; readonly reason: DropReason }
  | { readonly kind: 'response' | 'cookie'; readonly receiverIndex: number };

export type SessionInput<I> =
  /**
   * Data is to be sent, or a connection is wanted. Costs nothing while the keys are good. `early`: a question, at most EARLY_MAX
   * bytes, that rides in the initiation when this very input begins an attempt, and is forgotten otherwise.
   */
  | { readonly kind: 'connect'; readonly early?: Uint8Array }
  /** The path has another address to try: sends the initiation under way once more, at once. Begins one if none is. */
  | { readonly kind: 'repeat' }
  /** New keys in any case: packets counted, chain renewed, remote silent, or a test. */
  | { readonly kind: 'rekey' }
  | { readonly kind: 'initiation'; readonly initiation: OpenedInitiation<I> }
  /** Type, size and receiver index were looked at (gate.ts, classifyAnswer). */
  | { readonly kind: 'response'; readonly datagram: Uint8Array }
  | { readonly kind: 'cookie'; readonly datagram: Uint8Array }
  /** The first authenticated transport datagram under the key in this receive slot. */
  | { readonly kind: 'confirmed'; readonly receiveSlot: number }
  /** Nobody waits any longer: ends an attempt under way, keys stay. */
  | { readonly kind: 'giveUp' }
  /** All keys cleared and all slots released, at once. The machine may be thrown away or used again. */
  | { readonly kind: 'close' };

/** For the packet port and the wire, to be done in this order. */
export type SessionCommand =
  /** `to` undefined: where the path points. For each address that it goes to its way token is to be written (addressed()). */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array; readonly to: SocketAddress | undefined }
  /** `index` is what datagrams under this key carry: random16 << 16 | slot. */
  | {
      readonly kind: 'setReceiveKey';
      readonly slot: number;
      readonly suite: number;
      readonly key: Uint8Array;
      readonly index: number;
    }
  | { readonly kind: 'clearReceiveKey'; readonly slot: number }
  /** `index` is the remote's. Counters of a new key begin at 0. */
  | {
      readonly kind: 'setSendKey';
      readonly slot: number;
      readonly suite: number;
      readonly key: Uint8Array;
      readonly index: number;
    }
  | { readonly kind: 'clearSendKey'; readonly slot: number }
  /** From now on everything for this remote is sealed under this key, from counter 0. */
  | { readonly kind: 'useSendKey'; readonly slot: number }
  /** Nothing can be sent until useSendKey: the key has expired. Rows already decided may still go. */
  | { readonly kind: 'stopSending' }
  /** An empty transport datagram under the key in use: tells the remote that this side has it. */
  | { readonly kind: 'empty' };

export type SessionEvent<I> =
  /**
   * Keys that both sides hold: at the initiator with the answer, at the responder with the first datagram under them.
   * `first`: there was nothing to send with before. `early`: what the remote answered the question in the initiation, not
   * decoded; empty when it did not answer, when there was none, and at the responder.
   */
  | {
      readonly kind: 'established';
      readonly role: Role;
      readonly first: boolean;
      readonly introduction: I;
      readonly handshakeHash: Uint8Array;
      readonly suite: number;
      readonly early: Uint8Array;
    }
  /** The remote sent under the newest key: its address may be believed, the association works both ways. */
  | { readonly kind: 'confirmed' }
  /** The key is old: the next data to be sent should bring `connect`. */
  | { readonly kind: 'rekeyDue' }
  /** An attempt ended without keys. Whoever still wants a session says `connect` again. */
  | {
      readonly kind: 'failed';
      readonly reason: 'timeout' | 'unconfirmed' | 'noSlot' | DropReason;
      readonly rekey: boolean;
    }
  /** The last key has expired. Slot and receiver index stay reserved; no handshake is made until `connect`. */
  | { readonly kind: 'expired' }
  /** An input was refused and changed nothing. */
  | { readonly kind: 'dropped'; readonly reason: DropReason };

export type SessionOutbox<I> = Outbox<SessionCommand, SessionEvent<I>>;
