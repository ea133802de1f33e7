// Which way is the best: properties of the choice.
import fc from 'fast-check';
import t from 'tap';
import { parseSocketAddress, type SocketAddress } from '../../../src/core/base/ip.ts';
import { addCandidate } from '../../../src/core/path/candidates.ts';
import { FRESH_MS, WINS_NEEDED } from '../../../src/core/path/path.ts';
import { fallback, isBetter, isUsable, rankOf, upgrade } from '../../../src/core/path/select.ts';
import type { Candidate } from '../../../src/core/path/types.ts';

const NOW = 1_000_000;
const at = (text: string): SocketAddress => parseSocketAddress(text) as SocketAddress;
const ADDRESSES = ['192.168.1.7:1', '203.0.113.7:1', '[2001:db8::7]:1', '[100::1:8001]:1'].map(at);

const way = fc
  .record({
    address: fc.constantFrom(...ADDRESSES),
    isPunched: fc.boolean(),
    state: fc.constantFrom('unproven', 'testing', 'up', 'dead') as fc.Arbitrary<Candidate['state']>,
    rttMs: fc.oneof(fc.double({ min: 0.1, max: 2000, noNaN: true }), fc.constant(Number.NaN)),
    lossShare: fc.double({ min: 0, max: 1, noNaN: true }),
    answeredAt: fc.integer({ min: NOW - 3 * FRESH_MS, max: NOW }),
    wins: fc.integer({ min: 0, max: 2 * WINS_NEEDED }),
  })
  .map((parts): Candidate => {
    const list: Candidate[] = [];
    addCandidate(list, at('203.0.113.99:1'), 'proven');
    return { ...list[0], ...parts };
  });

t.test('of two ways at most one is the better one', async () => {
  fc.assert(fc.property(way, way, (a, b) => !(isBetter(a, b) && isBetter(b, a))));
  fc.assert(fc.property(way, (a) => !isBetter(a, a)));
});

t.test('only what answered at data size a short while ago is taken, and only when it is better', async () => {
  fc.assert(
    fc.property(fc.array(way, { maxLength: 8 }), way, (others, current) => {
      const ways = [...others, current];
      const chosen = upgrade(ways, current, NOW);
      if (chosen === undefined) return true;
      const isDue =
        rankOf(chosen) > rankOf(current) || chosen.wins >= WINS_NEEDED || current.lossShare >= 0.5;
      return chosen !== current && isUsable(chosen, NOW) && isBetter(chosen, current) && isDue;
    }),
  );
});

t.test('after an upgrade nothing calls for the way before', async () => {
  fc.assert(
    fc.property(way, way, (a, b) => {
      const chosen = upgrade([a, b], a, NOW);
      return chosen === undefined || upgrade([a, b], chosen, NOW) === undefined;
    }),
  );
});

t.test('a path that died is followed by one that answered since, and by no dead one', async () => {
  fc.assert(
    fc.property(fc.array(way, { maxLength: 8 }), way, fc.integer({ max: NOW }), (others, dead, since) => {
      const chosen = fallback([...others, dead], dead, since);
      const isThere = others.some(({ state, answeredAt }) => state !== 'dead' && answeredAt >= since);
      if (chosen === undefined) return !isThere;
      return chosen !== dead && chosen.state !== 'dead' && chosen.answeredAt >= since;
    }),
  );
});

t.test('direct goes before relayed, unless it is much slower', async (t) => {
  const list: Candidate[] = [];
  addCandidate(list, ADDRESSES[1], 'proven');
  addCandidate(list, ADDRESSES[3], 'circuit');
  const [direct, relayed] = list;
  for (const [directMs, relayedMs, isDirect] of [
    [20, 10, true],
    [50, 25, true],
    [200, 50, false],
    [40, 15, true],
    [Number.NaN, 5, true],
  ] as const) {
    direct.rttMs = directMs;
    relayed.rttMs = relayedMs;
    t.equal(isBetter(direct, relayed), isDirect, `${directMs} against ${relayedMs} ms`);
    t.equal(isBetter(relayed, direct), !isDirect);
  }
});
