/** The nftables rules of the core and of NAT routers. In a router, what goes out teaches the tables, and what comes in is looked up in them. */
import { NAT_KINDS, type NatKind } from '../reach/matrix.ts';

export interface RouterRules {
  readonly kind: NatKind;
  /** Interface names. */
  readonly wan: string;
  readonly lan: string;
  /** Prefix of the LAN. */
  readonly inside: string;
  /** Outer address. */
  readonly address: string;
  readonly hairpin: boolean;
  readonly icmp: 'open' | 'blocked';
  readonly udp: 'open' | 'blocked';
  readonly ipv6: 'none' | 'stateful' | 'open';
  /** Between consecutive ports of the predictable kind. */
  readonly step: number;
  /** Seconds that a mapping lives after the last datagram out: before and after something came back. */
  readonly timeouts: { readonly initial: number; readonly stream: number };
  /** What random ports depend on; another one after every start of the router. */
  readonly seed: number;
}

/** Ports of a NAT that does not preserve them. */
const PORTS = 4096;
const FIRST_PORT = 20_000;
/** Every rule that asks for ports has to say it for itself. */
const UDP = 'meta l4proto udp';

const NO_ICMP = `meta l4proto icmp drop
    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } drop`;

/** The core counts as as many hops as are wished for. */
export function coreRules(hops: number, icmp: 'open' | 'blocked'): string {
  const further = hops - 1;
  const left = Array.from({ length: 255 - further }, (_, i) => i + 1);
  // nft 1.0.6 takes no map for what it sets, so every TTL has a chain.
  const chains = left.map((ttl) => `  chain left${ttl} { ip ttl set ${ttl}; ip6 hoplimit set ${ttl}; }`);
  const jumps = `{ ${left.map((ttl) => `${ttl + further} : goto left${ttl}`).join(', ')} }`;
  const noIcmp = icmp === 'blocked' ? NO_ICMP : '';
  return `table inet core {
  set cut { type ipv4_addr . ipv4_addr; }
${chains.join('\n')}
  chain forward {
    type filter hook forward priority filter
    ip saddr . ip daddr @cut drop
    ${noIcmp}
    ip ttl <= ${further} drop
    ip6 hoplimit <= ${further} drop
    ip ttl vmap ${jumps}
    ip6 hoplimit vmap ${jumps}
  }
  chain output {
    type filter hook output priority filter
    ${noIcmp}
  }
}`;
}

/** A router that does nothing: while it is off. */
export const DEAD_RULES = `
table inet dead {
  chain forward { type filter hook forward priority -300; policy drop; }
  chain input { type filter hook input priority -300; policy drop; }
}`;

/** The whole configuration of a router in one transaction, with empty tables. */
export function routerRules(router: RouterRules): string {
  return `
flush ruleset
table ip box {
  set seen { type ipv4_addr . inet_service . inet_service; size 65535; flags dynamic,timeout; }
  set taken { type inet_service; size 65535; flags dynamic,timeout; }
  set answered { type inet_service; size 65535; flags dynamic,timeout; }
  set peers { type inet_service . ipv4_addr; size 65535; flags dynamic,timeout; }
  map in { type inet_service : ipv4_addr . inet_service; size 65535; flags dynamic,timeout; }
  map out { type ipv4_addr . inet_service : inet_service; size 65535; flags dynamic,timeout; }
  counter sent { }
  counter received { }
${prerouting(router)}
${postrouting(router)}
${learning(router)}
${filters(router)}
}
${ipv6Filters(router)}`;
}

/** Opens and closes the way for UDP; what is known of flows stays. */
export function gateRules(family: 'ip' | 'ip6', udp: 'open' | 'blocked'): string {
  const rule = udp === 'blocked' ? `add rule ${family} box gate meta l4proto udp drop\n` : '';
  return `flush chain ${family} box gate\n${rule}`;
}

function prerouting({ kind, wan, lan, address, hairpin }: RouterRules): string {
  const { filtering } = NAT_KINDS[kind];
  const outside = `    iifname "${wan}" ip daddr ${address} meta l4proto udp`;
  // Answers are translated back by the connection table, before these rules.
  const rules = {
    'endpoint-independent': `${outside} dnat ip addr . port to udp dport map @in`,
    'address-dependent': `${outside} udp dport . ip saddr @peers dnat ip addr . port to udp dport map @in`,
    'address-and-port-dependent': '',
  }[filtering];
  const back = hairpin
    ? `    iifname "${lan}" ip daddr ${address} meta l4proto udp dnat ip addr . port to udp dport map @in`
    : '';
  return `  chain prerouting {
    type nat hook prerouting priority dstnat
${rules}
${back}
  }`;
}

function postrouting(router: RouterRules): string {
  const { wan, lan, inside, address } = router;
  return `  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "${wan}" jump translate
    oifname "${lan}" ct original ip saddr ${inside} ct status dnat jump translate
  }
  chain translate {
${udpTranslation(router)}
    snat to ${address}
  }`;
}

function udpTranslation({ kind, address, step, seed }: RouterRules): string {
  const ports = (stride: number): string =>
    `map { ${Array.from({ length: PORTS }, (_, i) => `${i} : ${FIRST_PORT + i * stride}`).join(', ')} }`;
  switch (kind) {
    case 'full-cone':
    case 'address-restricted':
    case 'port-restricted':
      // One outer port for an inner address and port, whoever the remote; the inner one, unless it is somebody else's.
      return `    ip saddr . udp sport @out snat to ${address} : ip saddr . udp sport map @out
${Array.from({ length: 16 }, (_, i) => moved(address, i)).join('\n')}`;
    case 'symmetric-random':
      return `    meta l4proto udp snat to ${address} fully-random`;
    case 'symmetric-predictable':
      return `    meta l4proto udp snat to ${address} : numgen inc mod ${PORTS} ${ports(step)}`;
    case 'address-dependent':
      return `    meta l4proto udp snat to ${address} : jhash ip saddr . udp sport . ip daddr mod ${PORTS} seed ${seed} ${ports(11)}`;
    case 'ordinary':
    case 'badly-firewalled':
      return '';
  }
}

/** A port for a host whose own is taken: from a range that is not another host's, nor one that systems choose from. */
function moved(address: string, host: number): string {
  const first = 12_000 + 1024 * host;
  return `    ip saddr & 0.0.0.15 == 0.0.0.${host} udp sport @taken snat to ${address} : ${first}-${first + 1023} fully-random`;
}

/** Every datagram out keeps its mapping for a while longer, those that answer a flow from outside too. */
function learning({ wan, lan, inside, timeouts: { initial, stream } }: RouterRules): string {
  const [inner, outer] = ['ct original ip saddr . ct original proto-src', 'ct reply proto-dst'];
  const [innerBack, outerBack] = ['ct reply ip saddr . ct reply proto-src', 'ct original proto-dst'];
  const keep = (user: string, port: string, seconds: number): string => {
    const rules = [
      `@seen { ${user} . ${port} timeout ${seconds}s }`,
      `@taken { ${port} timeout ${seconds}s }`,
      `@peers { ${port} . ip daddr timeout ${seconds}s }`,
      `@in { ${port} timeout ${seconds}s : ${user} }`,
      `@out { ${user} timeout ${seconds}s : ${port} }`,
    ];
    return rules.map((rule) => `    ${UDP} update ${rule}`).join('\n');
  };
  return `  chain learn {
    type filter hook postrouting priority 110
    oifname "${wan}" meta l4proto udp counter name sent
    meta l4proto udp oifname "${wan}" jump keep
    meta l4proto udp oifname "${lan}" ct original ip saddr ${inside} ct status dnat jump keep
  }
  chain keep {
    ct direction reply goto keep_back
    ${UDP} ct status seen-reply update @answered { ${outer} timeout ${stream}s }
    ${UDP} ${outer} @answered goto keep_long
${keep(inner, outer, initial)}
  }
  chain keep_long {
${keep(inner, outer, stream)}
  }
  chain keep_back {
${keep(innerBack, outerBack, stream)}
  }`;
}

function filters({ kind, wan, icmp, udp }: RouterRules): string {
  const noIcmp = icmp === 'blocked' ? '    meta l4proto icmp drop' : '';
  return `  chain gate {
${udp === 'blocked' ? '    meta l4proto udp drop' : ''}
  }
  chain forward {
    type filter hook forward priority filter
    iifname "${wan}" meta l4proto udp counter name received
    jump gate
${noIcmp}
    iifname "${wan}" ct state established,related accept
    iifname "${wan}" ct status dnat accept
    iifname "${wan}" drop
  }
  chain input {
    type filter hook input priority filter
${noIcmp}
    iifname "${wan}" ct state established,related accept
${NAT_KINDS[kind].isPoisoned ? '' : `    iifname "${wan}" meta l4proto udp drop`}
    iifname "${wan}" meta l4proto tcp drop
  }
  chain output {
    type filter hook output priority filter
${noIcmp}
  }`;
}

function ipv6Filters({ wan, icmp, udp, ipv6 }: RouterRules): string {
  if (ipv6 === 'none') return '';
  const errors =
    '{ destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request }';
  const noIcmp = icmp === 'blocked' ? `    icmpv6 type ${errors} drop` : '';
  const stateful = `    iifname "${wan}" ct state established,related accept
    iifname "${wan}" drop`;
  return `table ip6 box {
  chain gate {
${udp === 'blocked' ? '    meta l4proto udp drop' : ''}
  }
  chain forward {
    type filter hook forward priority filter
    jump gate
${noIcmp}
${ipv6 === 'stateful' ? stateful : ''}
  }
  chain input {
    type filter hook input priority filter
    iifname "${wan}" meta l4proto { tcp, udp } drop
  }
  chain output {
    type filter hook output priority filter
${noIcmp}
  }
}`;
}
