import fc from 'fast-check';
import t from 'tap';
import { HashKey } from '../../../src/core/addressing/addressing.ts';
import { Action, OutRow, ROW_WORDS, SLAB_SLOTS } from '../../../src/core/base/batch-layout.generated.ts';
import { FLOW_ANSWERED_MS, FLOW_UNANSWERED_MS, FlowCache } from '../../../src/core/engine/flow-cache.ts';
import { FragmentTable } from '../../../src/core/engine/fragment-table.ts';
import { HeldPackets } from '../../../src/core/engine/held-packets.ts';

const key = new HashKey([0xdeadbeef, 0x12345678, 0x9abcdef0, 0x0fedcba9]);

t.test('a flow cache behaves like a map as long as no set is full', async (t) => {
  const step = fc.tuple(fc.constantFrom('note', 'answers', 'has'), fc.nat(5), fc.nat(FLOW_ANSWERED_MS / 8));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const cache = new FlowCache(key, 64);
      const model = new Map<number, { expires: number; answered: boolean }>();
      let now = 0;
      for (const [kind, n, pause] of steps) {
        now += pause;
        const known = model.get(n);
        const alive = known !== undefined && known.expires > now;
        if (kind === 'note') {
          cache.note(n, n * 65537, n, n, now);
          const answered = alive && known.answered;
          model.set(n, { expires: now + (answered ? FLOW_ANSWERED_MS : FLOW_UNANSWERED_MS), answered });
        } else if (kind === 'answers') {
          if (cache.answers(n, n * 65537, n, n, now) !== alive) return false;
          if (alive) model.set(n, { expires: now + FLOW_ANSWERED_MS, answered: true });
        } else if (cache.has(n, n * 65537, n, n, now) !== alive) {
          return false;
        }
        const expected = [...model.values()].filter(({ expires }) => expires > now).length;
        if (cache.count(now) !== expected) return false;
      }
      return true;
    }),
  );
  t.pass('like the model');
});

t.test('a flow cache never exceeds its bound, and the newest flow is always in it', async (t) => {
  const cache = new FlowCache(key, 256);
  for (let i = 0; i < 20_000; i++) {
    cache.note(i >>> 3, (i * 2654435761) >>> 0, i, 17, i);
    if (!cache.has(i >>> 3, (i * 2654435761) >>> 0, i, 17, i)) t.fail(`flow ${i} is missing`);
  }
  const alive = cache.count(20_000);
  t.ok(alive <= 256 && alive > 200, `${alive} alive`);
  t.equal(cache.count(20_000 + FLOW_ANSWERED_MS), 0);
});

t.test('tables want a power of two', async (t) => {
  for (const places of [0, 4, 100]) {
    t.throws(() => new FlowCache(key, places), RangeError);
    t.throws(() => new FragmentTable(key, places), RangeError);
  }
});

t.test('a fragment table is bounded', async (t) => {
  const table = new FragmentTable(key, 64);
  for (let i = 0; i < 5000; i++) table.admit(i, i * 31, 0, 6, 0);
  t.ok(table.count(1) <= 64);
  table.admit(1, 2, 3, 6, 0);
  table.admit(1, 2, 3, 6, 10);
  t.ok(table.follows(1, 2, 3, 6, 30_009), 'admitted again, it follows longer');
});

t.test('held packets keep their order and every slot leaves exactly once', async (t) => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('add' as const), fc.nat(3), fc.nat(900)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('decide' as const), fc.nat(3), fc.nat(900)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('expire' as const), fc.nat(3), fc.nat(6000)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('take' as const), fc.nat(3), fc.nat(900)) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const held = new HeldPackets(6, 3);
      const into = new Uint32Array(SLAB_SLOTS * ROW_WORDS);
      const row = new Uint32Array(ROW_WORDS);
      let waiting: { slot: number; remote: number; since: number }[] = [];
      const leaving: [number, number][] = [];
      let now = 0;
      let slot = 0;
      for (const [kind, remote, pause] of steps) {
        now += pause;
        if (kind === 'add') {
          row[OutRow.slot] = ++slot;
          const fits =
            waiting.length + leaving.length < 6 && waiting.filter((w) => w.remote === remote).length < 3;
          if (held.add(row, 0, remote, now) !== fits) return false;
          if (fits) waiting.push({ slot, remote, since: now });
        } else if (kind === 'decide') {
          held.decide(remote, (at) => (held.rows[at + OutRow.slot] % 2 === 0 ? Action.send : Action.hold));
          const gone = waiting.filter((w) => w.remote === remote && w.slot % 2 === 0);
          waiting = waiting.filter((w) => !gone.includes(w));
          for (const w of gone) leaving.push([w.slot, Action.send]);
        } else if (kind === 'expire') {
          const gone = waiting.filter((w) => w.since + 5000 <= now);
          if (held.expire(now) !== gone.length) return false;
          waiting = waiting.filter((w) => !gone.includes(w));
          for (const w of gone) leaving.push([w.slot, Action.drop]);
        } else {
          if (held.leaving.take(into) !== leaving.length) return false;
          for (const [i, [expected, action]] of leaving.splice(0).entries()) {
            if (into[i * ROW_WORDS + OutRow.slot] !== expected) return false;
            if (into[i * ROW_WORDS + OutRow.action] !== action) return false;
          }
        }
        if (held.waiting !== waiting.length || held.leaving.count !== leaving.length) return false;
        if (held.wakeAt !== (waiting.length === 0 ? Number.POSITIVE_INFINITY : waiting[0].since + 5000))
          return false;
      }
      return true;
    }),
  );
  t.pass('like the model');
});
