/** Several hosts behind each of two routers, all talking to all. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { resolverOf } from './members.ts';
import { Internet } from './nat.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

/** Ten each with MCC_WHOLE=1: a minute and a half. */
const HOSTS = process.env.MCC_WHOLE === '1' ? 10 : 3;
const PATIENCE_MS = 180_000;
/** Datagrams of all kinds that leave through one router per host there and host behind the other one, the programs' own among them. */
const PER_PAIR_MAX = 200;
/** Asks a resolver for names, and pings each from then on once a second, until it is killed. */
const TALK = `
server=$1; shift
for name in "$@"; do
  until ip=$(dig +short +time=2 +tries=1 @$server $name A) && [ -n "$ip" ] && ping -c1 -W2 $ip >/dev/null; do sleep 0.2; done
  all="$all $ip"
done
echo all answered
while :; do for ip in $all; do ping -c1 -W1 $ip >/dev/null & done; sleep 1; wait; done`;

t.test('hosts behind each of two routers, all talking to all', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const internet = new Internet(lab);
  const site = await internet.publicHost('hub');
  const hub = new Node(lab, site.host, 'hub', 'portmap: off\n');
  hub.mcc('init', '--organisation', 'acme', '--name', 'hub');
  await hub.up('--advertise', site.address);
  const token = lastLine(hub.mcc('invite', '--uses', '20', '--address', site.address));
  const boxes = [
    await internet.nat('w', { kind: 'ordinary' }),
    await internet.nat('e', { kind: 'ordinary' }),
  ];
  const nodes: Node[] = [];
  for (let i = 0; i < HOSTS; i++) {
    for (const box of boxes) {
      const name = `${box.host.name}${i}`;
      const node = new Node(lab, box.site(name).host, name, 'portmap: off\n');
      node.join(token);
      await node.up();
      nodes.push(node);
    }
  }
  const before = boxes.map((box) => box.counts().sent);
  // By name: every one finds every other one, and then a program talks to it.
  const talkers = nodes.map((node) => {
    const server = resolverOf(node)[0];
    const names = nodes.filter((other) => other !== node).map(({ name }) => `${name}.node.mcc`);
    return node.host.start(['sh', '-c', TALK, 'talk', server, ...names]);
  });
  await Promise.all(talkers.map((talker) => talker.waitFor(/all answered/, PATIENCE_MS)));
  const relayed = (): number =>
    nodes.reduce(
      (sum, node) => sum + node.status().peers.filter(({ path }) => path?.kind === 'relayed').length,
      0,
    );
  await until('nobody is relayed', () => relayed() === 0, PATIENCE_MS);
  for (const talker of talkers) await talker.stop('SIGKILL');
  for (const [i, box] of boxes.entries()) {
    const sent = box.counts().sent - before[i];
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
