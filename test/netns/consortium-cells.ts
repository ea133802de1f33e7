/** The cells of the consortium's table on the wire: every way from an asker to what a provider offers. */
import { type Attempt, type Result, offer as serve } from './attempts.ts';
import { type Consortium, GUESTS, type MEMBERS, type Name, ORGANISATIONS } from './consortium.ts';
import { ASKERS, OFFERS, type Offer } from './consortium-table.ts';
import { type Running, until } from './lab.ts';
import type { Node } from './node.ts';

/** Only for where an answer is expected: machines that do other things as well need it. */
const PATIENCE_MS = 60_000;
/** For what is to be silent; what is reached from there, in the same list, answers sooner. */
const SILENCE_MS = 1_500;
const PROTOCOLS = ['tcp', 'udp'] as const;
const FAMILIES = [4, 6] as const;

type Protocol = (typeof PROTOCOLS)[number];
type Outcome = Result['outcome'];

/** One attempt, and what must become of it. */
export interface Way {
  /** For people. */
  what: string;
  attempt: Attempt;
  expected: Outcome;
  /** By whom, where it is reached. */
  by: string;
}

interface Resolution {
  addresses: string[];
  endpoints: { address: string }[];
}

/** What came to a provider's servers: "came PROTOCOL PORT FROM" each time. */
export type Guestbook = () => string[];

/** Serves and offers all that the table says. */
export async function offerAll({ nodes }: Consortium): Promise<ReadonlyMap<Name, Guestbook>> {
  const books = new Map<Name, Guestbook>();
  for (const provider of new Set(OFFERS.map((offer) => offer.provider))) {
    const servers: Running[] = [];
    for (const isInside of [false, true]) {
      const offers = OFFERS.filter((offer) => offer.provider === provider && offer.isInside === isInside);
      if (offers.length === 0) continue;
      const ports = offers.map(({ port }) => port);
      servers.push(await serve(nodes[provider].host, provider, isInside ? '127.0.0.1' : '::', ports));
    }
    books.set(provider, () =>
      servers.flatMap((one) => one.output().split('\n')).filter((line) => line.startsWith('came ')),
    );
  }
  for (const offer of OFFERS) {
    const { provider, share, port, isInside } = offer;
    if (offer.isHost) continue;
    for (const protocol of PROTOCOLS) {
      const service = { port, protocol, share, target: isInside ? `127.0.0.1:${port}` : null };
      await nodes[provider].ask(`/v1/services/${serviceOf(offer, protocol)}`, service, 'PUT');
    }
  }
  return books;
}

function serviceOf({ name }: Offer, protocol: Protocol): string {
  return protocol === 'tcp' ? name : `${name}-udp`;
}

/** Of both services of a row. */
export function serviceNames(offer: Offer): string[] {
  return PROTOCOLS.map((protocol) => serviceOf(offer, protocol));
}

/** All ways from one asker, by what it knows and what somebody may have told it. */
export async function waysOf(world: Consortium, asker: Name): Promise<Way[]> {
  const ways: Way[] = [];
  for (const offer of OFFERS) {
    const host = `${offer.provider}.node.${offer.organisation}`;
    const atHost = (await found(world.nodes[asker], host)).addresses;
    for (const protocol of PROTOCOLS) {
      const add = (how: string, target: string, family: 4 | 6, expected: Outcome): void => {
        const isAnswered = expected === 'reached' || expected === 'refused';
        const patienceMs = isAnswered ? PATIENCE_MS : SILENCE_MS;
        const attempt: Attempt = { protocol, host: target, family, port: offer.port, patienceMs };
        const what = `${asker} -> ${offer.provider} ${offer.name}, ${protocol}, IPv${family}, ${how}`;
        ways.push({ what, attempt, expected, by: offer.provider });
      };
      const outcome = offer.marks[asker] === 'yes' ? 'reached' : refusalOf(asker);
      if (!offer.isHost) await toService(world, asker, offer, protocol, outcome, add);
      else for (const family of FAMILIES) add('by name', `${host}.mcc`, family, outcome);
      if (!offer.isInside) for (const ip of atHost) add('at the host', ip, familyOf(ip), outcome);
    }
  }
  return mixed(ways);
}

async function toService(
  { nodes }: Consortium,
  asker: Name,
  offer: Offer,
  protocol: Protocol,
  outcome: Outcome,
  add: (how: string, target: string, family: 4 | 6, expected: Outcome) => void,
): Promise<void> {
  const name = `${serviceOf(offer, protocol)}.${offer.organisation}`;
  const isFound = offer.marks[asker] !== '-';
  for (const family of FAMILIES) {
    const isThere = isFound && (family === 4 || !offer.isInside);
    add('by name', `${name}.mcc`, family, isThere ? outcome : 'unknown');
  }
  const own = isFound ? await found(nodes[asker], name) : await resolution(nodes[asker], name);
  for (const ip of own?.addresses ?? []) add('at its address', ip, familyOf(ip), outcome);
  for (const { address } of own?.endpoints ?? []) add('at its endpoint', address, familyOf(address), outcome);
  if (isFound) return;
  // IPv6 addresses are the same everywhere; they lead nowhere here. The own node says so, which Linux tells TCP programs alone.
  const nowhere = protocol === 'tcp' ? 'refused' : 'silence';
  const there = await resolution(nodes[offer.provider], name);
  const told = [...(there?.addresses ?? []), ...(there?.endpoints ?? []).map(({ address }) => address)];
  for (const ip of told.filter((one) => familyOf(one) === 6))
    add('at an address it was told', ip, 6, nowhere);
}

/** It may take the asker a while: the provider's organisation has to be known there. */
function found(node: Node, name: string): Promise<Resolution> {
  return until(`${node.name} finds ${name}`, () => resolution(node, name), PATIENCE_MS);
}

function resolution(node: Node, name: string): Promise<Resolution | undefined> {
  return node.ask<Resolution>(`/v1/resolve/${name}`).catch(() => undefined);
}

function refusalOf(asker: Name): Outcome {
  return isGuest(asker) ? 'silence' : 'refused';
}

function isGuest(name: Name): boolean {
  return (GUESTS as readonly string[]).includes(name);
}

function familyOf(ip: string): 4 | 6 {
  return ip.includes(':') ? 6 : 4;
}

/** A node tells so many refusals a second: what is refused comes between what is not, and from several providers. */
function mixed(ways: readonly Way[]): Way[] {
  const step = 37;
  return Array.from({ length: step }, (_, first) => ways.filter((_, i) => i % step === first)).flat();
}

/** What stands in a guestbook and may not. */
export async function intruders({ nodes }: Consortium, provider: Name, book: Guestbook): Promise<string[]> {
  const names = await ownAddresses(nodes[provider], provider);
  const { peers } = await nodes[provider].ask<{ peers: Pick<Status, 'nodeId' | 'addresses'>[] }>('/v1/peers');
  for (const asker of ASKERS) {
    const { nodeId, addresses } = await nodes[asker].ask<Status>('/v1/status');
    // IPv4 addresses are the provider's own way to write them.
    const { ipv4, ipv6 } =
      asker === provider ? addresses : (peers.find((peer) => peer.nodeId === nodeId)?.addresses ?? addresses);
    names.set(ipv4, asker).set(ipv6, asker);
  }
  const mayCome = (line: string): boolean => {
    const [, , port, from = ''] = line.split(' ');
    const name = names.get(from.replace(/^::ffff:/, ''));
    const offer = OFFERS.find((one) => one.port === Number(port));
    return name !== undefined && offer !== undefined && offer.marks[name] === 'yes';
  };
  return [...new Set(book())].filter((line) => !mayCome(line));
}

/** What programs of a host send to an address of it, or to a service of its, comes from there. */
async function ownAddresses(node: Node, provider: Name): Promise<Map<string, Name>> {
  const local = FAMILIES.flatMap((family) =>
    node.host.ip(`-${family}`, 'route', 'show', 'table', 'local').split('\n'),
  ).map((line) => /^local ([^ ]+) /.exec(line)?.[1] ?? '');
  const offered = OFFERS.filter((offer) => offer.provider === provider && !offer.isHost);
  const names = offered.flatMap((offer) =>
    PROTOCOLS.map((protocol) => `${serviceOf(offer, protocol)}.${offer.organisation}`),
  );
  const services = await Promise.all(names.map((name) => resolution(node, name)));
  return new Map(
    [...local, ...services.flatMap((one) => one?.addresses ?? [])].map((address) => [address, provider]),
  );
}

interface Status {
  nodeId: string;
  addresses: { ipv4: string; ipv6: string };
}

/** Cells of which `mcc access` at the provider says something else than the table. */
export async function otherAnswers({ nodes }: Consortium): Promise<string[]> {
  const others: string[] = [];
  for (const asker of ASKERS) {
    const from = isGuest(asker)
      ? (await nodes[asker].ask<Status>('/v1/status')).nodeId
      : `${asker}.node.${ORGANISATIONS[asker as (typeof MEMBERS)[number]]}`;
    for (const offer of OFFERS) {
      for (const protocol of PROTOCOLS) {
        const name = offer.isHost ? offer.provider : serviceOf(offer, protocol);
        const to = `${name}:${offer.port}/${protocol}`;
        const answer = await nodes[offer.provider].ask<{ allowed: boolean; message: string }>('/v1/access', {
          from,
          to,
        });
        if (answer.allowed !== (offer.marks[asker] === 'yes'))
          others.push(`${from} to ${to} at ${offer.provider}: ${answer.allowed}, ${answer.message}`);
      }
    }
  }
  return others;
}
