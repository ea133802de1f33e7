import fc from 'fast-check';
import t from 'tap';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { NEVER } from '../../../src/core/base/time.ts';
import { compareGenerations } from '../../../src/core/session/generation.ts';
import { DEFAULT_LIMITS } from '../../../src/core/session/session.ts';
import { connected, type Fate, type Peer, pair, type World } from './world.ts';

const SECOND = 1000;

function stream(world: World, from: Peer, to: Peer, everyMs: number, forMs: number): void {
  for (let at = 0; at < forMs; at += everyMs) world.at(world.now + at, () => from.sendData(to));
}

/** Data as the engine sends it: what finds no key, or an old one, asks for a handshake. */
function demand(world: World, from: Peer, to: Peer, everyMs: number, forMs: number): void {
  let isAsked = false;
  let seen = from.events.length;
  for (let at = 0; at < forMs; at += everyMs)
    world.at(world.now + at, () => {
      for (; seen < from.events.length; seen++) {
        if (from.events[seen].kind === 'rekeyDue') isAsked = true;
        if (from.events[seen].kind === 'established') isAsked = false;
      }
      if (!from.sendData(to) || isAsked) from.tell(to, { kind: 'connect' });
    });
}

const establishments = (peer: Peer) => peer.kinds().filter((kind) => kind === 'established').length;

t.test('an idle session makes no handshake; its keys expire, its index stays', (t) => {
  const { world, alice, bob } = connected();
  const index = alice.session(bob).receiverIndex;
  const before = world.tap.length;
  world.run(400 * SECOND);
  t.equal(world.tap.length, before, 'not one datagram');
  t.same(alice.kinds().slice(2), ['rekeyDue', 'expired']);
  t.same(bob.kinds().slice(2), ['rekeyDue', 'expired']);
  for (const peer of [alice, bob]) {
    t.same([peer.receiveKeys.size, peer.sendKeys.size, peer.using.size], [0, 0, 0], 'no key is left');
    t.equal(peer.receiveSlots.owners.size, 1);
  }
  t.equal(alice.session(bob).receiverIndex, index);
  t.equal(alice.session(bob).wakeAt, NEVER);
  alice.tell(bob, { kind: 'connect' });
  world.run(100);
  alice.sendData(bob);
  world.run(100);
  t.equal(bob.receivedData, 1);
  t.equal(alice.receiveSlots.owners.size, 1, 'the reserved slot is given back');
  alice.tell(bob, { kind: 'close' });
  world.run(400 * SECOND);
  bob.tell(alice, { kind: 'close' });
  t.equal(alice.receiveSlots.owners.size + bob.receiveSlots.owners.size, 0);
  t.end();
});

t.test('data in both directions for ten minutes: a rekey every two, and nothing is lost', (t) => {
  const { world, alice, bob } = connected('minutes');
  demand(world, alice, bob, 500, 600 * SECOND);
  demand(world, bob, alice, 500, 600 * SECOND);
  world.run(610 * SECOND);
  t.same([alice.lostData, bob.lostData], [0, 0]);
  t.same([alice.sentData, bob.sentData], [1200, 1200], 'never was there no key');
  t.equal(establishments(alice), 5);
  t.ok(alice.receiveKeys.size <= 2);
  t.end();
});

t.test('the initiator rekeys, at 120 s; the responder only where it does not', (t) => {
  for (const sender of ['alice', 'bob'] as const) {
    const { world, alice, bob } = connected(`one way ${sender}`);
    const start = world.now;
    const [from, to] = sender === 'alice' ? [alice, bob] : [bob, alice];
    demand(world, from, to, 100, 150 * SECOND);
    world.run(151 * SECOND);
    const again = world.tap.filter(
      ({ datagram, at }) => datagram[0] === DatagramType.initiation && at > start,
    );
    t.equal(again.length, 1);
    t.equal(Math.round((again[0].at - start + 1000) / SECOND), sender === 'alice' ? 120 : 135);
    t.same([alice.lostData, bob.lostData], [0, 0]);
  }
  t.end();
});

t.test('nothing is sent under a key of 180 s', (t) => {
  const { world, alice, bob } = connected();
  world.fate = ({ datagram }) => (datagram[0] === DatagramType.transport ? [20] : []);
  demand(world, alice, bob, 100, 300 * SECOND);
  world.run(182 * SECOND);
  t.notOk(alice.session(bob).canSend);
  t.equal(alice.lostData + bob.lostData, 0, 'and all that was sent could be received');
  t.ok(alice.kinds().includes('failed'));
  world.fate = undefined;
  world.run(20 * SECOND);
  t.ok(alice.session(bob).canSend, 'the next attempt that gets through mends it');
  t.end();
});

t.test('20 rekeys in 10 s, from both ends at once, lose nothing', (t) => {
  for (const [name, delays] of Object.entries({ lan: [0, 1], wan: [40, 45], wild: [20, 400] })) {
    const { world, alice, bob } = connected(`rekeys ${name}`);
    const jitter: Fate = () => [delays[0] + (world.rng.u32() % (delays[1] - delays[0] + 1))];
    world.fate = jitter;
    for (let i = 0; i < 20; i++)
      world.at(world.now + i * 500, () => {
        alice.tell(bob, { kind: 'rekey' });
        bob.tell(alice, { kind: 'rekey' });
      });
    stream(world, alice, bob, 2, 11 * SECOND);
    stream(world, bob, alice, 2, 11 * SECOND);
    let most = 0;
    for (let i = 0; i < 130; i++) {
      world.run(100);
      most = Math.max(most, alice.receiveKeys.size, bob.receiveKeys.size);
    }
    t.same([alice.receivedData, bob.receivedData], [5500, 5500], name);
    t.ok(establishments(alice) >= 15, `${name}: ${establishments(alice)} keys`);
    t.ok(most <= DEFAULT_LIMITS.generations, `${name}: at most ${most} keys at once`);
    world.run(30 * SECOND);
    t.same([alice.receiveKeys.size, bob.receiveKeys.size], [1, 1], `${name}: old keys are gone`);
  }
  t.end();
});

t.test('both begin at once: both handshakes live, and both ends settle on one key', (t) => {
  for (let i = 0; i < 10; i++) {
    const { world, alice, bob } = pair(`cross ${i}`);
    alice.tell(bob, { kind: 'connect' });
    bob.tell(alice, { kind: 'connect' });
    world.run(25 + 30 * SECOND);
    t.same([alice.receiveKeys.size, bob.receiveKeys.size], [1, 1]);
    alice.sendData(bob);
    bob.sendData(alice);
    world.run(100);
    t.same([alice.receivedData, bob.receivedData], [1, 1]);
    const hashOf = (peer: Peer) =>
      peer.events.findLast((event) => event.kind === 'established')?.handshakeHash;
    t.same(hashOf(alice), hashOf(bob));
  }
  t.end();
});

t.test('a lost confirmation is sent again until the responder answers it', (t) => {
  const { world, alice, bob } = pair();
  let lost = 0;
  world.fate = ({ datagram }) => (datagram[0] === DatagramType.transport && lost++ < 2 ? [] : [20]);
  alice.tell(bob, { kind: 'connect' });
  bob.tell(alice, { kind: 'connect' });
  world.run(2 * SECOND);
  t.ok(alice.session(bob).isConfirmed && bob.session(alice).isConfirmed);
  t.end();
});

t.test('who waits for the other’s handshake begins an own one after a second', (t) => {
  const { world, alice, bob } = pair();
  world.fate = ({ datagram, from }) =>
    datagram[0] === DatagramType.initiation || from.ip[15] === bob.address.ip[15] ? [20] : [];
  alice.tell(bob, { kind: 'connect' });
  world.run(50);
  bob.tell(alice, { kind: 'connect' });
  t.notOk(bob.session(alice).isConnecting, 'alice has begun one');
  world.run(1100);
  t.ok(bob.session(alice).isConnecting || bob.session(alice).canSend);
  t.end();
});

t.test('a key that the remote never uses is given up, and said to be', (t) => {
  const { world, alice, bob } = pair();
  world.fate = ({ datagram }) => (datagram[0] === DatagramType.transport ? [] : [20]);
  alice.tell(bob, { kind: 'connect' });
  world.run(10 * SECOND);
  t.same(
    alice.events.slice(1).map((event) => [event.kind, 'reason' in event ? event.reason : '']),
    [
      ['rekeyDue', ''],
      ['failed', 'unconfirmed'],
    ],
  );
  t.equal(world.tap.filter(({ datagram }) => datagram[0] === DatagramType.transport).length, 5);
  alice.tell(bob, { kind: 'connect' });
  t.ok(alice.session(bob).isConnecting, 'so the next demand makes a handshake');
  world.run(60 * SECOND);
  t.equal(alice.receiveKeys.size, 1, 'the useless key goes when the next one is there');
  t.ok(bob.receiveKeys.size <= 1, 'the responder does not wait for ever either');
  t.end();
});

t.test('keys in store are bounded: a wish for more waits for room', (t) => {
  const { world, alice, bob } = connected('bounded', { alice: { limits: { generations: 2 } } });
  alice.tell(bob, { kind: 'rekey' });
  world.run(200);
  t.equal(alice.receiveKeys.size, 2);
  const before = establishments(alice);
  alice.tell(bob, { kind: 'rekey' });
  t.notOk(alice.session(bob).isConnecting);
  bob.tell(alice, { kind: 'rekey' });
  world.run(100);
  t.ok(alice.drops.get('sessionTableFull') > 0, 'nor may the remote make one');
  world.run(5 * SECOND);
  t.ok(establishments(alice) > before, 'both come when a key is retired');
  t.ok(alice.receiveKeys.size <= 2);
  t.end();
});

t.test('unconfirmed handshakes of a remote are few', (t) => {
  const { world, alice, bob } = pair();
  world.fate = ({ datagram }) => (datagram[0] === DatagramType.initiation ? [20] : []);
  for (let i = 0; i < 8; i++) {
    alice.tell(bob, { kind: 'rekey' });
    world.run(290);
    alice.tell(bob, { kind: 'giveUp' });
  }
  t.equal(bob.receiveKeys.size, 4);
  t.equal(bob.receiveSlots.owners.size + bob.sendSlots.owners.size, 8, 'the oldest give way');
  world.run(30 * SECOND);
  t.equal(bob.receiveKeys.size, 0);
  t.equal(bob.receiveSlots.owners.size + bob.sendSlots.owners.size, 0);
  t.end();
});

t.test('a report about a key that is not waited for changes nothing', (t) => {
  const { alice, bob } = connected();
  const state = alice.stateOf(bob);
  const [slot] = alice.receiveKeys.keys();
  alice.tell(bob, { kind: 'confirmed', receiveSlot: slot });
  alice.tell(bob, { kind: 'confirmed', receiveSlot: 999 });
  t.equal(alice.drops.get('handshakeWrongState'), 2);
  t.equal(alice.stateOf(bob), state);
  t.end();
});

t.test('lower limits of a configuration hold', (t) => {
  const limits = { rekeyAfterMs: 2000, refuseAfterMs: 3000 };
  const { world, alice, bob } = connected('short', { alice: { limits }, bob: { limits } });
  demand(world, alice, bob, 10, 20 * SECOND);
  demand(world, bob, alice, 10, 20 * SECOND);
  world.run(21 * SECOND);
  t.same([alice.receivedData, bob.receivedData], [2000, 2000]);
  t.ok(establishments(alice) >= 10);
  t.end();
});

t.test('generations are ordered by number, then by hash', (t) => {
  const of = (number: number, byte: number) =>
    ({ number, handshakeHash: Uint8Array.of(byte) }) as Parameters<typeof compareGenerations>[0];
  t.ok(compareGenerations(of(1, 9), of(2, 0)) < 0);
  t.ok(compareGenerations(of(2, 9), of(2, 0)) > 0);
  t.equal(compareGenerations(of(2, 1), of(2, 1)), 0);
  t.end();
});

// Random schedules: loss, copies and disorder up to 800 ms, rekeys from both ends at any time. What was sent under a key
// within the bound of disorder must find that key, and when the wire is quiet both ends use the same one.
const schedule = fc.record({
  seed: fc.nat(),
  lossPercent: fc.nat(40),
  copyPercent: fc.nat(40),
  spreadMs: fc.nat(800),
  rekeys: fc.array(fc.tuple(fc.nat(8000), fc.boolean()), { maxLength: 40 }),
  reborn: fc.option(fc.nat(8000)),
});

t.test('random schedules: no key is retired early, and both ends converge', (t) => {
  fc.assert(
    fc.property(schedule, ({ seed, lossPercent, copyPercent, spreadMs, rekeys }) => {
      const { world, alice, bob } = connected(`schedule ${seed}`);
      const arrival = () => 5 + (world.rng.u32() % (spreadMs + 1));
      world.fate = () => {
        if (world.rng.u32() % 100 < lossPercent) return [];
        return world.rng.u32() % 100 < copyPercent ? [arrival(), arrival()] : [arrival()];
      };
      for (const [at, isAlice] of rekeys)
        world.at(world.now + at, () =>
          isAlice ? alice.tell(bob, { kind: 'rekey' }) : bob.tell(alice, { kind: 'rekey' }),
        );
      stream(world, alice, bob, 7, 12 * SECOND);
      stream(world, bob, alice, 7, 12 * SECOND);
      let most = 0;
      for (let i = 0; i < 60; i++) {
        world.run(250);
        most = Math.max(most, alice.receiveKeys.size, bob.receiveKeys.size);
      }
      if (alice.lostData + bob.lostData > 0 || most > DEFAULT_LIMITS.generations) return false;
      world.fate = undefined;
      demand(world, alice, bob, 100, 40 * SECOND);
      demand(world, bob, alice, 100, 40 * SECOND);
      world.run(45 * SECOND);
      if (alice.receiveKeys.size !== 1 || bob.receiveKeys.size !== 1) return false;
      const [sent] = [...alice.sendKeys.values()];
      const [received] = [...bob.receiveKeys.values()];
      return alice.lostData + bob.lostData === 0 && sent.index === received.index;
    }),
    { numRuns: 60 },
  );
  t.end();
});

t.test('random schedules with a node that is killed and starts again: both ends converge', (t) => {
  fc.assert(
    fc.property(schedule, ({ seed, lossPercent, spreadMs, rekeys, reborn }) => {
      const { world, alice, bob } = connected(`reborn ${seed}`);
      world.fate = () =>
        world.rng.u32() % 100 < lossPercent ? [] : [5 + (world.rng.u32() % (spreadMs + 1))];
      let current = alice;
      for (const [at, isAlice] of rekeys)
        world.at(world.now + at, () =>
          isAlice ? current.tell(bob, { kind: 'rekey' }) : bob.tell(current, { kind: 'rekey' }),
        );
      world.at(world.now + (reborn ?? 0), () => {
        current.isOff = true;
        current = world.add({ name: 'alice', keys: alice.keys, firstFreshness: alice.reserved });
        current.address = alice.address;
        alice.address = { ip: alice.address.ip, port: 1 };
        current.tell(bob, { kind: 'connect' });
      });
      world.run(12 * SECOND);
      world.fate = undefined;
      demand(world, current, bob, 100, 60 * SECOND);
      demand(world, bob, current, 100, 60 * SECOND);
      world.run(30 * SECOND);
      const before = [current.receivedData, bob.receivedData];
      world.run(35 * SECOND);
      return current.receivedData - before[0] === 300 && bob.receivedData - before[1] === 300;
    }),
    { numRuns: 60 },
  );
  t.end();
});
