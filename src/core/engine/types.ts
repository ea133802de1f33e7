// The packet port: what stands between the engine and TUN and sockets. The addon implements it in src/host/native, the
// simulator in src/sim; both keep this contract to the letter.
import type { SocketAddress } from '../base/ip.ts';

/**
 * Rows have the layout of base/batch-layout.generated.ts. The arrays live as long as the port and never move. A batch
 * callback runs to its end before the next batch is filled; inside it TypeScript decides row by row in place,
 * carries out its PortCommands in order, and then calls `send`/`deliver` once.
 */
export interface PacketPort {
  /** BATCH_ROWS rows: packets read from the TUN. */
  readonly outRows: Uint32Array;
  /** SLAB_SLOTS slots of SLOT_BYTES; the packet of a row starts at slot * SLOT_BYTES + SLOT_HEADROOM. */
  readonly outBytes: Uint8Array;
  /**
   * SLAB_SLOTS rows of the layout of outRows: packets that were held (Action.hold) and are now to be sent or let go. TypeScript
   * writes whole rows; what the packet is (the words up to quotePorts), the port takes from its own parse of the slot.
   */
  readonly heldRows: Uint32Array;
  /** INBOUND_ROWS rows: packets, control messages and raw datagrams from the sockets. */
  readonly inRows: Uint32Array;
  /** Receive slab: bytes of a control or raw row start at its InRow.offset. Valid until the callback returns. */
  readonly inBytes: Uint8Array;
  /** By Counter.*, since the port was opened. */
  readonly counters: Float64Array;
  /**
   * By path slot: bytes of datagrams (relay headers included) that were sent on for the neighbour in that slot, since clearPath. To be
   * read where forwards are set: elsewhere it is all zeros.
   */
  readonly relayed: Float64Array;

  /** The TUN was read: `rows` rows of outRows are filled. */
  onInside(callback: (rows: number) => void): void;
  /** Sockets were read: `rows` rows of inRows are filled. */
  onOutside(callback: (rows: number) => void): void;
  onEvent(callback: (event: PortEvent) => void): void;

  /**
   * Acts on the first `rows` rows of outRows: Action.drop frees the slot, send seals and sends and frees it, hold keeps the slot,
   * sendKeep seals and sends and keeps it, loop writes the packet back to the TUN with the addresses of OutRow.loopSource and
   * loopDestination.
   */
  send(rows: number): void;
  /**
   * Acts on the first `rows` rows of heldRows: Action.send seals and sends the row's segment range and takes one
   * reference from the slot, sendKeep does the same and takes none, drop takes one reference, hold does nothing. The slot is free at
   * the last one. A range may be sent any number of times, each time under counters of its own.
   */
  sendHeld(rows: number): void;
  /** One more reference to a held slot, so that its bytes outlive a sendHeld (a repeated range, a repair). */
  retain(slot: number): void;
  /** One reference less to a held slot. */
  release(slot: number): void;
  /** Acts on the first `rows` rows of inRows: Action.send writes to the TUN. Rows other than Kind.data are left alone. */
  deliver(rows: number): void;

  /** `index`: the receiver index that the remote chose, written into every header. Counters start at 0. */
  setSendKey(slot: number, suite: number, key: Uint8Array, index: number): void;
  /** `index`: the own receiver index, whose low 16 bits are `slot`. `group`: remote slot; reassembly is bounded per group. */
  setReceiveKey(slot: number, suite: number, key: Uint8Array, index: number, group: number): void;
  clearSendKey(slot: number): void;
  clearReceiveKey(slot: number): void;
  /**
   * Repairs are waited for: a TCP packet that the sender keeps (BLOCK_REPAIRABLE) and that is ahead of its flow is held while a counter is
   * missing before it, for at most `holdMs` (0 .. HOLD_MS_MAX, whole), then or earlier to come up in order. Other flows never wait. 0, as
   * at first: nothing is held, and what is held of the remote comes up. Nothing where the slot has no key.
   */
  setHold(key: number, holdMs: number): void;
  /**
   * What has arrived under a receive key: first and last counter of each unbroken range, newest first, as far back as the replay
   * window reaches; at most `ranges` pairs, for which `into` must have room. Returns how many; 0 where the slot has no key.
   */
  received(key: number, into: Float64Array, ranges: number): number;
  /**
   * Datagrams that came under a receive key marked as having met congestion on their way (ECN), without those whose inner packet left
   * marked already. 0 where the slot has no key. Counter.congested is the sum over all keys there were.
   */
  ceCount(key: number): number;
  /**
   * `to` may be the address of a circuit (base/circuit.ts): then what goes to this slot goes to wherever the path of the relay leads at
   * that time, with the circuit's header in front. Where the circuit is not set, or its relay is itself reached through one, it is
   * dropped (Counter.dropRelay). Or it is the address of a stream (base/stream.ts): what is too large for it, or more than it takes at
   * once, is lost.
   */
  setPath(slot: number, to: SocketAddress): void;
  /** Clears the circuits from that slot and the forwards to it as well. */
  clearPath(slot: number): void;

  /**
   * An end of a circuit: what comes from the neighbour in path slot `slot` under `number` is handled as coming from
   * circuitAddress(slot, number), and what goes there bears `toLeg` (the neighbour's path slot of this node) and `number`. Replaces.
   * RangeError where CIRCUITS are set.
   */
  setCircuit(slot: number, number: number, toLeg: number): void;
  /**
   * What comes from the neighbour in path slot `slot` under `number` goes to path slot `toSlot` under `toLeg` (that neighbour's path
   * slot of this node) and `toNumber`, unread. Replaces. RangeError where CIRCUITS are set.
   */
  setForward(slot: number, number: number, toSlot: number, toLeg: number, toNumber: number): void;
  clearCircuit(slot: number, number: number): void;
  /** Bytes of datagrams sent on for others per second, and at once; what exceeds it is dropped. 0 per second: no limit, as at first. */
  setRelayLimit(bytesPerSecond: number, burstBytes: number): void;
  /**
   * Sends a bare relay header to path slot `slot`: it keeps mappings of NATs on the way and changes nothing at the receiver, who sees
   * it (a raw row) only when `number` is not 0.
   */
  keepalive(slot: number, leg: number, number: number): void;

  /** Ends a stream (base/stream.ts). One that is not open is left alone. */
  closeStream(number: number): void;

  /**
   * One datagram as it is: handshakes and cookies. `ttl`: IPv4's TTL or IPv6's hop limit for this one, 1 .. 255; 0 or absent: as
   * usual. It is for direct ways; through circuits and streams it is not heeded.
   */
  sendRaw(to: SocketAddress, datagram: Uint8Array, ttl?: number): void;
  /** Seals one plaintext (empty, or a first byte Plaintext.control or ack) under a reserved counter. `ttl` as in sendRaw. */
  sendControl(key: number, counter: number, path: number, plaintext: Uint8Array, ttl?: number): void;
  /**
   * Error correction of what is sealed by a send key from now on: at most `parities` (1 .. PARITY_MOST) per group, of plaintexts of at
   * most `longest` bytes (1 .. PARITY_BYTES); longer ones are not covered. A parity plaintext has up to PARITY_OVERHEAD bytes more than the
   * longest of its group, so `longest` is at most that much below what the path carries. 0 parities: off, as at first. A change
   * begins a new group. A group spans PARITY_SPAN counters at most: what is sealed beyond them is not covered.
   */
  setParity(key: number, parities: number, longest: number): void;
  /**
   * Sends `parities` (1 .. those of setParity) of the key's group under `counter` and those behind it, and begins a new group. For when no row
   * follows soon that could say so (OutRow.repair).
   */
  sendParity(key: number, counter: number, path: number, parities: number): void;
  /** Writes one IP packet to the TUN, all checksums complete. */
  inject(packet: Uint8Array): void;
  /**
   * Opens a further socket `socket`, 1 .. SOCKETS_MAX, on a port that the system chooses, of the families and the local address of the
   * main one. What came of it is told by an event. One that is open already is a mistake of the caller.
   */
  openSocket(socket: number): void;
  /** What waits for it is dropped; what is sent over it from now on is lost, and counted. Nothing where it is not open. */
  closeSocket(socket: number): void;
  /** Bytes of the largest outer IP packet that the kernel's route to there (of a circuit: to its relay) takes; 0: unknown. */
  routeMtu(to: SocketAddress): number;
}

/** What a port reports outside of batches. */
export type PortEvent =
  /** EMSGSIZE on a path slot: its MTU is to be asked again. At most one per path and batch. */
  | { readonly kind: 'tooBig'; readonly path: number }
  /** A stream ended, by its other end or by what came from there. */
  | { readonly kind: 'streamClosed'; readonly stream: number }
  /** A further socket is open. `port`: its local one, of both families. Never from within openSocket(). */
  | { readonly kind: 'socketOpened'; readonly socket: number; readonly port: number }
  /** It could not be opened. `error`: what the system says, such as EMFILE. */
  | { readonly kind: 'socketFailed'; readonly socket: number; readonly error: string }
  /** The TUN was deleted under us; nothing more comes from or goes to the inside. */
  | { readonly kind: 'interfaceGone' };

/**
 * Everything that core asks of a port outside of rows, as a value. Whoever runs the core carries commands out in
 * order, before `send`, `sendHeld` or `deliver` of the same turn. Byte arrays belong to the command.
 */
export type PortCommand =
  | {
      readonly kind: 'setSendKey';
      readonly slot: number;
      readonly suite: number;
      readonly key: Uint8Array;
      readonly index: number;
    }
  | {
      readonly kind: 'setReceiveKey';
      readonly slot: number;
      readonly suite: number;
      readonly key: Uint8Array;
      readonly index: number;
      readonly group: number;
    }
  | { readonly kind: 'clearSendKey'; readonly slot: number }
  | { readonly kind: 'clearReceiveKey'; readonly slot: number }
  | { readonly kind: 'setHold'; readonly key: number; readonly holdMs: number }
  | { readonly kind: 'setPath'; readonly slot: number; readonly to: SocketAddress }
  | { readonly kind: 'openSocket'; readonly socket: number }
  | { readonly kind: 'closeSocket'; readonly socket: number }
  | { readonly kind: 'clearPath'; readonly slot: number }
  | { readonly kind: 'setCircuit'; readonly slot: number; readonly number: number; readonly toLeg: number }
  | {
      readonly kind: 'setForward';
      readonly slot: number;
      readonly number: number;
      readonly toSlot: number;
      readonly toLeg: number;
      readonly toNumber: number;
    }
  | { readonly kind: 'clearCircuit'; readonly slot: number; readonly number: number }
  | { readonly kind: 'setRelayLimit'; readonly bytesPerSecond: number; readonly burstBytes: number }
  | { readonly kind: 'closeStream'; readonly stream: number }
  | { readonly kind: 'keepalive'; readonly slot: number; readonly leg: number; readonly number: number }
  | {
      readonly kind: 'raw';
      readonly to: SocketAddress;
      readonly datagram: Uint8Array;
      readonly ttl?: number;
    }
  | {
      readonly kind: 'control';
      readonly key: number;
      readonly counter: number;
      readonly path: number;
      readonly plaintext: Uint8Array;
      readonly ttl?: number;
    }
  | {
      readonly kind: 'setParity';
      readonly key: number;
      readonly parities: number;
      readonly longest: number;
    }
  | {
      readonly kind: 'sendParity';
      readonly key: number;
      readonly counter: number;
      readonly path: number;
      readonly parities: number;
    }
  /** What came in under a receive key (NONE: it only asks) is read off the port when the command is carried out. `index`: that key's. */
  | {
      readonly kind: 'ack';
      readonly key: number;
      readonly counter: number;
      readonly path: number;
      readonly receiveKey: number;
      readonly index: number;
      readonly delayMs: number;
      /** As EngineVoice.acknowledge has it. */
      readonly from: number;
    }
  | { readonly kind: 'inject'; readonly packet: Uint8Array };

/** What congestion control does. */
export interface FlowSettings {
  /** It governs what is sent, and acknowledges what arrives. */
  readonly control: boolean;
  /** Lost datagrams of TCP are sent again; needs `control`. */
  readonly repair: boolean;
  /** Parity is sent along where that helps more; needs `control`. */
  readonly correction: boolean;
}

/** What congestion control knows of the path in use to a remote. */
export interface FlowView {
  /** BBR's. */
  readonly state: string;
  /** What is sent waits for its turn; else the path is faster than this host. */
  readonly isGoverned: boolean;
  /** Bytes per second. */
  readonly rate: number;
  /** ms: the shortest round trip, and the smoothed one; 0: not measured yet. */
  readonly shortestMs: number;
  readonly smoothedMs: number;
  /** ms that what is sent now would wait in this node's queue. */
  readonly queuedMs: number;
  /** Datagrams since the path was first used: sent, acknowledged, lost, sent again, and lost for good as far as mcc is concerned. */
  readonly sent: number;
  readonly acked: number;
  readonly lost: number;
  readonly resent: number;
  readonly unrepaired: number;
}

/** Whom the engine tells to say something to a remote; node implements it. */
export interface EngineVoice {
  /**
   * Acknowledges what came in under a receive key slot, of which the newest waited `delayMs`; nothing is said of counters below `from` that
   * the range of none above belongs to.
   */
  acknowledge(remote: number, receiveKey: number, delayMs: number, from: number): void;
  /** The remote is to acknowledge at once. */
  ask(remote: number): void;
  /** PacketPort.setParity, of the key that the remote is sent under. */
  setParity(remote: number, parities: number, longest: number): void;
  /** PacketPort.sendParity. The counter of the first; -1: there is no session to send it in. */
  sendParity(remote: number, parities: number): number;
  /** PacketPort.setHold. */
  setHold(receiveKey: number, holdMs: number): void;
}

/**
 * Whom the engine tells while it walks a batch; node implements it. Called rarely but for control and raw rows. It may
 * change any table and call Engine.established or Engine.forget from inside; the engine reads the tables afresh
 * after every call. `row` counts in inRows of the batch being walked.
 */
export interface EngineSink {
  /** Data waits for a remote that has no session, no path, or a session too old: at most once per remote and batch. */
  wanted(remote: number): void;
  /** The session should get fresh keys, by age or count (rekeyAtMs, rekeyAtCounter): at most once per remote and batch. */
  rekey(remote: number): void;
  /** First authenticated datagram on a receive key that was not confirmed. */
  keyConfirmed(remote: number, receiveKey: number, row: number): void;
  /**
   * The datagram with the highest counter so far on the current key came from another address than the path's: at most
   * once in ROAM_EVERY_MS per remote, ROAMS_AT_ONCE in a row. False: it says nothing of where the remote is, and does not count.
   */
  roamed(remote: number, row: number): boolean;
  /** An opened control message: bytes at InRow.offset. Length 0: a keepalive or confirmation. */
  control(remote: number, row: number): void;
  /**
   * A packet of a member was refused by policy, and it may be told. `row` counts in inRows, `reason` is a drop reason's number. At most
   * 200 in a second in all.
   */
  refused(remote: number, row: number, reason: number): void;
  /** A datagram without a key of ours: handshake, cookie, a bare relay header with a number. */
  raw(row: number): void;
  /**
   * A flow to a service was opened, or found no endpoint that is up: at most once in SERVICE_TOLD_MS per service. That flows go on
   * is told by ServiceColumns.lastUsedMs. `service`: service slot.
   */
  serviceUsed(service: number): void;
  /**
   * A local program sent UDP to port 53 of the resolver, unfragmented. `row` counts in outRows; its packet stands in outBytes until
   * `send` (readUdp of engine.ts).
   */
  dns(row: number): void;
  /** An ICMP message of the engine for the TUN; becomes an 'inject' command. */
  inject(packet: Uint8Array): void;
}

/** Sizes of the engine's tables; what the daemon uses stands in engine.ts. */
export interface EngineLimits {
  /** Flows whose answers may come in; a power of two. */
  readonly flows: number;
  /** Flows to services, each pinned to one endpoint; a power of two. */
  readonly pins: number;
  /** Inner packets in virtual reassembly; a power of two. */
  readonly fragments: number;
  /** Packets held for remotes without a session, in all; at most SLAB_SLOTS / 2. */
  readonly held: number;
  /** The same per remote. */
  readonly heldPerRemote: number;
}
