// How long a NAT remembers an idle way is measured, and what an idle node behind one costs per day.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import { DELAYED_MAX, DELAYED_PER_REMOTE, DelayedAnswers } from '../../src/core/node/delayed-answers.ts';
import { decodeControl, encodeControl } from '../../src/core/wire/wire.ts';
import type { SimHost } from '../../src/sim/host.ts';
import type { NatBox } from '../../src/sim/nat.ts';
import { CLEAN_LINK } from '../../src/sim/network.ts';
import { meet, pair, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { RouterOptions, World } from '../../src/sim/world.ts';
import { NAT_KINDS, type NatKind } from '../reach/matrix.ts';
import { makeWorld } from './traffic.ts';

/** UDP and IPv4 headers. */
const HEADERS = 28;

interface Scene {
  readonly world: World;
  readonly peers: SimHost[];
  readonly node: SimHost;
  readonly box: NatBox;
}

/** A node behind a NAT, and nodes that everybody reaches. */
function scene(seed: string, kind: NatKind, options: Partial<RouterOptions>, socketsMax?: number): Scene {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const peers = Array.from({ length: 6 }, (_, i) => world.member(`peer-${i}`, organisation, i === 0));
  for (const peer of peers.slice(1)) {
    meet(world, peer, peers[0]);
    pingOnce(world, peer, peers[0]);
  }
  const box = world.router({ ...NAT_KINDS[kind], ...options });
  const node = world.member('node', organisation, {
    behind: box,
    ...(socketsMax === undefined ? {} : { socketsMax }),
  });
  meet(world, node, peers[0]);
  pingOnce(world, node, peers[0]);
  return { world, peers, node, box };
}

function lifetimeOf({ world, node }: Scene): number | null {
  return node.node.status(world.now).nat.mappingLifetimeS;
}

/** Bytes of IP packets that the node sent and got, from now on. */
function count({ world, box }: Scene): { bytes: number } {
  const counter = { bytes: 0 };
  const { send } = box;
  box.send = (from, to, bytes, ...rest) => {
    counter.bytes += bytes.length + HEADERS;
    return send.call(box, from, to, bytes, ...rest);
  };
  let received = box.counts.received;
  world.wire.tap = ({ to, bytes }) => {
    if (!equalBytes(to.ip, box.address)) return;
    // Whether it is let in shows when it has arrived.
    world.wire.schedule(CLEAN_LINK.delayMs + 1, world.now, () => {
      if (box.counts.received > received) counter.bytes += bytes.length + HEADERS;
      received = box.counts.received;
    });
  };
  return counter;
}

for (const [lifetimeS, found, mostKb] of [
  [120, 118, 50],
  [30, 29, 150],
] as const) {
  t.test(`an idle day behind a NAT that forgets after ${lifetimeS} s: at most ${mostKb} KB`, async (t) => {
    const lifetimeMs = lifetimeS * 1000;
    const place = scene(`day ${lifetimeS}`, 'port-restricted', { streamMs: lifetimeMs, initialMs: 30_000 });
    const { world, node, peers } = place;
    world.run(20_000);
    t.equal(node.node.relaying().relays.length, 1, 'a relay keeps it reachable');
    const counter = count(place);
    world.run(HOUR_MS);
    t.equal(lifetimeOf(place), found, 'it knows how long');
    const outer = place.box.mappingsAt(world.now);
    world.run(DAY_MS - HOUR_MS);
    const kb = counter.bytes / 1000;
    t.ok(kb > 20 && kb <= mostKb, `${kb.toFixed(1)} KB`);
    t.same(place.box.mappingsAt(world.now), outer, 'the way to it is the same all day');
    const late = world.member('late', world.organisation('acme'));
    meet(world, late, peers[1]);
    t.type(pingOnce(world, late, peers[1]), 'number');
    t.match(resolve(world, peers[2], 'node.node'), { kind: 'found' });
    t.type(pingOnce(world, peers[2], node), 'number', 'and who knew nothing of it reaches it');
  });
}

t.test('what is found does not depend on the kind of NAT', async (t) => {
  const cases: [NatKind, Partial<RouterOptions>, number, number][] = [
    ['address-restricted', { streamMs: 60_000 }, 57, 59],
    ['symmetric-random', { streamMs: 45_000 }, 42, 44],
    ['address-dependent', { streamMs: 90_000 }, 86, 89],
    ['ordinary', { streamMs: 30_000, refreshesInbound: true }, 28, 29],
    ['badly-firewalled', { streamMs: 300_000 }, 118, 118],
    ['port-restricted', { streamMs: 10_000, initialMs: 10_000 }, 15, 15],
  ];
  for (const [kind, options, least, most] of cases) {
    const place = scene(`kind ${kind}`, kind, options);
    place.world.run(30 * MINUTE_MS);
    const found = lifetimeOf(place) ?? 0;
    t.ok(found >= least && found <= most, `${kind}: ${found} s`);
    const mappings = place.box.mappingsAt(place.world.now).map(({ inner }) => inner.port);
    t.ok(
      mappings.every((port) => port === place.node.address.port),
      'the other socket is closed',
    );
  }
});

t.test('on a lossy way it is never found to be longer', async (t) => {
  const place = scene('lossy', 'port-restricted', { streamMs: 60_000 });
  place.world.wire.link = { ...CLEAN_LINK, lossShare: 0.1 };
  place.world.run(3 * HOUR_MS);
  const found = lifetimeOf(place) ?? 0;
  t.ok(found >= 15 && found < 60, `${found} s`);
});

t.test('who gets no socket, or loses the relay meanwhile, keeps to what is safe', async (t) => {
  const poor = scene('poor', 'port-restricted', { streamMs: 120_000 }, 0);
  poor.world.run(HOUR_MS);
  t.equal(lifetimeOf(poor), null);
  t.equal(poor.node.node.relaying().relays.length, 1);

  const left = scene('left', 'port-restricted', { streamMs: 120_000 });
  left.world.run(90_000);
  for (const peer of left.peers) peer.kill();
  left.world.run(10 * MINUTE_MS);
  t.equal(lifetimeOf(left), null);
});

t.test('in another network it is measured anew', async (t) => {
  const place = scene('moves', 'port-restricted', { streamMs: 120_000 });
  const { world, node } = place;
  world.run(10 * MINUTE_MS);
  t.equal(lifetimeOf(place), 118);
  const cafe = world.router({ ...NAT_KINDS.ordinary, streamMs: 40_000 });
  node.move(cafe.freshAddress(node.address.port), world.now, true, cafe);
  t.equal(lifetimeOf(place), null);
  world.run(HOUR_MS);
  t.ok([37, 38, 39].includes(lifetimeOf(place) ?? 0), `${lifetimeOf(place)} s`);
});

t.test('few answers are held for others, and all of them for a while only', async (t) => {
  const answers = new DelayedAnswers();
  const to = { ip: new Uint8Array(16), port: 1 };
  const hold = (remote: string, at: number) => answers.hold({ remote, token: new Uint8Array(8), to }, at);
  for (let n = 0; n < DELAYED_MAX; n++) t.equal(hold(`${n >> 1}`, 1000 + n), true);
  t.notOk(hold('another', 5000));
  t.equal(answers.wakeAt, 1000);
  t.equal(answers.take(999), undefined);
  t.match(answers.take(1000), { remote: '0' });
  t.ok(hold('0', 2000));
  t.match(answers.take(1001), { remote: '0' });
  t.notOk(hold('7', 9000), `${DELAYED_PER_REMOTE} of one`);
  let taken = 0;
  while (answers.take(10_000) !== undefined) taken++;
  t.equal(taken, DELAYED_MAX - 1);
  t.equal(answers.wakeAt, Number.POSITIVE_INFINITY);

  const world = makeWorld({ seed: 'greedy' });
  const [alpha, bravo] = pair(world);
  world.run(1000);
  const honest = bravo.port.sendControl.bind(bravo.port);
  let asked = 0;
  bravo.port.sendControl = (key, counter, path, plaintext, ttl) => {
    const challenge = {
      kind: 'pathChallenge',
      token: new Uint8Array(8).fill(asked++),
      full: true,
      padding: 500,
      delayS: 20,
    } as const;
    honest(key, counter, path, plaintext.length === 0 ? plaintext : encodeControl(challenge), ttl);
  };
  for (let i = 0; i < 10; i++) {
    bravo.run(world.now, (now) => bravo.node.ping(alpha.keys.nodeId, now));
    world.run(10);
  }
  bravo.port.sendControl = honest;
  const answered: number[] = [];
  const sendControl = alpha.port.sendControl.bind(alpha.port);
  alpha.port.sendControl = (key, counter, path, plaintext, ttl) => {
    const message = plaintext.length === 0 ? undefined : decodeControl(plaintext);
    if (message?.kind === 'pathResponse') answered.push(message.token[0]);
    sendControl(key, counter, path, plaintext, ttl);
  };
  t.ok((alpha.node.status(world.now).drops.controlRateLimited ?? 0) >= 8);
  world.run(30_000);
  t.equal(answered.length, DELAYED_PER_REMOTE);
});
