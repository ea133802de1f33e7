import t from 'tap';
import { ipv4 } from '../../src/core/base/ip.ts';
import { generateNodeKeys } from '../../src/core/identity/identity.ts';
import type { NodeRecord } from '../../src/core/wire/types.ts';
import { encodeControl } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { pair } from '../../src/sim/scenarios.ts';
import { makeWorld } from './traffic.ts';

const RECORDS = 10;

/** Two colleagues; `tell(make)` has the second tell the first RECORDS records in one message. */
function colleagues(seed: string) {
  const world = makeWorld({ seed });
  const [alpha, bravo] = pair(world);
  world.run(100);
  let make = (_i: number): NodeRecord => ghost();
  const ghost = (): NodeRecord => ({
    nodeId: generateNodeKeys(fakeCrypto, world.rng).nodeId,
    name: 'ghost',
    organisation: new Uint8Array(32).fill(1),
    addresses: [],
    core: false,
  });
  const invalid = (): NodeRecord => ({ ...ghost(), nodeId: world.rng.bytes(32).fill(0xff, 31) });
  const { port } = bravo;
  const honest = port.sendControl.bind(port);
  port.sendControl = (key, counter, path) => {
    const nodes = Array.from({ length: RECORDS }, (_, i) => make(i));
    honest(key, counter, path, encodeControl({ kind: 'nodeRecords', nodes }));
  };
  const tell = (record: (i: number) => NodeRecord): void => {
    make = record;
    bravo.run(world.now, (now) => bravo.node.ping(alpha.keys.nodeId, now));
    world.run(10);
  };
  const known = (): number => alpha.node.peers(world.now).length - 1;
  const drops = () => alpha.node.status(world.now).drops;
  return { world, tell, ghost, invalid, known, drops };
}

t.test('a colleague makes so many nodes known at once, and so many a second', async (t) => {
  const { world, tell, ghost, known, drops } = colleagues('many');
  const from = world.now;
  for (let i = 0; i < 50; i++) tell(ghost);
  const seconds = (world.now - from) / 1000;
  t.ok(known() >= 256);
  t.ok(known() <= 256 + 64 * seconds, `${known()} after ${seconds} s`);
  t.ok(drops().controlRateLimited > 0);
  const before = known();
  world.run(1000);
  tell(ghost);
  t.equal(known(), before + RECORDS, 'and later some more');
});

t.test('an invalid node ID ends its message, and its teller has to wait', async (t) => {
  const { world, tell, ghost, invalid, known, drops } = colleagues('invalid');
  tell((i) => (i < 5 ? ghost() : invalid()));
  t.equal(known(), 5);
  t.equal(drops().controlMalformed, 1, 'one was looked at');
  for (let i = 0; i < 50; i++) tell(invalid);
  t.ok(drops().controlMalformed <= 40, `${drops().controlMalformed} were looked at in half a second`);
  world.run(1000);
  tell(() => ({ ...ghost(), addresses: [{ ip: ipv4(192, 0, 2, 9), port: 9376 }] }));
  t.equal(known(), 5 + RECORDS, 'and is heard again');
});
