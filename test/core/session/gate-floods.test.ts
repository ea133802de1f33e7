import t from 'tap';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { damage, EVE, forge, prove, reasonOf, v6 } from './forged.ts';
import { pair } from './world.ts';

t.test('a prefix that asks too often must prove its address, and a proven one waits', (t) => {
  const { world, alice, bob } = pair();
  const datagram = forge(world, alice, bob);
  const kinds = (from: SocketAddress, times: number) =>
    Array.from({ length: times }, () => bob.gate.handle(datagram, from, world.now).kind);
  t.same(kinds(EVE, 7), ['opened', 'opened', 'opened', 'opened', 'opened', 'challenge', 'challenge']);
  t.same(kinds({ ip: EVE.ip, port: 1 }, 1), ['challenge'], 'another port is the same address');
  t.same(kinds({ ip: ipv4(203, 0, 113, 67), port: 1 }, 1), ['opened'], 'a neighbour is not');
  t.same(kinds(v6(1, 1), 6).at(-1), 'challenge');
  t.same(kinds(v6(1, 2), 1), ['challenge'], 'the same /64');
  t.same(kinds(v6(2, 1), 1), ['opened'], 'another /64');
  world.now += 100;
  t.same(kinds(EVE, 3), ['opened', 'opened', 'challenge'], '20 per second');

  const proven = prove(world, bob, datagram, EVE);
  const verdicts = Array.from({ length: 7 }, () => reasonOf(bob.gate.handle(proven, EVE, world.now)));
  t.same(verdicts.filter((each) => each === 'opened').length, 5);
  t.same(verdicts.at(-1), 'handshakeRateLimited');
  t.end();
});

t.test('under load everybody must prove the address, and a second later nobody', (t) => {
  const { world, alice, bob } = pair('load', { bob: { busyPerSecond: 3 } });
  const datagram = forge(world, alice, bob);
  const from = (last: number) => ({ ip: ipv4(203, 0, 113, last), port: 1 });
  t.notOk(bob.gate.isBusy(world.now));
  for (let i = 0; i < 3; i++) t.equal(bob.gate.handle(datagram, from(i), world.now).kind, 'opened');
  t.ok(bob.gate.isBusy(world.now));
  t.equal(bob.gate.handle(datagram, from(9), world.now).kind, 'challenge');
  t.equal(bob.gate.handle(prove(world, bob, datagram, from(9)), from(9), world.now).kind, 'opened');
  t.equal(
    bob.gate.handle(prove(world, bob, datagram, from(9)), from(8), world.now).kind,
    'challenge',
    'its cookie only',
  );
  world.now += 1001;
  t.equal(bob.gate.handle(datagram, from(9), world.now).kind, 'opened');
  t.end();
});

t.test('a flood costs so much and no more, whoever proves what', (t) => {
  const { world, alice, bob } = pair('ceiling', { bob: { busyPerSecond: 1 } });
  const datagram = forge(world, alice, bob);
  const v4 = (i: number) => ({ ip: ipv4(10, 0, i >> 8, i & 255), port: 1 });
  bob.gate.handle(datagram, v4(0), world.now);
  const proofs = Array.from({ length: 420 }, (_, i) => prove(world, bob, datagram, v4(i)));
  const count = (reasons: readonly string[], wanted: string) =>
    reasons.filter((each) => each === wanted).length;
  const challenged = Array.from({ length: 4100 }, (_, i) =>
    reasonOf(bob.gate.handle(datagram, v4(i), world.now)),
  );
  t.equal(count(challenged, 'challenge'), 4000 - 420, 'cookie replies of one second');
  t.equal(challenged.at(-1), 'handshakeRateLimited');
  const opened = proofs.map((proof, i) => reasonOf(bob.gate.handle(proof, v4(i), world.now)));
  t.equal(count(opened, 'opened'), 400 - 1, 'initiations opened in one second');
  t.equal(opened.at(-1), 'handshakeRateLimited');

  world.now += 1000;
  bob.gate.handle(datagram, v4(500), world.now);
  const site = Array.from({ length: 40 }, (_, i) => {
    const from = { ip: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 1, 0, i, 0, 0, 0, 0, 0, 0, 0, 1), port: 1 };
    return reasonOf(bob.gate.handle(prove(world, bob, datagram, from), from, world.now));
  });
  t.equal(count(site, 'opened'), 25, 'the burst of a /48');
  t.end();
});

t.test('joiners prove their address first, and of those that are too many nobody shuts out others', (t) => {
  const { world, alice, bob } = pair('joiners');
  const joiner = forge(world, alice, bob, { kind: 'joiner' });
  const member = forge(world, alice, bob);
  const from = (n: number): SocketAddress => ({ ip: ipv4(203, 0, 113, n), port: 7 });
  const at = (datagram: Uint8Array, address: SocketAddress) =>
    reasonOf(bob.gate.handle(datagram, address, world.now));
  for (let i = 1; i <= 4; i++) {
    t.equal(bob.gate.isBusy(world.now), false);
    t.equal(at(joiner, from(i)), 'challenge', 'an address that is not proven');
  }
  t.equal(bob.gate.isBusy(world.now), true, 'and many of them make the node ask everybody');
  t.equal(at(member, from(9)), 'challenge');
  world.now += 1001;
  t.equal(at(member, from(9)), 'opened');
  const proven = Array.from({ length: 100 }, (_, n) => prove(world, bob, joiner, from(n)));
  world.now += 1001;
  const verdicts = proven.map((datagram, n) => at(datagram, from(n)));
  t.same(
    verdicts.slice(0, 64).filter((verdict) => verdict !== 'opened'),
    [],
    '64 at once',
  );
  t.same(new Set(verdicts.slice(64)), new Set(['handshakeRateLimited']));
  for (let n = 0; n < 100; n++)
    t.equal(at(damage(member, 50), from(n)), 'handshakeMac1', 'none sent more than one may: all are heard');
  t.equal(at(member, from(99)), 'opened', 'and members come in from where a joiner was one too many');
  t.equal(at(member, from(200)), 'opened', 'as they do from elsewhere');
  world.now += 499;
  t.equal(at(proven[99], from(99)), 'handshakeRateLimited');
  world.now += 1;
  t.equal(at(proven[98], from(98)), 'opened', 'two a second');
  t.equal(at(proven[97], from(97)), 'handshakeRateLimited');
  t.end();
});

t.test('a place that sends too many joiners is shut for three seconds, and no other', (t) => {
  const { world, alice, bob } = pair('one place');
  const joiner = forge(world, alice, bob, { kind: 'joiner' });
  const member = forge(world, alice, bob);
  const neighbour = { ip: ipv4(203, 0, 113, 67), port: 1 };
  const at = (datagram: Uint8Array, address: SocketAddress) =>
    reasonOf(bob.gate.handle(datagram, address, world.now));
  const proven = prove(world, bob, joiner, EVE);
  const provenNearby = prove(world, bob, joiner, neighbour);
  // As fast as an address may open anything: 4 of its own, 32 that nobody else wants, and what is earned in those 1.85 s.
  const verdicts = Array.from({ length: 38 }, () => {
    world.now += 50;
    return at(proven, EVE);
  });
  t.same(new Set(verdicts.slice(0, 37)), new Set(['opened']), '36 at once');
  t.equal(verdicts[37], 'handshakeRateLimited');
  t.equal(at(damage(member, 50), EVE), 'handshakeRateLimited', 'not even mac1 is looked at');
  t.equal(at(member, { ip: EVE.ip, port: 9 }), 'handshakeRateLimited', 'whoever it is, from whatever port');
  t.equal(at(damage(member, 50), neighbour), 'handshakeMac1');
  t.equal(at(member, neighbour), 'opened');
  t.equal(at(provenNearby, neighbour), 'opened', 'there is room left for joiners of other places');
  world.now += 2999;
  t.equal(at(member, EVE), 'handshakeRateLimited');
  world.now += 1;
  const again = Array.from({ length: 9 }, () => {
    const verdict = at(proven, EVE);
    world.now += 50;
    return verdict;
  });
  t.equal(again[0], 'opened', 'after three seconds again');
  t.equal(again[8], 'handshakeRateLimited', 'as many as those three seconds are good for');
  t.end();
});

t.test('a flood of joiners from many places shuts out no innocent', (t) => {
  const { world, alice, bob } = pair('flood of joiners');
  const joiner = forge(world, alice, bob, { kind: 'joiner' });
  const member = forge(world, alice, bob);
  const joinerAt: SocketAddress = { ip: ipv4(192, 0, 2, 7), port: 7 };
  const memberAt: SocketAddress = { ip: ipv4(192, 0, 2, 8), port: 8 };
  const attackers = Array.from({ length: 12 }, (_, n) => ({ ip: ipv4(203, 0, 113, n), port: 7 }));
  const at = (datagram: Uint8Array, address: SocketAddress) =>
    reasonOf(bob.gate.handle(datagram, address, world.now));
  // Whoever has no cookie yet, or an old one, asks for another, as real ones do.
  const cookies = new Map<SocketAddress, Uint8Array>();
  const send = (datagram: Uint8Array, address: SocketAddress) => {
    const verdict = at(cookies.get(address) ?? datagram, address);
    if (verdict !== 'challenge') return verdict;
    cookies.set(address, prove(world, bob, datagram, address));
    return at(cookies.get(address) as Uint8Array, address);
  };
  const verdicts = { flood: new Map<string, number>(), joiner: [] as string[], member: [] as string[] };
  for (let tick = 0; tick < 400; tick++) {
    world.now += 50;
    for (const address of attackers) {
      const verdict = send(joiner, address);
      verdicts.flood.set(verdict, (verdicts.flood.get(verdict) ?? 0) + 1);
    }
    for (const address of [joinerAt, memberAt])
      if (at(damage(member, 50), address) !== 'handshakeMac1') t.fail(`shut at ${world.now}`);
    if (tick % 10 !== 0) continue;
    if (tick % 40 === 0) verdicts.joiner.push(send(joiner, joinerAt));
    verdicts.member.push(send(member, memberAt));
  }
  t.same(new Set(verdicts.member), new Set(['opened']), 'a member comes in always');
  t.ok(
    verdicts.joiner.filter((verdict) => verdict === 'opened').length >= 5,
    `and so does a joiner, while the attackers are shut out: ${verdicts.joiner}`,
  );
  const opened = verdicts.flood.get('opened') ?? 0;
  t.ok(opened <= 64 + 20 * 2, `${opened} of the flood`);
  t.ok((verdicts.flood.get('handshakeRateLimited') ?? 0) > 4000);
  t.end();
});

t.test('alice gets through a gate under load with one more round trip', (t) => {
  const { world, alice, bob } = pair('busy', { bob: { busyPerSecond: 1 } });
  bob.gate.handle(forge(world, alice, bob, { freshness: 1 }), EVE, world.now);
  alice.tell(bob, { kind: 'connect' });
  world.run(80);
  t.ok(alice.session(bob).canSend, 'after 80 ms of a 20 ms wire');
  t.same(
    world.tap.slice(0, 4).map(({ datagram }) => datagram[0]),
    [DatagramType.initiation, DatagramType.cookie, DatagramType.initiation, DatagramType.response],
  );
  world.run(500);
  const before = world.tap.length;
  bob.gate.handle(forge(world, alice, bob), v6(9, 9), world.now);
  alice.tell(bob, { kind: 'rekey' });
  world.run(30);
  t.same(
    world.tap.slice(before).map(({ datagram }) => datagram[0]),
    [DatagramType.initiation, DatagramType.response],
    'the cookie is used again',
  );
  t.end();
});
