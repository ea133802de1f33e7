// Whether a node believes that it is reached unasked, and what makes it doubt.
import t from 'tap';
import { formatSocketAddress, ipv4 } from '../../src/core/base/ip.ts';
import { admit, invite, joinBy, pair, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { makeWorld } from './traffic.ts';

t.test('addresses that stay or come are no reason to doubt, one that goes is', async (t) => {
  const world = makeWorld({ seed: 'again' });
  const [alpha, bravo] = pair(world);
  pingOnce(world, bravo, alpha);
  t.ok(alpha.node.reach().isGlobal);
  const tell = (...addresses: Uint8Array[]) =>
    alpha.run(world.now, (now) => alpha.node.onHostEvent({ kind: 'localAddresses', addresses }, now));
  tell(alpha.address.ip);
  t.ok(alpha.node.reach().isGlobal, 'a router announced itself');
  tell(alpha.address.ip, ipv4(192, 168, 9, 1));
  t.ok(alpha.node.reach().isGlobal, 'a bridge of containers, the network of a device');
  tell(ipv4(203, 0, 113, 250), ipv4(192, 168, 9, 1));
  t.notOk(alpha.node.reach().isGlobal);
});

t.test('who is no member proves nothing by coming', async (t) => {
  const world = makeWorld({ seed: 'nobody' });
  const alpha = world.member('alpha', world.organisation('acme'), true);
  world.run(100);
  const { token } = invite(world, alpha, 1);
  const guest = world.stranger('guest');
  guest.run(world.now, (now) => guest.node.join({ token, name: 'guest' }, now));
  world.waitFor(guest, 'joined', 40_000);
  t.notOk(alpha.node.reach().isGlobal);
  t.match(joinBy(world, world.stranger('other'), invite(world, alpha, 1).token, 'other'), { ok: true });
  world.run(2000);
  t.ok(alpha.node.reach().isGlobal, 'a member does');
});

t.test('of three nodes two go on finding services when the one that invited them is gone', async (t) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const world = makeWorld({ seed: `three ${seed}` });
    const boot = world.member('boot', world.organisation('acme'), true);
    const [provider, user] = ['provider', 'user'].map((name) => world.stranger(name));
    for (const host of [provider, user]) {
      t.match(admit(world, boot, host), { ok: true });
      world.run(1000);
    }
    t.ok(user.node.reach().isGlobal || provider.node.reach().isGlobal, 'one of them serves too');
    const web = {
      name: 'web',
      port: 80,
      protocol: 'tcp',
      target: '',
      check: 'none',
      weight: 1,
      share: '',
    } as const;
    provider.run(world.now, (now) => provider.node.addService(web, now));
    world.run(1000);
    boot.kill();
    t.match(resolve(world, user, 'web'), { kind: 'found', of: 'service' }, `seed ${seed}`);
  }
});

t.test('an address that a gateway passes on is told, and makes no core node by itself', async (t) => {
  const world = makeWorld({ seed: 'mapped' });
  const alpha = world.member('alpha', world.organisation('acme'), true);
  world.run(100);
  const mapped = { ip: ipv4(198, 51, 100, 9), port: 7777 };
  const tell = (address: typeof mapped | undefined) =>
    alpha.run(world.now, (now) => alpha.node.onHostEvent({ kind: 'mapped', address }, now));
  const request = { uses: 1, expiresMs: 1_900_000_000_000, addresses: [], provides: [] };
  const told = () =>
    alpha.run(world.now, (now) => alpha.node.invite(request, now)).addresses.map(formatSocketAddress);
  t.notOk(told().includes('198.51.100.9:7777'));
  tell(mapped);
  t.equal(told()[0], '198.51.100.9:7777', 'before those of the interfaces');
  t.equal(alpha.node.dhtStatus()?.isCore, false);
  tell(undefined);
  t.notOk(told().includes('198.51.100.9:7777'));
});

t.test('what a node says of itself while it starts is taken up, a flood of it is not', async (t) => {
  const world = makeWorld({ seed: 'anew' });
  const [alpha, bravo] = pair(world);
  const say = (times: number): number => {
    const { controlRateLimited: before = 0 } = alpha.node.status(world.now).drops;
    for (let i = 0; i < times; i++) {
      const address = { ip: ipv4(198, 51, 100, 9), port: 7000 + i };
      bravo.run(world.now, (now) => bravo.node.onHostEvent({ kind: 'mapped', address }, now));
      world.run(50);
    }
    const { controlRateLimited = 0 } = alpha.node.status(world.now).drops;
    return controlRateLimited - before;
  };
  pingOnce(world, bravo, alpha);
  t.equal(say(5), 0, 'it joins, starts, finds out how it is seen and who relays for it');
  t.ok(say(50) > 40);
});
