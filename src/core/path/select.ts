// Which of several ways to a remote is the best: a pure function, with enough hysteresis that paths do not flap.
import { isCircuit } from '../base/circuit.ts';
import { addressScope, isDialable, isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { isStream } from '../base/stream.ts';
import { MINUTE_MS, SECOND_MS } from '../base/time.ts';
import type { Candidate, PathKind } from './types.ts';

/** A way that answered within this time may be used at once. */
export const FRESH_MS = MINUTE_MS;
/** Answers in a row by which a way of no better kind must have been better. */
export const WINS_NEEDED = 3;
/** A way is much slower than another from so many times its round trip on ... */
const SLOWER_FACTOR = 2;
/** ... and so many ms more, if it is of the better kind, or of the same. */
const SLOWER_MS = 30;
const SLOWER_SAME_MS = 10;
/** A way that loses so much is left for any that answered. */
const LOSSY = 0.5;
/** ms of round trip that a loss of everything counts for. */
const LOSS_MS = SECOND_MS;

export function kindOf(way: Pick<Candidate, 'address' | 'isPunched'>): PathKind {
  if (isCircuit(way.address.ip)) return 'relayed';
  return way.isPunched ? 'punched' : 'direct';
}

/** Of a kind: within one site over direct over punched over relayed, and a stream last: what it loses holds up what is behind. */
export function rankOf(way: Pick<Candidate, 'address' | 'isPunched'>): number {
  const kind = kindOf(way);
  if (isStream(way.address.ip)) return -1;
  if (kind === 'relayed') return 0;
  if (kind === 'punched') return 1;
  const scope = addressScope(way.address.ip);
  return scope === 'global' || scope === 'shared' ? 2 : 3;
}

/** Whether both are circuits, both streams, or neither of them either. */
export function isSameKind(
  a: Pick<Candidate, 'address' | 'isPunched'>,
  b: Pick<Candidate, 'address' | 'isPunched'>,
): boolean {
  return Math.min(1, rankOf(a)) === Math.min(1, rankOf(b));
}

/** Whether datagrams had better take `way` than `other`. Never true both ways round. */
export function isBetter(way: Candidate, other: Candidate): boolean {
  const difference = rankOf(way) - rankOf(other);
  if (difference > 0) return !isMuchSlower(way, other, SLOWER_MS);
  if (difference < 0) return isMuchSlower(other, way, SLOWER_MS);
  return isMuchSlower(other, way, SLOWER_SAME_MS);
}

/** Ways that were never measured are no slower than others. */
function isMuchSlower(way: Candidate, other: Candidate, byMs: number): boolean {
  const slow = way.rttMs + LOSS_MS * way.lossShare;
  const fast = other.rttMs + LOSS_MS * other.lossShare;
  return slow > SLOWER_FACTOR * fast && slow - fast > byMs;
}

/** Whether it answered at data size, lately. */
export function isUsable(way: Candidate, now: number): boolean {
  return way.state === 'up' && now - way.answeredAt <= FRESH_MS;
}

/** Where to move from a path that works; undefined: it stays. */
export function upgrade(ways: readonly Candidate[], current: Candidate, now: number): Candidate | undefined {
  const better = ways.filter(
    (way) =>
      way !== current &&
      isUsable(way, now) &&
      isBetter(way, current) &&
      (rankOf(way) > rankOf(current) || way.wins >= WINS_NEEDED || current.lossShare >= LOSSY),
  );
  return bestOf(better);
}

/** The best of those that answered since then; undefined: none did. */
export function fallback(
  ways: readonly Candidate[],
  current: Candidate | undefined,
  since: number,
): Candidate | undefined {
  return bestOf(ways.filter((way) => way !== current && way.state !== 'dead' && way.answeredAt >= since));
}

/** Whether an address of a remote may replace another: one that anybody may have, or else one like the last. */
export function mayRoam(to: SocketAddress, from: SocketAddress | undefined): boolean {
  return isDialable(to) || isDiscardOnly(to.ip) || (from !== undefined && isSameScope(to, from));
}

function isSameScope(a: SocketAddress, b: SocketAddress): boolean {
  return addressScope(a.ip) === addressScope(b.ip);
}

function bestOf(ways: readonly Candidate[]): Candidate | undefined {
  return ways.reduce<Candidate | undefined>(
    (best, way) => (best === undefined || isBetter(way, best) ? way : best),
    undefined,
  );
}
