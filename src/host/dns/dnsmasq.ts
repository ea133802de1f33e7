// Mode dnsmasq: a snippet in the folder that the host's dnsmasq reads sends our zones to our resolver. dnsmasq reads
// such files only when it starts (SIGHUP re-reads hosts and servers-file=, nothing else), so whoever runs it restarts it.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Bus } from './bus.ts';
import { readText, removeLeftover, replaceText } from './files.ts';
import { at } from './host.ts';
import { isAnswering } from './probe.ts';
import { parseResolvConf } from './resolv-conf.ts';
import { type Change, type DnsHost, type Standing, Unsuitable, type WayContext } from './types.ts';

type DnsmasqChange = Extract<Change, { mode: 'dnsmasq' }>;

const HEADER = '# Written by mcc, which removes it when it stops.';
const NETWORK_MANAGER_FOLDER = '/etc/NetworkManager/dnsmasq.d';
/** Folders of configuration files that are looked at. */
const FOLDERS_MAX = 16;
const PROCESSES_MAX = 32;
const SYSTEMD = 'org.freedesktop.systemd1';
/** A restart, and the first answer after it. */
const RESTART_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 5_000;
/** DNS_FULL of org.freedesktop.NetworkManager.Reload: restart the DNS plugin. */
const RELOAD_DNS_FULL = 4;

interface Dnsmasq {
  /** Process ID; 0: not known. */
  readonly pid: number;
  /** Without the root. */
  readonly folder: string;
  readonly isNetworkManager: boolean;
}

export async function beginDnsmasq(context: WayContext): Promise<Standing> {
  const { host, options } = context;
  const server = localServer(host);
  if (server === undefined) throw new Unsuitable('/etc/resolv.conf names no server on this host');
  const found = findDnsmasq(host);
  if (found === undefined) throw new Unsuitable('no dnsmasq with a conf-dir runs here');
  const { folder, isNetworkManager } = found;
  const name = `mcc-${options.interfaceName}.conf`;
  const path = at(host, join(folder, name));
  if (!(await isAnswering(server, ANSWER_TIMEOUT_MS))) throw new Unsuitable(`${server} is silent`);
  try {
    const restart = await restarter(found, host);
    context.record({ mode: 'dnsmasq', folder, name, isNetworkManager });
    replaceText(path, snippet(context), { mode: 0o644 });
    await restart();
    if (!(await isAnswering(server, ANSWER_TIMEOUT_MS))) {
      // It may refuse the snippet, and the host would be left without names.
      rmSync(path);
      await restart();
      throw new Unsuitable(`${server} fell silent with ${name}`);
    }
  } catch (error) {
    throw error instanceof Unsuitable ? error : new Unsuitable((error as Error).message);
  }
  const owner = isNetworkManager ? "NetworkManager's dnsmasq" : 'dnsmasq';
  return {
    reason: `${owner} asks mcc for .${options.zone} (${join(folder, name)})`,
    obstacle: () => (localServer(host) === server ? undefined : `/etc/resolv.conf no longer names ${server}`),
    again: async () => {},
    close: () => {},
  };
}

function snippet({ options, resolvers }: WayContext): string {
  const lines = [HEADER];
  for (const zone of [options.zone, ...options.reverseZones]) {
    for (const address of resolvers) lines.push(`server=/${zone}/${address}`);
  }
  // Private addresses are what our names are for, also where stop-dns-rebind is set.
  lines.push(`rebind-domain-ok=/${options.zone}/`);
  return `${lines.join('\n')}\n`;
}

/** The first server that programs ask, if it is on this host and not resolved's. */
function localServer(host: DnsHost): string | undefined {
  const [first] = parseResolvConf(readText(at(host, '/etc/resolv.conf')) ?? '').nameservers;
  if (first === undefined || isIP(first) === 0 || /^127\.0\.0\.5[34]$/.test(first)) return undefined;
  if (first === '::1' || first.startsWith('127.')) return first;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some(({ address }) => address === first) ? first : undefined;
}

/** The dnsmasq of this network namespace that reads a folder; NetworkManager's before others. */
function findDnsmasq(host: DnsHost): Dnsmasq | undefined {
  const found: Dnsmasq[] = [];
  for (const pid of dnsmasqPids()) {
    const folder = foldersOf(pid, host).find((candidate) => existsSync(at(host, candidate)));
    if (folder === undefined) continue;
    found.push({ pid, folder, isNetworkManager: folder === NETWORK_MANAGER_FOLDER });
  }
  return found.find(({ isNetworkManager }) => isNetworkManager) ?? found[0] ?? hiddenDnsmasq(host);
}

/** Where processes of others are hidden (ProtectProc=): the usual packages, by their pid files. */
function hiddenDnsmasq(host: DnsHost): Dnsmasq | undefined {
  const usual = [
    { pidFile: '/run/NetworkManager/dnsmasq.pid', folder: NETWORK_MANAGER_FOLDER, isNetworkManager: true },
    { pidFile: '/run/dnsmasq/dnsmasq.pid', folder: '/etc/dnsmasq.d', isNetworkManager: false },
  ];
  for (const { pidFile, folder, isNetworkManager } of usual) {
    const pid = Number(readText(at(host, pidFile)) ?? Number.NaN);
    // A process that can be seen was looked at already.
    if (!Number.isInteger(pid) || existsSync(`/proc/${pid}`) || !existsSync(at(host, folder))) continue;
    return { pid: 0, folder, isNetworkManager };
  }
  return undefined;
}

function dnsmasqPids(): number[] {
  const found: number[] = [];
  const own = statSync('/proc/self/net/dev').ino;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || found.length === PROCESSES_MAX) continue;
    try {
      if (readFileSync(`/proc/${name}/comm`, 'utf8').trim() !== 'dnsmasq') continue;
      if (statSync(`/proc/${name}/net/dev`).ino === own) found.push(Number(name));
    } catch {
      // It ended, or is hidden.
    }
  }
  return found;
}

/** conf-dir= of its command line and of the files that it reads. */
function foldersOf(pid: number, host: DnsHost): string[] {
  const words = (readText(`/proc/${pid}/cmdline`) ?? '').split('\0');
  const files: string[] = [];
  const folders: string[] = [];
  let isOwnFile = false;
  const take = (option: string, value: string): void => {
    // "/etc/dnsmasq.d,.dpkg-dist,.dpkg-old" and "/etc/dnsmasq.d/,*.conf": all of them read NAME.conf.
    const path = value.split(',')[0]!.replace(/\/+$/, '');
    if (!path.startsWith('/') || folders.length === FOLDERS_MAX) return;
    if (option === 'conf-dir') folders.push(path);
    else if (files.length < FOLDERS_MAX) {
      files.push(path);
      isOwnFile = true;
    }
  };
  for (let i = 1; i < words.length; i++) {
    const [, long, value] = /^--(conf-dir|conf-file)(?:=(.*))?$/s.exec(words[i]!) ?? [];
    const [, short, attached] = /^-([7C])(.*)$/s.exec(words[i]!) ?? [];
    if (long !== undefined) take(long, value ?? words[++i] ?? '');
    else if (short !== undefined)
      take(short === '7' ? 'conf-dir' : 'conf-file', attached || (words[++i] ?? ''));
  }
  if (!isOwnFile) files.push('/etc/dnsmasq.conf');
  for (const file of files) {
    for (const line of (readText(at(host, file)) ?? '').split('\n')) {
      const [, value] = /^\s*conf-dir\s*=\s*(\S+)/.exec(line) ?? [];
      if (value !== undefined) take('conf-dir', value);
    }
  }
  return folders;
}

/** How it is restarted, found out while it runs. The function throws when nobody could be asked. */
async function restarter({ pid, isNetworkManager }: Dnsmasq, host: DnsHost): Promise<() => Promise<void>> {
  if (isNetworkManager) return () => reloadNetworkManager(host);
  let refusal: string;
  try {
    const unit = await unitOf(pid, host);
    return async () => {
      await askSystemd('RestartUnit', 'ss', [unit, 'replace'], host);
    };
  } catch (error) {
    refusal = (error as Error).message;
  }
  const script = at(host, '/etc/init.d/dnsmasq');
  if (!existsSync(script)) throw new Error(`nobody restarts dnsmasq here: ${refusal}`);
  return async () => {
    await promisify(execFile)(script, ['restart'], { timeout: RESTART_TIMEOUT_MS });
  };
}

async function reloadNetworkManager(host: DnsHost): Promise<void> {
  const bus = await Bus.open(host.systemBus);
  try {
    await bus.call(
      {
        destination: 'org.freedesktop.NetworkManager',
        path: '/org/freedesktop/NetworkManager',
        interface: 'org.freedesktop.NetworkManager',
        member: 'Reload',
        signature: 'u',
        body: [RELOAD_DNS_FULL],
      },
      { isStarting: false, timeoutMs: RESTART_TIMEOUT_MS },
    );
  } finally {
    bus.close();
  }
}

async function unitOf(pid: number, host: DnsHost): Promise<string> {
  if (pid === 0) return 'dnsmasq.service';
  const path = String(await askSystemd('GetUnitByPID', 'u', [pid], host));
  const bus = await Bus.open(host.systemBus);
  try {
    const unit = await bus.property(SYSTEMD, path, 'org.freedesktop.systemd1.Unit', 'Id');
    if (!/dnsmasq.*\.service$/.test(String(unit))) throw new Error(`it belongs to ${unit}`);
    return String(unit);
  } finally {
    bus.close();
  }
}

async function askSystemd(
  member: string,
  signature: string,
  body: unknown[],
  host: DnsHost,
): Promise<unknown> {
  const bus = await Bus.open(host.systemBus);
  try {
    const path = '/org/freedesktop/systemd1';
    return await bus.call(
      { destination: SYSTEMD, path, interface: `${SYSTEMD}.Manager`, member, signature, body },
      { timeoutMs: RESTART_TIMEOUT_MS },
    );
  } finally {
    bus.close();
  }
}

export async function undoDnsmasq(change: DnsmasqChange, host: DnsHost): Promise<string> {
  const path = at(host, join(change.folder, change.name));
  if (!/^mcc-[^/]+\.conf$/.test(change.name)) throw new Error(`${change.name} is not a snippet of mcc`);
  removeLeftover(path);
  const text = readText(path);
  if (text === undefined) return 'the snippet is gone already';
  if (!text.startsWith(HEADER)) return `${path} is no longer ours and stays as it is`;
  rmSync(path);
  const found = findDnsmasq(host);
  if (found === undefined) return 'the snippet is removed; dnsmasq does not run';
  try {
    await (await restarter(found, host))();
    return 'the snippet is removed and dnsmasq restarted';
  } catch (error) {
    return `the snippet is removed, but ${(error as Error).message}`;
  }
}
