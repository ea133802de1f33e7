/**
 * `npm run bench -- reach [--only PATTERN] [--runs N] [--rtt MS] [--json FILE]`: every pair of the places of test/reach/matrix.ts, real daemons behind
 * NATs that the kernel plays, a relay between them (see test/netns/matrix.ts). Prints how each pair was connected, and how fast, as
 * tables in Markdown. `--only`: a regular expression on "A - B". `--runs`: over a new laboratory each; then a line for each pair, too.
 * `--rtt`: through the relay and back; with the shortest, 40 ms, what the processors of this machine take for some sixty daemons counts
 * for a good part of a round trip.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { impossible, Lab } from '../netns/lab.ts';
import { Matrix, type Measured, type Pair, pairsOf, RELAYED_RTT_MS } from '../netns/matrix.ts';
import { meets, NEIGHBOURHOODS, type Outcome, PLACE_NAMES } from '../reach/matrix.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '1' },
    rtt: { type: 'string', default: '80' },
    json: { type: 'string' },
  },
});

/** How long a pair may take to leave the relay, as it is wanted; what is late is still seen for so much longer. */
const EASY_MS = 3_000;
const HARD_MS = 20_000;
const LATE_MS = 2_000;
/** What a pair still tries when its time is over would take probes from the next: so long it may end that. */
const REST_MS = 12_000;
/** A first packet takes the handshake's round trip and its own way, where the round trip is that of the relay. */
const FIRST_RTTS = 2;

const rttMs = Number(values.rtt);
if (!(rttMs >= RELAYED_RTT_MS && rttMs <= 2_000)) {
  console.error(`mcc bench: --rtt ${values.rtt}: from ${RELAYED_RTT_MS} to 2000 ms`);
  process.exit(2);
}
const why = impossible();
if (why !== undefined) {
  console.error(`mcc bench: ${why}`);
  process.exit(1);
}
const only = new RegExp(values.only);
const hoods = Object.keys(NEIGHBOURHOODS) as (keyof typeof NEIGHBOURHOODS)[];
const pairs = pairsOf(PLACE_NAMES, hoods).filter(({ a, b }) => only.test(`${a} - ${b}`));
const measured: Measured[] = [];
for (let run = 0; run < Number(values.runs); run++) {
  const lab = new Lab();
  try {
    const matrix = await Matrix.begin(lab, pairs, rttMs, (text) => console.error(text));
    await matrix.ready();
    for (const pair of pairs) {
      const result = await matrix.measure(pair, patienceOf(pair));
      measured.push(result);
      await matrix.rest(pair, REST_MS);
      console.error(`${measured.length}/${pairs.length * Number(values.runs)} ${lineOf(result)}`);
    }
  } finally {
    await lab.close();
  }
}
console.log(summary(measured));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);

function patienceOf({ expected, isHard }: Pair): number {
  if (expected === 'relayed') return EASY_MS;
  return (isHard ? HARD_MS : EASY_MS) + LATE_MS;
}

function lineOf({
  pair,
  isWarm,
  lookupMs,
  firstMs,
  lost,
  kinds,
  upgradeMs,
  probes,
  reason,
}: Measured): string {
  const ms = (value: number | undefined) => (value === undefined ? '-' : `${value.toFixed(0)} ms`);
  const words = [
    `${pair.a} - ${pair.b}:`,
    kinds[0] === kinds[1] ? kinds[0] : kinds.join('/'),
    `(${pair.expected}${pair.isHard ? ', hard' : ''})`,
    `lookup ${ms(lookupMs)}, first ${ms(firstMs)}, lost ${lost}, upgrade ${ms(upgradeMs)}, probes ${probes}`,
    ...(isWarm ? ['warm'] : []),
    reason,
  ];
  return words.join(' ');
}

/** The worse of both sides. */
function kindOf({ kinds }: Measured): Outcome | 'none' {
  for (const kind of ['none', 'relayed', 'punched'] as const) if (kinds.includes(kind)) return kind;
  return 'direct';
}

function summary(all: readonly Measured[]): string {
  const connected = all.filter(({ firstMs }) => firstMs !== undefined);
  const cold = connected.filter(({ isWarm }) => !isWarm);
  const rtts = cold.map(({ firstMs }) => (firstMs as number) / rttMs);
  const lookups = cold.map(({ lookupMs }) => lookupMs);
  const easy = connected.filter(({ pair }) => pair.expected !== 'relayed' && !pair.isHard);
  const hard = connected.filter(({ pair }) => pair.isHard);
  const within = (rows: readonly Measured[], ms: number) =>
    rows.filter((row) => meets(row.pair.expected, outcomeOf(row)) && (row.upgradeMs ?? Infinity) <= ms)
      .length;
  const soon = rtts.filter((value) => value <= FIRST_RTTS).length;
  return [
    `- connected: ${connected.length} of ${all.length}`,
    `- first packet: median ${middle(rtts).toFixed(1)} RTT, longest ${Math.max(...rtts).toFixed(1)}; within ${FIRST_RTTS} RTT: ${soon} of ${rtts.length}; the name before it: median ${middle(lookups).toFixed(0)} ms`,
    `- easy pairs off the relay within 3 s: ${within(easy, EASY_MS)} of ${easy.length}; within 4 RTT: ${within(easy, 4 * rttMs)}`,
    `- hard pairs off the relay within 20 s: ${within(hard, HARD_MS)} of ${hard.length}`,
    `- probes of one pair: median ${middle(all.map(({ probes }) => probes))}, most ${Math.max(...all.map(({ probes }) => probes))}`,
    ...perPair(all),
    '',
    table(all),
  ].join('\n');
}

/** Where there were several runs. */
function perPair(all: readonly Measured[]): string[] {
  if (Number(values.runs) < 2) return [];
  const upgraded = all.filter(({ pair }) => pair.expected !== 'relayed');
  const names = [...new Set(upgraded.map(({ pair }) => `${pair.a} - ${pair.b}`))];
  const lines = names.map((name) => {
    const rows = upgraded.filter(({ pair }) => `${pair.a} - ${pair.b}` === name);
    const limitMs = rows[0].pair.isHard ? HARD_MS : EASY_MS;
    const took = rows.flatMap((row) =>
      row.upgradeMs === undefined || outcomeOf(row) === 'relayed' ? [] : [row.upgradeMs],
    );
    const soon = took.filter((ms) => ms <= limitMs).length;
    const seconds = (ms: number) => (took.length === 0 ? '-' : `${(ms / 1000).toFixed(1)} s`);
    const most = Math.max(...rows.map(({ probes }) => probes));
    return `  - ${name}: ${soon} of ${rows.length} within ${limitMs / 1000} s, median ${seconds(middle(took))}, longest ${seconds(Math.max(...took))}, probes at most ${most}`;
  });
  return ['- off the relay, by pair:', ...lines];
}

function outcomeOf(row: Measured): Outcome {
  const kind = kindOf(row);
  return kind === 'none' ? 'relayed' : kind;
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((x, y) => x - y)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Rows and columns are places, the columns by number; see cellOf. */
function table(all: readonly Measured[]): string {
  const names = PLACE_NAMES.filter((name) => all.some(({ pair }) => pair.a === name || pair.b === name));
  const cell = (a: string, b: string): string => {
    const rows = all.filter(({ pair }) => pair.a === a && pair.b === b);
    return rows.length === 0 ? '' : cellOf(rows);
  };
  const lines = [
    ['', ...names.map((_, i) => `${i + 1}`)],
    ['---', ...names.map(() => '---')],
    ...names.map((a, i) => [`${i + 1} ${a}`, ...names.map((b) => cell(a, b))]),
  ];
  const near = Object.keys(NEIGHBOURHOODS).filter((name) => all.some(({ pair }) => pair.a === name));
  const hoodLines = near.map((name) => `- ${name}: ${cell(name, name)}`);
  return [...lines.map((line) => `| ${line.join(' | ')} |`), '', ...hoodLines].join('\n');
}

/** Seconds from the first packet until both sides have left the relay, the median of all runs; or how it ended. Bold: not as it should. */
function cellOf(rows: readonly Measured[]): string {
  const isMet = rows.every((row) => kindOf(row) !== 'none' && meets(row.pair.expected, outcomeOf(row)));
  const upgrades = rows.flatMap(({ upgradeMs }) => (upgradeMs === undefined ? [] : [upgradeMs]));
  const isOff = upgrades.length > rows.length / 2;
  const worst = rows.some((row) => kindOf(row) === 'none') ? 'none' : 'relay';
  const text = isOff ? (middle(upgrades) / 1000).toFixed(1) : worst;
  return isMet ? text : `**${text}**`;
}
