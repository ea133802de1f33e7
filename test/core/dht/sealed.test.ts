// Sealed records: published under pseudonyms by nodes and by clients, found by their key, and bounded per organisation.
import t from 'tap';
import { EMPTY, toHex } from '../../../src/core/base/bytes.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { DAY_S, MINUTE_MS } from '../../../src/core/base/time.ts';
import type { DhtEvent, DhtInput, DhtPersist, DhtSend } from '../../../src/core/dht/types.ts';
import type { DhtAnswer, DhtMessage, DhtStoreAnswer } from '../../../src/core/wire/types.ts';
import { encodeControl } from '../../../src/core/wire/wire.ts';
import { type Member, type TestNode, type TestPseudonym, WALL_MS, World } from './world.ts';

const place = (number: number) => new Uint8Array(32).fill(number);

function publish(
  world: World,
  node: TestNode,
  pseudonym: TestPseudonym,
  at: Uint8Array,
  more: Parameters<World['sealed']>[2] = {},
): Uint8Array {
  const record = world.sealed(pseudonym, at, more);
  const { key: publisher, chain, notAfter } = pseudonym;
  const key = world.sealedKey(pseudonym, at);
  world.tell(node, { kind: 'publish', key, record, publisher: { key: publisher, chain, notAfter } });
  return key;
}

function holders(world: World): number {
  return world.nodes.filter(({ dht }) => dht.status().records > 0).length;
}

t.test('a core node publishes under a pseudonym, and any node finds it by the key', async (t) => {
  const world = new World({ organisations: 3, seed: 'sealed core' });
  world.grow(40);
  world.run(10_000);
  const provider = world.nodes[4];
  const pseudonym = world.pseudonym(provider.identity.organisation);
  const key = publish(world, provider, pseudonym, place(1));
  world.run(30_000);
  t.ok(holders(world) >= 15, `${holders(world)} holders`);
  for (const asker of [world.nodes[9], world.nodes[22], world.nodes[39]]) {
    const { records, total, withdrawn } = world.find(asker, key);
    t.match(records, [{ kind: 'sealed', sequence: 1, name: '' }]);
    t.same(records[0]?.publisher, pseudonym.key);
    t.equal(total, 1);
    t.same(withdrawn, []);
  }
  const next = world.sealed(pseudonym, place(1), { sequence: 2 });
  const { key: publisher, chain, notAfter } = pseudonym;
  world.tell(provider, {
    kind: 'publish',
    key,
    record: next,
    publisher: { key: publisher, chain, notAfter },
  });
  world.run(30_000);
  t.match(world.find(world.nodes[9], key).records, [{ sequence: 2 }], 'the next version replaces it');
  publish(world, provider, pseudonym, place(1), { sequence: 3, body: undefined });
  world.run(30_000);
  const gone = world.find(world.nodes[22], key);
  t.same(gone.records, []);
  t.match(gone.withdrawn, [{ sequence: 3, body: undefined }]);
  t.same([...world.drops], []);
});

t.test(
  'a client hands it over to agents of its own organisation, and nobody learns from whom it came',
  async (t) => {
    const world = new World({ organisations: 4, seed: 'sealed client' });
    world.grow(40, 20);
    world.run(20_000);
    const client = world.add({ isCore: false });
    for (const node of world.nodes.slice(0, 12)) world.connect(client, node);
    world.run(5_000);
    const { organisation } = client.identity;
    const pseudonym = world.pseudonym(organisation);
    const agents = new Set<TestNode>();
    const tell = world.tell.bind(world);
    const said: string[] = [];
    world.tell = (node, input) => {
      if (input.kind === 'message' && input.message.kind === 'dhtStore') {
        if (toHex(input.from) === client.id) agents.add(node);
        else said.push(toHex(encodeControl(input.message)));
      }
      return tell(node, input);
    };
    const keys = [1, 2, 3].map((number) => publish(world, client, pseudonym, place(number)));
    world.run(30_000);
    for (const key of keys) t.equal(world.find(world.nodes[33], key).records.length, 1);
    t.ok(agents.size >= 1 && agents.size <= 4, `${agents.size} agents`);
    for (const { identity } of agents) t.same(identity.organisation, organisation);
    t.ok(said.length > 30);
    t.notOk(said.some((bytes) => bytes.includes(client.id)));
    const published = client.events.filter(({ kind }) => kind === 'published');
    t.equal(published.filter((event) => event.kind === 'published' && event.copies === 2).length, 3);
    t.same([...world.drops], []);
  },
);

t.test('where its organisation has no core node, others are its agents', async (t) => {
  const world = new World({ organisations: 2, seed: 'sealed alone' });
  world.grow(20);
  const client = world.add({ isCore: false, organisation: new Uint8Array(32).fill(9) });
  for (const node of world.nodes.slice(0, 3)) world.connect(client, node);
  world.run(5_000);
  const key = publish(world, client, world.pseudonym(client.identity.organisation), place(1));
  world.run(30_000);
  t.equal(world.find(world.nodes[17], key).records.length, 1);
});

t.test('a record lives no longer than itself, and no longer than its pseudonym', async (t) => {
  const world = new World({ seed: 'sealed dates' });
  world.grow(25);
  world.run(10_000);
  const { organisation } = world.nodes[3].identity;
  const short = world.pseudonym(organisation, { notAfter: world.nowS() + 600 });
  const keys = [
    publish(world, world.nodes[3], world.pseudonym(organisation), place(1), { expires: world.nowS() + 900 }),
    publish(world, world.nodes[3], short, place(2)),
  ];
  world.run(20_000);
  const found = () => keys.map((key) => world.find(world.nodes[20], key).records.length);
  t.same(found(), [1, 1]);
  world.run(10 * MINUTE_MS);
  t.same(found(), [1, 1], 'clocks may differ');
  world.run(6 * MINUTE_MS);
  t.same(found(), [0, 0]);
});

t.test('who loses the right to vouch takes pseudonyms along', async (t) => {
  const world = new World({ organisations: 2, seed: 'sealed revoked' });
  world.grow(25);
  world.run(10_000);
  const [one, other] = world.nodes.slice(3, 5);
  const pseudonyms = [one, other].map(({ identity }) => world.pseudonym(identity.organisation));
  const keys = [one, other].map((node, i) => publish(world, node, pseudonyms[i], place(1)));
  world.run(20_000);
  const found = () => keys.map((key) => world.find(world.nodes[20], key).records.length);
  t.same(found(), [1, 1]);
  world.revoked.add(toHex(pseudonyms[0].chain));
  for (const node of world.nodes) if (node !== one) world.tell(node, { kind: 'revoked' });
  t.same(found(), [0, 1]);
});

/** A holder that is asked directly, and members of two organisations that talk to it. */
function setUp(limits = {}) {
  const world = new World({ organisations: 2, limits, seed: 'sealed stores' });
  const holder = world.add();
  const out = new OutboxBuffer<DhtSend, DhtEvent, DhtPersist>();
  let counted: Record<string, number> = {};
  let members = 1;
  const tell = (input: DhtInput) => {
    out.clear();
    holder.dht.handle(input, world.now, out);
    for (const event of out.events)
      if (event.kind === 'dropped') counted[event.reason] = (counted[event.reason] ?? 0) + 1;
    return out.sends[0]?.message as unknown as Omit<DhtAnswer, 'kind'> & Omit<DhtStoreAnswer, 'kind'>;
  };
  const join = (): Member => {
    const member = world.member(members++);
    tell({ kind: 'seen', peer: { ...member.identity, addresses: [member.address], isCore: true } });
    return member;
  };
  const say = ({ identity, address }: Member, message: DhtMessage) =>
    tell({ kind: 'message', from: identity.nodeId, message, address });
  const ask = (from: Member, key: Uint8Array, publisher: Uint8Array = EMPTY) =>
    say(from, {
      ...{ kind: 'dhtQuestion', id: 1, key, publisher, records: publisher.length === 0 },
      ...{ client: false, seed: 0, offset: 0 },
    });
  const store = (from: Member, record: Uint8Array, key: Uint8Array, chain: Uint8Array = EMPTY): string => {
    const { token } = ask(from, key);
    const message = { id: 2, token, record, chain, shard: 0, replica: true, spread: 0 };
    return say(from, { kind: 'dhtStore', ...message }).code;
  };
  const drops = () => {
    const before = counted;
    counted = {};
    return before;
  };
  return { world, holder, join, store, ask, drops };
}

t.test('pseudonyms publish sealed records alone, and nobody else does', async (t) => {
  const { world, holder, join, store, drops } = setUp();
  const member = join();
  const { organisation } = member.identity;
  const pseudonym = world.pseudonym(organisation);
  const key = world.sealedKey(pseudonym, place(1));
  const record = world.sealed(pseudonym, place(1));
  t.equal(store(member, record, key), 'chain');
  t.equal(store(member, record, key, member.identity.chain), 'refused', 'a node’s chain is none');
  t.same(drops(), { dhtPublisher: 1 });
  t.equal(store(member, record, key, pseudonym.chain), 'done');
  const own = world.sealed({ ...pseudonym, key: member.identity.nodeId, seed: member.keys.seed }, place(1));
  t.equal(store(member, own, key), 'chain', 'a node that is known is no pseudonym');
  t.equal(store(member, own, key, member.identity.chain), 'refused');
  t.same(drops(), { dhtPublisher: 1 });
  const posing: Member = {
    ...member,
    identity: { ...member.identity, nodeId: pseudonym.key },
    keys: { ...member.keys, nodeId: pseudonym.key, seed: pseudonym.seed },
  };
  const service = world.service(posing, 'wiki');
  const serviceKey = world.serviceKey('wiki', organisation);
  t.equal(store(member, service, serviceKey), 'chain', 'a pseudonym that is known is no node');
  t.equal(store(member, service, serviceKey, pseudonym.chain), 'refused');
  const user = world.record(posing, { kind: 'user', name: 'mcc:signer', body: place(1) } as never);
  const userKey = world.keyOf({ kind: 'user', organisation, name: 'mcc:signer' });
  t.equal(store(member, user, userKey, pseudonym.chain), 'refused');
  t.same(drops(), { dhtPublisher: 2 });
  t.equal(holder.dht.status().records, 1);
});

t.test('members of other organisations have no say under the key of a place', async (t) => {
  const { world, holder, join, store, drops } = setUp();
  const [victim, attacker] = [join(), join()];
  const { organisation } = victim.identity;
  t.notSame(attacker.identity.organisation, organisation);
  const own = world.pseudonym(organisation);
  const foreign = world.pseudonym(attacker.identity.organisation);
  const key = world.sealedKey(own, place(1));
  t.equal(store(victim, world.sealed(own, place(1)), key, own.chain), 'done');
  const junk = world.sealed(foreign, place(1), { sequence: 9 });
  t.equal(store(attacker, junk, key, foreign.chain), 'token', 'it would lie elsewhere');
  const forged = world.sealed({ ...own, seed: foreign.seed }, place(1), { sequence: 9 });
  t.equal(store(attacker, forged, key), 'refused', 'signed by another');
  t.same(drops(), { dhtRecord: 1 });
  t.equal(holder.dht.status().records, 1);
});

t.test('whoever vouches for the pseudonym of another says nothing of that one', async (t) => {
  const { world, join, store, ask } = setUp();
  const [victim, attacker] = [join(), join()];
  const own = world.pseudonym(victim.identity.organisation);
  const keys = { ...victim.keys, nodeId: own.key, seed: own.seed };
  const claims = [
    world.pseudonym(attacker.identity.organisation, { of: keys }),
    world.pseudonym(victim.identity.organisation, { of: keys, number: 0, notAfter: world.nowS() + 1 }),
  ];
  const key = world.sealedKey(own, place(1));
  for (const { chain } of claims) t.equal(store(attacker, EMPTY, key, chain), 'done');
  const record = world.sealed(own, place(1));
  t.equal(store(victim, record, key), 'chain');
  t.equal(store(victim, record, key, own.chain), 'done');
  for (const { chain } of claims) t.equal(store(attacker, EMPTY, key, chain), 'done');
  t.equal(store(victim, world.sealed(own, place(1), { sequence: 2 }), key), 'done');
  t.same(ask(attacker, key, own.key).chain, own.chain);
});

t.test('a holder that tells another chain of a pseudonym hides nothing', async (t) => {
  const world = new World({ organisations: 2, seed: 'sealed claim' });
  world.grow(25);
  world.run(10_000);
  const provider = world.nodes[4];
  const own = world.pseudonym(provider.identity.organisation);
  const of = { ...provider.keys, nodeId: own.key, seed: own.seed };
  const claim = world.pseudonym(world.nodes[5].identity.organisation, { of });
  const key = publish(world, provider, own, place(1));
  world.run(20_000);
  for (const node of world.nodes.filter(({ index }) => index % 3 === 0))
    node.lie = (message) =>
      message.kind === 'dhtAnswer' && message.chain.length > 0 ? { ...message, chain: claim.chain } : message;
  for (let i = 0; i < 6; i++) {
    const client = world.add({ isCore: false });
    for (const node of world.nodes.slice(i, i + 4)) world.connect(client, node);
    world.run(2000);
    t.equal(world.find(client, key).records.length, 1);
  }
});

t.test('dates, shapes and chains that do not hold are refused and counted', async (t) => {
  const { world, join, store, drops } = setUp();
  const member = join();
  const { organisation } = member.identity;
  const pseudonym = world.pseudonym(organisation);
  const key = world.sealedKey(pseudonym, place(1));
  const bad = (more: Parameters<World['sealed']>[2]) =>
    store(member, world.sealed(pseudonym, place(1), more), key, pseudonym.chain);
  t.equal(bad({ expires: world.nowS() - 1 }), 'refused');
  t.equal(bad({ expires: world.nowS() + 2 * DAY_S }), 'refused');
  t.same(drops(), { dhtRecord: 2 });
  const record = world.sealed(pseudonym, place(1));
  t.equal(store(member, record.subarray(1), key, pseudonym.chain), 'refused');
  t.same(drops(), { dhtRecord: 1 });
  t.equal(store(member, record, key, new Uint8Array(500)), 'refused');
  t.same(drops(), { dhtPublisher: 1 });
});

t.test('who is asked for the chain of a pseudonym tells it', async (t) => {
  const { world, join, store, ask } = setUp();
  const member = join();
  const { organisation } = member.identity;
  const pseudonym = world.pseudonym(organisation);
  const key = world.sealedKey(pseudonym, place(1));
  const record = world.sealed(pseudonym, place(1));
  t.equal(store(member, record, key, pseudonym.chain), 'done');
  const answer = ask(member, key);
  t.same(answer.records, [record], 'and gives the record, however long it is');
  t.same(ask(member, key, pseudonym.key).chain, pseudonym.chain);
  const service = world.service(member, 'wiki');
  const serviceKey = world.serviceKey('wiki', organisation);
  t.equal(store(member, service, serviceKey, member.identity.chain), 'done');
  const { nodeId, chain } = member.identity;
  t.same(ask(member, serviceKey, nodeId).chain, chain);
});

t.test('sealed records of one organisation have a quarter of a holder’s bytes', async (t) => {
  const storeBytes = 64_000;
  const { world, holder, join, store, drops } = setUp({ storeBytes });
  const [one, other] = [join(), join()];
  const fill = (member: Member, more: Parameters<World['pseudonym']>[1] = {}) => {
    const { organisation } = member.identity;
    const before = holder.dht.status().storedBytes;
    let last = '';
    for (let i = 1; i < 100 && last !== 'busy'; i++) {
      const pseudonym = world.pseudonym(organisation, more);
      const at = world.rng.bytes(32);
      const key = world.sealedKey(pseudonym, at);
      last = store(member, world.sealed(pseudonym, at), key, pseudonym.chain);
      world.now += 1000;
    }
    t.equal(last, 'busy');
    return (holder.dht.status().storedBytes - before) / storeBytes;
  };
  const first = fill(one);
  t.ok(first > 0.2 && first <= 0.25, `${first}`);
  const second = fill(other);
  t.ok(second > 0.2 && second <= 0.25, `${second}`);
  t.equal(
    store(one, world.service(one, 'wiki'), world.serviceKey('wiki', one.identity.organisation)),
    'done',
  );
  t.same(drops(), {});
});

t.test(
  'who knows only an earlier secret cannot take the room of those who know the present one',
  async (t) => {
    const storeBytes = 64_000;
    const { world, holder, join, store, drops } = setUp({ storeBytes });
    const member = join();
    const { organisation } = member.identity;
    const put = (number: number, created: number) => {
      const pseudonym = world.pseudonym(organisation, { number, created });
      const at = world.rng.bytes(32);
      const key = world.sealedKey(pseudonym, at);
      world.now += 1000;
      return store(member, world.sealed(pseudonym, at), key, pseudonym.chain);
    };
    const began = world.nowS();
    t.equal(put(2, began), 'done');
    while (put(1, began - DAY_S) === 'done');
    const held = holder.dht.status().storedBytes / storeBytes;
    t.ok(held > 0.08 && held <= 0.125, `${held}`);
    t.equal(put(2, began), 'done', 'there is room for the present one');
    t.equal(put(3, began + 60), 'done');
    t.same(drops(), {});
    world.now = (began + 3 * DAY_S) * 1000 - WALL_MS;
    t.not(put(1, began - DAY_S), 'refused');
    world.run(2 * MINUTE_MS);
    t.equal(put(1, began - DAY_S), 'refused', 'and later none at all for what nobody reads');
    t.equal(put(2, began), 'refused');
    t.same(drops(), { dhtPublisher: 2 });
    t.equal(put(3, began + 60), 'done');
  },
);

t.test('a node publishes under a pseudonym of its own organisation only', async (t) => {
  const world = new World({ organisations: 2, seed: 'sealed own' });
  const [node, other] = [world.add(), world.add()];
  const { organisation } = node.identity;
  const pseudonym = world.pseudonym(organisation);
  const key = world.sealedKey(pseudonym, place(1));
  const record = world.sealed(pseudonym, place(1));
  const { key: publisher, chain, notAfter } = pseudonym;
  const own = { key: publisher, chain, notAfter };
  t.throws(() => world.tell(node, { kind: 'publish', key, record }), RangeError, 'without a pseudonym');
  t.throws(
    () => world.tell(other, { kind: 'publish', key, record, publisher: own }),
    RangeError,
    'for another organisation',
  );
  const wrong = world.pseudonym(organisation);
  t.throws(
    () => world.tell(node, { kind: 'publish', key, record, publisher: { ...own, key: wrong.key } }),
    RangeError,
    'of another pseudonym',
  );
  t.throws(
    () =>
      world.tell(node, { kind: 'publish', key, record, publisher: { ...own, chain: node.identity.chain } }),
    'with the chain of a node',
  );
  const service = world.service(node, 'wiki');
  const serviceKey = world.serviceKey('wiki', organisation);
  t.throws(
    () => world.tell(node, { kind: 'publish', key: serviceKey, record: service, publisher: own }),
    RangeError,
    'what is not sealed',
  );
  world.tell(node, { kind: 'publish', key, record, publisher: own });
  t.match(world.find(node, key).records, [{ kind: 'sealed' }], 'and finds it itself');
});

t.test('a holder that asks for a chain again and again is left', async (t) => {
  const world = new World({ seed: 'sealed again' });
  world.grow(25);
  world.run(10_000);
  const liar = world.nodes[7];
  let asked = 0;
  liar.lie = (message) => {
    if (message.kind !== 'dhtStoreAnswer') return message;
    asked++;
    return { ...message, code: asked % 2 === 1 ? 'chain' : 'done' };
  };
  const client = world.add({ isCore: false });
  world.connect(client, liar);
  world.run(3000);
  const pseudonyms = [world.nodes[3], client].map(({ identity }) => world.pseudonym(identity.organisation));
  publish(world, world.nodes[3], pseudonyms[0], place(1));
  const key = publish(world, client, pseudonyms[1], place(2));
  world.run(60_000);
  t.ok(asked < 40, `${asked} answers`);
  t.equal(world.find(world.nodes[20], key).records.length, 1);
});
