// Relays that turn against those who rely on them: left within two seconds, while another is there.
import t from 'tap';
import { DatagramType, RELAY_HEADER } from '../../src/core/base/batch-layout.generated.ts';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { equalSocketAddress, formatSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { CLEAN_LINK, type Flight, type Link } from '../../src/sim/network.ts';
import { meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { Gaps, makeWorld, numbered, numbersReceived } from './traffic.ts';

const LIMIT_MS = 2000;
/** Of what is relayed; keepalives are shorter. */
const DATA_MIN = RELAY_HEADER + 1;
const EVERY_MS = 20;
const LOST: Link = { ...CLEAN_LINK, lossShare: 1 };

/** Behind stateful firewalls, and never to each other. */
function firewall(world: World, ...hosts: SimHost[]): void {
  const asked = new Set<string>();
  const isBehind = ({ ip }: SocketAddress) => hosts.some((host) => equalBytes(host.address.ip, ip));
  world.wire.linkOf = (from, to) => {
    if (isBehind(from) && isBehind(to)) return LOST;
    const [there, back] = [from, to].map(formatSocketAddress);
    asked.add(`${there} ${back}`);
    return isBehind(to) && !asked.has(`${back} ${there}`) ? LOST : undefined;
  };
}

interface Scene {
  readonly world: World;
  readonly relays: readonly SimHost[];
  readonly alpha: SimHost;
  readonly bravo: SimHost;
}

/** Three relays, and two who talk through one of them. */
function scene(seed: string): Scene {
  const world = makeWorld({ seed, link: { delayMs: 10 } });
  const organisation = world.organisation('acme');
  const relays = Array.from({ length: 3 }, (_, i) => world.member(`relay-${i}`, organisation, i === 0));
  const [alpha, bravo] = ['alpha', 'bravo'].map((name) => world.member(name, organisation));
  firewall(world, alpha, bravo);
  for (const relay of relays.slice(1)) meet(world, relay, relays[0]);
  for (const host of [alpha, bravo]) meet(world, host, ...relays);
  for (const relay of relays.slice(1)) pingOnce(world, relay, relays[0]);
  for (const host of [alpha, bravo]) for (const relay of relays) pingOnce(world, host, relay);
  world.run(10_000);
  t.match(resolve(world, alpha, 'bravo.node'), { kind: 'found' });
  return { world, relays, alpha, bravo };
}

/** A packet each way every 20 ms. */
function talk({ world, alpha, bravo }: Scene, forMs: number, first: number): number {
  let number = first;
  for (const end = world.now + forMs; world.now < end; number++) {
    alpha.sendInside(world.now, numbered(alpha, bravo, number));
    if (bravo.received.length > 0) bravo.sendInside(world.now, numbered(bravo, alpha, number));
    world.run(EVERY_MS);
  }
  return number;
}

/** What a relay does with what it was to send on. True: it leaves as usual. */
type Deed = (world: World, flight: Flight, send: () => void) => boolean;

/** The relay that carries the data now, and does so from now on. */
class Carrier {
  deed: Deed | undefined;
  /** Datagrams that it would have sent on since it turned. */
  count = 0;
  private readonly counts = new Map<SimHost, number>();
  private host: SimHost | undefined;

  constructor({ world, relays }: Scene) {
    const send = world.wire.send.bind(world.wire);
    world.wire.send = (from, to, bytes, now, ttl) => {
      const relay = relays.find(({ address }) => equalSocketAddress(address, from));
      if (relay === undefined || bytes[0] !== DatagramType.relayed || bytes.length < DATA_MIN)
        return send(from, to, bytes, now, ttl);
      this.counts.set(relay, (this.counts.get(relay) ?? 0) + 1);
      if (relay !== this.host || this.deed === undefined) return send(from, to, bytes, now, ttl);
      this.count++;
      const copy = bytes.slice();
      const later = (): void => void send(from, to, copy, world.now, ttl);
      return this.deed(world, { from, to, bytes: copy, at: now }, later)
        ? send(from, to, bytes, now, ttl)
        : true;
    };
  }

  /** Finds who carried most since the last time, and lets it turn. */
  turn(deed: Deed | undefined): SimHost {
    const [most] = [...this.counts].sort((a, b) => b[1] - a[1]);
    if (most === undefined) throw new Error('nothing was relayed');
    this.host = most[0];
    this.deed = deed;
    this.count = 0;
    return this.host;
  }
}

/** Datagrams shorter than this are no data. */
const SHORT = 60;

const DEEDS: Record<string, () => Deed> = {
  'drops everything': () => () => false,
  'drops data, and lets pass what is short':
    () =>
    (_, { bytes }) =>
      bytes.length < SHORT,
  'drops nine of ten': () => {
    let n = 0;
    return () => n++ % 10 === 0;
  },
  'drops nine of ten that are not short': () => {
    let n = 0;
    return (_, { bytes }) => bytes.length < SHORT || n++ % 10 === 0;
  },
  'drops what goes to one side': () => {
    let victim: SocketAddress | undefined;
    return (_, { to }) => {
      victim ??= to;
      return !equalSocketAddress(victim, to);
    };
  },
  'delays everything by a second': () => (world, _, send) => {
    world.wire.schedule(1000, world.now, send);
    return false;
  },
};

for (const [name, deed] of Object.entries(DEEDS)) {
  t.test(`a relay that ${name} is left within two seconds`, async (t) => {
    const at = scene(name);
    const { world, alpha, bravo } = at;
    const carrier = new Carrier(at);
    let number = talk(at, 10_000, 0);
    carrier.turn(deed());
    const gaps = [new Gaps(world, alpha), new Gaps(world, bravo)];
    number = talk(at, LIMIT_MS, number);
    const before = carrier.count;
    const first = number;
    number = talk(at, 5000, number);
    for (const gap of gaps) t.ok(gap.end(world) <= LIMIT_MS, `${gap.longestMs} ms of silence`);
    for (const host of [alpha, bravo]) {
      const got = numbersReceived(host).filter((n) => n >= first).length;
      t.ok(got >= number - first - 5, `${host.name}: ${got} of ${number - first} afterwards`);
    }
    t.ok(
      carrier.count - before < (number - first) / 4,
      `${carrier.count - before} datagrams there afterwards`,
    );
  });
}

t.test('a relay that sends everything ten times over, and what is old once more, does no harm', async (t) => {
  const at = scene('replay');
  const { world, alpha, bravo } = at;
  const carrier = new Carrier(at);
  let number = talk(at, 5000, 0);
  const old: (() => void)[] = [];
  carrier.turn((_, __, send) => {
    for (let i = 0; i < 9; i++) send();
    old.push(send);
    if (old.length % 10 === 0) for (const again of old.slice(-100)) again();
    return true;
  });
  const first = number;
  number = talk(at, 5000, number);
  world.run(2000);
  for (const host of [alpha, bravo]) {
    const got = numbersReceived(host).filter((n) => n >= first);
    t.equal(new Set(got).size, got.length, 'nothing came twice');
    t.equal(got.length, number - first, 'and everything came');
  }
});
