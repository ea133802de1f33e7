// The tables that the engine reads on every packet. Plain columns of numbers by slot: node and its reactions write them
// (session's and path's events, names, services), the engine reads and bumps what is marked so.
//
// Columns are replaced when a table grows: hold the table, never a column, across calls.

/** No slot. */
export const NONE = -1;
/** Remote slots are 0 .. REMOTE_SLOTS - 1. */
export const REMOTE_SLOTS = 65535;
/** Instead of a remote slot: this host, as a provider of a service that it also uses. */
export const OWN_REMOTE = REMOTE_SLOTS;
/** What a route leads to from here on is a service: its slot and SERVICE_BASE. */
export const SERVICE_BASE = 0x10000;
/** Service slots are 0 .. SERVICE_SLOTS - 1. */
export const SERVICE_SLOTS = 1024;
/** Endpoints that the engine knows of one service. */
export const ENDPOINTS_PER_SERVICE = 32;

/** A node of no organisation: a guest, or one whose certificate is not known yet. */
export const ORGANISATION_NONE = 0;
/** Organisation slot of this host's own organisation; others have slots from 2 on, handed out by node. */
export const ORGANISATION_OWN = 1;

/** Its certificate is verified and in force: inner packets may travel. Without it only control messages do. */
export const REMOTE_MEMBER = 1;
/** There is a session and it may be sent on: sendKey, path and maxPlaintext are valid. */
export const REMOTE_ESTABLISHED = 2;
/** Admitted without an organisation (tier 2). */
export const REMOTE_GUEST = 4;
/** How large its path's datagrams may be is known: senders of larger packets are told. */
export const REMOTE_MTU_KNOWN = 8;

/** By remote slot. Written by node; the engine only reserves counters. */
export interface RemoteColumns {
  /** REMOTE_* bits; 0: slot free or nothing known. */
  flags: Uint8Array;
  /** ORGANISATION_* or a slot from 2 on. */
  organisation: Uint16Array;
  /** Which life of the slot this is: bumped when it is freed, so that flows of the one before mean nothing. */
  generation: Uint16Array;
  /** Send key slot, NONE without. */
  sendKey: Int32Array;
  /** Newest confirmed receive key slot, NONE without. The outer source of datagrams on older keys moves no path. */
  receiveKey: Int32Array;
  /** Next counter of the send key. Node sets it to 0 with a new key; engine and node reserve by adding to it. */
  nextCounter: Float64Array;
  /** First counter that the send key may not use. */
  counterLimit: Float64Array;
  /** Counter from which on fresh keys are asked for. */
  rekeyAtCounter: Float64Array;
  /** ms; from then on data to be sent asks for fresh keys. */
  rekeyAtMs: Float64Array;
  /** ms; from then on the send key is not used. */
  refuseAtMs: Float64Array;
  /** Path slot, NONE without. */
  path: Int32Array;
  /** Bytes of plaintext that one datagram of the path carries; at least 600. */
  maxPlaintext: Uint16Array;
  /** Smoothed round trip of the path in ms, for the choice among the endpoints of a service; 0 or NaN: unknown. */
  rttMs: Float32Array;
}

/** One endpoint of a service, as the engine gets to know it. */
export interface ServiceEndpoint {
  /** Remote slot, or OWN_REMOTE: this host provides the service too. */
  readonly remote: number;
  /** The number that the provider gave this endpoint; never 0, which is a host. */
  readonly selector: number;
  /** Share of new flows, 0 .. 65535; 0: only if there is nothing else. */
  readonly weight: number;
  /** New flows may go there. */
  readonly isUp: boolean;
  /** IP protocol number (6 or 17) and port that the endpoint serves. */
  readonly protocol: number;
  readonly port: number;
  /** Families in which its target answers. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/** Services by slot and their endpoints by place, slot * ENDPOINTS_PER_SERVICE + index. Written by node through Tables. */
export interface ServiceColumns {
  /** By slot. 1: a service is there. */
  isSet: Uint8Array;
  /** By slot. Endpoints, at most ENDPOINTS_PER_SERVICE. */
  count: Uint8Array;
  /** By slot. Which life of the slot this is: bumped when it is cleared, so that pins of the one before mean nothing. */
  generation: Uint16Array;
  /** Four words per slot: the service's virtual IPv6 address. */
  address6: Uint32Array;
  /** By slot. The service's IPv4 alias, 0: none. */
  alias: Uint32Array;
  /** By slot. ms; when a packet last went there or came from there; -Infinity: never. Engine. */
  lastUsedMs: Float64Array;
  /** By slot. ms; when `serviceUsed` was last emitted; -Infinity: never. Engine. */
  toldMs: Float64Array;
  /** By place. Remote slot or OWN_REMOTE, and which life of that slot. */
  remote: Int32Array;
  remoteGeneration: Uint16Array;
  selector: Uint16Array;
  weight: Uint16Array;
  /** By place. ENDPOINT_* bits. */
  flags: Uint8Array;
  protocol: Uint8Array;
  port: Uint16Array;
  /** By place. Flows pinned to the endpoint. Engine. */
  load: Uint32Array;
}

/** By remote slot, written by the engine. */
export interface ActivityColumns {
  /** ms; last packet from the TUN to this remote, sent or held.; -Infinity: never. */
  lastSentMs: Float64Array;
  /** ms; last packet of this remote for the TUN.; -Infinity: never. */
  lastReceivedMs: Float64Array;
  /** ms; last authenticated datagram of any kind, but for tests of other ways; -Infinity: never. Of control messages written by node. */
  lastHeardMs: Float64Array;
  /** ms; last authenticated datagram that came from the path's address; -Infinity: never. */
  heardOnPathMs: Float64Array;
  /** ms; the same, of packets of programs; -Infinity: never. */
  dataOnPathMs: Float64Array;
  /** ms; last row sealed for it.; -Infinity: never. */
  lastSealedMs: Float64Array;
  /** Bytes of inner packets since the slot was claimed. */
  txBytes: Float64Array;
  rxBytes: Float64Array;
  /** Datagrams with inner packets since the slot was claimed. */
  txPackets: Float64Array;
  rxPackets: Float64Array;
  /** ms; last Packet Too Big about this remote, per family. */
  tooBig4Ms: Float64Array;
  tooBig6Ms: Float64Array;
  /** ms; up to when each `roamed` that was emitted takes its time, one after another; -Infinity: never. */
  roamedUntilMs: Float64Array;
  /** Number of the batch in which `wanted` or `rekey` was last emitted. */
  askedInBatch: Float64Array;
}

/** By receive key slot. Written by node but where "engine" is said. */
export interface ReceiveKeyColumns {
  /** Remote slot, NONE: no key. */
  remote: Int32Array;
  /** Receiver index: what the remote's datagrams name the key by. */
  index: Uint32Array;
  /** 1: a datagram on it was authenticated. Engine, before it tells. */
  confirmed: Uint8Array;
  /** Highest counter authenticated so far, -1: none. Engine. */
  highestCounter: Float64Array;
}

/** By send key slot. Written by node. */
export interface SendKeyColumns {
  /** Receiver index, as the remote chose it: what datagrams name the key by. */
  index: Uint32Array;
}

/** By path slot: where datagrams go, for comparing with where they come from. Written by node along with 'setPath'. */
export interface PathColumns {
  /** Four words per slot. */
  address: Uint32Array;
  /** With the local socket: portWord() of base/ip.ts. */
  port: Uint32Array;
}

/** Who may open flows to a port of this host or of an endpoint besides the own organisation. No slots: nobody. */
export type Audience =
  /** Listed organisations, by slot. */
  | { readonly kind: 'organisations'; readonly slots: readonly number[] }
  /** Members of every organisation. */
  | { readonly kind: 'members' }
  /** Members of every organisation, and guests. */
  | { readonly kind: 'guests' };

/** SHA-256, from identity's Crypto. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** An assigned IPv4 alias, in the form in which it is persisted. */
export interface AliasRecord {
  /** The virtual IPv6 address that the alias stands for, 16 bytes. */
  readonly address: Uint8Array;
  /** IPv4 address as a 32-bit number. */
  readonly alias: number;
  /** Unix ms. Not reassigned within 24 h of it. */
  readonly lastUsedMs: number;
}

export type AliasOutcome =
  | {
      readonly ok: true;
      /** IPv4 address as a 32-bit number. */
      readonly alias: number;
      /** To be persisted; undefined: nothing changed. */
      readonly record: AliasRecord | undefined;
      /** The address that had this alias before and lost it; its record is to be forgotten, its routes removed. */
      readonly evicted: Uint8Array | undefined;
    }
  /** Every alias of the pool was used within the last 24 h. */
  | { readonly ok: false; readonly reason: 'poolFull' };

/** An IPv4 prefix that this host uses otherwise. */
export interface Prefix4 {
  /** As a 32-bit number. */
  readonly address: number;
  /** 0 .. 32 */
  readonly bits: number;
}
