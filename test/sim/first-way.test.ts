// Where the first data of a session goes: to an address at which the remote proved to receive, without another round trip.
import t from 'tap';
import { DatagramType } from '../../src/core/base/batch-layout.generated.ts';
import { equalSocketAddress } from '../../src/core/base/ip.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { isConnected, meet } from '../../src/sim/scenarios.ts';
import { defects, makeWorld, numbered, numbersReceived } from './traffic.ts';

/** ms, as the simulator's wire is. */
const ONE_WAY_MS = 5;

function scene(seed: string) {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const alpha = world.member('alpha', organisation, true);
  const bravo = world.member('bravo', organisation);
  const received = (host: SimHost, number: number) => numbersReceived(host).includes(number);
  return { world, alpha, bravo, received };
}

t.test(
  'who is asked at one address and answers from another gets the first packet where it was asked',
  async (t) => {
    const { world, alpha, bravo, received } = scene('two addresses');
    const other = world.freshAddress();
    const send = world.wire.send.bind(world.wire);
    let direct = 0;
    world.wire.send = (from, to, datagram, now, ttl) => {
      if (equalSocketAddress(to, bravo.address)) direct++;
      return send(from, equalSocketAddress(to, other) ? bravo.address : to, datagram, now, ttl);
    };
    alpha.disk.knownNodes.set(bravo.key, { ...bravo.asKnown(), addresses: [other] });
    alpha.restart(world.now);
    alpha.sendInside(world.now, numbered(alpha, bravo, 1));
    world.run(3 * ONE_WAY_MS);
    t.ok(received(bravo, 1), 'handshake and packet: one and a half round trips');
    t.equal(direct, 0, 'nothing went where nobody was asked');
    for (let n = 2; n < 20; n++) {
      bravo.sendInside(world.now, numbered(bravo, alpha, n));
      world.run(50);
    }
    alpha.sendInside(world.now, numbered(alpha, bravo, 20));
    world.run(ONE_WAY_MS);
    t.ok(received(bravo, 20) && received(alpha, 19));
  },
);

t.test('an initiation that comes from two addresses, and whose sender is answered at once', async (t) => {
  const { world, alpha, bravo, received } = scene('two sources');
  const other = world.freshAddress();
  const send = world.wire.send.bind(world.wire);
  world.wire.send = (from, to, datagram, now, ttl) => {
    // As where a host has two uplinks: a copy comes over each.
    if (datagram[0] === DatagramType.initiation && equalSocketAddress(from, bravo.address))
      world.wire.inject({ from: other, to, bytes: datagram.slice(), at: now }, now);
    return send(from, to, datagram, now, ttl);
  };
  meet(world, bravo, alpha);
  bravo.sendInside(world.now, numbered(bravo, alpha, 1));
  world.run(3 * ONE_WAY_MS);
  t.ok(received(alpha, 1));
  alpha.sendInside(world.now, numbered(alpha, bravo, 2));
  world.run(ONE_WAY_MS);
  t.ok(received(bravo, 2));
  t.strictSame(alpha.node.status(world.now).drops, {});
});

t.test(
  'the confirmation of a first session is lost: what is to be said waits for a proof, and is said',
  async (t) => {
    const { world, alpha, bravo, received } = scene('lost confirmation');
    const send = world.wire.send.bind(world.wire);
    let isLost = false;
    world.wire.send = (from, to, datagram, now, ttl) => {
      if (!isLost && datagram[0] === DatagramType.transport && equalSocketAddress(from, bravo.address)) {
        isLost = true;
        return true;
      }
      return send(from, to, datagram, now, ttl);
    };
    meet(world, bravo, alpha);
    bravo.sendInside(world.now, numbered(bravo, alpha, 1));
    world.run(3 * ONE_WAY_MS);
    t.ok(isLost && received(alpha, 1), 'what it sent is taken');
    alpha.sendInside(world.now, numbered(alpha, bravo, 2));
    world.run(3 * ONE_WAY_MS);
    t.ok(received(bravo, 2), 'the answer waits for one round trip');
    t.ok(isConnected(alpha, bravo) && isConnected(bravo, alpha));
    world.run(3000);
    const known = bravo.node.peers(world.now).find(({ name }) => name === 'alpha');
    t.type(known?.rttMs, 'number');
    t.type(
      alpha.node.peers(world.now).find(({ name }) => name === 'bravo')?.rttMs,
      'number',
      'it was asked for',
    );
  },
);

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
