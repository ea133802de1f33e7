// Ways between two nodes: tested while somebody uses them, taken when they are better, left when they are dead.
import t from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { formatSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import type { PeerView } from '../../src/core/node/types.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { CLEAN_LINK, type Link } from '../../src/sim/network.ts';
import { meet, pair, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { defects, makeWorld, numbered, numbersReceived, stream } from './traffic.ts';

/** TCP repeats what was lost for the second time 0.6 to 0.9 s after it sent it. */
const TCP_SECOND_MS = 600;
const LOST: Link = { ...CLEAN_LINK, lossShare: 1 };

/** Two hosts behind stateful firewalls, and relays that both reach. While `isCut`, the two never reach each other. */
function scene(seed: string, relayCount = 1) {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const relays = Array.from({ length: relayCount }, (_, i) =>
    world.member(`relay-${i}`, organisation, i === 0),
  );
  const [alpha, bravo] = ['alpha', 'bravo'].map((name) => world.member(name, organisation));
  const asked = new Set<string>();
  const isBehind = ({ ip }: SocketAddress) => [alpha, bravo].some((host) => equalBytes(host.address.ip, ip));
  const state = { isCut: true };
  world.wire.linkOf = (from, to) => {
    if (state.isCut && isBehind(from) && isBehind(to)) return LOST;
    const [there, back] = [from, to].map(formatSocketAddress);
    asked.add(`${there} ${back}`);
    return isBehind(to) && !asked.has(`${back} ${there}`) ? LOST : undefined;
  };
  for (const relay of relays.slice(1)) meet(world, relay, relays[0]);
  for (const host of [alpha, bravo]) meet(world, host, ...relays);
  for (const relay of relays.slice(1)) pingOnce(world, relay, relays[0]);
  for (const host of [alpha, bravo]) for (const relay of relays) pingOnce(world, host, relay);
  world.run(10_000);
  resolve(world, alpha, 'bravo.node');
  pingOnce(world, alpha, bravo);
  return { world, relays, alpha, bravo, state };
}

function pathOf(world: World, host: SimHost, other: SimHost): PeerView['path'] {
  return host.node.peers(world.now).find(({ name }) => name === other.name)?.path ?? null;
}

/** Both send every 20 ms; the longest time that either got nothing. */
function talk(
  world: World,
  alpha: SimHost,
  bravo: SimHost,
  forMs: number,
  first: number,
): { readonly next: number; readonly gapMs: number } {
  let number = first;
  let gapMs = 0;
  const last = new Map([alpha, bravo].map((host) => [host, { at: world.now, count: host.received.length }]));
  for (const end = world.now + forMs; world.now < end; number++) {
    alpha.sendInside(world.now, numbered(alpha, bravo, number));
    bravo.sendInside(world.now, numbered(bravo, alpha, number));
    world.run(20);
    for (const [host, seen] of last) {
      if (host.received.length > seen.count)
        Object.assign(seen, { at: world.now, count: host.received.length });
      gapMs = Math.max(gapMs, world.now - seen.at);
    }
  }
  return { next: number, gapMs };
}

t.test('a relayed path gives way to a direct one without losing a packet', async (t) => {
  const { world, alpha, bravo, state } = scene('upgrade');
  t.equal(pathOf(world, alpha, bravo)?.kind, 'relayed');
  const before = talk(world, alpha, bravo, 3000, 1);
  t.equal(pathOf(world, alpha, bravo)?.kind, 'relayed', 'nothing else works');
  state.isCut = false;
  const { next, gapMs } = talk(world, alpha, bravo, 20_000, before.next);
  for (const [host, other] of [
    [alpha, bravo],
    [bravo, alpha],
  ]) {
    t.match(pathOf(world, host, other), {
      kind: /direct|punched/,
      remote: formatSocketAddress(other.address),
    });
    world.run(100);
    t.strictSame(
      new Set(numbersReceived(host)).size,
      next - 1,
      'every packet arrived, whichever way it took',
    );
  }
  t.ok(gapMs <= 200, `${gapMs} ms without a packet`);
});

t.test('a direct path that is cut: on through the relay within 2 s, and back', async (t) => {
  const { world, alpha, bravo, state } = scene('cut');
  state.isCut = false;
  const before = talk(world, alpha, bravo, 20_000, 1);
  t.match(pathOf(world, alpha, bravo)?.kind, /direct|punched/);
  state.isCut = true;
  const { gapMs, next } = talk(world, alpha, bravo, 5000, before.next);
  t.ok(gapMs < 2000, `${gapMs} ms without a packet`);
  t.equal(pathOf(world, alpha, bravo)?.kind, 'relayed');
  state.isCut = false;
  talk(world, alpha, bravo, 90_000, next);
  t.match(pathOf(world, alpha, bravo)?.kind, /direct|punched/);
});

t.test(
  'a direct path that is cut as soon as it is taken: on through the relay by the second repetition',
  async (t) => {
    // Each side looks after its ways every 100 ms; who looks first, and how long before the other, is another matter every time.
    for (let apartMs = 0; apartMs < 100; apartMs += 20) {
      for (const cutAfterMs of [100, 230, 360, 490]) {
        const { world, relays, alpha, bravo, state } = scene(`fresh ${apartMs} ${cutAfterMs}`);
        bravo.sendInside(world.now, numbered(bravo, relays[0], 1));
        world.run(1000 + apartMs);
        let { next } = talk(world, alpha, bravo, 3000, 1);
        state.isCut = false;
        const areDirect = () =>
          pathOf(world, alpha, bravo)?.kind !== 'relayed' && pathOf(world, bravo, alpha)?.kind !== 'relayed';
        while (!areDirect()) ({ next } = talk(world, alpha, bravo, 20, next));
        ({ next } = talk(world, alpha, bravo, cutAfterMs, next));
        state.isCut = true;
        const { gapMs } = talk(world, alpha, bravo, 3000, next);
        t.ok(
          gapMs < TCP_SECOND_MS,
          `${gapMs} ms without a packet: ${apartMs} ms apart, cut after ${cutAfterMs}`,
        );
      }
    }
  },
);

t.test('a relay that dies while it carries data: on over another within 2 s', async (t) => {
  const { world, alpha, bravo, relays } = scene('relays', 3);
  const before = talk(world, alpha, bravo, 100_000, 1);
  const used = pathOf(world, alpha, bravo);
  t.equal(used?.kind, 'relayed');
  const dead = relays.find((relay) => relay.port.relayed.some((bytes) => bytes > 10_000));
  t.ok(dead);
  dead?.kill();
  const { gapMs } = talk(world, alpha, bravo, 10_000, before.next);
  t.ok(gapMs < 2500, `${gapMs} ms without a packet`);
  t.equal(pathOf(world, alpha, bravo)?.kind, 'relayed');
});

t.test('who has nothing to say tests nothing', async (t) => {
  const { world, alpha, bravo } = scene('idle');
  talk(world, alpha, bravo, 5000, 1);
  world.run(70_000);
  let sent = 0;
  world.wire.tap = (flight) => {
    const isBetween = [alpha, bravo].every(
      ({ address }) => equalBytes(flight.from.ip, address.ip) || equalBytes(flight.to.ip, address.ip),
    );
    if (isBetween && flight.bytes[0] === 4) sent++;
  };
  world.run(600_000);
  t.equal(sent, 0, 'no test in ten minutes');
});

t.test('a smaller MTU in the middle, of which nobody tells: found, and large packets arrive', async (t) => {
  for (const silentMtu of [1280, 1400, 1492]) {
    const world = makeWorld({ seed: `mtu ${silentMtu}`, link: { silentMtu } });
    const [alpha, bravo] = pair(world);
    world.run(100);
    for (let i = 0; i < 300; i++) {
      alpha.sendInside(world.now, numbered(alpha, bravo, i, 6, 1400));
      bravo.sendInside(world.now, numbered(bravo, alpha, i, 6, 64));
      world.run(20);
    }
    world.run(200);
    t.equal(numbersReceived(bravo).length, 300, `${silentMtu}: none is lost`);
    let largest = 0;
    world.wire.tap = (flight) => {
      largest = Math.max(largest, flight.bytes.length + 28);
    };
    stream(world, alpha, bravo, 200, 20, 300);
    alpha.sendInside(world.now, numbered(alpha, bravo, 999, 6, 3000));
    world.run(20);
    t.ok(largest <= silentMtu && largest > silentMtu - 32, `${largest} of ${silentMtu}`);
  }
});

t.test('the way becomes narrower while it is used: a second or two, then all goes on', async (t) => {
  const world = makeWorld({ seed: 'narrow' });
  const [alpha, bravo] = pair(world);
  world.run(100);
  const send = (i: number) => {
    alpha.sendInside(world.now, numbered(alpha, bravo, i, 6, 1300));
    world.run(20);
  };
  for (let i = 0; i < 100; i++) send(i);
  t.equal(numbersReceived(bravo).length, 100);
  world.wire.link = { ...world.wire.link, silentMtu: 1280 };
  for (let i = 100; i < 250; i++) send(i);
  for (let i = 250; i < 300; i++) send(i);
  const arrived = numbersReceived(bravo).filter((number) => number >= 250);
  t.strictSame(
    arrived,
    Array.from({ length: 50 }, (_, i) => 250 + i),
    'three seconds later all arrive again',
  );
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
