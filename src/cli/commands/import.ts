import type { Argv } from 'yargs';
import type { ImportInput, ImportList, ImportView } from '../../host/api/types.ts';
import { type Arguments, type Command, text } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkName } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, table } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('service', {
        type: 'string',
        describe: 'SERVICE.ORGANISATION of another organisation, by name or ID',
      })
      .option('as', { type: 'string', describe: 'name that it has on this node [SERVICE]' })
      .option('list', { type: 'boolean', describe: 'show what was imported' })
      .check(complete) as Argv,
  run: (args) => (args.list === true ? list(args) : add(args)),
};

function complete(args: Record<string, unknown>): true {
  if ((args.list === true) === (args.service !== undefined))
    throw new UsageError('mcc import needs either a SERVICE.ORGANISATION or --list');
  if (args.list === true && args.as !== undefined)
    throw new UsageError('--as goes with SERVICE.ORGANISATION');
  return true;
}

async function add(args: Arguments): Promise<number> {
  const service = (text(args, 'service') ?? '').toLowerCase();
  const name = checkName(text(args, 'as') ?? service.split('.')[0]);
  const input: ImportInput = { service };
  const imported = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.call<ImportView>('PUT', `/v1/imports/${name}`, input),
  );
  if (args.json) {
    json(imported);
    return 0;
  }
  data(`${name} is service ${safe(imported.service)} of ${safe(imported.organisation)} on this node`);
  next(`who offers it: mcc resolve ${name}        give the name up: mcc unimport ${name}`);
  return 0;
}

async function list(args: Arguments): Promise<number> {
  const { imports } = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.get<ImportList>('/v1/imports'),
  );
  if (args.json) {
    json({ imports });
    return 0;
  }
  if (imports.length === 0) {
    next('nothing was imported; give a service of another organisation a name here: mcc import SERVICE.ORG');
    return 0;
  }
  const rows = imports.map((one) => [safe(one.name), safe(one.service), safe(one.organisation)]);
  for (const line of table([['NAME', 'SERVICE', 'ORGANISATION'], ...rows], [])) data(line);
  return 0;
}
