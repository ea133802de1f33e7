// Who may use a service, and what becomes of flows when that changes: whole nodes of two organisations.
import t, { type Test } from 'tap';
import { HOUR_MS } from '../../src/core/base/time.ts';
import type { ServiceRequest } from '../../src/core/node/types.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { addressesAt, joinBy, meet } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { tcpPacket, udpPacket } from './packets.ts';
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
