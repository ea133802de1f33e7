/**
 * `npm run bench -- dht [--nodes N] [--seed SEED] [--only PATTERN] [--machines] [--json FILE]`: the DHT in a virtual world, 10,000
 * nodes of the shipped code in one process. Every figure is the same for the same seed. `--machines` runs the DHT machines alone,
 * with modelled sessions.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import { DEFAULT_DHT_LIMITS } from '../../src/core/dht/dht.ts';
import {
  type LookupFigures,
  measureHotService,
  measureIdle,
  measureLookups,
  measurePartition,
  measureStorm,
  measureSurrounded,
  measureUnderChurn,
  populate,
} from '../sim/dht-scenarios.ts';
import type { Field } from '../sim/field.ts';
import { NodeField } from '../sim/node-field.ts';
import { Swarm } from '../sim/swarm.ts';

const MEGABYTE = 2 ** 20;
/** Old space of V8, MB: ten thousand nodes need more than its default. */
const HEAP_MB = 8192;

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    machines: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const nodes = Number(options.nodes);
/** Of the scenarios that need no full size. */
const fewer = Math.min(nodes, 1000);

interface Figure {
  readonly scenario: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is to be; undefined: it is told, not judged. */
  readonly wanted?: { readonly at: 'most' | 'least'; readonly value: number };
}

interface Scenario {
  readonly name: string;
  readonly run: (tell: Tell) => void;
}

type Tell = (figure: string, value: number, unit: string, wanted?: Figure['wanted']) => void;

const most = (value: number): Figure['wanted'] => ({ at: 'most', value });
const least = (value: number): Figure['wanted'] => ({ at: 'least', value });

const LOSSY = { lossShare: 0.01, rttMs: 50 };

function fieldOf(name: string): Field {
  const settings = { seed: `${options.seed} ${name}`, ...LOSSY };
  return options.machines ? new Swarm(settings) : new NodeField(settings);
}

function tellLookups(tell: Tell, figures: LookupFigures, right: Figure['wanted']): void {
  tell('lookups', figures.lookups, '');
  tell('right', figures.rightShare * 100, '%', right);
  tell('median hops', figures.medianHops, '');
  tell('record after, median', figures.medianMs, 'ms');
  tell('record after, p95', figures.p95Ms, 'ms');
  tell('over after, p95', figures.p95DoneMs, 'ms');
  tell('traffic per lookup', figures.kilobytes, 'kB');
}

const scenarios: Scenario[] = [
  {
    name: `${nodes} nodes`,
    run: (tell) => {
      const field = fieldOf('calm');
      populate(field, { cores: nodes, spacingMs: 60_000 / nodes });
      const figures = measureLookups(field, 5000, { spacingMs: 5 });
      tell('lookups', figures.lookups, '');
      tell('right', figures.rightShare * 100, '%', least(99.9));
      tell('median hops', figures.medianHops, '', most(3));
      tell('record after, median', figures.medianMs, 'ms');
      tell('record after, p95', figures.p95Ms, 'ms', most(1000));
      tell('over after, p95', figures.p95DoneMs, 'ms');
      tell('traffic per lookup', figures.kilobytes, 'kB');
      const providers = field.nodes.filter(({ index }) => index % 3 === 0).slice(0, 1000);
      const hot = measureHotService(field, providers, field.nodes.slice(50, 100), 100_000);
      tell('hot service: providers', hot.providers, '');
      tell('hot service: providers drawn', hot.providersFound, '', least(hot.providers));
      tell('hot service: providers as told', hot.total, '');
      tell(
        'hot service: most records under one key',
        hot.mostUnderOneKey,
        '',
        most(DEFAULT_DHT_LIMITS.recordsPerKey),
      );
      tell('hot service: draws', hot.draws, '');
      tell('hot service: chi-square p', hot.p, '', least(0.01));
      tellLookups(
        (figure, ...rest) => tell(`churn of 30 % an hour: ${figure}`, ...rest),
        underChurn(field),
        least(99),
      );
    },
  },
  {
    name: `${nodes} nodes, 20 % hostile`,
    run: (tell) => {
      const field = fieldOf('hostile');
      const gang = populate(field, { cores: nodes, hostileShare: 0.2, spacingMs: 60_000 / nodes });
      const liars = new Set<unknown>(gang.members);
      const honest = field.nodes.filter((node) => !liars.has(node));
      const figures = measureLookups(field, 2000, { from: honest, targets: honest });
      tellLookups(tell, figures, least(95));
      const surrounded = measureSurrounded(field, gang, 200);
      tell('surrounded key: liars among the closest 20', surrounded.liarsAmongClosest, '');
      tell('surrounded key: right', surrounded.figures.rightShare * 100, '%', least(95));
    },
  },
  {
    name: `${nodes} nodes start within a second`,
    run: (tell) => {
      const field = fieldOf('storm');
      const storm = measureStorm(field, nodes);
      tell('98 % right after', storm.settledMs / 1000, 's');
      tell('busiest node in all', storm.busiestKilobytes, 'kB');
      tellLookups(tell, storm.figures, least(99));
    },
  },
  {
    name: `${fewer} nodes, cut in two for half an hour`,
    run: (tell) => {
      const field = fieldOf('cut');
      populate(field, { cores: fewer });
      const { during, after, across } = measurePartition(field, HOUR_MS / 2);
      tell('right within one half, meanwhile', during.rightShare * 100, '%');
      tell('right across, 10 min after', across.rightShare * 100, '%', least(99));
      tell('right in all, 10 min after', after.rightShare * 100, '%', least(99));
    },
  },
  {
    name: `${fewer} core nodes and ${fewer / 10} clients, idle for a day`,
    run: (tell) => {
      const field = fieldOf('idle');
      populate(field, { cores: fewer, clients: fewer / 10, settleMs: 10 * MINUTE_MS });
      const idle = measureIdle(field, 24, 18 * HOUR_MS);
      tell('core node, mean', idle.coreMean / 1e6, 'MB/day', most(5));
      tell('core node, most', idle.coreMost / 1e6, 'MB/day');
      tell('client, mean', idle.clientMean / 1000, 'kB/day', most(30));
      tell('client, most', idle.clientMost / 1000, 'kB/day');
    },
  },
];

function underChurn(field: Field): LookupFigures {
  return measureUnderChurn(field, 2000, 0.3, HOUR_MS);
}

function print(figures: readonly Figure[]): void {
  let last = '';
  for (const { scenario, figure, value, unit, wanted } of figures) {
    if (scenario !== last) console.log(`\n${scenario}`);
    last = scenario;
    const shown = Number.isInteger(value) ? String(value) : value.toPrecision(4);
    const judged = wanted === undefined ? '' : `  (at ${wanted.at} ${wanted.value}: ${isMet(value, wanted)})`;
    console.log(`  ${figure.padEnd(44)} ${shown.padStart(10)} ${unit}${judged}`.trimEnd());
  }
}

function isMet(value: number, wanted: NonNullable<Figure['wanted']>): string {
  return (wanted.at === 'most' ? value <= wanted.value : value >= wanted.value) ? 'met' : 'NOT MET';
}

function main(): void {
  const figures: Figure[] = [];
  for (const { name, run } of scenarios) {
    if (!new RegExp(options.only).test(name)) continue;
    const begun = performance.now();
    const told: Figure[] = [];
    run((figure, value, unit, wanted) =>
      told.push({ scenario: name, figure, value, unit, ...(wanted === undefined ? {} : { wanted }) }),
    );
    told.push({ scenario: name, figure: 'took', value: (performance.now() - begun) / 1000, unit: 's' });
    const rss = process.memoryUsage().rss / MEGABYTE;
    told.push({ scenario: name, figure: 'memory of the process', value: Math.round(rss), unit: 'MB' });
    print(told);
    figures.push(...told);
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ nodes, figures }, null, 2)}\n`);
  const missed = figures.filter(
    ({ value, wanted }) => wanted !== undefined && isMet(value, wanted) !== 'met',
  );
  console.log(`\n${missed.length === 0 ? 'all met' : `${missed.length} not met`}; seed ${options.seed}`);
}

const flag = `--max-old-space-size=${HEAP_MB}`;
if (process.execArgv.includes(flag)) main();
else {
  const args = [flag, ...process.execArgv, import.meta.filename, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
