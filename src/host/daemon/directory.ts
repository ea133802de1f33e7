// Names and records of the network, as the API asks for them.
import { equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import { formatIp } from '../../core/base/ip.ts';
import type { KeptRecord } from '../../core/dht/types.ts';
import { formatName, parseName } from '../../core/discovery/discovery.ts';
import type { EndpointView as FoundEndpoint, FoundName, StoredValue } from '../../core/discovery/types.ts';
import { endpointId, idToText } from '../../core/identity/identity.ts';
import type { Directory } from '../api/api.ts';
import type {
  EndpointView,
  KeptRecordList,
  KeptRecordView,
  RecordResult,
  RecordSet,
  RecordView,
  RefusalView,
  Resolution,
} from '../api/types.ts';
import { nodeCrypto } from '../crypto/crypto.ts';
import { nowMs } from '../io/io.ts';
import type { RunningNode } from './compose.ts';
import type { Requests } from './requests.ts';
import { refusalView } from './views.ts';

const RESOLVE_TIMEOUT_MS = 10_000;
/** A refusal is worth a word for so long. */
const LATELY_MS = 3_600_000;
const STORE_TIMEOUT_MS = 10_000;
const GET_TIMEOUT_MS = 10_000;

export interface DirectoryParts {
  /** Throws a CodedError where none runs. */
  node(): RunningNode;
  /** Runs a command whose records are on disk when it returns. */
  command<T>(body: (now: number) => T): T;
  readonly requests: Requests;
  readonly zone: string;
  unixMs(): number;
}

export class NodeDirectory implements Directory {
  readonly #parts: DirectoryParts;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
  }

  async resolve(text: string): Promise<Resolution> {
    const found = await this.find(text);
    const { name } = found;
    const endpoints =
      found.of === 'node' ? [this.#host(found)] : found.endpoints.map((e) => this.#endpoint(e));
    const address6 = found.ipv6 ? [formatIp(found.address)] : [];
    const alias = found.ipv4 ? this.#alias(found.address) : null;
    const addresses = alias === null ? address6 : [...address6, alias];
    const full = `${name}.${this.#parts.zone}`;
    return {
      name: full,
      addresses,
      endpoints,
      namesakes: this.#namesakes(found),
      refused: this.#refused(found, endpoints),
    };
  }

  #namesakes({ of, node: meant }: FoundName): string[] {
    if (of !== 'node' || meant === undefined) return [];
    const all = this.#parts.node().node.namesakes();
    const same = all.find(({ nodeIds }) => nodeIds.some((nodeId) => equalBytes(nodeId, meant.nodeId)));
    return same?.nodeIds.map(idToText) ?? [];
  }

  /** By those who offer the service, of it or of what has no name here; by a node, of anything. */
  #refused({ of, name }: FoundName, endpoints: readonly EndpointView[]): RefusalView[] {
    const service = name.split('.')[0];
    const providers = new Set(endpoints.map(({ nodeId }) => nodeId));
    const now = nowMs();
    return this.#parts
      .node()
      .node.status(now)
      .refusals.filter(
        ({ direction, lastMs }) => direction === 'there' && lastMs > this.#parts.unixMs() - LATELY_MS,
      )
      .map(refusalView)
      .filter((refusal) => providers.has(refusal.nodeId))
      .filter((refusal) => of === 'node' || refusal.service === null || refusal.service === service);
  }

  /** What a name leads to, after the whole lookup. Throws NAME_UNKNOWN, TIMED_OUT and other CodedErrors. */
  async find(text: string): Promise<FoundName> {
    const { node } = this.#parts.node();
    const name = parseName(text, this.#parts.zone);
    if (name === undefined) throw new CodedError('NAME_UNKNOWN', `"${text.slice(0, 80)}" is not a name here`);
    const id = this.#parts.command((now) => node.resolve(name, true, now));
    const result = await this.#parts.requests.resolved(id, RESOLVE_TIMEOUT_MS);
    switch (result.kind) {
      case 'found':
        return result;
      case 'notFound':
        throw new CodedError('NAME_UNKNOWN', formatName(name));
      case 'unknownOrganisation':
        throw new CodedError('ORGANISATION_UNKNOWN', formatName(name));
      case 'ambiguousOrganisation':
        throw new CodedError('ORGANISATION_AMBIGUOUS', result.organisations.map(idToText).join(', '));
      case 'noEpoch':
        throw new CodedError('EPOCH_MISSING', formatName(name));
      case 'unavailable':
        throw new CodedError('TIMED_OUT', 'no node could tell');
    }
  }

  putRecord(key: string, value: Uint8Array): Promise<RecordResult> {
    return this.#put(key, value);
  }

  putImmutable(value: Uint8Array): Promise<RecordResult> {
    return this.#put('', value);
  }

  async getRecord(key: string): Promise<RecordSet> {
    return this.#get(key);
  }

  async getImmutable(hash: Uint8Array): Promise<RecordSet> {
    return this.#get(idToText(hash));
  }

  async deleteRecord(key: string): Promise<void> {
    const { node } = this.#parts.node();
    this.#parts.command((now) => node.unput(key, now));
  }

  kept(from: number): KeptRecordList {
    const { records, next } = this.#parts.node().node.keptRecords(from);
    return { records: records.map(keptView), nextCursor: next ?? null };
  }

  async #put(name: string, value: Uint8Array): Promise<RecordResult> {
    const { node } = this.#parts.node();
    const id = this.#parts.command((now) => node.put(name, value, now));
    const stored = await this.#parts.requests.stored(id, STORE_TIMEOUT_MS);
    if (stored === undefined) throw new CodedError('TIMED_OUT', 'no node keeps it yet; it is tried again');
    const { key, sequence, copies } = stored;
    return { key, sequence, expires: new Date(stored.expires * 1000).toISOString(), copies };
  }

  async #get(key: string): Promise<RecordSet> {
    const { node } = this.#parts.node();
    const id = this.#parts.command((now) => node.get(key, undefined, now));
    const result = await this.#parts.requests.got(id, GET_TIMEOUT_MS);
    if (!result.ok) throw new CodedError(result.code);
    if (result.values.length === 0) throw new CodedError('RECORD_UNKNOWN', key);
    return { key, records: result.values.map(recordView) };
  }

  #host(found: FoundName): EndpointView {
    const nodeId = found.node?.nodeId ?? new Uint8Array(32);
    return {
      ...this.#reached(found.address, true, true),
      endpointId: idToText(endpointId(nodeCrypto, nodeId)),
      nodeId: idToText(nodeId),
      nodeName: found.node?.name ?? '',
      port: null,
      protocol: null,
      weight: null,
      healthy: true,
    };
  }

  #endpoint(endpoint: FoundEndpoint): EndpointView {
    const { nodeName, port, protocol, weight, healthy, ipv4, ipv6 } = endpoint;
    return {
      ...this.#reached(endpoint.address, ipv4, ipv6),
      endpointId: idToText(endpoint.endpointId),
      nodeId: idToText(endpoint.nodeId),
      nodeName,
      port,
      protocol,
      weight,
      healthy,
    };
  }

  #reached(address: Uint8Array, hasIpv4: boolean, hasIpv6: boolean) {
    const ipv6 = hasIpv6 ? formatIp(address) : null;
    const ipv4 = hasIpv4 ? this.#alias(address) : null;
    return { address: ipv6 ?? ipv4 ?? formatIp(address), ipv4, ipv6 };
  }

  #alias(address: Uint8Array): string | null {
    return this.#parts.node().node.aliasOf(address, nowMs()) || null;
  }
}

function keptView({
  key,
  record,
  bytes,
  chain,
  organisation,
  expires,
  isWithdrawn,
}: KeptRecord): KeptRecordView {
  return {
    key: idToText(key),
    kind: record.kind,
    name: record.name,
    publisher: idToText(record.publisher),
    organisationId: idToText(organisation),
    sequence: record.sequence,
    expires: new Date(expires * 1000).toISOString(),
    withdrawn: isWithdrawn,
    recordBase64url: Buffer.from(bytes).toString('base64url'),
    chainBase64url: Buffer.from(chain).toString('base64url'),
  };
}

function recordView(stored: StoredValue): RecordView {
  let value: string | null;
  try {
    value = new TextDecoder('utf-8', { fatal: true }).decode(stored.value);
  } catch {
    value = null;
  }
  return {
    value,
    valueBase64url: Buffer.from(stored.value).toString('base64url'),
    nodeId: idToText(stored.publisher),
    sequence: stored.sequence,
    expires: new Date(stored.expires * 1000).toISOString(),
  };
}
