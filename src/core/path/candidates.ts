// Addresses at which a remote may be, in the order in which they are tried.
import { equalBytes } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import {
  addressScope,
  copySocketAddress,
  equalSocketAddress,
  type IpAddress,
  isDialable,
  isIpv4,
  type SocketAddress,
} from '../base/ip.ts';
import { isStream } from '../base/stream.ts';
import type { Candidate, CandidateSource } from './types.ts';

/** Addresses kept per remote. */
export const CANDIDATES_MAX = 8;

/** Of these, ports of one IP address that only others named, and as many that only the node itself did: one host has few. */
export const TOLD_PORTS_MAX = 3;

/** Of these, circuits: this node made them itself, so they need no room that others could take. */
export const CIRCUITS_MAX = 4;

const TRUST: Readonly<Record<CandidateSource, number>> = {
  circuit: 3,
  stream: 3,
  proven: 3,
  configured: 2,
  own: 1,
  punched: 1,
  record: 0,
};

/** The source of an address that means something to this host alone; undefined: it is no such address. */
export function ownWay({ ip }: SocketAddress): 'circuit' | 'stream' | undefined {
  if (isCircuit(ip)) return 'circuit';
  return isStream(ip) ? 'stream' : undefined;
}

/** Whether nothing but talk speaks for an address: a node may name a victim's as its own. */
export function isTold(source: CandidateSource): boolean {
  return TRUST[source] <= TRUST.own;
}

/**
 * A told address that nothing came from. Where NATs are on the way, a datagram that comes there too early spoils the way (the router
 * takes it for its own), and a private address may be anybody's: both are tried in rounds of punching, or never. `isNear`: whether an
 * address is in a network of this host's own.
 */
export function isLeftToPunching(way: Candidate, isNear: (ip: IpAddress) => boolean): boolean {
  if (way.source !== 'own' && way.source !== 'record') return false;
  const isKnown = Math.max(way.answeredAt, way.provenAt) > Number.NEGATIVE_INFINITY;
  if (isKnown) return false;
  const { ip } = way.address;
  return addressScope(ip) === 'global' ? isIpv4(ip) : !isNear(ip);
}

/**
 * Adds an address or betters what is known of it. When the list is full, the one tried last gives way, but an address never
 * pushes out one of a better source. False: nothing changed (known, not dialable, or no room).
 */
export function addCandidate(list: Candidate[], address: SocketAddress, source: CandidateSource): boolean {
  if (source === 'circuit') return addCircuit(list, address);
  const known = list.find((candidate) => equalSocketAddress(candidate.address, address));
  if (known !== undefined) {
    if (TRUST[source] > TRUST[known.source]) {
      if (isTold(source)) dropOldPort(list, address, source);
      known.source = source;
    }
    if (source === 'punched' && known.state !== 'up') known.isPunched = true;
    return false;
  }
  if (isTold(source)) {
    if (!isDialable(address)) return false;
    dropOldPort(list, address, source);
  }
  if (list.length >= CANDIDATES_MAX) {
    const worst = inOrder(list).findLast((candidate) => candidate.source !== 'circuit');
    if (worst === undefined || TRUST[worst.source] > TRUST[source]) return false;
    list.splice(list.indexOf(worst), 1);
  }
  list.push(candidate(address, source));
  return true;
}

function candidate(address: SocketAddress, source: CandidateSource): Candidate {
  return {
    address: copySocketAddress(address),
    source,
    provenAt: Number.NEGATIVE_INFINITY,
    isPunched: source === 'punched',
    state: 'unproven',
    rttMs: Number.NaN,
    lossShare: 0,
    answeredAt: Number.NEGATIVE_INFINITY,
    isWide: false,
    wins: 0,
    mtu: 0,
    isMtuKnown: false,
  };
}

/** Circuits are judged by whoever opened them. Where there are too many, the one that worked longest ago gives way. */
function addCircuit(list: Candidate[], address: SocketAddress): boolean {
  if (list.some((candidate) => equalSocketAddress(candidate.address, address))) return false;
  const circuits = inOrder(list).filter((candidate) => candidate.source === 'circuit');
  if (circuits.length >= CIRCUITS_MAX) list.splice(list.indexOf(circuits[circuits.length - 1]), 1);
  else if (list.length >= CANDIDATES_MAX) {
    const worst = inOrder(list).findLast((candidate) => candidate.source !== 'circuit') as Candidate;
    list.splice(list.indexOf(worst), 1);
  }
  list.push(candidate(address, 'circuit'));
  return true;
}

/**
 * The newest ports are the likeliest: a NAT gives another one now and then. What others say never pushes out what a node says of
 * itself.
 */
function dropOldPort(list: Candidate[], address: SocketAddress, source: CandidateSource): void {
  const told = list.filter(
    (candidate) => candidate.source === source && equalBytes(candidate.address.ip, address.ip),
  );
  if (told.length >= TOLD_PORTS_MAX) list.splice(list.indexOf(told[0]), 1);
}

/** Most recently proven first, then by trust, then IPv6 before IPv4 (no NAT), then as they came. */
export function inOrder(list: readonly Candidate[]): Candidate[] {
  return list.slice().sort((a, b) => {
    if (a.provenAt !== b.provenAt) return a.provenAt > b.provenAt ? -1 : 1;
    if (a.source !== b.source) return TRUST[b.source] - TRUST[a.source];
    return Number(isIpv4(a.address.ip)) - Number(isIpv4(b.address.ip));
  });
}
