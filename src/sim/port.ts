// The packet port in memory: the addon's contract (PacketPort) in TypeScript, one packet at a time, nothing coalesced.
import {
  Action,
  BATCH_ROWS,
  Counter,
  DatagramType,
  INBOUND_ROWS,
  INFO_FAMILY,
  InRow,
  Kind,
  OutRow,
  Plaintext,
  RECEIVE_SLOTS,
  RELAY_HEADER,
  REPAIR_PARITY,
  REPAIR_PARITY_SHIFT,
  ROW_WORDS,
  SLAB_SLOTS,
  SLOT_BYTES,
  SLOT_HEADROOM,
} from '../core/base/batch-layout.generated.ts';
import { circuitOf, isCircuit } from '../core/base/circuit.ts';
import { ipToWords, isDiscardOnly, portWord, type SocketAddress } from '../core/base/ip.ts';
import type { PacketPort, PortEvent } from '../core/engine/types.ts';
import type { Crypto } from '../core/identity/types.ts';
import { TRANSPORT_MIN } from '../core/wire/limits.ts';
import { decodeTransportHeader } from '../core/wire/wire.ts';
import { PortKeys } from './keys.ts';
import { type PacketFacts, parsePacket } from './packet.ts';
import type { Recovered } from './parity.ts';
import { relayHeader, SimRelay } from './relay.ts';
import {
  addressesOf,
  checkVia,
  describeIn,
  describeOut,
  isControl,
  isSent,
  isSocketNumber,
  keepsSlot,
} from './rows.ts';
import { plaintextsOf, Reassembly } from './segment.ts';
import { finishPacket, fromWireForm, readdress, type ZeroedPacket } from './wire-form.ts';

const RECEIVE_BYTES = RECEIVE_SLOTS * 65536;

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
  /** False: too big for the way there (EMSGSIZE). `ttl`: of this datagram; absent: as usual. */
  sendDatagram(to: SocketAddress, datagram: Uint8Array, ttl?: number): boolean;
  writeInside(packet: Uint8Array): void;
  /** The local port of a further socket, or why there is none: the name of an errno. */
  openSocket(socket: number): number | string;
  closeSocket(socket: number): void;
  routeMtu(to: SocketAddress): number;
}

/** `from`: with the local socket on which it came in. */
export interface Datagram {
  readonly from: SocketAddress;
  readonly bytes: Uint8Array;
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
  private readonly reassembly = new Reassembly();
  /** Opened packets of the batch under way, by row. */
  private readonly opened: (ZeroedPacket | undefined)[] = [];
  private readonly recovered: Recovered[] = [];
  private inside: (rows: number) => void = () => undefined;
  private outside: (rows: number) => void = () => undefined;
  private event: (event: PortEvent) => void = () => undefined;

  constructor(crypto: Crypto, world: PortWorld) {
    this.keys = new PortKeys(crypto);
    this.world = world;
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
    let rows = 0;
    let used = 0;
    this.opened.length = 0;
    for (const datagram of datagrams) {
      this.counters[Counter.datagramsReceived]++;
      this.counters[Counter.datagramBytesReceived] += datagram.bytes.length;
      if (rows === INBOUND_ROWS || used + datagram.bytes.length > RECEIVE_BYTES) {
        this.counters[Counter.dropBusy]++;
        continue;
      }
      this.inRows.fill(0, rows * ROW_WORDS, (rows + 1) * ROW_WORDS);
      const copied = this.fillInRow(rows, used, datagram);
      const of = rows;
      if (copied >= 0) {
        used += copied;
        rows++;
      }
      rows = this.fillRecovered(rows, of);
    }
    if (rows > 0) this.outside(rows);
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
      const zeroed = this.opened[row];
      if (this.inRows[at + InRow.kind] !== Kind.data || zeroed === undefined) continue;
      if (this.inRows[at + InRow.action] !== Action.send) continue;
      const isV4 = (this.inRows[at + InRow.info] & INFO_FAMILY) === 4;
      this.writeInside(finishPacket(zeroed, addressesOf(isV4, this.inRows, at + InRow.source)));
    }
  }

  setSendKey(slot: number, suite: number, key: Uint8Array, index: number): void {
    this.keys.setSend(slot, suite, key, index);
  }

  setReceiveKey(slot: number, suite: number, key: Uint8Array, index: number, _group: number): void {
    this.keys.setReceive(slot, suite, key, index);
  }

  clearSendKey(slot: number): void {
    this.keys.clearSend(slot);
  }

  clearReceiveKey(slot: number): void {
    this.keys.clearReceive(slot);
  }

  received(key: number, into: Float64Array, ranges: number): number {
    return this.keys.received(key, into, ranges);
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

  /** Bytes copied into the receive slab, or -1: dropped, no row. */
  private fillInRow(row: number, used: number, datagram: Datagram): number {
    if (isDiscardOnly(datagram.from.ip)) return this.drop(Counter.dropRelay);
    let direct: Datagram | undefined = datagram;
    if (datagram.bytes[0] === DatagramType.relayed) {
      direct = this.relay.receive(datagram.from, datagram.bytes, this.world.now(), (to, bytes) =>
        this.transmit(to, bytes),
      );
      if (direct === undefined) return -1;
    }
    const { bytes, from } = direct;
    const at = row * ROW_WORDS;
    const type = bytes[0];
    ipToWords(from.ip, this.inRows, at + InRow.outerSource);
    this.inRows[at + InRow.outerPort] = portWord(from);
    this.inRows[at + InRow.outerBytes] = bytes.length;
    this.inRows[at + InRow.datagrams] = 1;
    if (type === DatagramType.transport) return this.openInto(row, used, bytes);
    const isRaw =
      type === DatagramType.initiation ||
      type === DatagramType.response ||
      type === DatagramType.cookie ||
      (type === DatagramType.relayed && bytes.length === RELAY_HEADER);
    if (!isRaw) return this.drop(Counter.dropUnknownType);
    return this.copyInto(at, used, Kind.raw, bytes);
  }

  private openInto(row: number, used: number, bytes: Uint8Array): number {
    if (bytes.length < TRANSPORT_MIN) return this.drop(Counter.dropTruncated);
    const header = decodeTransportHeader(bytes);
    if (header === undefined) return this.drop(Counter.dropCounterLimit);
    const opened = this.keys.open(bytes, header.receiverIndex, header.counter);
    if (!opened.ok) return this.drop(opened.drop);
    const at = row * ROW_WORDS;
    const words = this.inRows;
    words[at + InRow.key] = opened.slot;
    words[at + InRow.counterLow] = opened.counter >>> 0;
    words[at + InRow.counterHigh] = Math.floor(opened.counter / 0x1_0000_0000);
    const { slot, counter, plaintext } = opened;
    if (isControl(plaintext)) return this.copyInto(at, used, Kind.control, plaintext);
    const isParity = plaintext[0] === Plaintext.parity;
    if (!isParity && this.keys.isRepaired(slot, counter)) return this.drop(Counter.dropDuplicate);
    const recovered = this.keys.correct(slot, counter, plaintext);
    if (recovered === undefined) this.counters[Counter.dropParity]++;
    else this.recovered.push(...recovered);
    if (!isParity) return this.takeInto(row, slot, counter, plaintext);
    this.counters[Counter.parityReceived]++;
    words[at + InRow.kind] = Kind.parity;
    return 0;
  }

  /** Rows of what was recovered when the datagram of row `of` came; from `rows` on. */
  private fillRecovered(rows: number, of: number): number {
    for (const { counter, plaintext } of this.recovered.splice(0)) {
      const first = plaintext[0];
      const isData = first >> 4 === 4 || first >> 4 === 6 || first === Plaintext.fragment;
      if (!isData || rows === INBOUND_ROWS) {
        this.drop(isData ? Counter.dropBusy : Counter.dropParity);
        continue;
      }
      this.counters[Counter.recovered]++;
      const at = rows * ROW_WORDS;
      if (rows !== of) this.inRows.copyWithin(at, of * ROW_WORDS, (of + 1) * ROW_WORDS);
      this.inRows[at + InRow.counterLow] = counter;
      this.inRows[at + InRow.outerBytes] = 0;
      if (this.takeInto(rows, this.inRows[at + InRow.key], counter, plaintext) >= 0) rows++;
    }
    return rows;
  }

  /** What may be a packet or a tunnel fragment, arrived or recovered. */
  private takeInto(row: number, slot: number, counter: number, plaintext: Uint8Array): number {
    let wire: Uint8Array | undefined | 'pending' = plaintext;
    if (plaintext[0] === Plaintext.fragment)
      wire = this.reassembly.add(slot, counter, plaintext, this.world.now());
    if (wire === 'pending') return -1;
    if (wire === undefined) return this.drop(Counter.dropFragment);
    const zeroed = fromWireForm(wire);
    if (zeroed === undefined) return this.drop(Counter.dropInnerMalformed);
    const refusal = this.keys.refusal(slot, counter, zeroed.original);
    if (refusal !== undefined) return this.drop(refusal);
    this.opened[row] = zeroed;
    describeIn(this.inRows, row * ROW_WORDS, zeroed);
    return 0;
  }

  private copyInto(at: number, used: number, kind: number, bytes: Uint8Array): number {
    this.inRows[at + InRow.kind] = kind;
    this.inRows[at + InRow.offset] = used;
    this.inRows[at + InRow.length] = bytes.length;
    this.inBytes.set(bytes, used);
    return bytes.length;
  }

  private drop(counter: number): number {
    this.counters[counter]++;
    return -1;
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
    this.transmitSealed(sealed, words[OutRow.path]);
  }

  private transmitSealed(datagrams: Uint8Array[] | undefined, path: number, ttl?: number): void {
    const to = this.paths.get(path);
    if (datagrams === undefined || to === undefined) {
      this.counters[Counter.dropBadRow]++;
      return;
    }
    let isTooBig = false;
    for (const datagram of datagrams) if (!this.transmit(to, datagram, ttl)) isTooBig = true;
    if (isTooBig) this.event({ kind: 'tooBig', path });
  }

  /** False: too big. */
  private transmit(to: SocketAddress, datagram: Uint8Array, ttl?: number): boolean {
    const wrapped = this.relay.wrap(to, datagram);
    if (wrapped === undefined) return true;
    const { via = 0 } = wrapped.to;
    if (via !== 0 && !this.sockets.has(via)) {
      this.counters[Counter.dropSendOther]++;
      return true;
    }
    // As in the addon, a TTL is for direct ways.
    const own = wrapped.to === to && ttl !== 0 ? ttl : undefined;
    if (!this.world.sendDatagram(wrapped.to, wrapped.bytes, own)) {
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
