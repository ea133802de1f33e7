/**
 * What flow control costs where there is nothing for it to do: pairs of hosts on wires of their own, one with it and two without, and one stream
 * by turns in each. Ratios are medians of ratios within a round, whose parts follow one another at once, in changing order. What the second pair
 * without it has of the first tells how far two pairs differ that are the same: the place in which one is set up makes 1 to 2 %, so each is once
 * in every place.
 */
import { latencyUnderLoad, undisturbed } from '../measure.ts';
import { fast, type Taken } from './kinds.ts';
import type { Bound } from './scenarios.ts';
import { type Contender, MCC, NO_CONTROL, Scene, type Way } from './scene.ts';

const TWIN: Contender = { ...NO_CONTROL, name: 'mcc, no control, twin' };
const ORDERS = [
  [MCC, NO_CONTROL, TWIN],
  [TWIN, MCC, NO_CONTROL],
  [NO_CONTROL, TWIN, MCC],
];
/** In each order. */
const ROUNDS = 10;
const SECONDS = 2;
/** Until the compiler has nothing left to do: with control there is about twice as much code that is run often. */
const WARM_SECONDS = 20;
/** By more, pairs that are the same do not differ once each has been in every place. */
const NOISE = 0.005;

interface Carried {
  readonly gigabits: number;
  readonly cpu: number;
}

/** What the contenders gave, set up in one order, by their names. `pingMs`: under load. */
interface Arranged {
  readonly rounds: readonly ReadonlyMap<string, Carried>[];
  readonly pingMs: ReadonlyMap<string, number>;
}

async function arranged(contenders: readonly Contender[]): Promise<Arranged | string> {
  const scenes: Scene[] = [];
  try {
    const ways: [string, Way][] = [];
    for (const contender of contenders) {
      const scene = Scene.wired();
      scenes.push(scene);
      const way = await scene.use(contender);
      if (typeof way === 'string') return way;
      ways.push([contender.name, way]);
    }
    for (const [, way] of ways) await fast(way, WARM_SECONDS);
    const rounds: ReadonlyMap<string, Carried>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const inTurn = round % 2 === 0 ? ways : [...ways].reverse();
      const taken = await undisturbed(async () => {
        const carried = new Map<string, Carried>();
        for (const [name, way] of inTurn) carried.set(name, await fast(way, SECONDS));
        return carried;
      });
      rounds.push(taken.value);
    }
    const pingMs = new Map<string, number>();
    for (const [name, way] of ways) pingMs.set(name, (await latencyUnderLoad(way, SECONDS)).medianMs);
    return { rounds, pingMs };
  } finally {
    for (const scene of scenes) await scene.close();
  }
}

async function play(): Promise<Map<string, Taken | string>> {
  const orders: Arranged[] = [];
  for (const contenders of ORDERS) {
    const taken = await arranged(contenders);
    if (typeof taken === 'string') return new Map([[MCC.name, taken]]);
    orders.push(taken);
  }
  const rounds = orders.flatMap((each) => each.rounds);
  const series = (name: string, figure: keyof Carried) =>
    rounds.map((round) => round.get(name)?.[figure] ?? Number.NaN);
  const ratio = (name: string, figure: keyof Carried) => {
    const without = series(NO_CONTROL.name, figure);
    return middle(series(name, figure).map((value, i) => value / (without[i] ?? Number.NaN)));
  };
  const of = (name: string): Taken => ({
    figures: {
      'Gbit/s': middle(series(name, 'gigabits')),
      'CPU s/GB': middle(series(name, 'cpu')),
      'ping under load, ms': Math.max(...orders.map(({ pingMs }) => pingMs.get(name) ?? Number.NaN)),
      ...(name === NO_CONTROL.name
        ? {}
        : { 'CPU, of that without': ratio(name, 'cpu'), 'rate, of that without': ratio(name, 'gigabits') }),
    },
  });
  return new Map([MCC, NO_CONTROL, TWIN].map(({ name }) => [name, of(name)]));
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((x, y) => x - y);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}

const bounds: readonly Bound[] = [
  { figure: 'CPU, of that without', most: 1.08 },
  { figure: 'rate, of that without', least: 1 - NOISE },
  { figure: 'ping under load, ms', most: 1 },
];

export const cleanPath = { name: 'clean wire', play, bounds };
