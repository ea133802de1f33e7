// What makes a member part of the network: DHT, discovery, DNS, made of what the host gives.
import { networkPrefix, resolverAddress } from '../addressing/addressing.ts';
import { EMPTY } from '../base/bytes.ts';
import { Dht } from '../dht/dht.ts';
import type { DhtIdentity } from '../dht/types.ts';
import { Discovery } from '../discovery/discovery.ts';
import type { DiscoveryOptions } from '../discovery/types.ts';
import { DnsResponder } from '../dns/dns.ts';
import type { ChainVerifier, Network, VerifiedChain } from '../identity/identity.ts';
import { decodeControlBody, encodeControlBody, WireError } from '../wire/wire.ts';
import type { NodeContext } from './context.ts';
import { assignAlias } from './known.ts';
import type { DnsAsker } from './questions.ts';
import type { Introduction } from './remotes.ts';
import type { NodeOptions } from './types.ts';

export const DEFAULT_ZONE = 'mcc';

export function dhtOf(
  options: NodeOptions,
  network: Network,
  verifier: ChainVerifier,
  chain: VerifiedChain | undefined,
): Dht | undefined {
  if (chain === undefined) return undefined;
  const { crypto, rng, wallOffsetMs } = options;
  return new Dht({
    crypto,
    rng,
    networkId: network.id,
    verifier,
    self: dhtIdentity(chain),
    contacts: options.state.dhtContacts,
    wallOffsetMs,
  });
}

/** What records of this node prove. */
export function dhtIdentity(chain: VerifiedChain): DhtIdentity {
  const { nodeId, nonce, organisation, name, provides, bytes, notAfter } = chain;
  return { nodeId, nonce, organisation, name, provides, chain: bytes, notAfter };
}

export function discoveryOf(
  options: NodeOptions,
  network: Network,
  chain: VerifiedChain | undefined,
  isRevoked: NonNullable<DiscoveryOptions['isRevoked']>,
): Discovery | undefined {
  if (chain === undefined) return undefined;
  const { tier, name, organisation, organisationName, provides } = chain;
  const { crypto, rng, keys, wallOffsetMs } = options;
  return new Discovery({
    crypto,
    rng,
    networkId: network.id,
    keys,
    // A guest publishes nothing.
    member: tier === 'guest' ? undefined : { name, organisation, organisationName, provides },
    wallOffsetMs,
    state: options.state.discovery,
    isRevoked,
  });
}

/** `context`: asked only when queries come. */
export function responderOf(
  options: NodeOptions,
  network: Network,
  aliasPrefix: number,
  context: () => NodeContext,
): DnsResponder<DnsAsker> {
  return new DnsResponder<DnsAsker>({
    zone: options.config.zone ?? DEFAULT_ZONE,
    networkPrefix: networkPrefix(network.id),
    aliasPrefix,
    resolver: resolverAddress(network.id),
    aliasOf: (address) => aliasOf(context(), address),
    addressOf: (alias) => context().aliases.addressOf(alias),
    isOrganisation: (name) => context().organisations.idsOf(name).length > 0,
  });
}

function aliasOf(c: NodeContext, address: Uint8Array): number {
  return assignAlias(c, address, c.wallNow);
}

/** A question of the DHT that rides in a member's or a guest's first message: read only, since the message may be a replay. */
export function answerEarly(
  c: NodeContext,
  early: Uint8Array,
  nodeId: Uint8Array,
  introduction: Introduction,
  roomBytes: number,
): Uint8Array {
  if (c.dht === undefined || introduction.kind === 'joiner') return EMPTY;
  try {
    const question = decodeControlBody(early);
    if (question.kind !== 'dhtQuestion') return EMPTY;
    const now = c.wallNow - c.wallOffsetMs;
    // The body of a Control, its tag and its length stand around the answer.
    const answer = c.dht.answer(question, nodeId, roomBytes, now);
    return answer === undefined ? EMPTY : encodeControlBody(answer);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    c.drops.count('controlMalformed');
    return EMPTY;
  }
}
