import t from 'tap';
import { MINUTE_MS } from '../../src/core/base/time.ts';
import { populate } from './dht-scenarios.ts';
import { NodeField } from './node-field.ts';
import { measureSpread } from './revocation-spread.ts';

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
