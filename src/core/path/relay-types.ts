// What the two relay machines are told and what they want. Other nodes are named by their slot (of addressing's tables).
import type { ReachMessage } from '../wire/types.ts';

/** Within which a node relays for others: its owner's choice. */
export interface RelayLimits {
  /** For whom: members of all organisations, of the own one, nobody. */
  readonly scope: 'all' | 'organisation' | 'off';
  /** Nodes with a grant. */
  readonly nodes: number;
  /** Circuits in all, and of one node that opened them. */
  readonly circuits: number;
  readonly circuitsPerNode: number;
}

/** For the packet port and for the neighbours, to be done in order. */
export type RelaySend =
  | { readonly kind: 'say'; readonly slot: number; readonly message: ReachMessage }
  /** What comes from `slot` under `number` leaves to `toSlot`, who knows it as `toLeg` and `toNumber`. */
  | {
      readonly kind: 'forward';
      readonly slot: number;
      readonly number: number;
      readonly toSlot: number;
      readonly toLeg: number;
      readonly toNumber: number;
    }
  /** What comes from `slot` under `number` is for this node; what it sends there bears `toLeg` and the same number. */
  | {
      readonly kind: 'circuit';
      readonly slot: number;
      readonly number: number;
      readonly toLeg: number;
    }
  /** Each of the two is told where the other's datagrams come from. */
  | { readonly kind: 'ends'; readonly slots: readonly [number, number] }
  | { readonly kind: 'clear'; readonly slot: number; readonly number: number }
  /** Keeps the way to `slot` open, and may ask for an answer (KEEPALIVE_ASK). */
  | {
      readonly kind: 'keepalive';
      readonly slot: number;
      readonly leg: number;
      readonly number: number;
    };

// --- The relay's side ---

export type RelayDeskInput =
  | {
      readonly kind: 'request';
      readonly slot: number;
      readonly leg: number;
      readonly isInward: boolean;
      readonly isColleague: boolean;
      /** This node's ID is the larger of the two (NUMBER_OF_LARGER). */
      readonly isLarger: boolean;
    }
  /** `target` undefined: no node of that ID has a place here. */
  | {
      readonly kind: 'open';
      readonly slot: number;
      readonly nodeId: Uint8Array;
      readonly number: number;
      readonly target: number | undefined;
    }
  /** Its end: nothing more will come under this number. */
  | { readonly kind: 'close'; readonly slot: number; readonly number: number }
  /** The node lost its place. */
  | { readonly kind: 'gone'; readonly slot: number };

// --- The side of those who are relayed ---

/** A node that might relay for this one. */
export interface RelayChoice {
  readonly slot: number;
  /** ms; Infinity: never measured. */
  readonly rttMs: number;
  /** There is no session with it: it is used where those that have one do not do. */
  readonly isCold?: boolean;
}

export type RelayUseInput =
  /** So many relays should keep this node reachable, out of these, best first. 0: nobody has to. */
  | { readonly kind: 'keep'; readonly count: number; readonly choices: readonly RelayChoice[] }
  /** A session with this node stands. */
  | { readonly kind: 'up'; readonly slot: number }
  /** This node says that it relays, and what its leg would be. `isLarger`: as in `granted`. */
  | { readonly kind: 'told'; readonly slot: number; readonly leg: number; readonly isLarger: boolean }
  | {
      readonly kind: 'granted';
      readonly slot: number;
      readonly leg: number;
      readonly seconds: number;
      /** It lets others reach this node. */
      readonly isInward: boolean;
      /** This node's ID is the larger of the two (NUMBER_OF_LARGER). */
      readonly isLarger: boolean;
    }
  | { readonly kind: 'refused'; readonly slot: number }
  /** Circuits to `remote` through these relays are wanted, now. */
  | {
      readonly kind: 'reach';
      readonly remote: number;
      readonly nodeId: Uint8Array;
      readonly relays: readonly number[];
      /** It answers nothing, maybe because nobody told it of the circuit. */
      readonly isSilent?: boolean;
    }
  /** A relay offers a circuit that `remote` opened. */
  | { readonly kind: 'offered'; readonly slot: number; readonly number: number; readonly remote: number }
  /** `isUngranted`: the relay knows nothing of a grant, so what asked for it was lost. */
  | {
      readonly kind: 'closed';
      readonly slot: number;
      readonly number: number;
      readonly isUngranted?: boolean;
    }
  /** The circuit to `remote` through that relay was needed once only. */
  | { readonly kind: 'leave'; readonly slot: number; readonly remote: number }
  /** What trials say of a relay that keeps this node reachable. */
  | { readonly kind: 'judged'; readonly slot: number; readonly verdict: RelayVerdict }
  /** A keepalive was answered. */
  | { readonly kind: 'answered'; readonly slot: number }
  /** So long mappings of the NAT or firewall before this node live; undefined: it is not known any more. */
  | { readonly kind: 'lifetime'; readonly ms: number | undefined }
  /** The node (relay, or other end of circuits) lost its place, or a relay answers no longer. */
  | { readonly kind: 'gone'; readonly slot: number };

export type RelayUseEvent =
  /** `remote` can be reached through the circuit `number` of the relay in `slot`. */
  | {
      readonly kind: 'way';
      readonly remote: number;
      readonly slot: number;
      readonly number: number;
      /** This node opened it. */
      readonly isOwn: boolean;
    }
  | { readonly kind: 'wayGone'; readonly remote: number; readonly slot: number; readonly number: number }
  /** A relay that keeps this node reachable does not answer: is it there, does it know where this node is? */
  | { readonly kind: 'silent'; readonly slot: number }
  /** This node is reached through these relays now: `slots` are those that others are told of, `granted` all of them. */
  | { readonly kind: 'kept'; readonly slots: readonly number[]; readonly granted: readonly number[] };

// --- Whether relays carry what they say ---

/** settled: it works, or nothing can be said. doubted: others are to be used beside it. failed: it is to be left. */
export type RelayVerdict = 'settled' | 'doubted' | 'failed';

/** Who could call this node through a relay. */
export interface TrialWitness {
  readonly slot: number;
  /** There is a session to ask it in. */
  readonly isReady: boolean;
}

/** What trials have to know of others. */
export interface TrialPeers {
  /** Who can be asked now to call through that relay. */
  witnesses(relay: number, now: number): readonly TrialWitness[];
  /** ms of round trip; undefined: not measured yet. */
  rttMs(slot: number): number | undefined;
}

export type RelayTrialInput =
  /** This node is reached through these now. */
  | { readonly kind: 'kept'; readonly slots: readonly number[] }
  /** A circuit through this one was offered that did not exist before. */
  | { readonly kind: 'offered'; readonly relay: number }
  /** A new handshake of this caller came, through that relay or (undefined) otherwise. */
  | { readonly kind: 'arrived'; readonly caller: number; readonly relay: number | undefined }
  /** A session with somebody stands that did not before. */
  | { readonly kind: 'met' }
  /** It had the answer to it. */
  | { readonly kind: 'confirmed'; readonly caller: number }
  /** The node lost its place. */
  | { readonly kind: 'gone'; readonly slot: number };

/** The witness is to be asked to call this node through the relay. */
export interface RelayTrialSend {
  readonly kind: 'call';
  readonly relay: number;
  readonly witness: number;
}

export interface RelayTrialEvent {
  readonly kind: 'judged';
  readonly relay: number;
  readonly verdict: RelayVerdict;
}
