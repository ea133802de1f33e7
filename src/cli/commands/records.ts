import type { KeptRecordList, KeptRecordView } from '../../host/api/types.ts';
import type { Command } from '../command.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, table, volume } from '../print.ts';
import { withDaemon } from '../session.ts';

/** Characters of keys that people compare. */
const SHORT = 16;
const BASE64_BYTES = 3 / 4;

export const command: Command = {
  options: (yargs) => yargs,
  async run(args) {
    const records: KeptRecordView[] = [];
    await withDaemon(placeOf(args.state), {}, async ({ client }) => {
      for (let cursor: number | null = 0; cursor !== null; ) {
        const page: KeptRecordList = await client.get<KeptRecordList>(`/v1/dht/records?cursor=${cursor}`);
        records.push(...page.records);
        cursor = page.nextCursor;
      }
    });
    if (args.json) json({ records });
    else if (records.length === 0) next('nothing; nodes that others reach keep records for the network');
    else for (const line of recordTable(records)) data(line);
    return 0;
  },
};

function recordTable(records: readonly KeptRecordView[]): string[] {
  const rows = records.map(({ kind, name, key, publisher, recordBase64url, expires }) => [
    safe(kind),
    safe(name),
    key.slice(0, SHORT),
    publisher.slice(0, SHORT),
    volume(Math.floor(recordBase64url.length * BASE64_BYTES)),
    expires,
  ]);
  return table([['KIND', 'NAME', 'KEY', 'PUBLISHER', 'SIZE', 'EXPIRES'], ...rows], [4]);
}
