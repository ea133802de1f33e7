/** Two nodes behind NATs, and public nodes that relay for them. */
import { type Lab, until } from './lab.ts';
import { Internet, type NatBox, type NatOptions, type Site } from './nat.ts';
import { lastLine, Node, reach } from './node.ts';

const PATIENCE_MS = 90_000;

export interface Relayed {
  readonly internet: Internet;
  readonly hubs: { readonly node: Node; readonly site: Site }[];
  readonly ends: { readonly node: Node; readonly box: NatBox }[];
  /** Of the second end, as the first reaches it. */
  readonly address: string;
}

/** How the first end reaches the second now: its kind, and the address of the other side of the way. */
export function wayBetween(from: Node, to: string): { kind: string; remote: string } | undefined {
  return from.status().peers.find(({ name }) => name === to)?.path;
}

/** `hubs` public nodes and two behind NATs of these kinds, which have talked to each other. */
export async function relayed(
  lab: Lab,
  options: {
    readonly hubs: number;
    readonly ends: readonly [NatOptions, NatOptions];
    readonly config?: string;
  },
): Promise<Relayed> {
  const config = `portmap: off\n${options.config ?? ''}`;
  const internet = new Internet(lab);
  const hubs: Relayed['hubs'] = [];
  let token = '';
  for (let i = 0; i < options.hubs; i++) {
    const site = await internet.publicHost(`hub${i + 1}`);
    const node = new Node(lab, site.host, `hub${i + 1}`, config);
    if (i === 0) node.mcc('init', '--organisation', 'acme', '--name', 'hub1');
    else node.join(token);
    await node.up('--advertise', site.address);
    if (i === 0) token = lastLine(node.mcc('invite', '--uses', '20', '--address', site.address));
    hubs.push({ node, site });
  }
  const ends: Relayed['ends'] = [];
  for (const [i, name] of ['alpha', 'bravo'].entries()) {
    const box = await internet.nat(`nat${i + 1}`, options.ends[i]);
    const node = new Node(lab, box.site(name).host, name, config);
    node.join(token);
    await node.up();
    ends.push({ node, box });
  }
  const [alpha, bravo] = ends.map(({ node }) => node);
  await until('the ends have relays', () => ends.every(({ node }) => relays(node).length > 0), PATIENCE_MS);
  await until('alpha reaches bravo', () => alpha.try(['ping', 'bravo', '-c', '1']).status === 0, PATIENCE_MS);
  return { internet, hubs, ends, address: reach(alpha, bravo.name).ipv4 };
}

/** Names of the relays that keep a node reachable. */
export function relays(node: Node): string[] {
  return node.json<{ relaying: { relays: string[] } }>('status').relaying.relays;
}

/** The hub through which most bytes go now. Something has to flow. */
export async function carrier(
  hubs: Relayed['hubs'],
  flow: () => Promise<unknown>,
): Promise<Relayed['hubs'][number]> {
  const bytes = (): number[] => hubs.map(({ site }) => outerBytes(site));
  const before = bytes();
  await flow();
  const come = bytes().map((count, i) => count - before[i]);
  return hubs[come.indexOf(Math.max(...come))];
}

function outerBytes({ host }: Site): number {
  const links = JSON.parse(host.ip('-j', '-s', 'link')) as {
    ifname: string;
    stats64: { rx: { bytes: number } };
  }[];
  return links
    .filter(({ ifname }) => ifname.startsWith('up'))
    .reduce((sum, link) => sum + link.stats64.rx.bytes, 0);
}
