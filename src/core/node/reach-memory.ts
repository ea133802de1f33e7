// What a run leaves to the next one: whom it called, so that those prove nothing by coming, and that others came unasked.
import { equalBytes } from '../base/bytes.ts';
import { addressScope, type IpAddress, isIpv4 } from '../base/ip.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { OPENED_MS } from '../path/path.ts';
import { type NodeContext, wallMs } from './context.ts';
import { PROVEN_MS } from './role.ts';
import type { KnownNode, SavedReach } from './types.ts';

/** A newer proof is written down so often. */
const SAVE_MS = 30 * MINUTE_MS;
/** Behind a NAT a proof holds so long for the next run: the same private address may be one in another network. */
const PRIVATE_MS = HOUR_MS;
/** Traffic is written down so often; then some. */
const TRAFFIC_MS = 25 * SECOND_MS;

/** At the start, before anybody comes. */
export function recallCalls(c: NodeContext, nodes: readonly KnownNode[], now: number): void {
  const wallNow = wallMs(c, now);
  for (const { ip, latestMs } of c.calledLog.recent(wallNow)) c.reach.recall(ip, latestMs - c.wallOffsetMs);
  for (const { addresses, lastTrafficMs } of nodes) {
    const latestMs = Math.min(wallNow, lastTrafficMs + TRAFFIC_MS);
    if (wallNow - latestMs >= OPENED_MS) continue;
    for (const { ip } of addresses) c.reach.recall(ip, latestMs - c.wallOffsetMs);
  }
}

/** The host said for the first time which addresses it has: a proof for the same ones holds, while it is new. */
export function recallProof(c: NodeContext, now: number): void {
  const saved = c.savedReach;
  if (saved === undefined || saved.port !== c.config.listenPort || !hasAll(c, saved.addresses)) return;
  const { families } = saved;
  const age = (atMs: number) => Math.max(0, wallMs(c, now) - atMs);
  const isOpen = (family: 'ipv4' | 'ipv6') =>
    saved.addresses.some((ip) => addressScope(ip) === 'global' && isIpv4(ip) === (family === 'ipv4'));
  const holds = (family: 'ipv4' | 'ipv6') =>
    families[family] && age(saved.globalAtMs) < (isOpen(family) ? PROVEN_MS : PRIVATE_MS);
  const kept = { ipv4: holds('ipv4'), ipv6: holds('ipv6') };
  const isLocal = saved.localAtMs > 0 && age(saved.localAtMs) < PRIVATE_MS;
  c.reach.restore({
    globalAt: kept.ipv4 || kept.ipv6 ? now - age(saved.globalAtMs) : Number.NEGATIVE_INFINITY,
    localAt: isLocal ? now - age(saved.localAtMs) : Number.NEGATIVE_INFINITY,
    families: kept,
  });
}

/** Somebody came unasked. `isNews`: that was not known. */
export function saveProof(c: NodeContext, isNews: boolean): void {
  const { globalAt, localAt, families } = c.reach;
  const unixMs = (at: number) => (at === Number.NEGATIVE_INFINITY ? 0 : Math.floor(at + c.wallOffsetMs));
  const saved: SavedReach = {
    globalAtMs: unixMs(globalAt),
    localAtMs: unixMs(localAt),
    families: { ...families },
    addresses: c.self.localAddresses,
    port: c.config.listenPort,
  };
  const isNewer = (atMs: number, beforeMs = 0) => Math.abs(atMs - beforeMs) >= SAVE_MS;
  const before = c.savedReach;
  if (
    !isNews &&
    !isNewer(saved.globalAtMs, before?.globalAtMs) &&
    !isNewer(saved.localAtMs, before?.localAtMs)
  )
    return;
  c.savedReach = saved;
  c.out.persists.push({ kind: 'reached', reached: saved });
}

function hasAll(c: NodeContext, addresses: readonly IpAddress[]): boolean {
  return (
    addresses.length > 0 && addresses.every((ip) => c.self.localAddresses.some((own) => equalBytes(own, ip)))
  );
}
