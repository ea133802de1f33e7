// Records that are acknowledged at once are as if each of their datagrams were.
import t from 'tap';
import { RECORD_DATAGRAMS, SentLog } from '../../../src/core/congestion/sent-log.ts';

t.test('marking a whole record marks its datagrams and no others', async (t) => {
  for (const datagrams of [1, 2, 31, 32, 33, 64, 65, 96, RECORD_DATAGRAMS - 1, RECORD_DATAGRAMS]) {
    const [log, other] = [new SentLog(), new SentLog()];
    for (const each of [log, other]) {
      each.add(0, RECORD_DATAGRAMS, false);
      each.add(RECORD_DATAGRAMS, datagrams, false);
      each.add(RECORD_DATAGRAMS + datagrams, RECORD_DATAGRAMS, false);
    }
    log.markWhole(1);
    for (let datagram = 0; datagram < datagrams; datagram++) other.markAcked(1, datagram);
    t.ok(log.isWhole(1) && other.isWhole(1), `${datagrams} datagrams`);
    for (const record of [0, 1, 2]) {
      t.equal(log.outstanding(record), other.outstanding(record));
      const seen = (each: SentLog) =>
        Array.from({ length: each.datagrams(record) }, (_, i) => [
          each.isAcked(record, i),
          each.isLost(record, i),
        ]);
      t.same(seen(log), seen(other));
    }
  }
});
