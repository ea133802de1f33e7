// What is sent where, and when, so that the NATs and firewalls between two nodes let them through to each other. A pure function
// makes the plan; rounds of it are punch-rounds.ts. Facts: RFC 4787, RFC 5780; the techniques: STUN-less simultaneous open.
import { equalBytes } from '../base/bytes.ts';
import {
  addressScope,
  equalSocketAddress,
  formatIp,
  type IpAddress,
  isDialable,
  isIpv4,
  maskIp,
  type SocketAddress,
} from '../base/ip.ts';
import { type Rng, uniform } from '../base/rng.ts';
import { SECOND_MS } from '../base/time.ts';
import { PUNCH_ADDRESSES_MAX } from '../wire/limits.ts';
import type { NatBehaviour } from '../wire/types.ts';

/** TTL of probes that are to open this side's own NATs and reach nobody. Few networks have fewer routers outside of their own. */
export const LOW_TTL = 4;
/** Probes of one round, of both sides together; and of a side that searches no ports. */
export const PROBES_MAX = 2000;
const PROBES_MAX_FEW = 304;
/** In any second of it. */
export const PROBES_PER_SECOND = 90;
/** Addresses of a remote that get probes in one round, and ports of one IP address among them. */
export const TARGETS_MAX = 8;
export const TARGET_PORTS_MAX = 3;
/** Probes with a full TTL to each, in ms after the first; so many, because datagrams get lost and clocks do not agree. */
export const PROBE_TIMES_MS: readonly number[] = [0, 100, 300, 800, 1800];
/** The same to an IP address of the Internet for which the remote's word is all there is, and how many of those: three times what it said. */
const TOLD_TIMES_MS: readonly number[] = [0, 300];
export const TOLD_TARGETS_MAX = 4;
/** Ports that are tried where the other side's NAT gives them out one after the other: from the next one on, and before it. */
export const GUESSES = 64;
const GUESSES_BEFORE = 60;
/** ms between two such probes. */
const GUESS_EVERY_MS = 12;
/**
 * Where one side's port is random for each remote, that side opens so many sockets towards the other's address, which tries so many
 * random ports: 1 - (1 - 256 / 64,512)^n find one another, 95 % of them with n = 754, 99.8 % with n = 1600. The latter does so from a
 * socket that nobody was told of before: a port that others knew may be another one for each remote, where a router took what they
 * sent there for its own.
 */
export const SEARCH_SOCKETS = 256;
export const SEARCH_PORTS = 1600;
/** ms; the usual comes first, and mostly suffices. The sockets are wanted a moment before they are used. */
export const SEARCH_AT_MS = 700;
export const SOCKETS_AT_MS = 300;
const SEARCH_EVERY_MS = 11;
/** ms; until then the sockets stay open. */
export const SEARCH_MS = SEARCH_AT_MS + SEARCH_PORTS * SEARCH_EVERY_MS;
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;
/** So many told ports with the same distance are a prediction. */
const PREDICTED_MIN = 3;
const STEP_MAX = 64;
/** Leading bits of a subnet, where the host does not say what its own is: what is on the same link. */
const SUBNET_BITS_4 = 96 + 24;
const SUBNET_BITS_6 = 64;

/** What the two sides tell each other. */
export interface PunchSide {
  /** Where it may be reached; of a NAT that gives out ports in order, the next ones. */
  readonly addresses: readonly SocketAddress[];
  readonly mapping: NatBehaviour;
  readonly filtering: NatBehaviour;
}

/** What this side knows of itself besides. */
export interface PunchOwn extends PunchSide {
  /** Addresses of this host's interfaces. */
  readonly local: readonly IpAddress[];
  /** How others see it. */
  readonly publicIps: readonly IpAddress[];
  /** Its router moves flows away from ports that it took for its own: what goes to somebody new may come from a port nobody saw. */
  readonly isMoved: boolean;
}

/** One datagram. */
export interface Probe {
  readonly address: SocketAddress;
  /** undefined: as usual. */
  readonly ttl: number | undefined;
  /** Of this plan's further sockets, which one sends it, 0 .. SEARCH_SOCKETS - 1, or the fresh one; undefined: the main one. */
  readonly socket?: number | 'fresh';
  /** ms after the plan begins. */
  readonly atMs: number;
}

/** Why a plan is as it is. */
export type PunchKind =
  /** One side's address is the same for everybody, or no NAT is between them. */
  | 'usual'
  /** A side gives out ports in an order that the other knows. */
  | 'predicted'
  /** A side's port is found among all: this side has SEARCH_SOCKETS of them open, or tries them. */
  | 'sockets'
  | 'ports'
  /** The NATs of both sides give another port to each remote, and nobody knows which. */
  | 'bothHard'
  /** No address is known that may be tried. */
  | 'noAddress';

export interface PunchPlan {
  readonly kind: PunchKind;
  /** In the order of atMs; at most PROBES_MAX with the other side's, and in any second PROBES_PER_SECOND. */
  readonly probes: readonly Probe[];
  /** Told addresses that nothing may be sent to. */
  readonly refused: number;
}

/** Whether the public port depends on who is talked to. */
export function isHard({ mapping }: PunchSide): boolean {
  return mapping === 'addressDependent' || mapping === 'addressAndPortDependent';
}

/** Whether its port has to be found among all. */
export function isUnforeseen(side: PunchSide): boolean {
  return isHard(side) && !isPrediction(side.addresses);
}

/** Whether only what was sent to may answer, as far as it is known. */
export function isFiltered({ filtering }: PunchSide): boolean {
  return filtering !== 'endpointIndependent' && filtering !== 'addressDependent';
}

/** Whether a NAT has to be opened at all: not where one of both is reached by everybody. */
export function needsOpening(own: PunchSide, remote: PunchSide): boolean {
  return ![own, remote].some(
    (side) => side.filtering === 'endpointIndependent' && side.mapping === 'endpointIndependent',
  );
}

/** What a plan depends on besides the two sides. */
export interface PunchTerms {
  /** Whether datagrams may ever go there. */
  isOuter(address: SocketAddress): boolean;
  /** Whether the remote proved to be at that IP address, to this node or to a relay. */
  isHeard(address: SocketAddress): boolean;
  /** Where a relay says that the remote is: only there its ports are guessed. */
  readonly seenIp: IpAddress | undefined;
  /** Ports may be searched: for one remote at a time. */
  readonly maySearch: boolean;
  /** What was predicted did not come true the last time. */
  readonly mustSearch: boolean;
  /**
   * What this side sends from a socket that nobody was told of before; its address is the first of the own. search: guesses of ports.
   * all: also what goes to told addresses of the Internet.
   */
  readonly fresh: 'none' | 'search' | 'all';
  readonly rng: Rng;
}

/** What opens this side's own NATs towards the other's, and gets no further. */
export function planOpening(own: PunchOwn, remote: PunchSide, terms: PunchTerms): Probe[] {
  const { targets } = targetsOf(own, remote, terms);
  return targets.filter(isOutside).map((address) => {
    return { address, ttl: LOW_TTL, atMs: 0, ...(terms.fresh === 'all' ? fromFresh(address) : {}) };
  });
}

/** What is sent once the other side's NATs are open; this side's open by it. */
export function planPunch(own: PunchOwn, remote: PunchSide, terms: PunchTerms): PunchPlan {
  const { seenIp } = terms;
  const { targets, refused } = targetsOf(own, remote, terms);
  if (targets.length === 0) return { kind: 'noAddress', probes: [], refused };
  const guesses = isHard(remote) ? guessesOf(targets, remote.addresses, seenIp) : [];
  const isPredicted = guesses.length > 0 || (isHard(own) && isPrediction(own.addresses));
  const search = isPredicted && !terms.mustSearch ? undefined : searchOf(own, remote, terms, targets);
  const spared = search?.kind === 'sockets' && isFiltered(remote) ? searchedFrom(targets) : undefined;
  const probes: Probe[] = [];
  for (const address of targets) {
    const from = terms.fresh === 'all' ? fromFresh(address) : {};
    const isTold = isOutside(address) && !terms.isHeard(address);
    const ttl = address === spared ? LOW_TTL : undefined;
    for (const atMs of isTold ? TOLD_TIMES_MS : PROBE_TIMES_MS) probes.push({ address, ttl, atMs, ...from });
  }
  for (const [i, address] of guesses.entries()) {
    const from = terms.fresh === 'none' ? {} : fromFresh(address);
    probes.push({ address, ttl: undefined, atMs: i * GUESS_EVERY_MS, ...from });
  }
  const kind = search?.kind ?? kindOf(own, remote, guesses.length > 0);
  const most = kind === 'ports' ? PROBES_MAX - PROBES_MAX_FEW : PROBES_MAX_FEW;
  return { kind, probes: spaced([...probes, ...(search?.probes ?? [])], most), refused };
}

/**
 * Where the other side searches from. What reaches its router before its own probe goes to the port that it came from would move that
 * probe, and the following ones, to another port; and would not be let in anyhow.
 */
function searchedFrom(targets: readonly SocketAddress[]): SocketAddress | undefined {
  return targets.find((target) => isIpv4(target.ip) && isOutside(target));
}

/** Its address is one of IPv4. */
function fromFresh(to: SocketAddress): Pick<Probe, 'socket'> {
  return isIpv4(to.ip) && isOutside(to) ? { socket: 'fresh' } : {};
}

/** What one side does for an unpredictable port of the other to be found; undefined: there is nothing to be found that way. */
function searchOf(
  own: PunchOwn,
  remote: PunchSide,
  { maySearch, seenIp, rng, isOuter, fresh }: PunchTerms,
  targets: readonly SocketAddress[],
): { readonly kind: 'sockets' | 'ports'; readonly probes: readonly Probe[] } | undefined {
  if (!maySearch || isHard(own) === isHard(remote)) return undefined;
  if (isHard(own)) {
    const address = searchedFrom(targets);
    if (address === undefined) return undefined;
    const probes = Array.from({ length: SEARCH_SOCKETS }, (_, socket): Probe => {
      return { address, ttl: LOW_TTL, atMs: SEARCH_AT_MS + socket * SEARCH_EVERY_MS, socket };
    });
    return { kind: 'sockets', probes };
  }
  if (
    seenIp === undefined ||
    !targets.some(({ ip }) => equalBytes(ip, seenIp)) ||
    !isOuter({ ip: seenIp, port: FIRST_PORT })
  )
    return undefined;
  const probes = portsInDisorder(rng).map((port, i): Probe => {
    const from = fresh === 'none' ? {} : ({ socket: 'fresh' } as const);
    return {
      address: { ip: seenIp, port },
      ttl: undefined,
      atMs: SEARCH_AT_MS + i * SEARCH_EVERY_MS,
      ...from,
    };
  });
  return { kind: 'ports', probes };
}

/** None twice. */
function portsInDisorder(rng: Rng): number[] {
  const ports = new Set<number>();
  while (ports.size < SEARCH_PORTS) ports.add(FIRST_PORT + uniform(rng, PORTS));
  return [...ports];
}

function kindOf(own: PunchOwn, remote: PunchSide, isPredicted: boolean): PunchKind {
  if (isHard(remote) && isHard(own)) {
    const isOwnPredicted = isPrediction(own.addresses);
    return isPredicted && isOwnPredicted ? 'predicted' : 'bothHard';
  }
  return isPredicted ? 'predicted' : 'usual';
}

/** Told addresses that may be tried, in the order in which they were told, those of the Internet first. */
function targetsOf(
  own: PunchOwn,
  remote: PunchSide,
  { isOuter, isHeard }: PunchTerms,
): { readonly targets: readonly SocketAddress[]; readonly refused: number } {
  const told = remote.addresses.slice(0, PUNCH_ADDRESSES_MAX);
  const isSameNat = told.some(({ ip }) => own.publicIps.some((publicIp) => equalBytes(publicIp, ip)));
  const targets: SocketAddress[] = [];
  let refused = 0;
  const inOrder = [...told.filter(isOutside), ...told.filter((address) => !isOutside(address))];
  for (const address of inOrder) {
    if (!isDialable(address) || !isOuter(address) || isOwn(own, address)) {
      refused++;
      continue;
    }
    const isKnown = isOutside(address) || isSameNat || isNeighbour(own.local, address.ip);
    const ports = targets.filter(({ ip }) => equalBytes(ip, address.ip)).length;
    const isTwice = targets.some((target) => equalSocketAddress(target, address));
    if (!isKnown || isTwice || ports >= TARGET_PORTS_MAX || targets.length >= TARGETS_MAX) continue;
    const isTold = isOutside(address) && !isHeard(address);
    if (
      isTold &&
      targets.filter((target) => isOutside(target) && !isHeard(target)).length >= TOLD_TARGETS_MAX
    )
      continue;
    if (hasFamilyOf(own, address.ip)) targets.push(address);
  }
  return { targets, refused };
}

/** Beyond this host's own networks, so that routers are on the way. */
function isOutside({ ip }: SocketAddress): boolean {
  return addressScope(ip) === 'global';
}

function isOwn(own: PunchOwn, address: SocketAddress): boolean {
  return own.addresses.some((mine) => equalSocketAddress(mine, address));
}

/** Private addresses are the business of their network alone: they are tried only from within. */
export function isNeighbour(local: readonly IpAddress[], ip: IpAddress): boolean {
  const bits = isIpv4(ip) ? SUBNET_BITS_4 : SUBNET_BITS_6;
  return local.some(
    (mine) => isIpv4(mine) === isIpv4(ip) && equalBytes(maskIp(mine, bits), maskIp(ip, bits)),
  );
}

function hasFamilyOf(own: PunchOwn, ip: IpAddress): boolean {
  const isWanted = (local: IpAddress) =>
    isIpv4(local) === isIpv4(ip) &&
    (isIpv4(ip) || addressScope(local) === 'global' || isNeighbour(own.local, ip));
  return own.local.some(isWanted);
}

/** The ports of the first told IP address that go up or down in equal steps; undefined: they do not. */
function predictionOf(
  addresses: readonly SocketAddress[],
):
  | { readonly ip: IpAddress; readonly first: number; readonly step: number; readonly count: number }
  | undefined {
  const byIp = new Map<string, SocketAddress[]>();
  for (const address of addresses.filter(isOutside)) {
    const key = formatIp(address.ip);
    byIp.set(key, [...(byIp.get(key) ?? []), address]);
  }
  for (const alike of byIp.values()) {
    if (alike.length < PREDICTED_MIN) continue;
    const step = alike[1].port - alike[0].port;
    if (step === 0 || Math.abs(step) > STEP_MAX) continue;
    if (alike.every(({ port }, i) => port === alike[0].port + i * step))
      return { ip: alike[0].ip, first: alike[0].port, step, count: alike.length };
  }
  return undefined;
}

function isPrediction(addresses: readonly SocketAddress[]): boolean {
  return predictionOf(addresses) !== undefined;
}

/** Told ports that are no targets of their own; where a relay says that the remote is there, those around them too. */
function guessesOf(
  targets: readonly SocketAddress[],
  told: readonly SocketAddress[],
  seenIp: IpAddress | undefined,
): SocketAddress[] {
  const prediction = predictionOf(told);
  if (prediction === undefined || !targets.some(({ ip }) => equalBytes(ip, prediction.ip))) return [];
  const { ip, first, step, count } = prediction;
  const isSeen = seenIp !== undefined && equalBytes(seenIp, ip);
  const ahead = Array.from({ length: isSeen ? GUESSES : count }, (_, i) => first + i * step);
  // A NAT with few ports begins anew.
  const before = Array.from({ length: isSeen ? GUESSES_BEFORE : 0 }, (_, i) => first - (i + 1) * step);
  return [...ahead, ...before]
    .filter((port) => port > 0 && port < 65_536)
    .map((port): SocketAddress => ({ ip, port }))
    .filter((address) => !targets.some((target) => equalSocketAddress(target, address)));
}

/** Sorted, and put off where there would be too many in a second. */
function spaced(probes: readonly Probe[], most: number): Probe[] {
  const sorted = [...probes].sort((a, b) => a.atMs - b.atMs).slice(0, most);
  const times: number[] = [];
  return sorted.map((probe, i) => {
    const earliest = i < PROBES_PER_SECOND ? 0 : (times[i - PROBES_PER_SECOND] as number) + SECOND_MS;
    const atMs = Math.max(probe.atMs, earliest, times[i - 1] ?? 0);
    times.push(atMs);
    return { ...probe, atMs };
  });
}
