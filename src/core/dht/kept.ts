// What lies here for the network, page by page, for those who run this node.
import { decodeRecord, decodeSignedRecord } from '../wire/wire.ts';
import type { RecordStore } from './store.ts';
import type { KeptPage, KeptRecord } from './types.ts';

/** Records of one page. */
const PAGE = 200;

/** From record `from` on, in the order in which their keys came. What comes or goes between two pages may be missed, or seen twice. */
export function keptPage(store: RecordStore, from: number): KeptPage {
  const records: KeptRecord[] = [];
  let at = 0;
  for (const entry of store.values()) {
    if (at + entry.records.size <= from) {
      at += entry.records.size;
      continue;
    }
    for (const { bytes, owner, expires, isWithdrawn } of entry.records.values()) {
      if (at++ < from) continue;
      if (records.length === PAGE) return { records, next: at - 1 };
      // It was read when it came.
      const record = decodeRecord(decodeSignedRecord(bytes).record);
      const { chain, organisation } = owner.publisher;
      records.push({ key: entry.key, record, bytes, chain, organisation, expires, isWithdrawn });
    }
  }
  return { records, next: undefined };
}
