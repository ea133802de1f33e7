import { CodedError } from '../../core/base/errors.ts';
import type { GuestsInput, GuestsResult } from '../../host/api/types.ts';
import { type Arguments, type Command, text } from '../command.ts';
import { UsageError } from '../errors.ts';
import { parseWhole } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, plural } from '../print.ts';
import { withDaemon } from '../session.ts';

/** Of the proof of work; the daemon's own bounds are the same. */
const DIFFICULTY = { least: 8, most: 30, usual: 25 };
const GUESTS_MOST = 10_000;

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('action', { choices: ['open', 'close', 'status'] as const, demandOption: true })
      .option('difficulty', {
        type: 'string',
        describe: `proof of work of each guest, 8 to 30: 2^N hashes; default: 25, some 10 s on one core`,
      })
      .option('max', { type: 'string', describe: 'how many guests there may be at a time [256]' }),
  async run(args) {
    const input = inputOf(args);
    await withDaemon(placeOf(args.state), {}, async ({ client }) => {
      const result =
        input === undefined
          ? await client.get<GuestsResult>('/v1/guests')
          : await client.call<GuestsResult>('PUT', '/v1/guests', input);
      if (args.json) json(result);
      else print(result);
    });
    return 0;
  },
};

function inputOf(args: Arguments): GuestsInput | undefined {
  const action = text(args, 'action');
  const difficulty = text(args, 'difficulty');
  const max = text(args, 'max');
  if (action !== 'open' && (difficulty !== undefined || max !== undefined))
    throw new UsageError('--difficulty and --max go with mcc guests open');
  if (action === 'status') return undefined;
  if (action === 'close') return { open: false };
  return {
    open: true,
    ...(difficulty === undefined ? {} : { difficulty: difficultyOf(difficulty) }),
    ...(max === undefined ? {} : { max: parseWhole(max, '--max', 1, GUESTS_MOST) }),
  };
}

function difficultyOf(said: string): number {
  if (said === 'default') return DIFFICULTY.usual;
  const { least, most } = DIFFICULTY;
  if (!/^\d+$/.test(said)) throw new CodedError('NUMBER_INVALID', '--difficulty takes a number or default');
  return parseWhole(said, '--difficulty', least, most);
}

function print({ open, difficulty, currentDifficulty, max, guests }: GuestsResult): void {
  const now = currentDifficulty === difficulty ? '' : `, ${currentDifficulty} at present, since many come`;
  const there = `${plural(guests, 'guest')} of at most ${max}`;
  if (open) {
    data(`open: difficulty ${difficulty}${now}; ${there}`);
    next('invite them: mcc invite --guests; let them in: mcc service share NAME --share guests');
  } else {
    data(`closed: nobody comes in; ${there}`);
    if (guests > 0) next('those who are in stay until their certificates end, a day at most');
  }
}
