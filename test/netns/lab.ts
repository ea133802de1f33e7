/**
 * A laboratory of hosts: each is a network namespace of its own, joined by veth pairs, with real programs in it.
 * Everything a lab makes (namespaces, links, processes, folders) goes away with `close()`, and also when the test
 * process fails, is interrupted, leaves without closing or is killed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a finished program left behind. */
export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A program that runs in the background; its output is kept (at most 1 MB of each stream). */
export interface Running {
  readonly pid: number;
  readonly process: ChildProcess;
  output(): string;
  /** Resolves with the first match on either stream, also in what was printed before; rejects when the program ends or time is up. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Resolves with line `number` (from 1) of standard output among those that begin so; rejects likewise. */
  line(beginning: string, number: number, timeoutMs?: number): Promise<string>;
  /** Resolves when the program has ended. */
  ended(): Promise<Finished>;
  /** Sends a signal (SIGTERM unless told) and waits for the end; SIGKILL after 5 s. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

const OUTPUT_LIMIT = 1_000_000;
/** For programs that are told to end, and killed after 5 s. */
const CLOSE_PATIENCE_MS = 8_000;
const open = new Set<Lab>();

function closeAll(): void {
  for (const lab of open) lab.closeNow();
}
process.on('exit', closeAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    closeAll();
    process.exit(130);
  });
}

/** Why this process cannot make laboratories; undefined when it can. */
export function impossible(): string | undefined {
  if (run(['unshare', '--net', '--mount', 'true']).status !== 0)
    return 'needs root, to make network namespaces';
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return 'needs /dev/net/tun: modprobe tun';
  }
}

const TEST_TIMEOUT_MS = 400_000;

/** For the head of a test file: where laboratories are impossible it counts as skipped, and says why. */
export function needsLab(test: { setTimeout(ms: number): unknown }): void {
  test.setTimeout(TEST_TIMEOUT_MS);
  const why = impossible();
  if (why === undefined) return;
  console.log(`TAP version 14\n1..0 # SKIP ${why}`);
  process.exit(0);
}

/** Cleans up once its input ends, which the kernel sees to however this process ends. Usually it finds nothing. */
const GUARDIAN = `
cat >/dev/null
for space in $(ip netns list | grep -o "^mcc-$1-[^ ]*"); do
  ip netns pids "$space" | xargs -r kill -9
  ip netns delete "$space"
  rm -rf "/etc/netns/$space"
done
rm -rf "$2"
`;

function guard(id: string, folder: string): ChildProcess {
  const guardian = spawn('sh', ['-c', GUARDIAN, 'guardian', id, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guardian.unref();
  // Neither the guardian nor the pipe to it keeps this process alive.
  (guardian.stdin as Socket | null)?.unref();
  return guardian;
}

/** Runs a program to its end and throws, with what it printed, unless it ends with status 0. */
export function must(command: string[], options: { input?: string; timeoutMs?: number } = {}): string {
  const done = run(command, options);
  if (done.status !== 0) {
    throw new Error(`${command.join(' ')}: status ${done.status}\n${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}

/** Runs a program to its end. */
export function run(command: string[], options: { input?: string; timeoutMs?: number } = {}): Finished {
  const done = spawnSync(command[0]!, command.slice(1), {
    encoding: 'utf8',
    maxBuffer: 64 * OUTPUT_LIMIT,
    timeout: options.timeoutMs ?? 60_000,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  if (done.error !== undefined && done.status === null) {
    return { status: null, stdout: done.stdout ?? '', stderr: `${done.stderr ?? ''}${done.error.message}` };
  }
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Starts a program in the background. */
export function start(command: string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): Running {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const wake = (): void => {
    for (const listener of [...listeners]) listener();
  };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-OUTPUT_LIMIT);
    wake();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-OUTPUT_LIMIT);
    wake();
  });
  child.stdin!.on('error', () => {});
  const end = new Promise<Finished>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message;
      resolve({ status: null, stdout, stderr });
      wake();
    });
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
      wake();
    });
  });
  let finished = false;
  void end.then(() => {
    finished = true;
    wake();
  });
  function wait<T>(what: string, look: () => T | undefined, timeoutMs = 15_000): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const stop = (): void => {
      clearTimeout(timer);
      listeners.delete(again);
    };
    const fail = (why: string): void => {
      stop();
      reject(new Error(`${command.join(' ')}: ${why} ${what}\n${stdout}${stderr}`));
    };
    const again = (): void => {
      const found = look();
      if (found !== undefined) {
        stop();
        resolve(found);
      } else if (finished) {
        fail('ended without');
      }
    };
    const timer = setTimeout(() => fail(`no sign within ${timeoutMs} ms of`), timeoutMs);
    listeners.add(again);
    again();
    return promise;
  }
  const running: Running = {
    pid: child.pid ?? -1,
    process: child,
    output: () => stdout + stderr,
    ended: () => end,
    waitFor: (pattern, timeoutMs) =>
      wait(String(pattern), () => stdout.match(pattern) ?? stderr.match(pattern) ?? undefined, timeoutMs),
    line: (beginning, number, timeoutMs) =>
      wait(
        `line ${number} of those with ${beginning}`,
        () => {
          const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
          return whole.split('\n').filter((line) => line.startsWith(beginning))[number - 1];
        },
        timeoutMs,
      ),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return end;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      const done = await end;
      clearTimeout(timer);
      return done;
    },
  };
  return running;
}

/** Calls `probe` until it returns something other than undefined and false; the last resort where no event can be waited for. */
export async function until<T>(
  what: string,
  probe: () => T | false | undefined | Promise<T | false | undefined>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One host: a network namespace. */
export class Host {
  readonly name: string;
  readonly namespace: string;
  readonly #lab: Lab;

  constructor(lab: Lab, name: string, namespace: string) {
    this.#lab = lab;
    this.name = name;
    this.namespace = namespace;
  }

  #inside(command: string[]): string[] {
    return ['ip', 'netns', 'exec', this.namespace, ...command];
  }

  run(command: string[], options?: { input?: string; timeoutMs?: number }): Finished {
    return run(this.#inside(command), options);
  }

  must(command: string[], options?: { input?: string; timeoutMs?: number }): string {
    return must(this.#inside(command), options);
  }

  /** Configures with iproute2, which takes the namespace itself. */
  ip(...words: string[]): string {
    return must(['ip', '-n', this.namespace, ...words]);
  }

  start(command: string[], options?: { env?: NodeJS.ProcessEnv; cwd?: string }): Running {
    return this.#lab.track(start(this.#inside(command), options));
  }

  /** Name servers of the programs that are started from now on: `ip netns exec` gives them an /etc/resolv.conf of their own. */
  nameservers(...addresses: string[]): void {
    mkdirSync(`/etc/netns/${this.namespace}`, { recursive: true });
    const lines = [...addresses.map((address) => `nameserver ${address}`), 'options timeout:5 attempts:2'];
    writeFileSync(`/etc/netns/${this.namespace}/resolv.conf`, `${lines.join('\n')}\n`);
  }
}

/** A set of hosts and the wires between them. Its namespaces are named `mcc-ID-HOST`; ID ends the folder's name. */
export class Lab {
  /** A private folder, removed at the end. */
  readonly folder: string;
  readonly #id: string;
  readonly #guardian: ChildProcess;
  readonly #hosts: Host[] = [];
  readonly #running = new Set<Running>();
  #wires = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'mcc-lab-'));
    this.#id = this.folder.slice(-6);
    this.#guardian = guard(this.#id, this.folder);
    open.add(this);
  }

  host(name: string): Host {
    const namespace = `mcc-${this.#id}-${name}`;
    must(['ip', 'netns', 'add', namespace]);
    const host = new Host(this, name, namespace);
    this.#hosts.push(host);
    host.ip('link', 'set', 'lo', 'up');
    return host;
  }

  /** Hosts on networks of their own around a router; host n (from 1) has the address 10.n.0.2. */
  star(...names: string[]): Host[] {
    return this.starAround(...names).slice(1);
  }

  /** The same, with the router in front; its end of the link to host n has the address 10.n.0.1. */
  starAround(...names: string[]): Host[] {
    const router = this.host('router');
    router.must(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    const hosts = names.map((name, i) => {
      const host = this.host(name);
      this.wire(host, [`10.${i + 1}.0.2/24`], router, [`10.${i + 1}.0.1/24`]);
      host.ip('route', 'add', 'default', 'via', `10.${i + 1}.0.1`);
      return host;
    });
    return [router, ...hosts];
  }

  /** Joins two hosts by a veth pair; each end takes the addresses given ("10.0.0.1/24", "fd00::1/64"). Returns the interface names. */
  wire(a: Host, addressesA: string[], b: Host, addressesB: string[], mtu = 1500): [string, string] {
    const number = this.#wires++;
    const nameA = `up${number}a`;
    const nameB = `up${number}b`;
    must([
      'ip',
      '-n',
      a.namespace,
      'link',
      'add',
      nameA,
      'type',
      'veth',
      'peer',
      'name',
      nameB,
      'netns',
      b.namespace,
    ]);
    for (const [host, name, addresses] of [
      [a, nameA, addressesA],
      [b, nameB, addressesB],
    ] as const) {
      for (const address of addresses) {
        host.ip('address', 'add', address, 'dev', name, ...(address.includes(':') ? ['nodad'] : []));
      }
      host.ip('link', 'set', name, 'mtu', String(mtu), 'up');
    }
    return [nameA, nameB];
  }

  /** Starts a program outside all hosts. */
  start(command: string[], options?: { env?: NodeJS.ProcessEnv; cwd?: string }): Running {
    return this.track(start(command, options));
  }

  track(running: Running): Running {
    this.#running.add(running);
    void running.ended().then(() => this.#running.delete(running));
    return running;
  }

  async close(): Promise<void> {
    // A server's own children may hold its output open when it has ended.
    const timer = setTimeout(() => this.#killAll(), CLOSE_PATIENCE_MS);
    await Promise.all([...this.#running].map((running) => running.stop()));
    clearTimeout(timer);
    this.closeNow();
  }

  #killAll(): void {
    for (const { namespace } of this.#hosts) {
      const left = run(['ip', 'netns', 'pids', namespace]).stdout;
      for (const pid of left.split('\n').filter(Boolean)) {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          // It ended in the meantime.
        }
      }
    }
  }

  /** The same without waiting, for the ways out of the process that cannot wait. */
  closeNow(): void {
    if (!open.delete(this)) return;
    for (const running of this.#running) running.process.kill('SIGKILL');
    this.#killAll();
    for (const host of this.#hosts) {
      run(['ip', 'netns', 'delete', host.namespace]);
      rmSync(`/etc/netns/${host.namespace}`, { recursive: true, force: true });
    }
    rmSync(this.folder, { recursive: true, force: true });
    this.#guardian.stdin?.end();
  }
}
