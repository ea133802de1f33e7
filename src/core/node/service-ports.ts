// What the engine's tables say of a service: the one place where a share becomes audiences.
import type { OpenPorts } from '../addressing/addressing.ts';
import type { Audience } from '../addressing/types.ts';
import { parseShare, type Share } from '../consortium/consortium.ts';
import type { ServiceRecord } from './types.ts';

/** IP protocol numbers. */
export const PROTOCOLS: Readonly<Record<ServiceRecord['protocol'], number>> = { tcp: 6, udp: 17 };
/** Selector of the host's own endpoint. */
const HOST = 0;

/** Slots of organisations, by ID as text, and bits of tags. */
export interface ShareSlots {
  organisation(id: string): number | undefined;
  tags(names: readonly string[]): number;
}

type Ports = Pick<ServiceRecord, 'selector' | 'protocol' | 'port' | 'target' | 'share'>;

/** The endpoint's, and the host's own where that is what serves: by its address it would be reached all the same. */
export function openServicePorts(openPorts: OpenPorts, service: Ports, slots: ShareSlots): void {
  const { selector, protocol, port, target, share } = service;
  const parsed = parseShare(share);
  const audience = audienceOf(parsed, slots);
  const tags = slots.tags(parsed.tags);
  openPorts.open(selector, PROTOCOLS[protocol], port, audience, tags);
  if (target === '') openPorts.open(HOST, PROTOCOLS[protocol], port, audience, tags);
}

export function closeServicePorts(openPorts: OpenPorts, service: Ports): void {
  const { selector, protocol, port, target } = service;
  openPorts.close(selector, PROTOCOLS[protocol], port);
  if (target === '') openPorts.close(HOST, PROTOCOLS[protocol], port);
}

function audienceOf({ reach, organisations }: Share, slots: ShareSlots): Audience {
  if (reach === 'all') return { kind: 'members' };
  if (reach === 'guests') return { kind: 'guests' };
  const known = organisations.flatMap((id) => slots.organisation(id) ?? []);
  return { kind: 'organisations', slots: known };
}
