// What a scenario of the DHT needs to know of the nodes that it plays with, be they whole nodes or their DHT machines alone.
import type { SocketAddress } from '../../src/core/base/ip.ts';
import type { Dht } from '../../src/core/dht/dht.ts';
import type { DhtIdentity, FoundEvent } from '../../src/core/dht/types.ts';
import type { NodeKeys } from '../../src/core/identity/types.ts';
import type { DhtMessage } from '../../src/core/wire/types.ts';

/** What a node's DHT is: the shipped machine, or a liar around it. */
export type DhtLike = Pick<Dht, 'handle' | 'onTimer' | 'answer' | 'status' | 'wakeAt'>;

/** Times in ms; -1: not yet. */
export interface Lookup {
  readonly startedAt: number;
  firstRecordAt: number;
  doneAt: number;
  /** As it stands now. */
  found: FoundEvent | undefined;
}

export interface FieldNode {
  readonly index: number;
  readonly keys: NodeKeys;
  /** Node ID in hex. */
  readonly key: string;
  readonly identity: DhtIdentity;
  readonly place: Uint8Array;
  readonly address: SocketAddress;
  readonly isUp: boolean;
  readonly isCore: boolean;
  readonly dht: DhtLike;
  /** What becomes of the shipped machine at every start. */
  make: (machine: DhtLike) => DhtLike;
  /** Bytes with IPv4 and UDP headers. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** Bytes of a node's own organisation, and what signs its records. */
export interface Field<N extends FieldNode = FieldNode> {
  readonly now: number;
  readonly networkId: Uint8Array;
  /** Nodes publish their own records by themselves. */
  readonly publishesNodes: boolean;
  readonly nodes: readonly N[];
  /** Share of datagrams that are lost. */
  lossShare: number;
  /** Whether datagrams pass between two nodes. */
  passes(a: N, b: N): boolean;
  /** A random number, 0 .. below `max`. */
  below(max: number): number;
  nodeOf(nodeId: Uint8Array): N | undefined;
  /** A node that is not started yet. */
  add(organisation: number, isCore?: boolean): N;
  /** Starts, knowing `boots` and what it kept. */
  start(node: N, boots?: readonly N[]): void;
  /** Puts contacts on the disk of a node that is not running, as if from an earlier run. */
  remember(node: N, others: readonly N[]): void;
  /** Silent death. */
  kill(node: N): void;
  find(node: N, key: Uint8Array, records?: boolean, limit?: number): Lookup;
  publish(node: N, key: Uint8Array, record: Uint8Array): void;
  /** Says something in a node's name, whatever its machine thinks: for liars. */
  say(from: N, to: N, message: DhtMessage): void;
  run(ms: number, isDone?: () => boolean): boolean;
}
