/** Ten hosts behind each of two routers, all talking to all. */
import { join } from 'node:path';
import t from 'tap';
import { type Host, Lab, needsLab, until } from './lab.ts';
import { Internet, type NatBox } from './nat.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

const HOSTS = 10;
const PATIENCE_MS = 180_000;
/** Datagrams of all kinds that leave through one router per host there and host behind the other one, but for those of the programs. */
const PER_PAIR_MAX = 200;
/** Of all kinds that one host sends to the other router in any second; at most 100 may be probes, and 40 are the programs'. */
const PER_SECOND_MAX = 200;
const talk = join(import.meta.dirname, 'programs/talk.ts');

/** Counts what leaves a host for that address, and apart what leaves faster than allowed. */
function watch(host: Host, to: string): void {
  const fast = `limit rate over ${PER_SECOND_MAX}/second burst ${PER_SECOND_MAX} packets`;
  host.must(['nft', '-f', '-'], {
    input: `table inet watch {
      counter total { }
      counter storm { }
      chain out {
        type filter hook postrouting priority 0
        ip daddr ${to} meta l4proto udp counter name total
        ip daddr ${to} meta l4proto udp ${fast} counter name storm
      }
    }`,
  });
}

function watched(host: Host, name: 'total' | 'storm'): number {
  const { nftables } = JSON.parse(host.must(['nft', '-j', 'list', 'counter', 'inet', 'watch', name]));
  return nftables.find((entry: { counter?: unknown }) => entry.counter !== undefined).counter.packets;
}

/** A node on a host behind that router, which knows of the others nothing but their names. */
async function member(lab: Lab, box: NatBox, number: number, token: string, far: NatBox): Promise<Node> {
  const name = `${box.host.name}${number}`;
  const node = new Node(lab, box.site(name).host, name, 'portmap: off\n');
  watch(node.host, far.publicAddress);
  await node.up();
  await node.ask('/v1/join', { token, name });
  return node;
}

async function areDirect(node: Node, others: number): Promise<boolean> {
  const { peers } = await node.ask<{ peers: { path: { kind: string | null } | null }[] }>('/v1/peers');
  const ways = peers.flatMap(({ path }) => path?.kind ?? []);
  return ways.length >= others && !ways.includes('relayed');
}

t.test('ten hosts behind each of two routers, all talking to all', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const internet = new Internet(lab);
  const site = await internet.publicHost('hub');
  const hub = new Node(lab, site.host, 'hub', 'portmap: off\n');
  hub.mcc('init', '--organisation', 'acme', '--name', 'hub');
  await hub.up('--advertise', site.address);
  const token = lastLine(hub.mcc('invite', '--uses', String(2 * HOSTS), '--address', site.address));
  const west = await internet.nat('w', { kind: 'ordinary' });
  const east = await internet.nat('e', { kind: 'ordinary' });
  const boxes = [west, east];
  const nodes: Node[] = [];
  for (let i = 0; i < HOSTS; i++) {
    const both = [member(lab, west, i, token, east), member(lab, east, i, token, west)];
    nodes.push(...(await Promise.all(both)));
  }
  const before = boxes.map((box) => box.counts().sent);
  // By name: every one finds every other one, and then a program talks to it.
  const talkers = await Promise.all(
    nodes.map(async (node) => {
      const { dns } = await node.ask<{ dns: { addresses: string[] } }>('/v1/status');
      const names = nodes.filter((other) => other !== node).map(({ name }) => `${name}.node.mcc`);
      const own = `${node.name}.node.mcc`;
      return node.host.start([process.execPath, talk, dns.addresses[0] ?? '', own, ...names]);
    }),
  );
  await Promise.all(talkers.map((talker) => talker.waitFor(/all answered/, PATIENCE_MS)));
  for (const node of nodes) {
    await until(`${node.name} reaches all directly`, () => areDirect(node, nodes.length - 1), PATIENCE_MS);
  }
  const ended = await Promise.all(talkers.map((talker) => talker.stop()));
  for (const node of nodes) t.equal(watched(node.host, 'storm'), 0, `${node.name} sends evenly`);
  for (const [i, box] of boxes.entries()) {
    const here = box.host.name;
    let own = 0;
    for (const [j, { stdout }] of ended.entries()) {
      if (!nodes[j].name.startsWith(here)) continue;
      const counts = JSON.parse(/^sent (.*)$/m.exec(stdout)?.[1] ?? '') as Record<string, number>;
      for (const [name, count] of Object.entries(counts)) if (!name.startsWith(here)) own += count;
    }
    const sent = box.counts().sent - before[i] - own;
    t.ok(sent <= PER_PAIR_MAX * HOSTS * HOSTS, `${sent} datagrams through ${box.host.name}`);
    const outer = new Map<string, Set<number>>();
    for (const { address, port, outerPort } of box.mappings()) {
      const key = `${address}:${port}`;
      outer.set(key, (outer.get(key) ?? new Set()).add(outerPort));
    }
    t.equal([...outer.values()].filter((ports) => ports.size > 1).length, 0, 'one mapping per socket');
    t.ok(outer.size <= 2 * HOSTS, `${outer.size} sockets`);
  }
});
