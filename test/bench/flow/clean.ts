/**
 * What flow control costs where there is nothing for it to do: two pairs of hosts on wires of their own, one with it and one without, and one
 * stream by turns in each. Ratios are medians of ratios within a round, whose halves follow one another at once, in changing order.
 */
import { latencyUnderLoad, undisturbed } from '../measure.ts';
import { fast, type Taken } from './kinds.ts';
import type { Bound } from './scenarios.ts';
import { MCC, NO_CONTROL, Scene, type Way } from './scene.ts';

const ROUNDS = 7;
const SECONDS = 3;
/** A difference that is smaller is not told from chance. */
const NOISE = 0.03;

interface Round {
  readonly gigabits: number;
  readonly cpu: number;
}

async function play(): Promise<Map<string, Taken | string>> {
  const scenes: Scene[] = [];
  try {
    const ways: Way[] = [];
    for (const contender of [MCC, NO_CONTROL]) {
      const scene = Scene.wired();
      scenes.push(scene);
      const way = await scene.use(contender);
      if (typeof way === 'string') return new Map([[contender.name, way]]);
      ways.push(way);
      // Compilers warm up.
      await fast(way, 1);
    }
    const [on, off] = ways as [Way, Way];
    const rounds: { on: Round; off: Round }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const taken = await undisturbed(async () => {
        if (round % 2 === 0) return { on: await fast(on, SECONDS), off: await fast(off, SECONDS) };
        const without = await fast(off, SECONDS);
        return { on: await fast(on, SECONDS), off: without };
      });
      rounds.push(taken.value);
    }
    const ping = await latencyUnderLoad(on, SECONDS);
    const pingWithout = await latencyUnderLoad(off, SECONDS);
    const of = (side: 'on' | 'off', ms: number): Taken => ({
      figures: {
        'Gbit/s': middle(rounds.map((round) => round[side].gigabits)),
        'CPU s/GB': middle(rounds.map((round) => round[side].cpu)),
        'ping under load, ms': ms,
        ...(side === 'off'
          ? {}
          : {
              'CPU, of that without': middle(rounds.map((round) => round.on.cpu / round.off.cpu)),
              'rate, of that without': middle(rounds.map((round) => round.on.gigabits / round.off.gigabits)),
            }),
      },
    });
    return new Map([
      [MCC.name, of('on', ping.medianMs)],
      [NO_CONTROL.name, of('off', pingWithout.medianMs)],
    ]);
  } finally {
    for (const scene of scenes) await scene.close();
  }
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
