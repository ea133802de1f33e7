// The door of dns: a name server for the names of the network, and for nothing else. Query bytes in, answer bytes out.
import { BoundedMap } from '../base/bounded-map.ts';
import { NEVER } from '../base/time.ts';
import type { ResolveResult } from '../discovery/types.ts';
import { Answers, type Asked, type LookupPlace } from './answers.ts';
import { answerFlags, CLASS_IN, parseQuery, type Query, Rcode, TCP_BYTES_MAX, Type } from './message.ts';
import type { DnsInput, DnsOutbox, ZoneOptions } from './types.ts';
import { Zone } from './zone.ts';

export { NEGATIVE_TTL_S, NODE_TTL_S, SERVICE_TTL_S, ZONE_TTL_S } from './answers.ts';

/** Questions that wait for discovery at once. */
export const PENDING_MAX = 512;
/** A question waits so long for discovery, then gets SERVFAIL: before a libc asks again (5 s). */
export const PENDING_MS = 4000;

interface Pending<Token> {
  readonly token: Token;
  readonly asked: Asked;
  readonly place: LookupPlace;
  /** ms */
  readonly deadline: number;
}

/**
 * Answers for the zone and the reverse zones of the overlay's addresses; every other name is REFUSED and never passed on to
 * anybody. A query that is refused changes nothing. Each token comes back exactly once, with an answer or as `dropped`.
 */
export class DnsResponder<Token> {
  /** ms; when onTimer() is to be called next. */
  wakeAt = NEVER;
  /** Queries for other zones are handed on instead of refused: all names of this host are asked for here. */
  isForwarding = false;
  private readonly zone: Zone;
  private readonly answers: Answers;
  /** By the ID of their lookup; the oldest first, which is due first. */
  private readonly pending = new BoundedMap<number, Pending<Token>>(PENDING_MAX);
  private nextId = 1;

  /** Throws RangeError when the zone is no name. */
  constructor(options: ZoneOptions) {
    this.zone = new Zone(options);
    this.answers = new Answers(options);
  }

  handle(input: DnsInput<Token>, now: number, out: DnsOutbox<Token>): void {
    if (input.kind === 'query') this.onQuery(input.token, input.bytes, input.isTcp, now, out);
    else this.onResolved(input.id, input.result, out);
  }

  onTimer(now: number, out: DnsOutbox<Token>): void {
    for (;;) {
      const oldest = this.pending.oldest();
      if (oldest === undefined || oldest[1].deadline > now) break;
      this.giveUp(oldest[0], oldest[1], out);
    }
    this.arm();
  }

  private onQuery(token: Token, bytes: Uint8Array, isTcp: boolean, now: number, out: DnsOutbox<Token>): void {
    const query = parseQuery(bytes);
    if (query === 'noHeader') return out.emit({ kind: 'dropped', token, reason: 'dnsMalformed' });
    if (query === 'isResponse') return out.emit({ kind: 'dropped', token, reason: 'dnsResponse' });
    const flags = answerFlags(bytes);
    if (typeof query === 'number') return out.send({ token, bytes: this.answers.fault(bytes, flags, query) });
    const asked: Asked = {
      question: bytes.slice(0, query.questionEnd),
      flags,
      type: query.type,
      limit: isTcp ? TCP_BYTES_MAX : query.udpBytes,
      hasOpt: query.ednsVersion >= 0,
    };
    const refusal = refusalOf(query);
    if (refusal !== undefined) return out.send({ token, bytes: this.answers.refusal(asked, refusal) });
    const place = this.zone.locate(query.labels);
    switch (place.kind) {
      case 'outside':
        if (this.isForwarding)
          return out.emit({ kind: 'foreign', token, bytes: bytes.slice(), maxBytes: asked.limit });
        return out.send({ token, bytes: this.answers.refusal(asked, Rcode.REFUSED) });
      case 'lookup':
        return this.look({ token, asked, place, deadline: now + PENDING_MS }, out);
      default:
        return out.send({ token, bytes: this.answers.atPlace(asked, place) });
    }
  }

  /** When too many wait, the one that has waited longest goes: names that discovery knows are answered in any flood. */
  private look(pending: Pending<Token>, out: DnsOutbox<Token>): void {
    const oldest = this.pending.size >= PENDING_MAX ? this.pending.oldest() : undefined;
    if (oldest !== undefined) this.giveUp(oldest[0], oldest[1], out);
    const id = this.nextId++;
    this.pending.set(id, pending);
    this.arm();
    out.emit({ kind: 'resolve', id, name: pending.place.name });
  }

  private onResolved(id: number, result: ResolveResult, out: DnsOutbox<Token>): void {
    const pending = this.pending.peek(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    this.arm();
    out.send({ token: pending.token, bytes: this.answers.ofResult(pending.asked, pending.place, result) });
  }

  private giveUp(id: number, { token, asked }: Pending<Token>, out: DnsOutbox<Token>): void {
    this.pending.delete(id);
    out.send({ token, bytes: this.answers.refusal(asked, Rcode.SERVFAIL) });
  }

  private arm(): void {
    this.wakeAt = this.pending.oldest()?.[1].deadline ?? NEVER;
  }
}

/** What is not answered whatever the name. */
function refusalOf({ ednsVersion, class: qclass, type }: Query): number | undefined {
  if (ednsVersion > 0) return Rcode.BADVERS;
  const isData = type !== Type.OPT && (type < Type.FIRST_META || type > Type.LAST_META);
  return qclass === CLASS_IN && isData ? undefined : Rcode.REFUSED;
}
