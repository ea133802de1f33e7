import t from 'tap';
import { DatagramType, Suite } from '../../../src/core/base/batch-layout.generated.ts';
import { equalBytes } from '../../../src/core/base/bytes.ts';
import { transportKey } from '../../../src/core/session/messages.ts';
import { HANDSHAKE_MAX } from '../../../src/core/wire/limits.ts';
import { connected, crypto, type Event, type Peer, pair } from './world.ts';

const established = (peer: Peer) =>
  peer.events.filter((event): event is Event & { kind: 'established' } => event.kind === 'established');

t.test('one handshake takes one round trip', (t) => {
  const { world, alice, bob } = pair();
  alice.tell(bob, { kind: 'connect' });
  t.notOk(alice.sendData(bob), 'nothing can be sent before');
  world.run(40);
  t.ok(alice.session(bob).canSend);
  t.ok(alice.sendData(bob), 'data can be sent after 40 ms of a 20 ms wire');
  t.notOk(bob.session(alice).canSend, 'the responder waits for the first datagram under the key');
  world.run(20);
  t.ok(bob.session(alice).canSend);
  t.equal(bob.receivedData, 1);
  t.same(
    world.tap.map(({ datagram }) => datagram[0]),
    [
      DatagramType.initiation,
      DatagramType.response,
      DatagramType.transport,
      DatagramType.transport,
      DatagramType.transport,
    ],
    'initiation, response, confirmation, data, confirmation',
  );
  t.end();
});

t.test('both ends end with the same hash, suite and each other’s introduction', (t) => {
  const { alice, bob } = connected('same', {
    alice: { chain: Uint8Array.of(1, 2) },
    bob: { chain: Uint8Array.of(3) },
  });
  const [a] = established(alice);
  const [b] = established(bob);
  t.same(a.handshakeHash, b.handshakeHash);
  t.equal(a.suite, b.suite);
  t.equal(a.introduction, 'member 03');
  t.equal(b.introduction, 'member 0102');
  t.same([a.role, b.role, a.first, b.first], ['initiator', 'responder', true, true]);
  t.same(alice.kinds(), ['established', 'confirmed']);
  t.same(bob.kinds(), ['established', 'confirmed']);
  t.end();
});

t.test('what one seals the other opens, and each direction has its own key', (t) => {
  const { world, alice, bob } = connected();
  alice.sendData(bob);
  bob.sendData(alice);
  world.run(50);
  t.same([alice.receivedData, bob.receivedData, alice.lostData, bob.lostData], [1, 1, 0, 0]);
  const [sendKey] = alice.sendKeys.values();
  const [receiveKey] = alice.receiveKeys.values();
  t.notOk(equalBytes(sendKey.key, receiveKey.key));
  t.end();
});

t.test('the answer is never longer than the question', (t) => {
  const { world } = connected('long', { bob: { chain: new Uint8Array(900) } });
  const [initiation, response] = world.tap;
  t.equal(initiation.datagram.length, HANDSHAKE_MAX);
  t.ok(response.datagram.length <= initiation.datagram.length);
  t.end();
});

t.test('suites', (t) => {
  const [aes, chacha] = [Suite.aes256Gcm, Suite.chacha20Poly1305];
  const cases: [number[], number[], number | undefined][] = [
    [[aes, chacha], [aes, chacha], aes],
    [[chacha, aes], [aes, chacha], chacha],
    [[aes, chacha], [chacha, aes], chacha],
    [[aes, chacha], [chacha], chacha],
    [[aes], [aes], aes],
    [[chacha, aes], [aes], aes],
    [[77, aes], [aes, chacha], aes],
    [[aes], [chacha], undefined],
    [[], [chacha], undefined],
  ];
  for (const [alices, bobs, expected] of cases) {
    const { alice, bob } = connected(`suites ${alices} ${bobs}`, {
      alice: { suites: alices },
      bob: { suites: bobs },
    });
    t.equal(established(alice)[0]?.suite, expected, `[${alices}] and [${bobs}]`);
    if (expected === undefined) t.ok(bob.drops.get('handshakeCipher') > 0);
  }
  t.end();
});

t.test('each suite has its own keys', (t) => {
  const split = new Uint8Array(32).fill(1);
  const [aes, chacha] = [Suite.aes256Gcm, Suite.chacha20Poly1305].map((suite) =>
    transportKey(crypto, split, suite),
  );
  t.notOk(equalBytes(aes, chacha));
  t.notOk(equalBytes(aes, split));
  t.end();
});

t.test('a lost initiation or response is repeated, byte for byte', (t) => {
  const { world, alice, bob } = pair();
  let lost = 0;
  world.fate = ({ datagram }) => {
    const isHandshake = datagram[0] !== DatagramType.transport;
    return isHandshake && lost++ < 3 ? [] : [20];
  };
  alice.tell(bob, { kind: 'connect' });
  t.ok(world.run(5000, () => bob.session(alice).canSend));
  const initiations = world.tap.filter(({ datagram }) => datagram[0] === DatagramType.initiation);
  t.ok(initiations.length >= 3);
  t.ok(initiations.every(({ datagram }) => equalBytes(datagram, initiations[0].datagram)));
  t.equal(bob.receiveKeys.size, 1, 'the repetition made no further key');
  const gaps = initiations.slice(1).map(({ at }, i) => at - initiations[i].at);
  t.ok(gaps[0] >= 300 && gaps[0] <= 375, `first wait ${gaps[0]}`);
  t.ok(gaps[1] >= 600 && gaps[1] <= 750, `second wait ${gaps[1]}`);
  t.end();
});

t.test('the answer to a repeated initiation is the answer given before', (t) => {
  const { world, alice, bob } = pair();
  world.fate = ({ datagram }) => (datagram[0] === DatagramType.initiation ? [10, 25, 500] : [20]);
  alice.tell(bob, { kind: 'connect' });
  world.run(28);
  const answers = world.tap.filter(({ datagram }) => datagram[0] === DatagramType.response);
  t.equal(answers.length, 2);
  t.same(answers[0].datagram, answers[1].datagram);
  world.run(1000);
  t.equal(alice.drops.get('handshakeWrongState'), 1, 'alice needs one');
  t.equal(bob.drops.get('handshakeReplayed'), 1, 'once confirmed it is not answered any more');
  t.equal(bob.receiveKeys.size, 1);
  t.end();
});

t.test('a remote that never answers: back-off, then failed, and nothing is left', (t) => {
  const { world, alice, bob } = pair();
  bob.isOff = true;
  alice.tell(bob, { kind: 'connect' });
  t.ok(alice.session(bob).isConnecting);
  alice.tell(bob, { kind: 'connect' });
  world.run(60_000);
  t.same(alice.events, [{ kind: 'failed', reason: 'timeout', rekey: false }]);
  t.equal(world.tap.length, 6, 'connecting again while connecting is nothing new');
  t.equal(alice.receiveSlots.owners.size, 0);
  t.equal(alice.session(bob).wakeAt, Number.POSITIVE_INFINITY);
  alice.tell(bob, { kind: 'connect' });
  t.equal(world.tap.length, 7, 'who still wants to may try again at once');
  t.end();
});

t.test('a slow wire is no obstacle: an answer to any repetition counts', (t) => {
  const { world, alice, bob } = pair();
  world.delayMs = 1500;
  alice.tell(bob, { kind: 'connect' });
  world.run(10_000);
  t.ok(alice.session(bob).isConfirmed && bob.session(alice).isConfirmed);
  t.equal(established(alice).length, 1);
  t.equal(alice.receiveKeys.size, 1);
  t.end();
});

t.test('repeat sends the same initiation to the next address at once', (t) => {
  const { world, alice, bob } = pair();
  alice.tell(bob, { kind: 'repeat' });
  alice.tell(bob, { kind: 'repeat' });
  t.equal(world.tap.length, 2, 'the first begins, the second repeats');
  t.same(world.tap[0].datagram, world.tap[1].datagram);
  world.run(100);
  alice.tell(bob, { kind: 'repeat' });
  t.equal(
    world.tap.filter(({ datagram }) => datagram[0] === DatagramType.initiation).length,
    2,
    'connected: nothing',
  );
  t.end();
});

t.test('giving up ends an attempt and keeps keys', (t) => {
  const { world, alice, bob } = connected();
  bob.isOff = true;
  alice.tell(bob, { kind: 'rekey' });
  alice.tell(bob, { kind: 'giveUp' });
  t.notOk(alice.session(bob).isConnecting);
  t.ok(alice.session(bob).canSend);
  world.run(30_000);
  t.same(alice.kinds(), ['established', 'confirmed'], 'no event follows');
  t.equal(alice.receiveSlots.owners.size, 1);
  t.end();
});

t.test('closing clears every key and frees every slot, and the machine can be used again', (t) => {
  const { world, alice, bob } = connected();
  alice.tell(bob, { kind: 'rekey' });
  alice.tell(bob, { kind: 'close' });
  t.same([alice.receiveKeys.size, alice.sendKeys.size, alice.using.size], [0, 0, 0]);
  t.same([alice.receiveSlots.owners.size, alice.sendSlots.owners.size], [0, 0]);
  t.equal(alice.session(bob).wakeAt, Number.POSITIVE_INFINITY);
  alice.tell(bob, { kind: 'close' });
  world.run(100);
  alice.tell(bob, { kind: 'connect' });
  world.run(100);
  alice.sendData(bob);
  world.run(100);
  t.equal(bob.receivedData, 1);
  t.end();
});

t.test('who has lost its state initiates, and the other accepts', (t) => {
  const { world, alice, bob } = connected();
  alice.isOff = true;
  const reborn = world.add({ name: 'alice', keys: alice.keys, firstFreshness: alice.reserved });
  reborn.address = alice.address;
  alice.address = { ip: alice.address.ip, port: 1 };
  reborn.tell(bob, { kind: 'connect' });
  world.run(200);
  reborn.sendData(bob);
  bob.sendData(reborn);
  world.run(100);
  t.same([reborn.receivedData, bob.receivedData], [1, 1]);
  world.run(5000);
  t.equal(bob.receiveKeys.size, 1, 'keys of the old session are retired');
  t.equal(bob.drops.total, 0);
  t.end();
});

t.test('slots that run out are a failed attempt, or a refused initiation', (t) => {
  for (const alices of [{ receiveSlots: 0 }, { sendSlots: 0 }]) {
    const { alice } = connected('slots', { alice: alices });
    t.same(alice.events, [{ kind: 'failed', reason: 'noSlot', rekey: false }]);
    t.equal(alice.receiveSlots.owners.size, 0);
  }
  for (const bobs of [{ receiveSlots: 0 }, { sendSlots: 0 }]) {
    const { bob } = connected('slots', { bob: bobs });
    t.ok(bob.drops.get('sessionTableFull') > 0);
    t.equal(bob.receiveSlots.owners.size + bob.sendSlots.owners.size, 0);
  }
  t.end();
});

t.test('an initiation that could not be answered for lack of room is no replay when it comes again', (t) => {
  const { world, alice, bob } = pair('room', { bob: { sendSlots: 1 } });
  const taken = bob.sendSlots.allocate(alice.keys.nodeId) as number;
  alice.tell(bob, { kind: 'connect' });
  world.run(100);
  t.notOk(alice.session(bob).canSend);
  bob.sendSlots.release(taken);
  world.run(1000);
  t.ok(alice.session(bob).canSend);
  t.end();
});

t.test('a session is not made for what is no node ID', (t) => {
  const { alice } = pair();
  t.throws(() => alice.sessionOf(new Uint8Array(32)), RangeError);
  t.end();
});

t.test('a certificate that is refused ends the attempt with the reason', (t) => {
  const { world, alice, bob } = pair('refused', {
    alice: { verify: () => ({ ok: false, reason: 'certificateExpired' }) },
  });
  alice.tell(bob, { kind: 'connect' });
  world.run(200);
  t.same(alice.events, [{ kind: 'failed', reason: 'certificateExpired', rekey: false }]);
  t.equal(alice.receiveSlots.owners.size, 0);
  bob.tell(alice, { kind: 'connect' });
  world.run(20_000);
  t.equal(alice.drops.get('certificateExpired'), 6, 'and an initiation gets no answer');
  t.same(bob.kinds().at(-1), 'failed');
  t.end();
});
