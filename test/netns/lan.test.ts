/** Nodes on one link find each other by multicast, as far as the link goes and the network is the same. */
import { resolve } from 'node:path';
import t, { type Test } from 'tap';
import { Capture } from './capture.ts';
import { type Host, Lab, needsLab, type Running } from './lab.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

const PROGRAM = resolve(import.meta.dirname, 'programs/lan.ts');

async function node(host: Host, network: number, id: number, port = 9376): Promise<Running> {
  const running = host.start([process.execPath, PROGRAM, String(network), String(id), String(port)]);
  await running.waitFor(/started/);
  return running;
}

/** Hosts on one switch, which is a host as well. */
function link(t: Test, names: string[]): { lab: Lab; hub: Host; hosts: Host[] } {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const hub = lab.host('hub');
  hub.ip('link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
  hub.ip('link', 'set', 'br0', 'up');
  const hosts = names.map((name, i) => {
    const host = lab.host(name);
    const [port] = lab.wire(hub, [], host, [`192.0.2.${i + 1}/24`, `2001:db8::${i + 1}/64`]);
    hub.ip('link', 'set', port, 'master', 'br0');
    return host;
  });
  return { lab, hub, hosts };
}

t.test('two nodes find each other by both families, whoever comes first, and no others', async (t) => {
  const { hosts } = link(t, ['a', 'b', 'c']);
  const [a, b, c] = hosts as [Host, Host, Host];
  const [first, stranger] = [await node(a, 1, 11), await node(c, 2, 33)];
  const second = await node(b, 1, 22, 4567);
  await first.waitFor(/found 22 at 192\.0\.2\.2:4567\n/);
  await first.waitFor(/found 22 at \[2001:db8::2\]:4567\n/);
  await second.waitFor(/found 11 at 192\.0\.2\.1:9376\n/);
  await second.waitFor(/found 11 at \[2001:db8::1\]:9376\n/);
  const third = await node(c, 1, 44, 5678);
  await first.waitFor(/found 44 at 192\.0\.2\.3:5678\n/);
  await third.waitFor(/found 11 at /);
  await third.waitFor(/found 22 at /);
  for (const running of [first, second, third, stranger]) {
    running.process.stdin?.end();
    t.equal((await running.ended()).status, 0);
    const lines = running
      .output()
      .split('\n')
      .filter((line) => line.startsWith('found'));
    t.equal(new Set(lines).size, lines.length, 'each is told once');
  }
  t.notMatch(stranger.output(), /found/, 'another network hears nothing');
  t.notMatch(first.output(), /found 33/);
});

t.test('a link that comes later is used at once', async (t) => {
  const { lab, hub, hosts } = link(t, ['a']);
  const [a] = hosts as [Host];
  const first = await node(a, 1, 11);
  const later = lab.host('later');
  const capture = await Capture.on(hub, 'br0', 'udp port 9377 and src net 192.0.2.0/24', 'in');
  await capture.sees(/192\.0\.2\.1\.\d+ > 239\.255\.77\.67\.9377: UDP, length 48/);
  const second = await node(later, 1, 22);
  lab.wire(a, ['10.9.0.1/24'], later, ['10.9.0.2/24']);
  await first.waitFor(/found 22 at 10\.9\.0\.2:9376/);
  await second.waitFor(/found 11 at 10\.9\.0\.1:9376/);
});

t.test('a flood of claims is told at ten a second, and garbage not at all', async (t) => {
  const { hosts } = link(t, ['a', 'b']);
  const [a, b] = hosts as [Host, Host];
  const first = await node(a, 1, 11);
  const to = `
import hashlib, os, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("192.0.2.2"))
to = ("239.255.77.67", 9377)
tag = hashlib.sha256(b"mcc lan\\0" + bytes([1]) * 32).digest()[:8]
head = b"mccL" + bytes([1, 1]) + tag
`;
  // From an address that no neighbour has: whoever has it did not say this.
  b.ip('address', 'add', '198.51.100.7/32', 'dev', 'up1b');
  const elsewhere = `
s.bind(("198.51.100.7", 0))
s.sendto(head + bytes([60]) * 32 + struct.pack(">H", 9376), to)
`;
  b.must(['python3', '-c', to + elsewhere]);
  // The claims first: what comes while the receiver is busy finds its buffer full.
  const flood = `
for i in range(2000): s.sendto(head + bytes([50]) * 32 + struct.pack(">H", 1 + i), to)
for i in range(2000):
    s.sendto(os.urandom(i % 100), to)
    s.sendto(head + bytes([99]) * 32 + struct.pack(">H", 0), to)
    s.sendto(head + bytes([98]) * 31, to)
    s.sendto(b"mccL" + bytes([2, 1]) + tag + bytes([97]) * 34, to)
    s.sendto(head + bytes([11]) * 32 + struct.pack(">H", 1), to)
`;
  b.must(['python3', '-c', to + flood]);
  const honest = await node(b, 1, 22);
  await first.waitFor(/found 22 /);
  honest.process.stdin?.end();
  const found = first
    .output()
    .split('\n')
    .filter((line) => line.startsWith('found 50'));
  t.ok(found.length >= 10 && found.length < 40, `${found.length} of 2,000`);
  t.notMatch(first.output(), /found (9|11|60)/);
});

t.test(
  'members that moved meet again on their link, with nobody left who knows where they are',
  async (t) => {
    const { hosts } = link(t, ['a', 'b', 'c']);
    const [a, b, c] = hosts as [Host, Host, Host];
    const lab = new Lab();
    t.teardown(() => lab.close());
    const nodes = [new Node(lab, a, 'alpha'), new Node(lab, b, 'bravo'), new Node(lab, c, 'carol')] as const;
    const [alpha, bravo, carol] = nodes;
    alpha.mcc('init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha');
    await alpha.up();
    bravo.join(lastLine(alpha.mcc('invite', '--address', '192.0.2.1')));
    carol.join(lastLine(alpha.mcc('invite', '--address', '192.0.2.1')));
    await alpha.down();
    for (const [host, device, from, to] of [
      [b, 'up1b', 2, 77],
      [c, 'up2b', 3, 78],
    ] as const) {
      for (const [prefix, bits] of [
        ['192.0.2.', 24],
        ['2001:db8::', 64],
      ] as const) {
        host.ip('address', 'del', `${prefix}${from}/${bits}`, 'dev', device);
        host.ip('address', 'add', `${prefix}${to}/${bits}`, 'dev', device, ...(bits === 64 ? ['nodad'] : []));
      }
    }
    await bravo.up();
    await carol.up();
    await bravo.daemon.waitFor(/"event":"peerUp",[^\n]*"name":"carol"/);
    await carol.daemon.waitFor(/"event":"peerUp",[^\n]*"name":"bravo"/);
  },
);
