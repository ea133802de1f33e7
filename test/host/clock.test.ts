import t from 'tap';
import { nowMs, WallClock } from '../../src/host/io/io.ts';

const HOUR = 3_600_000;

t.test('the system clock counts, unless it lies before what has certainly passed', (t) => {
  const right = new WallClock(Date.now() - HOUR);
  t.ok(Math.abs(right.now() - Date.now()) < 100);
  t.equal(right.behindMs, 0);
  const behind = new WallClock(Date.now() + HOUR);
  t.ok(Math.abs(behind.now() - Date.now() - HOUR) < 100);
  t.ok(behind.behindMs > HOUR - 1000);
  t.notOk(behind.follow(), 'time does not jump back');
  t.end();
});

t.test('a clock that was set is followed, not below what has passed', (t) => {
  const clock = new WallClock(Date.now() - HOUR);
  t.notOk(clock.follow());
  const real = Date.now;
  t.teardown(() => {
    Date.now = real;
  });
  Date.now = () => real() + 2 * HOUR;
  t.ok(clock.follow());
  t.ok(Math.abs(nowMs() + clock.offsetMs - real() - 2 * HOUR) < 100);
  Date.now = () => real() - 5 * HOUR;
  t.ok(clock.follow());
  t.ok(clock.now() > real() - HOUR - 1000, 'the floor is the saved time or the build');
  t.end();
});
