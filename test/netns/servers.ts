/**
 * Real servers on hosts of a laboratory, by hand and with settings of their own: nothing is installed or started as a service.
 * Debian's packages of servers are unpacked into the cache where their programs are not installed.
 */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { unpacked } from '../host/dns/debian.ts';
import { type Host, type Lab, must, type Running, run } from './lab.ts';

/** Debian's user without rights, as whom servers run that want no root. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, '--clear-groups'];

export interface Programs {
  sshd: string;
  mosquitto: string;
  /** Folder of initdb and postgres. */
  postgresql: string;
  /** Where unpacked libraries are. */
  libraries: string;
}

/** The servers' programs, or why they cannot run here. */
export function findPrograms(): Programs | string {
  const found = {
    sshd: program('openssh-server', 'usr/sbin/sshd'),
    mosquitto: program('mosquitto', 'usr/sbin/mosquitto'),
    postgresql: postgresql(),
    libraries: existsSync('/usr/lib/x86_64-linux-gnu/libdlt.so.2') ? '' : library('libdlt2'),
  };
  for (const [name, path] of Object.entries(found)) {
    if (path === undefined) return `the package of ${name} can neither be found nor downloaded`;
  }
  const programs = found as Programs;
  const env = ['env', `LD_LIBRARY_PATH=${programs.libraries}`];
  for (const path of [programs.sshd, programs.mosquitto, join(programs.postgresql, 'postgres')]) {
    const linked = run([...env, 'ldd', path]);
    const missing = /^.*not found.*$/m.exec(linked.stdout + linked.stderr)?.[0];
    if (missing !== undefined) return `${path} lacks a library: ${missing.trim()}`;
  }
  return programs;
}

/** The program of OpenSSH's server; undefined when it cannot be had or does not run here. */
export function findSshd(): string | undefined {
  const path = program('openssh-server', 'usr/sbin/sshd');
  if (path === undefined) return undefined;
  const linked = run(['ldd', path]);
  return linked.status === 0 && !linked.stdout.includes('not found') ? path : undefined;
}

function program(name: string, path: string): string | undefined {
  if (existsSync(`/${path}`)) return `/${path}`;
  const folder = unpacked(name);
  return folder === undefined ? undefined : join(folder, path);
}

function library(name: string): string | undefined {
  const folder = unpacked(name);
  return folder === undefined ? undefined : join(folder, 'usr/lib/x86_64-linux-gnu');
}

function postgresql(): string | undefined {
  const versions = (root: string): string | undefined => {
    const parent = join(root, 'usr/lib/postgresql');
    const newest = existsSync(parent) ? readdirSync(parent).sort().at(-1) : undefined;
    const folder = newest === undefined ? '' : join(parent, newest, 'bin');
    return existsSync(join(folder, 'postgres')) ? folder : undefined;
  };
  const installed = versions('/');
  if (installed !== undefined) return installed;
  const folder = unpacked('postgresql-15');
  return folder === undefined ? undefined : versions(folder);
}

/** A folder of the laboratory that a server running as nobody owns; what is beside it stays closed to it. */
function nobodysFolder(lab: Lab, name: string): string {
  const folder = join(lab.folder, name);
  chmodSync(lab.folder, 0o711);
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  return folder;
}

export interface Sshd {
  running: Running;
  /** Public key of the host, as a line of known_hosts has it behind the name. */
  hostKey: string;
  /** File of the key that may log in as root. */
  key: string;
}

/** Words that run a command over a connection of one's own to what sshd listens at, without any settings of the user. */
export function sshWords(lab: Lab, sshd: Sshd, names: readonly string[]): string[] {
  const known = join(lab.folder, 'known_hosts');
  writeFileSync(known, `${names.join(',')} ${sshd.hostKey}\n`);
  const options = [
    `UserKnownHostsFile=${known}`,
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'ConnectTimeout=10',
  ];
  return ['ssh', '-F', 'none', '-i', sshd.key, ...options.flatMap((option) => ['-o', option])];
}

/** sshd at these addresses and ports, which lets one fresh key in as root. */
export async function startSshd(
  lab: Lab,
  host: Host,
  { sshd }: Pick<Programs, 'sshd'>,
  ...listen: string[]
): Promise<Sshd> {
  const folder = join(lab.folder, `${host.name}-sshd`);
  mkdirSync(folder, { mode: 0o700 });
  for (const name of ['host', 'login']) {
    must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)]);
  }
  const settings = [
    ...listen.map((address) => `ListenAddress ${address}`),
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/login.pub`,
    'PidFile none',
    'UsePAM no',
    'UseDNS no',
    // The folder lies below one that everybody writes to.
    'StrictModes no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
  ];
  writeFileSync(join(folder, 'config'), `${settings.join('\n')}\n`);
  const users = ['root:x:0:0:root:/:/bin/sh', 'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin'];
  writeFileSync(join(folder, 'passwd'), `${users.join('\n')}\n`);
  writeFileSync(join(folder, 'shadow'), 'root:*:19000::::::\nsshd:!:19000::::::\n');
  // In the mount namespace of `ip netns exec`: the machine's own users and folders stay as they are.
  const script = `set -e
    for name in passwd shadow; do mount --bind "$1/$name" /etc/$name; done
    mount -t tmpfs tmpfs /run
    mkdir /run/sshd
    exec "$0" -D -e -f "$1/config"`;
  const running = host.start(['sh', '-c', script, sshd, folder]);
  await running.waitFor(/Server listening on/);
  return {
    running,
    hostKey: must(['cut', '-d ', '-f1,2', join(folder, 'host.pub')]).trim(),
    key: join(folder, 'login'),
  };
}

/** PostgreSQL on 127.0.0.1:5432 alone, which trusts everybody who gets there. */
export async function startPostgres(lab: Lab, host: Host, programs: Programs): Promise<Running> {
  const folder = nobodysFolder(lab, `${host.name}-postgresql`);
  // The cache may be root's alone, so what is unpacked there is shown to nobody elsewhere, in a mount namespace of its own.
  const root = programs.postgresql.slice(0, programs.postgresql.indexOf('/usr/lib/postgresql'));
  const place = root === '' ? programs.postgresql : `/mnt${programs.postgresql.slice(root.length)}`;
  const show = ['sh', '-c', 'mount --bind "$0" /mnt && exec "$@"', root];
  const as = [...(root === '' ? [] : show), ...AS_NOBODY];
  const words = ['-D', folder, '-U', 'app', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  host.must([...as, join(place, 'initdb'), ...words]);
  appendFileSync(join(folder, 'pg_hba.conf'), 'host all all all trust\n');
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'off',
    shared_buffers: '8MB',
    max_connections: '10',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const running = host.start([...as, join(place, 'postgres'), '-D', folder, ...options]);
  await running.waitFor(/ready to accept connections/);
  return running;
}

/** A broker of MQTT on all addresses, which lets everybody in. */
export async function startMosquitto(lab: Lab, host: Host, programs: Programs): Promise<Running> {
  const config = join(lab.folder, `${host.name}-mosquitto.conf`);
  writeFileSync(
    config,
    'user root\nlistener 1883\nallow_anonymous true\npersistence false\nlog_dest stderr\n',
  );
  const env = ['env', `LD_LIBRARY_PATH=${programs.libraries}`];
  const running = host.start([...env, programs.mosquitto, '-c', config]);
  await running.waitFor(/mosquitto version .* running/);
  return running;
}
