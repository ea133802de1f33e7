import type { AccessAnswer } from '../../host/api/types.ts';
import { type Command, text } from '../command.ts';
import { placeOf } from '../paths.ts';
import { data, json, safe } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('from', {
        type: 'string',
        describe: 'who asks: a node (NAME, NAME.node.ORG or its ID), an ORGANISATION, tag:NAME or guests',
        demandOption: true,
      })
      .positional('to', {
        type: 'string',
        describe: 'a service of this node, or the name of this node with :PORT (:PORT/udp)',
        demandOption: true,
      }),
  /** The exit status is the answer: 0 yes, 1 no. */
  async run(args) {
    const input = { from: text(args, 'from') ?? '', to: text(args, 'to') ?? '' };
    const answer = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.post<AccessAnswer>('/v1/access', input),
    );
    if (args.json) json(answer);
    else data(`${answer.allowed ? 'yes' : 'no'}: ${safe(answer.message, 400)}`);
    return answer.allowed ? 0 : 1;
  },
};
