import t from 'tap';
import {
  AliasPool,
  ENDPOINT_IPV4,
  ENDPOINT_IPV6,
  ENDPOINT_UP,
  resolverAddress,
  resolverAlias,
  Tables,
} from '../../../src/core/addressing/addressing.ts';
import {
  ENDPOINTS_PER_SERVICE,
  NONE,
  OWN_REMOTE,
  REMOTE_SLOTS,
  SERVICE_BASE,
  SERVICE_SLOTS,
  type ServiceEndpoint,
} from '../../../src/core/addressing/types.ts';
import { formatIp, ipFromWords, parseIp } from '../../../src/core/base/ip.ts';

const networkId = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const PREFIX = 0x64400000;
const S = parseIp('fd01:203:405::a') as Uint8Array;
const S2 = parseIp('fd01:203:405::b') as Uint8Array;
const S4 = parseIp('100.64.0.9') as Uint8Array;
const ALIAS = PREFIX + 9;

function tables(): Tables {
  return new Tables(networkId, PREFIX, [1, 2, 3, 4]);
}

function endpoint(remote: number, facts: Partial<ServiceEndpoint> = {}): ServiceEndpoint {
  const usual = { selector: 1, weight: 100, isUp: true, protocol: 6, port: 80, ipv4: true, ipv6: true };
  return { ...usual, remote, ...facts };
}

t.test('a service is found by both addresses, and is no remote', async (t) => {
  const world = tables();
  t.equal(world.services.freeSlot(), 0);
  t.ok(world.setService(3, S, ALIAS));
  t.equal(world.serviceOf(S), 3);
  t.equal(world.serviceOf(S4), 3);
  t.equal(world.remoteOf(S), NONE);
  const place = world.routes.find(Uint32Array.of(0, 0, 0xffff, ALIAS), 0);
  t.equal(world.routes.remote[place], SERVICE_BASE + 3);
  t.equal(world.services.freeSlot(), 0);
  t.ok(world.setService(3, S, 0), 'without an alias');
  t.equal(world.serviceOf(S4), NONE);
  t.equal(world.services.generation[3], 0, 'it is the same service');
  world.clearService(3);
  world.clearService(3);
  t.equal(world.serviceOf(S), NONE);
  t.equal(world.services.generation[3], 1);
  t.equal(world.routes.size, 0);
});

t.test('services and endpoints take no address from each other', async (t) => {
  const world = tables();
  const remote = world.claimRemote();
  t.ok(world.setService(0, S, ALIAS));
  t.notOk(world.setService(1, S, 0));
  t.notOk(world.setService(1, S2, ALIAS));
  t.notOk(world.setEndpoint(remote, 0, S, 0));
  t.ok(world.setEndpoint(remote, 0, S2, 0));
  t.notOk(world.setService(1, S2, 0));
  t.notOk(world.setService(0, S2, 0), 'nor by moving there');
  t.equal(world.serviceOf(S), 0);
  t.equal(world.remoteOf(S2), remote);
});

t.test('a slot that gets another address is another service', async (t) => {
  const world = tables();
  world.setService(0, S, ALIAS);
  world.setServiceEndpoints(0, [endpoint(4)]);
  t.ok(world.setService(0, S2, ALIAS));
  t.equal(world.serviceOf(S), NONE);
  t.equal(world.serviceOf(S2), 0);
  t.equal(world.serviceOf(S4), 0);
  t.equal(world.services.count[0], 0);
  t.equal(world.services.generation[0], 1);
});

t.test('slots are bounded', async (t) => {
  const world = tables();
  t.notOk(world.setService(SERVICE_SLOTS, S, 0));
  t.notOk(world.setService(-1, S, 0));
  const address = S.slice();
  for (let slot = 0; slot < SERVICE_SLOTS; slot++) {
    t.equal(world.services.freeSlot(), slot);
    address[14] = slot >> 8;
    address[15] = slot;
    t.ok(world.setService(slot, address, 0));
  }
  t.equal(world.services.freeSlot(), NONE);
  t.equal(world.serviceOf(address), SERVICE_SLOTS - 1);
  world.clearService(77);
  t.equal(world.services.freeSlot(), 77);
});

t.test('endpoints are kept as they were told, the first 32 of them', async (t) => {
  const world = tables();
  t.throws(() => world.setServiceEndpoints(0, []), RangeError);
  world.setService(2, S, ALIAS);
  world.setServiceEndpoints(2, [
    endpoint(7, { selector: 9, weight: 1e6, port: 443, ipv4: false }),
    endpoint(OWN_REMOTE, { isUp: false, protocol: 17, ipv6: false }),
  ]);
  const { services } = world;
  const [first, second] = [services.find(2, 7, 9), services.find(2, OWN_REMOTE, 1)];
  t.same([first, second], [2 * ENDPOINTS_PER_SERVICE, 2 * ENDPOINTS_PER_SERVICE + 1]);
  t.equal(services.find(2, 7, 8), NONE);
  t.same([services.weight[first], services.port[first], services.protocol[second]], [65535, 443, 17]);
  t.same([...services.flags.subarray(first, first + 2)], [ENDPOINT_UP | ENDPOINT_IPV6, ENDPOINT_IPV4]);
  const many = Array.from({ length: 40 }, (_, i) => endpoint(i));
  world.setServiceEndpoints(2, many);
  t.equal(services.count[2], ENDPOINTS_PER_SERVICE);
  t.equal(services.find(2, 31, 1), first + 31);
  t.equal(services.find(2, 32, 1), NONE);
  t.equal(OWN_REMOTE, REMOTE_SLOTS, 'which no remote has');
});

t.test('load stays with the endpoint, not with its place or its slot', async (t) => {
  const world = tables();
  const [a, b] = [world.claimRemote(), world.claimRemote()];
  const { services } = world;
  world.setService(0, S, 0);
  world.setServiceEndpoints(0, [endpoint(a), endpoint(b)]);
  services.load.set([5, 7]);
  world.setServiceEndpoints(0, [endpoint(b), endpoint(a), endpoint(a, { selector: 2 })]);
  t.same([...services.load.subarray(0, 3)], [7, 5, 0]);
  world.releaseRemote(a);
  world.setServiceEndpoints(0, [endpoint(a), endpoint(b)]);
  t.same([...services.load.subarray(0, 2)], [0, 7], 'somebody else has the slot now');
});

t.test('the round trip of a remote is unknown again when its slot is freed', async (t) => {
  const world = tables();
  const remote = world.claimRemote();
  t.equal(world.remotes.rttMs[remote], 0);
  world.remotes.rttMs[remote] = 12.5;
  world.releaseRemote(remote);
  t.equal(world.remotes.rttMs[world.claimRemote()], 0);
});

t.test("the resolver's addresses are nobody's", async (t) => {
  t.equal(formatIp(resolverAddress(networkId)), 'fd01:203:405::35');
  t.equal(resolverAlias(PREFIX), PREFIX + 53);
  const world = tables();
  world.setResolver(resolverAddress(networkId), resolverAlias(PREFIX));
  t.same(ipFromWords(world.resolver, 0), resolverAddress(networkId));
  t.equal(world.resolver[4], PREFIX + 53);

  const pool = new AliasPool(PREFIX, [{ address: S, alias: PREFIX + 53, lastUsedMs: 1 }], 60);
  t.equal(pool.assigned, 0, 'not even those who had it before');
  const given = new Set<number>();
  const address = S.slice();
  for (let i = 0; i < 59; i++) {
    address[15] = i;
    const outcome = pool.assign(address, 0);
    if (outcome.ok) given.add(outcome.alias);
  }
  t.equal(given.size, 59);
  t.notOk(given.has(PREFIX + 53));
  address[15] = 200;
  t.same(pool.assign(address, 0), { ok: false, reason: 'poolFull' });
});
