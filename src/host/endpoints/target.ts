// What a service may lead to.
import { lookup } from 'node:dns/promises';
import { equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import {
  addressScope,
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  parseIp,
  parseSocketAddress,
  type SocketAddress,
} from '../../core/base/ip.ts';
import type { HostTarget, TargetRules } from './types.ts';

const REFUSED_SCOPES: ReadonlyMap<string, string> = new Map([
  ['unspecified', 'is no address of anybody'],
  ['thisNetwork', 'is no address of anybody'],
  ['linkLocal', 'is link-local, where hosts keep services of their own'],
  ['multicast', 'is a multicast group'],
  ['broadcast', 'is a broadcast address'],
  ['reserved', 'is reserved'],
]);

/**
 * The target that a text names; undefined stands for this host's own port. A host name is resolved here and now, once: what it
 * means later changes nothing. An unreachable target is accepted. Throws TARGET_INVALID, TARGET_REFUSED or NOT_SUPPORTED.
 */
export async function parseTarget(
  text: string | undefined,
  rules: TargetRules,
  resolve: (host: string) => Promise<IpAddress[]> = resolveHost,
): Promise<HostTarget> {
  if (text === undefined) return { kind: 'host' };
  const literal = parseSocketAddress(text);
  if (literal !== undefined) {
    const refusal = targetRefusal(literal, rules);
    if (refusal !== undefined) throw refusal;
    return { kind: 'address', ...literal };
  }
  const [, host, digits] = /^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]{0,252}):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535 || /^[0-9.]+$/.test(host)) {
    throw new CodedError('TARGET_INVALID', JSON.stringify(text.slice(0, 64)));
  }
  return { kind: 'address', ...choose(host, await named(host, resolve), port, rules) };
}

/** Why a service must not lead to this address; undefined: it may. */
export function targetRefusal(target: SocketAddress, rules: TargetRules): CodedError | undefined {
  const { ip, port } = target;
  const text = formatIp(ip);
  if (port < 1 || port > 65_535) return new CodedError('TARGET_INVALID', `port ${port}`);
  const scope = addressScope(ip);
  const why = REFUSED_SCOPES.get(scope);
  if (why !== undefined) return new CodedError('TARGET_REFUSED', `${text} ${why}`);
  if (scope === 'loopback' && !isIpv4(ip)) {
    // The kernel delivers to ::1 only what came in by the loopback interface.
    return new CodedError('NOT_SUPPORTED', `${text}: the kernel passes nothing on to it; use 127.0.0.1`);
  }
  const route = routeTo(ip, rules);
  const isLocal = scope === 'loopback' || route?.kind === 'local';
  if (isLocal && rules.reserved.some((own) => covers(own, target))) {
    return new CodedError('TARGET_REFUSED', `${formatSocketAddress(target)} is mcc itself`);
  }
  if (scope === 'loopback' || route === undefined) return undefined;
  if (route.index === rules.system.linkIndex(rules.interfaceName)) {
    return new CodedError('TARGET_REFUSED', `${text} is an address of the overlay`);
  }
  if (route.kind === 'broadcast') return new CodedError('TARGET_REFUSED', `${text} is a broadcast address`);
  if (route.kind === 'unicast' && !isIpv4(ip)) {
    // It forwards IPv6 on all interfaces or on none (net.ipv6.conf.all.forwarding).
    return new CodedError('NOT_SUPPORTED', `${text}: a device is reached by IPv4 alone`);
  }
  return undefined;
}

function routeTo(ip: IpAddress, rules: TargetRules) {
  try {
    return rules.system.findRoute(ip);
  } catch {
    // There is none at present.
    return undefined;
  }
}

function covers(own: SocketAddress, target: SocketAddress): boolean {
  if (own.port !== target.port) return false;
  return addressScope(own.ip) === 'unspecified' || equalBytes(own.ip, target.ip);
}

async function named(host: string, resolve: (host: string) => Promise<IpAddress[]>): Promise<IpAddress[]> {
  let found: IpAddress[];
  try {
    found = await resolve(host);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CodedError('TARGET_INVALID', `${host} cannot be resolved (${reason})`);
  }
  if (found.length === 0) throw new CodedError('TARGET_INVALID', `${host} has no address`);
  return found;
}

/** The first that is allowed; IPv4 first, since more can be done with it. */
function choose(
  host: string,
  found: readonly IpAddress[],
  port: number,
  rules: TargetRules,
): { ip: IpAddress; port: number } {
  let refusal: CodedError | undefined;
  for (const ip of [...found.filter(isIpv4), ...found.filter((ip) => !isIpv4(ip))]) {
    const why = refusalOfNamed(host, { ip, port }, rules);
    if (why === undefined) return { ip, port };
    refusal ??= why;
  }
  throw refusal ?? new CodedError('TARGET_INVALID', host);
}

/** Whoever writes localhost means it; any other name that leads to the loopback interface may be a trick of whoever answers. */
function refusalOfNamed(host: string, target: SocketAddress, rules: TargetRules): CodedError | undefined {
  if (addressScope(target.ip) === 'loopback' && host.toLowerCase() !== 'localhost') {
    return new CodedError('TARGET_REFUSED', `${host} is ${formatIp(target.ip)}, this host itself; say so`);
  }
  return targetRefusal(target, rules);
}

async function resolveHost(host: string): Promise<IpAddress[]> {
  const answers = await lookup(host, { all: true });
  return answers.flatMap(({ address }) => parseIp(address) ?? []);
}
