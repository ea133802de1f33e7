import t from 'tap';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { EMPTY, readU32LE } from '../../../src/core/base/bytes.ts';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { publicKeysOf, writeMacs } from '../../../src/core/session/cookies.ts';
import {
  buildResponse,
  encodeMessage2Payload,
  message1Of,
  prologueOf,
} from '../../../src/core/session/messages.ts';
import { readMessage1, writeMessage2 } from '../../../src/core/session/noise.ts';
import { connected, crypto, type Peer, pair, type World } from './world.ts';

const EVE: SocketAddress = { ip: ipv4(203, 0, 113, 66), port: 6666 };
const SECOND = 1000;

const seen = (world: World, type: number) => world.tap.filter(({ datagram }) => datagram[0] === type);

t.test('a replayed initiation changes nothing, a thousand times', (t) => {
  const { world, alice, bob } = connected();
  const [{ datagram }] = seen(world, DatagramType.initiation);
  const state = bob.stateOf(alice);
  const before = world.tap.length;
  for (let i = 0; i < 1000; i++) {
    bob.receive(datagram, EVE);
    world.now += 100;
  }
  t.equal(bob.stateOf(alice), state);
  t.equal(world.tap.length, before, 'nor is it answered');
  t.equal(bob.drops.get('handshakeReplayed'), 1000);
  t.end();
});

t.test('an old initiation, replayed, gets a challenge and no more', (t) => {
  const { world, alice, bob } = connected();
  const [{ datagram }] = seen(world, DatagramType.initiation);
  alice.tell(bob, { kind: 'rekey' });
  world.run(10 * SECOND);
  const state = bob.stateOf(alice);
  const before = world.tap.length;
  bob.receive(datagram, EVE);
  t.equal(bob.stateOf(alice), state);
  t.same(
    world.tap
      .slice(before)
      .map((sent) => [sent.datagram[0], sent.to, sent.datagram.length < datagram.length]),
    [[DatagramType.cookie, EVE, true]],
  );
  t.end();
});

t.test('an initiation caught on the wire and sent first from elsewhere moves nothing', (t) => {
  const { world, alice, bob } = connected();
  const using = [...bob.using.values()];
  let caught: Uint8Array | undefined;
  world.fate = ({ datagram }) => {
    if (datagram[0] !== DatagramType.initiation) return [20];
    caught = datagram;
    return [];
  };
  alice.tell(bob, { kind: 'rekey' });
  bob.receive(caught as Uint8Array, EVE);
  t.same(seen(world, DatagramType.response).at(-1)?.to, EVE, 'eve gets an answer that she cannot read');
  t.same([...bob.using.values()], using, 'bob goes on sending under the key in use');
  t.same(bob.kinds(), ['established', 'confirmed']);
  world.fate = undefined;
  world.run(2 * SECOND);
  t.equal(
    bob.kinds().filter((kind) => kind === 'established').length,
    2,
    'and alice’s repetition is answered still',
  );
  t.end();
});

t.test('a replayed response changes nothing', (t) => {
  const { world, alice, bob } = connected();
  const [{ datagram }] = seen(world, DatagramType.response);
  const state = alice.stateOf(bob);
  for (let i = 0; i < 100; i++) alice.receive(datagram, EVE);
  t.equal(alice.stateOf(bob), state);
  t.equal(alice.drops.get('handshakeWrongState'), 100);
  alice.tell(bob, { kind: 'rekey' });
  const during = alice.stateOf(bob);
  alice.receive(datagram, EVE);
  t.equal(alice.stateOf(bob), during, 'nor while another handshake is under way');
  t.end();
});

t.test('a forged response leaves the attempt as it was, and the true one still counts', (t) => {
  const { world, alice, bob } = pair();
  world.fate = () => [20];
  alice.tell(bob, { kind: 'connect' });
  world.run(20);
  const [{ datagram }] = seen(world, DatagramType.response);
  const state = alice.stateOf(bob);
  for (const at of [4, 12, 60, datagram.length - 40, datagram.length - 20]) {
    const forged = datagram.slice();
    forged[at] ^= 1;
    alice.receive(forged, EVE);
    t.equal(alice.stateOf(bob), state, `byte ${at}`);
  }
  t.equal(alice.drops.get('handshakeMac1'), 5);
  const garbled = datagram.slice();
  garbled[60] ^= 1;
  remac(world, alice, garbled);
  alice.receive(garbled, EVE);
  t.equal(alice.drops.get('handshakeNoise'), 1);
  const small = datagram.slice();
  small.fill(0, 12, 44);
  remac(world, alice, small);
  alice.receive(small, EVE);
  t.equal(alice.drops.get('handshakeLowOrderKey'), 1);
  world.run(100);
  t.ok(alice.session(bob).isConfirmed);
  t.end();
});

t.test('forged responses with a valid mac1 cost work only so often', (t) => {
  const { world, alice, bob } = pair();
  alice.tell(bob, { kind: 'connect' });
  world.run(20);
  const garbled = seen(world, DatagramType.response)[0].datagram.slice();
  garbled[60] ^= 1;
  remac(world, alice, garbled);
  for (let i = 0; i < 100; i++) alice.receive(garbled, EVE);
  t.equal(alice.drops.get('handshakeNoise'), 64);
  t.equal(alice.drops.get('handshakeWrongState'), 36);
  t.end();
});

t.test('an authentic answer that is of no use ends the attempt', (t) => {
  const cases: [string, { generation?: number; suites?: number[]; content?: Uint8Array }, string][] = [
    ['a generation below the one offered', { generation: 0 }, 'handshakeMalformed'],
    ['no payload', { content: new Uint8Array(3) }, 'handshakeMalformed'],
    ['a suite that was not offered', { suites: [2] }, 'handshakeCipher'],
    ['a suite that does not exist', { suites: [77] }, 'handshakeCipher'],
    ['two suites', { suites: [1, 1] }, 'handshakeCipher'],
    ['none', { suites: [] }, 'handshakeCipher'],
  ];
  for (const [name, { generation = 1, suites = [1], content }, reason] of cases) {
    const { world, alice, bob } = pair(name, { alice: { suites: [1, 77] } });
    bob.isOff = true;
    alice.tell(bob, { kind: 'connect' });
    const payload = {
      kind: 'member' as const,
      chain: EMPTY,
      suites,
      freshness: 0,
      revocationHead: EMPTY,
      early: EMPTY,
    };
    const answer = respondAs(world, bob, alice, content ?? encodeMessage2Payload(generation, payload));
    alice.receive(answer, bob.address);
    t.same(alice.events, [{ kind: 'failed', reason, rekey: false }], name);
    t.equal(alice.receiveSlots.owners.size + alice.sendSlots.owners.size, 0);
  }
  t.end();
});

t.test(
  'whatever a stranger sends of what was on the wire, the answers are never more than the questions',
  (t) => {
    const { world, alice, bob } = connected('strangers');
    alice.tell(bob, { kind: 'rekey' });
    bob.tell(alice, { kind: 'rekey' });
    world.run(10 * SECOND);
    const all = world.tap.map(({ datagram }) => datagram);
    for (let i = 0; i < 500; i++) {
      const datagram = all[world.rng.u32() % all.length].slice();
      if (world.rng.u32() % 2 === 0)
        datagram[world.rng.u32() % datagram.length] ^= 1 + (world.rng.u32() % 255);
      const before = world.tap.length;
      (i % 2 === 0 ? alice : bob).receive(datagram, EVE);
      const out = world.tap.slice(before).reduce((sum, sent) => sum + sent.datagram.length, 0);
      t.ok(out <= datagram.length, `${out} for ${datagram.length}`, { diagnostic: out > datagram.length });
      world.now += world.rng.u32() % 50;
    }
    alice.sendData(bob);
    bob.sendData(alice);
    world.run(100);
    t.same([alice.receivedData, bob.receivedData], [1, 1], 'and the session goes on');
    t.end();
  },
);

t.test('proven old initiations take one place at most', (t) => {
  const { world, alice, bob } = connected('old', { alice: { firstFreshness: 9000 } });
  const state = () => bob.receiveKeys.size;
  alice.isOff = true;
  for (let i = 0; i < 3; i++) {
    const restored = world.add({ name: `alice ${i}`, keys: alice.keys, firstFreshness: 1 + i });
    restored.tell(bob, { kind: 'connect' });
    world.fate = ({ datagram }) => (datagram[0] === DatagramType.transport ? [] : [20]);
    world.run(100);
    restored.isOff = true;
  }
  t.equal(state(), 2, 'the one in use and one more');
  t.end();
});

t.test('old initiations at a node that forgot them do not keep their maker out', (t) => {
  const { world, alice, bob } = connected('recorded');
  for (let i = 0; i < 5; i++) {
    alice.tell(bob, { kind: 'rekey' });
    world.run(100);
  }
  const recorded = world.tap.map(({ datagram }) => datagram).filter(({ 0: type }) => type === 1);
  alice.isOff = true;
  bob.isOff = true;
  const forgetful = world.add({ name: 'bob anew', keys: bob.keys });
  for (const datagram of recorded) forgetful.receive(datagram, EVE);
  t.equal(forgetful.receiveKeys.size, 4);
  const reborn = world.add({ name: 'alice anew', keys: alice.keys, firstFreshness: 5000 });
  const addressed = world.tap.length;
  reborn.tell(forgetful, { kind: 'connect' });
  world.run(100);
  t.ok(world.tap.length > addressed);
  t.equal(reborn.drops.total + forgetful.drops.total, 0);
  t.ok(reborn.session(forgetful).canSend);
  t.ok(forgetful.session(reborn).isConfirmed);
  t.end();
});

/** A response that `from` makes by hand to the first initiation on the wire. */
function respondAs(world: World, from: Peer, to: Peer, content: Uint8Array): Uint8Array {
  const { datagram } = world.tap[0];
  const own = { privateKey: from.keys.x25519PrivateKey, publicKey: from.keys.x25519PublicKey };
  const opened = readMessage1(
    crypto,
    prologueOf(world.networkId, from.keys.nodeId),
    own,
    message1Of(datagram),
  );
  if (typeof opened === 'string') throw new Error(opened);
  const privateKey = world.rng.bytes(32);
  const { message } = writeMessage2(
    crypto,
    opened,
    { privateKey, publicKey: crypto.x25519.publicKey(privateKey) },
    content,
  );
  const response = buildResponse(1, readU32LE(datagram, 4), message);
  remac(world, to, response);
  return response;
}

function remac(world: World, to: Peer, datagram: Uint8Array): void {
  writeMacs(crypto, datagram, publicKeysOf(crypto, world.networkId, to.keys.nodeId), undefined);
}
