// Whatever a path loses, each datagram arrives in the end or was sent again as often as may be, and each reference is given back once.
import fc from 'fast-check';
import t from 'tap';
import { fraction, type Rng, seededRng, uniform } from '../../../src/core/base/rng.ts';
import { NEVER } from '../../../src/core/base/time.ts';
import { Delivery } from '../../../src/core/congestion/delivery.ts';
import { RESENDS_MAX, RepairLog } from '../../../src/core/congestion/repair-log.ts';
import { RECORDS_MAX } from '../../../src/core/congestion/sent-log.ts';
import type { CongestionControl } from '../../../src/core/congestion/types.ts';

const DATAGRAM = 1000;

function collector() {
  const released: number[] = [];
  return { released, release: (handle: number) => void released.push(handle) };
}

t.test('what is lost comes again in order, consecutive segments together, cut as asked', async (t) => {
  const log = new RepairLog();
  const { released, release } = collector();
  t.ok(log.add(5, 70, 3, 1000, 0));
  t.ok(log.add(7, 71, 0, 2000, 2));
  t.notOk(log.take(10), 'nothing is lost');
  const found = { record: -1, datagram: -1 };
  t.notOk(log.peek(found));
  for (const datagram of [4, 5, 6, 9]) t.ok(log.onLost(5, datagram));
  t.ok(log.onLost(7, 0));
  t.ok(log.onLost(7, 0), 'told twice, but lost once');
  t.notOk(log.onLost(6, 0), 'nobody knows where that came from');
  t.equal(log.waiting, 5);
  t.notOk(log.take(0));
  t.ok(log.peek(found));
  t.same(found, { record: 5, datagram: 4 });
  t.ok(log.take(2));
  t.same(log.next, { handle: 70, firstSegment: 7, segments: 2, original: 1004, attempt: 1 });
  t.ok(log.take(10));
  t.same(log.next, { handle: 70, firstSegment: 9, segments: 1, original: 1006, attempt: 1 });
  t.ok(log.take(10));
  t.match(log.next, { firstSegment: 12, segments: 1 });
  t.ok(log.peek(found));
  t.same(found, { record: 7, datagram: 0 });
  t.ok(log.take(10));
  t.same(log.next, { handle: 71, firstSegment: 0, segments: 1, original: 2000, attempt: 3 });
  t.equal(log.waiting, 0);
  log.settle(6, release);
  t.same(released, [70]);
  log.settle(8, release);
  t.same(released, [70, 71]);
  t.equal(log.held, 0);
});

t.test(
  'a reference is held while something of its record waits, and until the caller could add it again',
  async (t) => {
    const log = new RepairLog();
    const { released, release } = collector();
    log.add(0, 1, 0, 0, 0);
    log.onLost(0, 0);
    log.onLost(0, 1);
    log.settle(1, release);
    t.notOk(log.onLost(0, 2), 'what is settled is lost no more');
    t.ok(log.take(1));
    log.settle(1, release);
    t.same(released, [], 'one still waits');
    t.ok(log.take(1));
    t.ok(log.add(1, 1, log.next.firstSegment, log.next.original, log.next.attempt));
    t.same(released, []);
    log.settle(1, release);
    t.same(released, [1], 'that of the first record');
    log.settle(2, release);
    t.same(released, [1, 1]);
  },
);

t.test('what was only late is not sent again; nor is what was sent too often', async (t) => {
  const log = new RepairLog();
  const { released, release } = collector();
  for (let record = 0; record < 3; record++) {
    log.add(record, record, 0, record, 0);
    log.onLost(record, 0);
  }
  log.onLate(1, 0);
  log.onLate(1, 0);
  log.onLate(9, 0);
  log.settle(3, release);
  t.same(released, [1]);
  t.ok(log.take(1) && log.next.handle === 0);
  log.onLate(2, 0);
  t.notOk(log.take(1));
  log.settle(3, release);
  t.same(new Set(released), new Set([0, 1, 2]));
  log.add(3, 9, 0, 3, RESENDS_MAX);
  t.notOk(log.onLost(3, 0));
  t.equal(log.waiting, 0);
});

t.test('all is given back when all is forgotten, and records may begin anew', async (t) => {
  const log = new RepairLog();
  const { released, release } = collector();
  for (let record = 0; record < 1000; record++) log.add(record, record, 0, record, 0);
  for (let record = 0; record < 1000; record += 3) log.onLost(record, 0);
  log.settle(500, release);
  log.clear(release);
  t.same(
    released.toSorted((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i),
  );
  t.equal(log.waiting, 0);
  t.equal(log.held, 0);
  t.notOk(log.onLost(999, 0));
  t.ok(log.add(0, 1, 0, 0, 0));
});

t.test(
  'no more records than the log of what was sent: what waits since long ago makes way for none but one',
  async (t) => {
    const log = new RepairLog();
    const { released, release } = collector();
    log.add(0, 0, 0, 0, 0);
    log.onLost(0, 0);
    let refused = 0;
    for (let record = 1; record <= RECORDS_MAX; record++) {
      if (!log.add(record, record, 0, record, 0)) refused++;
      log.settle(record, release);
    }
    t.equal(refused, 1, 'the one whose place is taken');
    t.ok(log.take(1));
    t.equal(log.next.handle, 0);
    t.throws(() => log.add(5, 0, 0, 0, 0), RangeError);
    t.equal(released.length, RECORDS_MAX - 1);
  },
);

/** A fixed window. */
function fixedControl(cwnd: number): CongestionControl {
  const nothing = (): void => undefined;
  return {
    control: { cwnd, pacingRate: NEVER, sendQuantum: cwnd },
    onTransmit: nothing,
    onLost: nothing,
    onAck: nothing,
    onTimeout: nothing,
    onSpurious: nothing,
  };
}

interface Options {
  readonly seed: number;
  readonly rows: number;
  readonly loss: number;
  readonly ackLoss: number;
  readonly jitterMs: number;
}

/** Rows of up to 44 segments over a path that loses and reorders, until all are settled. */
class Lossy {
  readonly delivery: Delivery;
  readonly repair = new RepairLog();
  /** References to each row. */
  readonly references: number[] = [];
  readonly added: number[] = [];
  readonly released: number[] = [];
  /** Of each row: segments that did not arrive. */
  readonly missing: Set<number>[] = [];
  readonly givenUp = new Set<string>();
  resent = 0;
  private readonly options: Options;
  private readonly rng: Rng;
  private readonly control = fixedControl(60 * DATAGRAM);
  private now = 0;
  private sequence = 0;
  /** Of each sequence: row and segment; and which arrived. */
  private readonly sources: (readonly [number, number])[] = [];
  private readonly arrived = new Set<number>();
  private events: { at: number; run: () => void }[] = [];
  private isAckDue = false;

  constructor(options: Options) {
    this.options = options;
    this.rng = seededRng(options.seed);
    this.delivery = new Delivery(DATAGRAM, 10 * DATAGRAM, 20, {
      onLoss: (sequence, record) => {
        const [row, segment] = this.sources[sequence];
        const isUp = this.repair.onLost(record, sequence - this.delivery.log.sequence(record));
        if (!isUp) this.givenUp.add(`${row}/${segment}`);
      },
      onLate: (sequence, record) => this.repair.onLate(record, sequence - this.delivery.log.sequence(record)),
      onProbe: () => this.later(1, () => this.acknowledge()),
    });
  }

  run(): void {
    for (let turns = 0; turns < 100_000; turns++) {
      this.pump();
      const at = Math.min(this.delivery.wakeAt, ...this.events.map((event) => event.at));
      if (at === NEVER) return;
      this.now = Math.max(this.now, at);
      const due = this.events.filter((event) => event.at <= this.now);
      this.events = this.events.filter((event) => event.at > this.now);
      for (const event of due) event.run();
      this.delivery.onTimer(this.control, this.now);
      this.settle();
    }
    throw new Error('it never ends');
  }

  private later(ms: number, run: () => void): void {
    this.events.push({ at: this.now + ms, run });
  }

  private settle(): void {
    this.repair.settle(this.delivery.log.open, (row) => {
      this.references[row]--;
      this.released[row]++;
    });
  }

  private room(): number {
    return Math.floor((this.control.control.cwnd - this.delivery.transport.inflight) / DATAGRAM + 1e-6);
  }

  private pump(): void {
    const { next } = this.repair;
    while (this.room() >= 1 && this.repair.take(this.room())) {
      // The row must still be there.
      if (this.references[next.handle] < 1) throw new Error(`row ${next.handle} is gone`);
      this.resent += next.segments;
      this.send(next.handle, next.firstSegment, next.segments, next.original, next.attempt);
    }
    while (this.room() >= 1 && this.missing.length < this.options.rows) {
      const segments = 1 + uniform(this.rng, Math.min(44, this.room()));
      const row = this.missing.length;
      this.missing.push(new Set(Array.from({ length: segments }, (_, i) => i)));
      this.references.push(0);
      this.added.push(0);
      this.released.push(0);
      const cut = uniform(this.rng, segments);
      if (cut > 0) this.send(row, 0, cut, this.sequence, 0);
      this.send(row, cut, segments - cut, this.sequence, 0);
    }
  }

  private send(row: number, firstSegment: number, segments: number, original: number, attempt: number): void {
    const { delivery, repair, options, rng } = this;
    const { sequence } = this;
    if (!delivery.sent(sequence, segments, segments * DATAGRAM, this.now)) throw new Error('no room');
    if (!repair.add(delivery.log.end - 1, row, firstSegment, original, attempt)) throw new Error('refused');
    this.references[row]++;
    this.added[row]++;
    this.sequence += segments;
    for (let i = 0; i < segments; i++) {
      this.sources[sequence + i] = [row, firstSegment + i];
      const [source] = this.sources[original + i];
      if (source !== row) throw new Error('the original is of another row');
      if (this.sources[original + i][1] !== firstSegment + i)
        throw new Error('the original is another segment');
      if (fraction(rng) >= options.loss)
        this.later(10 + fraction(rng) * options.jitterMs, () => this.receive(sequence + i));
    }
  }

  private receive(sequence: number): void {
    const [row, segment] = this.sources[sequence];
    this.arrived.add(sequence);
    this.missing[row].delete(segment);
    if (this.isAckDue) return;
    this.isAckDue = true;
    this.later(3, () => this.acknowledge());
  }

  private acknowledge(): void {
    this.isAckDue = false;
    if (fraction(this.rng) < this.options.ackLoss) return;
    const ranges: number[] = [];
    for (let last = this.sequence - 1; last >= 0 && ranges.length < 64; last--) {
      if (!this.arrived.has(last)) continue;
      let first = last;
      while (this.arrived.has(first - 1)) first--;
      ranges.push(first, last);
      last = first;
    }
    this.later(10 + fraction(this.rng) * this.options.jitterMs, () => {
      this.delivery.onAck(ranges, ranges.length / 2, 0, this.control, this.now);
      this.settle();
    });
  }
}

function judge(path: Lossy): string[] {
  const wrong: string[] = [];
  for (const [row, missing] of path.missing.entries()) {
    for (const segment of missing)
      if (!path.givenUp.has(`${row}/${segment}`))
        wrong.push(`${row}/${segment} neither arrived nor was given up`);
    if (path.references[row] !== 0) wrong.push(`row ${row} has ${path.references[row]} references`);
    if (path.added[row] !== path.released[row])
      wrong.push(`row ${row}: ${path.released[row]} of ${path.added[row]}`);
  }
  if (path.repair.held !== 0 || path.repair.waiting !== 0) wrong.push('something is left');
  return wrong;
}

t.test('a clean path: nothing is sent again', async (t) => {
  const path = new Lossy({ seed: 1, rows: 100, loss: 0, ackLoss: 0, jitterMs: 0 });
  path.run();
  t.same(judge(path), []);
  t.equal(path.resent, 0);
});

t.test('2 % of loss: all arrives, at the price of what was lost', async (t) => {
  const path = new Lossy({ seed: 2, rows: 300, loss: 0.02, ackLoss: 0.02, jitterMs: 1 });
  path.run();
  t.same(judge(path), []);
  t.same(
    path.missing.filter((missing) => missing.size > 0),
    [],
  );
  const { tally } = path.delivery;
  t.ok(path.resent <= tally.lost && tally.lost < 0.04 * tally.sent, `${tally.lost} of ${tally.sent}`);
});

t.test(
  'any loss and reordering: each segment arrives or is given up, each reference is given back',
  async (t) => {
    const options = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 60 }),
      loss: fc.double({ min: 0, max: 0.2, noNaN: true }),
      ackLoss: fc.double({ min: 0, max: 0.5, noNaN: true }),
      jitterMs: fc.double({ min: 0, max: 40, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(options, async (chosen) => {
        const path = new Lossy(chosen);
        path.run();
        t.same(judge(path), []);
      }),
      { numRuns: 60 },
    );
  },
);
