import fc from 'fast-check';
import t from 'tap';
import { PARITY_MOST, PARITY_SPAN } from '../../../src/core/base/batch-layout.generated.ts';
import { fraction, type Rng, seededRng } from '../../../src/core/base/rng.ts';
import { NEVER } from '../../../src/core/base/time.ts';
import {
  Correction,
  DATA_MAX,
  holdMs,
  NO_CORRECTION,
  type PathFacts,
  planFor,
  resendsInTime,
  residualShare,
  streamShare,
} from '../../../src/core/congestion/correction.ts';

/** 10 Mbit/s by satellite, and 50 Mbit/s with 50 ms, in datagrams of 1400 bytes. */
const SATELLITE = { rttMs: 600, rate: 890 };
const CABLE = { rttMs: 50, rate: 4464 };

/** Losses: at random, or by Gilbert and Elliott (all is lost in the bad state), of which so many fall together on average. */
function losses(rng: Rng, share: number, burst: number): () => boolean {
  let isBad = false;
  const leaves = 1 / burst;
  const enters = (leaves * share) / (1 - share);
  return () => {
    if (burst === 1) return fraction(rng) < share;
    isBad = isBad ? fraction(rng) >= leaves : fraction(rng) < enters;
    return isBad;
  };
}

/** Share of datagrams that stay lost in groups of that kind. */
function simulate(data: number, parities: number, share: number, burst: number, groups: number): number {
  const isLost = losses(seededRng(`${data} ${parities} ${share} ${burst}`), share, burst);
  let left = 0;
  for (let group = 0; group < groups; group++) {
    let lost = 0;
    for (let i = 0; i < data + parities; i++) if (isLost()) lost++;
    if (lost > parities) left += lost;
  }
  return left / (groups * (data + parities));
}

t.test('the share that stays lost is what losses of that kind leave', (t) => {
  for (const share of [0.01, 0.05, 0.1, 0.2]) {
    for (const [data, parities] of [
      [10, 1],
      [40, 4],
      [60, 10],
      [40, 20],
    ]) {
      const expected = residualShare(data + parities, parities, share, 1);
      const seen = simulate(data, parities, share, 1, 20_000);
      t.ok(
        Math.abs(seen - expected) < 0.15 * expected + 1e-4,
        `${data} + ${parities} at ${share}: ${seen}, expected ${expected}`,
      );
    }
  }
  for (const [share, burst, data, parities] of [
    [0.02, 5, 60, 8],
    [0.02, 5, 60, 20],
    [0.05, 3, 40, 10],
    [0.1, 5, 60, 20],
  ]) {
    const expected = residualShare(data + parities, parities, share, burst);
    const seen = simulate(data, parities, share, burst, 20_000);
    // Runs that lie across the ends of groups are split, and runs do not overlap: the model knows neither.
    t.ok(
      seen < 1.3 * expected + 1e-4 && seen > 0.4 * expected,
      `bursts of ${burst} at ${share}: ${seen}, expected ${expected}`,
    );
  }
  t.equal(residualShare(20, 2, 0, 1), 0);
  t.equal(residualShare(10, 10, 0.3, 1) < 1e-12, true, 'more cannot be lost than were sent');
  t.end();
});

/** What a path's stream of full rate gets: shares of its data that never come, and of parity. */
function play(path: { rttMs: number; rate: number }, share: number, burst: number, datagrams: number) {
  const correction = new Correction();
  const isLost = losses(seededRng(`${path.rttMs} ${share} ${burst}`), share, burst);
  const facts = { ...path, lossShare: share };
  const rttDatagrams = Math.ceil((path.rttMs * path.rate) / 1000);
  let sequence = 0;
  let now = 0;
  let parityCount = 0;
  let fresh = 0;
  let never = 0;
  /** Attempts of what is to be sent again, in order of time. */
  const again: { at: number; attempt: number }[] = [];
  /** Sequences lost, told when an acknowledgement would. */
  const untold: { at: number; sequence: number }[] = [];
  let group: { attempt: number; isLost: boolean }[] = [];
  while (fresh < datagrams) {
    correction.update(facts, now);
    while (untold.length > 0 && untold[0].at <= sequence) correction.onLost(untold.shift()?.sequence ?? 0);
    const lose = () => {
      const lost = isLost();
      if (lost) untold.push({ at: sequence + rttDatagrams, sequence });
      sequence++;
      return lost;
    };
    const attempt = again.length > 0 && again[0].at <= sequence ? (again.shift()?.attempt ?? 0) : 0;
    if (attempt === 0) fresh++;
    const first = sequence;
    group.push({ attempt, isLost: lose() });
    now += 1000 / path.rate;
    const parities = correction.plan.parities === 0 ? 0 : correction.sent(first, 1, now);
    if (parities === 0 && correction.plan.parities > 0) continue;
    let lost = group.filter((each) => each.isLost).length;
    for (let i = 0; i < parities; i++) if (lose()) lost++;
    parityCount += parities;
    for (const each of group) {
      if (!each.isLost || lost <= parities) continue;
      if (each.attempt < resendsInTime(path.rttMs))
        again.push({ at: sequence + rttDatagrams, attempt: each.attempt + 1 });
      else never++;
    }
    group = [];
  }
  return { residual: never / fresh, overhead: parityCount / sequence, correction };
}

t.test('a satellite link: parity mends nearly all, for little more than is lost', (t) => {
  for (const [share, most, overhead] of [
    [0.01, 1.5e-4, 0.07],
    [0.05, 3e-4, 0.16],
    [0.1, 3e-4, 0.25],
    [0.2, 6e-4, 0.42],
  ]) {
    const played = play(SATELLITE, share, 1, 200_000);
    t.ok(played.residual < most, `${share}: ${played.residual} never comes`);
    t.ok(played.overhead < overhead, `${share}: ${played.overhead} is parity`);
  }
  const { residual } = play(SATELLITE, 0.02, 3, 200_000);
  t.ok(residual < 2e-3, `bursts: ${residual} of 0.02 never comes`);
  t.end();
});

t.test(
  'a short path: resends do it alone up to heavy losses; then a little parity makes theirs rare',
  (t) => {
    for (const [share, burst] of [
      [0, 1],
      [0.01, 1],
      [0.02, 1],
      [0.02, 5],
    ]) {
      const { correction, overhead, residual } = play(CABLE, share, burst, 50_000);
      t.equal(overhead, 0, `none at ${share}`);
      t.equal(correction.plan, NO_CORRECTION);
      t.ok(residual < 1e-4, `${share}: ${residual}`);
    }
    for (const [share, most, overhead] of [
      [0.1, 1e-4, 0.2],
      [0.2, 1e-4, 0.35],
    ]) {
      const played = play(CABLE, share, 1, 200_000);
      t.ok(played.residual < most, `${share}: ${played.residual} never comes`);
      t.ok(played.overhead > 0 && played.overhead < overhead, `${share}: ${played.overhead} is parity`);
    }
    t.end();
  },
);

t.test('none where there is nothing to gain', (t) => {
  const none = (facts: Partial<PathFacts>) =>
    planFor({ rttMs: 600, lossShare: 0.01, rate: 890, burst: 1, ...facts }, NO_CORRECTION);
  t.not(none({}), NO_CORRECTION);
  t.equal(none({ lossShare: 0 }), NO_CORRECTION, 'a clean path');
  t.equal(none({ lossShare: 0.0005 }), NO_CORRECTION);
  t.equal(none({ rttMs: 0 }), NO_CORRECTION, 'nothing known');
  t.equal(none({ rate: 0 }), NO_CORRECTION);
  t.equal(none({ rttMs: 80, lossShare: 0.03 }), NO_CORRECTION, 'resends are in time');
  t.equal(none({ rate: 5 }), NO_CORRECTION, 'so slow that losses limit nothing');
  t.end();
});

t.test('what there is stays while another is hardly better, and thresholds differ by direction', (t) => {
  const facts = { rttMs: 600, lossShare: 0.01, rate: 890, burst: 1 };
  const plan = planFor(facts, NO_CORRECTION);
  t.ok(plan.parities > 0 && plan.data > 0);
  for (const factor of [0.9, 1, 1.1])
    t.equal(planFor({ ...facts, lossShare: 0.01 * factor, rate: 890 * factor }, plan), plan);
  t.not(planFor({ ...facts, lossShare: 0.1 }, plan), plan, 'far more is lost');
  const short = { rttMs: 110, lossShare: 0.02, rate: 9000, burst: 1 };
  t.equal(planFor(short, NO_CORRECTION), NO_CORRECTION);
  t.ok(planFor(short, plan).parities > 0, 'between the thresholds it goes on');
  t.equal(planFor({ ...short, rttMs: 90 }, plan), NO_CORRECTION);
  t.end();
});

t.test('whatever the path: bounded, and by its own rule never worse than none', (t) => {
  fc.assert(
    fc.property(
      fc.record({
        rttMs: fc.double({ min: 0.1, max: 5000, noNaN: true }),
        lossShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
        rate: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
        burst: fc.double({ min: 1, max: 200, noNaN: true }),
      }),
      (facts) => {
        const { data, parities, waitMs } = planFor(facts, NO_CORRECTION);
        if (parities === 0) return data === 0 && waitMs === 0;
        const share = streamShare(facts, data, parities);
        return (
          data <= DATA_MAX &&
          parities <= Math.min(PARITY_MOST, data) &&
          waitMs <= 130 &&
          share > streamShare(facts, 1, 0) &&
          share <= 1
        );
      },
    ),
    { numRuns: 300, seed: 5 },
  );
  t.equal(holdMs(50), 200);
  t.equal(holdMs(600), 640);
  t.same([20, 50, 100, 300, 600].map(resendsInTime), [2, 3, 2, 1, 0]);
  t.end();
});

t.test('groups: full, waiting long enough, or given up', (t) => {
  const correction = new Correction();
  const facts = { ...SATELLITE, lossShare: 0.01 };
  t.equal(correction.sent(0, 5, 0), 0, 'off at first');
  t.equal(correction.room, NEVER);
  t.ok(correction.update(facts, 0));
  t.notOk(correction.update({ ...facts, lossShare: 0 }, 1), 'plans are not made all the time');
  const { data, parities, waitMs } = correction.plan;
  t.ok(parities > 1);
  t.equal(correction.room, data);
  t.equal(correction.sent(100, data - 1, 10), 0);
  t.equal(correction.room, 1);
  t.equal(correction.wakeAt, 10 + waitMs);
  t.equal(correction.sent(99 + data, 3, 20), parities, 'a full group');
  t.equal(correction.room, data);
  t.equal(correction.wakeAt, NEVER);
  t.equal(correction.onTimer(300, 1000), 0, 'nothing waits');
  correction.sent(300, 1, 1000);
  t.equal(correction.onTimer(301, 1000 + waitMs - 1), 0);
  t.equal(correction.onTimer(301, 1000 + waitMs), 1, 'one for a few');
  correction.sent(500, 10, 1500);
  t.equal(correction.room, Math.min(data - 10, PARITY_SPAN - 10));
  t.ok(correction.sent(500 + PARITY_SPAN - 10, 5, 1500) > 0, 'what a group spans is bounded');
  t.equal(correction.room, data);
  correction.sent(800, 1, 2000);
  correction.restart();
  t.equal(correction.wakeAt, NEVER);
  t.equal(correction.room, data);
  t.ok(correction.update({ ...facts, lossShare: 0 }, 3000));
  t.equal(correction.plan, NO_CORRECTION);
  t.equal(correction.room, NEVER);
  t.end();
});

t.test('losses of a group tell whether it could be mended; runs of them are learnt', (t) => {
  const correction = new Correction();
  correction.update({ ...SATELLITE, lossShare: 0.01 }, 0);
  const { data, parities } = correction.plan;
  correction.sent(0, data, 0);
  for (let i = 0; i < parities; i++) {
    correction.onLost(2 * i);
    t.ok(correction.isMended(2 * i));
  }
  correction.onLost(data + parities - 1);
  t.notOk(correction.isMended(0), 'one too many');
  t.notOk(correction.isMended(data + parities), 'in no group');
  t.equal(correction.burst(0), 1);
  for (let sequence = 1000; sequence < 5000; sequence++) if (sequence % 50 < 5) correction.onLost(sequence);
  t.ok(Math.abs(correction.burst(0) - 5) < 0.1);
  t.equal(correction.burst(0.9), 1, 'what falls together by chance is no burst');
  t.end();
});

t.test('what does not help rests for a while', (t) => {
  const correction = new Correction();
  const facts = { ...SATELLITE, lossShare: 0.01 };
  correction.update(facts, 0);
  let sequence = 0;
  let now = 0;
  // What is lost is lost in outages of whole groups, of which nothing is learnt about other losses.
  while (correction.plan.parities > 0 && sequence < 1e6) {
    const { data } = correction.plan;
    const first = sequence;
    sequence += data + correction.sent(sequence, data, now);
    for (let lost = first; lost < sequence - 1; lost++) correction.onLost(lost);
    now += 1000;
    correction.update(facts, now);
  }
  t.equal(correction.plan, NO_CORRECTION);
  t.ok(correction.tally.unmended >= 24 && correction.tally.mended === 0);
  t.notOk(correction.update(facts, now + 1000));
  t.notOk(correction.update(facts, now + 28_000));
  t.ok(correction.update(facts, now + 30_500), 'then it is tried again');
  t.ok(correction.plan.parities > 0);
  t.equal(correction.burst(0.01), 1);
  t.end();
});
