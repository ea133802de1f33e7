/**
 * Where packets for own endpoints go, in real kernels: `gateway` has the interface mcc0 (the end of a wire here, whose other end
 * `peer` stands for everything that the tunnel decrypts), programs of its own, and a LAN with devices that know nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t, { type Test } from 'tap';
import { Capture } from './capture.ts';
import { type Host, Lab, needsLab, type Running, until } from './lab.ts';

needsLab(t);

const PROGRAM = resolve(import.meta.dirname, 'programs/endpoints.ts');

/** Virtual addresses of a service, by its number. */
const at = (number: number): { alias4: string; address6: string } => ({
  alias4: `100.71.5.${number}`,
  address6: `fd01:2:3::${number}`,
});

const WEB = { name: 'web', ...at(1), protocol: 'tcp', port: 80 };
const DATABASE = { name: 'db', ...at(2), protocol: 'tcp', port: 5432, target: '127.0.0.1:5432' };
const CAMERA = { name: 'cam', ...at(3), protocol: 'tcp', port: 8554, target: '192.168.9.50:554' };
const METER = { name: 'meter', ...at(4), protocol: 'udp', port: 502, target: '192.168.9.50:1502' };
const CLOCK = { name: 'clock', ...at(5), protocol: 'udp', port: 123 };
const ALL = [WEB, DATABASE, CAMERA, METER, CLOCK];
const RESOLVER = { alias4: '100.71.0.53', address6: 'fd01:2:3::53', tcpPort4: 5353, tcpPort6: 5353 };

/** The hosts, their programs, and the plumbing on the gateway. */
class World {
  readonly lab = new Lab();
  readonly peer = this.lab.host('peer');
  readonly gateway = this.lab.host('gateway');
  readonly device = this.lab.host('device');
  readonly other = this.lab.host('other');
  readonly stateFile = join(this.lab.folder, 'settings.json');
  #plumbing: Running | undefined;
  #lines = 0;

  static async make(t: Test): Promise<World> {
    const world = new World();
    t.teardown(() => world.lab.close());
    const { lab, peer, gateway, device, other } = world;
    const wire = (a: Host, nameA: string, addressesA: string[], b: Host, addressesB: string[]): void => {
      const [made, far] = lab.wire(a, [], b, addressesB);
      a.ip('link', 'set', made, 'down');
      a.ip('link', 'set', made, 'name', nameA);
      a.ip('link', 'set', nameA, 'up');
      for (const address of addressesA) {
        a.ip('address', 'add', address, 'dev', nameA, ...(address.includes(':') ? ['nodad'] : []));
      }
      b.ip('link', 'set', far, 'up');
    };
    wire(gateway, 'mcc0', ['100.71.0.1/16', 'fd01:2:3::a1/48', 'fe80::1/64'], peer, ['100.71.0.2/24']);
    // The peer holds the ranges as the tunnel does: everything in them leads to the gateway.
    peer.ip('route', 'add', '100.71.0.0/16', 'via', '100.71.0.1');
    peer.ip('address', 'add', 'fd01:2:3:1::2/128', 'dev', 'up0b', 'nodad');
    peer.ip('route', 'add', 'fd01:2:3::/48', 'via', 'fe80::1', 'dev', 'up0b');
    wire(gateway, 'lan0', ['192.168.9.1/24'], device, ['192.168.9.50/24']);
    peer.ip('route', 'add', '192.168.0.0/16', 'via', '100.71.0.1');
    wire(gateway, 'lan1', ['192.168.8.1/24'], other, ['192.168.8.60/24']);
    device.ip('route', 'add', 'default', 'via', '192.168.9.1');
    other.ip('route', 'add', 'default', 'via', '192.168.8.1');
    await listen(peer, 'tcp6-listen:7000,fork,reuseaddr,ipv6-v6only=0', 'peer');
    for (const [host, port] of [
      [device, 554],
      [device, 22],
      [device, 80],
      [other, 554],
    ] as const) {
      await listen(host, `tcp-listen:${port},fork,reuseaddr`, `device ${port}`);
    }
    await answer(device, 1502, 'meter');
    for (const [port, what] of [
      [80, 'web'],
      [22, 'ssh'],
    ] as const) {
      await listen(gateway, `tcp6-listen:${port},fork,reuseaddr,ipv6-v6only=0`, what);
    }
    await listen(gateway, 'tcp-listen:5432,bind=127.0.0.1,fork,reuseaddr', 'db');
    await listen(gateway, 'tcp-listen:2222,bind=127.0.0.1,fork,reuseaddr', 'secret');
    await listen(gateway, 'tcp-listen:5353,bind=127.0.0.1,fork,reuseaddr', 'dns4');
    await listen(gateway, 'tcp6-listen:5353,bind=[::1],fork,reuseaddr', 'dns6');
    await answer(gateway, 123, 'clock');
    return world;
  }

  /** `launcher`: words in front of its command line. */
  async start(...launcher: string[]): Promise<void> {
    const words = [process.execPath, PROGRAM, 'mcc0', this.stateFile, '100.71.0.1', 'fd01:2:3::a1'];
    this.#plumbing = this.gateway.start([...launcher, ...words]);
    this.#lines = 0;
    await this.#plumbing.waitFor(/mended/);
  }

  /** Hands it a line and returns the problems that it told. */
  async tell(line: object): Promise<{ name?: string; code: string }[]> {
    const plumbing = this.#plumbing as Running;
    plumbing.process.stdin?.write(`${JSON.stringify(line)}\n`);
    this.#lines++;
    return JSON.parse((await plumbing.line('done', this.#lines)).slice(5));
  }

  async close(): Promise<void> {
    const plumbing = this.#plumbing as Running;
    plumbing.process.stdin?.end();
    await plumbing.ended();
  }

  async kill(): Promise<void> {
    await this.#plumbing?.stop('SIGKILL');
  }

  /** Everything that the plumbing may change. */
  state(): string {
    const addresses = this.gateway
      .ip('-o', 'address', 'show')
      .replace(/tentative|valid_lft.*/g, '')
      .replace(/ +/g, ' ');
    const settings = this.gateway
      .must(['sysctl', '-a', '--pattern', 'conf.*(forwarding|route_localnet)'])
      .split('\n')
      .sort();
    return [addresses, settings.join('\n'), this.gateway.must(['nft', 'list', 'ruleset'])].join('\n');
  }
}

/** A UDP server as most are: it listens on all addresses, and lets the kernel choose the one it answers from. */
const SERVER = `
import socket, sys
server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.bind(("::", int(sys.argv[1])))
print("ready", flush=True)
while True: server.sendto(sys.argv[2].encode(), server.recvfrom(2048)[1])`;

async function answer(host: Host, port: number, text: string): Promise<void> {
  await host.start(['python3', '-c', SERVER, String(port), text]).waitFor(/ready/);
}

async function listen(host: Host, address: string, answer: string): Promise<void> {
  const port = /:(\d+)/.exec(address)?.[1];
  host.start(['socat', address, `system:echo ${answer}`]);
  await until(`${answer} listens`, () =>
    host.must(['ss', '-lntH', `sport = :${port}`]) === '' ? undefined : true,
  );
}

/** What a program on `host` reads from there; '' when nobody answers. */
function ask(host: Host, ip: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): string {
  const target = ip.includes(':') ? `[${ip}]` : ip;
  const way = protocol === 'tcp' ? `tcp:${target}:${port},connect-timeout=0.4` : `udp:${target}:${port}`;
  return host
    .run(['socat', '-t0.4', '-T0.4', '-', way], { input: protocol === 'udp' ? '?\n' : '' })
    .stdout.trim();
}

t.test('what a peer reaches behind the endpoints of a gateway', async (t) => {
  const world = await World.make(t);
  const { peer, gateway } = world;
  const before = world.state();
  await world.start();
  t.same(await world.tell({ plans: ALL, resolver: RESOLVER }), []);

  await t.test('every declared target, and programs of the gateway itself too', async (t) => {
    t.equal(ask(peer, WEB.alias4, 80), 'web');
    t.equal(ask(peer, WEB.address6, 80), 'web');
    for (const host of [peer, gateway]) {
      t.equal(ask(host, DATABASE.alias4, 5432), 'db', `127.0.0.1, from ${host.name}`);
      t.equal(ask(host, CAMERA.alias4, 8554), 'device 554', `a device, from ${host.name}`);
      t.equal(ask(host, METER.alias4, 502, 'udp'), 'meter', `a device by UDP, from ${host.name}`);
      t.equal(ask(host, CLOCK.alias4, 123, 'udp'), 'clock', `UDP, from ${host.name}`);
      t.equal(ask(host, CLOCK.address6, 123, 'udp'), 'clock', `UDP over IPv6, from ${host.name}`);
    }
  });

  await t.test('the TCP half of the resolver by programs of the host alone', async (t) => {
    t.equal(ask(gateway, RESOLVER.alias4, 53), 'dns4');
    t.equal(ask(gateway, RESOLVER.address6, 53), 'dns6');
    t.equal(ask(peer, RESOLVER.alias4, 53), '');
    t.equal(ask(peer, RESOLVER.address6, 53), '');
  });

  await t.test('nothing else of 127.0.0.1', async (t) => {
    for (const port of [22, 80, 2222, 5353]) t.equal(ask(peer, DATABASE.alias4, port), '', `port ${port}`);
    peer.must(['sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1']);
    // As a forged packet would: a route for 127/8 into the tunnel, ahead of the local table.
    peer.ip('rule', 'add', 'lookup', 'local', 'priority', '1');
    peer.ip('rule', 'del', 'lookup', 'local', 'priority', '0');
    peer.ip('rule', 'add', 'to', '127.0.0.1', 'lookup', '201', 'priority', '0');
    peer.ip(
      'route',
      'add',
      '127.0.0.1',
      'via',
      '100.71.0.1',
      'dev',
      'up0b',
      'src',
      '100.71.0.2',
      'table',
      '201',
    );
    for (const port of [5432, 2222, 22]) t.equal(ask(peer, '127.0.0.1', port), '', `named outright, ${port}`);
    peer.ip('rule', 'del', 'to', '127.0.0.1', 'lookup', '201');
  });

  await t.test('nothing else of the LAN', async (t) => {
    const capture = await Capture.on(world.device, 'up1b', 'net 100.64.0.0/10');
    for (const port of [22, 80, 554]) t.equal(ask(peer, CAMERA.alias4, port), '', `port ${port}`);
    for (const ip of ['192.168.9.50', '192.168.8.60']) {
      for (const port of [554, 22, 80]) t.equal(ask(peer, ip, port), '', `${ip} port ${port}`);
    }
    t.equal(ask(peer, '192.168.9.50', 1502, 'udp'), '');
    t.not(peer.run(['ping', '-c1', '-W1', '192.168.9.50']).status, 0, 'no ping');
    t.same(await capture.lines(), [], 'not even a packet got there');
  });

  await t.test('and the LAN opens no flow, neither into the overlay nor to another LAN', async (t) => {
    const { device, other } = world;
    const seen = [
      await Capture.on(peer, 'up0b', 'net 192.168.0.0/16'),
      await Capture.on(other, 'up2b', 'net 192.168.9.0/24', 'in'),
    ];
    for (const host of [device, other]) {
      t.equal(ask(host, '100.71.0.2', 7000), '', `${host.name} to the peer`);
      t.equal(ask(host, DATABASE.alias4, 5432), '', `${host.name} to an endpoint`);
    }
    t.equal(ask(device, '192.168.8.60', 554), '');
    t.equal(ask(other, '192.168.9.50', 554), '');
    // From the very port of a device, as an answer would come.
    const forged = 'tcp:100.71.0.2:7000,sourceport=5540,connect-timeout=0.4';
    t.equal(device.run(['socat', '-T1', '-', forged]).stdout, '');
    for (const capture of seen) t.same(await capture.lines(), [], 'not even a packet got there');
  });

  await t.test('endpoint addresses are never chosen as a source', async (t) => {
    for (const [ip, own] of [
      ['100.71.0.2', '100.71.0.1'],
      ['fd01:2:3:1::2', 'fd01:2:3::a1'],
    ] as const) {
      t.match(gateway.ip('route', 'get', ip), new RegExp(`src ${own}( |$)`, 'm'));
    }
  });

  await t.test('a service that goes takes its connections along', async (t) => {
    const held = peer.start(['socat', '-', `tcp:${CAMERA.alias4}:8554`]);
    await held.waitFor(/device 554/);
    const clock = peer.start(['socat', '-', `udp:${METER.alias4}:502`]);
    clock.process.stdin?.write('?\n');
    await clock.waitFor(/meter/);
    t.same(await world.tell({ plans: [WEB, DATABASE], resolver: RESOLVER }), []);
    t.equal(ask(peer, CAMERA.alias4, 8554), '');
    t.equal(ask(peer, METER.alias4, 502, 'udp'), '');
    t.equal(ask(peer, DATABASE.alias4, 5432), 'db', 'the others stay');
    t.notMatch(world.state(), /conf\.(lan0|mcc0)\.forwarding = 1/);
    t.same(await world.tell({ plans: ALL, resolver: RESOLVER }), []);
  });

  await t.test('what others take away comes back', async (t) => {
    const whole = world.state();
    gateway.must(['nft', 'flush', 'ruleset']);
    t.equal(ask(peer, DATABASE.alias4, 5432), '', 'without rules nobody answers in place of the target');
    gateway.ip('address', 'del', `${WEB.alias4}/32`, 'dev', 'mcc0');
    gateway.must(['sysctl', '-qw', 'net.ipv4.conf.mcc0.route_localnet=0', 'net.ipv4.conf.lan0.forwarding=0']);
    t.same(await world.tell({ refresh: 'distrust' }), []);
    t.same(world.state().split('\n').sort(), whole.split('\n').sort());
    t.equal(ask(peer, CAMERA.alias4, 8554), 'device 554');
  });

  await t.test('close leaves the host as it was', async (t) => {
    await world.close();
    t.equal(world.state(), before);
    t.notOk(existsSync(world.stateFile));
  });

  await t.test('so does the next start after a crash', async (t) => {
    await world.start();
    await world.tell({ plans: ALL, resolver: RESOLVER });
    await world.kill();
    t.not(world.state(), before);
    t.match(JSON.parse(readFileSync(world.stateFile, 'utf8')), { changes: Array(3).fill({}) });
    await world.start();
    t.equal(world.state(), before);
    t.notOk(existsSync(world.stateFile));
    await world.close();
  });
});

t.test('a gateway that is a router by the will of its owner', async (t) => {
  const world = await World.make(t);
  const { peer, gateway, other } = world;
  gateway.must(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  const before = world.state();
  await world.start();
  t.same(await world.tell({ plans: ALL, resolver: RESOLVER }), []);

  await t.test('the LAN does not enter the overlay, nor peers the LAN', async (t) => {
    const capture = await Capture.on(peer, 'up0b', 'net 192.168.0.0/16');
    t.equal(ask(other, '100.71.0.2', 7000), '');
    t.same(await capture.lines(), []);
    for (const ip of ['192.168.9.50', '192.168.8.60']) t.equal(ask(peer, ip, 554), '', ip);
    t.equal(ask(other, '192.168.9.50', 554), 'device 554', 'between LANs all is as it was');
  });

  await t.test('unless the owner sends on by rules of his own, as container engines do', async (t) => {
    const rules = `table ip owner {
      chain in { type nat hook prerouting priority dstnat
        ip daddr { 100.71.0.1, ${WEB.alias4} } tcp dport 8080 dnat to 192.168.8.60:554
      }
      chain out { type nat hook postrouting priority srcnat
        ip saddr 192.168.8.0/24 oifname mcc0 masquerade
      }
    }`;
    gateway.must(['nft', '-f', '-'], { input: rules });
    t.equal(ask(other, '100.71.0.2', 7000), 'peer');
    t.equal(ask(peer, '100.71.0.1', 8080), 'device 554');
    t.equal(ask(peer, WEB.alias4, 8080), 'device 554');
    gateway.must(['nft', 'delete', 'table', 'ip', 'owner']);
  });

  await t.test('a firewall that forwards nothing is named, unless it lets the interface pass', async (t) => {
    gateway.must(['nft', '-f', '-'], {
      input: 'table ip filter { chain FORWARD { type filter hook forward priority filter; policy drop; }; }',
    });
    t.match(await world.tell({ refresh: 'distrust' }), [
      { code: /chain ip filter FORWARD; nft insert rule/ },
    ]);
    t.equal(ask(peer, CAMERA.alias4, 8554), '');
    for (const way of ['iifname', 'oifname']) {
      gateway.must(['nft', 'insert', 'rule', 'ip', 'filter', 'FORWARD', way, 'mcc0', 'accept']);
    }
    t.same(await world.tell({ refresh: 'distrust' }), []);
    t.equal(ask(peer, CAMERA.alias4, 8554), 'device 554');
    gateway.must(['nft', 'delete', 'table', 'ip', 'filter']);
  });

  await t.test('and it stays one', async (t) => {
    await world.close();
    t.equal(world.state(), before);
    t.match(before, /conf\.lan0\.forwarding = 1/);
  });
});

t.test('a host without nft', async (t) => {
  const world = await World.make(t);
  const before = world.state();
  // The program is there and is none: the mount is that of this process alone.
  await world.start('sh', '-c', 'mount --bind /dev/null "$(command -v nft)" && exec "$0" "$@"');
  const told = await world.tell({ plans: ALL, resolver: RESOLVER });
  const expected = [{ name: 'db' }, { name: 'cam' }, { name: 'meter' }, {}];
  t.same(
    told,
    expected.map((one) => ({ ...one, code: 'NFT_MISSING' })),
  );
  t.equal(ask(world.peer, WEB.alias4, 80), 'web', 'own ports work');
  t.equal(ask(world.peer, WEB.address6, 80), 'web');
  for (const { alias4, port } of [DATABASE, CAMERA]) t.equal(ask(world.peer, alias4, port), '');
  t.notMatch(world.state(), /conf\.(lan0|mcc0)\.(forwarding|route_localnet) = 1/, 'nothing is open');
  await world.close();
  t.equal(world.state(), before);
});
