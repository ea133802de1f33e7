import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import { encodeUtf8 } from '../../../src/core/base/utf8.ts';
import { OWN_VALUES_MAX } from '../../../src/core/discovery/own-records.ts';
import { STORED_MS, VALUES_MAX } from '../../../src/core/discovery/values.ts';
import { idToText } from '../../../src/core/identity/identity.ts';
import { VALUE_MAX } from '../../../src/core/wire/limits.ts';
import type { DhtRecord } from '../../../src/core/wire/types.ts';
import { crypto, type Provider, WALL_S, World } from './world.ts';

const HI = encodeUtf8('hi');

function userRecord({ nodeId }: Provider, name: string, text: string, sequence = 1): DhtRecord {
  const head = { publisher: nodeId, sequence, expires: WALL_S + DAY_S, name };
  return { ...head, kind: 'user', body: encodeUtf8(text) };
}

const published = (world: World) => {
  const key = world.out.sends.flatMap((send) => (send.kind === 'publish' ? [send.key] : [])).at(-1);
  const record = world.published().at(-1);
  if (key === undefined || record === undefined) throw new Error('nothing was published');
  return { key, record };
};

t.test('a value is put, told to be stored, and published again after a restart', async (t) => {
  const world = new World();
  world.give({ kind: 'put', id: 1, name: 'motd', value: HI });
  const { key, record } = published(world);
  t.equal(toHex(key), world.keyOf('user', 'motd'));
  t.match(record, { kind: 'user', name: 'motd', body: HI });
  t.match(world.persists(), [
    { kind: 'value', value: { name: 'motd', value: HI } },
    { kind: 'sequence', sequence: record.sequence },
  ]);
  world.give({ kind: 'published', key, copies: 0 });
  t.strictSame(world.events('stored'), []);
  world.give({ kind: 'published', key, copies: 8 });
  const { sequence, expires } = record;
  t.strictSame(world.events('stored'), [
    { kind: 'stored', id: 1, key: 'motd', sequence, expires, copies: 8 },
  ]);
  world.give({ kind: 'put', id: 2, name: 'motd', value: encodeUtf8('ho') });
  t.ok(published(world).record.sequence > sequence, 'a newer one replaces it');
  world.wait(STORED_MS);
  t.match(world.events('stored'), [{ id: 2, copies: 0 }], 'nobody keeps it yet');
  const values = [{ name: 'motd', value: HI }];
  const again = new World({ state: { lastSequence: sequence, values } });
  again.give({ kind: 'self', addresses: [], relays: [], isCore: false });
  t.match(published(again).record, { kind: 'user', body: HI });
});

t.test('a value without a name lies under its hash', async (t) => {
  const world = new World();
  world.give({ kind: 'put', id: 1, name: '', value: HI });
  const { key, record } = published(world);
  t.equal(toHex(key), world.immutableKeyOf(HI));
  t.match(record, { kind: 'immutable', name: '', body: HI });
  world.give({ kind: 'published', key, copies: 1 });
  const hash = idToText(crypto.sha256(HI));
  t.match(world.events('stored'), [{ key: hash }]);
  world.give({ kind: 'get', id: 2, key: hash, organisation: undefined });
  t.match(world.events('got'), [{ id: 2, result: { ok: true, values: [{ value: HI, isVerified: true }] } }]);
  t.strictSame(world.finds(), [], 'what it keeps itself it need not look up');

  const other = new World({ seed: 'other' });
  const provider = other.provider();
  other.give({ kind: 'get', id: 3, key: hash.toUpperCase(), organisation: undefined });
  const { id } = other.find();
  const wrong = { ...userRecord(provider, '', 'ho'), kind: 'immutable' } as DhtRecord;
  const right = { ...userRecord(provider, '', 'hi'), kind: 'immutable' } as DhtRecord;
  other.found(id, [wrong], { isComplete: false });
  t.match(other.events('dropped'), [{ reason: 'recordUnexpected' }]);
  other.found(id, [right], { isComplete: false });
  t.match(
    other.events('got'),
    [{ id: 3, result: { ok: true, values: [{ value: HI }] } }],
    'it proves itself',
  );
});

t.test('values of all who put one, newest first', async (t) => {
  const world = new World();
  const [a, b, stranger] = [
    world.provider('a'),
    world.provider('b'),
    world.provider('x', { organisation: world.id() }),
  ];
  world.peer(a);
  world.peer(stranger);
  world.give({ kind: 'put', id: 1, name: 'motd', value: HI });
  const { record } = published(world);
  world.give({ kind: 'get', id: 2, key: 'motd', organisation: undefined });
  world.give({ kind: 'get', id: 3, key: 'motd', organisation: undefined });
  const { id } = world.find();
  const old = { ...record, sequence: 1, body: encodeUtf8('old') } as DhtRecord;
  const records = [
    userRecord(a, 'motd', 'a', 5),
    userRecord(b, 'motd', 'b', 6),
    userRecord(stranger, 'motd', 'x'),
    old,
  ];
  world.found(id, [...records, userRecord(b, 'else', 'b')]);
  const [got, same] = world.events('got');
  t.strictSame(got.result, same.result);
  t.match(got.result, {
    ok: true,
    values: [
      { nodeName: 'self', value: HI, isVerified: true },
      { publisher: b.nodeId, value: encodeUtf8('b'), isVerified: false },
      { publisher: a.nodeId, nodeName: 'a', isVerified: true },
    ],
  });
  t.same(
    world.events('dropped').map(({ reason }) => reason),
    ['recordOrganisation', 'recordName'],
  );
  world.give({ kind: 'unput', key: 'motd' });
  t.match(published(world).record, { name: 'motd', body: undefined });
  t.match(world.persists().at(-2), { kind: 'forgetValue', value: { name: 'motd' } });
  t.throws(() => world.give({ kind: 'unput', key: 'motd' }), { code: 'RECORD_UNKNOWN' });
});

t.test('what cannot be', async (t) => {
  const world = new World();
  const put = (name: string, value = HI) => world.give({ kind: 'put', id: 1, name, value });
  for (const name of ['a'.repeat(64), 'a\nb', '0'.repeat(52), 'ä'.repeat(32)])
    t.throws(() => put(name), { code: 'RECORD_KEY_INVALID' }, name);
  t.throws(() => put('k', new Uint8Array(VALUE_MAX + 1)), { code: 'RECORD_TOO_LARGE', message: /820/ });
  t.throws(() => put('k', new Uint8Array(0)), { code: 'RECORD_TOO_LARGE' });
  t.strictSame(world.persists(), []);
  put('a'.repeat(63), new Uint8Array(VALUE_MAX));
  put('any text of Zürich / 1', HI);
  for (let i = 2; i < OWN_VALUES_MAX; i++) put(`k${i}`);
  t.throws(() => put('more'), { code: 'RECORDS_FULL' });
  put('k2', encodeUtf8('a new one'));
  world.wait(STORED_MS);
  t.equal(world.events('stored').length, OWN_VALUES_MAX + 1);

  const get = (key: string, organisation?: string) => {
    world.give({ kind: 'get', id: 9, key, organisation });
    return world.events('got').at(0)?.result;
  };
  t.strictSame(get('a'.repeat(64)), { ok: false, code: 'RECORD_KEY_INVALID' });
  t.strictSame(get('k', 'nobody'), { ok: false, code: 'ORGANISATION_UNKNOWN' });
  t.equal(get('nothing'), undefined);
  world.found(world.find().id, []);
  t.strictSame(world.events('got')[0].result, { ok: true, values: [] });
  get('nothing');
  world.found(world.find().id, [], { contacts: 0 });
  t.strictSame(world.events('got')[0].result, { ok: false, code: 'TIMED_OUT' });
  get('many');
  const crowd = Array.from({ length: 500 }, () =>
    userRecord({ ...world.provider(), nodeId: world.rng.bytes(32) }, 'many', 'x'),
  );
  world.found(world.find().id, crowd);
  t.match(world.events('got')[0].result, { ok: true, values: { length: VALUES_MAX } });
});
