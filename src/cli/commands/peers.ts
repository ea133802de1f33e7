import type { PeerList, PeerView } from '../../host/api/types.ts';
import type { Command } from '../command.ts';
import { placeOf } from '../paths.ts';
import { ago, data, json, next, path, plural, roundTrip, safe, span, table, volume } from '../print.ts';
import { withDaemon } from '../session.ts';

/** Peers whose relayed paths are explained. */
const RELAYED_SHOWN = 10;

export const command: Command = {
  options: (yargs) => yargs,
  async run(args) {
    const { peers } = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.get<PeerList>('/v1/peers'),
    );
    if (args.json) json({ peers });
    else if (peers.length === 0) next('no peers yet; on this node: mcc invite, on another: mcc join TOKEN');
    else
      for (const line of [...peerTable(peers, Date.now()), ...flowLines(peers), ...relayedLines(peers)])
        data(line);
    return 0;
  },
};

/** Peers of which is told how the way takes what is sent. */
const FLOWS_SHOWN = 10;

/** How the ways take what is sent, where there is something to say: they are slower than this host, or lose packets. */
export function flowLines(peers: readonly PeerView[]): string[] {
  const lines: string[] = [];
  for (const { name, nodeId, flow } of peers) {
    if (flow === null || !flow.governed || lines.length === FLOWS_SHOWN) continue;
    const share = (count: number) => `${((100 * count) / Math.max(1, flow.sent)).toFixed(1)} %`;
    const queues = `${roundTrip(Math.max(0, flow.rttMs - flow.shortestRttMs))} in queues on the way, ${roundTrip(flow.queueMs)} here`;
    const loss =
      flow.lost === 0 ? 'nothing lost' : `${share(flow.lost)} lost, ${share(flow.unrepaired)} after repair`;
    const who = safe(name === '' ? nodeId.slice(0, 12) : name);
    lines.push(
      `${who}: ${flow.mbps} Mbit/s, ${roundTrip(flow.rttMs)}, ${queues}; ${loss} (${safe(flow.state)})`,
    );
  }
  return lines;
}

export function peerTable(peers: readonly PeerView[], nowMs: number): string[] {
  const rows = peers.map((peer) => [
    safe(peer.name === '' ? peer.nodeId.slice(0, 12) : peer.name),
    safe(peer.organisation),
    peer.state === 'connecting' ? 'connecting' : path(peer.path),
    roundTrip(peer.rttMs),
    volume(peer.txBytes),
    volume(peer.rxBytes),
    ago(peer.lastSeen, nowMs),
  ]);
  return table([['PEER', 'ORG', 'PATH', 'RTT', 'SENT', 'RECV', 'SEEN'], ...rows], [3, 4, 5]);
}

/** Why peers are reached through relays, and when that may end. */
export function relayedLines(peers: readonly PeerView[]): string[] {
  const relayed = peers.filter(({ path }) => path.reason !== null && path.code !== 'unused');
  const lines = relayed.slice(0, RELAYED_SHOWN).map(({ name, nodeId, path }) => {
    const again = path.nextTryMs === null ? '' : `; next try in ${span(path.nextTryMs)}`;
    return `! ${safe(name === '' ? nodeId.slice(0, 12) : name)} relayed: ${safe(path.reason ?? '', 200)}${again}`;
  });
  const more = relayed.length - lines.length;
  return more > 0 ? [...lines, `! ${plural(more, 'more peer')} relayed: mcc peers --json says why`] : lines;
}
