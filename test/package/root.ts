/** A clean Debian 12 as a host of the laboratory: its own files, processes and network, but no systemd. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Finished, type Host, type Lab, must, type Running, run, until } from '../netns/lab.ts';

const MIRROR = 'http://deb.debian.org/debian';
/** Beside the minimal system: what the package recommends, and what the tests use. */
const PACKAGES = ['curl', 'iproute2', 'libipsec-mb1', 'nftables'];
const BASE = join(homedir(), '.cache/mcc-test', `bookworm-${PACKAGES.join('-')}.tar`);

/** Fetches Debian where that was not done before (a minute or two). Returns why there is none; undefined: it is there. */
export function prepareDebian(): string | undefined {
  if (existsSync(BASE)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mcc-debian-'));
  try {
    const words = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, 'bookworm', folder, MIRROR];
    const done = run(['debootstrap', ...words], { timeoutMs: 250_000 });
    if (done.status !== 0)
      return `no Debian 12 from ${MIRROR}: ${(done.stdout || done.stderr).trim().split('\n').at(-1)}`;
    run(['sh', '-c', 'rm -rf "$0"/var/cache/apt/archives/*.deb "$0"/var/lib/apt/lists/*', folder]);
    mkdirSync(join(BASE, '..'), { recursive: true });
    must(['tar', '--numeric-owner', '-C', folder, '-cf', `${BASE}.new`, '.']);
    renameSync(`${BASE}.new`, BASE);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const BOOT = `
set -e
mount --rbind /dev "$0/dev"
# As udev leaves it, which not every host has.
mount -t tmpfs tmpfs "$0/dev/net"
mknod -m 666 "$0/dev/net/tun" c 10 200
mount -t proc proc "$0/proc"
mount -t sysfs sysfs "$0/sys"
mount -t tmpfs tmpfs "$0/run"
exec chroot "$0" sh -c 'echo up; exec sleep infinity'
`;

export class DebianRoot {
  readonly folder: string;
  readonly host: Host;
  readonly #boot: Running;
  #pid = 0;

  constructor(lab: Lab, host: Host) {
    this.host = host;
    this.folder = join(lab.folder, host.name);
    mkdirSync(this.folder);
    must(['tar', '--numeric-owner', '-C', this.folder, '-xf', BASE]);
    // The base comes from a private folder.
    chmodSync(this.folder, 0o755);
    this.#boot = host.start([
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      BOOT,
      this.folder,
    ]);
  }

  async up(): Promise<void> {
    await this.#boot.waitFor(/^up$/m);
    const children = readFileSync(`/proc/${this.#boot.pid}/task/${this.#boot.pid}/children`, 'utf8');
    this.#pid = Number(children.trim());
    if (!(this.#pid > 0)) throw new Error(`no init of ${this.folder}`);
  }

  #inside(command: readonly string[]): string[] {
    const environment = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C.UTF-8'];
    const place = ['--mount', '--pid', '--net', '--root', '--wd'];
    return ['nsenter', '--target', String(this.#pid), ...place, ...environment, ...command];
  }

  run(command: readonly string[], input?: string): Finished {
    return run(this.#inside(command), { timeoutMs: 120_000, ...(input === undefined ? {} : { input }) });
  }

  must(command: readonly string[], input?: string): string {
    const done = this.run(command, input);
    if (done.status !== 0)
      throw new Error(`${command.join(' ')}: ${done.status}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  start(lab: Lab, command: readonly string[]): Running {
    return lab.start(this.#inside(command));
  }

  /** Installs or upgrades; returns what apt printed on standard error, and the scripts on either stream. */
  install(deb: string): Finished {
    copyFileSync(deb, join(this.folder, 'tmp', basename(deb)));
    const done = this.run([
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-y',
      '--no-install-recommends',
      '--allow-downgrades',
      'install',
      `/tmp/${basename(deb)}`,
    ]);
    rmSync(join(this.folder, 'tmp', basename(deb)));
    return done;
  }

  /** All that is in the root, but for what belongs to dpkg, apt and the kernel. */
  files(): Set<string> {
    const found = this.must(['find', '/', '-xdev', '-not', '-type', 'd', '-printf', '%p\\n']).split('\n');
    const own =
      /^\/(var\/(lib\/(dpkg|apt|systemd\/deb-systemd-helper)|cache|log)|tmp|etc\/(passwd|group|shadow|gshadow|subuid|subgid))/;
    return new Set(found.filter((path) => path !== '' && !own.test(path)));
  }

  /** The daemon as the unit starts it: its command, its user, its capabilities, its folders. */
  async daemon(lab: Lab): Promise<Running> {
    const unit = readFileSync(join(this.folder, 'usr/lib/systemd/system/mcc.service'), 'utf8');
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
    const [user, group] = [value('User'), value('Group')];
    const capabilities = value('AmbientCapabilities')
      .toLowerCase()
      .replaceAll('cap_', '+')
      .replaceAll(' ', ',');
    for (const [folder, mode] of [
      [`/var/lib/${value('StateDirectory')}`, value('StateDirectoryMode')],
      [`/run/${value('RuntimeDirectory')}`, value('RuntimeDirectoryMode')],
    ]) {
      this.must(['install', '-d', '-o', user, '-g', group, '-m', mode, folder]);
    }
    const launcher = ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--no-new-privs'];
    const rights = [
      `--inh-caps=-all,${capabilities}`,
      `--ambient-caps=-all,${capabilities}`,
      `--bounding-set=-all,${capabilities}`,
    ];
    const running = this.start(lab, [...launcher, ...rights, ...value('ExecStart').split(' ')]);
    await running.waitFor(/"event":"ready"/);
    return running;
  }

  /** Ends the daemon: the program that brought it into the root passes no signal on. */
  async stop(daemon: Running, signal = 'TERM'): Promise<Finished> {
    this.must(['sh', '-c', `kill -${signal} $(cat /var/lib/mcc/daemon.pid)`]);
    return daemon.ended();
  }

  /** What the unit does when the daemon has ended. */
  afterStop(): Finished {
    const unit = readFileSync(join(this.folder, 'usr/lib/systemd/system/mcc.service'), 'utf8');
    const command = /^ExecStopPost=-?(.*)$/m.exec(unit)?.[1] ?? 'false';
    const rights = [
      '--inh-caps=-all,+net_admin',
      '--ambient-caps=-all,+net_admin',
      '--bounding-set=-all,+net_admin',
    ];
    return this.run([
      'setpriv',
      '--reuid=mcc',
      '--regid=mcc',
      '--clear-groups',
      ...rights,
      ...command.split(' '),
    ]);
  }

  links(): string[] {
    const found = JSON.parse(this.must(['ip', '-json', 'link'])) as { ifname: string }[];
    return found.map(({ ifname }) => ifname);
  }
}

export { until };
