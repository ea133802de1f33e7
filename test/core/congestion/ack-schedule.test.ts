// Acknowledgements cost little of what arrives, and no datagram waits long for its own.
import fc from 'fast-check';
import t from 'tap';
import { REPLAY_WINDOW } from '../../../src/core/base/batch-layout.generated.ts';
import { NEVER } from '../../../src/core/base/time.ts';
import {
  ACK_DELAY_MS,
  ACK_WIRE_BYTES,
  AckSchedule,
  BUDGET_MAX,
  BUDGET_SHARE,
} from '../../../src/core/congestion/ack-schedule.ts';

const DATAGRAM = 1420;

interface Arrival {
  readonly at: number;
  readonly counter: number;
  readonly datagrams: number;
  readonly bytes: number;
}

interface Outcome {
  /** ms at which an acknowledgement was sent. */
  readonly said: number[];
  /** ms for which the first unacknowledged datagram waited at most. */
  readonly longest: number;
  readonly bytes: number;
}

/** The whole life of a schedule whose timers are served. */
function serve(arrivals: readonly Arrival[], rttMs: number): Outcome {
  const acks = new AckSchedule();
  acks.rttMs = rttMs;
  const said: number[] = [];
  let longest = 0;
  let bytes = 0;
  let firstAt: number | undefined;
  const say = (now: number): void => {
    longest = Math.max(longest, now - (firstAt ?? now));
    firstAt = undefined;
    acks.said(now);
    said.push(now);
  };
  for (const { at, counter, datagrams, bytes: came } of arrivals) {
    while (acks.wakeAt <= at) say(acks.wakeAt);
    bytes += came;
    firstAt ??= at;
    if (acks.onData(1, counter, datagrams, came, at)) say(at);
  }
  while (acks.wakeAt < NEVER) say(acks.wakeAt);
  return { said, longest, bytes };
}

/** Datagrams at a constant rate; bytes per second. */
function steady(bytesPerSecond: number, size: number, ms: number): Arrival[] {
  const list: Arrival[] = [];
  for (let i = 0; (i * size * 1000) / bytesPerSecond < ms; i++)
    list.push({ at: (i * size * 1000) / bytesPerSecond, counter: i, datagrams: 1, bytes: size });
  return list;
}

function share({ said, bytes }: Outcome): number {
  return (said.length * ACK_WIRE_BYTES) / bytes;
}

t.test(
  'bulk data of any rate above 220 kbit/s: at most 3 % in acknowledgements, the first bytes aside',
  async (t) => {
    for (const mbit of [0.22, 0.378, 0.5, 1, 5, 20, 100, 1000])
      for (const rttMs of [0.3, 20, 200]) {
        const outcome = serve(steady((mbit * 1e6) / 8, DATAGRAM, mbit > 50 ? 1000 : 10_000), rttMs);
        const most = 0.03 + BUDGET_MAX / outcome.bytes;
        t.ok(share(outcome) <= most, `${(100 * share(outcome)).toFixed(2)} % at ${mbit} Mbit/s, ${rttMs} ms`);
      }
  },
);

t.test(
  'bulk data: at least eight acknowledgements in a round trip, one in 10 ms, where datagrams allow',
  async (t) => {
    for (const [rttMs, least] of [
      [20, 390],
      [80, 95],
      [300, 95],
    ]) {
      const { said } = serve(steady(20e6 / 8, DATAGRAM, 1000), rttMs);
      t.ok(said.length >= least, `${said.length} in a second at ${rttMs} ms`);
    }
  },
);

t.test('nobody governs a short path: an acknowledgement every 80 ms, whatever it carries', (t) => {
  for (const rttMs of [0.3, 1.4]) {
    const { said } = serve(steady(1e9 / 8, DATAGRAM, 1000), rttMs);
    t.ok(said.length > 10 && said.length <= 13, `${said.length} in a second at ${rttMs} ms`);
  }
  const { said } = serve(steady(1e9 / 8, DATAGRAM, 1000), 0);
  t.ok(said.length > 500, `${said.length} in a second while the round trip is not known`);
  t.end();
});

/** 10 Gbit/s in rows of 44 datagrams, for a second; `isMissing`: of a row, its first datagram. Counters between acknowledgements, and how many. */
function fast(isMissing: (row: number) => boolean): { most: number; count: number } {
  const acks = new AckSchedule();
  acks.rttMs = 0.2;
  let said = 0;
  let most = 0;
  let count = 0;
  for (let row = 0; row < 20_000; row++) {
    const at = row * 0.05;
    const counter = 44 * row + 43;
    const datagrams = isMissing(row) ? 43 : 44;
    if (!acks.onData(1, counter, datagrams, datagrams * DATAGRAM, at) && acks.wakeAt > at) continue;
    most = Math.max(most, counter - said);
    said = counter;
    acks.said(at);
    count++;
  }
  return { most, count };
}

t.test('a fast and short path: what is missing is told before the receiver forgets what came before', (t) => {
  const lossy = fast((row) => row % 100 === 0);
  t.ok(lossy.most <= 0.6 * REPLAY_WINDOW, `${lossy.most} counters between two`);
  t.ok(lossy.count < 60, `${lossy.count} a second`);
  const clean = fast(() => false);
  t.ok(clean.most > REPLAY_WINDOW && clean.count <= 13, `nothing missing: ${clean.count} a second`);
  const once = fast((row) => row === 10_000);
  t.equal(once.count, clean.count + 1, 'once, and not again');
  t.end();
});

t.test('counters of control messages are not missing', (t) => {
  const acks = new AckSchedule();
  acks.rttMs = 0.2;
  let counter = 0;
  for (let row = 0; row < 1000; row++) {
    counter += 44;
    t.notOk(acks.onData(1, counter, 44, 44 * DATAGRAM, row * 0.05), `row ${row}`);
    acks.onOther(2);
    acks.onOther(1);
    counter++;
  }
  t.ok(counter > REPLAY_WINDOW);
  t.end();
});

t.test('a telephone call of 64 kbit/s: at most 10 %, every 100 ms', async (t) => {
  const outcome = serve(steady(50 * 250, 250, 60_000), 40);
  t.ok(share(outcome) <= 0.1, `${(100 * share(outcome)).toFixed(1)} %`);
  t.ok(outcome.said.length >= 600 - 10, 'and still every 100 ms');
});

t.test('a single datagram: one acknowledgement, soon', async (t) => {
  const { said, longest } = serve([{ at: 0, counter: 7, datagrams: 1, bytes: 200 }], 30);
  t.equal(said.length, 1);
  t.ok(longest <= 25, `${longest} ms`);
});

t.test('an answer of 100 KB: its end is acknowledged within 25 ms', async (t) => {
  const arrivals = Array.from({ length: 71 }, (_, i) => ({
    at: i * 0.2,
    counter: i,
    datagrams: 1,
    bytes: DATAGRAM,
  }));
  const { said } = serve(arrivals, 30);
  t.ok((said.at(-1) as number) - 70 * 0.2 <= 25);
  t.ok(said.length <= 7, `${said.length} in all`);
});

t.test('a gap is told at once, at most twice as often as all else', async (t) => {
  const acks = new AckSchedule();
  acks.rttMs = 80;
  acks.onData(0, 0, 1, DATAGRAM, 0);
  acks.said(0);
  t.notOk(acks.onData(0, 1, 1, DATAGRAM, 6));
  t.ok(acks.onData(0, 3, 1, DATAGRAM, 7), 'one is missing');
  acks.said(7);
  t.notOk(acks.onData(0, 5, 1, DATAGRAM, 8), 'too soon');
  t.equal(acks.wakeAt, 12);
  t.ok(acks.isDue(12));
});

t.test('gaps in every datagram cost no more than the budget', async (t) => {
  const arrivals = steady(1e6 / 8, DATAGRAM, 10_000).map((arrival) => ({
    ...arrival,
    counter: arrival.counter * 2,
  }));
  const outcome = serve(arrivals, 20);
  t.ok(share(outcome) <= BUDGET_SHARE + BUDGET_MAX / outcome.bytes, `${(100 * share(outcome)).toFixed(2)} %`);
});

t.test(
  'who asks is answered at once, every 10 ms, also of what was acknowledged, and not before there is data',
  async (t) => {
    const acks = new AckSchedule();
    t.notOk(acks.onAsked(0));
    t.equal(acks.wakeAt, NEVER);
    acks.onData(2, 0, 1, 100, 1);
    t.ok(acks.onAsked(2));
    t.equal(acks.said(2), 1);
    t.notOk(acks.onAsked(3), 'too soon');
    t.equal(acks.wakeAt, 12);
    t.equal(acks.said(12), 11, 'the newest datagram came at 1');
    t.equal(acks.wakeAt, NEVER);
    t.ok(acks.onAsked(30));
    t.equal(acks.key, 2);
  },
);

t.test('another key: what came with the one before is to be acknowledged first', async (t) => {
  const acks = new AckSchedule();
  acks.onData(0, 1000, 1, 100, 0);
  t.ok(acks.needsFirst(1));
  t.notOk(acks.needsFirst(0));
  t.throws(() => acks.onData(1, 0, 1, 100, 1), RangeError);
  acks.said(1);
  t.notOk(acks.needsFirst(1));
  t.notOk(acks.onData(1, 50, 1, 100, 2), 'counters of the new key begin anew, and no gap is seen');
  t.equal(acks.key, 1);
});

t.test('whatever arrives: within the budget and one each 100 ms, and nothing waits longer', async () => {
  const arrival = fc.record({
    waitMs: fc.oneof(
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 400, noNaN: true }),
    ),
    datagrams: fc.integer({ min: 1, max: 60 }),
    size: fc.integer({ min: 60, max: 1500 }),
    missing: fc.integer({ min: -3, max: 3 }),
  });
  const rtt = fc.double({ min: 0, max: 500, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 300 }), rtt, async (list, rttMs) => {
      let at = 0;
      let counter = 0;
      const arrivals = list.map(({ waitMs, datagrams, size, missing }) => {
        at += waitMs;
        counter = Math.max(0, counter + datagrams + missing);
        return { at, counter, datagrams, bytes: datagrams * size };
      });
      const { said, longest, bytes } = serve(arrivals, rttMs);
      const affordable = (BUDGET_SHARE * bytes + BUDGET_MAX / 4) / ACK_WIRE_BYTES;
      const atTheLatest = at / ACK_DELAY_MS + 2;
      return said.length <= affordable + atTheLatest && longest <= ACK_DELAY_MS + 1e-6;
    }),
    { numRuns: 200 },
  );
});

t.test('what was told eight times, for a second and four round trips, is not told again', async (t) => {
  for (const [rate, rttMs, aboutMs] of [
    [12_000, 50, 1000],
    [5e6, 50, 1000],
    [1e6, 600, 2400],
    [1000, 50, 11_000],
  ]) {
    const acks = new AckSchedule();
    acks.rttMs = rttMs;
    const arrivals = steady(rate, rate < 1e5 ? 250 : DATAGRAM, 60_000);
    /** When each counter was first told, and how often since. */
    const firstTold: number[] = [];
    const times: number[] = [];
    let said = 0;
    let newest = -1;
    let told = 0;
    const say = (now: number) => {
      acks.said(now);
      for (; told <= newest; told++) {
        firstTold[told] = now;
        times[told] = said;
      }
      said++;
      if (acks.from === 0) return;
      const last = acks.from - 1;
      const isKnown = said - times[last] >= 8 && now - firstTold[last] >= Math.max(1000, 4 * rttMs);
      if (!isKnown) t.fail(`${last} at ${now}`);
    };
    for (const { at, counter, bytes } of arrivals) {
      while (acks.wakeAt <= at) say(acks.wakeAt);
      newest = counter;
      if (acks.onData(1, counter, 1, bytes, at)) say(at);
    }
    const lagMs = 60_000 - arrivals[acks.from].at;
    t.ok(lagMs < 2.5 * aboutMs, `${rate} bytes per second, ${rttMs} ms: ${lagMs} ms behind`);
    const before = acks.from;
    while (acks.wakeAt < NEVER) say(acks.wakeAt);
    acks.onData(2, 5, 1, 100, 70_000);
    t.ok(before > 0 && acks.from === 0, 'another key begins anew');
  }
});
