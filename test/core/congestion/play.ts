// Plays flows over links whose rate changes, and sums up what they did in each state: for scenarios and plots.
import { Bbr } from '../../../src/core/congestion/bbr.ts';
import type { CongestionControl, Control } from '../../../src/core/congestion/types.ts';
import { Flow, Link, type LinkOptions, type Point } from './link.ts';

/** From `atMs` on the link has this rate, bytes per second, and this queue, bytes. */
export interface Step {
  readonly atMs: number;
  readonly rate: number;
  readonly queue: number;
}

export interface Scenario {
  readonly link: LinkOptions;
  readonly steps?: readonly Step[];
  readonly untilMs: number;
}

export interface Played {
  readonly link: Link;
  readonly flow: Flow;
  /** Bytes that arrived until each multiple of `binMs`. */
  readonly arrived: readonly number[];
}

export function play(
  scenario: Scenario,
  seed: number,
  binMs: number,
  control?: ConstructorParameters<typeof Flow>[2],
): Played {
  const link = new Link({ ...scenario.link }, seed);
  const flow = new Flow(link, seed + 1, control);
  const steps = [...(scenario.steps ?? [])];
  const arrived = [0];
  flow.start();
  for (let at = 0; at < scenario.untilMs; at += binMs) {
    for (const step of steps.filter(({ atMs }) => atMs >= at && atMs < at + binMs)) {
      link.run(step.atMs);
      link.options.rate = step.rate;
      link.options.queue = step.queue;
    }
    link.run(at + binMs);
    arrived.push(flow.arrived);
  }
  return { link, flow, arrived };
}

/** Over all the time that a machine spent in one state. */
export interface InState {
  /** s */
  seconds: number;
  /** Bytes per second. */
  arrived: number;
  pacing: number;
  /** Bytes. */
  inflight: number;
}

/** Means of the flows together, by the number of steps that the link had taken, and the state. */
export function states(
  flows: readonly (readonly Point[])[],
  steps: readonly Step[] = [],
): Map<string, InState> {
  const sums = new Map<string, InState>();
  for (const points of flows) {
    for (let i = 1; i < points.length; i++) {
      const before = points[i - 1];
      const { at, arrived } = points[i];
      const key = `${steps.filter(({ atMs }) => atMs < at).length} ${before.phase}`;
      const sum = sums.get(key) ?? { seconds: 0, arrived: 0, pacing: 0, inflight: 0 };
      const seconds = (at - before.at) / 1000;
      sum.seconds += seconds;
      sum.arrived += arrived - before.arrived;
      sum.pacing += before.pacingRate * seconds;
      sum.inflight += before.inflight * seconds;
      sums.set(key, sum);
    }
  }
  for (const sum of sums.values()) {
    sum.arrived /= sum.seconds;
    sum.pacing /= sum.seconds;
    sum.inflight /= sum.seconds;
  }
  return sums;
}

/** The states in the order in which they were entered. */
export function phases(points: readonly Point[]): string[] {
  const seen: string[] = [];
  for (const { phase } of points) if (seen.at(-1) !== phase) seen.push(phase);
  return seen;
}

/** No congestion control: always this window, this rate. */
export class Fixed implements CongestionControl {
  readonly control: Control;

  constructor(pacingRate: number, cwnd = 1e9) {
    this.control = { cwnd, pacingRate, sendQuantum: 2800 };
  }

  onTransmit(): void {}
  onLost(): void {}
  onAck(): void {}
  onTimeout(): void {}
  onSpurious(): void {}
}

export function isBbr(control: CongestionControl): control is Bbr {
  return control instanceof Bbr;
}
