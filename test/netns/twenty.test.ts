/** Twenty daemons on one machine and one wire, each in a network namespace of its own, find each other by name without the first. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { resolverOf } from './members.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

/** The first one dies. */
const COUNT = 21;

t.test('twenty daemons on one machine', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const bridge = lab.host('switch');
  bridge.ip('link', 'add', 'br0', 'type', 'bridge');
  bridge.ip('link', 'set', 'br0', 'up');
  const nodes = Array.from({ length: COUNT }, (_, i) => {
    const host = lab.host(`n${i}`);
    const [, end] = lab.wire(host, [`10.9.0.${i + 1}/24`], bridge, []);
    bridge.ip('link', 'set', end, 'master', 'br0');
    return new Node(lab, host, `n${i}`);
  });
  const [first, ...others] = nodes as [Node, ...Node[]];
  first.mcc('init', '--organisation', 'acme', '--name', first.name);
  await first.up();
  const token = lastLine(first.mcc('invite', '--uses', String(COUNT), '--address', '10.9.0.1'));
  for (const node of others) {
    node.join(token);
    await node.up();
  }
  await first.down('SIGKILL');
  for (const node of others) {
    const [server] = resolverOf(node);
    const missing = new Set(others.map(({ name }) => name));
    missing.delete(node.name);
    await until(
      `${node.name} finds ${[...missing]}`,
      () => {
        for (const name of missing) {
          if (node.host.run(['dig', '+short', `@${server}`, `${name}.node.mcc`, 'AAAA']).stdout.trim() === '')
            return undefined;
          missing.delete(name);
        }
        return true;
      },
      90_000,
    );
  }
  t.equal(others.length, COUNT - 1, 'every one resolves the name of every other one');
  // Around the ring, so that every one sends and is reached.
  for (const [i, node] of others.entries()) {
    const next = others[(i + 1) % others.length] as Node;
    const { lost } = node.json<{ lost: number }>('ping', next.name, '-c', '1');
    t.equal(lost, 0, `${node.name} reaches ${next.name}`);
  }
});
