// What a store of epochs makes of bad messages, bad clocks, bad disks and bad colleagues.
import fc from 'fast-check';
import t from 'tap';
import { EMPTY, toHex } from '../../../src/core/base/bytes.ts';
import { DAY_MS, DAY_S, HOUR_MS, MINUTE_MS, NEVER, SECOND_MS } from '../../../src/core/base/time.ts';
import { compareEpochs, EPOCHS_MAX } from '../../../src/core/consortium/epoch-list.ts';
import { LISTEN_MS } from '../../../src/core/consortium/epoch-rotation.ts';
import { EMPTY_HANDED_ASKS, REPEAT_MS, TRIES } from '../../../src/core/consortium/epoch-talk.ts';
import { NUMBER_LEAP } from '../../../src/core/consortium/epochs.ts';
import { NOW } from '../identity/world.ts';

import { acme, bring, epoch, Group, Member, umbrella } from './epoch-group.ts';

t.test('what is no epoch of the organisation changes nothing, and is counted', async (t) => {
  const cases: Record<string, { bytes: Uint8Array; secret: Uint8Array }> = {
    "another organisation's": epoch(5, { party: umbrella }),
    'another secret': { ...epoch(5), secret: epoch(6).secret },
    'no secret': { ...epoch(5), secret: new Uint8Array(32) },
    damaged: { ...epoch(5), bytes: epoch(5).bytes.map((byte, i) => (i === 200 ? byte ^ 1 : byte)) },
    'cut off': { ...epoch(5), bytes: epoch(5).bytes.subarray(1) },
    nothing: { bytes: Uint8Array.of(0), secret: new Uint8Array(32) },
    'from the future': epoch(5, { created: NOW + 3600 }),
    'a leap': epoch(2 + NUMBER_LEAP + 1),
    'ended long ago': epoch(5, { created: NOW - DAY_S }),
  };
  for (const [what, one] of Object.entries(cases)) {
    const member = new Member(false, what);
    const isOld = what === 'ended long ago';
    if (isOld) member.setClock(60 * DAY_MS, 0);
    else bring(member, epoch(2), 0);
    const { label, kept } = member;
    member.say();
    bring(member, one, MINUTE_MS, 'q');
    t.equal(member.label, label, what);
    t.equal(member.kept, kept);
    t.same(member.drops, ['epochRefused'], what);
    t.same(member.say(), [], 'and is not answered');
    bring(member, epoch(3), MINUTE_MS, 'q');
    t.equal(member.label, label, 'whoever sends such a thing waits');
    t.same(member.drops, ['epochRefused', 'epochRateLimited']);
    if (!isOld) {
      bring(member, epoch(2 + NUMBER_LEAP), MINUTE_MS, 'r');
      t.equal(member.store.current?.number, 2 + NUMBER_LEAP, 'others do not');
    }
  }
});

t.test('whatever comes in, in whatever order: bounded, and the latest of what was good', (t) => {
  const good = [1, 2, 3, 4, 5, 6]
    .map((number) => epoch(number))
    .concat([1, 2, 3].map((number) => epoch(number, { seed: 'b' })));
  const input = fc.oneof(
    fc.record({ kind: fc.constant('good' as const), which: fc.nat(good.length - 1), peer: fc.nat(60) }),
    fc.record({
      kind: fc.constant('bad' as const),
      bytes: fc.uint8Array({ maxLength: 400 }),
      peer: fc.nat(60),
    }),
    fc.record({
      kind: fc.constant('held' as const),
      number: fc.maxSafeNat(),
      id: fc.uint8Array({ minLength: 8, maxLength: 8 }),
      isAnswer: fc.boolean(),
      peer: fc.nat(60),
    }),
    fc.record({ kind: fc.constant('met' as const), peer: fc.nat(60) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(3 * DAY_MS) }),
    fc.record({
      kind: fc.constant('clock' as const),
      aheadMs: fc.integer({ min: -DAY_MS, max: 3 * DAY_MS }),
    }),
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 60 }), fc.boolean(), (inputs, isSigner) => {
      const member = new Member(isSigner, 7);
      let now = 0;
      let said = 0;
      member.give({ kind: 'start', isAlone: false }, now);
      for (const one of inputs) {
        const before = member.store.current;
        if (one.kind === 'wait') {
          now += one.ms;
          for (let i = 0; i < 1000 && member.store.wakeAt <= now; i++)
            member.give(undefined, Math.max(0, member.store.wakeAt));
          if (member.store.wakeAt <= now) return false;
        } else if (one.kind === 'clock') member.setClock(one.aheadMs, now);
        else if (one.kind === 'met') member.give({ kind: 'met', peer: `${one.peer}` }, now);
        else if (one.kind === 'held') {
          const { number, id, isAnswer } = one;
          member.give(
            { kind: 'said', peer: `${one.peer}`, message: { kind: 'epochHeld', number, id, isAnswer } },
            now,
          );
        } else if (one.kind === 'bad') {
          bring(member, { bytes: one.bytes, secret: new Uint8Array(32) }, now, `${one.peer}`);
          if (member.store.current !== before) return false;
        } else bring(member, good[one.which], now, `${one.peer}`);
        if (one.kind !== 'clock' && one.kind !== 'wait' && before !== undefined) {
          const { current } = member.store;
          if (current === undefined || compareEpochs(current, before) > 0) return false;
        }
        if (member.kept.length > EPOCHS_MAX || member.store.readable(now).length > EPOCHS_MAX) return false;
        said += member.say().length;
      }
      return said <= inputs.length * (TRIES + 3) + TRIES * 61;
    }),
    { numRuns: 100 },
  );
  t.end();
});

t.test(
  'a clock that runs ahead and comes back leaves the organisation with the epoch that it had',
  async (t) => {
    const group = new Group();
    const founder = group.add('founder', true, true);
    group.run(SECOND_MS);
    const member = group.add('member', false);
    group.meetAll();
    group.run(LISTEN_MS + HOUR_MS);
    const { label } = founder;
    founder.setClock(40 * DAY_MS, group.now);
    group.run(MINUTE_MS);
    t.not(founder.label, label, 'the signer takes it for old');
    t.equal(founder.madeCount(), 2);
    t.equal(member.label, label, 'others do not believe in what is from the future');
    founder.setClock(0, group.now);
    t.equal(founder.label, label, 'and it goes back to what they have');
    group.meetAll();
    group.run(HOUR_MS);
    t.ok(group.agree());
    for (let i = 0; i < 20; i++) {
      founder.setClock((i % 2) * 50 * DAY_MS, group.now);
      group.run(HOUR_MS + MINUTE_MS);
    }
    founder.setClock(0, group.now);
    t.equal(founder.label, label, 'however often');
    t.ok(founder.kept.length <= EPOCHS_MAX);
    group.run(45 * DAY_MS);
    group.meetAll();
    group.run(3 * DAY_MS);
    t.ok(group.agree(), 'and there is a next one for all');
    t.not(founder.label, label);
  },
);

t.test(
  'a clock that is set back erases nothing too late, and one ahead nothing that is in use',
  async (t) => {
    const member = new Member(false, 1);
    bring(member, epoch(1), 0);
    bring(member, epoch(2), 1000);
    member.setClock(-100 * DAY_MS, 2000);
    t.equal(member.store.current, undefined, 'all are from the future');
    t.equal(member.kept.length, 2, 'and stay');
    member.setClock(0, 3000);
    t.equal(member.store.current?.number, 2);
    member.setClock(20 * DAY_MS, 4000);
    t.equal(member.kept.length, 1);
    t.equal(member.store.current?.number, 2);
  },
);

t.test('after a restart it is as before; a number is never given twice', async (t) => {
  const first = new Member(true, 1);
  first.give({ kind: 'start', isAlone: true }, 0);
  first.give(undefined, 0);
  const again = new Member(true, 2, 0, first.kept);
  t.equal(again.label, first.label);
  const late = new Member(true, 3, 100 * DAY_MS, first.kept);
  t.equal(late.label, first.label, 'it has ended');
  t.same(late.store.readable(100 * DAY_MS), [], 'and is of no use');
  t.equal(late.store.delivery(100 * DAY_MS), undefined);
  late.give({ kind: 'start', isAlone: true }, 100 * DAY_MS);
  late.give(undefined, late.store.wakeAt);
  t.equal(late.store.current?.number, 2);
  t.ok(late.store.wakeAt > 101 * DAY_MS);
  const damaged = [
    { ...first.kept[0], secret: EMPTY },
    { bytes: Uint8Array.of(1, 2), secret: EMPTY, supersededMs: -5 },
    ...first.kept,
  ];
  t.equal(new Member(false, 4, 0, damaged).label, first.label);
});

t.test("a revoked signer's epochs are void, and make way for lower numbers", async (t) => {
  const member = new Member(false, 1);
  bring(member, epoch(7), 0);
  member.revokedSigners.add(toHex(acme.signer.nodeId));
  member.hear(new Uint8Array(32).fill(1), 1000);
  t.equal(member.store.current, undefined);
  t.same(member.kept, []);
  bring(member, epoch(8), 2000, 'q');
  t.same(member.drops, ['epochRefused'], 'nor is another one taken');
  member.revokedSigners.clear();
  bring(member, epoch(3), 2000, 'r');
  t.equal(member.store.current?.number, 3);
});

t.test('who is revoked itself has none, says nothing and makes none', async (t) => {
  const signer = new Member(true, 1);
  signer.give({ kind: 'start', isAlone: true }, 0);
  signer.give(undefined, 0);
  signer.give({ kind: 'met', peer: 'p' }, 0);
  signer.events.length = 0;
  signer.say();
  signer.give({ kind: 'standing', isMember: false }, 1000);
  t.same(signer.events, [{ kind: 'changed', own: [] }]);
  t.equal(signer.store.wakeAt, NEVER);
  t.same(signer.store.readable(1000), []);
  t.equal(signer.store.delivery(1000), undefined);
  signer.give({ kind: 'met', peer: 'p' }, 1000);
  signer.give(
    { kind: 'said', peer: 'p', message: { kind: 'epochHeld', number: 0, id: EMPTY, isAnswer: false } },
    1000,
  );
  bring(signer, epoch(5), 1000);
  signer.hear(new Uint8Array(32).fill(1), 1000, true);
  t.same(signer.say(), []);
  t.equal(signer.store.current?.number, 1);
  signer.give({ kind: 'standing', isMember: true }, 2000);
  t.equal(signer.store.readable(2000).length, 1);
});

t.test('a colleague that is silent, or floods, costs a bounded number of messages', async (t) => {
  const member = new Member(false, 1);
  bring(member, epoch(1), 0, 'q');
  member.say();
  member.give({ kind: 'met', peer: 'p' }, 0);
  while (member.store.wakeAt < 10 * REPEAT_MS) member.give(undefined, member.store.wakeAt);
  t.equal(member.say().length, TRIES, 'a silent one is asked a few times');
  for (let i = 0; i < 1000; i++) {
    const message = { kind: 'epochHeld', number: 0, id: EMPTY, isAnswer: false } as const;
    member.give({ kind: 'said', peer: 'p', message }, HOUR_MS + i);
  }
  const sends = member.say();
  t.ok(sends.length < 30);
  t.ok(sends.filter(({ message }) => message.kind === 'epochDelivery').length <= 4);
  t.ok(member.drops.length > 900);
  const none = new Member(false, 2);
  for (let i = 0; i < 100; i++) none.give({ kind: 'met', peer: `${i}` }, 0);
  t.equal(none.say().length, EMPTY_HANDED_ASKS, 'who has none asks a few, and is asked by whoever has one');
});
