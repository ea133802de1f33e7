// Questions and stores that were sent and are not answered yet, and how long answers take.
import { BoundedMap } from '../base/bounded-map.ts';
import { IndexedHeap } from '../base/heap.ts';
import type { Rng } from '../base/rng.ts';
import type { DhtAnswer, DhtContact, DhtQuestion, DhtStore, DhtStoreAnswer } from '../wire/types.ts';
import {
  HEDGE_FIRST_MS,
  HEDGE_MAX_MS,
  HEDGE_MIN_MS,
  REPEAT_MS,
  REQUEST_TIMEOUT_MS,
  REQUESTS_MAX,
} from './limits.ts';
import type { DhtOutbox } from './types.ts';

/** One call of the machine: when it is, and where what it says goes. */
export interface Turn {
  readonly now: number;
  readonly out: DhtOutbox;
}

export type Reply = DhtAnswer | DhtStoreAnswer;

/** A request ends with exactly one of onReply and onFailed, unless its asker was forgotten. */
export interface Asker {
  onReply(request: Request, reply: Reply, turn: Turn): void;
  /**
   * It takes longer than almost all others did; it may still be answered. Comes once with stage `slow`, when others may be asked
   * as well, and once with `repeated`, when it is not worth waiting for.
   */
  onSlow(request: Request, turn: Turn): void;
  onFailed(request: Request, turn: Turn): void;
}

export interface Request {
  readonly id: number;
  /** Node ID in hex. */
  readonly to: string;
  readonly contact: DhtContact;
  readonly message: DhtQuestion | DhtStore;
  readonly asker: Asker;
  /** ms */
  readonly sentAt: number;
  stage: 'sent' | 'slow' | 'repeated';
}

type Unsent = Omit<DhtQuestion, 'id'> | Omit<DhtStore, 'id'>;

const SAMPLES = 32;
/** Times between two looks at the p95. */
const SAMPLES_PER_LOOK = 8;

/** At most REQUESTS_MAX under way: the oldest beyond that is let go as unanswered. */
export class Requests {
  /** ms; until another node is asked in place of a slow one. */
  hedgeMs = HEDGE_FIRST_MS;
  private readonly rng: Rng;
  private readonly open: BoundedMap<number, Request>;
  private readonly timers = new IndexedHeap<number>();
  /** ms; the last SAMPLES times between question and answer, written round. */
  private readonly samples: number[] = [];
  private sampled = 0;
  private readonly evicted: Request[] = [];

  constructor(rng: Rng) {
    this.rng = rng;
    this.open = new BoundedMap(REQUESTS_MAX, (id, request) => {
      this.timers.delete(id);
      this.evicted.push(request);
    });
  }

  get size(): number {
    return this.open.size;
  }

  /** ms */
  get wakeAt(): number {
    return this.evicted.length > 0 ? 0 : this.timers.next;
  }

  /** Gives the request's ID. */
  send(to: string, contact: DhtContact, unsent: Unsent, asker: Asker, turn: Turn): number {
    let id = this.rng.u32();
    while (this.open.has(id)) id = this.rng.u32();
    const message: DhtQuestion | DhtStore = { ...unsent, id };
    this.open.set(id, { id, to, contact, message, asker, sentAt: turn.now, stage: 'sent' });
    this.timers.set(id, turn.now + this.hedgeMs);
    turn.out.send({ to: contact, message });
    return id;
  }

  /** The request that a node answers, which is closed by that; undefined: none of this kind was sent to it. */
  take(from: string, reply: Reply, now: number): Request | undefined {
    const request = this.open.peek(reply.id);
    if (request === undefined || request.to !== from) return undefined;
    if ((request.message.kind === 'dhtQuestion') !== (reply.kind === 'dhtAnswer')) return undefined;
    this.close(request);
    // Which of two was answered cannot be told (Karn and Partridge 1987).
    if (request.stage !== 'repeated') this.measure(now - request.sentAt);
    return request;
  }

  /** Tells askers of slow ones, repeats, and gives those that failed, which are closed. */
  onTimer(turn: Turn): Request[] {
    const failed = this.evicted.splice(0);
    for (let id = this.timers.popUntil(turn.now); id !== undefined; id = this.timers.popUntil(turn.now)) {
      const request = this.open.peek(id) as Request;
      if (request.stage === 'sent') {
        request.stage = 'slow';
        this.timers.set(id, request.sentAt + Math.max(REPEAT_MS, 2 * this.hedgeMs));
        request.asker.onSlow(request, turn);
      } else if (request.stage === 'slow') {
        request.stage = 'repeated';
        this.timers.set(id, request.sentAt + Math.max(REQUEST_TIMEOUT_MS, 5 * this.hedgeMs));
        turn.out.send({ to: request.contact, message: request.message });
        request.asker.onSlow(request, turn);
      } else {
        this.close(request);
        failed.push(request);
      }
    }
    return failed;
  }

  /** All that were sent to a node that cannot be reached; they are closed. */
  takeAllTo(to: string): Request[] {
    const taken = [...this.open.values()].filter((request) => request.to === to);
    for (const request of taken) this.close(request);
    return taken;
  }

  /** Its answers are of no interest any longer. */
  forget(asker: Asker): void {
    for (const request of [...this.open.values()]) if (request.asker === asker) this.close(request);
  }

  private close(request: Request): void {
    this.open.delete(request.id);
    this.timers.delete(request.id);
  }

  private measure(tookMs: number): void {
    this.samples[this.sampled % SAMPLES] = tookMs;
    this.sampled++;
    if (this.sampled % SAMPLES_PER_LOOK !== 0) return;
    const sorted = [...this.samples].sort((a, b) => a - b);
    const p95 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))];
    this.hedgeMs = Math.min(HEDGE_MAX_MS, Math.max(HEDGE_MIN_MS, p95));
  }
}
