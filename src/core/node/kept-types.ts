// What a node leaves on disk of others, and of how it was reached.
import type { IpAddress, SocketAddress } from '../base/ip.ts';

/** That others came unasked, and when this host had which addresses. ms are Unix ms; 0: never. */
export interface SavedReach {
  readonly globalAtMs: number;
  readonly localAtMs: number;
  readonly families: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Of this host's interfaces. */
  readonly addresses: readonly IpAddress[];
  readonly port: number;
}

/** A service of another organisation that has a name of its own on this node. */
export interface ImportRecord {
  readonly name: string;
  readonly service: string;
  /** ID, whatever the organisation is called. */
  readonly organisation: Uint8Array;
}

/** What must be on disk of imports. */
export type ImportChange = { readonly kind: 'import' | 'forgetImport'; readonly record: ImportRecord };

/** Another node that this one knows how to reach. At most KNOWN_NODES of them. */
export interface KnownNode {
  readonly nodeId: Uint8Array;
  /** Label of the node, certified by its organisation once `chain` is known; may be empty. */
  readonly name: string;
  /** Organisation ID (32 bytes), empty while unknown. */
  readonly organisation: Uint8Array;
  /** Encoded, verified chain; empty before the first handshake. */
  readonly chain: Uint8Array;
  /** At most CANDIDATES_MAX; the one that worked last stands first. */
  readonly addresses: readonly SocketAddress[];
  /** Unix ms of the last inside traffic; 0: never. Written at most every LAST_TRAFFIC_SAVE_MS. */
  readonly lastTrafficMs: number;
}
