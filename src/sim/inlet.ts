// The way into the port double: datagrams are sorted by type, opened, checked, put into their order and become rows.
import {
  Counter,
  DatagramType,
  INBOUND_ROWS,
  INFO_FIRST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  InRow,
  Kind,
  Plaintext,
  RECEIVE_SLOTS,
  RELAY_HEADER,
  ROW_WORDS,
} from '../core/base/batch-layout.generated.ts';
import { readU32BE } from '../core/base/bytes.ts';
import { ipToWords, isDiscardOnly, portWord, type SocketAddress, TCP } from '../core/base/ip.ts';
import { TRANSPORT_MIN } from '../core/wire/limits.ts';
import { decodeTransportHeader } from '../core/wire/wire.ts';
import { ECN_CE, ECN_NONE, ecnOf, takeEcn } from './ecn.ts';
import { type Opened, type PortKeys, positionOf, type ReceiveKey } from './keys.ts';
import type { Recovered } from './parity.ts';
import type { SimRelay } from './relay.ts';
import { type Arrival, Resequencer } from './resequence.ts';
import { describeIn, isControl } from './rows.ts';
import { Reassembly } from './segment.ts';
import { fromWireForm, type ZeroedPacket } from './wire-form.ts';

/** Bytes of control messages and raw datagrams that one batch may carry. */
export const RECEIVE_BYTES = RECEIVE_SLOTS * 65536;
const NO_WHOLE_TCP = INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT | INFO_NO_PORTS;

/** `from`: with the local socket on which it came in. */
export interface Datagram {
  readonly from: SocketAddress;
  readonly bytes: Uint8Array;
  /** ECN field of its header; absent: 0. */
  readonly ecn?: number;
}

/** What the way in has of its port. */
export interface InletParts {
  readonly rows: Uint32Array;
  readonly bytes: Uint8Array;
  readonly counters: Float64Array;
  readonly keys: PortKeys;
  readonly relay: SimRelay;
  now(): number;
  transmit(to: SocketAddress, datagram: Uint8Array, ecn: number): void;
  /** A batch of so many rows is there. */
  outside(rows: number): void;
}

/** A packet with the row that it becomes. */
interface Entered {
  readonly row: Uint32Array;
  readonly zeroed: ZeroedPacket;
}

export class SimInlet {
  private readonly parts: InletParts;
  private readonly reassembly = new Reassembly();
  private readonly resequencer = new Resequencer<Entered>();
  /** Opened packets of the batch under way, by row. */
  private readonly opened: (ZeroedPacket | undefined)[] = [];
  /** The row in the making. */
  private readonly row = new Uint32Array(ROW_WORDS);
  private rows = 0;
  private used = 0;

  constructor(parts: InletParts) {
    this.parts = parts;
  }

  /** The sockets have datagrams. */
  read(datagrams: readonly Datagram[]): void {
    const { counters } = this.parts;
    this.begin();
    for (const datagram of datagrams) {
      counters[Counter.datagramsReceived]++;
      counters[Counter.datagramBytesReceived] += datagram.bytes.length;
      if (this.rows === INBOUND_ROWS || this.used + datagram.bytes.length > RECEIVE_BYTES) {
        counters[Counter.dropBusy]++;
        continue;
      }
      this.handle(datagram);
      this.drain();
    }
    this.end();
  }

  /** What has waited long enough goes up. */
  tick(): void {
    if (this.wakeAt > this.parts.now()) return;
    this.begin();
    this.resequencer.expire(this.parts.now());
    this.drain();
    this.end();
  }

  /** ms at which something that was held is to go up. */
  get wakeAt(): number {
    return this.resequencer.wakeAt;
  }

  /** The packet of a data row of the batch under way. */
  packetOf(row: number): ZeroedPacket | undefined {
    return this.opened[row];
  }

  setHold(slot: number, holdMs: number): void {
    const key = this.parts.keys.receiver(slot);
    if (key === undefined) return;
    key.holdMs = holdMs;
    if (holdMs === 0) this.resequencer.releaseRemote(key.group);
  }

  forgetKey(slot: number): void {
    this.resequencer.forgetKey(slot);
    this.count();
  }

  private begin(): void {
    this.rows = 0;
    this.used = 0;
    this.opened.length = 0;
  }

  private end(): void {
    this.count();
    if (this.rows > 0) this.parts.outside(this.rows);
  }

  private count(): void {
    const { counters } = this.parts;
    const { held, expired, dropped } = this.resequencer.counts;
    counters[Counter.resequenced] = held;
    counters[Counter.holdExpired] = expired;
    counters[Counter.dropHeld] = dropped;
  }

  /** Brings up what the resequencer let go, in as many batches as it takes. */
  private drain(): void {
    for (let entered = this.resequencer.take(); entered !== undefined; entered = this.resequencer.take()) {
      if (this.rows === INBOUND_ROWS) {
        this.end();
        this.begin();
      }
      this.enter(entered.row, entered.zeroed);
    }
  }

  private enter(row: Uint32Array, zeroed: ZeroedPacket): void {
    this.parts.rows.set(row, this.rows * ROW_WORDS);
    this.opened[this.rows++] = zeroed;
  }

  private handle(datagram: Datagram): void {
    if (isDiscardOnly(datagram.from.ip)) return this.drop(Counter.dropRelay);
    const { ecn = ECN_NONE } = datagram;
    let direct: Datagram | undefined = datagram;
    if (datagram.bytes[0] === DatagramType.relayed) {
      const { relay, now, transmit } = this.parts;
      direct = relay.receive(datagram.from, datagram.bytes, now(), (to, bytes) => transmit(to, bytes, ecn));
      if (direct === undefined) return;
    }
    const { bytes, from } = direct;
    const type = bytes[0];
    const { row } = this;
    row.fill(0);
    ipToWords(from.ip, row, InRow.outerSource);
    row[InRow.outerPort] = portWord(from);
    row[InRow.outerBytes] = bytes.length;
    row[InRow.datagrams] = 1;
    if (type === DatagramType.transport) return this.open(row, bytes, ecn);
    const isRaw =
      type === DatagramType.initiation ||
      type === DatagramType.response ||
      type === DatagramType.cookie ||
      (type === DatagramType.relayed && bytes.length === RELAY_HEADER);
    if (!isRaw) return this.drop(Counter.dropUnknownType);
    this.copy(row, Kind.raw, bytes);
  }

  private open(row: Uint32Array, bytes: Uint8Array, ecn: number): void {
    if (bytes.length < TRANSPORT_MIN) return this.drop(Counter.dropTruncated);
    const header = decodeTransportHeader(bytes);
    if (header === undefined) return this.drop(Counter.dropCounterLimit);
    const opened = this.parts.keys.open(bytes, header.receiverIndex, header.counter);
    if (!opened.ok) return this.drop(opened.drop);
    const { slot, counter, plaintext, isLate } = opened;
    row[InRow.key] = slot;
    row[InRow.counterLow] = counter >>> 0;
    row[InRow.counterHigh] = Math.floor(counter / 0x1_0000_0000);
    if (isControl(plaintext)) this.copy(row, Kind.control, plaintext);
    else this.take(row, opened, ecn);
    // Somebody may have waited for it.
    if (isLate) this.resequencer.filled(slot, counter);
  }

  /** Data or parity. */
  private take(row: Uint32Array, opened: Extract<Opened, { ok: true }>, ecn: number): void {
    const { slot, counter, plaintext } = opened;
    const { counters, keys } = this.parts;
    const isParity = plaintext[0] === Plaintext.parity;
    if (!isParity && keys.isRepaired(slot, counter)) return this.drop(Counter.dropDuplicate);
    const recovered = keys.correct(slot, counter, plaintext);
    if (recovered === undefined) this.drop(Counter.dropParity);
    const outer = recovered === undefined || recovered.length === 0 ? undefined : row.slice();
    if (isParity) {
      counters[Counter.parityReceived]++;
      this.heard(row);
    } else {
      this.data(row, slot, counter, plaintext, ecn);
    }
    for (const each of recovered ?? []) if (outer !== undefined) this.recover(outer.slice(), slot, each);
  }

  private recover(row: Uint32Array, slot: number, { counter, plaintext }: Recovered): void {
    this.drain();
    const first = plaintext[0];
    const isData = first >> 4 === 4 || first >> 4 === 6 || first === Plaintext.fragment;
    if (!isData || this.rows === INBOUND_ROWS)
      return this.drop(isData ? Counter.dropBusy : Counter.dropParity);
    if (!this.parts.keys.repair(slot, counter)) return;
    this.parts.counters[Counter.recovered]++;
    row[InRow.counterLow] = counter;
    row[InRow.outerBytes] = 0;
    this.data(row, slot, counter, plaintext, ECN_NONE);
    this.resequencer.filled(slot, counter);
  }

  /** What may be a packet or a tunnel fragment, arrived or recovered. */
  private data(row: Uint32Array, slot: number, counter: number, plaintext: Uint8Array, ecn: number): void {
    let wire: Uint8Array | undefined | 'pending' = plaintext;
    let marks = ecn === ECN_CE ? 1 : 0;
    if (plaintext[0] === Plaintext.fragment) {
      wire = this.reassembly.add(slot, counter, plaintext, this.parts.now(), marks > 0);
      marks = this.reassembly.marks;
    }
    if (wire === 'pending') return;
    if (wire === undefined) return this.drop(Counter.dropFragment);
    const zeroed = fromWireForm(wire);
    const key = this.parts.keys.receiver(slot);
    // What was marked before it was sealed left with that mark as well.
    if (key !== undefined && ecnOf(wire) !== ECN_CE) {
      key.congested += marks;
      this.parts.counters[Counter.congested] += marks;
    }
    if (zeroed === undefined || key === undefined) return this.drop(Counter.dropInnerMalformed);
    if (!takeEcn(zeroed.bytes, marks > 0 ? ECN_CE : ecn)) return this.drop(Counter.dropEcn);
    const found = positionOf(key, counter, zeroed.original);
    if ('drop' in found) return this.drop(found.drop);
    describeIn(row, 0, zeroed);
    if (key.holdMs === 0 || !isWholeTcp(zeroed)) this.enter(row, zeroed);
    else this.order(key, slot, found.position, { row: row.slice(), zeroed });
    if (found.position !== counter) this.resequencer.filled(slot, found.position);
  }

  private order(key: ReceiveKey, slot: number, position: number, entered: Entered): void {
    const arrival = arrivalOf(key, slot, position, entered);
    const { row } = entered;
    const heard = row.slice();
    if (this.resequencer.add(arrival, this.parts.now())) return this.enter(row, entered.zeroed);
    row[InRow.outerBytes] = 0;
    if (heard[InRow.outerBytes] > 0) this.heard(heard);
  }

  /** Tells of a datagram that goes no further now: what arrived is acknowledged, whatever it waits for. */
  private heard(row: Uint32Array): void {
    row[InRow.kind] = Kind.heard;
    this.parts.rows.set(row, this.rows++ * ROW_WORDS);
  }

  private copy(row: Uint32Array, kind: number, bytes: Uint8Array): void {
    row[InRow.kind] = kind;
    row[InRow.offset] = this.used;
    row[InRow.length] = bytes.length;
    this.parts.bytes.set(bytes, this.used);
    this.used += bytes.length;
    this.parts.rows.set(row, this.rows++ * ROW_WORDS);
  }

  private drop(counter: number): void {
    this.parts.counters[counter]++;
  }
}

function isWholeTcp({ facts }: ZeroedPacket): boolean {
  return facts.protocol === TCP && (facts.info & NO_WHOLE_TCP) === 0;
}

function arrivalOf(key: ReceiveKey, slot: number, position: number, what: Entered): Arrival<Entered> {
  const { bytes, facts, isRepairable, original } = what.zeroed;
  return {
    remote: key.group,
    key: slot,
    window: key.window,
    holdMs: key.holdMs,
    position,
    flow: `${what.row[InRow.selectors]} ${facts.ports} ${facts.family}`,
    sequence: readU32BE(bytes, facts.networkBytes + 4),
    flags: bytes[facts.networkBytes + 13],
    payload: facts.length - facts.headerBytes,
    length: facts.length,
    isKept: isRepairable || original !== undefined,
    what,
  };
}
