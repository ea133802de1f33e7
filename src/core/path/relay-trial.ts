// Whether a relay carries what it says: other nodes, chosen by chance, are asked to call this one through it.
import { BoundedMap } from '../base/bounded-map.ts';
import type { Outbox } from '../base/outbox.ts';
import { type Rng, uniform } from '../base/rng.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { RelayTrialEvent, RelayTrialInput, RelayTrialSend, TrialPeers } from './relay-types.ts';

/** Relays whose trials are remembered. */
const RELAYS_MAX = 64;
/** Callers through relays that are remembered. */
const CALLS_MAX = 64;
/** A call has to arrive within so long, longer where round trips to relay and witness are long, so many of them, ... */
export const CALL_MS = 550;
const CALL_RTTS = 4;
/** ... and longer by so much, or so many round trips, where there is no session with the witness yet. */
const CONNECT_MS = 350;
const CONNECT_RTTS = 2;
/** Round trips that were not measured yet: they are long, or datagrams get lost. */
const RTT_MS = 500;
/** The witness is asked again after so long, so often in all: what it was told may have been lost. */
const ASK_AGAIN_MS = 300;
const ASK_AGAIN_RTTS = 1.5;
const ASKS = 3;
/** After the first call that did not arrive a relay is in doubt, after so many it is left, if another works. */
export const FAILURES = 5;
/**
 * What stood is tried again after so long as soon as somebody is there whom this node need not call first, and after so long anyway. Of an
 * idle node a trial takes 5 KB: the relay needs new keys before it can offer a circuit.
 */
export const TRIAL_EVERY_MS = 2 * DAY_MS;
export const TRIAL_LATEST_MS = 7 * DAY_MS;
/** What was left undecided is tried again after so long, twice as long each time, up to so long. */
const UNDECIDED_MS = 10 * MINUTE_MS;
const UNDECIDED_MAX_MS = 6 * HOUR_MS;
/** Where nobody can be asked: looked again, likewise. */
const NOBODY_MS = SECOND_MS;
const NOBODY_MAX_MS = 10 * MINUTE_MS;
/** A circuit was offered: whoever opened it says something through it within so long, else the relay is tried, ... */
export const SUSPECT_MS = 300;
/** ... but not again within so long. */
export const SUSPECT_AGAIN_MS = 10 * MINUTE_MS;

interface Trial {
  isKept: boolean;
  /** ms; when it is tried next, and from when on if that costs no handshake with the witness. */
  nextAt: number;
  mayAt: number;
  /** ms; since when a circuit that it offered is unused; NEVER: none is. */
  suspectAt: number;
  /** ms; of the last trial. */
  triedAt: number;
  /** Calls of this trial that did not arrive. */
  failures: number;
  /** It stood its last trial. */
  isProven: boolean;
  /** Trials in a row that decided nothing. */
  undecided: number;
  /** Whom it was tried with. */
  asked: number[];
}

interface Call {
  readonly relay: number;
  readonly witness: number;
  /** ms; it has failed from then on. */
  readonly until: number;
  asks: number;
  askAt: number;
  readonly againMs: number;
}

type Out = Outbox<RelayTrialSend, RelayTrialEvent>;

/**
 * One per node. One call at a time, relays that failed least first. A call counts when its handshake came through the relay and was then
 * confirmed, so that its answer went back through it: only the witness that was asked for it can do that. A witness that does nothing
 * makes an honest relay look bad, so it takes several, and another relay that stood its trial, until one is left.
 */
export class RelayTrials {
  /** ms; when onTimer() is to be called next. */
  wakeAt = NEVER;
  private readonly trials = new BoundedMap<number, Trial>(RELAYS_MAX);
  /** By the caller's slot: the relay through which its last handshake came. */
  private readonly calls = new BoundedMap<number, number>(CALLS_MAX);
  private call: Call | undefined;
  private readonly rng: Rng;
  private readonly peers: TrialPeers;

  constructor(rng: Rng, peers: TrialPeers) {
    this.rng = rng;
    this.peers = peers;
  }

  /** Whether a node is asked just now. */
  isAsked(slot: number): boolean {
    return this.call?.witness === slot;
  }

  handle(input: RelayTrialInput, now: number, out: Out): void {
    switch (input.kind) {
      case 'kept':
        this.onKept(input.slots, now, out);
        break;
      case 'offered': {
        const trial = this.trials.peek(input.relay);
        const mayTry = trial?.failures === 0 && now - trial.triedAt >= SUSPECT_AGAIN_MS;
        if (trial !== undefined && mayTry && trial.suspectAt === NEVER)
          trial.suspectAt = now + Math.max(SUSPECT_MS, CALL_RTTS * this.rttMs(input.relay));
        break;
      }
      case 'arrived':
        if (input.relay === undefined) this.calls.delete(input.caller);
        else this.calls.set(input.caller, input.relay);
        break;
      case 'met':
        for (const [slot, trial] of this.trials)
          if (now >= trial.mayAt && this.peers.witnesses(slot, now).some(({ isReady }) => isReady))
            trial.nextAt = Math.min(trial.nextAt, now);
        break;
      case 'confirmed':
        this.onConfirmed(input.caller, now, out);
        break;
      case 'gone':
        this.trials.delete(input.slot);
        this.calls.delete(input.slot);
        if (this.call?.relay === input.slot || this.call?.witness === input.slot) this.call = undefined;
        break;
    }
    this.next(now, out);
  }

  onTimer(now: number, out: Out): void {
    const { call } = this;
    if (call !== undefined && now >= call.until) {
      this.call = undefined;
      this.onFailed(call.relay, now, out);
    } else if (call !== undefined && now >= call.askAt) {
      this.ask(call, now, out);
    }
    for (const trial of this.kept()) {
      if (now < trial.suspectAt) continue;
      trial.suspectAt = NEVER;
      trial.nextAt = now;
    }
    this.next(now, out);
  }

  private onKept(slots: readonly number[], now: number, out: Out): void {
    for (const [slot, trial] of this.trials) if (!slots.includes(slot)) trial.isKept = false;
    if (this.call !== undefined && !this.trials.peek(this.call.relay)?.isKept) this.call = undefined;
    for (const slot of slots) {
      const known = this.trials.get(slot);
      if (known === undefined) {
        this.trials.set(slot, {
          isKept: true,
          nextAt: now,
          mayAt: now,
          suspectAt: NEVER,
          triedAt: Number.NEGATIVE_INFINITY,
          failures: 0,
          isProven: false,
          undecided: 0,
          asked: [],
        });
        continue;
      }
      // What it showed lately need not be shown again.
      if (!known.isKept && known.isProven && known.failures === 0) this.judge(slot, 'settled', out);
      known.isKept = true;
    }
  }

  /** Its last handshake is confirmed: what came through a relay, and its answer, have arrived. */
  private onConfirmed(caller: number, now: number, out: Out): void {
    const relay = this.calls.peek(caller);
    this.calls.delete(caller);
    const trial = relay === undefined ? undefined : this.trials.peek(relay);
    if (relay === undefined || trial === undefined) return;
    trial.suspectAt = NEVER;
    if (this.call?.relay !== relay || this.call.witness !== caller) return;
    this.call = undefined;
    this.end(trial, now);
    trial.isProven = true;
    trial.undecided = 0;
    trial.nextAt = now + TRIAL_LATEST_MS;
    trial.mayAt = now + TRIAL_EVERY_MS;
    this.judge(relay, 'settled', out);
  }

  private onFailed(relay: number, now: number, out: Out): void {
    const trial = this.trials.peek(relay);
    if (trial === undefined) return;
    trial.failures++;
    trial.isProven = false;
    if (trial.failures < FAILURES) {
      if (trial.failures === 1) this.judge(relay, 'doubted', out);
      return;
    }
    const isOtherProven = this.kept().some((other) => other !== trial && other.isProven);
    this.end(trial, now);
    if (isOtherProven) {
      this.trials.delete(relay);
      this.judge(relay, 'failed', out);
      return;
    }
    // Perhaps it is the witnesses, or this node: nothing speaks for another relay either.
    putOff(trial, now + Math.min(UNDECIDED_MAX_MS, UNDECIDED_MS * 2 ** trial.undecided++));
    this.judge(relay, 'settled', out);
  }

  private end(trial: Trial, now: number): void {
    trial.failures = 0;
    trial.triedAt = now;
    trial.asked = [];
  }

  private judge(relay: number, verdict: RelayTrialEvent['verdict'], out: Out): void {
    out.emit({ kind: 'judged', relay, verdict });
  }

  private kept(): Trial[] {
    return [...this.trials].map(([, trial]) => trial).filter(({ isKept }) => isKept);
  }

  /** Begins whatever is due while nothing is under way. */
  private next(now: number, out: Out): void {
    for (;;) {
      const due = [...this.trials].filter(([, { isKept, nextAt }]) => isKept && now >= nextAt);
      due.sort(([, a], [, b]) => a.failures - b.failures);
      const [first] = due;
      if (first === undefined) break;
      // One that may work has precedence over one that is in doubt.
      const failures = this.call === undefined ? undefined : this.trials.peek(this.call.relay)?.failures;
      if (failures !== undefined && failures <= first[1].failures) break;
      this.begin(...first, now, out);
    }
    this.arm();
  }

  private begin(relay: number, trial: Trial, now: number, out: Out): void {
    const able = this.peers.witnesses(relay, now);
    const fresh = able.filter(({ slot }) => !trial.asked.includes(slot));
    const choice = fresh.length > 0 ? fresh : able;
    if (choice.length === 0) {
      // It is used without proof, as long as nobody can tell.
      if (trial.undecided === 0 || trial.failures > 0) this.judge(relay, 'settled', out);
      this.end(trial, now);
      putOff(trial, now + Math.min(NOBODY_MAX_MS, NOBODY_MS * 2 ** trial.undecided++));
      return;
    }
    const witness = choice[uniform(this.rng, choice.length)];
    trial.asked.push(witness.slot);
    const rttMs = this.rttMs(witness.slot);
    const waitMs = Math.max(CALL_MS, CALL_RTTS * (rttMs + this.rttMs(relay)));
    this.call = {
      relay,
      witness: witness.slot,
      until: now + waitMs + (witness.isReady ? 0 : Math.max(CONNECT_MS, CONNECT_RTTS * rttMs)),
      asks: 0,
      askAt: now,
      againMs: Math.max(ASK_AGAIN_MS, ASK_AGAIN_RTTS * rttMs),
    };
    this.ask(this.call, now, out);
  }

  private rttMs(slot: number): number {
    return this.peers.rttMs(slot) ?? RTT_MS;
  }

  private ask(call: Call, now: number, out: Out): void {
    call.asks++;
    call.askAt = call.asks < ASKS ? now + call.againMs : NEVER;
    out.send({ kind: 'call', relay: call.relay, witness: call.witness });
  }

  private arm(): void {
    const { call } = this;
    let at = call === undefined ? NEVER : Math.min(call.until, call.askAt);
    for (const { nextAt, suspectAt } of this.kept())
      at = Math.min(at, suspectAt, call === undefined ? nextAt : NEVER);
    this.wakeAt = at;
  }
}

function putOff(trial: Trial, until: number): void {
  trial.nextAt = until;
  trial.mayAt = until;
}
