// What a member and its colleagues tell each other of their organisation's current epoch: as little as brings all to the same one.
import { BoundedMap } from '../base/bounded-map.ts';
import { EMPTY, toHex } from '../base/bytes.ts';
import { IndexedHeap } from '../base/heap.ts';
import { SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { OwnEpoch } from '../identity/identity.ts';
import type { EpochHeld, EpochMessage } from '../wire/types.ts';
import { compareEpochs, type EpochList, type EpochMark, hasEnded, prefixOf } from './epoch-list.ts';
import type { EpochOutbox, EpochWorld } from './epoch-types.ts';

/** A colleague that does not answer, or has a later epoch and does not send it, is asked again, so often in all. */
export const REPEAT_MS = 2 * SECOND_MS;
export const TRIES = 3;
/** Colleagues that a member without any epoch asks of itself: others ask it. */
export const EMPTY_HANDED_ASKS = 4;
/** Colleagues of which it is remembered what they have. */
export const COLLEAGUES_MAX = 4096;
/** Of one colleague: questions and answers that are looked at, and epochs, each of which costs a few signatures; and those sent to it. */
const WORDS_PER_SECOND = 1;
const WORDS_BURST = 16;
const EPOCHS_PER_SECOND = 0.1;
const EPOCHS_BURST = 4;

interface Colleague {
  readonly words: TokenBucket;
  readonly deliveries: TokenBucket;
  readonly sent: TokenBucket;
  /** What it said last that it has; undefined: nothing yet. */
  said: EpochMark | undefined;
  /** What both had, as both know: nothing is said while this node has that; '': it is not known. */
  agreed: string;
  /** Questions in a row. */
  tries: number;
  /** What was sent to it last, and when. */
  given: string;
  givenAt: number;
}

const NOTHING: EpochMark = { number: 0, id: EMPTY };

/**
 * Only the current epoch is told, so that what was erased stays so. One with a cause goes on to others only where the revocation is that made
 * it necessary: whoever was put out by it gets it of nobody.
 */
export class EpochTalk {
  private readonly world: EpochWorld;
  private readonly list: EpochList;
  private readonly colleagues: BoundedMap<string, Colleague>;
  /** When a colleague is asked again. */
  private readonly timers = new IndexedHeap<string>();
  private emptyHanded = 0;
  private readonly wallMs: (now: number) => number;

  constructor(world: EpochWorld, list: EpochList, wallMs: (now: number) => number) {
    this.world = world;
    this.list = list;
    this.wallMs = wallMs;
    this.colleagues = new BoundedMap(COLLEAGUES_MAX, (peer) => this.timers.delete(peer));
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  /** Colleagues of which something is remembered. */
  get size(): number {
    return this.colleagues.size;
  }

  clear(): void {
    this.colleagues.clear();
    this.timers.clear();
  }

  /** What is told of the current one; ended, it helps nobody. */
  mark(now: number): EpochMark {
    const { current } = this.list;
    return current === undefined || hasEnded(current, this.wallMs(now)) ? NOTHING : current;
  }

  mayPass(epoch: OwnEpoch, now: number): boolean {
    if (hasEnded(epoch, this.wallMs(now))) return false;
    return epoch.cause.length === 0 || this.world.issuedOf(epoch.cause) !== undefined;
  }

  /** The current one for a colleague; undefined: there is none, or it may not go on yet. */
  delivery(now: number): EpochMessage | undefined {
    const { current } = this.list;
    if (current === undefined || !this.mayPass(current, now)) return undefined;
    return { kind: 'epochDelivery', epoch: current.bytes, secret: current.secret };
  }

  onMet(peer: string, now: number, out: EpochOutbox): void {
    const colleague = this.colleague(peer);
    const mark = this.mark(now);
    if (colleague.agreed === labelOf(mark)) return;
    if (mark === NOTHING && this.emptyHanded++ >= EMPTY_HANDED_ASKS) return;
    colleague.tries = 0;
    this.ask(peer, colleague, now, out);
  }

  onHeld(peer: string, held: EpochHeld, now: number, out: EpochOutbox): void {
    const colleague = this.colleague(peer);
    if (!colleague.words.take(now)) {
      out.emit({ kind: 'dropped', reason: 'epochRateLimited' });
      return;
    }
    colleague.said = { number: held.number, id: held.id };
    const mark = this.mark(now);
    const order = compareEpochs(mark, held);
    const hasAsked = this.timers.get(peer) !== undefined;
    if (order > 0 && !hasAsked) {
      // It is on its way, unless it is lost.
      colleague.tries = 0;
      this.timers.set(peer, now + REPEAT_MS);
    }
    if (order <= 0) this.timers.delete(peer);
    if (order === 0) colleague.agreed = labelOf(mark);
    if (order < 0 && this.deliver(peer, colleague, now, out)) return;
    // What this node asked a moment ago says the same.
    if (!held.isAnswer && !hasAsked) this.tellHeld(peer, true, now, out);
  }

  /** Whether an epoch that came from there is to be looked at. */
  mayDeliver(peer: string, now: number, out: EpochOutbox): boolean {
    if (this.colleague(peer).deliveries.take(now)) return true;
    out.emit({ kind: 'dropped', reason: 'epochRateLimited' });
    return false;
  }

  /** What came from there was no epoch of the organisation: nobody honest passes on such a thing. */
  onRefused(peer: string, out: EpochOutbox): void {
    this.colleague(peer).deliveries.drain();
    out.emit({ kind: 'dropped', reason: 'epochRefused' });
  }

  /** A verified epoch came from there, and was taken up where it is a later one. */
  onDelivered(peer: string, epoch: EpochMark, now: number, out: EpochOutbox): void {
    const colleague = this.colleague(peer);
    colleague.said = epoch;
    this.timers.delete(peer);
    const mark = this.mark(now);
    if (compareEpochs(mark, epoch) < 0) {
      this.deliver(peer, colleague, now, out);
      return;
    }
    colleague.agreed = labelOf(mark);
    this.tellHeld(peer, true, now, out);
  }

  /** The revocation of the current one's cause may have come: those who asked before get it now. */
  passOn(now: number, out: EpochOutbox): void {
    const mark = this.mark(now);
    for (const [peer, colleague] of this.colleagues) {
      const { said } = colleague;
      if (said !== undefined && compareEpochs(mark, said) < 0) this.deliver(peer, colleague, now, out);
    }
  }

  onTimer(now: number, out: EpochOutbox): void {
    for (let peer = this.timers.popUntil(now); peer !== undefined; peer = this.timers.popUntil(now)) {
      const colleague = this.colleagues.peek(peer);
      if (colleague !== undefined && colleague.tries < TRIES) this.ask(peer, colleague, now, out);
    }
  }

  private colleague(peer: string): Colleague {
    const known = this.colleagues.get(peer);
    if (known !== undefined) return known;
    const colleague: Colleague = {
      words: new TokenBucket(WORDS_PER_SECOND, WORDS_BURST),
      deliveries: new TokenBucket(EPOCHS_PER_SECOND, EPOCHS_BURST),
      sent: new TokenBucket(EPOCHS_PER_SECOND, EPOCHS_BURST),
      said: undefined,
      agreed: '',
      tries: 0,
      given: '',
      givenAt: Number.NEGATIVE_INFINITY,
    };
    this.colleagues.set(peer, colleague);
    return colleague;
  }

  private ask(peer: string, colleague: Colleague, now: number, out: EpochOutbox): void {
    colleague.tries++;
    this.timers.set(peer, now + REPEAT_MS);
    this.tellHeld(peer, false, now, out);
  }

  private tellHeld(peer: string, isAnswer: boolean, now: number, out: EpochOutbox): void {
    const { number, id } = this.mark(now);
    out.send({ to: peer, message: { kind: 'epochHeld', number, id: prefixOf(id), isAnswer } });
  }

  /** Whether it is sent, or was a moment ago. */
  private deliver(peer: string, colleague: Colleague, now: number, out: EpochOutbox): boolean {
    const message = this.delivery(now);
    if (message === undefined) return false;
    const label = labelOf(this.mark(now));
    if (colleague.given === label && now - colleague.givenAt < REPEAT_MS / 2) return true;
    if (!colleague.sent.take(now)) return false;
    colleague.given = label;
    colleague.givenAt = now;
    out.send({ to: peer, message });
    return true;
  }
}

function labelOf({ number, id }: EpochMark): string {
  return id.length === 0 ? 'none' : `${number} ${toHex(prefixOf(id))}`;
}
