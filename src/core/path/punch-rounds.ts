// Rounds of punching. Over the relay one side asks and says where it is; the other opens its own NATs towards there and answers where it
// is itself; the first sends there, which opens its own, and says so; the other sends too. So nothing comes to a NAT that is not open yet,
// and nobody waits for a clock. When it does not work, they try again, ever more seldom, while somebody uses the remote.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes } from '../base/bytes.ts';
import { equalSocketAddress, type IpAddress, type SocketAddress } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { PATH_TOKEN_BYTES, PUNCH_ADDRESSES_MAX } from '../wire/limits.ts';
import type { PunchStep } from '../wire/types.ts';
import { ProbeBudget } from './probe-budget.ts';
import {
  needsOpening,
  type PunchOwn,
  type PunchPlan,
  type PunchTerms,
  planOpening,
  planPunch,
  SEARCH_MS,
  SEARCH_SOCKETS,
  SOCKETS_AT_MS,
} from './punch.ts';
import { freshUse, hurry, needsFresh, newState, type PunchState, statusOf } from './punch-state.ts';
import type {
  PunchEvent,
  PunchInput,
  PunchMessage,
  PunchReason,
  PunchSend,
  PunchStatus,
} from './punch-types.ts';
import { RETRY_MS } from './tests.ts';

/** Remotes whose rounds are remembered; the one used longest ago gives way. */
const REMOTES_MAX = 1024;
/** A question without an answer is repeated after so long, so many times in all. */
const ASK_EVERY_MS = SECOND_MS;
const ASKS_MAX = 3;
/** Whoever answered begins by itself when nobody says so within this time. */
const GO_WAIT_MS = SECOND_MS;
/** What a NAT gives out is looked at for so long. */
const SAMPLE_MS = 500;
/** Answers to the last probes are awaited for so long. */
const LINGER_MS = SECOND_MS;
/** Probes whose answers are awaited; more push out the oldest. */
const AWAITED_MAX = 512;
/** Who has to wait until another's ports were searched tries again after so long. */
const BUSY_MS = 15 * SECOND_MS;
/**
 * A busy machine answers late, and is not to open sockets for that: nobody hurries whose timer comes so late, or who began a round with
 * somebody else within this time.
 */
const HURRY_LATE_MS = 100;
const HURRY_ALONE_MS = 1500;

/** What rounds need to know of the node. */
export interface PunchRules {
  /** How this side looks, for that remote to hear. */
  own(slot: number, now: number): PunchOwn;
  /** This side's NAT gives another port to each remote: which ones is to be found out before each round. */
  isHard(): boolean;
  /** Whether datagrams may ever go there. */
  isOuter(address: SocketAddress): boolean;
  /** Whether the remote proved to be at that IP address. */
  isHeard(slot: number, address: SocketAddress): boolean;
  /** Where a relay says that the remote is. */
  seenIp(slot: number): IpAddress | undefined;
  /** Whether a way to the remote leads over that socket of this host. */
  isSocketUsed(slot: number, socket: number): boolean;
}

type Out = Outbox<PunchSend, PunchEvent>;

/** One per node. Remotes are named by their slots. */
export class PunchRounds {
  private readonly rng: Rng;
  private readonly rules: PunchRules;
  private readonly states = new BoundedMap<number, PunchState>(REMOTES_MAX);
  private readonly budget = new ProbeBudget();
  private turns = 0;

  constructor(rng: Rng, rules: PunchRules) {
    this.rng = rng;
    this.rules = rules;
  }

  /** ms; when onTimer() is to be called next. */
  get wakeAt(): number {
    let at = NEVER;
    for (const state of this.states.values()) at = Math.min(at, this.wakeOf(state));
    return at;
  }

  handle(input: PunchInput, now: number, out: Out): void {
    switch (input.kind) {
      case 'wanted':
        this.onWanted(input.slot, now, out);
        return;
      case 'message':
        this.onMessage(input.slot, input.message, input.isLarger, now, out);
        return;
      case 'answered':
        this.onAnswered(input.slot, input.token, input.address, out);
        return;
      case 'direct':
        this.onDirect(input.slot, now, out);
        return;
      case 'changed':
        for (const state of this.states.values()) {
          state.failures = 0;
          if (state.phase === 'rest') state.at = now;
        }
        return;
      case 'sockets':
        this.onSockets(input.slot, input.numbers, now, out);
        return;
      case 'sampled':
        for (const [slot, state] of this.states)
          if (state.phase === 'sampling' && state.fresh === undefined) this.proceed(slot, state, now, out);
        return;
      case 'observed':
        this.onObserved(input.slot, input.socket, input.address, now, out);
        return;
      case 'socketFailed':
        for (const state of this.states.values()) {
          state.sockets = state.sockets.filter((n) => n !== input.number);
          if (state.fresh?.socket === input.number) state.fresh = undefined;
        }
        return;
      case 'gone': {
        const state = this.states.peek(input.slot);
        for (const number of state?.sockets ?? []) out.send({ kind: 'close', number });
        if (state?.fresh !== undefined) out.send({ kind: 'close', number: state.fresh.socket });
        this.states.delete(input.slot);
        return;
      }
    }
  }

  onTimer(now: number, out: Out): void {
    for (const [slot, state] of this.states)
      if (state.phase !== 'probing') this.onStateTimer(slot, state, now, out);
    this.sendDue(now, out);
    for (const [slot, state] of this.states) {
      if (state.phase !== 'probing') continue;
      if (state.kind === 'sockets' && !state.isOpening && now >= state.beganAt + SOCKETS_AT_MS) {
        state.isOpening = true;
        for (const [other, { phase }] of this.states) if (phase === 'rest') this.trim(other, out);
        out.send({ kind: 'open', slot, count: SEARCH_SOCKETS });
      }
      if (state.next >= state.probes.length && now >= state.at)
        this.end(slot, state, state.reason ?? 'notOpened', now, out);
      else if (now >= state.hurryAt) this.onHurry(slot, state, now, out);
    }
  }

  status(slot: number, now: number): PunchStatus {
    return statusOf(this.states.peek(slot), now);
  }

  private onHurry(slot: number, state: PunchState, now: number, out: Out): void {
    const isLate = now > state.hurryAt + HURRY_LATE_MS;
    state.hurryAt = NEVER;
    const isOthers = (other: PunchState) => other.phase !== 'rest' || now - other.beganAt < HURRY_ALONE_MS;
    if (isLate || [...this.states.values()].some((other) => other !== state && isOthers(other))) return;
    this.end(slot, state, 'notOpened', now, out);
    this.beginAsking(slot, state, now, out);
  }

  private wakeOf(state: PunchState): number {
    if (state.phase === 'rest') return NEVER;
    const isProbing = state.phase === 'probing';
    if (state.next >= state.probes.length) return isProbing ? Math.min(state.at, state.hurryAt) : state.at;
    const nextAt = Math.max(state.beganAt + state.probes[state.next].atMs, this.budget.freeAt);
    if (!isProbing) return Math.min(nextAt, state.at);
    if (state.hurryAt < nextAt) return state.hurryAt;
    const isOpened = state.kind !== 'sockets' || state.isOpening;
    return isOpened ? nextAt : Math.min(nextAt, state.beganAt + SOCKETS_AT_MS);
  }

  private stateOf(slot: number): PunchState {
    let state = this.states.get(slot);
    if (state === undefined) {
      state = newState();
      this.states.set(slot, state);
    }
    return state;
  }

  private onWanted(slot: number, now: number, out: Out): void {
    const state = this.stateOf(slot);
    if (state.phase === 'rest' && now >= state.at) this.beginAsking(slot, state, now, out);
  }

  private beginAsking(slot: number, state: PunchState, now: number, out: Out): void {
    state.id = this.rng.u32();
    state.isOwn = true;
    state.remote = undefined;
    this.prepare(slot, state, now, out);
  }

  /** What this side is about to tell should be fresh. */
  private prepare(slot: number, state: PunchState, now: number, out: Out): void {
    const isHardSide = this.rules.isHard();
    if (!isHardSide && !needsFresh(state, this.rules.own(slot, now))) {
      this.proceed(slot, state, now, out);
      return;
    }
    state.phase = 'sampling';
    state.at = now + SAMPLE_MS;
    out.send(isHardSide ? { kind: 'sample', slot } : { kind: 'open', slot, count: 1 });
  }

  private onObserved(
    slot: number,
    socket: number,
    address: SocketAddress | undefined,
    now: number,
    out: Out,
  ): void {
    const state = this.states.peek(slot);
    if (state?.phase !== 'sampling' || state.fresh?.socket !== socket) return;
    state.fresh.address = address;
    this.proceed(slot, state, now, out);
  }

  /** All is known that this side is going to tell. */
  private proceed(slot: number, state: PunchState, now: number, out: Out): void {
    if (state.fresh !== undefined && state.fresh.address === undefined) this.dropFresh(slot, state, out);
    if (state.isOwn && state.remote !== undefined) this.go(slot, state, now, out);
    else this.open(slot, state, now, out);
  }

  /** Asks, or answers. */
  private open(slot: number, state: PunchState, now: number, out: Out): void {
    if (state.isOwn) {
      state.phase = 'asking';
      state.asks = 0;
      this.ask(slot, state, now, out);
      return;
    }
    state.phase = 'answering';
    // The other side may have to look, too, before it says when.
    state.at = now + GO_WAIT_MS + (this.rules.isHard() ? SAMPLE_MS : 0);
    this.say(slot, state, 'answer', now, out);
    if (state.own === undefined || state.remote === undefined) return;
    this.send(state, planOpening(state.own, state.remote, this.termsOf(slot, state)), now, out);
  }

  private ask(slot: number, state: PunchState, now: number, out: Out): void {
    state.asks++;
    state.at = now + ASK_EVERY_MS;
    this.say(slot, state, 'request', now, out);
  }

  private say(slot: number, state: PunchState, step: PunchStep, now: number, out: Out): void {
    // What was foreseen stays told, though it gets old.
    const isKept = step === 'go' && state.own !== undefined && this.rules.isHard();
    const own = isKept ? (state.own as PunchOwn) : withFresh(this.rules.own(slot, now), state.fresh?.address);
    state.own = own;
    if (step !== 'request' || state.asks === 1) state.saidAt = now;
    const { addresses, mapping, filtering } = own;
    out.send({
      kind: 'say',
      slot,
      message: { kind: 'punch', round: state.id, step, addresses, mapping, filtering },
    });
  }

  private onMessage(slot: number, message: PunchMessage, isLarger: boolean, now: number, out: Out): void {
    const state = this.stateOf(slot);
    if (message.step === 'request') {
      this.onRequest(slot, state, message, isLarger, now, out);
      return;
    }
    const awaited = message.step === 'answer' ? 'asking' : 'answering';
    if (state.phase !== awaited || state.id !== message.round) {
      out.emit({ kind: 'drop', reason: 'punchUnexpected' });
      return;
    }
    state.remote = message;
    state.rttMs = now - state.saidAt;
    const isToLook = message.step === 'answer' && state.fresh === undefined;
    if (isToLook && needsFresh(state, this.rules.own(slot, now))) this.prepare(slot, state, now, out);
    else this.go(slot, state, now, out);
  }

  private go(slot: number, state: PunchState, now: number, out: Out): void {
    if (state.isOwn) this.say(slot, state, 'go', now, out);
    this.begin(slot, state, now, out);
  }

  private onRequest(
    slot: number,
    state: PunchState,
    message: PunchMessage,
    isLarger: boolean,
    now: number,
    out: Out,
  ): void {
    if (!state.asked.take(now)) {
      out.emit({ kind: 'drop', reason: 'punchRateLimited' });
      return;
    }
    // Both asked at once: the one with the larger node ID goes on.
    const isAsking = state.phase === 'sampling' || state.phase === 'asking';
    if (isLarger && state.isOwn && isAsking) return;
    // The other side has given up the round under way.
    if (state.phase === 'probing' && !state.isAnswered && state.failures === 0) state.failures = 1;
    state.id = message.round;
    state.isOwn = false;
    state.remote = message;
    state.probes = [];
    this.dropFresh(slot, state, out);
    this.prepare(slot, state, now, out);
  }

  /** The other side's NATs are open. */
  private begin(slot: number, state: PunchState, now: number, out: Out): void {
    const { own, remote } = state;
    if (own === undefined || remote === undefined) return;
    const terms = this.termsOf(slot, state);
    const plan = planPunch(own, remote, terms);
    for (let i = 0; i < plan.refused; i++) out.emit({ kind: 'drop', reason: 'punchAddress' });
    state.phase = 'probing';
    state.rounds++;
    const lastMs = plan.kind === 'sockets' ? SEARCH_MS : (plan.probes.at(-1)?.atMs ?? 0);
    state.at = now + lastMs + LINGER_MS;
    state.awaited.length = 0;
    state.isAnswered = false;
    state.isPunched = needsOpening(own, remote);
    state.kind = plan.kind;
    state.isOpening = false;
    state.isBusy = !terms.maySearch;
    this.trim(slot, out);
    state.reason = plan.kind === 'bothHard' || plan.kind === 'noAddress' ? plan.kind : undefined;
    this.send(state, plan.probes, now, out);
  }

  private termsOf(slot: number, state: PunchState): PunchTerms {
    const isOthersTurn = [...this.states.values()].some(
      (other) => other !== state && other.phase === 'probing' && isSearch(other.kind),
    );
    return {
      isOuter: (address) => this.rules.isOuter(address),
      isHeard: (address) => this.rules.isHeard(slot, address),
      seenIp: this.rules.seenIp(slot),
      maySearch: !isOthersTurn,
      mustSearch: state.failures % 2 === 1,
      fresh: freshUse(state),
      rng: this.rng,
    };
  }

  private send(state: PunchState, probes: PunchPlan['probes'], now: number, out: Out): void {
    state.probes = probes;
    state.hurryAt = NEVER;
    state.next = 0;
    state.beganAt = now;
    this.sendDue(now, out);
  }

  private onStateTimer(slot: number, state: PunchState, now: number, out: Out): void {
    if (now < state.at) return;
    switch (state.phase) {
      case 'sampling':
        this.proceed(slot, state, now, out);
        return;
      case 'asking':
        if (state.asks < ASKS_MAX) this.ask(slot, state, now, out);
        else this.end(slot, state, 'noAnswer', now, out);
        return;
      case 'answering':
        this.begin(slot, state, now, out);
        return;
    }
  }

  /** One for each remote in turn, so that none waits for another's plan to end; searches are long and take what others leave. */
  private sendDue(now: number, out: Out): void {
    const due = [...this.states]
      .filter(([, { next, probes }]) => next < probes.length)
      .sort(([, a], [, b]) => Number(isSearch(a.kind)) - Number(isSearch(b.kind)) || a.turn - b.turn);
    for (let isAny = due.length > 0; isAny; ) {
      isAny = false;
      for (const [slot, state] of due) {
        if (state.next >= state.probes.length || now < state.beganAt + state.probes[state.next].atMs)
          continue;
        if (now < this.budget.freeAt) return;
        isAny = true;
        this.probe(slot, state, now, out);
      }
    }
  }

  private probe(slot: number, state: PunchState, now: number, out: Out): void {
    const { address: to, ttl, socket, atMs } = state.probes[state.next++];
    state.turn = ++this.turns;
    const via = socket === 'fresh' ? state.fresh?.socket : state.sockets[socket ?? -1];
    if (socket !== undefined && via === undefined) return;
    const address = via === undefined ? to : { ip: to.ip, port: to.port, via };
    // What reaches nobody floods nobody.
    const isHarmless = ttl !== undefined || this.rules.isHeard(slot, address);
    if (!this.budget.take(address.ip, isHarmless, now)) {
      out.emit({ kind: 'drop', reason: 'punchRateLimited' });
      return;
    }
    const token = this.rng.bytes(PATH_TOKEN_BYTES);
    if (state.awaited.length >= AWAITED_MAX) state.awaited.shift();
    if (ttl === undefined) state.awaited.push({ token, address });
    state.sent++;
    if (state.phase === 'probing' && atMs === 0) hurry(state, now);
    out.send({ kind: 'probe', slot, address, token, ttl });
  }

  private onAnswered(slot: number, token: Uint8Array, address: SocketAddress, out: Out): void {
    const state = this.states.peek(slot);
    const at = state?.awaited.findIndex(
      (probe) => equalBytes(probe.token, token) && equalSocketAddress(probe.address, address),
    );
    if (state === undefined || at === undefined || at < 0) {
      out.emit({ kind: 'foreign' });
      return;
    }
    state.awaited.splice(at, 1);
    state.isAnswered = true;
    state.hurryAt = NEVER;
    out.emit({ kind: 'opened', slot, address, isPunched: state.isPunched });
  }

  private onSockets(slot: number, numbers: readonly number[], now: number, out: Out): void {
    const state = this.states.peek(slot);
    if (state?.phase === 'probing' && state.kind === 'sockets') {
      state.sockets = [...numbers, ...state.sockets];
    } else if (state?.phase === 'sampling' && state.fresh === undefined && numbers.length === 1) {
      state.fresh = { socket: numbers[0], address: undefined };
      out.send({ kind: 'observe', slot, socket: numbers[0] });
    } else {
      for (const number of numbers) out.send({ kind: 'close', number });
      if (state?.phase === 'sampling') this.proceed(slot, state, now, out);
    }
  }

  /** Its socket is closed unless a way leads over it. */
  private dropFresh(slot: number, state: PunchState, out: Out): void {
    if (state.fresh === undefined) return;
    state.sockets.push(state.fresh.socket);
    state.fresh = undefined;
    this.trim(slot, out);
  }

  /** Closes further sockets that led nowhere. */
  private trim(slot: number, out: Out): void {
    const state = this.states.peek(slot);
    if (state === undefined) return;
    const unused = state.sockets.filter((number) => !this.rules.isSocketUsed(slot, number));
    state.sockets = state.sockets.filter((number) => !unused.includes(number));
    for (const number of unused) out.send({ kind: 'close', number });
  }

  private onDirect(slot: number, now: number, out: Out): void {
    const state = this.states.peek(slot);
    if (state === undefined) return;
    state.phase = 'rest';
    state.probes = [];
    state.failures = 0;
    state.reason = undefined;
    state.at = now + RETRY_MS[0];
    this.dropFresh(slot, state, out);
    this.trim(slot, out);
  }

  private end(slot: number, state: PunchState, reason: PunchReason, now: number, out: Out): void {
    state.phase = 'rest';
    state.probes = [];
    this.dropFresh(slot, state, out);
    this.trim(slot, out);
    state.reason = reason;
    // Where nothing can be done, only a change of the networks would help.
    const seldom = reason === 'bothHard' ? RETRY_MS.length - 2 : 0;
    const last = RETRY_MS.length - 1;
    if (state.isBusy) state.at = now + BUSY_MS;
    else state.at = now + RETRY_MS[Math.min(Math.max(state.failures++, seldom), last)];
  }
}

/** It comes first: that is where the other side expects this one's search from. */
function withFresh(own: PunchOwn, fresh: SocketAddress | undefined): PunchOwn {
  if (fresh === undefined) return own;
  return { ...own, addresses: [fresh, ...own.addresses].slice(0, PUNCH_ADDRESSES_MAX) };
}

function isSearch(kind: PunchPlan['kind']): boolean {
  return kind === 'sockets' || kind === 'ports';
}
