// Ports of this host that others than the own organisation may reach.
import type { Audience } from '../addressing/types.ts';
import { CodedError } from '../base/errors.ts';
import { isName } from '../base/name.ts';
import { idFromText, idToText } from '../identity/identity.ts';
import type { NodeContext } from './context.ts';
import type { ServiceRecord } from './types.ts';

export const SERVICES_MAX = 256;
const SHARES_MAX = 32;
const WEIGHT_MAX = 65535;
/** Selector of the host's own endpoint. */
const HOST = 0;
const PROTOCOLS: Readonly<Record<ServiceRecord['protocol'], number>> = { tcp: 6, udp: 17 };

/** Offers a service; CodedError when it cannot be. */
export function addService(c: NodeContext, wanted: ServiceRecord): ServiceRecord {
  const { name, port, weight, protocol, target } = wanted;
  if (!isName(name)) throw new CodedError('NAME_INVALID', `"${name}"`);
  if (c.services.has(name)) throw new CodedError('SERVICE_EXISTS', name);
  if (c.services.size >= SERVICES_MAX)
    throw new CodedError('NUMBER_INVALID', `${SERVICES_MAX} services at most`);
  if (!isWithin(port, 1, 65535)) throw new CodedError('NUMBER_INVALID', `port ${port}`);
  if (!isWithin(weight, 0, WEIGHT_MAX)) throw new CodedError('NUMBER_INVALID', `weight ${weight}`);
  if (PROTOCOLS[protocol] === undefined) throw new CodedError('REQUEST_INVALID', `protocol ${protocol}`);
  if (target !== '') throw new CodedError('NOT_SUPPORTED', 'a target other than this host');
  for (const other of c.services.values()) {
    if (other.port === port && other.protocol === protocol)
      throw new CodedError('SERVICE_EXISTS', `port ${port} is service "${other.name}"`);
  }
  const service = { ...wanted, share: shareOf(c, wanted.share) };
  rememberSaved(c);
  openService(c, service);
  c.out.persists.push({ kind: 'service', service });
  return service;
}

export function removeService(c: NodeContext, name: string): void {
  const service = c.services.get(name);
  if (service === undefined) throw new CodedError('SERVICE_UNKNOWN', name);
  rememberSaved(c);
  closeService(c, service);
  c.out.persists.push({ kind: 'forgetService', name });
}

function closeService(c: NodeContext, service: ServiceRecord): void {
  c.tables.openPorts.close(HOST, PROTOCOLS[service.protocol], service.port);
  c.services.delete(service.name);
}

function rememberSaved(c: NodeContext): void {
  const isChanged = c.out.persists.some(({ kind }) => kind === 'service' || kind === 'forgetService');
  if (!isChanged) c.savedServices = [...c.services.values()];
}

/** The changes since rememberSaved() did not reach the disk. */
export function takeBackServices(c: NodeContext): void {
  for (const service of [...c.services.values()]) closeService(c, service);
  for (const service of c.savedServices) openService(c, service);
}

/** Also for services that the disk had. */
export function openService(c: NodeContext, service: ServiceRecord): void {
  c.services.set(service.name, service);
  const audience = audienceOf(c, service.share);
  if (audience !== undefined)
    c.tables.openPorts.open(HOST, PROTOCOLS[service.protocol], service.port, audience);
}

function audienceOf(c: NodeContext, share: string): Audience | undefined {
  if (share === '') return undefined;
  if (share === 'all') return { kind: 'members' };
  const ids = share.split(',').map(idFromText);
  const slots = ids.flatMap((id) => (id === undefined ? [] : [c.organisations.slotOf(id)]));
  return { kind: 'organisations', slots };
}

/** With names of organisations replaced by their IDs. */
function shareOf(c: NodeContext, share: string): string {
  const parts = share.split(',').map((part) => part.trim());
  if (share.trim() === '') return '';
  if (parts.includes('all')) return 'all';
  if (parts.length > SHARES_MAX)
    throw new CodedError('NUMBER_INVALID', `${SHARES_MAX} organisations at most`);
  const ids = parts.map((part) => {
    const named = c.organisations.idsOf(part);
    const id = idFromText(part) ?? named.at(0);
    if (id === named.at(0) && named.length > 1) {
      const ids = named.map(idToText).join(', ');
      throw new CodedError('ORGANISATION_AMBIGUOUS', `"${part}" (${ids})`);
    }
    if (id === undefined) throw new CodedError('ORGANISATION_UNKNOWN', `"${part}"`);
    return idToText(id);
  });
  return [...new Set(ids)].join(',');
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
