import t from 'tap';
import { TokenBucket, TokenBuckets } from '../../../src/core/base/token-bucket.ts';

t.test('a bucket lets a burst through, then its rate, and never saves up more than a burst', async (t) => {
  const bucket = new TokenBucket(10, 3);
  const passed = (from: number, to: number): number => {
    let count = 0;
    for (let now = from; now < to; now++) if (bucket.take(now)) count++;
    return count;
  };
  t.equal(passed(5000, 5001) + passed(5001, 5003), 3);
  t.equal(passed(5003, 6000), 9);
  const late = [1, 2, 3, 4].filter(() => bucket.take(1e9));
  t.equal(late.length, 3);
  t.notOk(bucket.take(0), 'a clock that goes back gives nothing');
});

t.test('a drained bucket fills again', async (t) => {
  const bucket = new TokenBucket(10, 3);
  bucket.drain();
  bucket.take(1e6);
  bucket.drain();
  t.notOk(bucket.take(1e6 + 99));
  t.ok(bucket.take(1e6 + 101));
});

t.test('buckets by key know nothing of each other, and are so many at most', async (t) => {
  const buckets = new TokenBuckets(2, 10, 1);
  t.ok(buckets.take('a', 5000));
  t.notOk(buckets.take('a', 5000));
  t.ok(buckets.take('b', 5000));
  t.notOk(buckets.take('a', 5001), 'it is the one used last');
  t.ok(buckets.take('c', 5001));
  t.notOk(buckets.take('a', 5002));
  t.ok(buckets.take('b', 5002), 'forgotten, as it was silent for longest');
});
