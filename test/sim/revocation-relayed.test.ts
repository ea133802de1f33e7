// Revocation among nodes that only a relay reaches, be it one that passes nothing on.
import t, { type Test } from 'tap';
import { EMPTY } from '../../src/core/base/bytes.ts';
import { MINUTE_MS } from '../../src/core/base/time.ts';
import { issueMember, signRevocationByRoots } from '../../src/core/identity/identity.ts';
import type { NodeContext } from '../../src/core/node/context.ts';
import type { Node } from '../../src/core/node/node.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { isConnected, meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { EPOCH_MS, type World } from '../../src/sim/world.ts';
import { NAT_KINDS } from '../reach/matrix.ts';
import { defects, makeWorld } from './traffic.ts';

const SECOND = 1000;

/** It says nothing of revocations. */
function silence(node: Node): void {
  const { work } = (node as unknown as { context: NodeContext }).context;
  const push = work.push.bind(work);
  work.push = (...items) =>
    push(...items.filter((item) => item.kind !== 'say' || !item.message.kind.startsWith('revocation')));
}

/** A relay, and behind routers of their own alpha, who signs, bravo and charlie, who have talked to each other. */
function scene(t: Test, seed: string, isSilent: boolean) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme');
  const relay = world.member('relay', acme, isSilent ? { prepare: silence } : {});
  const hidden = ['alpha', 'bravo', 'charlie'].map((name) =>
    world.member(name, acme, {
      isSigner: name === 'alpha',
      behind: world.router(NAT_KINDS['symmetric-random']),
    }),
  );
  for (const host of hidden) {
    meet(world, host, relay);
    pingOnce(world, host, relay);
  }
  t.ok(world.runUntil(() => hidden.every(({ node }) => node.relaying().relays.length > 0), 5 * MINUTE_MS));
  const [alpha, bravo, charlie] = hidden;
  for (const [from, to] of [
    [alpha, bravo],
    [alpha, charlie],
    [bravo, charlie],
  ])
    t.ok(reaches(world, from, to), `${from.name} reaches ${to.name}`);
  return { world, acme, relay, alpha, bravo, charlie };
}

function reaches(world: World, from: SimHost, to: SimHost): boolean {
  for (let i = 0; i < 10; i++) {
    const found = resolve(world, from, `${to.name}.node`);
    if (found?.kind === 'found' && pingOnce(world, from, to) !== undefined) return true;
    world.run(SECOND);
  }
  return false;
}

const wayOf = (world: World, from: SimHost, to: SimHost) =>
  from.node.peers(world.now).find(({ name }) => name === to.name)?.path?.kind;

t.test('who was off learns from a node behind a relay that says nothing itself', async (t) => {
  const { world, alpha, bravo, charlie } = scene(t, 'silent relay', true);
  bravo.kill();
  alpha.run(world.now, (now) => alpha.node.revokeNode(charlie.keys.nodeId, 'stolen', false, now));
  world.run(5 * MINUTE_MS);
  bravo.restart(world.now);
  t.same(bravo.node.revocations(), []);
  t.ok(reaches(world, bravo, alpha));
  t.equal(wayOf(world, bravo, alpha), 'relayed');
  t.ok(world.runUntil(() => bravo.node.revocations().length === 1, 10 * SECOND));
  t.notOk(isConnected(bravo, charlie));
});

for (const kind of ['node', 'signer'] as const) {
  t.test(`a session through a relay ends within seconds, under a renewed certificate: ${kind}`, async (t) => {
    const { world, acme, relay, alpha, bravo, charlie } = scene(t, `renewed ${kind}`, false);
    const nowS = () => Math.floor((EPOCH_MS + world.now) / 1000);
    world.run(5 * MINUTE_MS);
    const since = nowS();
    world.run(5 * MINUTE_MS);
    bravo.kill();
    bravo.disk.chain = issueMember(fakeCrypto, world.network, acme.signed, acme.signer.seed, {
      nodeId: bravo.keys.nodeId,
      name: 'bravo',
      now: nowS(),
      nonce: world.rng.bytes(16),
    });
    bravo.restart(world.now);
    t.ok(reaches(world, bravo, alpha));
    t.equal(wayOf(world, bravo, alpha), 'relayed');
    const isNode = kind === 'node';
    const statement = {
      ...{ kind, target: isNode ? bravo.keys.nodeId : acme.signer.nodeId, since: isNode ? 0 : since },
      ...{ issued: nowS(), reason: 'lost', organisation: EMPTY, issuer: EMPTY, extensions: [] },
    };
    const signed = signRevocationByRoots(fakeCrypto, world.network, statement, [
      { root: 0, seed: world.root.seed },
    ]);
    relay.run(world.now, (now) => relay.node.takeRevocation(signed, false, now));
    t.ok(world.runUntil(() => !isConnected(alpha, bravo) && !isConnected(relay, bravo), 5 * SECOND));
    world.run(MINUTE_MS);
    t.equal(pingOnce(world, bravo, alpha), undefined, 'it does not come back');
    const { circuits } = relay.node.relaying();
    t.ok(circuits <= 1, `at most that of alpha and charlie: ${circuits}`);
    t.match(bravo.node.status(world.now).revoked, { kind, reason: 'lost' });
    t.ok(pingOnce(world, charlie, relay), 'who was certified before goes on');
    t.equal(charlie.node.status(world.now).revoked, null);
  });
}

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
