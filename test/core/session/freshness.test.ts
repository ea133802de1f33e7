import fc from 'fast-check';
import t from 'tap';
import { FRESHNESS_BLOCK, FreshnessCounter, Ledger } from '../../../src/core/session/session.ts';

t.test('a counter is never given out twice, whenever the node crashes', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { maxLength: 6 }), (runs) => {
      let onDisk = 1;
      let highest = 0;
      for (const uses of runs) {
        const counter = new FreshnessCounter(onDisk, (reservedTo) => {
          onDisk = reservedTo;
        });
        for (let i = 0; i < uses; i++) {
          const taken = counter.take();
          if (taken <= highest || taken >= onDisk) return false;
          highest = taken;
        }
      }
      return true;
    }),
  );
  t.end();
});

t.test('a write to disk is made once per block', (t) => {
  let writes = 0;
  const counter = new FreshnessCounter(0, () => writes++);
  for (let i = 0; i < 3 * FRESHNESS_BLOCK; i++) counter.take();
  t.equal(writes, 3);
  t.end();
});

t.test('the ledger knows new, repeated and neither', (t) => {
  const ledger = new Ledger();
  const [alice, bob] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
  t.equal(ledger.judge(alice, 5, one), 'new');
  ledger.record(alice, 5, one);
  t.equal(ledger.judge(alice, 6, one), 'new');
  t.equal(ledger.judge(alice, 5, one), 'repeated');
  t.equal(ledger.judge(alice, 5, two), undefined, 'the same counter for another initiation');
  t.equal(ledger.judge(alice, 4, one), undefined);
  t.equal(ledger.judge(bob, 1, one), 'new', 'another remote');
  ledger.record(alice, 3, two);
  t.equal(ledger.judge(alice, 5, one), 'repeated', 'a lower counter does not replace it');
  t.end();
});

t.test('the ledger is bounded: who was forgotten is new', (t) => {
  const ledger = new Ledger();
  const remote = (i: number) => Uint8Array.of(i, i >> 8, ...new Uint8Array(30));
  for (let i = 0; i <= 16_384; i++) ledger.record(remote(i), 5, remote(i));
  t.equal(ledger.judge(remote(0), 4, remote(0)), 'new');
  t.equal(ledger.judge(remote(1), 4, remote(1)), undefined);
  t.end();
});
