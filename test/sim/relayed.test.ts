// Nodes that nobody reaches unasked reach each other through those that everybody reaches.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { formatSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import { MINUTE_MS } from '../../src/core/base/time.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { CLEAN_LINK, type Link } from '../../src/sim/network.ts';
import { isConnected, meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { makeWorld, numbered, numbersReceived } from './traffic.ts';

const LOST: Link = { ...CLEAN_LINK, lossShare: 1 };

/** Stateful firewalls: what these hosts did not ask for does not come in. `isCut`: two of them never reach each other. */
function firewall(world: World, isCut: boolean, ...hosts: SimHost[]): void {
  const asked = new Set<string>();
  const isBehind = ({ ip }: SocketAddress) => hosts.some((host) => equalBytes(host.address.ip, ip));
  world.wire.linkOf = (from, to) => {
    if (isCut && isBehind(from) && isBehind(to)) return LOST;
    const [there, back] = [from, to].map(formatSocketAddress);
    asked.add(`${there} ${back}`);
    return isBehind(to) && !asked.has(`${back} ${there}`) ? LOST : undefined;
  };
}

/** Relays everybody reaches, and two hosts that only these reach. */
function scene(seed: string, relayCount = 1) {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const relays = Array.from({ length: relayCount }, (_, i) =>
    world.member(`relay-${i}`, organisation, i === 0),
  );
  const [alpha, bravo] = ['alpha', 'bravo'].map((name) => world.member(name, organisation));
  firewall(world, true, alpha, bravo);
  for (const relay of relays.slice(1)) meet(world, relay, relays[0]);
  for (const host of [alpha, bravo]) meet(world, host, ...relays);
  for (const host of [...relays.slice(1), alpha, bravo])
    for (const relay of relays) if (relay !== host) pingOnce(world, host, relay);
  world.run(10_000);
  return { world, relays, alpha, bravo };
}

t.test('two that nobody reaches talk through a relay, and each finds the other by name', async (t) => {
  const { world, alpha, bravo, relays } = scene('relayed');
  t.notOk(alpha.node.reach().isGlobal);
  t.match(resolve(world, alpha, 'bravo.node'), { kind: 'found' });
  t.type(pingOnce(world, alpha, bravo), 'number');
  t.ok(isConnected(alpha, bravo));
  const path = alpha.node.peers(world.now).find(({ name }) => name === 'bravo')?.path;
  t.equal(path?.kind, 'relayed');
  t.equal(relays[0].node.relaying().circuits, 1);
});

t.test('one that was idle for long is reached within one handshake', async (t) => {
  const { world, relays, alpha, bravo } = scene('idle');
  // The relay has no keys with bravo any more.
  world.run(5 * MINUTE_MS);
  t.type(pingOnce(world, alpha, relays[0]), 'number');
  const before = world.now;
  t.match(resolve(world, alpha, 'bravo.node'), { kind: 'found' });
  alpha.sendInside(world.now, numbered(alpha, bravo, 1));
  t.ok(world.runUntil(() => numbersReceived(bravo).includes(1), 10_000));
  t.ok(world.now - before < 250, `${world.now - before} ms, less than the handshake waits before it repeats`);
});
