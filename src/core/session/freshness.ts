// Freshness without a clock: a counter that an initiator never uses twice, and a responder's memory of it.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { NodeId } from '../identity/types.ts';
import type { InitiationLedger } from './types.ts';

/** Counters that one write to disk makes good for. */
export const FRESHNESS_BLOCK = 1024;
/** Remotes whose last initiation is remembered. */
const REMOTES_MAX = 16_384;

/**
 * Gives out ascending numbers. `persist` must be on disk before anything is sent that was made after it; what was
 * reserved and not used when the node stops is lost, so no number is given out twice.
 */
export class FreshnessCounter {
  private next: number;
  private reservedTo: number;
  private readonly persist: (reservedTo: number) => void;

  /** `first` is what was persisted last; 1 for a new node. */
  constructor(first: number, persist: (reservedTo: number) => void) {
    this.next = Math.max(1, first);
    this.reservedTo = this.next;
    this.persist = persist;
  }

  take(): number {
    if (this.next === this.reservedTo) {
      this.reservedTo += FRESHNESS_BLOCK;
      this.persist(this.reservedTo);
    }
    return this.next++;
  }

  /** Whether this counter, or one that started from the same state, gave it out. */
  isGiven(counter: number): boolean {
    return counter < this.next;
  }
}

interface Answered {
  readonly counter: number;
  /** Of the initiation with this counter. */
  readonly ephemeral: Uint8Array;
}

/** The highest counter answered per remote, for the REMOTES_MAX remotes that shook hands last. */
export class Ledger implements InitiationLedger {
  /** By node ID in hex. */
  private readonly answered = new BoundedMap<string, Answered>(REMOTES_MAX);

  judge(nodeId: NodeId, counter: number, ephemeral: Uint8Array): 'new' | 'repeated' | undefined {
    const last = this.answered.peek(toHex(nodeId));
    if (last === undefined || counter > last.counter) return 'new';
    return counter === last.counter && equalBytes(ephemeral, last.ephemeral) ? 'repeated' : undefined;
  }

  highest(nodeId: NodeId): number {
    return this.answered.peek(toHex(nodeId))?.counter ?? 0;
  }

  /** A lower counter than the highest so far changes nothing. */
  record(nodeId: NodeId, counter: number, ephemeral: Uint8Array): void {
    const key = toHex(nodeId);
    const last = this.answered.get(key);
    if (last === undefined || counter > last.counter) this.answered.set(key, { counter, ephemeral });
  }
}
