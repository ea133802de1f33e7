// Which losses are congestion, on rounds of a path whose round trips and losses are given.
import t from 'tap';
import { fraction, seededRng } from '../../../src/core/base/rng.ts';
import { DEFAULT_LOSSES, LossRule, type LossSettings } from '../../../src/core/congestion/loss-rule.ts';

const SMSS = 1500;
const RTT_MS = 50;
const ROUND = 400;
const PER_ACK = 8;

/**
 * Rounds of as many datagrams, every eighth of half as many, so that less is sent than was delivered before; `queueMs`: of each
 * acknowledgement in its round, 0 .. 1; `lost`: the chance of each datagram to be lost behind that queue.
 */
function play(
  rounds: number,
  queueMs: (part: number) => number,
  lost: (queueMs: number) => number,
  settings: LossSettings = DEFAULT_LOSSES,
): LossRule {
  const rng = seededRng('losses');
  const rule = new LossRule(settings, SMSS, 0);
  let now = 0;
  for (let round = 0; round < rounds; round++) {
    const datagrams = round % 8 === 7 ? ROUND / 2 : ROUND;
    for (let at = 0; at < datagrams; at += PER_ACK) {
      const queue = queueMs(at / datagrams);
      let acked = 0;
      for (let i = 0; i < PER_ACK; i++) {
        if (fraction(rng) < lost(queue)) rule.onLost(SMSS);
        else acked += SMSS;
      }
      rule.onAcked(acked, RTT_MS + queue + 0.2 * fraction(rng), RTT_MS);
    }
    now += RTT_MS;
    rule.onRound(now);
  }
  return rule;
}

/** Rises from none to 12 ms, and falls again. */
const saw = (part: number): number => (part < 0.5 ? 0 : 12 * (1 - 4 * Math.abs(part - 0.75)));

t.test('what is lost at any rate is learnt, whatever queue stands meanwhile', async (t) => {
  for (const share of [0.01, 0.05, 0.15]) {
    const without = play(
      400,
      () => 0,
      () => share,
    );
    t.ok(Math.abs(without.share - share) < 0.3 * share, `${without.share} of ${share}`);
    const beside = play(400, saw, () => share);
    t.ok(Math.abs(beside.share - share) < 0.3 * share, `${beside.share} of ${share}, beside a queue`);
    t.notOk(beside.isOverflowing, 'no queue is to blame');
  }
});

t.test('what a short queue drops is not taken for it, though it is empty half of the time', async (t) => {
  const rule = play(400, saw, (queueMs) => (queueMs > 10 ? 0.8 : 0));
  t.ok(rule.share < 0.002, `${rule.share} was learnt`);
  t.ok(rule.isOverflowing);
  const both = play(400, saw, (queueMs) => (queueMs > 10 ? 0.8 : 0.02));
  t.ok(Math.abs(both.share - 0.02) < 0.012, `${both.share} of 0.02, beside what the queue drops`);
  t.ok(both.isOverflowing);
});

t.test('what a limit drops of bursts is not taken for it, though less is sent on average', async (t) => {
  const rule = new LossRule(DEFAULT_LOSSES, SMSS, 0);
  const limit = 16;
  let now = 0;
  for (let i = 0; i < 200; i++) {
    for (const sent of i % 2 === 0 ? [24, 16, 16] : [24, 8, 8, 8, 8]) {
      for (let lost = 0; lost < sent - limit; lost++) rule.onLost(SMSS);
      rule.onAcked(Math.min(sent, limit) * SMSS, RTT_MS, RTT_MS);
      now += RTT_MS;
      rule.onRound(now);
    }
  }
  t.equal(rule.share, 0);
});

t.test('beyond what may be taken for random nothing is, and with 0 nothing at all', async (t) => {
  t.equal(
    play(
      200,
      () => 0,
      () => 0.4,
    ).share,
    DEFAULT_LOSSES.randomMax,
  );
  const draft = play(
    200,
    () => 0,
    () => 0.05,
    { threshold: 0.02, randomMax: 0 },
  );
  t.equal(draft.share, 0);
  t.equal(draft.allowed(100_000), 2000);
});

t.test('what is lost all the time though it gives way is allowed for, within bounds', async (t) => {
  const allowed = (settings: LossSettings, share: number): number => {
    const rule = new LossRule(settings, SMSS, 0);
    for (let round = 0; round < 300; round++) rule.onCruiseRound(share * ROUND * SMSS, ROUND * SMSS);
    return rule.allowed(1e6) / 1e6;
  };
  const { threshold } = DEFAULT_LOSSES;
  t.equal(allowed(DEFAULT_LOSSES, 0), threshold);
  t.ok(allowed(DEFAULT_LOSSES, 0.001) < 1.2 * threshold, 'what CUBIC beside it makes is next to nothing');
  t.ok(allowed(DEFAULT_LOSSES, 0.02) > 3 * threshold);
  t.ok(allowed(DEFAULT_LOSSES, 0.5) <= 4 * threshold);
  t.equal(allowed({ ...DEFAULT_LOSSES, randomMax: 0 }, 0.02), threshold, 'not as the draft has it');
  const rule = new LossRule(DEFAULT_LOSSES, SMSS, 0);
  rule.onCruiseRound(0.2 * ROUND * SMSS, ROUND * SMSS);
  t.ok(rule.allowed(1e6) < 1.5e6 * threshold, 'a single round says little');
});

t.test('what only came late was not lost, whether it was learnt from or not yet', async (t) => {
  const rule = new LossRule(DEFAULT_LOSSES, SMSS, 0);
  let now = 0;
  const round = (lost: number, datagrams: number) => {
    for (let i = 0; i < lost; i++) rule.onLost(SMSS);
    for (let i = 0; i < datagrams; i++) rule.onAcked(SMSS, RTT_MS, RTT_MS);
    now += RTT_MS;
  };
  for (let i = 0; i < 4; i++) {
    round(0, 100);
    rule.onRound(now);
  }
  // Less is sent than was delivered before: what is lost now is learnt from.
  round(2, 58);
  rule.onLate(SMSS);
  rule.onRound(now);
  t.ok(
    rule.share > 0.001 && rule.share < 1.01 / 59,
    `${rule.share}, one of two came before the window ended`,
  );
  rule.onLate(SMSS);
  t.equal(rule.share, 0, 'the other behind it');
  round(1, 50);
  rule.onRound(now);
  const { share } = rule;
  t.ok(share > 0);
  round(0, 50);
  rule.onRound(now);
  const later = rule.share;
  rule.onLate(SMSS);
  t.equal(rule.share, later, 'nobody knows any more what was learnt from it');
});
