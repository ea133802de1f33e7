import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { ENDPOINTS_MAX } from '../../../src/core/discovery/provider-set.ts';
import { IN_USE_MS, SETS_MAX } from '../../../src/core/discovery/provider-sets.ts';
import { REFRESH_MS } from '../../../src/core/discovery/services.ts';
import type { DhtRecord } from '../../../src/core/wire/types.ts';
import { type Provider, service, serviceRecord, World } from './world.ts';

/** Publishers without keys of their own: nothing here verifies signatures. */
function crowd(world: World, size: number): Provider[] {
  const { keys, name, member } = world.provider('crowd');
  return Array.from({ length: size }, () => ({ keys, nodeId: world.rng.bytes(32), name, member }));
}

t.test('10,000 publishers of one service', async (t) => {
  const world = new World();
  const publishers = crowd(world, 10_000);
  const records = publishers.map((publisher) => serviceRecord(publisher, 'hello'));
  const id = world.resolve({ service: 'hello' });
  world.found(world.find().id, records);
  t.match(world.answer(id), { kind: 'found', total: 10_000, endpoints: { length: ENDPOINTS_MAX } });
  const first = world.events('service')[0].endpoints.map(({ nodeId }) => toHex(nodeId));
  const places = first.map((node) => publishers.findIndex(({ nodeId }) => toHex(nodeId) === node));
  t.ok(Math.min(...places) < 2000 && Math.max(...places) > 8000, 'taken from all of them');
  const reversed = new World({ seed: 'other' });
  reversed.resolve({ service: 'hello' });
  reversed.found(reversed.find().id, records);
  const others = reversed
    .events('service')[0]
    .endpoints.filter(({ nodeId }) => first.includes(toHex(nodeId)));
  t.ok(others.length < 8, 'and by chance');
  world.wait(REFRESH_MS);
  world.resolve({ service: 'hello' });
  world.found(world.find().id, records.slice(5000), { total: 10_000 });
  t.strictSame(world.events('service'), [], 'a full set stays what it is');
});

t.test('a flood of claims does not keep the honest out', async (t) => {
  const world = new World();
  const liars = crowd(world, 500);
  const honest = Array.from({ length: 5 }, () => world.provider());
  const all = [...liars, ...honest];
  const found = (id: number) => {
    const sample: DhtRecord[] = [];
    for (let i = 0; i < 32; i++) sample.push(serviceRecord(all[world.rng.u32() % all.length], 'hello'));
    world.found(id, sample, { total: all.length });
  };
  world.resolve({ service: 'hello' });
  found(world.find().id);
  for (let round = 0; round < 600; round++) {
    world.wait(1000);
    world.give({ kind: 'used', organisation: world.organisation, service: 'hello' });
    for (const { id } of world.finds()) found(id);
    for (const { nodeId } of world.events('warm')) {
      const provider = honest.find((other) => other.nodeId === nodeId);
      if (provider !== undefined) world.peer(provider);
      else world.give({ kind: 'peer', nodeId, state: 'down', member: undefined });
    }
  }
  const { endpoints } = world.events('service').at(-1) ?? { endpoints: [] };
  const up = endpoints.filter(({ isUp }) => isUp);
  t.ok(up.length > 0);
  t.ok(
    up.every(({ nodeId }) => honest.some((other) => toHex(other.nodeId) === toHex(nodeId))),
    'once one is proven, no liar is used',
  );
  t.ok(endpoints.length <= ENDPOINTS_MAX);
});

t.test('proven providers are not pushed out', async (t) => {
  const world = new World();
  const providers = Array.from({ length: ENDPOINTS_MAX }, () => world.provider());
  world.known('hello', providers);
  for (const provider of providers) world.peer(provider);
  world.peer(providers[0], 'down');
  world.wait(REFRESH_MS);
  world.resolve({ service: 'hello' });
  const more = crowd(world, 100).map((publisher) => serviceRecord(publisher, 'hello'));
  world.found(world.find().id, more, { total: 10_000 });
  const { endpoints } = world.events('service').at(-1) ?? { endpoints: [] };
  t.equal(endpoints.length, ENDPOINTS_MAX);
  t.equal(endpoints.filter(({ isVerified }) => isVerified).length, ENDPOINTS_MAX - 1, 'but the dead one');
});

t.test('so many services, those in use never forgotten', async (t) => {
  const world = new World();
  const provider = world.provider();
  const learn = (name: string) => {
    world.wait(50);
    const id = world.resolve({ service: name });
    for (const find of world.finds()) world.found(find.id, [serviceRecord(provider, name)]);
    return world.answer(id)?.kind;
  };
  world.give({ kind: 'offer', service: service('mine') });
  for (let i = 0; i < SETS_MAX - 1; i++) learn(`s${i}`);
  world.wait(IN_USE_MS);
  world.give({ kind: 'used', organisation: world.organisation, service: 's0' });
  world.finds();
  const flows = { kind: 'used', organisation: world.organisation, service: 's7', isQuiet: true } as const;
  world.give(flows);
  t.strictSame(world.finds(), []);
  for (let i = 0; i < 500; i++) t.equal(learn(`t${i}`), 'found');
  t.equal(world.discovery.status.services, SETS_MAX);
  t.equal(world.events('serviceGone').length, 500);
  const known = (name: string) => world.answer(world.resolve({ service: name }))?.kind;
  t.equal(known('s0'), 'found', 'in use');
  t.equal(known('s7'), 'found', 'with flows');
  t.equal(known('mine'), 'found', 'of this host');
  t.equal(known('s1'), undefined, 'forgotten');

  const busy = new World();
  for (let i = 0; i < SETS_MAX; i++) {
    busy.wait(50);
    busy.resolve({ service: `s${i}` });
    for (const { id } of busy.finds()) busy.found(id, [serviceRecord(provider, `s${i}`)]);
    busy.events('service');
    busy.events('resolved');
    for (let j = 0; j < i; j += 100) busy.resolve({ service: `s${j}` });
  }
  t.equal(busy.discovery.status.services, SETS_MAX);
  t.equal(busy.events('serviceGone').length, 0);
});

t.test('a flood of unknown names costs the network little', async (t) => {
  const world = new World();
  let answered = 0;
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < 1000; i++) {
      const id = world.resolve({ service: `n${second}-${i}` });
      answered += Number(world.answer(id)?.kind === 'unavailable');
    }
    world.wait(1000);
  }
  t.ok(world.out.sends.filter(({ kind }) => kind === 'find').length < 700);
  t.ok(answered > 9000);
  world.wait(20_000);
  t.equal(world.discovery.status.lookups, 0, 'and all end');
  t.equal(world.discovery.status.services, 0);
});

t.test('one lookup has a bounded number of waiters, each answered once', async (t) => {
  const world = new World();
  for (let i = 0; i < 1000; i++) world.resolve({ service: 'hello' });
  const { id } = world.find();
  world.found(id, []);
  const answers = world.events('resolved');
  t.equal(new Set(answers.map(({ id }) => id)).size, 1000);
  t.equal(answers.length, 1000);
});
