import fc from 'fast-check';
import t from 'tap';
import { formatIp, type IpAddress, ipv4 } from '../../../src/core/base/ip.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time.ts';
import { CalledLog, OPENED_MS, SAVE_CALLED_MS, SAVED_MAX } from '../../../src/core/path/path.ts';
import type { CalledChange, CalledHost } from '../../../src/core/path/types.ts';

const EPOCH_MS = 1_800_000_000_000;
const host = (n: number): IpAddress => ipv4(203, 0, n >> 8, n & 255);

class Disk {
  readonly rows = new Map<string, CalledHost>();
  writes = 0;

  save(changes: readonly CalledChange[]): void {
    for (const change of changes) {
      this.writes++;
      if (change.kind === 'called') this.rows.set(formatIp(change.called.ip), change.called);
      else this.rows.delete(formatIp(change.ip));
    }
  }

  /** Addresses that may have been called; '': all. */
  recalled(wallMs: number): Map<string, number> {
    const log = new CalledLog([...this.rows.values()], wallMs);
    return new Map(
      log.recent(wallMs).map(({ ip, latestMs }) => [ip === undefined ? '' : formatIp(ip), latestMs]),
    );
  }
}

t.test('whoever was called lately is known to the next run, whenever this one ends', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(40), fc.nat(5 * MINUTE_MS)), { maxLength: 200 }),
      fc.nat(OPENED_MS),
      (calls, downMs) => {
        const disk = new Disk();
        const log = new CalledLog([], EPOCH_MS);
        const lastMs = new Map<string, number>();
        let wallMs = EPOCH_MS;
        for (const [n, afterMs] of calls) {
          wallMs += afterMs;
          disk.save(log.called(host(n), wallMs, wallMs - EPOCH_MS));
          lastMs.set(formatIp(host(n)), wallMs);
        }
        wallMs += downMs;
        const recalled = disk.recalled(wallMs);
        for (const [ip, at] of lastMs) {
          if (wallMs - at >= OPENED_MS) continue;
          const latestMs = Math.max(recalled.get(ip) ?? 0, recalled.get('') ?? 0);
          if (latestMs < at || latestMs > wallMs) return false;
        }
        return disk.recalled(wallMs + SAVE_CALLED_MS + OPENED_MS).size === 0;
      },
    ),
  );
});

t.test('the disk is written to seldom, and holds little', async (t) => {
  const disk = new Disk();
  const log = new CalledLog([], EPOCH_MS);
  for (let ms = 0; ms < 6 * HOUR_MS; ms += 1000) disk.save(log.called(host(1), EPOCH_MS + ms, ms));
  t.equal(disk.writes, 36);

  disk.writes = 0;
  const from = 6 * HOUR_MS;
  for (let n = 0; n < 10_000; n++) disk.save(log.called(host(n), EPOCH_MS + from + n, from + n));
  t.ok(disk.writes < 200, `${disk.writes}`);
  const wallMs = EPOCH_MS + from + 10_000;
  t.ok(disk.recalled(wallMs).has(''), 'too many to tell: anybody');

  const patient = new CalledLog([], EPOCH_MS);
  const own = new Disk();
  for (let n = 0; n < 4000; n++) own.save(patient.called(host(n), EPOCH_MS + n * 2500, n * 2500));
  t.ok(own.rows.size <= SAVED_MAX, `${own.rows.size} rows`);
  t.notOk(own.recalled(EPOCH_MS + 4000 * 2500).has(formatIp(host(1))), 'what is old is gone');
});

t.test('a clock that goes back, or was ahead, hides nobody', async (t) => {
  const disk = new Disk();
  const log = new CalledLog([], EPOCH_MS);
  disk.save(log.called(host(1), EPOCH_MS + HOUR_MS, 0));
  disk.save(log.called(host(2), EPOCH_MS, 1));
  t.strictSame(
    disk.recalled(EPOCH_MS + 5),
    new Map([
      [formatIp(host(2)), EPOCH_MS + 5],
      [formatIp(host(1)), EPOCH_MS + 5],
    ]),
  );
  const next = new CalledLog([...disk.rows.values()], EPOCH_MS + 5);
  disk.save(next.called(host(3), EPOCH_MS + 2 * HOUR_MS, 2));
  t.equal(disk.rows.size, 1, 'and does not stay for ever');
});
