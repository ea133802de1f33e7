import fc from 'fast-check';
import t from 'tap';
import { PARITY_MOST, PARITY_SPAN } from '../../../src/core/base/batch-layout.generated.ts';
import { fraction, type Rng, seededRng } from '../../../src/core/base/rng.ts';
import { NEVER } from '../../../src/core/base/time.ts';
import { CalmLosses } from '../../../src/core/congestion/calm-losses.ts';
import { Correction } from '../../../src/core/congestion/correction.ts';
import {
  DATA_MAX,
  firstPlan,
  holdMs,
  idleParities,
  NO_CORRECTION,
  type PathFacts,
  planFor,
  resendsInTime,
  residualShare,
  streamShare,
} from '../../../src/core/congestion/correction-plan.ts';

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
    correction.update(facts, false, now);
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
    const parities = correction.sent(first, 1, true, now) || correction.onTimer(sequence, true, now);
    if (parities === 0 && correction.plan.most > 0) continue;
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
  'a short path that is full: hardly any up to heavy losses, then a little, so that resends are hardly lost',
  (t) => {
    t.equal(play(CABLE, 0, 1, 50_000).overhead, 0, 'none on a clean path');
    for (const [share, burst, most, overhead] of [
      [0.01, 1, 1e-4, 0.01],
      [0.02, 1, 1e-4, 0.01],
      [0.02, 5, 1e-4, 0.05],
      [0.1, 1, 1e-3, 0.2],
      [0.2, 1, 1e-3, 0.35],
    ]) {
      const played = play(CABLE, share, burst, 200_000);
      t.ok(played.residual < most, `${share}: ${played.residual} never comes`);
      t.ok(played.overhead > 0 && played.overhead < overhead, `${share}: ${played.overhead} is parity`);
    }
    t.end();
  },
);

t.test('a path that is not full: nearly all is mended, whatever there is of it', (t) => {
  for (const [share, burst] of [
    [0.01, 1],
    [0.05, 1],
    [0.1, 1],
    [0.02, 5],
  ]) {
    const plan = planFor({ ...CABLE, lossShare: share, burst }, NO_CORRECTION);
    for (const datagrams of [1, 5, 20, 40]) {
      const parities = idleParities(datagrams, plan);
      t.ok(
        parities >= 1 && parities <= Math.max(1, 0.25 * datagrams + 1),
        `${share}: ${parities} for ${datagrams}`,
      );
      const left = residualShare(datagrams + parities, parities, share, burst);
      if (datagrams >= 20 && burst === 1)
        t.ok(left <= share / 10, `${share} of ${datagrams} and ${parities}: ${left} left`);
    }
  }
  t.end();
});

t.test('none where there is nothing to mend, hardly any where it gains nothing', (t) => {
  const plan = (facts: Partial<PathFacts>) =>
    planFor({ rttMs: 600, lossShare: 0.01, rate: 890, burst: 1, ...facts }, NO_CORRECTION);
  t.ok(plan({}).parities > 1);
  t.equal(plan({ lossShare: 0 }), NO_CORRECTION, 'a clean path');
  t.equal(plan({ lossShare: 0.0005 }), NO_CORRECTION);
  t.equal(plan({ rttMs: 0 }), NO_CORRECTION, 'nothing known');
  t.equal(plan({ rate: 0 }), NO_CORRECTION);
  const hardly = { data: DATA_MAX, parities: 1, waitMs: NEVER };
  t.match(plan({ rttMs: 80, lossShare: 0.03 }), hardly, 'resends are in time');
  t.match(plan({ rate: 5 }), hardly, 'so slow that losses limit nothing');
  t.end();
});

t.test('what there is stays while another is hardly better', (t) => {
  const facts = { rttMs: 600, lossShare: 0.01, rate: 890, burst: 1 };
  const plan = planFor(facts, NO_CORRECTION);
  const { data, parities, most } = plan;
  for (const factor of [0.9, 0.95, 1]) {
    const next = planFor({ ...facts, lossShare: 0.01 * factor, rate: 890 * factor }, plan);
    t.match(next, { data, parities, most }, 'nothing for the port to be told');
  }
  t.not(planFor({ ...facts, lossShare: 0.1 }, plan).parities, parities, 'far more is lost');
  const little = { ...facts, lossShare: 0.0007 };
  t.equal(planFor(little, NO_CORRECTION), NO_CORRECTION);
  t.ok(planFor(little, plan).most > 0, 'between the thresholds it goes on');
  t.equal(planFor({ ...facts, lossShare: 0.0004 }, plan), NO_CORRECTION);
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
      fc.integer({ min: 1, max: 128 }),
      (facts, datagrams) => {
        const plan = planFor(facts, NO_CORRECTION);
        const { data, parities, most, waitMs, pauseMs } = plan;
        if (most === 0) return plan === NO_CORRECTION;
        const share = streamShare(facts, data, parities);
        const idle = idleParities(datagrams, plan);
        return (
          data <= DATA_MAX &&
          parities <= Math.min(most, data) &&
          most <= PARITY_MOST &&
          idle >= 1 &&
          idle <= most &&
          pauseMs <= 16 &&
          (waitMs === NEVER ? parities === 1 : waitMs <= 130 && share > streamShare(facts, 1, 0)) &&
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
  t.equal(correction.sent(0, 5, false, 0), 0, 'off at first');
  t.equal(correction.room, NEVER);
  correction.update(facts, false, 0);
  const { plan } = correction;
  const { data, parities, waitMs, pauseMs } = plan;
  correction.update({ ...facts, lossShare: 0 }, false, 1);
  t.equal(correction.plan, plan, 'plans are not made all the time');
  t.ok(parities > 1);
  t.equal(correction.room, data);
  t.equal(correction.sent(100, data - 1, true, 10), 0);
  t.equal(correction.room, 1);
  t.equal(correction.wakeAt, 10 + pauseMs);
  t.equal(correction.sent(99 + data, 3, true, 20), parities, 'a full group');
  t.equal(correction.room, data);
  t.equal(correction.wakeAt, NEVER);
  t.equal(correction.onTimer(300, false, 1000), 0, 'nothing waits');
  correction.sent(300, 1, true, 1000);
  t.equal(correction.onTimer(301, false, 1000 + pauseMs - 1), 0);
  t.equal(correction.onTimer(301, false, 1000 + pauseMs), 1, 'one for a few');
  correction.sent(400, 1, true, 1200);
  t.equal(correction.onTimer(401, true, 1200 + pauseMs), 0, 'while more waits, it may fill');
  t.equal(correction.onTimer(401, true, 1200 + waitMs), 1, 'but not for ever');
  correction.sent(500, 10, true, 1500);
  t.equal(correction.room, Math.min(data - 10, PARITY_SPAN - 10));
  t.ok(correction.sent(500 + PARITY_SPAN - 10, 5, true, 1500) > 0, 'what a group spans is bounded');
  t.equal(correction.room, data);
  t.ok(correction.sent(700, data, false, 1600) >= parities, 'no less where the path has room');
  correction.sent(900, 1, true, 2000);
  correction.restart();
  t.equal(correction.wakeAt, NEVER);
  t.equal(correction.room, data);
  correction.update({ ...facts, lossShare: 0 }, false, 3000);
  t.equal(correction.plan, NO_CORRECTION);
  t.equal(correction.room, NEVER);
  t.end();
});

t.test('while nothing is known, bursts get a parity, and single datagrams none', (t) => {
  const correction = new Correction();
  const facts = { ...CABLE, lossShare: 0 };
  correction.update(facts, true, 0);
  t.match(correction.plan, firstPlan(CABLE.rttMs));
  const { data, pauseMs } = correction.plan;
  let sequence = 0;
  for (; sequence < 10; sequence++) {
    correction.sent(sequence, 1, false, 1000 * sequence);
    t.equal(correction.onTimer(sequence + 1, false, 1000 * sequence + pauseMs), 0);
  }
  correction.onLost(5);
  t.equal(correction.judgeLost(5, sequence), 'unmended', 'nobody waits for what may never come');
  correction.sent(sequence, 12, false, 20_000);
  t.equal(correction.onTimer(sequence + 12, false, 20_000 + pauseMs), 2, 'with all that came before');
  let parities = 0;
  for (let at = 0; at < data; at++) {
    const now = 30_000 + 1000 * at;
    parities += correction.sent(100 + at, 1, false, now) + correction.onTimer(101 + at, false, now + pauseMs);
  }
  t.equal(parities, 1, 'hardly any for a flow of single datagrams');
  correction.update(facts, false, 90_000);
  t.equal(correction.plan, NO_CORRECTION, 'nothing was lost');

  const begins = new Correction();
  begins.update(facts, true, 0);
  begins.sent(0, 2, false, 0);
  t.equal(begins.onTimer(2, false, pauseMs), 1, 'two in a row');
  begins.sent(3, 10, false, 1000);
  begins.update({ ...facts, lossShare: 0.1 }, false, 1001);
  t.equal(begins.plan.lossShare, 0, 'of the group under way the port knows what it was told');
  t.equal(begins.onTimer(13, true, 1001), 1, 'which gets its parity at once');
  t.equal(begins.plan.lossShare, 0.1, 'and what comes next more of it');
  t.end();
});

t.test('a first guess at losses: from the first on, unless a queue stands', (t) => {
  const calm = new CalmLosses();
  const rtt = { newestMs: 50, minMs: 50 };
  const tally = { sent: 0, acked: 0, lost: 0, late: 0 };
  const at = () => {
    calm.update({ tally, rtt } as unknown as Parameters<CalmLosses['update']>[0]);
    return calm.share;
  };
  t.equal(at(), 0);
  t.ok(calm.isUnknown);
  tally.acked = 9;
  tally.lost = 1;
  t.equal(at(), 1 / 20, 'few say little');
  t.ok(Math.abs(calm.likelyMost - 3 / 20) < 1e-9);
  t.notOk(calm.isUnknown);
  tally.late = 1;
  t.equal(at(), 0, 'it was only late');
  t.ok(calm.isUnknown);
  rtt.newestMs = 80;
  tally.lost = 101;
  t.equal(at(), 0, 'a queue overflows');
  rtt.newestMs = 51;
  tally.acked = 1030;
  tally.lost = 111;
  t.ok(Math.abs(at() - 10 / 1040) < 1e-3);
  t.ok(calm.likelyMost < 1.8 * calm.share, 'many say more');
  for (let i = 0; i < 20; i++) {
    tally.acked += 1000;
    at();
  }
  t.ok(calm.share < 1e-3, 'what is long ago counts little');
  t.notOk(calm.isUnknown);
  t.end();
});

t.test('losses of a group tell whether it is mended; runs of them are learnt', (t) => {
  const correction = new Correction();
  correction.update({ ...SATELLITE, lossShare: 0.01 }, false, 0);
  const { data, parities } = correction.plan;
  correction.sent(0, 5, true, 0);
  correction.onLost(1);
  t.equal(correction.judgeLost(1, 3), 'open', 'it may get its parity still');
  correction.sent(5, data - 5, true, 0);
  for (let i = 0; i < parities; i++) {
    correction.onLost(2 * i);
    t.equal(correction.judgeLost(2 * i, data), 'open', 'more may be lost');
    t.equal(correction.judgeLost(2 * i, data + parities), 'mended');
  }
  correction.onLost(data + parities - 1);
  t.equal(correction.judgeLost(0, data + parities), 'unmended', 'one too many');
  t.equal(correction.judgeLost(data + parities, NEVER), 'unmended', 'in no group');
  t.equal(correction.burst(0), 1);
  for (let sequence = 1000; sequence < 5000; sequence++) if (sequence % 50 < 5) correction.onLost(sequence);
  t.ok(Math.abs(correction.burst(0) - 5) < 0.1);
  t.equal(correction.burst(0.9), 1, 'what falls together by chance is no burst');
  t.end();
});

t.test('what does not help rests for a while', (t) => {
  const correction = new Correction();
  const facts = { ...SATELLITE, lossShare: 0.01 };
  correction.update(facts, false, 0);
  let sequence = 0;
  let now = 0;
  // What is lost is lost in outages of whole groups, of which nothing is learnt about other losses.
  while (correction.plan.most > 0 && sequence < 1e6) {
    const { data } = correction.plan;
    const first = sequence;
    sequence += data + correction.sent(sequence, data, false, now);
    for (let lost = first; lost < sequence - 1; lost++) correction.onLost(lost);
    now += 1000;
    correction.update(facts, false, now);
  }
  t.equal(correction.plan, NO_CORRECTION);
  t.ok(correction.tally.unmended >= 24 && correction.tally.mended === 0);
  for (const later of [1000, 28_000]) {
    correction.update(facts, false, now + later);
    t.equal(correction.plan, NO_CORRECTION);
  }
  correction.update(facts, false, now + 30_500);
  t.ok(correction.plan.most > 0, 'then it is tried again');
  t.equal(correction.burst(0.01), 1);
  t.end();
});
