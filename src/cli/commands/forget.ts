import { type Command, text } from '../command.ts';
import { placeOf } from '../paths.ts';
import { data, json, safe } from '../print.ts';
import { withDaemon } from '../session.ts';

/** What a value that cannot change lies under. */
const HASH = /^[0-9a-z]{52}$/i;

export const command: Command = {
  options: (yargs) =>
    yargs.positional('key', {
      type: 'string',
      describe: 'name of a value that this node put, or the hash that mcc put --immutable printed',
      demandOption: true,
    }),
  async run(args) {
    const key = text(args, 'key') ?? '';
    await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.call<void>('DELETE', `/v1/records/${encodeURIComponent(key)}`),
    );
    if (args.json) json({ key, removed: true });
    else
      data(
        `${safe(key)}: taken back${HASH.test(key) ? '; what others keep of it expires within a day' : ''}`,
      );
    return 0;
  },
};
