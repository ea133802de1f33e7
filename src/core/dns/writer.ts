// DNS messages as bytes: writing an answer. Records are written straight into one buffer that is used again, so an
// answer costs one copy.

import { writeU16BE, writeU32BE } from '../base/bytes.ts';
import type { IpAddress } from '../base/ip.ts';
import {
  CLASS_IN,
  Flag,
  HEADER_BYTES,
  NAME_BYTES_MAX,
  TCP_BYTES_MAX,
  Type,
  UDP_BYTES_MAX,
} from './message.ts';

/** Owner as a pointer, type, class, TTL, length. */
const RECORD_HEAD_BYTES = 12;
/** Longest record that is written: owner as a pointer, fixed part, two names and five numbers (SOA). */
const RECORD_BYTES_MAX = RECORD_HEAD_BYTES + 2 * NAME_BYTES_MAX + 20;
const OPT_BYTES = 11;
/** Highest offset of a name that a pointer reaches, and so that an owner may have (RFC 1035 section 4.1.4). */
export const POINTER_MAX = 0x3fff;

/** The sections of an answer, by the offset of their counts in the header. */
export const Section = { answer: 6, authority: 8, additional: 10 } as const;
export type SectionOffset = (typeof Section)[keyof typeof Section];

/**
 * One answer at a time: start, records in the order of the sections, finish. A record that does not fit is left out, and
 * the asker told so. Owners are offsets of names that stand in the message already.
 */
export class AnswerWriter {
  /** Empty until the first answer: most nodes of a simulation are never asked. */
  private bytes = new Uint8Array(0);
  private readonly zone: readonly string[];
  private at = 0;
  /** The message must not grow beyond this; room for OPT is taken off. */
  private limit = 0;
  private hasOpt = false;
  /** Offset of the zone's name in this message; 0: it does not stand there yet. */
  private zoneAt = 0;

  /** Labels of the zone, from the left. */
  constructor(zone: readonly string[]) {
    this.zone = zone;
  }

  /**
   * `question`: header and question of the query, or its header alone; `zoneAt`: where in it the zone's name is, 0: nowhere;
   * `limit`: bytes of the whole answer.
   */
  start(question: Uint8Array, flags: number, limit: number, hasOpt: boolean, zoneAt: number): void {
    if (this.bytes.length === 0) this.bytes = new Uint8Array(TCP_BYTES_MAX + RECORD_BYTES_MAX);
    const { bytes } = this;
    bytes.set(question);
    writeU16BE(bytes, 2, flags);
    writeU16BE(bytes, 4, question.length > HEADER_BYTES ? 1 : 0);
    writeU32BE(bytes, 6, 0);
    writeU16BE(bytes, 10, 0);
    this.at = question.length;
    this.limit = limit - (hasOpt ? OPT_BYTES : 0);
    this.hasOpt = hasOpt;
    this.zoneAt = zoneAt;
  }

  get isWithoutAnswer(): boolean {
    return this.bytes[Section.answer] === 0 && this.bytes[Section.answer + 1] === 0;
  }

  a(section: SectionOffset, owner: number, ttlS: number, alias: number): boolean {
    const start = this.begin(owner, Type.A, ttlS);
    writeU32BE(this.bytes, this.at, alias);
    this.at += 4;
    return this.end(start, section);
  }

  aaaa(section: SectionOffset, owner: number, ttlS: number, address: IpAddress): boolean {
    const start = this.begin(owner, Type.AAAA, ttlS);
    this.bytes.set(address, this.at);
    this.at += 16;
    return this.end(start, section);
  }

  /** Offset of the target's name, or -1. The target, `labels` and the zone behind them, is not compressed (RFC 2782). */
  srv(
    section: SectionOffset,
    owner: number,
    ttlS: number,
    weight: number,
    port: number,
    labels: readonly string[],
  ): number {
    const start = this.begin(owner, Type.SRV, ttlS);
    writeU16BE(this.bytes, this.at, 0);
    writeU16BE(this.bytes, this.at + 2, weight);
    writeU16BE(this.bytes, this.at + 4, port);
    this.at += 6;
    const target = this.at;
    this.labels(labels);
    this.labels(this.zone);
    this.bytes[this.at++] = 0;
    return this.end(start, section) ? target : -1;
  }

  ptr(section: SectionOffset, owner: number, ttlS: number, labels: readonly string[]): boolean {
    return this.nameRecord(section, owner, Type.PTR, ttlS, labels);
  }

  /** Offset of the target's name, or -1. */
  ns(section: SectionOffset, owner: number, ttlS: number, labels: readonly string[]): number {
    const target = this.at + RECORD_HEAD_BYTES;
    return this.nameRecord(section, owner, Type.NS, ttlS, labels) ? target : -1;
  }

  /** `minimumS`: for how long others may remember that something is not there (RFC 2308). */
  soa(
    section: SectionOffset,
    owner: number,
    ttlS: number,
    server: readonly string[],
    contact: readonly string[],
    minimumS: number,
  ): boolean {
    const start = this.begin(owner, Type.SOA, ttlS);
    this.zoneName(server);
    this.zoneName(contact);
    // Serial, refresh, retry, expire: for secondary servers, which there are none of.
    for (const value of [1, 3600, 600, 86_400, minimumS]) {
      writeU32BE(this.bytes, this.at, value);
      this.at += 4;
    }
    return this.end(start, section);
  }

  /** The answer in an array of its own, with OPT when the query had it. `rcode` may be an extended one then. */
  finish(rcode: number): Uint8Array {
    const { bytes } = this;
    bytes[3] |= rcode & 15;
    if (this.hasOpt) {
      const { at } = this;
      bytes[at] = 0;
      writeU16BE(bytes, at + 1, Type.OPT);
      writeU16BE(bytes, at + 3, UDP_BYTES_MAX);
      // Upper bits of the response code, version 0, no flags, no options.
      writeU32BE(bytes, at + 5, (rcode >> 4) << 24);
      writeU16BE(bytes, at + 9, 0);
      this.at += OPT_BYTES;
      this.addCount(Section.additional, 1);
    }
    return bytes.slice(0, this.at);
  }

  private nameRecord(
    section: SectionOffset,
    owner: number,
    type: number,
    ttlS: number,
    labels: readonly string[],
  ): boolean {
    const start = this.begin(owner, type, ttlS);
    this.zoneName(labels);
    return this.end(start, section);
  }

  private begin(owner: number, type: number, ttlS: number): number {
    const { bytes, at } = this;
    writeU16BE(bytes, at, 0xc000 | owner);
    writeU16BE(bytes, at + 2, type);
    writeU16BE(bytes, at + 4, CLASS_IN);
    writeU32BE(bytes, at + 6, ttlS);
    this.at = at + RECORD_HEAD_BYTES;
    return at;
  }

  private end(start: number, section: SectionOffset): boolean {
    if (this.at > this.limit) {
      this.at = start;
      if (this.zoneAt > start) this.zoneAt = 0;
      // What is additional may be left out without a word (RFC 2181 section 9).
      if (section !== Section.additional) this.bytes[2] |= Flag.TC >> 8;
      return false;
    }
    writeU16BE(this.bytes, start + 10, this.at - start - RECORD_HEAD_BYTES);
    this.addCount(section, 1);
    return true;
  }

  /** Labels in the zone; the zone's name only the first time. */
  private zoneName(labels: readonly string[]): void {
    this.labels(labels);
    if (this.zoneAt > 0) {
      writeU16BE(this.bytes, this.at, 0xc000 | this.zoneAt);
      this.at += 2;
      return;
    }
    if (this.at <= POINTER_MAX) this.zoneAt = this.at;
    this.labels(this.zone);
    this.bytes[this.at++] = 0;
  }

  private labels(labels: readonly string[]): void {
    for (const label of labels) {
      this.bytes[this.at++] = label.length;
      for (let i = 0; i < label.length; i++) this.bytes[this.at++] = label.charCodeAt(i);
    }
  }

  private addCount(section: SectionOffset, by: number): void {
    writeU16BE(this.bytes, section, ((this.bytes[section] << 8) | this.bytes[section + 1]) + by);
  }
}
