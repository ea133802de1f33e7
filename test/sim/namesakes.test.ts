// Signers that know nothing of each other admit two nodes under one name.
import t from 'tap';
import { nodeIdToText } from '../../src/core/identity/identity.ts';
import { namesakeWarnings } from '../../src/host/daemon/namesakes.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { admit, meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { defects, makeWorld } from './traffic.ts';

t.test('everybody means the same one by it, is warned, and no third one gets it', async (t) => {
  for (const seed of ['one', 'two', 'three', 'four']) {
    const world = makeWorld({ seed });
    const acme = world.organisation('acme');
    const [founder, deputy] = ['founder', 'deputy'].map((name) => world.member(name, acme, true));
    const members = ['bravo', 'charlie'].map((name) => world.member(name, acme));
    const [first, second] = ['first', 'second'].map((name) => world.stranger(name));
    t.match(admit(world, founder, first, 'web'), { ok: true });
    t.match(admit(world, deputy, second, 'web'), { ok: true });
    meet(world, deputy, founder);
    for (const host of members) meet(world, host, founder, deputy);
    const all = [founder, deputy, ...members];
    for (const host of all)
      for (const other of [first, second]) {
        meet(world, other, ...all);
        t.type(pingOnce(world, other, host), 'number');
      }
    world.run(10_000);

    const [one, two] = [first, second].map(({ keys }) => nodeIdToText(keys.nodeId)).sort();
    const nodeOf = (host: SimHost) => {
      const found = resolve(world, host, 'web.node');
      return found?.kind === 'found' && found.node !== undefined
        ? nodeIdToText(found.node.nodeId)
        : undefined;
    };
    for (const host of all) {
      t.equal(nodeOf(host), one, `${host.name} resolves it`);
      t.equal(
        nodeIdToText(host.node.find('web')?.nodeId ?? new Uint8Array(32)),
        one,
        `${host.name} finds it`,
      );
      const status = host.node.status(world.now);
      const [warning, ...others] = namesakeWarnings(status, status.peers);
      t.equal(warning?.code, 'NAME_TWICE');
      for (const id of [one, two]) t.match(warning?.message, id);
      t.equal(others.length, 0);
    }
    for (const signer of [founder, deputy])
      t.match(admit(world, signer, world.stranger(`third-${signer.name}`), 'web'), {
        ok: false,
        code: 'NAME_TAKEN',
      });
  }
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
