import type { EndpointView, PeerList, RefusalView, Resolution, ServiceList } from '../../host/api/types.ts';
import type { Client } from '../client.ts';
import { type Command, text } from '../command.ts';
import { placeOf } from '../paths.ts';
import { data, json, safe, table, talk } from '../print.ts';
import { withDaemon } from '../session.ts';
import { suggesting } from '../suggest.ts';

export const command: Command = {
  options: (yargs) =>
    yargs.positional('name', {
      type: 'string',
      describe: 'SERVICE, SERVICE.ORG, NODE.node, NODE.node.ORG or NODEID.node; with the zone or without',
      demandOption: true,
    }),
  async run(args) {
    const name = text(args, 'name') ?? '';
    const result = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      suggesting(
        () => client.get<Resolution>(`/v1/resolve/${encodeURIComponent(name)}`),
        name,
        () => names(client),
      ),
    );
    if (args.json) {
      json(result);
      return 0;
    }
    data([safe(result.name), ...result.addresses].join('  '));
    if (result.endpoints.some(({ port }) => port !== null)) {
      for (const line of table([HEADING, ...result.endpoints.map(row)], [2, 4])) data(line);
    }
    if (result.namesakes.length > 1) {
      talk('! several nodes have this name; by its ID each is reached for itself:');
      for (const nodeId of result.namesakes) talk(`  ${nodeId}.node`);
    }
    for (const refusal of result.refused) talk(`! ${refusedBy(refusal)}`);
    return 0;
  },
};

const HEADING = ['NODE', 'ADDRESS', 'PORT', 'PROTOCOL', 'WEIGHT', 'HEALTH'];

function row(endpoint: EndpointView): string[] {
  const { nodeName, nodeId, address, port, protocol, weight, healthy } = endpoint;
  return [
    safe(nodeName === '' ? nodeId.slice(0, 12) : nodeName),
    address,
    String(port ?? '-'),
    protocol ?? '-',
    String(weight ?? '-'),
    healthy ? 'healthy' : 'unhealthy',
  ];
}

const WHY: Readonly<Record<RefusalView['reason'], string>> = {
  notShared: 'the service is not shared with this organisation',
  tag: 'the service asks for a tag that the certificate of this node does not bear',
  closed: 'nothing is offered there',
  policy: 'its policy does not let this node',
};

function refusedBy({ name, nodeId, reason, last, service, protocol, port }: RefusalView): string {
  const what = service === null ? (port === null ? protocol : `${protocol} ${port}`) : safe(service);
  const who = name === '' ? nodeId.slice(0, 12) : safe(name);
  return `${who} refused this node ${what} at ${last.slice(11, 19)} UTC: ${WHY[reason]}`;
}

/** What this node knows without asking anybody. */
async function names(client: Client): Promise<string[]> {
  const { services } = await client.get<ServiceList>('/v1/services');
  const { peers } = await client.get<PeerList>('/v1/peers');
  return [...services.map(({ name }) => name), ...peers.map(({ name }) => `${name}.node`)];
}
