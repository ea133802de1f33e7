// `mcc access`: who may use what is offered here, and why. Nothing is sent.
import { equalBytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { isName } from '../base/name.ts';
import {
  type AccessParty,
  type AccessService,
  type AccessTarget,
  accessOf,
} from '../consortium/consortium.ts';
import { idFromText, idToText, type VerifiedChain } from '../identity/identity.ts';
import { find } from './commands.ts';
import { type NodeContext, wallMs } from './context.ts';
import type { AccessView, ServiceRecord } from './types.ts';

const TAG = 'tag:';

/** FROM: a node, an organisation, `tag:NAME` or `guests`. TO: a service or this node, with `:PORT` and `/udp` where it needs them. */
export function access(c: NodeContext, from: string, to: string, now: number): AccessView {
  const { chain } = c.self;
  if (chain === undefined) throw new CodedError('NOT_INITIALISED');
  const own = idToText(chain.organisation);
  const services = [...c.services.values()].map(serviceOf);
  const target = targetOf(c, to);
  const asker = partyOf(c, from, chain, now);
  const found = accessOf(asker, target, own, services);
  return {
    isAllowed: found.isAllowed,
    reason: found.reason,
    service: found.service?.name ?? '',
    protocol: target.protocol,
    port: target.port,
    asker: asker.kind,
    organisation: asker.organisation,
    tags: [...asker.tags],
    share: found.service?.share ?? '',
  };
}

function serviceOf({ name, protocol, port, share, target }: ServiceRecord): AccessService {
  return { name, protocol, port, share, isHostPort: target === '' };
}

function targetOf(c: NodeContext, text: string): AccessTarget {
  const match = /^([^:/]+)(?::(\d{1,5}))?(?:\/(tcp|udp))?$/.exec(text.trim().toLowerCase());
  if (match === null)
    throw new CodedError('REQUEST_INVALID', `"${text}" is not NAME, NAME:PORT or NAME:PORT/udp`);
  const [, name, digits, transport] = match;
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65535))
    throw new CodedError('NUMBER_INVALID', `port ${digits}`);
  const zone = `.${c.config.zone ?? 'mcc'}`;
  const bare = name.endsWith(zone) ? name.slice(0, -zone.length) : name;
  const organisation = c.self.chain?.organisationName;
  const record = [...c.services.values()].find(
    (service) => bare === service.name || bare === `${service.name}.${organisation}`,
  );
  if (record !== undefined) {
    const service = serviceOf(record);
    const protocol = transport === undefined ? service.protocol : transport === 'udp' ? 'udp' : 'tcp';
    return { service, protocol, port: port ?? service.port };
  }
  const nodeId = find(c, name);
  if (nodeId === undefined || !equalBytes(nodeId, c.self.keys.nodeId))
    throw new CodedError('ACCESS_ELSEWHERE', `"${name}"`);
  if (port === undefined)
    throw new CodedError('REQUEST_INVALID', `"${text}" names a host and no port: ${name}:PORT`);
  return { service: undefined, protocol: transport === 'udp' ? 'udp' : 'tcp', port };
}

function partyOf(c: NodeContext, text: string, self: VerifiedChain, now: number): AccessParty {
  const name = text.trim().toLowerCase();
  if (name === 'guests') return { kind: 'guest', organisation: '', tags: [] };
  const own = idToText(self.organisation);
  if (name.startsWith(TAG)) {
    const tag = name.slice(TAG.length);
    if (!isName(tag)) throw new CodedError('NAME_INVALID', `"${name}"`);
    return { kind: 'member', organisation: own, tags: [tag] };
  }
  const nodeId = find(c, name);
  if (nodeId !== undefined) {
    const chain = chainOf(c, nodeId, self, now);
    if (chain === undefined)
      throw new CodedError('PEER_UNKNOWN', `no certificate of "${name}" is known here`);
    const kind = equalBytes(nodeId, c.self.keys.nodeId) ? 'self' : chain.tier;
    return { kind, organisation: kind === 'guest' ? '' : idToText(chain.organisation), tags: chain.tags };
  }
  const ids = c.organisations.idsOf(name);
  if (ids.length > 1)
    throw new CodedError('ORGANISATION_AMBIGUOUS', `"${name}" (${ids.map(idToText).join(', ')})`);
  const id = idFromText(name) ?? ids.at(0);
  if (id === undefined) throw new CodedError('PEER_UNKNOWN', `"${name}" is no node and no organisation`);
  return { kind: 'member', organisation: idToText(id), tags: [] };
}

/** Of the last handshake, else what is kept of an earlier one while it is in force. */
function chainOf(
  c: NodeContext,
  nodeId: Uint8Array,
  self: VerifiedChain,
  now: number,
): VerifiedChain | undefined {
  if (equalBytes(nodeId, c.self.keys.nodeId)) return self;
  const remote = c.remotes.get(nodeId);
  if (remote?.verified !== undefined) return remote.verified;
  if (remote === undefined || remote.chain.length === 0) return undefined;
  const kept = c.verifier.verifyAny(remote.chain, wallMs(c, now) / 1000);
  return kept.ok ? kept.chain : undefined;
}
