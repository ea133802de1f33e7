// What each question gets: the records of a name, or that it has none of that type, or that there is no such name.
import { isName } from '../base/name.ts';
import type { EndpointView, FoundName, ResolveResult } from '../discovery/types.ts';
import { Flag, HEADER_BYTES, Rcode, Type } from './message.ts';
import type { ZoneOptions } from './types.ts';
import { AnswerWriter, POINTER_MAX, Section, type SectionOffset } from './writer.ts';
import { type Apex, CONTACT_LABELS, type Place, SERVER_LABELS } from './zone.ts';

/** A service's address is always the same; this is for how long it is believed to have providers. */
export const SERVICE_TTL_S = 5;
export const NODE_TTL_S = 60;
/** SOA, NS and this resolver's own addresses. */
export const ZONE_TTL_S = 60;
/** For how long others may remember that something is not there. */
export const NEGATIVE_TTL_S = 5;

/** What of a query its answer needs. */
export interface Asked {
  /** Header and question as they came. */
  readonly question: Uint8Array;
  /** Of the answer, without AA and TC. */
  readonly flags: number;
  /** QTYPE. */
  readonly type: number;
  /** Bytes of the whole answer. */
  readonly limit: number;
  readonly hasOpt: boolean;
}

export type LookupPlace = Extract<Place, { kind: 'lookup' }>;
export type StaticPlace = Exclude<Place, { kind: 'outside' | 'lookup' }>;

/** Whose addresses are told, and of which families. */
type Host = Pick<FoundName, 'address' | 'ipv4' | 'ipv6'>;

/** Characters of the longest name without the zone: SERVICE.NODENAME.node.ORG. */
const NAME_TEXT_MAX = 3 * 64 + 4;

/** Where every question's own name stands. */
const QNAME = HEADER_BYTES;

/** Keeps nothing but the writer's buffer: every call makes one whole answer. */
export class Answers {
  private readonly options: ZoneOptions;
  private readonly writer: AnswerWriter;

  constructor(options: ZoneOptions) {
    this.options = options;
    this.writer = new AnswerWriter(options.zone.split('.'));
  }

  /** A header and nothing else, where the rest could not be read or is not spoken here. */
  fault(bytes: Uint8Array, flags: number, rcode: number): Uint8Array {
    this.writer.start(bytes.subarray(0, HEADER_BYTES), flags, HEADER_BYTES, false, 0);
    return this.writer.finish(rcode);
  }

  /** The question back, with a response code that says nothing about the name. */
  refusal({ question, flags, limit, hasOpt }: Asked, rcode: number): Uint8Array {
    this.writer.start(question, flags, limit, hasOpt, 0);
    return this.writer.finish(rcode);
  }

  /** For names that need no lookup. */
  atPlace(asked: Asked, place: StaticPlace): Uint8Array {
    const { apex } = place;
    this.start(asked, apex);
    switch (place.kind) {
      case 'none':
        return this.finish(asked, apex, Rcode.NXDOMAIN);
      case 'apex':
        this.writeApex(asked, apex);
        break;
      case 'server':
        if (apex.isReverse) this.writePtr(asked, SERVER_LABELS, ZONE_TTL_S);
        else this.writeAddresses(asked, this.server, ZONE_TTL_S);
        break;
      case 'empty':
        break;
    }
    return this.finish(asked, apex, Rcode.NOERROR);
  }

  /** For names that were looked up. */
  ofResult(asked: Asked, place: LookupPlace, result: ResolveResult): Uint8Array {
    if (result.kind === 'unavailable' || result.kind === 'noEpoch')
      return this.refusal(asked, Rcode.SERVFAIL);
    const { apex } = place;
    this.start(asked, apex);
    if (result.kind !== 'found')
      return this.finish(asked, apex, this.isAboveNames(place) ? Rcode.NOERROR : Rcode.NXDOMAIN);
    const ttlS = result.of === 'node' ? NODE_TTL_S : SERVICE_TTL_S;
    if (apex.isReverse) {
      this.writePtr(asked, labelsOf(result.name), ttlS);
    } else {
      // _NAME._tcp is a place for SRV alone.
      if (place.protocol === undefined) this.writeAddresses(asked, result, ttlS);
      if (asks(asked, Type.SRV)) this.writeSrv(asked, place, result.endpoints);
    }
    return this.finish(asked, apex, Rcode.NOERROR);
  }

  private get server(): Host {
    return { address: this.options.resolver, ipv4: true, ipv6: true };
  }

  private start({ question, flags, limit, hasOpt }: Asked, apex: Apex): void {
    const zoneAt = apex.isReverse ? 0 : apexOffset(question, apex);
    this.writer.start(question, flags | Flag.AA, limit, hasOpt, zoneAt);
  }

  /** Without an answer, the SOA says whose word it is and for how long it holds (RFC 2308). */
  private finish({ question }: Asked, apex: Apex, rcode: number): Uint8Array {
    if (this.writer.isWithoutAnswer)
      this.writeSoa(Section.authority, apexOffset(question, apex), NEGATIVE_TTL_S);
    return this.writer.finish(rcode);
  }

  /** NAME.mcc may be no service, and yet have the names of an organisation below it. */
  private isAboveNames({ name, protocol }: LookupPlace): boolean {
    return (
      name.kind === 'service' &&
      name.organisation === undefined &&
      protocol === undefined &&
      this.options.isOrganisation(name.name)
    );
  }

  private writeApex(asked: Asked, apex: Apex): void {
    const { writer } = this;
    const owner = apexOffset(asked.question, apex);
    if (asks(asked, Type.SOA)) this.writeSoa(Section.answer, owner, ZONE_TTL_S);
    if (!asks(asked, Type.NS)) return;
    const target = writer.ns(Section.answer, owner, ZONE_TTL_S, SERVER_LABELS);
    if (target > 0) this.writeBoth(target, this.server, ZONE_TTL_S);
  }

  private writeSoa(section: SectionOffset, owner: number, ttlS: number): void {
    this.writer.soa(section, owner, ttlS, SERVER_LABELS, CONTACT_LABELS, NEGATIVE_TTL_S);
  }

  private writePtr(asked: Asked, labels: readonly string[] | undefined, ttlS: number): void {
    if (labels !== undefined && asks(asked, Type.PTR)) this.writer.ptr(Section.answer, QNAME, ttlS, labels);
  }

  /** Only families that the target answers; none where the pool of aliases is full. */
  private writeAddresses(asked: Asked, host: Host, ttlS: number): void {
    if (host.ipv4 && asks(asked, Type.A)) this.writeAlias(Section.answer, QNAME, host, ttlS);
    if (host.ipv6 && asks(asked, Type.AAAA)) this.writer.aaaa(Section.answer, QNAME, ttlS, host.address);
  }

  private writeAlias(section: SectionOffset, owner: number, host: Host, ttlS: number): void {
    const alias = this.options.aliasOf(host.address);
    if (alias !== 0) this.writer.a(section, owner, ttlS, alias);
  }

  /** Additional records: what the asker would ask for next, where there is room, and a pointer reaches the owner. */
  private writeBoth(owner: number, host: Host, ttlS: number): void {
    if (owner > POINTER_MAX) return;
    if (host.ipv4) this.writeAlias(Section.additional, owner, host, ttlS);
    if (host.ipv6) this.writer.aaaa(Section.additional, owner, ttlS, host.address);
  }

  /** One record for each endpoint that new connections may go to, and then the addresses of each. */
  private writeSrv(asked: Asked, { protocol }: LookupPlace, endpoints: readonly EndpointView[]): void {
    const { writer } = this;
    const told: { at: number; endpoint: EndpointView }[] = [];
    for (const endpoint of endpoints) {
      const { isUp, weight, port, target } = endpoint;
      const labels = labelsOf(target);
      if (!isUp || endpoint.protocol !== (protocol ?? endpoint.protocol) || labels === undefined) continue;
      const at = writer.srv(Section.answer, QNAME, SERVICE_TTL_S, weight, port, labels);
      if (at < 0) return;
      told.push({ at, endpoint });
    }
    if (asked.type === Type.ANY) return;
    for (const { at, endpoint } of told) this.writeBoth(at, endpoint, SERVICE_TTL_S);
  }
}

function asks({ type }: Asked, wanted: number): boolean {
  return type === wanted || type === Type.ANY;
}

/**
 * Undefined for what is no name: others chose it, and whatever let it through, it does not come to stand in an answer.
 */
function labelsOf(name: string): string[] | undefined {
  const labels = name.split('.');
  return name.length <= NAME_TEXT_MAX && labels.every(isName) ? labels : undefined;
}

/** Where a zone's name stands in a question for a name in it: behind it come type and class. */
function apexOffset(question: Uint8Array, { wireBytes }: Apex): number {
  return question.length - 4 - wireBytes;
}
