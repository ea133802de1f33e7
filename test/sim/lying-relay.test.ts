// Relays that lie from the start: they grant what is asked of them, and carry nothing.
import t from 'tap';
import { DatagramType, RELAY_HEADER } from '../../src/core/base/batch-layout.generated.ts';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { equalSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import { MINUTE_MS } from '../../src/core/base/time.ts';
import { DEFAULT_RELAY_LIMITS } from '../../src/core/path/path.ts';
import type { SimHost } from '../../src/sim/host.ts';
import type { NatBox } from '../../src/sim/nat.ts';
import { CLEAN_LINK, type Link } from '../../src/sim/network.ts';
import { meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { NAT_KINDS } from '../reach/matrix.ts';
import { makeWorld, numbered, numbersReceived } from './traffic.ts';

/** From the grant on, and from a call on. */
const LIMIT_MS = 2000;
/** The liar is nearest, so it is chosen. */
const NEAR_MS = 4;
const FAR_MS = 20;

interface Scene {
  readonly world: World;
  readonly liar: SimHost;
  readonly relays: readonly SimHost[];
  readonly caller: SimHost;
  readonly called: SimHost;
  readonly box: NatBox;
}

/** Relays of whom the first lies, a caller behind a NAT, and who is called, behind another one and not running yet. */
function scene(
  seed: string,
  { refuses = false, link = {} }: { refuses?: boolean; link?: Partial<Link> } = {},
): Scene {
  const world = makeWorld({ seed });
  const organisation = world.organisation('acme');
  const config = refuses ? { relayLimits: { ...DEFAULT_RELAY_LIMITS, circuits: 0 } } : {};
  const liar = world.member('liar', organisation, { config });
  const relays = Array.from({ length: 3 }, (_, i) => world.member(`relay-${i}`, organisation, i === 0));
  const [home, box] = [0, 1].map(() => world.router(NAT_KINDS['port-restricted']));
  const caller = world.member('caller', organisation, { behind: home, isOff: true });
  const called = world.member('called', organisation, { behind: box, isOff: true });
  world.wire.linkOf = (from, to) => {
    const ips = [from.ip, to.ip];
    const isNear = [box.address, liar.address.ip].every((ip) => ips.some((other) => equalBytes(ip, other)));
    return { ...CLEAN_LINK, delayMs: isNear ? NEAR_MS : FAR_MS, ...link };
  };
  for (const host of [liar, ...relays.slice(1)]) {
    meet(world, host, relays[0]);
    pingOnce(world, host, relays[0]);
  }
  world.run(5000);
  meet(world, caller, ...relays);
  world.run(15_000);
  return { world, liar, relays, caller, called, box };
}

type Deed = (at: Scene, to: SocketAddress, send: () => void) => boolean;

const isTo = ({ box }: Scene, { ip }: SocketAddress) => equalBytes(ip, box.address);

/** True: it is sent on. */
const DEEDS: Record<string, Deed | undefined> = {
  'forwards nothing': () => false,
  'forwards nothing to the called': (at, to) => !isTo(at, to),
  'forwards nothing to the caller': isTo,
  'forwards everything after five seconds': ({ world }, _, send) => {
    world.wire.schedule(5000, world.now, send);
    return false;
  },
  'refuses every circuit': undefined,
};

function lie(at: Scene, deed: Deed | undefined): void {
  if (deed === undefined) return;
  const { world, liar } = at;
  const send = world.wire.send.bind(world.wire);
  world.wire.send = (from, to, bytes, now, ttl) => {
    const isRelayed = bytes[0] === DatagramType.relayed && bytes.length > RELAY_HEADER;
    if (!equalSocketAddress(from, liar.address) || !isRelayed) return send(from, to, bytes, now, ttl);
    const copy = bytes.slice();
    const later = (): void => void send(from, to, copy, world.now, ttl);
    return deed(at, to, later) ? send(from, to, bytes, now, ttl) : true;
  };
}

const isKeptBy = (host: SimHost, relay: SimHost) =>
  host.node.relaying().relays.some((nodeId) => equalBytes(nodeId, relay.keys.nodeId));

/** ms until a packet of the caller's arrives, who knows nothing but the name and sends one every 100 ms; Infinity: not within 20 s. */
function call({ world, caller, called }: Scene): number {
  const calledAt = world.now;
  if (resolve(world, caller, 'called.node')?.kind !== 'found') return Number.POSITIVE_INFINITY;
  const hasArrived = () => numbersReceived(called).length > 0;
  for (let n = 0; n < 200; n++) {
    caller.sendInside(world.now, numbered(caller, called, n));
    if (world.runUntil(hasArrived, 100)) return world.now - calledAt;
  }
  return Number.POSITIVE_INFINITY;
}

for (const [name, deed] of Object.entries(DEEDS)) {
  for (const afterMs of [100, LIMIT_MS]) {
    t.test(`a relay that ${name} from the start, and a call ${afterMs} ms after its grant`, async (t) => {
      const at = scene(name, { refuses: deed === undefined });
      const { world, liar, relays, called } = at;
      lie(at, deed);
      const before = liar.node.relaying().nodes;
      meet(world, called, liar, ...relays);
      t.ok(
        world.runUntil(() => liar.node.relaying().nodes > before, 10_000),
        'it is taken',
      );
      const grantedAt = world.now;
      world.run(afterMs);
      const ms = call(at);
      t.ok(ms < LIMIT_MS, `the call arrives after ${ms} ms`);
      world.run(Math.max(0, grantedAt + LIMIT_MS - world.now));
      t.notOk(isKeptBy(called, liar), 'the relay is left');
      t.ok(called.node.relaying().relays.length > 0, 'for another');
      world.run(9 * MINUTE_MS);
      t.notOk(isKeptBy(called, liar), 'for minutes');
    });
  }
}

for (const [name, deed] of Object.entries(DEEDS)) {
  if (deed === undefined) continue;
  t.test(`a relay that ${name} after it stood its trial`, async (t) => {
    const at = scene(`later ${name}`);
    const { world, liar, relays, called } = at;
    meet(world, called, liar, ...relays);
    world.run(20 * MINUTE_MS);
    t.ok(isKeptBy(called, liar), 'it is used');
    lie(at, deed);
    const ms = call(at);
    t.ok(ms < LIMIT_MS, `the first call that it does not carry arrives all the same, after ${ms} ms`);
    world.run(LIMIT_MS);
    t.notOk(isKeptBy(called, liar), 'it is left');
  });
}

t.test('no honest relay is left by mistake, however bad the network is', async (t) => {
  for (let seed = 0; seed < 12; seed++) {
    const at = scene(`bad ${seed}`, { link: { delayMs: 150, lossShare: 0.1, jitterMs: 20 } });
    const { world, relays, called, liar } = at;
    meet(world, called, liar, ...relays);
    world.run(MINUTE_MS);
    t.equal(called.node.status(world.now).drops.relayFailed, undefined);
    t.equal(called.node.relaying().relays.length, 1, 'and one is enough');
  }
});

t.test('witnesses that call nobody, fewer than others, cost no relay its place', async (t) => {
  for (const idle of [0, 1, 2]) {
    const at = scene(`idle witness ${idle}`);
    const { world, liar: near, relays, called } = at;
    const send = world.wire.send.bind(world.wire);
    world.wire.send = (from, to, bytes, now, ttl) => {
      const isCall = bytes[0] === DatagramType.relayed && bytes.length > RELAY_HEADER;
      return isCall && equalSocketAddress(from, relays[idle].address)
        ? true
        : send(from, to, bytes, now, ttl);
    };
    meet(world, called, near, ...relays);
    world.run(MINUTE_MS);
    t.equal(called.node.status(world.now).drops.relayFailed, undefined);
    t.ok(isKeptBy(called, near), 'the nearest is used');
  }
});
