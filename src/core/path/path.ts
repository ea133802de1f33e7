// Which address a remote's datagrams go to. One machine per remote with a slot.
import {
  addressScope,
  equalSocketAddress,
  isDialable,
  isDiscardOnly,
  isIpv4,
  type SocketAddress,
} from '../base/ip.ts';
import { NEVER } from '../base/time.ts';
import { addCandidate, inOrder, isTold } from './candidates.ts';
import type { ToldBudget } from './told.ts';
import type { Candidate, PathInput, PathOutbox, PathRules } from './types.ts';

export { CANDIDATES_MAX, CIRCUITS_MAX, TOLD_PORTS_MAX } from './candidates.ts';
export { type Family, NatObserver, type NatView } from './nat.ts';
export { OPENED_MS, Reachability } from './reachability.ts';
export { DEFAULT_RELAY_LIMITS, RelayDesk } from './relay-desk.ts';
export { RelayUse } from './relay-use.ts';
export { TOLD_BURST, TOLD_PER_SECOND, TOLD_TRIES, TOLD_WINDOW_MS, ToldBudget } from './told.ts';

/** Addresses that get an initiation in one round; more take turns. */
export const ROUND_ADDRESSES = 4;
/** The address that worked last has this head start before the others get the initiation too. */
export const HEAD_START_MS = 250;
/** Data went out and nothing came back for so long, as after the last word of a flow: the remote is asked for a sign of life ... */
export const ASK_MS = 700;
/** ... and once more after so long, when it may be gone, and new flows had better go elsewhere. */
export const SILENCE_MS = 800;
/** Such a probe is unanswered for so long: a new handshake over all candidates. */
export const PROBE_WAIT_MS = 400;
/** The same after a change of this host's own addresses, where the old path is likely broken. */
export const PROBE_WAIT_CHANGED_MS = 300;
/** Bytes of the outer IP packet that are assumed before the kernel was asked. */
export const DEFAULT_MTU = 1500;
/**
 * Smaller figures count as this, bytes: a kernel believes any ICMP message that says so, forged ones too, and below it there is no
 * IPv6 and no handshake in one datagram.
 */
const MTU_MIN = 1280;
const MTU_MAX = 65535;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
/** In front of every datagram on its way to or from a relay. */
const RELAY_HEADER = 5;
/** Transport header and tag of one datagram. */
const SEAL_BYTES = 32;

/**
 * idle: nothing is tried; `current` is what worked last, if anything did. connecting: an initiation is under way without a path
 * that is known to work. up: a session runs over `current`. suspect: as up, but a sign of life is awaited.
 */
export type PathPhase = 'idle' | 'connecting' | 'up' | 'suspect';

/**
 * An input that is refused (an address that cannot be, a repetition) changes nothing and emits nothing. The machine never
 * forgets `current` but for another: a dead path is still the best guess. When initiations are repeated, and how often, is the
 * session's; to whom, is decided here.
 */
export class PathMachine {
  /** ms; when onTimer() is to be called next. */
  wakeAt = NEVER;
  phase: PathPhase = 'idle';
  /** Where datagrams go; undefined before the first session. */
  current: SocketAddress | undefined;
  /** Bytes of the outer IP packet towards `current`. */
  mtu = DEFAULT_MTU;
  /** At most CANDIDATES_MAX. */
  readonly candidates: Candidate[] = [];
  /** Initiations of the attempt under way. */
  private rounds = 0;
  /** Addresses that the initiation under way was held back from. */
  private rest: readonly SocketAddress[] = [];
  /** `current` was a circuit, and is closed: nothing that is sent there arrives. */
  private isGone = false;
  /** Beginning of the silence that was asked about, ms. */
  private askedOf = Number.NEGATIVE_INFINITY;
  /** The session was asked for the initiation, and has not answered yet. */
  private isAsked = false;
  private readonly rules: PathRules;

  constructor(rules: PathRules) {
    this.rules = rules;
  }

  handle(input: PathInput, now: number, out: PathOutbox): void {
    switch (input.kind) {
      case 'candidate':
        this.onCandidate(input.address, input.source, out);
        return;
      case 'candidateGone':
        this.onCandidateGone(input.address);
        return;
      case 'initiation':
        this.onInitiation(input.isWanted ? this.rules.wanted : this.rules.told, now, out);
        return;
      case 'failed':
        if (this.phase === 'connecting') this.settle(input.hasKeys ? 'up' : 'idle');
        this.rounds = 0;
        return;
      case 'established':
        this.settle('up');
        if (!this.mayUse(input.address, out)) return;
        this.prove(input.address, now);
        this.moveTo(input.address, out);
        return;
      case 'lost':
        this.settle('idle');
        return;
      case 'roamed':
        this.onRoamed(input.address, now, out);
        return;
      case 'silence':
        this.onSilence(input.sinceMs, now, out);
        return;
      case 'heard':
        if (this.phase === 'suspect') this.settle('up');
        return;
      case 'localChange':
        this.onLocalChange(input.isRecent, now, out);
        return;
      case 'routeMtu':
        this.onRouteMtu(input.mtu, out);
        return;
    }
  }

  onTimer(now: number, out: PathOutbox): void {
    if (now < this.wakeAt) return;
    this.wakeAt = NEVER;
    if (this.phase === 'suspect') {
      this.reconnect(out);
    } else {
      this.askForRest(out);
    }
  }

  /** Bytes of plaintext that one datagram to `current` carries. */
  get maxPlaintext(): number {
    const header = this.current === undefined || isIpv4(this.current.ip) ? IPV4_HEADER : IPV6_HEADER;
    return this.mtu - header - UDP_HEADER - SEAL_BYTES;
  }

  private onCandidate(address: SocketAddress, source: Candidate['source'], out: PathOutbox): void {
    // Whoever names a circuit's address would have this node talk to somebody else.
    if (isDiscardOnly(address.ip) !== (source === 'circuit')) {
      out.emit({ kind: 'refused' });
      return;
    }
    if (!this.mayUse(address, out)) return;
    if (!addCandidate(this.candidates, address, source) || this.phase !== 'connecting') return;
    if (this.rest.length < ROUND_ADDRESSES) this.rest = [...this.rest, address];
    this.askForRest(out);
  }

  private onCandidateGone(address: SocketAddress): void {
    const at = this.candidates.findIndex((known) => equalSocketAddress(known.address, address));
    if (at >= 0) this.candidates.splice(at, 1);
    this.rest = this.rest.filter((waiting) => !equalSocketAddress(waiting, address));
    if (this.current !== undefined && equalSocketAddress(this.current, address)) this.isGone = true;
  }

  private onSilence(sinceMs: number, now: number, out: PathOutbox): void {
    if (this.phase !== 'up') return;
    if (this.isGone) this.reconnect(out);
    else if (now - sinceMs >= SILENCE_MS) this.suspect(PROBE_WAIT_MS, now, out);
    else if (now - sinceMs >= ASK_MS && sinceMs > this.askedOf) {
      this.askedOf = sinceMs;
      out.emit({ kind: 'probe' });
    }
  }

  private reconnect(out: PathOutbox): void {
    this.settle('connecting');
    this.rounds = 1;
    out.emit({ kind: 'rekey' });
  }

  /** However many addresses become known at once, the session is asked once. */
  private askForRest(out: PathOutbox): void {
    if (this.isAsked || this.rest.length === 0) return;
    this.isAsked = true;
    out.emit({ kind: 'repeat' });
  }

  private onInitiation(budget: ToldBudget, now: number, out: PathOutbox): void {
    this.isAsked = false;
    if (this.rest.length > 0) {
      const addresses = this.rest;
      this.rest = [];
      this.wakeAt = NEVER;
      this.sendTo(addresses, budget, now, out);
      return;
    }
    const round = this.rounds++;
    if (this.phase === 'up' && round === 0 && this.current !== undefined) {
      this.sendTo([this.current], budget, now, out);
      return;
    }
    if (this.phase === 'idle') this.phase = 'connecting';
    const { addresses, isFirstProven } = this.addressesOfRound(round);
    if (round === 0 && isFirstProven && addresses.length > 1) {
      this.rest = addresses.slice(1);
      this.wakeAt = now + HEAD_START_MS;
      this.sendTo(addresses.slice(0, 1), budget, now, out);
    } else {
      this.sendTo(addresses, budget, now, out);
    }
  }

  private sendTo(wanted: readonly SocketAddress[], budget: ToldBudget, now: number, out: PathOutbox): void {
    const addresses = wanted.filter((address) => {
      const candidate = this.candidates.find((known) => equalSocketAddress(known.address, address));
      return candidate === undefined || !isTold(candidate.source) || budget.take(address, now);
    });
    if (addresses.length > 0) out.emit({ kind: 'sendTo', addresses });
  }

  private onRoamed(address: SocketAddress, now: number, out: PathOutbox): void {
    const { current } = this;
    if (current === undefined ? this.phase !== 'up' : equalSocketAddress(address, current)) return;
    if (!this.mayUse(address, out)) return;
    const isUsual = isDialable(address) || isDiscardOnly(address.ip);
    if (!isUsual && (current === undefined || !isSameScope(address, current))) {
      out.emit({ kind: 'refused' });
      return;
    }
    this.prove(address, now);
    if (this.phase === 'suspect') this.settle('up');
    this.moveTo(address, out);
  }

  private mayUse(address: SocketAddress, out: PathOutbox): boolean {
    if (isDiscardOnly(address.ip) || this.rules.isOuter(address)) return true;
    out.emit({ kind: 'refused' });
    return false;
  }

  private onLocalChange(isRecent: boolean, now: number, out: PathOutbox): void {
    if (this.phase === 'connecting') {
      const { addresses } = this.addressesOfRound(this.rounds);
      this.rest = addresses;
      this.askForRest(out);
    } else if (this.phase === 'suspect') {
      this.wakeAt = Math.min(this.wakeAt, now + PROBE_WAIT_CHANGED_MS);
    } else if (this.phase === 'up' && isRecent) {
      this.suspect(PROBE_WAIT_CHANGED_MS, now, out);
    }
  }

  private onRouteMtu(told: number, out: PathOutbox): void {
    if (!Number.isInteger(told) || told < 1 || told > MTU_MAX) return;
    if (this.current !== undefined && isDiscardOnly(this.current.ip)) return;
    const mtu = Math.max(MTU_MIN, told);
    if (mtu === this.mtu) return;
    this.mtu = mtu;
    if (this.current === undefined) return;
    out.emit({ kind: 'path', address: this.current, maxPlaintext: this.maxPlaintext, isNewAddress: false });
  }

  private prove(address: SocketAddress, now: number): void {
    addCandidate(this.candidates, address, isDiscardOnly(address.ip) ? 'circuit' : 'proven');
    const candidate = this.candidates.find((known) => equalSocketAddress(known.address, address));
    if (candidate !== undefined) candidate.provenAt = now;
  }

  private moveTo(address: SocketAddress, out: PathOutbox): void {
    if (this.current !== undefined && equalSocketAddress(address, this.current)) {
      this.isGone = false;
      return;
    }
    this.current = { ip: address.ip.slice(), port: address.port };
    this.isGone = false;
    this.mtu = isDiscardOnly(address.ip) ? MTU_MIN - RELAY_HEADER : DEFAULT_MTU;
    out.emit({ kind: 'path', address: this.current, maxPlaintext: this.maxPlaintext, isNewAddress: true });
  }

  private settle(phase: PathPhase): void {
    this.phase = phase;
    this.wakeAt = NEVER;
    this.rest = [];
    this.isAsked = false;
    this.rounds = 0;
  }

  private suspect(waitMs: number, now: number, out: PathOutbox): void {
    this.settle('suspect');
    this.wakeAt = now + waitMs;
    out.emit({ kind: 'probe' });
  }

  /** The best address always, the others by turns. */
  private addressesOfRound(round: number): { addresses: SocketAddress[]; isFirstProven: boolean } {
    const ordered = inOrder(this.candidates);
    const isFirstProven = ordered.length > 0 && ordered[0].source === 'proven';
    const addresses = ordered.map((candidate) => candidate.address);
    if (addresses.length <= ROUND_ADDRESSES) return { addresses, isFirstProven };
    const [best, ...others] = addresses;
    const turn = (round * (ROUND_ADDRESSES - 1)) % others.length;
    const taken = [best, ...others.slice(turn), ...others.slice(0, turn)].slice(0, ROUND_ADDRESSES);
    return { addresses: taken, isFirstProven };
  }
}

function isSameScope(a: SocketAddress, b: SocketAddress): boolean {
  return addressScope(a.ip) === addressScope(b.ip);
}
