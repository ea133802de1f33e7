// Providers of services, from what discovery says to what the engine reads.
import { NONE, OWN_REMOTE, type ServiceEndpoint } from '../addressing/types.ts';
import { SECOND_MS } from '../base/time.ts';
import type { DiscoveryEvent, EndpointView } from '../discovery/types.ts';
import { remoteOf } from './contacts.ts';
import { type NodeContext, type ServiceSet, say, toDiscovery, wallMs } from './context.ts';
import { assignAlias } from './known.ts';
import { noteRelays } from './relaying.ts';
import type { Remote } from './remotes.ts';

/** Discovery hears of flows that go on this often; it keeps a service for a minute. */
const KEEP_EVERY_MS = 10 * SECOND_MS;

/** Providers of a service in use are measured so often, and so many of one service. */
const MEASURE_EVERY_MS = 3 * SECOND_MS;
const MEASURED_AT_ONCE = 8;

const PROTOCOLS = { tcp: 6, udp: 17 } as const;

type ServiceEvent = Extract<DiscoveryEvent, { kind: 'service' }>;

/** Takes up who provides a service now. */
export function setProviders(c: NodeContext, event: ServiceEvent, now: number): void {
  const set = c.serviceSets.get(event.key) ?? newSet(c, event);
  if (set === undefined) {
    c.drops.count('serviceTableFull');
    return;
  }
  const alias = assignAlias(c, event.address, wallMs(c, now));
  if (!c.tables.setService(set.slot, event.address, alias)) return;
  c.serviceSets.set(event.key, set);
  const before = set.places;
  const rows: ServiceEndpoint[] = [];
  const places: { remote: Remote; selector: number }[] = [];
  for (const endpoint of event.endpoints) {
    const remote = endpoint.isOwn ? undefined : providerOf(c, endpoint, now);
    if (remote !== undefined) {
      // At once, so that it does not give its place to the next one.
      remote.endpoints++;
      places.push({ remote, selector: endpoint.selector });
    }
    if (remote === undefined && !endpoint.isOwn) continue;
    rows.push({
      remote: remote?.slot ?? OWN_REMOTE,
      selector: endpoint.selector,
      weight: endpoint.weight,
      isUp: endpoint.isUp,
      protocol: PROTOCOLS[endpoint.protocol],
      port: endpoint.port,
      ipv4: endpoint.ipv4,
      ipv6: endpoint.ipv6,
    });
  }
  set.places = places;
  for (const { remote } of before) remote.endpoints--;
  c.tables.setServiceEndpoints(set.slot, rows);
}

function newSet(c: NodeContext, event: ServiceEvent): ServiceSet | undefined {
  const slot = c.tables.services.freeSlot();
  if (slot === NONE) return undefined;
  return {
    slot,
    organisation: event.organisation,
    name: event.name,
    places: [],
    keptMs: Number.NEGATIVE_INFINITY,
  };
}

/** The remote of an endpoint, with the endpoint's addresses in the tables; undefined: it cannot be a provider. */
function providerOf(c: NodeContext, endpoint: EndpointView, now: number): Remote | undefined {
  const remote = remoteOf(c, endpoint.nodeId, endpoint.addresses, 'own', now);
  if (remote === undefined) return undefined;
  if (endpoint.relays.length > 0) noteRelays(c, remote, endpoint.relays, now);
  const alias = assignAlias(c, endpoint.address, wallMs(c, now));
  return c.tables.setEndpoint(remote.slot, endpoint.selector, endpoint.address, alias) ? remote : undefined;
}

/**
 * Programs send packets to the service in this slot. Its providers are measured meanwhile: one that looked far away when its session
 * was made, because of other work, would never be chosen again.
 */
export function useService(c: NodeContext, slot: number, now: number): void {
  for (const set of c.serviceSets.values()) {
    if (set.slot !== slot) continue;
    for (const { remote } of set.places.slice(0, MEASURED_AT_ONCE)) measure(c, remote, now);
    toDiscovery(c, { kind: 'used', organisation: set.organisation, service: set.name });
    return;
  }
}

function measure(c: NodeContext, remote: Remote, now: number): void {
  if (!remote.isEstablished || now - remote.measuredAt < MEASURE_EVERY_MS) return;
  remote.measuredAt = now;
  const { id } = c.pings.begin(remote, undefined, now, true);
  say(c, remote, { kind: 'ping', id });
}

/** Discovery keeps the services whose flows go on. */
export function keepServices(c: NodeContext, now: number): void {
  const { lastUsedMs } = c.tables.services;
  for (const set of c.serviceSets.values()) {
    const { slot, organisation, name } = set;
    if (lastUsedMs[slot] <= set.keptMs || now - set.keptMs < KEEP_EVERY_MS) continue;
    set.keptMs = now;
    toDiscovery(c, { kind: 'used', organisation, service: name, isQuiet: true });
  }
}

/** Nobody uses the service any more. Endpoints stay known while their remote is: packets of old flows may still come. */
export function dropProviders(c: NodeContext, key: string): void {
  const set = c.serviceSets.get(key);
  if (set === undefined) return;
  c.serviceSets.delete(key);
  for (const { remote } of set.places) remote.endpoints--;
  c.tables.clearService(set.slot);
}
