import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { CodedError } from '../../core/base/errors.ts';
import type { GuestWork, JoinInput, JoinResult } from '../../host/api/types.ts';
import { type Arguments, type Command, text } from '../command.ts';
import { errorBody, UsageError } from '../errors.ts';
import { standardInput } from '../input.ts';
import { checkName, nameFromHost } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, path, roundTrip, safe, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

const TOKEN_BYTES_MAX = 4096;
/** Proofs of work that may come too late, one after the other. */
const ATTEMPTS_MAX = 3;

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('token', {
        type: 'string',
        describe: 'what `mcc invite` printed, or - to read it from standard input',
      })
      .option('token-file', { type: 'string', describe: 'file that holds the token [MCC_TOKEN_FILE]' })
      .option('guest', {
        type: 'boolean',
        describe: 'come as a guest: for a proof of work, to use what is shared with guests',
      })
      .option('name', { type: 'string', describe: "name of this node [the host's name]" }),
  async run(args) {
    const token = await readToken(args);
    const isGuest = args.guest === true || /^mccg/i.test(token);
    const { result, temporary } = isGuest ? await joinAsGuest(args, token) : await joinAsMember(args, token);
    if (args.json) json(result);
    else printJoined(result);
    if (temporary) talk('no daemon runs here yet; start it: mcc run');
    else if (!args.json) next('see who is there: mcc status');
    return 0;
  },
};

interface Joined {
  readonly result: JoinResult;
  readonly temporary: boolean;
}

async function joinAsMember(args: Arguments, token: string): Promise<Joined> {
  const name = checkName(text(args, 'name') ?? nameFromHost(hostname()));
  return join(args, { token, name });
}

function join(args: Arguments, input: JoinInput): Promise<Joined> {
  return withDaemon(placeOf(args.state), { founds: true }, async ({ client, temporary }) => ({
    result: await client.post<JoinResult>('/v1/join', input),
    temporary,
  }));
}

/** Asks what is to be done, does it, and comes in; nothing is kept of it until then, so it may be stopped at any time. */
async function joinAsGuest(args: Arguments, token: string): Promise<Joined> {
  const { doWork } = await import('../proof-of-work.ts');
  for (let attempt = 1; ; attempt++) {
    const work = await withDaemon(placeOf(args.state), { founds: true }, ({ client }) =>
      client.post<GuestWork>('/v1/guests/work', { token }),
    );
    if (!args.json)
      talk(
        `a guest of ${safe(work.network)} does a proof of work: difficulty ${work.difficulty}, good until the end of the next hour`,
      );
    const guest = await doWork(work, args.json === true);
    try {
      return await join(args, { token, guest });
    } catch (error) {
      // It took longer than the hour, or many came meanwhile.
      if (errorBody(error).code !== 'WORK_STALE' || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

export function printJoined(result: JoinResult): void {
  data(`network    ${safe(result.network)} ${result.networkId}`);
  const as = result.organisation === '' ? 'a guest' : `${safe(result.name)} of ${safe(result.organisation)}`;
  data(`admitted   by ${safe(result.admittedBy)} as ${as}`);
  data(`node ID    ${result.nodeId}`);
  data(`addresses  ${[result.addresses.ipv6, result.addresses.ipv4].filter(Boolean).join('  ')}`);
  if (result.peer === null || result.peer.rttMs.length === 0) return;
  data(`ping       ${safe(result.peer.name)} ${roundTrip(result.peer.rttMs[0])} ${path(result.peer.path)}`);
}

/** From the argument, standard input (-), --token-file or MCC_TOKEN_FILE: an argument is seen by every user in `ps`. */
export async function readToken(args: Arguments): Promise<string> {
  const given = text(args, 'token');
  const file = text(args, 'tokenFile');
  if (given !== undefined && file !== undefined)
    throw new UsageError('give the token or --token-file, not both');
  if (given === '-') return clean((await standardInput()).toString());
  if (given !== undefined) return clean(given);
  const path = file ?? process.env.MCC_TOKEN_FILE;
  if (path === undefined || path === '') {
    throw new UsageError(
      'no token; give it as mcc join TOKEN, mcc join - (standard input) or --token-file FILE',
    );
  }
  try {
    return clean(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    throw new CodedError('TOKEN_MALFORMED', `${path} cannot be read (${reason})`);
  }
}

/** The token is one line; whatever `mcc invite` printed before it may be in the file too. */
function clean(source: string): string {
  if (source.length > 16 * TOKEN_BYTES_MAX) throw new CodedError('TOKEN_MALFORMED', 'too long');
  const lines = source.split('\n').map((line) => line.trim());
  const token = lines.findLast((line) => line !== '');
  if (token === undefined) throw new CodedError('TOKEN_MALFORMED', 'nothing was given');
  return token;
}
