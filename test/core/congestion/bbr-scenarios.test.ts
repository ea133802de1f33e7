// Scenarios that other implementations of BBR publish with their tests: the same links here, and figures within 10 % of theirs. Each names
// its source: google/quiche is quiche/quic/core/congestion_control/bbr2_simulator_test.cc (BBRv2 with the changes of v3), picoquic is
// picoquictest/congestion_test.c and cc_compete_test.c (its bbr.c is BBRv3). Their times are bounds that their own runs keep.
import t from 'tap';
import { bdp, Flow, Link, type LinkOptions, mbit } from './link.ts';
import { Fixed, phases } from './play.ts';

/** Later than what is published by so much at most. */
const SLACK = 1.1;

interface Change {
  readonly atMs: number;
  readonly to: Partial<LinkOptions>;
}

interface Transfer {
  readonly link: LinkOptions;
  readonly bytes: number;
  readonly changes?: readonly Change[];
}

interface Done {
  readonly link: Link;
  readonly flow: Flow;
  /** s; Infinity: not within the limit. */
  readonly seconds: number;
  /** Share of what was sent. */
  readonly lost: number;
}

/** What is lost is sent again by whoever transfers: it is over when as many bytes have arrived. */
function transfer(
  { link: options, bytes, changes = [] }: Transfer,
  limitSeconds: number,
  control?: ConstructorParameters<typeof Flow>[2],
): Done {
  const link = new Link({ ...options }, 3);
  const flow = new Flow(link, 4, control);
  flow.pointsMs = 10;
  flow.start();
  for (let at = 0; flow.arrived < bytes && at < limitSeconds * 1000; at += 10) {
    for (const { atMs, to } of changes) if (atMs === at) Object.assign(link.options, to);
    link.run(at + 10);
  }
  const { tally } = flow.delivery;
  const seconds = flow.arrived < bytes ? Number.POSITIVE_INFINITY : link.now / 1000;
  return { link, flow, seconds, lost: tally.lost / tally.sent };
}

function until(link: Link, isThere: () => boolean, limitMs: number): boolean {
  const end = link.now + limitMs;
  while (!isThere() && link.now < end) link.run(link.now + 1);
  return isThere();
}

/** "DefaultTopologyParams" of quiche: 4 Mbit/s, 64 ms and what packets take to pass, a queue of two BDP. */
const QUICHE: LinkOptions = { rate: mbit(4), rttMs: 72, queue: 2 * mbit(4) * 0.072 };
const MEBIBYTE = 2 ** 20;

t.test(
  'quiche, NormalStartup and StartupStats: the rate within 1 %, three rounds without growth, no loss',
  async (t) => {
    const link = new Link({ ...QUICHE }, 1);
    const flow = new Flow(link, 2);
    const { state } = flow.bbr;
    let maxBw = 0;
    let round = 0;
    flow.start();
    t.ok(
      until(
        link,
        () => {
          if (state.maxBw > 1.001 * maxBw) {
            maxBw = state.maxBw;
            round = state.roundCount;
          }
          return state.isFullBwReached;
        },
        5000,
      ),
    );
    t.equal(state.phase, 'Drain');
    t.ok(Math.abs(state.maxBw - QUICHE.rate) < 0.01 * QUICHE.rate, `${state.maxBw} bytes/s`);
    t.ok(
      state.roundCount - round <= 4 && state.roundCount - round >= 2,
      `${state.roundCount - round} rounds`,
    );
    t.ok(link.now > 500 / SLACK && link.now < 1500, `Startup took ${link.now} ms`);
    t.equal(flow.delivery.tally.lost, 0);
  },
);

t.test('quiche, Drain: Startup queues a BDP, Drain removes it, round trips are short again', async (t) => {
  const link = new Link({ ...QUICHE }, 1);
  const flow = new Flow(link, 2);
  const { state } = flow.bbr;
  const queued = () => (link.queueMs * QUICHE.rate) / 1000;
  flow.start();
  t.ok(until(link, () => state.phase !== 'Startup', 10_000));
  t.equal(state.phase, 'Drain');
  t.ok(queued() >= 0.95 * bdp(QUICHE) * 0.9, `${queued()} bytes wait`);
  t.ok(until(link, () => state.phase !== 'Drain', 10_000));
  t.ok(state.isInProbeBw);
  t.ok(queued() <= bdp(QUICHE), `${queued()} bytes wait after it`);
  const { roundCount } = state;
  const isRefilling = () => state.phase === 'ProbeBW_REFILL' && state.roundCount >= roundCount + 4;
  t.ok(until(link, isRefilling, 10_000));
  const { smoothedMs } = flow.delivery.rtt;
  t.ok(smoothedMs < 1.1 * (QUICHE.rttMs + 6), `${smoothedMs} ms`);
});

t.test('quiche, SimpleTransfer, and SimpleTransferSmallBuffer: 12 MiB at the rate of the link', async (t) => {
  const ideal = (12 * MEBIBYTE) / QUICHE.rate;
  const deep = transfer({ link: QUICHE, bytes: 12 * MEBIBYTE }, 30 * SLACK);
  t.ok(deep.seconds < ideal * SLACK, `${deep.seconds} s`);
  t.equal(deep.lost, 0);
  const shallow = transfer(
    { link: { ...QUICHE, queue: 0.5 * bdp(QUICHE) }, bytes: 12 * MEBIBYTE },
    30 * SLACK,
  );
  t.ok(shallow.seconds < ideal * SLACK, `${shallow.seconds} s`);
  t.ok(Math.abs(shallow.flow.bbr.state.maxBw - QUICHE.rate) < 0.02 * QUICHE.rate);
  t.ok(shallow.lost < 0.05);
});

t.test(
  'quiche, BandwidthDecrease: 10 Mbit/s become 100 kbit/s, and what is left takes as long as it must',
  async (t) => {
    const link: LinkOptions = { rate: mbit(10), rttMs: 70, queue: 2 * mbit(10) * 0.07 };
    const fall: Change = { atMs: 10_000, to: { rate: mbit(0.1) } };
    const before = transfer({ link, bytes: 12 * MEBIBYTE }, 12);
    t.ok(before.seconds < 10 * SLACK, '"~12 MB in the first 10 seconds"');
    t.equal(before.lost, 0);
    const { seconds, lost, flow } = transfer({ link, bytes: 20 * MEBIBYTE, changes: [fall] }, 900);
    const ideal = (20 * MEBIBYTE - 10 * mbit(10)) / mbit(0.1);
    t.ok(seconds < 10 + ideal * SLACK, `"the rest": ${seconds - 10} s, at the rate of the link ${ideal}`);
    t.ok(seconds < 10 + 800, 'the bound that is published');
    // Ours: the rate of before is forgotten, though the queue makes rounds of 14 s.
    t.ok(lost < 0.15, `${lost} lost`);
    t.ok(flow.bbr.state.maxBw < mbit(0.11));
  },
);

t.test('quiche, BandwidthIncrease: 100 kbit/s become 10 Mbit/s', async (t) => {
  const link: LinkOptions = { rate: mbit(0.1), rttMs: 300, queue: 2 * mbit(0.1) * 0.3 };
  const rise: Change = { atMs: 15_000, to: { rate: mbit(10), rttMs: 70 } };
  const { seconds, lost, flow } = transfer({ link, bytes: 10 * MEBIBYTE, changes: [rise] }, 80);
  t.ok(seconds < 15 + 50, `${seconds} s`);
  t.ok(Math.abs(flow.bbr.state.maxBw - mbit(10)) < 0.02 * mbit(10), 'the rate is found within 2 %');
  t.ok(lost < 0.3);
});

t.test('quiche, SenderPoliced: a quarter of the rate passes', async (t) => {
  const link: LinkOptions = { ...QUICHE, rate: QUICHE.rate / 4, policer: 100_000 };
  const { seconds, lost } = transfer({ link, bytes: 3 * MEBIBYTE }, 40);
  t.ok(seconds < 30, `${seconds} s`);
  t.ok(lost < 0.3, `${lost} lost`);
});

t.test(
  'quiche, Bbr2VsBbr2 and MultipleBbr2s: all are done in the time that the link needs for all',
  async (t) => {
    for (const [senders, apartMs, slack] of [
      [2, 2000, 1.5],
      [6, 2000, 1.1],
    ]) {
      const link = new Link({ ...QUICHE }, 1);
      const flows = Array.from({ length: senders }, (_, i) => new Flow(link, i + 2));
      const total = 10 * MEBIBYTE;
      for (const flow of flows) {
        flow.pointsMs = 1000;
        flow.start();
        link.run(link.now + apartMs);
      }
      const limit = ((senders * total * 1000) / QUICHE.rate) * slack * SLACK;
      const waiting = new Set(flows);
      while (waiting.size > 0 && link.now < limit) {
        link.run(link.now + 100);
        // Whoever is done sends no more.
        for (const flow of waiting) if (flow.arrived >= total && waiting.delete(flow)) flow.setRate(0);
      }
      t.equal(waiting.size, 0, `${senders}: ${link.now} of ${limit} ms`);
    }
  },
);

/** Name in picoquic, link, bytes, seconds that are published. */
const PICOQUIC: readonly (readonly [string, Transfer, number])[] = [
  // congestion_test.c, bbr_test: 4 MB at 10 Mbit/s, 20 ms, a queue of 20 ms.
  ['bbr', { link: { rate: mbit(10), rttMs: 20, queue: mbit(10) * 0.02 }, bytes: 4e6 }, 3.5],
  [
    'bbr_jitter',
    { link: { rate: mbit(10), rttMs: 20, queue: mbit(10) * 0.03, jitterMs: 5 }, bytes: 4e6 },
    3.6,
  ],
  // bbr_performance: 10 MB, queues of one round trip and the jitter, here and below.
  [
    '100 Mbit/s',
    { link: { rate: mbit(100), rttMs: 20, queue: mbit(100) * 0.026, jitterMs: 3 }, bytes: 1e7 },
    1.05,
  ],
  [
    'bbr_slow_long',
    { link: { rate: mbit(1), rttMs: 600, queue: mbit(1) * 0.606, jitterMs: 3 }, bytes: 1e7 },
    81,
  ],
  [
    'bbr_one_second',
    { link: { rate: mbit(1), rttMs: 2000, queue: mbit(1) * 2.006, jitterMs: 3 }, bytes: 1e7 },
    90,
  ],
  [
    'gbps_performance',
    { link: { rate: mbit(1000), rttMs: 8, queue: mbit(1000) * 0.012, jitterMs: 2 }, bytes: 1e7 },
    0.25,
  ],
  // cc_compete_test.c, cc_ns_satellite: "without setting the seed parameters, this test completes in 7.25 seconds".
  ['satellite', { link: { rate: mbit(50), rttMs: 600, queue: mbit(50) * 0.6 }, bytes: 2e7 }, 7.25],
  // cc_ns_varylink: two packets of ten are lost together while it is slow.
  [
    'varylink',
    {
      link: { rate: mbit(10), rttMs: 10, queue: mbit(10) * 0.015 },
      bytes: 4e6,
      changes: [
        { atMs: 1000, to: { rate: mbit(1), queue: mbit(1) * 0.015, loss: 0.2, burst: 2 } },
        { atMs: 3000, to: { rate: mbit(10), queue: mbit(10) * 0.015, loss: 0 } },
      ],
    },
    7,
  ],
  // congestion_test.c, blackhole: 2 s in which nothing passes.
  [
    'blackhole',
    {
      link: { rate: mbit(10), rttMs: 30, queue: mbit(10) * 0.03 },
      bytes: 1e7,
      changes: [
        { atMs: 5000, to: { loss: 1 } },
        { atMs: 7000, to: { loss: 0 } },
      ],
    },
    15,
  ],
  // cc_ns_drop_and_back and cc_ns_low_and_up, published for cubic.
  [
    'drop_and_back',
    {
      link: { rate: mbit(10), rttMs: 80, queue: mbit(10) * 0.08 },
      bytes: 4e6,
      changes: [
        { atMs: 1500, to: { rate: mbit(5), queue: mbit(5) * 0.08 } },
        { atMs: 3500, to: { rate: mbit(10), queue: mbit(10) * 0.08 } },
      ],
    },
    5,
  ],
  [
    'low_and_up',
    {
      link: { rate: mbit(5), rttMs: 80, queue: mbit(5) * 0.08 },
      bytes: 4e6,
      changes: [{ atMs: 2500, to: { rate: mbit(10), queue: mbit(10) * 0.08 } }],
    },
    5.5,
  ],
];

t.test('picoquic: transfers take no longer than its own', async (t) => {
  for (const [name, what, published] of PICOQUIC) {
    const { seconds, flow } = transfer(what, published * 2);
    t.ok(seconds <= published * SLACK, `${name}: ${seconds} s, published ${published}`);
    t.equal(phases(flow.points)[0], 'Startup');
  }
});

t.test('a fixed rate in place of BBR keeps none of these times without losing much', async (t) => {
  for (const rate of [mbit(0.5), mbit(5), mbit(2000)]) {
    const failed = PICOQUIC.filter(([, what, published]) => {
      const { seconds, lost } = transfer(what, published * SLACK, () => new Fixed(rate, 5e6));
      return seconds > published * SLACK || lost > 0.25;
    });
    t.ok(failed.length >= PICOQUIC.length - 3, `${rate}: ${failed.map(([name]) => name).join(', ')}`);
  }
});
