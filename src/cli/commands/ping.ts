import type { PeerList, PingResult } from '../../host/api/types.ts';
import type { Client } from '../client.ts';
import { type Command, text } from '../command.ts';
import { parseWhole } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, path, roundTrip } from '../print.ts';
import { withDaemon } from '../session.ts';
import { suggesting } from '../suggest.ts';

const INTERVAL_MS = 200;

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('target', {
        type: 'string',
        describe: 'node name, node ID or virtual address',
        demandOption: true,
      })
      .option('count', { alias: 'c', type: 'string', default: '4', describe: 'echoes to send' }),
  async run(args) {
    const count = parseWhole(text(args, 'count'), '--count', 1, 1000);
    const target = text(args, 'target') ?? '';
    const print = args.json ? undefined : printLine;
    const result = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      suggesting(
        () => ping(client, target, count, print),
        target,
        async () => (await client.get<PeerList>('/v1/peers')).peers.map(({ name }) => name),
      ),
    );
    if (args.json) json({ ...result, target: undefined });
    else data(summary(result));
    return result.rttMs.length > 0 ? 0 : 1;
  },
};

/** One request per echo, so that each line appears when its answer came. */
async function ping(
  client: Client,
  target: string,
  count: number,
  print: ((sequence: number, one: PingResult) => void) | undefined,
): Promise<PingResult> {
  let total: PingResult | undefined;
  for (let sequence = 1; sequence <= count; sequence++) {
    if (sequence > 1) await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    const one = await client.post<PingResult>('/v1/ping', { target, count: 1 });
    print?.(sequence, one);
    total = {
      ...one,
      path: one.path.kind === null && total !== undefined ? total.path : one.path,
      rttMs: [...(total?.rttMs ?? []), ...one.rttMs],
      lost: (total?.lost ?? 0) + one.lost,
    };
  }
  return total as PingResult;
}

function printLine(sequence: number, one: PingResult): void {
  const [rtt] = one.rttMs;
  data(rtt === undefined ? `${sequence}  no answer` : `${sequence}  ${roundTrip(rtt)}  ${path(one.path)}`);
}

function summary(result: PingResult): string {
  const sent = result.rttMs.length + result.lost;
  const sorted = result.rttMs.toSorted((a, b) => a - b);
  const median = sorted.length === 0 ? '' : `, median ${roundTrip(sorted[sorted.length >> 1])}`;
  return `${sent} sent, ${result.lost} lost${median}`;
}
