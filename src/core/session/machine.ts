// The session with one remote: handshakes as either side, and what becomes of their keys.
import { EMPTY } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { NEVER } from '../base/time.ts';
import type { NodeId } from '../identity/types.ts';
import { EARLY_MAX, REJECT_AFTER_MS, REKEY_AFTER_MS } from '../wire/limits.ts';
import {
  type Attempt,
  type HeldCookie,
  mayTryAnswer,
  sealAttempt,
  takeCookie,
  waitAfter,
} from './attempt.ts';
import { type PublicKeys, publicKeysOf } from './cookies.ts';
import type { Generation } from './generation.ts';
import { answerInitiation, openResponse, prepareInitiation } from './handshake.ts';
import { Keyring } from './keyring.ts';
import { GENERATION_MAX, returning, senderIndexOf } from './messages.ts';
import { allocatePair, releasePair } from './slots.ts';
import type {
  OpenedInitiation,
  SessionContext,
  SessionEvent,
  SessionInput,
  SessionLimits,
  SessionOutbox,
} from './types.ts';

export const DEFAULT_LIMITS: SessionLimits = {
  rekeyAfterMs: REKEY_AFTER_MS,
  refuseAfterMs: REJECT_AFTER_MS,
  retryMs: 300,
  tries: 6,
  graceMs: 2000,
  generations: 16,
};

/** ms for which a wish to connect trusts a handshake that the remote began. */
const TRUST_REMOTE_MS = 1000;
/** Handshakes that the remote began and has not confirmed, and how many of them with an old counter. */
const UNCONFIRMED_MAX = 4;
const STALE_MAX = 1;

/**
 * Reject before mutate: an input that is refused (event `dropped`) leaves the machine as it was, but for the count of
 * forged answers per attempt, beyond which answers are not looked into. So an attempt survives any forged, damaged or
 * late answer and any cookie that does not open; keys survive everything but their age, a newer key that the remote has
 * used (and grace), and `close`. An attempt ends with its answer, with an authentic answer that is of no use (certificate,
 * suite), with its last repetition, with a handshake of the remote that did the same, or by `giveUp`. An initiation, new
 * or replayed, touches no key in use: it adds one that is used when the remote has sent under it. Bounded by
 * limits.generations keys and one attempt.
 */
export class Session<I> {
  readonly nodeId: NodeId;
  /** ms; when onTimer is due. NEVER: nothing is waited for. */
  wakeAt = NEVER;
  private readonly context: SessionContext<I>;
  private readonly remoteStatic: Uint8Array;
  private readonly remotePublic: PublicKeys;
  private readonly keys: Keyring<I>;
  private attempt: Attempt | undefined;
  private cookie: HeldCookie | undefined;
  /** ms; a wish to connect that waits for the remote's own handshake or for room. NEVER: none. */
  private wantedAt = NEVER;

  /** RangeError when `nodeId` is not a valid node ID. */
  constructor(context: SessionContext<I>, nodeId: NodeId) {
    const remoteStatic = context.crypto.ed25519.toX25519PublicKey(nodeId);
    if (remoteStatic === undefined) throw new RangeError('not a valid node ID');
    this.context = context;
    this.nodeId = nodeId;
    this.remoteStatic = remoteStatic;
    this.remotePublic = publicKeysOf(context.crypto, context.local.networkId, nodeId);
    this.keys = new Keyring(context);
  }

  /** There is a key to send under. */
  get canSend(): boolean {
    return this.keys.sending !== undefined;
  }

  /** A handshake of this side is under way. */
  get isConnecting(): boolean {
    return this.attempt !== undefined;
  }

  /** The remote has sent under some key that still stands: what eviction asks for. */
  get isConfirmed(): boolean {
    return this.keys.generations.some((generation) => generation.isHeard);
  }

  /** The index that the remote knows this session by, kept when its key has expired. */
  get receiverIndex(): number | undefined {
    return this.keys.receiverIndex;
  }

  /**
   * Of all handshakes whose keys are still received, at most limits.generations: when two cross, or a datagram is late, what was said
   * under one set of keys is heard when others are in use.
   */
  get handshakeHashes(): readonly Uint8Array[] {
    return this.keys.generations.map(({ handshakeHash }) => handshakeHash);
  }

  handle(input: SessionInput<I>, now: number, out: SessionOutbox<I>): void {
    const reason = this.dispatch(input, now, out);
    if (reason !== undefined) out.emit({ kind: 'dropped', reason });
    this.wakeAt = this.nextWake();
  }

  onTimer(now: number, out: SessionOutbox<I>): void {
    if (this.attempt !== undefined && this.attempt.nextAt <= now) this.repeat(this.attempt, now, out);
    if (this.keys.onTimer(now, out)) this.fail('unconfirmed', out);
    if (this.wantedAt <= now) {
      this.wantedAt = NEVER;
      this.connect(now, out);
    }
    this.wakeAt = this.nextWake();
  }

  /** Gives the reason when the input is refused. */
  private dispatch(input: SessionInput<I>, now: number, out: SessionOutbox<I>): DropReason | undefined {
    switch (input.kind) {
      case 'connect':
        this.connect(now, out, input.early);
        return undefined;
      case 'repeat':
        if (this.attempt !== undefined) this.transmit(this.attempt, now, out);
        else this.connect(now, out);
        return undefined;
      case 'rekey':
        if (this.attempt === undefined) this.begin(now, out);
        return undefined;
      case 'initiation':
        return this.answer(input.initiation, now, out);
      case 'response':
        return this.receiveResponse(input.datagram, now, out);
      case 'cookie':
        return this.receiveCookie(input.datagram, now, out);
      case 'confirmed':
        return this.confirm(input.receiveSlot, now, out);
      case 'giveUp':
        this.endAttempt();
        return undefined;
      case 'close':
        this.endAttempt();
        this.keys.close(out);
        return undefined;
    }
  }

  // --- As initiator ---

  private connect(now: number, out: SessionOutbox<I>, early: Uint8Array = EMPTY): void {
    if (this.attempt !== undefined || (this.canSend && now < this.keys.rekeyAt)) return;
    const trusted = this.keys.unconfirmed.find(({ createdAt }) => now < createdAt + TRUST_REMOTE_MS);
    if (trusted === undefined) this.begin(now, out, early);
    else this.wantedAt = trusted.createdAt + TRUST_REMOTE_MS;
  }

  private begin(now: number, out: SessionOutbox<I>, early: Uint8Array = EMPTY): void {
    const { limits, rng, receiveSlots } = this.context;
    if (early.length > EARLY_MAX) throw new RangeError(`a question of ${early.length} bytes in a handshake`);
    if (this.keys.generations.length >= limits.generations) {
      this.wantedAt = this.keys.roomAt(now);
      this.keys.rekeyAt = Math.min(this.keys.rekeyAt, now);
      return;
    }
    const receiveSlot = receiveSlots.allocate(this.nodeId);
    if (receiveSlot === undefined) {
      this.fail('noSlot', out);
      return;
    }
    this.wantedAt = NEVER;
    const generation = this.keys.highestNumber + 1;
    const prepared = prepareInitiation(
      this.context,
      this.nodeId,
      this.remoteStatic,
      receiveSlot,
      generation,
      early,
    );
    const nextAt = now + waitAfter(1, limits, rng);
    this.attempt = { ...prepared, receiveSlot, generation, tries: 1, nextAt, forgeries: 0, cookies: 0 };
    this.transmit(this.attempt, now, out);
  }

  private transmit(attempt: Attempt, now: number, out: SessionOutbox<I>): void {
    const bytes = sealAttempt(this.context.crypto, attempt, this.remotePublic, this.cookie, now);
    out.send({ kind: 'datagram', bytes, to: undefined });
  }

  private repeat(attempt: Attempt, now: number, out: SessionOutbox<I>): void {
    const { limits, rng } = this.context;
    if (attempt.tries >= limits.tries) {
      this.endAttempt();
      this.fail('timeout', out);
      return;
    }
    attempt.tries++;
    attempt.nextAt = now + waitAfter(attempt.tries, limits, rng);
    this.transmit(attempt, now, out);
  }

  private receiveCookie(datagram: Uint8Array, now: number, out: SessionOutbox<I>): DropReason | undefined {
    const { attempt } = this;
    if (attempt === undefined || attempt.index !== senderIndexOf(datagram)) return 'handshakeWrongState';
    const cookie = takeCookie(this.context.crypto, attempt, datagram, this.remotePublic, now);
    if (cookie === undefined) return 'cookieInvalid';
    this.cookie = cookie;
    this.transmit(attempt, now, out);
    return undefined;
  }

  private receiveResponse(datagram: Uint8Array, now: number, out: SessionOutbox<I>): DropReason | undefined {
    const { attempt } = this;
    if (attempt === undefined || !mayTryAnswer(attempt)) return 'handshakeWrongState';
    const opened = openResponse(this.context, attempt, this.nodeId, datagram);
    if (opened.kind === 'drop') {
      if (opened.isForgery) attempt.forgeries++;
      return opened.reason;
    }
    const sendSlot = opened.kind === 'opened' ? this.context.sendSlots.allocate(this.nodeId) : undefined;
    if (opened.kind === 'refused' || sendSlot === undefined) {
      this.endAttempt();
      this.fail(opened.kind === 'refused' ? opened.reason : 'noSlot', out);
      return undefined;
    }
    const { receiveSlot, index: receiveIndex } = attempt;
    const { agreed, keys, early } = opened;
    this.attempt = undefined;
    this.wantedAt = NEVER;
    this.keys.add({ role: 'initiator', agreed, keys, sendSlot, receiveSlot, receiveIndex, early }, now, out);
    return undefined;
  }

  // --- As responder ---

  private answer(
    initiation: OpenedInitiation<I>,
    now: number,
    out: SessionOutbox<I>,
  ): DropReason | undefined {
    const before = this.keys.answerTo(initiation.ephemeral, now);
    if (before !== undefined) {
      out.send({ kind: 'datagram', bytes: returning(before, initiation.wayToken), to: initiation.from });
      return undefined;
    }
    if (initiation.freshness === 'repeated') return 'handshakeReplayed';
    const isStale = initiation.freshness === 'proven';
    const number = Math.max(initiation.generation, this.keys.highestNumber + 1);
    const inTheWay = this.inTheWay(isStale);
    if (inTheWay === 'full' || number > GENERATION_MAX) return 'sessionTableFull';
    const slots = allocatePair(this.context, this.nodeId);
    if (slots === undefined) return 'sessionTableFull';
    const answer = answerInitiation(this.context, this.remotePublic, initiation, number, slots.receiveSlot);
    if (answer.kind === 'drop') {
      releasePair(this.context, slots);
      return answer.reason;
    }
    if (inTheWay !== undefined) this.keys.retire(inTheWay, out);
    const { agreed, keys, datagram, index: receiveIndex } = answer;
    const answered = { ephemeral: initiation.ephemeral, answer: datagram, isStale };
    this.context.ledger.record(this.nodeId, initiation.payload.freshness, initiation.ephemeral);
    this.keys.add({ role: 'responder', agreed, keys, ...slots, receiveIndex, answered }, now, out);
    out.send({ kind: 'datagram', bytes: returning(datagram, initiation.wayToken), to: initiation.from });
    return undefined;
  }

  /**
   * What gives way to one more unconfirmed key. A newer counter goes before all that were answered earlier, so nobody keeps
   * the remote out with its old initiations; an old counter goes before another old one only.
   */
  private inTheWay(isStale: boolean): Generation<I> | 'full' | undefined {
    const { unconfirmed, generations } = this.keys;
    const stale = unconfirmed.filter(({ answered }) => answered?.isStale);
    const isFull = unconfirmed.length >= UNCONFIRMED_MAX || (isStale && stale.length >= STALE_MAX);
    if (isFull) return stale[0] ?? (isStale ? 'full' : unconfirmed[0]);
    const taken = generations.length + (this.attempt === undefined ? 0 : 1);
    return taken < this.context.limits.generations ? undefined : 'full';
  }

  private confirm(receiveSlot: number, now: number, out: SessionOutbox<I>): DropReason | undefined {
    const confirmed = this.keys.confirm(receiveSlot, now, out);
    if (typeof confirmed === 'string') return confirmed;
    // The remote's handshake has done what this side's was to do.
    if (this.attempt !== undefined && confirmed.number >= this.attempt.generation) this.endAttempt();
    if (this.canSend && now < this.keys.rekeyAt) this.wantedAt = NEVER;
    return undefined;
  }

  // --- Both ---

  private endAttempt(): void {
    if (this.attempt !== undefined) this.context.receiveSlots.release(this.attempt.receiveSlot);
    this.attempt = undefined;
    this.wantedAt = NEVER;
  }

  private fail(reason: Extract<SessionEvent<I>, { kind: 'failed' }>['reason'], out: SessionOutbox<I>): void {
    out.emit({ kind: 'failed', reason, rekey: this.canSend });
  }

  private nextWake(): number {
    return Math.min(this.attempt?.nextAt ?? NEVER, this.wantedAt, this.keys.wakeAt);
  }
}
