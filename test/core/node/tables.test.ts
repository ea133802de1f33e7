import t from 'tap';
import { Tables } from '../../../src/core/addressing/addressing.ts';
import { ORGANISATION_NONE, ORGANISATION_OWN } from '../../../src/core/addressing/types.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { KnownOrganisations, ORGANISATIONS_MAX } from '../../../src/core/node/known-organisations.ts';
import { PING_TIMEOUT_MS, Pings } from '../../../src/core/node/pings.ts';
import {
  JOINERS_MAX,
  KEPT_MS,
  PENDING_MAX,
  REMOTES_MAX,
  type Remote,
  Remotes,
} from '../../../src/core/node/remotes.ts';
import { Slots } from '../../../src/core/node/slots.ts';
import { CallBudget, PathMachine, ToldBudget } from '../../../src/core/path/path.ts';

const rng = seededRng('tables');
const id = () => rng.bytes(32);

function remotes(isHeld?: (slot: number) => boolean) {
  const tables = new Tables(new Uint8Array(32), 0x64400000, [1, 2, 3, 4]);
  return {
    tables,
    table: new Remotes(
      tables,
      () =>
        new PathMachine({
          isOuter: () => true,
          isNear: () => true,
          told: new ToldBudget(),
          wanted: new ToldBudget(),
          calls: new CallBudget(new ToldBudget()),
          tests: new ToldBudget(),
          token: () => new Uint8Array(8),
        }),
      isHeld,
    ),
  };
}

const add = (table: Remotes, kind: Remote['kind'], now = 0): Remote => {
  const remote = table.add(id(), kind, now);
  if (remote === undefined) throw new Error('full');
  return remote;
};

t.test('a slot comes back as late as possible, and only to whoever asks next', async (t) => {
  const slots = new Slots(3);
  const owner = id();
  t.strictSame([slots.allocate(owner), slots.allocate(owner), slots.allocate(owner)], [0, 1, 2]);
  t.equal(slots.allocate(owner), undefined);
  slots.release(1);
  slots.release(0);
  t.equal(slots.ownerOf(1), undefined);
  t.strictSame([slots.allocate(owner), slots.allocate(owner)], [1, 0]);
  t.throws(() => new Slots().release(5), RangeError);
  t.equal(slots.inUse, 3);
});

t.test('strangers have a share of their own and push out only each other', async (t) => {
  const { table } = remotes();
  const member = add(table, 'member');
  for (const [kind, max] of [
    ['pending', PENDING_MAX],
    ['joiner', JOINERS_MAX],
  ] as const) {
    const first = add(table, kind);
    for (let i = 1; i < max; i++) add(table, kind);
    t.equal(table.inTheWay(kind, 0), first, `the oldest ${kind} gives way`);
  }
  t.equal(table.inTheWay('member', 0), undefined);
  t.equal(table.get(member.nodeId), member);
});

t.test('who relays or is relayed keeps its place, for as long as it does', async (t) => {
  let held = -1;
  const { table } = remotes((slot) => slot === held);
  const first = add(table, 'told');
  const second = add(table, 'told');
  t.equal(table.idleTold(KEPT_MS), first);
  held = first.slot;
  t.equal(table.idleTold(KEPT_MS), second);
  held = -1;
  t.equal(table.idleTold(KEPT_MS), first);
});

t.test(
  'a full table: strangers go first, then the idle, never one with traffic in the last minute',
  async (t) => {
    const { table, tables } = remotes();
    const all = Array.from({ length: REMOTES_MAX }, () => add(table, 'member'));
    t.equal(table.add(id(), 'member', 0), undefined);
    const now = 10 * KEPT_MS;
    const idle = all[777];
    for (const remote of all)
      if (remote !== idle) tables.activity.lastSentMs[remote.slot] = now - KEPT_MS + 1;
    t.equal(table.inTheWay('member', now), idle);
    tables.activity.lastReceivedMs[idle.slot] = now - 1;
    t.equal(table.inTheWay('member', now), 'full');
    table.setKind(all[3], 'pending');
    t.equal(table.inTheWay('member', now), all[3]);
    table.remove(all[3]);
    t.equal(table.at(all[3].slot), undefined);
    t.equal(table.inTheWay('member', now), undefined);
    t.equal(table.countOf('pending'), 0);
  },
);

t.test('a name that was only told gives way before a member', async (t) => {
  const { table } = remotes();
  const all = Array.from({ length: REMOTES_MAX }, () => add(table, 'member'));
  table.setKind(all[5000], 'told');
  t.equal(table.inTheWay('member', 10 * KEPT_MS), all[5000]);
});

t.test('organisations get slots, the own one its own, further ones none', async (t) => {
  const own = id();
  const organisations = new KnownOrganisations(own);
  t.equal(organisations.slotOf(own), ORGANISATION_OWN);
  t.equal(organisations.slotOf(new Uint8Array(0)), ORGANISATION_NONE);
  const other = id();
  const slot = organisations.slotOf(other);
  t.ok(slot > ORGANISATION_OWN);
  t.equal(organisations.slotOf(other), slot);
  for (let i = 1; i < ORGANISATIONS_MAX; i++) organisations.slotOf(id());
  t.equal(organisations.slotOf(id()), ORGANISATION_NONE);
  t.notOk(new KnownOrganisations(undefined).isOwn(own));
});

t.test('a ping is answered once, by whom it was sent to, in time', async (t) => {
  const { table } = remotes();
  const [one, two] = [add(table, 'member'), add(table, 'member')];
  const pings = new Pings(0xffff_ffff, () => t.fail('none is pushed out'));
  const sent = pings.begin(one, 1, 0, true);
  const waiting = pings.begin(two, 2, 0, false);
  t.equal(waiting.id, 0, 'IDs wrap');
  t.equal(pings.answered(two, sent.id), undefined);
  t.equal(pings.answered(two, waiting.id), undefined, 'it was not sent yet');
  t.equal(pings.answered(one, sent.id), sent);
  t.equal(pings.answered(one, sent.id), undefined);
  t.strictSame(pings.unsent(two, 4000), [waiting]);
  t.strictSame(pings.lost(4000 + PING_TIMEOUT_MS - 1), []);
  t.equal(pings.wakeAt, 4000 + PING_TIMEOUT_MS);
  t.strictSame(pings.lost(4000 + PING_TIMEOUT_MS), [waiting]);
});
