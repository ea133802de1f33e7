import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { LOOKUP_MS } from '../../../src/core/discovery/lookups.ts';
import { GRACE_MS, NEGATIVE_MS, REFRESH_MS } from '../../../src/core/discovery/services.ts';
import type { EndpointView, QueryName } from '../../../src/core/discovery/types.ts';
import { endpointId, idToText } from '../../../src/core/identity/identity.ts';
import { crypto, PLACE, type Provider, service, serviceRecord, World } from './world.ts';

const namesUp = (endpoints: readonly EndpointView[]) =>
  endpoints
    .filter(({ isUp }) => isUp)
    .map(({ nodeId }) => toHex(nodeId).slice(0, 8))
    .sort();
const short = (...providers: Provider[]) => providers.map(({ nodeId }) => toHex(nodeId).slice(0, 8)).sort();

t.test('an unknown name costs one lookup, a known one none', async (t) => {
  const world = new World();
  const [a, b] = [world.provider(), world.provider()];
  const first = world.resolve({ service: 'hello' });
  const second = world.resolve({ service: 'hello' });
  const find = world.find();
  t.equal(toHex(find.key), world.keyOf('service', 'hello'));
  t.equal(world.answer(first), undefined);
  world.now += 100;
  world.found(find.id, [serviceRecord(a, 'hello'), serviceRecord(b, 'hello')]);
  const result = world.answer(first);
  t.match(result, { kind: 'found', of: 'service', name: 'hello', ipv4: true, ipv6: true, total: 2 });
  t.strictSame(world.answer(second), result);
  const [table] = world.events('service');
  t.strictSame(table.endpoints, result?.kind === 'found' && result.endpoints);
  t.strictSame(namesUp(table.endpoints), short(a, b));
  t.match(
    table.endpoints.find(({ nodeId }) => nodeId === a.nodeId),
    {
      endpointId: endpointId(crypto, a.nodeId, 'hello'),
      selector: 1,
      protocol: 'tcp',
      port: 80,
      healthy: true,
      isVerified: false,
      isOwn: false,
      addresses: [PLACE],
      target: `hello.${idToText(a.nodeId)}.node`,
    },
  );
  t.same(
    world
      .events('warm')
      .map(({ nodeId }) => toHex(nodeId).slice(0, 8))
      .sort(),
    short(a, b),
  );

  const third = world.resolve({ service: 'hello' });
  t.match(world.answer(third), { kind: 'found' });
  world.wait(60_000);
  t.strictSame(world.finds(), []);
  t.strictSame(world.events('service'), []);
});

t.test('what is known is answered at once and looked up again behind it', async (t) => {
  const world = new World();
  const [a, b] = [world.provider(), world.provider()];
  world.known('hello', [a]);
  world.now += REFRESH_MS;
  for (let i = 0; i < 10; i++) t.match(world.answer(world.resolve({ service: 'hello' })), { kind: 'found' });
  const { id } = world.find();
  world.events('service');
  world.found(id, [serviceRecord(a, 'hello'), serviceRecord(b, 'hello')]);
  t.equal(world.events('service').at(-1)?.endpoints.length, 2, 'the new one is in the table');
});

t.test('a service in use is looked up every 2 s, and no more when it is not', async (t) => {
  const world = new World();
  const a = world.provider();
  world.known('hello', [a]);
  const at: number[] = [];
  const begin = world.now;
  for (let i = 0; i < 100; i++) {
    world.wait(100);
    world.give({ kind: 'used', organisation: world.organisation, service: 'hello' });
    for (const { id } of world.finds()) {
      at.push(world.now - begin);
      world.found(id, [serviceRecord(a, 'hello')]);
    }
  }
  t.strictSame(at, [2000, 4000, 6000, 8000, 10_000]);
  world.wait(100_000);
  t.ok(world.finds().length <= 1, 'the last uses are followed by one at most');
  world.wait(100_000);
  t.strictSame(world.finds(), []);
});

t.test('a name that nobody offers', async (t) => {
  const world = new World();
  const first = world.resolve({ service: 'nothing' });
  world.found(world.find().id, []);
  t.strictSame(world.answer(first), { kind: 'notFound' });
  world.wait(NEGATIVE_MS - 1);
  t.strictSame(world.answer(world.resolve({ service: 'nothing' })), { kind: 'notFound' });
  t.strictSame(world.finds(), [], 'believed for a moment');
  world.wait(1);
  const later = world.resolve({ service: 'nothing' });
  world.found(world.find().id, [serviceRecord(world.provider(), 'nothing')]);
  t.match(world.answer(later), { kind: 'found' });
  t.equal(world.events('service').length, 1);
});

t.test('without any node of the DHT nobody can tell, and that is not believed', async (t) => {
  const world = new World();
  for (let i = 0; i < 2; i++) {
    const id = world.resolve({ service: 'hello' });
    world.found(world.find().id, [], { contacts: 0 });
    t.strictSame(world.answer(id), { kind: 'unavailable' });
  }
  const silent = world.resolve({ service: 'hello' });
  const { id } = world.find();
  world.wait(LOOKUP_MS);
  t.strictSame(world.answer(silent), { kind: 'unavailable' });
  t.ok(world.out.sends.some((send) => send.kind === 'cancel' && send.id === id));
  world.found(id, [serviceRecord(world.provider(), 'hello')]);
  t.strictSame(world.events('service'), [], 'too late');

  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: true });
  const alone = world.resolve({ service: 'hello' });
  world.found(world.find().id, [], { contacts: 0 });
  t.strictSame(world.answer(alone), { kind: 'notFound' }, 'the only node of the DHT knows');
});

t.test('the first usable provider is enough, after a moment for others', async (t) => {
  const world = new World();
  const [sick, a, b] = [world.provider(), world.provider(), world.provider()];
  const hasty = world.resolve({ service: 'hello' });
  const whole = world.resolve({ service: 'hello', isWhole: true });
  const { id } = world.find();
  const unhealthy = serviceRecord(sick, 'hello', { healthy: false });
  world.found(id, [unhealthy], { isComplete: false });
  world.wait(500);
  t.equal(world.answer(hasty), undefined, 'a healthy one may come');
  world.found(id, [unhealthy, serviceRecord(a, 'hello')], { isComplete: false });
  world.wait(GRACE_MS - 1);
  t.equal(world.answer(hasty), undefined);
  world.wait(1);
  t.match(world.answer(hasty), { kind: 'found', endpoints: { length: 2 } });
  t.match(world.answer(world.resolve({ service: 'hello' })), { kind: 'found' }, 'the next one at once');
  t.equal(world.answer(whole), undefined);
  world.found(id, [unhealthy, serviceRecord(a, 'hello'), serviceRecord(b, 'hello')]);
  t.match(world.answer(whole), { kind: 'found', endpoints: { length: 3 } });
  t.strictSame(world.finds(), []);
});

t.test('a record counts only if the chain of its publisher allows it', async (t) => {
  const world = new World();
  const stranger = world.provider('stranger', { organisation: world.id(), organisationName: 'other' });
  const limited = world.provider('limited', { provides: ['web-*', 'db'] });
  const good = world.provider('good', { provides: ['hel*'] });
  world.peer(stranger);
  const id = world.resolve({ service: 'hello' });
  const records = [stranger, limited, good].map((provider) => serviceRecord(provider, 'hello'));
  world.found(world.find().id, records);
  t.match(world.answer(id), { kind: 'found', endpoints: { length: 2 } });
  t.strictSame(world.events('dropped'), [{ kind: 'dropped', reason: 'recordOrganisation' }]);
  world.events('service');

  world.peer(limited);
  t.strictSame(world.events('dropped'), [{ kind: 'dropped', reason: 'recordProvides' }]);
  world.peer(good);
  const last = world.events('service').at(-1);
  t.match(last?.endpoints, [
    { nodeId: good.nodeId, isVerified: true, nodeName: 'good', target: 'hello.good.node' },
  ]);
  t.equal(last?.endpoints.length, 1);
});

t.test('new flows go to proven providers as soon as there is one', async (t) => {
  const world = new World();
  const [a, b, c] = [world.provider(), world.provider(), world.provider()];
  world.known('hello', [a, b, c]);
  t.strictSame(namesUp(world.events('service')[0].endpoints), short(a, b, c));
  world.peer(a);
  t.strictSame(namesUp(world.events('service')[0].endpoints), short(a));
  world.peer(b);
  t.strictSame(namesUp(world.events('service')[0].endpoints), short(a, b));
});

t.test('a provider that does not answer is out of the table at once, and back when it does', async (t) => {
  const world = new World();
  const [a, b, sick] = [world.provider(), world.provider(), world.provider()];
  world.known('hello', [a, b]);
  for (const provider of [a, b, sick]) world.peer(provider);
  world.events('service');
  world.peer(a, 'suspect');
  t.strictSame(namesUp(world.events('service')[0].endpoints), short(b));
  world.peer(a, 'down', undefined);
  t.strictSame(world.events('service'), [], 'nothing else has changed');
  world.peer(a, 'up');
  t.strictSame(namesUp(world.events('service')[0].endpoints), short(a, b));
  world.peer(a, 'idle');
  t.strictSame(world.events('service'), [], 'a session that went to sleep says nothing');

  world.wait(REFRESH_MS);
  world.resolve({ service: 'hello' });
  const records = [serviceRecord(a, 'hello', { healthy: false }, { sequence: 2 }), serviceRecord(b, 'hello')];
  world.found(world.find().id, [...records, serviceRecord(sick, 'hello', { healthy: false })]);
  const sorted = world.events('service').at(-1)?.endpoints ?? [];
  t.strictSame(namesUp(sorted), short(b), 'unhealthy ones wait');
  t.same(
    sorted.map(({ healthy }) => healthy),
    [true, false, false],
  );
  world.peer(b, 'down');
  t.strictSame(
    namesUp(world.events('service')[0].endpoints),
    short(a, sick),
    'until nothing healthy is left',
  );
  world.peer(a, 'down');
  world.peer(sick, 'down');
  t.strictSame(
    namesUp(world.events('service').at(-1)?.endpoints ?? []),
    short(b),
    'then the one that was healthy',
  );
});

t.test(
  'a provider that died is asked for again while the service is in use, and others looked for',
  async (t) => {
    const world = new World();
    const [a, b] = [world.provider(), world.provider()];
    world.known('hello', [a, b]);
    world.peer(a);
    world.peer(b);
    world.events('warm');
    world.wait(20_000);
    world.give({ kind: 'used', organisation: world.organisation, service: 'hello' });
    world.found(world.find().id, [serviceRecord(a, 'hello'), serviceRecord(b, 'hello')]);
    world.peer(a, 'down');
    world.wait(REFRESH_MS);
    const { id } = world.find();
    world.found(id, [serviceRecord(a, 'hello'), serviceRecord(b, 'hello')]);
    world.give({ kind: 'used', organisation: world.organisation, service: 'hello' });
    t.same(
      world.events('warm').map(({ nodeId }) => nodeId),
      [a.nodeId],
    );
    t.strictSame(
      world
        .events('service')
        .at(-1)
        ?.endpoints.filter(({ isUp }) => isUp).length,
      1,
    );
  },
);

t.test('a provider that the DHT no longer has is gone, unless only a sample was given', async (t) => {
  const world = new World();
  const providers = Array.from({ length: 8 }, () => world.provider());
  world.known('hello', providers);
  world.events('service');
  const again = (left: readonly Provider[], total: number, contacts = 1) => {
    world.wait(REFRESH_MS);
    world.resolve({ service: 'hello' });
    world.found(
      world.find().id,
      left.map((provider) => serviceRecord(provider, 'hello')),
      { total, contacts },
    );
    return world.events('service').at(-1)?.endpoints.length;
  };
  t.equal(again([], 0, 0), undefined, 'nobody answered');
  t.equal(again(providers.slice(4), 8), undefined, 'a half');
  t.equal(again(providers.slice(1), 7), 7, 'all but one');
  let rounds = 1;
  while (again(providers.slice(2), 12) === undefined) rounds++;
  t.ok(rounds > 5 && rounds < 12, `missing in ${rounds} samples of a half is no chance`);
  const [gone, ...others] = providers.slice(1);
  const record = serviceRecord(gone, 'hello');
  const back = (sequence: number) => {
    world.wait(REFRESH_MS);
    world.resolve({ service: 'hello' });
    const records = [
      serviceRecord(gone, 'hello', {}, { sequence }),
      ...others.map((p) => serviceRecord(p, 'hello')),
    ];
    world.found(world.find().id, records, { total: 7, contacts: 1 });
    return world.events('service').at(-1)?.endpoints.length;
  };
  t.equal(back(record.sequence - 1), undefined, 'nor does it come back as it was before');
  t.equal(back(record.sequence), 7, 'but as it was');
});

t.test('what this host offers is a provider too, and answers at once', async (t) => {
  const world = new World();
  world.give({ kind: 'offer', service: service('hello', { selector: 3, port: 8080 }) });
  const [table] = world.events('service');
  t.match(table, { organisation: world.organisation, name: 'hello' });
  t.match(table.endpoints, [
    {
      isOwn: true,
      isUp: true,
      isVerified: true,
      selector: 3,
      port: 8080,
      nodeName: 'self',
      target: 'hello.self.node',
    },
  ]);
  t.match(world.answer(world.resolve({ service: 'hello' })), { kind: 'found', endpoints: { length: 1 } });
  const other = world.provider();
  const stale = { ...serviceRecord(other, 'hello'), publisher: world.keys.nodeId };
  world.found(world.find().id, [stale, serviceRecord(other, 'hello')]);
  t.equal(world.events('service')[0].endpoints.length, 2, 'the record of this host itself adds nothing');
  world.give({ kind: 'offer', service: service('hello', { selector: 3, port: 8080, healthy: false }) });
  t.match(
    world.events('service')[0].endpoints.map(({ isOwn, isUp }) => [isOwn, isUp]),
    [
      [false, true],
      [true, false],
    ],
  );
  world.give({ kind: 'unoffer', name: 'hello' });
  t.match(
    world.events('service')[0].endpoints.map(({ isOwn }) => isOwn),
    [false],
  );
});

t.test('a service offered while it is looked up', async (t) => {
  const world = new World();
  const id = world.resolve({ service: 'hello' });
  const find = world.find();
  world.give({ kind: 'offer', service: service('hello') });
  world.found(find.id, [serviceRecord(world.provider(), 'hello')]);
  t.match(world.answer(id), { kind: 'found', endpoints: { length: 2 } });
  t.equal(world.events('service').at(-1)?.endpoints.length, 2);
});

t.test('only families that a target answers are told', async (t) => {
  const world = new World();
  world.known('v4', [world.provider()], { ipv6: false });
  t.match(world.answer(world.resolve({ service: 'v4' })), { kind: 'found', ipv4: true, ipv6: false });
});

t.test('names of organisations', async (t) => {
  const world = new World();
  const [other, namesake] = [world.id(), world.id()];
  t.strictSame(world.answer(world.resolve({ service: 'hello', organisation: 'other' })), {
    kind: 'unknownOrganisation',
  });
  world.give({ kind: 'organisation', name: 'other', id: other });
  const provider = world.provider('box', { organisation: other, organisationName: 'other' });
  const id = world.resolve({ service: 'hello', organisation: 'other' });
  const find = world.find();
  t.equal(toHex(find.key), world.keyOf('service', 'hello', other));
  world.found(find.id, [serviceRecord(provider, 'hello')]);
  t.match(world.answer(id), { kind: 'found', name: 'hello.other', organisationName: 'other' });
  world.peer(provider);
  t.match(world.events('service').at(-1)?.endpoints, [{ target: 'hello.box.node.other' }]);

  world.give({ kind: 'organisation', name: 'other', id: namesake });
  t.strictSame(world.answer(world.resolve({ service: 'hello', organisation: 'other' })), {
    kind: 'ambiguousOrganisation',
    organisations: [other, namesake],
  });
  const text = idToText(other);
  const byId = world.answer(world.resolve({ service: 'hello', organisation: text }));
  t.match(byId, { kind: 'found', name: `hello.${text}` }, 'then its ID is its name');
  t.match(world.events('service').at(-1)?.endpoints, [{ target: `hello.box.node.${text}` }]);

  world.give({ kind: 'organisation', name: 'acme', id: namesake });
  world.finds();
  world.resolve({ service: 'mine', organisation: 'acme' });
  t.equal(toHex(world.find().key), world.keyOf('service', 'mine'), 'nobody takes the own name away');
});

t.test('nobody may offer a reserved name, and nobody is asked for one', async (t) => {
  const world = new World();
  for (const name of ['wpad', 'isatap', 'localhost', 'node', 'mcc', '42', '0'.repeat(52)]) {
    t.strictSame(world.answer(world.resolve({ service: name })), { kind: 'notFound' }, name);
    t.throws(() => world.give({ kind: 'offer', service: service(name) }), { code: 'NAME_RESERVED' }, name);
  }
  t.throws(() => world.give({ kind: 'offer', service: service('_http') }), { code: 'NAME_RESERVED' });
  t.strictSame(world.finds(), []);
  const limited = new World({ member: { ...world.member, provides: ['web-*'] } });
  t.throws(() => limited.give({ kind: 'offer', service: service('db') }), { code: 'SERVICE_NOT_PROVIDED' });
  t.strictSame(limited.events('service'), []);
  limited.give({ kind: 'offer', service: service('web-1') });
  t.equal(limited.events('service').length, 1);
});

t.test('endpoints have names, and addresses lead back to names', async (t) => {
  const world = new World();
  const [a, b] = [world.provider('alpha'), world.provider('bravo')];
  world.known('hello', [a, b]);
  world.peer(a);
  const ask = (name: QueryName) => {
    world.give({ kind: 'resolve', id: 99, name });
    return world.answer(99);
  };
  const alpha = ask({ kind: 'endpoint', service: 'hello', node: 'alpha', organisation: undefined });
  t.match(alpha, {
    kind: 'found',
    of: 'endpoint',
    name: 'hello.alpha.node',
    endpoints: [{ nodeId: a.nodeId }],
  });
  const text = idToText(b.nodeId);
  const bravo = ask({ kind: 'endpoint', service: 'hello', node: text, organisation: undefined });
  t.match(bravo, { kind: 'found', of: 'endpoint', name: `hello.${text}.node` });
  t.equal(
    ask({ kind: 'endpoint', service: 'hello', node: 'charlie', organisation: undefined })?.kind,
    'notFound',
  );
  t.strictSame(world.finds(), [], 'it was looked up a moment ago');
  for (const found of [alpha, bravo, world.answer(world.resolve({ service: 'hello' }))]) {
    if (found?.kind !== 'found') throw new Error('not found');
    t.match(ask({ kind: 'address', address: found.address }), { kind: 'found', name: found.name });
  }
  t.equal(ask({ kind: 'address', address: new Uint8Array(16) })?.kind, 'notFound');
});

t.test('a query asks for three sessions, and use for a few more', async (t) => {
  const world = new World();
  const providers = Array.from({ length: 20 }, () => world.provider());
  world.known('hello', providers);
  t.equal(world.events('warm').length, 3);
  for (let i = 0; i < 100; i++) world.resolve({ service: 'hello' });
  t.equal(world.events('warm').length, 0);
  const asked = new Set<string>();
  for (let i = 0; i < 40; i++) {
    world.wait(2000);
    world.give({ kind: 'used', organisation: world.organisation, service: 'hello' });
    for (const { id } of world.finds())
      world.found(
        id,
        providers.map((p) => serviceRecord(p, 'hello')),
      );
    for (const { nodeId } of world.events('warm')) {
      asked.add(toHex(nodeId));
      const provider = providers.find((other) => other.nodeId === nodeId);
      if (provider !== undefined) world.peer(provider);
    }
  }
  t.equal(asked.size, 8);
});
