// Looks at established remotes while data flows: who does not answer, and whose traffic is to be written down. Sleeps when
// nothing is sent.
import { isCircuit } from '../base/circuit.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { type NodeContext, TIMER_LIVENESS, toPath, wallMs } from './context.ts';
import { saveNode } from './known.ts';
import { considerPunch } from './punching.ts';
import { keepReachable, reachThroughRelays } from './relaying.ts';
import type { Remote } from './remotes.ts';
import { keepServices } from './service-sets.ts';

export const LIVENESS_MS = 100;
/** The first look after a pause comes soon: ways that are in use again are tested. */
const FIRST_MS = 5;
/** Goes on for so long after the last packet, so that a lost last packet is noticed. */
const LINGER_MS = 5 * SECOND_MS;
/** Time of the last traffic and changes of the path are written down at most this often per remote. */
export const SAVE_TRAFFIC_MS = 20 * SECOND_MS;

/** Data was sent or came: looks from now on. Costs nothing when it looks already. */
export function watch(c: NodeContext, now: number): void {
  const at = c.timers.get(TIMER_LIVENESS);
  if (at === undefined || at > now + LIVENESS_MS) c.timers.set(TIMER_LIVENESS, now + FIRST_MS);
}

export function onLivenessTimer(c: NodeContext, now: number): void {
  let next = NEVER;
  for (const remote of c.remotes.values()) {
    if (remote.isEstablished) next = Math.min(next, lookAt(c, remote, now));
  }
  keepServices(c, now);
  // A second relay is to be ready while data goes through one.
  if (c.relaysKept.length === 1) keepReachable(c, now);
  if (next < NEVER) c.timers.set(TIMER_LIVENESS, Math.max(next, now + LIVENESS_MS));
}

/** ms; when it should be looked at again. NEVER: when there is traffic. */
function lookAt(c: NodeContext, remote: Remote, now: number): number {
  const { lastSealedMs, lastHeardMs } = c.tables.activity;
  const sealed = lastSealedMs[remote.slot];
  const heard = lastHeardMs[remote.slot];
  if (remote.path.phase === 'suspect' && heard >= remote.probedAt) toPath(c, remote, { kind: 'heard' });
  if (sealed <= heard) remote.silentSince = -1;
  else if (remote.silentSince < 0 || heard > remote.silentSince) remote.silentSince = now;
  else toPath(c, remote, { kind: 'silence', sinceMs: remote.silentSince });
  if (remote.losses.isLossy(c.engine.flow(remote.slot), now)) toPath(c, remote, { kind: 'lossy' });
  const traffic = c.remotes.lastTraffic(remote);
  const { current } = remote.path;
  if (current !== undefined && isCircuit(current.ip)) reachThroughRelays(c, remote, now);
  if (!remote.path.isTesting && now - traffic < LINGER_MS) toPath(c, remote, { kind: 'busy' });
  if (now - traffic < LINGER_MS) considerPunch(c, remote);
  const isBehind =
    remote.isStale || traffic - now + wallMs(c, now) >= remote.savedTrafficMs + SAVE_TRAFFIC_MS;
  if (isBehind && now - remote.savedAt >= SAVE_TRAFFIC_MS) saveNode(c, remote, now);
  if (remote.silentSince >= 0 || now - traffic < LINGER_MS) return now;
  return remote.isStale ? remote.savedAt + SAVE_TRAFFIC_MS : NEVER;
}
