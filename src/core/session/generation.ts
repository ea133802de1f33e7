// One pair of transport keys and what is known about who uses it. Both ends order generations alike: by number, of which
// each handshake takes one higher than any that its two ends know (Lamport's clock), then by handshake hash, for handshakes
// that crossed. An end sends under the highest generation that it may, so what it sends under never goes down.
import { compareBytes } from '../base/bytes.ts';
import { NEVER } from '../base/time.ts';
import type { Role } from './types.ts';

export interface Generation<I> {
  /** 1 .. GENERATION_MAX, in the transcript of the handshake. */
  readonly number: number;
  readonly handshakeHash: Uint8Array;
  readonly role: Role;
  readonly suite: number;
  readonly introduction: I;
  readonly sendSlot: number;
  readonly receiveSlot: number;
  /** What the remote puts into its datagrams. */
  readonly receiveIndex: number;
  /** ms; at this end. */
  readonly createdAt: number;
  /** ms; the key is cleared: nothing under it can arrive any more. Until a responder's is confirmed: when it is given up. */
  expiresAt: number;
  /** ms; grace after the remote sent under a higher generation. NEVER: it has not. */
  retireAt: number;
  /** The remote sent under it. Before, the responder may not send under it. */
  isHeard: boolean;
  /** Responder, until confirmed: the initiation, and the answer to repeat when it is repeated. */
  answered: AnsweredInitiation | undefined;
  /** Initiator, until heard: empty datagrams sent to confirm it. */
  confirmations: number;
  /** ms; when the next is due. NEVER: none. */
  confirmAt: number;
}

export interface AnsweredInitiation {
  readonly ephemeral: Uint8Array;
  readonly answer: Uint8Array;
  /** Its counter was an old one. */
  readonly isStale: boolean;
}

/** Negative when `a` is the older. */
export function compareGenerations<I>(a: Generation<I>, b: Generation<I>): number {
  return a.number - b.number || compareBytes(a.handshakeHash, b.handshakeHash);
}

/** ms; when the machine has to look at it again. */
export function generationWakeAt<I>(generation: Generation<I>): number {
  return Math.min(generation.expiresAt, generation.retireAt, generation.confirmAt);
}

/** Marks every generation below `heard` for retirement: the remote has sent under a higher one. */
export function supersede<I>(generations: readonly Generation<I>[], heard: Generation<I>, at: number): void {
  for (const generation of generations) {
    if (compareGenerations(generation, heard) < 0) generation.retireAt = Math.min(generation.retireAt, at);
  }
}

/** The highest number in use; 0: none. */
export function highestNumber<I>(generations: readonly Generation<I>[]): number {
  let highest = 0;
  for (const generation of generations) highest = Math.max(highest, generation.number);
  return highest;
}

export function newGeneration<I>(
  fixed: Pick<
    Generation<I>,
    | 'number'
    | 'handshakeHash'
    | 'role'
    | 'suite'
    | 'introduction'
    | 'sendSlot'
    | 'receiveSlot'
    | 'receiveIndex'
    | 'createdAt'
    | 'expiresAt'
    | 'answered'
  >,
): Generation<I> {
  return { ...fixed, retireAt: NEVER, isHeard: false, confirmations: 0, confirmAt: NEVER };
}
