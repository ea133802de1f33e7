// How large a datagram a way carries (RFC 8899): found by datagrams of that size that the other side answers, never by what
// others say of the way.
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';

/** Bytes of the outer IP packet that every way carries: what IPv6 asks for. */
export const MTU_BASE = 1280;
/** Larger ones are not tried: jumbo frames. */
export const MTU_MOST = 9000;
/** Datagrams of one size without an answer after which it counts as too large. */
export const MTU_TRIES = 3;
/** The search ends when it knows the size to so many bytes. */
export const MTU_STEP = 16;
/** While the way is in use, what was found is tested again so often ... */
export const MTU_CONFIRM_MS = 30 * SECOND_MS;
/** ... and larger sizes are. */
export const MTU_RAISE_MS = 10 * MINUTE_MS;
/** So long an answer may take, ms, where the round trip is not known; else twice that, within these bounds. */
const WAIT_MS = 300;
const WAIT_MIN_MS = 100;
const WAIT_MAX_MS = 2 * SECOND_MS;
/** Doubts that come again and again are followed ever more rarely, ms. */
const DOUBT_MIN_MS = SECOND_MS;
const DOUBT_MAX_MS = 30 * SECOND_MS;
/** Where larger frames end, the usual Ethernet frame is the likeliest. */
const ETHERNET = 1500;

export interface MtuOutbox {
  /** A datagram of so many bytes of outer IP packet is to be answered. */
  probe(bytes: number): void;
}

/** One per way in use. Rests until start() and after rest(): onTimer() is called while somebody uses the way only. */
export class MtuSearch {
  /** ms; when onTimer() is due. */
  wakeAt = NEVER;
  /** Bytes of the outer IP packet that is known to pass, or was once and is not refuted. */
  found = MTU_BASE;
  /** Nothing larger is being tried: what was found may be told to senders. */
  isDone = false;
  /** Bytes; what the first link takes. */
  private limit = MTU_BASE;
  /** Bytes; the smallest size that did not pass. */
  private tooLarge = MTU_BASE + 1;
  /** Bytes; size that is being tried; 0: none. */
  private size = 0;
  private tries = 0;
  /** ms; doubts before then are not followed, and for how long the last one kept others away. */
  private doubtAt = Number.NEGATIVE_INFINITY;
  private doubtWaitMs = DOUBT_MIN_MS;
  /** ms; when larger sizes are tried again. */
  private raiseAt = NEVER;

  /** Goes on with what was found on this way before. */
  reset(found: number, isDone: boolean): void {
    this.found = Math.max(MTU_BASE, found);
    this.isDone = isDone;
    this.limit = this.found;
    this.tooLarge = this.found + 1;
    this.raiseAt = isDone ? this.raiseAt : NEVER;
    this.rest();
  }

  /** The first link takes no more. */
  clamp(limit: number): void {
    this.limit = Math.max(MTU_BASE, limit);
    this.found = Math.min(this.found, this.limit);
    this.tooLarge = Math.min(this.tooLarge, this.limit + 1);
  }

  rest(): void {
    this.wakeAt = NEVER;
    this.size = 0;
  }

  /** `limit`: bytes that the first link takes, as the kernel says. */
  start(limit: number, now: number, rttMs: number, out: MtuOutbox): void {
    const before = this.limit;
    this.limit = Math.min(MTU_MOST, Math.max(MTU_BASE, limit));
    this.found = Math.min(this.found, this.limit);
    const isAnew = this.raiseAt <= now || this.raiseAt === NEVER;
    if (isAnew || (this.limit > before && !this.isDone)) this.tooLarge = this.limit + 1;
    this.tooLarge = Math.min(this.tooLarge, this.limit + 1);
    if (isAnew) this.raiseAt = now + MTU_RAISE_MS;
    if (isAnew && this.found < this.limit) this.isDone = false;
    // What was found before may be gone.
    if (this.found > MTU_BASE) this.send(this.found, now, rttMs, out);
    else this.next(now, rttMs, out);
  }

  /** Something speaks against the size in use: it is tested at once. */
  doubt(now: number, rttMs: number, out: MtuOutbox): void {
    if (this.found <= MTU_BASE || this.size === this.found || now < this.doubtAt) return;
    const isRare = now - this.doubtAt >= DOUBT_MAX_MS;
    this.doubtWaitMs = isRare ? DOUBT_MIN_MS : Math.min(DOUBT_MAX_MS, 2 * this.doubtWaitMs);
    this.doubtAt = now + this.doubtWaitMs;
    this.send(this.found, now, rttMs, out);
  }

  /** Most of what is sent gets lost: the size in use is tested at once. */
  check(now: number, rttMs: number, out: MtuOutbox): void {
    if (this.found > MTU_BASE && this.size !== this.found) this.send(this.found, now, rttMs, out);
  }

  /** A datagram of so many bytes was answered. */
  answered(bytes: number, now: number, rttMs: number, out: MtuOutbox): void {
    if (bytes > this.limit) return;
    this.found = Math.max(this.found, bytes);
    if (bytes < this.size || this.size === 0) return;
    this.next(now, rttMs, out);
  }

  onTimer(now: number, rttMs: number, out: MtuOutbox): void {
    if (now < this.wakeAt) return;
    if (this.size === 0) {
      if (now >= this.raiseAt && this.found < this.limit) {
        this.tooLarge = this.limit + 1;
        this.raiseAt = now + MTU_RAISE_MS;
        this.next(now, rttMs, out);
      } else {
        this.send(this.found, now, rttMs, out);
      }
    } else if (this.tries < MTU_TRIES) {
      this.repeat(now, rttMs, out);
    } else {
      this.onLost(now, rttMs, out);
    }
  }

  private onLost(now: number, rttMs: number, out: MtuOutbox): void {
    if (this.size > this.found) {
      this.tooLarge = this.size;
      this.next(now, rttMs, out);
    } else if (this.found > MTU_BASE) {
      // A black hole, or an outage: base at once, and then up again if it was one.
      const before = this.found;
      this.found = MTU_BASE;
      this.isDone = false;
      this.tooLarge = before + 1;
      this.send(before, now, rttMs, out);
    } else {
      this.finish(now);
    }
  }

  /** The next size between what passes and what does not. */
  private next(now: number, rttMs: number, out: MtuOutbox): void {
    if (this.tooLarge - this.found <= MTU_STEP || this.found >= this.limit) {
      this.finish(now);
      return;
    }
    if (this.tooLarge > this.limit) {
      this.send(this.limit, now, rttMs, out);
      return;
    }
    const isAround = this.found < ETHERNET && this.tooLarge > ETHERNET + MTU_STEP;
    const middle = Math.floor((this.found + this.tooLarge) / 2);
    this.send(isAround ? ETHERNET : middle, now, rttMs, out);
  }

  private finish(now: number): void {
    this.size = 0;
    this.isDone = true;
    this.wakeAt = this.found > MTU_BASE ? now + MTU_CONFIRM_MS : NEVER;
    if (this.found < this.limit) this.wakeAt = Math.min(this.wakeAt, this.raiseAt);
  }

  private send(size: number, now: number, rttMs: number, out: MtuOutbox): void {
    this.size = size;
    this.tries = 0;
    this.repeat(now, rttMs, out);
  }

  private repeat(now: number, rttMs: number, out: MtuOutbox): void {
    this.tries++;
    const wait = Number.isNaN(rttMs) ? WAIT_MS : Math.min(WAIT_MAX_MS, Math.max(WAIT_MIN_MS, 2 * rttMs));
    this.wakeAt = now + wait;
    out.probe(this.size);
  }
}
