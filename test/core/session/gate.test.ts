import fc from 'fast-check';
import t from 'tap';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { concat, writeU32LE } from '../../../src/core/base/bytes.ts';
import { generateNodeKeys } from '../../../src/core/identity/identity.ts';
import {
  decodeMessage1Payload,
  decodeMessage2Payload,
  encodeMessage1Payload,
  encodeMessage2Payload,
  GENERATION_MAX,
} from '../../../src/core/session/messages.ts';
import { classifyAnswer, SECRET_MS } from '../../../src/core/session/session.ts';
import {
  COOKIE_REPLY_BYTES,
  HANDSHAKE_MAX,
  INITIATION_MIN,
  RESPONSE_MIN,
} from '../../../src/core/wire/limits.ts';
import {
  damage,
  EVE,
  type Forged,
  forge,
  PAYLOAD,
  prove,
  reasonOf,
  remac,
  replaceEphemeral,
  v6,
} from './forged.ts';
import { connected, crypto, type Peer, pair } from './world.ts';

t.test('order of work: size, type, mac1, Noise, identity', (t) => {
  const { world, alice, bob } = pair();
  const at = (datagram: Uint8Array) => reasonOf(bob.gate.handle(datagram, EVE, world.now));
  const good = forge(world, alice, bob);
  t.equal(at(new Uint8Array(3)), 'datagramTooShort');
  t.equal(at(good.subarray(0, INITIATION_MIN - 1)), 'datagramTooShort');
  t.equal(at(concat(good, new Uint8Array(1))), 'datagramTooLong');
  t.equal(at(Uint8Array.of(9, 0, 0, 0)), 'datagramUnknownType');
  t.equal(at(concat(Uint8Array.of(1, 0, 1, 0), good.subarray(4))), 'datagramReservedBits');
  t.equal(at(concat(Uint8Array.of(DatagramType.transport), good.subarray(1))), 'datagramUnknownType');
  t.equal(at(damage(good, HANDSHAKE_MAX - 20)), 'handshakeMac1');
  t.equal(at(damage(good, 100)), 'handshakeMac1');
  world.now += 1000;
  t.equal(at(remac(world, bob, damage(good, 100))), 'handshakeNoise');
  t.equal(at(remac(world, bob, replaceEphemeral(good, new Uint8Array(32)))), 'handshakeLowOrderKey');
  t.equal(at(good), 'opened');
  t.end();
});

t.test('another network, another responder, another version: mac1 says no', (t) => {
  const { world, alice, bob } = pair();
  const other = pair('elsewhere').world;
  t.equal(reasonOf(bob.gate.handle(forge(other, alice, bob), EVE, world.now)), 'handshakeMac1');
  t.equal(reasonOf(bob.gate.handle(forge(world, bob, alice), EVE, world.now)), 'handshakeMac1');
  t.end();
});

t.test('what the initiation says of its sender must be so', (t) => {
  const { world, alice, bob } = pair();
  const at = (what: Forged, from: Peer = alice) => {
    world.now += 1000;
    return reasonOf(bob.gate.handle(forge(world, from, bob, what), EVE, world.now));
  };
  t.equal(
    at({ nodeId: generateNodeKeys(crypto, world.rng).nodeId }),
    'handshakeIdentity',
    'the ID of somebody else',
  );
  const twin = alice.keys.nodeId.slice();
  twin[31] |= 0x80;
  t.equal(at({ nodeId: twin }), 'handshakeIdentity', 'minus the own point: the same X25519 form');
  t.equal(at({ nodeId: new Uint8Array(32) }), 'handshakeIdentity', 'a point of small order');
  t.equal(at({}, bob), 'handshakeFromSelf', 'reflected');
  t.equal(at({ generation: 0 }), 'handshakeMalformed');
  t.equal(at({ generation: GENERATION_MAX + 1 }), 'handshakeMalformed');
  t.equal(at({ content: new Uint8Array(0) }), 'handshakeMalformed');
  t.equal(at({ content: world.rng.bytes(1096) }), 'handshakeMalformed');
  const padded = encodeMessage1Payload({ nodeId: alice.keys.nodeId, generation: 1, payload: PAYLOAD });
  padded[padded.length - 1] = 1;
  t.equal(at({ content: padded }), 'handshakeMalformed', 'padding that is no padding');
  const junk = encodeMessage1Payload({ nodeId: alice.keys.nodeId, generation: 1, payload: PAYLOAD });
  junk.fill(0xff, 38, 60);
  t.equal(at({ content: junk }), 'handshakeMalformed', 'no protobuf');
  const payload = { ...PAYLOAD, early: new Uint8Array(97) };
  const curious = encodeMessage1Payload({ nodeId: alice.keys.nodeId, generation: 1, payload });
  t.equal(at({ content: curious }), 'handshakeMalformed', 'a question that is too long');
  t.equal(at({}), 'opened');
  t.end();
});

t.test('an initiation whose answer would be longer is not answered', (t) => {
  const { world, alice, bob } = pair();
  const short = encodeMessage1Payload({ nodeId: alice.keys.nodeId, generation: 1, payload: PAYLOAD }).slice(
    0,
    100,
  );
  bob.receive(forge(world, alice, bob, { content: short }), EVE);
  t.equal(world.tap.length, 0);
  t.equal(bob.drops.get('datagramTooShort'), 1);
  t.equal(bob.receiveSlots.owners.size + bob.sendSlots.owners.size, 0);
  t.end();
});

t.test('generations that leave no room to rise are refused', (t) => {
  const { world, alice, bob } = pair();
  bob.receive(forge(world, alice, bob, { generation: GENERATION_MAX }), EVE);
  t.equal(bob.receiveKeys.size, 1);
  bob.receive(forge(world, alice, bob, { generation: 1, freshness: 2 }), EVE);
  t.equal(bob.drops.get('sessionTableFull'), 1);
  t.end();
});

t.test('a cookie serves for one to two lives of the secret', (t) => {
  const { world, alice, bob } = pair('cookie', { bob: { busyPerSecond: 1 } });
  const datagram = forge(world, alice, bob);
  const isTaken = (proven: Uint8Array) => {
    bob.gate.handle(datagram, v6(world.now % 200, 0), world.now);
    world.now += 1;
    return bob.gate.handle(proven, EVE, world.now).kind === 'opened';
  };
  bob.gate.handle(datagram, v6(0, 0), world.now);
  const proven = prove(world, bob, datagram, EVE);
  t.ok(isTaken(proven));
  world.now += SECRET_MS;
  t.ok(isTaken(proven), 'after one change of the secret');
  world.now += SECRET_MS;
  t.notOk(isTaken(proven), 'after two');
  const later = prove(world, bob, datagram, EVE);
  world.now += 2 * SECRET_MS;
  t.notOk(isTaken(later), 'after a long silence');
  t.end();
});

t.test('who restored an old state is challenged and accepted', (t) => {
  const { world, alice, bob } = connected('backup', { alice: { firstFreshness: 5000 } });
  alice.isOff = true;
  const restored = world.add({ name: 'alice', keys: alice.keys, firstFreshness: 1 });
  restored.address = alice.address;
  alice.address = { ip: alice.address.ip, port: 1 };
  restored.tell(bob, { kind: 'connect' });
  world.run(200);
  t.ok(restored.session(bob).canSend);
  restored.sendData(bob);
  bob.sendData(restored);
  world.run(50);
  t.same([restored.receivedData, bob.receivedData], [1, 1]);
  t.equal(bob.drops.total, 0);
  t.end();
});

t.test('cookies that are none change nothing', (t) => {
  const { world, alice, bob } = pair();
  world.fate = () => [];
  alice.tell(bob, { kind: 'connect' });
  const index = world.tap[0].datagram.subarray(4, 8);
  const forged = () => {
    const reply = world.rng.bytes(COOKIE_REPLY_BYTES);
    reply.set([DatagramType.cookie, 0, 0, 0]);
    reply.set(index, 4);
    return reply;
  };
  for (let i = 0; i < 70; i++) alice.receive(forged(), EVE);
  t.equal(alice.drops.get('cookieInvalid'), 70);
  t.equal(world.tap.length, 1, 'and nothing is sent');
  const other = forged();
  other[7] ^= 1;
  alice.receive(other, EVE);
  t.equal(alice.drops.get('handshakeWrongState'), 1, 'another index');
  alice.tell(bob, { kind: 'close' });
  alice.receive(forged(), EVE);
  t.equal(alice.drops.get('unknownReceiverIndex'), 1);
  t.end();
});

t.test('a gate that challenges for ever is not answered for ever', (t) => {
  const { world, alice, bob } = pair('loop', { bob: { busyPerSecond: 1 } });
  bob.gate.handle(forge(world, alice, bob), EVE, world.now);
  alice.tell(bob, { kind: 'connect' });
  for (let i = 0; i < 10; i++) {
    const { datagram } = world.tap[0];
    const { datagram: reply } = bob.gate.handle(datagram, EVE, world.now) as { datagram: Uint8Array };
    alice.receive(reply, bob.address);
  }
  t.equal(world.tap.length, 4, 'three cookies are taken in one attempt');
  t.end();
});

t.test('responses and cookies are addressed by index', (t) => {
  const response = new Uint8Array(RESPONSE_MIN);
  response[0] = DatagramType.response;
  writeU32LE(response, 8, 0xfedc_ba98);
  t.same(classifyAnswer(response), { kind: 'response', receiverIndex: 0xfedc_ba98 });
  const cookie = new Uint8Array(COOKIE_REPLY_BYTES);
  cookie[0] = DatagramType.cookie;
  writeU32LE(cookie, 4, 5);
  t.same(classifyAnswer(cookie), { kind: 'cookie', receiverIndex: 5 });
  t.same(classifyAnswer(new Uint8Array(2)), { kind: 'drop', reason: 'datagramTooShort' });
  t.same(classifyAnswer(Uint8Array.of(4, ...new Uint8Array(60))), {
    kind: 'drop',
    reason: 'datagramUnknownType',
  });
  t.end();
});

t.test('garbage is counted by a reason, answered by nothing and remembered by nobody', (t) => {
  const { world, alice, bob } = connected('garbage');
  const real = world.tap.map(({ datagram }) => datagram);
  const state = bob.stateOf(alice);
  const datagram = fc.oneof(
    fc.uint8Array({ maxLength: 1300 }),
    fc
      .tuple(fc.constantFrom(1, 2, 3, 5), fc.uint8Array({ minLength: 60, maxLength: 1240 }))
      .map(([type, bytes]) => concat(Uint8Array.of(type, 0, 0, 0), bytes)),
    fc
      .tuple(
        fc.constantFrom(...real.filter((each) => each[0] !== 4)),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
      )
      .map(([bytes, at, bits]) => damage(bytes, at % bytes.length, bits)),
  );
  fc.assert(
    fc.property(datagram, (bytes) => {
      const before = world.tap.length;
      const drops = bob.drops.total;
      bob.receive(bytes, EVE);
      const answers = world.tap.slice(before);
      // A byte changed in mac2 leaves a replay of a real initiation, and too many of them a challenge.
      if (answers.length > 0)
        return bytes.length === HANDSHAKE_MAX && answers[0].datagram.length === COOKIE_REPLY_BYTES;
      return (
        bob.drops.total === drops + (bytes[0] === DatagramType.transport ? 0 : 1) &&
        bob.stateOf(alice) === state
      );
    }),
    { numRuns: 1000 },
  );
  t.end();
});

t.test('payload codecs: what is encoded is decoded, and nothing else does harm', (t) => {
  const payload = fc.record({
    kind: fc.constantFrom('member' as const, 'joiner' as const, 'renewing' as const),
    chain: fc.uint8Array({ maxLength: 900 }),
    suites: fc.array(fc.nat(0xffff), { maxLength: 8 }),
    freshness: fc.maxSafeNat(),
    revocationHead: fc.constantFrom(new Uint8Array(0), new Uint8Array(32).fill(3)),
    early: fc.uint8Array({ maxLength: 96 }),
  });
  const generation = fc.integer({ min: 1, max: GENERATION_MAX });
  fc.assert(
    fc.property(
      payload,
      generation,
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (payload, generation, nodeId) => {
        t.same(decodeMessage1Payload(encodeMessage1Payload({ nodeId, generation, payload })), {
          nodeId,
          generation,
          payload,
        });
        t.same(decodeMessage2Payload(encodeMessage2Payload(generation, payload)), { generation, payload });
      },
    ),
    { numRuns: 50 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1100 }), (bytes) => {
      decodeMessage1Payload(bytes);
      decodeMessage2Payload(bytes);
    }),
    { numRuns: 500 },
  );
  t.end();
});
