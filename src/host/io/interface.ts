// The TUN as the kernel sees it: addresses, MTU, routes; and what else this host uses.

import { existsSync } from 'node:fs';
import { equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import { addressScope, formatPrefix, type IpAddress, isIpv4, type Prefix } from '../../core/base/ip.ts';
import type { System } from '../native/types.ts';

/** Packets that the kernel queues for us; at 10 Gbit/s super-packets of 64 KB make that 0.05 s. */
const TRANSMIT_QUEUE = 1000;

/** Bytes of the largest super-packet: with all headers of its segments it still fits one slot of the slab. */
const SUPER_PACKET_MAX = 61_000;

export interface InterfacePlan {
  readonly name: string;
  /** Bytes. */
  readonly mtu: number;
  /** Own address with the length of the range that leads into the interface. */
  readonly addresses: readonly Prefix[];
}

/**
 * Sets the interface up as planned, also one that a crash left with other addresses, and returns the addresses that it
 * has: none of IPv6 where that is switched off (disable_ipv6). Throws a CodedError.
 */
export function configureInterface(system: System, plan: InterfacePlan): Prefix[] {
  const index = system.linkIndex(plan.name);
  if (index === 0) throw new CodedError('INTERFACE_FAILED', `${plan.name} is gone`);
  try {
    system.setLink(index, {
      mtu: plan.mtu,
      txQueueLength: TRANSMIT_QUEUE,
      gsoMaxSize: SUPER_PACKET_MAX,
      gsoIpv4MaxSize: SUPER_PACKET_MAX,
      linkLocal: false,
    });
    for (const found of system.listPrefixes()) {
      // Single addresses are endpoints', which host/endpoints puts there and takes away.
      if (found.kind !== 'address' || found.index !== index || found.bits === 128) continue;
      if (!plan.addresses.some((wanted) => equalBytes(wanted.ip, found.ip) && wanted.bits === found.bits)) {
        system.removeAddress(index, found.ip, found.bits);
      }
    }
    system.setLink(index, { up: true });
    return plan.addresses.filter((address) => addAddress(system, index, address));
  } catch (error) {
    throw refusal(error, plan);
  }
}

/** False: IPv6 is switched off on this host. */
function addAddress(system: System, index: number, { ip, bits }: Prefix): boolean {
  try {
    system.addAddress(index, ip, bits, { noDad: true });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    // Missing rights are EPERM.
    if (code === 'EACCES' && !isIpv4(ip)) return false;
    throw error;
  }
}

/** What somebody changed on the interface: a word for the log; undefined: it is as planned. */
export function interfaceDiffers(
  system: System,
  plan: InterfacePlan,
): 'gone' | 'down' | 'mtu' | 'address' | undefined {
  const link = system.listLinks().find(({ name }) => name === plan.name);
  if (link === undefined) return 'gone';
  if (!link.up) return 'down';
  if (link.mtu !== plan.mtu) return 'mtu';
  const found = system.listPrefixes().filter(({ kind, index }) => kind === 'address' && index === link.index);
  const isThere = (wanted: Prefix): boolean =>
    found.some(({ ip, bits }) => bits === wanted.bits && equalBytes(ip, wanted.ip));
  return plan.addresses.every(isThere) ? undefined : 'address';
}

/** IPv4 prefixes that this host uses beside the interface `except`: what its own range must not touch. */
export function usedPrefixes(system: System, except: string): Prefix[] {
  const own = system.linkIndex(except);
  return system
    .listPrefixes()
    .filter(({ ip, bits, index }) => isIpv4(ip) && bits > 96 && (index === 0 || index !== own));
}

/**
 * Addresses by which others may reach this host: of all links that are up, but for loopback, `except` and other TUNs,
 * which lead into networks on top of this one (a second mcc among them).
 */
export function localAddresses(system: System, except: string): IpAddress[] {
  const usable = new Set(
    system
      .listLinks()
      .filter(({ up, loopback, name }) => up && !loopback && name !== except && !isTun(name))
      .map(({ index }) => index),
  );
  return system
    .listPrefixes()
    .filter(({ kind, index }) => kind === 'address' && usable.has(index))
    .map(({ ip }) => ip)
    .filter((ip) => {
      const scope = addressScope(ip);
      return scope === 'global' || scope === 'private' || scope === 'shared';
    });
}

export function isTun(name: string): boolean {
  return existsSync(`/sys/class/net/${name}/tun_flags`);
}

function refusal(error: unknown, plan: InterfacePlan): CodedError {
  if (error instanceof CodedError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EPERM' || code === 'EACCES') return new CodedError('NOT_ROOT', `${plan.name}: ${message}`);
  const addresses = plan.addresses.map(formatPrefix).join(', ');
  return new CodedError('INTERFACE_FAILED', `${plan.name} with ${addresses}: ${message}`, { cause: error });
}
