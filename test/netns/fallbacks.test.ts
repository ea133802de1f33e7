import { join } from 'node:path';
import t from 'tap';
import { type Host, Lab } from './lab.ts';
import { compiled } from './link.ts';
import { lastLine, Node, type Pair, reach } from './node.ts';
import { datagramsOfSizes, filesEachWay, largePings } from './transfers.ts';

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

function wired(lab: Lab): [Host, Host, string[]] {
  const [a, b] = [lab.host('a'), lab.host('b')];
  return [a, b, lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24'])];
}

for (const refused of [['tso'], ['uso'], ['gso'], ['gro'], ['tso', 'uso', 'gso', 'gro']]) {
  t.test(`the kernel refuses ${refused.join(', ')}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [a, b] = wired(lab);
    const both = await pairUnder(lab, [a, b], [refuse, ...refused, '--']);
    filesEachWay(t, lab, both, 200);
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
      host.must(['ethtool', '-K', devices[index] ?? '', ...features]);
    const both = await pairUnder(lab, [a, b], []);
    filesEachWay(t, lab, both, 200);
    datagramsOfSizes(t, both, 997);
    largePings(t, both);
  });
}
