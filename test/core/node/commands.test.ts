import t from 'tap';
import { formatIp } from '../../../src/core/base/ip.ts';
import { HOUR_MS } from '../../../src/core/base/time.ts';
import { nodeIdToText } from '../../../src/core/identity/identity.ts';
import type { ServiceRequest } from '../../../src/core/node/types.ts';
import { meet, pair, pingOnce } from '../../../src/sim/scenarios.ts';
import { World } from '../../../src/sim/world.ts';
import { numbered } from '../../sim/traffic.ts';

function setUp() {
  const world = new World({ seed: 'commands' });
  const [alpha, bravo] = pair(world);
  world.run(100);
  return { world, alpha, bravo };
}

const service = (over: Partial<ServiceRequest> = {}): ServiceRequest => ({
  name: 'web',
  port: 80,
  protocol: 'tcp',
  target: '',
  check: 'none',
  weight: 1,
  share: '',
  ...over,
});

t.test('a node is found by name, ID and address, with and without the zone', async (t) => {
  const { alpha, bravo } = setUp();
  const peer = alpha.node.peers(0)[0];
  const text = nodeIdToText(bravo.keys.nodeId);
  const good = ['bravo', 'BRAVO.node.mcc', 'bravo.node.acme.mcc', 'bravo.mcc.', text, `${text}.node.mcc`];
  for (const target of [...good, peer.addresses.ipv4, peer.addresses.ipv6])
    t.strictSame(alpha.node.find(target)?.nodeId, bravo.keys.nodeId, target);
  t.match(alpha.node.find('alpha'), { name: 'alpha', addresses: { ipv6: formatIp(alpha.address6) } });
  t.equal(alpha.node.find(formatIp(alpha.address4))?.name, 'alpha');
  for (const target of [
    'charlie',
    '',
    '.',
    'bravo.node.beta',
    'bravo.other',
    '192.0.2.1',
    'fd00::1',
    'a.b.c.d.e',
  ])
    t.equal(alpha.node.find(target), undefined, target);
});

t.test('status and peers have the fields of the contract', async (t) => {
  const { world, alpha, bravo } = setUp();
  pingOnce(world, alpha, bravo);
  t.match(alpha.node.status(world.now), {
    nodeId: nodeIdToText(alpha.keys.nodeId),
    networkId: world.network.idText,
    network: 'sim-net',
    organisation: 'acme',
    name: 'alpha',
    member: true,
    signer: true,
    addresses: { ipv4: formatIp(alpha.address4), ipv6: formatIp(alpha.address6) },
    nat: { mapping: 'unknown', filtering: 'endpointIndependent' },
    services: [],
    drops: {},
    peers: [
      {
        nodeId: nodeIdToText(bravo.keys.nodeId),
        name: 'bravo',
        organisation: 'acme',
        state: 'connected',
        path: { kind: 'direct', remote: /^203\.0\.113\.\d+:9376$/ },
        rttMs: 10,
        txBytes: 0,
        rxBytes: 0,
        lastSeenMs: Number,
      },
    ],
  });
  bravo.kill();
  alpha.restart(world.now);
  t.match(alpha.node.peers(world.now), [{ name: 'bravo', organisation: 'acme', path: null, rttMs: null }]);
});

t.test('a ping of a node that does not answer is lost, not forever under way', async (t) => {
  const { world, alpha, bravo } = setUp();
  bravo.kill();
  t.equal(pingOnce(world, alpha, bravo), undefined);
  t.equal(pingOnce(world, alpha, alpha), 0);
  t.throws(() => alpha.node.ping(new Uint8Array(32), world.now), { code: 'PEER_UNKNOWN' });
});

t.test('services are offered, listed, refused with a reason, kept', async (t) => {
  const { world, alpha } = setUp();
  const addService = (record: ServiceRequest) =>
    alpha.run(world.now, (now) => alpha.node.addService(record, now));
  t.match(addService(service()), { name: 'web', share: '' });
  t.match(addService(service({ name: 'all', port: 81, share: 'all' })), { share: 'all' });
  const id = alpha.node.status(0).organisationId;
  t.match(addService(service({ name: 'own', port: 82, share: `acme, ${id}` })), { share: '' });
  t.match(
    addService(service({ name: 'camera', target: '192.168.1.5:80' })),
    { target: '192.168.1.5:80' },
    'a target of its own has the port to itself',
  );
  alpha.run(world.now, (now) => alpha.node.removeService('camera', now));
  const refused: [Partial<ServiceRequest>, string][] = [
    [{}, 'SERVICE_EXISTS'],
    [{ name: 'other' }, 'SERVICE_EXISTS'],
    [{ name: 'Bad Name', port: 1 }, 'NAME_INVALID'],
    [{ name: 'x', port: 0 }, 'NUMBER_INVALID'],
    [{ name: 'x', port: 1.5 }, 'NUMBER_INVALID'],
    [{ name: 'x', port: 90, weight: -1 }, 'NUMBER_INVALID'],
    [{ name: 'x', port: 90, share: 'nobody' }, 'ORGANISATION_UNKNOWN'],
  ];
  for (const [over, code] of refused)
    t.throws(() => alpha.node.addService(service(over), world.now), { code });
  const reshare = (how: 'share' | 'unshare', ...said: string[]) =>
    alpha.run(world.now, (now) => alpha.node.reshare('web', how, said, now)).share;
  t.equal(reshare('share', 'tag:db'), 'tag:db');
  t.throws(() => reshare('unshare', 'tag:db'), { code: 'SHARE_INVALID' });
  t.throws(() => reshare('share', 'nobody'), { code: 'ORGANISATION_UNKNOWN' });
  t.throws(() => alpha.node.reshare('none', 'share', ['all'], world.now), { code: 'SERVICE_UNKNOWN' });
  const tags = Array.from({ length: 31 }, (_, i) => `tag:t${i}`);
  t.equal(reshare('share', 'own', 'guests'), 'guests');
  t.equal(reshare('unshare'), '');
  t.equal(reshare('share', ...tags), tags.join());
  t.equal(addService(service({ name: 'last', port: 83, share: 'tag:last' })).share, 'tag:last');
  t.throws(() => addService(service({ name: 'more', port: 84, share: 'tag:more' })), {
    code: 'NUMBER_INVALID',
  });
  t.equal(reshare('share', 'own'), '');
  alpha.run(world.now, (now) => alpha.node.removeService('last', now));
  alpha.restart(world.now);
  t.match(
    alpha.node.listServices().find(({ name }) => name === 'web'),
    { share: '' },
  );
  t.strictSame(
    alpha.node
      .listServices()
      .map(({ name }) => name)
      .sort(),
    ['all', 'own', 'web'],
  );
  alpha.run(world.now, (now) => alpha.node.removeService('web', now));
  t.throws(() => alpha.node.removeService('web', world.now), { code: 'SERVICE_UNKNOWN' });
  t.equal(alpha.disk.services.size, 2);
});

t.test('an invitation is refused where it makes no sense', async (t) => {
  const { world, alpha, bravo } = setUp();
  const good = { uses: 1, expiresMs: 1.9e12, addresses: [], provides: [] };
  t.throws(() => bravo.node.invite(good, world.now), { code: 'NOT_A_SIGNER' });
  t.throws(() => alpha.node.invite({ ...good, uses: 0 }, world.now), { code: 'NUMBER_INVALID' });
  t.throws(() => alpha.node.invite({ ...good, expiresMs: 1 }, world.now), { code: 'DURATION_INVALID' });
  t.throws(() => alpha.node.invite({ ...good, provides: ['Bad!'] }, world.now), { code: 'NAME_INVALID' });
  const long = (letter: string) => Array.from({ length: 4 }, (_, i) => `${letter.repeat(60)}${i}`);
  t.throws(() => alpha.node.invite({ ...good, provides: long('p'), tags: long('t') }, world.now), {
    code: 'CERTIFICATE_TOO_LONG',
    message: /^patterns and tags take 504 bytes, and 4\d\d are left\./,
  });
  t.ok(alpha.node.invite({ ...good, provides: long('p') }, world.now).token);
  const { token, addresses } = alpha.run(world.now, (now) => alpha.node.invite(good, now));
  t.match(token, /^mcc1[0-9a-z]+$/);
  t.strictSame(addresses, [alpha.address]);
});

t.test('a left-over key of another organisation makes no signer', async (t) => {
  const { world, alpha } = setUp();
  t.ok(alpha.node.status(world.now).signer);
  Object.assign(Reflect.get(alpha, 'parts'), { signerSeed: world.organisation('beta').signer.seed });
  alpha.restart(world.now);
  t.notOk(alpha.node.status(world.now).signer);
});

t.test('aliases stay over restarts and avoid what the host uses', async (t) => {
  const { world, alpha, bravo } = setUp();
  const before = alpha.node.peers(0)[0].addresses;
  alpha.restart(world.now);
  t.strictSame(alpha.node.peers(0)[0].addresses, before);
  t.same(alpha.node.needs.interfaceAddresses().ipv4.bits, 112);
  t.same(alpha.node.needs.interfaceAddresses().ipv6.bits, 48);
  const charlie = world.member('charlie', world.organisation('gamma'));
  meet(world, bravo, charlie);
  t.equal(bravo.node.peers(0).length, 2, 'a known node has addresses before any session');
  t.ok(bravo.node.peers(0).every((peer) => peer.addresses.ipv4 !== '' && peer.addresses.ipv6 !== ''));
});

t.test('an alias that carries traffic is written down as used', async (t) => {
  const { world, alpha, bravo } = setUp();
  const lastUse = () => Math.min(...[...alpha.disk.aliases.values()].map((alias) => alias.lastUsedMs));
  const before = lastUse();
  world.run(2 * HOUR_MS);
  alpha.sendInside(world.now, numbered(alpha, bravo, 1));
  world.run(1000);
  alpha.run(world.now, (now) => alpha.node.shutdown(now));
  t.ok(lastUse() - before >= 2 * HOUR_MS - 1000, `${lastUse() - before} ms later`);
});

t.test('a clean stop tells the peers', async (t) => {
  const { world, alpha, bravo } = setUp();
  bravo.run(world.now, (now) => bravo.node.shutdown(now));
  bravo.kill();
  t.match(world.waitFor(alpha, 'peerDown', 1000), { name: 'bravo', reason: 'shutdown' });
});
