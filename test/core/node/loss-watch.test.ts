import t from 'tap';
import { LossWatch } from '../../../src/core/node/loss-watch.ts';

/** Asks every 100 ms of a path that carries 50 datagrams a second; the share that is acknowledged, a round trip later. Times of alarm. */
function watched(share: (now: number) => number, forMs = 5000, smoothedMs = 40): number[] {
  const watch = new LossWatch();
  const alarms: number[] = [];
  let acked = 0;
  for (let now = 0; now < forMs; now += 20) {
    acked += now >= smoothedMs ? share(now) : 0;
    const flow = { sent: now / 20, acked: Math.floor(acked), smoothedMs };
    if (now % 100 === 0 && watch.isLossy(flow, now)) alarms.push(now);
  }
  return alarms;
}

t.test('a path that loses most of what it carries is noticed within 1.5 s', async (t) => {
  t.strictSame(
    watched(() => 1),
    [],
  );
  t.strictSame(
    watched(() => 0.7),
    [],
    'others would hardly be better',
  );
  for (const left of [0, 0.1, 0.3]) {
    const [first = Number.POSITIVE_INFINITY] = watched((now) => (now < 2000 ? 1 : left));
    t.ok(first > 2000 && first <= 3500, `${left} arrives: ${first}`);
  }
});

t.test(
  'no alarm for an outage, a short test, one that never acknowledges, or a path that begins anew',
  async (t) => {
    t.strictSame(
      watched((now) => (now >= 2000 && now < 2400 ? 0 : 1)),
      [],
    );
    t.strictSame(
      watched(() => 0),
      [],
      'congestion control is switched off there',
    );
    const watch = new LossWatch();
    t.notOk(watch.isLossy(undefined, 0));
    for (let now = 0; now < 5000; now += 500)
      t.notOk(watch.isLossy({ sent: now / 100, acked: 1, smoothedMs: 40 }, now), 'few say nothing');
    for (let path = 0; path < 5; path++)
      for (let now = 0; now < 1000; now += 500)
        t.notOk(watch.isLossy({ sent: now / 5, acked: 1, smoothedMs: 40 }, 1000 * path + now));
  },
);

t.test('a slow queue that builds up is no loss: looks are round trips apart', async (t) => {
  t.strictSame(
    watched(() => 1, 10_000, 1000),
    [],
  );
});
