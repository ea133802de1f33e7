import { Counter, Gauge, Registry } from 'prom-client';
import type { Metrics } from './backend.ts';
import type { PeerView } from './types.ts';

const PATHS = ['direct', 'punched', 'relayed'] as const;
/** Drops of what this host sends; everything else came from outside. */
const OUTBOUND = /^(outbound|send|insideMalformed)/;

/** The Prometheus text of one moment. No label names a peer: there may be thousands. */
export async function renderMetrics(metrics: Metrics): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []): Gauge<T> =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []): Counter<T> =>
    new Counter({ name, help, labelNames, registers });

  gauge('mcc_build_info', 'Always 1; the version is a label.', ['version']).set(
    { version: metrics.version },
    1,
  );
  const sent = counter('mcc_sent_bytes_total', 'UDP payload bytes sent.', ['path']);
  const received = counter('mcc_received_bytes_total', 'UDP payload bytes received.', ['path']);
  for (const path of PATHS) {
    sent.inc({ path }, metrics.sentBytes[path] ?? 0);
    received.inc({ path }, metrics.receivedBytes[path] ?? 0);
  }
  const dropped = counter('mcc_dropped_packets_total', 'Packets and datagrams dropped.', [
    'direction',
    'reason',
  ]);
  for (const [reason, count] of Object.entries(metrics.dropped)) {
    dropped.inc({ direction: OUTBOUND.test(reason) ? 'out' : 'in', reason }, count);
  }
  const peers = gauge('mcc_peers', 'Peers with a proven path, by its kind.', ['path']);
  const rtt = gauge('mcc_path_rtt_seconds', 'Median round trip of the peers, by kind of path.', ['path']);
  for (const path of PATHS) {
    const alike = metrics.peers.filter((peer) => peer.path.kind === path);
    peers.set({ path }, alike.length);
    const median = medianRttMs(alike);
    if (median !== undefined) rtt.set({ path }, median / 1000);
  }
  if (metrics.certificateExpiry !== undefined) {
    gauge('mcc_certificate_expiry_timestamp_seconds', 'When the certificate of this node expires.').set(
      metrics.certificateExpiry,
    );
  }
  gauge('mcc_health_warnings', 'Warnings that `mcc status` shows.', ['severity']).set(
    { severity: 'warning' },
    metrics.warnings,
  );
  if (metrics.dht !== undefined) {
    const { isCore, contacts, records, storedBytes, lookups, estimatedNodes } = metrics.dht;
    gauge('mcc_dht_core', '1: this node routes and stores for others.').set(isCore ? 1 : 0);
    gauge('mcc_dht_contacts', 'Nodes in the routing table.').set(contacts);
    gauge('mcc_dht_records', 'Records held.').set(records);
    gauge('mcc_dht_stored_bytes', 'Bytes of the records held.').set(storedBytes);
    gauge('mcc_dht_lookups', 'Lookups under way.').set(lookups);
    gauge('mcc_dht_estimated_nodes', 'Core nodes of the network, as far as this one can tell.').set(
      estimatedNodes,
    );
  }
  if (metrics.dnsMode !== null) {
    const dns = gauge('mcc_dns_info', 'Always 1; how names are answered is a label.', ['mode']);
    dns.set({ mode: metrics.dnsMode }, 1);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}

function medianRttMs(peers: readonly PeerView[]): number | undefined {
  const known = peers.flatMap((peer) => (peer.rttMs === null ? [] : [peer.rttMs])).sort((a, b) => a - b);
  return known.length === 0 ? undefined : known[known.length >> 1];
}
