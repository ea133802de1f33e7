import type { Argv } from 'yargs';
import type { MemberInput, MemberList, MemberView } from '../../host/api/types.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkName } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, table, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('action', { choices: ['list', 'set'], demandOption: true })
      .positional('node', { type: 'string', describe: 'name or ID of a node of the own organisation' })
      .option('tag', {
        type: 'string',
        describe: 'the tags that it has from now on, instead of those it had; may be repeated',
      })
      .option('untagged', { type: 'boolean', describe: 'it has no tag from now on' })
      .option('provides', {
        type: 'string',
        describe: 'service names that it may offer from now on, such as web-*; may be repeated',
      })
      .option('provides-all', { type: 'boolean', describe: 'it may offer services of any name' })
      .check(complete) as Argv,
  run: (args) => (args.action === 'list' ? list(args) : set(args)),
};

function complete(args: Record<string, unknown>): true {
  const said = ['tag', 'untagged', 'provides', 'providesAll'].filter((option) => args[option] !== undefined);
  if (args.action === 'list') {
    if (args.node !== undefined || said.length > 0)
      throw new UsageError('mcc member list takes nothing else');
    return true;
  }
  if (args.node === undefined) throw new UsageError('mcc member set needs a NODE: its name or ID');
  if (said.length === 0)
    throw new UsageError('say what it may: --tag or --untagged, --provides or --provides-all');
  if (said.includes('tag') && said.includes('untagged')) throw new UsageError('either --tag or --untagged');
  if (said.includes('provides') && said.includes('providesAll'))
    throw new UsageError('either --provides or --provides-all');
  return true;
}

async function list(args: Arguments): Promise<number> {
  const { members } = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.get<MemberList>('/v1/members'),
  );
  if (args.json) {
    json({ members });
    return 0;
  }
  const rows = members.map((member) => [
    safe(member.name),
    member.nodeId,
    member.self ? 'here' : member.online ? 'yes' : 'no',
    names(member.tags, '-'),
    names(member.provides, 'all'),
    `${member.certificateExpires.slice(0, 10)}${member.pending === null ? '' : '  (about to change)'}`,
  ]);
  for (const line of table([['NAME', 'NODE', 'ONLINE', 'TAGS', 'PROVIDES', 'UNTIL'], ...rows])) data(line);
  return 0;
}

async function set(args: Arguments): Promise<number> {
  const input: MemberInput = {};
  if (args.tag !== undefined || args.untagged === true) input.tags = texts(args, 'tag').map(checkName);
  if (args.provides !== undefined || args.providesAll === true) input.provides = texts(args, 'provides');
  const node = text(args, 'node') ?? '';
  const member = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.call<MemberView>('PUT', `/v1/members/${encodeURIComponent(node)}`, input),
  );
  if (args.json) {
    json(member);
    return 0;
  }
  const { tags, provides } = member.pending ?? member;
  data(`${safe(member.name)}: tags ${names(tags, 'none')}; may offer ${names(provides, 'all services')}`);
  if (member.pending !== null)
    talk(member.online ? 'it is told now' : 'it is not there: it is told as soon as it is, by this node');
  else if (!member.self) next('nothing changes for it');
  return 0;
}

function names(list: readonly string[], none: string): string {
  return list.length === 0 ? none : list.map((name) => safe(name)).join(',');
}
