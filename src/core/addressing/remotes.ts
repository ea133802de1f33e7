import { capacityFor, grown } from './columns.ts';
import type {
  ActivityColumns,
  PathColumns,
  ReceiveKeyColumns,
  RemoteColumns,
  SendKeyColumns,
} from './types.ts';
import { NONE, ORGANISATION_NONE, REMOTE_ESTABLISHED, REMOTE_SLOTS } from './types.ts';

const FIRST_CAPACITY = 16;

/** Slots of remotes: at most REMOTE_SLOTS, handed out and taken back by node. What the columns mean: RemoteColumns. */
export class RemoteTable implements RemoteColumns {
  flags: Uint8Array = new Uint8Array(0);
  organisation: Uint16Array = new Uint16Array(0);
  generation: Uint16Array = new Uint16Array(0);
  sendKey: Int32Array = new Int32Array(0);
  receiveKey: Int32Array = new Int32Array(0);
  nextCounter: Float64Array = new Float64Array(0);
  counterLimit: Float64Array = new Float64Array(0);
  rekeyAtCounter: Float64Array = new Float64Array(0);
  rekeyAtMs: Float64Array = new Float64Array(0);
  refuseAtMs: Float64Array = new Float64Array(0);
  path: Int32Array = new Int32Array(0);
  maxPlaintext: Uint16Array = new Uint16Array(0);
  rttMs: Float32Array = new Float32Array(0);
  /** Slots in use. */
  size = 0;
  /** Slots that were freed, the latest last. */
  private readonly free: number[] = [];

  constructor() {
    this.grow(FIRST_CAPACITY);
  }

  get capacity(): number {
    return this.flags.length;
  }

  /** A slot with nothing in it; NONE: all are taken. */
  claim(): number {
    // Without a freed one, all below `size` are in use, and those from there on were never claimed.
    const slot = this.free.pop() ?? this.size;
    if (slot >= REMOTE_SLOTS) return NONE;
    if (slot >= this.capacity) this.grow(capacityFor(this.capacity, slot, REMOTE_SLOTS));
    this.size++;
    return slot;
  }

  /** Only through Tables.releaseRemote, which takes routes and activity along. */
  release(slot: number): void {
    this.clearSession(slot);
    this.flags[slot] = 0;
    this.organisation[slot] = ORGANISATION_NONE;
    this.generation[slot]++;
    this.path[slot] = NONE;
    this.maxPlaintext[slot] = 0;
    this.rttMs[slot] = 0;
    this.free.push(slot);
    this.size--;
  }

  /** Nothing may be sent until keys are set again. Path, certificate and addresses stay. */
  clearSession(slot: number): void {
    this.flags[slot] &= ~REMOTE_ESTABLISHED;
    this.sendKey[slot] = NONE;
    this.receiveKey[slot] = NONE;
    this.nextCounter[slot] = 0;
    this.counterLimit[slot] = 0;
    this.rekeyAtCounter[slot] = 0;
    this.rekeyAtMs[slot] = 0;
    this.refuseAtMs[slot] = 0;
  }

  private grow(capacity: number): void {
    this.flags = grown(this.flags, capacity, 0);
    this.organisation = grown(this.organisation, capacity, ORGANISATION_NONE);
    this.generation = grown(this.generation, capacity, 0);
    this.sendKey = grown(this.sendKey, capacity, NONE);
    this.receiveKey = grown(this.receiveKey, capacity, NONE);
    this.nextCounter = grown(this.nextCounter, capacity, 0);
    this.counterLimit = grown(this.counterLimit, capacity, 0);
    this.rekeyAtCounter = grown(this.rekeyAtCounter, capacity, 0);
    this.rekeyAtMs = grown(this.rekeyAtMs, capacity, 0);
    this.refuseAtMs = grown(this.refuseAtMs, capacity, 0);
    this.path = grown(this.path, capacity, NONE);
    this.maxPlaintext = grown(this.maxPlaintext, capacity, 0);
    this.rttMs = grown(this.rttMs, capacity, 0);
  }
}

/** What the engine saw of each remote. As long as RemoteTable's columns. What the columns mean: ActivityColumns. */
export class ActivityTable implements ActivityColumns {
  lastSentMs: Float64Array = new Float64Array(0);
  lastReceivedMs: Float64Array = new Float64Array(0);
  lastHeardMs: Float64Array = new Float64Array(0);
  heardOnPathMs: Float64Array = new Float64Array(0);
  dataOnPathMs: Float64Array = new Float64Array(0);
  lastSealedMs: Float64Array = new Float64Array(0);
  txBytes: Float64Array = new Float64Array(0);
  rxBytes: Float64Array = new Float64Array(0);
  txPackets: Float64Array = new Float64Array(0);
  rxPackets: Float64Array = new Float64Array(0);
  tooBig4Ms: Float64Array = new Float64Array(0);
  tooBig6Ms: Float64Array = new Float64Array(0);
  roamedUntilMs: Float64Array = new Float64Array(0);
  askedInBatch: Float64Array = new Float64Array(0);

  constructor() {
    this.grow(FIRST_CAPACITY);
  }

  reset(slot: number): void {
    for (const column of this.times()) column[slot] = Number.NEGATIVE_INFINITY;
    for (const column of this.sums()) column[slot] = 0;
  }

  grow(capacity: number): void {
    const never = Number.NEGATIVE_INFINITY;
    this.lastSentMs = grown(this.lastSentMs, capacity, never);
    this.lastReceivedMs = grown(this.lastReceivedMs, capacity, never);
    this.lastHeardMs = grown(this.lastHeardMs, capacity, never);
    this.heardOnPathMs = grown(this.heardOnPathMs, capacity, never);
    this.dataOnPathMs = grown(this.dataOnPathMs, capacity, never);
    this.lastSealedMs = grown(this.lastSealedMs, capacity, never);
    this.tooBig4Ms = grown(this.tooBig4Ms, capacity, never);
    this.tooBig6Ms = grown(this.tooBig6Ms, capacity, never);
    this.roamedUntilMs = grown(this.roamedUntilMs, capacity, never);
    this.txBytes = grown(this.txBytes, capacity, 0);
    this.rxBytes = grown(this.rxBytes, capacity, 0);
    this.txPackets = grown(this.txPackets, capacity, 0);
    this.rxPackets = grown(this.rxPackets, capacity, 0);
    this.askedInBatch = grown(this.askedInBatch, capacity, 0);
  }

  private times(): Float64Array[] {
    return [
      this.lastSentMs,
      this.lastReceivedMs,
      this.lastHeardMs,
      this.heardOnPathMs,
      this.dataOnPathMs,
      this.lastSealedMs,
      this.tooBig4Ms,
      this.tooBig6Ms,
      this.roamedUntilMs,
    ];
  }

  private sums(): Float64Array[] {
    return [this.txBytes, this.rxBytes, this.txPackets, this.rxPackets, this.askedInBatch];
  }
}

/** Receive keys by slot, at most 65,536. What the columns mean: ReceiveKeyColumns. */
export class ReceiveKeyTable implements ReceiveKeyColumns {
  remote: Int32Array = new Int32Array(0);
  index: Uint32Array = new Uint32Array(0);
  confirmed: Uint8Array = new Uint8Array(0);
  highestCounter: Float64Array = new Float64Array(0);

  /** Along with 'setReceiveKey'. `confirmed`: the handshake itself proved that the remote has the key. */
  set(slot: number, remote: number, confirmed: boolean, index: number): void {
    if (slot >= this.remote.length) {
      const capacity = capacityFor(this.remote.length, slot, 65536);
      this.remote = grown(this.remote, capacity, NONE);
      this.index = grown(this.index, capacity, 0);
      this.confirmed = grown(this.confirmed, capacity, 0);
      this.highestCounter = grown(this.highestCounter, capacity, -1);
    }
    this.remote[slot] = remote;
    this.index[slot] = index;
    this.confirmed[slot] = confirmed ? 1 : 0;
    this.highestCounter[slot] = -1;
  }

  /** Along with 'clearReceiveKey'. */
  clear(slot: number): void {
    if (slot < this.remote.length) this.remote[slot] = NONE;
  }
}

/** Send keys by slot, at most 65,536. What the columns mean: SendKeyColumns. */
export class SendKeyTable implements SendKeyColumns {
  index: Uint32Array = new Uint32Array(0);

  /** Along with 'setSendKey'. */
  set(slot: number, index: number): void {
    if (slot >= this.index.length)
      this.index = grown(this.index, capacityFor(this.index.length, slot, 65536), 0);
    this.index[slot] = index;
  }
}

/** Paths by slot, at most 65,536. What the columns mean: PathColumns. */
export class PathTable implements PathColumns {
  address: Uint32Array = new Uint32Array(0);
  port: Uint32Array = new Uint32Array(0);

  /** Along with 'setPath'; `words` holds the address's four words at `at`, `port` is its portWord(). */
  set(slot: number, words: Uint32Array, at: number, port: number): void {
    if (slot >= this.port.length) {
      const capacity = capacityFor(this.port.length, slot, 65536);
      this.address = grown(this.address, 4 * capacity, 0);
      this.port = grown(this.port, capacity, 0);
    }
    for (let i = 0; i < 4; i++) this.address[4 * slot + i] = words[at + i];
    this.port[slot] = port;
  }
}
