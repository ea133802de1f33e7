// Nodes behind a router that has Debian's miniupnpd: what it maps, the Internet reaches, and only as long as the node runs.
// Addresses are of the Internet since miniupnpd maps nothing behind those for documentation; none leaves the laboratory.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Host, Lab, needsLab, type Running, run, until } from './lab.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);
if (run(['miniupnpd', '--version']).status === null) {
  console.log('TAP version 14\n1..0 # SKIP needs miniupnpd: apt-get install miniupnpd-nftables');
  process.exit(0);
}

const PATIENCE_MS = 60_000;

interface Mapping {
  protocol: string;
  external: string;
  expiresAt: string | null;
  public: boolean;
}

/** Between the node and the router, and between router and stranger. */
interface Plan {
  inside: string[];
  lan: string[];
  wan: string[];
  outside: string[];
  /** The node's default gateway. */
  gateway: string;
}

const IPV4: Plan = {
  inside: ['192.168.7.2/24'],
  lan: ['192.168.7.1/24'],
  wan: ['25.1.1.1/24'],
  outside: ['25.1.1.2/24'],
  gateway: '192.168.7.1',
};
/** The node has IPv6 alone; miniupnpd wants IPv4 on its own interfaces all the same. */
const IPV6: Plan = {
  inside: ['2a07:7::2/64'],
  lan: ['192.168.7.1/24', '2a07:7::1/64', 'fe80::1/64'],
  wan: ['25.1.1.1/24', '2a07:1::1/64'],
  outside: ['2a07:1::2/64'],
  gateway: 'fe80::1',
};

interface Case {
  name: string;
  plan: Plan;
  /** What the router speaks. */
  pcp: boolean;
  natPmp: boolean;
  upnp: boolean;
  /** What comes of it. */
  protocol: string;
  external: string;
  rule: RegExp;
}

const DNAT = /dport 9376 .*dnat.* 192\.168\.7\.2:9376/;
const CASES: readonly Case[] = [
  {
    name: 'PCP, best of all three,',
    plan: IPV4,
    pcp: true,
    natPmp: true,
    upnp: true,
    protocol: 'pcp',
    external: '25.1.1.1:9376',
    rule: DNAT,
  },
  {
    name: 'NAT-PMP',
    plan: IPV4,
    pcp: false,
    natPmp: true,
    upnp: false,
    protocol: 'nat-pmp',
    external: '25.1.1.1:9376',
    rule: DNAT,
  },
  {
    name: 'UPnP',
    plan: IPV4,
    pcp: false,
    natPmp: false,
    upnp: true,
    protocol: 'upnp',
    external: '25.1.1.1:9376',
    rule: DNAT,
  },
  {
    name: 'PCP in an IPv6 firewall',
    plan: IPV6,
    pcp: true,
    natPmp: false,
    upnp: false,
    protocol: 'pcp',
    external: '[2a07:7::2]:9376',
    rule: /dport 9376 .*accept/,
  },
];

/** A home router: it masquerades, lets nothing in unasked, and runs miniupnpd. */
class Router {
  readonly host: Host;
  readonly lan: string;
  readonly #lab: Lab;
  readonly #wan: string;
  readonly #does: Case;
  #daemon: Running | undefined;

  constructor(lab: Lab, inside: Host, outside: Host, does: Case) {
    const { plan } = does;
    this.#lab = lab;
    this.#does = does;
    this.host = lab.host('router');
    const [uplink, lan] = lab.wire(inside, plan.inside, this.host, plan.lan);
    const [, wan] = lab.wire(outside, plan.outside, this.host, plan.wan);
    this.lan = lan;
    this.#wan = wan;
    const family = plan === IPV6 ? ['-6'] : [];
    inside.ip(...family, 'route', 'add', 'default', 'via', plan.gateway, 'dev', uplink);
    if (plan === IPV6) outside.ip('-6', 'route', 'add', 'default', 'via', '2a07:1::1');
    this.host.must(['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
  }

  /** Its tables and mappings are as after a reboot. */
  start(): void {
    const { pcp, natPmp, upnp } = this.#does;
    const [lan, wan] = [this.lan, this.#wan];
    // Both speak on one port; the first byte is the version.
    const silent = [pcp ? '' : '2', natPmp ? '' : '0'].filter((version) => version !== '');
    const rules = `flush ruleset
table inet filter {
  chain miniupnpd {
  }
  chain prerouting_miniupnpd {
  }
  chain postrouting_miniupnpd {
  }
  chain input {
    type filter hook input priority 0
    iifname "${wan}" meta l4proto udp drop
    ${silent.map((version) => `udp dport 5351 @th,64,8 ${version} drop`).join('\n    ')}
  }
  chain forward {
    type filter hook forward priority 0
    policy drop
    ct state established,related accept
    iifname "${lan}" accept
    jump miniupnpd
  }
  chain prerouting {
    type nat hook prerouting priority -100
    jump prerouting_miniupnpd
  }
  chain postrouting {
    type nat hook postrouting priority 100
    jump postrouting_miniupnpd
    meta nfproto ipv4 oifname "${wan}" masquerade
  }
}
`;
    this.host.must(['nft', '-f', '-'], { input: rules });
    const settings = [
      `ext_ifname=${wan}`,
      `ext_ifname6=${wan}`,
      `listening_ip=${lan}`,
      `enable_natpmp=${pcp || natPmp ? 'yes' : 'no'}`,
      `enable_upnp=${upnp ? 'yes' : 'no'}`,
      'system_uptime=no',
      'secure_mode=yes',
      'uuid=00000000-0000-4000-8000-000000000001',
      'allow 1024-65535 192.168.7.0/24 1024-65535',
      'deny 0-65535 0.0.0.0/0 0-65535',
    ];
    const file = join(this.#lab.folder, 'miniupnpd.conf');
    writeFileSync(file, `${settings.join('\n')}\n`);
    const pid = join(this.#lab.folder, 'miniupnpd.pid');
    this.#daemon = this.host.start(['miniupnpd', '-d', '-f', file, '-P', pid]);
  }

  /** Killed, so that it takes nothing back by itself. */
  async stop(): Promise<void> {
    await this.#daemon?.stop('SIGKILL');
    const counter = `iifname "${this.lan}" meta l4proto { tcp, udp } counter`;
    const rules = `table inet asked {\n chain input {\n type filter hook input priority -10\n ${counter}\n }\n}\n`;
    this.host.must(['nft', '-f', '-'], { input: rules });
  }

  /** Somebody asked it for something since it stopped. */
  isAsked(): boolean {
    return /counter packets [1-9]/.test(this.host.must(['nft', 'list', 'table', 'inet', 'asked']));
  }

  /** Its rules, with what it passes on to the inside. */
  rules(): string {
    return this.host.must(['nft', 'list', 'table', 'inet', 'filter']);
  }
}

function mappingOf(node: Node): Mapping | undefined {
  return node.json<{ nat: { portMapping: Mapping | null } }>('status').nat.portMapping ?? undefined;
}

for (const does of CASES) {
  t.test(`by ${does.name} a router leads strangers to a node behind it`, async (t) => {
    const { protocol, external, rule } = does;
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [inside, outside] = [lab.host('a'), lab.host('b')];
    const router = new Router(lab, inside, outside, does);
    router.start();
    const a = new Node(lab, inside, 'alpha');
    const b = new Node(lab, outside, 'bravo');
    a.mcc('init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha');
    await a.up();
    const mapping = await until('a mapping', () => mappingOf(a), PATIENCE_MS);
    t.match(mapping, { protocol, external, public: true });
    const leftMs = Date.parse(mapping.expiresAt ?? '') - Date.now();
    t.ok(leftMs > 60_000 && leftMs <= 7_200_000, `it lasts ${leftMs} ms`);
    t.match(router.rules(), rule);
    t.ok(a.mcc('status').includes(`port mapping ${external} by `));

    b.join(lastLine(a.mcc('invite')));
    await b.up();
    const ping = b.json<{ rttMs: number[]; path: { remote: string } }>('ping', 'alpha');
    t.ok(ping.rttMs.length > 0);
    t.equal(ping.path.remote, external, 'through the mapping');

    await t.test('also after the router started anew', async (t) => {
      await router.stop();
      router.host.ip('link', 'set', router.lan, 'down');
      router.host.ip('link', 'set', router.lan, 'up');
      // Which loses IPv6 addresses.
      for (const address of does.plan.lan.filter((text) => text.includes(':')))
        router.host.ip('address', 'replace', address, 'dev', router.lan, 'nodad');
      await until('the node asks', () => router.isAsked(), PATIENCE_MS);
      router.start();
      await until('it is mapped again', () => rule.test(router.rules()), PATIENCE_MS);
      t.match(await until('and known', () => mappingOf(a), PATIENCE_MS), { external });
    });

    const onceMore = async (t: Test): Promise<void> => {
      await a.down('SIGKILL');
      t.match(router.rules(), rule);
      await a.up();
      t.match(await until('a mapping', () => mappingOf(a), PATIENCE_MS), { protocol, external });
    };
    // miniupnpd 2.3.1 deletes no pinhole that was renewed: it would stay until its lease ends.
    if (does.plan !== IPV6) await t.test('also after the daemon was killed, whose mapping stands', onceMore);

    await b.down();
    await a.down();
    t.notMatch(router.rules(), /9376/, 'a clean stop gives it back');
    await router.stop();
  });
}
