// How this node stays reachable through relays, and reaches others through theirs.
import { equalBytes } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { RelayChoice } from '../path/types.ts';
import type { RelayHint } from '../wire/types.ts';
import { remoteOf } from './contacts.ts';
import { type NodeContext, TIMER_KEEP, TIMER_SEEK, toDiscovery, toRelayUse } from './context.ts';
import { isGuest } from './guests.ts';
import { directAddress } from './known.ts';
import { forgetLifetime, measureLifetime } from './lifetime.ts';
import type { Remote } from './remotes.ts';
import { reachedUntil } from './role.ts';

/** A node that just came gets calls from others, which may show that it needs no relay: so long they may take. */
const CALLS_MS = SECOND_MS / 2;
/** While a remote is called that nobody can say how to reach, its record is looked for so often. */
const SEEK_MS = 1100;
/** After more initiations without an answer it is not the record that is out of date, most likely: it is looked for less often. */
const URGENT_INITIATIONS = 4;
/** How often it is looked at whether others would be better relays. */
const LOOK_MS = MINUTE_MS;
/** Core nodes without a session that are ready to take over. */
const RESERVE_MAX = 4;
/** While data goes through relays, a second one is ready to take over. */
const IN_USE = 2;

/** Looks at whether relays are needed, and which are there. To be called whenever that may have changed. */
export function keepReachable(c: NodeContext, now: number): void {
  if (c.self.chain === undefined) return;
  const untilMs = c.config.relayed === 'never' || isGuest(c) ? NEVER : reachedUntil(c);
  if (now < untilMs) {
    if (c.unreachedAt !== NEVER) toRelayUse(c, { kind: 'keep', count: 0, choices: [] });
    c.unreachedAt = NEVER;
    if (untilMs === NEVER) c.timers.delete(TIMER_KEEP);
    else c.timers.set(TIMER_KEEP, untilMs);
    forgetLifetime(c);
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
  const rows: RelayChoice[] = choices.map(({ slot, rttMs }) => ({
    slot,
    rttMs: rttMs ?? Number.POSITIVE_INFINITY,
  }));
  // Relays without keys at the moment keep their grants.
  for (const slot of c.relayUse.keepers) {
    const relay = c.remotes.at(slot);
    if (relay !== undefined && !rows.some((row) => row.slot === slot))
      rows.push({ slot, rttMs: relay.rttMs ?? Number.POSITIVE_INFINITY });
  }
  const isIn = new Set(rows.map(({ slot }) => slot));
  const cold = [...c.remotes.values()].filter((remote) => !isIn.has(remote.slot) && isReserve(remote));
  for (const { slot, rttMs } of cold.slice(-RESERVE_MAX))
    rows.push({ slot, rttMs: rttMs ?? Number.POSITIVE_INFINITY, isCold: true });
  const count = isRelaying(c, now) ? IN_USE : 1;
  toRelayUse(c, { kind: 'keep', count, choices: rows });
  c.timers.set(TIMER_KEEP, now + LOOK_MS);
  measureLifetime(c, now);
}

/** It could relay, once there is a session with it. */
function isReserve(remote: Remote): boolean {
  const { isCore, kind, hasFailed } = remote;
  return isCore && kind === 'member' && !hasFailed && directAddress(remote) !== undefined;
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
  if (remote.session?.isConnecting) reachThroughRelays(c, remote, now);
}

/**
 * An initiation goes to a remote that does not answer: what its record said of it is no longer true, or not yet. It is looked for again,
 * while the attempt lasts.
 */
export function seekAgain(c: NodeContext, remote: Remote, now: number): void {
  if (!isSought(c, remote)) return;
  const isUrgent = remote.unanswered <= URGENT_INITIATIONS;
  toDiscovery(c, { kind: 'wantNode', nodeId: remote.nodeId, isUrgent });
  if (c.timers.get(TIMER_SEEK) === undefined) c.timers.set(TIMER_SEEK, now + SEEK_MS);
}

export function onSeekTimer(c: NodeContext, now: number): void {
  for (const remote of c.remotes.values()) if (remote.session?.isConnecting) seekAgain(c, remote, now);
}

function isSought(c: NodeContext, remote: Remote): boolean {
  if (remote.unanswered <= 1 || !remote.isWanted || remote.isCore) return false;
  return c.self.chain !== undefined && !c.relayUse.knows(remote.slot);
}

/** A session with this remote is wanted: circuits to it through its relays. */
export function reachThroughRelays(c: NodeContext, remote: Remote, now: number): void {
  // A relay is reached directly: there are no circuits over circuits.
  if (c.relayUse.knows(remote.slot) || c.self.chain === undefined) return;
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
