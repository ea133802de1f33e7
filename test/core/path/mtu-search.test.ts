// The search for the MTU, against ways of any MTU that tell nobody of it.
import fc from 'fast-check';
import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import {
  MTU_BASE,
  MTU_CONFIRM_MS,
  MTU_MOST,
  MTU_RAISE_MS,
  MTU_STEP,
  MTU_TRIES,
  MtuSearch,
} from '../../../src/core/path/mtu-search.ts';

/** A way on which larger datagrams vanish, and `rttMs` later an answer comes for the others. */
class Way {
  mtu: number;
  now = 0;
  sent = 0;
  lossShare = 0;
  readonly search = new MtuSearch();
  private readonly rttMs: number;
  private readonly answers: { readonly bytes: number; readonly at: number }[] = [];
  private readonly rng = seededRng('mtu');
  readonly out = {
    probe: (bytes: number) => {
      this.sent++;
      if (bytes > this.mtu || this.rng.u32() / 2 ** 32 < this.lossShare) return;
      this.answers.push({ bytes, at: this.now + this.rttMs });
    },
  };

  constructor(mtu: number, rttMs: number) {
    this.mtu = mtu;
    this.rttMs = rttMs;
  }

  start(limit: number): void {
    this.search.start(limit, this.now, this.rttMs, this.out);
  }

  run(forMs: number): void {
    const end = this.now + forMs;
    for (;;) {
      const answer = this.answers[0];
      const at = Math.min(answer?.at ?? Number.POSITIVE_INFINITY, this.search.wakeAt);
      if (at > end) break;
      this.now = at;
      if (answer?.at === at) {
        this.answers.shift();
        this.search.answered(answer.bytes, at, this.rttMs, this.out);
      } else {
        this.search.onTimer(at, this.rttMs, this.out);
      }
    }
    this.now = end;
  }
}

t.test(
  'what the first link takes is in use after one round trip, where the whole way takes it',
  async (t) => {
    for (const limit of [1420, 1500, 9000]) {
      const way = new Way(limit, 40);
      way.start(limit);
      t.equal(way.search.found, MTU_BASE, 'nothing before it is proven');
      way.run(40);
      t.equal(way.search.found, limit);
      t.ok(way.search.isDone);
      t.equal(way.sent, 1);
    }
  },
);

t.test('any MTU is found to the step, and never exceeded', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: MTU_BASE, max: MTU_MOST }),
      fc.integer({ min: MTU_BASE, max: 65_535 }),
      fc.integer({ min: 1, max: 300 }),
      (mtu, limit, rttMs) => {
        const way = new Way(mtu, rttMs);
        way.start(limit);
        way.run(60_000);
        const most = Math.min(mtu, limit, MTU_MOST);
        return way.search.isDone && way.search.found <= most && way.search.found >= most - MTU_STEP;
      },
    ),
  );
});

t.test('losses of single datagrams mislead nobody for long', async (t) => {
  for (let i = 0; i < 20; i++) {
    const way = new Way(1500, 20 + i);
    way.lossShare = 0.05;
    way.start(1500);
    way.run(2 * MTU_RAISE_MS);
    t.ok(way.search.found >= 1400, `${way.search.found}`);
  }
});

t.test('a way that becomes narrower: base at once when there is doubt, then what fits', async (t) => {
  const way = new Way(1500, 30);
  way.start(1500);
  way.run(5000);
  way.mtu = 1400;
  way.search.doubt(way.now, 30, way.out);
  way.run(MTU_TRIES * 100);
  t.equal(way.search.found, MTU_BASE);
  t.notOk(way.search.isDone);
  way.run(5000);
  t.ok(way.search.found > 1400 - MTU_STEP && way.search.found <= 1400);
  way.mtu = 1280;
  way.run(MTU_CONFIRM_MS + 1000);
  t.equal(way.search.found, MTU_BASE, 'without a doubt, the next confirmation finds it');
});

t.test('a way that becomes wider is found out while it is used, and rests when it is not', async (t) => {
  const way = new Way(1400, 30);
  way.start(1500);
  way.run(5000);
  way.mtu = 1500;
  way.run(MTU_RAISE_MS + 5000);
  t.equal(way.search.found, 1500);
  way.search.rest();
  const { sent } = way;
  way.run(MTU_RAISE_MS);
  t.equal(way.sent, sent);
  way.start(1500);
  way.run(1000);
  t.equal(way.sent, sent + 1, 'what was found is tested once');
});

t.test('doubts that come all the time cost little', async (t) => {
  const way = new Way(1500, 10);
  way.start(1500);
  way.run(1000);
  const { sent } = way;
  for (let i = 0; i < 300; i++) {
    way.search.doubt(way.now, 10, way.out);
    way.run(1000);
  }
  t.ok(way.sent - sent < 30, `${way.sent - sent} tests in five minutes`);
});
