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
  ROW_WORDS,
  SLAB_SLOTS,
  SLOT_BYTES,
  SLOT_HEADROOM,
  SOCKETS_MAX,
} from '../core/base/batch-layout.generated.ts';
import { writeU32BE } from '../core/base/bytes.ts';
import { circuitOf, isCircuit } from '../core/base/circuit.ts';
import { ipToWords, isDiscardOnly, portWord, type SocketAddress } from '../core/base/ip.ts';
import type { PacketPort, PortEvent } from '../core/engine/types.ts';
import type { Crypto } from '../core/identity/types.ts';
import { TRANSPORT_MIN } from '../core/wire/limits.ts';
import { decodeTransportHeader } from '../core/wire/wire.ts';
import { PortKeys } from './keys.ts';
import { type PacketFacts, parsePacket } from './packet.ts';
import { relayHeader, SimRelay } from './relay.ts';
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
      if (copied < 0) continue;
      used += copied;
      rows++;
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
    const at = row * ROW_WORDS;
    const words = this.outRows;
    words.fill(0, at, at + ROW_WORDS);
    words[at + OutRow.slot] = slot;
    words[at + OutRow.length] = facts.length;
    words[at + OutRow.headerBytes] = (facts.info & 0x100000) !== 0 ? facts.networkBytes : facts.headerBytes;
    words[at + OutRow.info] = facts.info;
    words[at + OutRow.trafficClass] = facts.trafficClass;
    words[at + OutRow.ports] = facts.ports;
    words[at + OutRow.fragmentId] = facts.fragmentId;
    words[at + OutRow.quoteInfo] = facts.quoteInfo;
    words[at + OutRow.quotePorts] = facts.quotePorts;
    addressWords(packet, facts.family, 0, words, at + OutRow.source);
    addressWords(packet, facts.family, 1, words, at + OutRow.destination);
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
    const { plaintext } = opened;
    if (isControl(plaintext)) return this.copyInto(at, used, Kind.control, plaintext);
    let wire: Uint8Array | undefined | 'pending' = plaintext;
    if (plaintext[0] === Plaintext.fragment)
      wire = this.reassembly.add(opened.slot, opened.counter, plaintext, this.world.now());
    if (wire === 'pending') return -1;
    if (wire === undefined) return this.drop(Counter.dropFragment);
    const zeroed = fromWireForm(wire);
    if (zeroed === undefined) return this.drop(Counter.dropInnerMalformed);
    const refusal = this.keys.refusal(opened.slot, opened.counter, zeroed.original);
    if (refusal !== undefined) return this.drop(refusal);
    this.opened[row] = zeroed;
    const { facts } = zeroed;
    words[at + InRow.kind] = Kind.data;
    words[at + InRow.length] = facts.length;
    words[at + InRow.info] = facts.info;
    words[at + InRow.trafficClass] = facts.trafficClass;
    words[at + InRow.ports] = facts.ports;
    words[at + InRow.fragmentId] = facts.fragmentId;
    words[at + InRow.selectors] = ((zeroed.sourceSelector << 16) | zeroed.destinationSelector) >>> 0;
    words[at + InRow.quoteInfo] = facts.quoteInfo;
    words[at + InRow.quotePorts] = facts.quotePorts;
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
    this.transmitSealed(this.keys.seal(words[OutRow.key], counter, plaintexts), words[OutRow.path]);
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

function isSent(words: Uint32Array): boolean {
  return words[OutRow.action] === Action.send || words[OutRow.action] === Action.sendKeep;
}

function keepsSlot(words: Uint32Array): boolean {
  return words[OutRow.action] === Action.hold || words[OutRow.action] === Action.sendKeep;
}

function isControl(plaintext: Uint8Array): boolean {
  return plaintext.length === 0 || plaintext[0] === Plaintext.control || plaintext[0] === Plaintext.ack;
}

function isSocketNumber(socket: number): boolean {
  return Number.isInteger(socket) && socket >= 1 && socket <= SOCKETS_MAX;
}

function checkVia({ ip, via = 0 }: SocketAddress): void {
  if (via !== 0 && (!isSocketNumber(via) || isDiscardOnly(ip)))
    throw new TypeError('no local socket has that number, or leads there');
}

/** Source and destination, as they stand in a header, from the eight words at `at`. */
function addressesOf(isV4: boolean, words: Uint32Array, at: number): Uint8Array {
  const addresses = new Uint8Array(isV4 ? 8 : 32);
  for (let i = isV4 ? 3 : 0, to = 0; i < 4; i++, to += 4) {
    writeU32BE(addresses, to, words[at + i]);
    writeU32BE(addresses, to + addresses.length / 2, words[at + 4 + i]);
  }
  return addresses;
}

function addressWords(packet: Uint8Array, family: 4 | 6, which: 0 | 1, words: Uint32Array, at: number): void {
  const ip = new Uint8Array(16);
  if (family === 4) {
    ip[10] = 0xff;
    ip[11] = 0xff;
    ip.set(packet.subarray(12 + 4 * which, 16 + 4 * which), 12);
  } else {
    ip.set(packet.subarray(8 + 16 * which, 24 + 16 * which));
  }
  ipToWords(ip, words, at);
}
