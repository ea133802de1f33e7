import t from 'tap';
import { networkPrefix, Tables, virtualAddress } from '../../../src/core/addressing/addressing.ts';
import { NONE, REMOTE_ESTABLISHED, REMOTE_MEMBER } from '../../../src/core/addressing/types.ts';
import { formatPrefix, ipv4, parseIp } from '../../../src/core/base/ip.ts';

const networkId = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const seed = [1, 2, 3, 4];
const A = parseIp('fd01:203:405::a') as Uint8Array;
const B = parseIp('fd01:203:405::b') as Uint8Array;
const ALIAS = 0x64400001;

function tables(): Tables {
  return new Tables(networkId, 0x64400000, seed);
}

t.test('virtual addresses are fd, network, hash of the endpoint', async (t) => {
  const sha256 = (data: Uint8Array) => new Uint8Array(32).fill(data[0]);
  t.equal(formatPrefix(networkPrefix(networkId)), 'fd01:203:405::/48');
  t.same(
    virtualAddress(networkId, Uint8Array.of(0xab), sha256),
    parseIp('fd01:203:405:abab:abab:abab:abab:abab'),
  );
});

t.test('an endpoint is reached by both addresses and leaves with both', async (t) => {
  const world = tables();
  const remote = world.claimRemote();
  t.ok(world.setEndpoint(remote, 0, A, ALIAS));
  t.equal(world.remoteOf(A), remote);
  t.equal(world.remoteOf(ipv4(100, 64, 0, 1)), remote);
  t.same(world.endpointOf(remote, 0), { address: A, alias: ALIAS });
  t.ok(world.setEndpoint(remote, 0, A, ALIAS + 1), 'another alias');
  t.equal(world.remoteOf(ipv4(100, 64, 0, 1)), NONE);
  t.equal(world.remoteOf(ipv4(100, 64, 0, 2)), remote);
  t.ok(world.setEndpoint(remote, 0, A, 0), 'none');
  t.equal(world.remoteOf(ipv4(100, 64, 0, 2)), NONE);
  world.clearEndpoint(remote, 0);
  t.equal(world.remoteOf(A), NONE);
  t.equal(world.endpointOf(remote, 0), undefined);
  t.equal(world.routes.size, 0);
});

t.test('nobody takes over the address of another', async (t) => {
  const world = tables();
  const [first, second] = [world.claimRemote(), world.claimRemote()];
  t.ok(world.setEndpoint(first, 0, A, ALIAS));
  t.notOk(world.setEndpoint(second, 0, A, 0));
  t.notOk(world.setEndpoint(second, 0, B, ALIAS));
  t.notOk(world.setEndpoint(first, 1, A, 0), 'nor another endpoint of the same remote');
  t.equal(world.remoteOf(A), first);
  t.equal(world.remoteOf(B), NONE);
  t.ok(world.setEndpoint(second, 0, B, ALIAS + 1));
});

t.test('a slot that is claimed again is empty and of another generation', async (t) => {
  const world = tables();
  const slots = Array.from({ length: 40 }, () => world.claimRemote());
  t.same(
    slots,
    Array.from({ length: 40 }, (_, i) => i),
  );
  world.setEndpoint(7, 0, A, ALIAS);
  world.setEndpoint(7, 3, B, 0);
  world.remotes.flags[7] = REMOTE_ESTABLISHED | REMOTE_MEMBER;
  world.remotes.sendKey[7] = 12;
  world.activity.txBytes[7] = 5;
  world.releaseRemote(7);
  t.equal(world.routes.size + world.endpoints.size, 0);
  t.equal(world.remotes.size, 39);
  t.equal(world.claimRemote(), 7);
  t.equal(world.remotes.generation[7], 1);
  t.equal(world.remotes.flags[7], 0);
  t.equal(world.remotes.sendKey[7], NONE);
  t.equal(world.activity.txBytes[7], 0);
  t.equal(world.activity.lastSentMs[7], Number.NEGATIVE_INFINITY);
});

t.test('keys and paths grow with their slots', async (t) => {
  const world = tables();
  world.receiveKeys.set(3000, 5, false, 3000);
  world.receiveKeys.set(2, 6, true, 2);
  t.same(
    [world.receiveKeys.remote[3000], world.receiveKeys.remote[2], world.receiveKeys.remote[4]],
    [5, 6, NONE],
  );
  world.receiveKeys.clear(3000);
  t.equal(world.receiveKeys.remote[3000], NONE);
  world.paths.set(100, Uint32Array.of(0, 1, 2, 3, 4), 1, 9376);
  t.same([...world.paths.address.subarray(400, 404)], [1, 2, 3, 4]);
  t.equal(world.paths.port[100], 9376);
});

t.test('open ports are open to their audience, and to the own organisation always', async (t) => {
  const { openPorts } = tables();
  const [OWN, ACME, OTHER] = [1, 2, 3];
  t.ok(openPorts.allows(0, 6, 80, OWN, false));
  t.notOk(openPorts.allows(0, 6, 80, ACME, false));
  openPorts.open(0, 6, 80, { kind: 'organisations', slots: [ACME, OWN, ACME] });
  openPorts.open(0, 17, 53, { kind: 'members' });
  openPorts.open(4, 6, 443, { kind: 'guests' });
  const rows: [number, number, number, number, boolean, boolean][] = [
    [0, 6, 80, ACME, false, true],
    [0, 6, 80, OTHER, false, false],
    [0, 6, 80, 0, true, false],
    [0, 6, 80, 0, false, false],
    [0, 17, 80, ACME, false, false],
    [1, 6, 80, ACME, false, false],
    [0, 6, 81, ACME, false, false],
    [0, 17, 53, OTHER, false, true],
    [0, 17, 53, 0, true, false],
    [0, 17, 53, 0, false, false],
    [4, 6, 443, OTHER, false, true],
    [4, 6, 443, 0, true, true],
    [4, 6, 443, 0, false, false],
  ];
  for (const [selector, protocol, port, organisation, guest, expected] of rows) {
    const name = `${selector}/${protocol}/${port} for ${guest ? 'a guest' : organisation}`;
    t.equal(openPorts.allows(selector, protocol, port, organisation, guest), expected, name);
  }
  t.ok(openPorts.allows(4, 6, 443, OWN, false), 'the own organisation, at an endpoint: what is open');
  t.notOk(openPorts.allows(4, 6, 80, OWN, false));
  t.notOk(openPorts.allows(4, 17, 443, OWN, false));
  openPorts.open(4, 6, 444, { kind: 'organisations', slots: [] });
  t.ok(openPorts.allows(4, 6, 444, OWN, false), 'and what is shared with nobody');
  t.notOk(openPorts.allows(4, 6, 444, ACME, false));
  openPorts.close(4, 6, 444);
  t.notOk(openPorts.allows(4, 6, 444, OWN, false));
  openPorts.close(0, 6, 80);
  t.notOk(openPorts.allows(0, 6, 80, ACME, false));
  t.ok(openPorts.allows(0, 17, 53, ACME, false), 'the others stay');
  for (let port = 1; port < 200; port++) openPorts.open(0, 6, port, { kind: 'members' });
  for (let port = 1; port < 200; port++) t.ok(openPorts.allows(0, 6, port, ACME, false), `port ${port}`);
});

t.test('whatever loses its alias keeps its other address, and the alias is free for another', async (t) => {
  const world = tables();
  const [remote, other] = [world.claimRemote(), world.claimRemote()];
  const S = parseIp('fd01:203:405::c') as Uint8Array;
  const O = parseIp('fd01:203:405::d') as Uint8Array;
  t.ok(world.setEndpoint(remote, 5, A, ALIAS));
  t.ok(world.setService(0, S, ALIAS + 1));
  t.ok(world.setOwnEndpoint(3, O, ALIAS + 2));
  t.notOk(world.setEndpoint(other, 0, B, ALIAS), 'taken');
  t.strictSame(
    [A, S, O, B].map((address) => world.dropAlias(address)),
    [false, false, true, false],
  );
  t.same(world.endpointOf(remote, 5), { address: A, alias: 0 });
  t.equal(world.serviceOf(S), 0);
  t.equal(world.remoteOf(ipv4(100, 64, 0, 1)), NONE);
  t.equal(world.serviceOf(ipv4(100, 64, 0, 2)), NONE);
  t.equal(world.ownRoutes.size, 1);
  t.ok(world.setEndpoint(other, 0, B, ALIAS + 1));
});
