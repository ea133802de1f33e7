// Tests of the ways to a remote: which are under way, what they say, when the next are due. Nothing is tested while no program uses
// the remote, so that NATs may forget.
import { equalBytes } from '../base/bytes.ts';
import { equalSocketAddress, type SocketAddress } from '../base/ip.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import { isLeftToPunching, isTold, ownWay } from './candidates.ts';
import { MTU_BASE } from './mtu-search.ts';
import { isBetter, isUsable, kindOf } from './select.ts';
import type { Candidate, PathOutbox, PathRules } from './types.ts';

/** ms between the attempts to find better ways; the last for ever. */
export const RETRY_MS: readonly number[] = [2, 5, 15, 60, 300, 600].map((seconds) => seconds * SECOND_MS);
/** While a relay carries traffic, other ways that are up are tested so often. */
export const WARM_MS = 15 * SECOND_MS;
/** A way in use that is doubted is tested at data size so often. */
export const WIDE_EVERY_MS = 5 * SECOND_MS;
/** A remote without packets of programs for so long is not in use. */
export const UNUSED_MS = MINUTE_MS;
/** Challenges of one test, ms between them, and how long the last one's answer may take, where the round trip is not known. */
export const TEST_TRIES = 3;
export const TEST_EVERY_MS = 300;
export const TEST_WAIT_MS = SECOND_MS;
/** Where it is known, an answer may take so many times as long, and at least so many ms. */
const RTT_FACTOR = 3;
const RTT_WAIT_MIN_MS = 100;
/** Answers that come later count for nothing. */
const ANSWER_MS = 4 * SECOND_MS;
/** Challenges whose answers are awaited; more push out the oldest. */
export const OUTSTANDING_MAX = 48;
/** Longer round trips count an eighth, shorter ones wholly. */
const RTT_GAIN = 1 / 8;
const LOSS_GAIN = 1 / 4;

interface Challenge {
  readonly token: Uint8Array;
  readonly address: SocketAddress;
  readonly bytes: number;
  readonly isFull: boolean;
  readonly sentAt: number;
}

/** A test under way. */
interface Trial {
  readonly way: Candidate;
  tries: number;
  /** ms */
  nextAt: number;
}

export interface Answer {
  readonly address: SocketAddress;
  readonly bytes: number;
  readonly rttMs: number;
}

/** Of one remote. `ways` is the path machine's list. */
export class WayTests {
  private readonly ways: readonly Candidate[];
  private readonly rules: PathRules;
  private trials: Trial[] = [];
  private readonly outstanding: Challenge[] = [];
  /** The remote's addresses have to be opened first: see PathTraffic. */
  needsPunch = false;
  private round = 0;
  /** ms; when better ways are looked for next; NEVER: the remote is not in use. */
  private roundAt = NEVER;
  /** ms; when other ways are kept warm next. */
  private warmAt = NEVER;
  /** ms; when the way in use was last tested at data size because somebody doubted it. */
  private wideAt = Number.NEGATIVE_INFINITY;

  constructor(ways: readonly Candidate[], rules: PathRules) {
    this.ways = ways;
    this.rules = rules;
  }

  get isActive(): boolean {
    return this.roundAt !== NEVER;
  }

  /** ms; when better ways are looked for next. */
  get nextRoundAt(): number {
    return this.roundAt;
  }

  /** ms; when onTimer() is due. */
  get wakeAt(): number {
    return this.trials.reduce((at, trial) => Math.min(at, trial.nextAt), Math.min(this.roundAt, this.warmAt));
  }

  /** The remote is in use, or what was known of the ways is void: all others than `current` are tested now. */
  begin(current: SocketAddress | undefined, now: number, out: PathOutbox): void {
    this.round = 0;
    this.runRound(current, now, out);
    this.warmAt = now + WARM_MS;
  }

  /** Nobody uses the remote any more. */
  rest(): void {
    this.trials = [];
    this.roundAt = NEVER;
    this.warmAt = NEVER;
  }

  forget(way: Candidate): void {
    this.trials = this.trials.filter((trial) => trial.way !== way);
  }

  /** Whether it may be tried of this side's own accord. */
  mayTest(way: Candidate): boolean {
    return !this.needsPunch || !isLeftToPunching(way, this.rules.isNear);
  }

  /** Starts a test of one way, unless one is under way. */
  test(way: Candidate, now: number, out: PathOutbox): void {
    if (this.trials.some((trial) => trial.way === way)) return;
    const trial: Trial = { way, tries: 0, nextAt: now };
    this.trials.push(trial);
    if (way.state !== 'up') way.state = 'testing';
    this.send(trial, now, out);
  }

  /** Data goes over `used` now: a better way is not taken, or taken again, before it has answered anew. */
  doubtBetter(used: Candidate, now: number, out: PathOutbox): void {
    for (const way of this.ways) {
      if (way.state !== 'up' || !isBetter(way, used)) continue;
      way.state = 'unproven';
      if (this.isActive) this.test(way, now, out);
    }
  }

  /** Starts tests of the way in use at data size, whatever is known of it, and of all others; not more often than WIDE_EVERY_MS. */
  testWide(used: Candidate, now: number, out: PathOutbox): void {
    if (now - this.wideAt < WIDE_EVERY_MS || !this.isActive) return;
    this.wideAt = now;
    this.forget(used);
    used.isWide = false;
    this.test(used, now, out);
    this.testKnown(used, now, out);
  }

  /** A probe was answered from there: it takes a test at data size now. */
  opened(way: Candidate, now: number, out: PathOutbox): void {
    way.answeredAt = now;
    if (!this.isActive || way.state === 'up') return;
    this.forget(way);
    this.test(way, now, out);
  }

  /** All that ever worked, and circuits, but for the one in use. */
  testKnown(used: Candidate | undefined, now: number, out: PathOutbox): void {
    for (const way of this.ways) {
      const isProven = Math.max(way.provenAt, way.answeredAt) > Number.NEGATIVE_INFINITY;
      if (way !== used && (isProven || ownWay(way.address) !== undefined)) this.test(way, now, out);
    }
  }

  /** Any challenge: of another size than tests have, for the search for the MTU. */
  challenge(address: SocketAddress, bytes: number, isFull: boolean, now: number, out: PathOutbox): void {
    const token = this.rules.token();
    if (this.outstanding.length >= OUTSTANDING_MAX) this.outstanding.shift();
    this.outstanding.push({ token, address, bytes, isFull, sentAt: now });
    out.emit({ kind: 'challenge', address, token, bytes, isFull });
  }

  /** Takes up an answer; undefined: none was awaited from there. */
  answered(token: Uint8Array, from: SocketAddress, now: number, out: PathOutbox): Answer | undefined {
    const at = this.outstanding.findIndex(
      (challenge) => equalBytes(challenge.token, token) && equalSocketAddress(challenge.address, from),
    );
    if (at < 0) return undefined;
    const [challenge] = this.outstanding.splice(at, 1);
    const rttMs = now - challenge.sentAt;
    if (rttMs > ANSWER_MS) return undefined;
    const { bytes } = challenge;
    const way = this.ways.find((known) => equalSocketAddress(known.address, from));
    if (way === undefined) return { address: from, bytes, rttMs };
    const before = Math.min(Number.isNaN(way.rttMs) ? rttMs : way.rttMs, rttMs);
    way.rttMs = before + RTT_GAIN * (rttMs - before);
    const tries = this.trials.find((trial) => trial.way === way)?.tries ?? 1;
    // What was lost while it was not up says nothing of how it is now.
    const lost = way.state === 'up' ? 1 - 1 / tries : 0;
    way.lossShare = way.state === 'up' ? way.lossShare + LOSS_GAIN * (lost - way.lossShare) : 0;
    way.answeredAt = now;
    if (challenge.isFull) way.isWide = true;
    this.forget(way);
    if (way.isWide) way.state = 'up';
    else this.test(way, now, out);
    return { address: from, bytes, rttMs };
  }

  /** Gives the ways whose test ended without an answer just now. */
  onTimer(current: SocketAddress | undefined, now: number, out: PathOutbox): Candidate[] {
    const failed: Candidate[] = [];
    for (const trial of [...this.trials]) {
      if (now < trial.nextAt) continue;
      if (trial.tries < TEST_TRIES) {
        this.send(trial, now, out);
      } else {
        this.forget(trial.way);
        failTest(trial.way);
        failed.push(trial.way);
      }
    }
    if (now >= this.roundAt) this.runRound(current, now, out);
    if (now >= this.warmAt) this.keepWarm(current, now, out);
    return failed;
  }

  private runRound(current: SocketAddress | undefined, now: number, out: PathOutbox): void {
    this.roundAt = now + RETRY_MS[Math.min(this.round++, RETRY_MS.length - 1)];
    for (const way of this.ways) {
      const isUsed = current !== undefined && equalSocketAddress(way.address, current);
      if (!isUsed && this.mayTest(way)) this.test(way, now, out);
    }
  }

  private keepWarm(current: SocketAddress | undefined, now: number, out: PathOutbox): void {
    this.warmAt = now + WARM_MS;
    const used = this.ways.find((way) => current !== undefined && equalSocketAddress(way.address, current));
    if (used === undefined || kindOf(used) !== 'relayed') return;
    for (const way of this.ways) {
      if (way !== used && (isUsable(way, now) || kindOf(way) === 'relayed')) this.test(way, now, out);
    }
  }

  private send(trial: Trial, now: number, out: PathOutbox): void {
    const { way } = trial;
    trial.tries++;
    const usual = trial.tries < TEST_TRIES ? TEST_EVERY_MS : TEST_WAIT_MS;
    const wait = Math.max(RTT_WAIT_MIN_MS, RTT_FACTOR * way.rttMs);
    trial.nextAt = now + (way.rttMs > 0 ? Math.min(usual, wait) : usual);
    // Large ones go only to where an answer came from: nobody is to be flooded by way of this node.
    const isKnown = way.answeredAt > Number.NEGATIVE_INFINITY || way.provenAt > Number.NEGATIVE_INFINITY;
    const isFull = !way.isWide && (isKnown || ownWay(way.address) !== undefined);
    if (isTold(way.source) && !this.rules.tests.take(way.address, now)) return;
    this.challenge(way.address, isFull ? MTU_BASE : 0, isFull, now, out);
  }
}

/** Nothing came back from there: it has to prove itself anew. */
export function failTest(way: Candidate): void {
  way.state = 'dead';
  way.isWide = false;
  way.wins = 0;
}
