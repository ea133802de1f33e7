/**
 * `npm run bench -- flow-sim [--only PATTERN] [--seed N] [--plot DIR]`: the machines of congestion control (Delivery and Bbr) over simulated links,
 * no packets and no clock. A table of what arrives, of the queue at the bottleneck, of losses, and of the time until the full rate is there.
 * `--plot` writes an SVG of each: rate, round trips and bytes in flight over time, with the states of BBR behind them. The bench over real
 * links in namespaces is `npm run bench -- flow`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fraction, seededRng } from '../../src/core/base/rng.ts';
import { Cubic } from '../core/congestion/cubic-flow.ts';
import { bdp, Flow, Link, type LinkOptions, mbit, type Point } from '../core/congestion/link.ts';
import { type Band, chart } from './svg.ts';

interface Case {
  readonly name: string;
  readonly link: LinkOptions;
  readonly seconds: number;
  /** From that second on. */
  readonly changes?: readonly (readonly [number, Partial<LinkOptions>])[];
  /** What else sends, from that second on. */
  readonly others?: readonly (readonly ['bbr' | 'cubic', number])[];
}

/** Of a switch or a network card, where a BDP is less: bursts fit. */
const QUEUE_MIN_FAST = 128_000;
const QUEUE_MIN = 4 * 1400;

/** `queue` in BDP. */
function path(megabits: number, rttMs: number, queue = 1): LinkOptions {
  const rate = mbit(megabits);
  return {
    rate,
    rttMs,
    queue: Math.max(queue * bdp({ rate, rttMs, queue: 0 }), megabits < 100 ? QUEUE_MIN : QUEUE_MIN_FAST),
  };
}

/** A mobile link: each 100 ms another rate, near the last one, between a tenth and three times the mean. */
function mobile(megabits: number, seed: number): NonNullable<LinkOptions['trace']> {
  const rng = seededRng(seed);
  const rates: number[] = [];
  let level = 0;
  for (let i = 0; i < 300; i++) {
    const noise = fraction(rng) + fraction(rng) + fraction(rng) - 1.5;
    level = 0.9 * level + 0.5 * noise;
    rates.push(Math.min(3, Math.max(0.1, Math.exp(level))));
  }
  const mean = rates.reduce((all, rate) => all + rate, 0) / rates.length;
  return { stepMs: 100, rates: rates.map((rate) => (rate / mean) * mbit(megabits)) };
}

function cases(seed: number): Case[] {
  const base = path(50, 50);
  const list: Case[] = [];
  for (const [megabits, rttMs, seconds] of [
    [0.032, 100, 300],
    [0.128, 2000, 300],
    [1, 20, 60],
    [1, 2000, 120],
    [10, 50, 30],
    [50, 50, 30],
    [100, 0.1, 5],
    [1000, 0.1, 1],
    [1000, 20, 2],
    [10_000, 0.1, 0.2],
    [10_000, 10, 0.4],
  ]) {
    const rate = megabits < 1 ? `${megabits * 1000} kbit/s` : `${megabits} Mbit/s`;
    list.push({ name: `${rate} ${rttMs} ms`, link: path(megabits, rttMs), seconds });
  }
  for (const queue of [0.1, 0.25, 0.5, 4, 16])
    list.push({ name: `queue of ${queue} BDP`, link: path(50, 50, queue), seconds: 30 });
  for (const loss of [0.001, 0.01, 0.02, 0.05, 0.1, 0.2])
    list.push({ name: `loss ${loss * 100} %`, link: { ...base, loss }, seconds: 30 });
  for (const [loss, burst] of [
    [0.02, 5],
    [0.05, 10],
  ])
    list.push({
      name: `bursts of ${burst}, loss ${loss * 100} %`,
      link: { ...base, loss, burst },
      seconds: 30,
    });
  list.push(
    { name: 'policer of 50 Mbit/s', link: { ...base, policer: 15_000 }, seconds: 30 },
    {
      name: 'policer of 40 Mbit/s from 10 s on',
      link: base,
      seconds: 30,
      changes: [[10, { policer: 15_000, rate: mbit(40) }]],
    },
    { name: 'jitter 5 ms', link: { ...base, jitterMs: 5 }, seconds: 30 },
    { name: 'jitter 30 ms', link: { ...base, jitterMs: 30 }, seconds: 30 },
    { name: 'acknowledgements each 20 ms', link: { ...base, aggregateMs: 20 }, seconds: 30 },
    {
      name: 'from 10 to 100 Mbit/s',
      link: { ...path(100, 50), rate: mbit(10) },
      seconds: 25,
      changes: [[8, { rate: mbit(100) }]],
    },
    { name: 'from 100 to 10 Mbit/s', link: path(100, 50), seconds: 25, changes: [[8, { rate: mbit(10) }]] },
    {
      name: 'half for 5 s',
      link: base,
      seconds: 30,
      changes: [
        [10, { rate: mbit(25) }],
        [15, { rate: mbit(50) }],
      ],
    },
    { name: 'satellite, loss 1 %', link: { ...path(10, 600), loss: 0.01 }, seconds: 60 },
    {
      name: 'mobile, 2 Mbit/s, jitter 15 ms',
      link: { ...path(2, 60, 10), trace: mobile(2, seed), jitterMs: 15 },
      seconds: 60,
    },
    { name: 'mobile, 20 Mbit/s', link: { ...path(20, 50, 6), trace: mobile(20, seed) }, seconds: 60 },
  );
  for (const queue of [0.25, 1, 4]) {
    const link = path(50, 50, queue);
    list.push({ name: `two of BBR, ${queue} BDP`, link, seconds: 60, others: [['bbr', 5]] });
    list.push({ name: `beside cubic, ${queue} BDP`, link, seconds: 60, others: [['cubic', 5]] });
  }
  return list;
}

interface Played {
  readonly flows: readonly Flow[];
  /** ms: what a packet waits at the bottleneck, every so often. */
  readonly queueMs: readonly number[];
  /** s, bytes per second. */
  readonly capacity: readonly (readonly [number, number])[];
}

function play({ link: options, seconds, changes = [], others = [] }: Case, seed: number): Played {
  const link = new Link({ ...options }, seed);
  const stepMs = (seconds * 1000) / 3000;
  const start = (index: number, kind: 'bbr' | 'cubic'): Flow => {
    const control =
      kind === 'cubic' ? (delivery: Flow['delivery']) => new Cubic(delivery.transport) : undefined;
    const flow = new Flow(link, seed + 1 + index, control);
    flow.pointsMs = stepMs / 2;
    flow.start();
    return flow;
  };
  const flows = [start(0, 'bbr')];
  const queueMs: number[] = [];
  const capacity: [number, number][] = [];
  for (let step = 0; step < 3000; step++) {
    const at = step * stepMs;
    const isNow = (second: number): boolean => Math.round((second * 1000) / stepMs) === step;
    for (const [second, to] of changes) if (isNow(second)) Object.assign(link.options, to);
    for (const [i, [kind, second]] of others.entries()) if (isNow(second)) flows.push(start(i + 1, kind));
    const { trace, rate } = link.options;
    const now = trace === undefined ? rate : trace.rates[Math.floor(at / trace.stepMs) % trace.rates.length];
    capacity.push([at / 1000, now]);
    link.run(at + stepMs);
    queueMs.push(link.queueMs);
  }
  return { flows, queueMs, capacity };
}

/** s and bytes per second, over spans of so many seconds. */
function rates(points: readonly Point[], span: number): [number, number][] {
  const list: [number, number][] = [];
  let from = points[0];
  for (const point of points) {
    const passed = (point.at - from.at) / 1000;
    if (passed < span) continue;
    list.push([point.at / 1000, (point.arrived - from.arrived) / passed]);
    from = point;
  }
  return list;
}

function span({ seconds, link }: Case): number {
  return Math.max(seconds / 300, link.rttMs / 1000);
}

function row(what: Case, { flows, queueMs, capacity }: Played): string[] {
  const [flow, ...others] = flows;
  const { tally } = flow.delivery;
  const sorted = queueMs.toSorted((a, b) => a - b);
  const possible = (capacity.reduce((all, [, rate]) => all + rate, 0) / capacity.length) * what.seconds;
  const { loss = 0 } = what.link;
  const full = rates(flow.points, span(what)).find(([, rate]) => rate >= 0.9 * capacity[0][1] * (1 - loss));
  const megabits = (bytes: number): string => ((bytes * 8e-6) / what.seconds).toPrecision(3);
  return [
    what.name,
    [flow, ...others].map(({ arrived }) => megabits(arrived)).join(' + '),
    (flows.reduce((all, { arrived }) => all + arrived, 0) / possible).toFixed(3),
    sorted[Math.floor(sorted.length / 2)].toFixed(1),
    sorted[Math.floor(sorted.length * 0.99)].toFixed(1),
    ((tally.lost * 100) / tally.sent).toFixed(2),
    full === undefined ? '-' : (full[0] * 1000).toFixed(0),
  ];
}

const STATES = {
  Startup: '#fde2e2',
  Drain: '#d9d9f7',
  ProbeBW_DOWN: '#dff0fb',
  ProbeBW_CRUISE: '#eaf7e6',
  ProbeBW_REFILL: '#fff6cc',
  ProbeBW_UP: '#ffe0b8',
  ProbeRTT: '#e3e3e3',
} as const;
const COLOURS = ['#1654b8', '#b3261e', '#2e7d32'];

function bandsOf(points: readonly Point[], seconds: number): Band[] {
  const bands: Band[] = [];
  let from = points[0];
  for (const point of points) {
    if (point.phase === from.phase) continue;
    bands.push({ from: from.at / 1000, to: point.at / 1000, name: from.phase });
    from = point;
  }
  bands.push({ from: from.at / 1000, to: seconds, name: from.phase });
  return bands;
}

function plot(what: Case, { flows, capacity }: Played): string {
  const [{ points }] = flows;
  const each = flows.map((flow, i) => ({
    flow,
    colour: COLOURS[i % COLOURS.length],
    of: i === 0 ? '' : ` ${i + 1}`,
  }));
  const megabits = (list: readonly (readonly [number, number])[]): [number, number][] =>
    list.map(([at, rate]) => [at, rate * 8e-6]);
  const highest = 1.6 * Math.max(...capacity.map(([, rate]) => rate)) * 8e-6;
  const pacing = points.map((point): [number, number] => [
    point.at / 1000,
    Math.min(highest, point.pacingRate * 8e-6),
  ]);
  return chart(
    what.name,
    [
      {
        title: 'rate, Mbit/s',
        lines: [
          { name: 'of the link', colour: '#777', points: megabits(capacity), dashed: true },
          { name: 'paced', colour: '#e08a00', points: pacing },
          ...each.map(({ flow, colour, of }) => ({
            name: `arrives${of}`,
            colour,
            points: megabits(rates(flow.points, span(what))),
          })),
        ],
      },
      {
        title: 'round trip, ms',
        lines: [
          {
            name: 'without a queue',
            colour: '#777',
            points: [
              [0, what.link.rttMs],
              [what.seconds, what.link.rttMs],
            ],
            dashed: true,
          },
          ...each.map(({ flow, colour, of }) => ({
            name: `round trip${of}`,
            colour,
            points: flow.points.map((point): [number, number] => [point.at / 1000, point.rttMs]),
          })),
        ],
      },
      {
        title: 'in flight, kB',
        lines: [
          {
            name: 'one BDP',
            colour: '#777',
            points: capacity.map(([at, rate]): [number, number] => [at, (rate * what.link.rttMs) / 1e6]),
            dashed: true,
          },
          ...each.map(({ flow, colour, of }) => ({
            name: `in flight${of}`,
            colour,
            points: flow.points.map((point): [number, number] => [point.at / 1000, point.inflight / 1000]),
          })),
        ],
      },
    ],
    bandsOf(points, what.seconds),
    STATES,
  );
}

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    plot: { type: 'string' },
  },
});
const seed = Number(options.seed);
if (options.plot !== undefined) mkdirSync(options.plot, { recursive: true });
const head = [
  'link (50 Mbit/s, 50 ms, queue of 1 BDP where not said)',
  'Mbit/s',
  'of the link',
  'queue p50, ms',
  'p99',
  'lost %',
  '90 % after ms',
];
const rows: string[][] = [head];
for (const what of cases(seed)) {
  if (!new RegExp(options.only).test(what.name)) continue;
  const played = play(what, seed);
  rows.push(row(what, played));
  process.stderr.write(`${what.name}\n`);
  if (options.plot === undefined) continue;
  const file = `${what.name.replaceAll(/[^a-z0-9.]+/gi, '-').replaceAll(/-$/g, '')}.svg`;
  writeFileSync(join(options.plot, file), plot(what, played));
}
const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
for (const cells of rows)
  console.log(
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  '),
  );
