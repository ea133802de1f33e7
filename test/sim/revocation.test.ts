// What becomes of the revoked: sessions, names, records, ways back in; and how the others learn of it.
import t from 'tap';
import { EMPTY } from '../../src/core/base/bytes.ts';
import { issueMember, signRevocation, signRevocationByRoots } from '../../src/core/identity/identity.ts';
import type { Revocation } from '../../src/core/wire/types.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { invite, isConnected, joinBy, meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { EPOCH_MS, type Organisation, type World } from '../../src/sim/world.ts';
import { defects, makeWorld, numbered, numbersReceived } from './traffic.ts';

const SECOND = 1000;

/** Alpha signs; bravo and charlie talk to each other and to alpha. */
function three(seed: string) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme');
  const alpha = world.member('alpha', acme, { isSigner: true });
  const bravo = world.member('bravo', acme);
  const charlie = world.member('charlie', acme);
  for (const host of [bravo, charlie]) meet(world, host, alpha);
  meet(world, bravo, alpha, charlie);
  world.run(SECOND);
  t.ok((pingOnce(world, bravo, charlie) ?? 0) > 0);
  t.ok((pingOnce(world, charlie, alpha) ?? 0) > 0);
  return { world, acme, alpha, bravo, charlie };
}

function revoke(world: World, by: SimHost, target: SimHost, isMeant = false) {
  return by.run(world.now, (now) => by.node.revokeNode(target.keys.nodeId, 'stolen', isMeant, now));
}

function byRoots(world: World, kind: Revocation['kind'], target: Uint8Array, since = 0): Uint8Array {
  const issued = Math.floor((EPOCH_MS + world.now) / 1000);
  const statement = { kind, target, since, issued, reason: 'gone', extensions: [] };
  return signRevocationByRoots(
    fakeCrypto,
    world.network,
    { ...statement, organisation: EMPTY, issuer: EMPTY },
    [{ root: 0, seed: world.root.seed }],
  );
}

function take(world: World, by: SimHost, bytes: Uint8Array) {
  return by.run(world.now, (now) => by.node.takeRevocation(bytes, false, now));
}

const drops = (host: SimHost, world: World) => host.node.status(world.now).drops;
const isListed = (host: SimHost, other: SimHost, world: World) =>
  host.node.peers(world.now).some(({ name }) => name === other.name);

t.test('a session of the revoked ends at once, wherever it is, and it is told why', async (t) => {
  const { world, alpha, bravo, charlie } = three('at once');
  charlie.sendInside(world.now, numbered(charlie, bravo, 1));
  world.run(SECOND);
  t.same(numbersReceived(bravo), [1]);
  const [there, back] = [numbered(charlie, bravo, 2), numbered(bravo, charlie, 3)];
  const view = revoke(world, alpha, charlie);
  t.match(view, { kind: 'node', reason: 'stolen', organisation: 'acme', since: 0 });
  t.ok(world.runUntil(() => !isConnected(bravo, charlie) && !isConnected(alpha, charlie), SECOND));
  charlie.sendInside(world.now, there);
  bravo.sendInside(world.now, back);
  world.run(20 * SECOND);
  t.same(numbersReceived(bravo), [1]);
  t.same(numbersReceived(charlie), []);
  for (const host of [alpha, bravo]) {
    t.notOk(isListed(host, charlie, world));
    t.notOk(host.disk.knownNodes.has(charlie.key), 'nor on disk');
    t.equal(host.disk.revocations.size, 1);
    t.match(host.node.revocations(), [view]);
  }
  t.match(charlie.node.status(world.now).revoked, { reason: 'stolen' });
  t.ok(charlie.events.some(({ kind }) => kind === 'selfRevoked'));
  t.ok(bravo.events.some((event) => event.kind === 'peerDown' && event.reason === 'revoked'));
  t.equal(alpha.node.status(world.now).revoked, null);
});

t.test(
  'it comes back neither with the same certificate, nor with a renewed one, nor by joining',
  async (t) => {
    const { world, acme, alpha, bravo, charlie } = three('back');
    revoke(world, alpha, charlie);
    world.run(SECOND);
    charlie.restart(world.now, [alpha, bravo]);
    charlie.run(world.now, (now) => charlie.node.ping(bravo.keys.nodeId, now));
    world.run(10 * SECOND);
    t.notOk(isConnected(bravo, charlie));
    t.ok(drops(bravo, world).certificateRevoked > 0);
    const renewed = issueMember(fakeCrypto, world.network, acme.signed, acme.signer.seed, {
      nodeId: charlie.keys.nodeId,
      name: 'charlie',
      now: Math.floor((EPOCH_MS + world.now) / 1000) + 60,
      nonce: world.rng.bytes(16),
    });
    charlie.kill();
    charlie.disk.chain = renewed;
    // As if it had never heard of it.
    charlie.disk.revocations.clear();
    charlie.restart(world.now, [alpha, bravo]);
    const before = drops(bravo, world).certificateRevoked;
    charlie.run(world.now, (now) => charlie.node.ping(bravo.keys.nodeId, now));
    world.run(10 * SECOND);
    t.notOk(isConnected(bravo, charlie));
    t.ok(drops(bravo, world).certificateRevoked > before);
    charlie.kill();
    charlie.disk.chain = undefined;
    charlie.restart(world.now);
    const { token } = invite(world, alpha, 1);
    t.match(joinBy(world, charlie, token, 'charlie'), { ok: false, code: 'NODE_REVOKED' });
    const fresh = world.stranger('fresh');
    t.match(joinBy(world, fresh, token, 'charlie'), { ok: true }, 'its name is free, and the token unused');
  },
);

t.test(
  'a node that was off learns at its first handshake, also when its disk is older than that',
  async (t) => {
    const { world, alpha, bravo, charlie } = three('off');
    const before = structuredClone([...bravo.disk.knownNodes]);
    bravo.kill();
    revoke(world, alpha, charlie);
    world.run(SECOND);
    for (const how of ['off', 'rolled back'] as const) {
      bravo.kill();
      bravo.disk.revocations.clear();
      bravo.disk.knownNodes.clear();
      for (const [key, node] of before) bravo.disk.knownNodes.set(key, node);
      bravo.restart(world.now, [alpha]);
      t.same(bravo.node.revocations(), []);
      t.ok(
        world.runUntil(() => bravo.node.revocations().length === 1, 5 * SECOND),
        how,
      );
      world.run(SECOND);
      t.notOk(isConnected(bravo, charlie));
      t.equal(bravo.disk.revocations.size, 1);
    }
  },
);

t.test('a node that was off while it was revoked is told why when it is back', async (t) => {
  const { world, alpha, bravo, charlie } = three('told');
  charlie.kill();
  revoke(world, alpha, charlie);
  world.run(10 * SECOND);
  charlie.restart(world.now, [alpha, bravo]);
  pingOnce(world, charlie, bravo);
  t.ok(
    world.runUntil(() => charlie.node.revoked() !== null, 30 * SECOND),
    'it knows',
  );
  t.ok(charlie.events.some(({ kind }) => kind === 'selfRevoked'));
  world.run(30 * SECOND);
  for (const host of [alpha, bravo]) t.notOk(isConnected(host, charlie), 'and is no member for that');
  t.ok((bravo.node.status(world.now).drops.certificateRevoked ?? 0) > 0);
  t.equal(charlie.disk.revocations.size, 1, 'it says so at its next start at once');
});

t.test('what two nodes that were apart know of is brought together', async (t) => {
  const world = makeWorld({ seed: 'apart' });
  const acme = world.organisation('acme');
  const [one, two] = ['one', 'two'].map((name) => world.member(name, acme, { isSigner: true }));
  const others = Array.from({ length: 80 }, (_, i) => world.member(`n${i}`, acme, { isOff: true }));
  for (const [i, other] of others.entries()) revoke(world, i % 2 === 0 ? one : two, other);
  t.equal(one.node.revocations().length, 40);
  meet(world, two, one);
  t.ok(world.runUntil(() => two.node.revocations().length === 80, 20 * SECOND));
  t.ok(world.runUntil(() => one.node.revocations().length === 80, 20 * SECOND));
});

t.test('names, services and records of the revoked lead nowhere', async (t) => {
  const { world, alpha, bravo, charlie } = three('names');
  const core = [alpha, bravo, charlie];
  for (const host of core) host.run(world.now, (now) => host.node.onHostEvent(publicAt(host), now));
  const web = {
    name: 'web',
    port: 80,
    protocol: 'tcp',
    target: '',
    check: 'none',
    weight: 1,
    share: '',
  } as const;
  charlie.run(world.now, (now) => charlie.node.addService(web, now));
  world.run(5 * SECOND);
  t.equal(resolve(world, bravo, 'web')?.kind, 'found');
  t.equal(resolve(world, bravo, 'charlie.node')?.kind, 'found');
  revoke(world, alpha, charlie);
  world.run(5 * SECOND);
  for (const host of [alpha, bravo]) {
    t.not(resolve(world, host, 'web')?.kind, 'found');
    t.not(resolve(world, host, 'charlie.node')?.kind, 'found');
  }
  world.run(60 * SECOND);
  t.not(resolve(world, bravo, 'web')?.kind, 'found');
});

function publicAt(host: SimHost) {
  return { kind: 'mapped' as const, address: host.address };
}

t.test('only who has the right to revokes: others change nothing', async (t) => {
  const { world, acme, alpha, bravo, charlie } = three('rights');
  const beta = world.organisation('beta');
  const stranger = world.member('stranger', beta, { isSigner: true, knows: [bravo] });
  t.ok((pingOnce(world, stranger, bravo) ?? 0) > 0);
  t.throws(() => revoke(world, bravo, charlie), { code: 'NOT_A_SIGNER' });
  t.throws(() => revoke(world, stranger, bravo), { code: 'REVOKE_TARGET' });
  t.throws(() => revoke(world, alpha, alpha), { code: 'REVOKE_SELF' });
  const foreign = statementBy(world, beta, charlie, acme);
  t.throws(() => take(world, bravo, foreign), { code: 'REVOKE_REFUSED' });
  t.throws(() => take(world, bravo, Uint8Array.of(1, 2, 3)), { code: 'REVOKE_REFUSED' });
  // A statement about a node of another organisation has no effect there.
  take(world, stranger, statementBy(world, beta, charlie, beta));
  world.run(2 * SECOND);
  t.equal(bravo.node.revocations().length, 1);
  t.ok(isConnected(bravo, charlie));
  t.ok((pingOnce(world, charlie, bravo) ?? 0) > 0);
  t.equal(resolve(world, bravo, 'charlie.node')?.kind, 'found');
  t.equal(charlie.node.status(world.now).revoked, null);
  revoke(world, alpha, charlie);
  t.throws(() => revoke(world, alpha, charlie), { code: 'ALREADY_REVOKED' });
  t.throws(
    () => alpha.run(world.now, (now) => alpha.node.revokeNode(bravo.keys.nodeId, 'a\nb', false, now)),
    {
      code: 'REASON_INVALID',
    },
  );
});

function statementBy(world: World, signs: Organisation, target: SimHost, of: Organisation): Uint8Array {
  const revocation: Revocation = {
    kind: 'node',
    target: target.keys.nodeId,
    since: 0,
    issued: Math.floor((EPOCH_MS + world.now) / 1000),
    reason: '',
    organisation: of.signer.nodeId,
    issuer: signs.signer.nodeId,
    extensions: [],
  };
  return signRevocation(fakeCrypto, world.network, revocation, signs.signed, signs.signer.seed);
}

t.test('a signer goes with all that it signed since a time, an organisation with everybody', async (t) => {
  const world = makeWorld({ seed: 'above' });
  const [acme, beta] = ['acme', 'beta'].map((name) => world.organisation(name));
  const alpha = world.member('alpha', acme, { isSigner: true });
  const early = world.member('early', beta, { knows: [alpha] });
  world.run(3600 * SECOND);
  const late = world.member('late', beta, { knows: [alpha] });
  for (const host of [early, late]) t.ok((pingOnce(world, host, alpha) ?? 0) > 0);
  const since = EPOCH_MS / 1000 + 1800;
  t.match(take(world, alpha, byRoots(world, 'signer', beta.signer.nodeId, since)), { by: 'roots', since });
  world.run(2 * SECOND);
  t.ok(isConnected(alpha, early));
  t.notOk(isConnected(alpha, late));
  t.match(late.node.status(world.now).revoked, { kind: 'signer' });
  take(world, alpha, byRoots(world, 'organisation', beta.signer.nodeId));
  world.run(2 * SECOND);
  t.notOk(isConnected(alpha, early));
  t.match(early.node.status(world.now).revoked, { kind: 'organisation' });
  t.equal(alpha.node.revocations().length, 2);
});

t.test(
  'a statement that was not saved did not happen; of others it stays in force, and is saved later',
  async (t) => {
    const { world, alpha, bravo, charlie } = three('full');
    alpha.isDiskFull = true;
    revoke(world, alpha, charlie);
    t.same(alpha.node.revocations(), []);
    world.run(SECOND);
    t.same(bravo.node.revocations(), []);
    alpha.isDiskFull = false;
    bravo.isDiskFull = true;
    revoke(world, alpha, charlie);
    world.run(SECOND);
    t.equal(bravo.node.revocations().length, 1);
    t.equal(bravo.disk.revocations.size, 0);
    bravo.isDiskFull = false;
    world.run(60 * SECOND);
    t.equal(bravo.disk.revocations.size, 1);
  },
);

t.test('of itself only when it is meant, and then it says so', async (t) => {
  const { world, alpha, bravo } = three('self');
  revoke(world, alpha, alpha, true);
  world.run(2 * SECOND);
  t.match(alpha.node.status(world.now).revoked, { kind: 'node' });
  t.notOk(isConnected(bravo, alpha));
  alpha.restart(world.now);
  t.match(alpha.node.status(world.now).revoked, { kind: 'node' }, 'it starts, and still says so');
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
