// Nodes that this one knows: their routes, their records, what is kept of them on disk.
import { virtualAddress } from '../addressing/addressing.ts';
import { REMOTE_GUEST, REMOTE_MEMBER } from '../addressing/types.ts';
import { equalBytes } from '../base/bytes.ts';
import {
  addressScope,
  equalSocketAddress,
  ipv4,
  isDialable,
  isDiscardOnly,
  type SocketAddress,
  withoutVia,
} from '../base/ip.ts';
import { isName } from '../base/name.ts';
import { SECOND_MS } from '../base/time.ts';
import { endpointId, type VerifiedChain } from '../identity/identity.ts';
import type { CandidateSource } from '../path/types.ts';
import {
  CONTROL_MAX,
  NODE_RECORDS_MAX,
  RECORD_ADDRESSES_MAX,
  RELAY_ADDRESSES_MAX,
  RELAYS_MAX,
} from '../wire/limits.ts';
import type { NodeRecord, RelayHint } from '../wire/types.ts';
import { nodeRecordBytes } from '../wire/wire.ts';
import { type NodeContext, toDiscovery, toPath, wallMs } from './context.ts';
import type { Remote } from './remotes.ts';
import { isCore } from './role.ts';
import type { KnownNode } from './types.ts';

/** Nodes that were only told of; further ones are not taken up. */
export const TOLD_MAX = 4096;
/** So long programs may keep the address of a node that DNS told: somewhat longer than its TTL. */
const REMEMBERED_MS = 70 * SECOND_MS;
/** Bytes of an admission answer around chain and records: leading byte, tags, lengths. */
const ANSWER_OVERHEAD = 16;
/** Selector of a node's host endpoint. */
const HOST = 0;

/** Own endpoint or a remote's: where its host is reached. */
export function hostAddress(c: Pick<NodeContext, 'crypto' | 'self'>, nodeId: Uint8Array): Uint8Array {
  return virtualAddress(c.self.network.id, endpointId(c.crypto, nodeId), c.crypto.sha256);
}

/** Gives a remote its addresses, so that packets to it have a way before any session exists. Idempotent. */
export function addRoute(c: NodeContext, remote: Remote, now: number): void {
  if (c.tables.endpointOf(remote.slot, HOST) !== undefined) return;
  const address = hostAddress(c, remote.nodeId);
  c.tables.setEndpoint(remote.slot, HOST, address, assignAlias(c, address, wallMs(c, now)));
}

/** The IPv4 alias of a virtual address; 0: none is free. */
export function assignAlias(c: NodeContext, address: Uint8Array, nowMs: number): number {
  const outcome = c.aliases.assign(address, nowMs);
  if (!outcome.ok) return 0;
  if (outcome.evicted !== undefined) loseAlias(c, outcome.evicted);
  if (outcome.record !== undefined) c.out.persists.push({ kind: 'alias', alias: outcome.record });
  return outcome.alias;
}

/** An alias as an address. */
export function aliasAddress(alias: number): Uint8Array {
  return ipv4(alias >>> 24, (alias >>> 16) & 255, (alias >>> 8) & 255, alias & 255);
}

function loseAlias(c: NodeContext, address: Uint8Array): void {
  c.out.persists.push({ kind: 'forgetAlias', address });
  if (c.tables.dropAlias(address)) c.out.events.push({ kind: 'endpointsChanged' });
}

/**
 * The alias of a remote that gives up its place is free again, unless it had traffic, or a program may still remember what DNS said:
 * strangers may be many.
 */
export function releaseAlias(c: NodeContext, remote: Remote): void {
  if (remote.savedTrafficMs > 0 || Number.isFinite(c.remotes.lastTraffic(remote))) return;
  const address = hostAddress(c, remote.nodeId);
  const usedMs = remote.isWanted ? c.wallNow - REMEMBERED_MS : Number.POSITIVE_INFINITY;
  if (!c.aliases.release(address, usedMs)) return;
  c.tables.dropAlias(address);
  c.out.persists.push({ kind: 'forgetAlias', address });
}

/** Loads what the disk had of a node. */
export function restoreNode(c: NodeContext, node: KnownNode, now: number): void {
  if (equalBytes(node.nodeId, c.self.keys.nodeId) || c.remotes.get(node.nodeId) !== undefined) return;
  const remote = c.remotes.add(node.nodeId, 'told', now);
  if (remote === undefined) return;
  remote.name = node.name;
  remote.organisation = node.organisation;
  remote.chain = node.chain;
  remote.savedTrafficMs = node.lastTrafficMs;
  addRoute(c, remote, now);
  node.addresses.forEach((address, i) => {
    const source = i === 0 && node.chain.length > 0 ? 'proven' : 'record';
    addCandidate(c, remote, address, source, now);
  });
}

/** An address of a remote that nothing is under way with yet. */
export function addCandidate(
  c: NodeContext,
  remote: Remote,
  address: SocketAddress,
  source: CandidateSource,
  now: number,
): void {
  remote.path.handle({ kind: 'candidate', address, source }, now, {
    emit: (event) => {
      if (event.kind === 'refused') c.drops.count('pathAddress');
    },
  });
}

/** By which name programs may call it. */
export function learnOrganisation(c: NodeContext, { id, name }: VerifiedChain['admittedBy']): void {
  toDiscovery(c, { kind: 'organisation', name, id });
  c.organisations.learnName(id, name);
}

/** Takes up what a verified handshake says of a member. */
export function becomeMember(c: NodeContext, remote: Remote, chain: VerifiedChain, now: number): void {
  if (!equalBytes(remote.chain, chain.bytes)) c.toSave.add(remote);
  c.remotes.setKind(remote, 'member');
  remote.name = chain.name;
  remote.organisation = chain.organisation;
  remote.organisationName = chain.organisationName;
  remote.chain = chain.bytes;
  remote.verified = chain;
  learnOrganisation(c, chain.admittedBy);
  c.tables.remotes.organisation[remote.slot] = c.organisations.slotOf(chain.organisation);
  c.tables.openPorts.setTags(remote.slot, tagBits(c, chain));
  c.tables.remotes.flags[remote.slot] &= ~REMOTE_GUEST;
  c.tables.remotes.flags[remote.slot] |= REMOTE_MEMBER;
  addRoute(c, remote, now);
}

/** What the engine compares of a member's tags. Those of other organisations mean nothing here. */
export function tagBits(c: NodeContext, chain: VerifiedChain): number {
  return c.organisations.isOwn(chain.organisation) ? c.tags.bitsOf(chain.tags) : 0;
}

export function knownNodeOf(c: NodeContext, remote: Remote, now: number): KnownNode {
  const traffic = c.remotes.lastTraffic(remote);
  const trafficMs = Number.isFinite(traffic) ? traffic - now + wallMs(c, now) : 0;
  return {
    nodeId: remote.nodeId,
    name: remote.name,
    organisation: remote.organisation,
    chain: remote.chain,
    addresses: addressesOf(remote),
    lastTrafficMs: Math.max(trafficMs, remote.savedTrafficMs),
  };
}

export function saveNode(c: NodeContext, remote: Remote, now: number): void {
  const node = knownNodeOf(c, remote, now);
  remote.savedTrafficMs = node.lastTrafficMs;
  remote.savedAt = now;
  remote.isStale = false;
  c.out.persists.push({ kind: 'knownNode', node });
  // An alias that carries traffic is in use, and so is this host's own.
  useAlias(c, hostAddress(c, remote.nodeId), node.lastTrafficMs);
  useAlias(c, c.self.address, node.lastTrafficMs);
}

function useAlias(c: NodeContext, address: Uint8Array, usedMs: number): void {
  const alias = c.aliases.touch(address, usedMs);
  if (alias !== undefined) c.out.persists.push({ kind: 'alias', alias });
}

/** The path's address first, then the other candidates; without circuits and local sockets, which mean something to this node alone. */
export function addressesOf(remote: Remote): SocketAddress[] {
  const { candidates } = remote.path;
  const current = directAddress(remote);
  const ways = candidates.map(({ address }) => address).filter(({ ip }) => !isDiscardOnly(ip));
  return unique((current === undefined ? ways : [current, ...ways]).map(withoutVia)).slice(
    0,
    RECORD_ADDRESSES_MAX,
  );
}

/** Where the path leads; undefined: nowhere yet, or through a relay. */
export function directAddress(remote: Remote): SocketAddress | undefined {
  const { current } = remote.path;
  return current === undefined || isDiscardOnly(current.ip) ? undefined : current;
}

/** What others are told of a remote; undefined: nothing that would help them. */
function recordOf(remote: Remote): NodeRecord | undefined {
  const addresses = addressesOf(remote).filter(isDialable);
  if (remote.organisation.length === 0 || remote.name === '' || addresses.length === 0) return undefined;
  const { nodeId, name, organisation } = remote;
  return { nodeId, name, organisation, addresses, core: remote.isCore, relays: remote.relays };
}

/** Nodes that a newcomer may begin with: at most `max` whose addresses are known, those that serve the DHT first. */
export function firstContacts(c: NodeContext, newcomer: Remote, max: number): NodeRecord[] {
  const records: NodeRecord[] = [];
  for (const isCore of [true, false]) {
    for (const other of c.remotes.values()) {
      if (records.length >= max) return records;
      const record = other === newcomer || other.isCore !== isCore ? undefined : recordOf(other);
      if (record !== undefined) records.push(record);
    }
  }
  return records;
}

/** Records that fit beside a chain of so many bytes: this node's first. The DHT tells the rest. `isColleague`: see ownRecord. */
export function firstNodes(
  c: NodeContext,
  newcomer: Remote,
  chainBytes: number,
  isColleague: boolean,
): NodeRecord[] {
  const own = ownRecord(c, isColleague);
  const others = firstContacts(c, newcomer, NODE_RECORDS_MAX - 1);
  const nodes: NodeRecord[] = [];
  let room = CONTROL_MAX - ANSWER_OVERHEAD - chainBytes;
  for (const record of own === undefined ? others : [own, ...others]) {
    // A guest learns where the network is, not what one organisation's nodes are called.
    if (!isColleague && !record.core && record !== own) continue;
    room -= nodeRecordBytes(record);
    if (room < 0) break;
    nodes.push(record);
  }
  return nodes;
}

/**
 * What others are told of this node; undefined for a joiner. `isColleague`: of the own organisation, or about to be. Others learn
 * what is advertised and what is public, not how this host's networks look inside.
 */
export function ownRecord(c: NodeContext, isColleague: boolean): NodeRecord | undefined {
  const { chain, keys } = c.self;
  if (chain === undefined) return undefined;
  const own = isColleague ? ownAddresses(c) : ownAddresses(c).filter((address) => isPublic(c, address));
  const addresses = own.filter(isDialable).slice(0, RECORD_ADDRESSES_MAX);
  const { nodeId } = keys;
  return {
    nodeId,
    name: chain.name,
    organisation: chain.organisation,
    addresses,
    core: isCore(c),
    relays: ownRelays(c),
  };
}

/** What others are told: through whom this node is reached. */
export function ownRelays(c: NodeContext): RelayHint[] {
  const hints: RelayHint[] = [];
  for (const slot of c.relaysKept) {
    const relay = c.remotes.at(slot);
    if (relay === undefined) continue;
    const addresses = addressesOf(relay).filter(isDialable).slice(0, RELAY_ADDRESSES_MAX);
    if (addresses.length > 0) hints.push({ nodeId: relay.nodeId, addresses });
  }
  return hints.slice(0, RELAYS_MAX);
}

export function isPublic(c: NodeContext, address: SocketAddress): boolean {
  return addressScope(address.ip) === 'global' || c.config.advertise.includes(address);
}

/** Advertised addresses first, then what a gateway passes on, what everybody sees, then those of the interfaces. */
export function ownAddresses(c: NodeContext): SocketAddress[] {
  const port = c.config.listenPort;
  const local = c.self.localAddresses.map((ip): SocketAddress => ({ ip, port }));
  const mapped = c.self.mapped === undefined ? [] : [c.self.mapped];
  return unique([...c.config.advertise, ...mapped, ...c.nat.mapped, ...local]);
}

function unique(all: readonly SocketAddress[]): SocketAddress[] {
  return all.filter((address, i) => all.findIndex((other) => equalSocketAddress(other, address)) === i);
}

/**
 * Takes up what `teller` says of itself; a joiner also hears of others from its signers. A record proves nothing: it may name a
 * node that was unknown, and add addresses to try. Gives whether something that it says of itself was taken up.
 */
export function learnRecords(
  c: NodeContext,
  teller: Remote,
  records: readonly NodeRecord[],
  now: number,
): boolean {
  let isNews = false;
  for (const record of records) {
    const isAboutItself = equalBytes(record.nodeId, teller.nodeId);
    if (!isAboutItself && c.self.chain !== undefined) {
      c.drops.count('controlNotAllowed');
      continue;
    }
    if (isAboutItself && !teller.ownRecords.take(now)) {
      c.drops.count('controlRateLimited');
      continue;
    }
    if (isAboutItself) {
      teller.isCore = record.core;
      teller.relays = record.relays;
      isNews = true;
    }
    const remote = meetNode(c, teller, record.nodeId, now);
    if (remote === undefined) return isNews;
    if (remote.kind === 'told') nameTold(remote, record);
    for (const address of record.addresses)
      toPath(c, remote, { kind: 'candidate', address, source: isAboutItself ? 'own' : 'record' });
    if (remote.kind === 'told' && record.addresses.length > 0) c.toSave.add(remote);
  }
  return isNews;
}

/** A node that `teller` names, made known if it is new; undefined: it is this node, or the teller names too many. */
export function meetNode(
  c: NodeContext,
  teller: Remote,
  nodeId: Uint8Array,
  now: number,
): Remote | undefined {
  const known = c.remotes.get(nodeId);
  if (known !== undefined || equalBytes(nodeId, c.self.keys.nodeId)) return known;
  if (c.remotes.countOf('told') >= TOLD_MAX || c.remotes.inTheWay('told', now) !== undefined)
    return undefined;
  if (!isNewNodeId(c, teller, nodeId, now)) return undefined;
  const remote = c.remotes.add(nodeId, 'told', now);
  if (remote !== undefined) addRoute(c, remote, now);
  return remote;
}

/** Whether this is one, within what the teller may cost. Nobody honest passes on an invalid one: whoever does waits. */
function isNewNodeId(c: NodeContext, teller: Remote, nodeId: Uint8Array, now: number): boolean {
  if (!teller.newNodeIds.take(now)) {
    c.drops.count('controlRateLimited');
    return false;
  }
  if (c.crypto.ed25519.isValidPublicKey(nodeId)) return true;
  teller.newNodeIds.drain();
  c.drops.count('controlMalformed');
  return false;
}

/** What is said of a node that proved nothing yet. */
function nameTold(remote: Remote, record: NodeRecord): void {
  if (isName(record.name)) remote.name = record.name;
  if (record.organisation.length === 32) remote.organisation = record.organisation;
}
