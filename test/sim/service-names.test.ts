// Services from name to packet, by whole nodes.
import t from 'tap';
import { admit, pair, resolve } from '../../src/sim/scenarios.ts';
import { udpPacket } from './packets.ts';
import { defects, makeWorld } from './traffic.ts';

const web = {
  name: 'web',
  port: 80,
  protocol: 'udp',
  target: '',
  check: 'none',
  weight: 1,
  share: '',
} as const;

t.test(
  'the first packet of a flow arrives, although the node asks and measures at that moment',
  async (t) => {
    const world = makeWorld({ seed: 'first packet' });
    const [boot, provider] = pair(world);
    const user = world.stranger('user');
    t.match(admit(world, boot, user), { ok: true });
    provider.run(world.now, (now) => provider.node.addService(web, now));
    world.run(2000);
    for (let flow = 0; flow < 5; flow++) {
      const found = resolve(world, user, 'web');
      if (found?.kind !== 'found') throw new Error('web was not found');
      world.run(5000);
      const before = provider.received.length;
      user.sendInside(
        world.now,
        udpPacket(user.address6, 5000 + flow, found.address, 80, Uint8Array.of(flow)),
      );
      world.run(50);
      t.equal(provider.received.length, before + 1, `flow ${flow}`);
    }
  },
);

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
