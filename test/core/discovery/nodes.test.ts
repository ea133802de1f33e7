import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import { NAME_FRESH_MS, NODE_AGAIN_MS, PROOF_MS } from '../../../src/core/discovery/nodes.ts';
import { GRACE_MS, NEGATIVE_MS } from '../../../src/core/discovery/services.ts';
import type { QueryName, ResolveResult } from '../../../src/core/discovery/types.ts';
import { idToText } from '../../../src/core/identity/identity.ts';
import type { DhtRecord } from '../../../src/core/wire/types.ts';
import { nodeNameRecord, PLACE, type Provider, serviceRecord, WALL_S, World } from './world.ts';

let lastId = 1000;
function ask(world: World, name: QueryName): number {
  world.give({ kind: 'resolve', id: ++lastId, name });
  return lastId;
}
const byName = (name: string, organisation?: string): QueryName => ({ kind: 'node', name, organisation });
const isNode = (result: ResolveResult | undefined, { nodeId }: Provider) =>
  result?.kind === 'found' && result.node !== undefined && toHex(result.node.nodeId) === toHex(nodeId);

t.test('a node known from a session needs no lookup', async (t) => {
  const world = new World();
  const box = world.provider('box');
  world.peer(box, 'idle');
  const result = world.answer(ask(world, byName('box')));
  t.match(result, { kind: 'found', of: 'node', name: 'box.node', ipv4: true, ipv6: true, endpoints: [] });
  t.ok(isNode(result, box));
  t.match(world.events('warm'), [{ nodeId: box.nodeId }]);
  world.answer(ask(world, byName('box')));
  t.strictSame(world.events('warm'), [], 'once');
  t.strictSame(world.finds(), []);
  t.match(world.answer(ask(world, byName('self'))), { kind: 'found', node: { nodeId: world.keys.nodeId } });
  t.strictSame(world.events('warm'), []);
  const address = result?.kind === 'found' ? result.address : new Uint8Array(16);
  t.match(world.answer(ask(world, { kind: 'address', address })), { kind: 'found', name: 'box.node' });
});

t.test('a name that a record tells', async (t) => {
  const world = new World();
  const box = world.provider('box');
  const first = ask(world, byName('box'));
  const find = world.find();
  t.equal(toHex(find.key), world.keyOf('nodeName', 'box'));
  world.found(find.id, [nodeNameRecord(box)], { isComplete: false });
  world.wait(GRACE_MS);
  t.ok(isNode(world.answer(first), box));
  t.match(world.events('warm'), [{ nodeId: box.nodeId, addresses: [PLACE] }]);
  world.found(find.id, [nodeNameRecord(box)]);
  t.ok(isNode(world.answer(ask(world, byName('box'))), box));
  t.strictSame(world.finds(), []);
  world.wait(NAME_FRESH_MS);
  t.ok(isNode(world.answer(ask(world, byName('box'))), box), 'still at once');
  world.found(world.find().id, []);
  const later = ask(world, byName('box'));
  t.equal(world.answer(later)?.kind, 'notFound', 'it is no more');
  world.wait(NEGATIVE_MS);
  ask(world, byName('box'));
  world.find();
});

t.test('of several claimants, the one that its chain proves', async (t) => {
  const world = new World();
  const liar = world.provider('liar');
  const box = world.provider('box');
  const id = ask(world, byName('box'));
  world.found(world.find().id, [nodeNameRecord(liar, 'box'), nodeNameRecord(box)]);
  t.equal(world.answer(id), undefined);
  t.equal(world.events('warm').length, 2);
  world.peer(liar);
  t.ok(isNode(world.answer(id), box), 'the only one left');
  world.peer(box);
  t.ok(isNode(world.answer(ask(world, byName('box'))), box));

  const other = world.provider('other');
  const second = ask(world, byName('both'));
  world.found(world.find().id, [nodeNameRecord(box, 'both'), nodeNameRecord(liar, 'both')]);
  t.equal(world.answer(second)?.kind, 'notFound', 'both are known under other names');
  t.strictSame(
    world.events('dropped').map(({ reason }) => reason),
    ['recordName', 'recordName'],
  );
  const third = ask(world, byName('open'));
  world.found(world.find().id, [nodeNameRecord(other, 'open'), nodeNameRecord(world.provider(), 'open')]);
  world.wait(PROOF_MS);
  t.equal(world.answer(third)?.kind, 'found', 'nobody proves it in time');
});

t.test('names of another organisation', async (t) => {
  const world = new World();
  const id = world.id();
  world.give({ kind: 'organisation', name: 'other', id });
  const box = world.provider('box', { organisation: id, organisationName: 'other' });
  const own = world.provider('mine');
  world.peer(own);
  const query = ask(world, byName('box', 'other'));
  const find = world.find();
  t.equal(toHex(find.key), world.keyOf('nodeName', 'box', id));
  world.found(find.id, [nodeNameRecord(box), nodeNameRecord(own, 'box')]);
  t.ok(isNode(world.answer(query), box));
  t.match(world.events('dropped'), [{ reason: 'recordOrganisation' }]);
  world.peer(box);
  t.match(world.answer(ask(world, byName('box', 'other'))), { kind: 'found', name: 'box.node.other' });
  t.equal(world.answer(ask(world, byName('box', 'nobody')))?.kind, 'unknownOrganisation');
});

t.test('by ID, without waiting for anything', async (t) => {
  const world = new World();
  const box = world.provider('box');
  const byId = { kind: 'nodeId', nodeId: box.nodeId } as const;
  const result = world.answer(ask(world, byId));
  t.match(result, { kind: 'found', name: `${idToText(box.nodeId)}.node`, node: { name: '' } });
  t.match(world.events('warm'), [{ nodeId: box.nodeId }]);
  const find = world.find();
  t.equal(toHex(find.key), world.nodeKeyOf(box.nodeId), 'where it is will be wanted');
  world.found(find.id, [nodeRecord(box)]);
  t.match(world.events('node'), [{ nodeId: box.nodeId, addresses: [PLACE], isCore: true }]);
  world.peer(box);
  t.match(world.answer(ask(world, byId)), { kind: 'found', name: 'box.node' });
  const strangers = Array.from({ length: 1000 }, () =>
    ask(world, { kind: 'nodeId', nodeId: world.rng.bytes(32) }),
  );
  t.ok(
    strangers.filter((id) => world.answer(id)?.kind === 'unavailable').length > 800,
    'a flood of them is held off',
  );
  t.equal(world.answer(ask(world, byId))?.kind, 'found');
  world.wait(10_000);
  const wrong = new Uint8Array(32).fill(255);
  t.equal(world.answer(ask(world, { kind: 'nodeId', nodeId: wrong }))?.kind, 'notFound');
});

function nodeRecord({ nodeId }: Provider, sequence = 1): DhtRecord {
  const body = { addresses: [PLACE], core: true, relays: [] };
  return { kind: 'node', publisher: nodeId, sequence, expires: WALL_S + DAY_S, name: '', body };
}

t.test('addresses of a node', async (t) => {
  const world = new World();
  const [box, liar] = [world.provider('box'), world.provider('liar')];
  world.give({ kind: 'wantNode', nodeId: box.nodeId });
  world.give({ kind: 'wantNode', nodeId: box.nodeId });
  const { id } = world.find();
  world.found(id, [nodeRecord(box, 3), nodeRecord(liar), serviceRecord(box, 'hello')], { isComplete: false });
  t.match(world.events('node'), [{ nodeId: box.nodeId, addresses: [PLACE] }], 'at once');
  t.equal(world.events('dropped').length, 2);
  world.found(id, [nodeRecord(box, 3)]);
  t.strictSame(world.events('node'), [], 'once');
  world.give({ kind: 'wantNode', nodeId: box.nodeId });
  t.equal(world.events('node').length, 1, 'again without a lookup');
  t.strictSame(world.finds(), []);
  world.wait(NODE_AGAIN_MS);
  world.give({ kind: 'wantNode', nodeId: box.nodeId });
  world.found(world.find().id, [nodeRecord(box, 2)]);
  t.match(world.events('node'), [{ addresses: [] }], 'an old record is none');
  world.give({ kind: 'wantNode', nodeId: world.keys.nodeId });
  t.strictSame(world.finds(), []);
  world.give({ kind: 'wantNode', nodeId: liar.nodeId });
  world.wait(60_000);
  t.match(
    world.events('node'),
    [{ nodeId: liar.nodeId, addresses: [] }],
    'without an answer, nothing is known',
  );
});
