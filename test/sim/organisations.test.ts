import t from 'tap';
import { formatIp, ipv4 } from '../../src/core/base/ip.ts';
import { admit, meet } from '../../src/sim/scenarios.ts';
import { defects, makeWorld } from './traffic.ts';

t.test('another organisation hears nothing of newcomers, nor of addresses on the LAN', async (t) => {
  const world = makeWorld({ seed: 'discreet' });
  const acme = world.organisation('acme');
  const alpha = world.member('alpha', acme, true);
  const bravo = world.member('bravo', acme);
  const stranger = world.member('stranger', world.organisation('beta'));
  const lan = ipv4(192, 168, 7, 7);
  const addresses = [lan, alpha.address.ip];
  alpha.run(world.now, (now) => alpha.node.onHostEvent({ kind: 'localAddresses', addresses }, now));
  meet(world, stranger, alpha);
  meet(world, bravo, alpha);
  world.run(1000);
  t.match(admit(world, alpha, world.stranger('secret-host')), { ok: true });
  world.run(3000);
  t.notOk('controlNotAllowed' in stranger.node.status(world.now).drops, 'no record of a third node');
  t.equal(bravo.node.find('secret-host')?.name, 'secret-host', 'colleagues are told');
  const told = (host: typeof bravo) => {
    host.run(world.now, (now) => host.node.shutdown(now));
    return host.disk.knownNodes.get(alpha.key)?.addresses.map(({ ip }) => formatIp(ip));
  };
  t.ok(told(bravo)?.includes(formatIp(lan)));
  t.strictSame(told(stranger), [formatIp(alpha.address.ip)]);
});

t.test('a name that two organisations have names neither', async (t) => {
  const world = makeWorld({ seed: 'namesakes' });
  const alpha = world.member('alpha', world.organisation('acme'));
  const [first, second] = [1, 2].map((i) => world.member(`beta-${i}`, world.organisation('beta')));
  const web = {
    name: 'web',
    port: 80,
    protocol: 'tcp',
    target: '',
    check: 'none',
    weight: 1,
    share: 'beta',
  } as const;
  const add = (share: string) => alpha.run(world.now, (now) => alpha.node.addService({ ...web, share }, now));
  meet(world, first, alpha);
  world.run(1000);
  const id = first.node.status(world.now).organisationId;
  t.equal(add('beta').share, id);
  alpha.run(world.now, (now) => alpha.node.removeService('web', now));
  meet(world, second, alpha);
  world.run(1000);
  t.throws(() => add('beta'), { code: 'ORGANISATION_AMBIGUOUS' });
  t.equal(add(id).share, id, 'its ID does');
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
