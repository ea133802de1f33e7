/**
 * What flow control costs where there is nothing for it to do: two pairs of hosts on wires of their own, one with it and one without, and one
 * stream by turns in each. Ratios are medians of ratios within a round, whose halves follow one another at once, in changing order. Of two pairs
 * that are the same, the one that was set up first carries some 1.5 % less, so each is once the first.
 */
import { latencyUnderLoad, undisturbed } from '../measure.ts';
import { fast, type Taken } from './kinds.ts';
import type { Bound } from './scenarios.ts';
import { type Contender, MCC, NO_CONTROL, Scene, type Way } from './scene.ts';

const ROUNDS = 13;
const SECONDS = 3;
/** A difference that is smaller is not told from chance. */
const NOISE = 0.03;

interface Round {
  readonly gigabits: number;
  readonly cpu: number;
}

/** What the contenders gave, set up in one order. `pingMs`: under load. */
interface Arranged {
  readonly rounds: readonly { on: Round; off: Round }[];
  readonly pingMs: { on: number; off: number };
}

async function arranged(contenders: readonly Contender[]): Promise<Arranged | string> {
  const scenes: Scene[] = [];
  try {
    const ways = new Map<Contender, Way>();
    for (const contender of contenders) {
      const scene = Scene.wired();
      scenes.push(scene);
      const way = await scene.use(contender);
      if (typeof way === 'string') return way;
      ways.set(contender, way);
      // Compilers warm up.
      await fast(way, 1);
    }
    const [on, off] = [MCC, NO_CONTROL].map((contender) => ways.get(contender)) as [Way, Way];
    const rounds: { on: Round; off: Round }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const taken = await undisturbed(async () => {
        if (round % 2 === 0) return { on: await fast(on, SECONDS), off: await fast(off, SECONDS) };
        const without = await fast(off, SECONDS);
        return { on: await fast(on, SECONDS), off: without };
      });
      rounds.push(taken.value);
    }
    const { medianMs } = await latencyUnderLoad(on, SECONDS);
    return { rounds, pingMs: { on: medianMs, off: (await latencyUnderLoad(off, SECONDS)).medianMs } };
  } finally {
    for (const scene of scenes) await scene.close();
  }
}

async function play(): Promise<Map<string, Taken | string>> {
  const orders: Arranged[] = [];
  for (const contenders of [
    [MCC, NO_CONTROL],
    [NO_CONTROL, MCC],
  ]) {
    const taken = await arranged(contenders);
    if (typeof taken === 'string') return new Map([[MCC.name, taken]]);
    orders.push(taken);
  }
  const rounds = orders.flatMap((each) => each.rounds);
  const of = (side: 'on' | 'off'): Taken => ({
    figures: {
      'Gbit/s': middle(rounds.map((round) => round[side].gigabits)),
      'CPU s/GB': middle(rounds.map((round) => round[side].cpu)),
      'ping under load, ms': Math.max(...orders.map(({ pingMs }) => pingMs[side])),
      ...(side === 'off'
        ? {}
        : {
            'CPU, of that without': middle(rounds.map((round) => round.on.cpu / round.off.cpu)),
            'rate, of that without': middle(rounds.map((round) => round.on.gigabits / round.off.gigabits)),
          }),
    },
  });
  return new Map([
    [MCC.name, of('on')],
    [NO_CONTROL.name, of('off')],
  ]);
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
