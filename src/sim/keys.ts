// Transport keys of the port double: sealing, opening, replay and counter safety beside the key, as in the addon.
import {
  Counter,
  KEY_SLOTS,
  PARITY_BYTES,
  PARITY_MOST,
  Plaintext,
  REPAIR_COUNTER,
  Suite,
} from '../core/base/batch-layout.generated.ts';
import { concat, writeU64BE, writeU64LE } from '../core/base/bytes.ts';
import type { Aead, Crypto } from '../core/identity/types.ts';
import { ReplayWindow, SendCounters } from '../core/session/session.ts';
import { TRANSPORT_HEADER_BYTES } from '../core/wire/limits.ts';
import { encodeTransportHeader } from '../core/wire/wire.ts';
import { ParityDecoder, ParityEncoder, type Recovered } from './parity.ts';

interface SendKey {
  readonly suite: number;
  readonly key: Uint8Array;
  readonly index: number;
  readonly counters: SendCounters;
  parity: ParityEncoder | undefined;
}

export interface ReceiveKey {
  readonly suite: number;
  readonly key: Uint8Array;
  readonly index: number;
  /** The same for all keys of a remote. */
  readonly group: number;
  readonly window: ReplayWindow;
  parity: ParityDecoder | undefined;
  /** How long a packet waits for a repair of what is missing before it. */
  holdMs: number;
  /** Datagrams that met congestion on their way here. */
  congested: number;
}

export type Opened =
  | {
      readonly ok: true;
      readonly slot: number;
      readonly counter: number;
      /** A higher counter came before. */
      readonly isLate: boolean;
      readonly plaintext: Uint8Array;
    }
  | { readonly ok: false; readonly drop: number };

/** Key slots of one port. Bounded by the slots there are. */
export class PortKeys {
  private readonly crypto: Crypto;
  private readonly sendKeys = new Map<number, SendKey>();
  private readonly receiveKeys = new Map<number, ReceiveKey>();

  constructor(crypto: Crypto) {
    this.crypto = crypto;
  }

  setSend(slot: number, suite: number, key: Uint8Array, index: number): void {
    this.sendKeys.set(slot, {
      suite,
      key: key.slice(),
      index,
      counters: new SendCounters(),
      parity: undefined,
    });
  }

  setReceive(slot: number, suite: number, key: Uint8Array, index: number, group: number): void {
    if ((index & 0xffff) !== slot) throw new RangeError(`index ${index} is not of slot ${slot}`);
    this.receiveKeys.set(slot, {
      suite,
      key: key.slice(),
      index,
      group,
      window: new ReplayWindow(),
      parity: undefined,
      holdMs: 0,
      congested: 0,
    });
  }

  clearSend(slot: number): void {
    this.sendKeys.delete(slot);
  }

  clearReceive(slot: number): void {
    this.receiveKeys.delete(slot);
  }

  receiver(slot: number): ReceiveKey | undefined {
    return this.receiveKeys.get(slot);
  }

  received(slot: number, into: Float64Array, ranges: number): number {
    if (!isCount(slot, KEY_SLOTS - 1) || !(into instanceof Float64Array) || !isCount(ranges, into.length / 2))
      throw new TypeError('key slot, array of 64-bit numbers, as many ranges as it has room for');
    return this.receiveKeys.get(slot)?.window.ranges(into, ranges) ?? 0;
  }

  ceCount(slot: number): number {
    if (!isCount(slot, KEY_SLOTS - 1)) throw new TypeError('no such key slot');
    return this.receiveKeys.get(slot)?.congested ?? 0;
  }

  get size(): number {
    return this.sendKeys.size + this.receiveKeys.size;
  }

  setParity(slot: number, parities: number, longest: number): void {
    if (!isCount(parities, PARITY_MOST) || (parities > 0 && (longest < 1 || !isCount(longest, PARITY_BYTES))))
      throw new TypeError('key slot, parities, bytes of the longest plaintext covered');
    const key = this.sendKeys.get(slot);
    if (key === undefined) return;
    if (parities === 0) key.parity = undefined;
    else key.parity = new ParityEncoder(parities, longest);
  }

  /** As seal(), of data, with so many parities of the key's group behind it. */
  sealData(
    slot: number,
    counter: number,
    plaintexts: readonly Uint8Array[],
    parities: number,
  ): Uint8Array[] | undefined {
    const parity = this.sendKeys.get(slot)?.parity;
    if (parities > 0 && (parity === undefined || parities > parity.most)) return undefined;
    if (parity === undefined) return this.seal(slot, counter, plaintexts);
    const end = counter + plaintexts.length;
    const sealed = this.seal(slot, counter, plaintexts);
    if (sealed === undefined) return undefined;
    plaintexts.forEach((plaintext, i) => {
      parity.add(counter + i, plaintext);
    });
    return parities === 0 ? sealed : sealed.concat(this.seal(slot, end, parity.take(parities, end)) ?? []);
  }

  /**
   * What an opened parity datagram, or one that its group may lack, makes up for; undefined: a parity that contradicts itself or what came
   * before.
   */
  correct(slot: number, counter: number, plaintext: Uint8Array): readonly Recovered[] | undefined {
    const key = this.receiveKeys.get(slot);
    if (key === undefined) return [];
    const isParity = plaintext[0] === Plaintext.parity;
    if (isParity) key.parity ??= new ParityDecoder();
    return isParity ? key.parity?.addParity(counter, plaintext) : (key.parity?.add(counter, plaintext) ?? []);
  }

  /** That datagram was made up for. False: it came meanwhile. */
  repair(slot: number, counter: number): boolean {
    return this.receiveKeys.get(slot)?.window.repair(counter) === 'fresh';
  }

  /** Datagrams of plaintexts under consecutive counters; undefined: no such key, or a counter was used. */
  seal(slot: number, counter: number, plaintexts: readonly Uint8Array[]): Uint8Array[] | undefined {
    const key = this.sendKeys.get(slot);
    if (key === undefined || !key.counters.reserve(counter, plaintexts.length)) return undefined;
    const aead = this.aead(key.suite);
    return plaintexts.map((plaintext, i) => {
      const header = encodeTransportHeader({ receiverIndex: key.index, counter: counter + i });
      return concat(header, aead.seal(key.key, nonceOf(key.suite, counter + i), plaintext, header));
    });
  }

  /** Of a datagram of type transport and sufficient length. */
  open(datagram: Uint8Array, receiverIndex: number, counter: number): Opened {
    const slot = receiverIndex & 0xffff;
    const key = this.receiveKeys.get(slot);
    if (key === undefined || key.index !== receiverIndex)
      return { ok: false, drop: Counter.dropUnknownIndex };
    const verdict = key.window.check(counter);
    if (verdict === 'limit') return { ok: false, drop: Counter.dropCounterLimit };
    if (verdict === 'tooOld') return { ok: false, drop: Counter.dropTooOld };
    if (verdict === 'seen') return { ok: false, drop: Counter.dropReplayed };
    const header = datagram.subarray(0, TRANSPORT_HEADER_BYTES);
    const sealed = datagram.subarray(TRANSPORT_HEADER_BYTES);
    const plaintext = this.aead(key.suite).open(key.key, nonceOf(key.suite, counter), sealed, header);
    if (plaintext === undefined) return { ok: false, drop: Counter.dropAuthentication };
    const isLate = counter < key.window.next;
    key.window.mark(counter);
    return { ok: true, slot, counter, isLate, plaintext };
  }

  /** Whether a resend or its group's parity made up for an opened datagram before. */
  isRepaired(slot: number, counter: number): boolean {
    return this.receiveKeys.get(slot)?.window.isRepaired(counter) ?? false;
  }

  private aead(suite: number): Aead {
    return suite === Suite.aes256Gcm ? this.crypto.aes256Gcm : this.crypto.chacha20Poly1305;
  }
}

/**
 * The counter under which an opened packet was sent first, where nothing of it came before; else what it is dropped as. `original`: of a
 * repair, the low 24 bits of that counter.
 */
export function positionOf(
  { window }: ReceiveKey,
  counter: number,
  original: number | undefined,
): { readonly position: number } | { readonly drop: number } {
  if (original === undefined) return { position: counter };
  const behind = (counter - original) & REPAIR_COUNTER;
  if (behind === 0 || behind > counter) return { drop: Counter.dropInnerMalformed };
  const position = counter - behind;
  const verdict = window.repair(position);
  if (verdict === 'fresh') return { position };
  return { drop: verdict === 'seen' ? Counter.dropDuplicate : Counter.dropTooOld };
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

function nonceOf(suite: number, counter: number): Uint8Array {
  const nonce = new Uint8Array(12);
  if (suite === Suite.aes256Gcm) writeU64BE(nonce, 4, counter);
  else writeU64LE(nonce, 4, counter);
  return nonce;
}
