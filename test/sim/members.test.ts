// What a signer says of members after they were admitted: it is in their certificates a moment later, and on what runs.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import type { ServiceRequest } from '../../src/core/node/types.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { addressesAt, admit, joinBy, meet, pingOnce } from '../../src/sim/scenarios.ts';
import { EPOCH_MS } from '../../src/sim/world.ts';
import { tcpPacket } from './packets.ts';
import { makeWorld } from './traffic.ts';

const WEB: ServiceRequest = {
  name: 'web',
  port: 80,
  protocol: 'tcp',
  target: '',
  check: 'none',
  weight: 100,
  share: 'tag:db',
};
const SYN = 2;
const ACK = 16;

/** A signer, another one, a member that offers a service to those with a tag, and one that wants it. */
function scene(seed: string) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme');
  const signer = world.member('signer', acme, { isSigner: true });
  const deputy = world.member('deputy', acme, { isSigner: true });
  const provider = world.member('provider', acme);
  const member = world.member('member', acme, { tags: ['web'] });
  for (const [a, b] of [
    [member, signer],
    [provider, signer],
    [deputy, signer],
    [member, provider],
  ]) {
    meet(world, a, b);
    pingOnce(world, a, b);
  }
  provider.run(world.now, (now) => provider.node.addService(WEB, now));
  const set = (by: SimHost, of: SimHost, tags: string[]) =>
    by.run(world.now, (now) => by.node.changeMember(of.keys.nodeId, { tags }, now));
  let port = 4000;
  /** Whether a packet comes out at the provider: of the flow that runs, or of another one. */
  const sends = (flags: number, from: SimHost): boolean => {
    const before = provider.received.length;
    const { v6 } = addressesAt(from, provider);
    const packet = tcpPacket(from.address6, port, v6, 80, new Uint8Array(4), { flags, sequence: 1 });
    from.sendInside(world.now, packet);
    world.run(300);
    return provider.received.length > before;
  };
  const runs = (from = member): boolean => sends(ACK, from);
  const opens = (from = member): boolean => {
    port++;
    return sends(SYN, from);
  };
  const tags = (at: SimHost, of = member) =>
    at.node.members().find(({ nodeId }) => equalBytes(nodeId, of.keys.nodeId))?.tags;
  return { world, acme, signer, deputy, provider, member, set, opens, runs, tags };
}

t.test('tags given and taken act on what runs within two seconds', (t) => {
  const { world, signer, provider, member, set, opens, runs, tags } = scene('tags');
  t.notOk(opens());
  t.match(set(signer, member, ['db', 'db']), { tags: ['web'], pending: { tags: ['db'], provides: [] } });
  world.run(1000);
  t.ok(opens());
  t.ok(runs());
  t.same(tags(provider), ['db'], 'the provider knows');
  t.same(tags(signer), ['db']);
  t.equal(signer.node.members().find(({ name }) => name === 'member')?.pending, undefined, 'it is done');
  t.same(set(signer, member, ['db']).pending, undefined, 'the same once more changes nothing');
  // Twice within one second: the later one stands.
  set(signer, member, ['web']);
  world.run(100);
  set(signer, member, []);
  world.run(1500);
  t.notOk(runs());
  t.notOk(opens());
  t.same(tags(provider), []);
  t.equal(member.events.filter(({ kind }) => kind === 'peerDown').length, 0, 'no session was lost');
  world.run(HOUR_MS);
  t.same(tags(provider), [], 'and nothing comes back');
  t.end();
});

t.test('a signer has tags too', (t) => {
  const { world, signer, provider, set, opens, tags } = scene('signer');
  meet(world, signer, provider);
  t.notOk(opens(signer));
  t.match(set(signer, signer, ['db']), { tags: ['db'], isSelf: true, pending: undefined });
  world.run(1500);
  t.same(tags(provider, signer), ['db']);
  t.ok(opens(signer));
  signer.restart(world.now, [provider]);
  t.same(tags(signer, signer), ['db'], 'it is on disk');
  t.end();
});

t.test('who was off has it when it is back, also if the signer was started anew', (t) => {
  const { world, signer, provider, member, set, tags } = scene('off');
  member.kill();
  world.run(HOUR_MS);
  t.match(set(signer, member, ['db']), { isOnline: false, pending: { tags: ['db'] } });
  signer.restart(world.now, [provider]);
  world.run(HOUR_MS);
  member.restart(world.now, [signer, provider]);
  t.ok(world.runUntil(() => tags(signer)?.includes('db') === true, HOUR_MS));
  t.ok(world.runUntil(() => tags(provider)?.includes('db') === true, HOUR_MS));
  t.end();
});

t.test('what another signer says later stands, and renewals keep it', (t) => {
  const { world, signer, deputy, provider, member, set, tags } = scene('two');
  set(signer, member, ['db']);
  world.run(2000);
  meet(world, member, deputy);
  pingOnce(world, member, deputy);
  set(deputy, member, ['ops']);
  world.run(3000);
  t.same(tags(provider), ['ops']);
  t.same(tags(signer), ['ops'], 'the first one does not take it back');
  deputy.kill();
  world.run(12 * DAY_MS);
  t.same(tags(member, member), ['ops']);
  t.end();
});

t.test('what others may not say of a member, and what nobody may', (t) => {
  const { world, acme, signer, provider, member, set } = scene('rights');
  t.throws(() => set(provider, member, ['db']), { code: 'NOT_A_SIGNER' });
  t.throws(() => set(signer, member, ['no name']), { code: 'NAME_INVALID' });
  t.throws(
    () =>
      set(
        signer,
        member,
        Array.from({ length: 17 }, (_, i) => `t${i}`),
      ),
    { code: 'NAME_INVALID' },
  );
  t.throws(() => set(signer, world.member('unmet', acme), ['db']), { code: 'PEER_UNKNOWN' });
  const stranger = world.member('stranger', world.organisation('globex'));
  meet(world, stranger, signer);
  pingOnce(world, stranger, signer);
  t.throws(() => set(signer, stranger, ['db']), { code: 'MEMBER_OTHER' });
  t.same(signer.disk.memberChanges.size, 0);
  t.end();
});

t.test(
  'another key takes the place of a node: its name and tags go on, the old key is revoked with that',
  (t) => {
    const { world, signer, provider, member, tags } = scene('key');
    const expiresMs = EPOCH_MS + world.now + HOUR_MS;
    const invite = (replaces: SimHost, uses = 1) => {
      const request = { uses, expiresMs, addresses: [], provides: [], replaces: replaces.keys.nodeId };
      return signer.run(world.now, (now) => signer.node.invite(request, now)).token;
    };
    t.throws(() => invite(member, 2), { code: 'NUMBER_INVALID' });
    t.throws(() => invite(signer), { code: 'REVOKE_SELF' });
    const token = invite(member);
    const fresh = world.stranger('fresh');
    const other = world.stranger('other');

    signer.isDiskFull = true;
    fresh.run(world.now, (now) => fresh.node.join({ token, name: 'whatever' }, now));
    world.run(3000);
    t.notOk(
      fresh.events.some(({ kind }) => kind === 'joined'),
      'nothing is said that is not on disk',
    );
    t.same(signer.node.revocations(), [], 'and nothing is revoked');
    signer.isDiskFull = false;
    t.match(world.waitFor(fresh, 'joined', 40_000)?.result, { ok: true, name: 'member' });
    fresh.restart(world.now, [signer, provider]);
    t.ok(world.runUntil(() => pingOnce(world, fresh, provider) !== undefined, 10_000));
    t.same(tags(provider, fresh), ['web']);
    t.match(signer.node.revocations(), [{ kind: 'node', reason: /^its key was changed to / }]);
    t.ok(
      world.runUntil(() => member.node.revoked() !== null, 10_000),
      'the old one hears of it',
    );
    t.ok(world.runUntil(() => provider.node.revocations().length === 1, 10_000));
    t.same(
      signer.node.members().filter(({ name }) => name === 'member'),
      signer.node.members().filter(({ nodeId }) => equalBytes(nodeId, fresh.keys.nodeId)),
      'one has the name',
    );
    fresh.disk.chain = undefined;
    fresh.restart(world.now);
    t.match(joinBy(world, fresh, token, 'whatever'), { ok: true, name: 'member' }, 'asked once more');
    t.match(joinBy(world, other, token, 'other'), { ok: false, code: 'TOKEN_USED_UP' });
    t.equal(signer.node.revocations().length, 1);
    // What became of the invitation is on disk.
    fresh.kill();
    signer.restart(world.now, [provider]);
    world.run(MINUTE_MS);
    fresh.disk.chain = undefined;
    fresh.restart(world.now);
    t.match(joinBy(world, fresh, token, 'whatever'), { ok: true, name: 'member' });
    t.end();
  },
);

t.test(
  'two signers who did not know of each other give one name twice: both work by their IDs, and the name is called ambiguous',
  (t) => {
    const world = makeWorld({ seed: 'twins' });
    const acme = world.organisation('acme');
    const [one, two] = ['one', 'two'].map((name) => world.member(name, acme, { isSigner: true }));
    const [first, second] = ['first', 'second'].map((name) => world.stranger(name));
    t.match(admit(world, one, first, 'twin'), { ok: true, name: 'twin' });
    t.match(admit(world, two, second, 'twin'), { ok: true, name: 'twin' });
    const client = world.member('client', acme);
    meet(world, client, first, second);
    for (const twin of [first, second]) t.ok((pingOnce(world, client, twin) ?? 0) > 0, 'by its ID');
    const [found, ...others] = client.node.namesakes();
    t.equal(others.length, 0);
    t.equal(found.name, 'twin');
    for (const { keys } of [first, second])
      t.ok(found.nodeIds.some((nodeId) => equalBytes(nodeId, keys.nodeId)));
    t.ok(client.node.find('twin') !== undefined, 'the name leads to one of them');
    t.same(one.node.namesakes(), [], 'nobody knows of it before it meets both');
    meet(world, first, second);
    pingOnce(world, first, second);
    t.equal(first.node.namesakes().at(0)?.nodeIds.length, 2, 'each of them knows');
    one.run(world.now, (now) => one.node.revokeNode(first.keys.nodeId, 'takes another name', false, now));
    meet(world, client, one);
    pingOnce(world, client, one);
    t.ok(
      world.runUntil(() => client.node.namesakes().length === 0, 10_000),
      'it is over when one is gone',
    );
    t.end();
  },
);
