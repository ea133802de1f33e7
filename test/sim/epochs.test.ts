// Epochs of organisations, by whole nodes: every member comes to know the current one's secret, and nobody else ever does.
import t from 'tap';
import { EMPTY, equalBytes, toHex } from '../../src/core/base/bytes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time.ts';
import { idToText, Solver, signRevocationByRoots } from '../../src/core/identity/identity.ts';
import type { KeptEpoch } from '../../src/core/node/types.ts';
import { nodeCrypto } from '../../src/host/crypto/crypto.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { admit, invite, isConnected, joinBy, meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { EPOCH_MS, type World } from '../../src/sim/world.ts';
import { defects, makeWorld } from './traffic.ts';

const SOON_MS = 5 * SECOND_MS;

/** Of the own organisation, as people see it. */
function epochOf(host: SimHost) {
  return host.node.organisations().find(({ isOwn }) => isOwn)?.epoch;
}

/** In hex; '': it has none. What is kept first is the current one, while clocks are right. */
function secretOf(host: SimHost): string {
  return toHex(host.disk.epochs.at(0)?.secret ?? EMPTY);
}

function agree(hosts: readonly SimHost[]): boolean {
  return secretOf(hosts[0]) !== '' && hosts.every((host) => secretOf(host) === secretOf(hosts[0]));
}

function secretsOf(host: SimHost): string[] {
  return host.disk.epochs.map(({ secret }) => toHex(secret));
}

function revoke(world: World, by: SimHost, target: SimHost) {
  by.run(world.now, (now) => by.node.revokeNode(target.keys.nodeId, 'stolen', false, now));
}

/** A founder who signs, a deputy who does too, and members; all have met the founder. */
function scene(seed: string, names: readonly string[] = ['bravo', 'charlie', 'delta']) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme', false);
  const founder = world.member('founder', acme, true);
  const deputy = world.member('deputy', acme, { isSigner: true, knows: [founder] });
  const members = names.map((name) => world.member(name, acme, { knows: [founder] }));
  const all = [founder, deputy, ...members];
  t.ok(
    world.runUntil(() => agree(all), SOON_MS),
    'all have the same',
  );
  world.run(SOON_MS);
  return { world, acme, founder, deputy, members, all };
}

t.test('the first signer makes one at once, and whoever joins has it seconds later', async (t) => {
  const world = makeWorld({ seed: 'first' });
  const acme = world.organisation('acme', false);
  const founder = world.member('founder', acme, true);
  t.match(epochOf(founder), { number: 1, created: EPOCH_MS / 1000 });
  const strangers = ['one', 'two', 'three'].map((name) => world.stranger(name));
  for (const stranger of strangers) {
    const { token } = invite(world, founder, 1);
    t.match(joinBy(world, stranger, token, stranger.name), { ok: true });
    t.equal(secretOf(stranger), secretOf(founder), 'it came with the admission');
    t.match(epochOf(stranger), { number: 1 });
  }
  const deputy = world.member('deputy', acme, { isSigner: true, knows: [founder] });
  world.run(30 * SECOND_MS);
  t.ok(agree([founder, deputy, ...strangers]), 'a second signer makes none of its own');
  t.ok(
    [founder, deputy].flatMap(({ events }) => events).filter(({ kind }) => kind === 'epochMade').length === 1,
  );
});

t.test('a restart keeps it; a disk that lost or damaged it gets it again', async (t) => {
  const { world, founder, members } = scene('disk');
  const [bravo, charlie, delta] = members;
  const secret = secretOf(founder);
  bravo.restart(world.now);
  t.match(epochOf(bravo), { number: 1 }, 'before anybody is met');
  const [kept] = charlie.disk.epochs;
  const damaged: readonly KeptEpoch[] = [
    { ...kept, bytes: kept.bytes.subarray(1) },
    { ...kept, bytes: kept.bytes.slice().fill(7, 40, 48) },
    { ...kept, secret: EMPTY },
    { ...kept, secret: kept.secret.slice().fill(0) },
    { ...kept, bytes: EMPTY },
  ];
  for (const one of damaged) {
    charlie.kill();
    charlie.disk.epochs = [one];
    charlie.restart(world.now, [founder]);
    t.equal(epochOf(charlie), undefined, 'it is not taken for one');
    t.ok(world.runUntil(() => secretOf(charlie) === secret, SOON_MS));
  }
  delta.kill();
  delta.disk.epochs = [];
  // It knows of nobody but a member that is no signer.
  delta.disk.knownNodes.clear();
  delta.restart(world.now, [bravo]);
  t.ok(world.runUntil(() => secretOf(delta) === secret, SOON_MS));
});

t.test(
  'a month later there is another, everywhere, and the old secret is erased two days after',
  async (t) => {
    const { world, all, founder, members } = scene('month', ['bravo', 'charlie']);
    const before = secretOf(founder);
    const off = members[1];
    // Nobody is there for most of it.
    for (const host of all) host.kill();
    world.run(29 * DAY_MS);
    for (const host of all) host.restart(world.now, [founder]);
    world.run(HOUR_MS);
    t.equal(secretOf(all[0]), before, 'not before it is due');
    off.kill();
    const others = all.filter((host) => host !== off);
    t.ok(
      world.runUntil(() => others.every((host) => secretOf(host) !== before), 4 * DAY_MS),
      'within two days of jitter',
    );
    world.run(MINUTE_MS);
    t.ok(agree(others), 'all have the same');
    t.match(
      others.map(epochOf),
      others.map(() => ({ number: 2 })),
    );
    t.ok(
      others.every((host) => secretsOf(host).includes(before)),
      'the old one can be read',
    );
    const made = all.flatMap(({ events }) => events).filter(({ kind }) => kind === 'epochMade');
    t.equal(made.length, 2, 'one signer made it');
    world.run(47 * HOUR_MS);
    off.restart(world.now, [members[0]]);
    t.ok(
      world.runUntil(() => agree(all), SOON_MS),
      'who was off gets it of any member',
    );
    world.run(2 * HOUR_MS);
    t.notOk(
      others.some((host) => secretsOf(host).includes(before)),
      'it is erased where the new one was known for two days',
    );
    t.ok(secretsOf(off).includes(before));
    world.run(2 * DAY_MS);
    t.same(secretsOf(off), [secretOf(all[0])]);
  },
);

t.test('two signers that both made one agree when they meet, and so do their members', async (t) => {
  const world = makeWorld({ seed: 'apart' });
  const acme = world.organisation('acme', false);
  const sides = ['one', 'two'].map((name) => {
    const signer = world.member(name, acme, true);
    const member = world.member(`m-${name}`, acme, { knows: [signer] });
    return [signer, member] as const;
  });
  const all = sides.flat();
  world.run(SOON_MS);
  for (const side of sides) t.ok(agree(side));
  t.notOk(agree(all));
  meet(world, sides[0][0], sides[1][0]);
  t.ok(world.runUntil(() => agree(all), SOON_MS));
  world.run(3 * DAY_MS);
  t.ok(
    all.every((host) => secretsOf(host).length === 1),
    'the other one is gone',
  );
});

t.test('whoever is revoked gets none of the epochs that follow', async (t) => {
  const { world, founder, all, members } = scene('revoked');
  const [bravo, charlie, delta] = members;
  const before = secretOf(founder);
  revoke(world, founder, charlie);
  const others = all.filter((host) => host !== charlie);
  t.ok(
    world.runUntil(() => agree(others) && secretOf(founder) !== before, SOON_MS),
    'all others have the next',
  );
  world.run(MINUTE_MS);
  t.match(epochOf(founder), { number: 2 }, 'one epoch for one revocation');
  t.same(secretsOf(charlie), [before]);
  t.equal(charlie.node.organisations().find(({ isOwn }) => isOwn)?.epoch?.number, 1);
  // As if it had never heard of it.
  charlie.kill();
  charlie.disk.revocations.clear();
  charlie.restart(world.now, [delta, bravo]);
  for (const host of [delta, bravo, founder]) {
    charlie.run(world.now, (now) => charlie.node.ping(host.keys.nodeId, now));
    world.run(MINUTE_MS);
  }
  t.same(secretsOf(charlie), [before]);
});

t.test('an epoch that came before the revocation that caused it waits for that', async (t) => {
  const { world, founder, all, members } = scene('ahead', ['bravo', 'charlie']);
  const [bravo, charlie] = members;
  const before = secretOf(founder);
  const ahead = bravo.disk.knownNodes.get(charlie.key);
  charlie.kill();
  bravo.kill();
  revoke(world, founder, charlie);
  world.run(SOON_MS);
  t.not(secretOf(founder), before);
  // Bravo has the epoch, and knows nothing of the revocation, nor of anybody but the revoked.
  bravo.disk.epochs = founder.disk.epochs;
  bravo.disk.revocations.clear();
  bravo.disk.knownNodes.clear();
  if (ahead !== undefined) bravo.disk.knownNodes.set(charlie.key, ahead);
  for (const host of all) if (host.isUp) host.kill();
  bravo.restart(world.now, [charlie]);
  charlie.restart(world.now, [bravo]);
  t.ok(pingOnce(world, charlie, bravo), 'they talk as colleagues');
  t.ok(isConnected(bravo, charlie));
  world.run(MINUTE_MS);
  t.same(secretsOf(charlie), [before], 'and it is not passed on');
  const echo = world.member('echo', world.organisation('acme', false), { isOff: true });
  t.notOk(echo.isUp);
  founder.restart(world.now, [bravo]);
  t.ok(
    world.runUntil(() => !isConnected(bravo, charlie) && bravo.disk.revocations.size === 1, SOON_MS),
    'then it hears of it',
  );
  world.run(MINUTE_MS);
  t.same(secretsOf(charlie), [before]);
});

t.test("when the roots revoke a signer's node, another signer makes the next", async (t) => {
  const { world, founder, deputy, members } = scene('signer', ['bravo']);
  const [bravo] = members;
  const before = secretOf(bravo);
  const issued = Math.floor((EPOCH_MS + world.now) / 1000);
  const statement = signRevocationByRoots(
    fakeCrypto,
    world.network,
    {
      kind: 'node',
      target: founder.keys.nodeId,
      since: 0,
      issued,
      reason: '',
      organisation: EMPTY,
      issuer: EMPTY,
      extensions: [],
    },
    [{ root: 0, seed: world.root.seed }],
  );
  // Some member hears of it first.
  bravo.run(world.now, (now) => bravo.node.takeRevocation(statement, false, now));
  meet(world, bravo, deputy);
  t.ok(world.runUntil(() => secretOf(bravo) !== before && agree([deputy, bravo]), MINUTE_MS));
  t.not(secretOf(founder), secretOf(bravo));
  t.match(founder.node.status(world.now).revoked, { kind: 'node' });
});

t.test('members of other organisations and guests never get a secret', async (t) => {
  const world = makeWorld({ seed: 'others', crypto: nodeCrypto });
  const acme = world.organisation('acme', false);
  const beta = world.organisation('beta', false);
  const founder = world.member('founder', acme, true);
  const bravo = world.member('bravo', acme, { knows: [founder] });
  const rival = world.member('rival', beta, { isSigner: true, knows: [founder] });
  const spy = world.member('spy', beta, { knows: [founder, rival] });
  const guest = world.stranger('guest');
  for (const host of [bravo, rival, spy]) t.ok(pingOnce(world, host, founder));
  for (const host of [rival, spy]) {
    meet(world, host, bravo, founder, rival);
    t.ok(pingOnce(world, host, bravo));
  }
  founder.run(world.now, (now) => founder.node.guests({ isOpen: true, difficulty: 8 }, now));
  const { token } = founder.node.inviteGuests([]);
  guest.run(world.now, (now) => guest.node.join({ token, name: '', guest: 'question' }, now));
  const told = world.waitFor(guest, 'joined', 40_000)?.result;
  if (told === undefined || !told.ok || !('terms' in told)) throw new Error('no terms');
  const work = { ...told.terms, networkId: world.network.id, nodeId: guest.keys.nodeId };
  const solver = new Solver(nodeCrypto, work);
  while (!solver.run(100_000));
  const proof = { ...told.terms, solution: solver.solution };
  guest.run(world.now, (now) => guest.node.join({ token, name: '', guest: proof }, now));
  t.match(world.waitFor(guest, 'joined', 40_000)?.result, { ok: true });
  guest.restart(world.now, [founder, bravo]);
  for (const host of [founder, bravo]) t.ok(pingOnce(world, guest, host));
  world.run(MINUTE_MS);
  t.ok(agree([founder, bravo]));
  t.ok(agree([rival, spy]));
  t.not(secretOf(founder), secretOf(spy));
  t.same(secretsOf(spy), secretsOf(rival));
  t.same(guest.disk.epochs, []);
  t.equal(epochOf(guest), undefined);
});

t.test('what signers publish opens what is shared with their organisation, to its members', async (t) => {
  const world = makeWorld({ seed: 'published' });
  const [acme, beta, gamma] = ['acme', 'beta', 'gamma'].map((name) => world.organisation(name, false));
  const founder = world.member('founder', acme, true);
  const provider = world.member('provider', acme, { knows: [founder] });
  const [partner, user] = [
    world.member('partner', beta, { isSigner: true, knows: [founder] }),
    world.member('user', beta, { knows: [founder] }),
  ];
  const stranger = world.member('stranger', gamma, { isSigner: true, knows: [founder] });
  meet(world, user, founder, partner);
  const all = [founder, provider, partner, user, stranger];
  for (const host of all)
    host.run(world.now, (now) => host.node.onHostEvent({ kind: 'mapped', address: host.address }, now));
  world.run(SOON_MS);
  const service = { protocol: 'tcp', target: '', check: 'none', weight: 1 } as const;
  for (const [name, port, share] of [
    ['own', 80, ''],
    ['shared', 81, idToText(beta.signer.nodeId)],
  ] as const)
    provider.run(world.now, (now) => provider.node.addService({ ...service, name, port, share }, now));
  const finds = (host: SimHost, name: string) => resolve(world, host, name)?.kind === 'found';
  const findsSoon = (host: SimHost, name: string) => {
    for (const end = world.now + 3 * MINUTE_MS; world.now < end; world.run(SOON_MS))
      if (finds(host, name)) return true;
    return false;
  };
  t.ok(findsSoon(user, 'shared.acme'), 'partners find what is shared with them');
  t.ok(finds(founder, 'own') && finds(founder, 'shared'), 'colleagues find both');
  t.notOk(finds(user, 'own.acme'));
  for (const name of ['own.acme', 'shared.acme']) t.notOk(finds(stranger, name), 'others nothing');
  t.same([...provider.disk.foreignEpochs.keys()], [toHex(beta.signer.nodeId)]);
  const foreign = () => user.node.organisations().find(({ name }) => name === 'acme')?.epoch?.number;
  t.equal(foreign(), 1);
  t.notMatch(JSON.stringify(user.disk.foreignEpochs.get(toHex(acme.signer.nodeId))), secretOf(founder));
  // Both know what they knew after a restart, and the next epoch of either is found as well.
  user.restart(world.now);
  t.equal(foreign(), 1);
  t.ok(findsSoon(user, 'shared.acme'));
  const lost = world.member('lost', acme, { knows: [founder] });
  t.ok(world.runUntil(() => isConnected(founder, lost), SOON_MS));
  revoke(world, founder, lost);
  t.ok(world.runUntil(() => epochOf(provider)?.number === 2, MINUTE_MS));
  t.ok(findsSoon(user, 'shared.acme') && findsSoon(founder, 'shared'), 'and it goes on');
  t.notOk(finds(stranger, 'shared.acme'));
});

t.test('nothing is said in sessions where all is known', async (t) => {
  const { world, founder, members } = scene('silence');
  const [bravo] = members;
  const sizes: number[] = [];
  pingOnce(world, bravo, founder);
  world.run(SOON_MS);
  for (const host of [founder, bravo]) {
    const say = host.port.sendControl.bind(host.port);
    host.port.sendControl = (key, counter, path, plaintext) => {
      // A Control of field 35 or 36: its tag has two bytes.
      if (plaintext.length > 2 && plaintext[2] === 2 && (plaintext[1] === 0x9a || plaintext[1] === 0xa2))
        sizes.push(plaintext.length);
      return say(key, counter, path, plaintext);
    };
  }
  for (let i = 0; i < 5; i++) {
    founder.run(world.now, (now) => founder.node.rekeyAll(now));
    world.run(SOON_MS);
  }
  t.same(sizes, []);
  bravo.run(world.now, (now) => bravo.node.shutdown(now));
  world.run(SOON_MS);
  t.notOk(isConnected(founder, bravo));
  bravo.restart(world.now, [founder]);
  world.run(SOON_MS);
  t.ok(pingOnce(world, bravo, founder));
  t.ok(sizes.length <= 2 && sizes.every((size) => size <= 20), 'who starts anew says what it has once');
});

t.test('a disk that refuses is tried again', async (t) => {
  const world = makeWorld({ seed: 'full' });
  const founder = world.member('founder', world.organisation('acme', false), { isSigner: true, isOff: true });
  founder.isDiskFull = true;
  founder.restart(world.now);
  t.match(epochOf(founder), { number: 1 });
  t.same(founder.disk.epochs, []);
  founder.isDiskFull = false;
  world.run(5 * MINUTE_MS);
  t.equal(founder.disk.epochs.length, 1);
  t.ok(equalBytes(founder.disk.epochs[0].secret, founder.disk.epochs[0].secret));
  const joiner = world.stranger('joiner');
  t.match(admit(world, founder, joiner), { ok: true });
  t.equal(secretOf(joiner), secretOf(founder));
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
