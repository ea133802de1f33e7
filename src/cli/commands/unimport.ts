import type { ImportList } from '../../host/api/types.ts';
import { type Command, text } from '../command.ts';
import { checkName } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json } from '../print.ts';
import { withDaemon } from '../session.ts';
import { suggesting } from '../suggest.ts';

export const command: Command = {
  options: (yargs) =>
    yargs.positional('name', { type: 'string', describe: 'name that was imported', demandOption: true }),
  async run(args) {
    const name = checkName(text(args, 'name') ?? '');
    await withDaemon(placeOf(args.state), {}, ({ client }) =>
      suggesting(
        () => client.call<void>('DELETE', `/v1/imports/${name}`),
        name,
        async () => (await client.get<ImportList>('/v1/imports')).imports.map((one) => one.name),
      ),
    );
    if (args.json) json({ name, removed: true });
    else data(`${name} is no imported name any more`);
    return 0;
  },
};
