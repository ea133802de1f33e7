// One attempt to reach the remote: one Noise message, sent again with back-off until it is answered or given up.
import { fraction, type Rng } from '../base/rng.ts';
import type { Crypto } from '../identity/types.ts';
import { COOKIE_USE_MS, mac1Of, openCookieReply, type PublicKeys, writeMacs } from './cookies.ts';
import type { InitiatorNoise } from './noise.ts';
import type { SessionLimits } from './types.ts';

/** Waits do not grow beyond this many doublings: 300 ms to 4.8 s. */
const DOUBLINGS_MAX = 4;
/** Answers that fail to authenticate, and cookies that are taken, per attempt; further ones cost nothing. */
const FORGERIES_MAX = 64;
const COOKIES_MAX = 3;

export interface Attempt {
  readonly receiveSlot: number;
  readonly index: number;
  /** Offered number. */
  readonly generation: number;
  readonly noise: InitiatorNoise;
  /** The datagram as last sent, both MACs included. */
  datagram: Uint8Array;
  /** Datagrams sent by the timer. */
  tries: number;
  /** ms; when to send again, or to give up. */
  nextAt: number;
  forgeries: number;
  cookies: number;
}

/** A cookie that the remote issued to this node's address. */
export interface HeldCookie {
  readonly value: Uint8Array;
  /** ms; not used from then on. */
  readonly until: number;
}

/** The datagram to send now, with the cookie if there is one. A new array each time: the last may still be in an outbox. */
export function sealAttempt(
  crypto: Crypto,
  attempt: Attempt,
  remote: PublicKeys,
  cookie: HeldCookie | undefined,
  now: number,
): Uint8Array {
  const datagram = attempt.datagram.slice();
  writeMacs(crypto, datagram, remote, cookie !== undefined && now < cookie.until ? cookie.value : undefined);
  attempt.datagram = datagram;
  return datagram;
}

/** Wait before the next repetition: doubles each time, plus up to a quarter by chance. */
export function waitAfter(tries: number, limits: SessionLimits, rng: Rng): number {
  const wait = limits.retryMs * 2 ** Math.min(tries - 1, DOUBLINGS_MAX);
  return wait * (1 + fraction(rng) / 4);
}

/** The cookie in a reply to what was sent last; undefined, and only the count of forgeries changes, when it is none. */
export function takeCookie(
  crypto: Crypto,
  attempt: Attempt,
  reply: Uint8Array,
  remote: PublicKeys,
  now: number,
): HeldCookie | undefined {
  if (attempt.cookies >= COOKIES_MAX || !mayTryAnswer(attempt)) return undefined;
  const value = openCookieReply(crypto, reply, remote, mac1Of(attempt.datagram));
  if (value === undefined) {
    attempt.forgeries++;
    return undefined;
  }
  attempt.cookies++;
  return { value, until: now + COOKIE_USE_MS };
}

/** Whether one more answer is worth the work of looking into it. */
export function mayTryAnswer(attempt: Attempt): boolean {
  return attempt.forgeries < FORGERIES_MAX;
}
