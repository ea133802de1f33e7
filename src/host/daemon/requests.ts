import { CodedError } from '../../core/base/errors.ts';
import type { JoinResult, PingReply } from '../../core/node/types.ts';

/** Promises of REST requests that the node answers with an event. The node answers every one, or times it out. */
export class Requests {
  readonly #joins = new Map<number, (result: JoinResult) => void>();
  readonly #pings = new Map<number, (reply: PingReply | undefined) => void>();
  /** A request may be answered in the turn that made it, before anybody waits. */
  readonly #early = new Map<number, JoinResult | PingReply>();

  /** Resolves with a refusal when nothing came in time. */
  join(requestId: number, timeoutMs: number): Promise<JoinResult> {
    const early = this.#take(requestId) as JoinResult | undefined;
    if (early !== undefined) return Promise.resolve(early);
    return new Promise((resolve) => {
      const settle = (result: JoinResult): void => {
        clearTimeout(timer);
        this.#joins.delete(requestId);
        resolve(result);
      };
      const timer = setTimeout(() => settle({ ok: false, code: 'SIGNER_UNREACHABLE' }), timeoutMs);
      this.#joins.set(requestId, settle);
    });
  }

  ping(requestId: number): Promise<PingReply> {
    const early = this.#take(requestId) as PingReply | undefined;
    if (early !== undefined) return Promise.resolve(early);
    return new Promise((resolve, reject) => {
      this.#pings.set(requestId, (reply) => {
        this.#pings.delete(requestId);
        if (reply === undefined) reject(new CodedError('TIMED_OUT', 'the daemon stops'));
        else resolve(reply);
      });
    });
  }

  joined(requestId: number, result: JoinResult): void {
    const settle = this.#joins.get(requestId);
    if (settle === undefined) this.#early.set(requestId, result);
    else settle(result);
  }

  ponged(requestId: number, reply: PingReply): void {
    const settle = this.#pings.get(requestId);
    if (settle === undefined) this.#early.set(requestId, reply);
    else settle(reply);
  }

  /** The node is gone: nobody answers any more. */
  cancel(): void {
    for (const settle of this.#joins.values()) settle({ ok: false, code: 'TIMED_OUT' });
    for (const settle of this.#pings.values()) settle(undefined);
    this.#early.clear();
  }

  #take(requestId: number): JoinResult | PingReply | undefined {
    const early = this.#early.get(requestId);
    this.#early.clear();
    return early;
  }
}
