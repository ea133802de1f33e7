import t from 'tap';
import { nobleCrypto } from '../../src/core/identity/identity.ts';
import { addressesAt, isConnected, meet, pair, pingOnce } from '../../src/sim/scenarios.ts';
import { checksumsHold, echoPacket, tcpPacket, unreachablePacket } from './packets.ts';
import { defects, makeWorld, numbered, numbersReceived } from './traffic.ts';

t.test('two nodes shake hands and exchange packets in both families', async (t) => {
  const world = makeWorld({ seed: 'pair' });
  const [alpha, bravo] = pair(world);
  t.ok(world.runUntil(() => isConnected(alpha, bravo) && isConnected(bravo, alpha), 1000));
  t.equal(pingOnce(world, bravo, alpha), 10, 'there and back at 5 ms each');
  for (const family of [4, 6] as const) {
    alpha.sendInside(world.now, numbered(alpha, bravo, family, family));
    bravo.sendInside(world.now, numbered(bravo, alpha, family, family));
  }
  world.run(20);
  t.strictSame(numbersReceived(bravo), [4, 6]);
  t.strictSame(numbersReceived(alpha), [4, 6]);
  t.strictSame(alpha.node.status(world.now).drops, {});
  t.equal(alpha.port.slotsInUse, 0);
});

t.test('a shorter round trip is believed at once, a longer one little by little', async (t) => {
  const world = makeWorld({ seed: 'round trip' });
  const delay = (delayMs: number) => (world.wire.link = { ...world.wire.link, delayMs });
  delay(50);
  const [alpha, bravo] = pair(world);
  const known = () => alpha.node.status(world.now).peers[0].rttMs;
  t.ok(world.runUntil(() => isConnected(alpha, bravo) && known() !== null, 1000));
  t.equal(known(), 100);
  delay(1);
  pingOnce(world, alpha, bravo);
  t.equal(known(), 2);
  delay(5);
  pingOnce(world, alpha, bravo);
  t.equal(known(), 3);
});

t.test('the same with real cryptography', async (t) => {
  const world = makeWorld({ seed: 'real', crypto: nobleCrypto });
  const [alpha, bravo] = pair(world);
  t.ok(world.runUntil(() => isConnected(alpha, bravo), 1000));
  alpha.sendInside(world.now, numbered(alpha, bravo, 1));
  world.run(20);
  t.strictSame(numbersReceived(bravo), [1]);
});

t.test('the first packet makes the session and is not lost', async (t) => {
  const world = makeWorld({ seed: 'lazy' });
  const organisation = world.organisation('acme');
  const alpha = world.member('alpha', organisation);
  const others = [1, 2, 3, 4, 5].map((n) => world.member(`other-${n}`, organisation));
  meet(world, alpha, ...others);
  world.run(1000);
  const cold = others.filter((other) => !isConnected(alpha, other));
  t.equal(cold.length, 2, 'a node greets few and leaves the others alone');
  alpha.sendInside(world.now, numbered(alpha, cold[0], 9), numbered(alpha, cold[0], 10));
  t.equal(alpha.port.slotsInUse, 2);
  world.run(50);
  t.strictSame(numbersReceived(cold[0]), [9, 10]);
  t.equal(alpha.port.slotsInUse, 0);
});

t.test('echo requests, TCP and ICMP errors go through, with right checksums', async (t) => {
  const world = makeWorld({ seed: 'kinds' });
  const [alpha, bravo] = pair(world);
  world.run(100);
  const there = addressesAt(alpha, bravo);
  bravo.program = (packet) => {
    const v4 = packet[0] >> 4 === 4;
    const protocol = packet[v4 ? 9 : 6];
    const back = addressesAt(bravo, alpha);
    const own = v4 ? bravo.address4 : bravo.address6;
    const to = v4 ? back.v4 : back.v6;
    if (protocol === 1 || protocol === 58) return echoPacket(own, to, 77, true);
    return unreachablePacket(own, to, packet);
  };
  for (const [own, to] of [
    [alpha.address4, there.v4],
    [alpha.address6, there.v6],
  ]) {
    alpha.sendInside(
      world.now,
      echoPacket(own, to, 77),
      tcpPacket(own, 5000, to, 80, new Uint8Array(0), { flags: 2 }),
    );
  }
  world.run(50);
  t.equal(bravo.received.length, 4);
  t.equal(alpha.received.length, 4, 'four answers');
  t.ok([...alpha.received, ...bravo.received].every(checksumsHold));
});

t.test('an idle pair sends a few KB a day, to keep its records', async (t) => {
  const world = makeWorld({ seed: 'idle' });
  const [alpha, bravo] = pair(world);
  world.run(10_000);
  let bytes = 0;
  world.wire.tap = (flight) => {
    bytes += flight.bytes.length + 28;
  };
  world.run(24 * 3600 * 1000);
  t.ok(bytes > 0 && bytes < 100_000, `${bytes} bytes in a day, both ways, with headers`);
  alpha.sendInside(world.now, numbered(alpha, bravo, 1));
  world.run(100);
  t.strictSame(numbersReceived(bravo), [1], 'and works when it is needed');
});

t.test('a node that only waits for its time to write something down sleeps meanwhile', async (t) => {
  const world = makeWorld({ seed: 'sleeps' });
  const [alpha, bravo] = pair(world);
  pingOnce(world, bravo, alpha);
  world.run(10_000);
  // Its way changes without any traffic of programs: that is to be on disk, but not at once.
  let ticks = 0;
  const { node } = bravo;
  const tick = node.tick.bind(node);
  node.tick = (now) => {
    ticks++;
    tick(now);
  };
  alpha.move({ ip: alpha.address.ip, port: alpha.address.port + 1 }, world.now, true);
  pingOnce(world, alpha, bravo);
  world.run(15_000);
  t.ok(ticks < 30, `woken ${ticks} times in 15 s`);
  world.run(30_000);
  const saved = bravo.disk.knownNodes.get(alpha.key)?.addresses[0];
  t.equal(saved?.port, alpha.address.port, 'and it is written down');
});

t.test('the MTU of a route is told to the remote for which it was asked, or to all there', async (t) => {
  const world = makeWorld({ seed: 'route' });
  const [alpha, bravo] = pair(world);
  pingOnce(world, bravo, alpha);
  world.run(10_000);
  interface Insides {
    readonly remotes: {
      find(key: string): { readonly slot: number; readonly path: { readonly linkMtu: number } } | undefined;
    };
  }
  const remote = (alpha.node as unknown as { context: Insides }).context.remotes.find(bravo.key);
  const slot = remote?.slot ?? Number.NaN;
  const linkMtu = () => remote?.path.linkMtu;
  const before = linkMtu();
  const tell = (path: number | undefined, mtu: number, to = bravo.address) =>
    alpha.run(world.now, (now) => alpha.node.onHostEvent({ kind: 'routeMtu', to, path, mtu }, now));
  tell(slot + 1, 1400);
  tell(slot, 1400, alpha.address);
  tell(undefined, 1400, alpha.address);
  t.equal(linkMtu(), before, 'another remote, another address');
  tell(slot, 1400);
  t.equal(linkMtu(), 1400);
  tell(undefined, 1350);
  t.equal(linkMtu(), 1350);
});

t.test('both begin at the same moment: one session, nothing lost', async (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const world = makeWorld({ seed, link: { delayMs: 10, jitterMs: 5 } });
    const organisation = world.organisation('acme');
    const alpha = world.member('alpha', organisation);
    const bravo = world.member('bravo', organisation);
    meet(world, alpha, bravo);
    meet(world, bravo, alpha);
    alpha.sendInside(world.now, numbered(alpha, bravo, 1));
    bravo.sendInside(world.now, numbered(bravo, alpha, 2));
    world.run(1000);
    for (let i = 0; i < 20; i++) {
      alpha.sendInside(world.now, numbered(alpha, bravo, 10 + i));
      bravo.sendInside(world.now, numbered(bravo, alpha, 10 + i));
      world.run(5);
    }
    world.run(500);
    t.equal(numbersReceived(bravo).length, 21, `seed ${seed}`);
    t.equal(numbersReceived(alpha).length, 21, `seed ${seed}`);
  }
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
