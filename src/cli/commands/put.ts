import type { RecordInput, RecordResult } from '../../host/api/types.ts';
import { type Arguments, type Command, text } from '../command.ts';
import { UsageError } from '../errors.ts';
import { standardInput } from '../input.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, plural, span } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('key', {
        type: 'string',
        describe: 'name of the value, at most 63 bytes; left out with --immutable',
        demandOption: true,
      })
      .positional('value', {
        type: 'string',
        describe: 'the value, at most 820 bytes, or - to read it from standard input',
      })
      .option('immutable', {
        type: 'boolean',
        describe: 'store it under its hash, which is printed: mcc put --immutable VALUE',
      }),
  async run(args) {
    const { key, value } = await readArguments(args);
    const result = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      key === undefined
        ? client.post<RecordResult>('/v1/records', value)
        : client.call<RecordResult>('PUT', `/v1/records/${encodeURIComponent(key)}`, value),
    );
    if (args.json) {
      json(result);
      return 0;
    }
    if (key === undefined) data(result.key);
    else data(`${key}: stored at ${plural(result.copies, 'node')} for ${span(lifetimeMs(result))}`);
    next(`read it, on any node: mcc get ${result.key}`);
    return 0;
  },
};

async function readArguments(args: Arguments): Promise<{ key: string | undefined; value: RecordInput }> {
  const [first, second] = [text(args, 'key') ?? '', text(args, 'value')];
  if (args.immutable === true) {
    if (second !== undefined)
      throw new UsageError('a value that cannot change has no key: mcc put --immutable VALUE');
    return { key: undefined, value: await readValue(first) };
  }
  if (second === undefined) throw new UsageError('mcc put needs a KEY and a VALUE (or - for standard input)');
  return { key: first, value: await readValue(second) };
}

/** Bytes of standard input go as they are; what is no text does not become one. */
async function readValue(given: string): Promise<RecordInput> {
  if (given !== '-') return { value: given };
  return { valueBase64url: (await standardInput()).toString('base64url') };
}

function lifetimeMs({ expires }: RecordResult): number {
  return Date.parse(expires) - Date.now();
}
