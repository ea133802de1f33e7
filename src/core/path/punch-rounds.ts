// Rounds of punching. Over the relay one side asks and says where it is; the other opens its own NATs towards there and answers where it
// is itself; the first sends there, which opens its own, and says so; the other sends too. So nothing comes to a NAT that is not open yet,
// and nobody waits for a clock. When it does not work, they try again, ever more seldom, while somebody uses the remote.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes } from '../base/bytes.ts';
import { equalSocketAddress, type IpAddress, type SocketAddress } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { PATH_TOKEN_BYTES } from '../wire/limits.ts';
import type { PunchStep } from '../wire/types.ts';
import { ProbeBudget } from './probe-budget.ts';
import {
  needsOpening,
  type Probe,
  type PunchOwn,
  type PunchPlan,
  type PunchSide,
  type PunchTerms,
  planOpening,
  planPunch,
  SEARCH_MS,
  SEARCH_SOCKETS,
  SOCKETS_AT_MS,
} from './punch.ts';
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
/** Rounds that a remote may ask for, with repetitions: more than anybody needs who keeps to RETRY_MS. */
const ASKED_PER_SECOND = 0.2;
const ASKED_BURST = 10;
/** Probes whose answers are awaited; more push out the oldest. */
const AWAITED_MAX = 512;
/** Who has to wait until another's ports were searched tries again after so long. */
const BUSY_MS = 15 * SECOND_MS;

/**
 * rest: nothing is under way. sampling: this side looks which ports its NAT gives out. asking: the other side was asked. answering: it
 * asked, this side's NATs are being opened, and it will say when its own are. probing: they are.
 */
type Phase = 'rest' | 'sampling' | 'asking' | 'answering' | 'probing';

interface Awaited {
  readonly token: Uint8Array;
  readonly address: SocketAddress;
}

interface State {
  phase: Phase;
  /** Of the round under way: its asker's choice. */
  id: number;
  /** This side asked for it. */
  isOwn: boolean;
  asks: number;
  /** ms; when `phase` ends by itself; at rest: when this side may begin another round. */
  at: number;
  /** What the two sides said of themselves. */
  own: PunchOwn | undefined;
  remote: PunchSide | undefined;
  /** Of the plan or the opening under way, those that were not sent yet from `next` on; its begin, ms. */
  probes: readonly Probe[];
  next: number;
  beganAt: number;
  isPunched: boolean;
  kind: PunchPlan['kind'];
  /** Further sockets of this host that are open for it: the plan's first ones, and those over which a way leads. */
  sockets: number[];
  /** They are asked for. */
  isOpening: boolean;
  /** Ports would have been searched, had it not been another's turn. */
  isBusy: boolean;
  readonly awaited: Awaited[];
  /** Without success, in a row: which of RETRY_MS is next. */
  failures: number;
  rounds: number;
  sent: number;
  reason: PunchReason | undefined;
  readonly asked: TokenBucket;
}

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
  private readonly states = new BoundedMap<number, State>(REMOTES_MAX);
  private readonly budget = new ProbeBudget();

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
        this.onSockets(input.slot, input.numbers, out);
        return;
      case 'sampled':
        for (const [slot, state] of this.states)
          if (state.phase === 'sampling') this.open(slot, state, now, out);
        return;
      case 'socketFailed':
        for (const state of this.states.values())
          state.sockets = state.sockets.filter((n) => n !== input.number);
        return;
      case 'gone': {
        const state = this.states.peek(input.slot);
        for (const number of state?.sockets ?? []) out.send({ kind: 'close', number });
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
      if (state.next >= state.probes.length && now >= state.at) {
        this.end(state, state.reason ?? 'notOpened', now);
        this.trim(slot, out);
      }
    }
  }

  status(slot: number, now: number): PunchStatus {
    const state = this.states.peek(slot);
    if (state === undefined) return { state: 'idle', reason: null, nextTryMs: null, rounds: 0, probes: 0 };
    const { rounds, sent: probes, reason = null } = state;
    const isResting = state.phase === 'rest';
    const nextTryMs = isResting ? Math.max(0, state.at - now) : null;
    return { state: isResting ? 'waiting' : 'trying', reason, nextTryMs, rounds, probes };
  }

  private wakeOf(state: State): number {
    if (state.phase === 'rest') return NEVER;
    if (state.next >= state.probes.length) return state.at;
    const nextAt = Math.max(state.beganAt + state.probes[state.next].atMs, this.budget.freeAt);
    if (state.phase !== 'probing') return Math.min(nextAt, state.at);
    const isOpened = state.kind !== 'sockets' || state.isOpening;
    return isOpened ? nextAt : Math.min(nextAt, state.beganAt + SOCKETS_AT_MS);
  }

  private stateOf(slot: number): State {
    let state = this.states.get(slot);
    if (state === undefined) {
      state = {
        phase: 'rest',
        id: 0,
        isOwn: false,
        asks: 0,
        at: Number.NEGATIVE_INFINITY,
        own: undefined,
        remote: undefined,
        probes: [],
        next: 0,
        beganAt: 0,
        isPunched: true,
        kind: 'usual',
        sockets: [],
        isOpening: false,
        isBusy: false,
        awaited: [],
        failures: 0,
        rounds: 0,
        sent: 0,
        reason: undefined,
        asked: new TokenBucket(ASKED_PER_SECOND, ASKED_BURST),
      };
      this.states.set(slot, state);
    }
    return state;
  }

  private onWanted(slot: number, now: number, out: Out): void {
    const state = this.stateOf(slot);
    if (state.phase !== 'rest' || now < state.at) return;
    state.id = this.rng.u32();
    state.isOwn = true;
    this.prepare(slot, state, now, out);
  }

  /** What this side is about to tell should be fresh. */
  private prepare(slot: number, state: State, now: number, out: Out): void {
    if (!this.rules.isHard()) {
      this.open(slot, state, now, out);
      return;
    }
    state.phase = 'sampling';
    state.at = now + SAMPLE_MS;
    out.send({ kind: 'sample', slot });
  }

  /** Asks, or answers. */
  private open(slot: number, state: State, now: number, out: Out): void {
    if (state.isOwn) {
      state.phase = 'asking';
      state.asks = 0;
      this.ask(slot, state, now, out);
      return;
    }
    state.phase = 'answering';
    state.at = now + GO_WAIT_MS;
    this.say(slot, state, 'answer', now, out);
    if (state.own === undefined || state.remote === undefined) return;
    this.send(state, planOpening(state.own, state.remote, this.termsOf(slot, state)), now, out);
  }

  private ask(slot: number, state: State, now: number, out: Out): void {
    state.asks++;
    state.at = now + ASK_EVERY_MS;
    this.say(slot, state, 'request', now, out);
  }

  private say(slot: number, state: State, step: PunchStep, now: number, out: Out): void {
    // What was foreseen stays told, though it gets old.
    const own =
      step === 'go' && state.own !== undefined && this.rules.isHard() ? state.own : this.rules.own(slot, now);
    state.own = own;
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
    if (message.step === 'answer') this.say(slot, state, 'go', now, out);
    this.begin(slot, state, now, out);
  }

  private onRequest(
    slot: number,
    state: State,
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
    state.id = message.round;
    state.isOwn = false;
    state.remote = message;
    state.probes = [];
    this.prepare(slot, state, now, out);
  }

  /** The other side's NATs are open. */
  private begin(slot: number, state: State, now: number, out: Out): void {
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
    state.isPunched = needsOpening(own, remote);
    state.kind = plan.kind;
    state.isOpening = false;
    state.isBusy = !terms.maySearch;
    this.trim(slot, out);
    state.reason = plan.kind === 'bothHard' || plan.kind === 'noAddress' ? plan.kind : undefined;
    this.send(state, plan.probes, now, out);
  }

  private termsOf(slot: number, state: State): PunchTerms {
    const isOthersTurn = [...this.states.values()].some(
      (other) => other !== state && other.phase === 'probing' && isSearch(other.kind),
    );
    return {
      isOuter: (address) => this.rules.isOuter(address),
      isHeard: (address) => this.rules.isHeard(slot, address),
      seenIp: this.rules.seenIp(slot),
      maySearch: !isOthersTurn,
      mustSearch: state.failures % 2 === 1,
      rng: this.rng,
    };
  }

  private send(state: State, probes: readonly Probe[], now: number, out: Out): void {
    state.probes = probes;
    state.next = 0;
    state.beganAt = now;
    this.sendDue(now, out);
  }

  private onStateTimer(slot: number, state: State, now: number, out: Out): void {
    if (now < state.at) return;
    switch (state.phase) {
      case 'sampling':
        this.open(slot, state, now, out);
        return;
      case 'asking':
        if (state.asks < ASKS_MAX) this.ask(slot, state, now, out);
        else this.end(state, 'noAnswer', now);
        return;
      case 'answering':
        this.begin(slot, state, now, out);
        return;
    }
  }

  /** One for each remote in turn, so that none waits for another's plan to end. */
  private sendDue(now: number, out: Out): void {
    const due = [...this.states].filter(([, { next, probes }]) => next < probes.length);
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

  private probe(slot: number, state: State, now: number, out: Out): void {
    const { address: to, ttl, socket } = state.probes[state.next++];
    const via = socket === undefined ? undefined : state.sockets[socket];
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
    out.emit({ kind: 'opened', slot, address, isPunched: state.isPunched });
  }

  private onSockets(slot: number, numbers: readonly number[], out: Out): void {
    const state = this.states.peek(slot);
    if (state?.phase === 'probing' && state.kind === 'sockets')
      state.sockets = [...numbers, ...state.sockets];
    else for (const number of numbers) out.send({ kind: 'close', number });
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
    this.trim(slot, out);
  }

  private end(state: State, reason: PunchReason, now: number): void {
    state.phase = 'rest';
    state.probes = [];
    state.reason = reason;
    // Where nothing can be done, only a change of the networks would help.
    const seldom = reason === 'bothHard' ? RETRY_MS.length - 2 : 0;
    const last = RETRY_MS.length - 1;
    if (state.isBusy) state.at = now + BUSY_MS;
    else state.at = now + RETRY_MS[Math.min(Math.max(state.failures++, seldom), last)];
  }
}

function isSearch(kind: PunchPlan['kind']): boolean {
  return kind === 'sockets' || kind === 'ports';
}
