import fc from 'fast-check';
import t from 'tap';
import { EndpointTable } from '../../../src/core/addressing/endpoints.ts';
import { HashKey } from '../../../src/core/addressing/hash.ts';
import { RouteTable } from '../../../src/core/addressing/routes.ts';
import { NONE } from '../../../src/core/addressing/types.ts';

const key = new HashKey([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]);
// Few distinct addresses, so that sets, deletions and collisions meet.
const address = fc.tuple(fc.nat(3), fc.nat(1), fc.nat(1), fc.nat(40));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant('set' as const), address, fc.nat(65534), fc.nat(65535)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('delete' as const), address, fc.constant(0), fc.constant(0)) },
);

t.test('a route table is a map of addresses', async (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = new RouteTable(key, 100);
      const model = new Map<string, [number, number]>();
      for (const [kind, words, remote, selector] of steps) {
        const at = Uint32Array.of(9, ...words);
        const name = words.join();
        if (kind === 'delete') {
          if (table.delete(at, 1) !== model.delete(name)) return false;
        } else {
          const fits = model.has(name) || model.size < 100;
          if (table.set(at, 1, remote, selector) !== fits) return false;
          if (fits) model.set(name, [remote, selector]);
        }
        if (table.size !== model.size) return false;
      }
      for (let i = 0; i < 4 * 2 * 2 * 41; i++) {
        const words = [i & 3, (i >> 2) & 1, (i >> 3) & 1, i >> 4];
        const place = table.find(Uint32Array.from(words), 0);
        const expected = model.get(words.join());
        if (expected === undefined ? place !== NONE : place === NONE) return false;
        if (expected !== undefined && table.remote[place] !== expected[0]) return false;
        if (expected !== undefined && table.selector[place] !== expected[1]) return false;
      }
      return true;
    }),
  );
  t.pass('like the model');
});

t.test('an endpoint table is a map of remotes and selectors', async (t) => {
  const endpoint = fc.tuple(fc.constantFrom(0, 1, 2, 65534), fc.constantFrom(0, 1, 7, 65535));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), endpoint, fc.nat()), { maxLength: 200 }), (steps) => {
      const table = new EndpointTable(key, 12);
      const model = new Map<string, number>();
      for (const [isAdded, [remote, selector], alias] of steps) {
        const name = `${remote}/${selector}`;
        if (!isAdded) {
          if (table.delete(remote, selector) !== model.delete(name)) return false;
          continue;
        }
        const place = table.add(remote, selector);
        if ((place !== NONE) !== (model.has(name) || model.size < 12)) return false;
        if (place === NONE) continue;
        table.alias[place] = alias;
        table.address6.set([alias, 1, 2, selector], 4 * place);
        model.set(name, alias);
      }
      for (const [name, alias] of model) {
        const [remote, selector] = name.split('/').map(Number);
        const place = table.find(remote, selector);
        if (place === NONE || table.alias[place] !== alias) return false;
        if (table.address6[4 * place] !== alias || table.address6[4 * place + 3] !== selector) return false;
      }
      return table.size === model.size;
    }),
  );
  t.pass('like the model');
});

t.test('a route table grows and stays half full', async (t) => {
  const table = new RouteTable(key, 5000);
  for (let i = 0; i < 5000; i++) table.set(Uint32Array.of(0xfd000000, i * 7, 0, i), 0, i, 0);
  t.equal(table.size, 5000);
  t.notOk(table.set(Uint32Array.of(1, 1, 1, 1), 0, 0, 0), 'full');
  t.ok(table.set(Uint32Array.of(0xfd000000, 0, 0, 0), 0, 9, 0), 'what is there may change');
  t.ok(table.remote.length >= 2 * table.size);
});
