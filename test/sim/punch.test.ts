// Nodes that talk through a relay open a direct way: which pairs, how soon, with how many probes. The whole matrix:
// MCC_WHOLE=1 node test/sim/punch.test.ts
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { PROBES_PER_SECOND_ALL } from '../../src/core/path/path.ts';
import type { NatBox } from '../../src/sim/nat.ts';
import { pingOnce } from '../../src/sim/scenarios.ts';
import { expectation, meets, NEIGHBOURHOODS, PLACES, type PlaceName, pairs } from '../reach/matrix.ts';
import { kindAt, scene, talkUntilDirect } from '../reach/punched.ts';
import { neighboursIn, placeIn } from '../reach/world.ts';
import { defects, numbered, numbersReceived } from './traffic.ts';

const isWhole = process.env.MCC_WHOLE === '1';
const EASY_MS = 3000;
/** Round trip through the relay: four links of 10 ms. */
const RTT_MS = 40;
/** What is waited for is answers alone, by a clock that nothing disturbs: less than real nodes may take, which have to think as well. */
const FIRST_RTTS = 1.6;
const DIRECT_RTTS = 3;
/** Seeds of bad weather, and the share of runs that may take longer: a message of the round was lost. */
const WEATHERS = 6;
const WEATHER_SHARE = 0.1;

const EASY: readonly [PlaceName, PlaceName][] = [
  ['public', 'port-restricted'],
  ['full-cone', 'ordinary'],
  ['address-restricted', 'symmetric-random'],
  ['address-dependent', 'address-restricted'],
  ['port-restricted', 'ordinary'],
  ['ordinary', 'ordinary'],
  ['badly-firewalled', 'badly-firewalled'],
  ['port-restricted', 'badly-firewalled'],
  ['cgnat', 'ordinary'],
  ['hairpin', 'cgnat'],
  ['ipv6-stateful', 'ipv6-stateful'],
];

const easyPairs = isWhole
  ? pairs().filter(([a, b]) => {
      const { outcome, isHard } = expectation(PLACES[a], PLACES[b]);
      return outcome !== 'relayed' && !isHard;
    })
  : EASY;

for (const [a, b] of easyPairs) {
  t.test(`${a} and ${b}: talking and direct within a few round trips`, async (t) => {
    const { outcome } = expectation(PLACES[a], PLACES[b]);
    const met = talkUntilDirect(
      scene(`easy ${a} ${b}`, (world) => [placeIn(world, PLACES[a]), placeIn(world, PLACES[b])]),
      EASY_MS,
    );
    t.ok(met.kind !== undefined && meets(outcome, met.kind), `${met.kind}`);
    const [first, direct] = [met.firstMs / RTT_MS, met.directMs / RTT_MS];
    t.ok(first <= FIRST_RTTS, `first packet after ${first.toFixed(2)} round trips`);
    t.ok(direct <= DIRECT_RTTS, `direct ${direct.toFixed(2)} round trips later`);
    t.ok(met.probes <= 60, `${met.probes} probes`);
  });
}

t.test('with loss and jitter: within 3 s, but where a message of the first round is lost', async (t) => {
  const some = isWhole ? easyPairs : EASY.slice(2, 9);
  const link = { delayMs: 10, jitterMs: 10, lossShare: 0.02 };
  const late: string[] = [];
  let runs = 0;
  for (const [a, b] of some)
    for (let seed = 0; seed < WEATHERS; seed++, runs++) {
      const pair = scene(
        `bad weather ${a} ${b} ${seed}`,
        (world) => [placeIn(world, PLACES[a]), placeIn(world, PLACES[b])],
        link,
      );
      const met = talkUntilDirect(pair, 3 * EASY_MS);
      // What waits for its turn leaves.
      pair.world.run(1000);
      if (!(met.directMs <= EASY_MS)) late.push(`${a}, ${b}: ${met.directMs} ms`);
    }
  t.ok(late.length <= WEATHER_SHARE * runs, `${late.length} of ${runs}: ${late.join('; ')}`);
});

for (const [name, hood] of Object.entries(NEIGHBOURHOODS)) {
  t.test(`${name}: ${hood.outcome}`, async (t) => {
    const met = talkUntilDirect(
      scene(name, (world) => neighboursIn(world, hood)),
      EASY_MS,
    );
    t.ok(met.kind !== undefined && meets(hood.outcome, met.kind), `${met.kind}`);
    if (hood.outcome === 'relayed') t.equal(met.kind, 'relayed');
  });
}

const HARD: readonly [PlaceName, PlaceName][] = [
  ['port-restricted', 'symmetric-predictable'],
  ['symmetric-predictable', 'symmetric-predictable'],
  ['symmetric-random', 'ordinary'],
  ['badly-firewalled', 'symmetric-random'],
  ['badly-firewalled', 'address-dependent'],
  ['badly-firewalled', 'ipv6-stateful'],
  ['badly-firewalled', 'symmetric-predictable'],
  ['address-dependent', 'cgnat'],
  ['hairpin', 'ipv6-stateful'],
];
const hardPairs = isWhole ? pairs().filter(([a, b]) => expectation(PLACES[a], PLACES[b]).isHard) : HARD;

for (const [a, b] of hardPairs) {
  t.test(`${a} and ${b}: the port is found, within 20 s and 2,000 probes`, async (t) => {
    const met = scene(`hard ${a} ${b}`, (world) => [placeIn(world, PLACES[a]), placeIn(world, PLACES[b])]);
    const { world, alpha, bravo } = met;
    const sentAt: number[] = [];
    let after = 0;
    world.wire.tap = ({ from, to, bytes }) => {
      const isBetween = [from, to].every(
        ({ ip }) => ![...met.peers].some((peer) => equalBytes(peer.address.ip, ip)),
      );
      if (isBetween && bytes.length < 80) sentAt.push(world.now);
      if (isBetween) after++;
    };
    const { kind, directMs, probes } = talkUntilDirect(met, 20_000);
    t.equal(kind, 'punched');
    t.ok(directMs <= 20_000, `${directMs} ms`);
    t.ok(probes <= 2000, `${probes} probes`);
    t.ok(sentAt.every((at, i) => (sentAt[i + 2 * PROBES_PER_SECOND_ALL + 20] ?? Infinity) >= at + 1000));
    for (let i = 0; i < 250; i++) {
      alpha.sendInside(world.now, numbered(alpha, bravo, 10_000 + i));
      bravo.sendInside(world.now, numbered(bravo, alpha, 10_000 + i));
      world.run(20);
    }
    for (const host of [alpha, bravo]) {
      const late = numbersReceived(host).filter((number) => number >= 10_000);
      t.equal(new Set(late).size, 250, 'and it carries all packets');
    }
    t.ok(after > 400);
    const sockets = [alpha, bravo].map((host) => host.port.socketsOpen);
    t.ok(Math.max(...sockets) <= 8, `${sockets} sockets stay open`);
  });
}

t.test(
  'what others sent to a badly firewalled router moves its ports: a fresh one is searched from',
  async (t) => {
    for (let seed = 0; seed < 5; seed++) {
      let box: NatBox | undefined;
      const met = scene(`moved ${seed}`, (world) => {
        const place = placeIn(world, PLACES['badly-firewalled']);
        box = place.behind;
        return [place, placeIn(world, PLACES['symmetric-random'])];
      });
      const { port } = met.alpha.address;
      const ports = (box as NatBox).mappingsAt(met.world.now).filter(({ inner }) => inner.port === port);
      t.ok(ports.length > 1, `the node has ${ports.length} ports outside`);
      const { kind, directMs } = talkUntilDirect(met, 20_000);
      t.equal(kind, 'punched');
      t.ok(directMs <= 20_000, `${directMs} ms`);
    }
  },
);

t.test('the kind of a path says that it was opened, and the status why there is none', async (t) => {
  const met = scene('kind', (world) => [placeIn(world, PLACES.ordinary), placeIn(world, PLACES.ordinary)]);
  talkUntilDirect(met, EASY_MS);
  const { world, alpha, bravo } = met;
  t.equal(kindAt(world, alpha, bravo), 'punched');
  t.equal(kindAt(world, bravo, alpha), 'punched');
  const hard = scene('hard', (world) => [
    placeIn(world, PLACES['symmetric-random']),
    placeIn(world, PLACES['symmetric-random']),
  ]);
  t.match(hard.alpha.node.punching(hard.bravo.keys.nodeId, hard.world.now) ?? { state: 'idle' }, {
    state: 'idle',
  });
  t.equal(talkUntilDirect(hard, 10_000).kind, 'relayed');
  const status = hard.alpha.node.punching(hard.bravo.keys.nodeId, hard.world.now);
  t.match(status, { state: 'waiting', reason: 'bothHard' });
  t.ok((status?.nextTryMs ?? 0) > 60_000, 'and that it is tried seldom');
});

t.test('nobody tries while nobody talks', async (t) => {
  const { world, alpha, bravo } = scene('quiet', (world) => [
    placeIn(world, PLACES['symmetric-random']),
    placeIn(world, PLACES['symmetric-random']),
  ]);
  pingOnce(world, alpha, bravo);
  world.run(60_000);
  const before = alpha.node.punching(bravo.keys.nodeId, world.now)?.rounds ?? 0;
  world.run(3_600_000);
  t.equal(alpha.node.punching(bravo.keys.nodeId, world.now)?.rounds ?? 0, before);
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
