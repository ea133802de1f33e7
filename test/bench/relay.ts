/**
 * `npm run bench -- relay [--seconds 3] [--rounds 5] [--streams 1] [--crypto auto|openssl] [--addon]`: TCP between two hosts that are
 * wired to one another and to a third, by turns directly and through the third as a relay: three daemons on this machine, or with
 * --addon its raw bytes with the smallest decisions there are. Prints what the relay keeps of the throughput, and its CPU time per
 * gigabyte beside that of the ends. Read the two ratios: they are medians of ratios within a round, whose halves follow one another at
 * once. CPU time is the user and system time of a process by /proc, per 1e9 bytes of TCP payload that the second end's iperf3 received.
 */
import { parseArgs } from 'node:util';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import { ipToWords, ipv4 } from '../../src/core/base/ip.ts';
import { nativeSystem, openPort } from '../../src/host/native/native.ts';
import type { NativePort } from '../../src/host/native/types.ts';
import { type Host, impossible, Lab, until } from '../netns/lab.ts';
import { lastLine, Node, reach } from '../netns/node.ts';
import { cores, cpuSeconds, throughput, undisturbed } from './measure.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    side: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    streams: { type: 'string', default: '1' },
    crypto: { type: 'string', default: 'auto' },
    addon: { type: 'boolean', default: false },
  },
});

const UDP_PORT = 9376;
const PLAINTEXT = 1500 - 20 - 8 - L.TRANSPORT_HEADER - L.TAG_BYTES;
/** Of both ends: path slots of the other end, of the relay, and of the other end through the relay. */
const DIRECT = 0;
const RELAY = 1;
const RELAYED = 2;
/** Second byte of inner addresses, by path slot. */
const INNER = [78, 0, 79];
const SHARE_WANTED = 0.6;
const CPU_WANTED = 0.5;
const PATIENCE_MS = 120_000;

if (values.side === undefined) await measure();
else if (values.side === 'relay') relay();
else end(Number(values.side));

function open(name?: string): NativePort {
  const port = openPort({
    listen: [{ ip: ipv4(0, 0, 0, 0), port: UDP_PORT }],
    crypto: values.crypto as 'auto' | 'openssl',
    ...(name === undefined ? {} : { interface: name }),
  });
  process.on('SIGTERM', () => port.close(true));
  console.log('ready');
  return port;
}

/** Neighbours 0 and 1 in path slots 0 and 1, circuits of both numbered alike. */
function relay(): void {
  const port = open();
  for (const n of [0, 1]) {
    port.setPath(n, { ip: ipv4(10, 77, 1 + n, 1), port: UDP_PORT });
    port.setForward(n, 5, 1 - n, RELAY, 5);
  }
}

function end(me: number): void {
  const other = 1 - me;
  const port = open('mccraw0');
  const system = nativeSystem();
  const index = system.linkIndex('mccraw0');
  system.setLink(index, {
    up: true,
    mtu: 1420,
    gsoMaxSize: 61000,
    gsoIpv4MaxSize: 61000,
    txQueueLength: 1000,
    linkLocal: false,
  });
  for (const path of [DIRECT, RELAYED]) system.addAddress(index, ipv4(10, INNER[path], 0, 1 + me), 120);
  const key = (n: number) => new Uint8Array(32).fill(n + 1);
  port.setSendKey(0, L.Suite.aes256Gcm, key(me), 0);
  port.setReceiveKey(0, L.Suite.aes256Gcm, key(other), 0, 0);
  port.setPath(DIRECT, { ip: ipv4(10, 77, 0, 1 + other), port: UDP_PORT });
  port.setPath(RELAY, { ip: ipv4(10, 77, 1 + me, 2), port: UDP_PORT });
  port.setCircuit(RELAY, 5, me);
  port.setPath(RELAYED, circuitAddress(RELAY, 5));
  const { outRows, inRows } = port;
  let counter = 0;
  port.onInside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) counter += decide(outRows, at, counter);
    port.send(rows);
    if (counter > 2 ** 28 - 2 ** 16) process.exit(3);
  });
  port.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      const path = inRows[at + L.InRow.outerSource] === L.CIRCUIT_PREFIX ? RELAYED : DIRECT;
      inRows[at + L.InRow.action] = L.Action.send;
      ipToWords(ipv4(10, INNER[path], 0, 1 + other), inRows, at + L.InRow.source);
      ipToWords(ipv4(10, INNER[path], 0, 1 + me), inRows, at + L.InRow.destination);
    }
    port.deliver(rows);
  });
}

/** Sends the row; returns the counters it takes. */
function decide(rows: Uint32Array, at: number, counter: number): number {
  const info = rows[at + L.OutRow.info];
  rows[at + L.OutRow.action] = L.Action.drop;
  if ((info & L.INFO_FAMILY) !== 4) return 0;
  const isRelayed = ((rows[at + L.OutRow.destination + 3] >>> 16) & 0xff) === INNER[RELAYED];
  const plaintext = isRelayed ? PLAINTEXT - L.RELAY_HEADER : PLAINTEXT;
  const header = rows[at + L.OutRow.headerBytes];
  const payload = rows[at + L.OutRow.length] - header;
  const piece = Math.min(rows[at + L.OutRow.segmentBytes] || payload, plaintext - header);
  const datagrams = payload === 0 ? 1 : Math.ceil(payload / piece);
  rows[at + L.OutRow.recut] = datagrams === 1 ? 0 : piece;
  rows[at + L.OutRow.action] = L.Action.send;
  rows[at + L.OutRow.key] = 0;
  rows[at + L.OutRow.counterLow] = counter;
  rows[at + L.OutRow.datagrams] = datagrams;
  rows[at + L.OutRow.path] = isRelayed ? RELAYED : DIRECT;
  rows[at + L.OutRow.fragmentAt] = plaintext;
  return datagrams;
}

interface Round {
  readonly gigabits: number;
  /** CPU seconds per gigabyte: sender, receiver, relay. */
  readonly cpu: readonly number[];
}

/** One after the other. */
interface Pair {
  readonly direct: Round;
  readonly relayed: Round;
}

/** Three processes: of both ends and of the relay. */
interface Scene {
  readonly pids: readonly number[];
  /** The address of the second end, by which packets take that path from now on. */
  use(path: number): Promise<string>;
}

async function addons(...hosts: Host[]): Promise<Scene> {
  const pids: number[] = [];
  for (const [i, host] of hosts.entries()) {
    const side = i === 2 ? 'relay' : String(i);
    const running = host.start([
      process.execPath,
      import.meta.filename,
      '--side',
      side,
      '--crypto',
      values.crypto,
    ]);
    await running.waitFor(/ready/);
    pids.push(running.pid);
  }
  return { pids, use: async (path) => `10.${INNER[path]}.0.2` };
}

/**
 * The wire between the ends is cut while they are to be relayed, where packets come in from it: a filter further up would look at
 * those of the relay too, in its CPU time.
 */
async function daemons(lab: Lab, wire: readonly [string, string], a: Host, b: Host, r: Host): Promise<Scene> {
  const config = `portmap: off\nrelayMbps: 0\n${values.crypto === 'openssl' ? 'crypto: openssl\n' : ''}`;
  const cut = () => {
    for (const [i, host] of [a, b].entries()) {
      const chain = `type filter hook ingress device "${wire[i]}" priority 0`;
      host.must(['nft', '-f', '-'], {
        input: `table netdev cut { chain in { ${chain}; meta protocol ip drop; }; }`,
      });
    }
  };
  cut();
  const [relay, one, two] = [
    new Node(lab, r, 'relay', config),
    new Node(lab, a, 'one', config),
    new Node(lab, b, 'two', config),
  ];
  relay.mcc('init', '--organisation', 'acme', '--name', 'relay');
  await relay.up('--advertise', '10.77.1.2', '--advertise', '10.77.2.2');
  for (const [node, address] of [
    [one, '10.77.1.2'],
    [two, '10.77.2.2'],
  ] as const) {
    node.join(lastLine(relay.mcc('invite', '--address', address)));
    await node.up();
  }
  await until('they meet', () => one.try(['ping', 'two', '-c', '1']).status === 0, PATIENCE_MS);
  const address = reach(one, 'two').ipv4;
  const kind = (node: Node, to: string) => node.status().peers.find(({ name }) => name === to)?.path?.kind;
  let isCut = true;
  return {
    pids: [one, two, relay].map((node) => node.daemon.pid),
    use: async (path) => {
      if (isCut !== (path === RELAYED)) {
        isCut = path === RELAYED;
        if (isCut) cut();
        else for (const host of [a, b]) host.must(['nft', 'delete table netdev cut']);
      }
      await until(
        isCut ? 'both are relayed' : 'both have the direct way',
        () => {
          // Ways are looked for while programs send something.
          a.run(['ping', '-c', '1', '-W', '1', address]);
          return [kind(one, 'two'), kind(two, 'one')].every((found) => (found === 'relayed') === isCut);
        },
        PATIENCE_MS,
      );
      return address;
    },
  };
}

async function measure(): Promise<void> {
  const why = impossible();
  if (why !== undefined) {
    console.error(`mcc bench: ${why}`);
    process.exit(1);
  }
  const lab = new Lab();
  try {
    const [a, b, r] = ['a', 'b', 'r'].map((name) => lab.host(name));
    const wire = lab.wire(a, ['10.77.0.1/24'], b, ['10.77.0.2/24']);
    lab.wire(a, ['10.77.1.1/24'], r, ['10.77.1.2/24']);
    lab.wire(b, ['10.77.2.1/24'], r, ['10.77.2.2/24']);
    const { pids, use } = await (values.addon ? addons(a, b, r) : daemons(lab, wire, a, b, r));
    const take = async (path: number, seconds: number): Promise<Round> => {
      const route = { client: a, server: b, address: await use(path), pids };
      const before = pids.map((pid) => cpuSeconds([pid]));
      const { gigabits } = await throughput(route, Number(values.streams), false, seconds);
      const used = pids.map((pid, i) => cpuSeconds([pid]) - before[i]);
      return { gigabits, cpu: used.map((spent) => spent / ((gigabits * seconds) / 8)) };
    };
    // Compilers warm up on the first second.
    for (const path of [DIRECT, RELAYED]) await take(path, 1);
    const both = async (): Promise<Pair> => ({
      direct: await take(DIRECT, Number(values.seconds)),
      relayed: await take(RELAYED, Number(values.seconds)),
    });
    const pairs: Pair[] = [];
    let disturbed = 0;
    for (let round = 0; round < Number(values.rounds); round++) {
      const taken = await undisturbed(both);
      pairs.push(taken.value);
      disturbed += Number(taken.disturbed);
    }
    tell(pairs);
    if (disturbed > 0) console.log(`disturbed by other processes, in every try: ${disturbed} rounds`);
  } finally {
    await lab.close();
  }
}

function tell(pairs: readonly Pair[]): void {
  console.log(
    `${cores} cores, ${pairs.length} rounds of twice ${values.seconds} s, medians; CPU is user and system time`,
  );
  for (const way of ['direct', 'relayed'] as const) {
    const rounds = pairs.map((pair) => pair[way]);
    const [sender, receiver, relay] = [0, 1, 2].map((i) =>
      middle(rounds.map(({ cpu }) => cpu[i])).toFixed(2),
    );
    const gigabits = middle(rounds.map((round) => round.gigabits)).toFixed(2);
    console.log(
      `${way.padEnd(9)}${gigabits} Gbit/s, CPU s/GB: sender ${sender}, receiver ${receiver}, relay ${relay}`,
    );
  }
  const shares = pairs.map(({ direct, relayed }) => relayed.gigabits / direct.gigabits);
  judge('throughput, relayed / direct', shares, SHARE_WANTED, 'at least');
  const costs = pairs.map(({ relayed: { cpu } }) => cpu[2] / ((cpu[0] + cpu[1]) / 2));
  judge("CPU per GB while relayed, the relay's / the mean of both ends'", costs, CPU_WANTED, 'at most');
}

/** Prints the median of ratios, between which they lie, and whether it is as wanted. */
function judge(what: string, ratios: readonly number[], wanted: number, bound: 'at least' | 'at most'): void {
  const ratio = middle(ratios);
  const isMet = bound === 'at least' ? ratio >= wanted : ratio <= wanted;
  const [median, least, most] = [ratio, Math.min(...ratios), Math.max(...ratios)].map((each) =>
    (each * 100).toFixed(0),
  );
  const verdict = isMet ? 'met' : 'MISSED';
  console.log(`${what}: ${median} % (${least} to ${most}), ${bound} ${wanted * 100} wanted: ${verdict}`);
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((x, y) => x - y);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}
