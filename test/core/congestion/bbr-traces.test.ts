// BBR beside an independent BBRv3, that of ngtcp2, on the same links with the same steps of their rate: what arrives over time, and in every
// state what arrives and what is sent, within 10 %. How its figures were measured stands in the vectors.
import t from 'tap';
import { readVectors } from '../../vectors/read.ts';
import type { Flow } from './link.ts';
import { Fixed, type InState, phases, play, type Step, states } from './play.ts';

interface Vector {
  readonly name: string;
  readonly rate: number;
  readonly rttMs: number;
  readonly queue: number;
  readonly untilMs: number;
  readonly steps: readonly Step[];
  readonly lost: number;
  /** Bytes in each bin. */
  readonly arrived: readonly number[];
  readonly states: Readonly<Record<string, InState>>;
  readonly phases: readonly string[];
}

const { binMs, scenarios } = readVectors<{ binMs: number; scenarios: readonly Vector[] }>('bbr-ngtcp2.json');

const TOLERANCE = 0.1;
/** When the next probe comes is random: windows hold more than one cycle, means more than one run. */
const WINDOW_MS = 4000;
const RUNS = 12;
/** States that theirs was in for less say little. */
const SECONDS_MIN = 0.05;
/** Share of what is sent. */
const MORE_LOST = 0.02;

interface Taken {
  readonly arrived: readonly number[];
  readonly states: ReadonlyMap<string, InState>;
  readonly lost: number;
  readonly flows: readonly Flow[];
}

function take(vector: Vector, runs = RUNS, control?: ConstructorParameters<typeof Flow>[2]): Taken {
  const { rate, rttMs, queue, steps, untilMs } = vector;
  const flows: Flow[] = [];
  const total: number[] = new Array(untilMs / binMs + 1).fill(0);
  let lost = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const { flow, arrived } = play(
      { link: { rate, rttMs, queue }, steps, untilMs },
      7 * seed,
      binMs,
      control,
    );
    flows.push(flow);
    for (const [i, bytes] of arrived.entries()) total[i] += bytes / runs;
    lost += flow.delivery.tally.lost / flow.delivery.tally.sent / runs;
  }
  const arrived = total.slice(1).map((bytes, i) => bytes - total[i]);
  return {
    arrived,
    states: states(
      flows.map(({ points }) => points),
      steps,
    ),
    lost,
    flows,
  };
}

function isNear(ours: number, theirs: number): boolean {
  return Math.abs(ours - theirs) <= TOLERANCE * theirs;
}

/** What arrives over time, and what is lost: says nothing of how it comes about. */
function deviationsOfRate(vector: Vector, { arrived, lost }: Taken): string[] {
  const found: string[] = [];
  const bins = WINDOW_MS / binMs;
  const sum = (list: readonly number[], from: number) =>
    list.slice(from, from + bins).reduce((all, bytes) => all + bytes, 0);
  for (let from = 0; from + bins <= arrived.length; from += bins) {
    const [ours, theirs] = [sum(arrived, from), sum(vector.arrived, from)];
    if (!isNear(ours, theirs)) found.push(`from ${from * binMs} ms on: ${ours} bytes, not ${theirs}`);
  }
  if (lost > vector.lost + MORE_LOST) found.push(`${lost} lost, not ${vector.lost}`);
  return found;
}

/**
 * After a fall of the rate theirs goes on for a while with the rate of before, until ProbeRTT no longer interrupts its cycles, as the draft has
 * it. Ours may know the new rate sooner (PROBE_RTT_ROUNDS), and pace in between.
 */
function isNearerToLink(vector: Vector, name: string, ours: InState, theirs: InState): boolean {
  const step = Number(name.split(' ')[0]);
  if (step === 0) return false;
  const { rate } = vector.steps[step - 1];
  return theirs.pacing > 2 * rate && ours.pacing < theirs.pacing && ours.pacing > rate;
}

function deviationsOfStates(vector: Vector, taken: Taken): string[] {
  const found: string[] = [];
  for (const [name, theirs] of Object.entries(vector.states)) {
    if (theirs.seconds < SECONDS_MIN) continue;
    const ours = taken.states.get(name);
    if (ours === undefined) found.push(`never in ${name}`);
    else
      for (const key of ['arrived', 'pacing'] as const)
        if (
          !isNear(ours[key], theirs[key]) &&
          !(key === 'pacing' && isNearerToLink(vector, name, ours, theirs))
        )
          found.push(`${name}: ${key} ${ours[key]} bytes/s, not ${theirs[key]}`);
  }
  return found;
}

/** "State Transition Diagram" of the draft, ProbeRTT left out; where a state was over at once, the one behind it. */
const FOLLOWS = new RegExp(
  [
    'Startup (Drain|ProbeBW_DOWN|ProbeBW_CRUISE)',
    'Drain (ProbeBW_DOWN|ProbeBW_CRUISE)',
    'ProbeBW_DOWN (ProbeBW_CRUISE|ProbeBW_REFILL)',
    'ProbeBW_CRUISE ProbeBW_REFILL',
    'ProbeBW_REFILL (ProbeBW_UP|ProbeBW_DOWN|ProbeBW_CRUISE)',
    // ProbeRTT, which ends in ProbeBW_CRUISE, may interrupt any of them.
    'ProbeBW_UP (ProbeBW_DOWN|ProbeBW_CRUISE|ProbeBW_REFILL)',
  ].join('|'),
);

for (const vector of scenarios) {
  t.test(`${vector.name}: as ngtcp2`, async (t) => {
    const taken = take(vector);
    t.same(deviationsOfRate(vector, taken), []);
    t.same(deviationsOfStates(vector, taken), []);
    // Which state follows which does not depend on chance, but for ProbeRTT, and for states that one acknowledgement ends.
    const order = phases(taken.flows[0].points).filter((phase) => phase !== 'ProbeRTT');
    t.equal(order[0], 'Startup');
    t.equal(order.indexOf('ProbeBW_UP'), order.indexOf('ProbeBW_REFILL') + 1);
    for (const [i, phase] of order.entries()) {
      if (i > 0 && order[i - 1] !== phase)
        t.match(`${order[i - 1]} ${phase}`, FOLLOWS, 'a transition of the draft');
    }
  });
}

t.test('every state is compared, those of ProbeBW after each kind of step', async (t) => {
  const compared = new Set<string>();
  for (const { states } of scenarios)
    for (const [name, { seconds }] of Object.entries(states)) if (seconds >= SECONDS_MIN) compared.add(name);
  const cycle = ['DOWN', 'CRUISE', 'REFILL', 'UP'].map((name) => `ProbeBW_${name}`);
  for (const name of ['Startup', 'Drain', 'ProbeRTT', ...cycle]) t.ok(compared.has(`0 ${name}`), name);
  for (const name of ['ProbeRTT', ...cycle]) t.ok(compared.has(`1 ${name}`), `${name} after a step`);
});

t.test('a fixed rate in place of BBR deviates in every scenario, in its rate alone', async (t) => {
  for (const vector of scenarios) {
    const rates = [vector, ...vector.steps].map(({ rate }) => rate);
    for (const rate of [...rates, 0.8 * Math.min(...rates), 1.2 * Math.max(...rates)]) {
      // Without a step, the very rate of the link is what BBR looks for.
      if (vector.steps.length === 0 && rate === vector.rate) continue;
      const taken = take(vector, 1, () => new Fixed(rate));
      t.not(deviationsOfRate(vector, taken).length, 0, `${vector.name} at ${rate} bytes/s`);
    }
    const taken = take(vector, 1, () => new Fixed(vector.rate));
    t.not(deviationsOfStates(vector, taken).length, 0);
  }
});
