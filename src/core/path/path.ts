// Which address a remote's datagrams go to. One machine per remote with a slot.
import { isIpv4, type SocketAddress } from '../base/ip.ts';
import { fraction, type Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { addCandidate, inOrder, sameAddress } from './candidates.ts';
import type { Candidate, PathInput, PathOutbox } from './types.ts';

export { CANDIDATES_MAX, sameAddress } from './candidates.ts';

/** Addresses that get an initiation in one round; more take turns. */
export const ROUND_ADDRESSES = 4;
/** The address that worked last has this head start before the others get the initiation too. */
export const HEAD_START_MS = 250;
/** Rounds begin 1, 2, 4 .. 60 s after one another, each shortened by up to a quarter at random. */
export const BACKOFF_MIN_MS = SECOND_MS;
export const BACKOFF_MAX_MS = 60 * SECOND_MS;
/** A session is wanted for so long after the last `connect`. */
export const WANTED_MS = 20 * SECOND_MS;
/** Data went out and nothing came back for so long: the remote is asked for a sign of life. */
export const SILENCE_MS = 800;
/** Such a probe is unanswered for so long: a new handshake over all candidates. */
export const PROBE_WAIT_MS = 400;
/** The same after a change of this host's own addresses, where the old path is likely broken. */
export const PROBE_WAIT_CHANGED_MS = 300;
/** Bytes of the outer IP packet that are assumed before the kernel was asked. */
export const DEFAULT_MTU = 1500;
/** Smaller figures of a kernel are not believed (RFC 791, RFC 8200); bytes. */
const MTU_MIN = 576;
const MTU_MAX = 65535;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
/** Transport header and tag of one datagram (DESIGN 6). */
const SEAL_BYTES = 32;

/**
 * idle: nothing is tried; there may be a path that worked. connecting: handshakes in rounds until one is confirmed. up: a session
 * runs over `current`. suspect: as up, but a sign of life is awaited.
 */
export type PathPhase = 'idle' | 'connecting' | 'up' | 'suspect';

/**
 * An input that is refused (an address that cannot be, a repetition) changes nothing and emits nothing. The machine sends nothing
 * itself and never forgets `current` but for another: a dead path is still the best guess.
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
  private readonly rng: Rng;
  /** ms; until when a session is wanted. */
  private wantedUntil = Number.NEGATIVE_INFINITY;
  /** Rounds since connecting began. */
  private rounds = 0;
  /** Addresses of this round that have not got the initiation yet. */
  private rest: readonly SocketAddress[] = [];

  constructor(rng: Rng) {
    this.rng = rng;
  }

  handle(input: PathInput, now: number, out: PathOutbox): void {
    switch (input.kind) {
      case 'candidate':
        this.onCandidate(input.address, input.source, now);
        return;
      case 'connect':
        this.wantedUntil = now + WANTED_MS;
        if (this.phase === 'idle') this.connect(now, out, true);
        return;
      case 'established':
        this.onEstablished(input.address, now, out);
        return;
      case 'lost':
        if (this.phase === 'connecting') return;
        this.settle('idle');
        if (now < this.wantedUntil) this.connect(now, out, true);
        return;
      case 'roamed':
        this.onRoamed(input.address, now, out);
        return;
      case 'silence':
        if (this.phase === 'up' && now - input.sinceMs >= SILENCE_MS) this.suspect(PROBE_WAIT_MS, now, out);
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
      // Data flowed a moment ago, so a session is wanted whoever asks next.
      this.wantedUntil = Math.max(this.wantedUntil, now + WANTED_MS);
      this.connect(now, out, false);
    } else if (this.phase === 'connecting') {
      if (this.rest.length > 0) this.widen(now, out);
      else this.round(now, out, false);
    }
  }

  /** Bytes of plaintext that one datagram to `current` carries. */
  get maxPlaintext(): number {
    const header = this.current === undefined || isIpv4(this.current.ip) ? IPV4_HEADER : IPV6_HEADER;
    return this.mtu - header - UDP_HEADER - SEAL_BYTES;
  }

  private onCandidate(address: SocketAddress, source: Candidate['source'], now: number): void {
    if (!addCandidate(this.candidates, address, source)) return;
    if (this.phase === 'connecting' && this.rest.length === 0) this.wakeAt = Math.min(this.wakeAt, now);
  }

  private onEstablished(address: SocketAddress, now: number, out: PathOutbox): void {
    this.prove(address, now);
    this.settle('up');
    this.moveTo(address, out);
  }

  private onRoamed(address: SocketAddress, now: number, out: PathOutbox): void {
    if (this.current === undefined || sameAddress(address, this.current) || address.port === 0) return;
    this.prove(address, now);
    if (this.phase === 'suspect') this.settle('up');
    this.moveTo(address, out);
  }

  private onLocalChange(isRecent: boolean, now: number, out: PathOutbox): void {
    if (this.phase === 'connecting') {
      this.rounds = 0;
      this.wakeAt = now;
    } else if (isRecent && (this.phase === 'up' || this.phase === 'suspect')) {
      this.suspect(PROBE_WAIT_CHANGED_MS, now, out);
    }
  }

  private onRouteMtu(mtu: number, out: PathOutbox): void {
    if (!Number.isInteger(mtu) || mtu < MTU_MIN || mtu > MTU_MAX || mtu === this.mtu) return;
    this.mtu = mtu;
    if (this.current === undefined) return;
    out.emit({ kind: 'path', address: this.current, maxPlaintext: this.maxPlaintext, isNewAddress: false });
  }

  private prove(address: SocketAddress, now: number): void {
    addCandidate(this.candidates, address, 'proven');
    const candidate = this.candidates.find((known) => sameAddress(known.address, address));
    if (candidate !== undefined) candidate.provenAt = now;
  }

  private moveTo(address: SocketAddress, out: PathOutbox): void {
    if (this.current !== undefined && sameAddress(address, this.current)) return;
    this.current = { ip: address.ip.slice(), port: address.port };
    this.mtu = DEFAULT_MTU;
    out.emit({ kind: 'path', address: this.current, maxPlaintext: this.maxPlaintext, isNewAddress: true });
  }

  private settle(phase: PathPhase): void {
    this.phase = phase;
    this.wakeAt = NEVER;
    this.rest = [];
    this.rounds = 0;
  }

  private suspect(waitMs: number, now: number, out: PathOutbox): void {
    this.settle('suspect');
    this.wakeAt = now + waitMs;
    out.emit({ kind: 'probe' });
  }

  private connect(now: number, out: PathOutbox, mayTrustFirst: boolean): void {
    this.settle('connecting');
    this.round(now, out, mayTrustFirst);
  }

  private round(now: number, out: PathOutbox, mayTrustFirst: boolean): void {
    if (now >= this.wantedUntil) {
      const rounds = this.rounds;
      this.settle('idle');
      out.emit({ kind: 'unreachable', rounds });
      return;
    }
    const { addresses, isFirstProven } = this.addressesOfRound();
    const hasHeadStart = mayTrustFirst && isFirstProven;
    const first = hasHeadStart ? addresses.slice(0, 1) : addresses;
    this.rest = hasHeadStart ? addresses.slice(1) : [];
    if (first.length > 0) out.emit({ kind: 'initiate', addresses: first, isFresh: true });
    if (this.rest.length > 0) this.wakeAt = now + HEAD_START_MS;
    else this.backOff(now);
  }

  private widen(now: number, out: PathOutbox): void {
    const addresses = this.rest;
    this.rest = [];
    out.emit({ kind: 'initiate', addresses, isFresh: false });
    this.backOff(now);
  }

  private backOff(now: number): void {
    const wait = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(this.rounds, 16));
    this.rounds++;
    this.wakeAt = now + wait * (1 - fraction(this.rng) / 4);
  }

  /** The best address always, the others by turns. */
  private addressesOfRound(): { addresses: SocketAddress[]; isFirstProven: boolean } {
    const ordered = inOrder(this.candidates);
    const isFirstProven = ordered.length > 0 && ordered[0].source === 'proven';
    const addresses = ordered.map((candidate) => candidate.address);
    if (addresses.length <= ROUND_ADDRESSES) return { addresses, isFirstProven };
    const [best, ...others] = addresses;
    const turn = (this.rounds * (ROUND_ADDRESSES - 1)) % others.length;
    const taken = [best, ...others.slice(turn), ...others.slice(0, turn)].slice(0, ROUND_ADDRESSES);
    return { addresses: taken, isFirstProven };
  }
}
