// BBR beside itself, beside CUBIC and beside its first version at one bottleneck with a queue that drops its tail, how much queue it makes alone,
// and what it makes of a policer.
import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import { Bbr1 } from './bbr1-flow.ts';
import { Cubic } from './cubic-flow.ts';
import { bdp, DATAGRAM, Flow, Link, type LinkOptions, mbit } from './link.ts';

const PATH = { rate: mbit(20), rttMs: 40 };
const WARM_MS = 10_000;
const SECONDS = 40;

function path(queue: number): LinkOptions {
  return { ...PATH, queue: queue * bdp({ ...PATH, queue: 0 }) };
}

type Kind = 'bbr' | 'bbr1' | 'cubic';

const CONTROLS = {
  bbr: undefined,
  bbr1: ({ transport }: Flow['delivery']) => new Bbr1(transport, seededRng('bbr1')),
  cubic: ({ transport }: Flow['delivery']) => new Cubic(transport),
};

/** Shares of what the link could carry, twice that of one: 1 is fair. The second starts 3 s later. */
function shares(queue: number, kinds: readonly Kind[], seed: number): number[] {
  const link = new Link(path(queue), seed);
  const flows = kinds.map((kind, i) => {
    const flow = new Flow(link, 10 * seed + i, CONTROLS[kind]);
    flow.pointsMs = 1000;
    return flow;
  });
  for (const flow of flows) {
    flow.start();
    link.run(link.now + 3000);
  }
  link.run(WARM_MS);
  const before = flows.map(({ arrived }) => arrived);
  link.run(WARM_MS + SECONDS * 1000);
  return flows.map(({ arrived }, i) => (2 * (arrived - before[i])) / SECONDS / PATH.rate);
}

for (const queue of [0.25, 1, 4])
  t.test(`a queue of ${queue} BDP`, async (t) => {
    for (const kinds of [
      ['bbr', 'bbr'],
      ['bbr', 'cubic'],
      ['cubic', 'bbr'],
    ] as const) {
      const taken = shares(queue, kinds, 1);
      const text = `${kinds.join(' and ')}: ${taken.map((share) => share.toFixed(2)).join(' and ')}`;
      t.ok(Math.min(...taken) > (kinds[0] === kinds[1] ? 0.55 : 0.4), text);
      t.ok(taken[0] + taken[1] > 1.8, `${text} together`);
    }
  });

t.test('beside BBR of the first version, whom no loss slows down, it keeps its share', async (t) => {
  for (const queue of [0.25, 1, 4])
    for (const kinds of [['bbr', 'bbr1'] as const, ['bbr1', 'bbr'] as const]) {
      const taken = shares(queue, kinds, 1);
      const text = `${queue} BDP, ${kinds.join(' and ')}: ${taken.map((share) => share.toFixed(2)).join(' and ')}`;
      t.ok(Math.min(...taken) > 0.4, text);
    }
});

t.test('what is modelled beside it shares with itself', async (t) => {
  for (const kind of ['cubic', 'bbr1'] as const) {
    const taken = shares(1, [kind, kind], 1);
    t.ok(Math.min(...taken) > 0.8, `${kind}: ${taken.join(' and ')}`);
  }
});

t.test('alone it makes little queue: hardly any at the median, no long one while it probes', async (t) => {
  for (const [megabits, rttMs, queue, ackLateMs] of [
    [50, 50, 1, 0],
    [50, 50, 4, 0],
    [10, 50, 1, 0],
    [20, 20, 1, 0],
    [50, 50, 1, 3],
  ]) {
    const rate = mbit(megabits);
    const link = new Link({ rate, rttMs, queue: queue * bdp({ rate, rttMs, queue: 0 }), ackLateMs }, 1);
    const flow = new Flow(link, 2);
    flow.pointsMs = 1000;
    flow.start();
    link.run(3000);
    const { arrived } = flow;
    const waits: number[] = [];
    for (let at = 3000; at < 23_000; at += 5) {
      link.run(at + 5);
      waits.push(link.queueMs);
    }
    waits.sort((a, b) => a - b);
    const name = `${megabits} Mbit/s, ${rttMs} ms, acknowledgements up to ${ackLateMs} ms late`;
    t.ok(
      waits[waits.length >> 1] < 3 + ackLateMs / 2,
      `${name}: ${waits[waits.length >> 1]} ms at the median`,
    );
    const late = waits[Math.floor(waits.length * 0.99)];
    t.ok(late < 15, `${name}: ${late} ms at p99`);
    t.ok(flow.arrived - arrived > 0.95 * 20 * rate, `${name}: the rate is kept`);
  }
});

t.test('what a policer drops is congestion within three round trips, whenever it begins', async (t) => {
  for (const [megabits, rttMs] of [
    [50, 50],
    [5, 50],
    [500, 20],
    [20, 10],
    [20, 200],
    [2, 100],
  ])
    for (let seed = 1; seed <= 8; seed++) {
      const rate = mbit(megabits);
      const link = new Link({ rate, rttMs, queue: bdp({ rate, rttMs, queue: 0 }) }, seed);
      const flow = new Flow(link, seed + 1);
      flow.pointsMs = 1000;
      const { state } = flow.bbr;
      const until = (isThere: () => boolean, limitMs: number): boolean => {
        const end = link.now + limitMs;
        while (!isThere() && link.now < end) link.run(link.now + 1);
        return isThere();
      };
      const bound = () => Math.min(state.bwShortterm, state.inflightShortterm);
      flow.start();
      link.run(4000 + 10 * rttMs + 137 * (seed - 1));
      t.ok(until(() => state.phase === 'ProbeBW_CRUISE' && bound() === Number.POSITIVE_INFINITY, 20_000));
      link.options.policer = 15_000;
      link.options.rate = 0.8 * rate;
      const { dropped } = link;
      const { inflightLongterm } = state;
      // Between probes by the bounds of short term, in a probe by that of long term.
      const isRecognised = () =>
        bound() < Number.POSITIVE_INFINITY || state.inflightLongterm < inflightLongterm;
      t.ok(until(() => link.dropped > dropped, 20 * rttMs));
      const since = link.now;
      // The receiver may wait for 5 ms before it acknowledges.
      const roundTrip = rttMs + 5;
      t.ok(until(isRecognised, 20 * roundTrip));
      t.ok(
        link.now - since <= 3 * roundTrip,
        `${megabits} Mbit/s, ${rttMs} ms: after ${link.now - since} ms`,
      );
      t.ok(
        until(() => state.pacingRate < rate, 20 * roundTrip),
        'and it sends slower',
      );
      // A single loss at its beginning may be one by chance.
      t.ok(state.losses.share < 0.01, `${state.losses.share} taken for random`);
      if (seed === 1) t.equal(state.losses.share, 0);
    }
});

t.test('behind a policer it sends what passes, and hardly more', async (t) => {
  for (const inner of [Number.POSITIVE_INFINITY, 2, 8])
    for (const [megabits, rttMs, policer] of [
      [50, 50, 30_000],
      [20, 50, 60_000],
      [20, 200, 60_000],
    ]) {
      const rate = mbit(megabits);
      const queue = bdp({ rate, rttMs, queue: 0 });
      const link = new Link({ rate, rttMs, queue, policer }, 1);
      const flow = new Flow(link, 2);
      flow.pointsMs = 1000;
      flow.start();
      // Connections inside hold back: nothing is known of the path at their rate, and all they lose is sent again.
      if (inner < Number.POSITIVE_INFINITY) flow.setInner(10 * DATAGRAM, inner * queue);
      link.run(10_000);
      const { dropped } = link;
      const { arrived } = flow;
      link.run(30_000);
      const taken = flow.arrived - arrived;
      const lost = (link.dropped - dropped) * DATAGRAM;
      const name = `${megabits} Mbit/s, ${rttMs} ms, window inside of ${inner} BDP`;
      t.ok(taken > 0.8 * 20 * rate, `${name}: ${taken / 20 / rate} of the rate`);
      t.ok(lost < 0.04 * (taken + lost), `${name}: ${lost / (taken + lost)} lost`);
    }
});
