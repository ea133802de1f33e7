// Services of this node: each is an endpoint of its own, open to whom it is shared with.
import { virtualAddress } from '../addressing/addressing.ts';
import { readU32BE } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { isName, matchesPattern, serviceNameFault } from '../base/name.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { parseShare, shareParts, shareText, shareWith, unshareWith } from '../consortium/consortium.ts';
import { SEALED_MAX } from '../discovery/discovery.ts';
import type { OwnService } from '../discovery/types.ts';
import { endpointId, idFromText, idToText } from '../identity/identity.ts';
import { type NodeContext, toDiscovery, wallMs } from './context.ts';
import { refuseGuest } from './guests.ts';
import { aliasAddress, assignAlias, tagBits } from './known.ts';
import { closeServicePorts, openServicePorts, PROTOCOLS, type ShareSlots } from './service-ports.ts';
import type { EndpointPlan, ServiceHealth, ServiceRecord, ServiceRequest } from './types.ts';

export const SERVICES_MAX = 256;
const WEIGHT_MAX = 65535;
const SELECTOR_MAX = 65535;

/** Offers a service; CodedError when it cannot be. */
export function addService(c: NodeContext, request: ServiceRequest, now: number): ServiceRecord {
  judge(c, request);
  const { name, port, protocol, target, check, weight } = request;
  const share = shareOf(c, request.share.split(','));
  judgeAudiences(c, name, share);
  useTags(c, name, share);
  const service = { name, port, protocol, target, check, weight, share, selector: selectorFor(c, name) };
  rememberSaved(c);
  openService(c, service, now);
  c.out.persists.push({ kind: 'service', service });
  return service;
}

function judge(c: NodeContext, { name, port, weight, protocol, target }: ServiceRequest): void {
  refuseGuest(c);
  if (!isName(name)) throw new CodedError('NAME_INVALID', `"${name}"`);
  const refusal = refusalOf(c, name);
  if (refusal !== undefined) throw refusal;
  if (c.services.has(name)) throw new CodedError('SERVICE_EXISTS', name);
  if (c.imports.has(name)) throw new CodedError('NAME_IMPORTED', `"${name}"`);
  if (c.services.size >= SERVICES_MAX)
    throw new CodedError('NUMBER_INVALID', `${SERVICES_MAX} services at most`);
  if (!isWithin(port, 1, 65535)) throw new CodedError('NUMBER_INVALID', `port ${port}`);
  if (!isWithin(weight, 0, WEIGHT_MAX)) throw new CodedError('NUMBER_INVALID', `weight ${weight}`);
  if (PROTOCOLS[protocol] === undefined) throw new CodedError('REQUEST_INVALID', `protocol ${protocol}`);
  if (target !== '') return;
  for (const other of c.services.values()) {
    if (other.target === '' && other.port === port && other.protocol === protocol)
      throw new CodedError('SERVICE_EXISTS', `port ${port} is service "${other.name}"`);
  }
}

/** Why this node may offer no service of that name. */
function refusalOf(c: NodeContext, name: string): CodedError | undefined {
  const fault = serviceNameFault(name);
  if (fault !== undefined) return new CodedError('NAME_RESERVED', fault);
  const provides = c.self.chain?.provides ?? [];
  if (provides.length === 0 || provides.some((pattern) => matchesPattern(pattern, name))) return undefined;
  return new CodedError('SERVICE_NOT_PROVIDED', `"${name}" (allowed: ${provides.join(', ')})`);
}

/** The selector that the name's hash points at, else the next free one: a service that is replaced keeps its own. */
function selectorFor(c: NodeContext, name: string): number {
  const taken = new Set([...c.services.values()].map(({ selector }) => selector));
  const wanted = readU32BE(c.crypto.sha256(encodeUtf8(name)), 0);
  for (let i = 0; ; i++) {
    const selector = 1 + ((wanted + i) % SELECTOR_MAX);
    if (!taken.has(selector)) return selector;
  }
}

export function removeService(c: NodeContext, name: string): void {
  const service = c.services.get(name);
  if (service === undefined) throw new CodedError('SERVICE_UNKNOWN', name);
  rememberSaved(c);
  closeService(c, service);
  c.out.persists.push({ kind: 'forgetService', name });
}

/** Lets more use a service, or fewer: what runs and is not allowed any more ends. CodedError, with nothing changed: it cannot be. */
export function reshare(
  c: NodeContext,
  name: string,
  how: 'share' | 'unshare',
  said: readonly string[],
): ServiceRecord {
  const service = c.services.get(name);
  if (service === undefined) throw new CodedError('SERVICE_UNKNOWN', name);
  const parts = partsOf(c, said);
  const before = parseShare(service.share);
  const share = shareText(how === 'share' ? shareWith(before, parts) : unshareWith(before, parts));
  const after = { ...service, share };
  if (share === service.share) return after;
  judgeAudiences(c, name, share);
  useTags(c, name, share);
  rememberSaved(c);
  c.services.set(name, after);
  openServicePorts(c.tables.openPorts, after, slotsOf(c));
  offer(c, after);
  c.out.persists.push({ kind: 'service', service: after });
  return after;
}

/** CodedError where so many audiences of all services, each with a record of its own, are more than a node publishes for. */
function judgeAudiences(c: NodeContext, name: string, share: string): void {
  let count = audiencesOf(share);
  for (const other of c.services.values()) if (other.name !== name) count += audiencesOf(other.share);
  if (count > SEALED_MAX)
    throw new CodedError(
      'NUMBER_INVALID',
      `${SEALED_MAX} at most of services and the organisations that each is shared with, together`,
    );
}

/** The own organisation is one. */
function audiencesOf(share: string): number {
  return 1 + parseShare(share).organisations.length;
}

/** Gives every tag that services ask for its bit, as if service `name` were shared so. CodedError, with nothing changed: too many. */
function useTags(c: NodeContext, name: string, share: string): void {
  const others = [...c.services.values()].filter((service) => service.name !== name);
  const shares = [share, ...others.map((service) => service.share)];
  if (!c.tags.use(new Set(shares.flatMap((text) => parseShare(text).tags)))) return;
  for (const { slot, verified } of c.remotes.values())
    c.tables.openPorts.setTags(slot, verified === undefined ? 0 : tagBits(c, verified));
}

function closeService(c: NodeContext, service: ServiceRecord): void {
  const { name, selector } = service;
  closeServicePorts(c.tables.openPorts, service);
  c.tables.clearOwnEndpoint(selector);
  c.aliases.letGo(endpointAddress(c, c.self.keys.nodeId, name), c.wallNow);
  c.services.delete(name);
  c.health.delete(name);
  toDiscovery(c, { kind: 'unoffer', name });
  c.out.events.push({ kind: 'endpointsChanged' });
}

function rememberSaved(c: NodeContext): void {
  const isChanged = c.out.persists.some(({ kind }) => kind === 'service' || kind === 'forgetService');
  if (!isChanged) c.savedServices = [...c.services.values()];
}

/** The changes since rememberSaved() did not reach the disk. */
export function takeBackServices(c: NodeContext, now: number): void {
  for (const service of [...c.services.values()]) closeService(c, service);
  for (const service of c.savedServices) openService(c, service, now);
}

/** What the disk had; a service of an earlier version gets its selector now. */
export function restoreService(c: NodeContext, saved: ServiceRecord, now: number): void {
  if (saved.selector !== 0) {
    openService(c, saved, now);
    return;
  }
  const service = { ...saved, selector: selectorFor(c, saved.name) };
  openService(c, service, now);
  c.out.persists.push({ kind: 'service', service });
}

function openService(c: NodeContext, service: ServiceRecord, now: number): void {
  const { name, selector } = service;
  c.services.set(name, service);
  const address = endpointAddress(c, c.self.keys.nodeId, name);
  c.tables.setOwnEndpoint(selector, address, assignAlias(c, address, wallMs(c, now)));
  c.aliases.hold(address);
  useTags(c, name, service.share);
  openServicePorts(c.tables.openPorts, service, slotsOf(c));
  offer(c, service);
  c.out.events.push({ kind: 'endpointsChanged' });
}

/**
 * Others learn what this service is now; of one that is tested, with the first result, which the host has at once. One that was
 * offered under another certificate, or by another version, and may not be any more only stays for its owner to see.
 */
export function offer(c: NodeContext, service: ServiceRecord): void {
  const refusal = refusalOf(c, service.name);
  if (refusal !== undefined) {
    c.health.set(service.name, { isHealthy: false, ipv4: true, ipv6: true, reason: refusal.message });
    return;
  }
  if (service.check === 'tcp' && !c.health.has(service.name)) return;
  const { name, selector, protocol, port, weight } = service;
  const { isHealthy: healthy, ipv4, ipv6 } = healthOf(c, service);
  const known = { name, selector, protocol, port, weight, ipv4, ipv6, healthy };
  toDiscovery(c, { kind: 'offer', service: { ...known, ...audienceOf(service.share) } });
}

/** Who may know of a service that is shared so. */
function audienceOf(share: string): Pick<OwnService, 'isPublic' | 'sharedWith'> {
  const { reach, organisations } = parseShare(share);
  return { isPublic: reach !== 'listed', sharedWith: organisations.flatMap((id) => idFromText(id) ?? []) };
}

/** The host has tested a service. */
export function onHealth(c: NodeContext, name: string, health: ServiceHealth): void {
  const service = c.services.get(name);
  if (service === undefined) return;
  c.health.set(name, health);
  offer(c, service);
}

/** Virtual address of the endpoint of a service at a node. */
export function endpointAddress(
  c: Pick<NodeContext, 'crypto' | 'self'>,
  nodeId: Uint8Array,
  name: string,
): Uint8Array {
  return virtualAddress(c.self.network.id, endpointId(c.crypto, nodeId, name), c.crypto.sha256);
}

/** What the host is to set up for this node's endpoints. */
export function endpointPlans(c: NodeContext): EndpointPlan[] {
  return [...c.services.values()].map(({ selector, name, protocol, port, target, check }) => {
    const address6 = endpointAddress(c, c.self.keys.nodeId, name);
    const alias = c.aliases.aliasOf(address6);
    const address4 = alias === 0 ? undefined : aliasAddress(alias);
    return { selector, name, address6, address4, protocol, port, target, check };
  });
}

/** Until the host has tested it, a service is taken for what it would be without a test. */
export function healthOf(c: NodeContext, service: ServiceRecord): ServiceHealth {
  const known = c.health.get(service.name);
  if (known !== undefined) return known;
  return { isHealthy: service.check === 'none', ipv4: true, ipv6: true, reason: 'not tested yet' };
}

function slotsOf(c: NodeContext): ShareSlots {
  return {
    organisation: (text) => {
      const id = idFromText(text);
      return id === undefined ? undefined : c.organisations.slotOf(id);
    },
    tags: (names) => c.tags.bitsOf(names),
  };
}

/** With names of organisations replaced by their IDs. */
function shareOf(c: NodeContext, said: readonly string[]): string {
  return shareText(shareWith(parseShare(''), partsOf(c, said)));
}

function partsOf(c: NodeContext, said: readonly string[]): string[] {
  return shareParts(said, (part) => {
    const named = c.organisations.idsOf(part);
    const id = idFromText(part) ?? named.at(0);
    if (id === named.at(0) && named.length > 1) {
      const ids = named.map(idToText).join(', ');
      throw new CodedError('ORGANISATION_AMBIGUOUS', `"${part}" (${ids})`);
    }
    if (id === undefined) throw new CodedError('ORGANISATION_UNKNOWN', `"${part}"`);
    // The own organisation has it anyway.
    return c.organisations.isOwn(id) ? 'own' : idToText(id);
  });
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
