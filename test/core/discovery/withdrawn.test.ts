import t from 'tap';
import { DAY_S } from '../../../src/core/base/time.ts';
import { REFRESH_MS } from '../../../src/core/discovery/services.ts';
import type { DhtRecord } from '../../../src/core/wire/types.ts';
import { nodeNameRecord, serviceRecord, WALL_S, World } from './world.ts';

t.test('what is taken back goes as soon as one says so, not only once the lookup has ended', async (t) => {
  const world = new World();
  const [a, b] = [world.provider(), world.provider()];
  const first = serviceRecord(a, 'hello', {}, { sequence: 5 });
  const answer = world.resolve({ service: 'hello' });
  world.found(world.find().id, [first, serviceRecord(b, 'hello')]);
  t.match(world.answer(answer), { endpoints: { length: 2 } });
  world.wait(REFRESH_MS);
  world.resolve({ service: 'hello' });
  const withdrawn = [{ ...first, sequence: 6, body: undefined }];
  world.found(world.find().id, [serviceRecord(b, 'hello')], { withdrawn, isComplete: false });
  t.match(world.events('service').at(-1)?.endpoints, [{ nodeId: b.nodeId }]);
});

t.test('withdrawn, expired and older records', async (t) => {
  const world = new World();
  const [a, b, old] = [world.provider(), world.provider(), world.provider()];
  const expired = serviceRecord(old, 'hello', {}, { expires: WALL_S });
  const again = (records: readonly DhtRecord[]) => {
    world.wait(REFRESH_MS);
    world.resolve({ service: 'hello' });
    world.found(world.find().id, records);
    return world.events('service').at(-1)?.endpoints;
  };
  const first = serviceRecord(a, 'hello', { port: 80 }, { sequence: 5 });
  again([first, serviceRecord(b, 'hello'), expired]);
  t.strictSame(world.events('dropped'), [{ kind: 'dropped', reason: 'recordExpired' }]);
  const changed = again([
    serviceRecord(a, 'hello', { port: 81 }, { sequence: 6 }),
    serviceRecord(b, 'hello'),
  ]);
  t.strictSame(changed?.map(({ port }) => port).sort(), [80, 81]);
  t.equal(again([first, serviceRecord(b, 'hello')]), undefined, 'an older version changes nothing');
  t.strictSame(world.events('dropped'), [{ kind: 'dropped', reason: 'recordReplayed' }]);
  const taken = { ...first, sequence: 7, body: undefined };
  t.equal(again([taken, serviceRecord(b, 'hello')])?.length, 1);
  t.equal(again([first, serviceRecord(b, 'hello')]), undefined, 'nor does it come back');
  t.equal(again([{ ...first, sequence: 8 }, serviceRecord(b, 'hello')])?.length, 2, 'a newer one does');
  t.strictSame(world.events('dropped'), [{ kind: 'dropped', reason: 'recordReplayed' }]);
  const foreign = [
    { ...serviceRecord(b, 'hello'), name: 'other' },
    nodeNameRecord(a, 'hello'),
    serviceRecord(b, 'hello'),
    { ...first, sequence: 8 },
  ];
  t.equal(again(foreign), undefined);
  t.strictSame(
    world.events('dropped').map(({ reason }) => reason),
    ['recordName', 'recordUnexpected'],
  );
  world.wait((DAY_S + 1) * 1000);
  t.strictSame(world.events('service'), []);
  t.equal(world.events('serviceGone').length, 1, 'all have expired, and nobody asked since');
});
