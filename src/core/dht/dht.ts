// The door of the DHT: one machine per node.
import { NEVER } from '../base/time.ts';
import type { NodeId } from '../identity/types.ts';
import type { DhtAnswer, DhtQuestion } from '../wire/types.ts';
import type { DhtInput, DhtOptions, DhtOutbox, DhtStatus } from './types.ts';

export { DEFAULT_DHT_LIMITS, FIND_LIMIT, FIND_LIMIT_MAX, FINDS_MAX } from './limits.ts';

export class Dht {
  /** ms; when onTimer is due. */
  wakeAt = NEVER;
  private isCore: boolean;

  constructor(options: DhtOptions) {
    this.isCore = options.isCore ?? false;
  }

  handle(input: DhtInput, _now: number, out: DhtOutbox): void {
    if (input.kind === 'mode') this.isCore = input.isCore;
    if (input.kind === 'find') {
      const { id } = input;
      out.emit({ kind: 'found', id, records: [], total: 0, contacts: [], hops: 0, isComplete: true });
    }
  }

  onTimer(_now: number, _out: DhtOutbox): void {}

  /** What a question gets that rides in a handshake: changes nothing. Undefined: nothing that fits, or this node does not serve. */
  answer(_question: DhtQuestion, _from: NodeId, _roomBytes: number, _now: number): DhtAnswer | undefined {
    return undefined;
  }

  status(): DhtStatus {
    return {
      isCore: this.isCore,
      contacts: 0,
      keys: 0,
      records: 0,
      storedBytes: 0,
      lookups: 0,
      estimatedNodes: 1,
    };
  }
}
