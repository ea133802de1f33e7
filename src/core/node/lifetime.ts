// Measures how long an idle UDP mapping of the NAT or firewall before this node lives: a relay answers after a while, over a socket
// on which nothing else happens. Keepalives are sent as seldom as that allows.
import { equalBytes } from '../base/bytes.ts';
import { isDiscardOnly, isIpv4, type SocketAddress } from '../base/ip.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../base/time.ts';
import { LIFETIME_MAX_S, LifetimeSearch } from '../path/path.ts';
import { PATH_TOKEN_BYTES } from '../wire/limits.ts';
import { type NodeContext, TIMER_LIFETIME, toRelayUse, toSession } from './context.ts';
import type { LifetimeRun } from './lifetime-run.ts';
import { closeSocket, openSocket } from './open-sockets.ts';
import { sendChallenge } from './path-tests.ts';
import type { Remote } from './remotes.ts';

/** A node that just came has other things to do. */
const FIRST_MS = 30 * SECOND_MS;
/** What was found holds so long; what could not be measured is tried again after so long. */
export const MEASURE_AGAIN_MS = 7 * DAY_MS;
const RETRY_MS = HOUR_MS;
/** Time for a socket to be opened. */
const OPEN_WAIT_MS = 10 * SECOND_MS;
/** How often it is looked whether new keys are there, and how long an answer may take beyond its delay. */
const LOOK_MS = SECOND_MS;
const ANSWER_WAIT_MS = 3 * SECOND_MS;
const TRIES = 3;
/** An answer so late makes a mapping an ordinary one; so long after the first datagram another makes it a stream (Linux: 2 s). */
const PRIME_S = 1;
const REST_MS = 3 * SECOND_MS;
/** What a test takes beside its delay. */
const SPARE_MS = TRIES * (PRIME_S * SECOND_MS + ANSWER_WAIT_MS) + REST_MS + ANSWER_WAIT_MS;

/** To be called whenever a relay may have become usable: begins a measurement that is due. */
export function measureLifetime(c: NodeContext, now: number): void {
  const { lifetime } = c;
  const relay = c.remotes.at(c.relaysKept[0] ?? -1);
  if (lifetime.run !== undefined || now < lifetime.nextAt || relay === undefined) return;
  if (!relay.isEstablished || wayTo(relay, 0) === undefined) return;
  if (lifetime.nextAt === Number.NEGATIVE_INFINITY) {
    lifetime.nextAt = now + FIRST_MS;
    return;
  }
  const socket = openSocket(c, 'lifetime');
  lifetime.nextAt = now + RETRY_MS;
  if (socket === undefined) return;
  lifetime.run = {
    search: new LifetimeSearch(),
    remote: relay.key,
    socket: socket.number,
    step: 'opening',
    token: new Uint8Array(0),
    tries: 0,
    family: 'ipv4',
    isAlive: false,
  };
  c.timers.set(TIMER_LIFETIME, now + OPEN_WAIT_MS);
}

/** This host's addresses changed, or nothing needs to be known any more. */
export function forgetLifetime(c: NodeContext): void {
  const { lifetime } = c;
  endRun(c);
  lifetime.nextAt = Number.NEGATIVE_INFINITY;
  if (lifetime.found === undefined) return;
  lifetime.found = undefined;
  toRelayUse(c, { kind: 'lifetime', ms: undefined });
}

/** The socket of a measurement is open, or (false) cannot be had. */
export function onLifetimeSocket(c: NodeContext, number: number, isOpen: boolean, now: number): void {
  const { run } = c.lifetime;
  if (run === undefined || run.socket !== number || run.step !== 'opening') return;
  if (isOpen) proceed(c, run, now);
  else endRun(c);
}

export function onLifetimeAnswer(
  c: NodeContext,
  remote: Remote,
  token: Uint8Array,
  from: SocketAddress,
  now: number,
): void {
  const { run } = c.lifetime;
  const isAwaited = run?.step === 'priming' || run?.step === 'testing';
  const isOfRun = run?.socket === from.via && run?.remote === remote.key && isAwaited;
  if (run === undefined || !isOfRun || !equalBytes(run.token, token)) {
    c.drops.count('controlUnexpected');
    return;
  }
  if (run.step === 'priming') {
    run.isAlive = true;
    run.step = 'resting';
    c.timers.set(TIMER_LIFETIME, now + REST_MS);
    return;
  }
  run.search.tested(true);
  proceed(c, run, now);
}

export function onLifetimeTimer(c: NodeContext, now: number): void {
  const { run } = c.lifetime;
  switch (run?.step) {
    case undefined:
      return;
    case 'opening':
      endRun(c);
      return;
    case 'testing':
      run.search.tested(false);
      run.isAlive = false;
      proceed(c, run, now);
      return;
    case 'resting':
      proceed(c, run, now);
      return;
    case 'keys':
    case 'priming':
      if (++run.tries < TRIES) proceed(c, run, now);
      else endRun(c);
  }
}

/** The next step towards the next test. */
function proceed(c: NodeContext, run: LifetimeRun, now: number): void {
  const seconds = run.search.next;
  const relay = c.remotes.find(run.remote);
  const address = relay?.isEstablished ? wayTo(relay, run.socket) : undefined;
  if (seconds === undefined) {
    finish(c, run, now);
  } else if (relay === undefined || address === undefined) {
    endRun(c);
  } else if (c.tables.remotes.refuseAtMs[relay.slot] - now < seconds * SECOND_MS + SPARE_MS) {
    // Both sides need keys when the answer leaves.
    if (run.step !== 'keys') run.tries = 0;
    run.step = 'keys';
    if (run.tries === 0) toSession(c, relay, { kind: 'rekey' });
    c.timers.set(TIMER_LIFETIME, now + LOOK_MS);
  } else if (run.isAlive) {
    ask(c, run, relay, address, 'testing', seconds, now);
  } else {
    if (run.step !== 'priming') run.tries = 0;
    ask(c, run, relay, address, 'priming', PRIME_S, now);
  }
}

function ask(
  c: NodeContext,
  run: LifetimeRun,
  relay: Remote,
  address: SocketAddress,
  step: 'priming' | 'testing',
  delayS: number,
  now: number,
): void {
  run.step = step;
  run.family = isIpv4(address.ip) ? 'ipv4' : 'ipv6';
  run.token = c.rng.bytes(PATH_TOKEN_BYTES);
  sendChallenge(c, relay, { address, token: run.token, bytes: 0, isFull: false, delayS });
  c.timers.set(TIMER_LIFETIME, now + delayS * SECOND_MS + ANSWER_WAIT_MS);
}

function finish(c: NodeContext, run: LifetimeRun, now: number): void {
  const { lifetime } = c;
  const { found } = run.search;
  endRun(c);
  lifetime.found = { seconds: found, family: run.family };
  lifetime.nextAt = now + MEASURE_AGAIN_MS;
  // A firewall that remembers so long without a NAT may remember much longer.
  const isPatient = found >= LIFETIME_MAX_S && !c.relayUse.rhythm.isBehindNat;
  toRelayUse(c, { kind: 'lifetime', ms: isPatient ? undefined : found * SECOND_MS });
}

function endRun(c: NodeContext): void {
  const { run } = c.lifetime;
  if (run === undefined) return;
  c.lifetime.run = undefined;
  c.timers.delete(TIMER_LIFETIME);
  closeSocket(c, run.socket);
}

/** Where a relay's path leads, over another local socket; undefined: it has no direct one. */
function wayTo(relay: Remote, via: number): SocketAddress | undefined {
  const { current } = relay.path;
  if (current === undefined || isDiscardOnly(current.ip)) return undefined;
  return { ip: current.ip, port: current.port, via };
}
