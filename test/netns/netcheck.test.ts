/** What real daemons say of the routers in front of them, which the kernel plays. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { Internet } from './nat.ts';
import { lastLine, Node } from './node.ts';

const PATIENCE_MS = 60_000;

interface Check {
  asked: number;
  answered: number;
  ipv4: { kind: string; mapping: string; publicAddress: string | null };
  meaning: string;
}

needsLab(t);

t.test('mcc netcheck names the NAT, and says when nobody answers', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const internet = new Internet(lab);
  const sites = await Promise.all(['hub', 'one', 'two'].map((name) => internet.publicHost(name)));
  const places = [
    { name: 'soft', kind: 'port-restricted', found: 'portRestricted' },
    { name: 'hard', kind: 'symmetric-random', found: 'symmetric' },
  ] as const;
  const hub = new Node(lab, sites[0].host, 'hub', 'portmap: off\n');
  hub.mcc('init', '--organisation', 'acme', '--name', 'hub');
  await hub.up();
  const nobody = hub.try(['netcheck', '--json']);
  t.equal(nobody.status, 1);
  t.match(JSON.parse(nobody.stdout), { error: { code: 'NOBODY_ANSWERED' } });
  const token = lastLine(hub.mcc('invite', '--uses', '4', '--address', sites[0].address));
  const add = async (node: Node): Promise<void> => {
    node.join(token);
    await node.up();
    // Whoever is looked for by name is a peer from then on.
    for (const peer of ['hub', 'one', 'two'].filter((name) => name !== node.name))
      await until(
        `${node.name} reaches ${peer}`,
        () => node.try(['ping', peer, '-c', '1']).status === 0,
        PATIENCE_MS,
      );
  };
  const peers = ['one', 'two'].map((name, i) => new Node(lab, sites[i + 1].host, name, 'portmap: off\n'));
  peers[0].join(token);
  await peers[0].up();
  await add(peers[1]);
  for (const { name, kind, found } of places) {
    const box = await internet.nat(`box-${name}`, { kind });
    const node = new Node(lab, box.site(name).host, name, 'portmap: off\n');
    await add(node);
    const isHard = found === 'symmetric';
    const text = isHard
      ? /symmetric[\s\S]*Forward UDP port 9376/
      : /endpoint-independent, filtering address-and-port-dependent[\s\S]*Forward UDP port 9376/;
    await until(`${name} knows what it is behind`, () => text.test(node.mcc('netcheck')), PATIENCE_MS);
    await until(
      `${name} says so for programs`,
      () => {
        const { answered, ipv4 } = node.json<Check>('netcheck');
        const mapping = isHard ? 'addressAndPortDependent' : 'endpointIndependent';
        return answered === 3 && ipv4.kind === found && ipv4.mapping === mapping;
      },
      PATIENCE_MS,
    );
    const line = isHard ? /\(symmetric\), seen as/ : /\(port-restricted\), seen as/;
    await until(`${name} shows it`, () => line.test(node.mcc('status')), PATIENCE_MS);
  }
  const address = `${sites[2].address}:9376`;
  await until(
    'a public node knows its address',
    () => peers[1].json<Check>('netcheck').ipv4.publicAddress === address,
    PATIENCE_MS,
  );
});
