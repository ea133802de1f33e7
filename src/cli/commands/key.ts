import type { JoinResult, KeyChangeInput, Status } from '../../host/api/types.ts';
import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { RemoteError } from '../errors.ts';
import { placeOf } from '../paths.ts';
import { json, safe, talk } from '../print.ts';
import { withDaemon } from '../session.ts';
import { printJoined, readToken } from './join.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('action', { choices: ['change'], demandOption: true })
      .positional('token', {
        type: 'string',
        describe: 'what `mcc invite --replace` of this node printed at a signer, or - for standard input',
      })
      .option('token-file', { type: 'string', describe: 'file that holds the token [MCC_TOKEN_FILE]' })
      .option('yes', {
        type: 'boolean',
        describe: 'the node gets another ID and other virtual addresses; its name and services stay',
      }),
  async run(args) {
    const token = await readToken(args);
    const result = await withDaemon(placeOf(args.state), {}, async ({ client }) => {
      const change = (confirmed: boolean) => {
        const input: KeyChangeInput = { token, confirmed };
        return client.post<JoinResult>('/v1/keys/change', input);
      };
      // What the change means is worth saying of a token that may do it. One that did it already needs no consent.
      return change(false).catch(async (error: unknown) => {
        if (!(error instanceof RemoteError) || error.code !== 'KEY_CHANGE') throw error;
        if (args.json !== true) await warn(client, args.yes === true);
        if (args.yes !== true) throw error;
        return change(true);
      });
    });
    if (args.json) json(result);
    else printJoined(result);
    return 0;
  },
};

async function warn(client: Client, isConfirmed: boolean): Promise<void> {
  const { name, addresses, signer } = await client.get<Status>('/v1/status');
  const { ipv4, ipv6 } = addresses;
  if (!isConfirmed) talk(`${safe(name ?? 'this node')} would be reached at ${ipv6} and ${ipv4} no longer`);
  if (signer) talk('! it signs for its organisation; under the new key it has to ask for that again');
}
