import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import type { EndpointView } from '../../../src/core/discovery/types.ts';
import { endpointId, idToText } from '../../../src/core/identity/identity.ts';
import { crypto, PLACE, type Provider, serviceRecord, World } from './world.ts';

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
