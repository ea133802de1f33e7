import type { IpAddress, Prefix } from '../../core/base/ip.ts';

/** How names of the zone reach our resolver on this host. */
export type DnsMode = 'resolved' | 'dnsmasq' | 'resolvconf' | 'file' | 'none';

export const DNS_MODES: readonly DnsMode[] = ['resolved', 'dnsmasq', 'resolvconf', 'file', 'none'];

export interface DnsStatus {
  readonly mode: DnsMode;
  /** A sentence for people: why this mode, and what to do where names do not work. */
  readonly reason: string;
}

/** The part of the daemon's log that is used here. */
export interface DnsLog {
  info(event: string, fields?: { state?: string; reason?: string }): void;
  warn(event: string, fields?: { state?: string; reason?: string }): void;
}

/** Where the host keeps what is changed here; all of it can be moved, so that tests have a host of their own. */
export interface DnsHost {
  /** Prefix of /etc, /run and /usr. */
  readonly root: string;
  /** Address of the system bus, as D-Bus writes it. */
  readonly systemBus: string;
  /**
   * Whether the name resolution that can be configured is that of the programs which see the interface: not so in a
   * network namespace of its own, from which the host's D-Bus and /etc can be reached all the same.
   */
  isOwn(): boolean;
}

/** Who asks other name servers for names that are not ours (Forwarder). */
export interface Upstreams {
  /** Replaces the servers: addresses as resolv.conf writes them, in its order. */
  setUpstreams(addresses: readonly string[]): void;
}

export interface DnsWiringOptions {
  /** "mcc0" */
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  /** "mcc", without dots at the ends. */
  readonly zone: string;
  /** Names under ip6.arpa and in-addr.arpa that our resolver answers, without dots at the ends. */
  readonly reverseZones: readonly string[];
  /** Where our resolver answers, inside the interface: the preferred address first, at most three. */
  readonly resolvers: readonly IpAddress[];
  readonly mode: 'auto' | DnsMode;
  readonly stateDirectory: string;
  readonly log: DnsLog;
  /** Without it the modes are refused that send all names of the host to our resolver: resolvconf and file. */
  readonly forwarder?: Upstreams;
  /** Called when mode or reason change after start(). */
  readonly onChange?: (status: DnsStatus) => void;
  readonly host?: Partial<DnsHost>;
}

/** What was there before /etc/resolv.conf was replaced. */
export type OriginalFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'link'; readonly target: string; readonly text: string }
  | {
      readonly kind: 'file';
      readonly text: string;
      /** Permission bits. */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

/** What was changed on the host: written to STATE/dns.json before the change, forgotten when it is taken back. */
export type Change =
  | { readonly mode: 'resolved'; readonly interfaceName: string; readonly interfaceIndex: number }
  | {
      readonly mode: 'dnsmasq';
      /** Folder of the snippet, without the root. */
      readonly folder: string;
      readonly name: string;
      readonly isNetworkManager: boolean;
    }
  | { readonly mode: 'resolvconf'; readonly entry: string }
  | {
      readonly mode: 'file';
      readonly original: OriginalFile;
      /** What we wrote. */
      readonly written: string;
      /** Our resolver's addresses in that text. */
      readonly resolvers: readonly string[];
    };

/** What a way of wiring needs to know and to do. */
export interface WayContext {
  readonly options: DnsWiringOptions;
  readonly host: DnsHost;
  /** The resolver's addresses as text. */
  readonly resolvers: readonly string[];
  /** Whether the user named this mode, so that doubts become warnings. */
  readonly isConfigured: boolean;
  /** Writes down what is about to be changed. Throws when it cannot. */
  record(change: Change): void;
  /** Tells a new reason. */
  tell(reason: string): void;
}

/** A way of wiring that stands. */
export interface Standing {
  readonly reason: string;
  /** Why it no longer suits this host; undefined while it does. Looked at when /etc/resolv.conf changes. */
  obstacle(): string | undefined;
  /** Does it again, for a host that may have forgotten it (resume from sleep). */
  again(): Promise<void>;
  /** Stops watching; takes nothing back. */
  close(): void;
}

/** Why a way of wiring is not possible here. */
export class Unsuitable extends Error {}

export interface ForwarderOptions {
  /** Zones that never go to other servers: ours and our reverse zones. */
  readonly zones: readonly string[];
  /** Ranges of which nobody outside may speak: the overlay's IPv6 prefix and IPv4 range. Loopback is added. */
  readonly guarded: readonly Prefix[];
  /** Milliseconds for each server. Default 1,500. */
  readonly timeoutMs?: number;
  /** Port of the servers. Default 53. */
  readonly port?: number;
}
