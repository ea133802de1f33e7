// A host with a few remotes, rows for its engine, and a sink that writes down what it is told.

import { Tables } from '../../../src/core/addressing/addressing.ts';
import {
  REMOTE_ESTABLISHED,
  REMOTE_GUEST,
  REMOTE_MEMBER,
  REMOTE_MTU_KNOWN,
} from '../../../src/core/addressing/types.ts';
import {
  INFO_PROTOCOL_SHIFT,
  InRow,
  Kind,
  OutRow,
  ROW_WORDS,
  SLAB_SLOTS,
  SLOT_BYTES,
  SLOT_HEADROOM,
} from '../../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../../src/core/base/bytes.ts';
import { DROP_REASONS, DropCounters } from '../../../src/core/base/drop-reason.ts';
import { ipToWords, parseIp } from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { Engine } from '../../../src/core/engine/engine.ts';
import type { EngineSink } from '../../../src/core/engine/types.ts';

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMP6 = 58;

/** Organisation slots. */
export const OWN = 1;
export const ACME = 2;
export const OTHER = 3;

export const ALIAS_PREFIX = 0x64400000;

export function words(text: string): number[] {
  const ip = parseIp(text);
  if (ip === undefined) throw new Error(text);
  const into = new Uint32Array(4);
  ipToWords(ip, into, 0);
  return [...into];
}

/** Addresses of remote slot n's endpoint `selector`, and of this host (n = -1). */
export function address(n: number, family: number, selector = 0): string {
  const host = 10 * (n + 1) + selector + 1;
  return family === 6 ? `fd01:203:405::${host.toString(16)}` : `100.64.${host >> 8}.${host & 255}`;
}

export interface PacketFacts {
  family?: number;
  protocol?: number;
  info?: number;
  length?: number;
  headerBytes?: number;
  segmentBytes?: number;
  ports?: number;
  fragmentId?: number;
  quoteInfo?: number;
  quotePorts?: number;
}

export class World {
  readonly tables = new Tables(Uint8Array.of(1, 2, 3, 4, 5), ALIAS_PREFIX, [11, 22, 33, 44]);
  readonly drops = new DropCounters();
  readonly engine: Engine;
  readonly told: string[] = [];
  readonly injected: Uint8Array[] = [];
  readonly bytes = new Uint8Array(8 * SLOT_BYTES);
  readonly held = new Uint32Array(SLAB_SLOTS * ROW_WORDS);
  readonly sink: EngineSink = {
    wanted: (remote) => this.told.push(`wanted ${remote}`),
    rekey: (remote) => this.told.push(`rekey ${remote}`),
    keyConfirmed: (remote, key) => this.told.push(`confirmed ${remote} ${key}`),
    roamed: (remote, row) => this.told.push(`roamed ${remote} ${row}`) > 0,
    control: (remote, row) => this.told.push(`control ${remote} ${row}`),
    refused: (remote, row, reason) => this.told.push(`refused ${remote} ${row} ${DROP_REASONS[reason]}`),
    raw: (row) => this.told.push(`raw ${row}`),
    serviceUsed: (service) => this.told.push(`service ${service}`),
    dns: (row) => this.told.push(`dns ${row}`),
    inject: (packet) => this.injected.push(packet),
  };

  constructor(pins = 512) {
    const limits = { flows: 64, pins, fragments: 64, held: 8, heldPerRemote: 3 };
    this.engine = new Engine(this.tables, this.drops, seededRng(5), limits);
    this.tables.setOwnEndpoint(0, parseIp(address(-1, 6)) as Uint8Array, ALIAS_PREFIX + 1);
    this.tables.setOwnEndpoint(5, parseIp(address(-1, 6, 5)) as Uint8Array, ALIAS_PREFIX + 6);
    this.tables.setOwnEndpoint(6, parseIp(address(-1, 6, 6)) as Uint8Array, ALIAS_PREFIX + 7);
  }

  /** A remote with its addresses, without a session. */
  remote(organisation: number): number {
    const remote = this.tables.claimRemote();
    this.tables.setEndpoint(
      remote,
      0,
      parseIp(address(remote, 6)) as Uint8Array,
      ALIAS_PREFIX + 10 * (remote + 1) + 1,
    );
    this.tables.remotes.organisation[remote] = organisation;
    return remote;
  }

  /** The same with a session: send key and path 40 + slot, receive key 70 + slot. */
  peer(organisation: number, flags = 0): number {
    const remote = this.remote(organisation);
    this.establish(remote, flags);
    return remote;
  }

  guest(): number {
    return this.peer(0, REMOTE_GUEST);
  }

  establish(remote: number, flags = 0): void {
    const { remotes, receiveKeys, paths } = this.tables;
    remotes.flags[remote] = REMOTE_ESTABLISHED | REMOTE_MEMBER | REMOTE_MTU_KNOWN | flags;
    remotes.sendKey[remote] = 40 + remote;
    remotes.receiveKey[remote] = 70 + remote;
    remotes.nextCounter[remote] = 0;
    remotes.counterLimit[remote] = 2 ** 28;
    remotes.rekeyAtCounter[remote] = 2 ** 26;
    remotes.rekeyAtMs[remote] = 120_000;
    remotes.refuseAtMs[remote] = 180_000;
    remotes.path[remote] = 40 + remote;
    remotes.maxPlaintext[remote] = 1420;
    receiveKeys.set(70 + remote, remote, true, 70 + remote);
    paths.set(40 + remote, Uint32Array.of(0, 0, 0xffff, 0xc0000200 + remote), 0, 9376);
  }

  /** One outbound row; what the engine made of it. */
  out(to: string | number, facts: PacketFacts = {}, now = 0, from?: string): OutView {
    const rows = this.outRow(to, facts, from);
    this.engine.outbound(rows, this.bytes, 1, now, this.sink);
    return outView(rows);
  }

  outRow(to: string | number, facts: PacketFacts = {}, from?: string): Uint32Array {
    const family = facts.family ?? 6;
    const rows = new Uint32Array(ROW_WORDS);
    const length = facts.length ?? 100;
    rows[OutRow.length] = length;
    rows[OutRow.headerBytes] = facts.headerBytes ?? (family === 6 ? 60 : 40);
    rows[OutRow.segmentBytes] = facts.segmentBytes ?? 0;
    rows[OutRow.info] = family | ((facts.protocol ?? TCP) << INFO_PROTOCOL_SHIFT) | (facts.info ?? 0);
    rows[OutRow.ports] = facts.ports ?? 0;
    rows[OutRow.fragmentId] = facts.fragmentId ?? 0;
    rows[OutRow.quoteInfo] = facts.quoteInfo ?? 0;
    rows[OutRow.quotePorts] = facts.quotePorts ?? 0;
    const source = words(from ?? address(-1, family));
    const destination = words(typeof to === 'number' ? address(to, family) : to);
    rows.set(source, OutRow.source);
    rows.set(destination, OutRow.destination);
    this.writeHeader(family, length, source, destination);
    return rows;
  }

  /** One inbound data row of a remote; whether it came in, else the reason. */
  in(remote: number, facts: PacketFacts = {}, now = 0, selectors = 0): string {
    const before = this.drops.toJSON() as Record<string, number>;
    const rows = this.inRow(remote, facts, selectors);
    this.engine.inbound(rows, EMPTY, 1, now, this.sink);
    if (rows[InRow.action] === 1) return 'in';
    const after = Object.entries(this.drops.toJSON());
    return (
      after.find(([reason, count]) => count !== (before[reason] ?? 0))?.[0] ?? 'dropped without a reason'
    );
  }

  inRow(remote: number, facts: PacketFacts = {}, selectors = 0, counter = 0): Uint32Array {
    const rows = new Uint32Array(ROW_WORDS);
    rows[InRow.kind] = Kind.data;
    rows[InRow.key] = 70 + remote;
    rows[InRow.counterLow] = counter;
    rows[InRow.datagrams] = 1;
    rows[InRow.length] = facts.length ?? 100;
    rows[InRow.info] =
      (facts.family ?? 6) | ((facts.protocol ?? TCP) << INFO_PROTOCOL_SHIFT) | (facts.info ?? 0);
    rows[InRow.ports] = facts.ports ?? 0;
    rows[InRow.fragmentId] = facts.fragmentId ?? 0;
    rows[InRow.selectors] = selectors;
    rows[InRow.quoteInfo] = facts.quoteInfo ?? 0;
    rows[InRow.quotePorts] = facts.quotePorts ?? 0;
    rows.set([0, 0, 0xffff, 0xc0000200 + remote], InRow.outerSource);
    rows[InRow.outerPort] = 9376;
    return rows;
  }

  dropped(): Record<string, number> {
    return this.drops.toJSON() as Record<string, number>;
  }

  private writeHeader(family: number, length: number, source: number[], destination: number[]): void {
    const view = new DataView(this.bytes.buffer, SLOT_HEADROOM);
    if (family === 6) {
      view.setUint32(0, 0x60000000);
      view.setUint16(4, length - 40);
      for (const [i, word] of [...source, ...destination].entries()) view.setUint32(8 + 4 * i, word);
    } else {
      view.setUint32(0, 0x45000000 | length);
      view.setUint32(12, source[3]);
      view.setUint32(16, destination[3]);
    }
  }
}

export interface OutView {
  action: 'drop' | 'send' | 'hold' | 'loop';
  key: number;
  counter: number;
  datagrams: number;
  path: number;
  recut: number;
  fragmentAt: number;
  selectors: number;
}

export function outView(rows: Uint32Array, row = 0): OutView {
  const at = row * ROW_WORDS;
  return {
    action: (['drop', 'send', 'hold', 'loop'] as const)[rows[at + OutRow.action]],
    key: rows[at + OutRow.key],
    counter: rows[at + OutRow.counterLow] + rows[at + OutRow.counterHigh] * 2 ** 32,
    datagrams: rows[at + OutRow.datagrams],
    path: rows[at + OutRow.path],
    recut: rows[at + OutRow.recut],
    fragmentAt: rows[at + OutRow.fragmentAt],
    selectors: rows[at + OutRow.selectors],
  };
}

/** A word of two ports, source first. */
export function ports(source: number, destination: number): number {
  return ((source << 16) | destination) >>> 0;
}

/** The ports word of an ICMP message. */
export function icmp(type: number, code = 0, identifier = 0): number {
  return ((type << 24) | (code << 16) | identifier) >>> 0;
}
