/**
 * `npm run bench -- dht [--machines N] [--nodes N] [--seed SEED] [--only PATTERN] [--without PATTERN] [--json FILE]`: the DHT in a
 * virtual world, on links of 50 ms round trip that lose 1 %. Nodes (1,000 unless told) are the shipped ones with real protobuf
 * and certificates, where only the cryptography is fake; machines (10,000) are their DHT alone, with modelled sessions.
 * `--without` leaves out scenarios, or of the first one `hot service` and `churn`. Every figure but time and memory is the same
 * for the same seed.
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
  totalSent,
} from '../sim/dht-scenarios.ts';
import type { Field } from '../sim/field.ts';
import { NodeField } from '../sim/node-field.ts';
import { Swarm } from '../sim/swarm.ts';

/** Old space of V8, MB: ten thousand nodes need more than its default. */
const HEAP_MB = 16_384;
/** Of its youngest objects, MB: what is on its way is gone before it has to be looked at again. */
const YOUNG_MB = 128;

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    machines: { type: 'string', default: '10000' },
    nodes: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    without: { type: 'string' },
    json: { type: 'string' },
  },
});
const machines = Number(options.machines);
const nodes = Number(options.nodes);
/** Whole nodes that are played for a day. */
const fewer = Math.max(10, Math.floor(nodes / 10));

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

const machinesField = (name: string): Field => new Swarm({ seed: `${options.seed} ${name}`, ...LOSSY });
const nodesField = (name: string): Field => new NodeField({ seed: `${options.seed} ${name}`, ...LOSSY });

function tellLookups(tell: Tell, figures: LookupFigures, right: Figure['wanted'], isJudged = false): void {
  tell('lookups', figures.lookups, '');
  tell('right', figures.rightShare * 100, '%', right);
  tell('median hops', figures.medianHops, '', isJudged ? most(3) : undefined);
  tell('record after, median', figures.medianMs, 'ms');
  tell('record after, p95', figures.p95Ms, 'ms', isJudged ? most(1000) : undefined);
  tell('over after, p95', figures.p95DoneMs, 'ms');
  tell('traffic per lookup', figures.kilobytes, 'kB');
}

/** Tells under a heading. */
function under(heading: string, tell: Tell): Tell {
  return (figure, ...rest) => tell(`${heading}: ${figure}`, ...rest);
}

/** They were here before, as most of a large network was, and all start within a minute. */
const warmly = (cores: number) => ({ cores, isWarm: true, spacingMs: MINUTE_MS / cores });
/** From then on until each has placed its record once more. */
const SETTLE_MS = 15 * MINUTE_MS;

function calm(field: Field, count: number, tell: Tell): void {
  populate(field, warmly(count));
  const early = measureLookups(field, 1000, { spacingMs: 5 });
  tell('right, a minute after the last start', early.rightShare * 100, '%');
  tell('traffic of a start', totalSent(field) / field.nodes.length / 1000, 'kB');
  field.run(SETTLE_MS);
  tellLookups(tell, measureLookups(field, 5000, { spacingMs: 5 }), least(99.9), true);
}

function idle(field: Field, tell: Tell): void {
  const day = measureIdle(field, 24, 18 * HOUR_MS);
  tell('core node, mean', day.coreMean / 1e6, 'MB/day', most(5));
  tell('core node, most', day.coreMost / 1e6, 'MB/day', most(5));
  tell('client, mean', day.clientMean / 1000, 'kB/day', most(30));
  tell('client, most', day.clientMost / 1000, 'kB/day', most(30));
}

function hot(field: Field, count: number, draws: number, tell: Tell): void {
  const providers = field.nodes.filter(({ index }) => index % 3 === 0).slice(0, count);
  const figures = measureHotService(field, providers, field.nodes.slice(50, 100), draws);
  tell('providers', figures.providers, '');
  tell('providers drawn', figures.providersFound, '', least(figures.providers));
  tell('providers as told, p5', figures.lowTotal, '', least(0.75 * figures.providers));
  tell('providers as told, p95', figures.highTotal, '', most(1.25 * figures.providers));
  tell('most records under one key', figures.mostUnderOneKey, '', most(DEFAULT_DHT_LIMITS.recordsPerKey));
  tell('finds by 50 nodes in turn', figures.finds, '');
  tell('draws: records that they gave', figures.draws, '');
  tell('traffic per find', figures.kilobytes, 'kB');
  tell('chi-square p', figures.p, '', least(0.01));
}

function harm(field: Field, count: number, tell: Tell): void {
  const gang = populate(field, { ...warmly(count), hostileShare: 0.2 });
  const liars = new Set<unknown>(gang.members);
  const honest = field.nodes.filter((node) => !liars.has(node));
  const early = measureLookups(field, 1000, { from: honest, targets: honest });
  tell('right, a minute after the last start', early.rightShare * 100, '%');
  field.run(SETTLE_MS);
  tellLookups(tell, measureLookups(field, 2000, { from: honest, targets: honest }), least(95));
  const surrounded = measureSurrounded(field, gang, 200);
  tell('surrounded key: liars among the closest 20', surrounded.liarsAmongClosest, '');
  tell('surrounded key: right', surrounded.figures.rightShare * 100, '%', least(95));
}

/** A scenario, or a part of one. */
const isWanted = (what: string): boolean =>
  options.without === undefined || !new RegExp(options.without).test(what);

const scenarios: Scenario[] = [
  {
    name: `${machines} machines`,
    run: (tell) => {
      const field = machinesField('calm');
      calm(field, machines, tell);
      if (isWanted('hot service')) hot(field, 1000, 100_000, under('hot service', tell));
      if (!isWanted('churn')) return;
      const churn = measureUnderChurn(field, 2000, 0.3, HOUR_MS);
      tellLookups(under('churn of 30 % an hour', tell), churn, least(99));
    },
  },
  {
    name: `${machines} machines, 20 % hostile`,
    run: (tell) => harm(machinesField('hostile'), machines, tell),
  },
  { name: `${nodes} nodes`, run: (tell) => calm(nodesField('calm'), nodes, tell) },
  { name: `${nodes} nodes, 20 % hostile`, run: (tell) => harm(nodesField('hostile'), nodes, tell) },
  {
    name: `${nodes} nodes start within a second`,
    run: (tell) => {
      const storm = measureStorm(nodesField('storm'), nodes);
      tell('98 % right after', storm.settledMs / 1000, 's');
      tell('busiest node in all', storm.busiestKilobytes, 'kB');
      tellLookups(tell, storm.figures, least(99));
    },
  },
  {
    name: `${nodes} nodes, cut in two for half an hour`,
    run: (tell) => {
      const field = nodesField('cut');
      populate(field, warmly(nodes));
      const { during, after, across } = measurePartition(field, HOUR_MS / 2);
      tell('right within one half, meanwhile', during.rightShare * 100, '%');
      tell('right across, 10 min after', across.rightShare * 100, '%', least(99));
      tell('right in all, 10 min after', after.rightShare * 100, '%', least(99));
    },
  },
  {
    name: `${fewer} core nodes and ${fewer / 5} clients, idle for a day`,
    run: (tell) => {
      const field = nodesField('idle');
      populate(field, { cores: fewer, clients: fewer / 5, settleMs: 10 * MINUTE_MS });
      idle(field, tell);
    },
  },
  {
    name: `${machines} machines and ${machines / 50} clients, idle for a day`,
    run: (tell) => {
      const field = machinesField('idle');
      populate(field, { ...warmly(machines), clients: machines / 50, settleMs: 10 * MINUTE_MS });
      idle(field, tell);
    },
  },
];

function print({ figure, value, unit, wanted }: Figure): void {
  const shown = Number.isInteger(value) ? String(value) : value.toPrecision(4);
  const judged = wanted === undefined ? '' : `  (at ${wanted.at} ${wanted.value}: ${isMet(value, wanted)})`;
  console.log(`  ${figure.padEnd(44)} ${shown.padStart(10)} ${unit}${judged}`.trimEnd());
}

function isMet(value: number, wanted: NonNullable<Figure['wanted']>): string {
  return (wanted.at === 'most' ? value <= wanted.value : value >= wanted.value) ? 'met' : 'NOT MET';
}

function main(): void {
  const figures: Figure[] = [];
  for (const { name, run } of scenarios) {
    if (!new RegExp(options.only).test(name) || !isWanted(name)) continue;
    const begun = performance.now();
    console.log(`\n${name}`);
    const tell: Tell = (figure, value, unit, wanted) => {
      const told = { scenario: name, figure, value, unit, ...(wanted === undefined ? {} : { wanted }) };
      print(told);
      figures.push(told);
    };
    run(tell);
    tell('took', (performance.now() - begun) / 1000, 's');
    tell('processor time of the process', process.cpuUsage().user / 1e6, 's');
    tell('most memory of the process', Math.round(process.resourceUsage().maxRSS / 1024), 'MB');
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ machines, nodes, figures }, null, 2)}\n`);
  const missed = figures.filter(
    ({ value, wanted }) => wanted !== undefined && isMet(value, wanted) !== 'met',
  );
  console.log(`\n${missed.length === 0 ? 'all met' : `${missed.length} not met`}; seed ${options.seed}`);
}

const flags = [`--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`];
if (process.execArgv.includes(flags[0])) main();
else {
  const args = [...flags, ...process.execArgv, import.meta.filename, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
