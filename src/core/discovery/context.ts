// What the parts of discovery share.
import { virtualAddress } from '../addressing/addressing.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import type { IpAddress } from '../base/ip.ts';
import type { Rng } from '../base/rng.ts';
import { endpointId, serviceId } from '../identity/identity.ts';
import type { Crypto, NetworkId, NodeId, NodeKeys, OrganisationId } from '../identity/types.ts';
import { EpochWants } from './epoch-wants.ts';
import { Organisations } from './organisations.ts';
import { Peers } from './peers.ts';
import { Places } from './places.ts';
import type { DiscoveryOptions, Membership } from './types.ts';

/** More than all sets of services can hold at once; what is older is looked up no more. */
const ADDRESSES_MAX = 40_000;
/** Addresses of nodes that are kept, to be told again and again: each costs two hashes. */
const HOSTS_MAX = 4096;

export type { DiscoveryOutbox } from './types.ts';

/** Whose a virtual address is. Checked when read: the set may be gone since. */
export type AddressOwner =
  /** `set`: its key. `endpoint`: node ID in hex; undefined: the service's own address. */
  | { readonly kind: 'service'; readonly set: string; readonly endpoint: string | undefined }
  | { readonly kind: 'node'; readonly nodeId: NodeId };

export class DiscoveryContext {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly networkId: NetworkId;
  readonly keys: NodeKeys;
  /** Own node ID in hex. */
  readonly self: string;
  readonly member: Membership | undefined;
  readonly isRevoked: NonNullable<DiscoveryOptions['isRevoked']>;
  readonly organisations: Organisations;
  readonly peers = new Peers();
  readonly places: Places;
  readonly wants: EpochWants;
  /** By address in hex. */
  readonly addresses = new BoundedMap<string, AddressOwner>(ADDRESSES_MAX);
  /** By node ID in hex. */
  private readonly hosts = new BoundedMap<string, IpAddress>(HOSTS_MAX);
  /** Added to `now` gives Unix ms. */
  wallOffsetMs: number;
  /** This node serves the DHT: when it alone is asked, its answer counts. */
  isCore = false;

  constructor(options: DiscoveryOptions) {
    this.crypto = options.crypto;
    this.rng = options.rng;
    this.networkId = options.networkId;
    this.keys = options.keys;
    this.self = toHex(options.keys.nodeId);
    this.member = options.member;
    this.isRevoked = options.isRevoked ?? (() => false);
    this.organisations = new Organisations(options.member);
    this.places = new Places(options);
    this.wants = new EpochWants(this.places);
    this.wallOffsetMs = options.wallOffsetMs;
  }

  wallMs(now: number): number {
    return now + this.wallOffsetMs;
  }

  /** So that a node's address has a name. */
  remember(nodeId: NodeId): void {
    this.addresses.set(toHex(this.hostAddress(nodeId)), { kind: 'node', nodeId });
  }

  /** It is no member any more: its address has no name, and nothing is known of it. */
  forget(nodeId: NodeId): void {
    this.addresses.delete(toHex(this.hostAddress(nodeId)));
    this.peers.forget(toHex(nodeId));
  }

  serviceAddress(organisation: OrganisationId, name: string): IpAddress {
    return this.virtual(serviceId(this.crypto, organisation, name));
  }

  hostAddress(nodeId: NodeId): IpAddress {
    const node = toHex(nodeId);
    const known = this.hosts.get(node);
    if (known !== undefined) return known;
    const address = this.virtual(endpointId(this.crypto, nodeId));
    this.hosts.set(node, address);
    return address;
  }

  virtual(id: Uint8Array): IpAddress {
    return virtualAddress(this.networkId, id, this.crypto.sha256);
  }
}
