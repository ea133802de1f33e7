// Beyond the draft: what queues tell that rates do not. Whether one stands, whose it is, and whether anybody else is there to be asked for room.
//
// BBR of the draft fills the path's queue when a transfer begins and at every probe, and takes the highest of many samples for the rate, which is
// some percent too high where their times jitter. That is how it gets its share beside others. Where nobody else is, calls beside a download need
// not wait for it: a queue grows only with what is sent too much, and tells it a round trip later.
import { NEVER, SECOND_MS } from '../base/time.ts';
import { FULL_BW_GROWTH, PACING_MARGIN, PROBE_UP_PACING_GAIN } from './bbr-constants.ts';
import type { RateSample, Transport } from './types.ts';

/** A queue stands when round trips are longer by so much of the shortest, and so many ms, ... */
const QUEUE_SHARE = 0.15;
const QUEUE_MS = 1;
/** ... and so many deviations of theirs. */
const JITTER_GAIN = 3;
/** A longer queue, of the shortest round trip, when a phase begins is not one that its own probes left. */
const ALONE_SHARE = 0.2;
/** ms without congestion: a cycle or two. */
const ALONE_MS = 4 * SECOND_MS;
/** Deviation of the round trips of a steady path, in smoothed ones, and the weight of one acknowledgement in what is usual. */
const STEADY_SHARE = 0.07;
const USUAL_WEIGHT = 1 / 64;
/** [BBR.PacingMarginPercent] at most, while a queue grows between probes, and below zero at most, where round trips vary much. */
const QUEUED_PACING_MARGIN = 0.08;
const UNSTEADY_PACING_MOST = 0.25;
/** Where nobody else is, and so many probes found hardly anything, the next one asks for less, ... */
const VAIN_PROBES = 2;
const GENTLE_PACING_GAIN = 1.2;
/** ... and goes on only if it found this part of what it asked for when so much of its second round trip is over. */
const FOUND_SHARE = 0.4;
const ANSWERED = 0.5;
/** What is in flight, in products of rate and shortest round trip, and what a round trip takes, in shortest ones and ms, when a queue stands. */
const QUEUED_GAIN = 1.1;
const QUEUED_MS = 2;
/**
 * Acknowledgements in a row that met a queue, with which Startup ends, and what was in flight, of what path and queue hold, at least: by then
 * connections inside have sent twice as much. So many ms are a queue, however long the round trip is (as in RFC 9406).
 */
const STARTUP_QUEUED_ACKS = 3;
const STARTUP_QUEUED_SHARE = 0.6;
const STARTUP_QUEUED_MS = 16;
/**
 * Startup also ends when no round trip was shorter than this for so long while the window was full: where the queue is long, three rounds take
 * longer than the time to the next ProbeRTT, after which Startup begins anew.
 */
const STARTUP_QUEUE_GAIN = 2;
const STARTUP_QUEUE_MS = 250;
const STARTUP_STANDING_MS = SECOND_MS;

/** What it sees of BBR, as BbrState has it. */
interface Watched {
  readonly phase: string;
  readonly roundCount: number;
  readonly isRoundStart: boolean;
  readonly isFullBwReached: boolean;
  readonly maxBw: number;
  readonly minRttMs: number;
  readonly sample: Readonly<RateSample>;
  readonly transport: Transport;
  readonly now: number;
}

/** Of one BBR. */
export class QueueView {
  /** There was not always something to send, and what was sent stood in a queue all the same. */
  isHeldInQueue = false;
  private readonly b: Watched;
  /** There was not always something to send, at any time. */
  private isHeldBack = false;
  /** `roundCount` when ProbeBW_UP or ProbeBW_CRUISE began. */
  private phaseRound = 0;
  /** Smoothed round trip when ProbeBW_UP began, the shortest since ProbeBW_CRUISE did. */
  private phaseSrttMs = 0;
  /** How far round trips were off by chance when ProbeBW_UP, ProbeBW_CRUISE or a round of Startup began. */
  private jitterMs = 0;
  /** Deviation of round trips between probes, in smoothed ones, as usual. */
  private usualVariation = 0;
  /** Pacing margin of ProbeBW_CRUISE, as usual. */
  private usualMargin = PACING_MARGIN;
  /** ms; when more than may be was lost or marked that was not its own fault alone. */
  private congestedAt = Number.NEGATIVE_INFINITY;
  /** ms; NEVER: no long queue stands. */
  private standingSince = NEVER;
  /** Acknowledgements in a row that met a queue; ms and `Transport.delivered` at the first. */
  private readonly startup = { acks: 0, at: 0, delivered: 0 };
  /** `maxBw` when ProbeBW_UP began; ms at which its first datagrams were answered, NEVER: not yet; how many in a row found hardly anything. */
  private readonly probe = { bw: 0, answeredAt: NEVER, vain: VAIN_PROBES };

  constructor(b: Watched) {
    this.b = b;
  }

  /** An acknowledgement, before anything is learnt from it. */
  onSample(): void {
    const { isAppLimited } = this.b.sample;
    this.isHeldBack ||= isAppLimited;
    this.isHeldInQueue = isAppLimited && this.stoodInQueue;
  }

  /** ProbeBW_CRUISE or ProbeBW_UP begins. */
  onPhase(): void {
    this.phaseRound = this.b.roundCount;
    this.phaseSrttMs = this.b.transport.srttMs;
    this.noteJitter();
    this.probe.bw = this.b.maxBw;
    this.probe.answeredAt = NEVER;
  }

  /** An acknowledgement in ProbeBW_CRUISE. Probes let round trips vary themselves. */
  onCruise(): void {
    const { srttMs, rttVarMs } = this.b.transport;
    this.phaseSrttMs = Math.min(this.phaseSrttMs, srttMs);
    if (srttMs > 0) this.usualVariation += (rttVarMs / srttMs - this.usualVariation) * USUAL_WEIGHT;
    this.usualMargin += (Math.max(this.cruiseMargin, PACING_MARGIN) - this.usualMargin) * USUAL_WEIGHT;
  }

  /** An acknowledgement in ProbeBW_UP. */
  onProbe(): void {
    const { b, probe } = this;
    if (probe.answeredAt === NEVER && b.roundCount > this.phaseRound) probe.answeredAt = b.now;
  }

  /** ProbeBW_UP ends. */
  onProbed(): void {
    const { probe } = this;
    probe.vain = this.b.maxBw <= FULL_BW_GROWTH * probe.bw ? probe.vain + 1 : 0;
  }

  /** A round lost more than may be, or was marked. At first that may be what Startup or a probe sent too much. */
  onCongestion(): void {
    const { b } = this;
    if (b.phase === 'ProbeBW_CRUISE' && b.roundCount > this.phaseRound + 1) this.congestedAt = b.now;
  }

  /** A probe lost more than may be, or was marked. One that began without a queue and made one overflowed it itself. */
  onTooHigh(): void {
    if (this.isQueuedSincePhase || !this.isGrown) this.congestedAt = this.b.now;
  }

  /** In ProbeBW_UP: it has made a queue. Others' was there before, and jitter is in what it began with. */
  get isGrown(): boolean {
    return this.isQueuedAbove(this.phaseSrttMs, this.b.transport.srttMs);
  }

  /** To be asked with each acknowledgement: whether a queue ends Startup. */
  endsStartup(): boolean {
    const { b } = this;
    if (b.isFullBwReached || b.sample.rttMs < 0) return false;
    return this.isStanding() || this.isInnerQueue();
  }

  /** It stands so long that rounds tell too late. */
  private isStanding(): boolean {
    const { sample, transport, now, minRttMs } = this.b;
    const isQueued = sample.rttMs > STARTUP_QUEUE_GAIN * minRttMs + STARTUP_QUEUE_MS;
    if (!isQueued || !transport.isCwndLimited) this.standingSince = NEVER;
    else if (this.standingSince === NEVER) this.standingSince = now;
    if (now < this.standingSince + STARTUP_STANDING_MS) return false;
    this.standingSince = NEVER;
    return true;
  }

  /**
   * The first sign of a queue is enough where connections inside hold back by windows of their own: they are too large from then on, and what waits
   * does so here, where a call goes past it. The rate is learnt all the same: Drain goes on at the bottleneck's.
   */
  private isInnerQueue(): boolean {
    const { b, startup } = this;
    const { sample, transport } = b;
    if (b.phase !== 'Startup') return false;
    if (b.isRoundStart) this.noteJitter();
    if (!this.isQueuedAbove(b.minRttMs, sample.rttMs, STARTUP_QUEUED_MS)) {
      startup.acks = 0;
      return false;
    }
    if (startup.acks++ === 0) Object.assign(startup, { at: b.now, delivered: transport.delivered });
    if (!this.isHeldBack || startup.acks < STARTUP_QUEUED_ACKS) return false;
    // The bottleneck is busy: what it delivers now is what it can. A burst makes a queue as well, and does not fill the path.
    const holds = ((transport.delivered - startup.delivered) * sample.rttMs) / (b.now - startup.at);
    if (!(sample.txInFlight >= STARTUP_QUEUED_SHARE * holds)) return false;
    startup.acks = 0;
    return true;
  }

  /** Nobody else's queue stood when this phase began, and nothing was lost to others' either. Where round trips vary, they do not tell. */
  private get isAlone(): boolean {
    return !this.isQueuedSincePhase && this.unsteadiness === 0 && this.b.now > this.congestedAt + ALONE_MS;
  }

  /**
   * In place of [BBR.PacingMarginPercent]. Between probes more where a queue grows that nobody else is to blame for; that much the rate is known too
   * high, which goes for probes as well. Below zero where round trips vary much: then the rate does so too, and what can be had for a moment is had
   * only by who sends more than is known; the window bounds the queue.
   */
  get pacingMargin(): number {
    const { phase } = this.b;
    if (phase === 'ProbeBW_CRUISE') return this.cruiseMargin;
    return phase.startsWith('ProbeBW') && this.isAlone ? this.usualMargin : PACING_MARGIN;
  }

  private get cruiseMargin(): number {
    const { minRttMs, transport } = this.b;
    if (this.unsteadiness > 0) return -Math.min(this.unsteadiness, UNSTEADY_PACING_MOST);
    const { srttMs, rttVarMs } = transport;
    const queueMs =
      srttMs - Math.min(this.phaseSrttMs, minRttMs + JITTER_GAIN * rttVarMs) - QUEUE_MS - rttVarMs;
    if (!this.isAlone || queueMs <= 0) return PACING_MARGIN;
    return Math.min(PACING_MARGIN + queueMs / minRttMs, QUEUED_PACING_MARGIN);
  }

  /**
   * Pacing gain of ProbeBW_UP. A gentle probe sends faster for a round and awaits the answer, so that nobody waits longer behind it than it sends too
   * much in a round. Where others are, a queue has to grow for there to be room, and the probe goes on as the draft has it.
   */
  get probeGain(): number {
    if (!this.isGentle) return PROBE_UP_PACING_GAIN;
    const { answered } = this;
    if (answered < 0) return GENTLE_PACING_GAIN;
    return answered < ANSWERED ? 1 : PROBE_UP_PACING_GAIN;
  }

  /** Whether the answer is that what was sent faster arrived no faster: a rate of the last round trip rises by the part of it that was answered. */
  get hasFoundNothing(): boolean {
    const { b, probe } = this;
    if (!this.isGentle || b.sample.isAppLimited) return false;
    const part = Math.min(this.answered, 1);
    return part >= ANSWERED && b.maxBw <= (1 + FOUND_SHARE * (GENTLE_PACING_GAIN - 1) * part) * probe.bw;
  }

  /** Nobody else is there to be asked for room, and the times before there was none: a probe shall make little queue. */
  private get isGentle(): boolean {
    return this.isAlone && this.probe.vain >= VAIN_PROBES;
  }

  /** As far as the first round of a probe is known to be answered, in round trips; below 0: not at all. */
  private get answered(): number {
    return (this.b.now - this.probe.answeredAt) / this.b.minRttMs;
  }

  /** By how much more round trips vary than those of a steady path do, in smoothed ones; 0: they do not. */
  private get unsteadiness(): number {
    return Math.max(0, this.usualVariation - STEADY_SHARE);
  }

  /**
   * The newest datagram acknowledged left behind more than the path holds, and took longer than it does when empty: it waited at the bottleneck, which
   * was busy all that time. A sender that inner windows hold back fills the path all the same. Of a few datagrams jitter tells nothing.
   */
  private get stoodInQueue(): boolean {
    const { sample, transport, maxBw, minRttMs } = this.b;
    const held = Math.max((QUEUED_GAIN * maxBw * minRttMs) / SECOND_MS, transport.initialCwnd);
    return sample.rttMs > QUEUED_GAIN * minRttMs + QUEUED_MS && sample.txInFlight > held;
  }

  /** A queue stood when this phase began. */
  private get isQueuedSincePhase(): boolean {
    return this.phaseSrttMs > (1 + ALONE_SHARE) * this.b.minRttMs + QUEUE_MS + this.jitterMs;
  }

  /** Whether a round trip is longer than another by what only a queue adds, which is not more than `mostMs` without jitter. */
  private isQueuedAbove(fromMs: number, rttMs: number, mostMs = NEVER): boolean {
    return rttMs > fromMs + Math.min(QUEUE_SHARE * this.b.minRttMs + QUEUE_MS, mostMs) + this.jitterMs;
  }

  private noteJitter(): void {
    this.jitterMs = JITTER_GAIN * this.b.transport.rttVarMs;
  }
}
