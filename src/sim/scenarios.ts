// Scenarios in words: written once, judged by tests.

import { type IpAddress, parseIp } from '../core/base/ip.ts';
import { HOUR_MS } from '../core/base/time.ts';
import { parseName } from '../core/discovery/discovery.ts';
import type { ResolveResult } from '../core/discovery/types.ts';
import { nodeIdToText } from '../core/identity/identity.ts';
import type { NodeEvent } from '../core/node/types.ts';
import type { SimHost } from './host.ts';
import type { World } from './world.ts';

/** Two members of one organisation that know each other's address. */
export function pair(world: World): [SimHost, SimHost] {
  const organisation = world.organisation('acme');
  const alpha = world.member('alpha', organisation, true);
  const bravo = world.member('bravo', organisation);
  meet(world, bravo, alpha);
  return [alpha, bravo];
}

/** `host` learns of others as if records had told it, and starts again with that. */
export function meet(world: World, host: SimHost, ...others: SimHost[]): void {
  host.restart(world.now, others);
}

/** Invites and joins; the joiner's node starts again as a member, as the daemon does. What the joiner was told in the end. */
export function admit(
  world: World,
  signer: SimHost,
  joiner: SimHost,
  name = joiner.name,
): JoinResult | undefined {
  const { token } = invite(world, signer, 1);
  return joinBy(world, joiner, token, name);
}

export type JoinResult = Extract<NodeEvent, { kind: 'joined' }>['result'];

export function invite(world: World, signer: SimHost, uses: number): { readonly token: string } {
  const expiresMs = 1_800_000_000_000 + world.now + HOUR_MS;
  return signer.run(world.now, (now) =>
    signer.node.invite({ uses, expiresMs, addresses: [], provides: [] }, now),
  );
}

export function joinBy(world: World, joiner: SimHost, token: string, name: string): JoinResult | undefined {
  joiner.run(world.now, (now) => joiner.node.join({ token, name }, now));
  const event = world.waitFor(joiner, 'joined', 40_000);
  if (event?.result.ok) joiner.restart(world.now);
  return event?.result;
}

/** ms of round trip of a control ping; undefined: lost. */
export function pingOnce(world: World, from: SimHost, to: SimHost): number | undefined {
  const before = from.events.length;
  const id = from.run(world.now, (now) => from.node.ping(to.keys.nodeId, now));
  const find = () =>
    from.events.slice(before).find((event) => event.kind === 'pingReply' && event.requestId === id);
  world.runUntil(() => find() !== undefined, 10_000);
  const event = find();
  return event?.kind === 'pingReply' ? event.result.rttMs : undefined;
}

/** Whether `host` has a session with `other`. */
export function isConnected(host: SimHost, other: SimHost): boolean {
  const peer = host.node.peers(0).find((view) => view.nodeId === other.node.status(0).nodeId);
  return peer?.state === 'connected';
}

/** By which addresses `host` reaches `other`. */
export function addressesAt(
  host: SimHost,
  other: SimHost,
): { readonly v4: IpAddress; readonly v6: IpAddress } {
  const found = host.node.find(nodeIdToText(other.keys.nodeId));
  const v4 = parseIp(found?.addresses.ipv4 ?? '');
  const v6 = parseIp(found?.addresses.ipv6 ?? '');
  if (v4 === undefined || v6 === undefined) throw new Error(`${host.name} has no way to ${other.name}`);
  return { v4, v6 };
}

/** Asks the network for a name, such as `bravo.node`; undefined: nobody could tell within 10 s. */
export function resolve(world: World, host: SimHost, name: string): ResolveResult | undefined {
  const query = parseName(name);
  if (query === undefined) throw new Error(`${name} is no name`);
  const requestId = host.run(world.now, (now) => host.node.resolve(query, true, now));
  const answered = host.events.findLast(
    (event) => event.kind === 'resolved' && event.requestId === requestId,
  );
  if (answered?.kind === 'resolved') return answered.result;
  return world.waitFor(host, 'resolved', 10_000, (event) => event.requestId === requestId)?.result;
}
