// Calls through relays that others asked this node for: for each of them one handshake is to go through a circuit.
import { BoundedMap } from '../base/bounded-map.ts';
import type { SocketAddress } from '../base/ip.ts';

/** At once. One more ends the oldest. */
const CALLS_MAX = 64;

export interface RelayCall {
  /** Slot of the relay. */
  readonly relay: number;
  /** The circuit was there before, and stays. */
  readonly isKept: boolean;
  /** ms; until then the handshake goes through the circuit alone. */
  readonly until: number;
  /** undefined: it is not open yet. */
  circuit: SocketAddress | undefined;
}

/** One per node. By the slot of whoever is called. */
export class RelayCalls {
  private readonly calls = new BoundedMap<number, RelayCall>(CALLS_MAX);

  /** What another relay is tried for is no longer done for the one before. */
  add(slot: number, call: RelayCall): void {
    this.calls.set(slot, call);
  }

  of(slot: number): RelayCall | undefined {
    return this.calls.peek(slot);
  }

  forget(slot: number): void {
    this.calls.delete(slot);
  }
}
