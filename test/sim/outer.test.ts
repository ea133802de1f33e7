import t from 'tap';
import { ipv4, type SocketAddress } from '../../src/core/base/ip.ts';
import { encodeControl } from '../../src/core/wire/wire.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { addressesAt, meet, pair, pingOnce } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { makeWorld, numbered } from './traffic.ts';

/** Datagrams of `host` seem to come from an address of its choice, as far as nobody answers. */
function spoof(world: World, host: SimHost, from: SocketAddress): () => void {
  const { wire } = world;
  const real = wire.send;
  wire.send = (source, to, bytes, now) =>
    real.call(wire, source === host.address ? from : source, to, bytes, now);
  return () => {
    wire.send = real;
  };
}

t.test('datagrams that come from the overlay itself move no path into it', async (t) => {
  const world = makeWorld({ seed: 'overlay' });
  const alpha = world.member('alpha', world.organisation('acme'), true);
  const evil = world.member('evil', world.organisation('evilcorp'));
  meet(world, evil, alpha);
  world.run(1000);
  const { v4, v6 } = addressesAt(alpha, evil);
  const own = alpha.node.needs.interfaceAddresses();
  const before = alpha.node.peers(world.now)[0].path;
  const inside = [v6, own.ipv6.ip, v4, own.ipv4.ip, ipv4(127, 0, 0, 1)];
  for (const ip of inside) {
    const stop = spoof(world, evil, { ip, port: 9376 });
    evil.sendInside(world.now, numbered(evil, alpha, 1));
    world.run(300);
    evil.node.rekeyAll(world.now);
    world.run(300);
    stop();
    t.strictSame(alpha.node.peers(world.now)[0].path, before);
  }
  t.ok((alpha.node.status(world.now).drops.pathAddress ?? 0) >= 2 * (inside.length - 1));
  world.run(5000);
  t.ok((pingOnce(world, evil, alpha) ?? 0) > 0, 'and the honest way goes on');
});

t.test('an overlay address that a record names is never sent to', async (t) => {
  const world = makeWorld({ seed: 'overlay record' });
  const [alpha, bravo] = pair(world);
  // Long enough that a record of its own is taken up again.
  world.run(30_000);
  const ip = addressesAt(alpha, bravo).v6;
  const honest = bravo.port.sendControl.bind(bravo.port);
  bravo.port.sendControl = (key, counter, path, plaintext) => {
    if (plaintext.length === 0) return honest(key, counter, path, plaintext);
    const organisation = new Uint8Array(32);
    const nodes = [
      {
        nodeId: bravo.keys.nodeId,
        name: 'bravo',
        organisation,
        addresses: [{ ip, port: 9376 }],
        core: false,
        relays: [],
      },
    ];
    return honest(key, counter, path, encodeControl({ kind: 'nodeRecords', nodes }));
  };
  const before = alpha.node.status(world.now).drops.pathAddress ?? 0;
  pingOnce(world, alpha, bravo);
  t.ok((alpha.node.status(world.now).drops.pathAddress ?? 0) > before);
  let seen = 0;
  world.wire.tap = (flight) => void (flight.to.ip[0] === 0xfd && seen++);
  bravo.port.sendControl = () => undefined;
  bravo.port.readOutside = () => undefined;
  for (let i = 0; i < 20; i++) {
    alpha.sendInside(world.now, numbered(alpha, bravo, i));
    world.run(500);
  }
  t.equal(seen, 0);
});
