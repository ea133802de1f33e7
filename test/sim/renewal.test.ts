// Certificates are renewed by whichever signer of the organisation is there.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { meet, pingOnce } from '../../src/sim/scenarios.ts';
import { EPOCH_MS } from '../../src/sim/world.ts';
import { makeWorld } from './traffic.ts';

const STEP_MS = 6 * HOUR_MS;

function endOf(host: SimHost, now: number): number {
  return host.node.status(now).certificateExpiresMs as number;
}

/** Two signers, a core node, a member of another organisation. */
function scene(seed: string) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme');
  const globex = world.organisation('globex');
  const founder = world.member('founder', acme, true);
  const deputy = world.member('deputy', acme, true);
  const member = world.member('member', acme);
  const foreigner = world.member('foreigner', globex);
  for (const host of [deputy, member, foreigner]) {
    meet(world, host, founder);
    pingOnce(world, host, founder);
  }
  return { world, founder, deputy, member, foreigner };
}

t.test('everybody is renewed on day 10, also when the founder is gone', async (t) => {
  const { world, founder, deputy, member, foreigner } = scene('renewal');
  const before = endOf(member, world.now);
  const foreign = endOf(foreigner, world.now);
  world.run(9 * DAY_MS);
  t.equal(endOf(member, world.now), before, 'not before it is due');
  founder.kill();
  const renewed = world.waitFor(member, 'renewed', 3 * DAY_MS);
  t.ok(renewed, 'the deputy renews');
  t.equal((renewed?.notAfter ?? 0) * 1000, endOf(member, world.now));
  t.ok(endOf(member, world.now) > before + 9 * DAY_MS);
  t.ok(
    deputy.events.some((event) => event.kind === 'memberRenewed' && event.name === 'member'),
    'and says so',
  );
  world.run(DAY_MS);
  t.ok(endOf(deputy, world.now) > before + 9 * DAY_MS, 'a signer renews itself');
  t.equal(endOf(foreigner, world.now), foreign, 'nobody renews for another organisation');
  t.ok(foreigner.events.some(({ kind }) => kind === 'renewalFailed'));
  pingOnce(world, member, deputy);
  member.restart(world.now, [deputy]);
  t.ok(endOf(member, world.now) > before, 'it is on disk');
  pingOnce(world, member, deputy);
});

t.test('what mcc says of its own accord is not on disk: who signs no longer says so no longer', async (t) => {
  const { world, founder, member } = scene('retired');
  world.run(MINUTE_MS);
  const ofMcc = (name: string): string[] => {
    const requestId = member.run(world.now, (now) => member.node.get(name, undefined, now));
    const { result } =
      world.waitFor(member, 'got', MINUTE_MS, (event) => event.requestId === requestId) ?? {};
    return result?.ok === true ? result.values.map(({ nodeName }) => nodeName).sort() : [];
  };
  t.same(ofMcc('mcc:signer'), ['deputy', 'founder']);
  t.same(ofMcc('mcc:epoch'), ['deputy', 'founder']);
  founder.run(world.now, (now) => founder.node.put('greeting', Uint8Array.of(1), now));
  t.same([...founder.disk.values.keys()], ['greeting']);
  // As if it were retired: it starts as an ordinary member, until its record has expired.
  founder.retire();
  founder.restart(world.now, [member]);
  world.run(26 * HOUR_MS);
  t.same(ofMcc('mcc:signer'), ['deputy']);
  t.ok(ofMcc('mcc:epoch').includes('deputy'), 'who signs no longer may carry what others stated');
  t.same(ofMcc('greeting'), ['founder'], 'what its user said stays');
});

t.test('with all signers gone it goes on asking, and is renewed when one is back', async (t) => {
  const { world, founder, deputy, member } = scene('orphan');
  world.run(DAY_MS);
  founder.kill();
  deputy.kill();
  for (let at = 0; at < 12 * DAY_MS; at += STEP_MS) world.run(STEP_MS);
  t.ok(member.events.filter(({ kind }) => kind === 'renewalFailed').length > 2);
  t.notOk(member.events.some(({ kind }) => kind === 'renewed'));
  deputy.restart(world.now, [member]);
  t.ok(world.waitFor(member, 'renewed', DAY_MS));
});

t.test(
  'a laptop that was off while its certificate ended is known again by a signer, by nobody else',
  async (t) => {
    const { world, founder, deputy, member } = scene('laptop');
    world.run(12 * DAY_MS);
    const end = endOf(member, world.now);
    t.same(member.disk.signers.length, 2, 'it knows who signs');
    member.kill();
    founder.kill();
    world.run(31 * DAY_MS);
    const now = (): number => EPOCH_MS + world.now;
    t.ok(now() > end, 'its certificate has ended');
    t.ok(endOf(deputy, world.now) > now(), "the deputy's has not");
    const other = world.member('other', world.organisation('globex'), { knows: [member] });
    member.restart(world.now, [other]);
    t.equal(pingOnce(world, member, other), undefined, 'others do not take it for a member');
    member.kill();
    member.restart(world.now, [deputy]);
    // It may have found the signer on its disk before.
    t.ok(
      world.runUntil(() => endOf(member, world.now) > now(), HOUR_MS),
      'a signer renews it',
    );
    pingOnce(world, member, deputy);
  },
);

t.test('a node that starts asks the signers that it knew, before the DHT finds any', async (t) => {
  const { world, founder, deputy, member, foreigner } = scene('starts');
  world.run(12 * DAY_MS);
  t.ok(member.disk.signers.length > 0);
  for (const host of [founder, deputy, member, foreigner]) host.kill();
  world.run(10 * DAY_MS);
  const before = Math.max(endOf(founder, world.now), endOf(member, world.now));
  member.restart(world.now);
  founder.restart(world.now);
  t.ok(world.runUntil(() => endOf(member, world.now) > before, MINUTE_MS));
});

t.test('after the grace only a token helps', async (t) => {
  const { world, founder, deputy, member, foreigner } = scene('late');
  for (const host of [founder, deputy, member, foreigner]) host.kill();
  world.run(61 * DAY_MS);
  t.throws(() => member.restart(world.now), { code: 'CERTIFICATE_INVALID', message: /expired/ });
});

t.test('a certificate that has ended opens nothing but its renewal', async (t) => {
  const { world, founder, deputy, member } = scene('nothing else');
  world.run(12 * DAY_MS);
  member.kill();
  world.run(31 * DAY_MS);
  member.restart(world.now, [deputy]);
  const before = deputy.node.status(world.now).drops;
  t.ok(world.waitFor(deputy, 'peerUp', HOUR_MS, ({ nodeId }) => equalBytes(nodeId, member.keys.nodeId)));
  t.notOk(
    deputy.node.peers(world.now).some(({ name, state }) => name === 'member' && state === 'connected'),
    'no member is connected',
  );
  t.ok(world.waitFor(member, 'renewed', HOUR_MS));
  t.ok(deputy.node.status(world.now).drops.controlNotAllowed >= (before.controlNotAllowed ?? 0));
  t.ok(
    world.runUntil(
      () =>
        deputy.node.peers(world.now).some(({ name, state }) => name === 'member' && state === 'connected'),
      HOUR_MS,
    ),
    'then it is',
  );
  t.ok(founder.isUp);
});
