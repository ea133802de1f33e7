// What the DHT machines of many cost when nobody asks for anything, and how they start and grow together.
import t from 'tap';
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import {
  holdersAmongClosest,
  measureIdle,
  measurePartition,
  measureStorm,
  populate,
} from './dht-scenarios.ts';
import { Swarm } from './swarm.ts';

const LOSSY = { lossShare: 0.01, rttMs: 50 };

t.test('idle nodes cost little', (t) => {
  const field = new Swarm({ seed: 'idle', ...LOSSY });
  populate(field, { cores: 80, clients: 8, settleMs: 10 * MINUTE_MS });
  const idle = measureIdle(field, 24, 18 * HOUR_MS);
  t.ok(idle.coreMost <= 5e6, `${idle.coreMost} bytes a day of a core node`);
  t.ok(idle.clientMost <= 30e3, `${idle.clientMost} bytes a day of a client`);
  t.end();
});

t.test('all start within a second, knowing the same four', (t) => {
  const field = new Swarm({ seed: 'storm', ...LOSSY });
  const { figures, settledMs } = measureStorm(field, 100);
  t.equal(figures.rightShare, 1);
  t.ok(settledMs < MINUTE_MS, `settled after ${settledMs} ms`);
  t.end();
});

t.test(
  'what was published while others were still starting lies where it belongs a quarter of an hour later',
  (t) => {
    const field = new Swarm({ seed: 'early', ...LOSSY });
    populate(field, {
      cores: 150,
      clients: 10,
      isWarm: true,
      spacingMs: MINUTE_MS / 150,
      settleMs: MINUTE_MS,
    });
    const placed = (): number => field.nodes.filter((node) => holdersAmongClosest(field, node) >= 12).length;
    t.ok(placed() < 130, `${placed()} of 160 at first`);
    field.run(15 * MINUTE_MS);
    t.ok(placed() > 145, `${placed()} of 160 then`);
    t.end();
  },
);

t.test('a network that was cut in two grows together', (t) => {
  const field = new Swarm({ seed: 'cut', ...LOSSY });
  populate(field, { cores: 60 });
  const { during, after, across } = measurePartition(field, HOUR_MS / 2);
  t.ok(during.rightShare >= 0.99, `${during.rightShare} within one half`);
  t.ok(across.rightShare >= 0.99, `${across.rightShare} across`);
  t.ok(after.rightShare >= 0.99, `${after.rightShare} in all`);
  t.end();
});
