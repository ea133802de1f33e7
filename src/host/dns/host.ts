// The host whose name resolution is wired.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DnsHost } from './types.ts';

const SYSTEM_BUS = 'run/dbus/system_bus_socket';

export function hostOf(given: Partial<DnsHost> = {}): DnsHost {
  const root = given.root ?? '/';
  const named = root === '/' ? process.env.DBUS_SYSTEM_BUS_ADDRESS : undefined;
  return {
    root,
    systemBus: given.systemBus ?? named ?? `unix:path=${join(root, SYSTEM_BUS)}`,
    isOwn: given.isOwn ?? isInitsNamespace,
  };
}

/** A path of the host, "/etc/resolv.conf". */
export function at(host: DnsHost, path: string): string {
  return join(host.root, path);
}

/**
 * Whether this process lives in the network namespace of process 1. Its /proc/1/ns/net may not be read without special
 * rights, but every namespace numbers the files of its /proc/net anew.
 */
function isInitsNamespace(): boolean {
  try {
    return statSync('/proc/1/net/dev').ino === statSync('/proc/self/net/dev').ino;
  } catch {
    // Process 1 is hidden (hidepid, ProtectProc=): some settings exist in the first namespace of the machine only, and
    // in a container with an init of its own systemd says so.
    return existsSync('/proc/sys/net/core/netdev_max_backlog') || existsSync('/run/systemd/container');
  }
}

/** Index of an interface of this network namespace; 0: there is none. */
export function interfaceIndexOf(name: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'));
  } catch {
    return 0;
  }
}
