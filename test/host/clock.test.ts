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

t.test('what is saved is never far beyond what was seen to pass', (t) => {
  const DAY = 24 * HOUR;
  const real = Date.now;
  t.teardown(() => {
    Date.now = real;
  });
  const saved = real() - 2 * DAY;
  const clock = new WallClock(saved);
  t.ok(Math.abs(clock.savable() - real()) < 1000, 'a host that was off for two days');
  Date.now = () => real() + 1000 * DAY;
  t.ok(clock.follow());
  t.ok(clock.savable() <= real() + DAY + 1000, 'a jump while it runs');
  const ahead = new WallClock(saved);
  t.ok(ahead.savable() <= real() + 32 * DAY, 'a clock that is wrong from the start');
  t.ok(new WallClock(0).savable() <= real() + 367 * DAY, 'the first time of all');
  t.end();
});
