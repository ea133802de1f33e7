// Addresses at which a remote may be, in the order in which they are tried.
import { equalSocketAddress, isDialable, isIpv4, type SocketAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';
import type { Candidate, CandidateSource } from './types.ts';

/** Addresses kept per remote. */
export const CANDIDATES_MAX = 8;

/** Initiations to an address that proved nothing and that only a third node named, per window. */
export const TOLD_TRIES = 5;
export const TOLD_WINDOW_MS = 20 * SECOND_MS;

const TRUST: Readonly<Record<CandidateSource, number>> = { proven: 2, configured: 1, record: 0 };

/**
 * Adds an address or betters what is known of it. When the list is full, the one tried last gives way, but an address that only a
 * third node told never pushes out a better one. False: nothing changed (known, not dialable, or no room).
 */
export function addCandidate(list: Candidate[], address: SocketAddress, source: CandidateSource): boolean {
  const known = list.find((candidate) => equalSocketAddress(candidate.address, address));
  if (known !== undefined) {
    if (TRUST[source] > TRUST[known.source]) known.source = source;
    return false;
  }
  if (source === 'record' && !isDialable(address)) return false;
  if (list.length >= CANDIDATES_MAX) {
    const worst = inOrder(list).at(-1) as Candidate;
    if (TRUST[worst.source] > TRUST[source]) return false;
    list.splice(list.indexOf(worst), 1);
  }
  list.push({
    address: { ip: address.ip.slice(), port: address.port },
    source,
    provenAt: Number.NEGATIVE_INFINITY,
    tries: 0,
    triedAt: Number.NEGATIVE_INFINITY,
  });
  return true;
}

/**
 * Whether an initiation may go there, counted. An address that only a third node named gets TOLD_TRIES in TOLD_WINDOW_MS, so
 * that nobody is flooded because somebody said so.
 */
export function mayTry(candidate: Candidate, now: number): boolean {
  if (candidate.source !== 'record') return true;
  if (now - candidate.triedAt >= TOLD_WINDOW_MS) {
    candidate.triedAt = now;
    candidate.tries = 0;
  }
  if (candidate.tries >= TOLD_TRIES) return false;
  candidate.tries++;
  return true;
}

/** Most recently proven first, then by trust, then IPv6 before IPv4 (no NAT), then as they came. */
export function inOrder(list: readonly Candidate[]): Candidate[] {
  return list.slice().sort((a, b) => {
    if (a.provenAt !== b.provenAt) return a.provenAt > b.provenAt ? -1 : 1;
    if (a.source !== b.source) return TRUST[b.source] - TRUST[a.source];
    return Number(isIpv4(a.address.ip)) - Number(isIpv4(b.address.ip));
  });
}
