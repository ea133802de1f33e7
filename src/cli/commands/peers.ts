import type { PeerList, PeerView } from '../../host/api/types.ts';
import type { Command } from '../command.ts';
import { placeOf } from '../paths.ts';
import { ago, data, json, next, path, roundTrip, safe, table, volume } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) => yargs,
  async run(args) {
    const { peers } = await withDaemon(placeOf(args.state), {}, ({ client }) =>
      client.get<PeerList>('/v1/peers'),
    );
    if (args.json) json({ peers });
    else if (peers.length === 0) next('no peers yet; on this node: mcc invite, on another: mcc join TOKEN');
    else for (const line of peerTable(peers, Date.now())) data(line);
    return 0;
  },
};

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
