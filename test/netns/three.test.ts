import t from 'tap';
import { Lab, needsLab } from './lab.ts';
import { lastLine, Node, reach } from './node.ts';

needsLab(t);

function answers(from: Node, name: string): boolean {
  const { ipv4, ipv6 } = reach(from, name);
  return [ipv4, ipv6].every(
    (to) => from.host.run(['ping', '-c', '2', '-i', '0.1', '-W', '5', to]).status === 0,
  );
}

t.test('three nodes that joined by tokens reach each other', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [alpha, bravo, charlie] = lab
    .star('alpha', 'bravo', 'charlie')
    .map((host) => new Node(lab, host, host.name)) as [Node, Node, Node];
  const all = [alpha, bravo, charlie];
  alpha.mcc('init', '--organisation', 'acme', '--name', 'alpha');
  await alpha.up();
  const token = lastLine(alpha.mcc('invite', '--uses', '2', '--address', '10.1.0.2'));
  bravo.join(token);
  await bravo.up();
  t.ok(answers(bravo, 'alpha'));
  charlie.join(token);
  await charlie.up();
  for (const from of all) {
    for (const to of all) if (from !== to) t.ok(answers(from, to.name), `${from.name} reaches ${to.name}`);
    t.equal(from.status().peers.length, 2);
  }

  await t.test('also while the one that invited them is away', async (t) => {
    await alpha.down();
    t.ok(answers(bravo, 'charlie'));
    for (const node of [bravo, charlie]) {
      await node.down();
      await node.up();
    }
    t.ok(answers(charlie, 'bravo'), 'and after a restart of both');
    await alpha.up();
    t.ok(answers(alpha, 'charlie'), 'and with it again when it is back');
  });
});

t.test('two joiners race for a token of one use', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [alpha, ...joiners] = lab
    .star('alpha', 'bravo', 'charlie', 'delta')
    .map((host) => new Node(lab, host, host.name)) as [Node, Node, Node, Node];
  alpha.mcc('init', '--name', 'alpha');
  await alpha.up();
  const token = lastLine(alpha.mcc('invite', '--address', '10.1.0.2'));
  const outcomes = await Promise.all(
    joiners.map((node) => {
      const words = ['join', '-', '--name', node.name, '--json', '--state', node.state];
      const running = node.program(words);
      running.process.stdin?.end(`${token}\n`);
      return running.ended();
    }),
  );
  const winner = outcomes.findIndex(({ status }) => status === 0);
  t.same(outcomes.map(({ status }) => status).sort(), [0, 1, 1], 'one of them was admitted');
  for (const { status, stdout } of outcomes)
    if (status !== 0) t.match(JSON.parse(stdout), { error: { code: 'TOKEN_USED_UP' } });
  t.same(
    alpha.status().peers.map((peer) => peer.name),
    [joiners[winner]?.name],
    'and only that one is known',
  );
});

t.test('hosts without IPv6', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const hosts = lab.star('alpha', 'bravo');
  for (const host of hosts)
    host.must(['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1']);
  const [alpha, bravo] = hosts.map((host) => new Node(lab, host, host.name)) as [Node, Node];
  alpha.mcc('init', '--name', 'alpha');
  await alpha.up();
  bravo.join(lastLine(alpha.mcc('invite', '--address', '10.1.0.2')));
  await bravo.up();
  const { ipv4 } = reach(bravo, 'alpha');
  t.equal(bravo.host.run(['ping', '-c', '2', '-i', '0.1', '-W', '5', ipv4]).status, 0);
});
