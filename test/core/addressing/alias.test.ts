import fc from 'fast-check';
import t from 'tap';
import { ALIAS_KEPT_MS, AliasPool, chooseAliasPrefix } from '../../../src/core/addressing/addressing.ts';
import type { Prefix4 } from '../../../src/core/addressing/types.ts';
import { parsePrefix } from '../../../src/core/base/ip.ts';

const PREFIX = 0x64400000;
const HOUR = 3_600_000;

function endpoint(n: number): Uint8Array {
  const address = new Uint8Array(16).fill(0xfd, 0, 1);
  address[14] = n >> 8;
  address[15] = n;
  return address;
}

function prefixes(...texts: string[]): Prefix4[] {
  return texts.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix === undefined) throw new Error(text);
    const address = new DataView(prefix.ip.buffer).getUint32(12);
    return { address, bits: prefix.bits - 96 };
  });
}

t.test('an alias is where the address points, stays, and the next on a clash', async (t) => {
  const pool = new AliasPool(PREFIX, [], 10);
  const first = pool.assign(endpoint(3), 1);
  t.match(first, { ok: true, alias: PREFIX + 4 });
  t.match(pool.assign(endpoint(13), 1), { ok: true, alias: PREFIX + 5 });
  t.match(pool.assign(endpoint(3), 2), { ok: true, alias: PREFIX + 4, record: undefined });
  t.equal(pool.aliasOf(endpoint(13)), PREFIX + 5);
  t.equal(pool.aliasOf(endpoint(14)), 0);
});

t.test('a full pool refuses, then gives away what nobody used for 24 h', async (t) => {
  const pool = new AliasPool(PREFIX, [], 3);
  for (let i = 0; i < 3; i++) t.ok(pool.assign(endpoint(i), i * HOUR).ok);
  t.same(pool.assign(endpoint(3), 5 * HOUR), { ok: false, reason: 'poolFull' });
  pool.touch(endpoint(0), 6 * HOUR);
  t.same(pool.assign(endpoint(3), HOUR + ALIAS_KEPT_MS - 1), { ok: false, reason: 'poolFull' });
  const outcome = pool.assign(endpoint(3), HOUR + ALIAS_KEPT_MS);
  t.match(outcome, { ok: true, alias: PREFIX + 2, evicted: endpoint(1) });
  t.equal(pool.aliasOf(endpoint(1)), 0);
});

t.test('what is held is given away to nobody, however long it was not used', async (t) => {
  const pool = new AliasPool(PREFIX, [], 3);
  for (let i = 0; i < 3; i++) pool.assign(endpoint(i), i);
  pool.hold(endpoint(0));
  pool.hold(endpoint(9));
  const late = 2 * ALIAS_KEPT_MS;
  t.match(pool.assign(endpoint(3), late), { ok: true, evicted: endpoint(1) });
  t.match(pool.assign(endpoint(4), late), { ok: true, evicted: endpoint(2) });
  t.match(pool.assign(endpoint(5), late), { ok: false });
  pool.letGo(endpoint(0), late);
  t.match(pool.assign(endpoint(5), late), { ok: false }, 'that was a use');
  t.match(pool.assign(endpoint(5), late + ALIAS_KEPT_MS), { ok: true, evicted: endpoint(0) });
});

t.test('records restore a pool; foreign and contradictory ones are left out', async (t) => {
  const pool = new AliasPool(PREFIX);
  pool.assign(endpoint(1), 5);
  pool.assign(endpoint(2), 6);
  const records = pool.records();
  const bad = [
    { address: endpoint(9), alias: records[0].alias, lastUsedMs: 1 },
    { address: endpoint(2), alias: PREFIX + 700, lastUsedMs: 1 },
    { address: endpoint(8), alias: PREFIX + 0x10005, lastUsedMs: 1 },
    { address: endpoint(8), alias: PREFIX + 0xffff, lastUsedMs: 1 },
    { address: endpoint(8), alias: PREFIX, lastUsedMs: 1 },
    { address: new Uint8Array(4), alias: PREFIX + 9, lastUsedMs: 1 },
    { address: endpoint(8), alias: Number.NaN, lastUsedMs: 1 },
  ];
  t.same(new AliasPool(PREFIX, [...records, ...bad]).records(), records);
  t.same(new AliasPool(PREFIX + 0x10000, records).records(), []);
});

t.test('uses are to be saved once an hour', async (t) => {
  const pool = new AliasPool(PREFIX);
  t.ok(pool.assign(endpoint(1), 0).ok);
  t.equal(pool.touch(endpoint(1), HOUR - 1), undefined);
  t.match(pool.touch(endpoint(1), HOUR), { lastUsedMs: HOUR });
  t.equal(pool.touch(endpoint(1), HOUR + 1), undefined);
  t.equal(pool.touch(endpoint(7), HOUR), undefined);
});

t.test('no two endpoints ever share an alias, and none changes within 24 h of its use', async (t) => {
  const step = fc.tuple(fc.nat(30), fc.integer({ min: 0, max: 10 * HOUR }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const pool = new AliasPool(PREFIX, [], 12);
      const model = new Map<number, { alias: number; usedMs: number }>();
      let now = 0;
      for (const [n, pause] of steps) {
        now += pause;
        const outcome = pool.assign(endpoint(n), now);
        const known = model.get(n);
        if (!outcome.ok) {
          if (known !== undefined || model.size < 12) return false;
          if ([...model.values()].some(({ usedMs }) => now - usedMs >= ALIAS_KEPT_MS)) return false;
          continue;
        }
        if (known !== undefined && known.alias !== outcome.alias) return false;
        if (outcome.evicted !== undefined) {
          const lost = model.get(outcome.evicted[15]);
          if (lost?.alias !== outcome.alias || now - lost.usedMs < ALIAS_KEPT_MS) return false;
          model.delete(outcome.evicted[15]);
        }
        for (const [other, { alias }] of model) if (other !== n && alias === outcome.alias) return false;
        model.set(n, { alias: outcome.alias, usedMs: now });
      }
      return pool.assigned === model.size;
    }),
  );
  t.pass('like the model');
});

t.test('the alias prefix overlaps nothing on the host', async (t) => {
  t.equal(chooseAliasPrefix([], 0), 0x64400000);
  t.equal(chooseAliasPrefix([], 5), 0x64450000);
  t.equal(chooseAliasPrefix([], 63 + 64), 0x647f0000);
  t.equal(chooseAliasPrefix(prefixes('0.0.0.0/0', '0.0.0.0/1', '64.0.0.0/3'), 0), 0x64400000, 'no claims');
  t.equal(chooseAliasPrefix(prefixes('198.18.3.0/24', '100.64.0.0/10'), 0), 0xc6130000);
  t.equal(
    chooseAliasPrefix(prefixes('100.100.100.100/32'), 0),
    0xc6120000,
    'another VPN filters its whole range',
  );
  t.equal(chooseAliasPrefix(prefixes('100.64.0.0/10'), 0), 0xc6120000);
  t.equal(chooseAliasPrefix(prefixes('100.64.0.0/10', '198.18.0.0/15'), 0), 0x0a800000);
  t.equal(chooseAliasPrefix(prefixes('100.64.0.0/10', '198.18.0.0/15', '10.0.0.0/8'), 0), 0xac180000);
  const all = prefixes('100.64.0.0/10', '198.18.0.0/15', '10.0.0.0/8', '172.16.0.0/12');
  t.equal(chooseAliasPrefix(all, 0), undefined);
  t.equal(chooseAliasPrefix([], 0, 0x0a050000), 0x0a050000, 'what was chosen before stays');
  t.equal(chooseAliasPrefix(prefixes('10.5.6.7/32'), 0, 0x0a050000), 0x64400000, 'unless it is taken now');
});

t.test('a pool wants a /16', async (t) => {
  t.throws(() => new AliasPool(PREFIX + 1), RangeError);
  t.throws(() => new AliasPool(PREFIX, [], 70000), RangeError);
});
