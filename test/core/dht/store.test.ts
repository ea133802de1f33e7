import fc from 'fast-check';
import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { Crowd, spreadFor } from '../../../src/core/dht/crowd.ts';
import { DEFAULT_DHT_LIMITS } from '../../../src/core/dht/dht.ts';
import { keptPage } from '../../../src/core/dht/kept.ts';
import { publisherOf } from '../../../src/core/dht/rights.ts';
import { type Arrival, crowdOf, RecordStore } from '../../../src/core/dht/store.ts';
import type { DhtLimits } from '../../../src/core/dht/types.ts';
import { type Member, World } from './world.ts';

const KEY = new Uint8Array(32).fill(1);

function setUp(limits: Partial<DhtLimits> = {}) {
  const world = new World({ organisations: 3 });
  const store = new RecordStore({ ...DEFAULT_DHT_LIMITS, recordsPerKey: 8, ...limits });
  let members = 0;
  const arrival = (
    member: Member,
    more: Partial<Arrival> & { sequence?: number; withdrawn?: boolean; expires?: number } = {},
  ): Arrival => {
    const { sequence = 1, withdrawn = false, expires = 2_000_000_000, ...rest } = more;
    const { nodeId } = member.identity;
    const head = { kind: 'user' as const, publisher: nodeId, sequence, expires, name: 'key' };
    const record = { ...head, body: withdrawn ? undefined : Uint8Array.of(sequence) };
    const bytes = world.record(member, record);
    const publisher = publisherOf(member.identity);
    return { key: KEY, shard: 0, record, bytes, publisher, prefix: '', isReplica: false, ...rest };
  };
  const member = () => world.member(members++);
  return { store, arrival, member };
}

t.test('a newer version replaces an older one, and nothing else does', async (t) => {
  const { store, arrival, member } = setUp();
  const one = member();
  t.equal(store.put(arrival(one, { sequence: 5 }), 0), 'done');
  t.equal(store.put(arrival(one, { sequence: 5 }), 0), 'same');
  t.equal(store.put(arrival(one, { sequence: 4 }), 0), 'old');
  const other = { ...arrival(one, { sequence: 5 }), bytes: Uint8Array.of(9) };
  t.equal(store.put(other, 0), 'old', 'another record with the same sequence');
  t.equal(store.put(arrival(one, { sequence: 6 }), 0), 'done');
  t.equal(store.records, 1);
});

t.test('what is kept is told page by page, each record once', async (t) => {
  const { store, arrival, member } = setUp({ recordsPerKey: 3, recordsPerPublisher: 500 });
  const people = [member(), member(), member()];
  t.same(keptPage(store, 0), { records: [], next: undefined });
  for (let key = 0; key < 150; key++)
    for (const one of people.slice(0, 1 + (key % 3)))
      store.put(arrival(one, { key: new Uint8Array(32).fill(key) }), 0);
  const seen = new Set<string>();
  for (let from: number | undefined = 0; from !== undefined; ) {
    const { records, next } = keptPage(store, from);
    t.ok(records.length <= 200);
    for (const { key, record } of records) seen.add(toHex(key) + toHex(record.publisher));
    from = next;
  }
  t.equal(store.records, 300);
  t.equal(seen.size, store.records);
  t.same(keptPage(store, 1000), { records: [], next: undefined });
});

t.test('a withdrawal voids what was and what is older, until it expires', async (t) => {
  const { store, arrival, member } = setUp();
  const one = member();
  store.put(arrival(one, { sequence: 5 }), 0);
  t.equal(store.put(arrival(one, { sequence: 6, withdrawn: true, expires: 1000 }), 0), 'done');
  t.equal(store.put(arrival(one, { sequence: 5 }), 0), 'old');
  const entry = store.get(toHex(KEY));
  t.same(entry && store.live(entry, 10).map(({ isWithdrawn }) => isWithdrawn), [true]);
  t.same(store.sweep(999, 0), []);
  t.same(store.sweep(1000, 0), [toHex(KEY)]);
  t.equal(store.bytes, 0);
  t.equal(store.put(arrival(one, { sequence: 5 }), 0), 'done');
});

t.test('a full key takes newer versions, sends new publishers to shards, and counts them', async (t) => {
  const { store, arrival, member } = setUp();
  const first = Array.from({ length: 8 }, member);
  for (const one of first) t.equal(store.put(arrival(one), 0), 'done');
  for (let i = 0; i < 500; i++) store.put(arrival(member()), 0);
  const entry = store.get(toHex(KEY));
  if (entry === undefined) throw new Error('no key');
  t.equal(entry.records.size, 8);
  t.equal(entry.spread, 6);
  t.ok(Math.abs(crowdOf(entry) - 508) < 40, `${crowdOf(entry)} of 508`);
  t.equal(store.put(arrival(first[0], { sequence: 2 }), 0), 'done');
  store.sweep(2_100_000_000, 1000);
  t.equal(store.get(toHex(KEY)), entry, 'its spread is kept, though nothing is left here');
  t.equal(store.put(arrival(member(), { expires: 2_200_000_000 }), 0), 'full', 'they are in shards');
  const late = 26 * 3_600_000;
  store.sweep(2_100_000_000, late);
  t.equal(store.size, 0);
});

t.test('bounds of publishers, prefixes, organisations and bytes', async (t) => {
  const key = (n: number) => new Uint8Array(32).fill(n);
  const perPublisher = setUp({ recordsPerPublisher: 3 });
  const one = perPublisher.member();
  const put = (s: ReturnType<typeof setUp>, member: Member, n: number, prefix = '') =>
    s.store.put(s.arrival(member, { key: key(n), prefix }), 0);
  t.same(
    [1, 2, 3, 4].map((n) => put(perPublisher, one, n)),
    ['done', 'done', 'done', 'busy'],
  );
  const perPrefix = setUp({ recordsPerPrefix: 2 });
  t.same(
    [1, 2, 3].map((n) => put(perPrefix, perPrefix.member(), n, 'c63364')),
    ['done', 'done', 'busy'],
  );
  t.equal(put(perPrefix, perPrefix.member(), 3, 'c63365'), 'done');
  const bytes = setUp({ storeBytes: 8000, recordsPerPublisher: 1000 });
  const greedy = bytes.member();
  const codes = Array.from({ length: 30 }, (_, n) => put(bytes, greedy, n));
  t.ok(codes.includes('busy'), 'no organisation has more than half');
  t.ok(bytes.store.bytes <= 4000);
  t.equal(put(bytes, bytes.member(), 40), 'done', 'another has room');
  t.equal(put(bytes, bytes.member(), 41), 'done');
});

t.test('whatever comes in which order, the counts are those of what is there', async (t) => {
  const step = fc.record({
    who: fc.nat(6),
    key: fc.nat(3),
    sequence: fc.integer({ min: 1, max: 5 }),
    withdrawn: fc.boolean(),
    expires: fc.integer({ min: 1, max: 10 }),
    sweep: fc.boolean(),
    at: fc.nat(10),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { store, arrival, member } = setUp({
        recordsPerKey: 3,
        recordsPerPublisher: 3,
        storeBytes: 9000,
      });
      const members = Array.from({ length: 7 }, member);
      const newest = new Map<string, number>();
      for (const { who, key, sequence, withdrawn, expires, sweep, at } of steps) {
        if (sweep) {
          store.sweep(at, 0);
          newest.clear();
          for (const entry of store.values())
            for (const [id, record] of entry.records) newest.set(`${entry.id} ${id}`, record.sequence);
        }
        const bytes = new Uint8Array(32).fill(key);
        const verdict = store.put(arrival(members[who], { key: bytes, sequence, withdrawn, expires }), 0);
        const name = `${toHex(bytes)} ${toHex(members[who].identity.nodeId)}`;
        if (verdict === 'done') {
          t.ok(sequence > (newest.get(name) ?? 0), 'sequences rise');
          newest.set(name, sequence);
        }
      }
      const entries = [...store.values()];
      t.equal(
        store.records,
        entries.reduce((sum, entry) => sum + entry.records.size, 0),
      );
      t.ok(entries.every((entry) => entry.records.size <= 3));
      t.ok(store.bytes <= 9000);
      store.sweep(11, 0);
      t.equal(store.records, 0);
      t.equal(store.bytes, 0);
    }),
    { numRuns: 100 },
  );
});

t.test('a crowd is counted to a few percent', async (t) => {
  const rng = seededRng('crowd');
  for (const count of [10, 100, 1000, 5000]) {
    const crowd = new Crowd();
    for (let i = 0; i < count; i++) crowd.add(rng.bytes(32));
    t.ok(Math.abs(crowd.size - count) <= Math.max(2, count * 0.1), `${crowd.size} of ${count}`);
  }
  t.same([65, 1000, 1537, 6145, 1e9].map(spreadFor), [6, 6, 8, 10, 10]);
});
