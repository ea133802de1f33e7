/** Services of a gateway as members reach them by name, with real daemons: 127.0.0.1, own port, a device of its LAN. */
import t, { type Test } from 'tap';
import { type Host, Lab, needsLab, until } from './lab.ts';
import { type Node, pair } from './node.ts';

needsLab(t);

const SERVICES = [
  { name: 'db', port: 5432, target: ['--target', '127.0.0.1:5432'] },
  { name: 'web', port: 80, target: [] },
  { name: 'cam', port: 8554, target: ['--target', '192.168.9.50:554'] },
];

interface Resolved {
  addresses: string[];
  endpoints: { ipv4: string | null; ipv6: string | null; healthy: boolean }[];
}

function ask(host: Host, ip: string, port: number): string {
  const target = `tcp:${ip.includes(':') ? `[${ip}]` : ip}:${port},connect-timeout=1`;
  return host.run(['socat', '-T1', '-', target], { input: '' }).stdout.trim();
}

function settings(host: Host): string {
  const words = ['sysctl', '-a', '--pattern', 'conf.(up.*|all|default).(forwarding|route_localnet)'];
  return host.must(words) + host.must(['nft', 'list', 'ruleset']);
}

/** All addresses of a service and its endpoints, once it is found healthy. */
async function addresses(node: Node, name: string): Promise<string[]> {
  return until(`${node.name} finds ${name}`, () => {
    const done = node.try(['resolve', name, '--json']);
    if (done.status !== 0) return undefined;
    const { addresses, endpoints } = JSON.parse(done.stdout) as Resolved;
    if (addresses.length === 0 || !endpoints.every(({ healthy }) => healthy)) return undefined;
    const own = endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
    return [...addresses, ...own].filter((ip) => ip !== null);
  });
}

t.test('services of a gateway', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b, device] = [lab.host('a'), lab.host('b'), lab.host('device')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  lab.wire(b, ['192.168.9.1/24'], device, ['192.168.9.50/24']);
  const before = settings(b);
  const both = await pair(lab, a, b, '192.0.2.1');
  const [consumer, gateway] = [both.a, both.b];
  const programs: [Host, string, string][] = [
    [b, 'tcp-listen:5432,bind=127.0.0.1', 'db'],
    [b, 'tcp-listen:22,bind=127.0.0.1', 'secret'],
    [b, 'tcp6-listen:80,ipv6-v6only=0', 'web'],
    [device, 'tcp-listen:554', 'cam'],
    [device, 'tcp-listen:22', 'secret'],
  ];
  for (const [host, address, answer] of programs) {
    host.start(['socat', `${address},fork,reuseaddr`, `system:echo ${answer}`]);
  }
  for (const { name, port, target } of SERVICES) {
    gateway.mcc('service', 'add', name, '--port', String(port), ...target);
  }
  const reached = async (t: Test, node: Node): Promise<void> => {
    for (const { name, port } of SERVICES) {
      for (const ip of await addresses(node, name))
        t.equal(ask(node.host, ip, port), name, `${name} at ${ip}`);
    }
  };

  await t.test('are reached by their addresses and those of their endpoints', (t) => reached(t, consumer));
  await t.test('by programs of the gateway as well', (t) => reached(t, gateway));
  await t.test('and nothing beside them', async (t) => {
    for (const name of ['db', 'cam']) {
      for (const ip of await addresses(consumer, name)) t.equal(ask(a, ip, 22), '', `port 22 at ${ip}`);
    }
  });
  await t.test('also after a firewall flushed all tables', async (t) => {
    b.must(['nft', 'flush', 'ruleset']);
    await until('the rules are back', () =>
      /dnat/.test(b.must(['nft', 'list', 'ruleset'])) ? true : undefined,
    );
    await reached(t, consumer);
  });
  await t.test('also after a crash', async (t) => {
    await gateway.down('SIGKILL');
    await gateway.up();
    await reached(t, consumer);
  });
  await gateway.down();
  t.equal(settings(b), before, 'nothing is left');
});
