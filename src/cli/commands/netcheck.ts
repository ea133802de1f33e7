import type { NatBehaviour, NatView, NetCheck } from '../../host/api/types.ts';
import type { Command } from '../command.ts';
import { placeOf } from '../paths.ts';
import { data, json, natName, plural, roundTrip, safe } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) => yargs,
  async run(args) {
    const check = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.get<NetCheck>('/v1/netcheck'),
    );
    if (args.json) json(check);
    else for (const line of lines(check)) data(line);
    return 0;
  },
};

function lines(check: NetCheck): string[] {
  const { portMapping, relays } = check;
  const relayed = relays.map(({ name, nodeId, rttMs }) => `${safe(name || nodeId)} ${roundTrip(rttMs)}`);
  return [
    `asked         ${plural(check.asked, 'node')}, ${check.answered} answered`,
    ...family('IPv4', check.ipv4),
    ...family('IPv6', check.ipv6),
    `port mapping  ${portMapping === null ? 'none' : `${safe(portMapping.external)} by ${portMapping.protocol}`}`,
    `unasked       ${check.reachedUnasked ? 'other nodes came by themselves' : 'nobody came by himself so far'}`,
    ...(check.udpBlocked ? ['UDP           blocked'] : []),
    `relays        ${relayed.length === 0 ? 'none' : relayed.join(', ')}`,
    check.meaning,
    ...check.advice.map((line) => `- ${line}`),
  ];
}

function family(name: string, nat: NatView): string[] {
  if (nat.samples === 0) return [`${name}          not seen by anybody`];
  const where = nat.publicAddress === null ? '' : `, seen as ${safe(nat.publicAddress)}`;
  const hairpin = nat.hairpin === true ? ', hairpinning' : '';
  const port = nat.portPreserving === true ? ', port preserved' : '';
  return [
    `${name}          ${natName(nat.kind)}${where}`,
    `              mapping ${words(nat.mapping)}, filtering ${words(nat.filtering)}${port}${hairpin}`,
    ...lifetime(nat),
  ];
}

function lifetime({ mappingLifetimeS: seconds }: NatView): string[] {
  if (seconds === null) return [];
  const [least, most] = [15, 118];
  const words =
    seconds >= most ? 'two minutes or longer' : seconds <= least ? `${least} s or less` : `${seconds} s`;
  return [`              an idle way through it is remembered for ${words}`];
}

const WORDS: Readonly<Record<NatBehaviour, string>> = {
  unknown: 'not known',
  endpointIndependent: 'endpoint-independent',
  addressDependent: 'address-dependent',
  addressAndPortDependent: 'address-and-port-dependent',
};

function words(behaviour: NatBehaviour | null): string {
  return WORDS[behaviour ?? 'unknown'];
}
