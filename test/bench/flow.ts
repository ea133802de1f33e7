/**
 * `npm run bench -- flow [--only PATTERN] [--without PATTERN] [--contenders PATTERN] [--seconds 20] [--json FILE] [--log FOLDER]`:
 * unmodified TCP, pings and calls over links with a rate, a delay, a queue and loss, through mcc and, in the same run, bare and through
 * wireguard-go. Says of each figure whether it is as wanted; status 1 when one is not. `--only` takes patterns on the names of
 * scenarios, `--log` keeps what each link did, every 100 ms, and what both nodes told of one another.
 * With `--plot FOLDER` it is `npm run bench -- flow-sim`: the machines alone over simulated links, and plots of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { impossible } from '../netns/lab.ts';
import type { Status } from '../netns/node.ts';
import { cleanPath } from './flow/clean.ts';
import type { Taken } from './flow/kinds.ts';
import { judged, table, type Verdict } from './flow/report.ts';
import { SCENARIOS, type Scenario } from './flow/scenarios.ts';
import { Scene, type Way } from './flow/scene.ts';

if (process.argv.includes('--plot')) {
  await import('./flow-sim.ts');
  process.exit();
}

const WATCH_MS = 250;

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    without: { type: 'string' },
    contenders: { type: 'string', default: '' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'string' },
    log: { type: 'string' },
  },
});

function logFile(name: string): string | undefined {
  if (values.log === undefined) return undefined;
  mkdirSync(values.log, { recursive: true });
  return join(values.log, `${name.replace(/\W+/g, '-')}.txt`);
}

/** Writes what both nodes say of one another, a line of JSON each, until the returned function is called. */
function watch(way: Way, file: string | undefined): () => void {
  if (file === undefined || way.nodes === undefined) return () => {};
  const { nodes } = way;
  const began = performance.now();
  const lines: string[] = [];
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking) return;
    isAsking = true;
    const ms = Math.round(performance.now() - began);
    const told = await Promise.all(
      nodes.map((node) => node.ask<Status>('/v1/status').catch(() => undefined)),
    );
    for (const [i, status] of told.entries()) {
      lines.push(JSON.stringify({ ms, node: nodes[i]?.name, peers: status?.peers, drops: status?.drops }));
    }
    isAsking = false;
  }, WATCH_MS);
  return () => {
    clearInterval(timer);
    writeFileSync(file, `${lines.join('\n')}\n`);
  };
}

/** One scenario with all its contenders, in turn on the same link. */
async function play(scenario: Scenario, seconds: number): Promise<Map<string, Taken | string>> {
  const scene = await Scene.open(scenario.path, logFile(scenario.name));
  const results = new Map<string, Taken | string>();
  try {
    for (const contender of scenario.contenders) {
      if (!new RegExp(values.contenders).test(contender.name)) continue;
      process.stderr.write(`${scenario.name}: ${contender.name} ...\n`);
      const way = await scene.use(contender);
      if (typeof way === 'string') {
        results.set(contender.name, way);
        continue;
      }
      const stop = watch(way, logFile(`${scenario.name} ${contender.name}`));
      const taken = await scenario.kind(scene, way, Math.round(seconds * (scenario.times ?? 1)));
      stop();
      results.set(contender.name, taken);
    }
  } finally {
    await scene.close();
  }
  return results;
}

function wanted(name: string): boolean {
  if (values.without !== undefined && new RegExp(values.without).test(name)) return false;
  return new RegExp(values.only).test(name);
}

async function bench(): Promise<boolean> {
  const verdicts: Verdict[] = [];
  const all: Record<string, unknown> = {};
  const tell = (
    name: string,
    results: ReadonlyMap<string, Taken | string>,
    found: readonly Verdict[],
  ): void => {
    console.log(`\n${table(name, results)}`);
    for (const verdict of found) console.log(verdict.text);
    verdicts.push(...found);
    all[name] = { results: Object.fromEntries(results), verdicts: found };
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
  };
  for (const scenario of SCENARIOS) {
    if (!wanted(scenario.name)) continue;
    const results = await play(scenario, Number(values.seconds));
    tell(scenario.name, results, judged(scenario.name, scenario.bounds, results));
  }
  if (wanted(cleanPath.name)) {
    const results = await cleanPath.play();
    tell(cleanPath.name, results, judged(cleanPath.name, cleanPath.bounds, results));
  }
  const missed = verdicts.filter(({ isMet }) => !isMet);
  console.log(`\n${verdicts.length - missed.length} of ${verdicts.length} figures are as wanted`);
  for (const { text } of missed) console.log(text);
  return missed.length === 0;
}

const why = impossible();
if (why !== undefined) {
  console.error(`mcc bench: ${why}`);
  process.exit(1);
}
if (!(await bench())) process.exitCode = 1;
