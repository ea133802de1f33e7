// Which names there are: the zone's own, and the two reverse zones of virtual addresses and aliases.

import type { IpAddress, Prefix } from '../base/ip.ts';
import { isName, NODE_LABEL } from '../base/name.ts';
import type { QueryName } from '../discovery/types.ts';
import { ID_TEXT_LENGTH, idFromText } from '../identity/identity.ts';
import type { ZoneOptions } from './types.ts';

/** Label of this resolver's own name: no service and no organisation can have it, so it is in nobody's way. */
export const SERVER_LABELS: readonly string[] = ['_ns'];
export const CONTACT_LABELS: readonly string[] = ['hostmaster'];
/** Bytes of the zone's name on the wire: the longest name in it, SERVICE.NODENAME.node.ORG, must fit into 255. */
const ZONE_BYTES_MAX = 255 - 3 * 64 - 5;

const PROTOCOL: ReadonlyMap<string, 'tcp' | 'udp'> = new Map([
  ['_tcp', 'tcp'],
  ['_udp', 'udp'],
]);

/** Top of a zone: what SOA and NS belong to. */
export interface Apex {
  readonly labels: readonly string[];
  /** Bytes on the wire, the root's included. */
  readonly wireBytes: number;
  readonly isReverse: boolean;
}

/** What a name is, before anything is looked up. */
export type Place =
  /** In no zone of ours. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'apex'; readonly apex: Apex }
  /** The resolver's own name, or an address of its. */
  | { readonly kind: 'server'; readonly apex: Apex }
  /** There are names below it and nothing at it (RFC 8020: to be told from a name that is not there). */
  | { readonly kind: 'empty'; readonly apex: Apex }
  /** No name that can be. */
  | { readonly kind: 'none'; readonly apex: Apex }
  /** Discovery knows. `protocol`: asked for as _NAME._tcp or _NAME._udp. */
  | {
      readonly kind: 'lookup';
      readonly apex: Apex;
      readonly name: QueryName;
      readonly protocol?: 'tcp' | 'udp';
    };

const OUTSIDE: Place = { kind: 'outside' };

export class Zone {
  readonly forward: Apex;
  private readonly reverse6: Apex;
  /** Undefined: this host has no aliases. */
  private readonly reverse4: Apex | undefined;
  private readonly options: ZoneOptions;

  constructor(options: ZoneOptions) {
    const labels = options.zone.split('.');
    if (!labels.every(isName)) throw new RangeError(`no zone: ${options.zone}`);
    this.options = options;
    this.forward = apexOf(labels, false);
    if (this.forward.wireBytes > ZONE_BYTES_MAX) throw new RangeError(`zone too long: ${options.zone}`);
    this.reverse6 = apexOf(reverseLabels6(options.networkPrefix), true);
    if (options.aliasPrefix !== 0) this.reverse4 = apexOf(reverseLabels4(options.aliasPrefix), true);
  }

  /** `labels` in lower case, from the left. */
  locate(labels: readonly string[]): Place {
    if (isWithin(labels, this.forward))
      return this.forwardPlace(labels, labels.length - this.forward.labels.length);
    if (isWithin(labels, this.reverse6)) return this.place6(labels);
    if (this.reverse4 !== undefined && isWithin(labels, this.reverse4))
      return this.place4(labels, this.reverse4);
    return OUTSIDE;
  }

  /** `depth`: how many labels stand before the zone's. */
  private forwardPlace(labels: readonly string[], depth: number): Place {
    const apex = this.forward;
    const [first, second, third] = labels;
    switch (depth) {
      case 0:
        return { kind: 'apex', apex };
      case 1:
        if (first === SERVER_LABELS[0]) return { kind: 'server', apex };
        if (first === NODE_LABEL || PROTOCOL.has(first)) return { kind: 'empty', apex };
        return isName(first)
          ? lookup(apex, { kind: 'service', name: first, organisation: undefined })
          : none(apex);
      case 2:
        if (second === NODE_LABEL || PROTOCOL.has(second)) return leaf(apex, first, second, undefined);
        if (!isName(second)) return none(apex);
        if (first === NODE_LABEL || PROTOCOL.has(first))
          return this.options.isOrganisation(second) ? { kind: 'empty', apex } : none(apex);
        return isName(first)
          ? lookup(apex, { kind: 'service', name: first, organisation: second })
          : none(apex);
      case 3:
        if (second === NODE_LABEL || PROTOCOL.has(second))
          return isName(third) ? leaf(apex, first, second, third) : none(apex);
        return third === NODE_LABEL ? endpoint(apex, first, second, undefined) : none(apex);
      case 4:
        return third === NODE_LABEL && isName(labels[3])
          ? endpoint(apex, first, second, labels[3])
          : none(apex);
      default:
        return none(apex);
    }
  }

  private place6(labels: readonly string[]): Place {
    const apex = this.reverse6;
    const depth = labels.length - apex.labels.length;
    const nibbles = labels.length - 2;
    if (nibbles > 32) return none(apex);
    for (let i = 0; i < depth; i++) if (!/^[0-9a-f]$/.test(labels[i])) return none(apex);
    if (depth === 0) return { kind: 'apex', apex };
    if (nibbles < 32) return { kind: 'empty', apex };
    const address = new Uint8Array(16);
    for (let i = 0; i < 16; i++) address[i] = Number.parseInt(labels[31 - 2 * i] + labels[30 - 2 * i], 16);
    return this.addressPlace(apex, address);
  }

  private place4(labels: readonly string[], apex: Apex): Place {
    const depth = labels.length - apex.labels.length;
    if (depth > 2) return none(apex);
    for (let i = 0; i < depth; i++)
      if (!/^(0|[1-9]\d{0,2})$/.test(labels[i]) || Number(labels[i]) > 255) return none(apex);
    if (depth === 0) return { kind: 'apex', apex };
    if (depth === 1) return { kind: 'empty', apex };
    const alias = (this.options.aliasPrefix | (Number(labels[1]) << 8) | Number(labels[0])) >>> 0;
    const address = this.options.addressOf(alias);
    return address === undefined ? none(apex) : this.addressPlace(apex, address);
  }

  private addressPlace(apex: Apex, address: IpAddress): Place {
    const own = this.options.resolver;
    for (let i = 0; i < 16; i++) if (own[i] !== address[i]) return lookup(apex, { kind: 'address', address });
    return { kind: 'server', apex };
  }
}

function lookup(apex: Apex, name: QueryName, protocol?: 'tcp' | 'udp'): Place {
  return { kind: 'lookup', apex, name, protocol };
}

function none(apex: Apex): Place {
  return { kind: 'none', apex };
}

/** NAME.node, _NAME._tcp, _NAME._udp of an organisation. */
function leaf(apex: Apex, first: string, second: string, organisation: string | undefined): Place {
  if (second === NODE_LABEL) {
    if (!isName(first)) return none(apex);
    const nodeId =
      organisation === undefined && first.length === ID_TEXT_LENGTH ? idFromText(first) : undefined;
    if (nodeId !== undefined) return lookup(apex, { kind: 'nodeId', nodeId });
    return lookup(apex, { kind: 'node', name: first, organisation });
  }
  const protocol = PROTOCOL.get(second);
  const name = first.slice(1);
  if (protocol === undefined || first[0] !== '_' || !isName(name)) return none(apex);
  return lookup(apex, { kind: 'service', name, organisation }, protocol);
}

/** One provider's instance of a service: SERVICE.NODENAME.node. */
function endpoint(apex: Apex, service: string, node: string, organisation: string | undefined): Place {
  if (!isName(service) || !isName(node)) return none(apex);
  return lookup(apex, { kind: 'endpoint', service, node, organisation });
}

function isWithin(labels: readonly string[], { labels: top }: Apex): boolean {
  const depth = labels.length - top.length;
  if (depth < 0) return false;
  for (let i = top.length - 1; i >= 0; i--) if (labels[depth + i] !== top[i]) return false;
  return true;
}

function apexOf(labels: readonly string[], isReverse: boolean): Apex {
  let wireBytes = 1;
  for (const label of labels) wireBytes += 1 + label.length;
  return { labels, wireBytes, isReverse };
}

/** The prefix's nibbles, last first, under ip6.arpa (RFC 3596 section 2.5). */
function reverseLabels6({ ip, bits }: Prefix): string[] {
  const labels = ['ip6', 'arpa'];
  for (let i = 0; i < bits / 4; i++)
    labels.unshift((i % 2 === 0 ? ip[i >> 1] >> 4 : ip[i >> 1] & 15).toString(16));
  return labels;
}

/** The /16's two bytes under in-addr.arpa (RFC 1035 section 3.5). */
function reverseLabels4(prefix: number): string[] {
  return [`${(prefix >>> 16) & 255}`, `${prefix >>> 24}`, 'in-addr', 'arpa'];
}
