/** A host whose router lets no UDP through: it joins, reaches others and is reached over TCP or TLS, and leaves that when UDP is back. */
import t, { type Test } from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { curl, resolverOf, serve } from './members.ts';
import { Internet, type NatBox } from './nat.ts';
import { lastLine, Node } from './node.ts';

interface Status {
  streams: { udpBlocked: boolean; open: number; tcp: { listening: boolean }; tls443: { listening: boolean } };
  relaying: { nodes: number; relays: string[] };
  peers: { name: string; state: string; path: { kind: string | null; transport: string | null } }[];
}

needsLab(t);

const look = (node: Node) => node.json<Status>('status');
const way = (node: Node, to: string) => look(node).peers.find(({ name }) => name === to)?.path;

interface Scene {
  readonly hub: Node;
  readonly far: Node;
  readonly blocked: Node;
  readonly box: NatBox;
}

/** A reachable node, one behind a NAT and one behind a router that lets no UDP through, who joined all the same. */
async function scene(lab: Lab, onlyTls: boolean): Promise<Scene> {
  const internet = new Internet(lab);
  const middle = await internet.publicHost('hub');
  const east = await internet.nat('east', { kind: 'symmetric-random' });
  const box = await internet.nat('west', { kind: 'ordinary', udp: 'blocked' });
  const hub = new Node(lab, middle.host, 'hub');
  hub.mcc('init', '--organisation', 'acme', '--name', 'hub');
  await hub.up('--advertise', middle.address);
  const token = lastLine(hub.mcc('invite', '--uses', '2', '--address', middle.address));
  const far = new Node(lab, east.site('far').host, 'far');
  far.join(token);
  await far.up();
  if (onlyTls) {
    box.host.must([
      'nft',
      'add',
      'rule',
      'ip',
      'box',
      'gate',
      'iifname',
      'lan',
      'tcp',
      'dport',
      '!=',
      '443',
      'drop',
    ]);
    // Not before a host that just started has its own web servers.
    await until('the hub listens on 443', () => look(hub).streams.tls443.listening, 240_000);
  }
  const blocked = new Node(lab, box.site('blocked').host, 'blocked');
  blocked.join(token);
  await blocked.up();
  for (const node of [far, blocked]) node.host.nameservers(...resolverOf(node).slice(0, 1));
  return { hub, far, blocked, box };
}

async function exchange(t: Test, from: Node, to: Node): Promise<void> {
  const text = `this is ${to.name}`;
  await until(
    `${from.name} reaches ${to.name}`,
    () => curl(from.host, `http://${to.name}.node.mcc:8000/`, '--max-time', '2') === text,
    60_000,
  );
  t.pass(`${from.name} reaches ${to.name}`);
}

async function leads(t: Test, from: Node, to: string, by: string): Promise<void> {
  const found = () => {
    const path = way(from, to);
    return `${path?.kind} ${path?.transport}`;
  };
  await until(`${from.name} has ${to} by ${by}, not ${found()}`, () => found() === by, 30_000);
  t.pass(`${from.name} has ${to}: ${by}`);
}

t.test('by TCP, until UDP is back', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const { hub, far, blocked, box } = await scene(lab, false);
  for (const node of [far, blocked]) await serve(node.host, 8000, `this is ${node.name}`);
  await exchange(t, blocked, far);
  await exchange(t, far, blocked);
  await leads(t, blocked, 'hub', 'direct tcp');
  await leads(t, blocked, 'far', 'relayed tcp');
  await leads(t, far, 'blocked', 'relayed udp');
  await until('UDP counts as blocked', () => look(blocked).streams.udpBlocked, 30_000);
  t.match(blocked.json('netcheck'), { udpBlocked: true, meaning: /UDP is blocked/ });
  await until('one connection is left at the hub', () => look(hub).streams.open === 1, 60_000);
  t.match(look(hub).streams, { udpBlocked: false, tcp: { listening: true, reason: null } });
  box.setUdp('open');
  // Another address: what is let through may be another as well, so that it is tried at once.
  const [{ dev }] = JSON.parse(blocked.host.must(['ip', '-j', 'route', 'show', 'default']));
  blocked.host.ip('address', 'add', '10.99.0.1/24', 'dev', dev);
  await until(
    'the stream is left',
    () => way(blocked, 'hub')?.transport === 'udp' && look(hub).streams.open === 0,
    90_000,
  );
  await until('UDP counts as open', () => !look(blocked).streams.udpBlocked, 30_000);
  await exchange(t, far, blocked);
  await exchange(t, blocked, far);
  await until('not even the relay is reached by TCP', () => way(blocked, 'far')?.transport === 'udp', 30_000);
  box.setUdp('blocked');
  await exchange(t, blocked, far);
  await exchange(t, far, blocked);
  await until('UDP counts as blocked', () => look(blocked).streams.udpBlocked, 30_000);
});

t.test('by TLS where nothing but port 443 is let through', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const { hub, far, blocked } = await scene(lab, true);
  for (const node of [far, blocked]) await serve(node.host, 8000, `this is ${node.name}`);
  await exchange(t, blocked, far);
  await exchange(t, far, blocked);
  await leads(t, blocked, 'hub', 'direct tls');
  await until('UDP counts as blocked', () => look(blocked).streams.udpBlocked, 30_000);
  const open = look(hub).streams.open;
  await blocked.down();
  await until('its end is noticed', () => look(hub).streams.open < open, 30_000);
});
