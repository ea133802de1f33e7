/** What the NAT routers of the laboratory do, told by UDP sockets on both sides of them. The words are those of RFC 4787. */
import t from 'tap';
import {
  NAIVE_KINDS,
  NAT_KIND_NAMES,
  NAT_KINDS,
  type NatKind,
  NEIGHBOURHOODS,
  punchesNaively,
} from '../reach/matrix.ts';
import { Lab, needsLab, until } from './lab.ts';
import { Internet, type NatBox, type NatOptions, type Site } from './nat.ts';
import { type Endpoint, type ProbeSocket, Probes } from './probe.ts';

needsLab(t);

const lab = new Lab();
t.teardown(() => lab.close());
const internet = new Internet(lab);
const probes = await Probes.start(lab);
const [eastHost, westHost] = [await internet.publicHost('east'), await internet.publicHost('west')];
// Two sockets at one address, one at another.
const east = await probes.open(eastHost.host, eastHost.address);
const east2 = await probes.open(eastHost.host, eastHost.address);
const west = await probes.open(westHost.host, westHost.address);

interface Home {
  readonly box: NatBox;
  readonly site: Site;
}

let homes = 0;
async function home(kind: NatKind, options: Partial<NatOptions> = {}): Promise<Home> {
  const box = await internet.nat(`home${++homes}`, { ...options, kind });
  return { box, site: box.site(`host${homes}`) };
}

const open = ({ host, address }: Site, port?: number): Promise<ProbeSocket> =>
  probes.open(host, address, port);

let words = 0;
const word = (): string => `w${++words}`;

/** What `to` sees of `from`. */
async function seen(from: ProbeSocket, to: ProbeSocket): Promise<Endpoint> {
  const hello = word();
  await from.send(to, hello);
  return (await to.take(hello)).from;
}

/** Something gets from `from` to `socket`, through the same wires as everything that was sent before. */
async function passes(from: ProbeSocket, to: Endpoint, socket: ProbeSocket): Promise<void> {
  const sign = word();
  await from.send(to, sign);
  await socket.take(sign);
}

/** Whether what `from` sends to `to` gets to `socket`, to which `friend` is let through. */
async function arrives(
  from: ProbeSocket,
  to: Endpoint,
  socket: ProbeSocket,
  friend: () => Promise<unknown>,
): Promise<boolean> {
  const probe = word();
  await from.send(to, probe);
  await friend();
  return socket.arrived.some((arrival) => arrival.word === probe);
}

const homeOf = new Map<NatKind, Home>();
for (const kind of NAT_KIND_NAMES) homeOf.set(kind, await home(kind));

t.test('mapping, port allocation and filtering are as the kind says', async (t) => {
  for (const kind of NAT_KIND_NAMES) {
    const { mapping, filtering, ports } = NAT_KINDS[kind];
    const { box, site } = homeOf.get(kind)!;
    const socket = await open(site);
    const outer = await seen(socket, east);
    const again = await seen(socket, east);
    const otherPort = await seen(socket, east2);
    const otherAddress = await seen(socket, west);
    t.equal(outer.address, box.publicAddress, `${kind}: outer address`);
    t.same(again, outer, `${kind}: the same remote sees the same mapping`);
    const dependsOnPort = mapping === 'address-and-port-dependent';
    t.equal(otherPort.port !== outer.port, dependsOnPort, `${kind}: mapping for another port`);
    const dependsOnAddress = mapping !== 'endpoint-independent';
    t.equal(otherAddress.port !== outer.port, dependsOnAddress, `${kind}: mapping for another address`);
    t.equal(outer.port === socket.port, ports === 'preserving', `${kind}: port preservation`);
    if (ports === 'sequential') {
      t.same([otherPort.port, otherAddress.port], [outer.port + 1, outer.port + 2], `${kind}: step`);
    }
    // Another socket, of which only one remote port knows.
    const quiet = await open(site);
    const hole = await seen(quiet, east);
    const friend = (): Promise<void> => passes(east, hole, quiet);
    t.equal(
      await arrives(east2, hole, quiet, friend),
      filtering !== 'address-and-port-dependent',
      `${kind}: filtering of another port`,
    );
    t.equal(
      await arrives(west, hole, quiet, friend),
      filtering === 'endpoint-independent',
      `${kind}: filtering of another address`,
    );
    const isListed = box
      .mappings()
      .some(
        ({ address, port, outerPort }) =>
          address === site.address && port === quiet.port && outerPort === hole.port,
      );
    t.ok(isListed, `${kind}: the mapping is listed`);
  }
});

/** Both send to where a third sees the other, the second after the first, and answer where something comes from. */
async function punch(first: Home, second: Home, ttl = 64): Promise<boolean> {
  const [a, b] = await Promise.all([open(first.site), open(second.site)]);
  const [holeA, holeB] = await Promise.all([seen(a, east), seen(b, east)]);
  for (let round = 0; round < 4; round++) {
    const options = { ttl: round === 0 ? ttl : 64 };
    // One after the other, in this order.
    await Promise.all([
      a.send(a.arrived.at(-1)?.from ?? holeB, 'punch', options),
      b.send(b.arrived.at(-1)?.from ?? holeA, 'punch', options),
      passes(east, holeA, a),
      passes(east, holeB, b),
    ]);
  }
  await Promise.all([a.close(), b.close()]);
  return a.arrived.length > 0 && b.arrived.length > 0;
}

t.test('naive punching reaches whom the table says', async (t) => {
  const others = new Map<NatKind, Home>();
  for (const kind of NAIVE_KINDS) others.set(kind, await home(kind));
  for (const first of NAIVE_KINDS) {
    for (const second of NAIVE_KINDS) {
      const got = await punch(homeOf.get(first)!, others.get(second)!);
      t.equal(got, punchesNaively(first, second), `${first}, then ${second}`);
    }
  }
  // What dies on the way opens the sender's NAT without spoiling the other's.
  const bad = others.get('badly-firewalled')!;
  for (const kind of ['ordinary', 'badly-firewalled'] as const)
    t.ok(await punch(homeOf.get(kind)!, bad, 5), `${kind}, then badly-firewalled, with a low TTL first`);
});

t.test(
  'a router that takes ports for its own: the next flows leave from the port found instead',
  async (t) => {
    for (const kind of ['badly-firewalled', 'ordinary'] as const) {
      const isMoved = kind === 'badly-firewalled';
      const { site } = homeOf.get(kind)!;
      const socket = await open(site);
      const hole = await seen(socket, east);
      t.notOk(await arrives(east2, hole, socket, () => passes(east, hole, socket)));
      const moved = await seen(socket, east2);
      t.equal(moved.port !== hole.port, isMoved, kind);
      t.same(await seen(socket, west), moved, 'whoever comes later sees it too');
      t.same(await seen(socket, east), hole, 'a flow keeps its port');
      const other = await open(site);
      t.equal((await seen(other, east2)).port, other.port, 'and another socket is not concerned');
    }
  },
);

t.test('a datagram dies when its TTL is used up, and has opened the routers that it passed', async (t) => {
  const { box, site } = await home('port-restricted');
  const socket = await open(site);
  const hole = { address: box.publicAddress, port: socket.port };
  const friend = await open(site);
  const dies = async (ttl: number): Promise<boolean> => {
    const probe = word();
    await socket.send(east, probe, { ttl });
    await seen(friend, east);
    return !east.arrived.some((arrival) => arrival.word === probe);
  };
  t.ok(await dies(1), 'at the own router');
  t.notOk(await arrives(east, hole, socket, () => seen(friend, east)), 'which stays shut');
  t.ok(await dies(9), 'in the core');
  await passes(east, hole, socket);
  t.notOk(await dies(10));
});

t.test('hosts with the same port get one mapping each, whoever the remote', async (t) => {
  const { box, site } = await home('port-restricted');
  const hosts = [site, box.site('second'), box.site('third')];
  const sockets = await Promise.all(hosts.map((host) => open(host, 9376)));
  const outer: number[] = [];
  for (const socket of sockets) {
    const { port } = await seen(socket, east);
    outer.push(port);
    t.equal((await seen(socket, west)).port, port);
  }
  t.equal(new Set(outer).size, 3);
  t.equal(outer[0], 9376);
  t.equal(box.mappings().length, 3);
});

t.test('hairpinning, where there is any, shows the outer address', async (t) => {
  for (const hairpin of [true, false]) {
    for (const kind of ['full-cone', 'ordinary'] as const) {
      const { box, site } = await home(kind, { hairpin });
      const [a, b] = [await open(site), await open(box.site(`${kind}-${hairpin}`))];
      const [holeA, holeB] = [await seen(a, east), await seen(b, east)];
      const friend = (): Promise<void> => passes(east, holeB, b);
      t.equal(await arrives(a, holeB, b, friend), hairpin, `${kind}: ${hairpin}`);
      if (hairpin) t.same(b.arrived[0]?.from, holeA);
    }
  }
});

t.test('mappings end some time after the last datagram out, and live longer once answered', async (t) => {
  const { box, site } = await home('symmetric-predictable', { timeouts: { initial: 1, stream: 100 } });
  const [answered, silent] = [await open(site), await open(site)];
  const kept = await until('an answer comes in time', async () => {
    const outer = await seen(answered, east);
    const sign = word();
    await east.send(outer, sign);
    await seen(answered, east);
    return answered.arrived.some((arrival) => arrival.word === sign) ? outer : undefined;
  });
  const lost = await seen(silent, east);
  const has = (outer: Endpoint): boolean => box.mappings().some(({ outerPort }) => outerPort === outer.port);
  await until('the mapping is forgotten', () => !has(lost));
  t.ok(has(kept));
  const friend = await open(site);
  t.notOk(await arrives(east, lost, silent, () => seen(friend, east)), 'it lets nothing in');
  t.not((await seen(silent, east)).port, lost.port, 'the next is another');
});

t.test('a reboot empties the tables', async (t) => {
  const { box, site } = await home('full-cone');
  const [socket, friend] = [await open(site), await open(site)];
  const hole = await seen(socket, east);
  await passes(west, hole, socket);
  await passes(east, hole, socket);
  box.reboot();
  t.same(box.mappings(), []);
  const shut = async (remote: ProbeSocket): Promise<boolean> =>
    !(await arrives(remote, hole, socket, () => seen(friend, remote)));
  t.ok(await shut(west), 'for strangers');
  t.ok(await shut(east), 'for those who were talking');
  t.same(await seen(socket, east), hole);
  await passes(west, hole, socket);
});

t.test('UDP is blocked and opened again', async (t) => {
  const { box, site } = await home('ordinary', { udp: 'blocked' });
  const socket = await open(site);
  const gets = async (): Promise<boolean> => {
    const probe = word();
    await socket.send(east, probe);
    return box.counts().sent > 0;
  };
  t.notOk(await gets());
  t.match(site.host.must(['ping', '-c', '1', '-W', '10', eastHost.address]), /1 received/, 'the rest passes');
  box.setUdp('open');
  const hole = await seen(socket, east);
  await passes(east, hole, socket);
  box.setUdp('blocked');
  await east.send(hole, 'late');
  box.setUdp('open');
  await passes(east, hole, socket);
  t.notOk(socket.arrived.some((arrival) => arrival.word === 'late'));
});

t.test('with IPv6 hosts have addresses of their own behind a firewall', async (t) => {
  const six = await internet.publicHost('six', { ipv6: 'open' });
  const { site } = await home('symmetric-random', { ipv6: 'stateful', cgnat: 'ordinary' });
  const inner = await probes.open(site.host, site.address6!);
  const [known, stranger] = [
    await probes.open(six.host, six.address6!),
    await probes.open(six.host, six.address6!),
  ];
  const isUp = (): boolean => site.host.run(['ping', '-c', '1', '-W', '1', six.address6!]).status === 0;
  await until('neighbours are found', () => isUp(), 60_000);
  const from = await seen(inner, known);
  t.same(from, { address: site.address6, port: inner.port });
  t.notOk(await arrives(stranger, from, inner, () => passes(known, from, inner)), 'no stranger gets in');
});

t.test('behind the NAT of a provider hosts look as it says, and meet where it turns them back', async (t) => {
  for (const [name, neighbourhood] of Object.entries(NEIGHBOURHOODS)) {
    const names = [`one${homes}`, `other${homes++}`] as const;
    const sites = await internet.neighbours(names, neighbourhood);
    const [a, b] = await Promise.all([open(sites[0], 9376), open(sites[1], 9376)]);
    const [holeA, holeB] = await Promise.all([seen(a, east), seen(b, east)]);
    t.equal(holeA.address, holeB.address, `${name}: one public address`);
    t.not(holeA.port, holeB.port, `${name}: two ports`);
    const isLan = neighbourhood.shared === 'lan';
    for (let round = 0; round < 3; round++) {
      await Promise.all([
        a.send(isLan ? b : holeB, 'punch'),
        b.send(isLan ? a : holeA, 'punch'),
        passes(east, holeA, a),
        passes(east, holeB, b),
      ]);
    }
    const met = a.arrived.length > 0 && b.arrived.length > 0;
    t.equal(met, neighbourhood.outcome !== 'relayed', `${name}: they meet`);
  }
});

t.test('a narrow wire is spoken of, unless ICMP is blocked', async (t) => {
  const narrow = await home('ordinary', { mtu: 1280 });
  const socket = await open(narrow.site);
  const hole = await seen(socket, east);
  const big = { bytes: 1400 };
  await until('the sender hears of it', async () => (await east.send(hole, 'big', big)) !== 0);
  await until('so does the inner one', async () => (await socket.send(east, 'big', big)) !== 0);

  const silent = new Internet(lab, { name: 'silent', icmp: 'blocked' });
  const far = await silent.publicHost('far');
  const box = await silent.nat('mute', { kind: 'ordinary', mtu: 1280, icmp: 'blocked' });
  const [inner, outer] = [await open(box.site('muted')), await open(far)];
  const there = await seen(inner, outer);
  for (let i = 0; i < 3; i++) {
    t.equal(await outer.send(there, 'big', big), 0);
    t.equal(await inner.send(outer, 'big', big), 0);
    await passes(outer, there, inner);
    await passes(inner, outer, outer);
  }
  t.notOk([...inner.arrived, ...outer.arrived].some((arrival) => arrival.word === 'big'));
});

t.test('the link emulator sits in the wire between the NAT and the core, which can be cut', async (t) => {
  const { box, site } = await home('ordinary', { link: { delayUs: 20_000 } });
  const socket = await open(site);
  const before = performance.now();
  const hole = await seen(socket, east);
  await passes(east, hole, socket);
  t.ok(performance.now() - before >= 40);
  internet.cut(box.publicAddress, eastHost.address);
  await socket.send(east, 'cut');
  await seen(socket, west);
  t.notOk(east.arrived.some((arrival) => arrival.word === 'cut'));
  internet.mend();
  await seen(socket, east);
});

t.test('a host with two uplinks is seen at the other one when the first goes down', async (t) => {
  const [first, second] = [await home('ordinary'), await internet.nat('uplink', { kind: 'full-cone' })];
  const { device } = await internet.plug(first.site.host, second, { metric: 200 });
  const socket = await probes.open(first.site.host, '0.0.0.0');
  t.equal((await seen(socket, east)).address, first.box.publicAddress);
  const [gone] = JSON.parse(first.site.host.ip('-j', 'route', 'get', eastHost.address));
  first.site.host.ip('link', 'set', gone.dev, 'down');
  t.not(gone.dev, device);
  t.equal((await seen(socket, east)).address, second.publicAddress);
});
