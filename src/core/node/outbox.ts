import type { PortCommand } from '../engine/types.ts';
import type { NodeEvent, NodeOutbox, PersistRecord } from './types.ts';

/** What the node collects during a turn. Bounded by what one batch, timer or command can cause. */
export class NodeOutboxBuffer implements NodeOutbox {
  readonly persists: PersistRecord[] = [];
  readonly commands: PortCommand[] = [];
  readonly afterPersist: PortCommand[] = [];
  readonly events: NodeEvent[] = [];

  clear(): void {
    this.persists.length = 0;
    this.commands.length = 0;
    this.afterPersist.length = 0;
    this.events.length = 0;
  }
}
