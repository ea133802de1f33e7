// Who takes itself for reached, although a NAT or a firewall lets in only what it opened for: such a node keeps a relay.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { formatSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import { PROVEN_MS } from '../../src/core/node/role.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { CLEAN_LINK } from '../../src/sim/network.ts';
import { admit, meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { Organisation, World } from '../../src/sim/world.ts';
import { NAT_KINDS, type NatKind } from '../reach/matrix.ts';
import { makeWorld, stream } from './traffic.ts';

interface Scene {
  readonly world: World;
  readonly organisation: Organisation;
  readonly peers: readonly SimHost[];
  readonly node: SimHost;
}

/** Nodes that everybody reaches, and one behind a NAT or (no kind) another of their own sort. */
function scene(seed: string, kind?: NatKind): Scene {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const peers = Array.from({ length: 4 }, (_, i) => world.member(`peer-${i}`, organisation, i === 0));
  for (const peer of peers.slice(1)) {
    meet(world, peer, peers[0]);
    pingOnce(world, peer, peers[0]);
  }
  const behind =
    kind === undefined
      ? {}
      : { behind: world.router({ ...NAT_KINDS[kind], initialMs: 30_000, streamMs: 120_000 }) };
  const node = world.member('node', organisation, behind);
  meet(world, node, peers[0]);
  pingOnce(world, node, peers[0]);
  world.run(20_000);
  return { world, organisation, peers, node };
}

function relaysOf({ peers, node }: Scene): SimHost[] {
  const ids = node.node.relaying().relays.map((id) => Buffer.from(id).toString('hex'));
  return peers.filter(({ key }) => ids.includes(key));
}

/** ms of round trip from a node that never heard of it and finds it by name; undefined: it cannot be reached. */
function callFromAfar(place: Scene, name: string, wanted = 'node.node'): number | undefined {
  const { world, organisation, peers, node } = place;
  const late = world.member(name, organisation);
  meet(world, late, peers[3]);
  pingOnce(world, late, peers[3]);
  if (resolve(world, late, wanted)?.kind !== 'found') return undefined;
  return pingOnce(world, late, node);
}

/** A stateful firewall before a host: it lets in whom the host called within a minute. */
function shutOff(world: World, host: SimHost): { isOpen: boolean } {
  const state = { isOpen: false };
  const called = new Map<string, number>();
  const flow = (own: SocketAddress, other: SocketAddress) => `${own.port} ${formatSocketAddress(other)}`;
  world.wire.linkOf = (from, to) => {
    if (equalBytes(from.ip, host.address.ip)) called.set(flow(from, to), world.now);
    if (state.isOpen || !equalBytes(to.ip, host.address.ip)) return undefined;
    const calledAt = called.get(flow(to, from)) ?? Number.NEGATIVE_INFINITY;
    return world.now - calledAt < MINUTE_MS ? undefined : { ...CLEAN_LINK, lossShare: 1 };
  };
  return state;
}

for (const kind of [
  'port-restricted',
  'badly-firewalled',
  'address-restricted',
  'symmetric-random',
] as const) {
  t.test(`${kind}: who keeps a way open by talking is not called unasked over it`, async (t) => {
    const place = scene(`talk ${kind}`, kind);
    const { world, node } = place;
    const [relay] = relaysOf(place);
    for (let round = 0; round < 5; round++) {
      stream(world, relay, node, 500, 100);
      stream(world, node, place.peers[2], 500, 100);
      stream(world, place.peers[2], node, 500, 100);
      world.run(45 * MINUTE_MS);
    }
    t.notOk(node.node.reach().isGlobal);
    t.equal(relaysOf(place).length, 1);
    t.type(callFromAfar(place, 'late'), 'number');
  });
}

t.test('a NAT that lets in everybody forgets who is idle: a relay keeps the way open', async (t) => {
  const place = scene('open', 'full-cone');
  const { world, node } = place;
  t.ok(node.node.reach().isGlobal);
  for (const name of ['early', 'late']) {
    t.equal(relaysOf(place).length, 1);
    t.equal(node.node.dhtStatus()?.isCore, true, 'it serves others all the same');
    t.type(callFromAfar(place, name), 'number');
    world.run(DAY_MS / 2);
  }
  node.run(world.now, (now) =>
    node.node.onHostEvent({ kind: 'mapped', address: place.peers[0].address }, now),
  );
  callFromAfar(place, 'last');
  world.run(2 * MINUTE_MS);
  t.equal(relaysOf(place).length, 0, 'a gateway that was asked to pass on everything does not forget');
});

t.test(
  'who is shut off unnoticed takes a relay after a while, until somebody comes unasked again',
  async (t) => {
    const place = scene('shut');
    const { world, node } = place;
    t.ok(node.node.reach().isGlobal);
    world.run(PROVEN_MS);
    t.equal(relaysOf(place).length, 0, 'who serves others is called often enough');
    const firewall = shutOff(world, node);
    world.run(PROVEN_MS + 3 * HOUR_MS);
    t.equal(relaysOf(place).length, 1);
    t.type(callFromAfar(place, 'late'), 'number');
    t.equal(node.node.dhtStatus()?.isCore, true, 'it is in doubt, not proven wrong');
    firewall.isOpen = true;
    world.run(PROVEN_MS);
    t.equal(relaysOf(place).length, 0);
  },
);

for (const kind of ['port-restricted', 'badly-firewalled'] as const) {
  t.test(`${kind}: who calls over what an earlier run opened proves nothing`, async (t) => {
    const { world, organisation, peers } = scene(`again ${kind}`);
    const others = Array.from({ length: 5 }, (_, i) => world.member(`other-${i}`, organisation));
    for (const other of others) {
      meet(world, other, peers[0]);
      pingOnce(world, other, peers[0]);
    }
    const node = world.stranger('late', { behind: world.router(NAT_KINDS[kind]) });
    // As the command does it: it joins, runs as a member until it has met others, and ends. The daemon comes after it.
    t.match(admit(world, peers[0], node), { ok: true });
    world.run(10_000);
    for (const run of ['joining', 'killed', 'killed again']) {
      for (const other of others) {
        resolve(world, node, `${other.name}.node`);
        pingOnce(world, node, other);
      }
      world.run(100_000);
      node.restart(world.now);
      // It turns to a few of those that it knows; the others have data for it, and find out that it has lost its keys.
      for (const other of others) stream(world, other, node, 100, 100);
      world.run(20_000);
      t.notOk(node.node.reach().isGlobal, run);
      t.equal(node.node.relaying().relays.length, 1, run);
    }
    t.type(callFromAfar({ world, organisation, peers, node }, 'caller', 'late.node'), 'number');
  });
}

t.test('who was reached is reached at once by the next run, at the same address', async (t) => {
  const { world, node, organisation, peers } = scene('next');
  for (const peer of peers) {
    resolve(world, node, `${peer.name}.node`);
    pingOnce(world, node, peer);
  }
  t.ok(node.node.reach().isGlobal);
  node.restart(world.now);
  t.ok(node.node.reach().isGlobal);
  t.equal(node.node.dhtStatus()?.isCore, true);
  world.run(10_000);
  t.same(node.node.relaying().relays, []);
  node.kill();
  world.run(PROVEN_MS + HOUR_MS);
  node.restart(world.now);
  t.notOk(node.node.reach().isGlobal, 'that was long ago');
  const late = world.member('late', organisation);
  meet(world, late, node);
  pingOnce(world, late, node);
  t.ok(node.node.reach().isGlobal);
  node.kill();
  node.move(world.freshAddress(), world.now, false);
  node.restart(world.now);
  t.notOk(node.node.reach().isGlobal, 'another address');
});

t.test('where others are told to come, no relay is needed', async (t) => {
  const world = makeWorld({ seed: 'told' });
  const organisation = world.organisation('acme');
  const peer = world.member('peer', organisation, true);
  const address = { ip: peer.address.ip, port: 1 };
  const node = world.member('node', organisation, { config: { advertise: [address] } });
  meet(world, node, peer);
  meet(world, peer, node);
  pingOnce(world, peer, node);
  pingOnce(world, node, peer);
  world.run(DAY_MS);
  t.same(node.node.relaying().relays, []);
});
