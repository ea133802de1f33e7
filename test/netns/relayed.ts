/** Two nodes behind NATs, and public nodes that relay for them. */
import { type Lab, until } from './lab.ts';
import { Internet, type NatBox, type NatOptions, type Site, type WireOptions } from './nat.ts';
import { lastLine, Node, reach } from './node.ts';

const PATIENCE_MS = 90_000;

export interface Relayed {
  readonly internet: Internet;
  readonly hubs: { readonly node: Node; readonly site: Site }[];
  /** `publicAddress`: where the Internet sees it. */
  readonly ends: { readonly node: Node; readonly box: NatBox | undefined; readonly publicAddress: string }[];
  /** Of the second end, as the first reaches it. */
  readonly address: string;
  /** Of the first, as the second reaches it. */
  readonly back: string;
}

/** How the first end reaches the second now: its kind, and the address of the other side of the way. */
export function wayBetween(from: Node, to: string): { kind: string; remote: string } | undefined {
  return from.status().peers.find(({ name }) => name === to)?.path;
}

/**
 * `hubs` public nodes, and two ends, behind these NATs or public where none is named, which have talked to each other.
 * `before`: is called before the ends join.
 */
export async function relayed(
  lab: Lab,
  options: {
    readonly hubs: number;
    readonly ends: readonly [NatOptions | WireOptions, NatOptions | WireOptions];
    readonly config?: string;
    /** No direct way between the ends until `internet.mend()`. Default: there is one. */
    readonly isCut?: boolean;
    /** Whether the core says why it drops. Default: yes. */
    readonly icmp?: 'open' | 'blocked';
  },
): Promise<Relayed> {
  const config = `portmap: off\n${options.config ?? ''}`;
  const internet = new Internet(lab, { icmp: options.icmp ?? 'open' });
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
    const end = options.ends[i];
    const box = 'kind' in end ? await internet.nat(`nat${i + 1}`, end) : undefined;
    const site = box === undefined ? await internet.publicHost(name, end) : box.site(name);
    const publicAddress = box?.publicAddress ?? site.address;
    ends.push({ node: new Node(lab, site.host, name, config), box, publicAddress });
  }
  if (options.isCut) internet.cut(ends[0].publicAddress, ends[1].publicAddress);
  for (const { node, box, publicAddress } of ends) {
    node.join(token);
    await node.up(...(box === undefined ? ['--advertise', publicAddress] : []));
  }
  const [alpha, bravo] = ends.map(({ node }) => node);
  const hidden = ends.filter(({ box }) => box !== undefined);
  await until('the ends have relays', () => hidden.every(({ node }) => relays(node).length > 0), PATIENCE_MS);
  await until('alpha reaches bravo', () => alpha.try(['ping', 'bravo', '-c', '1']).status === 0, PATIENCE_MS);
  return { internet, hubs, ends, address: reach(alpha, 'bravo').ipv4, back: reach(bravo, 'alpha').ipv4 };
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

/** Of three runs: one may be disturbed by what else the machine has to do. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
