// Default gateways, as /proc/net tells them: the addon's view of the routes has no next hops.
import { readFileSync } from 'node:fs';
import {
  addressScope,
  formatIp,
  type IpAddress,
  ipFromBytes,
  isIpv4,
  prefixContains,
} from '../../core/base/ip.ts';
import type { System } from '../native/types.ts';
import type { Link } from './types.ts';

/** Default gateways of one family that are asked, those of the lowest metric. */
const GATEWAYS_MAX = 4;
/** IPv6 addresses of this host that get a pinhole. */
const PINHOLES_MAX = 4;
const UP_GATEWAY = 3;

interface Gateway {
  readonly ip: IpAddress;
  readonly interfaceName: string;
  readonly metric: number;
}

export function readRoutes(): { ipv4: string; ipv6: string } {
  return { ipv4: readIfThere('/proc/net/route'), ipv6: readIfThere('/proc/net/ipv6_route') };
}

/** A kernel without a family has no such file. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/**
 * Ways to default gateways: per IPv4 gateway one, where this host has no address of the Internet itself (its provider's router maps nothing);
 * per IPv6 address of the Internet one, by the best gateway of its interface.
 */
export function findLinks(
  system: Pick<System, 'linkIndex' | 'listPrefixes'>,
  routes: { readonly ipv4: string; readonly ipv6: string },
): Link[] {
  const addresses = system.listPrefixes().filter(({ kind }) => kind === 'address');
  const on = ({ interfaceName }: Gateway) => {
    const index = system.linkIndex(interfaceName);
    return addresses.filter((address) => index !== 0 && address.index === index);
  };
  const links4 = best(gateways4(routes.ipv4)).flatMap((gateway) => {
    const own = on(gateway).filter(({ ip }) => isIpv4(ip));
    const local = own.find((prefix) => prefixContains(prefix, gateway.ip)) ?? own[0];
    return local === undefined || addressScope(local.ip) === 'global' ? [] : [link(gateway, local.ip)];
  });
  const gateways = best(gateways6(routes.ipv6));
  const links6 = gateways
    .filter((gateway, i) => gateways.findIndex((g) => g.interfaceName === gateway.interfaceName) === i)
    .flatMap((gateway) => on(gateway).map(({ ip }) => link(gateway, ip)))
    .filter(({ local }) => !isIpv4(local) && addressScope(local) === 'global');
  return [...links4, ...links6.slice(0, PINHOLES_MAX)];
}

function link({ ip, interfaceName }: Gateway, local: IpAddress): Link {
  return { gateway: ip, local, interfaceName };
}

/** How sockets name the gateway: link-local addresses mean nothing without their interface. */
export function gatewayHost({ gateway, interfaceName }: Link): string {
  const text = formatIp(gateway);
  return addressScope(gateway) === 'linkLocal' ? `${text}%${interfaceName}` : text;
}

function best(gateways: Gateway[]): Gateway[] {
  return gateways.toSorted((a, b) => a.metric - b.metric).slice(0, GATEWAYS_MAX);
}

/** Interface, destination, gateway, flags, counters (2), metric, mask: numbers in hex, addresses as this host has them in memory. */
function gateways4(text: string): Gateway[] {
  return rows(text).flatMap(([interfaceName, destination, gateway, flags, , , metric, mask]) => {
    const isDefault = destination === '00000000' && mask === '00000000';
    if (!isDefault || (Number.parseInt(flags, 16) & UP_GATEWAY) !== UP_GATEWAY) return [];
    const ip = ipFromBytes(Uint8Array.from(Buffer.from(gateway, 'hex').reverse()));
    return ip === undefined ? [] : { ip, interfaceName, metric: Number(metric) };
  });
}

/** Destination, its length, source, its length, next hop, metric, counters (2), flags, interface: all in hex. */
function gateways6(text: string): Gateway[] {
  return rows(text).flatMap(([destination, length, , , nextHop, metric, , , flags, interfaceName]) => {
    const isDefault = /^0{32}$/.test(destination) && length === '00';
    if (!isDefault || (Number.parseInt(flags, 16) & UP_GATEWAY) !== UP_GATEWAY) return [];
    const ip = ipFromBytes(Uint8Array.from(Buffer.from(nextHop, 'hex')));
    return ip === undefined ? [] : { ip, interfaceName, metric: Number.parseInt(metric, 16) };
  });
}

function rows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length >= 8);
}
