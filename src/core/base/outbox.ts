// What a machine has to say: it calls, whoever runs it drains. Nothing happens in between.

/** The side that a machine sees. */
export interface Outbox<Send, Event, Persist = never> {
  /** Something for the wire or the packet port. */
  send(item: Send): void;
  /** Something that neighbours want to know. */
  emit(event: Event): void;
  /** Something to be on disk before what was sent after it leaves. */
  persist(record: Persist): void;
}

/**
 * The side that the runner sees. The arrays are reused: `clear()` empties them in place, so take what is needed
 * before, and do not keep them. Bounded by what one turn's inputs can cause.
 */
export class OutboxBuffer<Send, Event, Persist = never> implements Outbox<Send, Event, Persist> {
  readonly sends: Send[] = [];
  readonly events: Event[] = [];
  readonly persists: Persist[] = [];

  send(item: Send): void {
    this.sends.push(item);
  }

  emit(event: Event): void {
    this.events.push(event);
  }

  persist(record: Persist): void {
    this.persists.push(record);
  }

  get isEmpty(): boolean {
    return this.sends.length === 0 && this.events.length === 0 && this.persists.length === 0;
  }

  clear(): void {
    this.sends.length = 0;
    this.events.length = 0;
    this.persists.length = 0;
  }
}
