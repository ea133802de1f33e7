// One provider of a service, as its records say: there may be several of the same provider, for different audiences.
import type { IpAddress } from '../base/ip.ts';
import type { EndpointId, NodeId } from '../identity/types.ts';
import type { ServiceBody } from '../wire/types.ts';

/** What lies at one place in the DHT. */
export interface Source {
  readonly body: ServiceBody;
  readonly sequence: number;
  /** Unix ms; Infinity: of this host, which lies nowhere. */
  readonly expiresMs: number;
  /** Probability, as a logarithm, that all samples since it was seen last left it out by chance. */
  missingLog: number;
}

export class Endpoint {
  readonly nodeId: NodeId;
  readonly endpointId: EndpointId;
  readonly address: IpAddress;
  readonly isOwn: boolean;
  /** ms; when a session was last asked for. */
  warmedAt = Number.NEGATIVE_INFINITY;
  /** By Place.id; never empty in a set. At most as many as a lookup asks places. */
  private readonly sources = new Map<string, Source>();
  private newest: Source | undefined;

  constructor(nodeId: NodeId, endpointId: EndpointId, address: IpAddress, isOwn: boolean) {
    this.nodeId = nodeId;
    this.endpointId = endpointId;
    this.address = address;
    this.isOwn = isOwn;
  }

  /** What its newest record says. */
  get body(): ServiceBody {
    if (this.newest === undefined) throw new RangeError('nothing is known of this endpoint');
    return this.newest.body;
  }

  get isEmpty(): boolean {
    return this.sources.size === 0;
  }

  /** Unix ms at which the first of its records expires. */
  get expiresMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { expiresMs } of this.sources.values()) next = Math.min(next, expiresMs);
    return next;
  }

  at(place: string): Source | undefined {
    return this.sources.get(place);
  }

  places(): [string, Source][] {
    return [...this.sources];
  }

  /** Whether it says anything else now. */
  put(place: string, source: Source): boolean {
    this.sources.set(place, source);
    return this.choose();
  }

  drop(place: string): boolean {
    return this.sources.delete(place) && this.choose();
  }

  private choose(): boolean {
    const before = this.newest;
    this.newest = undefined;
    for (const source of this.sources.values())
      if (this.newest === undefined || source.sequence > this.newest.sequence) this.newest = source;
    return this.newest !== before;
  }
}
