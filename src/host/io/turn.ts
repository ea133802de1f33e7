// The turn: a batch comes in, the node decides, what must be on disk is saved, commands are carried out, the
// batch leaves, one timer is armed. Nothing here waits, and nothing happens between two turns.
import { applyPortCommand } from '../../core/engine/engine.ts';
import type { PacketPort, PortEvent } from '../../core/engine/types.ts';
import type { Node } from '../../core/node/node.ts';
import type { NodeEvent, PersistRecord } from '../../core/node/types.ts';
import { nowMs } from './clock.ts';

const LOOK_EVERY_MS = 1000;

/** setTimeout's longest, ms. A machine that wants to be woken later is asked again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export interface TurnHooks {
  /** All records or none are on disk when it returns; throws when they are not. */
  save(records: readonly PersistRecord[]): void;
  onSaveFailed(error: unknown): void;
  onEvent(event: NodeEvent): void;
  /** At most once a second, before something is decided: a look at what nobody tells, such as the system clock. */
  look(now: number): void;
}

/** Runs one node on one port. */
export class Turn {
  readonly #node: Node;
  readonly #port: PacketPort;
  readonly #hooks: TurnHooks;
  #timer: NodeJS.Timeout | undefined;
  /** What `#timer` waits for, by nowMs(). */
  #timerAt = Number.POSITIVE_INFINITY;
  #isStopped = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(node: Node, port: PacketPort, hooks: TurnHooks) {
    this.#node = node;
    this.#port = port;
    this.#hooks = hooks;
    port.onInside((rows) => this.#inside(rows));
    port.onOutside((rows) => this.#outside(rows));
    port.onEvent((event: PortEvent) => this.run((now) => this.#node.onHostEvent(event, now)));
    this.run(() => undefined);
  }

  /** A turn for something that comes from the host: a command, an event. The result of `body` is handed on. */
  run<T>(body: (now: number) => T): T {
    const now = nowMs();
    try {
      return body(now);
    } finally {
      // Whoever asked before the end may hear of it after: what the node still wants then is nobody's business.
      if (this.#isStopped) this.#node.out.clear();
      else {
        this.#finish(now);
        this.#sendHeld();
        this.#arm();
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #inside(rows: number): void {
    if (this.#isStopped) return;
    const now = nowMs();
    this.#node.transmit(this.#port, rows, now);
    this.#drain(now);
    this.#sendHeld();
    this.#port.send(rows);
    // Behind the batch: what a timer seals takes counters behind those of the rows, and the port wants them in order.
    if (now >= this.#node.wakeAt) {
      this.#finish(now);
      this.#sendHeld();
    }
    this.#arm();
  }

  #outside(rows: number): void {
    if (this.#isStopped) return;
    const now = nowMs();
    const port = this.#port;
    this.#look(now);
    this.#node.receive(port, rows, now);
    this.#finish(now);
    this.#sendHeld();
    port.deliver(rows);
    this.#arm();
  }

  #look(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    this.#hooks.look(now);
  }

  #sendHeld(): void {
    const rows = this.#node.takeHeld(this.#port.heldRows);
    if (rows > 0) this.#port.sendHeld(rows);
  }

  /** Timers that are due, then everything that the node wants of the world. */
  #finish(now: number): void {
    if (now >= this.#node.wakeAt) this.#node.tick(now);
    this.#drain(now);
  }

  #drain(now: number): void {
    const { out } = this.#node;
    const port = this.#port;
    // Handling an event may make the node say more.
    while (out.persists.length + out.commands.length + out.afterPersist.length + out.events.length > 0) {
      const isSaved = out.persists.length === 0 || this.#save(out.persists);
      for (const command of out.commands) applyPortCommand(port, command);
      if (isSaved) for (const command of out.afterPersist) applyPortCommand(port, command);
      const lost = isSaved ? undefined : [...out.persists];
      const events = out.events.length === 0 ? undefined : [...out.events];
      out.clear();
      if (lost !== undefined) this.#node.persistFailed(lost, now);
      for (const event of events ?? []) this.#event(event, now);
    }
  }

  #event(event: NodeEvent, now: number): void {
    if (event.kind === 'askRouteMtu') {
      const mtu = this.#port.routeMtu(event.to);
      this.#node.onHostEvent({ kind: 'routeMtu', to: event.to, path: event.path, mtu }, now);
    } else {
      this.#hooks.onEvent(event);
    }
  }

  #save(records: readonly PersistRecord[]): boolean {
    try {
      this.#hooks.save(records);
      return true;
    } catch (error) {
      this.#hooks.onSaveFailed(error);
      return false;
    }
  }

  /** One timer for all machines. A timer that rings early costs one look; an earlier wish replaces it. */
  #arm(): void {
    const wakeAt = this.#node.wakeAt;
    if (this.#isStopped || wakeAt === this.#timerAt) return;
    // Traffic moves the next wake-up with every batch: a timer that rings too early costs less than a new one each time.
    if (this.#timer !== undefined && this.#timerAt <= wakeAt) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = wakeAt;
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    const delay = Math.min(TIMER_MAX_MS, Math.max(1, Math.ceil(wakeAt - nowMs())));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#timerAt = Number.POSITIVE_INFINITY;
      if (!this.#isStopped) this.run((now) => this.#look(now));
    }, delay);
  }
}
