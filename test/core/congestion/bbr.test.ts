// BBR on a simulated bottleneck: the example test cases of draft-ietf-ccwg-bbr (names in quotes are the draft's titles), and which losses
// make it slower.
import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import { Bbr } from '../../../src/core/congestion/bbr.ts';
import { PROBE_RTT_DURATION_MS } from '../../../src/core/congestion/bbr-constants.ts';
import type { BbrState } from '../../../src/core/congestion/bbr-state.ts';
import { Delivery } from '../../../src/core/congestion/delivery.ts';
import { bdp, DATAGRAM, Flow, Link, type LinkOptions, mbit, type Point } from './link.ts';

const RATE = mbit(50);
const PATH: LinkOptions = { rate: RATE, rttMs: 50, queue: RATE * 0.05 };

interface Run {
  readonly link: Link;
  readonly flow: Flow;
  /** Bytes per second that arrived between two times in ms. */
  rate(fromMs: number, toMs: number): number;
}

/** `steps`: what changes, at which ms. */
function run(
  options: LinkOptions,
  untilMs: number,
  steps: readonly (readonly [number, (link: Link, flow: Flow) => void])[] = [],
  seed = 1,
): Run {
  const link = new Link({ ...options }, seed);
  const flow = new Flow(link, seed + 1);
  const arrived: number[] = [0];
  flow.start();
  for (let at = 0; at < untilMs; at += 100) {
    for (const [when, what] of steps) if (when === at) what(link, flow);
    link.run(at + 100);
    arrived.push(flow.arrived);
  }
  const rate = (from: number, to: number): number =>
    ((arrived[to / 100] - arrived[from / 100]) * 1000) / (to - from);
  return { link, flow, rate };
}

function runUntil(link: Link, flow: Flow, isThere: (flow: Flow) => boolean, limitMs: number): boolean {
  const end = link.now + limitMs;
  while (!isThere(flow) && link.now < end) link.run(link.now + 1);
  return isThere(flow);
}

/** Bounds were set because of losses [InitLowerBounds]. */
function isCongested({ bwShortterm, inflightShortterm }: BbrState): boolean {
  return Math.min(bwShortterm, inflightShortterm) < Number.POSITIVE_INFINITY;
}

/** By a rate or a volume below what the path took before. */
function isHeldBack({ bwShortterm, inflightLongterm }: BbrState): boolean {
  return bwShortterm < RATE || inflightLongterm < 1.2 * bdp(PATH);
}

function phases(points: readonly Point[]): string[] {
  const seen: string[] = [];
  for (const { phase } of points) if (seen.at(-1) !== phase) seen.push(phase);
  return seen;
}

t.test('"Exiting STARTUP on Bandwidth Plateau", and the states that follow', async (t) => {
  const { flow } = run(PATH, 4000);
  const { state } = flow.bbr;
  t.ok(Math.abs(state.maxBw - RATE) < 0.03 * RATE, 'the rate is found within 3 %');
  t.ok(state.isFullBwReached);
  // DOWN may be over with the acknowledgement that begins it.
  t.match(phases(flow.points).join(' '), /^Startup Drain (ProbeBW_DOWN )?ProbeBW_CRUISE/);
});

t.test(
  'connections inside that double what they send: the path is full as soon, the queue hardly there',
  async (t) => {
    for (const [path, most] of [
      [PATH, 160],
      [{ ...PATH, queue: 4 * PATH.queue }, 160],
      [{ rate: mbit(10), rttMs: 600, queue: mbit(10) * 0.6 }, 1000],
    ] as const) {
      const link = new Link({ ...path }, 1);
      const flow = new Flow(link, 2);
      flow.setInner(10 * DATAGRAM, 40 * bdp(path));
      flow.start();
      let long = 0;
      for (let at = 0; at < 20 * path.rttMs; at++) {
        link.run(at + 1);
        if (link.queueMs > 0.4 * path.rttMs) long++;
      }
      const name = `${path.rate} bytes/s, ${path.rttMs} ms`;
      t.match(phases(flow.points).join(' '), /^Startup (Drain )?(ProbeBW_DOWN )?ProbeBW_CRUISE/);
      t.ok(long <= most, `${name}: ${long} ms of a long queue`);
      t.equal(link.dropped, 0, `${name}: none is dropped`);
      t.ok(Math.abs(flow.bbr.state.maxBw - path.rate) < 0.03 * path.rate, `${name}: the rate is found`);
    }
  },
);

t.test('a burst of who sent little before does not end Startup', async (t) => {
  const { flow, rate } = run(PATH, 4000, [
    [0, (_, each) => each.setRate(0.1 * RATE)],
    [2000, (_, each) => each.setRate(Number.POSITIVE_INFINITY)],
  ]);
  t.equal(flow.points.findLast(({ at }) => at < 2100)?.phase, 'Startup');
  t.ok(rate(3000, 4000) > 0.9 * RATE);
});

t.test('who sends little stays in Startup, and is not held back once there is more', async (t) => {
  const { flow, rate } = run(PATH, 5000, [
    [0, (_, each) => each.setRate(0.02 * RATE)],
    [3000, (_, each) => each.setRate(Number.POSITIVE_INFINITY)],
  ]);
  t.equal(flow.points.findLast(({ at }) => at < 3000)?.phase, 'Startup');
  t.ok(rate(4000, 5000) > 0.9 * RATE);
});

t.test('"Exiting DRAIN Based on Inflight": the queue that Startup made is gone', async (t) => {
  const { flow } = run(PATH, 3000);
  const after = flow.points.find(({ phase }) => phase.startsWith('ProbeBW')) as Point;
  t.ok(after.inflight <= 1.1 * bdp(PATH), `${after.inflight} bytes in flight`);
});

t.test('"Exiting PROBE_UP on Bandwidth Plateau", "Exiting PROBE_DOWN on Inflight": cycles', async (t) => {
  const { flow } = run(PATH, 15_000);
  const text = phases(flow.points).join(' ');
  t.match(text, /ProbeBW_CRUISE ProbeBW_REFILL ProbeBW_UP ProbeBW_DOWN ProbeBW_CRUISE/);
  for (const { phase, inflight } of flow.points)
    if (phase === 'ProbeBW_CRUISE' && inflight > 2.3 * bdp(PATH))
      t.fail(`${inflight} in flight while cruising`);
});

t.test('"Entering and Exiting PROBE_RTT": every 5 s, for 200 ms and a round', async (t) => {
  const { flow } = run(PATH, 20_000);
  const spans: number[] = [];
  let began: number | undefined;
  for (const { at, phase } of flow.points) {
    if (phase === 'ProbeRTT') began ??= at;
    else if (began !== undefined) {
      spans.push(at - began);
      began = undefined;
    }
  }
  t.ok(spans.length >= 2 && spans.length <= 4, `${spans.length} times`);
  for (const span of spans) t.ok(span >= PROBE_RTT_DURATION_MS && span < 450, `${span} ms`);
  t.equal(flow.bbr.state.minRttMs < 56, true, 'the shortest round trip is known');
});

t.test('"Skipping PROBE_RTT Due to Application-Limited Sending"', async (t) => {
  const { flow } = run(PATH, 20_000, [
    [4000, (_, flow) => flow.setRate(0)],
    [11_000, (_, flow) => flow.setRate(Number.POSITIVE_INFINITY)],
  ]);
  const soon = flow.points.filter(({ at }) => at > 11_000 && at < 12_000).map(({ phase }) => phase);
  t.ok(soon.length > 0);
  t.notOk(soon.includes('ProbeRTT'), 'the silence was enough');
});

t.test('"Never Exiting STARTUP When Application-Limited With No Loss"', async (t) => {
  const { flow, rate } = run(PATH, 12_000, [
    [0, (_, flow) => flow.setRate(mbit(5))],
    [9000, (_, flow) => flow.setRate(Number.POSITIVE_INFINITY)],
  ]);
  const before = flow.points.filter(({ at }) => at < 9000).map(({ phase }) => phase);
  t.same(
    [...new Set(before)].filter((phase) => phase !== 'ProbeRTT'),
    ['Startup'],
  );
  t.ok(rate(10_000, 12_000) > 0.9 * RATE, 'then it finds the rate');
});

t.test('"Achieving Expected Cruise Bandwidth on a Link With Aggregation"', async (t) => {
  const { flow, rate } = run({ ...PATH, aggregateMs: 20 }, 15_000);
  t.ok(flow.bbr.state.extraAcked > 0);
  t.ok(rate(5000, 15_000) > 0.9 * RATE);
});

t.test('"Correctly Managing Sub-Packet BDPs"', async (t) => {
  const slow = { rate: mbit(1), rttMs: 2, queue: 20_000 };
  const { flow, rate } = run(slow, 10_000);
  t.equal(flow.bbr.state.cwnd >= flow.bbr.state.minPipeCwnd, true);
  t.ok(rate(2000, 10_000) > 0.95 * slow.rate);
});

t.test('"Increasing Bandwidth 10x and Ensuring Full Bandwidth is Reached"', async (t) => {
  const faster = mbit(100);
  const { rate } = run({ rate: mbit(10), rttMs: 50, queue: mbit(10) * 0.05 }, 12_000, [
    [
      4000,
      ({ options }) => {
        options.rate = faster;
        options.queue = faster * 0.05;
      },
    ],
  ]);
  t.ok(rate(9000, 12_000) > 0.9 * faster, `${(rate(9000, 12_000) * 8) / 1e6} Mbit/s`);
});

t.test('"Decreasing Bandwidth 10x and Ensuring Max Bandwidth Adapts Down"', async (t) => {
  const slower = mbit(10);
  const { flow, rate } = run({ rate: mbit(100), rttMs: 50, queue: slower * 0.05 }, 20_000, [
    [
      5000,
      ({ options }) => {
        options.rate = slower;
      },
    ],
  ]);
  t.ok(flow.bbr.state.maxBw < 1.1 * slower);
  t.ok(rate(8000, 20_000) > 0.9 * slower);
  const lateQueue = flow.points.filter(({ at }) => at > 17_500).map(({ queueMs }) => queueMs);
  t.ok(Math.min(...lateQueue) < 10, 'the queue was drained');
});

t.test('"Handling Token Bucket Policers": recognised as congestion within three rounds', async (t) => {
  const link = new Link({ ...PATH }, 1);
  const flow = new Flow(link, 2);
  flow.start();
  link.run(8000);
  t.ok(runUntil(link, flow, ({ bbr }) => bbr.state.phase === 'ProbeBW_CRUISE', 5000));
  // What it sends now is a quarter too much.
  link.options.policer = 15_000;
  link.options.rate = RATE * 0.8;
  const { dropped } = link;
  t.ok(
    runUntil(link, flow, () => link.dropped > dropped, 200),
    'something is dropped',
  );
  const since = link.now;
  t.ok(
    runUntil(link, flow, ({ bbr }) => isCongested(bbr.state), 1000),
    'it is congestion',
  );
  t.ok(link.now - since <= 3 * PATH.rttMs, `after ${link.now - since} ms`);
  // The best sample of the round in which it was found is still one of before.
  t.ok(
    runUntil(link, flow, ({ bbr }) => isHeldBack(bbr.state), 1000),
    'it slows down',
  );
  t.ok(link.now - since <= 3.5 * PATH.rttMs, `after ${link.now - since} ms`);
  const before = flow.delivery.tally.lost;
  const sent = flow.delivery.tally.sent;
  link.run(since + 15_000);
  const share = (flow.delivery.tally.lost - before) / (flow.delivery.tally.sent - sent);
  t.ok(share < 0.05, `${share} lost after that`);
  t.ok(flow.bbr.state.losses.share < 0.02, 'nothing of it is taken for random');
});

t.test('random loss does not slow it down, with the window and the rate that the path has', async (t) => {
  for (const [loss, least] of [
    [0.01, 0.92],
    [0.02, 0.9],
    [0.05, 0.86],
    [0.1, 0.75],
    [0.2, 0.5],
  ]) {
    const { rate, flow } = run({ ...PATH, loss }, 15_000);
    const part = rate(3000, 15_000) / RATE;
    t.ok(part > least, `${loss}: ${part.toFixed(3)} of the rate arrive`);
    t.ok(Math.abs(flow.bbr.state.losses.share - loss) < 0.03, `${flow.bbr.state.losses.share} was learnt`);
  }
});

t.test('neither do bursts, nor loss that begins and ends', async (t) => {
  // How many bursts there are, and when, is chance.
  const bursts = [1, 2, 3, 4].map((seed) => run({ ...PATH, loss: 0.02, burst: 5 }, 15_000, [], seed));
  const mean = bursts.reduce((all, { rate }) => all + rate(3000, 15_000) / bursts.length, 0);
  t.ok(mean > 0.85 * RATE, `${mean} bytes/s`);
  const step = run(PATH, 20_000, [
    [
      6000,
      ({ options }) => {
        options.loss = 0.05;
      },
    ],
    [
      14_000,
      ({ options }) => {
        options.loss = 0;
      },
    ],
  ]);
  t.ok(step.rate(7000, 14_000) > 0.8 * RATE);
  t.ok(step.rate(15_000, 20_000) > 0.9 * RATE);
  t.ok(step.flow.bbr.state.losses.share < 0.01, 'it is forgotten');
});

t.test('what turns out to be no congestion is made up for at once', async (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const link = new Link({ rate: mbit(50), rttMs: 50, queue: mbit(50) / 20, loss: 0.2 }, seed);
    const flow = new Flow(link, seed + 1);
    flow.start();
    link.run(2000);
    const { arrived } = flow;
    link.run(5000);
    const share = (flow.arrived - arrived) / (3 * mbit(50));
    t.ok(share > 0.6, `seed ${seed}: ${share} of the rate, from the third second to the fifth`);
  }
});

t.test('as the draft has it, loss beyond the threshold is congestion, whatever its cause', async (t) => {
  const link = new Link({ ...PATH, loss: 0.05 }, 1);
  const flow = new Flow(link, 2, undefined, { threshold: 0.02, randomMax: 0 });
  flow.start();
  link.run(15_000);
  t.ok((flow.arrived * 1000) / 15_000 < 0.3 * RATE);
});

t.test('what jitter overtakes is soon taken for lost no more, and a rate that rises is found', async (t) => {
  const faster = mbit(40);
  for (const jitterMs of [10, 20])
    for (const seed of [7, 14]) {
      const path = { rate: mbit(4), rttMs: 50, queue: 500_000, jitterMs };
      const rise = ({ options }: Link) => {
        options.rate = faster;
      };
      const { rate, flow } = run(path, 16_000, [[4000, rise]], seed);
      t.ok(rate(11_000, 16_000) > 0.85 * faster, `jitter of ${jitterMs} ms: ${rate(11_000, 16_000)} bytes/s`);
      t.ok(flow.delivery.tally.late < 0.01 * flow.delivery.tally.sent, `${flow.delivery.tally.late} late`);
    }
});

t.test('two flows share a bottleneck', async (t) => {
  const link = new Link({ ...PATH }, 1);
  const [first, second] = [new Flow(link, 2), new Flow(link, 3)];
  first.start();
  link.run(3000);
  second.start();
  link.run(25_000);
  const before = [first.arrived, second.arrived];
  link.run(45_000);
  const shares = [first.arrived - before[0], second.arrived - before[1]];
  t.ok(Math.min(...shares) > 0.8 * Math.max(...shares), shares.join(' and '));
});

t.test('without BBR, at a fixed rate, none of this holds', async (t) => {
  const link = new Link({ ...PATH }, 1);
  const control = { cwnd: 10 * bdp(PATH), pacingRate: 1.5 * RATE, sendQuantum: 14_000 };
  const nothing = () => undefined;
  const fixed = {
    control,
    onTransmit: nothing,
    onLost: nothing,
    onAck: nothing,
    onTimeout: nothing,
    onSpurious: nothing,
  };
  const flow = new Flow(link, 2, () => fixed);
  flow.start();
  link.run(10_000);
  t.ok(flow.delivery.tally.lost / flow.delivery.tally.sent > 0.2, 'the queue runs over');
  t.ok(link.queueMs > 40, 'and stays full');
});

t.test('the first window is paced over the round trip that is known from before', async (t) => {
  const { transport } = new Delivery(DATAGRAM, 10 * DATAGRAM, 5, { onProbe: () => undefined });
  const { control } = new Bbr(transport, seededRng(1), 0, { initialRttMs: 50 });
  t.equal(control.pacingRate, (2.77 * 10 * DATAGRAM) / 0.05);
});

t.test('a first round trip that was too long does not slow Startup down', async (t) => {
  const link = new Link({ ...PATH }, 1);
  const begin = ({ transport }: Delivery) =>
    new Bbr(transport, seededRng(1), 0, { initialRttMs: 40 * PATH.rttMs });
  const flow = new Flow(link, 2, begin);
  flow.setInner(2 * DATAGRAM, bdp(PATH));
  flow.start();
  link.run(2 * PATH.rttMs);
  const { initialCwnd } = flow.delivery.transport;
  t.ok(flow.bbr.state.pacingRate > (2.7 * initialCwnd * 1000) / (1.1 * PATH.rttMs));
});

t.test(
  'Startup ends on slow paths with queues of seconds, where rounds take longer than the time to ProbeRTT',
  async (t) => {
    for (const [kbit, rttMs, longest] of [
      [32, 50, 3400],
      [32, 600, 3400],
      [128, 50, 900],
    ]) {
      const slow = { rate: mbit(kbit / 1000), rttMs, queue: 5 * mbit(kbit / 1000) };
      const { flow, rate } = run(slow, 40_000);
      const text = phases(flow.points).join(' ');
      t.match(text, /^Startup (Drain )?(ProbeBW_DOWN )?ProbeBW_CRUISE/, `${kbit} kbit/s`);
      const ended = flow.points.find(({ phase }) => phase !== 'Startup') as Point;
      t.ok(ended.at < 5000, `after ${ended.at} ms`);
      const queued = Math.max(...flow.points.filter(({ at }) => at > 15_000).map(({ queueMs }) => queueMs));
      t.ok(queued < longest, `a queue of ${queued} ms at most`);
      t.ok(rate(5000, 40_000) > 0.97 * slow.rate);
    }
  },
);

t.test(
  'marks (ECN) are congestion: queues stay short, shares are alike, and nothing is taken for random loss',
  async (t) => {
    const standing = (markMs?: number) => {
      const link = new Link({ ...PATH, queue: RATE * 0.3, ...(markMs !== undefined && { markMs }) }, 1);
      const flows = [new Flow(link, 2), new Flow(link, 3)];
      for (const flow of flows) flow.start();
      const queues: number[] = [];
      for (let at = 0; at < 20_000; at += 10) {
        link.run(at + 10);
        if (at >= 2000) queues.push(link.queueMs);
      }
      const share = (flows[0].arrived + flows[1].arrived) / 20 / RATE;
      return { flows, share, median: queues.toSorted((a, b) => a - b)[queues.length >> 1] };
    };
    const without = standing();
    const marked = standing(10);
    t.ok(without.median > 40, `a queue of ${without.median} ms without marks`);
    t.ok(marked.median < 10, `a queue of ${marked.median} ms`);
    t.ok(marked.share > 0.92, `${marked.share} of the rate`);
    t.ok(
      Math.min(...marked.flows.map(({ arrived }) => arrived)) >
        0.6 * Math.max(...marked.flows.map(({ arrived }) => arrived)),
    );
    t.equal(marked.flows[0].bbr.state.losses.share, 0);
  },
);

t.test('marks end Startup', async (t) => {
  const longest = (options: LinkOptions): number => {
    const link = new Link({ ...options, queue: RATE * 0.3 }, 1);
    const flow = new Flow(link, 2);
    flow.start();
    t.ok(runUntil(link, flow, ({ bbr }) => bbr.state.isFullBwReached, 2000));
    return Math.max(...flow.points.map(({ queueMs }) => queueMs));
  };
  t.ok(longest({ ...PATH, markMs: 5 }) < 0.5 * longest(PATH));
});
