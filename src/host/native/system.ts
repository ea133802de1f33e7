import type { IpAddress, Prefix } from '../../core/base/ip.ts';

/**
 * Interface configuration by rtnetlink, dumps and watch of the kernel's tables, sd_notify. All calls are synchronous
 * (one request, one answer of the kernel, well under a millisecond) and throw a `SystemError`. `bits` counts as in Prefix: an
 * IPv4 /16 is 112.
 */
export interface System {
  /** Index of the interface with this name; 0: there is none. */
  linkIndex(name: string): number;
  listLinks(): LinkInfo[];
  /** Changes what is named and leaves the rest. */
  setLink(index: number, change: LinkChange): void;
  deleteLink(index: number): void;
  /** EEXIST when it is there already. */
  addAddress(index: number, address: IpAddress, bits: number, options?: AddressOptions): void;
  /** EADDRNOTAVAIL when it is not there. */
  removeAddress(index: number, address: IpAddress, bits: number): void;
  /** Replaces a route to the same prefix with the same metric in the same table. */
  setRoute(route: RouteChange): void;
  /** ESRCH when it is not there. */
  removeRoute(route: RouteChange): void;
  /** Where a packet of this host to there goes. ENETUNREACH or EHOSTUNREACH when nowhere. */
  findRoute(address: IpAddress): FoundRoute;
  /** All addresses, the routes of all tables (without the caches) and the rules' selectors, of this network namespace. */
  listPrefixes(): PrefixInfo[];
  /**
   * Calls back, once per turn of the event loop at most, with a union of `CHANGE_*` bits. `index` is our own interface (0: none).
   * It does not keep the process alive.
   */
  watch(index: number, callback: (changes: number) => void): Watch;
  /** The same with CHANGE_TABLES or CHANGE_OVERRUN, when a table of nftables was deleted, by whomever. */
  watchTables(callback: (changes: number) => void): Watch;
  /** One sd_notify datagram ("READY=1") to $NOTIFY_SOCKET's path; a leading "@" is an abstract socket. */
  notify(path: string, state: string): void;
}

export interface Watch {
  /** Changes the interface that CHANGE_OWN_LINK and CHANGE_OWN_DELETED speak of. */
  follow(index: number): void;
  close(): void;
}

/** An interface came, went or changed (up, down, carrier, MTU). */
export const CHANGE_LINK = 1;
/** An address came or went on an interface other than the followed one. */
export const CHANGE_ADDRESS = 2;
/** A route came or went that does not lead to the followed interface. */
export const CHANGE_ROUTE = 4;
/** The followed interface changed (somebody set it down, its MTU, its addresses or its routes). */
export const CHANGE_OWN = 8;
/** The followed interface is gone. */
export const CHANGE_OWN_DELETED = 16;
/** Messages were lost (ENOBUFS): anything may have changed, look again. */
export const CHANGE_OVERRUN = 32;

/** A table of nftables was deleted. */
export const CHANGE_TABLES = 64;

export interface LinkInfo {
  index: number;
  name: string;
  /** Bytes. */
  mtu: number;
  /** IFF_UP. */
  up: boolean;
  /** IFF_LOOPBACK. */
  loopback: boolean;
  /** IFF_MULTICAST. */
  multicast: boolean;
  /** net.ipv4.conf.<name>.forwarding */
  forwarding: boolean;
  /** net.ipv4.conf.<name>.route_localnet */
  routeLocalnet: boolean;
}

export interface FoundRoute {
  /** Interface that the packet leaves by. */
  index: number;
  /** `local`: to this host itself; `other`: blackholes and the like. */
  kind: 'unicast' | 'local' | 'broadcast' | 'other';
}

export interface LinkChange {
  up?: boolean;
  /** Bytes. */
  mtu?: number;
  /** Packets. */
  txQueueLength?: number;
  /** Bytes of a super-packet that the kernel may hand over (IFLA_GSO_MAX_SIZE). */
  gsoMaxSize?: number;
  /** The same for IPv4 (IFLA_GSO_IPV4_MAX_SIZE, Linux 6.3); silently left out where the kernel does not know it. */
  gsoIpv4MaxSize?: number;
  /** false: the kernel makes no link-local IPv6 address when the interface comes up. */
  linkLocal?: boolean;
  /** net.ipv4.conf.<name>.forwarding, also where /proc/sys is read-only. */
  forwarding?: boolean;
  /** net.ipv4.conf.<name>.route_localnet, likewise. */
  routeLocalnet?: boolean;
}

export interface AddressOptions {
  /** The kernel adds no prefix route by itself. */
  noPrefixRoute?: boolean;
  /** IPv6: usable at once, without duplicate address detection. */
  noDad?: boolean;
  /** The kernel never chooses it as the source of a packet (preferred lifetime 0; IPv4: of host scope). */
  neverSource?: boolean;
}

export interface RouteChange extends Prefix {
  index: number;
  /** Priority; 0 or absent: the family's default. */
  metric?: number;
  /** Routing table; absent: main (254). */
  table?: number;
  /** Preferred source address. */
  source?: IpAddress;
}

export interface PrefixInfo extends Prefix {
  kind: 'address' | 'route' | 'rule';
  /** Interface; 0: none or several. */
  index: number;
  /** Routing table of a route or rule, 0 for addresses. */
  table: number;
}

/** `message` is "<operation>: <errno name>"; `code` is the errno name ("EPERM"), as Node's own errors have it. */
export interface SystemError extends Error {
  code: string;
  errno: number;
  syscall: string;
}
