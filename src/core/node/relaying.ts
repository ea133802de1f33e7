// How this node stays reachable through relays, and reaches others through theirs.
import { equalBytes } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { RelayHint } from '../wire/types.ts';
import { remoteOf } from './contacts.ts';
import { type NodeContext, TIMER_KEEP, toDiscovery, toRelayUse } from './context.ts';
import type { Remote } from './remotes.ts';
import { isReached } from './role.ts';

/** A node that just came gets calls from others, which may show that it needs no relay: so long they may take. */
const CALLS_MS = 2 * SECOND_MS;
/** How often it is looked at whether others would be better relays. */
const LOOK_MS = MINUTE_MS;
/** While data goes through relays, a second one is ready to take over. */
const IN_USE = 2;

/** Looks at whether relays are needed, and which are there. To be called whenever that may have changed. */
export function keepReachable(c: NodeContext, now: number): void {
  if (c.self.chain === undefined) return;
  if (isReached(c) || c.config.relayed === 'never') {
    if (c.unreachedAt !== NEVER) toRelayUse(c, { kind: 'keep', count: 0, choices: [] });
    c.unreachedAt = NEVER;
    c.timers.delete(TIMER_KEEP);
    return;
  }
  const choices = [...c.remotes.values()].filter(
    ({ isCore, isEstablished, introduced, path }) =>
      isCore &&
      isEstablished &&
      introduced === 'member' &&
      path.current !== undefined &&
      !isCircuit(path.current.ip),
  );
  if (c.unreachedAt === NEVER && choices.length > 0) c.unreachedAt = now;
  const from = c.unreachedAt === NEVER ? NEVER : c.unreachedAt + CALLS_MS;
  if (now < from) {
    if (from !== NEVER) c.timers.set(TIMER_KEEP, from);
    return;
  }
  const rows = choices.map(({ slot, rttMs }) => ({ slot, rttMs: rttMs ?? Number.POSITIVE_INFINITY }));
  // Relays without keys at the moment keep their grants.
  for (const slot of c.relaysKept) {
    const relay = c.remotes.at(slot);
    if (relay !== undefined && !rows.some((row) => row.slot === slot))
      rows.push({ slot, rttMs: relay.rttMs ?? Number.POSITIVE_INFINITY });
  }
  const count = isRelaying(c, now) ? IN_USE : 1;
  toRelayUse(c, { kind: 'keep', count, choices: rows });
  c.timers.set(TIMER_KEEP, now + LOOK_MS);
}

/** Whether data went through relays lately. */
function isRelaying(c: NodeContext, now: number): boolean {
  for (const remote of c.remotes.values()) {
    const { current } = remote.path;
    if (current === undefined || !isCircuit(current.ip)) continue;
    if (now - c.remotes.lastTraffic(remote) < MINUTE_MS) return true;
  }
  return false;
}

/** Through whom a node is reached, as it says. An attempt to reach it that is under way takes them too. */
export function noteRelays(c: NodeContext, remote: Remote, relays: readonly RelayHint[], now: number): void {
  remote.relays = relays;
  // Only with some: without any, they would be looked for again.
  if (relays.length > 0 && remote.session?.isConnecting) reachThroughRelays(c, remote, now);
}

/**
 * A session with this remote is wanted: circuits to it through its relays. Where none are known, and it does not answer by itself,
 * its record is looked for.
 */
export function reachThroughRelays(c: NodeContext, remote: Remote, now: number): void {
  // A relay is reached directly: there are no circuits over circuits.
  if (c.relayUse.knows(remote.slot) || c.self.chain === undefined) return;
  if (remote.relays.length === 0) {
    if (remote.unanswered > 1 && remote.isWanted && !remote.isCore)
      toDiscovery(c, { kind: 'wantNode', nodeId: remote.nodeId });
    return;
  }
  const relays: number[] = [];
  for (const { nodeId, addresses } of remote.relays) {
    if (equalBytes(nodeId, c.self.keys.nodeId) || equalBytes(nodeId, remote.nodeId)) continue;
    const relay = remoteOf(c, nodeId, addresses, 'record', now);
    if (relay !== undefined) relays.push(relay.slot);
  }
  const isSilent = remote.unanswered > 1;
  if (relays.length > 0)
    toRelayUse(c, { kind: 'reach', remote: remote.slot, nodeId: remote.nodeId, relays, isSilent });
}
