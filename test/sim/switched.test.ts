// A stream whose way changes from a relay to a direct one while it is sent.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import type { SocketAddress } from '../../src/core/base/ip.ts';
import { CLEAN_LINK, type Link } from '../../src/sim/network.ts';
import { meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { FLOW, segment, segmentsReceived } from './segments.ts';
import { defects, makeWorld } from './traffic.ts';

const LOST: Link = { ...CLEAN_LINK, lossShare: 1 };
const EVERY_MS = 5;
/** What a change of the way may hold up. */
const STALL_MAX_MS = 200;
/** Segments under way on the longer way. */
const UNDER_WAY = 60 / EVERY_MS;
/** Lost before the round trip was known: the ends make up for those. */
const UNKNOWN_MAX = 3;

/** Two that talk through a relay, and what a stream between them meets. */
function scene(seed: string) {
  const link = { delayMs: 25, jitterMs: 1 };
  const world = makeWorld({ seed, link, config: { flow: FLOW } });
  const organisation = world.organisation('acme');
  const relay = world.member('relay', organisation, true);
  const ends = ['alpha', 'bravo'].map((name) => world.member(name, organisation));
  const [alpha, bravo] = ends;
  const isEnd = ({ ip }: SocketAddress) => ends.some((host) => equalBytes(host.address.ip, ip));
  const cut = { isCut: true };
  world.wire.linkOf = (from, to) => (cut.isCut && isEnd(from) && isEnd(to) ? LOST : undefined);
  for (const host of ends) meet(world, host, relay);
  for (const host of ends) pingOnce(world, host, relay);
  world.run(10_000);
  const way = () => alpha.node.peers(world.now).find(({ name }) => name === 'bravo')?.path?.kind;
  const seen = { sent: 0, stallMs: 0, arrivedAt: world.now };
  /** Sends for so long, or until that holds. */
  const play = (forMs: number, until = () => false): void => {
    for (const end = world.now + forMs; world.now < end && !until(); ) {
      // Both ways: who sends knows the round trip, and for how long to wait for what is missing.
      bravo.sendInside(world.now, segment(bravo, alpha, seen.sent));
      alpha.sendInside(world.now, segment(alpha, bravo, seen.sent++));
      for (let i = 0; i < EVERY_MS; i++) {
        const before = bravo.received.length;
        world.run(1);
        if (bravo.received.length === before) continue;
        seen.stallMs = Math.max(seen.stallMs, world.now - seen.arrivedAt);
        seen.arrivedAt = world.now;
      }
    }
  };
  return { world, alpha, bravo, cut, way, seen, play };
}

for (const lossShare of [0, 0.01])
  t.test(`from a relay to a direct way, ${lossShare * 100} % lost: no stall, nothing twice`, async (t) => {
    const { world, alpha, bravo, cut, way, seen, play } = scene(`switched-${lossShare}`);
    t.match(resolve(world, alpha, 'bravo.node'), { kind: 'found' });
    t.ok(world.runUntil(() => typeof pingOnce(world, alpha, bravo) === 'number', 60_000));
    t.equal(way(), 'relayed');
    world.wire.link = { ...world.wire.link, lossShare };
    play(5000);
    t.equal(way(), 'relayed');
    seen.stallMs = 0;
    cut.isCut = false;
    play(60_000, () => way() === 'punched');
    t.equal(way(), 'punched');
    const switchedAt = seen.sent;
    play(3000);
    t.ok(seen.stallMs <= STALL_MAX_MS, `${seen.stallMs} ms without anything`);
    world.run(3000);
    const received = segmentsReceived(bravo);
    t.equal(new Set(received).size, received.length, 'none twice');
    t.ok(received.length >= seen.sent - UNKNOWN_MAX, `${received.length} of ${seen.sent}`);
    const overtaken = received.filter((number, i) => i > 0 && number < received[i - 1]);
    // The shorter way carries keys of its own, by which nobody knows what is still under way on the longer one.
    const isOfChange = overtaken.every((number) => number < switchedAt && number >= switchedAt - UNDER_WAY);
    t.ok(isOfChange, `only what the wires overtook: ${overtaken}`);
  });

t.test('the port refused nothing, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
