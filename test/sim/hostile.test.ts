import t from 'tap';
import { EMPTY } from '../../src/core/base/bytes.ts';
import { formatSocketAddress, ipv4, type SocketAddress } from '../../src/core/base/ip.ts';
import { uniform } from '../../src/core/base/rng.ts';
import { generateNodeKeys } from '../../src/core/identity/identity.ts';
import { PENDING_MAX } from '../../src/core/node/remotes.ts';
import { encodeControl } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import type { Flight } from '../../src/sim/network.ts';
import { admit, invite, isConnected, meet, pair, pingOnce } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { initiationTo } from './initiation.ts';
import { defects, makeWorld, numbersReceived, stream } from './traffic.ts';

const ELSEWHERE: SocketAddress = { ip: ipv4(198, 51, 100, 66), port: 4444 };

/** What must not change. */
function standing(host: SimHost, now: number) {
  const { peers, addresses, services } = host.node.status(now);
  const stable = peers.map(({ nodeId, name, state, path, txBytes, rxBytes }) => ({
    nodeId,
    name,
    state,
    path,
    txBytes,
    rxBytes,
  }));
  return { peers: stable, addresses, services, received: host.received.length, writes: host.disk.writes };
}

t.test('every datagram ever sent, sent again from everywhere, changes nothing', async (t) => {
  const world = makeWorld({ seed: 'replay', config: { rekeyAfterMs: 500 } });
  const captured: Flight[] = [];
  world.wire.tap = (flight) => captured.push(flight);
  const [alpha, bravo] = pair(world);
  const charlie = world.stranger('charlie');
  t.match(admit(world, alpha, charlie), { ok: true });
  stream(world, bravo, alpha, 3000, 25);
  stream(world, alpha, charlie, 500, 25);
  world.run(30_000);
  world.wire.tap = undefined;
  t.ok(captured.length > 150);
  const before = [alpha, bravo, charlie].map((host) => standing(host, world.now));
  const keys = [alpha, bravo, charlie].map((host) => host.port.keys.size);
  for (const flight of captured) {
    for (const from of [flight.from, ELSEWHERE]) world.wire.inject({ ...flight, from }, world.now);
    world.run(1);
  }
  t.strictSame(
    [alpha, bravo, charlie].map((host) => standing(host, world.now)),
    before,
  );
  world.run(60_000);
  t.ok([alpha, bravo, charlie].every((host, i) => host.port.keys.size <= keys[i]));
  t.ok((pingOnce(world, alpha, charlie) ?? 0) > 0);
});

t.test('replays at a node that forgot everything while the real peer talks', async (t) => {
  const world = makeWorld({ seed: 'forgetful' });
  const captured: Flight[] = [];
  world.wire.tap = (flight) => captured.push(flight);
  const [alpha, bravo] = pair(world);
  let number = stream(world, bravo, alpha, 2000, 20);
  world.wire.tap = undefined;
  alpha.restart(world.now);
  for (const flight of captured)
    if (flight.to === alpha.address) world.wire.inject({ ...flight, from: ELSEWHERE }, world.now);
  number = stream(world, bravo, alpha, 3000, 20, number);
  world.run(100);
  t.ok(numbersReceived(alpha).includes(number - 1));
  const got = numbersReceived(alpha);
  t.equal(new Set(got).size, got.length, 'nothing came twice');
  t.notMatch(alpha.node.peers(world.now)[0].path?.remote, /^198\.51/);
});

t.test('a flood of garbage, cut, bent and reflected datagrams: counted, unanswered, harmless', async (t) => {
  const world = makeWorld({ seed: 'garbage' });
  const captured: Flight[] = [];
  world.wire.tap = (flight) => captured.push(flight);
  const [alpha, bravo] = pair(world);
  stream(world, bravo, alpha, 500, 20);
  world.wire.tap = undefined;
  const { rng } = world;
  const answers: Flight[] = [];
  world.wire.tap = (flight) => void (flight.to.port === ELSEWHERE.port && answers.push(flight));
  let injectedBytes = 0;
  for (let round = 0; round < 100; round++) {
    for (let i = 0; i < 100; i++) {
      const flight = captured[uniform(rng, captured.length)];
      const bytes = hostileBytes(flight.bytes, i % 5, () => uniform(rng, 256), rng.u32());
      injectedBytes += bytes.length;
      world.wire.inject({ from: ELSEWHERE, to: alpha.address, bytes, at: world.now }, world.now);
    }
    world.run(2);
  }
  world.wire.tap = undefined;
  const number = stream(world, bravo, alpha, 500, 20, 1000);
  world.run(100);
  t.equal(
    numbersReceived(alpha).filter((n) => n >= 1000).length,
    number - 1000,
    'nothing of the real stream is lost',
  );
  t.equal(alpha.node.peers(world.now).length, 1);
  t.ok(isConnected(alpha, bravo));
  t.match(alpha.node.peers(world.now)[0].path?.remote, /^203\.0\.113/);
  const answered = answers.reduce((sum, flight) => sum + flight.bytes.length, 0);
  t.ok(answered * 3 < injectedBytes);
  const counted = Object.values(alpha.node.status(world.now).drops).reduce((sum, n) => sum + n, 0);
  const counters = alpha.port.counters.slice(8, 20).reduce((sum, n) => sum + n, 0);
  t.ok(counted + counters > 9000, `${counted} counted by the node, ${counters} by the port`);
});

function hostileBytes(real: Uint8Array, kind: number, byte: () => number, word: number): Uint8Array {
  const bytes = real.slice();
  switch (kind) {
    case 0:
      return Uint8Array.from({ length: word % 1500 }, byte);
    case 1:
      return bytes.subarray(0, word % (bytes.length + 1));
    case 2:
      bytes[word % bytes.length] ^= 1 << (word % 8);
      return bytes;
    case 3:
      bytes[0] = 1 + (word % 6);
      return bytes;
    default:
      return Uint8Array.from([4, 0, 0, 0, ...Array.from({ length: 60 }, byte)]);
  }
}

t.test('a crowd of joiners without a token: bounded, and members go on', async (t) => {
  const world = makeWorld({ seed: 'crowd' });
  const [alpha, bravo] = pair(world);
  world.run(100);
  for (let i = 0; i < 300; i++) {
    const from = { ip: ipv4(198, 51, 100 + (i >> 8), i & 255), port: 1000 + i };
    world.wire.inject(
      { from, to: alpha.address, bytes: joinerInitiation(world, alpha), at: world.now },
      world.now,
    );
    world.run(30);
  }
  t.ok(alpha.port.keys.size <= 2 * PENDING_MAX + 8, `${alpha.port.keys.size} keys`);
  t.equal(alpha.node.peers(world.now).length, 1);
  t.ok((pingOnce(world, bravo, alpha) ?? 0) > 0);
  const real = world.stranger('delta');
  t.match(admit(world, alpha, real), { ok: true });
  world.run(300_000);
  t.ok(alpha.port.keys.size <= 8, 'and they are gone after a while');
});

t.test('joiners that never were push out nobody who is being admitted', async (t) => {
  const world = makeWorld({ seed: 'evicted joiner' });
  const [alpha] = pair(world);
  const real = world.stranger('delta');
  const { token } = invite(world, alpha, 1);
  alpha.isDiskFull = true;
  real.run(world.now, (now) => real.node.join({ token, name: 'delta' }, now));
  world.run(200);
  for (let i = 0; i < 100; i++) {
    const from = { ip: ipv4(198, 51, 100, i), port: 1000 + i };
    const bytes = joinerInitiation(world, alpha);
    world.wire.inject({ from, to: alpha.address, bytes, at: world.now }, world.now);
    world.run(5);
  }
  alpha.isDiskFull = false;
  t.match(world.waitFor(real, 'joined', 1000), { result: { ok: true } }, 'by the next request');
});

t.test('a member that talks nonsense: counted, bounded, and nobody else is harmed', async (t) => {
  const world = makeWorld({ seed: 'insider' });
  const [alpha, bravo] = pair(world);
  const charlie = world.stranger('charlie');
  t.match(admit(world, alpha, charlie), { ok: true });
  world.run(100);
  const { rng } = world;
  const { port } = bravo;
  const honest = port.sendControl.bind(port);
  port.sendControl = (key, counter, path, plaintext) => {
    const bent = plaintext.slice();
    if (bent.length > 1) bent[1 + uniform(rng, bent.length - 1)] = uniform(rng, 256);
    const rubbish = Uint8Array.of(0, ...rng.bytes(uniform(rng, 200)));
    honest(key, counter, path, rng.u32() % 2 === 0 ? bent : rubbish);
  };
  for (let i = 0; i < 1000; i++) {
    bravo.run(world.now, (now) => bravo.node.ping(alpha.keys.nodeId, now));
    if (i % 50 === 0) world.run(10);
  }
  world.run(3000);
  const { drops } = alpha.node.status(world.now);
  t.ok(drops.controlMalformed > 50);
  t.ok(drops.controlRateLimited > 100);
  t.equal(alpha.node.peers(world.now).length, 2);
  t.ok((pingOnce(world, alpha, charlie) ?? 0) > 0);
});

t.test('nobody is believed what it says of other nodes, whether a stranger or a colleague', async (t) => {
  const world = makeWorld({ seed: 'records' });
  const [alpha, bravo] = pair(world);
  const beta = world.member('beta-one', world.organisation('beta'));
  meet(world, beta, alpha);
  world.run(100);
  for (const host of [beta, bravo]) {
    const honest = host.port.sendControl.bind(host.port);
    host.port.sendControl = (key, counter, path) => {
      const nodes = Array.from({ length: 8 }, (_, i) => ({
        nodeId: generateNodeKeys(fakeCrypto, world.rng).nodeId,
        name: `ghost-${i}`,
        organisation: new Uint8Array(32).fill(1),
        addresses: [{ ip: ipv4(127, 0, 0, 1), port: 22 }, ELSEWHERE],
        core: false,
        relays: [],
      }));
      honest(key, counter, path, encodeControl({ kind: 'nodeRecords', nodes }));
    };
    for (let i = 0; i < 10; i++) host.run(world.now, (now) => host.node.ping(alpha.keys.nodeId, now));
    world.run(100);
    const { drops } = alpha.node.status(world.now);
    t.equal(alpha.node.peers(world.now).length, 2);
    t.ok(drops.controlNotAllowed >= (host === beta ? 80 : 160));
  }
  let strays = 0;
  world.wire.tap = (flight) => void (flight.to.port === 22 && strays++);
  for (const peer of alpha.node.peers(world.now)) {
    const found = alpha.node.find(peer.nodeId);
    if (found !== undefined) alpha.run(world.now, (now) => alpha.node.ping(found.nodeId, now));
  }
  world.run(5000);
  t.equal(strays, 0, 'nothing is sent to this host because somebody said so');
});

t.test('a member that changes its address with every datagram costs hardly any disk', async (t) => {
  const world = makeWorld({ seed: 'restless' });
  const [alpha, bravo] = pair(world);
  world.run(100);
  stream(world, bravo, alpha, 500, 20);
  let datagrams = 100;
  const writesIn10s = (): number => {
    const { writes } = alpha.disk;
    for (let i = 0; i < 500; i++) {
      bravo.move(world.freshAddress(), world.now, false);
      stream(world, bravo, alpha, 20, 20, datagrams++);
    }
    return alpha.disk.writes - writes;
  };
  // An address is written down before something is said to it for the first time: so many, sooner or later, then all of them as one.
  const writes = Array.from({ length: 8 }, writesIn10s);
  t.ok(
    Math.max(...writes) <= 130 && writes.reduce((sum, n) => sum + n) <= 160,
    `writes in 10 s each: ${writes}`,
  );
  t.ok(writesIn10s() <= 3, 'from then on hardly any');
  world.run(60_000);
  const saved = alpha.disk.knownNodes.get(bravo.key)?.addresses[0];
  t.strictSame(saved && formatSocketAddress(saved), alpha.node.peers(world.now)[0].path?.remote);
});

function joinerInitiation(world: World, signer: SimHost): Uint8Array {
  const keys = generateNodeKeys(fakeCrypto, world.rng);
  return initiationTo(world, signer, keys, { kind: 'joiner', chain: EMPTY, freshness: 1 });
}

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
