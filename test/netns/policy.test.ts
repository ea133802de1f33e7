import t, { type Test } from 'tap';
import { Capture, NO_NEIGHBOURS } from './capture.ts';
import { echo, type Forgery, forge, ICMP, ICMP6, SYN, TCP, tcp, UDP, udp } from './forge.ts';
import { type Host, Lab, needsLab, until } from './lab.ts';
import { Insider, memberOf, networkOf, organisation, settle } from './membership.ts';
import { lastLine, Node, reach } from './node.ts';

needsLab(t);

const SECRET = 7777;
const FAMILIES = [4, 6] as const;

/** What the victim counted since the last look, by reason. */
class Drops {
  readonly #victim: Node;
  #before: Record<string, number>;

  constructor(victim: Node) {
    this.#victim = victim;
    this.#before = victim.status().drops;
  }

  since(): Record<string, number> {
    const now = this.#victim.status().drops;
    const fresh = Object.entries(now)
      .map(([reason, count]) => [reason, count - (this.#before[reason] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    this.#before = now;
    return Object.fromEntries(fresh);
  }

  /** Waits until so many more were dropped, and returns them by reason. */
  async of(count: number): Promise<Record<string, number>> {
    const all: Record<string, number> = {};
    await until(`${count} drops`, () => {
      for (const [reason, number] of Object.entries(this.since())) all[reason] = (all[reason] ?? 0) + number;
      return Object.values(all).reduce((sum, number) => sum + number, 0) >= count ? true : undefined;
    }).catch((error: Error) => {
      throw new Error(`${error.message}; there were ${JSON.stringify(all)}`);
    });
    return all;
  }
}

interface Attack {
  name: string;
  /** The reason under which each plaintext is counted. */
  reason: string;
  plaintexts: Buffer[];
}

async function attacks(t: Test, insider: Insider, victim: Node, list: readonly Attack[]): Promise<void> {
  const drops = new Drops(victim);
  for (const { name, reason, plaintexts } of list) {
    await insider.send(plaintexts);
    t.same(await drops.of(plaintexts.length), { [reason]: plaintexts.length }, name);
  }
}

function secretEcho(family: 4 | 6, more: Partial<Forgery> = {}): Buffer {
  const protocol = family === 6 ? ICMP6 : ICMP;
  return forge({ family, protocol, payload: echo(family, 1), ...more });
}

/** What no member may send, not even one of the own organisation. */
function lies(family: 4 | 6): Attack[] {
  const of = (...more: Partial<Forgery>[]): Buffer[] => more.map((one) => secretEcho(family, one));
  const icmp = (type: number): Buffer => {
    const payload = echo(family, 1);
    payload[0] = type;
    return forge({ family, protocol: family === 6 ? ICMP6 : ICMP, payload });
  };
  const reserved = secretEcho(family);
  reserved[(family === 6 ? 8 : 12) + 5] = 1;
  const short = secretEcho(family);
  const long = secretEcho(family);
  short.writeUInt16BE(short.readUInt16BE(family === 6 ? 4 : 2) - 4, family === 6 ? 4 : 2);
  long.writeUInt16BE(long.readUInt16BE(family === 6 ? 4 : 2) + 40, family === 6 ? 4 : 2);
  return [
    {
      name: 'to others than the host',
      reason: 'inboundDestination',
      plaintexts: of({ destination: 1 }, { destination: 7 }, { destination: 65_535 }),
    },
    {
      name: 'from others than the sender',
      reason: 'inboundSource',
      plaintexts: of({ source: 1 }, { source: 65_535 }),
    },
    {
      name: 'with unknown flags, reserved bytes, lying lengths',
      reason: 'innerMalformed',
      plaintexts: [...of({ flags: 2 }, { flags: 0x80 }), reserved, short, long],
    },
    {
      name: 'of ICMP types that steer hosts',
      reason: 'inboundIcmpType',
      plaintexts: (family === 6 ? [133, 134, 135, 136, 137] : [5, 9, 13, 17]).map(icmp),
    },
  ];
}

/** Packets that would be routed on if their addresses counted. */
function detours(beyond4: string, beyond6: Buffer): Attack[] {
  const octets = Buffer.from(beyond4.split('.').map(Number));
  const route = (type: number): Buffer =>
    Buffer.concat([Buffer.from([type, 7, 4]), octets, Buffer.from([1])]);
  const plain4 = secretEcho(4);
  octets.copy(plain4, 12);
  octets.copy(plain4, 16);
  const wire6 = secretEcho(6);
  const plain6 = Buffer.concat([wire6.subarray(0, 8), beyond6, beyond6, wire6.subarray(16)]);
  const routing = (type: number): Buffer =>
    secretEcho(6, {
      extensions: [{ type: 43, body: Buffer.concat([Buffer.from([type, 1, 0, 0, 0, 0]), beyond6]) }],
    });
  return [
    {
      name: 'with a source route',
      reason: 'innerMalformed',
      plaintexts: [
        secretEcho(4, { options: route(131) }),
        secretEcho(4, { options: route(137) }),
        routing(0),
        routing(4),
      ],
    },
    { name: 'with addresses in the clear', reason: 'innerMalformed', plaintexts: [plain4, plain6] },
    {
      name: 'of no IP version',
      reason: 'innerMalformed',
      plaintexts: [0x10, 0x50, 0x70, 0xf0].map((first) =>
        Buffer.concat([Buffer.from([first]), secretEcho(4).subarray(1)]),
      ),
    },
  ];
}

/** A host behind the victim, which forwards for everybody: what a remote would reach if it could. */
function beyond(lab: Lab, victim: Host): { host: Host; device: string } {
  const host = lab.host('beyond');
  const [, device] = lab.wire(victim, ['10.50.0.1/24', 'fd50::1/64'], host, ['10.50.0.2/24', 'fd50::2/64']);
  for (const key of [
    'net.ipv4.ip_forward',
    'net.ipv4.conf.all.accept_source_route',
    'net.ipv6.conf.all.forwarding',
  ])
    victim.must(['sysctl', '-qw', `${key}=1`]);
  host.ip('route', 'add', 'default', 'via', '10.50.0.1');
  host.ip('-6', 'route', 'add', 'default', 'via', 'fd50::1');
  return { host, device };
}

t.test('a member cannot use another as a router, nor lie about its address', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const behind = beyond(lab, a);
  const alpha = new Node(lab, a, 'alpha');
  const bravo = new Node(lab, b, 'bravo');
  const { nodeId } = alpha.json<{ nodeId: string }>('init', '--organisation', 'acme', '--name', 'alpha');
  await alpha.up();
  bravo.join(lastLine(alpha.mcc('invite', '--address', '192.0.2.1')), 'bravo');

  await t.test('from a real node: what its host puts in', async (t) => {
    await bravo.up();
    const [toA, own] = [reach(bravo, 'alpha'), bravo.status().addresses];
    const inside = await Capture.on(a, 'mcc0', '', 'in');
    const passed = await Capture.on(behind.host, behind.device, NO_NEIGHBOURS);
    t.equal(b.run(['ping', '-c', '1', '-W', '5', toA.ipv4]).status, 0, 'alpha itself answers');
    t.equal(b.run(['ping', '-c', '1', '-W', '5', toA.ipv6]).status, 0);
    b.ip('route', 'add', '10.50.0.2/32', 'dev', 'mcc0', 'src', own.ipv4);
    b.ip('-6', 'route', 'add', 'fd50::2/128', 'dev', 'mcc0', 'src', own.ipv6);
    b.ip('address', 'add', '198.51.100.9/32', 'dev', 'lo');
    b.ip('address', 'add', 'fd99::9/128', 'dev', 'lo', 'nodad');
    const drops = new Drops(bravo);
    for (const [what, reason, words] of [
      ['IPv4 beyond alpha', 'outboundNoRoute', ['10.50.0.2']],
      ['IPv6 beyond alpha', 'outboundNoRoute', ['fd50::2']],
      ['IPv4 under a foreign address', 'outboundSource', ['-I', '198.51.100.9', toA.ipv4]],
      ['IPv6 under a foreign address', 'outboundSource', ['-I', 'fd99::9', toA.ipv6]],
    ] as const) {
      b.run(['ping', '-c', '3', '-i', '0.01', '-W', '0.2', ...words]);
      t.match(await drops.of(3), { [reason]: 3 }, what);
    }
    const arrived = await inside.lines();
    t.equal(arrived.filter((line) => /echo request/.test(line)).length, 2, 'nothing but the first two pings');
    t.same(await passed.lines(), [], 'nothing passed alpha');
    await bravo.down();
  });

  await t.test('from an insider: what it seals by hand', async (t) => {
    const insider = await Insider.at(lab, b, memberOf(bravo), nodeId, '192.0.2.1');
    const inside = await Capture.on(a, 'mcc0', '', 'in');
    const passed = await Capture.on(behind.host, behind.device, NO_NEIGHBOURS);
    for (const family of FAMILIES) {
      await insider.send([secretEcho(family)]);
      await insider.receives(family === 6 ? /6[0-9a-f]{31}8100/ : /4[0-9a-f]{39}0000/);
      await attacks(t, insider, alpha, lies(family));
    }
    await attacks(
      t,
      insider,
      alpha,
      detours('10.50.0.2', Buffer.from('fd500000000000000000000000000002', 'hex')),
    );
    t.equal((await inside.lines()).length, 2, 'only the honest echo request of each family came in');
    t.same(await passed.lines(), [], 'nothing passed alpha');
  });
});

/** What a node of another organisation must not get through, whatever it wraps around it. */
function trespasses(family: 4 | 6, shared: number): Attack[] {
  const one = (protocol: number, payload: Buffer, more: Partial<Forgery> = {}): Buffer =>
    forge({ family, protocol, payload, ...more });
  const whole = udp(5555, SECRET, Buffer.alloc(64, 'x'));
  const tiny = tcp(5555, shared, SYN);
  const piece = (id: number, from: number, to: number | undefined, of: Buffer, protocol: number): Buffer =>
    one(protocol, of.subarray(from, to), { fragment: { id, offset: from, more: to !== undefined } });
  const list: Attack[] = [
    {
      name: 'ports that are not shared',
      reason: 'inboundPort',
      plaintexts: [one(TCP, tcp(5555, SECRET, SYN)), one(UDP, udp(5555, SECRET, Buffer.from('x')))],
    },
    { name: 'echo requests', reason: 'inboundFlow', plaintexts: [secretEcho(family)] },
    {
      name: 'other protocols',
      reason: 'inboundProtocol',
      plaintexts: [4, 41, 47, 50, 132].map((protocol) => one(protocol, Buffer.alloc(40, 1))),
    },
    {
      name: 'a first fragment to such a port',
      reason: 'inboundPort',
      plaintexts: [piece(11, 0, 16, whole, UDP)],
    },
    {
      name: 'later fragments of it, and of nothing',
      reason: 'inboundFragment',
      plaintexts: [piece(11, 16, undefined, whole, UDP), piece(12, 16, undefined, whole, UDP)],
    },
    {
      name: 'a fragment that hides its flags, and one that would overwrite them',
      reason: 'innerMalformed',
      plaintexts: [piece(13, 0, 8, tiny, TCP), piece(13, 8, undefined, tiny, TCP)],
    },
  ];
  if (family === 4) return list;
  const padding = { type: 60, body: Buffer.from([1, 4, 0, 0, 0, 0]) };
  const hops = { type: 0, body: Buffer.from([1, 4, 0, 0, 0, 0]) };
  const wrapped = [[padding], [hops], [hops, padding], [padding, padding, padding]];
  return [
    ...list,
    {
      name: 'ports behind extension headers',
      reason: 'inboundPort',
      plaintexts: wrapped.flatMap((extensions) => [
        one(TCP, tcp(5555, SECRET, SYN), { extensions }),
        one(UDP, udp(5555, SECRET, Buffer.from('x')), { extensions }),
      ]),
    },
  ];
}

t.test('between organisations only shared ports are reached', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const alpha = new Node(lab, a, 'alpha');
  const { nodeId, recoveryPhrase } = alpha.json<{ nodeId: string; recoveryPhrase: string }>(
    'init',
    '--organisation',
    'acme',
    '--name',
    'alpha',
  );
  await alpha.up();
  const network = networkOf(lastLine(alpha.mcc('invite', '--address', '192.0.2.1')));
  const globex = organisation(network, recoveryPhrase, 'globex');
  const delta = new Node(lab, b, 'delta');
  settle(delta, globex('delta'), { nodeId, address: '192.0.2.1:9376' });
  await delta.up();
  await until('a session', () => delta.status().peers[0]?.name === 'alpha').catch(() => {
    delta.mcc('ping', nodeId);
  });
  const [toA, toD] = [reach(delta, 'alpha'), reach(alpha, 'delta')];

  const program = (name: string): string => new URL(`programs/${name}`, import.meta.url).pathname;
  const echoAt = async (host: Host, address: string): Promise<number> => {
    const running = host.start([process.execPath, program('echo.ts'), address]);
    return Number((await running.waitFor(/port (\d+)/))[1]);
  };
  const webAt = async (host: Host): Promise<number> => {
    const running = host.start([
      'python3',
      '-u',
      '-m',
      'http.server',
      '0',
      '--bind',
      '::',
      '--directory',
      lab.folder,
    ]);
    return Number((await running.waitFor(/ port (\d+)/))[1]);
  };
  const [open, closed] = [await webAt(a), await webAt(a)];
  const [echoes4, echoes6, shut] = [
    await echoAt(a, '0.0.0.0'),
    await echoAt(a, '::'),
    await echoAt(a, '0.0.0.0'),
  ];
  alpha.mcc('service', 'add', 'web', '--port', String(open), '--share', delta.status().organisationId);
  alpha.mcc('service', 'add', 'private', '--port', String(closed));
  for (const [name, port] of [
    ['echo4', echoes4],
    ['echo6', echoes6],
  ] as const)
    alpha.mcc('service', 'add', name, '--protocol', 'udp', '--port', String(port), '--share', 'all');

  const get = (host: Host, address: string, port: number): number | null =>
    host.run([
      'curl',
      '-s',
      '-g',
      '-o',
      '/dev/null',
      '-m',
      '2',
      `http://${address.includes(':') ? `[${address}]` : address}:${port}/`,
    ]).status;
  const sizes = async (
    address: string,
    port: number,
    step = 6550,
  ): Promise<{ passed: number; failed: number[] }> => {
    const client = b.start([
      process.execPath,
      program('sizes.ts'),
      address,
      String(port),
      '1',
      '65501',
      String(step),
    ]);
    return JSON.parse((await client.ended()).stdout);
  };

  await t.test('by real programs', async (t) => {
    const inside = await Capture.on(a, 'mcc0', `port ${closed} or port ${shut} or icmp or icmp6`, 'in');
    for (const address of [toA.ipv4, toA.ipv6]) {
      t.equal(get(b, address, open), 0, `a shared TCP port answers at ${address}`);
      t.equal(get(b, address, closed), 7, 'one that is not shared is refused at once');
      t.not(b.run(['ping', '-c', '1', '-W', '0.5', address]).status, 0, 'and so are pings');
    }
    t.match(await sizes(toA.ipv4, echoes4), { passed: 11, failed: [] }, 'UDP and its fragments, IPv4');
    t.match(await sizes(toA.ipv6, echoes6), { passed: 11, failed: [] }, 'UDP and its fragments, IPv6');
    t.match(await sizes(toA.ipv4, shut, 65_500), { passed: 0 }, 'not to a port that is not shared');
    t.same(await inside.lines(), [], 'nothing of what is forbidden came in');
    const drops = alpha.status().drops;
    for (const reason of ['inboundPort', 'inboundFlow', 'inboundFragment'])
      t.ok((drops[reason] ?? 0) > 0, `${reason} is counted`);
  });

  await t.test('in the other direction too', async (t) => {
    const port = await webAt(b);
    t.equal(get(a, toD.ipv4, port), 7, 'nothing is shared there yet');
    delta.mcc('service', 'add', 'web', '--port', String(port), '--share', 'acme');
    for (const address of [toD.ipv4, toD.ipv6]) t.equal(get(a, address, port), 0, `shared, at ${address}`);
    const closing = delta.json<{ removed: boolean }>('service', 'remove', 'web');
    t.ok(closing.removed);
    t.equal(get(a, toD.ipv4, port), 7, 'and not any longer');
  });

  await t.test('by packets made by hand', async (t) => {
    const insider = await Insider.at(lab, b, globex('mallory'), nodeId, '192.0.2.1');
    const inside = await Capture.on(a, 'mcc0', '', 'in');
    for (const family of FAMILIES) {
      await attacks(t, insider, alpha, trespasses(family, open));
      await attacks(t, insider, alpha, lies(family).slice(0, 3));
    }
    t.same(await inside.lines(), [], 'nothing came in');
    const honest = await Capture.on(a, 'mcc0', '', 'in');
    const hops = { type: 0, body: Buffer.from([1, 4, 0, 0, 0, 0]) };
    await insider.send([
      forge({ family: 4, protocol: TCP, payload: tcp(5555, open, SYN) }),
      forge({ family: 6, protocol: UDP, payload: udp(5555, echoes6, Buffer.from('x')), extensions: [hops] }),
    ]);
    await honest.sees(/\.5555 > .*Flags \[S\]/);
    await honest.sees(/IP6 .*UDP/);
  });
});
