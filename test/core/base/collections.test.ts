import fc from 'fast-check';
import t from 'tap';
import { BoundedMap } from '../../../src/core/base/bounded-map.ts';
import { IndexedHeap } from '../../../src/core/base/heap.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { fraction, seededRng, shuffle, uniform } from '../../../src/core/base/rng.ts';

t.test('a bounded map evicts what was not used for the longest time', async (t) => {
  const evicted: [string, number][] = [];
  const map = new BoundedMap<string, number>(3, (key, value) => evicted.push([key, value]));
  map.set('a', 1).set('b', 2).set('c', 3);
  t.equal(map.get('a'), 1);
  map.set('d', 4);
  t.same(evicted, [['b', 2]]);
  map.set('c', 5);
  map.peek('a');
  map.set('e', 6);
  t.same(evicted.at(-1), ['a', 1], 'peek does not count as use');
  t.same(
    [...map],
    [
      ['d', 4],
      ['c', 5],
      ['e', 6],
    ],
  );
  t.same(map.oldest(), ['d', 4]);
  t.ok(map.delete('d'));
  t.notOk(map.delete('d'));
  t.equal(map.get('d'), undefined);
  t.equal(evicted.length, 2, 'deleting is not evicting');
  map.clear();
  t.equal(map.size, 0);
  t.throws(() => new BoundedMap(0), RangeError);
});

t.test('a bounded map never exceeds its bound', async (t) => {
  const keys = fc.array(fc.nat(20), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), keys, (max, keys) => {
      const map = new BoundedMap<number, number | undefined>(max);
      for (const key of keys) {
        map.set(key, key % 3 === 0 ? undefined : key);
        if (map.size > max) t.fail('too many');
        if (!map.has(key)) t.fail('the newest is gone');
      }
      const recent = [...new Set([...keys].reverse())].slice(0, max).reverse();
      t.same([...map.keys()], recent);
    }),
  );
});

t.test('an indexed heap yields keys in order, whatever was moved or removed', async (t) => {
  const step = fc.tuple(
    fc.nat(15),
    fc.option(fc.integer({ min: -50, max: 50 }), { nil: Number.POSITIVE_INFINITY }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const heap = new IndexedHeap<number>();
      const model = new Map<number, number>();
      for (const [key, priority] of steps) {
        heap.set(key, priority);
        if (priority === Number.POSITIVE_INFINITY) model.delete(key);
        else model.set(key, priority);
        t.equal(heap.size, model.size);
        t.equal(heap.next, Math.min(Number.POSITIVE_INFINITY, ...model.values()));
      }
      for (const [key, priority] of model) t.equal(heap.get(key), priority);
      const yielded: number[] = [];
      for (let key = heap.popUntil(0); key !== undefined; key = heap.popUntil(0)) {
        yielded.push(model.get(key) as number);
        model.delete(key);
      }
      t.same(
        yielded,
        [...yielded].sort((a, b) => a - b),
      );
      t.ok([...model.values()].every((priority) => priority > 0));
      heap.clear();
      t.equal(heap.size, 0);
    }),
  );
  t.throws(() => new IndexedHeap<string>().set('x', Number.NaN), RangeError);
});

t.test('a seeded rng repeats itself and spreads', async (t) => {
  const a = seededRng(7);
  const b = seededRng(7);
  t.same(a.bytes(37), b.bytes(37));
  t.equal(a.u32(), b.u32());
  t.not(seededRng('x').u32(), seededRng('y').u32());
  const seen = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) seen[uniform(a, 10)]++;
  t.ok(
    seen.every((count) => count > 850 && count < 1150),
    seen.join(' '),
  );
  let sum = 0;
  for (let i = 0; i < 10_000; i++) sum += fraction(a);
  t.ok(Math.abs(sum / 10_000 - 0.5) < 0.02);
  t.throws(() => uniform(a, 0), RangeError);
  t.equal(uniform(a, 1), 0);
  const orders = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffle(a, ['x', 'y', 'z']).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  t.equal(orders.size, 6);
  t.ok([...orders.values()].every((count) => count > 850 && count < 1150));
});

t.test('an outbox keeps order and is emptied in place', async (t) => {
  const outbox = new OutboxBuffer<string, number, boolean>();
  const { sends } = outbox;
  outbox.send('a');
  outbox.send('b');
  outbox.emit(1);
  outbox.persist(true);
  t.same([sends, outbox.events, outbox.persists], [['a', 'b'], [1], [true]]);
  t.notOk(outbox.isEmpty);
  outbox.clear();
  t.ok(outbox.isEmpty);
  t.equal(outbox.sends, sends);
});
