import type { RecordSet, RecordView } from '../../host/api/types.ts';
import { type Command, text } from '../command.ts';
import { placeOf } from '../paths.ts';
import { json, next, plural } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs.positional('key', {
      type: 'string',
      describe: 'name of the value, or the hash that mcc put --immutable printed',
      demandOption: true,
    }),
  async run(args) {
    const key = text(args, 'key') ?? '';
    const result = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.get<RecordSet>(`/v1/records/${encodeURIComponent(key)}`),
    );
    if (args.json) {
      json(result);
      return 0;
    }
    for (const record of result.records) print(record);
    if (result.records.length > 1)
      next(`${plural(result.records.length, 'value')}, of as many nodes, newest first`);
    return 0;
  },
};

/** Text ends its line; other bytes stay as they are. A terminal gets no bytes that could steer it. */
function print({ value, valueBase64url }: RecordView): void {
  if (process.stdout.isTTY) {
    const visible = (value ?? valueBase64url).replaceAll(/[^\P{C}\n\t]/gu, '\u{fffd}');
    process.stdout.write(`${visible}\n`);
    return;
  }
  process.stdout.write(Buffer.from(valueBase64url, 'base64url'));
  if (value !== null && !value.endsWith('\n')) process.stdout.write('\n');
}
