// Which keys of one session are used for what, and how long: made, confirmed, sent under, superseded, retired.
import { EMPTY, equalBytes } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { NEVER } from '../base/time.ts';
import {
  compareGenerations,
  type Generation,
  generationWakeAt,
  highestNumber,
  newGeneration,
  supersede,
} from './generation.ts';
import type { Agreed, AgreedKeys } from './handshake.ts';
import { releasePair, type SlotPair } from './slots.ts';
import type { Role, SessionContext, SessionOutbox } from './types.ts';

/** ms for which a responder waits for confirmation: longer than an initiator that has its answer goes on trying. */
const UNCONFIRMED_MS = 20_000;
/** ms by which a key is received longer than it is sent under: the ends date it at either end of an attempt. */
const RECEIVE_LONGER_MS = 25_000;
/** Empty datagrams sent to confirm a key, the first at once, the others after 250 ms, doubling. */
const CONFIRMATIONS_MAX = 5;
const CONFIRM_MS = 250;

/** What a handshake leaves behind: an agreement, and slots that were allocated for it. */
export interface NewKeys<I> extends SlotPair {
  readonly role: Role;
  readonly agreed: Agreed<I>;
  readonly keys: AgreedKeys;
  readonly receiveIndex: number;
  /** Responder only. */
  readonly answered?: Generation<I>['answered'];
  /** Initiator only: the remote's answer to an early question. */
  readonly early?: Uint8Array;
}

/**
 * At most limits.generations keys, oldest first as they were made. Three rules keep datagrams from being lost:
 * an end sends under the highest generation that it may, so never under a lower one again; it may when the other end is
 * known to hold the key; and a key is retired a grace period after the other end has sent under a higher one, or when
 * it is so old that nobody sends under it.
 */
export class Keyring<I> {
  generations: Generation<I>[] = [];
  /** What is sent under, until it is too old. */
  sending: Generation<I> | undefined;
  /** ms; from then on another key is wanted although `sending` still serves. */
  rekeyAt = NEVER;
  private isRekeyAnnounced = false;
  /** Receive slot and index of the last key that expired, kept until another is established. */
  private dormant: { readonly slot: number; readonly index: number } | undefined;
  private readonly context: SessionContext<I>;

  constructor(context: SessionContext<I>) {
    this.context = context;
  }

  /** The index that the remote knows this session by, kept when its key has expired. */
  get receiverIndex(): number | undefined {
    return this.sending?.receiveIndex ?? this.dormant?.index;
  }

  get highestNumber(): number {
    return highestNumber(this.generations);
  }

  /** Handshakes that the remote began and may still confirm: it has not yet sent under a higher key. */
  get unconfirmed(): Generation<I>[] {
    return this.generations.filter(({ answered, retireAt }) => answered !== undefined && retireAt === NEVER);
  }

  /** The answer to an initiation that came before and was not confirmed since; it is waited for anew, once at most. */
  answerTo(ephemeral: Uint8Array, now: number): Uint8Array | undefined {
    for (const generation of this.generations) {
      const { answered } = generation;
      if (answered === undefined || !equalBytes(answered.ephemeral, ephemeral)) continue;
      generation.expiresAt = Math.min(now, generation.createdAt + UNCONFIRMED_MS) + UNCONFIRMED_MS;
      return answered.answer;
    }
    return undefined;
  }

  /**
   * Responder's keys wait for confirmation. The initiator's are used at once: they are the highest, since an attempt ends
   * when the remote confirms keys that are as high as those it offered.
   */
  add(made: NewKeys<I>, now: number, out: SessionOutbox<I>): void {
    const { role, agreed, sendSlot, receiveSlot, receiveIndex, answered } = made;
    const generation = newGeneration<I>({
      ...agreed,
      role,
      sendSlot,
      receiveSlot,
      receiveIndex,
      createdAt: now,
      expiresAt: role === 'initiator' ? this.receiveUntil(now) : now + UNCONFIRMED_MS,
      answered,
    });
    this.generations.push(generation);
    this.supersedeAll(now);
    const { suite } = agreed;
    out.send({
      kind: 'setReceiveKey',
      slot: receiveSlot,
      suite,
      key: made.keys.receive,
      index: receiveIndex,
    });
    out.send({
      kind: 'setSendKey',
      slot: sendSlot,
      suite,
      key: made.keys.send,
      index: made.keys.remoteIndex,
    });
    if (role === 'responder') return;
    generation.confirmations = 1;
    generation.confirmAt = now + CONFIRM_MS;
    this.use(generation, now, out, made.early);
  }

  /** The remote sent under the key in this slot for the first time. Gives the generation, or why nothing changed. */
  confirm(receiveSlot: number, now: number, out: SessionOutbox<I>): Generation<I> | DropReason {
    const generation = this.generations.find((each) => each.receiveSlot === receiveSlot);
    if (generation === undefined || generation.isHeard) return 'handshakeWrongState';
    generation.isHeard = true;
    generation.answered = undefined;
    generation.confirmAt = NEVER;
    generation.expiresAt = this.receiveUntil(generation.createdAt);
    this.supersedeAll(now);
    if (this.sending === undefined || compareGenerations(generation, this.sending) > 0)
      this.use(generation, now, out);
    if (generation === this.sending) out.emit({ kind: 'confirmed' });
    return generation;
  }

  /** Ages keys. True: confirming the key in use was given up, and another is wanted. */
  onTimer(now: number, out: SessionOutbox<I>): boolean {
    let isUnconfirmed = false;
    if (this.sending !== undefined && this.sendUntil(this.sending) <= now) this.stopSending(out);
    for (const generation of [...this.generations]) {
      if (generation.confirmAt <= now) isUnconfirmed = !this.confirmAgain(generation, now, out);
      if (Math.min(generation.retireAt, generation.expiresAt) <= now) this.retire(generation, out);
    }
    if (this.rekeyAt <= now && !this.isRekeyAnnounced) {
      this.isRekeyAnnounced = true;
      out.emit({ kind: 'rekeyDue' });
    }
    return isUnconfirmed;
  }

  get wakeAt(): number {
    let at = this.isRekeyAnnounced ? NEVER : this.rekeyAt;
    if (this.sending !== undefined) at = Math.min(at, this.sendUntil(this.sending));
    for (const generation of this.generations) at = Math.min(at, generationWakeAt(generation));
    return at;
  }

  /** ms; when a key will be retired and another may be made, at the latest when it is time to look again. */
  roomAt(now: number): number {
    let earliest = now + this.context.limits.graceMs;
    for (const { retireAt, expiresAt } of this.generations)
      earliest = Math.min(earliest, retireAt, expiresAt);
    return earliest;
  }

  close(out: SessionOutbox<I>): void {
    if (this.sending !== undefined) out.send({ kind: 'stopSending' });
    this.sending = undefined;
    this.rekeyAt = NEVER;
    for (const generation of this.generations) {
      this.clear(generation, out);
      releasePair(this.context, generation);
    }
    this.generations = [];
    this.wake();
  }

  /** Switches sending to a generation above the one in use, and tells the remote by an empty datagram. */
  private use(
    generation: Generation<I>,
    now: number,
    out: SessionOutbox<I>,
    early: Uint8Array = EMPTY,
  ): void {
    const { limits } = this.context;
    const before = this.sending;
    // The remote has not been heard under it in all that time; should it send under it after all, it will stop soon.
    if (before !== undefined && before.confirmations >= CONFIRMATIONS_MAX && !before.isHeard)
      before.retireAt = Math.min(before.retireAt, now + UNCONFIRMED_MS);
    this.sending = generation;
    this.isRekeyAnnounced = false;
    // The responder waits longer, so that not both begin.
    const later = generation.role === 'initiator' ? 0 : (limits.refuseAfterMs - limits.rekeyAfterMs) / 4;
    this.rekeyAt = generation.createdAt + limits.rekeyAfterMs + later;
    this.wake();
    const { role, introduction, handshakeHash, suite } = generation;
    out.send({ kind: 'useSendKey', slot: generation.sendSlot });
    out.send({ kind: 'empty' });
    const first = before === undefined;
    out.emit({ kind: 'established', role, first, introduction, handshakeHash, suite, early });
  }

  /** False: it was tried often enough. */
  private confirmAgain(generation: Generation<I>, now: number, out: SessionOutbox<I>): boolean {
    generation.confirmAt = NEVER;
    if (generation !== this.sending) return true;
    if (generation.confirmations >= CONFIRMATIONS_MAX) {
      this.rekeyAt = Math.min(this.rekeyAt, now);
      return false;
    }
    generation.confirmAt = now + CONFIRM_MS * 2 ** generation.confirmations;
    generation.confirmations++;
    out.send({ kind: 'empty' });
    return true;
  }

  private stopSending(out: SessionOutbox<I>): void {
    this.sending = undefined;
    this.rekeyAt = NEVER;
    out.send({ kind: 'stopSending' });
    out.emit({ kind: 'expired' });
  }

  /** Clears both keys. The last one's receive slot stays reserved. */
  retire(generation: Generation<I>, out: SessionOutbox<I>): void {
    this.generations = this.generations.filter((each) => each !== generation);
    this.clear(generation, out);
    if (this.generations.length > 0 || !generation.isHeard) {
      releasePair(this.context, generation);
      return;
    }
    this.wake();
    this.context.sendSlots.release(generation.sendSlot);
    this.dormant = { slot: generation.receiveSlot, index: generation.receiveIndex };
  }

  private clear(generation: Generation<I>, out: SessionOutbox<I>): void {
    out.send({ kind: 'clearReceiveKey', slot: generation.receiveSlot });
    out.send({ kind: 'clearSendKey', slot: generation.sendSlot });
  }

  /** The reserved slot of an expired key is needed no longer. */
  private wake(): void {
    if (this.dormant !== undefined) this.context.receiveSlots.release(this.dormant.slot);
    this.dormant = undefined;
  }

  private supersedeAll(now: number): void {
    const graceEnd = now + this.context.limits.graceMs;
    for (const generation of this.generations) {
      if (generation.isHeard) supersede(this.generations, generation, graceEnd);
    }
  }

  private sendUntil(generation: Generation<I>): number {
    return generation.createdAt + this.context.limits.refuseAfterMs;
  }

  private receiveUntil(createdAt: number): number {
    return createdAt + this.context.limits.refuseAfterMs + RECEIVE_LONGER_MS;
  }
}
