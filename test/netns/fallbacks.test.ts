import { join } from 'node:path';
import t from 'tap';
import { Capture } from './capture.ts';
import { type Host, Lab, needsLab } from './lab.ts';
import { compiled } from './link.ts';
import { lastLine, Node, type Pair, reach } from './node.ts';
import { datagramsOfSizes, filesEachWay, largePings } from './transfers.ts';

needsLab(t);

const refuse = compiled(join(import.meta.dirname, 'refuse.cc'));

/** Like `pair`, but the daemons run under a launcher. */
async function pairUnder(lab: Lab, hosts: [Host, Host], launcher: string[]): Promise<Pair> {
  const [a, b] = [new Node(lab, hosts[0], 'alpha'), new Node(lab, hosts[1], 'bravo')];
  a.launcher = b.launcher = launcher;
  a.mcc('init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha');
  await a.up();
  b.join(lastLine(a.mcc('invite', '--address', '192.0.2.1')));
  await b.up();
  return { a, b, toB: reach(a, 'bravo'), toA: reach(b, 'alpha') };
}

function wired(lab: Lab): [Host, Host, [string, string]] {
  const [a, b] = [lab.host('a'), lab.host('b')];
  return [a, b, lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24'])];
}

/** What the kernel says of a TUN's offloads. */
function offloads(host: Host): Record<string, string> {
  const lines = host.must(['ethtool', '-k', 'mcc0']).matchAll(/^\s*([\w-]+): (on|off)/gm);
  return Object.fromEntries([...lines].map(([, feature, state]) => [feature, state]));
}

for (const refused of [[], ['tso'], ['uso'], ['gso'], ['gro'], ['tso', 'uso', 'gso', 'gro']]) {
  const name = refused.length === 0 ? 'nothing' : refused.join(', ');
  t.test(`the kernel refuses ${name}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [a, b, [device]] = wired(lab);
    const both = await pairUnder(lab, [a, b], [refuse, ...refused, '--']);
    t.match(offloads(a), {
      'tcp-segmentation-offload': refused.includes('tso') ? 'off' : 'on',
      // The kernel gives UDP super-packets only to those who take TCP's.
      'tx-udp-segmentation': refused.includes('uso') || refused.includes('tso') ? 'off' : 'on',
    });
    const trains = await Capture.on(a, device, 'udp port 9376 and greater 3000', 'out');
    if (refused.length > 0) filesEachWay(t, lab, both, 200);
    // The first ones go while it is still being found out how large a datagram may be: in pieces of different sizes.
    else t.equal(a.run(['ping', '-c', '5', '-i', '0.2', '-s', '20000', both.toB.ipv4]).status, 0);
    t.test('what is refused is not in use', async (t) => {
      const seen = (await trains.lines()).length;
      t.equal(seen > 0, !refused.includes('gso'), `${seen} trains of datagrams left`);
    });
    if (refused.length === 0) return;
    datagramsOfSizes(t, both, 997);
    largePings(t, both);
  });
}

for (const [name, features] of [
  ['checksum offload', ['tx', 'off']],
  ['segmentation offload', ['gso', 'off', 'tso', 'off', 'tx-udp-segmentation', 'off']],
  ['receive offload', ['gro', 'off']],
] as const) {
  t.test(`the wire has no ${name}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [a, b, devices] = wired(lab);
    for (const [index, host] of [a, b].entries())
      host.must(['ethtool', '-K', devices[index] as string, ...features]);
    const both = await pairUnder(lab, [a, b], []);
    filesEachWay(t, lab, both, 200);
    datagramsOfSizes(t, both, 997);
    largePings(t, both);
  });
}
