import t from 'tap';
import { ipv4 } from '../../src/core/base/ip.ts';
import { generateNodeKeys } from '../../src/core/identity/identity.ts';
import { DIAL_PADDING } from '../../src/core/wire/limits.ts';
import { encodeControl } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { pair } from '../../src/sim/scenarios.ts';
import { makeWorld } from './traffic.ts';

const address = { ip: ipv4(198, 51, 100, 9), port: 9376 };

/** Two colleagues; `ask` has the second ask the first to call so many nodes. */
function colleagues(seed: string) {
  const world = makeWorld({ seed });
  const [alpha, bravo] = pair(world);
  world.run(1000);
  const ghost = () => generateNodeKeys(fakeCrypto, world.rng).nodeId;
  const invalid = () => world.rng.bytes(32).fill(0xff, 31);
  const { port } = bravo;
  const honest = port.sendControl.bind(port);
  let make = ghost;
  port.sendControl = (key, counter, path) =>
    honest(
      key,
      counter,
      path,
      encodeControl({ kind: 'dialRequest', nodeId: make(), address, padding: DIAL_PADDING }),
    );
  const ask = (nodeId: () => Uint8Array, times: number): void => {
    make = nodeId;
    for (let i = 0; i < times; i++) bravo.run(world.now, (now) => bravo.node.ping(alpha.keys.nodeId, now));
    world.run(10);
  };
  const known = (): number => alpha.node.peers(world.now).length - 1;
  const drops = () => alpha.node.status(world.now).drops;
  return { world, ask, ghost, invalid, known, drops };
}

t.test('a colleague has so many nodes called at once, and so many a second', async (t) => {
  const { world, ask, ghost, known, drops } = colleagues('many');
  const from = world.now;
  for (let i = 0; i < 35; i++) ask(ghost, 10);
  const seconds = (world.now - from) / 1000;
  t.ok(known() >= 16);
  t.ok(known() <= 16 + seconds, `${known()} after ${seconds} s`);
  t.ok(drops().controlRateLimited > 0);
  const before = known();
  world.run(10_000);
  ask(ghost, 20);
  t.ok(known() >= before + 10, 'and later some more');
});

t.test('whoever names an invalid node ID has to wait', async (t) => {
  const { world, ask, ghost, invalid, known, drops } = colleagues('invalid');
  ask(ghost, 5);
  ask(invalid, 5);
  t.equal(known(), 5);
  t.ok(drops().controlMalformed <= 2, `${drops().controlMalformed} were looked at`);
  for (let i = 0; i < 30; i++) ask(invalid, 10);
  t.ok(drops().controlMalformed <= 40, `${drops().controlMalformed} were looked at in a moment`);
  world.run(1000);
  ask(ghost, 10);
  t.ok(known() > 5, `${known()} are known now: it is heard again`);
});
