/**
 * What may lie between two nodes, and what becomes of a pair: the one list for the virtual world, for network namespaces and for
 * the benchmark. The words are those of RFC 4787.
 */

import type { Dependence, NatTraits, PortAllocation } from '../../src/sim/nat.ts';

const CONE = { mapping: 'endpoint-independent', ports: 'preserving', isPoisoned: false } as const;
const SYMMETRIC = {
  mapping: 'address-and-port-dependent',
  filtering: 'address-and-port-dependent',
  isPoisoned: false,
} as const;

/** The kinds of NAT. `ordinary` is what a Linux router does: as port-restricted, but flow by flow in the connection table. */
export const NAT_KINDS = {
  'full-cone': { ...CONE, filtering: 'endpoint-independent' },
  'address-restricted': { ...CONE, filtering: 'address-dependent' },
  'port-restricted': { ...CONE, filtering: 'address-and-port-dependent' },
  ordinary: { ...CONE, filtering: 'address-and-port-dependent' },
  'badly-firewalled': { ...CONE, filtering: 'address-and-port-dependent', isPoisoned: true },
  'symmetric-predictable': { ...SYMMETRIC, ports: 'sequential' },
  'symmetric-random': { ...SYMMETRIC, ports: 'random' },
  'address-dependent': { ...SYMMETRIC, mapping: 'address-dependent', ports: 'random' },
} as const satisfies Record<string, NatTraits>;

export type NatKind = keyof typeof NAT_KINDS;

export const NAT_KIND_NAMES = Object.keys(NAT_KINDS) as NatKind[];

/** Where a node is: with a public address of its own (no `nat`), or behind routers. */
export interface Place {
  readonly nat?: NatKind;
  /** The provider's NAT in front of the router. */
  readonly cgnat?: NatKind;
  /** What is sent from inside to an outer address and port of the same NAT (the provider's, where there is one) comes back in. */
  readonly hairpin?: boolean;
  readonly udp?: 'open' | 'blocked';
  /** Addresses of IPv6 behind a firewall that lets in answers only; a public node has it in the open. */
  readonly ipv6?: 'none' | 'stateful';
}

/** The places of the matrix. */
export const PLACES = {
  public: {},
  'full-cone': { nat: 'full-cone' },
  'address-restricted': { nat: 'address-restricted' },
  'port-restricted': { nat: 'port-restricted' },
  ordinary: { nat: 'ordinary' },
  'badly-firewalled': { nat: 'badly-firewalled' },
  'symmetric-predictable': { nat: 'symmetric-predictable' },
  'symmetric-random': { nat: 'symmetric-random' },
  'address-dependent': { nat: 'address-dependent' },
  cgnat: { nat: 'ordinary', cgnat: 'port-restricted' },
  hairpin: { nat: 'port-restricted', hairpin: true },
  'udp-blocked': { nat: 'ordinary', udp: 'blocked' },
  'ipv6-stateful': { nat: 'symmetric-random', ipv6: 'stateful' },
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof PLACES;

export const PLACE_NAMES = Object.keys(PLACES) as PlaceName[];

/** How a pair ends up: one side is reached unasked, or both have to open their NATs at once, or a relay stays between them. */
export type Outcome = 'direct' | 'punched' | 'relayed';

export interface Expectation {
  readonly outcome: Outcome;
  /** Takes a port prediction or probing for a birthday collision: 20 s, in 95 % of runs; else 3 s. */
  readonly isHard: boolean;
}

/** The traits of a place as its remotes see them: of two NATs in a row the worse ones. Undefined: public. */
export function traitsOf(place: Place): NatTraits | undefined {
  const inner = place.nat === undefined ? undefined : NAT_KINDS[place.nat];
  const outer = place.cgnat === undefined ? undefined : NAT_KINDS[place.cgnat];
  if (inner === undefined || outer === undefined) return outer ?? inner;
  return {
    mapping: worse(DEPENDENCES, inner.mapping, outer.mapping),
    filtering: worse(DEPENDENCES, inner.filtering, outer.filtering),
    ports: worse(ALLOCATIONS, inner.ports, outer.ports),
    isPoisoned: inner.isPoisoned || outer.isPoisoned,
  };
}

const DEPENDENCES: readonly Dependence[] = [
  'endpoint-independent',
  'address-dependent',
  'address-and-port-dependent',
];
const ALLOCATIONS: readonly PortAllocation[] = ['preserving', 'sequential', 'random'];

function worse<T>(order: readonly T[], a: T, b: T): T {
  return order[Math.max(order.indexOf(a), order.indexOf(b))] as T;
}

/** What becomes of two nodes in different places without a network in common but the public one. */
export function expectation(a: Place, b: Place): Expectation {
  if (a.udp === 'blocked' || b.udp === 'blocked') return { outcome: 'relayed', isHard: false };
  const [one, other] = [traitsOf(a), traitsOf(b)];
  if (one === undefined || other === undefined) return { outcome: 'direct', isHard: false };
  if (isOpen(one) || isOpen(other)) return { outcome: 'direct', isHard: false };
  if (a.ipv6 === 'stateful' && b.ipv6 === 'stateful') return { outcome: 'punched', isHard: false };
  const hardSides = [one, other].filter(({ mapping }) => mapping !== 'endpoint-independent');
  const isUnpredictable = hardSides.some(({ ports }) => ports === 'random');
  if (hardSides.length === 2 && isUnpredictable) return { outcome: 'relayed', isHard: false };
  const letsAddressIn = [one, other].some(({ filtering }) => filtering === 'address-dependent');
  return { outcome: 'punched', isHard: hardSides.length === 2 || (hardSides.length === 1 && !letsAddressIn) };
}

/** Reached unasked at a port that does not change. */
function isOpen({ mapping, filtering }: NatTraits): boolean {
  return mapping === 'endpoint-independent' && filtering === 'endpoint-independent';
}

/** Two nodes that share a LAN, or have a router each behind one provider's NAT. */
export interface Neighbourhood {
  readonly shared: 'lan' | 'provider';
  readonly nat: NatKind;
  /** Of the provider. */
  readonly cgnat?: NatKind;
  /** Of the provider, or of the router where there is none. */
  readonly hairpin: boolean;
  readonly outcome: Outcome;
}

/** One public address is not one LAN: without hairpinning the provider's customers do not meet. */
export const NEIGHBOURHOODS = {
  'same LAN': { shared: 'lan', nat: 'symmetric-random', hairpin: false, outcome: 'direct' },
  'same provider, hairpin': {
    shared: 'provider',
    nat: 'ordinary',
    cgnat: 'port-restricted',
    hairpin: true,
    outcome: 'punched',
  },
  'same provider': {
    shared: 'provider',
    nat: 'ordinary',
    cgnat: 'port-restricted',
    hairpin: false,
    outcome: 'relayed',
  },
} as const satisfies Record<string, Neighbourhood>;

/** Whether a pair did at least as well as it should: better than expected is no fault. */
export function meets(expected: Outcome, actual: Outcome): boolean {
  return expected === 'relayed' || actual !== 'relayed';
}

/** Every pair of places, each once, a place with itself included (two NATs of one kind). */
export function pairs(names: readonly PlaceName[] = PLACE_NAMES): [PlaceName, PlaceName][] {
  return names.flatMap((a, i) => names.slice(i).map((b): [PlaceName, PlaceName] => [a, b]));
}

/** The kinds of the table below. */
export const NAIVE_KINDS: readonly NatKind[] = [
  'full-cone',
  'address-restricted',
  'port-restricted',
  'badly-firewalled',
  'ordinary',
  'symmetric-random',
];
const NAIVE_TABLE = ['YYYYYY', 'YYYYYY', 'YYY-Y-', 'YYY-Y-', 'YYY-Y-', 'YY----'];

/**
 * Whether the two get through when both know the port that a third sees of the other and send there, the second a moment
 * after the first, and answer where a datagram really came from. This is what cleverness has to beat.
 */
export function punchesNaively(first: NatKind, second: NatKind): boolean {
  return NAIVE_TABLE[NAIVE_KINDS.indexOf(first)]?.[NAIVE_KINDS.indexOf(second)] === 'Y';
}
