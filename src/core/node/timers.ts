// All timers of a node in one heap: who is due.
import {
  type NodeContext,
  TIMER_DELAYED,
  TIMER_DHT,
  TIMER_DISCOVERY,
  TIMER_DNS,
  TIMER_ENGINE,
  TIMER_EPOCHS,
  TIMER_JOIN,
  TIMER_KEEP,
  TIMER_LIFETIME,
  TIMER_LIVENESS,
  TIMER_MEMBERS,
  TIMER_NAT,
  TIMER_PINGS,
  TIMER_PUNCH,
  TIMER_RELAY_DESK,
  TIMER_RELAY_TRIALS,
  TIMER_RELAY_USE,
  TIMER_RENEWAL,
  TIMER_REVOKING,
  TIMER_SAY,
  TIMER_SEEK,
  TIMER_STREAMS,
  TIMER_TIDY,
} from './context.ts';
import { onPathTimer, onSessionTimer, pump, TIDY_MS } from './dispatch.ts';
import { feedEpochs } from './epochs.ts';
import { evict } from './evict.ts';
import { onLifetimeTimer } from './lifetime.ts';
import { onLivenessTimer } from './liveness.ts';
import { onMembersTimer } from './members.ts';
import { settleNat } from './nat.ts';
import { answerDelayed } from './path-tests.ts';
import { feedPunch } from './punching.ts';
import { onJoinEvent } from './reactions/consortium.ts';
import { feedDht } from './reactions/dht.ts';
import { feedDiscovery } from './reactions/discovery.ts';
import { feedDns } from './reactions/dns.ts';
import { feedRelayDesk, feedRelayUse } from './reactions/relay.ts';
import { feedRenewal } from './reactions/renewal.ts';
import { feedStreams } from './reactions/streams.ts';
import { feedRelayTrials } from './relay-trials.ts';
import { keepReachable, onSeekTimer } from './relaying.ts';
import { onRevokingTimer } from './revoking.ts';

/** ms for which a stranger may take to prove itself, a joiner to be admitted. */
const PENDING_MS = 30_000;
const JOINER_MS = 120_000;
/** Timers fired in one turn; the rest is due at once in the next. */
const FIRED_MAX = 4096;

export function fireTimers(c: NodeContext, now: number): void {
  for (let fired = 0; fired < FIRED_MAX; fired++) {
    const key = c.timers.popUntil(now);
    if (key === undefined) return;
    fire(c, key, now);
    pump(c, now);
  }
}

function fire(c: NodeContext, key: number, now: number): void {
  if (key >= 0) {
    const remote = c.remotes.at(key >> 1);
    if (remote === undefined) return;
    if ((key & 1) === 0) onSessionTimer(c, remote, now);
    else onPathTimer(c, remote, now);
    return;
  }
  switch (key) {
    case TIMER_ENGINE:
      c.engine.onTimer(now);
      return;
    case TIMER_LIVENESS:
      onLivenessTimer(c, now);
      return;
    case TIMER_JOIN:
      c.join?.machine.onTimer(now, { emit: (event) => onJoinEvent(c, event, now) });
      c.timers.set(TIMER_JOIN, c.join?.machine.wakeAt ?? Number.POSITIVE_INFINITY);
      return;
    case TIMER_PINGS:
      onPingTimer(c, now);
      return;
    case TIMER_SAY:
      c.work.push(...c.toSay.splice(0));
      return;
    case TIMER_DHT:
      feedDht(c, undefined, now);
      return;
    case TIMER_DISCOVERY:
      feedDiscovery(c, undefined, now);
      return;
    case TIMER_DNS:
      feedDns(c, undefined, now);
      return;
    case TIMER_RELAY_DESK:
      feedRelayDesk(c, undefined, now);
      return;
    case TIMER_RELAY_USE:
      feedRelayUse(c, undefined, now);
      return;
    case TIMER_RELAY_TRIALS:
      feedRelayTrials(c, undefined, now);
      return;
    case TIMER_KEEP:
      keepReachable(c, now);
      return;
    case TIMER_SEEK:
      onSeekTimer(c, now);
      return;
    case TIMER_PUNCH:
      feedPunch(c, undefined, now);
      return;
    case TIMER_NAT:
      settleNat(c, now);
      return;
    case TIMER_LIFETIME:
      onLifetimeTimer(c, now);
      return;
    case TIMER_DELAYED:
      answerDelayed(c, now);
      return;
    case TIMER_STREAMS:
      feedStreams(c, undefined, now);
      return;
    case TIMER_RENEWAL:
      feedRenewal(c, undefined, now);
      return;
    case TIMER_MEMBERS:
      onMembersTimer(c, now);
      return;
    case TIMER_EPOCHS:
      feedEpochs(c, undefined, now);
      return;
    case TIMER_REVOKING:
      onRevokingTimer(c, now);
      return;
    case TIMER_TIDY:
      tidy(c, now);
      return;
  }
}

function onPingTimer(c: NodeContext, now: number): void {
  for (const { remote, requestId } of c.pings.lost(now)) {
    if (requestId === undefined) continue;
    const result = { nodeId: remote.nodeId, rttMs: undefined, path: undefined };
    c.out.events.push({ kind: 'pingReply', requestId, result });
  }
}

function tidy(c: NodeContext, now: number): void {
  let isNeeded = false;
  for (const remote of c.remotes.values()) {
    if (remote.kind !== 'pending' && remote.kind !== 'joiner') continue;
    if (now - remote.since >= (remote.kind === 'pending' ? PENDING_MS : JOINER_MS)) evict(c, remote);
    else isNeeded = true;
  }
  if (isNeeded) c.timers.set(TIMER_TIDY, now + TIDY_MS);
}
