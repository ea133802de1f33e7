// Marks of congestion and differentiated services fields, inside and outside: the kernel sets and counts them on the loopback device between
// two ports, as routers on the way would.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { type IpAddress, parseIp, TCP, UDP } from '../../src/core/base/ip.ts';
import { openPort } from '../../src/host/native/native.ts';
import { relayHeader } from '../../src/sim/relay.ts';
import { Listener } from './datagrams.ts';
import { counted, LOCALHOST, loopbackUp, privateNamespace, Twin, type TwinOptions, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

t.setTimeout(180_000);

const CODES = ['not-ect', 'ect1', 'ect0', 'ce'];
const [NONE, ECT1, ECT0, CE] = [0, 1, 2, 3];
/** So that larger packets travel as tunnel fragments. */
const PLAINTEXT = 700;
const LIMIT_MS = 30_000;

/** Replaces all rules. `inner`: for packets into TUN A; `outer`: for datagrams to B's port, after they were counted by their ECN field. */
function setRules(port: number, inner: readonly string[], outer: readonly string[] = []): void {
  const to = `oifname "lo" udp dport ${port}`;
  const lines = [
    'flush ruleset',
    'table inet t {',
    ...[...CODES.keys(), 'dscp'].map((code) => `counter c${code} {}`),
    'chain out {',
    'type filter hook output priority 0;',
    ...inner.map((each) => `oifname "mcctest0" ${each}`),
    ...CODES.flatMap((code, i) => ['ip', 'ip6'].map((ip) => `${to} ${ip} ecn ${code} counter name "c${i}"`)),
    `${to} ip dscp ef counter name "cdscp"`,
    ...outer.map((each) => `${to} ${each}`),
    '}',
    '}',
  ];
  execFileSync('nft', ['-f', '-'], { input: `${lines.join('\n')}\n` });
}

const setEcn = (code: number) => [`ip ecn set ${CODES[code]}`, `ip6 ecn set ${CODES[code]}`];

/** What was counted, by name, where it is not zero. */
function outerCounts(): Record<string, number> {
  const { nftables } = JSON.parse(execFileSync('nft', ['-j', 'list', 'counters'], { encoding: 'utf8' }));
  const counts: Record<string, number> = {};
  for (const { counter } of nftables)
    if (counter?.packets > 0) counts[CODES[counter.name.slice(1)] ?? counter.name] = counter.packets;
  return counts;
}

interface Row {
  readonly ecn: number;
  readonly ports: number;
  readonly datagrams: number;
}

/** Two ports for packets of one protocol; `rows` is what B was told of data, `arrived` what came out of its TUN. */
async function scene(t: Test, options: TwinOptions = {}, only = UDP) {
  const twin = new Twin({ plaintext: PLAINTEXT, ...options });
  const rows: Row[] = [];
  const decideOut = twin.a.decideOut;
  twin.a.decideOut = (words, at, counter) => {
    const protocol = (words[at + L.OutRow.info] >>> L.INFO_PROTOCOL_SHIFT) & 0xff;
    if (protocol === only) return decideOut(words, at, counter);
    // What the kernel says of itself, such as router solicitations, and connections that an earlier test left.
    words[at + L.OutRow.action] = L.Action.drop;
    return 0;
  };
  const usual = twin.b.decideIn;
  twin.b.decideIn = (words, at) => {
    usual(words, at);
    if (words[at + L.InRow.kind] !== L.Kind.data) return;
    const ports = words[at + L.InRow.ports];
    rows.push({
      ecn: words[at + L.InRow.trafficClass] & 3,
      ports,
      datagrams: words[at + L.InRow.datagrams],
    });
  };
  const arrived: Buffer[] = [];
  const servers = [createSocket('udp4'), createSocket('udp6')];
  for (const [i, server] of servers.entries()) {
    server.on('message', (message) => arrived.push(message));
    server.bind(0, ['10.79.0.1', 'fd00:1::1'][i]);
    await once(server, 'listening');
  }
  const clients = [createSocket('udp4'), createSocket('udp6')];
  t.teardown(() => {
    for (const each of [...servers, ...clients]) each.close();
    twin.close();
    execFileSync('nft', ['flush', 'ruleset']);
  });
  /** Into TUN A, so that it comes out of TUN B. */
  const send = (six: 0 | 1, payload: Uint8Array) =>
    clients[six].send(payload, servers[six].address().port, ['10.78.0.2', 'fd00:0::2'][six]);
  return { twin, rows, arrived, send, toPort: twin.b.udpPort };
}

/** One that fits a datagram, and one that does not. */
const SIZES = [100, 1200];

for (const outer of ['127.0.0.1', '::1']) {
  t.test(`over ${outer}: the outer field is a copy of the inner one`, async (t) => {
    const { twin, rows, arrived, send, toPort } = await scene(t, { outer: parseIp(outer) as IpAddress });
    for (const [ecn, code] of CODES.entries()) {
      setRules(toPort, setEcn(ecn));
      for (const six of [0, 1] as const) {
        const before = arrived.length;
        for (const size of SIZES) send(six, randomBytes(size));
        await until(() => arrived.length === before + SIZES.length, 'the datagrams', LIMIT_MS);
      }
      t.same(Object.keys(outerCounts()), [code], `inner ${code}`);
      t.same(new Set(rows.splice(0).map((row) => row.ecn)), new Set([ecn]));
    }
    t.equal(twin.b.port.ceCount(0), 0, 'what left marked met no congestion on its way');
    t.notOk(counted(twin.b.port).congested);
  });

  t.test(`over ${outer}: a mark on the way is taken inside, or the packet is dropped`, async (t) => {
    const { twin, rows, arrived, send, toPort } = await scene(t, { outer: parseIp(outer) as IpAddress });
    const { port } = twin.b;
    let marks = 0;
    for (const six of [0, 1] as const) {
      for (const ecn of [ECT0, ECT1]) {
        setRules(toPort, setEcn(ecn), setEcn(CE));
        for (const size of SIZES) {
          const payload = randomBytes(size);
          send(six, payload);
          await until(() => arrived.length === 1, 'the datagram', LIMIT_MS);
          t.same(arrived.splice(0), [payload], `IPv${six ? 6 : 4}, ${CODES[ecn]}, ${size} bytes: as it was`);
          t.same(
            rows.splice(0).map((row) => row.ecn),
            [CE],
          );
          marks += size > PLAINTEXT ? 2 : 1;
          t.equal(port.ceCount(0), marks);
        }
      }
      setRules(toPort, setEcn(NONE), setEcn(CE));
      const before = counted(port).dropEcn ?? 0;
      for (const size of SIZES) send(six, randomBytes(size));
      await until(() => counted(port).dropEcn === before + SIZES.length, 'both to be dropped', LIMIT_MS);
      marks += 3;
      t.equal(port.ceCount(0), marks, 'they count as well');
      t.same([rows.length, arrived.length], [0, 0]);
    }
    t.equal(counted(port).congested, marks);
    t.equal(port.ceCount(1), 0, 'no key');
    t.throws(() => port.ceCount(L.KEY_SLOTS), TypeError);
  });
}

t.test('super-packets are whole, and never of marked and unmarked packets', async (t) => {
  const { twin, rows, toPort } = await scene(t, {}, TCP);
  // Every third train is marked.
  setRules(toPort, setEcn(ECT0), ['numgen inc mod 3 == 0 ip ecn set ce']);
  const bytes = randomBytes(8 << 20);
  const hash = createHash('sha256');
  let length = 0;
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy());
    socket.on('data', (chunk) => {
      hash.update(chunk);
      length += chunk.length;
    });
  });
  server.listen(0, '10.79.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '10.78.0.2');
  t.teardown(() => {
    client.destroy();
    server.close();
  });
  client.write(bytes);
  await until(() => length === bytes.length, 'all of it', LIMIT_MS);
  t.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
  const of = (ecn: number) => rows.filter((row) => row.ecn === ecn);
  t.equal(of(CE).length + of(ECT0).length, rows.length);
  const merged = (ecn: number) => of(ecn).some((row) => row.datagrams > 1);
  t.ok(merged(CE) && merged(ECT0), 'of either kind there are super-packets');
  const marked = of(CE).reduce((sum, row) => sum + row.datagrams, 0);
  t.equal(marked, twin.b.port.ceCount(0), 'and as many datagrams in marked ones as came marked');
});

t.test('neighbours of different classes leave apart', async (t) => {
  const { rows, arrived, send, toPort } = await scene(t);
  setRules(toPort, ['meta nfproto ipv4 ip ecn set ect0']);
  for (let i = 0; i < 60; i++) send(i % 2 === 0 ? 0 : 1, randomBytes(50));
  await until(() => arrived.length === 60, 'all', LIMIT_MS);
  const datagrams = (ecn: number) =>
    rows.reduce((sum, row) => sum + (row.ecn === ecn ? row.datagrams : 0), 0);
  t.equal(datagrams(ECT0), 30, 'those of IPv4');
  t.equal(datagrams(NONE), 30, 'and those of IPv6');
  t.same(Object.keys(outerCounts()).sort(), ['ect0', 'not-ect']);
});

t.test(
  'a row may be marked by its sender, now or at a time of release, and sent unmarked again',
  async (t) => {
    const { twin, rows, arrived, send, toPort } = await scene(t);
    const { a } = twin;
    const usual = a.decideOut;
    let releaseNs = 0n;
    let kept: Uint32Array | undefined;
    a.decideOut = (words, at, counter) => {
      const taken = usual(words, at, counter);
      if (taken === 0) return 0;
      words[at + L.OutRow.action] = L.Action.sendKeep;
      words[at + L.OutRow.repair] = L.REPAIR_MARK_CE;
      words[at + L.OutRow.releaseLow] = Number(releaseNs & 0xffff_ffffn);
      words[at + L.OutRow.releaseHigh] = Number(releaseNs >> 32n);
      kept = words.slice(at, at + L.ROW_WORDS);
      return taken;
    };
    for (const wait of [0n, 2_000_000n]) {
      for (const [inner, outer] of [
        [NONE, NONE],
        [ECT1, CE],
        [ECT0, CE],
        [CE, CE],
      ]) {
        setRules(toPort, setEcn(inner));
        for (const six of [0, 1] as const) {
          for (const size of SIZES) {
            releaseNs = wait === 0n ? 0n : process.hrtime.bigint() + wait;
            send(six, randomBytes(size));
            await until(() => arrived.length === 1, 'the datagram', LIMIT_MS);
            t.same(
              rows.splice(0).map((row) => row.ecn),
              [outer],
            );
            const row = kept as unknown as Uint32Array;
            a.port.heldRows.set(row);
            a.port.heldRows[L.OutRow.action] = L.Action.send;
            a.port.heldRows[L.OutRow.repair] = 0;
            a.port.heldRows[L.OutRow.releaseLow] = 0;
            a.port.heldRows[L.OutRow.releaseHigh] = 0;
            a.port.heldRows[L.OutRow.counterLow] = a.counter;
            a.counter += row[L.OutRow.datagrams];
            a.port.sendHeld(1);
            await until(() => arrived.length === 2, 'the same again', LIMIT_MS);
            const [first, second] = arrived.splice(0);
            t.same(first, second);
            t.same(
              rows.splice(0).map((row) => row.ecn),
              [inner],
            );
          }
        }
        const codes = new Set([CODES[inner], CODES[outer]]);
        t.same(new Set(Object.keys(outerCounts())), codes, 'and so it stands outside');
      }
    }
    t.equal(twin.b.port.ceCount(0), 0, 'none of it was marked on its way');
    t.equal(a.port.info().freeSlots, L.SLAB_SLOTS);
  },
);

t.test('the differentiated services field stays inside unless it is asked for', async (t) => {
  for (const dscp of ['keep', 'none', undefined] as const) {
    const { twin, arrived, send, toPort } = await scene(t, { port: { dscp } });
    setRules(toPort, ['ip dscp set ef', 'ip ecn set ect0']);
    for (const size of SIZES) send(0, randomBytes(size));
    await until(() => arrived.length === SIZES.length, 'the datagrams', LIMIT_MS);
    const counts = outerCounts();
    t.equal(counts.cdscp !== undefined, dscp === 'keep');
    t.equal(counts.cdscp ?? counts.ect0, counts.ect0);
    twin.close();
  }
  const listen = [{ ip: LOCALHOST, port: 0 }];
  t.throws(() => openPort({ listen, dscp: 'copy' as 'keep' }), TypeError);
});

t.test('a relay sends on with the field that came, as routers do', async (t) => {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const [a, b] = [await Listener.open(), await Listener.open()];
  t.teardown(() => {
    port.close(true);
    a.close();
    b.close();
    execFileSync('nft', ['flush', 'ruleset']);
  });
  port.setPath(1, { ip: LOCALHOST, port: a.port });
  port.setPath(2, { ip: LOCALHOST, port: b.port });
  port.setForward(1, 7, 2, 9, 8);
  const own = port.info().udp4?.port ?? 0;
  for (const code of CODES) {
    setRules(b.port, []);
    execFileSync('nft', [
      'insert',
      'rule',
      'inet',
      't',
      'out',
      'udp',
      'dport',
      `${own}`,
      'ip',
      'ecn',
      'set',
      code,
    ]);
    for (const size of [40, 900]) a.send(Buffer.concat([relayHeader(1, 7), Buffer.alloc(size, 4)]), own);
    await until(() => b.datagrams.length === 2, 'both', LIMIT_MS);
    b.take();
    t.same(Object.keys(outerCounts()), [code]);
  }
});
