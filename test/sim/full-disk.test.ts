import t from 'tap';
import { equalSocketAddress } from '../../src/core/base/ip.ts';
import { FRESHNESS_BLOCK } from '../../src/core/session/session.ts';
import { pair, pingOnce } from '../../src/sim/scenarios.ts';
import { defects, makeWorld } from './traffic.ts';

const web = {
  name: 'web',
  port: 80,
  protocol: 'tcp',
  target: '',
  check: 'none',
  weight: 1,
  share: 'all',
} as const;

t.test('services whose change was not saved are as they were', async (t) => {
  const world = makeWorld({ seed: 'full services' });
  const [alpha] = pair(world);
  alpha.isDiskFull = true;
  alpha.run(world.now, (now) => alpha.node.addService(web, now));
  t.strictSame(alpha.node.listServices(), []);
  alpha.isDiskFull = false;
  const saved = alpha.run(world.now, (now) => alpha.node.addService(web, now));
  alpha.isDiskFull = true;
  alpha.run(world.now, (now) => alpha.node.removeService('web', now));
  alpha.run(world.now, (now) => {
    alpha.node.removeService('web', now);
    alpha.node.addService({ ...web, port: 81 }, now);
  });
  t.strictSame(alpha.node.listServices(), [saved]);
  t.match(saved, web);
  t.same(
    alpha.node.needs.endpoints().map(({ name, port, selector }) => ({ name, port, selector })),
    [{ name: 'web', port: 80, selector: saved.selector }],
  );
});

t.test('no initiation leaves before its number is on disk', async (t) => {
  const world = makeWorld({ seed: 'full freshness' });
  const [alpha, bravo] = pair(world);
  world.run(1000);
  alpha.kill();
  world.run(1000);
  let sent = 0;
  world.wire.tap = (flight) => {
    if (flight.bytes[0] === 1 && equalSocketAddress(flight.from, alpha.address)) sent++;
  };
  alpha.isDiskFull = true;
  const before = alpha.disk.freshness;
  alpha.restart(world.now);
  alpha.run(world.now, (now) => alpha.node.ping(bravo.keys.nodeId, now));
  world.run(4000);
  t.equal(sent, 0);
  t.equal(alpha.disk.freshness, before);
  alpha.isDiskFull = false;
  t.ok((pingOnce(world, alpha, bravo) ?? 0) > 0, 'goes on when there is space again');
  t.ok(sent > 0);
  t.equal(alpha.disk.freshness, before + FRESHNESS_BLOCK);
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
