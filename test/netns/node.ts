/** A node of mcc on a host of the laboratory: the shipped bundle, driven as a user would. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import type { Finished, Host, Lab, Running } from './lab.ts';

const program = [process.execPath, resolve(import.meta.dirname, '../../dist/mcc.js')];

/** The parts of `mcc status --json` that scenarios look at. */
export interface Status {
  nodeId: string;
  networkId: string;
  organisation: string;
  organisationId: string;
  name: string;
  addresses: { ipv4: string; ipv6: string };
  peers: {
    nodeId: string;
    name: string;
    path: { kind: string; remote: string };
    rttMs: number;
    txBytes: number;
    rxBytes: number;
  }[];
  drops: Record<string, number>;
}

export class Node {
  readonly host: Host;
  readonly name: string;
  readonly state: string;
  /** Environment of the daemon, for launchers that make the kernel refuse something. */
  environment: NodeJS.ProcessEnv = {};
  /** Words in front of the daemon's command line, and of that of every command, this one's too. */
  launcher: string[] = [];
  prefix: string[] = [];
  #daemon: Running | undefined;

  constructor(lab: Lab, host: Host, name: string, config = '') {
    this.host = host;
    this.name = name;
    this.state = join(lab.folder, name);
    mkdirSync(this.state, { mode: 0o700 });
    if (config !== '') this.configure(config);
  }

  /** Writes the node's configuration file; it takes effect at the next start. */
  configure(yaml: string): void {
    writeFileSync(join(this.state, 'mcc.yaml'), yaml);
  }

  get daemon(): Running {
    if (this.#daemon === undefined) throw new Error(`${this.name} is not running`);
    return this.#daemon;
  }

  /** Runs a command to its end and returns status and output. */
  try(words: string[], input?: string): Finished {
    const command = [...this.prefix, ...program, ...words, '--state', this.state];
    return this.host.run(command, input === undefined ? {} : { input });
  }

  /** Starts a command in the background; `words` are all of its words. */
  program(words: string[]): Running {
    return this.host.start([...program, ...words]);
  }

  /** Runs a command that must succeed and returns what it printed. */
  mcc(...words: string[]): string {
    const done = this.try(words);
    if (done.status !== 0)
      throw new Error(`mcc ${words.join(' ')}: status ${done.status}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  json<T>(...words: string[]): T {
    return JSON.parse(this.mcc(...words, '--json')) as T;
  }

  status(): Status {
    return this.json<Status>('status');
  }

  /** What the daemon's REST API answers: much cheaper than the program. `body`: by `method`. */
  ask<T>(path: string, body?: object, method = 'POST'): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const how = body === undefined ? {} : { method, headers: { 'content-type': 'application/json' } };
    const sent = request(
      { socketPath: join(this.state, 'mcc.sock'), path, agent: false, ...how },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => {
          if ((answer.statusCode ?? 0) < 300) resolve(JSON.parse(text));
          else reject(new Error(`${this.name}: ${path}: ${text}`));
        });
      },
    );
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  /** Becomes a node of the network that the token names. */
  join(token: string, name = this.name): void {
    const done = this.try(['join', '-', '--name', name], token);
    if (done.status !== 0) throw new Error(`join: ${done.stdout}${done.stderr}`);
  }

  /** Starts the daemon and waits until packets can flow. */
  async up(...words: string[]): Promise<void> {
    this.start(...words);
    await this.daemon.waitFor(/"event":"ready"/);
  }

  /** Starts the daemon, which may be no member. */
  start(...words: string[]): void {
    const command = [...this.prefix, ...this.launcher, ...program, 'run', '--state', this.state, ...words];
    const daemon = this.host.start(command, { env: { ...process.env, ...this.environment } });
    this.#daemon = daemon;
    // A scenario that goes on without one of its daemons fails elsewhere, and of that alone nobody can tell why.
    void daemon.ended().then(({ status, stderr }) => {
      if (status) console.error(`${this.name} ended with status ${status}:\n${stderr.slice(-4000)}`);
    });
  }

  /** Stops the daemon with a signal and waits for its end. */
  async down(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    const done = await this.daemon.stop(signal);
    this.#daemon = undefined;
    return done;
  }
}

/** Two hosts, founder and joiner of one network, both running; `addresses` are the second's as the first reaches it. */
export interface Pair {
  a: Node;
  b: Node;
  /** Virtual addresses: of b as seen from a, and of a as seen from b. */
  toB: { ipv4: string; ipv6: string };
  toA: { ipv4: string; ipv6: string };
}

/** Founds a network on host a, reachable at `outer`, and joins host b by token. */
export async function pair(lab: Lab, hostA: Host, hostB: Host, outer: string, config = ''): Promise<Pair> {
  const a = new Node(lab, hostA, 'alpha', config);
  const b = new Node(lab, hostB, 'bravo', config);
  a.mcc('init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha');
  await a.up();
  b.join(lastLine(a.mcc('invite', '--address', outer)));
  await b.up();
  return { a, b, toB: reach(a, 'bravo'), toA: reach(b, 'alpha') };
}

/** Where `mcc invite` prints the token. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** The virtual addresses by which a node reaches another one. */
export function reach(from: Node, name: string): { ipv4: string; ipv6: string } {
  const peer = from
    .json<{ peers: { name: string; addresses: { ipv4: string; ipv6: string } }[] }>('peers')
    .peers.find((row) => row.name === name);
  if (peer === undefined) throw new Error(`${from.name} does not know ${name}`);
  return peer.addresses;
}
