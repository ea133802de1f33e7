import type { PeerView, PortMappingView, RefusalView, Status } from '../../host/api/types.ts';
import type { Command } from '../command.ts';
import { placeOf } from '../paths.ts';
import { data, json, natName, next, plural, safe, span } from '../print.ts';
import { withDaemon } from '../session.ts';
import { flowLines, peerTable, relayedLines } from './peers.ts';

/** Lines about what was refused; --json has them all. */
const REFUSALS_SHOWN = 5;

export const command: Command = {
  options: (yargs) => yargs,
  async run(args) {
    const status = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.get<Status>('/v1/status'),
    );
    if (args.json) json(status);
    else printStatus(status);
    return 0;
  },
};

function printStatus(status: Status): void {
  if (status.state === 'unconfigured') {
    data('this node belongs to no network yet');
    next('found one:  mcc init        join one:  mcc join TOKEN');
  } else {
    data(headline(status));
    data(addressLine(status));
    const nat = natLine(status.nat);
    if (nat !== '') data(nat);
    if (status.nat.portMapping !== null) data(mappingLine(status.nat.portMapping));
    if (status.streams.udpBlocked) data('UDP is blocked: other nodes are reached by TCP');
    if (status.peers.length > 0) {
      for (const line of peerTable(sorted(status.peers), Date.now())) data(line);
      for (const line of flowLines(sorted(status.peers))) data(line);
      for (const line of relayedLines(sorted(status.peers))) data(line);
    } else next('no peers yet; on this node: mcc invite, on another: mcc join TOKEN');
    for (const service of status.services) {
      const share =
        service.share.length === 0
          ? ''
          : `, shared with ${service.share.map((text) => safe(text)).join(', ')}`;
      const trouble =
        service.health.state === 'unhealthy' ? `, unhealthy: ${safe(service.health.reason ?? '', 200)}` : '';
      data(`service ${safe(service.name)} on ${service.protocol} port ${service.port}${share}${trouble}`);
    }
    for (const refusal of status.refusals.slice(0, REFUSALS_SHOWN)) data(`refused: ${refusalText(refusal)}`);
    const dropped = Object.values(status.drops).reduce((sum, count) => sum + count, 0);
    if (dropped > 0) data(`${dropped} dropped: ${largest(status.drops)}`);
  }
  for (const warning of status.warnings) data(`! ${warning.message}`);
}

const WHY: Readonly<Record<RefusalView['reason'], string>> = {
  notShared: 'it is not shared with that organisation',
  tag: 'it asks for a tag that the certificate does not bear',
  closed: 'nothing is offered there',
  policy: "by the provider's policy",
};

function refusalText({
  direction,
  name,
  organisation,
  service,
  protocol,
  port,
  reason,
  count,
  last,
}: RefusalView): string {
  const what = [safe(service ?? ''), protocol, port ?? ''].filter((part) => part !== '').join(' ');
  const who = `${safe(name)} (${safe(organisation)})`;
  const side = direction === 'here' ? `${who} to ${what} here` : `this node to ${what} at ${who}`;
  const ago = span(Math.max(0, Date.now() - Date.parse(last)));
  return `${side}, ${WHY[reason]} (${count === 1 ? 'once' : `${count} times`}, last ${ago} ago)`;
}

function headline(status: Status): string {
  const health = status.warnings.length === 0 ? 'healthy' : plural(status.warnings.length, 'warning');
  const who = `${safe(status.name ?? '?')} (${whose(status)}) in ${safe(status.network ?? '?')}`;
  return `${who}    ${health}    up ${span(status.uptimeMs)}`;
}

function whose({ organisation, guestOf }: Status): string {
  return guestOf === null ? safe(organisation ?? '?') : `guest of ${safe(guestOf)}`;
}

function addressLine(status: Status): string {
  const { ipv4, ipv6 } = status.addresses;
  const { mode, zone } = status.dns;
  const name = status.name === null || zone === null ? '' : `${safe(status.name)}.node.${zone}`;
  const dns = mode === null ? '' : `DNS ${mode}`;
  return [ipv6 ?? '', ipv4 ?? '', name, status.interface ?? 'no interface', dns]
    .filter((part) => part !== '')
    .join('  ');
}

/** '' while nothing is known. */
function natLine({ kind, mapping, publicAddress }: Status['nat']): string {
  if (mapping === null || mapping === 'unknown') return '';
  const where = publicAddress === null ? '' : `, seen as ${safe(publicAddress)}`;
  return `${natName(kind)}${where}`;
}

function mappingLine({ protocol, external, public: isPublic }: PortMappingView): string {
  const name = { pcp: 'PCP', 'nat-pmp': 'NAT-PMP', upnp: 'UPnP' }[protocol];
  const limit = isPublic ? '' : '; that address is itself behind a NAT, so the Internet does not reach it';
  return `port mapping ${safe(external)} by ${name}${limit}`;
}

/** Connected ones first, then by name. */
function sorted(peers: readonly PeerView[]): PeerView[] {
  const rank = { connected: 0, connecting: 1, idle: 2 };
  return peers.toSorted((a, b) => rank[a.state] - rank[b.state] || (a.name < b.name ? -1 : 1));
}

function largest(dropped: Record<string, number>): string {
  return Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}
