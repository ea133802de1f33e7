import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { World } from './world.ts';

t.test('those that all clients began with do not get the work of all', async (t) => {
  const world = new World({ organisations: 4, seed: 'agents' });
  world.grow(40, 20);
  world.run(20_000);
  const boots = world.nodes.slice(0, 3);
  const clients = Array.from({ length: 30 }, () => world.add({ isCore: false }));
  for (const client of clients) {
    for (const boot of boots) world.connect(client, boot);
  }
  world.run(20_000);
  world.disconnectAll();
  const stores = new Map<string, number>();
  const tell = world.tell.bind(world);
  world.tell = (node, input) => {
    const isHandedOver =
      input.kind === 'message' &&
      input.message.kind === 'dhtStore' &&
      clients.some(({ id }) => id === toHex(input.from));
    if (isHandedOver) stores.set(node.id, (stores.get(node.id) ?? 0) + 1);
    return tell(node, input);
  };
  clients.forEach((client, i) => {
    const key = world.serviceKey(`camera-${i}`, client.identity.organisation);
    world.tell(client, {
      kind: 'publish',
      key,
      record: world.service(client, `camera-${i}`, { sequence: 1 }),
    });
  });
  world.run(20_000);
  const all = [...stores.values()].reduce((a, b) => a + b, 0);
  const ofBoots = boots.reduce((sum, { id }) => sum + (stores.get(id) ?? 0), 0);
  t.equal(all, 60, 'two agents each');
  t.ok(ofBoots < 24, `${ofBoots} of 60`);
});
