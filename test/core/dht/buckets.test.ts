import fc from 'fast-check';
import t from 'tap';
import { ipv4, parseIp } from '../../../src/core/base/ip.ts';
import { seededRng, uniform } from '../../../src/core/base/rng.ts';
import { prefixOf, RoutingTable } from '../../../src/core/dht/buckets.ts';
import { commonPrefix, compareDistance, distance, placeOf } from '../../../src/core/dht/place.ts';

const K = 8;

function setUp(seed: number) {
  const rng = seededRng(seed);
  const place = () => placeOf(rng.bytes(32));
  const own = place();
  const table = new RoutingTable(own, K);
  let made = 0;
  const make = (ip = ipv4(10, 0, 0, 1)) => {
    const nodeId = rng.bytes(32);
    return { id: `node ${made++}`, contact: { nodeId, nonce: rng.bytes(16), addresses: [{ ip, port: 1 }] } };
  };
  return { rng, place, own, table, make };
}

type SetUp = ReturnType<typeof setUp>;

function fill({ table, place, make, rng }: SetUp, count: number, organisations: number) {
  for (let i = 0; i < count; i++) {
    const { id, contact } = make();
    table.offer(id, place(), contact, `org ${uniform(rng, organisations)}`, i);
  }
}

t.test('buckets keep at most k, and the closest are what sorting all gives', async (t) => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 300 }), fc.nat(20), (seed, count, wanted) => {
      const s = setUp(seed);
      fill(s, count, 1);
      const perBucket = new Map<number, number>();
      for (const contact of s.table.values()) {
        const index = commonPrefix(s.own, contact);
        perBucket.set(index, (perBucket.get(index) ?? 0) + 1);
      }
      t.ok([...perBucket.values()].every((size) => size <= K));
      const key = s.place();
      const all = [...s.table.values()].sort((a, b) => compareDistance(key, a, b));
      t.same(
        s.table.closest(key, wanted + 1).map(({ id }) => id),
        all.slice(0, wanted + 1).map(({ id }) => id),
      );
      const closer = all.filter((contact) => compareDistance(key, contact, s.own) < 0).length;
      t.equal(s.table.isAmongClosest(key, wanted + 1), closer < wanted + 1);
    }),
    { numRuns: 100 },
  );
});

t.test('from four organisations on, none has more than half of a bucket or of an answer', async (t) => {
  const s = setUp(1);
  for (let i = 0; i < 3; i++) {
    const { id, contact } = s.make();
    s.table.offer(id, s.place(), contact, `rare ${i}`, i);
  }
  for (let i = 0; i < 300; i++) {
    const { id, contact } = s.make();
    s.table.offer(id, s.place(), contact, 'greedy', i);
  }
  for (let bucket = 0; bucket < 6; bucket++) {
    const greedy = [...s.table.values()].filter(
      (contact) => commonPrefix(s.own, contact) === bucket && contact.organisation === 'greedy',
    );
    t.ok(greedy.length <= K / 2, `bucket ${bucket}: ${greedy.length}`);
  }
  fill(s, 100, 5);
  const answer = s.table.closest(s.place(), K);
  t.equal(answer.length, K);
  t.ok(answer.filter(({ organisation }) => organisation === 'greedy').length <= K / 2);
});

t.test('two of a public prefix may share a bucket, of a private one as many as fit', async (t) => {
  const near = (s: SetUp) => {
    const place = placeOf(new Uint8Array(32).fill((s.own.hi >>> 24) ^ 0x80));
    return { ...place, lo: s.rng.u32() };
  };
  const offers = (text: string) => {
    const s = setUp(2);
    return Array.from({ length: 4 }, (_, i) => {
      const ip = parseIp(text.replace('#', `${i + 1}`)) as Uint8Array;
      const { id, contact } = s.make(ip);
      return s.table.offer(id, near(s), contact, 'one', 0).kind;
    });
  };
  t.same(offers('198.51.100.#'), ['added', 'added', 'refused', 'refused']);
  t.same(offers('2600:db8:5:#::1'), ['added', 'added', 'refused', 'refused']);
  t.same(offers('198.51.#.7'), ['added', 'added', 'added', 'added']);
  for (const lab of ['10.1.1.#', '192.168.1.#', '127.0.0.#', '100.64.1.#', 'fd00:1:2:#::1', 'fe80::#'])
    t.same(offers(lab), ['added', 'added', 'added', 'added'], lab);
  t.equal(prefixOf({ ip: ipv4(10, 0, 0, 1), port: 1 }), '');
});

t.test('who waits for a full bucket enters when one of it does not answer twice', async (t) => {
  const s = setUp(3);
  const place = () => ({ hi: (s.own.hi ^ 0x80000000) >>> 0, lo: s.rng.u32() });
  const ids: string[] = [];
  for (let i = 0; i < K; i++) {
    const { id, contact } = s.make();
    ids.push(id);
    s.table.offer(id, place(), contact, 'one', i);
  }
  const late = s.make();
  const offer = s.table.offer(late.id, place(), late.contact, 'one', 100);
  t.match(offer, { kind: 'full', oldest: { id: ids[0] } });
  t.equal(s.table.get(late.id), undefined);
  t.equal(s.table.fail(ids[0]), undefined, 'once is no proof');
  t.match(s.table.fail(ids[0]), { gone: { id: ids[0] }, successor: { id: late.id } });
  t.equal(s.table.get(ids[0]), undefined);
  t.ok(s.table.get(late.id));
  const answering = s.table.get(ids[1]);
  s.table.fail(ids[1]);
  s.table.offer(ids[1], answering as NonNullable<typeof answering>, late.contact, 'one', 200);
  t.equal(s.table.fail(ids[1]), undefined, 'an answer in between counts');
});

t.test('a contact whose place turns out to be another moves there', async (t) => {
  const s = setUp(4);
  const { id, contact } = s.make();
  s.table.offer(id, s.place(), contact, 'one', 1);
  const place = s.place();
  s.table.offer(id, place, contact, 'one', 2);
  t.equal(s.table.size, 1);
  t.match(s.table.get(id), place);
});

t.test('the number of nodes is estimated from how dense the neighbourhood is', async (t) => {
  const s = setUp(5);
  t.equal(s.table.estimateNodes(), 1);
  for (const count of [100, 3000]) {
    const ratios = Array.from({ length: 40 }, (_, i) => {
      const other = setUp(100 + i);
      fill(other, count, 1);
      return other.table.estimateNodes() / count;
    });
    const mean = ratios.reduce((a, b) => a + b) / ratios.length;
    t.ok(mean > 0.7 && mean < 1.6, `${count}: ${mean}`);
  }
});

t.test('places keep the order of distances', async (t) => {
  fc.assert(
    fc.property(fc.nat(1e9), (seed) => {
      const rng = seededRng(seed);
      const [key, a, b] = [0, 1, 2].map(() => placeOf(rng.bytes(32)));
      t.equal(Math.sign(compareDistance(key, a, b)), Math.sign(distance(key, a) - distance(key, b)));
      t.equal(compareDistance(key, a, a), 0);
      t.equal(commonPrefix(a, a), 64);
    }),
    { numRuns: 50 },
  );
});
