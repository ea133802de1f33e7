import { CodedError } from '../../core/base/errors.ts';
import type { GetResult, ResolveResult } from '../../core/discovery/types.ts';
import type { JoinResult, NodeEvent, PingReply } from '../../core/node/types.ts';

interface Waiting {
  settle(answer: unknown): void;
  fail(error: CodedError): void;
}

type Stored = Extract<NodeEvent, { kind: 'stored' }>;
type Answer = Extract<NodeEvent, { requestId: number }>;

/** Promises of requests that the node answers with an event. */
export class Requests {
  readonly #waiting = new Map<number, Waiting>();
  /** A request may be answered in the turn that made it, before anybody waits. */
  readonly #early = new Map<number, unknown>();

  /** Resolves with a refusal when nothing came in time. */
  join(requestId: number, timeoutMs: number): Promise<JoinResult> {
    const late: JoinResult = { ok: false, code: 'SIGNER_UNREACHABLE' };
    const gone: JoinResult = { ok: false, code: 'TIMED_OUT' };
    return this.#wait<JoinResult>(requestId, timeoutMs, late).catch(() => gone);
  }

  /** The node answers every ping, or counts it as lost. */
  ping(requestId: number): Promise<PingReply> {
    return this.#wait(requestId);
  }

  resolved(requestId: number, timeoutMs: number): Promise<ResolveResult> {
    return this.#wait<ResolveResult>(requestId, timeoutMs, { kind: 'unavailable' });
  }

  /** `copies` 0: no node has said yet that it keeps the value. */
  stored(requestId: number, timeoutMs: number): Promise<Stored | undefined> {
    return this.#wait<Stored | undefined>(requestId, timeoutMs, undefined);
  }

  got(requestId: number, timeoutMs: number): Promise<GetResult> {
    return this.#wait<GetResult>(requestId, timeoutMs, { ok: false, code: 'TIMED_OUT' });
  }

  /** Undefined: the query gets no answer. */
  dnsAnswer(requestId: number, timeoutMs: number): Promise<Uint8Array | undefined> {
    return this.#wait<Uint8Array | undefined>(requestId, timeoutMs, undefined);
  }

  /** True: the event answered a request. Progress of a join answers nothing yet. */
  take(event: NodeEvent): event is Exclude<Answer, { kind: 'joinProgress' }> {
    switch (event.kind) {
      case 'joined':
      case 'pingReply':
      case 'resolved':
      case 'got':
        this.#answer(event.requestId, event.result);
        return true;
      case 'stored':
        this.#answer(event.requestId, event);
        return true;
      case 'dnsAnswer':
        this.#answer(event.requestId, event.bytes);
        return true;
      default:
        return false;
    }
  }

  /** The node is gone: nobody answers any more. */
  cancel(): void {
    const error = new CodedError('TIMED_OUT', 'the daemon stops');
    for (const waiting of [...this.#waiting.values()]) waiting.fail(error);
    this.#early.clear();
  }

  #answer(requestId: number, answer: unknown): void {
    const waiting = this.#waiting.get(requestId);
    if (waiting === undefined) this.#early.set(requestId, answer);
    else waiting.settle(answer);
  }

  /** Rejects with TIMED_OUT when the node stops; gives `late` when `timeoutMs` are over. */
  #wait<T>(requestId: number, timeoutMs?: number, late?: T): Promise<T> {
    if (this.#early.has(requestId)) {
      const answer = this.#early.get(requestId) as T;
      this.#early.clear();
      return Promise.resolve(answer);
    }
    // Whoever asked before and was answered at once has taken its answer; what is left came too late.
    this.#early.clear();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(requestId);
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              end();
              resolve(late as T);
            }, timeoutMs);
      this.#waiting.set(requestId, {
        settle: (answer) => {
          end();
          resolve(answer as T);
        },
        fail: (error) => {
          end();
          reject(error);
        },
      });
    });
  }
}
