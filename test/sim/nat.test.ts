// The NAT routers of the virtual world, in the words of RFC 4787.
import fc from 'fast-check';
import t from 'tap';
import {
  formatIp,
  formatSocketAddress,
  ipv4,
  parseSocketAddress,
  type SocketAddress,
} from '../../src/core/base/ip.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import type { NatOptions, NatTraits } from '../../src/sim/nat.ts';
import { NatBox } from '../../src/sim/nat.ts';
import { CLEAN_LINK, Network, type Wire } from '../../src/sim/network.ts';
import { pingOnce } from '../../src/sim/scenarios.ts';
import {
  expectation,
  meets,
  NAIVE_KINDS,
  NAT_KIND_NAMES,
  NAT_KINDS,
  NEIGHBOURHOODS,
  PLACE_NAMES,
  PLACES,
  pairs,
  punchesNaively,
  traitsOf,
} from '../reach/matrix.ts';
import { placeIn } from '../reach/world.ts';
import { makeWorld } from './traffic.ts';

interface Arrival {
  readonly from: string;
  readonly text: string;
}

/** A socket that keeps what comes. */
class Socket {
  readonly address: SocketAddress;
  readonly got: Arrival[] = [];
  private readonly lab: Lab;
  private readonly wire: Wire;

  constructor(lab: Lab, wire: Wire, address: SocketAddress) {
    this.lab = lab;
    this.wire = wire;
    this.address = address;
    wire.bind(address, (from, bytes) =>
      this.got.push({ from: formatSocketAddress(from), text: new TextDecoder().decode(bytes) }),
    );
  }

  /** Sends and waits until it arrived, wherever. */
  send(to: SocketAddress | string, text = '', ttl?: number): void {
    const target = typeof to === 'string' ? at(to) : to;
    this.wire.send(this.address, target, new TextEncoder().encode(text), this.lab.now, ttl);
    this.lab.settle();
  }

  /** What `remote` sees of this one. */
  seenBy(remote: Socket): string {
    this.send(remote.address, 'look');
    return remote.got.at(-1)?.from ?? '';
  }

  /** Whether what comes next from `from` arrives. */
  hears(from: Socket, to: SocketAddress | string, ttl?: number): boolean {
    const before = this.got.length;
    from.send(to, 'knock', ttl);
    return this.got.length > before;
  }
}

const at = (text: string): SocketAddress => parseSocketAddress(text) as SocketAddress;

class Lab {
  now = 0;
  readonly rng = seededRng('nat');
  readonly network = new Network(this.rng, CLEAN_LINK);
  private boxes = 0;

  /** Lets everything under way arrive. */
  settle(): void {
    while (this.network.nextAt < Number.POSITIVE_INFINITY) {
      this.now = Math.max(this.now, this.network.nextAt);
      this.network.deliver(this.now);
    }
  }

  remote(ip = '198.51.100.1', port = 5000): Socket {
    return new Socket(this, this.network, at(`${ip.includes(':') ? `[${ip}]` : ip}:${port}`));
  }

  box(traits: NatTraits, options: Partial<NatOptions> = {}, outer: NatBox | undefined = undefined): NatBox {
    const n = ++this.boxes;
    return new NatBox(outer ?? this.network, this.rng, {
      ...traits,
      address: outer?.freshAddress(0).ip ?? ipv4(203, 0, 113, n),
      inside: { ip: ipv4(192, 168, n, 0), bits: 120 },
      ...options,
    });
  }

  host(box: NatBox, port = 9376): Socket {
    return new Socket(this, box, box.freshAddress(port));
  }
}

const ORDINARY = NAT_KINDS.ordinary;

t.test('mapping, port allocation and filtering are as the kind says', async (t) => {
  for (const kind of NAT_KIND_NAMES) {
    const { mapping, filtering, ports } = NAT_KINDS[kind];
    const lab = new Lab();
    const box = lab.box(NAT_KINDS[kind]);
    const [east, east2] = [lab.remote(), lab.remote(undefined, 5001)];
    const west = lab.remote('198.51.100.2');
    const socket = lab.host(box);
    const outer = socket.seenBy(east);
    t.ok(outer.startsWith(`${formatIp(box.address)}:`), `${kind}: outer address`);
    t.equal(socket.seenBy(east), outer, `${kind}: the same remote sees the same mapping`);
    const [otherPort, otherAddress] = [socket.seenBy(east2), socket.seenBy(west)];
    t.equal(
      otherPort !== outer,
      mapping === 'address-and-port-dependent',
      `${kind}: mapping for another port`,
    );
    t.equal(
      otherAddress !== outer,
      mapping !== 'endpoint-independent',
      `${kind}: mapping for another address`,
    );
    t.equal(outer.endsWith(':9376'), ports === 'preserving', `${kind}: port preservation`);
    if (ports === 'sequential') t.equal(at(otherPort).port, at(outer).port + 1, `${kind}: step`);
    const quiet = lab.host(box, 7000);
    const hole = quiet.seenBy(east);
    t.ok(quiet.hears(east, hole), `${kind}: answers come in`);
    t.equal(
      quiet.hears(east2, hole),
      filtering !== 'address-and-port-dependent',
      `${kind}: filtering of another port`,
    );
    t.equal(
      quiet.hears(west, hole),
      filtering === 'endpoint-independent',
      `${kind}: filtering of another address`,
    );
  }
});

/** What happens at a router, one after the other. */
const steps = fc.array(
  fc.record({
    host: fc.nat(2),
    remote: fc.nat(5),
    isOut: fc.boolean(),
    waitMs: fc.constantFrom(0, 1000, 20_000, 29_000, 40_000),
  }),
  { maxLength: 40 },
);
const traits: fc.Arbitrary<NatTraits> = fc.record({
  mapping: fc.constantFrom('endpoint-independent', 'address-dependent', 'address-and-port-dependent'),
  filtering: fc.constantFrom('endpoint-independent', 'address-dependent', 'address-and-port-dependent'),
  ports: fc.constantFrom('preserving', 'sequential', 'random'),
  isPoisoned: fc.constant(false),
});

/** As much of a remote as `dependence` looks at. */
function part(dependence: NatTraits['mapping'], { address }: Socket): string {
  if (dependence === 'endpoint-independent') return '';
  return dependence === 'address-dependent' ? formatIp(address.ip) : formatSocketAddress(address);
}

t.test(
  'whatever happens, a living mapping stays as it is, belongs to one socket and lets in whom it should',
  async (t) => {
    fc.assert(
      fc.property(traits, steps, (kind, happening) => {
        const lab = new Lab();
        const box = lab.box(kind, { initialMs: 30_000, streamMs: 30_000 });
        const hosts = [0, 1, 2].map(() => lab.host(box));
        const remotes = [0, 1, 2, 3, 4, 5].map((n) =>
          lab.remote(`198.51.100.${1 + (n >> 1)}`, 5000 + (n & 1)),
        );
        // Written down as it happens: who had which mapping since when, and whom it was used for.
        const log: { host: Socket; remote: Socket; outer: string; at: number }[] = [];
        for (const { host: h, remote: r, isOut, waitMs } of happening) {
          lab.now += waitMs;
          const [host, remote] = [hosts[h] as Socket, remotes[r] as Socket];
          const alive = log.filter((entry) => lab.now - entry.at < 30_000);
          const same = alive.filter(
            (entry) => entry.host === host && part(kind.mapping, entry.remote) === part(kind.mapping, remote),
          );
          if (isOut) {
            const sentAt = lab.now;
            const outer = host.seenBy(remote);
            if (same.length > 0 && outer !== same.at(-1)?.outer) return false;
            if (alive.some((entry) => entry.host !== host && entry.outer === outer)) return false;
            log.push({ host, remote, outer, at: sentAt });
            continue;
          }
          const outer = log.findLast((entry) => entry.host === host)?.outer;
          if (outer === undefined) continue;
          // Some time passes on the way.
          const arrivalAt = lab.now + CLEAN_LINK.delayMs;
          const used = log.filter(
            (entry) => arrivalAt - entry.at < 30_000 && entry.host === host && entry.outer === outer,
          );
          const isWelcome = used.some(
            (entry) => part(kind.filtering, entry.remote) === part(kind.filtering, remote),
          );
          if (host.hears(remote, outer) !== isWelcome) return false;
        }
        return true;
      }),
      { numRuns: 300 },
    );
    t.pass();
  },
);

t.test('outbound refresh keeps a mapping, inbound refresh only where there is such a thing', async (t) => {
  for (const refreshesInbound of [false, true]) {
    const lab = new Lab();
    const box = lab.box(ORDINARY, { initialMs: 30_000, streamMs: 60_000, refreshesInbound });
    const [remote, host] = [lab.remote(), lab.host(box)];
    const hole = host.seenBy(remote);
    lab.now += 29_000;
    t.ok(host.hears(remote, hole));
    lab.now += 29_000;
    t.equal(host.hears(remote, hole), refreshesInbound);
    host.seenBy(remote);
    t.ok(host.hears(remote, hole));
    host.seenBy(remote);
    lab.now += 59_000;
    t.ok(host.hears(remote, hole), 'longer, since it was answered');
    host.seenBy(remote);
    lab.now += 59_000;
    host.seenBy(remote);
    lab.now += 59_000;
    t.ok(host.hears(remote, hole));
    lab.now += 61_000;
    t.notOk(host.hears(remote, hole));
    t.same(box.mappingsAt(lab.now), []);
  }
});

t.test('hairpinning shows the outer address', async (t) => {
  for (const hairpin of [true, false]) {
    const lab = new Lab();
    const box = lab.box(ORDINARY, { hairpin });
    const [remote, a, b] = [lab.remote(), lab.host(box), lab.host(box)];
    const [holeA, holeB] = [a.seenBy(remote), b.seenBy(remote)];
    t.equal(b.hears(a, holeB), hairpin);
    if (hairpin) t.equal(b.got.at(-1)?.from, holeA);
    t.ok(b.hears(a, b.address), 'the LAN is not its business');
    t.equal(b.got.at(-1)?.from, formatSocketAddress(a.address));
  }
});

t.test('a port that is taken is not preserved, and random ports are', async (t) => {
  const lab = new Lab();
  const box = lab.box(ORDINARY);
  const [remote, a, b] = [lab.remote(), lab.host(box), lab.host(box)];
  t.equal(at(a.seenBy(remote)).port, 9376);
  t.not(at(b.seenBy(remote)).port, 9376);
  const stepping = lab.box(NAT_KINDS['symmetric-predictable'], { step: 3 });
  const c = lab.host(stepping);
  const first = at(c.seenBy(remote)).port;
  t.equal(at(c.seenBy(lab.remote('198.51.100.9'))).port, first + 3);
});

t.test('a datagram dies when its TTL is used up, and has opened the routers that it passed', async (t) => {
  const lab = new Lab();
  const box = lab.box(ORDINARY);
  const [remote, host] = [lab.remote(), lab.host(box)];
  const hole = { ip: box.address, port: 9376 };
  t.notOk(remote.hears(host, remote.address, 1), 'at the own router');
  t.notOk(host.hears(remote, hole), 'which stays shut');
  t.notOk(remote.hears(host, remote.address, 1 + CLEAN_LINK.hops), 'on the way');
  t.ok(host.hears(remote, hole));
  t.ok(remote.hears(host, remote.address, 2 + CLEAN_LINK.hops));
  t.notOk(host.hears(remote, hole, 1 + CLEAN_LINK.hops), 'before the far router');
  t.ok(host.hears(remote, hole, 2 + CLEAN_LINK.hops));
});

t.test('a badly firewalled router gives the port to whom knocked first', async (t) => {
  const lab = new Lab();
  const box = lab.box(NAT_KINDS['badly-firewalled'], { initialMs: 30_000 });
  const [early, other, host] = [lab.remote(), lab.remote('198.51.100.2'), lab.host(box)];
  t.notOk(host.hears(early, { ip: box.address, port: 9376 }));
  t.equal(at(host.seenBy(other)).port, 9376);
  const elsewhere = host.seenBy(early);
  t.not(at(elsewhere).port, 9376);
  t.equal(host.seenBy(early), elsewhere, 'consistently');
  t.ok(host.hears(early, elsewhere));
  lab.now += 31_000;
  t.equal(at(host.seenBy(early)).port, 9376, 'until it is forgotten');
});

t.test('a reboot empties the tables', async (t) => {
  const lab = new Lab();
  const box = lab.box(NAT_KINDS['full-cone']);
  const [remote, host] = [lab.remote(), lab.host(box)];
  const hole = host.seenBy(remote);
  t.ok(host.hears(remote, hole));
  box.reboot();
  t.notOk(host.hears(remote, hole));
  t.equal(host.seenBy(remote), hole);
  t.ok(host.hears(remote, hole));
});

t.test('behind two NATs the outer one decides what is seen, and both filter', async (t) => {
  const lab = new Lab();
  const provider = lab.box(NAT_KINDS['symmetric-random'], { hairpin: true });
  const [homeA, homeB] = [0, 1].map(() => lab.box(NAT_KINDS['full-cone'], {}, provider)) as [NatBox, NatBox];
  const [remote, stranger] = [lab.remote(), lab.remote('198.51.100.2')];
  const [a, b] = [lab.host(homeA), lab.host(homeB)];
  const hole = a.seenBy(remote);
  t.ok(hole.startsWith(formatIp(provider.address)));
  t.not(a.seenBy(stranger), hole);
  t.ok(a.hears(remote, hole));
  t.notOk(a.hears(stranger, hole));
  b.seenBy(remote);
  t.ok(a.hears(b, hole), 'the provider turns it back, unfiltered');
  t.ok(a.got.at(-1)?.from.startsWith(formatIp(provider.address)));
  homeA.isUdpBlocked = true;
  t.notOk(a.hears(remote, hole));
});

t.test('where UDP is blocked nothing passes, either way', async (t) => {
  const lab = new Lab();
  const box = lab.box(ORDINARY, { isUdpBlocked: true });
  const [remote, host] = [lab.remote(), lab.host(box)];
  t.equal(host.seenBy(remote), '');
  box.isUdpBlocked = false;
  const hole = host.seenBy(remote);
  box.isUdpBlocked = true;
  t.notOk(host.hears(remote, hole));
});

t.test('addresses of IPv6 stay as they are, and only answers come in', async (t) => {
  const lab = new Lab();
  const box = lab.box(NAT_KINDS['symmetric-random'], { initialMs: 20_000 });
  const [remote, stranger] = [lab.remote('2001:db8::1'), lab.remote('2001:db8::1', 5001)];
  const [host, mate] = [2, 3].map((n) => new Socket(lab, box, at(`[2001:db8:1::${n}]:9376`))) as [
    Socket,
    Socket,
  ];
  t.notOk(host.hears(remote, host.address));
  t.equal(host.seenBy(remote), '[2001:db8:1::2]:9376');
  t.ok(host.hears(remote, host.address));
  t.notOk(host.hears(stranger, host.address));
  t.ok(mate.hears(host, mate.address), 'but for the LAN');
  lab.now += 21_000;
  t.notOk(host.hears(remote, host.address));
});

/** Both send to where a third sees the other, the second after the first, and answer where something comes from. */
function punch(first: NatTraits, second: NatTraits, ttl?: number): boolean {
  const lab = new Lab();
  const remote = lab.remote();
  const [a, b] = [lab.host(lab.box(first)), lab.host(lab.box(second))];
  const [holeA, holeB] = [a.seenBy(remote), b.seenBy(remote)];
  for (let round = 0; round < 5; round++) {
    a.send(a.got.at(-1)?.from ?? holeB, 'punch', round === 0 ? ttl : undefined);
    b.send(b.got.at(-1)?.from ?? holeA, 'punch', round === 0 ? ttl : undefined);
  }
  return a.got.length > 0 && b.got.length > 0;
}

t.test('naive punching reaches whom the table says, and a low TTL spares bad firewalls', async (t) => {
  for (const first of NAIVE_KINDS) {
    for (const second of NAIVE_KINDS) {
      t.equal(
        punch(NAT_KINDS[first], NAT_KINDS[second]),
        punchesNaively(first, second),
        `${first}, then ${second}`,
      );
    }
  }
  const bad = NAT_KINDS['badly-firewalled'];
  t.ok(punch(ORDINARY, bad, 5));
  t.ok(punch(bad, bad, 5));
});

t.test(
  'a router that takes ports for its own: the next flows leave from the port found instead',
  async (t) => {
    for (const kind of ['badly-firewalled', 'ordinary'] as const) {
      const isMoved = kind === 'badly-firewalled';
      const lab = new Lab();
      const box = lab.box(NAT_KINDS[kind]);
      const [first, knocker, last] = [1, 2, 3].map((n) => lab.remote(`198.51.100.${n}`)) as [
        Socket,
        Socket,
        Socket,
      ];
      const socket = lab.host(box);
      const hole = socket.seenBy(first);
      t.notOk(socket.hears(knocker, hole));
      const moved = socket.seenBy(knocker);
      t.equal(moved !== hole, isMoved, kind);
      t.ok(socket.hears(knocker, moved));
      t.equal(socket.seenBy(last), moved, 'whoever comes later sees it too');
      t.equal(socket.seenBy(first), hole, 'a flow keeps its port');
      t.ok(lab.host(box, 7000).seenBy(knocker).endsWith(':7000'), 'and another socket is not concerned');
    }
  },
);

t.test('who is reached naively is expected to be reached, and nobody in vain', async (t) => {
  for (const first of NAIVE_KINDS) {
    for (const second of NAIVE_KINDS) {
      const { outcome } = expectation({ nat: first }, { nat: second });
      t.notOk(outcome === 'relayed' && punchesNaively(first, second), `${first} and ${second}`);
    }
  }
  for (const [a, b] of pairs()) t.same(expectation(PLACES[a], PLACES[b]), expectation(PLACES[b], PLACES[a]));
  const outcome = (a: keyof typeof PLACES, b: keyof typeof PLACES): unknown =>
    expectation(PLACES[a], PLACES[b]);
  t.same(outcome('public', 'symmetric-random'), { outcome: 'direct', isHard: false });
  t.same(outcome('ordinary', 'badly-firewalled'), { outcome: 'punched', isHard: false });
  t.same(outcome('cgnat', 'symmetric-random'), { outcome: 'punched', isHard: true });
  t.same(outcome('address-restricted', 'symmetric-random'), { outcome: 'punched', isHard: false });
  t.same(outcome('symmetric-predictable', 'symmetric-predictable'), { outcome: 'punched', isHard: true });
  t.same(outcome('symmetric-predictable', 'address-dependent'), { outcome: 'relayed', isHard: false });
  t.same(outcome('ipv6-stateful', 'ipv6-stateful'), { outcome: 'punched', isHard: false });
  t.same(outcome('public', 'udp-blocked'), { outcome: 'relayed', isHard: false });
  t.ok(meets('relayed', 'punched') && meets('punched', 'direct') && !meets('direct', 'relayed'));
  t.match(traitsOf({ nat: 'ordinary', cgnat: 'symmetric-random' }), { ports: 'random' });
});

t.test('neighbours punch naively where their provider turns them back, or share a LAN', async (t) => {
  const lab = new Lab();
  const remote = lab.remote();
  for (const [name, { shared, nat, hairpin, outcome, ...rest }] of Object.entries(NEIGHBOURHOODS)) {
    const outer = lab.box(NAT_KINDS['cgnat' in rest ? rest.cgnat : nat], { hairpin });
    const routers = [0, 1].map(() => (shared === 'lan' ? outer : lab.box(NAT_KINDS[nat], {}, outer)));
    const [a, b] = routers.map((router) => lab.host(router)) as [Socket, Socket];
    const [toA, toB] = [a, b].map((socket) =>
      shared === 'lan' ? formatSocketAddress(socket.address) : socket.seenBy(remote),
    ) as [string, string];
    a.send(toB);
    b.send(toA);
    a.send(toB);
    t.equal(a.got.length > 0 && b.got.length > 0, outcome !== 'relayed', name);
  }
});

t.test('nodes in every place talk to a public one, unless UDP is blocked', async (t) => {
  const world = makeWorld({ seed: 'home' });
  const acme = world.organisation('acme');
  const server = world.member('server', acme, { isSigner: true, hasIpv6: true });
  for (const name of PLACE_NAMES) {
    const place = placeIn(world, PLACES[name]);
    const host = world.member(name, acme, { ...place, knows: [server] });
    const isBlocked = name === 'udp-blocked';
    t.equal(pingOnce(world, host, server) === undefined, isBlocked, name);
    if (place.behind !== undefined) t.equal(place.behind.counts.received > 0, !isBlocked);
  }
});
