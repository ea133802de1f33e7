// Bytes in against bytes out: what an address gets that proved nothing, for everything that can be said in its name or about it.
import t, { type Test } from 'tap';
import { DatagramType } from '../../src/core/base/batch-layout.generated.ts';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { equalSocketAddress, type IpAddress, ipv4, type SocketAddress } from '../../src/core/base/ip.ts';
import { generateNodeKeys, nodeIdToText } from '../../src/core/identity/identity.ts';
import {
  AMPLIFICATION_MAX,
  DIAL_PADDING,
  HANDSHAKE_MAX,
  KEEPALIVE_ASK,
  RELAY_CALL_BYTES,
  TRANSPORT_MIN,
  WAY_TOKEN_BYTES,
} from '../../src/core/wire/limits.ts';
import type { ControlMessage } from '../../src/core/wire/types.ts';
import { encodeControl } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { invite, meet, pingOnce } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { makeWorld, numbered, numbersReceived } from './traffic.ts';

/** Of whoever is to be flooded; nobody listens there. */
const VICTIM: SocketAddress = { ip: ipv4(198, 51, 100, 66), port: 4444 };
/** Bytes out for bytes in, both of UDP payload. */
const RATIO = AMPLIFICATION_MAX;
const NOTHING = new Uint8Array(0);

interface Scene {
  readonly world: World;
  readonly alpha: SimHost;
  readonly evil: SimHost;
  readonly organisation: ReturnType<World['organisation']>;
  /** From now on the datagrams of a host seem to come from there; undefined: no longer. */
  pretend(host: SimHost, from: SocketAddress | undefined): void;
  /** Payload that came in the victim's name, and that anybody sent to it. */
  readonly bytes: { in: number; out: number; datagrams: number };
}

/** A node with two colleagues and a member of another organisation that means ill; all have sessions. */
function scene(seed: string): Scene {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const alpha = world.member('alpha', organisation, true);
  const evil = world.member('evil', world.organisation('evilcorp'));
  const others = [world.member('bravo', organisation), world.member('charlie', organisation), evil];
  for (const host of others) {
    meet(world, host, alpha);
    pingOnce(world, host, alpha);
  }
  world.run(3000);
  const bytes = { in: 0, out: 0, datagrams: 0 };
  let liar: SimHost | undefined;
  let name: SocketAddress | undefined;
  const send = world.wire.send.bind(world.wire);
  world.wire.send = (from, to, datagram, now, ttl) => {
    if (equalBytes(to.ip, VICTIM.ip)) {
      bytes.out += datagram.length;
      bytes.datagrams++;
    }
    if (liar === undefined || name === undefined || !equalSocketAddress(from, liar.address))
      return send(from, to, datagram, now, ttl);
    bytes.in += datagram.length;
    world.wire.inject({ from: name, to, bytes: datagram.slice(), at: now }, now);
    return true;
  };
  const pretend: Scene['pretend'] = (host, from) => {
    liar = host;
    name = from;
  };
  return { world, alpha, evil, organisation, pretend, bytes };
}

/** A member says this to another one, and nothing else. */
function saying({ world, alpha, evil }: Scene, message: (n: number) => ControlMessage): (n: number) => void {
  const honest = evil.port.sendControl.bind(evil.port);
  return (n) => {
    evil.port.sendControl = (key, counter, path) => honest(key, counter, path, encodeControl(message(n)));
    evil.run(world.now, (now) => evil.node.ping(alpha.keys.nodeId, now));
    evil.port.sendControl = () => undefined;
  };
}

const address = (ip: IpAddress, port: number): SocketAddress => ({ ip, port });
/** Ports of the victim that were not named before. */
const fresh = (n: number, count: number): SocketAddress[] =>
  Array.from({ length: count }, (_, i) => address(VICTIM.ip, 1024 + n * count + i));

function messages({ world, alpha, evil }: Scene): Record<string, (n: number) => ControlMessage> {
  const id = (n: number) => n + 1000;
  const nobody = () => generateNodeKeys(fakeCrypto, world.rng).nodeId;
  const token = () => world.rng.bytes(8);
  const key = () => world.rng.bytes(32);
  const record = (nodeId: Uint8Array, n: number) => ({
    nodeId,
    name: 'evil',
    organisation: NOTHING,
    addresses: fresh(n, 8),
    core: false,
    relays: [{ nodeId: nobody(), addresses: fresh(n, 2) }],
  });
  const test = { kind: 'pathChallenge', padding: 0 } as const;
  const range = { lower: NOTHING, upper: NOTHING };
  const reach = { mapping: 'endpointIndependent', filtering: 'addressAndPortDependent' } as const;
  return {
    ping: (n) => ({ kind: 'ping', id: id(n) }),
    pong: (n) => ({ kind: 'pong', id: id(n), observed: fresh(n, 1)[0] }),
    observedAddress: (n) => ({ kind: 'observedAddress', address: fresh(n, 1)[0] }),
    admissionRequest: () => ({ kind: 'admissionRequest', tokenId: key(), proof: key(), name: 'x' }),
    nodeRecords: (n) => ({ kind: 'nodeRecords', nodes: [record(evil.keys.nodeId, n), record(nobody(), n)] }),
    relayRequest: () => ({ kind: 'relayRequest', leg: 1, inward: true }),
    relayGrant: () => ({ kind: 'relayGrant', leg: 1, seconds: 600, inward: true }),
    circuitOpen: (n) => ({ kind: 'circuitOpen', nodeId: alpha.keys.nodeId, number: n }),
    circuitOffer: (n) => ({ kind: 'circuitOffer', nodeId: nobody(), number: n }),
    circuitEnd: (n) => ({ kind: 'circuitEnd', nodeId: evil.keys.nodeId, address: fresh(n, 1)[0] }),
    'a short pathChallenge': () => ({ ...test, token: token(), full: false, delayS: 0 }),
    'a short pathChallenge, to be answered in full': () => ({
      ...test,
      token: token(),
      full: true,
      delayS: 0,
    }),
    'a pathChallenge for later': () => ({ ...test, token: token(), full: true, delayS: 3 }),
    'a long pathChallenge': () => ({ ...test, token: token(), full: true, delayS: 0, padding: 1000 }),
    pathResponse: (n) => ({ kind: 'pathResponse', token: token(), observed: fresh(n, 1)[0], padding: 0 }),
    'punch, a request': (n) => ({
      kind: 'punch',
      round: n,
      step: 'request',
      addresses: fresh(n, 8),
      ...reach,
    }),
    'punch, an answer': (n) => ({
      kind: 'punch',
      round: n,
      step: 'answer',
      addresses: fresh(n, 8),
      ...reach,
    }),
    'punch, go': (n) => ({ kind: 'punch', round: n, step: 'go', addresses: fresh(n, 8), ...reach }),
    dhtQuestion: (n) => ({
      kind: 'dhtQuestion',
      id: id(n),
      key: key(),
      records: true,
      client: false,
      seed: 0,
      offset: 0,
      publisher: n % 2 === 0 ? NOTHING : alpha.keys.nodeId,
    }),
    dhtAnswer: (n) => ({
      kind: 'dhtAnswer',
      id: id(n),
      contacts: [{ nodeId: nobody(), nonce: world.rng.bytes(16), addresses: fresh(n, 2) }],
      records: [],
      total: 0,
      token: NOTHING,
      spread: 0,
      chain: NOTHING,
    }),
    circuitClose: (n) => ({ kind: 'circuitClose', number: n, code: 'ended' }),
    relayRefusal: () => ({ kind: 'relayRefusal', code: 'full' }),
    relayCall: (n) => ({
      kind: 'relayCall',
      relay: { nodeId: nobody(), addresses: fresh(n, 2) },
      padding: 350,
    }),
    admissionRefusal: () => ({ kind: 'admissionRefusal', code: 'busy' }),
    dhtStore: (n) => ({
      kind: 'dhtStore',
      id: id(n),
      token: token(),
      record: world.rng.bytes(100),
      chain: NOTHING,
      shard: 0,
      replica: false,
      spread: 0,
    }),
    dhtStoreAnswer: (n) => ({ kind: 'dhtStoreAnswer', id: id(n), code: 'token', spread: 0 }),
    close: () => ({ kind: 'close', reason: 'shutdown' }),
    confirmation: () => ({ kind: 'confirmation', wayToken: world.rng.bytes(WAY_TOKEN_BYTES) }),
    dialRequest: (n) => ({
      kind: 'dialRequest',
      nodeId: nobody(),
      address: fresh(n, 1)[0],
      padding: DIAL_PADDING,
    }),
    admissionAnswer: (n) => ({ kind: 'admissionAnswer', chain: key(), nodes: [record(nobody(), n)] }),
    renewalRequest: () => ({ kind: 'renewalRequest' }),
    flowRefusal: () => ({
      kind: 'flowRefusal',
      family: 6,
      protocol: 17,
      selectors: 0,
      ports: (1000 << 16) | 7,
      code: 'closed',
    }),
    guestQuestion: () => ({ kind: 'guestQuestion' }),
    guestTerms: () => ({ kind: 'guestTerms', hour: 1, difficulty: 1, signer: key() }),
    guestRequest: () => ({ kind: 'guestRequest', hour: 1, difficulty: 1, solution: token() }),
    revocationHead: () => ({ kind: 'revocationHead', digest: key() }),
    revocationQuery: () => ({ ...range, kind: 'revocationQuery', digest: key(), wanted: [key()] }),
    'a revocationQuery for all': () => ({ ...range, kind: 'revocationQuery', digest: NOTHING, wanted: [] }),
    revocationAnswer: () => ({
      ...range,
      kind: 'revocationAnswer',
      hashes: [key()],
      parts: [{ upper: key(), digest: key() }],
    }),
    revocations: () => ({ kind: 'revocations', statements: [key()] }),
    epochHeld: (n) => ({ kind: 'epochHeld', number: n, id: token(), isAnswer: false }),
    'an epochHeld without one': () => ({ kind: 'epochHeld', number: 0, id: NOTHING, isAnswer: false }),
    epochDelivery: () => ({ kind: 'epochDelivery', epoch: key(), secret: key() }),
  };
}

const KINDS = Object.keys(messages(scene('kinds')));

/** Whoever adds a message has to think of it here. */
const EVERY: Record<ControlMessage['kind'], true> = {
  ping: true,
  pong: true,
  observedAddress: true,
  admissionRequest: true,
  admissionAnswer: true,
  admissionRefusal: true,
  renewalRequest: true,
  flowRefusal: true,
  guestQuestion: true,
  guestTerms: true,
  guestRequest: true,
  nodeRecords: true,
  close: true,
  confirmation: true,
  dialRequest: true,
  relayRequest: true,
  relayGrant: true,
  relayRefusal: true,
  circuitOpen: true,
  circuitOffer: true,
  circuitClose: true,
  circuitEnd: true,
  relayCall: true,
  pathChallenge: true,
  pathResponse: true,
  punch: true,
  dhtQuestion: true,
  dhtAnswer: true,
  dhtStore: true,
  dhtStoreAnswer: true,
  revocationHead: true,
  revocationQuery: true,
  revocationAnswer: true,
  revocations: true,
  epochHeld: true,
  epochDelivery: true,
};

t.test('every message is tried', async (t) => {
  const tried = Object.values(messages(scene('every'))).map((message) => message(0).kind);
  t.strictSame(new Set(tried), new Set(Object.keys(EVERY)));
});

/** Few and slow, so that nothing is refused for being too much, and then many. */
function play({ world }: Scene, say: (n: number) => void): void {
  let n = 0;
  for (const [count, everyMs] of [
    [5, 1000],
    [100, 20],
  ]) {
    for (let i = 0; i < count; i++) {
      say(n++);
      world.run(everyMs);
    }
  }
  world.run(30_000);
}

/** Packets of 1,000 bytes for the member that means ill, all the time. */
function feed({ world, alpha, evil }: Scene): () => void {
  let n = 0;
  return () => alpha.sendInside(world.now, numbered(alpha, evil, n++, 6, 1000));
}

/** A packet for a host that may not be known yet. */
function talk({ world }: Scene, from: SimHost, to: SimHost, n: number, size?: number): void {
  if (from.node.find(nodeIdToText(to.keys.nodeId)) !== undefined)
    from.sendInside(world.now, numbered(from, to, n, 6, size));
}

function judge(t: Test, { bytes }: Scene, least: number): void {
  t.ok(bytes.in >= least, `${bytes.in} bytes were sent`);
  const ratio = (bytes.out / bytes.in).toFixed(2);
  t.ok(bytes.out <= RATIO * bytes.in, `${bytes.out} bytes for ${bytes.in}: ${ratio}`);
}

for (const kind of KINDS) {
  t.test(`in a session, from an address that is not its own: ${kind}`, async (t) => {
    const at = scene(`spoofed ${kind}`);
    const say = saying(at, messages(at)[kind]);
    const more = feed(at);
    at.pretend(at.evil, VICTIM);
    play(at, (n) => {
      more();
      say(n);
    });
    judge(t, at, 2000);
  });
}

t.test('data in a session, from an address that is not its own', async (t) => {
  const at = scene('data');
  const { world, alpha, evil } = at;
  const more = feed(at);
  more();
  world.run(1000);
  at.pretend(evil, VICTIM);
  play(at, (n) => {
    more();
    evil.sendInside(world.now, numbered(evil, alpha, n));
  });
  judge(t, at, 2000);
});

t.test('a handshake all of whose datagrams come from elsewhere', async (t) => {
  const at = scene('handshake');
  const { world, alpha, evil } = at;
  at.pretend(evil, VICTIM);
  for (let i = 0; i < 10; i++) {
    evil.restart(world.now, [alpha]);
    evil.run(world.now, (now) => evil.node.ping(alpha.keys.nodeId, now));
    world.run(3000);
  }
  judge(t, at, 2000);
});

for (const who of ['a member', 'a stranger'] as const) {
  t.test(`handshakes of ${who} after the other, from an address that is not theirs`, async (t) => {
    const at = scene(who);
    const { world, alpha } = at;
    const organisation = world.organisation('crowd');
    for (let i = 0; i < 100; i++) {
      const host = who === 'a member' ? world.member(`c${i}`, organisation) : world.stranger(`c${i}`);
      at.pretend(host, VICTIM);
      if (who === 'a member') {
        meet(world, host, alpha);
        host.run(world.now, (now) => host.node.ping(alpha.keys.nodeId, now));
      } else {
        const { token } = invite(world, alpha, 1);
        host.run(world.now, (now) => host.node.join({ token, name: host.name }, now));
      }
      world.run(i < 10 ? 1000 : 5);
      host.kill();
    }
    world.run(20_000);
    judge(t, at, 20_000);
  });
}

t.test('a handshake begun from the own address and ended from elsewhere', async (t) => {
  const at = scene('ended elsewhere');
  const { world, alpha, evil } = at;
  const more = feed(at);
  for (let i = 0; i < 10; i++) {
    at.pretend(evil, undefined);
    evil.restart(world.now, [alpha]);
    evil.run(world.now, (now) => evil.node.ping(alpha.keys.nodeId, now));
    world.run(7);
    at.pretend(evil, VICTIM);
    for (let j = 0; j < 100; j++) {
      more();
      if (j % 10 === 0) evil.sendInside(world.now, numbered(evil, alpha, j));
      world.run(20);
    }
  }
  judge(t, at, 2000);
});

for (const isTold of [false, true]) {
  const what = isTold ? 'that was asked as well' : 'that nobody asked';
  t.test(`a first handshake of this node, answered from an address ${what}`, async (t) => {
    const at = scene(`answered, ${isTold}`);
    const { world, alpha, organisation } = at;
    const late = world.member('late', organisation);
    const addresses = isTold ? [VICTIM, late.address] : [late.address];
    alpha.disk.knownNodes.set(late.key, { ...late.asKnown(), addresses });
    alpha.restart(world.now);
    at.pretend(late, VICTIM);
    play(at, (n) => {
      talk(at, alpha, late, n, 1000);
      if (n % 10 === 0) talk(at, late, alpha, n);
    });
    judge(t, at, 2000);
    t.ok(numbersReceived(late).length >= 100, 'what is for the member goes where it receives');
  });
}

for (const isCopied of [false, true]) {
  const what = isCopied ? ', and its initiation from there too' : '';
  t.test(`a stranger's first handshake, all but its initiation from elsewhere${what}`, async (t) => {
    const at = scene(`begun, ${isCopied}`);
    const { world, alpha } = at;
    const late = world.member('late', world.organisation('evilcorp'));
    const send = world.wire.send.bind(world.wire);
    world.wire.send = (from, to, datagram, now, ttl) => {
      const isInitiation = equalSocketAddress(from, late.address) && datagram[0] === DatagramType.initiation;
      if (!isInitiation) return send(from, to, datagram, now, ttl);
      at.pretend(late, undefined);
      send(from, to, datagram, now, ttl);
      at.pretend(late, VICTIM);
      return isCopied ? send(from, to, datagram, now, ttl) : true;
    };
    meet(world, late, alpha);
    play(at, (n) => {
      if (n % 10 === 0) talk(at, late, alpha, n);
      talk(at, alpha, late, n, 1000);
    });
    t.ok(alpha.node.peers(world.now).some(({ name }) => name === 'late'));
    judge(t, at, 2000);
  });
}

t.test('keepalives that ask for an answer, in the name of somebody who is relayed for', async (t) => {
  const at = scene('keepalive');
  const { world, alpha } = at;
  const say = saying(at, () => ({ kind: 'relayRequest', leg: 1, inward: true }));
  say(0);
  world.run(1000);
  let sent = 0;
  for (let slot = 0; slot < 64; slot++) {
    for (const number of [1, KEEPALIVE_ASK, KEEPALIVE_ASK | 1]) {
      const bytes = Uint8Array.of(DatagramType.relayed, slot, 0, number & 255, number >> 8);
      world.wire.inject({ from: VICTIM, to: alpha.address, bytes, at: world.now }, world.now);
      sent += bytes.length;
    }
  }
  world.run(5000);
  at.bytes.in = sent;
  judge(t, at, 900);
});

for (const padding of [0, 1, DIAL_PADDING / 2, DIAL_PADDING, 1000]) {
  t.test(
    `calls to somebody who is said to be there, asked for with ${padding} bytes of padding`,
    async (t) => {
      const at = scene(`calls, ${padding}`);
      const { world, alpha, bytes } = at;
      const nobody = () => generateNodeKeys(fakeCrypto, world.rng).nodeId;
      const members = [nobody(), nobody()];
      const dial = (nodeId: Uint8Array, address: SocketAddress) =>
        ({ kind: 'dialRequest', nodeId, address, padding: Math.floor(padding) }) as const;
      const say = saying(at, (n) => {
        // New nodes and ports each time, the same ports of new nodes, other ports of the same, and the same again and again.
        const message = dial(
          n % 2 === 0 ? nobody() : members[(n >> 1) % 2],
          fresh(n % 3 === 0 ? 0 : n, 1)[0],
        );
        bytes.in += encodeControl(message).length + TRANSPORT_MIN;
        return message;
      });
      // Slowly, so that none is refused for being too many, and at once.
      for (let n = 0; n < 150; n++) {
        say(n);
        world.run(n < 100 ? 3000 : 10);
        if (bytes.out > RATIO * bytes.in) t.fail(`${bytes.out} bytes for ${bytes.in}, after ${n}`);
      }
      world.run(30_000);
      judge(t, at, 4000);
      if (padding >= DIAL_PADDING / 2) t.ok(bytes.datagrams >= 50, `${bytes.datagrams} datagrams`);
      else t.equal(alpha.node.status(world.now).drops.dialTooShort, 150);
      t.ok(bytes.out <= HANDSHAKE_MAX * bytes.datagrams);
    },
  );
}

for (const [size, padding] of [
  ['as long as it must be', 350],
  ['shorter', 0],
] as const) {
  t.test(`a call through a relay that is said to be there, by a request that is ${size}`, async (t) => {
    const at = scene(`relay call ${padding}`);
    const { world, bytes } = at;
    const nobody = generateNodeKeys(fakeCrypto, world.rng).nodeId;
    const hint = (n: number) => ({ nodeId: nobody, addresses: fresh(n, 2) });
    const say = saying(at, (n) => ({ kind: 'relayCall', relay: hint(n), padding }));
    let count = 0;
    for (; count < 100; count++) {
      say(count);
      world.run(1000);
    }
    world.run(30_000);
    t.equal(bytes.datagrams > 0, padding > 0, `${bytes.datagrams} datagrams`);
    t.ok(bytes.out <= RATIO * count * RELAY_CALL_BYTES, `${bytes.out} bytes for ${count} requests`);
    // One member gets a call in ten seconds out of a node, after a burst of 8, and its relay one initiation for that.
    t.ok(bytes.datagrams <= 8 + 13, `${bytes.datagrams} datagrams`);
  });
}
