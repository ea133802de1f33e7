/**
 * An Internet in a laboratory: a core, public hosts, and LANs behind NAT routers of every kind, which the kernel itself plays
 * with nftables rules. All of it lives in the lab's namespaces and goes away with the lab.
 */
import type { NatKind, Neighbourhood, Place } from '../reach/matrix.ts';
import { type Host, type Lab, must } from './lab.ts';
import { Link, type LinkSettings } from './link.ts';
import { coreRules, DEAD_RULES, gateRules, type RouterRules, routerRules } from './nat-rules.ts';

export interface InternetOptions {
  /** Of the core's host, where several share a lab. Default "core". */
  readonly name?: string;
  /** Hops between any two sites: what is sent with a lower TTL dies in the core. Default 8. */
  readonly hops?: number;
  /** Whether the core says why it drops. Default: yes. */
  readonly icmp?: 'open' | 'blocked';
}

/** A wire between a site and what is in front of it. */
export interface WireOptions {
  /** Default 1500. */
  readonly mtu?: number;
  /** Puts the link emulator in the wire; `ab` is the way out. */
  readonly link?: LinkSettings;
  /** IPv6 on this wire and behind it; a public host has no firewall. Default: none. */
  readonly ipv6?: 'none' | 'stateful' | 'open';
  /** Of the way out, where there are several: the lowest is used. */
  readonly metric?: number;
}

export interface NatOptions extends WireOptions {
  readonly kind: NatKind;
  /** The provider's NAT in front: of that kind and for this router alone, or one that was made before. */
  readonly cgnat?: NatKind | NatBox;
  readonly hairpin?: boolean;
  readonly udp?: 'open' | 'blocked';
  /** Whether the router passes on and says why packets were dropped. */
  readonly icmp?: 'open' | 'blocked';
  /** Seconds that mappings live, before and after an answer came. Default 30 and 300. */
  readonly timeouts?: { readonly initial: number; readonly stream: number };
  /** Between consecutive ports of `symmetric-predictable`. Default 1. */
  readonly step?: number;
  /** First three numbers of the LAN, which other LANs may use too. Default 192.168.N. */
  readonly lan?: string;
}

/** A host with the addresses that its own interface has. */
export interface Site {
  readonly host: Host;
  readonly address: string;
  readonly address6: string | undefined;
  /** The emulator in its wire. */
  readonly link: Link | undefined;
}

/** Who may use an outer port. */
export interface Mapping {
  readonly address: string;
  readonly port: number;
  readonly outerPort: number;
}

/** What sites are plugged into. */
export interface Upstream {
  readonly host: Host;
  /** Makes room for one more: the addresses of both ends, and what is to be done with the upstream's end. */
  room(ipv6: boolean): Room;
  /** A prefix is behind an address from now on. */
  route6(prefix: string, via: string): void;
}

/** A free place there. */
export interface Room {
  readonly address: string;
  readonly gateway: string;
  /** With prefix lengths. */
  readonly nearEnd: string[];
  readonly farEnd: string[];
  readonly address6: string | undefined;
  readonly gateway6: string | undefined;
  settle(device: string): void;
}

const HOPS = 8;
const PUBLIC_BLOCKS = ['203.0.113', '198.51.100', '192.0.2'];
const ROOMS_PER_BLOCK = 63;
const LAN_HOSTS_MAX = 250;

/** Everything in the connection table of the namespace that runs it goes: IPCTNL_MSG_CT_DELETE without a tuple. */
const FLUSH_CONNECTIONS = `
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.send(struct.pack('=IHHIIBBH', 20, 1 << 8 | 2, 5, 1, 0, 0, 0, 0))
error = struct.unpack_from('=i', s.recv(4096), 16)[0]
if error: raise OSError(-error, 'flush')`;

/** Sites of one lab in one Internet. Public addresses are of networks that look global. */
export class Internet implements Upstream {
  readonly lab: Lab;
  /** The namespace that all public traffic goes through. */
  readonly host: Host;
  private rooms = 0;
  private lans = 0;
  private wires = 0;

  constructor(lab: Lab, options: InternetOptions = {}) {
    this.lab = lab;
    this.host = newRouter(lab, options.name ?? 'core');
    this.host.must(['nft', '-f', '-'], { input: coreRules(options.hops ?? HOPS, options.icmp ?? 'open') });
  }

  /** A host with a public address of its own. */
  async publicHost(name: string, options: WireOptions = {}): Promise<Site> {
    const host = newHost(this.lab, name, (options.ipv6 ?? 'none') !== 'none');
    return { host, ...(await this.plug(host, this, options)) };
  }

  /** A NAT router; `box.host(name)` puts hosts behind it. */
  async nat(name: string, options: NatOptions): Promise<NatBox> {
    const { cgnat } = options;
    if (typeof cgnat === 'string') {
      const ipv6 = (options.ipv6 ?? 'none') === 'none' ? 'none' : 'open';
      const { hairpin = false, mtu, link } = options;
      const provider = {
        kind: cgnat,
        ipv6,
        hairpin,
        lan: '100.64.0',
        timeouts: { initial: 30, stream: 300 },
      } as const;
      const outer = await this.nat(`${name}-cgnat`, {
        ...provider,
        ...(mtu === undefined ? {} : { mtu }),
        ...(link === undefined ? {} : { link }),
      });
      const { mtu: _, link: __, ...inner } = options;
      return this.nat(name, { ...inner, cgnat: outer });
    }
    const upstream: Upstream = cgnat ?? this;
    const router = newRouter(this.lab, name);
    const plugged = await this.plug(router, upstream, options);
    return new NatBox(this, router, plugged, upstream, options, ++this.lans);
  }

  /** A host where a place of the matrix says, with a router of its own. */
  async place(
    name: string,
    place: Place,
    options: Omit<NatOptions, 'kind' | keyof Place> = {},
  ): Promise<Site & { readonly box: NatBox | undefined }> {
    const { nat, ...rest } = place;
    if (nat === undefined)
      return { ...(await this.publicHost(name, { ...options, ...rest })), box: undefined };
    const box = await this.nat(`${name}-nat`, { ...options, ...rest, kind: nat });
    return { ...box.site(name), box };
  }

  /** Two hosts of one LAN, or of one provider. */
  async neighbours(
    names: readonly [string, string],
    { shared, nat, cgnat, hairpin }: Neighbourhood,
    options: Omit<NatOptions, 'kind' | keyof Place> = {},
  ): Promise<[Site, Site]> {
    const [one, other] = names;
    const outer = await this.nat(`${one}-nat`, { ...options, kind: cgnat ?? nat, hairpin });
    if (shared === 'lan') return [outer.site(one), outer.site(other)];
    const routers = [await this.nat(`${one}-home`, { kind: nat, cgnat: outer })];
    routers.push(await this.nat(`${other}-home`, { kind: nat, cgnat: outer }));
    return [routers[0]!.site(one), routers[1]!.site(other)];
  }

  /** Nothing passes the core between two public addresses of IPv4, either way, until it is mended. */
  cut(a: string, b: string): void {
    this.host.must(['nft', 'add', 'element', 'inet', 'core', 'cut', `{ ${a} . ${b}, ${b} . ${a} }`]);
  }

  mend(): void {
    this.host.must(['nft', 'flush', 'set', 'inet', 'core', 'cut']);
  }

  room(ipv6: boolean): Room {
    const n = this.rooms++;
    const net6 = (n + 1).toString(16);
    const block = PUBLIC_BLOCKS[Math.floor(n / ROOMS_PER_BLOCK)];
    if (block === undefined) throw new Error('the Internet is full');
    const first = 4 * (n % ROOMS_PER_BLOCK);
    const [gateway, address] = [`${block}.${first + 1}`, `${block}.${first + 2}`];
    const [gateway6, address6] = [`2001:db8:0:${net6}::1`, `2001:db8:0:${net6}::2`];
    return {
      address,
      gateway,
      nearEnd: ipv6 ? [`${address}/30`, `${address6}/64`] : [`${address}/30`],
      farEnd: ipv6 ? [`${gateway}/30`, `${gateway6}/64`] : [`${gateway}/30`],
      address6: ipv6 ? address6 : undefined,
      gateway6: ipv6 ? gateway6 : undefined,
      settle: () => undefined,
    };
  }

  route6(prefix: string, via: string): void {
    this.host.ip('-6', 'route', 'add', prefix, 'via', via);
  }

  /** Joins a host with what is in front of it, and leads everything there: one more uplink for a host that has some. */
  async plug(host: Host, upstream: Upstream = this, options: WireOptions = {}): Promise<Plugged> {
    const { mtu = 1500, ipv6 = 'none', link: settings, metric } = options;
    const room = upstream.room(ipv6 !== 'none');
    let link: Link | undefined;
    let device: string;
    if (settings === undefined) {
      const [near, far] = this.lab.wire(host, room.nearEnd, upstream.host, room.farEnd, mtu);
      room.settle(far);
      device = near;
    } else {
      if (room.farEnd.length === 0)
        throw new Error('the emulator needs a wire of its own, not a place in a LAN');
      device = `link${this.wires++}`;
      link = await Link.between(this.lab, host, room.nearEnd, upstream.host, room.farEnd, settings, {
        mtu,
        device,
      });
    }
    leadOut(host, room, metric);
    return { address: room.address, address6: room.address6, device, link };
  }
}

/** The near end of a wire. */
export interface Plugged {
  readonly address: string;
  readonly address6: string | undefined;
  /** Interface name. */
  readonly device: string;
  readonly link: Link | undefined;
}

/** A router with a NAT and a LAN behind it. */
export class NatBox implements Upstream {
  readonly host: Host;
  /** Outer address, as what is in front sees it. */
  readonly address: string;
  /** The address that the world sees: the provider's, where there is one. */
  readonly publicAddress: string;
  /** Interface names. */
  readonly wan: string;
  readonly lan = 'lan';
  /** First three numbers of the LAN; the router is .1. */
  readonly prefix: string;
  readonly link: Link | undefined;
  /** The provider's NAT. */
  readonly cgnat: NatBox | undefined;
  private readonly internet: Internet;
  private readonly upstream: Upstream;
  private readonly prefix6: string;
  private rules: RouterRules;
  private hosts = 1;

  constructor(
    internet: Internet,
    host: Host,
    plugged: Plugged,
    upstream: Upstream,
    options: NatOptions,
    number: number,
  ) {
    this.internet = internet;
    this.host = host;
    this.address = plugged.address;
    this.wan = plugged.device;
    this.link = plugged.link;
    this.upstream = upstream;
    this.cgnat = upstream instanceof NatBox ? upstream : undefined;
    this.publicAddress = this.cgnat?.publicAddress ?? plugged.address;
    this.prefix = options.lan ?? `192.168.${number}`;
    this.prefix6 = `2001:db8:1:${number.toString(16)}::`;
    const { hairpin = false, icmp = 'open', udp = 'open', ipv6 = 'none', step = 1 } = options;
    const timeouts = options.timeouts ?? { initial: 30, stream: 300 };
    this.rules = {
      kind: options.kind,
      wan: this.wan,
      lan: this.lan,
      inside: `${this.prefix}.0/24`,
      address: this.address,
      hairpin,
      icmp,
      udp,
      ipv6,
      step,
      timeouts,
      seed: number,
    };
    const isV6 = ipv6 !== 'none' && plugged.address6 !== undefined;
    batch(host, [
      `link add ${this.lan} type bridge mcast_snooping 0`,
      `address add ${this.prefix}.1/24 dev ${this.lan}`,
      ...(isV6 ? [`address add ${this.prefix6}1/64 dev ${this.lan} nodad`] : []),
      `link set ${this.lan} up`,
    ]);
    if (isV6) upstream.route6(`${this.prefix6}/64`, plugged.address6 as string);
    const limit = 'net.netfilter.nf_conntrack_udp_timeout';
    host.must(['sysctl', '-qw', `${limit}=${timeouts.initial}`, `${limit}_stream=${timeouts.stream}`]);
    this.load(routerRules(this.rules));
  }

  /** One more host in the LAN. */
  site(name: string, options: { readonly mtu?: number } = {}): Site {
    const ipv6 = this.rules.ipv6 !== 'none';
    const host = newHost(this.internet.lab, name, ipv6);
    const room = this.room(ipv6);
    const [, far] = this.internet.lab.wire(host, room.nearEnd, this.host, room.farEnd, options.mtu ?? 1500);
    room.settle(far);
    leadOut(host, room);
    return { host, address: room.address, address6: room.address6, link: undefined };
  }

  room(ipv6: boolean): Room {
    const n = ++this.hosts;
    if (n > LAN_HOSTS_MAX) throw new Error('the LAN is full');
    const address = `${this.prefix}.${n}`;
    const address6 = `${this.prefix6}${n.toString(16)}`;
    return {
      address,
      gateway: `${this.prefix}.1`,
      nearEnd: ipv6 ? [`${address}/24`, `${address6}/64`] : [`${address}/24`],
      farEnd: [],
      address6: ipv6 ? address6 : undefined,
      gateway6: ipv6 ? `${this.prefix6}1` : undefined,
      settle: (device) => this.host.ip('link', 'set', device, 'master', this.lan),
    };
  }

  route6(prefix: string, via: string): void {
    this.host.ip('-6', 'route', 'add', prefix, 'via', via);
    this.upstream.route6(prefix, this.wanAddress6());
  }

  /** Off and on again: every mapping and connection is forgotten, and random ports come out differently. */
  reboot(): void {
    this.load(`flush ruleset\n${DEAD_RULES}`);
    this.host.must(['python3', '-c', FLUSH_CONNECTIONS]);
    this.rules = { ...this.rules, seed: this.rules.seed + 1000 };
    this.load(routerRules(this.rules));
  }

  /** Whether UDP passes from now on. */
  setUdp(udp: 'open' | 'blocked'): void {
    this.rules = { ...this.rules, udp };
    this.load(gateRules('ip', udp));
    if (this.rules.ipv6 !== 'none') this.load(gateRules('ip6', udp));
  }

  /** What inner addresses and ports have which outer port. */
  mappings(): Mapping[] {
    const found = JSON.parse(this.host.must(['nft', '-j', 'list', 'set', 'ip', 'box', 'seen']));
    const set = found.nftables.find((entry: { set?: unknown }) => entry.set !== undefined)?.set;
    return (set?.elem ?? []).map((element: { elem: { val: { concat: [string, number, number] } } }) => {
      const [address, port, outerPort] = element.elem.val.concat;
      return { address, port, outerPort };
    });
  }

  /** UDP datagrams that left through the NAT, and that came in through it (not those that were dropped). */
  counts(): { sent: number; received: number } {
    const listed = JSON.parse(this.host.must(['nft', '-j', 'list', 'counters'])).nftables;
    const count = (name: string): number =>
      listed.find((entry: { counter?: { name: string } }) => entry.counter?.name === name)?.counter.packets ??
      0;
    return { sent: count('sent'), received: count('received') };
  }

  private wanAddress6(): string {
    const listed = JSON.parse(
      must(['ip', '-n', this.host.namespace, '-j', '-6', 'address', 'show', 'dev', this.wan]),
    );
    for (const { local, scope } of listed[0]?.addr_info ?? []) if (scope === 'global') return local;
    throw new Error(`${this.host.name} has no IPv6 in front`);
  }

  private load(rules: string): void {
    this.host.must(['nft', '-f', '-'], { input: rules });
  }
}

function leadOut(host: Host, { gateway, gateway6 }: Room, metric?: number): void {
  const rank = metric === undefined ? [] : ['metric', String(metric)];
  host.ip('route', 'add', 'default', 'via', gateway, ...rank);
  if (gateway6 !== undefined) host.ip('-6', 'route', 'add', 'default', 'via', gateway6, ...rank);
}

/** Interfaces of IPv6 are ready at once. */
const NO_DAD = ['net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.default.accept_dad=0'];

function newHost(lab: Lab, name: string, ipv6: boolean): Host {
  const host = lab.host(name);
  if (ipv6) host.must(['sysctl', '-qw', ...NO_DAD]);
  return host;
}

function newRouter(lab: Lab, name: string): Host {
  const router = lab.host(name);
  const forwarding = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'];
  router.must(['sysctl', '-qw', ...NO_DAD, ...forwarding]);
  return router;
}

/** Several commands of iproute2 at the price of one. */
function batch(host: Host, lines: readonly string[]): void {
  must(['ip', '-n', host.namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
