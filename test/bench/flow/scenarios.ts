/** The scenarios, and what is wanted of mcc in each. */
import { fraction, seededRng } from '../../../src/core/base/rng.ts';
import type { LinkSettings, RateStep } from '../../netns/link.ts';
import { besideBbr, besideCubic, callBeside, cost, four, inner, type Kind, ping, stream } from './kinds.ts';
import { type Contender, MCC, NO_CONTROL, NO_REPAIR, type Path, RAW, RAW_BBR, WIREGUARD } from './scene.ts';

/** A bound of one figure, of mcc unless another contender is named. */
export interface Bound {
  readonly figure: string;
  readonly of?: string;
  readonly least?: number;
  readonly most?: number;
}

export interface Scenario {
  readonly name: string;
  readonly path: Path;
  readonly kind: Kind;
  readonly contenders: readonly Contender[];
  readonly bounds: readonly Bound[];
  /** Of the length of a measurement: for ways on which one second is few round trips, or of which one second says little of the next. */
  readonly times?: number;
}

const CLEAN: Path = { mbit: 50, rttMs: 50, queueBdp: 1 };
const ALL = [MCC, NO_REPAIR, NO_CONTROL, RAW, RAW_BBR, WIREGUARD];
const GOODPUT = 'Mbit/s';

/** A share lost at random, or in bursts, in both directions: what is wanted in Mbit/s. */
function lossy(percent: number, least: number, burst = 1, more: readonly Bound[] = []): Scenario {
  const trouble: LinkSettings = { loss: percent / 100, burst };
  return {
    name: `loss ${percent} %${burst > 1 ? ` in bursts of ${burst}` : ''}`,
    path: { ...CLEAN, trouble },
    kind: stream,
    contenders: ALL,
    bounds: [{ figure: GOODPUT, least }, ...more],
  };
}

/** A cell's rate: it wanders around its mean by a factor of two or so, from one quarter of a second to the next, and is gone at times. */
function cell(mbit: number, seconds: number): RateStep[] {
  const rng = seededRng('cell');
  const steps: { ms: number; rate: number }[] = [];
  let level = 0;
  for (let i = 0; i < seconds * 4; i++) {
    // Sum of twelve: near enough to a normal distribution.
    let chance = -6;
    for (let k = 0; k < 12; k++) chance += fraction(rng);
    level = 0.8 * level + 0.3 * chance;
    steps.push({ ms: 250, rate: i % 40 === 27 ? 0 : Math.exp(level) });
  }
  const mean = steps.reduce((sum, { rate }) => sum + rate, 0) / steps.length;
  return steps.map(({ ms, rate }) => ({ ms, rate: Math.round((rate / mean) * mbit * 1e6) }));
}

const CELL_MBIT = 2;
const OWN = 'tunnel, of fair share';
const OTHER = 'native, of fair share';

function fairness(native: 'cubic' | 'bbr', queue: string, path: Path): Scenario {
  return {
    name: `beside native ${native}, ${queue}`,
    path,
    kind: native === 'cubic' ? besideCubic : besideBbr,
    contenders: [MCC, WIREGUARD],
    bounds: [
      { figure: OWN, least: 0.4 },
      { figure: OTHER, least: 0.4 },
    ],
  };
}

const QUEUES: readonly (readonly [string, Path])[] = [
  ...[0.25, 1, 4].map((bdp) => [`queue ${bdp} BDP`, { ...CLEAN, queueBdp: bdp }] as const),
  ['fair queueing', { ...CLEAN, trouble: { fair: 1 } }],
];

export const SCENARIOS: readonly Scenario[] = [
  lossy(0, 44),
  lossy(1, 42, 1, [{ figure: GOODPUT, of: NO_REPAIR.name, most: 5 }]),
  lossy(2, 42),
  lossy(5, 40),
  lossy(10, 30),
  lossy(20, 15),
  lossy(2, 38, 5),
  {
    name: 'satellite, loss 1 %',
    path: { mbit: 10, rttMs: 600, queueBdp: 1, trouble: { loss: 0.01 } },
    kind: stream,
    contenders: ALL,
    bounds: [{ figure: GOODPUT, least: 8 }],
    times: 3,
  },
  {
    name: 'cell with jitter',
    path: {
      mbit: CELL_MBIT,
      rttMs: 60,
      queueBdp: 10,
      trace: cell(CELL_MBIT, 20),
      trouble: { jitterUs: 15_000 },
    },
    kind: stream,
    contenders: ALL,
    bounds: [{ figure: 'of mean, %', least: 85 }],
    times: 3,
  },
  {
    name: 'policer of 20 Mbit/s',
    path: { ...CLEAN, trouble: { police: 20e6, policeBurst: 60_000 } },
    kind: stream,
    contenders: [MCC, NO_CONTROL, RAW, RAW_BBR],
    bounds: [],
  },
  ...[0, 1].map((percent) => ({
    name: `ping beside a stream, loss ${percent} %`,
    path: { ...CLEAN, trouble: { loss: percent / 100 } },
    kind: ping,
    contenders: [MCC, WIREGUARD],
    bounds:
      percent > 0
        ? []
        : [
            { figure: 'median above, ms', most: 15 },
            { figure: 'p99 above, ms', most: 40 },
          ],
  })),
  ...[0, 1].map((percent) => ({
    name: `call beside four streams, loss ${percent} %`,
    path: { ...CLEAN, trouble: { loss: percent / 100 } },
    kind: callBeside,
    contenders: [MCC, WIREGUARD],
    // What the link loses of a call is not sent again: the others must not hold up what comes.
    bounds: [{ figure: 'p99 above, ms', most: 20 }, ...(percent > 0 ? [] : [{ figure: 'lost', most: 0 }])],
  })),
  {
    name: 'four streams',
    path: CLEAN,
    kind: four,
    contenders: [MCC, WIREGUARD],
    bounds: [{ figure: 'furthest from mean, %', most: 20 }],
  },
  ...QUEUES.flatMap(([queue, path]) => [fairness('cubic', queue, path), fairness('bbr', queue, path)]),
  {
    name: 'cost',
    path: CLEAN,
    kind: cost,
    contenders: [MCC, NO_CONTROL],
    bounds: [
      { figure: 'bulk, %', most: 3 },
      { figure: 'call, %', most: 10 },
    ],
  },
  ...[
    ['loss 1 %', { loss: 0.01 }],
    ['reordering and duplicates', { reorder: 0.01, reorderUs: 5000, duplicate: 0.01 }],
  ].map(([name, trouble]) => ({
    name: `inner stream, ${name}`,
    path: { ...CLEAN, trouble: trouble as LinkSettings },
    kind: inner,
    contenders: [MCC],
    bounds: [
      { figure: 'streams with other numbers', most: 0 },
      { figure: 'bytes twice', most: 0 },
      ...(name === 'loss 1 %' ? [{ figure: 'packets late', most: 0 }] : []),
    ],
    times: 0.5,
  })),
];
