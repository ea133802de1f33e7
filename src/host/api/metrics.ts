import { Counter, Gauge, Registry } from 'prom-client';
import type { DnsMetrics, Metrics } from './backend.ts';
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
  if (metrics.dns !== undefined) addDns(metrics.dns, registers);
  return { type: registry.contentType, text: await registry.metrics() };
}

function addDns({ queries, answers, cacheHits, forwarded }: DnsMetrics, registers: Registry[]): void {
  const count = (name: string, help: string, value: number): void =>
    new Counter({ name, help, registers }).inc(value);
  const asked = new Counter({
    name: 'mcc_dns_queries_total',
    help: 'DNS queries of this host.',
    labelNames: ['transport'],
    registers,
  });
  for (const [transport, value] of Object.entries(queries)) asked.inc({ transport }, value);
  const answered = new Counter({
    name: 'mcc_dns_answers_total',
    help: 'Answers of the own resolver.',
    labelNames: ['rcode'],
    registers,
  });
  for (const [rcode, value] of Object.entries(answers)) answered.inc({ rcode }, value);
  count('mcc_dns_cache_hits_total', 'Names of the network that were known without a lookup.', cacheHits);
  if (forwarded === undefined) return;
  count(
    'mcc_dns_forwarded_total',
    "Queries for other zones passed on to the host's servers.",
    forwarded.asked,
  );
  count('mcc_dns_forward_failures_total', 'Of these, without an answer in time.', forwarded.failed);
  count(
    'mcc_dns_forward_withheld_total',
    'Answers to these that pointed into the overlay or at this host.',
    forwarded.stripped,
  );
  count(
    'mcc_dns_forward_refused_total',
    'Queries for other zones that were not passed on.',
    forwarded.refused,
  );
}

function medianRttMs(peers: readonly PeerView[]): number | undefined {
  const known = peers.flatMap((peer) => (peer.rttMs === null ? [] : [peer.rttMs])).sort((a, b) => a - b);
  return known.length === 0 ? undefined : known[known.length >> 1];
}
