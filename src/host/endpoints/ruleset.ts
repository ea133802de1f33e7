// What stands in mcc's own table of nftables, as text for `nft -f`.
import { addressScope, formatIp, type IpAddress, isIpv4 } from '../../core/base/ip.ts';

/** Packets for a port of a virtual address get another destination. `address` and `to` are of one family. */
export interface Flow {
  readonly address: IpAddress;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly to: IpAddress;
  readonly toPort: number;
  /** Index of the interface that leads to a device; 0: the target is this host. */
  readonly link: number;
  /** Who may use it: remotes, programs of this host, or both. */
  readonly users: 'remotes' | 'local' | 'both';
}

export interface Rules {
  readonly interfaceName: string;
  readonly flows: readonly Flow[];
  /** Addresses on the interface behind which this host itself stands. */
  readonly here: readonly IpAddress[];
  /** Indices of the interfaces that forward only for us. */
  readonly opened: readonly number[];
}

/**
 * Devices hear of no size by ICMP where that is dropped, so none sends segments that the route there or the one back does not carry
 * (`rt mtu` is the smaller of both). It never makes them larger.
 */
const CLAMP = 'tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu';

export function tableName(interfaceName: string): string {
  return `mcc-${interfaceName}`;
}

/** One transaction that ends with no such table, whether there is one or not. */
export function removal(interfaceName: string): string {
  const table = `table inet ${tableName(interfaceName)}`;
  return `add ${table}\ndelete ${table}\n`;
}

/**
 * One transaction that makes the table anew. Interfaces other than our own are named by index: their names are other
 * people's. Chains of other tables see the same packets; what they drop is dropped.
 */
export function ruleset(rules: Rules): string {
  const devices = rules.flows.filter(({ link }) => link !== 0);
  const loopback = rules.flows.filter(
    ({ users, to }) => users !== 'local' && isIpv4(to) && addressScope(to) === 'loopback',
  );
  const here = (four: boolean) => rules.here.filter((ip) => isIpv4(ip) === four).map(formatIp);
  return `${removal(rules.interfaceName)}table inet ${tableName(rules.interfaceName)} {
${[
  set('loopback4', 'ipv4_addr . inet_proto . ipv4_addr . inet_service', loopback.map(flowKey)),
  set(
    'devices4',
    'iface_index . ipv4_addr . inet_proto . ipv4_addr . inet_service',
    devices.map((flow) => `${flow.link} . ${flowKey(flow)}`),
  ),
  set('errors4', 'ipv4_addr . inet_proto . ipv4_addr', [
    ...new Set(
      devices.map(({ address, protocol, to }) => `${formatIp(address)} . ${protocol} . ${formatIp(to)}`),
    ),
  ]),
  set('here4', 'ipv4_addr', here(true)),
  set('here6', 'ipv6_addr', here(false)),
  set('opened', 'iface_index', rules.opened.map(String)),
  ...chains(rules),
].join('\n')}
}
`;
}

function chains({ interfaceName, flows }: Rules): string[] {
  const name = `"${interfaceName}"`;
  const remotes = flows.filter(({ users }) => users !== 'local');
  const locals = flows.filter(({ users }) => users !== 'remotes');
  const loopback = ['ip daddr 127.0.0.0/8', 'ip saddr 127.0.0.0/8', 'ip6 daddr ::1', 'ip6 saddr ::1'];
  return [
    // Ahead of the translation below: the loopback addresses are nobody's to name.
    chain(
      'loopback',
      'filter hook prerouting priority raw',
      loopback.map((what) => `iifname ${name} ${what} drop`),
    ),
    chain(
      'remotes',
      'nat hook prerouting priority dstnat',
      remotes.map((flow) => `iifname ${name} ${translation(flow)}`),
    ),
    chain('locals', 'nat hook output priority -100', locals.map(translation)),
    // A connection that is tracked keeps its translation when the rule is gone.
    chain('input', 'filter hook input priority filter', [
      `iifname ${name} ip daddr 127.0.0.0/8 ct state related accept`,
      `iifname ${name} ip daddr 127.0.0.0/8 ct original ip daddr . ct protocol . ip daddr . th dport @loopback4 accept`,
      `iifname ${name} ip daddr 127.0.0.0/8 drop`,
    ]),
    chain(
      'segments',
      'filter hook forward priority mangle',
      ['iifname', 'oifname'].map((by) => `${by} ${name} ${CLAMP}`),
    ),
    chain('forward', 'filter hook forward priority filter', forward(name)),
    chain('leaving', 'nat hook postrouting priority srcnat', [
      'oif . ct original ip daddr . ct protocol . ip daddr . th dport @devices4 masquerade',
    ]),
    chain('entering', 'filter hook postrouting priority 200', [entering(name)]),
  ];
}

function forward(name: string): string[] {
  return [
    // Declared flows to devices, their answers, and the errors about both.
    `iifname ${name} ct direction original oif . ct original ip daddr . ct protocol . ip daddr . th dport @devices4 accept`,
    `oifname ${name} ct direction reply iif . ct original ip daddr . ct protocol . ip saddr . th sport @devices4 accept`,
    'ct state related ct original ip daddr . ct protocol . ct reply ip saddr @errors4 accept',
    'iif @opened drop',
    // What the owner of this host sends on by rules of his own: published ports of containers, and what containers ask for.
    `iifname ${name} ct direction original ct status dnat ct original ip daddr @here4 accept`,
    `iifname ${name} ct direction original ct status dnat ct original ip6 daddr @here6 accept`,
    `iifname ${name} ct direction reply ct status snat accept`,
    `iifname ${name} drop`,
  ];
}

/**
 * What is forwarded enters the overlay as an answer, or as this host's own: translated by a rule of its owner. Packets of this
 * host itself come from no interface; some that the kernel makes, from the one that they leave by.
 */
function entering(name: string): string {
  return `oifname ${name} iif != 0 iifname != ${name} ct status & (snat | dnat) == 0 drop`;
}

function translation({ address, protocol, port, to, toPort }: Flow): string {
  const family = isIpv4(to) ? 'ip' : 'ip6';
  const target = isIpv4(to) ? `${formatIp(to)}:${toPort}` : `[${formatIp(to)}]:${toPort}`;
  return `${family} daddr ${formatIp(address)} ${protocol} dport ${port} dnat ${family} to ${target}`;
}

function flowKey({ address, protocol, to, toPort }: Flow): string {
  return `${formatIp(address)} . ${protocol} . ${formatIp(to)} . ${toPort}`;
}

function set(name: string, type: string, elements: readonly string[]): string {
  const filled = elements.length === 0 ? '' : ` elements = { ${elements.join(', ')} }`;
  return `  set ${name} { type ${type};${filled} }`;
}

function chain(name: string, hook: string, lines: readonly string[]): string {
  return `  chain ${name} {\n    type ${hook}; policy accept;\n${lines.map((line) => `    ${line}\n`).join('')}  }`;
}
