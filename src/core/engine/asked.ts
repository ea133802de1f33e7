// Flows of local programs that a remote refuses: what they are to be told, and when.

import type { HashKey } from '../addressing/addressing.ts';
import { EMPTY } from '../base/bytes.ts';
import { TCP } from '../base/ip.ts';
import { FLOW_UNANSWERED_MS, FlowCache } from './flow-cache.ts';
import { refusal } from './refusal.ts';

/** First packets of TCP flows that are kept until they are refused. */
const FIRSTS = 256;
/** Longest headers of one that is kept: 60 and 60 bytes. */
const FIRST_BYTES = 128;
/** A first packet is not waited for any longer. */
const FIRST_MS = 10_000;
const MARKS = 512;
/** So long the next packet of a refused flow is answered here. A TCP flow is over for good; others may be allowed again. */
const REFUSED_TCP_MS = FLOW_UNANSWERED_MS;
const REFUSED_MS = 2_000;

/**
 * What a refusal needs to become an answer that a program understands: the headers of its SYN, as it sent it, so that the answer comes
 * at once; else the next packet of the flow is answered. A flow is named by the words of FlowCache. Bounded; written and read by
 * the engine.
 */
export class AskedFlows {
  private readonly marks: FlowCache;
  /** ms; until then there may be marks. */
  private markedUntil = Number.NEGATIVE_INFINITY;
  /** In a ring: the next one overwrites the oldest. Empty before the first. */
  private headers: Uint8Array = EMPTY;
  private readonly words = new Uint32Array(4 * FIRSTS);
  /** Bytes of the packet, and of its headers. */
  private readonly lengths = new Uint32Array(2 * FIRSTS);
  /** ms; -Infinity: nothing is kept. */
  private readonly sentMs = new Float64Array(FIRSTS).fill(Number.NEGATIVE_INFINITY);
  private next = 0;

  constructor(key: HashKey) {
    this.marks = new FlowCache(key, MARKS);
  }

  /** A SYN left, so that the flow is a new one: `length` bytes at `at`, of which `header` are headers. */
  note(
    remote: number,
    ports: number,
    selectors: number,
    kind: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    header: number,
    now: number,
  ): void {
    if (this.mayBeRefused(now)) this.marks.forget(remote, ports, selectors, kind, now);
    if (header > FIRST_BYTES || header > length) return;
    const place = this.next;
    this.next = (place + 1) % FIRSTS;
    const to = place * FIRST_BYTES;
    if (this.headers.length === 0) this.headers = new Uint8Array(FIRSTS * FIRST_BYTES);
    // Not set(subarray()), which makes an object.
    for (let i = 0; i < header; i++) this.headers[to + i] = bytes[at + i];
    this.words[4 * place] = remote;
    this.words[4 * place + 1] = ports;
    this.words[4 * place + 2] = selectors;
    this.words[4 * place + 3] = kind;
    this.lengths[2 * place] = length;
    this.lengths[2 * place + 1] = header;
    this.sentMs[place] = now;
  }

  /**
   * The remote refused a packet of the flow, whose next packet is answered. What is to be told at once: to a program that still waits
   * for its flow to open; one that has it open does not heed it.
   */
  refuse(
    remote: number,
    ports: number,
    selectors: number,
    kind: number,
    now: number,
  ): Uint8Array | undefined {
    const ms = kind >>> 8 === TCP ? REFUSED_TCP_MS : REFUSED_MS;
    this.marks.note(remote, ports, selectors, kind, now + ms - FLOW_UNANSWERED_MS);
    this.markedUntil = Math.max(this.markedUntil, now + ms);
    for (let place = 0; place < FIRSTS; place++) {
      if (now - this.sentMs[place] > FIRST_MS || this.words[4 * place + 1] !== ports) continue;
      if (this.words[4 * place] !== remote || this.words[4 * place + 2] !== selectors) continue;
      if (this.words[4 * place + 3] !== kind) continue;
      this.sentMs[place] = Number.NEGATIVE_INFINITY;
      return refusal(this.headers, place * FIRST_BYTES, this.lengths[2 * place], this.lengths[2 * place + 1]);
    }
    return undefined;
  }

  mayBeRefused(now: number): boolean {
    return now < this.markedUntil;
  }

  isRefused(remote: number, ports: number, selectors: number, kind: number, now: number): boolean {
    return this.marks.has(remote, ports, selectors, kind, now);
  }
}
