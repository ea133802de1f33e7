// A responder with a directory of names in place of discovery. Queries are made and answers read by dns-packet, another's
// implementation of DNS.
import * as packet from 'dns-packet';
import { type IpAddress, parseIp, parsePrefix } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { formatName } from '../../../src/core/discovery/discovery.ts';
import type { EndpointView, FoundName, QueryName, ResolveResult } from '../../../src/core/discovery/types.ts';
import { DnsResponder } from '../../../src/core/dns/dns.ts';
import type { DnsEvent, DnsSend, ZoneOptions } from '../../../src/core/dns/types.ts';

export const ip = (text: string): IpAddress => parseIp(text) as IpAddress;

export const RESOLVER = 'fd01:203:405::53';
export const HELLO = 'fd01:203:405::e1';
export const BOX = 'fd01:203:405::b0';
const ORGANISATION = new Uint8Array(32).fill(7);

export function endpoint(target: string, port: number, more: Partial<EndpointView> = {}): EndpointView {
  return {
    endpointId: new Uint8Array(32),
    address: ip('fd01:203:405::e2'),
    nodeId: new Uint8Array(32),
    nodeName: 'box',
    target,
    selector: 1,
    protocol: 'tcp',
    port,
    weight: 10,
    ipv4: true,
    ipv6: true,
    isOwn: false,
    isVerified: true,
    healthy: true,
    isUp: true,
    addresses: [],
    relays: [],
    ...more,
  };
}

export function service(name: string, more: Partial<FoundName> = {}): FoundName {
  return {
    kind: 'found',
    of: 'service',
    name,
    address: ip(HELLO),
    ipv4: true,
    ipv6: true,
    endpoints: [endpoint(`${name}.box.node`, 80)],
    total: 1,
    node: undefined,
    organisation: ORGANISATION,
    organisationName: 'home',
    ...more,
  };
}

export function node(name: string, address = BOX): FoundName {
  const view = { nodeId: new Uint8Array(32).fill(9), name, organisation: ORGANISATION };
  return service(`${name}.node`, { of: 'node', address: ip(address), endpoints: [], node: view });
}

/** What the directory says of a name; undefined: nothing yet. */
export type Directory = (name: QueryName) => ResolveResult | undefined;

export interface Answer {
  readonly bytes: Uint8Array;
  readonly packet: packet.DecodedPacket;
  /** With EDNS's upper bits. */
  readonly rcode: number;
  /** TYPE data, in the order in which they stand. */
  readonly answers: string[];
  readonly authorities: string[];
  readonly additionals: string[];
}

export interface Ask {
  readonly id?: number;
  readonly flags?: number;
  readonly isTcp?: boolean;
  /** EDNS payload size; 0: no EDNS. */
  readonly edns?: number;
  readonly ednsVersion?: number;
}

export class World {
  readonly out = new OutboxBuffer<DnsSend<number>, DnsEvent<number>>();
  readonly responder: DnsResponder<number>;
  readonly aliases = new Map<string, number>();
  directory: Directory;
  /** Every name that was looked up. */
  readonly looked: QueryName[] = [];
  now = 0;
  aliasesLeft = 1000;
  #token = 0;

  constructor(directory: Directory = () => ({ kind: 'notFound' }), more: Partial<ZoneOptions> = {}) {
    this.directory = directory;
    this.responder = new DnsResponder<number>({
      zone: 'mcc',
      networkPrefix: parsePrefix('fd01:203:405::/48')!,
      aliasPrefix: 0x64400000,
      resolver: ip(RESOLVER),
      aliasOf: (address) => this.aliasOf(address),
      addressOf: (alias) => {
        const found = [...this.aliases].find(([, known]) => known === alias);
        return found === undefined ? undefined : Uint8Array.from(Buffer.from(found[0], 'hex'));
      },
      isOrganisation: (name) => name === 'acme',
      ...more,
    });
  }

  aliasOf(address: IpAddress): number {
    const key = Buffer.from(address).toString('hex');
    if (!this.aliases.has(key)) {
      if (this.aliases.size >= this.aliasesLeft) return 0;
      this.aliases.set(key, 0x64400100 + this.aliases.size);
    }
    return this.aliases.get(key) as number;
  }

  /** Hands the bytes in, answers lookups from the directory, and returns what came of it. */
  query(bytes: Uint8Array, isTcp = false): { sends: DnsSend<number>[]; drops: DnsEvent<number>[] } {
    this.responder.handle({ kind: 'query', token: ++this.#token, bytes, isTcp }, this.now, this.out);
    return this.drain();
  }

  /** Queries that were handed on. */
  readonly foreign: Extract<DnsEvent<number>, { kind: 'foreign' }>[] = [];

  drain(): { sends: DnsSend<number>[]; drops: DnsEvent<number>[] } {
    const drops: DnsEvent<number>[] = [];
    for (const event of this.out.events) {
      if (event.kind === 'dropped') {
        drops.push(event);
        continue;
      }
      if (event.kind === 'foreign') {
        this.foreign.push(event);
        continue;
      }
      this.looked.push(event.name);
      const result = this.directory(event.name);
      if (result !== undefined)
        this.responder.handle({ kind: 'resolved', id: event.id, result }, this.now, this.out);
    }
    const sends = [...this.out.sends];
    this.out.clear();
    return { sends, drops };
  }

  ask(name: string, type: string, options: Ask = {}): Answer {
    const { sends } = this.query(encodeQuery(name, type, options), options.isTcp);
    if (sends.length !== 1) throw new Error(`${sends.length} answers to ${name} ${type}`);
    return read(sends[0].bytes);
  }
}

export function encodeQuery(name: string, type: string, options: Ask = {}): Uint8Array {
  const { id = 0x1234, flags = packet.RECURSION_DESIRED, edns = 1232, ednsVersion = 0 } = options;
  const opt = { type: 'OPT', name: '.', udpPayloadSize: edns, flags: 0, options: [], ednsVersion };
  return Uint8Array.from(
    packet.encode({
      type: 'query',
      id,
      flags,
      questions: [{ name, type: type as packet.RecordType }],
      additionals: edns === 0 ? [] : [opt as unknown as packet.OptAnswer],
    }),
  );
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** Throws when another implementation cannot read it, or when anything is left over. */
export function read(bytes: Uint8Array): Answer {
  const decoded = packet.decode(Buffer.from(bytes)) as packet.DecodedPacket & { rcode: string };
  if (packet.decode.bytes !== bytes.length) throw new Error('bytes behind the last record');
  const opt = decoded.additionals?.find(({ type }) => type === 'OPT') as packet.OptAnswer | undefined;
  const extended = opt === undefined ? 0 : ((opt as { extendedRcode?: number }).extendedRcode ?? 0);
  return {
    bytes,
    packet: decoded,
    rcode: RCODES.indexOf(decoded.rcode) + 16 * extended,
    answers: texts(decoded.answers),
    authorities: texts(decoded.authorities),
    additionals: texts(decoded.additionals?.filter(({ type }) => type !== 'OPT')),
  };
}

function texts(records: packet.Answer[] | undefined): string[] {
  return (records ?? []).map((record) => {
    const { name, type, ttl, data } = record as { name: string; type: string; ttl: number; data: unknown };
    return `${name} ${ttl} ${type} ${dataText(type, data)}`;
  });
}

function dataText(type: string, data: unknown): string {
  if (type === 'SRV') {
    const { priority, weight, port, target } = data as packet.SrvData as Required<packet.SrvData>;
    return `${priority} ${weight} ${port} ${target}`;
  }
  if (type === 'SOA') {
    const { mname, rname, minimum } = data as packet.SoaData;
    return `${mname} ${rname} ${minimum}`;
  }
  return String(data);
}

/** The service directory that most tests use. */
export function directory(entries: Readonly<Record<string, ResolveResult>>): Directory {
  return (name) =>
    entries[name.kind === 'address' ? Buffer.from(name.address).toString('hex') : formatName(name)] ?? {
      kind: 'notFound',
    };
}
