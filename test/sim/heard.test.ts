// A device on the link that makes up nodes: what it costs, and whom it pushes out.
import t from 'tap';
import { toHex } from '../../src/core/base/bytes.ts';
import { equalSocketAddress, ipv4, type SocketAddress } from '../../src/core/base/ip.ts';
import { generateNodeKeys } from '../../src/core/identity/identity.ts';
import { TOLD_MAX } from '../../src/core/node/known.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { pair, pingOnce } from '../../src/sim/scenarios.ts';
import { makeWorld } from './traffic.ts';

t.test('made-up nodes push out each other, and leave no alias behind', async (t) => {
  const world = makeWorld({ seed: 'heard' });
  const [alpha, bravo] = pair(world);
  pingOnce(world, bravo, alpha);
  world.run(1000);
  // Known from an earlier run, and not met in this one.
  bravo.kill();
  alpha.restart(world.now);
  const before = alpha.disk.aliases.size;
  for (let i = 0; i < TOLD_MAX + 300; i++) {
    const { nodeId } = generateNodeKeys(fakeCrypto, world.rng);
    const address = { ip: ipv4(198, 51, (i >> 8) & 255, i & 255), port: 9376 };
    alpha.run(world.now, (now) => alpha.node.onHostEvent({ kind: 'heard', nodeId, address }, now));
    if (i % 10 === 0) world.run(1000);
  }
  t.ok(alpha.node.peers(world.now).length <= TOLD_MAX + 1);
  t.ok(alpha.disk.aliases.size <= before + TOLD_MAX, `${alpha.disk.aliases.size - before} aliases`);
  const known = alpha.node.peers(world.now).map(({ name }) => name);
  t.ok(known.includes('bravo'), 'who proved itself once stays');
  t.ok(alpha.disk.knownNodes.has(toHex(bravo.keys.nodeId)));
});

t.test('names of made-up nodes, asked for by a program, do the same', async (t) => {
  const world = makeWorld({ seed: 'asked' });
  const [alpha, bravo] = pair(world);
  pingOnce(world, bravo, alpha);
  world.run(1000);
  bravo.kill();
  alpha.restart(world.now);
  const before = alpha.disk.aliases.size;
  for (let i = 0; i < TOLD_MAX + 300; i++) {
    const { nodeId } = generateNodeKeys(fakeCrypto, world.rng);
    alpha.run(world.now, (now) => alpha.node.resolve({ kind: 'nodeId', nodeId }, false, now));
    if (i % 40 === 0) world.run(1000);
  }
  const aliases = alpha.disk.aliases.size - before;
  t.ok(aliases > TOLD_MAX / 2 && aliases <= TOLD_MAX, `${aliases} aliases`);
  const names = alpha.node.peers(world.now).map(({ name }) => name);
  t.ok(names.includes('bravo'), 'who proved itself once stays');
});

t.test('however many are made up, a node that a program wants is called', async (t) => {
  const world = makeWorld({ seed: 'crowded' });
  const [, bravo] = pair(world);
  const { nodeId } = generateNodeKeys(fakeCrypto, world.rng);
  const address = { ip: ipv4(203, 0, 113, 7), port: 9376 };
  let calls = 0;
  world.wire.tap = ({ to }) => {
    if (equalSocketAddress(to, address)) calls++;
  };
  const hear = (nodeId: Uint8Array, address: SocketAddress) =>
    bravo.run(world.now, (now) => bravo.node.onHostEvent({ kind: 'heard', nodeId, address }, now));
  const crowd = (ms: number) => {
    for (let i = 0; i < ms; i++) {
      hear(generateNodeKeys(fakeCrypto, world.rng).nodeId, {
        ip: ipv4(198, 51, world.rng.u32() & 255, i),
        port: 9376,
      });
      if (i % 10 === 9) world.run(10);
    }
  };
  crowd(209);
  hear(nodeId, address);
  t.equal(calls, 0, 'talk waits for its turn');
  bravo.run(world.now, (now) => bravo.node.ping(nodeId, now));
  crowd(6000);
  t.ok(calls > 0);
});
