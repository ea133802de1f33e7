// Routers that take what comes unasked for a flow of their own, and then move the node's flows to other ports: pairs with such a one are
// as soon direct as others, whatever was sent there beforehand. Twenty seeds of each: MCC_WHOLE=1 node test/sim/punch-moved.test.ts
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { parseSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import type { SimHost } from '../../src/sim/host.ts';
import type { NatBox } from '../../src/sim/nat.ts';
import { expectation, meets, PLACE_NAMES, PLACES, type PlaceName } from '../reach/matrix.ts';
import { type Scene, scene, talkUntilDirect } from '../reach/punched.ts';
import { placeIn } from '../reach/world.ts';
import { endWorlds } from './traffic.ts';

const SEEDS = process.env.MCC_WHOLE === '1' ? 20 : 2;
const MOVING = 'badly-firewalled';
/** Round trip through the relay: four links of 10 ms. */
const RTT_MS = 40;
const DIRECT_RTTS = 4;
/** Nothing hints at it beforehand: the first round has to fail. */
const AGAIN_MS = 1500;
/** Whoever wants to call a new node does so by then. */
const CALLS_MS = 2000;

const others = PLACE_NAMES.filter((name) => {
  const { outcome, isHard } = expectation(PLACES[MOVING], PLACES[name]);
  return outcome !== 'relayed' && !isHard;
});

interface Pair extends Scene {
  readonly names: readonly [PlaceName, PlaceName];
  readonly boxes: readonly (NatBox | undefined)[];
}

/** `isUncalled`: nobody calls the nodes before they have called themselves. */
function pairOf(seed: string, names: readonly [PlaceName, PlaceName], isUncalled = false): Pair {
  let boxes: readonly (NatBox | undefined)[] = [];
  const made = scene(seed, (world) => {
    const places = names.map((name) => placeIn(world, PLACES[name]));
    boxes = places.map(({ behind }) => behind);
    const until = world.now + CALLS_MS;
    const isCall = (from: SocketAddress, to: SocketAddress) =>
      world.now < until &&
      boxes.some((box) => box !== undefined && equalBytes(box.address, to.ip) && from.ip[15] !== 1);
    if (isUncalled)
      world.wire.linkOf = (from, to) => (isCall(from, to) ? { ...world.wire.link, lossShare: 1 } : undefined);
    return [places[0], places[1]];
  });
  return { ...made, names, boxes };
}

/** Where it may be seen from outside: where its router moves it about, all that it was moved to. */
function outerOf({ names, boxes, world, alpha, bravo }: Pair, side: number): SocketAddress[] {
  const host: SimHost = side === 0 ? alpha : bravo;
  const box = boxes[side];
  if (names[side] === MOVING && box !== undefined) {
    const all = box.mappingsAt(world.now);
    return all.filter(({ inner }) => inner.port === host.address.port).map(({ outer }) => outer);
  }
  const said = host.node.natOf('ipv4').publicAddress;
  return [(said === null ? undefined : parseSocketAddress(said)) ?? host.address];
}

/** What the other side sent there unasked is what its router takes for its own. */
function spoil(pair: Pair, side: number): void {
  const { world } = pair;
  for (const to of outerOf(pair, side))
    for (const from of outerOf(pair, 1 - side)) world.wire.send(from, to, new Uint8Array(40), world.now);
  world.run(50);
}

const SIDES = { none: [], first: [0], second: [1], both: [0, 1] } as const;

for (const other of others) {
  t.test(`${MOVING} and ${other}: direct within ${DIRECT_RTTS} round trips`, async (t) => {
    const { outcome } = expectation(PLACES[MOVING], PLACES[other]);
    for (let seed = 0; seed < SEEDS; seed++) {
      for (const [spoilt, sides] of Object.entries(SIDES)) {
        if (spoilt === 'both' && other !== MOVING) continue;
        const isTurned = seed % 2 === 1;
        const pair = pairOf(`moved ${other} ${spoilt} ${seed}`, isTurned ? [other, MOVING] : [MOVING, other]);
        for (const side of sides) if (pair.names[side] === MOVING) spoil(pair, side);
        const { kind, directMs, probes } = talkUntilDirect(pair, 3000);
        const what = `seed ${seed}, spoilt: ${spoilt}`;
        t.ok(kind !== undefined && meets(outcome, kind), `${what}: ${kind}`);
        t.ok(directMs <= DIRECT_RTTS * RTT_MS, `${what}: after ${directMs} ms`);
        t.ok(probes <= 30, `${what}: ${probes} probes`);
        t.strictSame(endWorlds(), []);
      }
    }
  });
}

t.test('where nobody saw that it is moved about: from a fresh port at once', async (t) => {
  let again = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const pair = pairOf(`unseen ${seed}`, [MOVING, 'port-restricted'], true);
    t.equal(outerOf(pair, 0).length, 1, 'all see it at the same port');
    spoil(pair, 0);
    const { kind, directMs, probes } = talkUntilDirect(pair, 3000);
    t.equal(kind, 'punched');
    t.ok(directMs <= AGAIN_MS, `seed ${seed}: after ${directMs} ms`);
    if (directMs > DIRECT_RTTS * RTT_MS) again++;
    t.ok(probes <= 30, `${probes} probes`);
    t.strictSame(endWorlds(), []);
  }
  // Where the two had sent each other something before, the first round may do.
  t.ok(2 * again >= SEEDS, `${again} took a second round`);
});
