import type { IpAddress, SocketAddress } from '../../core/base/ip.ts';
import type { System } from '../native/types.ts';

/** Best first: PCP (RFC 6887) tells most and is checked most cheaply, NAT-PMP (RFC 6886), UPnP IGD. */
export const PROTOCOLS = ['pcp', 'nat-pmp', 'upnp'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** A port of the gateway's outer address that leads to a UDP port of this host. */
export interface PortMapping {
  readonly protocol: Protocol;
  /** As the gateway says. */
  readonly external: SocketAddress;
  /** Unix ms, unless it is renewed; undefined: it stays until it is deleted. */
  readonly expiresAt: number | undefined;
  /** False: the gateway itself is behind another NAT (RFC 1918, 100.64.0.0/10), and the Internet does not get here. */
  readonly isPublic: boolean;
}

/** This host's way to a default gateway. */
export interface Link {
  readonly gateway: IpAddress;
  /** Own address on that link, which the gateway forwards to. */
  readonly local: IpAddress;
  readonly interfaceName: string;
}

/** What a gateway granted. */
export interface Grant {
  readonly external: SocketAddress;
  /** Seconds, at least 1; 0: without end. */
  readonly lifetimeS: number;
}

/** One protocol with one gateway, about one port. Every call rejects when the gateway is silent, says no, or the signal aborts. */
export interface Mapper {
  readonly protocol: Protocol;
  /** Resolves when the gateway speaks it. */
  probe(signal: AbortSignal): Promise<void>;
  /** Makes the mapping, or renews it. After a resolved probe(). */
  map(signal: AbortSignal): Promise<Grant>;
  /** False: the gateway has forgotten the mapping, or changed it. */
  isKept(signal: AbortSignal): Promise<boolean>;
  unmap(signal: AbortSignal): Promise<void>;
}

/** What tests change. */
export interface Timing {
  /** Waits for an answer before the question is asked again, and after the last time; the sum is how long a gateway may think. */
  readonly waitsMs: readonly number[];
  /** For answers to an SSDP search. */
  readonly searchMs: number;
  /** Between questions whether the gateway still knows the mapping. */
  readonly checkMs: number;
  /** However short a gateway's leases are, it is not asked more often. */
  readonly renewMinMs: number;
  /** The first wait after a failure; it doubles. */
  readonly retryMs: number;
  /** After a notice that this host's network changed. */
  readonly settleMs: number;
}

export interface PortMapOptions {
  readonly system: Pick<System, 'linkIndex' | 'listPrefixes'>;
  /** Where the node's UDP sockets listen; all addresses are 0.0.0.0 or ::. */
  readonly sockets: readonly SocketAddress[];
  /** Secret of this node, so that after a crash it is known to the gateway as who it was. */
  readonly secret: Uint8Array;
  /** Of the IPv4 mapping: it came, is another, or went. */
  onChange(mapping: PortMapping | undefined): void;
  readonly timing?: Partial<Timing>;
  /** Routes as /proc/net/route and /proc/net/ipv6_route print them. */
  readonly routes?: () => { readonly ipv4: string; readonly ipv6: string };
  /** UDP ports of gateways. */
  readonly ports?: { readonly pcp: number; readonly ssdp: number };
}
