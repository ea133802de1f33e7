// A service with more providers than one node keeps.
import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { World } from './world.ts';

const PROVIDERS = 300;
const BOUND = 16;

for (const seed of ['hot', 'hotc', 'hotd']) {
  t.test(
    `${seed}: a key spreads, no node keeps more than its bound, all providers have the same chance`,
    async (t) => {
      const world = new World({ seed, limits: { recordsPerKey: BOUND } });
      world.grow(60, 20);
      world.run(30_000);
      while (world.nodes.length < PROVIDERS) {
        const client = world.add({ isCore: false });
        world.connect(client, world.nodes[client.index % 60]);
        world.connect(client, world.nodes[(client.index * 7 + 1) % 60]);
      }
      const key = world.serviceKey('hot');
      for (const node of world.nodes) {
        world.tell(node, { kind: 'publish', key, record: world.service(node, 'hot') });
        world.run(10);
      }
      world.run(60_000);
      const counts = new Map<string, number>();
      let draws = 0;
      let told = 0;
      for (let i = 0; i < 300; i++) {
        const found = world.find(world.nodes[i % 50], key);
        t.ok(found.records.length <= 32);
        if (Math.abs(found.total - PROVIDERS) < 40) told++;
        draws += found.records.length;
        for (const { publisher } of found.records)
          counts.set(toHex(publisher), (counts.get(toHex(publisher)) ?? 0) + 1);
      }
      const even = draws / PROVIDERS;
      const chi = world.nodes.reduce((sum, { id }) => sum + ((counts.get(id) ?? 0) - even) ** 2 / even, 0);
      // 299 degrees of freedom: 99 of 100 are below 358.
      t.ok(chi < 358, `chi-square ${chi} of ${draws} draws`);
      t.equal(counts.size, PROVIDERS);
      // Also of those that came in the same moment as others, while the key filled up.
      const fewest = Math.min(...counts.values());
      t.ok(fewest > even / 3, `${fewest} draws of one, ${even} on average`);
      t.ok(told >= 0.99 * 300, `${told} of 300 finds told how many there are`);
      t.ok(world.find(world.nodes[2], key, { limit: 1 }).records.length === 1);

      const gone = world.nodes[200];
      const record = world.record(gone, { kind: 'service', name: 'hot', sequence: 2 });
      world.tell(gone, { kind: 'publish', key, record });
      world.run(5000);
      for (let i = 0; i < 60; i++) {
        const { records } = world.find(world.nodes[i % 50], key);
        t.notOk(records.some(({ publisher }) => toHex(publisher) === gone.id));
      }
    },
  );
}
