// Who may use a service, and what becomes of flows when that changes: whole nodes of two organisations.
import t, { type Test } from 'tap';
import { readU32BE } from '../../src/core/base/bytes.ts';
import { HOUR_MS } from '../../src/core/base/time.ts';
import type { ServiceRequest } from '../../src/core/node/types.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { addressesAt, joinBy, meet } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { checksumsHold, tcpPacket, udpPacket } from './packets.ts';
import { makeWorld } from './traffic.ts';

const SYN = 2;
const ACK = 16;
const WEB: ServiceRequest = {
  name: 'web',
  port: 80,
  protocol: 'tcp',
  target: '',
  check: 'none',
  weight: 100,
  share: '',
};

/** Packets for port 80 by either way, from a program of `from`; whether one came out at `to`. */
function gets(world: World, from: SimHost, to: SimHost, flags: number, family: 4 | 6 = 6): boolean {
  const there = addressesAt(from, to);
  const [here, target] = family === 6 ? [from.address6, there.v6] : [from.address4, there.v4];
  return passes(
    world,
    from,
    to,
    tcpPacket(here, 4000, target, 80, new Uint8Array(4), { flags, sequence: 1 }),
  );
}

function passes(world: World, from: SimHost, to: SimHost, packet: Uint8Array): boolean {
  const before = to.received.length;
  from.sendInside(world.now, packet);
  world.run(200);
  return to.received.length > before;
}

function four(seed: string) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme');
  const alpha = world.member('alpha', acme, { isSigner: true });
  const tagged = world.member('tagged', acme, { tags: ['web', 'db'] });
  const plain = world.member('plain', acme, { tags: ['other'] });
  const beta = world.member('delta', world.organisation('beta'), { tags: ['web'] });
  for (const host of [tagged, plain, beta]) {
    meet(world, host, alpha);
    world.run(500);
    gets(world, host, alpha, ACK);
  }
  const { node } = alpha;
  const reshare = (how: 'share' | 'unshare', ...said: string[]) =>
    alpha.run(world.now, (now) => alpha.node.reshare('web', how, said, now));
  alpha.run(world.now, (now) => node.addService(WEB, now));
  return { world, alpha, tagged, plain, beta, reshare };
}

function judge(
  t: Test,
  world: World,
  alpha: SimHost,
  expected: readonly [SimHost, boolean][],
  when: string,
): void {
  for (const [host, isIn] of expected) {
    for (const flags of [SYN, ACK])
      for (const family of [4, 6] as const)
        t.equal(
          gets(world, host, alpha, flags, family),
          isIn,
          `${when}: ${host.name}, flags ${flags}, IPv${family}`,
        );
  }
}

t.test('sharing and unsharing act on what runs, and tags on the host address too', async (t) => {
  const { world, alpha, tagged, plain, beta, reshare } = four('sharing');
  const all = (a: boolean, b: boolean, c: boolean): [SimHost, boolean][] => [
    [tagged, a],
    [plain, b],
    [beta, c],
  ];
  judge(t, world, alpha, all(true, true, false), 'the own organisation');
  reshare('share', 'beta');
  judge(t, world, alpha, all(true, true, true), 'beta as well');
  reshare('share', 'tag:web');
  judge(t, world, alpha, all(true, false, true), 'a tag');
  reshare('unshare');
  judge(t, world, alpha, all(true, false, false), 'without beta');
  alpha.restart(world.now, [tagged, plain, beta]);
  world.run(500);
  judge(t, world, alpha, all(true, false, false), 'after a restart');
  reshare('share', 'tag:other');
  judge(t, world, alpha, all(true, true, false), 'another tag');
  reshare('share', 'own', 'all');
  judge(t, world, alpha, all(true, true, true), 'all');
  alpha.run(world.now, (now) => alpha.node.removeService('web', now));
  judge(t, world, alpha, all(true, true, false), 'removed');
});

t.test('a UDP flow that runs ends with the right to it', async (t) => {
  const { world, alpha, beta } = four('udp');
  const dns: ServiceRequest = { ...WEB, name: 'names', port: 53, protocol: 'udp', share: 'beta' };
  alpha.run(world.now, (now) => alpha.node.addService(dns, now));
  const there = addressesAt(beta, alpha);
  const back = addressesAt(alpha, beta);
  const payload = new Uint8Array(8);
  const query = () => passes(world, beta, alpha, udpPacket(beta.address6, 999, there.v6, 53, payload));
  const answer = () => passes(world, alpha, beta, udpPacket(alpha.address6, 53, back.v6, 999, payload));
  t.ok(query());
  t.ok(answer());
  alpha.run(world.now, (now) => alpha.node.reshare('names', 'unshare', ['beta'], now));
  for (let i = 0; i < 3; i++) {
    t.notOk(answer(), 'what the server goes on sending');
    t.notOk(query(), 'what is asked');
  }
});

t.test('a token carries tags into the certificate', async (t) => {
  const { world, alpha, reshare } = four('token');
  const joiner = world.stranger('joiner');
  const request = {
    uses: 1,
    expiresMs: 1_800_000_000_000 + world.now + HOUR_MS,
    addresses: [],
    provides: [],
    tags: ['web', 'web'],
  };
  const { token } = alpha.run(world.now, (now) => alpha.node.invite(request, now));
  reshare('share', 'tag:web');
  t.ok(joinBy(world, joiner, token, 'joiner')?.ok);
  meet(world, joiner, alpha);
  world.run(500);
  t.ok(gets(world, joiner, alpha, SYN));
  reshare('share', 'tag:none');
  t.ok(gets(world, joiner, alpha, ACK));
  reshare('unshare', 'tag:web');
  t.notOk(gets(world, joiner, alpha, ACK));
  t.throws(() => alpha.node.invite({ ...request, tags: ['No!'] }, world.now), { code: 'NAME_INVALID' });
});

t.test('a member is told what is refused, and its programs learn it at once', async (t) => {
  for (const family of [4, 6] as const) {
    const { world, alpha, plain, beta, reshare } = four(`told ${family}`);
    const there = addressesAt(beta, alpha);
    const [here, target] = family === 6 ? [beta.address6, there.v6] : [beta.address4, there.v4];
    const send = (flags: number, sequence: number): Uint8Array | undefined => {
      const before = beta.received.length;
      const fields = { flags, sequence };
      beta.sendInside(world.now, tcpPacket(here, 4321, target, 80, new Uint8Array(0), fields));
      world.run(100);
      return beta.received[before];
    };
    const network = family === 6 ? 40 : 20;
    const reset = send(SYN, 77) as Uint8Array;
    t.ok(reset, 'an answer');
    t.ok(checksumsHold(reset));
    t.equal(reset[network + 13], 0x14, 'reset, with an acknowledgement');
    t.equal(readU32BE(reset, network + 8), 78, 'of the SYN');
    t.equal(readU32BE(reset, network), ((80 << 16) | 4321) >>> 0);
    const [mine] = alpha.node.status(world.now).refusals;
    t.match(mine, { direction: 'here', name: 'delta', organisation: 'beta', service: 'web', port: 80 });
    t.match(mine, { protocol: 'tcp', reason: 'notShared', count: 1 });
    const [theirs] = beta.node.status(world.now).refusals;
    t.match(theirs, { direction: 'there', name: 'alpha', organisation: 'acme', service: '', port: 80 });
    t.match(theirs, { reason: 'policy', count: 1 }, 'no more is said to another organisation');

    reshare('share', 'beta');
    t.notOk(send(SYN, 78), 'the program at the other end would answer');
    t.notOk(send(ACK, 79));
    reshare('unshare');
    t.equal(send(ACK, 80)?.[network + 13], 0x14, 'a program whose flow was open does not heed that');
    const end = send(ACK, 80) as Uint8Array;
    t.equal(end[network + 13], 4, 'and the next one is answered by a reset');

    reshare('share', 'tag:web');
    gets(world, plain, alpha, SYN, family);
    t.match(plain.node.status(world.now).refusals[0], { direction: 'there', reason: 'tag' });
    t.match(alpha.node.status(world.now).refusals[0], { name: 'plain', reason: 'tag', service: 'web' });
  }
});

t.test(
  'UDP that is refused is answered by ICMP from the second packet on, and goes on being asked',
  async (t) => {
    const { world, alpha, beta } = four('udp told');
    const there = addressesAt(beta, alpha);
    const ask = () => {
      const before = beta.received.length;
      beta.sendInside(world.now, udpPacket(beta.address6, 999, there.v6, 53, new Uint8Array(8)));
      world.run(100);
      return beta.received.slice(before);
    };
    t.same(ask(), []);
    const [icmp] = ask();
    t.same([...icmp.subarray(40, 42)], [1, 1], 'administratively prohibited');
    t.ok(checksumsHold(icmp));
    t.equal(alpha.node.status(world.now).drops.inboundPort, 2);
  },
);

t.test('what a member tries is bounded: told 20 times, and kept in one line', async (t) => {
  const { world, alpha, beta } = four('scan');
  const there = addressesAt(beta, alpha);
  const before = beta.received.length;
  for (let port = 1000; port < 1300; port++)
    beta.sendInside(
      world.now,
      tcpPacket(beta.address6, 4000, there.v6, port, new Uint8Array(0), { flags: SYN }),
    );
  world.run(500);
  const { refusals, drops } = alpha.node.status(world.now);
  t.equal(drops.inboundPort, 300);
  t.equal(refusals.length, 1);
  t.equal(refusals[0].reason, 'closed');
  t.ok(refusals[0].count <= 200, `${refusals[0].count}`);
  t.ok(beta.received.length - before <= 25, `${beta.received.length - before} answers`);
});

t.test('access is explained without a packet', async (t) => {
  const { world, alpha, reshare } = four('access');
  reshare('share', 'beta', 'tag:web');
  const { organisationId } = alpha.node.status(world.now);
  for (const [from, to, isAllowed, reason] of [
    ['tagged', 'web', true, 'tag'],
    ['plain', 'web', false, 'noTag'],
    ['alpha', 'web', true, 'self'],
    ['alpha', 'web/udp', false, 'closed'],
    ['alpha', 'alpha:81', true, 'self'],
    ['plain', 'alpha:80', false, 'noTag'],
    ['plain', 'alpha:81', true, 'own'],
    ['plain.node.acme.mcc', 'web.acme.mcc', false, 'noTag'],
    ['tag:db', 'web', false, 'noTag'],
    ['tag:web', 'web:80/tcp', true, 'tag'],
    ['acme', 'web', false, 'noTag'],
    [organisationId, 'alpha.node:81', true, 'own'],
    ['beta', 'web', true, 'organisation'],
    ['delta.node.beta', 'web', true, 'organisation'],
    ['delta.node.beta', 'alpha:81', false, 'closed'],
    ['delta.node.beta', 'web/udp', false, 'closed'],
    ['guests', 'web', false, 'notShared'],
  ] as const)
    t.match(alpha.node.access(from, to, world.now), { isAllowed, reason }, `${from} to ${to}`);
  for (const [from, to, code] of [
    ['nobody', 'web', 'PEER_UNKNOWN'],
    ['plain', 'plain:80', 'ACCESS_ELSEWHERE'],
    ['plain', 'nothing', 'ACCESS_ELSEWHERE'],
    ['plain', 'alpha', 'REQUEST_INVALID'],
    ['plain', 'alpha:0', 'NUMBER_INVALID'],
    ['plain', 'alpha:x', 'REQUEST_INVALID'],
    ['tag:', 'web', 'NAME_INVALID'],
  ])
    t.throws(() => alpha.node.access(from, to, world.now), { code }, `${from} to ${to}`);
});
