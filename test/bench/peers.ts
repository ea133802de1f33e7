/** The contenders of the benchmark: mcc, its peers, and the bare wire. Each makes a tunnel between two hosts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Host, type Lab, must, run } from '../netns/lab.ts';

/** A tunnel that stands: the second host's address inside it, and its processes. */
export interface Tunnel {
  address: string;
  pids: number[];
  /** Milliseconds from starting the first process to the first answered ping; undefined for the bare wire. */
  startMs?: number;
}

export interface Contender {
  name: string;
  /** Why it cannot take part, or undefined. */
  missing(): string | undefined;
  start(lab: Lab, a: Host, b: Host): Promise<Tunnel>;
}

/** Outer addresses that every contender finds on the two hosts. */
export const OUTER = { a: '192.0.2.1', b: '192.0.2.2' } as const;

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mcc-bench');

/** Options that make apt work in a private folder, on a suite of the mirror that this machine uses already. */
function privateApt(suite: string): string[] | undefined {
  const targets = run([
    'apt-get',
    'indextargets',
    '--format',
    '$(SITE) $(RELEASE) $(COMPONENT)',
    'Created-By: Packages',
  ]).stdout;
  const mirror = targets
    .split('\n')
    .map((line) => line.split(' '))
    .find((words) => words[2] === 'main' && !(words[1] ?? '').includes('-'))?.[0];
  if (mirror === undefined) return undefined;
  const folder = join(cache, suite);
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'sources.list'), `deb ${mirror} ${suite} main\n`);
  return [
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State=${join(folder, 'state')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
}

/** Fetches a Debian package of a suite by name and unpacks it in the cache; returns the folder, or undefined when it cannot be had. */
function unpacked(name: string, suite: string): string | undefined {
  const folder = join(cache, suite, name);
  if (existsSync(folder)) return folder;
  const options = privateApt(suite);
  if (options === undefined) return undefined;
  const downloads = join(cache, suite, `download-${name}`);
  mkdirSync(downloads, { recursive: true });
  run(['apt-get', ...options, '-qq', 'update'], { timeoutMs: 120_000 });
  const got = run([
    'sh',
    '-c',
    'cd "$1" && shift && exec apt-get "$@"',
    'sh',
    downloads,
    ...options,
    '-qq',
    'download',
    name,
  ]);
  const file = readdirSync(downloads).find((entry) => entry.endsWith('.deb'));
  if (got.status !== 0 || file === undefined) return undefined;
  must(['dpkg-deb', '-x', join(downloads, file), folder]);
  return folder;
}

/** The program that configures wireguard-go: this machine's, or one of its own suite in the cache, as it needs this machine's libc. */
function wg(): string | undefined {
  if (run(['wg', '--version']).status === 0) return 'wg';
  const suite = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const folder = suite === undefined ? undefined : unpacked('wireguard-tools', suite);
  return folder === undefined ? undefined : join(folder, 'usr/bin/wg');
}

/** Returns when the address answers a ping. */
export async function firstPing(host: Host, address: string): Promise<void> {
  const loop = `for i in $(seq 400); do ping -n -q -c 1 -W 0.05 ${address} >/dev/null 2>&1 && exit 0; sleep 0.01; done; exit 1`;
  const done = await host.start(['sh', '-c', loop]).ended();
  if (done.status !== 0) throw new Error(`${address} does not answer`);
}

export const wire: Contender = {
  name: 'raw veth',
  missing: () => undefined,
  start: async () => ({ address: OUTER.b, pids: [] }),
};

export function wireguard(suite: string): Contender {
  return {
    name: `wireguard-go (${suite})`,
    missing: () => {
      const has = unpacked('wireguard-go', suite) !== undefined && wg() !== undefined;
      return has ? undefined : 'its packages (wireguard-go, wireguard-tools) cannot be fetched';
    },
    start: async (lab, a, b) => {
      const program = join(unpacked('wireguard-go', suite) ?? '', 'usr/bin/wireguard-go');
      const tool = wg() ?? '';
      const keys = [a, b].map(() => {
        const secret = must([tool, 'genkey']).trim();
        return { secret, public: must([tool, 'pubkey'], { input: secret }).trim() };
      });
      const began = performance.now();
      const pids: number[] = [];
      for (const [index, host] of [a, b].entries()) {
        const device = `wg${index}`;
        const daemon = host.start([program, '-f', device], { env: { ...process.env, LOG_LEVEL: 'error' } });
        pids.push(daemon.pid);
        for (let tries = 0; host.run([tool, 'show', device]).status !== 0; tries++) {
          if (tries > 500) throw new Error(`wireguard-go did not start\n${daemon.output()}`);
        }
        const file = join(lab.folder, device);
        writeFileSync(file, keys[index]?.secret ?? '', { mode: 0o600 });
        const peer = keys[1 - index];
        const endpoint = `${index === 0 ? OUTER.b : OUTER.a}:51820`;
        host.must([
          tool,
          'set',
          device,
          'private-key',
          file,
          'listen-port',
          '51820',
          'peer',
          peer?.public ?? '',
          'endpoint',
          endpoint,
          'allowed-ips',
          '10.99.0.0/24',
        ]);
        host.ip('address', 'add', `10.99.0.${index + 1}/24`, 'dev', device);
        host.ip('link', 'set', device, 'mtu', '1420', 'up');
      }
      await firstPing(a, '10.99.0.2');
      return { address: '10.99.0.2', pids, startMs: performance.now() - began };
    },
  };
}

export function nebula(suite: string): Contender {
  return {
    name: `nebula (${suite})`,
    missing: () => (unpacked('nebula', suite) === undefined ? 'its package cannot be fetched' : undefined),
    start: async (lab, a, b) => {
      const folder = unpacked('nebula', suite) ?? '';
      const certify = (...words: string[]): void => {
        must([join(folder, 'usr/bin/nebula-cert'), ...words]);
      };
      const at = (name: string): string => join(lab.folder, name);
      certify('ca', '-name', 'bench', '-out-crt', at('ca.crt'), '-out-key', at('ca.key'));
      for (const [index, name] of ['a', 'b'].entries()) {
        certify(
          'sign',
          '-ca-crt',
          at('ca.crt'),
          '-ca-key',
          at('ca.key'),
          '-name',
          name,
          '-ip',
          `10.98.0.${index + 1}/24`,
          '-out-crt',
          at(`${name}.crt`),
          '-out-key',
          at(`${name}.key`),
        );
        const other =
          index === 0 ? { inner: '10.98.0.2', outer: OUTER.b } : { inner: '10.98.0.1', outer: OUTER.a };
        writeFileSync(
          at(`${name}.yml`),
          [
            `pki: { ca: ${at('ca.crt')}, cert: ${at(`${name}.crt`)}, key: ${at(`${name}.key`)} }`,
            `static_host_map: { "${other.inner}": ["${other.outer}:4242"] }`,
            `lighthouse: { am_lighthouse: ${index === 1}, hosts: [${index === 0 ? '"10.98.0.2"' : ''}] }`,
            'listen: { host: 0.0.0.0, port: 4242 }',
            `tun: { dev: neb${index}, mtu: 1420 }`,
            'logging: { level: error }',
            'firewall: { outbound: [{ port: any, proto: any, host: any }], inbound: [{ port: any, proto: any, host: any }] }',
          ].join('\n'),
        );
      }
      const began = performance.now();
      const pids = [b, a].map(
        (host) =>
          host.start([join(folder, 'usr/bin/nebula'), '-config', at(`${host === a ? 'a' : 'b'}.yml`)]).pid,
      );
      await firstPing(a, '10.98.0.2');
      return { address: '10.98.0.2', pids, startMs: performance.now() - began };
    },
  };
}
