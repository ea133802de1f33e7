// The relays that this node uses: those that keep it reachable, and circuits through them and through the relays of others.
import { BoundedMap } from '../base/bounded-map.ts';
import { EMPTY } from '../base/bytes.ts';
import type { Outbox } from '../base/outbox.ts';
import { type Rng, uniform } from '../base/rng.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import { KEEPALIVE_ASK, NUMBER_OF_LARGER, NUMBER_OF_RELAY } from '../wire/limits.ts';
import { RelayRhythm } from './relay-rhythm.ts';
import { RelayStanding } from './relay-standing.ts';
import type { RelayChoice, RelaySend, RelayUseEvent, RelayUseInput } from './relay-types.ts';

/** Circuits of this node in all, and relays that it asked. */
const CIRCUITS_MAX = 2048;
const RELAYS_MAX = 256;
const TOLD_MAX = 4096;
/** Wishes that wait for a relay's grant. */
const WISHES_MAX = 64;
/** A relay that did not answer, or refused, is not asked again for so long. */
const ASK_AGAIN_MS = 5 * SECOND_MS;
const REFUSED_MS = 10 * MINUTE_MS;
/** One that knows of no grant, so that what asked for it was lost or overtaken, is asked again so soon. */
const UNGRANTED_MS = SECOND_MS / 2;
/** Of its time, after which a grant is asked for again: there are hours left to do so. */
const RENEW_SHARE = 0.75;
/** A circuit in use is asked for again after so long: the relay forgets it after ten minutes. */
const REFRESH_MS = 4 * MINUTE_MS;
/** The same while its other end answers nothing: what was said of it may have been lost. */
const OPEN_AGAIN_MS = 700;
/** Nobody is told of a relay before it stood its trial, but for so long at most. */
export const HOLD_MS = SECOND_MS;
/** An answer is asked for so often. Without one, so many more ask, that long after one another, before it is an alarm. */
export const ASK_EVERY_MS = 5 * MINUTE_MS;
const ASKS = 3;
const ASK_WAIT_MS = 2 * SECOND_MS;
/** Better by less than this is not better. */
const RTT_BETTER = 0.75;

interface Relay {
  /** undefined: no grant, nor is one taken for granted. */
  leg: number | undefined;
  /** ms; the grant is asked for again from then on. */
  renewAt: number;
  /** ms; not asked before. */
  askAt: number;
  /** It is to let others reach this node; and granted that. */
  isInward: boolean;
  isKeeper: boolean;
  /** ms; when it was last asked for an answer, or granted. */
  questionAt: number;
  /** Questions since the last answer. */
  unanswered: number;
  /** ms; when it granted to let others reach this node. */
  grantedAt: number;
  /** This node's ID is the larger of the two. */
  isLarger: boolean;
  /** Remotes that circuits are wanted to as soon as the grant is there, with their node IDs. */
  readonly wishes: Map<number, Uint8Array>;
  /** By number. */
  readonly circuits: Map<number, Circuit>;
}

/** What a node says of itself before it is asked. */
type Told = Pick<Extract<RelayUseInput, { kind: 'told' }>, 'leg' | 'isLarger'>;

interface Circuit {
  readonly remote: number;
  /** This node opened it. */
  readonly isOwn: boolean;
  /** Of the remote; empty where it opened it. */
  readonly nodeId: Uint8Array;
  /** ms; when it was last asked for or offered. */
  askedAt: number;
}

type Out = Outbox<RelaySend, RelayUseEvent>;

/** One per node. */
export class RelayUse {
  /** ms; when onTimer() is to be called next. */
  wakeAt = NEVER;
  /** By slot; at most RELAYS_MAX. */
  private readonly relays = new Map<number, Relay>();
  /** By slot: those that would relay. */
  private readonly told = new BoundedMap<number, Told>(TOLD_MAX);
  private circuits = 0;
  private count = 0;
  private choices: readonly RelayChoice[] = [];
  /** Relays that are to keep this node reachable, best first. */
  private keeping: readonly number[] = [];
  /** Of these, those that granted it, and of those the ones that others are told of, as last told. */
  private kept: readonly number[] = [];
  private shown: readonly number[] = [];
  private keepaliveAt = NEVER;
  /** ms; when the last keepalives were sent. */
  private keptAt = Number.NEGATIVE_INFINITY;
  /** How often keepalives leave. */
  readonly rhythm = new RelayRhythm();
  readonly standing = new RelayStanding();
  private readonly rng: Rng;

  constructor(rng: Rng) {
    this.rng = rng;
  }

  /** Whether this node relays for us, or was asked to. */
  knows(slot: number): boolean {
    return this.relays.has(slot);
  }

  /** Slots of the relays that keep this node reachable, others told of them or not. */
  get keepers(): readonly number[] {
    return this.kept;
  }

  /** The circuit to `remote` through that relay; undefined: there is none. */
  circuitTo(remote: number, slot: number): number | undefined {
    for (const [number, circuit] of this.relays.get(slot)?.circuits ?? [])
      if (circuit.remote === remote) return number;
    return undefined;
  }

  /** Whether a relay that keeps this node reachable may be about to offer a circuit of that number. */
  expects(slot: number, number: number): boolean {
    const relay = this.relays.get(slot);
    return relay !== undefined && this.isOffer(relay, number) && !relay.circuits.has(number);
  }

  private isOffer({ leg, isInward, isLarger }: Relay, number: number): boolean {
    return leg !== undefined && isInward && number >>> 14 === (NUMBER_OF_RELAY >>> 14) + Number(!isLarger);
  }

  /** Whether this node's place in the tables is needed: it relays for us. */
  isUsed(slot: number): boolean {
    return this.keeping.includes(slot) || (this.relays.get(slot)?.circuits.size ?? 0) > 0;
  }

  handle(input: RelayUseInput, now: number, out: Out): void {
    switch (input.kind) {
      case 'keep':
        this.count = input.count;
        this.choices = input.choices;
        this.choose(now, out);
        break;
      case 'up':
        if (this.relays.has(input.slot)) this.ask(input.slot, now, out);
        break;
      case 'told':
        this.told.set(input.slot, { leg: input.leg, isLarger: input.isLarger });
        break;
      case 'granted':
        this.onGranted(input, now, out);
        break;
      case 'refused':
        this.onRefused(input.slot, now, out);
        break;
      case 'reach':
        for (const slot of input.relays)
          this.reach(slot, input.remote, input.nodeId, now, out, input.isSilent ? OPEN_AGAIN_MS : REFRESH_MS);
        break;
      case 'offered':
        this.onOffered(input.slot, input.number, input.remote, now, out);
        break;
      case 'closed':
        if (input.isUngranted) this.onUngranted(input.slot, input.number, now, out);
        this.drop(input.slot, input.number, out);
        break;
      case 'leave': {
        const { slot } = input;
        const number = this.circuitTo(input.remote, slot);
        if (number === undefined) break;
        out.send({ kind: 'say', slot, message: { kind: 'circuitClose', number, code: 'ended' } });
        this.drop(slot, number, out);
        break;
      }
      case 'judged':
        this.standing.judge(input.slot, input.verdict, now);
        this.choose(now, out);
        break;
      case 'answered': {
        const relay = this.relays.get(input.slot);
        if (relay === undefined || relay.unanswered === 0) break;
        relay.unanswered = 0;
        this.keepLater(now);
        break;
      }
      case 'lifetime':
        this.rhythm.measured(input.ms);
        this.keepLater(now);
        break;
      case 'gone':
        this.onGone(input.slot, now, out);
        break;
    }
    this.tell(now, out);
    this.arm(now);
  }

  onTimer(now: number, out: Out): void {
    this.choose(now, out);
    if (now >= this.keepaliveAt) {
      this.keptAt = now;
      for (const slot of this.kept) this.keepAlive(slot, now, out);
      this.keepLater(now);
    }
    this.tell(now, out);
    this.arm(now);
  }

  private keepLater(now: number): void {
    if (this.kept.length === 0) return;
    const isAsking = this.kept.some((slot) => (this.relays.get(slot)?.unanswered ?? 0) > 0);
    this.keepaliveAt = Math.max(now, this.keptAt + (isAsking ? ASK_WAIT_MS : this.rhythm.intervalMs(now)));
  }

  private keepAlive(slot: number, now: number, out: Out): void {
    const relay = this.relays.get(slot);
    if (relay?.leg === undefined) return;
    if (relay.unanswered > ASKS) {
      relay.unanswered = 0;
      out.emit({ kind: 'silent', slot });
      return;
    }
    if (relay.unanswered > 0) this.rhythm.distrust(now);
    const isQuestion = relay.unanswered > 0 || now - relay.questionAt >= ASK_EVERY_MS;
    if (isQuestion) {
      relay.unanswered++;
      relay.questionAt = now;
    }
    out.send({ kind: 'keepalive', slot, leg: relay.leg, number: isQuestion ? KEEPALIVE_ASK | slot : 0 });
  }

  /** Those that keep this node reachable stay while they are not much worse than others, and carry what they say. */
  private choose(now: number, out: Out): void {
    const usable = this.standing.usable(this.choices, now).filter(({ slot }) => {
      const relay = this.relays.get(slot);
      if (relay === undefined || relay.leg !== undefined || this.keeping.includes(slot)) return true;
      // It was asked a moment ago for less.
      return now >= relay.askAt - (relay.isInward ? 0 : ASK_AGAIN_MS);
    });
    const ordered = usable
      .map(({ slot, rttMs, isCold = false }) => ({
        slot,
        isCold,
        cost: rttMs * (this.kept.includes(slot) ? RTT_BETTER : 1),
      }))
      .sort((a, b) => Number(a.isCold) - Number(b.isCold) || a.cost - b.cost);
    const slots = ordered.map(({ slot }) => slot);
    const warm = ordered.filter(({ isCold }) => !isCold).length;
    const count = warm === 0 ? this.count : Math.min(this.count, warm);
    this.keeping = this.standing.pick(slots, count, this.kept);
    for (const slot of this.keeping) {
      const relay = this.relayOf(slot);
      if (relay === undefined) continue;
      // What it was asked a moment ago was less.
      if (!relay.isInward) relay.askAt = now;
      relay.isInward = true;
      if (!relay.isKeeper || now >= relay.renewAt) this.ask(slot, now, out);
    }
  }

  private relayOf(slot: number): Relay | undefined {
    let relay = this.relays.get(slot);
    if (relay !== undefined) return relay;
    if (this.relays.size >= RELAYS_MAX && !this.dropIdleRelay()) return undefined;
    relay = {
      leg: undefined,
      renewAt: NEVER,
      askAt: Number.NEGATIVE_INFINITY,
      isInward: false,
      isKeeper: false,
      questionAt: Number.NEGATIVE_INFINITY,
      unanswered: 0,
      grantedAt: Number.NEGATIVE_INFINITY,
      isLarger: false,
      wishes: new Map(),
      circuits: new Map(),
    };
    this.relays.set(slot, relay);
    return relay;
  }

  private dropIdleRelay(): boolean {
    for (const [slot, relay] of this.relays) {
      if (relay.circuits.size > 0 || relay.wishes.size > 0 || this.keeping.includes(slot)) continue;
      this.relays.delete(slot);
      return true;
    }
    return false;
  }

  private ask(slot: number, now: number, out: Out): void {
    const relay = this.relays.get(slot);
    if (relay === undefined || now < relay.askAt) return;
    relay.askAt = now + ASK_AGAIN_MS;
    out.send({ kind: 'say', slot, message: { kind: 'relayRequest', leg: slot, inward: relay.isInward } });
  }

  private onGranted(
    { slot, leg, seconds, isInward, isLarger }: Extract<RelayUseInput, { kind: 'granted' }>,
    now: number,
    out: Out,
  ): void {
    const relay = this.relays.get(slot);
    if (relay === undefined) return;
    const isNewLeg = relay.leg !== undefined && relay.leg !== leg;
    // A relay that gives another leg has forgotten what was.
    if (isNewLeg) for (const number of [...relay.circuits.keys()]) this.drop(slot, number, out);
    if (relay.leg !== leg) relay.questionAt = now;
    if (isInward && (isNewLeg || !relay.isKeeper)) relay.grantedAt = now;
    relay.isKeeper = isInward;
    if (this.keepaliveAt === NEVER) this.keptAt = now;
    relay.leg = leg;
    relay.isLarger = isLarger;
    relay.renewAt = now + RENEW_SHARE * seconds * SECOND_MS;
    // The answer to a request for less leaves the one for more under way.
    if (isInward || !relay.isInward) relay.askAt = now;
    const wishes = [...relay.wishes];
    relay.wishes.clear();
    for (const [remote, nodeId] of wishes) this.reach(slot, remote, nodeId, now, out);
    if (this.keeping.includes(slot))
      this.keepaliveAt = Math.min(this.keepaliveAt, now + this.rhythm.intervalMs(now));
  }

  private onRefused(slot: number, now: number, out: Out): void {
    const relay = this.relays.get(slot);
    if (relay === undefined) return;
    this.lose(slot, relay, out);
    relay.askAt = now + REFUSED_MS;
    this.keeping = this.keeping.filter((other) => other !== slot);
    this.choose(now, out);
  }

  /** Circuits are opened in the same breath as the grant is asked for: those that came too early are opened again. */
  private onUngranted(slot: number, number: number, now: number, out: Out): void {
    const relay = this.relays.get(slot);
    const circuit = relay?.circuits.get(number);
    if (relay === undefined || circuit === undefined || circuit.nodeId.length === 0) return;
    if (relay.wishes.size < WISHES_MAX) relay.wishes.set(circuit.remote, circuit.nodeId);
    relay.askAt = Math.min(relay.askAt, Math.max(now, relay.askAt - ASK_AGAIN_MS + UNGRANTED_MS));
    this.ask(slot, now, out);
  }

  private reach(
    slot: number,
    remote: number,
    nodeId: Uint8Array,
    now: number,
    out: Out,
    againMs = REFRESH_MS,
  ): void {
    const relay = this.relayOf(slot);
    if (relay === undefined || slot === remote) return;
    if (relay.leg === undefined && !this.trust(slot, relay, now, out)) {
      if (relay.wishes.size < WISHES_MAX) relay.wishes.set(remote, nodeId);
      this.ask(slot, now, out);
      return;
    }
    if (now >= relay.renewAt) this.ask(slot, now, out);
    for (const [number, circuit] of relay.circuits) {
      if (circuit.remote !== remote) continue;
      // One that the other side opened is the other side's to keep.
      if (circuit.isOwn && now - circuit.askedAt >= againMs)
        this.open(slot, number, nodeId, circuit, now, out);
      return;
    }
    if (this.circuits >= CIRCUITS_MAX) return;
    let number = 0;
    do number = (relay.isLarger ? NUMBER_OF_LARGER : 0) + uniform(this.rng, NUMBER_OF_LARGER);
    while (relay.circuits.has(number));
    const circuit: Circuit = { remote, isOwn: true, nodeId, askedAt: now };
    this.open(slot, number, nodeId, circuit, now, out);
    this.add(slot, relay, number, circuit, out);
  }

  /** Whether it may be taken for granted what is asked for now: that saves a round trip. Its refusal takes it back. */
  private trust(slot: number, relay: Relay, now: number, out: Out): boolean {
    const told = this.told.peek(slot);
    if (told === undefined || now < relay.askAt) return false;
    this.ask(slot, now, out);
    relay.leg = told.leg;
    relay.isLarger = told.isLarger;
    relay.renewAt = relay.askAt;
    return true;
  }

  private open(
    slot: number,
    number: number,
    nodeId: Uint8Array,
    circuit: Circuit,
    now: number,
    out: Out,
  ): void {
    circuit.askedAt = now;
    out.send({ kind: 'say', slot, message: { kind: 'circuitOpen', nodeId, number } });
  }

  private add(slot: number, relay: Relay, number: number, circuit: Circuit, out: Out): void {
    if (relay.leg === undefined) return;
    relay.circuits.set(number, circuit);
    this.circuits++;
    out.send({ kind: 'circuit', slot, number, toLeg: relay.leg });
    const { remote, isOwn } = circuit;
    out.emit({ kind: 'way', remote, slot, number, isOwn });
  }

  /** Only from a relay that this node asked to keep it reachable. */
  private onOffered(slot: number, number: number, remote: number, now: number, out: Out): void {
    const relay = this.relays.get(slot);
    if (relay === undefined || !this.isOffer(relay, number) || remote === slot) return;
    const known = relay.circuits.get(number);
    if (known?.remote === remote) {
      known.askedAt = now;
      return;
    }
    if (known !== undefined) this.drop(slot, number, out);
    if (this.circuits >= CIRCUITS_MAX) return;
    this.add(slot, relay, number, { remote, isOwn: false, nodeId: EMPTY, askedAt: now }, out);
  }

  private drop(slot: number, number: number, out: Out): void {
    const circuit = this.relays.get(slot)?.circuits.get(number);
    if (circuit === undefined) return;
    this.relays.get(slot)?.circuits.delete(number);
    this.circuits--;
    out.send({ kind: 'clear', slot, number });
    out.emit({ kind: 'wayGone', remote: circuit.remote, slot, number });
  }

  private lose(slot: number, relay: Relay, out: Out): void {
    relay.leg = undefined;
    relay.isKeeper = false;
    for (const number of [...relay.circuits.keys()]) this.drop(slot, number, out);
  }

  private onGone(slot: number, now: number, out: Out): void {
    this.told.delete(slot);
    this.standing.forget(slot);
    const relay = this.relays.get(slot);
    if (relay !== undefined) {
      this.lose(slot, relay, out);
      this.relays.delete(slot);
      this.keeping = this.keeping.filter((other) => other !== slot);
      this.choices = this.choices.filter((choice) => choice.slot !== slot);
      this.choose(now, out);
    }
    for (const [other, { circuits, wishes }] of this.relays) {
      wishes.delete(slot);
      for (const [number, circuit] of circuits) if (circuit.remote === slot) this.drop(other, number, out);
    }
  }

  private tell(now: number, out: Out): void {
    const granted = this.keeping.filter((slot) => this.relays.get(slot)?.isKeeper);
    const kept = this.standing.inOrder(granted);
    const shown = this.standing.best(kept).filter((slot) => this.heldUntil(slot) <= now);
    if (isSame(kept, this.kept) && isSame(shown, this.shown)) return;
    this.kept = kept;
    this.shown = shown;
    if (kept.length === 0) this.keepaliveAt = NEVER;
    out.emit({ kind: 'kept', slots: shown, granted: kept });
  }

  private heldUntil(slot: number): number {
    if (this.standing.isSettled(slot)) return Number.NEGATIVE_INFINITY;
    return (this.relays.get(slot)?.grantedAt ?? 0) + HOLD_MS;
  }

  private arm(now: number): void {
    let at = this.keepaliveAt;
    for (const slot of this.kept) if (this.heldUntil(slot) > now) at = Math.min(at, this.heldUntil(slot));
    for (const slot of this.keeping) {
      const relay = this.relays.get(slot);
      if (relay !== undefined)
        at = Math.min(at, relay.isKeeper ? Math.max(relay.renewAt, relay.askAt) : relay.askAt);
    }
    this.wakeAt = at;
  }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((slot, i) => slot === b[i]);
}
