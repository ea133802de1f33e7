/**
 * The matrix of test/reach/matrix.ts with real daemons, all alive at once in one Internet: two nodes at every place, four public ones of
 * which one relays, and as many neighbours as there are neighbourhoods. Pairs of them are measured one after another.
 */
import {
  expectation,
  NEIGHBOURHOODS,
  type Neighbourhood,
  type Outcome,
  PLACES,
  type Place,
  type PlaceName,
} from '../reach/matrix.ts';
import { type Host, type Lab, until } from './lab.ts';
import { Internet, type NatOptions, type Site } from './nat.ts';
import { lastLine, Node } from './node.ts';
import { type ProbeSocket, Probes } from './probe.ts';

/** Wires on the way there and back through the relay: of the public nodes and of what stands in front of each place. */
const WIRES = 8;
/** Least end to end through the relay, ms. */
export const RELAYED_RTT_MS = 40;

/** Public nodes: the first relays, the others say how nodes look from outside, and keep records. */
const PUBLIC = ['hub', 'north', 'south', 'west'] as const;
const PORT = 7000;
/** ms between two packets of the program, before the first arrived and after. */
const FIRST_EVERY_MS = 20;
const EVERY_MS = 50;
const START_MS = 60_000;
const PATIENCE_MS = 60_000;
/** Nodes that say how another looks from outside, before it is clear. */
const SAMPLES = 3;

export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly expected: Outcome;
  /** Takes a prediction of ports or a birthday collision. */
  readonly isHard: boolean;
  /** Names of the two nodes. */
  readonly nodes: readonly [string, string];
}

export interface Measured {
  readonly pair: Pair;
  /** There was a session before. */
  readonly isWarm: boolean;
  /** ms that the name took. */
  readonly lookupMs: number;
  /** ms from the first packet sent to the first that arrived, of whichever number; undefined: none did. */
  readonly firstMs: number | undefined;
  /** Packets sent before the one that arrived first. */
  readonly lost: number;
  /** At the end, as both sides say. */
  readonly kinds: readonly [string, string];
  /** ms from the first packet that arrived until both sides had left the relay; undefined: they have not. */
  readonly upgradeMs: number | undefined;
  /** Datagrams to others than the public nodes until then, of both. */
  readonly probes: number;
  /** Why it is relayed, as the first node says; '': it is not. */
  readonly reason: string;
}

/** A node, and a program beside it. */
class Spot {
  readonly name: string;
  readonly node: Node;
  private readonly hasUdp: boolean;
  socket: ProbeSocket | undefined;
  /** By the names of peers, as the daemon's log says. */
  readonly paths = new Map<string, { kind: string; at: number }>();

  /** `hasUdp`: it gets out of the place. */
  constructor(lab: Lab, host: Host, name: string, hasUdp = true) {
    this.name = name;
    this.hasUdp = hasUdp;
    this.node = new Node(lab, host, name, 'core: never\nrelay: off\nportmap: off\n');
  }

  get program(): ProbeSocket {
    if (this.socket === undefined) throw new Error(`${this.name} has not joined`);
    return this.socket;
  }

  /** Becomes a member and runs. */
  async begin(token: string, probes: Probes, infrastructure: readonly string[]): Promise<void> {
    const { node, name } = this;
    const joining = node.program(['join', '-', '--name', name, '--state', node.state]);
    joining.process.stdin?.end(token);
    const { status, stdout, stderr } = await joining.ended();
    if (status !== 0) throw new Error(`${name}: join: ${stdout}${stderr}`);
    await node.up();
    let pending = '';
    for (const stream of [node.daemon.process.stdout, node.daemon.process.stderr])
      stream?.on('data', (text: string) => {
        const lines = (pending + text).split('\n');
        pending = lines.pop() ?? '';
        for (const line of lines) this.hear(line);
      });
    const { addresses } = await this.ask<{ addresses: { ipv6: string } }>('/v1/status');
    this.socket = await probes.open(node.host, addresses.ipv6, PORT);
    node.host.must(['nft', '-f', '-'], { input: countRules(infrastructure) });
  }

  private hear(line: string): void {
    if (!line.includes('"peerUp"') && !line.includes('"pathChanged"')) return;
    const { name, path, time } = JSON.parse(line) as { name: string; path: string; time: string | number };
    this.paths.set(name, { kind: path, at: new Date(time).getTime() });
  }

  /** What the daemon's API says. */
  ask<T>(path: string): Promise<T> {
    return this.node.ask(path);
  }

  async peer(name: string): Promise<PeerRow | undefined> {
    return (await this.ask<{ peers: PeerRow[] }>('/v1/peers')).peers.find((row) => row.name === name);
  }

  /** It has a relay, if it needs one, and knows what it is behind. */
  async isReady(): Promise<boolean> {
    const { relaying, nat } = await this.ask<StatusRow>('/v1/status');
    const hasRelay = relaying.relays.length > 0;
    if (!this.hasUdp) return hasRelay;
    return nat.samples >= SAMPLES && (hasRelay || nat.filtering === 'endpointIndependent');
  }

  /** Datagrams that went elsewhere than to the public nodes. */
  probesSent(): number {
    const listed = JSON.parse(
      this.node.host.must(['nft', '-j', 'list', 'counters', 'table', 'inet', 'reach']),
    );
    return listed.nftables.find((entry: { counter?: object }) => entry.counter !== undefined).counter.packets;
  }
}

interface PeerRow {
  name: string;
  state: string;
  path: { kind: string | null; relay: string | null; code: string | null; reason: string | null };
}

function countRules(infrastructure: readonly string[]): string {
  const of = (family: number): string =>
    infrastructure.filter((address) => address.includes(':') === (family === 6)).join(', ');
  return `table inet reach {
  counter probes { }
  chain out {
    type filter hook output priority filter
    oifname { "lo", "mcc0" } accept
    ip daddr { 224.0.0.0/4, ${of(4)} } accept
    ip6 daddr { ff00::/8, ${of(6)} } accept
    meta l4proto udp counter name probes
  }
}`;
}

/** Pairs of the matrix whose "A - B" matches; each place with itself too, since two nodes are at each. */
export function pairsOf(
  names: readonly PlaceName[],
  hoods: readonly (keyof typeof NEIGHBOURHOODS)[],
): Pair[] {
  const apart = names.flatMap((a, i) =>
    names.slice(i).map((b): Pair => {
      const { outcome, isHard } = expectation(PLACES[a], PLACES[b]);
      return { a, b, expected: outcome, isHard, nodes: [`${a}-1`, `${b}-2`] };
    }),
  );
  const near = hoods.map((name, i): Pair => {
    const { outcome } = NEIGHBOURHOODS[name];
    return { a: name, b: name, expected: outcome, isHard: false, nodes: [`near${i}-1`, `near${i}-2`] };
  });
  return [...apart, ...near];
}

/** Everything that some pairs need, up and running. */
export class Matrix {
  private readonly lab: Lab;
  private readonly spots: Map<string, Spot>;
  private runs = 0;

  private constructor(lab: Lab, spots: Map<string, Spot>) {
    this.lab = lab;
    this.spots = spots;
  }

  /** `rttMs`: end to end through the relay. `tell`: of progress. */
  static async begin(
    lab: Lab,
    pairs: readonly Pair[],
    rttMs = RELAYED_RTT_MS,
    tell: (text: string) => void = () => {},
  ): Promise<Matrix> {
    const internet = new Internet(lab);
    const link = { delayUs: (rttMs * 1000) / WIRES };
    const sites: Site[] = [];
    for (const name of PUBLIC) sites.push(await internet.publicHost(name, { link, ipv6: 'open' }));
    const [hub, ...others] = PUBLIC.map((name, i) => {
      const config = i === 0 ? '' : 'relay: off\n';
      return new Node(
        lab,
        sites[i].host,
        name,
        `advertise: ${sites[i].address}:9376\nportmap: off\n${config}`,
      );
    });
    hub.mcc('init', '--organisation', 'acme', '--name', 'hub');
    await hub.up();
    const token = lastLine(hub.mcc('invite', '--uses', '100', '--address', sites[0].address));
    for (const node of others) {
      node.join(token);
      await node.up();
    }
    const probes = await Probes.start(lab);
    const spots = await settle(lab, internet, pairs, { link });
    tell(`${spots.size} nodes join`);
    const infrastructure = sites.flatMap(({ address, address6 }) => [
      address,
      ...(address6 === undefined ? [] : [address6]),
    ]);
    const waiting = [...spots.values()];
    const worker = async (): Promise<void> => {
      for (let spot = waiting.shift(); spot !== undefined; spot = waiting.shift())
        await spot.begin(token, probes, infrastructure);
    };
    await Promise.all([worker(), worker()]);
    return new Matrix(lab, spots);
  }

  /** Until every node that needs a relay has one, and knows what it is behind. */
  async ready(): Promise<void> {
    for (const spot of this.spots.values())
      await until(`${spot.name} is ready`, () => spot.isReady(), START_MS);
  }

  /** `patienceMs`: how long the relay may stay between them. */
  async measure(pair: Pair, patienceMs: number): Promise<Measured> {
    const [a, b] = pair.nodes.map((name) => this.spots.get(name) as Spot);
    const isWarm = (await a.peer(b.name))?.state === 'connected';
    if (!isWarm)
      for (const [one, other] of [
        [a, b],
        [b, a],
      ])
        one.paths.delete(other.name);
    const probesBefore = a.probesSent() + b.probesSent();
    const asked = performance.now();
    const address = await until(`${a.name} finds ${b.name}`, () => addressOf(a, b), PATIENCE_MS);
    const lookupMs = performance.now() - asked;
    const word = `r${++this.runs}`;
    const first = await this.first(a, b, address, word, patienceMs);
    if (first === undefined) {
      const probes = a.probesSent() + b.probesSent() - probesBefore;
      const none = { firstMs: undefined, lost: 0, kinds: ['none', 'none'], upgradeMs: undefined } as const;
      return { pair, isWarm, lookupMs, ...none, probes, reason: 'not connected' };
    }
    const upgradedAt = await this.upgrade(a, b, address, word, patienceMs);
    const probes = a.probesSent() + b.probesSent() - probesBefore;
    const rows = [await a.peer(b.name), await b.peer(a.name)];
    const kinds = rows.map((row) => row?.path.kind ?? 'none') as [string, string];
    const upgradeMs = upgradedAt === undefined ? undefined : Math.max(0, upgradedAt - first.at);
    const { firstMs, lost } = first;
    return {
      pair,
      isWarm,
      lookupMs,
      firstMs,
      lost,
      kinds,
      upgradeMs,
      probes,
      reason: rows[0]?.path.code ?? '',
    };
  }

  /** The path of a pair as its first node shows it. */
  async pathOf({ nodes }: Pair): Promise<PeerRow['path'] | undefined> {
    return (await this.spots.get(nodes[0])?.peer(nodes[1]))?.path;
  }

  /** Until no direct way is being looked for, or `patienceMs` are over. */
  async rest(pair: Pair, patienceMs: number): Promise<void> {
    const isTrying = async (): Promise<boolean> => (await this.pathOf(pair))?.code === 'trying';
    for (
      const deadline = performance.now() + patienceMs;
      performance.now() < deadline && (await isTrying());
    )
      await pause(EVERY_MS);
  }

  /** Sends until one arrives. `at`: Unix ms. */
  private async first(a: Spot, b: Spot, address: string, word: string, patienceMs: number) {
    const to = { address, port: PORT };
    const deadline = performance.now() + Math.max(patienceMs, 10_000);
    let startUs = Number.NaN;
    for (let n = 0; performance.now() < deadline; n++) {
      await a.program.send(to, `${word}.${n}`);
      if (n === 0) startUs = a.program.sentUs;
      await pause(FIRST_EVERY_MS);
      const arrival = b.program.arrived.find((one) => one.word.startsWith(`${word}.`));
      if (arrival === undefined) continue;
      const firstMs = (arrival.atUs - startUs) / 1000;
      const nowUs = Number(process.hrtime.bigint() / 1000n);
      return {
        firstMs,
        lost: Number(arrival.word.split('.')[1]),
        at: Date.now() - (nowUs - arrival.atUs) / 1000,
      };
    }
    return undefined;
  }

  /** Talks both ways until neither side uses the relay; Unix ms. */
  private async upgrade(a: Spot, b: Spot, address: string, word: string, patienceMs: number) {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      const [one, other] = [a.paths.get(b.name), b.paths.get(a.name)];
      const isDone = [one, other].every((path) => path !== undefined && path.kind !== 'relayed');
      if (isDone) return Math.max(one?.at ?? 0, other?.at ?? 0);
      await a.program.send({ address, port: PORT }, `${word}.more`);
      const arrival = b.program.arrived.pop();
      if (arrival !== undefined) await b.program.send(arrival.from, `${word}.back`);
      b.program.arrived.length = 0;
      a.program.arrived.length = 0;
      await pause(EVERY_MS);
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}

interface StatusRow {
  relaying: { relays: string[] };
  nat: { filtering: string | null; samples: number };
}

async function addressOf(a: Spot, b: Spot): Promise<string | undefined> {
  try {
    const { addresses } = await a.ask<{ addresses: string[] }>(`/v1/resolve/${b.name}.node.mcc`);
    return addresses.find((address) => address.includes(':'));
  } catch {
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The emulator is a TUN, whose addresses nodes do not take for their host's: it gets its own on another interface as well. */
function own(host: Host, address: string): void {
  host.ip('link', 'add', 'own0', 'type', 'bridge');
  host.ip('address', 'add', `${address}/32`, 'dev', 'own0');
  host.ip('link', 'set', 'own0', 'up');
}

/** Builds what the pairs' nodes stand behind. */
async function settle(
  lab: Lab,
  internet: Internet,
  pairs: readonly Pair[],
  options: Pick<NatOptions, 'link'>,
): Promise<Map<string, Spot>> {
  const spots = new Map<string, Spot>();
  for (const { a, b, nodes } of pairs) {
    if (a in NEIGHBOURHOODS) {
      const hood: Neighbourhood = NEIGHBOURHOODS[a as keyof typeof NEIGHBOURHOODS];
      const sites = await internet.neighbours(nodes, hood, options);
      for (const [i, { host }] of sites.entries()) spots.set(nodes[i], new Spot(lab, host, nodes[i]));
      continue;
    }
    for (const [i, place] of [a, b].entries()) {
      const name = nodes[i];
      if (spots.has(name)) continue;
      const where: Place = PLACES[place as PlaceName];
      const { host, address, box } = await internet.place(name, where, options);
      if (box === undefined) own(host, address);
      spots.set(name, new Spot(lab, host, name, where.udp !== 'blocked'));
    }
  }
  return spots;
}
