// Whether relays carry what they say: who is asked, what counts as proof, when one is left.
import fc from 'fast-check';
import t from 'tap';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time.ts';
import { RelayTrials } from '../../../src/core/path/path.ts';
import {
  CALL_MS,
  FAILURES,
  SUSPECT_AGAIN_MS,
  SUSPECT_MS,
  TRIAL_EVERY_MS,
  TRIAL_LATEST_MS,
} from '../../../src/core/path/relay-trial.ts';
import type {
  RelayTrialEvent,
  RelayTrialInput,
  RelayTrialSend,
  TrialWitness,
} from '../../../src/core/path/types.ts';

/** A node whose witnesses are 10, 11 and 12, with round trips of 20 ms to everybody. */
function trials(seed = 'trials') {
  const world = {
    witnesses: [10, 11, 12].map((slot): TrialWitness => ({ slot, isReady: true })),
    rttMs: 20 as number | undefined,
  };
  const machine = new RelayTrials(seededRng(seed), {
    witnesses: (relay) => world.witnesses.filter(({ slot }) => slot !== relay),
    rttMs: () => world.rttMs,
  });
  let now = 0;
  const run = (body: (out: OutboxBuffer<RelayTrialSend, RelayTrialEvent>) => void) => {
    const out = new OutboxBuffer<RelayTrialSend, RelayTrialEvent>();
    body(out);
    return { sends: [...out.sends], events: [...out.events] };
  };
  const give = (input: RelayTrialInput) => run((out) => machine.handle(input, now, out));
  const keep = (...slots: number[]) => give({ kind: 'kept', slots });
  /** Everything that becomes due in the meantime. */
  const wait = (ms: number) => {
    const until = now + ms;
    const all = { sends: [] as RelayTrialSend[], events: [] as RelayTrialEvent[] };
    while (machine.wakeAt <= until) {
      now = Math.max(now, machine.wakeAt);
      const { sends, events } = run((out) => machine.onTimer(now, out));
      all.sends.push(...sends);
      all.events.push(...events);
    }
    now = until;
    return all;
  };
  /** That witness's handshake comes through the relay and is confirmed. */
  const called = (caller: number, relay: number | undefined) => {
    give({ kind: 'arrived', caller, relay });
    return give({ kind: 'confirmed', caller });
  };
  return { machine, world, give, keep, wait, called };
}

const verdicts = ({ events }: { events: RelayTrialEvent[] }) =>
  events.map(({ relay, verdict }) => `${relay} ${verdict}`);

t.test('a relay through which the witness that was asked gets here works', async (t) => {
  const { machine, give, keep, wait, called } = trials();
  const [{ witness }] = keep(1).sends;
  t.ok(machine.isAsked(witness));
  const another = witness === 10 ? 11 : 10;
  t.same(verdicts(called(another, 1)), [], 'who was not asked proves nothing');
  t.same(verdicts(called(witness, 2)), [], 'nor does what comes through another relay');
  t.same(verdicts(called(witness, undefined)), [], 'nor what comes through none');
  give({ kind: 'arrived', caller: witness, relay: 1 });
  give({ kind: 'arrived', caller: witness, relay: undefined });
  t.same(verdicts(give({ kind: 'confirmed', caller: witness })), [], 'the last handshake counts');
  t.match(wait(CALL_MS - 1).sends, [{ kind: 'call', relay: 1, witness }], 'it is asked again meanwhile');
  t.same(verdicts(called(witness, 1)), ['1 settled']);
  t.notOk(machine.isAsked(witness));
  t.same(wait(DAY_MS), { sends: [], events: [] });
  t.same(keep(1), { sends: [], events: [] });
});

t.test('one that carries no call is doubted, and left when another one works', async (t) => {
  const { keep, wait, called } = trials();
  const asked = new Set(keep(1).sends.map(({ witness }) => witness));
  const first = wait(CALL_MS);
  t.same(verdicts(first), ['1 doubted']);
  for (const { witness } of first.sends) asked.add(witness);
  t.equal(asked.size, 2, 'another witness is asked');
  const [{ relay, witness }] = keep(1, 2).sends;
  t.equal(relay, 2, 'one that may work goes first');
  t.same(verdicts(called(witness, 2)), ['2 settled']);
  t.same(verdicts(wait((FAILURES - 1) * CALL_MS)), ['1 failed']);
  keep(2);
  t.same(wait(DAY_MS), { sends: [], events: [] });
});

t.test('where no relay stands its trial, it is no relay that is to blame', async (t) => {
  const { keep, wait, called } = trials();
  keep(1);
  wait(CALL_MS);
  keep(1, 2);
  const after = verdicts(wait(2 * FAILURES * CALL_MS));
  t.same(after.toSorted(), ['1 settled', '2 doubted', '2 settled']);
  const again = wait(10 * MINUTE_MS).sends;
  t.ok(
    again.length > 0 && again.length <= 20,
    `tried again a few minutes later: asked ${again.length} times`,
  );
  const [{ relay, witness }] = again;
  t.same(verdicts(called(witness, relay)), [], 'too late');
  const day = wait(DAY_MS).sends.length;
  t.ok(day < 200, `${day} in a day`);
});

t.test('where nobody can be asked a relay is used without proof, until somebody can', async (t) => {
  const { world, keep, give, wait, called } = trials();
  const { witnesses } = world;
  world.witnesses = [];
  t.same(verdicts(keep(1)), ['1 settled']);
  t.same(wait(3 * MINUTE_MS), { sends: [], events: [] });
  world.witnesses = witnesses;
  const [call] = wait(10 * MINUTE_MS).sends;
  t.match(call, { relay: 1 });
  give({ kind: 'gone', slot: call.witness });
  t.same(verdicts(called(call.witness, 1)), [], 'it is gone');
});

t.test(
  'what stood is tried again after days, when that costs no handshake with the witness, or in the end',
  async (t) => {
    const { world, give, keep, wait, called } = trials();
    const ready = world.witnesses;
    called(keep(1).sends[0].witness, 1);
    t.same(give({ kind: 'met' }).sends, []);
    world.witnesses = ready.map((witness) => ({ ...witness, isReady: false }));
    t.same(wait(TRIAL_EVERY_MS).sends, []);
    t.same(give({ kind: 'met' }).sends, []);
    world.witnesses = ready;
    const [call] = give({ kind: 'met' }).sends;
    t.match(call, { relay: 1 });
    t.same(verdicts(called(call.witness, 1)), ['1 settled']);
    t.same(wait(TRIAL_LATEST_MS - 1).sends, []);
    t.match(wait(1).sends, [{ relay: 1 }]);
  },
);

t.test('a circuit that is offered and used by nobody makes its relay suspect, not often', async (t) => {
  const { give, keep, wait, called } = trials();
  called(keep(1).sends[0].witness, 1);
  give({ kind: 'offered', relay: 1 });
  t.same(wait(MINUTE_MS).sends, [], 'it was tried just now');
  wait(SUSPECT_AGAIN_MS);
  give({ kind: 'offered', relay: 1 });
  called(77, 1);
  t.same(wait(MINUTE_MS).sends, [], 'somebody came through it');
  give({ kind: 'offered', relay: 1 });
  t.same(wait(SUSPECT_MS - 1).sends, []);
  const [call] = wait(1).sends;
  t.match(call, { relay: 1 });
  called(call.witness, 1);
  for (let i = 0; i < 9; i++) {
    give({ kind: 'offered', relay: 1 });
    t.same(wait(MINUTE_MS).sends, []);
  }
  give({ kind: 'offered', relay: 2 });
  t.same(wait(MINUTE_MS).sends, [], 'of one that is not used nothing is asked');
});

t.test('one that was used before and stood its trial need not stand it again', async (t) => {
  const { keep, called } = trials();
  called(keep(1).sends[0].witness, 1);
  called(keep(2).sends[0].witness, 2);
  t.same(keep(1), { sends: [], events: [{ kind: 'judged', relay: 1, verdict: 'settled' }] });
});

t.test('far away everything takes its time', async (t) => {
  for (const [rttMs, waitMs] of [
    [600, 4800],
    [undefined, 4000],
  ]) {
    const { world, keep, wait, called } = trials();
    world.witnesses = [{ slot: 10, isReady: true }];
    world.rttMs = rttMs;
    keep(1);
    t.same(verdicts(wait((waitMs ?? 0) - 1)), []);
    t.same(verdicts(called(10, 1)), ['1 settled']);
  }
});

t.test(
  'whatever happens, few are asked, one call at a time, and a relay is left for one that works only',
  async () => {
    const slot = fc.integer({ min: 1, max: 12 });
    const input: fc.Arbitrary<RelayTrialInput | number> = fc.oneof(
      fc.integer({ min: 1, max: 5000 }),
      fc.uniqueArray(slot, { maxLength: 3 }).map(
        (slots): RelayTrialInput => ({
          kind: 'kept',
          slots,
        }),
      ),
      slot.map((relay): RelayTrialInput => ({ kind: 'offered', relay })),
      fc.record({
        kind: fc.constant('arrived' as const),
        caller: slot,
        relay: fc.option(slot, { nil: undefined }),
      }),
      slot.map((caller): RelayTrialInput => ({ kind: 'confirmed', caller })),
      slot.map((gone): RelayTrialInput => ({ kind: 'gone', slot: gone })),
      fc.constant<RelayTrialInput>({ kind: 'met' }),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), fc.string(), (inputs, seed) => {
        const { machine, give, wait } = trials(seed);
        const settled = new Set<number>();
        let asks = 0;
        let ms = 0;
        for (const each of inputs) {
          const { sends, events } = typeof each === 'number' ? wait(each) : give(each);
          ms += typeof each === 'number' ? each : 0;
          asks += sends.length;
          for (const { relay, verdict } of events) {
            if (verdict === 'failed' && ![...settled].some((other) => other !== relay)) return false;
            if (verdict === 'settled') settled.add(relay);
          }
          if ([10, 11, 12].filter((witness) => machine.isAsked(witness)).length > 1) return false;
        }
        return asks <= 3 * (inputs.length + ms / CALL_MS) + 3;
      }),
    );
  },
);
