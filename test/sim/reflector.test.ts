import t from 'tap';
import { ipv4 } from '../../src/core/base/ip.ts';
import { encodeControl } from '../../src/core/wire/wire.ts';
import { meet } from '../../src/sim/scenarios.ts';
import { makeWorld, numbered } from './traffic.ts';

t.test('a member that names fresh addresses of a victim again and again moves little', async (t) => {
  const world = makeWorld({ seed: 'reflector' });
  const alpha = world.member('alpha', world.organisation('acme'), true);
  const evil = world.member('evil', world.organisation('evilcorp'));
  meet(world, evil, alpha);
  world.run(3000);
  let evilBytes = 0;
  let floodBytes = 0;
  world.wire.tap = (flight) => {
    if (flight.from === evil.address) evilBytes += flight.bytes.length;
    if (flight.to.ip[12] === 198) floodBytes += flight.bytes.length;
  };
  const honest = evil.port.sendControl.bind(evil.port);
  let port = 1;
  const record = () => ({
    nodeId: evil.keys.nodeId,
    name: 'evil',
    organisation: new Uint8Array(32),
    addresses: Array.from({ length: 8 }, () => ({ ip: ipv4(198, 51, 100, 7), port: port++ })),
    core: false,
    relays: [],
  });
  // Silence first, so that the node asks everywhere for a sign of life.
  evil.port.readOutside = () => undefined;
  evil.port.sendControl = () => undefined;
  alpha.sendInside(world.now, numbered(alpha, evil, 1));
  world.run(1720);
  evil.port.sendControl = (key, counter, path) =>
    honest(
      key,
      counter,
      path,
      encodeControl({ kind: 'nodeRecords', nodes: Array.from({ length: 6 }, record) }),
    );
  evilBytes = 0;
  for (let i = 0; i < 400; i++) {
    evil.run(world.now, (now) => evil.node.ping(alpha.keys.nodeId, now));
    world.run(5);
  }
  t.ok(port > 10_000, 'a lot was named');
  t.ok(evilBytes > 100_000);
  t.ok(floodBytes * 10 < evilBytes, `${floodBytes} bytes for ${evilBytes}`);
  t.ok((alpha.node.status(world.now).drops.controlRateLimited ?? 0) > 300);
});
