import t from 'tap';
import { MINUTE_MS } from '../../src/core/base/time.ts';
import { populate } from './dht-scenarios.ts';
import { NodeField } from './node-field.ts';
import { measureSpread, playIdle } from './revocation-spread.ts';

t.test('99 % of idle nodes know within a minute, all within five, at a price', (t) => {
  const field = new NodeField({ seed: 'spread', lossShare: 0.01, rttMs: 50 });
  populate(field, { cores: 90, clients: 30, settleMs: 4 * MINUTE_MS });
  const figures = measureSpread(field);
  t.comment(JSON.stringify(figures));
  t.ok(figures.afterMinute >= 0.99, `${figures.afterMinute} after a minute`);
  t.equal(figures.afterFiveMinutes, 1);
  t.ok(figures.bytesPerNode <= 100_000, `${figures.bytesPerNode} bytes a node`);
  t.end();
});

t.test('also those behind routers, whatever a fifth of hostile nodes keep to themselves', (t) => {
  for (const seed of ['one', 'two']) {
    const figures = playIdle(seed, { nodes: 120, hiddenShare: 0.3, hostileShare: 0.2, isBrief: true });
    t.ok(figures.afterMinute >= 0.99, `${seed}: ${figures.afterMinute} after a minute`);
    t.equal(figures.afterFiveMinutes, 1, seed);
  }
  t.end();
});

t.test('and while nodes come and go', (t) => {
  const population = { nodes: 90, hiddenShare: 0.2, hostileShare: 0.2, offShare: 0.2 };
  const figures = playIdle('restless', population);
  t.comment(JSON.stringify(figures));
  t.ok(figures.afterMinute >= 0.99, `${figures.afterMinute} after a minute`);
  t.equal(figures.afterFiveMinutes, 1);
  t.end();
});
