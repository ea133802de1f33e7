/** Two nodes in two places of the virtual world, who meet through public ones, and what becomes of the way between them. */
import type { SimHost } from '../../src/sim/host.ts';
import type { Link } from '../../src/sim/network.ts';
import { meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { MemberOptions, World } from '../../src/sim/world.ts';
import { makeWorld, numbered } from '../sim/traffic.ts';
import type { Outcome } from './matrix.ts';

export interface Scene {
  readonly world: World;
  readonly peers: readonly SimHost[];
  readonly alpha: SimHost;
  readonly bravo: SimHost;
}

/** Public nodes, of which both know the first; each learns how it looks from all of them. Then the link gets as bad as `link` says. */
export function scene(
  seed: string,
  place: (world: World) => [Partial<MemberOptions>, Partial<MemberOptions>],
  link: Partial<Link> = {},
): Scene {
  const world = makeWorld({ seed, link: { delayMs: 10 } });
  const organisation = world.organisation('acme');
  const peers = Array.from({ length: 4 }, (_, i) => world.member(`peer-${i}`, organisation, i === 0));
  for (const peer of peers.slice(1)) {
    meet(world, peer, peers[0]);
    pingOnce(world, peer, peers[0]);
  }
  const places = place(world);
  const [alpha, bravo] = ['alpha', 'bravo'].map((name, i) => world.member(name, organisation, places[i]));
  for (const host of [alpha, bravo]) {
    meet(world, host, peers[0]);
    pingOnce(world, host, peers[0]);
  }
  world.run(3000);
  for (const host of [alpha, bravo]) {
    for (const peer of peers.slice(1)) {
      resolve(world, host, `${peer.name}.node`);
      pingOnce(world, host, peer);
    }
  }
  world.run(10_000);
  resolve(world, alpha, 'bravo.node');
  world.wire.link = { ...world.wire.link, ...link };
  return { world, peers, alpha, bravo };
}

export function kindAt(world: World, host: SimHost, other: SimHost): Outcome | undefined {
  return host.node.peers(world.now).find(({ name }) => name === other.name)?.path?.kind;
}

/** What came of it. Times in ms; NaN: never. */
export interface Meeting {
  /** From the first packet sent to its arrival. */
  readonly firstMs: number;
  /** From then until both send directly. */
  readonly directMs: number;
  readonly kind: Outcome | undefined;
  /** Of both. */
  readonly probes: number;
}

/** One sends a packet every 20 ms, the other answers; until both have a direct way, or for `forMs`. */
export function talkUntilDirect({ world, alpha, bravo }: Scene, forMs: number): Meeting {
  const startAt = world.now;
  let firstAt = Number.NaN;
  let directAt = Number.NaN;
  let kind: Outcome | undefined;
  const before = bravo.received.length;
  const isDirect = () =>
    [kindAt(world, alpha, bravo), kindAt(world, bravo, alpha)].every(
      (kind) => kind !== undefined && kind !== 'relayed',
    );
  for (let i = 0; world.now - startAt < forMs && Number.isNaN(firstAt + directAt); i++) {
    alpha.sendInside(world.now, numbered(alpha, bravo, i));
    if (bravo.received.length > before) bravo.sendInside(world.now, numbered(bravo, alpha, i));
    world.runUntil(() => {
      if (Number.isNaN(firstAt) && bravo.received.length > before) firstAt = world.now;
      if (Number.isNaN(directAt) && isDirect()) {
        directAt = world.now;
        kind = kindAt(world, alpha, bravo);
      }
      return false;
    }, 20);
  }
  const probes = [alpha, bravo].map((host, i) => {
    const other = i === 0 ? bravo : alpha;
    return host.node.punching(other.keys.nodeId, world.now)?.probes ?? 0;
  });
  return {
    firstMs: firstAt - startAt,
    directMs: directAt - firstAt,
    kind: kind ?? kindAt(world, alpha, bravo),
    probes: probes[0] + probes[1],
  };
}
