// A service that was offered before, by a node whose new certificate, or whose new version, does not allow it.
import t from 'tap';
import { pingOnce } from '../../src/sim/scenarios.ts';
import { makeWorld } from './traffic.ts';

for (const name of ['db', 'localhost']) {
  t.test(
    `a node with a service ${name} that it may not offer any more starts and tells nobody of it`,
    async (t) => {
      const world = makeWorld({ seed: name });
      const acme = world.organisation('acme');
      const alpha = world.member('alpha', acme, { isSigner: true });
      const bravo = world.member('bravo', acme, { provides: ['web'] });
      const service = {
        name,
        port: 80,
        protocol: 'tcp',
        target: '',
        check: 'none',
        weight: 1,
        share: '',
      } as const;
      bravo.disk.services.set(name, { ...service, selector: 7 });
      bravo.restart(world.now, [alpha]);
      t.type(pingOnce(world, bravo, alpha), 'number');
      t.strictSame(
        bravo.node.listServices().map((kept) => kept.name),
        [name],
        'it can be seen and removed',
      );
      bravo.run(world.now, (now) => bravo.node.removeService(name, now));
      t.strictSame(bravo.node.listServices(), []);
    },
  );
}
