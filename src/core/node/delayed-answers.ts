// Answers to challenges that are to leave after a while: remotes measure how long NATs on the way remember them.
import { IndexedHeap } from '../base/heap.ts';
import type { SocketAddress } from '../base/ip.ts';

/** Answers held in all, and for one remote. */
export const DELAYED_MAX = 256;
export const DELAYED_PER_REMOTE = 2;

export interface DelayedAnswer {
  /** Key of the remote. */
  readonly remote: string;
  readonly token: Uint8Array;
  /** Where the challenge came from. */
  readonly to: SocketAddress;
}

export class DelayedAnswers {
  private readonly byNumber = new Map<number, DelayedAnswer>();
  private readonly due = new IndexedHeap<number>();
  private last = 0;

  /** ms */
  get wakeAt(): number {
    return this.due.next;
  }

  /** False: there are as many as may be. */
  hold(answer: DelayedAnswer, at: number): boolean {
    if (this.byNumber.size >= DELAYED_MAX) return false;
    let own = 0;
    for (const { remote } of this.byNumber.values()) if (remote === answer.remote) own++;
    if (own >= DELAYED_PER_REMOTE) return false;
    this.byNumber.set(++this.last, answer);
    this.due.set(this.last, at);
    return true;
  }

  /** One that is due; undefined: none is. */
  take(now: number): DelayedAnswer | undefined {
    const number = this.due.popUntil(now);
    if (number === undefined) return undefined;
    const answer = this.byNumber.get(number);
    this.byNumber.delete(number);
    return answer;
  }
}
