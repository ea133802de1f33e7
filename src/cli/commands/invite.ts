import type { GuestInviteInput, GuestInviteResult, InviteInput, InviteResult } from '../../host/api/types.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkAddress, checkName, parseDuration, parseWhole } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, plural, safe, span, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .option('organisation', {
        type: 'string',
        describe: 'organisation that the new nodes belong to [the own one]',
      })
      .option('uses', { type: 'string', default: '1', describe: 'how many nodes may join with the token' })
      .option('expires', {
        type: 'string',
        default: '24h',
        describe: 'how long the token is good for: 30m, 24h, 7d',
      })
      .option('address', {
        type: 'string',
        describe: 'HOST:PORT where joiners reach this node; may be repeated',
      })
      .option('guests', {
        type: 'boolean',
        describe: 'an invitation for guests instead: no secret, good while guests are admitted',
      })
      .option('provides', {
        type: 'string',
        describe: 'service names that the new nodes may offer, such as web-*; may be repeated [all]',
      })
      .option('replace', {
        type: 'string',
        describe:
          'name or ID of a node: the one that joins takes its place, with its name and tags, and its key is revoked with that',
      })
      .option('tag', {
        type: 'string',
        describe: 'tag of the new nodes, by which services choose who may use them; may be repeated',
      }),
  async run(args) {
    if (args.guests === true) return inviteGuests(args);
    const input: InviteInput = {
      organisation: text(args, 'organisation'),
      uses: parseWhole(text(args, 'uses'), '--uses', 1, 1000),
      expiresMs: parseDuration(text(args, 'expires') ?? ''),
      addresses: texts(args, 'address').map(checkAddress),
      provides: texts(args, 'provides'),
      tags: texts(args, 'tag').map(checkName),
      replaces: text(args, 'replace'),
    };
    await withDaemon(placeOf(args.state), {}, async ({ client, temporary }) => {
      const result = await client.post<InviteResult>('/v1/invitations', input);
      if (args.json) {
        json(result);
        return;
      }
      const left = Date.parse(result.expires) - Date.now();
      talk(
        `for ${plural(result.uses, 'node')}, within ${span(left)}; this node is looked for at ${where(result)}`,
      );
      for (const warning of result.warnings) talk(`! ${warning.message}`);
      if (temporary) talk('! no daemon runs here; start it before the token is used: mcc run');
      if (input.replaces !== undefined)
        talk('that node itself goes on under a new key: mcc key change TOKEN; another one takes its place:');
      talk(
        'on the other node: mcc join TOKEN (or mcc join - and paste it, out of sight of others), with this token:',
      );
      data(result.token);
    });
    return 0;
  },
};

const OF_MEMBERS = ['organisation', 'provides', 'tag', 'replace'];

async function inviteGuests(args: Arguments): Promise<number> {
  const wrong = OF_MEMBERS.find((option) => args[option] !== undefined);
  if (wrong !== undefined) throw new UsageError(`--${wrong} is for members; guests belong to nobody`);
  const input: GuestInviteInput = { addresses: texts(args, 'address').map(checkAddress) };
  await withDaemon(placeOf(args.state), {}, async ({ client }) => {
    const result = await client.post<GuestInviteResult>('/v1/guests/invitations', input);
    if (args.json) {
      json(result);
      return;
    }
    talk(`for guests; this node is looked for at ${where(result)}`);
    for (const warning of result.warnings) talk(`! ${warning.message}`);
    talk('it is no secret; on the other node: mcc join --guest INVITATION, with this one:');
    data(result.token);
  });
  return 0;
}

function where(result: Pick<InviteResult, 'addresses'>): string {
  return result.addresses.length === 0 ? 'no address' : result.addresses.map((text) => safe(text)).join(', ');
}
