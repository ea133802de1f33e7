// Which address a remote's datagrams go to. One machine per remote with a slot.
import { copySocketAddress, equalSocketAddress, isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { NEVER } from '../base/time.ts';
import { addCandidate, ownWay } from './candidates.ts';
import { Follow, isSafe } from './follow.ts';
import { MTU_BASE, MtuSearch } from './mtu-search.ts';
import { overhead, SEAL_BYTES } from './overhead.ts';
import { Rounds } from './rounds.ts';
import { FRESH_MS, fallback, isBetter, kindOf, mayRoam, rankOf, upgrade } from './select.ts';
import { longer, OUTRUN_MS, PROBE_WAIT_MS, Silence } from './silence.ts';
import { failTest, UNUSED_MS, WayTests } from './tests.ts';
import { CIRCUIT_MTU, MTU_MAX, PROBE_WAIT_CHANGED_MS, RECENT_MS } from './timing.ts';
import type { Budget } from './told.ts';
import {
  type Candidate,
  NO_TRAFFIC,
  type PathInput,
  type PathKind,
  type PathOutbox,
  type PathPhase,
  type PathRules,
  type PathTraffic,
} from './types.ts';

/**
 * An input that is refused (an address that cannot be, a repetition) changes nothing and emits nothing. The machine never
 * forgets `current` but for another: a dead path is still the best guess. When initiations are repeated, and how often, is the
 * session's; to whom, is decided here.
 */
export class PathMachine {
  phase: PathPhase = 'idle';
  /** Where datagrams go; undefined before the first session. */
  current: SocketAddress | undefined;
  /** At most CANDIDATES_MAX. */
  readonly candidates: Candidate[] = [];
  /** `current` was a circuit, and is closed: nothing that is sent there arrives. */
  private isGone = false;
  /** ms; when phase wants onTimer(). */
  private phaseAt = NEVER;
  /** ms; since when the path in use is in doubt. */
  private suspectAt = Number.NEGATIVE_INFINITY;
  /** ms; when tests were asked for. */
  private askedAt = Number.NEGATIVE_INFINITY;
  /** Bytes that the first link of the path in use takes; 0: not told yet. */
  private linkMtu = 0;
  private traffic: PathTraffic = NO_TRAFFIC;
  private readonly rounds: Rounds;
  private readonly tests: WayTests;
  private readonly search = new MtuSearch();
  private readonly silence = new Silence();
  private readonly follow = new Follow();
  private readonly rules: PathRules;

  constructor(rules: PathRules) {
    this.rules = rules;
    this.rounds = new Rounds(this.candidates);
    this.tests = new WayTests(this.candidates, rules);
  }

  /** ms; when onTimer() is to be called next. */
  get wakeAt(): number {
    return Math.min(this.phaseAt, this.rounds.restAt, this.tests.wakeAt, this.search.wakeAt);
  }

  /** Bytes of the outer IP packet towards `current`. */
  get mtu(): number {
    return this.search.found;
  }

  /** Of the way over this address. */
  kindAt(address: SocketAddress): PathKind {
    return kindOf(this.find(address) ?? { address, isPunched: false });
  }

  /** A program uses the remote, and its ways are tested. */
  get isTesting(): boolean {
    return this.tests.isActive;
  }

  /** What is known of the remote's traffic: to be told before every input and timer. */
  note(traffic: PathTraffic): void {
    this.traffic = traffic;
    const isRelayed = this.current === undefined || this.kindAt(this.current) === 'relayed';
    this.tests.needsPunch = isRelayed && traffic.needsPunch === true;
  }

  handle(input: PathInput, now: number, out: PathOutbox): void {
    this.take(input, now, out);
    this.beginTests(now, out);
  }

  private take(input: PathInput, now: number, out: PathOutbox): void {
    switch (input.kind) {
      case 'candidate':
        this.onCandidate(input.address, input.source, now, out);
        return;
      case 'candidateGone':
        this.onCandidateGone(input.address, now, out);
        return;
      case 'initiation':
        this.onInitiation(this.rules[input.purpose], now, out);
        return;
      case 'failed':
        if (this.phase === 'connecting') this.settle(input.hasKeys ? 'up' : 'idle');
        if (!input.hasKeys) this.rest();
        this.rounds.restart();
        return;
      case 'established':
      case 'confirmed':
        this.onEstablished(input.address, input.kind === 'established', now, out);
        return;
      case 'lost':
        this.settle('idle');
        this.rest();
        return;
      case 'challenged':
        this.onChallenged(input.address, now, out, input.isPunched);
        return;
      case 'opened':
        this.onOpened(input.address, input.isPunched, now, out);
        return;
      case 'answered':
        this.onAnswered(input.address, input.token, now, out);
        return;
      case 'busy':
        return;
      case 'test':
        this.askedAt = now;
        if (this.tests.isActive) this.tests.begin(this.current, now, out);
        return;
      case 'roamed':
        this.onRoamed(input.address, now, out);
        return;
      case 'silence':
        this.onSilence(input.sinceMs, now, out);
        return;
      case 'lossy':
        this.onLossy(now, out);
        return;
      case 'heard':
        if (this.phase === 'suspect') this.settle('up');
        return;
      case 'localChange':
        this.onLocalChange(input.isRecent, now, out);
        return;
      case 'routeMtu':
        this.onRouteMtu(input.mtu, now, out);
        return;
    }
  }

  onTimer(now: number, out: PathOutbox): void {
    if (now < this.wakeAt) return;
    if (now >= this.phaseAt) {
      this.phaseAt = NEVER;
      // Nobody may have had the time to read it.
      if (this.traffic.heardAt > this.suspectAt) this.settle('up');
      else this.onDead(this.suspectAt, now, out);
    }
    if (now >= this.rounds.restAt) this.rounds.askForRest(out);
    if (!this.isUsed(now)) {
      this.rest();
      return;
    }
    const failed = this.tests.onTimer(this.current, now, out);
    this.withMtu(out, (probes) => this.search.onTimer(now, this.rttMs, probes), now);
    if (this.phase === 'up' && failed.some((way) => way === this.used)) this.onTestFailed(now, out);
  }

  /** Bytes of plaintext that one datagram to `current` carries. */
  get maxPlaintext(): number {
    return this.mtu - overhead(this.current) - SEAL_BYTES;
  }

  /** Whether a program used the remote a short while ago. */
  private isUsed(now: number): boolean {
    return now - Math.max(this.traffic.usedAt, this.askedAt) < UNUSED_MS;
  }

  /** The candidate in use. */
  private get used(): Candidate | undefined {
    return this.current === undefined ? undefined : this.find(this.current);
  }

  private get rttMs(): number {
    return this.used?.rttMs ?? Number.NaN;
  }

  private find(address: SocketAddress): Candidate | undefined {
    return this.candidates.find((known) => equalSocketAddress(known.address, address));
  }

  private beginTests(now: number, out: PathOutbox): void {
    const isUp = (this.phase === 'up' || this.phase === 'suspect') && this.current !== undefined;
    if (!isUp || this.tests.isActive || !this.isUsed(now)) return;
    this.tests.begin(this.current, now, out);
    this.startSearch(now, out);
  }

  private rest(): void {
    this.tests.rest();
    this.search.rest();
  }

  private onCandidate(
    address: SocketAddress,
    source: Candidate['source'],
    now: number,
    out: PathOutbox,
  ): void {
    // Whoever names a circuit's or a stream's address would have this node talk to somebody else.
    if (ownWay(address) !== (source === 'circuit' || source === 'stream' ? source : undefined)) {
      out.emit({ kind: 'refused' });
      return;
    }
    if (!this.mayUse(address, out)) return;
    const before = [...this.candidates];
    if (!addCandidate(this.candidates, address, source)) return;
    for (const way of before) if (!this.candidates.includes(way)) this.tests.forget(way);
    const added = this.find(address);
    if (this.phase === 'connecting') {
      this.rounds.add(address, out);
    } else if (added !== undefined && this.tests.isActive && this.tests.mayTest(added)) {
      this.tests.test(added, now, out);
    }
  }

  private onCandidateGone(address: SocketAddress, now: number, out: PathOutbox): void {
    const gone = this.find(address);
    if (gone !== undefined) {
      this.candidates.splice(this.candidates.indexOf(gone), 1);
      this.tests.forget(gone);
    }
    this.rounds.remove(address);
    if (this.current !== undefined && equalSocketAddress(this.current, address)) this.isGone = true;
    if (!this.isGone || this.phase !== 'up' || !this.tests.isActive) return;
    const other = fallback(this.candidates, gone, now - FRESH_MS);
    if (other !== undefined) this.switchTo(other, now, out);
  }

  private onEstablished(address: SocketAddress, isProven: boolean, now: number, out: PathOutbox): void {
    this.settle('up');
    if (!this.mayUse(address, out)) return;
    const before = this.used;
    if (!isProven && !isSafe(this.find(address), address, this.current)) {
      this.seek(address, now, out);
      return;
    }
    this.prove(address, now);
    this.moveTo(address, now, out);
    const { used } = this;
    if (used?.state === 'dead') used.state = 'unproven';
    // The other side began with what it had: the way before is taken again as soon as it answers.
    if (before !== undefined && before !== used && this.tests.isActive) this.tests.test(before, now, out);
  }

  private onChallenged(address: SocketAddress, now: number, out: PathOutbox, isPunched = true): void {
    const known = this.find(address);
    if (known !== undefined && known.state !== 'up') known.isPunched ||= isPunched;
    if (known === undefined) {
      if (!isDiscardOnly(address.ip)) this.onCandidate(address, isPunched ? 'punched' : 'own', now, out);
    } else if (known.state !== 'up' && this.tests.isActive && known !== this.used) {
      this.tests.test(known, now, out);
    }
  }

  private onOpened(address: SocketAddress, isPunched: boolean, now: number, out: PathOutbox): void {
    if (isDiscardOnly(address.ip) || !this.mayUse(address, out)) return;
    addCandidate(this.candidates, address, isPunched ? 'punched' : 'own');
    addCandidate(this.candidates, address, 'proven');
    const way = this.find(address);
    if (way !== undefined) this.tests.opened(way, now, out);
  }

  private onAnswered(address: SocketAddress, token: Uint8Array, now: number, out: PathOutbox): void {
    const answer = this.tests.answered(token, address, now, out);
    if (answer === undefined) return out.emit({ kind: 'unexpected' });
    if (!isDiscardOnly(address.ip)) addCandidate(this.candidates, address, 'proven');
    if (this.follow.isFound(address)) this.goTo(address, now, out);
    const { used } = this;
    const way = this.find(address);
    if (this.current !== undefined && equalSocketAddress(this.current, address)) {
      this.withMtu(out, (probes) => this.search.answered(answer.bytes, now, this.rttMs, probes), now);
    } else if (way !== undefined) {
      way.wins = used !== undefined && isBetter(way, used) ? way.wins + 1 : 0;
    }
    if (way !== undefined && (this.phase === 'connecting' || this.isGone)) {
      this.switchTo(way, now, out);
    } else if (this.phase === 'suspect' && way !== used) {
      const since = Math.max(now, this.suspectAt + longer(OUTRUN_MS, this.rttMs));
      this.phaseAt = Math.min(this.phaseAt, since);
    } else if (this.phase === 'up' && used !== undefined) {
      const better = upgrade(this.candidates, used, now);
      if (better !== undefined) this.switchTo(better, now, out);
    }
  }

  private switchTo(way: Candidate, now: number, out: PathOutbox): void {
    const isWorse = this.used === undefined || rankOf(way) < rankOf(this.used);
    this.settle('up');
    this.follow.choseAt = now;
    way.provenAt = now;
    this.moveTo(way.address, now, out);
    if (isWorse && this.tests.isActive) this.tests.begin(this.current, now, out);
  }

  /** The remote does not answer over the path in use. */
  private onDead(since: number, now: number, out: PathOutbox): void {
    const { used } = this;
    if (used !== undefined) failTest(used);
    const other = fallback(this.candidates, used, since);
    if (other === undefined) this.reconnect(out);
    else this.switchTo(other, now, out);
  }

  /** The remote answers elsewhere, perhaps, but not over the path in use. */
  private onTestFailed(now: number, out: PathOutbox): void {
    const other = fallback(this.candidates, this.used, now - RECENT_MS);
    if (other !== undefined) this.switchTo(other, now, out);
  }

  private onSilence(sinceMs: number, now: number, out: PathOutbox): void {
    if (this.phase !== 'up') return;
    if (this.isGone) this.onDead(now - FRESH_MS, now, out);
    else {
      const verdict = this.silence.judge(sinceMs, now, this.rttMs);
      if (verdict === 'suspect') this.suspect(longer(PROBE_WAIT_MS, this.rttMs), now, out);
      else if (verdict === 'ask') this.ask(now, out);
    }
  }

  /**
   * The way may have become narrower. A relay that lets pass some of it shows signs of life for ever; other ways lose what they lose by the
   * same link, most likely.
   */
  private onLossy(now: number, out: PathOutbox): void {
    const { used } = this;
    if (this.phase !== 'up' || used === undefined) return;
    this.withMtu(out, (probes) => this.search.check(now, this.rttMs, probes), now);
    if (kindOf(used) !== 'relayed') return;
    used.lossShare = 1;
    this.tests.testKnown(used, now, out);
  }

  /** Whether the remote is there at all, and whether only what is large gets lost. */
  private ask(now: number, out: PathOutbox): void {
    out.emit({ kind: 'probe' });
    this.withMtu(out, (probes) => this.search.doubt(now, this.rttMs, probes), now);
    // A relay may let pass what is short and drop what matters: it is tried at data size, and the others with it.
    const { used } = this;
    if (used !== undefined && kindOf(used) === 'relayed') this.tests.testWide(used, now, out);
  }

  private reconnect(out: PathOutbox): void {
    this.settle('connecting');
    this.rounds.clear(1);
    out.emit({ kind: 'rekey' });
  }

  private onInitiation(budget: Budget, now: number, out: PathOutbox): void {
    const known = this.phase === 'up' ? this.current : undefined;
    if (this.rounds.send(known, budget, now, out) && this.phase === 'idle') this.phase = 'connecting';
  }

  private onRoamed(address: SocketAddress, now: number, out: PathOutbox): void {
    const { current } = this;
    if (current === undefined ? this.phase !== 'up' : equalSocketAddress(address, current)) return;
    if (!this.mayUse(address, out)) return;
    if (!mayRoam(address, current)) {
      out.emit({ kind: 'refused' });
      return;
    }
    if (!this.mayFollow(address, now, out)) return;
    if (isSafe(this.find(address), address, current)) this.goTo(address, now, out);
    else this.seek(address, now, out);
  }

  private seek(address: SocketAddress, now: number, out: PathOutbox): void {
    this.follow.seek(address);
    if (this.tests.isActive) addCandidate(this.candidates, address, 'own');
    const way = this.find(address);
    if (way !== undefined && this.tests.isActive) this.tests.test(way, now, out);
    else this.tests.challenge(address, 0, false, now, out);
  }

  private goTo(address: SocketAddress, now: number, out: PathOutbox): void {
    this.prove(address, now);
    if (this.phase === 'suspect') this.settle('up');
    this.moveTo(address, now, out);
  }

  private mayFollow(address: SocketAddress, now: number, out: PathOutbox): boolean {
    const { used } = this;
    if (used === undefined || this.isGone || this.phase !== 'up') return true;
    // Where UDP was blocked one direction may still be: both are tried before a stream is left.
    if (ownWay(used.address) === 'stream' && ownWay(address) === undefined) this.askedAt = now;
    else if (!this.tests.isActive) return true;
    const known = this.find(address);
    const verdict = this.follow.judge(used, known, address, this.traffic, now);
    if (verdict === 'test' || verdict === 'testBoth') this.onChallenged(address, now, out);
    if (verdict === 'doubt' || verdict === 'testBoth') this.tests.test(used, now, out);
    if (verdict === 'testBoth' && known !== undefined) this.tests.test(known, now, out);
    return verdict === 'follow' || verdict === 'doubt';
  }

  private mayUse(address: SocketAddress, out: PathOutbox): boolean {
    if (isDiscardOnly(address.ip) || this.rules.isOuter(address)) return true;
    out.emit({ kind: 'refused' });
    return false;
  }

  private onLocalChange(isRecent: boolean, now: number, out: PathOutbox): void {
    if (this.phase === 'connecting') {
      this.rounds.again(out);
    } else if (this.phase === 'suspect') {
      this.phaseAt = Math.min(this.phaseAt, now + PROBE_WAIT_CHANGED_MS);
      // What was asked before may have had no address to leave from.
      out.emit({ kind: 'probe' });
    } else if (this.phase === 'up' && isRecent) {
      this.suspect(PROBE_WAIT_CHANGED_MS, now, out);
    }
  }

  private onRouteMtu(told: number, now: number, out: PathOutbox): void {
    if (!Number.isInteger(told) || told < 1 || told > MTU_MAX) return;
    if (this.current === undefined || isDiscardOnly(this.current.ip)) return;
    // A kernel believes any ICMP message that names a size, forged ones too: below the base nothing is believed.
    const mtu = Math.max(MTU_BASE, told);
    if (mtu === this.linkMtu) return;
    this.linkMtu = mtu;
    if (this.tests.isActive) this.startSearch(now, out);
    else this.withMtu(out, () => this.search.clamp(mtu), now);
  }

  private startSearch(now: number, out: PathOutbox): void {
    const limit = this.current !== undefined && isDiscardOnly(this.current.ip) ? CIRCUIT_MTU : this.linkMtu;
    if (limit > 0) this.withMtu(out, (probes) => this.search.start(limit, now, this.rttMs, probes), now);
  }

  /** Runs a step of the search and tells what came of it. */
  private withMtu(
    out: PathOutbox,
    step: (probes: { probe(bytes: number): void }) => void,
    now: number,
  ): void {
    const { current, search } = this;
    if (current === undefined) return;
    const { found, isDone } = search;
    step({ probe: (bytes) => this.tests.challenge(current, bytes, false, now, out) });
    if (search.found !== found || search.isDone !== isDone) this.tellPath(false, out);
  }

  private prove(address: SocketAddress, now: number): void {
    addCandidate(this.candidates, address, ownWay(address) ?? 'proven');
    const candidate = this.find(address);
    if (candidate !== undefined) candidate.provenAt = now;
  }

  private moveTo(address: SocketAddress, now: number, out: PathOutbox): void {
    const before = this.used;
    this.isGone = false;
    if (this.current !== undefined && equalSocketAddress(address, this.current)) return;
    if (before !== undefined) {
      before.mtu = this.search.found;
      before.isMtuKnown = this.search.isDone;
    }
    this.current = copySocketAddress(address);
    this.follow.moved();
    this.traffic = { ...NO_TRAFFIC, usedAt: this.traffic.usedAt };
    for (const way of this.candidates) way.wins = 0;
    const { used } = this;
    if (used !== undefined) this.tests.doubtBetter(used, now, out);
    this.search.reset(used?.mtu ?? 0, used?.isMtuKnown ?? false);
    this.linkMtu = 0;
    this.tellPath(true, out);
    if (this.tests.isActive) this.startSearch(now, out);
  }

  private tellPath(isNewAddress: boolean, out: PathOutbox): void {
    if (this.current === undefined) return;
    const { maxPlaintext } = this;
    const isMtuKnown = this.search.isDone;
    out.emit({ kind: 'path', address: this.current, maxPlaintext, isNewAddress, isMtuKnown });
  }

  private settle(phase: PathPhase): void {
    this.phase = phase;
    this.phaseAt = NEVER;
    this.rounds.clear();
  }

  private suspect(waitMs: number, now: number, out: PathOutbox): void {
    this.settle('suspect');
    this.phaseAt = now + waitMs;
    this.suspectAt = now;
    this.ask(now, out);
    this.tests.testKnown(this.used, now, out);
  }
}
