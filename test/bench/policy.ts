/**
 * `npm run bench -- policy [--seconds 3] [--rounds 7] [--services 64]`: what it costs to judge packets of flows. Traffic of two wired hosts
 * goes by turns to a port of the host that nothing is said of, and to the port of a service that asks for a tag, among as many other services with
 * tags of their own; TCP by one stream, UDP by 64-byte datagrams at a fixed rate. Read the ratios: they are medians of ratios within a round, whose
 * halves follow one another at once, in changing order. CPU time is that of both daemons.
 */
import { parseArgs } from 'node:util';
import { impossible, Lab, until } from '../netns/lab.ts';
import { lastLine, Node, reach } from '../netns/node.ts';
import { cores, cpuSeconds, datagrams, type Route, throughput, undisturbed } from './measure.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '7' },
    services: { type: 'string', default: '64' },
  },
});

const OPEN = 7001;
const GUARDED = 7002;
const OTHERS = 8000;
/** Thousands of datagrams a second: less than the tunnel carries, so that none is worked on in vain. */
const OFFERED = 40;
const PATIENCE_MS = 60_000;
/** A difference that is smaller is not told from chance on any machine that was tried. */
const NOISE = 0.03;

interface Taken {
  readonly gigabits: number;
  /** CPU seconds per gigabyte. */
  readonly tcpCpu: number;
  /** Thousands of datagrams a second. */
  readonly arrived: number;
  /** CPU microseconds per datagram that arrived. */
  readonly udpCpu: number;
}

async function scene(lab: Lab): Promise<Route> {
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['10.77.0.1/24'], b, ['10.77.0.2/24']);
  const [server, client] = [new Node(lab, b, 'server'), new Node(lab, a, 'client')];
  server.mcc('init', '--organisation', 'acme', '--name', 'server');
  await server.up('--advertise', '10.77.0.2');
  client.join(lastLine(server.mcc('invite', '--address', '10.77.0.2', '--tag', 'bench')));
  await client.up();
  await until('they meet', () => client.try(['ping', 'server', '-c', '1']).status === 0, PATIENCE_MS);
  const add = (name: string, port: number, protocol: 'tcp' | 'udp', share: readonly string[]) =>
    server.ask(`/v1/services/${name}`, { port, protocol, check: 'none', share }, 'PUT');
  for (let i = 0; i < Number(values.services); i++)
    await add(`other${i}`, OTHERS + i, i % 2 === 0 ? 'tcp' : 'udp', [`tag:other${i % 8}`]);
  await add('measured', GUARDED, 'tcp', ['tag:bench']);
  // What was shared with more once is judged from the first packet to the last.
  await add('measured-udp', GUARDED, 'udp', ['all']);
  await server.ask('/v1/services/measured-udp/unshare', { share: ['all'] });
  await server.ask('/v1/services/measured-udp/share', { share: ['tag:bench'] });
  const address = reach(client, 'server').ipv4;
  return { client: a, server: b, address, pids: [server, client].map((node) => node.daemon.pid) };
}

async function take(route: Route, port: number): Promise<Taken> {
  const seconds = Number(values.seconds);
  const tcp = await throughput({ ...route, port }, 1, false, seconds);
  const before = cpuSeconds(route.pids);
  const udp = await datagrams({ ...route, port }, OFFERED, seconds);
  const udpCpu = ((cpuSeconds(route.pids) - before) * 1e3) / (udp.received * seconds);
  return { gigabits: tcp.gigabits, tcpCpu: tcp.cpuPerGigabyte, arrived: udp.received, udpCpu };
}

async function measure(): Promise<void> {
  const why = impossible();
  if (why !== undefined) {
    console.error(`mcc bench: ${why}`);
    process.exit(1);
  }
  const lab = new Lab();
  try {
    const route = await scene(lab);
    for (const port of [OPEN, GUARDED]) await throughput({ ...route, port }, 1, false, 1);
    const rounds: { open: Taken; guarded: Taken }[] = [];
    let disturbed = 0;
    for (let round = 0; round < Number(values.rounds); round++) {
      const taken = await undisturbed(async () => {
        if (round % 2 === 0) return { open: await take(route, OPEN), guarded: await take(route, GUARDED) };
        const guarded = await take(route, GUARDED);
        return { open: await take(route, OPEN), guarded };
      });
      rounds.push(taken.value);
      disturbed += Number(taken.disturbed);
    }
    tell(rounds);
    if (disturbed > 0) console.log(`disturbed by other processes, in every try: ${disturbed} rounds`);
  } finally {
    await lab.close();
  }
}

const FIGURES: readonly { key: keyof Taken; what: string; isCost: boolean }[] = [
  { key: 'gigabits', what: 'TCP, Gbit/s', isCost: false },
  { key: 'tcpCpu', what: 'TCP, CPU s/GB', isCost: true },
  { key: 'arrived', what: `UDP, thousands a second of ${OFFERED}`, isCost: false },
  { key: 'udpCpu', what: 'UDP, CPU us a datagram', isCost: true },
];

function tell(rounds: readonly { open: Taken; guarded: Taken }[]): void {
  console.log(
    `${cores} cores, ${rounds.length} rounds of ${values.seconds} s, ${values.services} other services; medians`,
  );
  for (const { key, what, isCost } of FIGURES) {
    const [open, guarded] = (['open', 'guarded'] as const).map((side) =>
      middle(rounds.map((one) => one[side][key])),
    );
    const ratios = rounds.map((one) => one.guarded[key] / one.open[key]);
    const ratio = middle(ratios);
    const worse = isCost ? ratio - 1 : 1 - ratio;
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((one) => (one * 100).toFixed(1));
    const verdict = worse <= NOISE ? 'met' : 'MISSED';
    console.log(
      `${what}: ${open?.toFixed(2)} open, ${guarded?.toFixed(2)} guarded: ${(ratio * 100).toFixed(1)} % (${least} to ${most}), ` +
        `at most ${NOISE * 100} % worse wanted: ${verdict}`,
    );
  }
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((x, y) => x - y);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}

await measure();
