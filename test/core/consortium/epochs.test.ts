// Epochs among members: made, told, followed by others, looked for.
import fc from 'fast-check';
import t from 'tap';
import { EMPTY } from '../../../src/core/base/bytes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, NEVER, SECOND_MS } from '../../../src/core/base/time.ts';
import { compareEpochs, EPOCHS_MAX, READABLE_MS } from '../../../src/core/consortium/epoch-list.ts';
import {
  CAUSED_GAP_MS,
  FIRST_WAIT_MS,
  ROTATE_JITTER_MS,
  ROTATE_MS,
} from '../../../src/core/consortium/epoch-rotation.ts';
import { SEEK_CAUSED_MS, SEEK_FIRST_MS } from '../../../src/core/consortium/epochs.ts';
import { NOW } from '../identity/world.ts';

import { bring, epoch, Group, Member } from './epoch-group.ts';

t.test(
  'a signer that is alone makes the first one at once; with others about it hears them first',
  async (t) => {
    const alone = new Member(true, 1);
    t.equal(alone.store.wakeAt, NEVER, 'nothing before the start');
    alone.give({ kind: 'start', isAlone: true }, 0);
    t.equal(alone.store.wakeAt, 0);
    alone.give(undefined, 0);
    t.match(alone.store.current, { number: 1, created: NOW, cause: EMPTY });
    t.equal(alone.kept.length, 1);
    const other = new Member(true, 2);
    other.give({ kind: 'start', isAlone: false }, 0);
    t.ok(other.store.wakeAt >= FIRST_WAIT_MS && other.store.wakeAt <= 2 * FIRST_WAIT_MS);
    bring(other, alone.kept[0], 1000);
    t.equal(other.label, alone.label);
    t.ok(other.store.wakeAt > DAY_MS, 'and makes none');
  },
);

t.test('all come to the same, whoever meets whom, also when messages get lost', async (t) => {
  for (const lossShare of [0, 0.3]) {
    const group = new Group();
    group.lossShare = lossShare;
    group.add('founder', true, true);
    for (let i = 0; i < 6; i++) group.add(`m${i}`, false);
    group.run(SECOND_MS);
    for (let i = 0; i < 6; i++) group.meet(i === 0 ? 'founder' : `m${i - 1}`, `m${i}`);
    for (let round = 0; round < 10 && !group.agree(); round++) {
      group.run(MINUTE_MS);
      group.meetAll();
    }
    t.ok(group.agree(), `${lossShare} lost`);
    group.run(HOUR_MS);
    const { bytes } = group;
    for (let i = 0; i < 20; i++) {
      group.meetAll();
      group.run(MINUTE_MS);
    }
    if (lossShare === 0) {
      group.meetAll();
      t.ok(group.bytes - bytes <= 2 * 21, 'then nothing more is said, but once to each');
      const before = group.bytes;
      group.meetAll();
      group.run(MINUTE_MS);
      t.equal(group.bytes, before);
    }
  }
});

t.test('signers that rotate at once agree', (t) => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 4 }), fc.boolean(), (seed, signers, isLossy) => {
      const group = new Group();
      group.lossShare = isLossy ? 0.2 : 0;
      // Each believes to be alone.
      for (let i = 0; i < signers; i++) group.add(`s${i} ${seed}`, true, true);
      group.add('member', false);
      for (const member of group.all()) member.give(undefined, 0);
      if (group.all().filter(({ store }) => store.current?.number === 1).length !== signers) return false;
      const first = group
        .all()
        .flatMap(({ store }) => store.current ?? [])
        .sort(compareEpochs)[0];
      for (let round = 0; round < 20 && !group.agree(); round++) {
        group.meetAll();
        group.run(30 * SECOND_MS);
      }
      const isFirst = group.all()[0].store.current?.id.join() === first.id.join();
      group.run(READABLE_MS);
      return group.agree() && isFirst && group.all().every(({ kept }) => kept.length === 1);
    }),
    { numRuns: 30 },
  );
  t.end();
});

t.test('one signer of several makes the next after a month, and the old one is erased later', async (t) => {
  const group = new Group();
  const founder = group.add('founder', true, true);
  group.run(SECOND_MS);
  for (const name of ['deputy', 'third']) group.add(name, true);
  group.add('member', false);
  group.meetAll();
  group.run(MINUTE_MS);
  const secret = founder.kept[0].secret;
  group.run(ROTATE_MS - 2 * MINUTE_MS);
  t.equal(founder.store.current?.number, 1);
  group.run(ROTATE_JITTER_MS + HOUR_MS);
  t.ok(group.agree());
  t.equal(founder.store.current?.number, 2);
  t.equal(
    group.all().reduce((sum, member) => sum + member.madeCount(), 0),
    2,
  );
  for (const { kept, store } of group.all()) {
    t.equal(store.readable(group.now).length, kept.length);
    t.ok(kept.length <= 2);
  }
  group.run(READABLE_MS);
  for (const { kept, store } of group.all()) {
    t.equal(kept.length, 1);
    t.notOk(kept.some((one) => one.secret.join() === secret.join()));
    t.equal(store.readable(group.now).length, 1);
  }
});

t.test(
  'because of a revocation: at once where it was made, once for all, and not before the others know',
  async (t) => {
    const group = new Group();
    const founder = group.add('founder', true, true);
    group.run(SECOND_MS);
    const deputy = group.add('deputy', true);
    const [one, two] = ['one', 'two'].map((name) => group.add(name, false));
    group.meetAll();
    group.run(MINUTE_MS);
    t.ok(group.agree());
    const cause = new Uint8Array(32).fill(1);
    founder.hear(cause, group.now, true);
    group.run(100);
    t.match(founder.store.current, { number: 2, cause });
    t.equal(deputy.store.current?.number, 2, 'who makes it tells all');
    t.equal(one.store.current?.number, 2);
    t.equal(one.store.delivery(group.now), undefined, 'nobody passes on what may be for the revoked');
    t.not(founder.store.delivery(group.now), undefined);
    const before = one.say().length;
    one.give(
      {
        kind: 'said',
        peer: 'revoked',
        message: { kind: 'epochHeld', number: 1, id: EMPTY, isAnswer: false },
      },
      group.now,
    );
    t.notOk(
      one.say().some(({ message }) => message.kind === 'epochDelivery'),
      `${before}`,
    );
    one.hear(cause, group.now);
    t.ok(
      one.sends.some(({ to, message }) => to === 'revoked' && message.kind === 'epochDelivery'),
      'who asked meanwhile gets it, if the node lets it',
    );
    one.say();
    for (const member of [deputy, two]) member.hear(cause, group.now);
    group.run(10 * MINUTE_MS);
    t.equal(founder.store.current?.number, 2);
    t.ok(group.agree());
    // Many at a time.
    for (let i = 0; i < 50; i++) {
      const hash = new Uint8Array(32).fill(10 + i);
      for (const member of group.all()) member.hear(hash, group.now, member === founder);
      group.run(100);
    }
    group.run(MINUTE_MS);
    t.ok(group.agree());
    const number = founder.store.current?.number ?? 0;
    t.ok(number > 2 && number <= 2 + Math.ceil(5000 / CAUSED_GAP_MS) + 2, `${number}`);
    t.ok(group.all().every(({ kept }) => kept.length <= EPOCHS_MAX));
  },
);

t.test('where nobody passes the next one on, it is looked for', async (t) => {
  const member = new Member(false, 1);
  member.give({ kind: 'start', isAlone: false }, 0);
  t.equal(member.store.wakeAt, SEEK_FIRST_MS);
  member.give(undefined, SEEK_FIRST_MS);
  t.same(member.events, [{ kind: 'find' }]);
  t.equal(member.store.wakeAt, NEVER, 'once');
  const found = [
    { publisher: new Uint8Array(32).fill(1), epoch: epoch(3) },
    { publisher: new Uint8Array(32).fill(2), epoch: epoch(4) },
    { publisher: new Uint8Array(32).fill(3), epoch: epoch(4) },
    { publisher: new Uint8Array(32).fill(4), epoch: epoch(2) },
  ];
  member.give({ kind: 'found', found }, SEEK_FIRST_MS);
  const called = member.events.flatMap((event) => (event.kind === 'connect' ? [event.nodeId[0]] : []));
  t.same(called, [2, 3], 'those that have the latest');
  bring(member, epoch(4), MINUTE_MS);
  member.events.length = 0;
  member.give({ kind: 'found', found }, MINUTE_MS);
  t.same(member.events, [], 'it has it');
  const due = member.store.wakeAt;
  t.ok(due >= ROTATE_MS && due <= ROTATE_MS + ROTATE_JITTER_MS + 2 * DAY_MS);
  member.hear(new Uint8Array(32).fill(9), HOUR_MS);
  t.ok(
    member.store.wakeAt > HOUR_MS && member.store.wakeAt <= HOUR_MS + SEEK_CAUSED_MS,
    'an epoch after a revocation',
  );
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const now = member.store.wakeAt;
    member.give(undefined, now);
    times.push(now);
  }
  const gaps = times.slice(1).map((at, i) => at - times[i]);
  t.ok(
    gaps.every((gap, i) => i === 0 || gap >= gaps[i - 1] * 1.9),
    gaps.join(),
  );
});
