/**
 * `npm run bench -- NAME` runs test/bench/NAME.ts: dns, engine, flow, flow-sim, guests, policy, relay, reach, revocation.
 * `npm run bench [-- --only PATTERN] [--seconds N] [--json FILE]`: mcc beside its peers and the bare wire, in one run, on two
 * hosts that share this machine. Read the ratios: every figure moves with the machine. `npm run bench -- dht`: see dht.ts.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { impossible, Lab } from '../netns/lab.ts';
import { mcc } from './mcc.ts';
import {
  cores,
  datagrams,
  latency,
  latencyUnderLoad,
  type Route,
  residentMegabytes,
  type Taken,
  throughput,
  undisturbed,
} from './measure.ts';
import { type Contender, nebula, OUTER, wire, wireguard } from './peers.ts';

const [other] = process.argv.slice(2);
if (other !== undefined && /^[a-z][a-z-]*$/.test(other)) {
  const file = new URL(`${other}.ts`, import.meta.url);
  if (existsSync(file)) await import(file.href);
  else console.error(`mcc bench: there is no test/bench/${other}.ts`);
  process.exit(existsSync(file) ? process.exitCode : 1);
}

if (process.argv[2] === 'dht') {
  await import('./dht.ts');
  process.exit();
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '8' },
    json: { type: 'string' },
  },
});
const seconds = Number(options.seconds);

type Figures = Record<string, number>;

const contenders: Contender[] = [
  wire,
  mcc('libipsec-mb'),
  mcc('openssl'),
  wireguard('sid'),
  nebula('sid'),
  wireguard('bookworm'),
  nebula('bookworm'),
];

async function measure(contender: Contender): Promise<{ figures: Figures; disturbed: string[] }> {
  const lab = new Lab();
  try {
    const a = lab.host('a');
    const b = lab.host('b');
    lab.wire(a, [`${OUTER.a}/24`], b, [`${OUTER.b}/24`]);
    const tunnel = await contender.start(lab, a, b);
    const route: Route = { client: a, server: b, address: tunnel.address, pids: tunnel.pids };
    const figures: Figures = {};
    const disturbed: string[] = [];
    const take = async <T>(name: string, what: () => Promise<T>): Promise<T> => {
      const taken: Taken<T> = await undisturbed(what);
      if (taken.disturbed) disturbed.push(name);
      return taken.value;
    };
    const carried = tunnel.pids.length > 0;
    if (tunnel.startMs !== undefined) figures['start to first ping, ms'] = tunnel.startMs;
    // With pauses in between, what is measured more and more is how the processor wakes up, for every contender alike.
    for (const [name, count, pauseMs] of [
      ['ping idle', 400, 5],
      ['ping after 50 ms of silence', 100, 50],
    ] as const) {
      const idle = await take(name, () => latency(route, count, pauseMs));
      figures[`${name} median, ms`] = idle.medianMs;
      figures[`${name} p99, ms`] = idle.p99Ms;
    }
    if (carried) figures['RSS idle, MB'] = residentMegabytes(tunnel.pids);
    for (const [name, streams, reverse] of [
      ['TCP 1 stream', 1, false],
      ['TCP 1 stream back', 1, true],
      ['TCP 4 streams', 4, false],
      ['TCP 4 streams back', 4, true],
    ] as const) {
      const result = await take(name, () => throughput(route, streams, reverse, seconds));
      figures[`${name}, Gbit/s`] = result.gigabits;
      if (carried) figures[`${name}, tunnel CPU s/GB`] = result.cpuPerGigabyte;
      figures[`${name}, system CPU s/GB`] = result.systemCpuPerGigabyte;
    }
    const offered = await take('UDP offered', () => datagrams(route, 78, seconds));
    figures['UDP 64 B of 78 k/s, k/s'] = offered.received;
    figures['UDP 64 B of 78 k/s, lost %'] = offered.lost * 100;
    const flood = await take('UDP flood', () => datagrams(route, 0, seconds));
    figures['UDP 64 B flood, k/s'] = flood.received;
    const loaded = await take('ping loaded', () => latencyUnderLoad(route, seconds));
    figures['ping under one TCP stream median, ms'] = loaded.medianMs;
    figures['ping under one TCP stream p99, ms'] = loaded.p99Ms;
    if (carried) figures['RSS after load, MB'] = residentMegabytes(tunnel.pids);
    return { figures, disturbed };
  } finally {
    await lab.close();
  }
}

/** Rows are figures, columns contenders; behind each number its ratio to the first peer of wireguard-go. */
function table(results: Map<string, Figures>): string {
  const names = [...results.keys()];
  const yardstick = results.get('wireguard-go (sid)') ?? results.get('wireguard-go (bookworm)');
  const rows = [...new Set([...results.values()].flatMap((figures) => Object.keys(figures)))];
  const cells = rows.map((row) => [
    row,
    ...names.map((name) => {
      const value = results.get(name)?.[row];
      const base = yardstick?.[row];
      if (value === undefined) return '-';
      const shown = value.toPrecision(3);
      return base === undefined || base === 0 ? shown : `${shown} (x${(value / base).toFixed(2)})`;
    }),
  ]);
  const lines = [['', ...names], ...cells];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const why = impossible();
if (why !== undefined) {
  console.error(`mcc bench: ${why}`);
  process.exit(1);
}
const results = new Map<string, Figures>();
const remarks: string[] = [];
for (const contender of contenders) {
  if (!new RegExp(options.only).test(contender.name) && contender !== wire) continue;
  const why = contender.missing();
  if (why !== undefined) {
    remarks.push(`${contender.name} is left out: ${why}`);
    continue;
  }
  process.stderr.write(`${contender.name} ...\n`);
  const { figures, disturbed } = await measure(contender);
  results.set(contender.name, figures);
  if (disturbed.length > 0)
    remarks.push(`${contender.name}: disturbed by other processes in every try: ${disturbed.join(', ')}`);
}
console.log(`${cores} cores, ${seconds} s each; in brackets the ratio to wireguard-go of the same run\n`);
console.log(table(results));
for (const remark of remarks) console.log(remark);
if (options.json !== undefined) {
  writeFileSync(
    options.json,
    `${JSON.stringify({ cores, seconds, results: Object.fromEntries(results), remarks }, null, 2)}\n`,
  );
}
