/** Two hosts with one link between them, and the ways over it that are compared: bare, through mcc, through wireguard-go. */
import { readdirSync } from 'node:fs';
import { parseConfig } from '../../../src/host/daemon/config.ts';
import { type Host, Lab, run, until } from '../../netns/lab.ts';
import { type BothCounts, Link, type LinkSettings, type RateStep } from '../../netns/link.ts';
import { type Node, type Pair, pair } from '../../netns/node.ts';
import { OUTER, wireguard } from '../peers.ts';

/** What is between the hosts, in both directions alike. */
export interface Path {
  /** Mbit/s; of a trace its mean. */
  readonly mbit: number;
  readonly rttMs: number;
  /** What waits at most, in products of rate and round trip. */
  readonly queueBdp: number;
  /** From the first to the second host, instead of a constant rate. */
  readonly trace?: readonly RateStep[];
  /** What the link does only once the tunnels stand. */
  readonly trouble?: LinkSettings;
}

/** What carries a stream: how it is started is told by `Scene.use`. */
export type Contender =
  | { readonly name: string; readonly kind: 'raw'; readonly control: 'cubic' | 'bbr' }
  | { readonly name: string; readonly kind: 'mcc'; readonly config: string }
  | { readonly name: string; readonly kind: 'wireguard' };

export const RAW: Contender = { name: 'raw cubic', kind: 'raw', control: 'cubic' };
export const RAW_BBR: Contender = { name: 'raw bbr', kind: 'raw', control: 'bbr' };
export const MCC: Contender = { name: 'mcc', kind: 'mcc', config: 'flow: { control: on }' };
export const NO_REPAIR: Contender = {
  name: 'mcc, no repair',
  kind: 'mcc',
  config: 'flow: { control: on, repair: off, correction: off }',
};
export const NO_CONTROL: Contender = {
  name: 'mcc, no control',
  kind: 'mcc',
  config: 'flow: { control: off }',
};
export const WIREGUARD: Contender = { name: 'wireguard-go', kind: 'wireguard' };

/** A way that stands. */
export interface Way {
  readonly client: Host;
  readonly server: Host;
  /** Of the second host, as the first reaches it. */
  readonly address: string;
  readonly control: 'cubic' | 'bbr';
  readonly pids: readonly number[];
  /** The tunnel's interface on both hosts. */
  readonly device: string;
  /** Where both ends are mcc. */
  readonly nodes?: readonly [Node, Node];
}

/** Why this build cannot be configured so, or undefined. */
export async function refusal(config: string): Promise<string | undefined> {
  try {
    await parseConfig(config, 'mcc.yaml');
    return undefined;
  } catch (error) {
    const [, what = ''] = (error as Error).message.split(/: |;/).slice(1);
    return `this build cannot be told ${config.trim().split('\n').at(-1)}: ${what}`;
  }
}

function settings(path: Path): LinkSettings {
  return {
    rate: path.mbit * 1e6,
    queue: Math.max(3000, Math.round(bdp(path) * path.queueBdp)),
    delayUs: path.rttMs * 500,
  };
}

/** Bytes. */
function bdp(path: Path): number {
  return (path.mbit * 1e6 * path.rttMs) / 8000;
}

const CONTROLS = 'net.ipv4.tcp_available_congestion_control';
const PATIENCE_MS = 60_000;
export const NICE = -15;

/** Puts all threads of a process ahead of others; without right to do so, it stays as it is. */
function prefer(pid: number): void {
  const threads = readdirSync(`/proc/${pid}/task`);
  run(['renice', '-n', String(NICE), '-p', ...threads]);
}

export class Scene {
  readonly lab = new Lab();
  readonly a: Host;
  readonly b: Host;
  readonly path: Path;
  #link: Link | undefined;
  #pair: Pair | undefined;
  #config = '';
  #wireguard: Way | undefined;

  private constructor(path: Path) {
    this.path = path;
    this.a = this.lab.host('a');
    this.b = this.lab.host('b');
    // What one stream learnt of the way is not for the next.
    for (const host of [this.a, this.b]) host.must(['sysctl', '-qw', 'net.ipv4.tcp_no_metrics_save=1']);
  }

  /** `log`: a file for what the link did, every 100 ms. */
  static async open(path: Path, log?: string): Promise<Scene> {
    const scene = new Scene(path);
    const { lab, a, b } = scene;
    try {
      const addresses = [[`${OUTER.a}/24`], [`${OUTER.b}/24`]] as const;
      scene.#link = await Link.between(lab, a, [...addresses[0]], b, [...addresses[1]], settings(path));
      if (log !== undefined) await scene.link.log(log);
    } catch (error) {
      await lab.close();
      throw error;
    }
    return scene;
  }

  /** The same two hosts, joined by a wire that is as fast as the machine. */
  static wired(): Scene {
    const scene = new Scene({ mbit: 0, rttMs: 0, queueBdp: 0 });
    scene.lab.wire(scene.a, [`${OUTER.a}/24`], scene.b, [`${OUTER.b}/24`]);
    return scene;
  }

  get link(): Link {
    if (this.#link === undefined) throw new Error('these hosts are joined by a wire');
    return this.#link;
  }

  /** Makes a contender's way stand; a text says why that is impossible. */
  async use(contender: Contender): Promise<Way | string> {
    const way = await this.#start(contender);
    // What is measured is what a link does, not who else uses this machine.
    if (typeof way !== 'string') for (const pid of way.pids) prefer(pid);
    return way;
  }

  #start(contender: Contender): Promise<Way | string> | Way | string {
    if (contender.kind === 'raw') return this.#raw(contender.control);
    if (contender.kind === 'wireguard') return this.#startWireguard();
    return this.#mcc(contender.config);
  }

  #raw(control: 'cubic' | 'bbr'): Way | string {
    const has = run(['sysctl', '-n', CONTROLS]).stdout.split(/\s+/).includes(control);
    if (!has && run(['modprobe', `tcp_${control}`]).status !== 0) return `${control} is not in this kernel`;
    return { client: this.a, server: this.b, address: OUTER.b, control, pids: [], device: 'wan0' };
  }

  async #startWireguard(): Promise<Way | string> {
    if (this.#wireguard !== undefined) return this.#wireguard;
    const peer = ['sid', 'bookworm'].map(wireguard).find((each) => each.missing() === undefined);
    if (peer === undefined) return wireguard('sid').missing() ?? '';
    // It is started with pings that do not wait for long.
    await this.link.set({ delayUs: 0 });
    const { address, pids } = await peer.start(this.lab, this.a, this.b);
    await this.link.set({ delayUs: settings(this.path).delayUs ?? 0 });
    this.#wireguard = { client: this.a, server: this.b, address, control: 'cubic', pids, device: 'wg' };
    return this.#wireguard;
  }

  async #mcc(words: string): Promise<Way | string> {
    const config = `portmap: off\n${words}\n`;
    const why = await refusal(config);
    if (why !== undefined) return why;
    if (this.#pair === undefined) {
      this.#pair = await pair(this.lab, this.a, this.b, OUTER.a, config);
    } else if (this.#config !== config) {
      for (const node of [this.#pair.a, this.#pair.b]) await node.down();
      for (const node of [this.#pair.a, this.#pair.b]) {
        node.configure(config);
        await node.up();
      }
    }
    this.#config = config;
    const { a, b, toB } = this.#pair;
    const ping = ['ping', '-n', '-c', '1', '-W', '2', toB.ipv4];
    await until('the tunnel stands', () => this.a.run(ping).status === 0, PATIENCE_MS);
    const pids = [a.daemon.pid, b.daemon.pid];
    return {
      client: this.a,
      server: this.b,
      address: toB.ipv4,
      control: 'cubic',
      pids,
      device: 'mcc0',
      nodes: [a, b],
    };
  }

  /** Measures with the link as bad as it is to be; what it did meanwhile comes with the result. */
  async troubled<T>(measure: () => Promise<T>): Promise<{ value: T; counts: BothCounts }> {
    await this.#empty();
    const { trouble = {}, trace } = this.path;
    if (trace !== undefined) await this.link.set({ trace }, 'ab');
    await this.link.set(trouble);
    await this.link.reset();
    const value = await measure();
    const counts = await this.link.stats();
    const calm = Object.fromEntries(Object.keys(trouble).map((name) => [name, name === 'burst' ? 1 : 0]));
    await this.link.set({ ...calm, trace: [] });
    return { value, counts };
  }

  /** Resolves when nothing is left of what was sent before. */
  async #empty(): Promise<void> {
    await until(
      'the link is empty',
      async () => {
        const { ab, ba } = await this.link.stats();
        return ab.inside + ba.inside === 0;
      },
      PATIENCE_MS,
    );
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}
