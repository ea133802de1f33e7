// What was refused by policy, here and by others: told to whoever asked, and kept for people.

import { NONE } from '../addressing/types.ts';
import { InRow, ROW_WORDS } from '../base/batch-layout.generated.ts';
import { ICMP, ICMP6, TCP, UDP } from '../base/ip.ts';
import { MINUTE_MS } from '../base/time.ts';
import type { FlowRefusal, FlowRefusalCode } from '../wire/flow-refusal.ts';
import { type NodeContext, say } from './context.ts';
import type { Remote } from './remotes.ts';
import type { RefusalReason, RefusalView } from './types.ts';

/** The same refusal is not logged again sooner. */
const LOGGED_EVERY_MS = MINUTE_MS;

/** Selector of the host's own endpoint. */
const HOST = 0;

/** A packet of a member was refused here. `row` counts in `rows`, an inbound batch. */
export function refuseHere(
  c: NodeContext,
  remote: Remote,
  rows: Uint32Array,
  row: number,
  now: number,
): void {
  const at = row * ROW_WORDS;
  const info = rows[at + InRow.info];
  const selectors = rows[at + InRow.selectors];
  const family = info & 0xf;
  const protocol = (info >>> 8) & 0xff;
  const ports = rows[at + InRow.ports];
  const selector = selectors & 0xffff;
  const port = isIcmp(protocol) ? 0 : ports & 0xffff;
  const service = serviceAt(c, selector, protocol, port);
  const reason = reasonHere(c, remote, service !== '');
  keep(c, remote, { direction: 'here', service, protocol: nameOf(protocol), port, reason });
  if (!c.refusals.mayTell('here', remote.key, now)) return;
  // Others are not told whether there is something that they may not use.
  const code: FlowRefusalCode = reason === 'tag' || reason === 'closed' ? reason : 'policy';
  const told = c.organisations.isOwn(remote.organisation) ? code : 'policy';
  say(c, remote, { kind: 'flowRefusal', family, protocol, selectors, ports, code: told });
}

/** A remote says that it refused a packet of this host. */
export function onFlowRefusal(c: NodeContext, remote: Remote, message: FlowRefusal, now: number): void {
  const { family, protocol, selectors, ports, code } = message;
  const isKnown = protocol === TCP || protocol === UDP || protocol === (family === 6 ? ICMP6 : ICMP);
  if (!isKnown || (family !== 4 && family !== 6)) {
    c.drops.count('controlMalformed');
    return;
  }
  if (!c.refusals.mayTell('there', remote.key, now)) {
    c.drops.count('controlRateLimited');
    return;
  }
  const selector = selectors & 0xffff;
  const word = isIcmp(protocol) ? ports & 0xffff : ports;
  const packet = c.engine.refusedBy(remote.slot, selectors, word, protocol, family, now);
  if (packet !== undefined) c.out.commands.push({ kind: 'inject', packet });
  const service = serviceOf(c, remote, selector);
  const port = isIcmp(protocol) ? 0 : ports & 0xffff;
  keep(c, remote, { direction: 'there', service, protocol: nameOf(protocol), port, reason: code });
}

export function refusals(c: NodeContext): RefusalView[] {
  return [...c.refusals.kept.values()].map(({ view }) => view).reverse();
}

function keep(
  c: NodeContext,
  remote: Remote,
  what: Pick<RefusalView, 'direction' | 'service' | 'protocol' | 'port' | 'reason'>,
): void {
  const { direction, service, reason } = what;
  // A remote that tries every port takes one place.
  const key = `${direction} ${remote.key} ${service} ${reason}`;
  const known = c.refusals.kept.get(key);
  const { nodeId, name, organisationName } = remote;
  const count = (known?.view.count ?? 0) + 1;
  const view = { ...what, nodeId, name, organisation: organisationName, count, lastMs: c.wallNow };
  const isNews = known === undefined || c.wallNow - known.loggedMs >= LOGGED_EVERY_MS;
  c.refusals.kept.set(key, { view, loggedMs: isNews ? c.wallNow : (known?.loggedMs ?? 0) });
  if (isNews) c.out.events.push({ kind: 'refused', ...view });
}

function reasonHere(c: NodeContext, remote: Remote, isService: boolean): RefusalReason {
  if (!isService) return 'closed';
  return c.organisations.isOwn(remote.organisation) ? 'tag' : 'notShared';
}

/** The service of this host that has the port there; '': none. */
function serviceAt(c: NodeContext, selector: number, protocol: number, port: number): string {
  for (const service of c.services.values()) {
    const isThere = selector === HOST ? service.target === '' : service.selector === selector;
    if (isThere && service.port === port && (service.protocol === 'tcp' ? TCP : UDP) === protocol)
      return service.name;
  }
  return '';
}

/** The service by which programs of this host reach a remote's endpoint; '': its host, or one that is not in use. */
function serviceOf(c: NodeContext, remote: Remote, selector: number): string {
  if (selector === HOST || c.tables.endpoints.find(remote.slot, selector) === NONE) return '';
  for (const { name, places } of c.serviceSets.values()) {
    if (places.some((place) => place.remote === remote && place.selector === selector)) return name;
  }
  return '';
}

function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMP6;
}

function nameOf(protocol: number): RefusalView['protocol'] {
  if (isIcmp(protocol)) return 'icmp';
  return protocol === UDP ? 'udp' : 'tcp';
}
