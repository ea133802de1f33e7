// The packet port in memory: the addon's contract (PacketPort) in TypeScript, one packet at a time, nothing coalesced.
import {
  Action,
  BATCH_ROWS,
  Counter,
  HOLD_MS_MAX,
  INBOUND_ROWS,
  INFO_FAMILY,
  InRow,
  KEY_SLOTS,
  Kind,
  OutRow,
  REPAIR_PARITY,
  REPAIR_PARITY_SHIFT,
  ROW_WORDS,
  SLAB_SLOTS,
  SLOT_BYTES,
  SLOT_HEADROOM,
} from '../core/base/batch-layout.generated.ts';
import { circuitOf, isCircuit } from '../core/base/circuit.ts';
import type { SocketAddress } from '../core/base/ip.ts';
import type { PacketPort, PortEvent } from '../core/engine/types.ts';
import type { Crypto } from '../core/identity/types.ts';
import { ECN_NONE, outerEcn } from './ecn.ts';
import { type Datagram, RECEIVE_BYTES, SimInlet } from './inlet.ts';
import { PortKeys } from './keys.ts';
import { type PacketFacts, parsePacket } from './packet.ts';
import { relayHeader, SimRelay } from './relay.ts';
import { addressesOf, checkVia, describeOut, isControl, isSent, isSocketNumber, keepsSlot } from './rows.ts';
import { plaintextsOf } from './segment.ts';
import { finishPacket, readdress } from './wire-form.ts';

/**
 * Memory of batches, of all ports: a batch is over before another host's begins, and whoever keeps a part of one longer than
 * the addon would let it sees it overwritten sooner.
 */
const BATCH = {
  outRows: new Uint32Array(BATCH_ROWS * ROW_WORDS),
  outBytes: new Uint8Array(SLAB_SLOTS * SLOT_BYTES),
  heldRows: new Uint32Array(SLAB_SLOTS * ROW_WORDS),
  inRows: new Uint32Array(INBOUND_ROWS * ROW_WORDS),
  inBytes: new Uint8Array(RECEIVE_BYTES),
};

/** What is behind the port: the simulated host and network. */
export interface PortWorld {
  now(): number;
  /** False: too big for the way there (EMSGSIZE). `ttl`: of this datagram; absent: as usual. `ecn`: field of its header. */
  sendDatagram(to: SocketAddress, datagram: Uint8Array, ttl: number | undefined, ecn: number): boolean;
  writeInside(packet: Uint8Array): void;
  /** The local port of a further socket, or why there is none: the name of an errno. */
  openSocket(socket: number): number | string;
  closeSocket(socket: number): void;
  routeMtu(to: SocketAddress): number;
}

interface Held {
  readonly packet: Uint8Array;
  readonly facts: PacketFacts;
  references: number;
}

export class SimPort implements PacketPort {
  readonly outRows: Uint32Array = BATCH.outRows;
  readonly outBytes: Uint8Array = BATCH.outBytes;
  readonly heldRows: Uint32Array = BATCH.heldRows;
  readonly inRows: Uint32Array = BATCH.inRows;
  readonly inBytes: Uint8Array = BATCH.inBytes;
  readonly counters = new Float64Array(Counter.counters);
  readonly keys: PortKeys;
  private readonly world: PortWorld;
  private readonly paths = new Map<number, SocketAddress>();
  /** Further sockets that are open. */
  private readonly sockets = new Set<number>();
  private readonly relay = new SimRelay(this.paths, this.counters);
  /** Packets in slab slots, by slot: read from the TUN or held. */
  private readonly slots = new Map<number, Held>();
  /** Slots that were used and are free again; those from `freshSlot` on never were. */
  private readonly freeSlots: number[] = [];
  private freshSlot = 0;
  private readonly inlet: SimInlet;
  private inside: (rows: number) => void = () => undefined;
  private outside: (rows: number) => void = () => undefined;
  private event: (event: PortEvent) => void = () => undefined;

  constructor(crypto: Crypto, world: PortWorld) {
    this.keys = new PortKeys(crypto);
    this.world = world;
    this.inlet = new SimInlet({
      rows: this.inRows,
      bytes: this.inBytes,
      counters: this.counters,
      keys: this.keys,
      relay: this.relay,
      now: () => world.now(),
      transmit: (to, datagram, ecn) => this.transmit(to, datagram, undefined, ecn),
      outside: (rows) => this.outside(rows),
    });
  }

  onInside(callback: (rows: number) => void): void {
    this.inside = callback;
  }

  onOutside(callback: (rows: number) => void): void {
    this.outside = callback;
  }

  onEvent(callback: (event: PortEvent) => void): void {
    this.event = callback;
  }

  get relayed(): Float64Array {
    return this.relay.relayed;
  }

  /** Slab slots in use: 0 when nothing is under way or held. */
  get slotsInUse(): number {
    return this.slots.size;
  }

  /** Further sockets that are open. */
  get socketsOpen(): number {
    return this.sockets.size;
  }

  /** The TUN has packets (complete, as a kernel without offloads writes them). */
  readInside(packets: readonly Uint8Array[]): void {
    for (let from = 0; from < packets.length; from += BATCH_ROWS) {
      let rows = 0;
      for (const packet of packets.slice(from, from + BATCH_ROWS)) if (this.fillOutRow(rows, packet)) rows++;
      if (rows > 0) this.inside(rows);
    }
  }

  /** The sockets have datagrams. */
  readOutside(datagrams: readonly Datagram[]): void {
    this.inlet.read(datagrams);
  }

  /** ms at which the port has something to do by itself. */
  get wakeAt(): number {
    return this.inlet.wakeAt;
  }

  tick(): void {
    this.inlet.tick();
  }

  send(rows: number): void {
    for (let row = 0; row < rows; row++) {
      const words = this.outRows.slice(row * ROW_WORDS, (row + 1) * ROW_WORDS);
      const slot = words[OutRow.slot];
      if (isSent(words)) this.sealAndSend(words);
      if (words[OutRow.action] === Action.loop) this.loop(words);
      if (!keepsSlot(words)) this.release(slot);
    }
  }

  sendHeld(rows: number): void {
    for (let row = 0; row < rows; row++) {
      const words = this.heldRows.slice(row * ROW_WORDS, (row + 1) * ROW_WORDS);
      if (isSent(words)) this.sealAndSend(words);
      if (!keepsSlot(words)) this.release(words[OutRow.slot]);
    }
  }

  retain(slot: number): void {
    const held = this.slots.get(slot);
    if (held === undefined) throw new RangeError(`slot ${slot} is free`);
    held.references++;
  }

  release(slot: number): void {
    const held = this.slots.get(slot);
    if (held === undefined) throw new RangeError(`slot ${slot} is free`);
    if (--held.references > 0) return;
    this.slots.delete(slot);
    this.freeSlots.push(slot);
  }

  deliver(rows: number): void {
    for (let row = 0; row < rows; row++) {
      const at = row * ROW_WORDS;
      const zeroed = this.inlet.packetOf(row);
      if (this.inRows[at + InRow.kind] !== Kind.data || zeroed === undefined) continue;
      if (this.inRows[at + InRow.action] !== Action.send) continue;
      const isV4 = (this.inRows[at + InRow.info] & INFO_FAMILY) === 4;
      this.writeInside(finishPacket(zeroed, addressesOf(isV4, this.inRows, at + InRow.source)));
    }
  }

  setSendKey(slot: number, suite: number, key: Uint8Array, index: number): void {
    this.keys.setSend(slot, suite, key, index);
  }

  setReceiveKey(slot: number, suite: number, key: Uint8Array, index: number, group: number): void {
    this.inlet.forgetKey(slot);
    this.keys.setReceive(slot, suite, key, index, group);
  }

  clearSendKey(slot: number): void {
    this.keys.clearSend(slot);
  }

  clearReceiveKey(slot: number): void {
    this.inlet.forgetKey(slot);
    this.keys.clearReceive(slot);
  }

  setHold(key: number, holdMs: number): void {
    if (!(Number.isInteger(key) && key >= 0 && key < KEY_SLOTS && holdMs >= 0 && holdMs <= HOLD_MS_MAX))
      throw new TypeError('key slot, milliseconds up to 10,000');
    this.inlet.setHold(key, Math.floor(holdMs));
  }

  received(key: number, into: Float64Array, ranges: number): number {
    return this.keys.received(key, into, ranges);
  }

  ceCount(key: number): number {
    return this.keys.ceCount(key);
  }

  openSocket(socket: number): void {
    if (!isSocketNumber(socket) || this.sockets.has(socket)) throw new TypeError('a free number is expected');
    const port = this.world.openSocket(socket);
    if (typeof port === 'string') {
      this.event({ kind: 'socketFailed', socket, error: port });
      return;
    }
    this.sockets.add(socket);
    this.event({ kind: 'socketOpened', socket, port });
  }

  closeSocket(socket: number): void {
    if (!isSocketNumber(socket)) throw new TypeError("a socket's number is expected");
    if (this.sockets.delete(socket)) this.world.closeSocket(socket);
  }

  setPath(slot: number, to: SocketAddress): void {
    checkVia(to);
    this.paths.set(slot, to);
  }

  clearPath(slot: number): void {
    this.paths.delete(slot);
    this.relay.clearSlot(slot);
  }

  setCircuit(slot: number, number: number, toLeg: number): void {
    this.relay.setCircuit(slot, number, toLeg);
  }

  setForward(slot: number, number: number, toSlot: number, toLeg: number, toNumber: number): void {
    this.relay.setForward(slot, number, toSlot, toLeg, toNumber);
  }

  clearCircuit(slot: number, number: number): void {
    this.relay.clearCircuit(slot, number);
  }

  setRelayLimit(bytesPerSecond: number, burstBytes: number): void {
    this.relay.setLimit(bytesPerSecond, burstBytes);
  }

  /** The virtual world has no connections, so no number is a stream's. */
  closeStream(): void {}

  keepalive(slot: number, leg: number, number: number): void {
    const to = this.relay.directPath(slot);
    if (to === undefined) this.drop(Counter.dropRelay);
    else this.transmit(to, relayHeader(leg, number));
  }

  sendRaw(to: SocketAddress, datagram: Uint8Array, ttl?: number): void {
    checkVia(to);
    this.transmit(to, datagram, ttl);
  }

  sendControl(key: number, counter: number, path: number, plaintext: Uint8Array, ttl?: number): void {
    if (!isControl(plaintext)) throw new RangeError('not a control message');
    this.transmitSealed(this.keys.seal(key, counter, [plaintext]), path, ttl);
  }

  setParity(key: number, parities: number, longest: number): void {
    this.keys.setParity(key, parities, longest);
  }

  sendParity(key: number, counter: number, path: number, parities: number): void {
    const sealed = parities > 0 ? this.keys.sealData(key, counter, [], parities) : undefined;
    if (sealed !== undefined) this.counters[Counter.paritySent] += parities;
    this.transmitSealed(sealed, path);
  }

  inject(packet: Uint8Array): void {
    if (parsePacket(packet) === undefined) throw new RangeError('the injected packet contradicts itself');
    this.writeInside(packet);
  }

  routeMtu(to: SocketAddress): number {
    const outer = isCircuit(to.ip) ? this.relay.directPath(circuitOf(to).slot) : to;
    return outer === undefined ? 0 : this.world.routeMtu(outer);
  }

  private fillOutRow(row: number, packet: Uint8Array): boolean {
    this.counters[Counter.insideReadPackets]++;
    this.counters[Counter.insideReadBytes] += packet.length;
    const facts = parsePacket(packet);
    const slot = facts === undefined ? undefined : this.takeSlot();
    if (facts === undefined || slot === undefined) {
      this.counters[facts === undefined ? Counter.dropInsideMalformed : Counter.dropNoSlot]++;
      return false;
    }
    this.slots.set(slot, { packet: packet.slice(0, facts.length), facts, references: 1 });
    this.outBytes.set(packet.subarray(0, facts.length), slot * SLOT_BYTES + SLOT_HEADROOM);
    describeOut(this.outRows, row * ROW_WORDS, slot, packet, facts);
    return true;
  }

  private takeSlot(): number | undefined {
    return this.freeSlots.pop() ?? (this.freshSlot < SLAB_SLOTS ? this.freshSlot++ : undefined);
  }

  private drop(counter: number): void {
    this.counters[counter]++;
  }

  private sealAndSend(words: Uint32Array): void {
    const held = this.slots.get(words[OutRow.slot]);
    if (held === undefined) throw new RangeError(`slot ${words[OutRow.slot]} is free`);
    const plaintexts = plaintextsOf(held.packet, held.facts, words);
    if (plaintexts.length === 0 || plaintexts.length !== words[OutRow.datagrams]) {
      this.counters[Counter.dropBadRow]++;
      return;
    }
    const counter = words[OutRow.counterLow] + words[OutRow.counterHigh] * 0x1_0000_0000;
    const parities = (words[OutRow.repair] & REPAIR_PARITY) >>> REPAIR_PARITY_SHIFT;
    const sealed = this.keys.sealData(words[OutRow.key], counter, plaintexts, parities);
    if (sealed !== undefined) this.counters[Counter.paritySent] += parities;
    this.transmitSealed(sealed, words[OutRow.path], undefined, outerEcn(words));
  }

  private transmitSealed(
    datagrams: Uint8Array[] | undefined,
    path: number,
    ttl?: number,
    ecn = ECN_NONE,
  ): void {
    const to = this.paths.get(path);
    if (datagrams === undefined || to === undefined) {
      this.counters[Counter.dropBadRow]++;
      return;
    }
    let isTooBig = false;
    for (const datagram of datagrams) if (!this.transmit(to, datagram, ttl, ecn)) isTooBig = true;
    if (isTooBig) this.event({ kind: 'tooBig', path });
  }

  /** False: too big. */
  private transmit(to: SocketAddress, datagram: Uint8Array, ttl?: number, ecn = ECN_NONE): boolean {
    const wrapped = this.relay.wrap(to, datagram);
    if (wrapped === undefined) return true;
    const { via = 0 } = wrapped.to;
    if (via !== 0 && !this.sockets.has(via)) {
      this.counters[Counter.dropSendOther]++;
      return true;
    }
    // As in the addon, a TTL is for direct ways.
    const own = wrapped.to === to && ttl !== 0 ? ttl : undefined;
    if (!this.world.sendDatagram(wrapped.to, wrapped.bytes, own, ecn)) {
      this.counters[Counter.dropSendTooBig]++;
      return false;
    }
    this.counters[Counter.datagramsSent]++;
    this.counters[Counter.datagramBytesSent] += wrapped.bytes.length;
    return true;
  }

  private writeInside(packet: Uint8Array): void {
    this.counters[Counter.insideWrittenPackets]++;
    this.counters[Counter.insideWrittenBytes] += packet.length;
    this.world.writeInside(packet);
  }

  private loop(words: Uint32Array): void {
    const held = this.slots.get(words[OutRow.slot]);
    if (held === undefined) throw new RangeError(`slot ${words[OutRow.slot]} is free`);
    const { packet, facts } = held;
    this.writeInside(readdress(packet, facts, addressesOf(facts.family === 4, words, OutRow.loopSource)));
  }
}
