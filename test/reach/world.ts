/** The places of the matrix in the virtual world. */
import type { NatBox } from '../../src/sim/nat.ts';
import type { MemberOptions, RouterOptions, World } from '../../src/sim/world.ts';
import { NAT_KINDS, type Neighbourhood, type Place } from './matrix.ts';

/** Builds the routers that a place needs; the result goes to `world.member`. */
export function placeIn(
  world: World,
  place: Place,
  options: Omit<RouterOptions, keyof (typeof NAT_KINDS)['ordinary']> = {},
): Pick<MemberOptions, 'behind' | 'hasIpv6'> {
  const { nat, cgnat, hairpin = false, udp, ipv6 = 'none' } = place;
  const hasIpv6 = ipv6 !== 'none';
  if (nat === undefined) return { hasIpv6 };
  const provider: NatBox | undefined =
    cgnat === undefined ? options.behind : world.router({ ...options, ...NAT_KINDS[cgnat], hairpin });
  const router = world.router({
    ...options,
    ...NAT_KINDS[nat],
    hairpin,
    isUdpBlocked: udp === 'blocked',
    ...(provider === undefined ? {} : { behind: provider }),
  });
  return { behind: router, hasIpv6 };
}

/** Two hosts of one LAN, or of one provider. */
export function neighboursIn(
  world: World,
  { shared, nat, cgnat, hairpin }: Neighbourhood,
): [Pick<MemberOptions, 'behind'>, Pick<MemberOptions, 'behind'>] {
  const outer = world.router({ ...NAT_KINDS[cgnat ?? nat], hairpin });
  if (shared === 'lan') return [{ behind: outer }, { behind: outer }];
  const home = (): Pick<MemberOptions, 'behind'> => ({
    behind: world.router({ ...NAT_KINDS[nat], behind: outer }),
  });
  return [home(), home()];
}
