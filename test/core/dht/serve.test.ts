import t from 'tap';
import { EMPTY, toHex } from '../../../src/core/base/bytes.ts';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time.ts';
import { STORES_BURST } from '../../../src/core/dht/limits.ts';
import type { DhtEvent, DhtInput, DhtPersist, DhtSend } from '../../../src/core/dht/types.ts';
import { shardKey, type VerifiedChain } from '../../../src/core/identity/identity.ts';
import { CLOCK_SKEW_S } from '../../../src/core/wire/limits.ts';
import type { DhtAnswer, DhtMessage, DhtStore, DhtStoreAnswer } from '../../../src/core/wire/types.ts';
import { encodeControl } from '../../../src/core/wire/wire.ts';
import { crypto, type Member, WALL_MS, World } from './world.ts';

function setUp(isCore = true) {
  const world = new World({ organisations: 2 });
  const { dht } = world.add({ isCore });
  const out = new OutboxBuffer<DhtSend, DhtEvent, DhtPersist>();
  let members = 1;
  const tell = (input: DhtInput) => {
    out.clear();
    dht.handle(input, world.now, out);
    const drops = out.events.flatMap((event) => (event.kind === 'dropped' ? [event.reason] : []));
    return { sends: [...out.sends], drops };
  };
  const join = (more: Parameters<World['member']>[1] = {}, isServing = true): Member => {
    const member = world.member(members, more);
    members += 2;
    tell({ kind: 'seen', peer: { ...member.identity, addresses: [member.address], isCore: isServing } });
    return member;
  };
  const say = (from: Member, message: DhtMessage) => {
    const told = tell({ kind: 'message', from: from.identity.nodeId, message, address: from.address });
    return {
      ...told,
      answer: told.sends[0]?.message as unknown as Omit<DhtAnswer, 'kind'> & Omit<DhtStoreAnswer, 'kind'>,
    };
  };
  const ask = (
    from: Member,
    key: Uint8Array,
    more: Partial<Extract<DhtMessage, { kind: 'dhtQuestion' }>> = {},
  ) =>
    say(from, {
      kind: 'dhtQuestion',
      id: 1,
      key,
      records: true,
      client: false,
      seed: 0,
      offset: 0,
      publisher: EMPTY,
      ...more,
    });
  const store = (from: Member, record: Uint8Array, key: Uint8Array, more: Partial<DhtStore> = {}) => {
    const token = more.token ?? ask(from, key).answer?.token ?? EMPTY;
    return say(from, {
      kind: 'dhtStore',
      id: 2,
      token,
      record,
      chain: EMPTY,
      shard: 0,
      replica: false,
      spread: 0,
      ...more,
    });
  };
  const keyOf = (member: Member, name: string) => world.serviceKey(name, member.identity.organisation);
  return { world, dht, tell, join, say, ask, store, keyOf };
}

t.test('what a publisher stores is what askers get', async (t) => {
  const { world, join, store, ask, keyOf, dht } = setUp();
  const [publisher, asker] = [join(), join()];
  const record = world.service(publisher, 'hello');
  const key = keyOf(publisher, 'hello');
  t.match(store(publisher, record, key), {
    answer: { kind: 'dhtStoreAnswer', id: 2, code: 'done' },
    drops: [],
  });
  t.match(store(publisher, record, key), { answer: { code: 'done' } }, 'a repetition changes nothing');
  const { answer } = ask(asker, key);
  t.match(answer, { id: 1, total: 1, spread: 0 });
  t.same(answer.records, [record]);
  t.equal(dht.status().records, 1);
  t.same(ask(asker, key, { records: false }).answer.records, []);
});

t.test('tokens are of one asker, one key and a short time', async (t) => {
  const { world, join, store, ask, keyOf } = setUp();
  const [publisher, other] = [join(), join()];
  const record = world.service(publisher, 'hello');
  const key = keyOf(publisher, 'hello');
  const token = ask(publisher, key).answer.token;
  t.match(store(publisher, record, key, { token: EMPTY }), { answer: { code: 'token' } });
  t.match(store(other, record, key, { token }), { answer: { code: 'token' } }, 'of another asker');
  const foreign = ask(publisher, keyOf(publisher, 'other')).answer.token;
  t.match(store(publisher, record, key, { token: foreign }), { answer: { code: 'token' } }, 'of another key');
  world.now += 11 * MINUTE_MS;
  ask(other, key);
  t.match(store(publisher, record, key, { token }), { answer: { code: 'done' } }, 'of the time before');
  world.now += 11 * MINUTE_MS;
  ask(other, key);
  t.match(store(publisher, record, key, { token }), { answer: { code: 'token' } }, 'stale');
});

t.test('records that nobody may publish are refused and counted', async (t) => {
  const { world, join, store, keyOf, dht } = setUp();
  const one = join({ provides: ['web-*'], name: 'alpha' });
  const other = join();
  const key = keyOf(one, 'web-1');
  const body = { addresses: [], core: false, relays: [] };
  const refused = (record: Uint8Array, at: Uint8Array, reason: string, message: string) =>
    t.match(store(one, record, at), { answer: { code: 'refused' }, drops: [reason] }, message);
  refused(world.service(one, 'db'), keyOf(one, 'db'), 'dhtPublisher', 'not what the certificate provides');
  const name = world.record(one, { kind: 'nodeName', name: 'beta', body });
  const nameKey = world.keyOf({ kind: 'nodeName', organisation: one.identity.organisation, name: 'beta' });
  refused(name, nameKey, 'dhtPublisher', 'the name of another node');
  const forged = world.service({ ...one, keys: other.keys }, 'web-1');
  refused(forged, key, 'dhtRecord', 'signed by another');
  const nowS = world.nowS();
  refused(world.service(one, 'web-1', { expires: nowS - 1 }), key, 'dhtRecord', 'expired');
  refused(world.service(one, 'web-1', { expires: nowS + 2 * 86_400 }), key, 'dhtRecord', 'good for too long');
  refused(new Uint8Array(200).fill(3), key, 'dhtRecord', 'no record at all');
  t.equal(dht.status().records, 0);
  t.match(store(one, world.service(one, 'web-1'), key), { answer: { code: 'done' } });
  t.match(
    store(one, world.service(one, 'web-1', { sequence: 0 }), key),
    { answer: { code: 'old' } },
    'an old sequence',
  );
});

t.test('what somebody said ends with the certificate', async (t) => {
  const { world, join, store, ask } = setUp();
  const [holder, asker] = [join(), join()];
  const endS = WALL_MS / 1000 + 3600;
  const stranger = world.member(1, { notAfter: endS });
  const { chain, organisation } = stranger.identity;
  const key = world.serviceKey('hello', organisation);
  const first = world.service(stranger, 'hello');
  t.match(store(holder, first, key, { replica: true, chain }), { answer: { code: 'done' } });
  world.now = 3600_000 + (CLOCK_SKEW_S - 1) * 1000;
  t.equal(ask(asker, key).answer.records.length, 1, 'clocks may differ');
  world.now += 1000;
  t.match(ask(asker, key), { answer: { records: [], total: 0 } });
  t.same(ask(asker, key, { publisher: stranger.identity.nodeId }).answer.chain, EMPTY);
  const later = world.service(stranger, 'hello', { sequence: 2 });
  t.match(store(holder, later, key, { replica: true }), { answer: { code: 'chain' } });
  t.match(store(holder, later, key, { replica: true, chain }), { answer: { code: 'chain' } });

  const renewed = world.member(1, { organisation, notAfter: endS + 86_400 });
  const again = { ...renewed.identity, nodeId: stranger.identity.nodeId };
  world.chains.set(toHex(again.chain), {
    ...(world.chains.get(toHex(again.chain)) as VerifiedChain),
    ...again,
  });
  t.match(store(holder, later, key, { replica: true, chain: again.chain }), { answer: { code: 'done' } });
  t.match(ask(asker, key), { answer: { total: 1 } }, 'and goes on with the next one');
});

t.test('a record of somebody unknown needs its chain first', async (t) => {
  const { world, join, store, say, keyOf } = setUp();
  const holder = join();
  const stranger = world.member(1);
  const record = world.service(stranger, 'hello');
  const key = keyOf(stranger, 'hello');
  t.match(store(holder, record, key, { replica: true }), { answer: { code: 'chain' }, drops: [] });
  const forger = join();
  const bad = store(forger, record, key, { replica: true, chain: new Uint8Array(300) });
  t.match(bad, { answer: { code: 'refused' }, drops: ['dhtPublisher'] });
  t.match(store(forger, record, key, { replica: true }), { answer: { code: 'busy' } }, 'a forger waits');
  const wrong = world.member(3).identity.chain;
  t.match(store(holder, record, key, { replica: true, chain: wrong }), { answer: { code: 'chain' } });
  t.match(store(holder, EMPTY, key, { chain: stranger.identity.chain }), { answer: { code: 'done' } });
  t.match(store(holder, record, key, { replica: true }), { answer: { code: 'done' } });
  world.chains.clear();
  const again = store(holder, record, key, { replica: true, chain: stranger.identity.chain });
  t.match(again, { answer: { code: 'done' }, drops: [] }, 'what is known is not checked again');
  const question = {
    kind: 'dhtQuestion' as const,
    id: 9,
    key,
    records: false,
    client: true,
    seed: 0,
    offset: 0,
  };
  const { answer } = say(holder, { ...question, publisher: stranger.identity.nodeId });
  t.same(answer.chain, stranger.identity.chain, 'and is told to who asks for it');
});

t.test('shards are keys of their own, and a full key says so', async (t) => {
  const { world, join, store, ask, keyOf } = setUp();
  const members = Array.from({ length: 70 }, () => join());
  const key = keyOf(members[0], 'hot');
  const codes = members.map((member) => store(member, world.service(member, 'hot'), key).answer);
  t.equal(codes.filter(({ code }) => code === 'done').length, 64);
  t.match(codes[69], { code: 'full', spread: 6 });
  t.match(ask(members[0], key).answer, { spread: 6 });
  const late = members[69];
  const atShard = shardKey(crypto, key, 5);
  const record = world.service(late, 'hot');
  t.match(
    store(late, record, key, { shard: 6 }),
    { answer: { code: 'token' } },
    'the token is of the shard key',
  );
  t.match(store(late, record, atShard, { shard: 6 }), { answer: { code: 'done' } });
  t.same(ask(members[0], atShard).answer.records, [record]);
});

t.test('answers fit whatever room there is, and pages give every record once', async (t) => {
  const { world, dht, join, store, ask, keyOf } = setUp();
  const members = Array.from({ length: 40 }, () => join());
  const key = keyOf(members[0], 'some');
  for (const member of members) store(member, world.service(member, 'some'), key);
  const from = members[0].identity.nodeId;
  const question = {
    kind: 'dhtQuestion' as const,
    id: 2 ** 31,
    key,
    records: true,
    client: false,
    publisher: EMPTY,
  };
  for (let room = 40; room <= 1100; room += 53) {
    const answer = dht.answer({ ...question, seed: 7, offset: 0 }, from, room, world.now);
    if (answer !== undefined) t.ok(encodeControl(answer).length - 1 <= room, `room ${room}`);
  }
  const seen = new Set<string>();
  let offset = 0;
  let pages = 0;
  while (offset < 40 && pages++ < 40) {
    const { answer } = ask(members[1], key, { seed: 7, offset });
    t.equal(answer.total, 40);
    for (const record of answer.records) seen.add(toHex(record));
    offset += answer.records.length;
  }
  t.equal(seen.size, 40);
  t.ok(pages < 20);
  const first = (seed: number) => ask(members[1], key, { seed }).answer.records[0];
  t.ok(new Set([1, 2, 3, 4, 5].map((seed) => toHex(first(seed)))).size > 1, 'another seed, another order');
});

t.test('a withdrawal is an answer behind all others, and no record', async (t) => {
  const { world, join, store, ask, keyOf } = setUp();
  const publisher = join();
  const key = keyOf(publisher, 'hello');
  store(publisher, world.service(publisher, 'hello'), key);
  const gone = world.record(publisher, { kind: 'service', name: 'hello', sequence: 2 });
  t.match(store(publisher, gone, key), { answer: { code: 'done' } });
  const { answer } = ask(publisher, key);
  t.equal(answer.total, 0);
  t.same(answer.records, [gone]);
  world.now += DAY_MS;
  t.same(ask(publisher, key).answer.records, []);
});

t.test('a client neither stores nor answers', async (t) => {
  const { world, dht, join, store, ask, keyOf } = setUp(false);
  const publisher = join();
  const key = keyOf(publisher, 'hello');
  t.match(ask(publisher, key), { sends: [], drops: ['dhtNotServing'] });
  t.match(store(publisher, world.service(publisher, 'hello'), key), {
    answer: { code: 'refused' },
    drops: ['dhtNotServing'],
  });
  const question = {
    kind: 'dhtQuestion' as const,
    id: 1,
    key,
    records: true,
    client: true,
    publisher: EMPTY,
  };
  t.equal(
    dht.answer({ ...question, seed: 0, offset: 0 }, publisher.identity.nodeId, 900, world.now),
    undefined,
  );
});

t.test('answers to nothing, strangers and floods are dropped', async (t) => {
  const { world, tell, join, say, ask, store, keyOf, dht } = setUp();
  const one = join();
  const key = keyOf(one, 'hello');
  const nothing = { contacts: [], records: [], total: 0, token: EMPTY, spread: 0, chain: EMPTY };
  t.match(say(one, { kind: 'dhtAnswer', id: 77, ...nothing }), { sends: [], drops: ['dhtUnexpected'] });
  t.match(say(one, { kind: 'dhtStoreAnswer', id: 77, code: 'done', spread: 0 }), {
    drops: ['dhtUnexpected'],
  });
  const stranger = world.member(1);
  t.match(ask(stranger, key), { sends: [], drops: ['dhtUnexpected'] });
  let busy = 0;
  const token = ask(one, key).answer.token;
  for (let i = 0; i < 2 * STORES_BURST; i++) {
    const { answer, drops } = store(one, world.service(one, 'hello', { sequence: i + 1 }), key, { token });
    if (answer.code === 'busy') busy += drops.includes('dhtRateLimited') ? 1 : 0;
  }
  t.equal(busy, STORES_BURST);
  let unanswered = 0;
  for (let i = 0; i < 1000; i++) if (ask(one, key).sends.length === 0) unanswered++;
  t.ok(unanswered > 700);
  // A flood of members is bounded too: nobody keeps more of them than there is room for.
  for (let i = 0; i < 3000; i++) {
    const member = world.member(i);
    const addresses = [{ ip: ipv4(10, 1, i >> 8, i), port: 1 }];
    tell({ kind: 'seen', peer: { ...member.identity, addresses, isCore: true } });
  }
  t.ok(dht.status().contacts < 250);
});

t.test('who said that it is a client, or whose place is false, is told to nobody', async (t) => {
  const { join, ask } = setUp();
  const [one, client] = [join(), join({}, false)];
  const key = new Uint8Array(32);
  const told = () => ask(one, key).answer.contacts.map(({ nodeId }) => toHex(nodeId));
  t.same(told(), []);
  ask(client, key);
  t.same(told(), [toHex(client.identity.nodeId)], 'whoever asks as a server is one');
  ask(client, key, { client: true });
  t.same(told(), []);
});

t.test('a record that leaves no room for contacts is told all the same', async (t) => {
  const { world, join, store, ask } = setUp();
  const member = join();
  const { organisation } = member.identity;
  for (const bytes of [400, 500, 600, 820]) {
    const name = `value-${bytes}`;
    const key = world.keyOf({ kind: 'user', organisation, name });
    const body = new Uint8Array(bytes).fill(7);
    const record = world.record(member, { kind: 'user', name, body } as never);
    t.match(store(member, record, key), { answer: { code: 'done' } });
    t.same(ask(join(), key).answer.records, [record], `${record.length} bytes`);
  }
});
