import t from 'tap';
import { admit, invite, isConnected, joinBy, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { defects, makeWorld, numbered, numbersReceived } from './traffic.ts';

function setUp(seed: string, link = {}) {
  const world = makeWorld({ seed, link });
  const organisation = world.organisation('acme');
  const signer = world.member('alpha', organisation, true);
  return { world, organisation, signer };
}

t.test('ten nodes join by tokens through one signer and reach each other', async (t) => {
  const { world, signer } = setUp('ten');
  const hosts = Array.from({ length: 9 }, (_, i) => world.stranger(`node-${i}`));
  for (const host of hosts) {
    const result = admit(world, signer, host);
    t.match(result, { ok: true, name: host.name, organisation: 'acme', network: 'sim-net' });
    world.run(100);
  }
  const all = [signer, ...hosts];
  for (const from of all) {
    for (const to of all) {
      if (from === to) continue;
      t.match(resolve(world, from, `${to.name}.node`), { kind: 'found', of: 'node' });
      from.sendInside(world.now, numbered(from, to, all.indexOf(from), 4));
    }
    world.run(100);
  }
  for (const host of all) {
    const expected = all.map((_, i) => i).filter((i) => all[i] !== host);
    t.strictSame(numbersReceived(host), expected, `${host.name} heard from all others`);
  }
  t.equal(signer.node.find('node-3')?.name, 'node-3');
  t.ok((pingOnce(world, hosts[0], hosts[8]) ?? 0) > 0);
});

t.test('a token admits as often as it says, and a retry is free', async (t) => {
  const { world, signer } = setUp('uses');
  const { token } = invite(world, signer, 2);
  const [one, two, three] = ['one', 'two', 'three'].map((name) => world.stranger(name));
  t.match(joinBy(world, one, token, 'one'), { ok: true });
  one.disk.chain = undefined;
  one.restart(world.now);
  t.match(joinBy(world, one, token, 'one'), { ok: true }, 'the answer was lost, or the disk: once more');
  t.match(joinBy(world, two, token, 'two'), { ok: true });
  t.match(joinBy(world, three, token, 'three'), { ok: false, code: 'TOKEN_USED_UP' });
  t.equal([...signer.disk.tokens.values()][0].admitted.length, 2);
});

t.test('refusals reach the joiner as codes', async (t) => {
  const { world, signer } = setUp('refusals');
  const first = world.stranger('first');
  const second = world.stranger('second');
  t.match(admit(world, signer, first, 'same'), { ok: true });
  t.match(admit(world, signer, second, 'same'), { ok: false, code: 'NAME_TAKEN' });
  t.match(admit(world, signer, second, 'alpha'), { ok: false, code: 'NAME_TAKEN' });
  const { token } = invite(world, signer, 1);
  signer.kill();
  t.match(joinBy(world, second, token, 'second'), { ok: false, code: 'SIGNER_UNREACHABLE' });
  const last = token.at(-1) === 'x' ? 'y' : 'x';
  const damaged = `${token.slice(0, -1)}${last}`;
  t.throws(() => second.node.join({ token: 'rubbish', name: 'x' }, world.now), { code: 'TOKEN_MALFORMED' });
  t.throws(() => second.node.join({ token: damaged, name: 'x' }, world.now), {
    code: 'TOKEN_MISTYPED',
  });
  t.throws(() => second.node.join({ token, name: 'Not valid' }, world.now), { code: 'NAME_INVALID' });
  t.throws(() => first.node.join({ token, name: 'x' }, world.now), { code: 'ALREADY_INITIALISED' });
  t.throws(() => first.node.invite({ uses: 1, expiresMs: 1e15, addresses: [], provides: [] }, world.now), {
    code: 'NOT_A_SIGNER',
  });
});

t.test('joining works on a bad line', async (t) => {
  for (let seed = 0; seed < 10; seed++) {
    const link = { lossShare: 0.2, duplicateShare: 0.2, reorderShare: 0.2 };
    const { world, signer } = setUp(`bad line ${seed}`, link);
    const host = world.stranger('bravo');
    t.match(admit(world, signer, host), { ok: true }, `seed ${seed}`);
  }
});

t.test(
  'an admission is on disk before its answer leaves; where the disk is full, nobody is admitted',
  async (t) => {
    const { world, signer } = setUp('full');
    const host = world.stranger('bravo');
    const { token } = invite(world, signer, 1);
    signer.isDiskFull = true;
    host.run(world.now, (now) => host.node.join({ token, name: 'bravo' }, now));
    world.run(3000);
    t.notOk(host.events.some((event) => event.kind === 'joined'));
    t.equal([...signer.disk.tokens.values()][0].admitted.length, 0);
    signer.isDiskFull = false;
    const joined = world.waitFor(host, 'joined', 20_000);
    t.match(joined, { result: { ok: true } }, 'the joiner asks again');
    t.equal([...signer.disk.tokens.values()][0].admitted.length, 1);
  },
);

t.test('a signer that starts again in between admits all the same', async (t) => {
  const { world, signer } = setUp('restarted signer');
  const host = world.stranger('bravo');
  const { token } = invite(world, signer, 1);
  signer.isDiskFull = true;
  host.run(world.now, (now) => host.node.join({ token, name: 'bravo' }, now));
  world.run(500);
  signer.isDiskFull = false;
  signer.restart(world.now);
  t.match(world.waitFor(host, 'joined', 10_000), { result: { ok: true } });
});

t.test('who joins anew while the signer shakes hands with what it was is admitted', async (t) => {
  const refused: string[] = [];
  let tried = 0;
  for (const isStopped of [false, true]) {
    for (const reorderShare of [0, 0.3]) {
      // A signer's initiation crosses the joiner's, its answer, or the request under the keys that come of it.
      for (let offset = 20; offset < 60; offset += 4) {
        const seed = `joins anew ${offset}`;
        const { world, signer } = setUp(seed, { delayMs: 20, reorderShare, reorderMs: 30 });
        const host = world.stranger('bravo');
        admit(world, signer, host);
        world.run(3000);
        const { token } = invite(world, signer, 1);
        host.disk.chain = undefined;
        if (isStopped) host.run(world.now, (now) => host.node.shutdown(now));
        host.restart(world.now);
        const before = host.events.length;
        host.run(world.now, (now) => host.node.join({ token, name: 'bravo' }, now));
        world.run(offset);
        signer.run(world.now, (now) => {
          signer.node.ping(host.keys.nodeId, now);
          signer.node.rekeyAll(now);
        });
        const result = () => host.events.slice(before).find((event) => event.kind === 'joined')?.result;
        world.runUntil(() => result() !== undefined, 40_000);
        tried++;
        if (result()?.ok !== true) refused.push(`${seed}: ${JSON.stringify(result())}`);
      }
    }
  }
  t.equal(tried, 40);
  t.strictSame(refused, []);
});

t.test('a joiner is no peer: no packet passes before it is a member', async (t) => {
  const { world, signer } = setUp('joiner');
  const host = world.stranger('bravo');
  const { token } = invite(world, signer, 1);
  signer.isDiskFull = true;
  host.run(world.now, (now) => host.node.join({ token, name: 'bravo' }, now));
  world.run(500);
  t.equal(signer.node.peers(world.now).length, 0);
  t.notOk(isConnected(signer, host));
});

t.test('members of another organisation are peers, with nothing open to them', async (t) => {
  const { world, signer } = setUp('two organisations');
  const other = world.organisation('beta');
  const betaSigner = world.member('beta-one', other, true);
  const { meet } = await import('../../src/sim/scenarios.ts');
  meet(world, betaSigner, signer);
  world.run(100);
  t.ok(isConnected(signer, betaSigner) && isConnected(betaSigner, signer));
  betaSigner.sendInside(world.now, numbered(betaSigner, signer, 1));
  world.run(100);
  t.strictSame(numbersReceived(signer), []);
  signer.run(world.now, (now) =>
    signer.node.addService(
      { name: 'echo', port: 7, protocol: 'udp', target: '', check: 'none', weight: 1, share: 'beta' },
      now,
    ),
  );
  betaSigner.sendInside(world.now, numbered(betaSigner, signer, 2));
  world.run(100);
  t.strictSame(numbersReceived(signer), [2], 'what is shared with it is open');
  signer.restart(world.now);
  world.run(100);
  betaSigner.sendInside(world.now, numbered(betaSigner, signer, 3));
  world.run(500);
  t.strictSame(numbersReceived(signer), [2, 3], 'also after a restart');
  signer.run(world.now, (now) => signer.node.removeService('echo', now));
  betaSigner.sendInside(world.now, numbered(betaSigner, signer, 4));
  world.run(100);
  t.strictSame(numbersReceived(signer), [2, 3]);
});

t.test('who was away when others joined finds them when it is back', async (t) => {
  const { world, signer } = setUp('away');
  const [one, two] = ['one', 'two'].map((name) => world.stranger(name));
  t.match(admit(world, signer, one), { ok: true });
  world.run(100);
  one.kill();
  t.match(admit(world, signer, two), { ok: true });
  world.run(100);
  one.restart(world.now);
  world.run(500);
  t.match(resolve(world, one, 'two.node'), { kind: 'found', of: 'node' });
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
