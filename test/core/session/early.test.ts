// A question in the first handshake message, and its answer in the second.
import fc from 'fast-check';
import t from 'tap';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../../src/core/base/bytes.ts';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { EARLY_ANSWER_MAX, EARLY_MAX, HANDSHAKE_MAX } from '../../../src/core/wire/limits.ts';
import { type Event, type Peer, pair } from './world.ts';

const EVE: SocketAddress = { ip: ipv4(203, 0, 113, 66), port: 6666 };
const QUESTION = Uint8Array.of(1, 2, 3);

const answers = (peer: Peer) =>
  peer.events
    .filter((event): event is Event & { kind: 'established' } => event.kind === 'established')
    .map(({ early }) => [...early]);

/** Answers a question with its own bytes, turned round, and remembers what it was asked. */
function echo() {
  const asked: { early: number[]; introduction: string; roomBytes: number }[] = [];
  const answerEarly = (early: Uint8Array, introduction: string, roomBytes: number) => {
    asked.push({ early: [...early], introduction, roomBytes });
    return early.slice().reverse();
  };
  return { asked, answerEarly };
}

t.test('a question is answered within the handshake, in one round trip', (t) => {
  const { asked, answerEarly } = echo();
  const { world, alice, bob } = pair('asks', { alice: { chain: Uint8Array.of(7) }, bob: { answerEarly } });
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(40);
  t.same(answers(alice), [[3, 2, 1]]);
  t.same(
    asked.map(({ early, introduction }) => [early, introduction]),
    [[[1, 2, 3], 'member 07']],
  );
  world.run(100);
  t.same(answers(bob), [[]], 'the responder has asked nothing');
  t.ok(alice.session(bob).isConfirmed);
  t.end();
});

t.test('without a question nobody is asked', (t) => {
  const { asked, answerEarly } = echo();
  const { world, alice, bob } = pair('mute', { bob: { answerEarly } });
  alice.tell(bob, { kind: 'connect' });
  world.run(100);
  t.same(asked, []);
  t.same(answers(alice), [[]]);
  t.end();
});

t.test('no answer, or one that is too long, leaves the handshake as it is', (t) => {
  for (const length of [0, 5000]) {
    const { world, alice, bob } = pair('too long', { bob: { answerEarly: () => new Uint8Array(length) } });
    alice.tell(bob, { kind: 'connect', early: QUESTION });
    world.run(100);
    t.same(answers(alice), [[]]);
    t.ok(alice.session(bob).canSend);
  }
  t.end();
});

t.test(
  'the answer fills the room that is given, and the response is never longer than the initiation',
  (t) => {
    fc.assert(
      fc.property(fc.nat(900), fc.nat(900), fc.integer({ min: 1, max: EARLY_MAX }), (a, b, length) => {
        let room = 0;
        const { world, alice, bob } = pair('room', {
          alice: { chain: new Uint8Array(a) },
          bob: {
            chain: new Uint8Array(b),
            answerEarly: (_early, _introduction, roomBytes) => {
              room = roomBytes;
              return new Uint8Array(room).fill(9);
            },
          },
        });
        alice.tell(bob, { kind: 'connect', early: new Uint8Array(length).fill(1) });
        world.run(100);
        const [initiation, response] = world.tap.map(({ datagram }) => datagram);
        t.equal(initiation.length, HANDSHAKE_MAX);
        t.ok(response.length <= initiation.length, `${response.length} bytes`);
        t.ok(room === EARLY_ANSWER_MAX || response.length >= initiation.length - 1, 'no room is wasted');
        t.equal(answers(alice)[0].length, room);
      }),
      {
        numRuns: 30,
        examples: [
          [0, 0, 96],
          [900, 900, 96],
        ],
      },
    );
    t.end();
  },
);

t.test('a lost response is repeated with its answer, and nobody is asked again', (t) => {
  const { asked, answerEarly } = echo();
  const { world, alice, bob } = pair('lost', { bob: { answerEarly } });
  let lost = 0;
  world.fate = ({ datagram }) => (datagram[0] === DatagramType.response && lost++ < 2 ? [] : [20]);
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(3000);
  t.same(answers(alice), [[3, 2, 1]]);
  t.equal(asked.length, 1);
  t.end();
});

t.test('an initiation with a question, replayed a thousand times, leaves the responder as it was', (t) => {
  const { asked, answerEarly } = echo();
  const { world, alice, bob } = pair('replayed', { bob: { answerEarly } });
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(1000);
  const { datagram } = world.tap[0];
  const state = bob.stateOf(alice);
  const before = world.tap.length;
  for (let i = 0; i < 1000; i++) {
    bob.receive(datagram, EVE);
    world.now += 100;
  }
  t.equal(bob.stateOf(alice), state);
  t.equal(world.tap.length, before, 'none is answered');
  t.equal(bob.drops.get('handshakeReplayed'), 1000);
  t.equal(asked.length, 1, 'nor looked into');
  t.end();
});

t.test('a question rides only where a handshake begins at once', (t) => {
  const { asked, answerEarly } = echo();
  const { world, alice, bob } = pair('once', { bob: { answerEarly } });
  alice.tell(bob, { kind: 'connect' });
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(100);
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(100);
  t.same(asked, []);
  t.same(answers(alice), [[]], 'whoever asked learns that it was not answered');
  world.now += 130_000;
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(100);
  t.same(answers(alice), [[], [3, 2, 1]], 'a rekey carries one as well');
  t.end();
});

t.test('a question that is too long is a mistake of the caller, and changes nothing', (t) => {
  const { alice, bob, world } = pair();
  const early = new Uint8Array(EARLY_MAX + 1);
  t.throws(() => alice.tell(bob, { kind: 'connect', early }), RangeError);
  t.equal(alice.receiveSlots.owners.size, 0);
  t.notOk(alice.session(bob).isConnecting);
  alice.tell(bob, { kind: 'connect', early: EMPTY });
  world.run(100);
  t.ok(alice.session(bob).canSend);
  t.end();
});

t.test('who challenges answers the question once the address is proven', (t) => {
  const { asked, answerEarly } = echo();
  const { world, alice, bob } = pair('busy', { bob: { answerEarly, busyPerSecond: 1 } });
  const carol = world.add({ name: 'carol' });
  carol.tell(bob, { kind: 'connect' });
  world.run(50);
  alice.tell(bob, { kind: 'connect', early: QUESTION });
  world.run(30);
  t.same(asked, [], 'not before');
  world.run(200);
  t.same(answers(alice), [[3, 2, 1]]);
  t.equal(world.tap.filter(({ datagram }) => datagram[0] === DatagramType.cookie).length, 1);
  t.end();
});
