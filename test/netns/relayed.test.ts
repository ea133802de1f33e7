/** Two hosts that no NAT lets through to each other talk through a third node, which reads nothing of it. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { curl, resolverOf, serve } from './members.ts';
import { Internet } from './nat.ts';
import { lastLine, Node, reach } from './node.ts';

interface RelayStatus {
  relaying: { nodes: number; circuits: number; relays: string[] };
}

needsLab(t);

t.test('curl by name from behind one symmetric NAT to behind another', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const internet = new Internet(lab);
  const hub = await internet.publicHost('hub');
  const boxes = [
    await internet.nat('west', { kind: 'symmetric-random' }),
    await internet.nat('east', { kind: 'symmetric-random' }),
  ];
  const relay = new Node(lab, hub.host, 'hub');
  relay.mcc('init', '--organisation', 'acme', '--name', 'hub');
  await relay.up();
  const token = lastLine(relay.mcc('invite', '--uses', '2', '--address', hub.address));
  const [alpha, bravo] = boxes.map(
    (box, i) => new Node(lab, box.site(['alpha', 'bravo'][i]).host, ['alpha', 'bravo'][i]),
  );
  for (const node of [alpha, bravo]) {
    node.join(token);
    await node.up();
    node.host.nameservers(...resolverOf(node).slice(0, 1));
  }
  await until(
    'the relay keeps both reachable',
    () => relay.json<RelayStatus>('status').relaying.nodes === 2,
    30_000,
  );
  await serve(bravo.host, 8000, 'this is bravo, whom nobody reaches by himself');
  const sniffer = hub.host.start([
    'tcpdump',
    '-n',
    '-l',
    '-A',
    '--immediate-mode',
    '-i',
    'any',
    'udp port 9376',
  ]);
  await sniffer.waitFor(/listening on/);
  const text = 'this is bravo, whom nobody reaches by himself';
  // Its record, which names the relay, comes a few seconds after the relay itself.
  await until(
    'alpha reaches bravo',
    () => curl(alpha.host, 'http://bravo.node.mcc:8000/', '--max-time', '2') === text,
    40_000,
  );
  t.equal(curl(alpha.host, 'http://bravo.node.mcc:8000/'), text);
  t.match(reach(alpha, 'bravo'), { ipv6: /^fd/ });
  const path = alpha.status().peers.find(({ name }) => name === 'bravo')?.path;
  t.equal(path?.kind, 'relayed');
  const { stdout } = await sniffer.stop('SIGINT');
  t.match(stdout, /9376/);
  t.notMatch(stdout, /this is bravo/, 'nothing of it is readable at the relay');
  t.equal(relay.json<RelayStatus>('status').relaying.circuits, 1);
});
