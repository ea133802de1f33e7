// The door of dns: a name server for the names of the network, and for nothing else. Query bytes in, answer bytes out.
import { BoundedMap } from '../base/bounded-map.ts';
import { NEVER } from '../base/time.ts';
import type { ResolveResult } from '../discovery/types.ts';
import { Answers, type Asked, type LookupPlace } from './answers.ts';
import { countAnswer, type DnsCounts, noCounts } from './counts.ts';
import { answerFlags, CLASS_IN, parseQuery, type Query, Rcode, TCP_BYTES_MAX, Type } from './message.ts';
import { Repeats } from './repeats.ts';
import type { DnsInput, DnsOutbox, ZoneOptions } from './types.ts';
import { Zone } from './zone.ts';

export { NEGATIVE_TTL_S, NODE_TTL_S, SERVICE_TTL_S, ZONE_TTL_S } from './answers.ts';
export { REPEAT_MS } from './repeats.ts';

/** Questions that wait for discovery at once. */
export const PENDING_MAX = 512;
/** A question waits so long for discovery, then gets SERVFAIL: before a libc asks again (5 s). */
export const PENDING_MS = 4000;

/** Of the header's fourth byte. */
const RCODE_MASK = 15;

interface Pending<Token> {
  readonly token: Token;
  /** Over UDP the whole message: its answer may be given again. */
  readonly query: Uint8Array | undefined;
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
  readonly counts: DnsCounts = noCounts();
  private readonly zone: Zone;
  private readonly answers: Answers;
  /** By the ID of their lookup; the oldest first, which is due first. */
  private readonly pending = new BoundedMap<number, Pending<Token>>(PENDING_MAX);
  private readonly repeats = new Repeats();
  private nextId = 1;

  /** Throws RangeError when the zone is no name. */
  constructor(options: ZoneOptions) {
    this.zone = new Zone(options);
    this.answers = new Answers(options);
  }

  handle(input: DnsInput<Token>, now: number, out: DnsOutbox<Token>): void {
    if (input.kind === 'query') this.onQuery(input.token, input.bytes, input.isTcp, now, out);
    else this.onResolved(input.id, input.result, now, out);
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
    this.counts.queries[isTcp ? 'tcp' : 'udp']++;
    const again = isTcp ? undefined : this.repeats.find(bytes, now);
    if (again !== undefined) {
      this.counts.cacheHits++;
      return this.send(token, again, undefined, out);
    }
    const query = parseQuery(bytes);
    if (query === 'noHeader') return out.emit({ kind: 'dropped', token, reason: 'dnsMalformed' });
    if (query === 'isResponse') return out.emit({ kind: 'dropped', token, reason: 'dnsResponse' });
    const flags = answerFlags(bytes);
    if (typeof query === 'number')
      return this.send(token, this.answers.fault(bytes, flags, query), query, out);
    const asked: Asked = {
      question: bytes.slice(0, query.questionEnd),
      flags,
      type: query.type,
      limit: isTcp ? TCP_BYTES_MAX : query.udpBytes,
      hasOpt: query.ednsVersion >= 0,
    };
    const refusal = refusalOf(query);
    if (refusal !== undefined) return this.refuse(token, asked, refusal, out);
    const place = this.zone.locate(query.labels);
    switch (place.kind) {
      case 'outside':
        if (!this.isForwarding) return this.refuse(token, asked, Rcode.REFUSED, out);
        return out.emit({ kind: 'foreign', token, bytes: bytes.slice(), maxBytes: asked.limit });
      case 'lookup':
        return this.look(
          { token, query: isTcp ? undefined : bytes.slice(), asked, place, deadline: now + PENDING_MS },
          out,
        );
      default:
        return this.send(token, this.answers.atPlace(asked, place), undefined, out);
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

  private onResolved(id: number, result: ResolveResult, now: number, out: DnsOutbox<Token>): void {
    const pending = this.pending.peek(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    this.arm();
    const { token, query, asked, place, deadline } = pending;
    // In the turn that asked.
    if (deadline === now + PENDING_MS) this.counts.cacheHits++;
    const bytes = this.answers.ofResult(asked, place, result);
    if (query !== undefined && result.kind === 'found') this.repeats.keep(query, bytes, now);
    this.send(token, bytes, undefined, out);
  }

  private giveUp(id: number, { token, asked }: Pending<Token>, out: DnsOutbox<Token>): void {
    this.pending.delete(id);
    this.refuse(token, asked, Rcode.SERVFAIL, out);
  }

  private refuse(token: Token, asked: Asked, rcode: number, out: DnsOutbox<Token>): void {
    this.send(token, this.answers.refusal(asked, rcode), rcode, out);
  }

  /** `rcode` undefined: as the header says it. */
  private send(token: Token, bytes: Uint8Array, rcode: number | undefined, out: DnsOutbox<Token>): void {
    countAnswer(this.counts, rcode ?? bytes[3] & RCODE_MASK);
    out.send({ token, bytes });
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
