/**
 * `npm run bench -- revocation [--nodes N,N] [--seeds A,B] [--only PATTERN] [--json FILE]`: how soon all nodes of a large network know of a
 * statement that takes a key back. The shipped nodes on links of 50 ms that lose 1 %, under a virtual clock; only their cryptography is
 * fake, and their DHT is left out (what it would have left on their disks is there). Nobody talks to anybody when it begins. A fifth of the
 * nodes are clients behind routers, known to their relay alone. Every figure but time and memory is the same for the same seed.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MINUTE_MS } from '../../src/core/base/time.ts';
import { playIdle, type SpreadFigures } from '../sim/revocation-spread.ts';

/** Old space of V8, MB: ten thousand nodes take 15 GB. */
const HEAP_MB = 18_432;

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '1000' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const HIDDEN = { hiddenShare: 0.2 };
const scenarios = {
  calm: { ...HIDDEN, isBrief: true },
  '20 % hostile': { ...HIDDEN, hostileShare: 0.2, isBrief: true },
  // As many go and come within five minutes as a tenth of all.
  '20 % hostile, 10 % come and go': { ...HIDDEN, hostileShare: 0.2, offShare: 0.1 },
};

interface Row extends SpreadFigures {
  readonly scenario: string;
  readonly nodes: number;
  readonly seed: string;
  readonly seconds: number;
  readonly megabytes: number;
}

function isMet({ afterMinute, afterFiveMinutes }: SpreadFigures): boolean {
  return afterMinute >= 0.99 && afterFiveMinutes === 1;
}

function print(row: Row): void {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const after = (ms: number) => (Number.isFinite(ms) ? `${ms / 1000} s` : 'never');
  console.log(`\n${row.nodes} nodes, ${row.scenario}, seed ${row.seed}: ${isMet(row) ? 'met' : 'NOT MET'}`);
  console.log(`  99 % knew after ${after(row.mostMs)}, all after ${after(row.allMs)}`);
  console.log(
    `  after 1 s ${percent(row.afterSecond)}, 1 min ${percent(row.afterMinute)}, 5 min ${percent(row.afterFiveMinutes)}`,
  );
  if (!Number.isNaN(row.bytesPerNode))
    console.log(`  ${Math.round(row.bytesPerNode / 1000)} kB sent by each node`);
  console.log(`  took ${row.seconds.toFixed(0)} s of processor time, ${row.megabytes} MB`);
}

function main(): void {
  const rows: Row[] = [];
  for (const nodes of options.nodes.split(',').map(Number))
    for (const seed of options.seeds.split(','))
      for (const [scenario, population] of Object.entries(scenarios)) {
        if (!new RegExp(options.only).test(scenario)) continue;
        const begun = process.cpuUsage().user;
        const figures = playIdle(`${seed} ${scenario}`, { ...population, nodes }, 5 * MINUTE_MS);
        const seconds = (process.cpuUsage().user - begun) / 1e6;
        const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
        rows.push({ scenario, nodes, seed, seconds, megabytes, ...figures });
        print(rows.at(-1) as Row);
      }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  const missed = rows.filter((row) => !isMet(row)).length;
  console.log(`\n${missed === 0 ? 'all met' : `${missed} not met`}`);
  process.exitCode = missed === 0 ? 0 : 1;
}

const flags = [`--max-old-space-size=${HEAP_MB}`];
if (process.execArgv.includes(flags[0])) main();
else {
  const args = [...flags, ...process.execArgv, import.meta.filename, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
